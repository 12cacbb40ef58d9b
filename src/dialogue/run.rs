//! Plays a dialogue on a stage and stops at the first turn that differs from what it promises.

use std::ops::AddAssign;

use jiff::Timestamp;

use crate::engine::{Agent, AuthorKind, Brand, ConversationId, Event};
use crate::voice::Line;
use crate::voice::source::Place;

use super::expect::{Check, Difference, Seen};
use super::show::{Entry, entries};
use super::stage::{Spot, Stage};
use super::{Act, AgentDoes, Dialogue, Turn};

/// What came of playing a dialogue.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// Turns played.
    pub turns: usize,
    /// How often the bot answered and did not, where the dialogue says which is right.
    pub counts: Counts,
    /// The first turn that differs, if any.
    pub failed: Option<Failed>,
}

/// A turn that differs.
#[derive(Clone, Debug)]
pub struct Failed {
    /// Where the turn is written.
    pub written: Place,
    /// All that happened so far.
    pub transcript: Vec<Entry>,
    /// Every promise of the turn that was not kept.
    pub differences: Vec<Difference>,
}

/// How often the bot answered and did not, rightly and wrongly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The promised answer was given.
    pub answered_right: usize,
    /// Another answer was given, or one where none was promised.
    pub answered_wrong: usize,
    /// No answer was promised and none was given.
    pub refused_right: usize,
    /// An answer was promised and none was given.
    pub refused_wrong: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.answered_right += other.answered_right;
        self.answered_wrong += other.answered_wrong;
        self.refused_right += other.refused_right;
        self.refused_wrong += other.refused_wrong;
    }
}

/// Plays a dialogue.
pub fn play(brand: &Brand, dialogue: &Dialogue) -> Played {
    let zone = brand.voice.brand.timezone.clone();
    let begin = dialogue.at.to_zoned(zone.clone()).map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
    let mut stage = Stage::new(brand, dialogue.platform.clone(), begin);
    let customer = stage.enters(&dialogue.customer, dialogue.locale.clone(), dialogue.spot);
    let mut cast = Cast { stage, customer, spot: dialogue.spot, others: Vec::new() };
    let mut played = Played::default();
    for turn in &dialogue.turns {
        played.turns += 1;
        let (differences, seen) = cast.turn(turn);
        played.counts += count(&turn.checks, &seen);
        if !differences.is_empty() {
            let transcript = entries(cast.stage.log(), cast.customer, &zone);
            played.failed = Some(Failed { written: turn.written.clone(), transcript, differences });
            return played;
        }
    }
    played
}

/// Everybody in a dialogue.
struct Cast<'b> {
    stage: Stage<'b>,
    customer: ConversationId,
    spot: Spot,
    others: Vec<(String, ConversationId)>,
}

impl Cast<'_> {
    /// Plays a turn and tells what differs and what was seen.
    fn turn(&mut self, turn: &Turn) -> (Vec<Difference>, Seen) {
        let before = self.stage.log().len();
        let (whose, impossible) = self.act(&turn.act);
        self.stage.advance(turn.pace);
        let mut differences: Vec<Difference> = impossible.into_iter().collect();
        for (_, kind) in self.stage.stuck() {
            let expected = "a timer that has fired is over".to_owned();
            differences.push(Difference { key: "timer", expected, got: format!("{kind:?} is still due") });
        }
        let happened = self.stage.log().get(before..).unwrap_or_default();
        let seen = self.stage.conversation(whose).map(|now| Seen::of(happened, whose, now)).unwrap_or_default();
        differences.extend(turn.checks.iter().filter_map(|(check, _)| check.differs(&seen)));
        (differences, seen)
    }

    /// Lets a turn happen; tells whose conversation its promises are about, and what made it impossible.
    fn act(&mut self, act: &Act) -> (ConversationId, Option<Difference>) {
        match act {
            Act::Customer(words) => self.stage.writes(self.customer, words, AuthorKind::Person),
            Act::Member { name, words } => {
                let member = self.other(name);
                self.stage.writes(member, words, AuthorKind::Person);
                return (member, None);
            }
            Act::Press(label) => return (self.customer, self.press(label)),
            Act::Agent { name, does: AgentDoes::Action(action) } => {
                let agent = Agent { id: format!("console:{name}"), name: name.clone() };
                self.stage.agent_does(self.customer, &agent, action.clone());
            }
            Act::Agent { name, does: AgentDoes::Say(text) } => {
                let staff = self.other(name);
                let words = super::Words { text: text.clone(), ..super::Words::default() };
                self.stage.writes(staff, &words, AuthorKind::Staff);
            }
            Act::Wait => {}
        }
        (self.customer, None)
    }

    fn press(&mut self, label: &str) -> Option<Difference> {
        if let Some(pick) = self.stage.choice(self.customer, label) {
            self.stage.happens(self.customer, Event::Picked(pick));
            return None;
        }
        let shown: Vec<&str> = self.stage.shown(self.customer).map(|choice| choice.label.as_str()).collect();
        let got = if shown.is_empty() { "no choices were shown".to_owned() } else { shown.join(" | ") };
        Some(Difference { key: "press", expected: label.to_owned(), got })
    }

    /// The conversation of somebody else in the same place.
    fn other(&mut self, name: &str) -> ConversationId {
        if let Some((_, id)) = self.others.iter().find(|(known, _)| known == name) {
            return *id;
        }
        let id = self.stage.enters(name, None, self.spot);
        self.others.push((name.to_owned(), id));
        id
    }
}

/// Whether an answer was right, where the promises tell.
fn count(checks: &[(Check, Place)], seen: &Seen) -> Counts {
    let mut counts = Counts::default();
    let answered = !seen.answers.is_empty();
    let answer = checks.iter().find(|(check, _)| matches!(check, Check::Answer(_)));
    let refusal = checks.iter().any(|(check, _)| promises_no_answer(check));
    match (answer, answered) {
        (Some((check, _)), true) if check.differs(seen).is_none() => counts.answered_right = 1,
        (Some(_), true) => counts.answered_wrong = 1,
        (Some(_), false) => counts.refused_wrong = 1,
        (None, true) if refusal => counts.answered_wrong = 1,
        (None, false) if refusal => counts.refused_right = 1,
        (None, _) => {}
    }
    counts
}

fn promises_no_answer(check: &Check) -> bool {
    let fallback = |line: &Line| matches!(line, Line::FallbackFirst | Line::FallbackLast | Line::FallbackNear);
    match check {
        Check::Silent(_) | Check::Nothing => true,
        Check::Line(lines) => lines.iter().any(fallback),
        Check::Answer(_)
        | Check::Says(_)
        | Check::NotSays(_)
        | Check::Exactly(_)
        | Check::Choices(_)
        | Check::Asks(_)
        | Check::Handoff(_)
        | Check::React(_)
        | Check::Mood(_)
        | Check::Phase(_)
        | Check::Locale(_) => false,
    }
}

#[cfg(test)]
mod tests;
