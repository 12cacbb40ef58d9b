//! What must be heard however much else comes in: asked of words alone, before anything is known of who wrote them, and
//! without looking for an answer.

use crate::engine::Brand;
use crate::voice::Priority;

/// Why words must be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MustHear {
    /// They set off a rule that nothing may hold back.
    Danger,
    /// They set off another rule that brings a person, or ask for one.
    Wish,
    /// They ask the bot to be silent, or to speak again.
    LeaveAlone,
}

/// Why these words must be heard, if they must.
pub fn must_hear(brand: &Brand, text: &str) -> Option<MustHear> {
    let calls = brand.understanding.calls(text);
    let rules = || brand.voice.handoff.rules.iter().filter(|rule| calls.rules.iter().any(|hit| hit.rule == rule.id));
    if rules().any(|rule| rule.priority == Priority::Urgent) {
        Some(MustHear::Danger)
    } else if calls.for_person || rules().next().is_some() {
        Some(MustHear::Wish)
    } else {
        calls.opts.then_some(MustHear::LeaveAlone)
    }
}
