//! What may stand in a dialogue, and what a wrong word may have meant.

use crate::engine::Silence;
use crate::voice::{Line, PLATFORMS, Voice};

use super::Spot;

/// Keys of a `[[dialogue]]`.
pub(super) const DIALOGUE: &[&str] = &["name", "locale", "at", "place", "platform", "name_of_customer", "turns"];
/// Keys that say who acts in a turn: exactly one of them stands in it.
pub(super) const ACTORS: &[&str] = &["customer", "member", "press", "agent", "wait"];
/// Keys of a `[[dialogue.turns]]`.
pub(super) const TURN: &[&str] =
    &["customer", "member", "press", "agent", "wait", "as", "mention", "reply_to", "attachment", "pace", "expect"];
/// Keys of `expect`.
pub(super) const EXPECT: &[&str] = &[
    "answer", "says", "not_says", "exactly", "choices", "asks", "line", "silent", "handoff", "react", "mood", "phase",
    "locale", "nothing",
];
/// Phases that a turn may promise.
pub(super) const PHASES: &[&str] =
    &["bot", "offered", "queued", "human", "waiting_customer", "closing", "resolved", "closed"];
/// Reasons for a handoff that do not come from the voice.
pub(super) const REASONS: &[&str] = &[
    "asked_for_person",
    "misses",
    "offer_accepted",
    "upset",
    "slot_failed",
    "answer",
    "elsewhere",
    "unreadable",
    "long_thread",
    "taken_over",
];
/// What a message can reply to.
pub(super) const REPLY_TO: &[&str] = &["bot", "member"];

/// Names of a voice that dialogues refer to.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Ids of answers.
    pub answers: Vec<String>,
    /// Names of slots.
    pub slots: Vec<String>,
    /// Names of moods.
    pub moods: Vec<String>,
    /// Ids of handoff rules.
    pub rules: Vec<String>,
}

impl Names {
    /// The names of a voice.
    pub fn of(voice: &Voice) -> Self {
        Self {
            answers: voice.answers.iter().map(|answer| answer.id.to_string()).collect(),
            slots: voice.slots.keys().map(ToString::to_string).collect(),
            moods: voice.moods.iter().map(|mood| mood.id.to_string()).collect(),
            rules: voice.handoff.rules.iter().map(|rule| rule.id.to_string()).collect(),
        }
    }

    /// Reasons for a handoff: the engine's and the voice's rules.
    pub(super) fn reasons(&self) -> Vec<&str> {
        REASONS.iter().copied().chain(self.rules.iter().map(String::as_str)).collect()
    }
}

/// Reasons for silence.
pub(super) fn silences() -> Vec<&'static str> {
    Silence::ALL.iter().map(|reason| reason.name()).collect()
}

/// Keys of lines.
pub(super) fn lines() -> Vec<&'static str> {
    Line::ALL.iter().map(|line| line.key()).collect()
}

/// Names of spots.
pub(super) fn spots() -> Vec<&'static str> {
    Spot::ALL.iter().map(|spot| spot.name()).collect()
}

/// Names of platforms.
pub(super) fn platforms() -> Vec<&'static str> {
    PLATFORMS.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Phase, Reason};

    #[test]
    fn every_reason_of_the_engine_can_be_promised() {
        let all = [
            Reason::AskedForPerson,
            Reason::Misses,
            Reason::OfferAccepted,
            Reason::Upset,
            Reason::SlotFailed("x".into()),
            Reason::Answer("x".into()),
            Reason::Elsewhere("x".into()),
            Reason::Unreadable,
            Reason::LongThread,
            Reason::TakenOver,
            Reason::Rule("legal".into()),
        ];
        let names = Names { rules: vec!["legal".to_owned()], ..Names::default() };
        for reason in all {
            // A new reason does not compile here until it is in the list above.
            match reason {
                Reason::AskedForPerson
                | Reason::Misses
                | Reason::OfferAccepted
                | Reason::Upset
                | Reason::SlotFailed(_)
                | Reason::Answer(_)
                | Reason::Elsewhere(_)
                | Reason::Unreadable
                | Reason::LongThread
                | Reason::TakenOver
                | Reason::Rule(_) => assert!(names.reasons().contains(&reason.name()), "{reason}"),
            }
        }
    }

    #[test]
    fn every_key_is_in_the_manual() {
        let manual = include_str!("../../docs/voice.md");
        let dialogues = manual.split("## Dialogues").nth(1).unwrap().split("\n## ").next().unwrap();
        for key in DIALOGUE.iter().chain(TURN).chain(EXPECT).filter(|key| **key != "turns") {
            assert!(dialogues.contains(&format!("`{key}")), "{key}");
        }
    }

    #[test]
    fn phases_are_called_as_the_engine_calls_them() {
        let closed = Phase::Closed { how: crate::engine::Closed::Idle };
        assert!(PHASES.contains(&Phase::Bot.name()) && PHASES.contains(&closed.name()));
        assert_eq!(PHASES.len(), 8);
    }
}
