//! Asking for what an answer needs, and taking it.

use jiff::SignedDuration;

use super::draft::{ASKING_STANDS, Draft};
use super::reply::Reply;
use super::{Asking, Choice, Decision, EventFact, Message, Pick, Reason, Remembered};
use crate::understanding::{Reading, SlotValue};
use crate::voice::{Answer, AnswerId, Line, Slot, SlotId, SlotKind, localized};

/// A reply without the form of a question has this many words at most.
const REPLY_WORDS: u16 = 2;

impl Draft<'_> {
    /// Keeps every slot value of a text, private ones only in private.
    pub(super) fn absorb(&mut self, reading: &Reading) {
        for found in &reading.found {
            self.fill(&found.slot, found.value.clone());
        }
    }

    fn fill(&mut self, id: &SlotId, value: SlotValue) {
        let Some(slot) = self.slot(id) else { return };
        if slot.private && self.is_public() {
            return;
        }
        if slot.remember_days > 0 {
            let until = self.later(SignedDuration::from_hours(24 * i64::from(slot.remember_days)));
            self.c.person.slots.insert(id.clone(), Remembered { value: value.clone(), until });
        }
        self.c.slots.insert(id.clone(), value);
    }

    /// The first slot that an answer needs and that is not known.
    pub(super) fn missing(&self, answer: &Answer) -> Option<&Slot> {
        let region = answer.only_in.as_ref().and(self.voice().brand.region_slot.as_ref());
        let needs = answer.needs.iter().chain(region);
        needs.filter(|id| self.known(id).is_none()).find_map(|id| self.slot(id))
    }

    /// Asks for a slot, under what was said so far.
    pub(super) fn ask_slot(&mut self, reply: &mut Reply, id: &SlotId, answers: Vec<AnswerId>) {
        let Some(slot) = self.slot(id) else { return };
        self.decide(Decision::AskSlot(id.clone()));
        if slot.private && self.is_public() {
            self.add_line(reply, Line::PrivateOnly);
            return self.lead_into_private(reply, answers.first());
        }
        self.add_wording(reply, &format!("slot:{id}"), &slot.ask);
        self.log(EventFact::AskedSlot { slot: id.clone() });
        self.await_slot(reply, slot, answers, slot.tries);
    }

    fn await_slot(&mut self, reply: &mut Reply, slot: &Slot, answers: Vec<AnswerId>, tries_left: u8) {
        let choices = self.slot_choices(slot);
        if !choices.is_empty() {
            reply.ask(choices);
        }
        self.c.asking = Some(Asking { slot: slot.id.clone(), answers, tries_left, until: self.later(ASKING_STANDS) });
    }

    fn slot_choices(&self, slot: &Slot) -> Vec<Choice> {
        let pick = |value| Pick::Slot(slot.id.clone(), value);
        match &slot.kind {
            SlotKind::Choice(choices) => choices
                .iter()
                .filter_map(|choice| {
                    let label = localized(&choice.label, &self.locale(), &self.voice().brand.default_locale)?.clone();
                    Some(Choice { label, pick: pick(SlotValue::Choice(choice.id.clone())) })
                })
                .collect(),
            SlotKind::YesNo => [(Line::Yes, true), (Line::No, false)]
                .map(|(line, flag)| Choice { label: self.label(line), pick: pick(SlotValue::Flag(flag)) })
                .to_vec(),
            SlotKind::Pattern(_) | SlotKind::Text => Vec::new(),
        }
    }

    /// Takes the value of a slot and goes on with what waited for it.
    pub(super) fn fill_and_go_on(&mut self, slot: &SlotId, value: SlotValue, message: Option<&Message>) {
        self.fill(slot, value);
        let waiting = self.c.asking.take().map(|asking| asking.answers).unwrap_or_default();
        let waiting: Vec<_> = waiting.into_iter().map(|answer| (answer, 1.0)).collect();
        self.give(&waiting, Vec::new(), message);
    }

    /// Deals with a reply to a question of the bot; `false` when it is about something else.
    pub(super) fn slot_reply(&mut self, message: &Message, reading: &Reading) -> bool {
        let Some(asking) = self.c.asking.clone() else { return false };
        let gone = self.slot(&asking.slot).is_none();
        if gone || asking.until <= self.now() || reading.signals.correction {
            self.c.asking = None;
            return false;
        }
        let found = reading.found.iter().find(|found| found.slot == asking.slot);
        // Where any words would do, a question that has an answer is still a question.
        let any_words = self.slot(&asking.slot).is_some_and(|slot| matches!(slot.kind, SlotKind::Text));
        let asks = message.by_command || reading.signals.question_form;
        let question = any_words && asks && self.sure_of_something(reading);
        if let Some(found) = found.filter(|_| !question) {
            self.c.choices = None;
            self.fill_and_go_on(&asking.slot, found.value.clone(), Some(message));
            return true;
        }
        let signals = &reading.signals;
        // A word or two are a reply that does not fit, whatever else they look like; a question is one.
        let asks = signals.question_form || signals.words > REPLY_WORDS;
        let elsewhere = asks && self.sure_of_something(reading)
            || signals.never_mind
            || signals.asks_if_bot
            || signals.small_talk.is_some();
        if elsewhere {
            return false;
        }
        self.not_a_value(asking, message);
        true
    }

    /// The reply does not fit: asks again, and at last brings a person.
    fn not_a_value(&mut self, asking: Asking, message: &Message) {
        let Some(slot) = self.slot(&asking.slot) else { return };
        let Some(tries_left) = asking.tries_left.checked_sub(1) else {
            self.c.asking = None;
            self.hand_off(Reason::SlotFailed(slot.id.clone()), None, Some(message));
            return;
        };
        let mut reply = Reply::to(Some(message));
        if !self.add_wording(&mut reply, &format!("slot_retry:{}", slot.id), &slot.retry) {
            self.add_wording(&mut reply, &format!("slot:{}", slot.id), &slot.ask);
        }
        self.decide(Decision::AskSlot(slot.id.clone()));
        self.await_slot(&mut reply, slot, asking.answers, tries_left);
        self.send(reply);
    }
}
