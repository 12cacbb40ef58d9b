//! Messages that were changed or deleted afterwards.

use super::draft::Draft;
use super::{AuthorKind, By, Effect, MAX_GONE, Message, Phase, Silence, StaffPost};

impl Draft<'_> {
    /// A message was changed: it never sets off another answer.
    pub(super) fn edited(&mut self, mut message: Message) {
        if self.is_gone(&message.id) {
            return self.forget(message.id);
        }
        self.redact(&mut message);
        let piece = self.c.held.iter_mut().flat_map(|held| &mut held.pieces).find(|piece| piece.id == message.id);
        if let Some(piece) = piece {
            piece.text = message.text.clone();
        }
        if self.was_heard(&message.id) {
            self.rewrite_turn(&message.id, &message.text);
        } else {
            self.remember_turn(By::Customer, &message.text, Some(&message.id));
        }
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
        self.c.gone.retain(|gone| *gone != message_id);
        self.c.gone.push(message_id.clone());
        let surplus = self.c.gone.len().saturating_sub(MAX_GONE);
        self.c.gone.drain(..surplus);
        self.tell_edited(None);
        self.forget(message_id);
    }

    /// Platforms keep no order between deliveries: a message can come after its own deletion. It is kept as deleted.
    pub(super) fn came_after_its_deletion(&mut self, message: &Message) -> bool {
        let gone = self.is_gone(&message.id);
        if gone {
            self.remember_turn(By::Customer, "", Some(&message.id));
            self.forget(message.id.clone());
        }
        gone
    }

    /// A message can come after its own edit, too: then what it says by now is what is answered.
    pub(super) fn came_after_its_edit(&self, message: &mut Message) -> bool {
        let turn = self.c.turns.iter().find(|turn| turn.message_id.as_ref() == Some(&message.id));
        if let Some(turn) = turn {
            message.text.clone_from(&turn.text);
        }
        turn.is_some()
    }

    fn was_heard(&self, message_id: &str) -> bool {
        self.c.turns.iter().any(|turn| turn.message_id.as_deref() == Some(message_id))
    }

    fn is_gone(&self, message_id: &str) -> bool {
        self.c.gone.iter().any(|gone| gone == message_id)
    }

    fn forget(&mut self, message_id: String) {
        self.effects.push(Effect::Forget { message_id });
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
