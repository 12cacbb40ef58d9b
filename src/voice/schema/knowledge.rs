//! Fields of `[hours]`, `[links]` and `[slots]`.

use super::{Field, Kind, Naming, Shape, Value};

const DAY: Kind = Kind::List(Value::Range);

pub(super) const HOURS: Shape = Shape::new(
    "hours",
    &[
        Field::optional(
            "mon",
            DAY,
            "closed",
            "[\"09:00-12:30\", \"13:30-17:30\"]",
            "Monday. A range may go over midnight: \"22:00-02:00\".",
        )
        .notice("Outside these hours people are told when the team is back."),
        Field::optional("tue", DAY, "closed", "[\"09:00-17:30\"]", "Tuesday."),
        Field::optional("wed", DAY, "closed", "[\"09:00-17:30\"]", "Wednesday."),
        Field::optional("thu", DAY, "closed", "[\"09:00-17:30\"]", "Thursday."),
        Field::optional("fri", DAY, "closed", "[\"09:00-16:00\"]", "Friday."),
        Field::optional("sat", DAY, "closed", "[]", "Saturday."),
        Field::optional("sun", DAY, "closed", "[]", "Sunday."),
        Field::optional(
            "holidays",
            Kind::List(Value::Date),
            "none",
            "[2026-12-25, 2026-12-26]",
            "Days on which nobody is there, whatever the weekday.",
        )
        .notice("Nobody is promised an answer on Christmas Day."),
        Field::optional(
            "timezone",
            Kind::One(Value::TimeZone),
            "the brand's",
            "\"Europe/Berlin\"",
            "The zone in which these hours are meant.",
        ),
    ],
);

pub(super) const LINK: Shape = Shape::new(
    "link",
    &[
        Field::required(
            "label",
            Kind::OneByLocale(Value::Label),
            "{ en-GB = \"Start a return\", de-DE = \"Rückgabe starten\" }",
            "What stands on the button or in the sentence.",
        )
        .notice("People see these words, never a raw address."),
        Field::required(
            "url",
            Kind::OneByLocale(Value::Url),
            "\"https://lanternloom.example/returns\"",
            "Where it leads. Its host must be one of `brand.allowed_link_hosts`.",
        ),
    ],
);

pub(super) const SLOT: Shape = Shape::new(
    "slot",
    &[
        Field::optional(
            "title",
            Kind::One(Value::Str),
            "the slot's name",
            "\"Country\"",
            "What the people of the team see in a case.",
        ),
        Field::required("ask", Kind::Text, "\"Which country should we deliver to?\"", "The question.")
            .notice("Asked when an answer needs it and the customer has not said it."),
        Field::optional(
            "retry",
            Kind::Text,
            "the question again",
            "\"Sorry, which country was that?\"",
            "What is said when a reply does not fit.",
        ),
        Field::required(
            "kind",
            Kind::One(Value::OneOf(&["choice", "pattern", "yes_no", "text"])),
            "\"choice\"",
            "What fits: one of a list, a pattern, yes or no, or any text of up to 200 characters.",
        ),
        Field::optional(
            "pattern",
            Kind::One(Value::Pattern),
            "",
            "'LL-[0-9]{6}'",
            "For `kind = \"pattern\"`: what a reply must look like, whole, whatever the case. At most 200 characters.",
        ),
        Field::optional(
            "tries",
            Kind::One(Value::Int(1, 5)),
            "2",
            "2",
            "How many replies that do not fit are met with another question before a person is brought.",
        )
        .notice("Nobody is asked the same thing for ever."),
        Field::optional(
            "private",
            Kind::One(Value::Flag),
            "false",
            "true",
            "Whether it is only asked and taken in private messages.",
        )
        .notice("Nobody has to post an order number in public."),
        Field::optional(
            "remember_days",
            Kind::One(Value::Int(0, 365)),
            "0: for this conversation only",
            "90",
            "How long a value is remembered.",
        )
        .notice("Somebody who told their country last week is not asked again."),
        Field::optional(
            "choices",
            Kind::Named(&CHOICE, Naming::Choice),
            "",
            "",
            "For `kind = \"choice\"`: 2 to 25 choices, in the order of the buttons.",
        ),
    ],
);

const CHOICE: Shape = Shape::new(
    "choice",
    &[
        Field::required(
            "label",
            Kind::OneByLocale(Value::Label),
            "{ en-GB = \"Germany\", de-DE = \"Deutschland\" }",
            "What stands on the button and in sentences.",
        ),
        Field::optional(
            "words",
            Kind::Words,
            "none",
            "[\"german\", \"brd\"]",
            "Other words that mean it, in any language.",
        ),
    ],
);
