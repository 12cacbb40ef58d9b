//! Messages that were changed or deleted afterwards.

use super::draft::Draft;
use super::{AuthorKind, Effect, Message, Phase, Silence, StaffPost};

impl Draft<'_> {
    /// A message was changed: it never sets off another answer.
    pub(super) fn edited(&mut self, mut message: Message) {
        self.redact(&mut message);
        let piece = self.c.held.iter_mut().flat_map(|held| &mut held.pieces).find(|piece| piece.id == message.id);
        if let Some(piece) = piece {
            piece.text = message.text.clone();
        }
        self.rewrite_turn(&message.id, &message.text);
        if self.edited_to_safety(&message) {
            return;
        }
        self.tell_edited(Some(message.text));
        self.silent(Silence::EditedLate);
    }

    /// A message was deleted: its text is dropped.
    pub(super) fn deleted(&mut self, message_id: String) {
        if let Some(held) = &mut self.c.held {
            held.pieces.retain(|piece| piece.id != message_id);
        }
        if self.c.held.as_ref().is_some_and(|held| held.pieces.is_empty()) {
            self.c.held = None;
        }
        self.rewrite_turn(&message_id, "");
        self.effects.push(Effect::Forget { message_id });
        self.tell_edited(None);
        self.silent(Silence::NothingToSay);
    }

    /// Safety words are heard in an edit too.
    fn edited_to_safety(&mut self, message: &Message) -> bool {
        let reading = self.read(&message.text);
        if message.author != AuthorKind::Person || !self.is_safety(&reading) {
            return false;
        }
        self.why.reading = Some(reading.clone());
        if !self.someone_else_owns(message, &reading) {
            self.safety(message, &reading);
        }
        true
    }

    pub(super) fn rewrite_turn(&mut self, message_id: &str, text: &str) {
        let written = self.c.turns.iter_mut().filter(|turn| turn.message_id.as_deref() == Some(message_id));
        written.for_each(|turn| turn.text = text.to_owned());
    }

    fn tell_edited(&mut self, text: Option<String>) {
        match &self.c.phase {
            Phase::Queued { case, .. }
            | Phase::Human { case, .. }
            | Phase::WaitingCustomer { case, .. }
            | Phase::Closing { case, .. } => {
                let case = case.id;
                self.staff(StaffPost::CustomerEdited { case, text });
            }
            Phase::Bot | Phase::Offered { .. } | Phase::Resolved { .. } | Phase::Closed { .. } => {}
        }
    }
}
