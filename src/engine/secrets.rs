//! Card numbers and passwords that customers post by mistake: covered before anything is kept or shown (threat 21).

use super::draft::Draft;
use super::{By, Effect, Message};
use crate::understanding::{Hints, Understanding};

impl Draft<'_> {
    /// Covers card numbers and passwords before anything is kept or shown (threat 21).
    pub(super) fn redact(&mut self, message: &mut Message) {
        let alone = Understanding::secrets(&message.text);
        if !alone.is_empty() {
            message.text = covered(&message.text, alone.iter().map(|secret| secret.start..secret.end));
            self.effects.push(Effect::Redact { message_id: message.id.clone(), text: message.text.clone() });
        }
        self.redact_across(message);
    }

    /// Covers what only two messages together give away: "my password" and "is …", a card number in two halves.
    fn redact_across(&mut self, message: &mut Message) {
        let last = self.c.turns.iter().rev().find(|turn| turn.by == By::Customer);
        let Some((before, id)) = last.and_then(|turn| Some((turn.text.clone(), turn.message_id.clone()?))) else {
            return;
        };
        // What is covered already gives nothing away, and a call for help is no half of a secret.
        let alone = self.brand.understanding.read(&message.text, Hints::default()).signals;
        if before.contains('•') || alone.asks_for_person.is_some() || !alone.rules.is_empty() {
            return;
        }
        let both = format!("{before} {}", message.text);
        let second = before.len() + 1;
        let found: Vec<_> = Understanding::secrets(&both).into_iter().filter(|secret| secret.end > second).collect();
        if found.is_empty() {
            return;
        }
        let in_first = found.iter().filter(|s| s.start < before.len()).map(|s| s.start..s.end.min(before.len()));
        let first = covered(&before, in_first);
        if first != before {
            self.rewrite_turn(&id, &first);
            self.effects.push(Effect::Redact { message_id: id, text: first });
        }
        let in_second = found.iter().map(|s| s.start.saturating_sub(second)..s.end - second);
        message.text = covered(&message.text, in_second);
        self.effects.push(Effect::Redact { message_id: message.id.clone(), text: message.text.clone() });
    }
}

/// A text with parts of it covered; parts that do not fit its characters are left.
fn covered(text: &str, parts: impl DoubleEndedIterator<Item = std::ops::Range<usize>>) -> String {
    let mut text = text.to_owned();
    for part in parts.rev() {
        if let Some(secret) = text.get(part.clone()) {
            let cover = "•".repeat(secret.chars().count().min(19));
            text.replace_range(part, &cover);
        }
    }
    text
}
