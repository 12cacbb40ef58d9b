//! The step while it is drafted: the conversation as it will be, the effects so far, and how it came about.

use jiff::{SignedDuration, Timestamp};

use super::{
    Brand, By, Conversation, Decision, Effect, EventFact, MAX_TURNS, OpenChoices, Phase, Scene, Silence, StaffPost,
    Step, Turn, Why,
};
use crate::understanding::{Reading, SlotValue};
use crate::voice::{ChoiceId, Hours, Locale, Mood, OpenOrClosed, Slot, SlotId, Voice};

/// How long a conversation of the bot goes on without a word before it counts as over.
pub(super) const SESSION: SignedDuration = SignedDuration::from_hours(24);
/// Characters of a turn that are kept at hand; the transcript keeps all.
const MAX_TURN_CHARS: usize = 2_000;
/// How long choices and questions of the bot stand.
pub(super) const ASKING_STANDS: SignedDuration = SignedDuration::from_mins(30);

/// The step while it is drafted.
pub(super) struct Draft<'b> {
    /// What speaks.
    pub brand: &'b Brand,
    /// When and where.
    pub scene: &'b Scene,
    /// The conversation as it will be.
    pub c: Conversation,
    /// What should be done.
    pub effects: Vec<Effect>,
    /// How it came about.
    pub why: Why,
    /// Whether the message at hand is the reply that the bot waits for from this person, so that it counts as
    /// addressed to the bot also in public.
    pub expected: bool,
    /// Whether nothing automatic is said about the case: the customer does not know of it, or asked the bot to stop.
    pub quiet: bool,
}

impl<'b> Draft<'b> {
    pub fn new(brand: &'b Brand, conversation: Conversation, scene: &'b Scene) -> Self {
        let quiet = conversation.person.opted_out || conversation.case().is_some_and(|case| case.quiet);
        Self { quiet, brand, scene, c: conversation, effects: Vec::new(), why: Why::default(), expected: false }
    }

    pub fn finish(mut self) -> Step {
        let now = self.now();
        self.c.person.slots.retain(|_, remembered| remembered.until > now);
        if matches!(self.c.phase, Phase::Bot | Phase::Offered { .. }) {
            self.c.session_ends = Some(self.later(SESSION));
        } else {
            self.c.session_ends = None;
        }
        Step { conversation: self.c, effects: self.effects, why: self.why }
    }

    pub fn voice(&self) -> &'b Voice {
        &self.brand.voice
    }

    pub fn now(&self) -> Timestamp {
        self.scene.now
    }

    /// A moment from now; the end of time when that is past it.
    pub fn later(&self, wait: SignedDuration) -> Timestamp {
        self.now().saturating_add(wait).unwrap_or(Timestamp::MAX)
    }

    /// The moment by which so much of the team's open time has passed.
    pub fn later_in_open_time(&self, wait: SignedDuration) -> Timestamp {
        self.voice().team_hours().map_or_else(|| self.later(wait), |hours| hours.after_open(self.now(), wait))
    }

    /// Whether the team is there.
    pub fn hours(&self) -> OpenOrClosed {
        match self.voice().team_hours().is_none_or(|hours: &Hours| hours.open_at(self.now())) {
            true => OpenOrClosed::Open,
            false => OpenOrClosed::Closed,
        }
    }

    pub fn is_public(&self) -> bool {
        self.c.place.kind.is_public()
    }

    /// The language to answer in.
    pub fn locale(&self) -> Locale {
        let wanted = self.c.locale.as_ref().or(self.c.person.locale.as_ref());
        wanted.map_or(&self.voice().brand.default_locale, |wanted| self.voice().locale_for(wanted)).clone()
    }

    /// The mood of this turn, by the irritation and joy of the reading and by how the conversation went before.
    pub fn feel(&mut self, reading: &Reading) {
        let before = self.c.irritation;
        self.c.irritation = reading.irritation.level.max(before.saturating_sub(1)).min(3);
        let happy = !reading.joy.is_empty();
        let fits = |mood: &&Mood| match mood.when {
            crate::voice::MoodWhen::AngerAtLeast(level) => self.c.irritation >= level,
            crate::voice::MoodWhen::Joy => happy && self.c.irritation == 0,
        };
        self.why.mood = self.voice().moods.iter().find(fits).map(|mood| mood.id.clone());
    }

    /// The mood of this turn.
    pub fn mood(&self) -> Option<&'b Mood> {
        let id = self.why.mood.as_ref()?;
        self.voice().moods.iter().find(|mood| mood.id == *id)
    }

    pub fn slot(&self, id: &SlotId) -> Option<&'b Slot> {
        self.voice().slots.get(id)
    }

    /// What is known of a slot: told in this conversation, or remembered.
    pub fn known(&self, id: &SlotId) -> Option<&SlotValue> {
        let remembered = || self.c.person.slots.get(id).filter(|r| r.until > self.now()).map(|r| &r.value);
        self.c.slots.get(id).or_else(remembered)
    }

    /// The region of the person, when the voice has regions and it is known.
    pub fn region(&self) -> Option<&ChoiceId> {
        match self.known(self.voice().brand.region_slot.as_ref()?)? {
            SlotValue::Choice(choice) => Some(choice),
            SlotValue::Text(_) | SlotValue::Flag(_) => None,
        }
    }

    pub fn decide(&mut self, decision: Decision) {
        self.why.decisions.push(decision);
    }

    pub fn log(&mut self, fact: EventFact) {
        self.effects.push(Effect::Log(fact));
    }

    pub fn staff(&mut self, post: StaffPost) {
        self.effects.push(Effect::Staff(post));
    }

    pub fn silent(&mut self, reason: Silence) {
        self.decide(Decision::StaySilent(reason));
        self.effects.push(Effect::Silent(reason));
        self.log(EventFact::Silent { reason });
    }

    pub fn passed(&mut self, gate: &str) {
        self.why.gates.push(gate.to_owned());
    }

    pub fn remember_turn(&mut self, by: By, text: &str, message_id: Option<&str>) {
        let text = text.chars().take(MAX_TURN_CHARS).collect();
        let turn = Turn { at: self.now(), by, text, message_id: message_id.map(str::to_owned) };
        self.c.turns.push(turn);
        let surplus = self.c.turns.len().saturating_sub(MAX_TURNS);
        self.c.turns.drain(..surplus);
    }

    /// Choices that still count.
    pub fn open_choices(&self) -> Option<&OpenChoices> {
        self.c.choices.as_ref().filter(|open| open.until > self.now())
    }

    /// Forgets what was going on, but not who the person is: a session or a stretch with a person is over.
    pub fn clean_slate(&mut self) {
        self.c.misses = 0;
        self.c.turns_without_answer = 0;
        self.c.asking = None;
        self.c.choices = None;
        self.c.held = None;
        self.c.slots.clear();
        self.c.given.clear();
        self.c.last_answer = None;
        self.c.irritation = 0;
        self.c.mood = None;
    }
}
