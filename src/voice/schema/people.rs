//! Fields of `[handoff]`, `[silence]` and `[calendar]`.

use super::{Field, Kind, Shape, Value};

pub(super) const HANDOFF: Shape = Shape::new(
    "handoff",
    &[
        Field::optional(
            "team",
            Kind::One(Value::Str),
            "\"team\"",
            "\"care\"",
            "The team that gets cases without another.",
        ),
        Field::optional(
            "hours",
            Kind::One(Value::Str),
            "always there",
            "\"team\"",
            "Which `[hours.NAME]` say when that team is there.",
        )
        .notice("Whether people hear \"a person will join\" or \"the team is back tomorrow at 09:00\"."),
        Field::optional(
            "words_for_human",
            Kind::Words,
            "the built-in ones",
            "[\"shop assistant\"]",
            "More words that ask for a person. Those built in cannot be switched off.",
        )
        .notice("Asking for a person always works."),
        Field::optional(
            "long_thread_turns",
            Kind::One(Value::Int(2, 100)),
            "8",
            "8",
            "Messages without an answer that fits, after which a person is offered.",
        ),
        Field::optional(
            "first_reply_within",
            Kind::One(Value::Duration),
            "\"15m\"",
            "\"15m\"",
            "Open time after which somebody who waits is told that it takes longer.",
        ),
        Field::optional(
            "reassign_after",
            Kind::One(Value::Duration),
            "\"20m\"",
            "\"20m\"",
            "Open time after which a case whose agent has not replied goes back to the queue.",
        ),
        Field::optional(
            "offer_stands",
            Kind::One(Value::Duration),
            "\"10m\"",
            "\"10m\"",
            "How long a \"yes\" still counts as yes to the offer of a person.",
        ),
        Field::optional(
            "customer_quiet",
            Kind::One(Value::Duration),
            "\"24h\"",
            "\"24h\"",
            "Quiet time after which a case is about to be closed, and again until it is.",
        ),
        Field::optional(
            "reopen_within",
            Kind::One(Value::Duration),
            "\"72h\"",
            "\"72h\"",
            "How long writing again reopens a closed case.",
        )
        .notice("Nobody has to tell their story twice."),
        Field::optional(
            "give_up_after",
            Kind::One(Value::Duration),
            "\"14d\"",
            "\"14d\"",
            "Time after which a case that nobody took is closed as unanswered, with an apology. It counts as a failure in reports.",
        ),
        Field::optional(
            "rules",
            Kind::Tables(&RULE),
            "`safety` and `legal`",
            "",
            "Words that always bring a person. `safety` and `legal` are built in; a block with the same id adds words and changes the wording.",
        ),
    ],
);

const RULE: Shape = Shape::new(
    "handoff rule",
    &[
        Field::required(
            "id",
            Kind::One(Value::Id),
            "\"press\"",
            "Its name, and the reason in reports. `safety` cannot be removed.",
        ),
        Field::optional(
            "words",
            Kind::Words,
            "the built-in ones of `safety` and `legal`; every other rule must have some",
            "[\"journalist\", \"press enquiry\"]",
            "Words that set it off, matched whole, whatever the case.",
        ),
        Field::optional(
            "priority",
            Kind::One(Value::OneOf(&["normal", "high", "urgent"])),
            "\"normal\"",
            "\"high\"",
            "How soon a person should look.",
        ),
        Field::optional(
            "say",
            Kind::Text,
            "the usual handoff sentence",
            "\"Our press team will answer you here.\"",
            "What is said.",
        ),
        Field::optional("team", Kind::One(Value::Str), "the usual team", "\"press\"", "Who takes it."),
        Field::optional(
            "mute_brand_tone",
            Kind::One(Value::Flag),
            "false",
            "true",
            "Leaves out the brand's tone, moods and emoji.",
        )
        .notice("Plain words when it matters most."),
    ],
)
.named_by("id");

pub(super) const SILENCE: Shape = Shape::new(
    "silence",
    &[
        Field::optional(
            "speak_when",
            Kind::List(Value::OneOf(&[
                "dm",
                "mentioned",
                "replied_to",
                "command",
                "question_in_help_channel",
                "new_forum_post",
            ])),
            "all of them",
            "[\"dm\", \"mentioned\"]",
            "When the bot may speak at all.",
        )
        .notice("It does not talk into other people's conversations."),
        Field::optional(
            "help_channels",
            Kind::List(Value::Str),
            "none",
            "[\"help\", \"support\"]",
            "Channels where questions may be answered without a mention.",
        ),
        Field::optional(
            "never_in",
            Kind::List(Value::Str),
            "none",
            "[\"announcements\"]",
            "Channels where nothing is ever said.",
        ),
        Field::optional(
            "answer_in_threads",
            Kind::List(Value::Str),
            "none",
            "[\"general\"]",
            "Channels where an answer goes into a thread of its own, on platforms that have threads.",
        )
        .notice("The channel stays readable; the conversation goes on in the thread."),
        Field::optional(
            "human_answered_within",
            Kind::One(Value::Duration),
            "\"3m\"",
            "\"3m\"",
            "A person's answer keeps the bot silent for this long in public.",
        ),
        Field::optional(
            "wait_before_public_answer",
            Kind::One(Value::Duration),
            "\"20s\"",
            "\"20s\"",
            "How long people get to answer first in a help channel.",
        ),
        Field::optional(
            "wait_for_more",
            Kind::One(Value::Duration),
            "\"1500ms\"",
            "\"1500ms\"",
            "How long the bot waits in private for the rest of a message sent in pieces.",
        ),
        Field::optional(
            "min_confidence_public",
            Kind::One(Value::Share),
            "0.85",
            "0.85",
            "How sure the bot must be in public.",
        )
        .notice("In public it rather says nothing than something wrong."),
        Field::optional(
            "min_confidence_private",
            Kind::One(Value::Share),
            "0.6",
            "0.6",
            "How sure it must be in private.",
        ),
        Field::optional(
            "clarify_margin",
            Kind::One(Value::Share),
            "0.15",
            "0.15",
            "How near the second-best answer may come before the bot asks which is meant.",
        ),
        Field::optional(
            "cooldown_same_answer",
            Kind::One(Value::Duration),
            "\"10m\"",
            "\"10m\"",
            "How long the same answer is not repeated in one public channel.",
        ),
        Field::optional(
            "max_public_per_10min",
            Kind::One(Value::Int(0, 100)),
            "5",
            "5",
            "Public messages in ten minutes and one channel, at most.",
        ),
        Field::optional(
            "too_old_in_public",
            Kind::One(Value::Duration),
            "\"10m\"",
            "\"10m\"",
            "A public message older than this gets no answer any more.",
        ),
        Field::optional(
            "ignore",
            Kind::List(Value::OneOf(&["forwarded", "quotes", "code_blocks"])),
            "all of them",
            "[\"forwarded\"]",
            "What is never answered in public.",
        ),
        Field::optional(
            "opt_out_words",
            Kind::Words,
            "\"stop bot\" and the like",
            "[\"hush\"]",
            "Words that make the bot stop writing to a person; added to the built-in ones.",
        ),
        Field::optional(
            "opt_in_words",
            Kind::Words,
            "\"start bot\" and the like",
            "[\"speak up\"]",
            "Words that make it start again; added to the built-in ones.",
        ),
    ],
);

pub(super) const CALENDAR: Shape = Shape::new(
    "calendar",
    &[
        Field::required(
            "weekdays",
            Kind::Exactly(7),
            "[\"lundi\", \"mardi\", \"mercredi\", \"jeudi\", \"vendredi\", \"samedi\", \"dimanche\"]",
            "Monday first.",
        ),
        Field::required(
            "months",
            Kind::Exactly(12),
            "[\"janvier\", \"février\", \"mars\", \"avril\", \"mai\", \"juin\", \"juillet\", \"août\", \"septembre\", \"octobre\", \"novembre\", \"décembre\"]",
            "January first.",
        ),
        Field::required(
            "today",
            Kind::One(Value::Form),
            "\"aujourd'hui à {{time}}\"",
            "Knows `{{time}}` (17:30) and `{{time12}}` (5:30 pm).",
        ),
        Field::required(
            "tomorrow",
            Kind::One(Value::Form),
            "\"demain à {{time}}\"",
            "Knows `{{time}}` (17:30) and `{{time12}}` (5:30 pm).",
        ),
        Field::required(
            "on_weekday",
            Kind::One(Value::Form),
            "\"{{weekday}} à {{time}}\"",
            "Within a week. Knows `{{weekday}}`, `{{time}}` and `{{time12}}`.",
        ),
        Field::required(
            "on_date",
            Kind::One(Value::Form),
            "\"{{weekday}} {{day}} {{month}} à {{time}}\"",
            "Later. Knows `{{weekday}}`, `{{day}}`, `{{month}}`, `{{time}}` and `{{time12}}`.",
        ),
        Field::optional(
            "date",
            Kind::One(Value::Form),
            "2026-12-24",
            "\"{{day}} {{month}} {{year}}\"",
            "A fact that is a date. Knows `{{day}}`, `{{month}}` and `{{year}}`.",
        ),
        Field::required("minutes", Kind::One(Value::Form), "\"{{minutes}} min\"", "A short wait. Knows `{{minutes}}`."),
        Field::required("hours", Kind::One(Value::Form), "\"{{hours}} h\"", "A long wait. Knows `{{hours}}`."),
    ],
);
