//! Names that a voice file gives to its parts. Each is its own type, so that a slot can never be taken for an answer.

use std::fmt;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the name as it stands; whether it is well formed was decided where it was read.
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// The name as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(name)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(name.to_owned())
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )*};
}

names! {
    /// A brand (`[brand] id`): every stored row carries it, so that brands never meet.
    BrandId;
    /// An answer (`[[answers]] id`); it never changes, reports and cases point to it.
    AnswerId;
    /// A piece of information that an answer needs from the customer (`[slots.x]`).
    SlotId;
    /// One of the values that a choice slot can take (`[slots.x.choices]`).
    ChoiceId;
    /// A link by name (`[links.x]`).
    LinkId;
    /// A mood (`[moods.x]`).
    MoodId;
    /// A tone that moods ask for and wordings declare (`tone = "…"`).
    ToneId;
    /// Opening hours by name (`[hours.x]`).
    HoursId;
    /// A rule that always brings a person (`[[handoff.rules]] id`).
    RuleId;
    /// A kind of small talk (`[small_talk.x]`).
    SmallTalkId;
    /// A team of people that cases go to.
    TeamId;
    /// A chat platform by its short name: `discord`, `telegram`, `console`, `web`.
    Platform;
}

/// The platforms a voice file may name in `when = { channel = … }`. A new adapter adds its name here.
pub const PLATFORMS: &[&str] = &["console", "discord", "telegram", "web"];
