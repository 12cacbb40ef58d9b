//! Gate 3: must a person take it? Hard rules come before any answer, and asking for a person always works.

use crate::engine::draft::Draft;
use crate::engine::{Message, Reason};
use crate::understanding::Reading;
use crate::voice::{HandoffRule, Priority};

impl<'b> Draft<'b> {
    /// The gravest rule of the voice that a text sets off.
    pub(in crate::engine) fn first_rule(&self, reading: &Reading) -> Option<&'b HandoffRule> {
        let hit = |rule: &&HandoffRule| reading.signals.rules.iter().any(|hit| hit.rule == rule.id);
        // The first of the gravest: `max_by_key` alone would take the last.
        self.voice().handoff.rules.iter().rev().filter(hit).max_by_key(|rule| rule.priority)
    }

    /// Whether a rule that nothing may hold back is set off.
    pub(in crate::engine) fn is_safety(&self, reading: &Reading) -> bool {
        self.first_rule(reading).is_some_and(|rule| rule.priority == Priority::Urgent)
    }

    /// Brings a person when a hard rule says so.
    pub(in crate::engine) fn hard_rules(&mut self, message: &Message, reading: &Reading) -> bool {
        if let Some(rule) = self.first_rule(reading) {
            self.hand_off_by_rule(rule, message, false);
            return true;
        }
        let reason = if reading.signals.asks_for_person.is_some() {
            Reason::AskedForPerson
        } else if self.mood().is_some_and(|mood| mood.hand_off) {
            Reason::Upset
        } else {
            return false;
        };
        self.hand_off(reason, None, Some(message));
        true
    }
}
