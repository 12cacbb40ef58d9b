//! The sentences that the engine itself needs, whatever the brand: one line of the table each.
//!
//! A brand words them in `[lines]`; what it leaves out comes from the default voice, so that none is ever missing.

use std::collections::BTreeMap;

use super::Wording;

macro_rules! lines {
    ($($(#[doc = $doc:literal])+ $name:ident = $key:literal, knows [$($known:literal),*], may know [$($maybe:literal),*];)*) => {
        /// A sentence that the engine needs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Line {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Line {
            /// Every line, in the order of the documentation.
            pub const ALL: &'static [Line] = &[$(Line::$name,)*];

            /// Its key in `[lines]`.
            pub fn key(self) -> &'static str {
                match self {
                    $(Line::$name => $key,)*
                }
            }

            /// When a customer reads it, for the documentation.
            pub fn doc(self) -> &'static str {
                match self {
                    $(Line::$name => concat!($($doc, "\n"),+),)*
                }
            }

            /// Variables that are always known when it is said, besides those known everywhere.
            pub fn known(self) -> &'static [&'static str] {
                match self {
                    $(Line::$name => &[$($known),*],)*
                }
            }

            /// Variables that may be known when it is said.
            pub fn may_know(self) -> &'static [&'static str] {
                match self {
                    $(Line::$name => &[$($maybe),*],)*
                }
            }
        }
    };
}

lines! {
    /// Says that this is a bot and how to get a person; stands before the first answer to each person. It must hold
    /// the word "bot" or the like.
    Disclosure = "disclosure", knows [], may know [];
    /// The first words of a private conversation that the customer opened without a question (`/start`).
    Welcome = "welcome", knows [], may know [];
    /// The answer to "are you a bot?". It must say so.
    IAmABot = "i_am_a_bot", knows [], may know [];
    /// The answer to the privacy command and to questions about data.
    Privacy = "privacy", knows ["privacy_url"], may know [];
    /// The first time nothing fits: asks for other words.
    FallbackFirst = "fallback_first", knows [], may know [];
    /// The last time nothing fits: says so and, when `fallback.then` is `offer`, asks whether a person should come.
    FallbackLast = "fallback_last", knows [], may know [];
    /// Nothing fits, but some answers are near: stands above the choices.
    FallbackNear = "fallback_near", knows [], may know [];
    /// Two or more answers are close: stands above the choices where no `[[clarify]]` fits.
    Clarify = "clarify", knows [], may know [];
    /// The choice under the others that says none is right.
    NoneOfThese = "none_of_these", knows [], may know [];
    /// Stands before an answer that is given a second time and has no other wording.
    Again = "again", knows [], may know [];
    /// Asks whether a person should come.
    Offer = "offer", knows [], may know [];
    /// The choice that brings a person.
    OfferYes = "offer_yes", knows [], may know [];
    /// The choice that does not.
    OfferNo = "offer_no", knows [], may know [];
    /// After "no" to the offer.
    OfferDeclined = "offer_declined", knows [], may know [];
    /// Yes, as a choice for a slot of yes or no.
    Yes = "yes", knows [], may know [];
    /// No, as a choice for a slot of yes or no.
    No = "no", knows [], may know [];
    /// A slot is private and this is a public place: asks to write in private.
    PrivateOnly = "private_only", knows [], may know [];
    /// A sensitive answer was asked for in public.
    SensitiveInPublic = "sensitive_in_public", knows [], may know [];
    /// The customer called off what the bot was asking.
    NeverMind = "never_mind", knows [], may know [];
    /// The customer said that the answer was not what they meant, and no other is near.
    MeantOther = "meant_other", knows [], may know [];
    /// A message that holds nothing the bot can read: a picture, a voice note.
    Unreadable = "unreadable", knows [], may know [];
    /// A person was asked for and the team is there.
    HandoffOpen = "handoff_open", knows ["queue_position"], may know ["wait"];
    /// A person was asked for and nobody is there now.
    HandoffClosed = "handoff_closed", knows [], may know ["next_open"];
    /// The customer writes on while waiting; at most once in 30 minutes.
    StillQueued = "still_queued", knows ["queue_position"], may know ["wait", "next_open"];
    /// It takes longer than hoped; once.
    Delayed = "delayed", knows [], may know ["next_open"];
    /// The customer calls the case off.
    HandoffCancelled = "handoff_cancelled", knows [], may know [];
    /// A person took the case.
    Joined = "joined", knows ["agent_name"], may know [];
    /// The person gave the case back to the bot.
    Returned = "returned", knows ["agent_name"], may know [];
    /// The agent did not get to it, or gave it up: another is looked for.
    Reassigned = "reassigned", knows [], may know [];
    /// The case goes to another team.
    Transferred = "transferred", knows ["team"], may know [];
    /// The person closed the case.
    Resolved = "resolved", knows ["agent_name"], may know [];
    /// The customer has been quiet: the case is about to be closed.
    Closing = "closing", knows [], may know [];
    /// The case was closed because the customer was quiet.
    ClosedQuiet = "closed_quiet", knows [], may know [];
    /// Nobody answered the case in the end: an apology and another way to reach people.
    Unanswered = "unanswered", knows [], may know [];
    /// The customer wrote again and the case is open again.
    Reopened = "reopened", knows ["queue_position"], may know ["wait", "next_open"];
    /// The customer asked the bot to stop.
    OptedOut = "opted_out", knows [], may know [];
    /// The customer asked the bot to start again.
    OptedIn = "opted_in", knows [], may know [];
    /// A choice that no longer counts was pressed.
    ChoiceExpired = "choice_expired", knows [], may know [];
    /// Somebody pressed a choice that was meant for somebody else; only they see it.
    NotYours = "not_yours", knows [], may know [];
    /// The customer used a command while a person has the case; only they see it.
    PassedOn = "passed_on", knows [], may know [];
    /// A button under an answer in public that leads into a private chat.
    WriteInPrivate = "write_in_private", knows [], may know [];
    /// What `/help` does, in the list of commands that the platform shows.
    CommandHelp = "command_help", knows [], may know [];
    /// What `/human` does, in the list of commands.
    CommandHuman = "command_human", knows [], may know [];
    /// What `/privacy` does, in the list of commands.
    CommandPrivacy = "command_privacy", knows [], may know [];
    /// What `/ask` does, in the list of commands.
    CommandAsk = "command_ask", knows [], may know [];
    /// What is to be typed behind `/ask`.
    CommandQuestion = "command_question", knows [], may know [];
}

/// The wordings of every line; complete once a voice is loaded.
#[derive(Clone, Debug, Default)]
pub struct Lines(BTreeMap<Line, Wording>);

impl Lines {
    /// The wordings of a line.
    pub fn get(&self, line: Line) -> &Wording {
        static NOTHING: Wording = Wording { variants: Vec::new() };
        self.0.get(&line).unwrap_or(&NOTHING)
    }

    /// Words a line.
    pub fn set(&mut self, line: Line, wording: Wording) {
        self.0.insert(line, wording);
    }

    /// Every line that is worded, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Line, &Wording)> {
        self.0.iter().map(|(line, wording)| (*line, wording))
    }
}

/// Variables that every sentence may use because they are always known.
pub const ALWAYS_KNOWN: &[&str] = &["brand_name", "bot_name"];
/// Variables that every sentence may use inside `{{#if …}}`, because they are not always known. A wording that prints
/// one outside is only used when it is known.
pub const SOMETIMES_KNOWN: &[&str] = &["first_name", "open"];
