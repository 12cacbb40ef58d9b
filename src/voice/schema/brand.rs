//! Fields of `[brand]`, `[voice]`, `[rules]`, `[moods]` and `[mood_words]`.

use super::{Field, Kind, Shape, Value};

/// Levels that an author can give to a rule.
const LEVELS: Kind = Kind::One(Value::OneOf(&["error", "warning", "hint"]));

pub(super) const BRAND: Shape = Shape::new(
    "brand",
    &[
        Field::required(
            "id",
            Kind::One(Value::Slug),
            "\"lantern-loom\"",
            "A short name that never changes: conversations, cases and reports hang on it.",
        ),
        Field::required(
            "name",
            Kind::One(Value::Str),
            "\"Lantern & Loom\"",
            "The name that customers know. Wordings use it as `{{brand_name}}`.",
        )
        .notice("It stands in every sentence that names the brand."),
        Field::required(
            "default_locale",
            Kind::One(Value::Locale),
            "\"en-GB\"",
            "The language of every text that names no other, and of people whose language is not known.",
        )
        .notice("Somebody whose language the brand does not speak reads this one."),
        Field::optional(
            "locales",
            Kind::List(Value::Locale),
            "the default one alone",
            "[\"en-GB\", \"de-DE\"]",
            "Every language that the brand speaks. What is missing in one of them is reported.",
        )
        .notice("People are answered in their own language where it is listed here."),
        Field::required(
            "timezone",
            Kind::One(Value::TimeZone),
            "\"Europe/London\"",
            "Where the brand's days begin, by its IANA name.",
        )
        .notice("\"Today at 09:00\" is meant in this zone."),
        Field::optional(
            "allowed_link_hosts",
            Kind::List(Value::Host),
            "none",
            "[\"lanternloom.example\"]",
            "The hosts that links may lead to, exactly as they stand in the address. Any other host is refused.",
        )
        .notice("A link can never lead to a place that is not the brand's."),
        Field::required(
            "privacy_url",
            Kind::One(Value::Url),
            "\"https://lanternloom.example/privacy\"",
            "Where the privacy notice stands.",
        )
        .notice("It is given to everybody who asks about their data."),
        Field::optional(
            "disclose_again_after_days",
            Kind::One(Value::Int(1, 365)),
            "30",
            "30",
            "Days after which somebody who comes back is told again that this is a bot.",
        )
        .notice("The disclosure stands before the first answer, and again after this many days."),
        Field::optional(
            "region_slot",
            Kind::One(Value::Str),
            "none",
            "\"country\"",
            "The choice slot that says where a person is, for facts and answers that differ by region.",
        )
        .notice("A customer in one country is not told the rules of another."),
    ],
);

pub(super) const VOICE: Shape = Shape::new(
    "voice",
    &[
        Field::optional(
            "summary",
            Kind::One(Value::Str),
            "empty",
            "\"A calm shop assistant who knows lamps and never oversells.\"",
            "How the brand sounds, in one sentence, for the people who write and answer.",
        ),
        Field::optional(
            "bot_name",
            Kind::One(Value::Str),
            "the brand's name",
            "\"Loomie\"",
            "What the bot is called. Wordings use it as `{{bot_name}}`.",
        )
        .notice("The name that the bot gives itself."),
        Field::optional(
            "brand_says",
            Kind::One(Value::OneOf(&["we", "I", "it"])),
            "\"we\"",
            "\"we\"",
            "In which person the brand speaks; for the people who write.",
        ),
        Field::optional(
            "tone",
            Kind::Table(&TONE),
            "",
            "",
            "Where the brand stands on four scales. It describes; nothing is checked against it.",
        ),
        Field::optional(
            "traits",
            Kind::Tables(&TRAIT),
            "",
            "",
            "Three or four traits, each with its limit: \"warm, but not gushing\".",
        ),
    ],
);

const TONE: Shape = Shape::new(
    "tone",
    &[
        Field::optional("funny_serious", Kind::One(Value::Int(-2, 2)), "0", "0", "-2 serious, 2 funny."),
        Field::optional("formal_casual", Kind::One(Value::Int(-2, 2)), "0", "1", "-2 formal, 2 casual."),
        Field::optional(
            "respectful_irreverent",
            Kind::One(Value::Int(-2, 2)),
            "0",
            "-1",
            "-2 respectful, 2 irreverent.",
        ),
        Field::optional(
            "matter_enthusiastic",
            Kind::One(Value::Int(-2, 2)),
            "0",
            "0",
            "-2 matter-of-fact, 2 enthusiastic.",
        ),
    ],
);

const TRAIT: Shape = Shape::new(
    "trait",
    &[
        Field::required("is", Kind::One(Value::Str), "\"warm\"", "What the brand is."),
        Field::required("but_not", Kind::One(Value::Str), "\"gushing\"", "What that must not become."),
        Field::optional(
            "right",
            Kind::One(Value::Str),
            "empty",
            "\"Thanks for telling us. Here's how to fix it.\"",
            "A sentence that gets it right.",
        ),
        Field::optional(
            "wrong",
            Kind::One(Value::Str),
            "empty",
            "\"OMG we LOVE that you wrote!!!\"",
            "A sentence that gets it wrong.",
        ),
    ],
)
.named_by("is");

pub(super) const RULES: Shape = Shape::new(
    "rules",
    &[
        Field::optional(
            "max_sentence_words",
            Kind::One(Value::Int(5, 100)),
            "25",
            "25",
            "Words that a sentence may have before a warning.",
        )
        .notice("Short sentences are read; long ones are skimmed."),
        Field::optional(
            "max_words",
            Kind::One(Value::Int(10, 500)),
            "60",
            "60",
            "Words that a wording may have before a warning.",
        )
        .notice("A chat message of more than 60 words fills a phone's screen."),
        Field::optional(
            "max_exclamation_marks",
            Kind::One(Value::Int(0, 20)),
            "1",
            "1",
            "Exclamation marks that a wording may have.",
        )
        .notice("The bot does not shout."),
        Field::optional(
            "exclamation_in_bad_news",
            Kind::One(Value::Flag),
            "false",
            "false",
            "Whether wordings with the tone `bad_news` may have exclamation marks.",
        )
        .notice("Nobody reads \"Your parcel is lost!\""),
        Field::optional(
            "emoji",
            Kind::Table(&EMOJI),
            "none allowed",
            "{ allow = [\"🪔\"], max = 1 }",
            "Which emoji wordings may use, and how many.",
        )
        .notice("Only the brand's own emoji, and few of them."),
        Field::optional("terms", Kind::Tables(&TERM), "", "", "Words that the brand always uses instead of others."),
        Field::optional("names", Kind::Tables(&NAME), "", "", "Names with exact capital letters."),
        Field::optional("banned", Kind::Tables(&BANNED), "", "", "Words that the brand does not use."),
        Field::optional(
            "exceptions",
            Kind::Tables(&EXCEPTION),
            "",
            "",
            "Places where a rule does not count, each with a reason.",
        ),
    ],
);

const EMOJI: Shape = Shape::new(
    "emoji rule",
    &[
        Field::optional(
            "allow",
            Kind::List(Value::Str),
            "none",
            "[\"🪔\", \"🧵\"]",
            "The emoji that wordings may use.",
        ),
        Field::optional(
            "max",
            Kind::One(Value::Int(0, 10)),
            "1 when any are allowed, else 0",
            "1",
            "How many one wording may have.",
        ),
    ],
);

const TERM: Shape = Shape::new(
    "term",
    &[
        Field::required("use", Kind::One(Value::Str), "\"lamp shade\"", "The word to use."),
        Field::required("not", Kind::List(Value::Str), "[\"lampshade\", \"shade cover\"]", "The words not to use.")
            .notice("One thing has one name."),
        Field::optional("level", LEVELS, "\"warning\"", "\"error\"", "How bad it is."),
        Field::optional(
            "why",
            Kind::One(Value::Str),
            "empty",
            "\"House style since 2024\"",
            "Why; shown to the people who write.",
        ),
    ],
)
.named_by("use");

const NAME: Shape = Shape::new(
    "name",
    &[
        Field::required("write", Kind::One(Value::Str), "\"GlowLoop\"", "The name, with its capital letters.")
            .notice("Products are spelt as on the box."),
        Field::optional("level", LEVELS, "\"error\"", "\"error\"", "How bad it is."),
    ],
)
.named_by("write");

const BANNED: Shape = Shape::new(
    "ban",
    &[
        Field::required(
            "words",
            Kind::List(Value::Str),
            "[\"kindly\", \"as per\"]",
            "Words and phrases, matched whole, whatever the case.",
        )
        .notice("The bot never says them."),
        Field::optional(
            "level",
            LEVELS,
            "\"warning\"",
            "\"error\"",
            "How bad it is. \"error\" keeps the voice from being used.",
        ),
        Field::optional(
            "why",
            Kind::One(Value::Str),
            "empty",
            "\"Sounds like a form letter\"",
            "Why; shown to the people who write.",
        ),
        Field::optional(
            "instead",
            Kind::One(Value::Str),
            "empty",
            "\"Say what happened and what you can do.\"",
            "What to write instead.",
        ),
    ],
);

const EXCEPTION: Shape = Shape::new(
    "exception",
    &[
        Field::required(
            "where",
            Kind::One(Value::Str),
            "\"returns.window\"",
            "The id of an answer, the key of a line, or a path such as `slots.country.ask`.",
        ),
        Field::required("rule", Kind::One(Value::Str), "\"banned-word\"", "The rule, as the report calls it."),
        Field::optional("words", Kind::One(Value::Str), "any", "\"guaranteed\"", "Only for this word."),
        Field::required(
            "why",
            Kind::One(Value::Str),
            "\"Approved by legal, LEG-118\"",
            "The reason, for whoever reads it next.",
        ),
        Field::optional("until", Kind::One(Value::Date), "for good", "2027-01-31", "The last day on which it counts."),
    ],
)
.named_by("where");

pub(super) const MOOD: Shape = Shape::new(
    "mood",
    &[
        Field::required("when", Kind::Table(&MOOD_WHEN), "{ anger_at_least = 2 }", "When it applies. Of several moods that apply, the one that asks for more anger counts."),
        Field::optional("tone", Kind::One(Value::Str), "none", "\"bad_news\"", "The tone that wordings should strike. Wordings say theirs with `tone`; `bad_news` always exists, others exist by being named here.")
            .notice("Somebody who is upset gets the wording that was written for it."),
        Field::optional("prefix", Kind::Text, "nothing", "{ en-GB = \"I'm sorry this has been a hassle.\" }", "Said before an answer whose wording has not this tone itself.")
            .notice("A word of sympathy before the facts."),
        Field::optional("drop", Kind::List(Value::OneOf(&["follow_ups", "small_talk", "reactions"])), "nothing", "[\"follow_ups\", \"small_talk\"]", "What is left out.")
            .notice("No cheerful extras for somebody who is upset."),
        Field::optional("offer_human", Kind::One(Value::Flag), "false", "true", "Whether a person is offered after the answer."),
        Field::optional("hand_off", Kind::One(Value::Flag), "false", "true", "Whether a person is brought at once, without an answer."),
    ],
);

const MOOD_WHEN: Shape = Shape::new(
    "condition",
    &[
        Field::optional(
            "anger_at_least",
            Kind::One(Value::Int(1, 3)),
            "2",
            "2",
            "How angry: 1 irritated, 2 upset, 3 furious.",
        ),
        Field::optional("joy", Kind::One(Value::Flag), "false", "true", "A word of joy, and no anger."),
    ],
);

pub(super) const MOOD_WORDS: Shape = Shape::new(
    "mood words",
    &[
        Field::optional("strong", Kind::Words, "the built-in ones", "[\"scam\", \"furious\"]", "Words of anger."),
        Field::optional(
            "mild",
            Kind::Words,
            "the built-in ones",
            "[\"annoying\", \"still waiting\"]",
            "Words of irritation.",
        ),
        Field::optional("joy", Kind::Words, "the built-in ones", "[\"love it\"]", "Words of joy."),
    ],
);
