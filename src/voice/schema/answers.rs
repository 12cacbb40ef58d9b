//! Fields of `[[answers]]`, `[[clarify]]`, `[small_talk]` and `[fallback]`.

use super::{Field, Kind, Shape, Value};
use crate::voice::PLATFORMS;

pub(super) const ANSWER: Shape = Shape::new(
    "answer",
    &[
        Field::required("id", Kind::One(Value::Id), "\"delivery.time\"", "A name that never changes: reports and cases point to it. Small letters and digits, with `.`, `_` or `-` between."),
        Field::required("title", Kind::One(Value::Str), "\"How long delivery takes\"", "What people and reports call it."),
        Field::optional("label", Kind::OneByLocale(Value::Label), "the title", "{ en-GB = \"Delivery times\", de-DE = \"Lieferzeiten\" }", "What stands on a button that leads here.")
            .notice("The words on the button."),
        Field::required("ask", Kind::Words, "[\"How long does delivery take?\", \"when will my order arrive\", \"shipping to {country}\"]", "Example questions, as customers write them; three or more, different from each other. `{country}` stands for any value of that slot.")
            .notice("The better the examples, the more often people are understood."),
        Field::optional("not_ask", Kind::Words, "none", "[\"my delivery is late\"]", "Questions that look alike and mean something else.")
            .notice("Somebody whose parcel is late is not told how long parcels take."),
        Field::optional("needs", Kind::List(Value::Name), "none", "[\"country\"]", "Slots without which there is no answer, in the order to ask."),
        Field::optional("follow_ups", Kind::List(Value::Name), "none", "[\"delivery.cost\"]", "Answers to suggest afterwards.").notice("Buttons under the answer."),
        Field::optional("link", Kind::One(Value::Str), "none", "\"track\"", "A link of `[links]`.").notice("A button under the answer that opens the page."),
        Field::optional("only_in", Kind::Table(&ONLY_IN), "everywhere", "{ regions = [\"GB\"], elsewhere = \"handoff\" }", "Where it holds, and what happens elsewhere.")
            .notice("A British promise is not made to somebody in Norway."),
        Field::optional("then", Kind::Table(&THEN), "the answer is all", "{ handoff = \"orders\" }", "After this answer a person of that team takes over, with everything that was collected."),
        Field::optional("sensitive", Kind::One(Value::Flag), "false", "true", "Never given in public; people are asked to write in private."),
        Field::optional("owner", Kind::One(Value::Str), "empty", "\"care\"", "Who keeps it up to date."),
        Field::optional("approved_by", Kind::One(Value::Str), "empty", "\"legal\"", "Who approved it."),
        Field::optional("review_by", Kind::One(Value::Date), "never", "2027-02-01", "When it is to be read again. After that day `check` warns.")
            .notice("Stale promises are found before customers find them."),
        Field::required("say", Kind::Say(&SAY), "\"Delivery takes {{delivery_days}} working days.\"", "What is said. Several wordings are used in turn. Use `[[answers.say]]` blocks for wordings with conditions.")
            .notice("These very words, with the blanks filled in."),
    ],
)
.named_by("id");

const SAY: Shape = Shape::new(
    "wording",
    &[
        Field::required(
            "text",
            Kind::OneText,
            "\"{{delivery_days}} working days to {{country}}.\"",
            "The words, or several wordings used in turn.",
        ),
        Field::optional(
            "locale",
            Kind::One(Value::Locale),
            "the default one",
            "\"de-DE\"",
            "The language of the words.",
        ),
        Field::optional(
            "tone",
            Kind::One(Value::Str),
            "fits any",
            "\"bad_news\"",
            "The tone: `bad_news`, or one that a mood names.",
        )
        .notice("Said when the moment asks for this tone."),
        Field::optional(
            "when",
            Kind::Table(&WHEN),
            "always",
            "{ channel = \"telegram\", hours = \"closed\" }",
            "When the wording may be used; all conditions must hold.",
        )
        .notice("The most fitting wording is taken."),
    ],
);

const WHEN: Shape = Shape::new(
    "condition",
    &[
        Field::optional("channel", Kind::One(Value::OneOf(PLATFORMS)), "anywhere", "\"telegram\"", "Only there."),
        Field::optional(
            "hours",
            Kind::One(Value::OneOf(&["open", "closed"])),
            "at any time",
            "\"closed\"",
            "Only while the team is there, or is not.",
        ),
        Field::optional(
            "regions",
            Kind::List(Value::Name),
            "anywhere",
            "[\"GB\"]",
            "Only for people in these regions (choices of `brand.region_slot`).",
        ),
        Field::optional("from", Kind::One(Value::Date), "at any time", "2026-12-01", "From this day on."),
        Field::optional("until", Kind::One(Value::Date), "at any time", "2026-12-24", "Up to this day, and on it."),
    ],
);

const ONLY_IN: Shape = Shape::new(
    "region rule",
    &[
        Field::required("regions", Kind::List(Value::Name), "[\"GB\"]", "Choices of `brand.region_slot`."),
        Field::optional(
            "elsewhere",
            Kind::One(Value::OneOf(&["handoff", "fallback"])),
            "\"handoff\"",
            "\"fallback\"",
            "Elsewhere: bring a person, or say that the bot does not know.",
        ),
    ],
);

const THEN: Shape = Shape::new(
    "next step",
    &[Field::required("handoff", Kind::One(Value::Str), "\"orders\"", "The team that takes over.")],
);

pub(super) const CLARIFY: Shape = Shape::new(
    "clarify",
    &[
        Field::required(
            "between",
            Kind::List(Value::Name),
            "[\"delivery.time\", \"delivery.track\"]",
            "Two to four answers.",
        ),
        Field::required("ask", Kind::Text, "\"Do you want delivery times, or to find a parcel?\"", "The question.")
            .notice("Asked instead of guessing."),
        Field::optional(
            "options",
            Kind::Options,
            "the labels of the answers",
            "{ \"delivery.time\" = \"Delivery times\", \"delivery.track\" = \"Find my parcel\" }",
            "What stands on the buttons.",
        ),
    ],
);

pub(super) const SMALL_TALK: Shape = Shape::new(
    "small talk",
    &[
        Field::optional(
            "ask",
            Kind::Words,
            "the built-in ones for greeting, thanks and bye",
            "[\"hi\", \"hello\"]",
            "Words that are it; added to the built-in ones.",
        ),
        Field::optional("say", Kind::Text, "nothing", "\"Hello. What do you need?\"", "What is said.")
            .notice("A short reply, or none."),
        Field::optional("react", Kind::One(Value::Emoji), "none", "\"👋\"", "An emoji to react with.")
            .notice("A reaction under their message."),
    ],
);

pub(super) const FALLBACK: Shape = Shape::new(
    "fallback",
    &[
        Field::optional(
            "misses",
            Kind::One(Value::Int(1, 5)),
            "2",
            "2",
            "Messages in a row that nothing fits, until a person is offered or brought.",
        )
        .notice("Nobody has to say the same thing over and over."),
        Field::optional(
            "then",
            Kind::One(Value::OneOf(&["offer", "handoff"])),
            "\"offer\"",
            "\"handoff\"",
            "Then: ask whether a person should come, or bring one.",
        ),
        Field::optional(
            "offer_closest",
            Kind::One(Value::Int(0, 4)),
            "3",
            "3",
            "How many near answers are offered as buttons the first time nothing fits.",
        )
        .notice("\"Is it one of these?\""),
    ],
);
