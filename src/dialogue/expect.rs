//! What a turn promises, and whether that is what was seen.

use std::collections::BTreeSet;

use crate::engine::{Conversation, ConversationId, Decision, Effect, EventFact, Outgoing, SaidBy, Silence};
use crate::voice::{AnswerId, Line, Locale, MoodId, SlotId};

use super::stage::{Happening, sent};

/// One thing that a turn promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// These answers are given, and no others; in whichever order.
    Answer(Vec<AnswerId>),
    /// All of these are part of what is said.
    Says(Vec<String>),
    /// None of these is part of what is said.
    NotSays(Vec<String>),
    /// This is the whole of what is said, paragraphs parted by an empty line.
    Exactly(String),
    /// These choices are shown, in this order.
    Choices(Vec<String>),
    /// The bot asks for this slot.
    Asks(SlotId),
    /// One of these lines is said.
    Line(Vec<Line>),
    /// Nothing is said, for this reason.
    Silent(Silence),
    /// A case is opened, for the reason of this name.
    Handoff(String),
    /// The bot reacts with this emoji.
    React(String),
    /// It is answered in this mood; none: in no mood.
    Mood(Option<MoodId>),
    /// The conversation is in the phase of this name afterwards.
    Phase(String),
    /// It is answered in this language.
    Locale(Locale),
    /// Nothing is said, reacted or handed off.
    Nothing,
}

/// A promise that was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key of the promise, as written in `expect`.
    pub key: &'static str,
    /// What was promised.
    pub expected: String,
    /// What was seen.
    pub got: String,
}

/// What was seen in a turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Answers given.
    pub answers: Vec<AnswerId>,
    /// Keys of the lines said.
    pub lines: Vec<String>,
    /// Everything said, one text for each message.
    pub said: Vec<String>,
    /// Labels of the choices shown last.
    pub choices: Vec<String>,
    /// The slot that the bot asked for last.
    pub asks: Option<SlotId>,
    /// Why nothing was said in the end, when the bot said nothing.
    pub silent: Option<Silence>,
    /// Why cases were opened.
    pub handoffs: Vec<String>,
    /// Reactions.
    pub reacts: Vec<String>,
    /// The mood of the last decision.
    pub mood: Option<MoodId>,
    /// The phase afterwards.
    pub phase: &'static str,
    /// The language of the last message, or of the conversation when nothing was said.
    pub locale: Option<Locale>,
}

impl Seen {
    /// Sums up what happened. What was said, shown and handed off counts for every conversation on the stage; silence,
    /// mood, phase, language and slot are those of one.
    pub fn of(happenings: &[Happening], own: ConversationId, state: &Conversation) -> Self {
        let mut seen = Self { phase: state.phase.name(), locale: state.locale.clone(), ..Self::default() };
        let mut bot_spoke = false;
        for happening in happenings {
            for effect in &happening.effects {
                if let Some(outgoing) = sent(effect) {
                    bot_spoke |= outgoing.by == SaidBy::Bot;
                    seen.take_message(outgoing);
                }
                seen.take_rest(effect, happening.after.id == own);
            }
            let decided = happening.why.reading.is_some() || happening.why.mood.is_some();
            if happening.after.id == own && decided {
                seen.mood.clone_from(&happening.why.mood);
            }
            for decision in &happening.why.decisions {
                if let Decision::HandOff(reason) = decision {
                    seen.handoff(reason.name());
                }
            }
        }
        if bot_spoke {
            seen.silent = None;
        }
        seen
    }

    fn take_message(&mut self, outgoing: &Outgoing) {
        let mut text = outgoing.content.to_plain();
        for link in &outgoing.links {
            text.push_str(&format!("\n\n{} ({})", link.label, link.url));
        }
        self.said.push(text);
        if !outgoing.choices.is_empty() {
            self.choices = outgoing.choices.iter().map(|choice| choice.label.clone()).collect();
        }
        for said in &outgoing.said {
            if let Some(answer) = said.what.strip_prefix("answer:") {
                self.answers.push(AnswerId::from(answer));
            }
            let slot = said.what.strip_prefix("slot:").or_else(|| said.what.strip_prefix("slot_retry:"));
            self.asks = slot.map(SlotId::from).or_else(|| self.asks.take());
            if let Some(line) = said.what.strip_prefix("line:") {
                self.lines.push(line.to_owned());
            }
            self.locale = Some(said.locale.clone());
        }
    }

    fn take_rest(&mut self, effect: &Effect, own: bool) {
        match effect {
            Effect::React { emoji, .. } => self.reacts.push(emoji.clone()),
            Effect::Silent(reason) if own => self.silent = Some(*reason),
            Effect::Log(EventFact::CaseOpened { reason, .. }) => self.handoff(reason.name()),
            Effect::Silent(_)
            | Effect::Send(_)
            | Effect::Staff(_)
            | Effect::Log(_)
            | Effect::Redact { .. }
            | Effect::Forget { .. } => {}
        }
    }

    fn handoff(&mut self, reason: &str) {
        if !self.handoffs.iter().any(|known| known == reason) {
            self.handoffs.push(reason.to_owned());
        }
    }

    /// Those of the parts that are, or are not, in what was said.
    fn said_parts<'p>(&self, parts: &'p [String], present: bool) -> Vec<&'p String> {
        let said = self.said.join("\n\n");
        parts.iter().filter(|part| said.contains(part.as_str()) == present).collect()
    }

    fn is_quiet(&self) -> bool {
        self.said.is_empty() && self.reacts.is_empty() && self.handoffs.is_empty()
    }

    /// The words that were said; what happened instead, when there were none.
    fn in_full(&self) -> String {
        if self.said.is_empty() { self.in_short() } else { self.said.join("\n\n") }
    }

    /// What was seen, in a few words, for a promise that something else would be.
    fn in_short(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.answers.iter().map(|id| format!("answer {id}")));
        parts.extend(self.asks.iter().map(|slot| format!("asks {slot}")));
        parts.extend(self.handoffs.iter().map(|reason| format!("handoff {reason}")));
        parts.extend(self.lines.iter().map(|line| format!("line {line}")));
        parts.extend(self.silent.iter().map(|reason| format!("silent {}", reason.name())));
        if parts.is_empty() {
            parts.extend(self.said.iter().map(|said| format!("says {said:?}")));
        }
        parts.extend(self.reacts.iter().map(|emoji| format!("react {emoji}")));
        if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
    }
}

impl Check {
    /// Its key, as written in `expect`.
    pub fn key(&self) -> &'static str {
        match self {
            Check::Answer(_) => "answer",
            Check::Says(_) => "says",
            Check::NotSays(_) => "not_says",
            Check::Exactly(_) => "exactly",
            Check::Choices(_) => "choices",
            Check::Asks(_) => "asks",
            Check::Line(_) => "line",
            Check::Silent(_) => "silent",
            Check::Handoff(_) => "handoff",
            Check::React(_) => "react",
            Check::Mood(_) => "mood",
            Check::Phase(_) => "phase",
            Check::Locale(_) => "locale",
            Check::Nothing => "nothing",
        }
    }

    /// What is different from the promise, if anything.
    pub fn differs(&self, seen: &Seen) -> Option<Difference> {
        let short = || seen.in_short();
        let (kept, expected, got) = match self {
            Check::Answer(ids) => (same(ids, &seen.answers), list(ids), short()),
            Check::Says(parts) => {
                let missing = seen.said_parts(parts, false);
                (missing.is_empty(), list(&missing), seen.in_full())
            }
            Check::NotSays(parts) => {
                let found = seen.said_parts(parts, true);
                (found.is_empty(), format!("without {}", list(&found)), seen.in_full())
            }
            Check::Exactly(text) => (seen.said.join("\n\n").trim() == text.trim(), text.clone(), seen.in_full()),
            Check::Choices(labels) => (*labels == seen.choices, list(labels), list(&seen.choices)),
            Check::Asks(slot) => (seen.asks.as_ref() == Some(slot), slot.to_string(), short()),
            Check::Line(lines) => {
                let keys: Vec<&str> = lines.iter().map(|line| line.key()).collect();
                (keys.iter().any(|key| seen.lines.iter().any(|line| line == key)), list(&keys), short())
            }
            Check::Silent(reason) => (seen.silent == Some(*reason), reason.name().to_owned(), short()),
            Check::Handoff(reason) => (seen.handoffs.contains(reason), reason.clone(), short()),
            Check::React(emoji) => (seen.reacts.contains(emoji), emoji.clone(), short()),
            Check::Mood(mood) => (*mood == seen.mood, name_or_none(mood.as_ref()), name_or_none(seen.mood.as_ref())),
            Check::Phase(phase) => (phase == seen.phase, phase.clone(), seen.phase.to_owned()),
            Check::Locale(locale) => {
                (seen.locale.as_ref() == Some(locale), locale.to_string(), name_or_none(seen.locale.as_ref()))
            }
            Check::Nothing => (seen.is_quiet(), "nothing at all".to_owned(), short()),
        };
        (!kept).then(|| Difference { key: self.key(), expected, got })
    }
}

/// Whether two lists hold the same, in whichever order.
fn same<T: Ord>(left: &[T], right: &[T]) -> bool {
    left.iter().collect::<BTreeSet<_>>() == right.iter().collect()
}

fn name_or_none<T: ToString>(name: Option<&T>) -> String {
    name.map_or_else(|| "none".to_owned(), ToString::to_string)
}

fn list<T: ToString>(items: &[T]) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
}
