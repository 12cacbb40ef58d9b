//! Gate 2: may the bot speak here? The first reason not to wins, and is stored.
//!
//! The order is that of the domain notes, 3.2. What depends on the answer (same answer, confidence, budget) is asked
//! once the answer is known, by [`Draft::may_give`].

use jiff::{SignedDuration, Timestamp};

use crate::engine::draft::Draft;
use crate::engine::{AuthorKind, Message, PersonId, PlaceKind, RepliesTo, Silence, Speaker};
use crate::understanding::Reading;
use crate::voice::{AnswerId, Ignore, SpeakWhen};

/// People who wrote this often within [`BACK_AND_FORTH`] are talking to each other.
const BACK_AND_FORTH_MESSAGES: usize = 3;
const BACK_AND_FORTH: SignedDuration = SignedDuration::from_mins(2);
/// The stretch that `max_public_per_10min` is about.
const BUDGET_STRETCH: SignedDuration = SignedDuration::from_mins(10);
/// Fewer words than this without the form of a question are not one, in public.
const MIN_WORDS: u16 = 3;

impl Draft<'_> {
    /// The first reason to keep silent about a message, whatever the answer would be.
    pub(in crate::engine) fn must_keep_silent(&self, message: &Message, reading: &Reading) -> Option<Silence> {
        self.author(message)
            .or_else(|| self.staff_spoke(message))
            .or_else(|| self.opted_out(reading))
            .or_else(|| self.place_is_muted())
            .or_else(|| self.not_addressed(message))
            .or_else(|| self.not_for_the_bot(message, reading))
            .or_else(|| self.too_old(message, reading))
    }

    /// The first reason of all to keep silent: no person wrote it.
    pub(in crate::engine) fn author(&self, message: &Message) -> Option<Silence> {
        match message.author {
            AuthorKind::Machine => Some(Silence::NotAPerson),
            AuthorKind::Person | AuthorKind::Staff => None,
        }
    }

    fn staff_spoke(&self, message: &Message) -> Option<Silence> {
        let staff_here = || self.heard_since(self.voice().silence.human_answered_within).any(|by| by == Speaker::Staff);
        let by_staff = message.author == AuthorKind::Staff;
        (by_staff || self.is_public() && !self.is_addressed(message) && staff_here()).then_some(Silence::StaffSpokeHere)
    }

    fn opted_out(&self, reading: &Reading) -> Option<Silence> {
        // Who asks for a person, or for the bot to start again, is heard all the same.
        let asks = reading.signals.opt_in || reading.signals.asks_for_person.is_some();
        (self.c.person.opted_out && !asks).then_some(Silence::OptedOut)
    }

    fn place_is_muted(&self) -> Option<Silence> {
        (self.c.place.kind == PlaceKind::Muted).then_some(Silence::ChannelNotAllowed)
    }

    /// Whether somebody spoke to the bot in a way that the voice listens to.
    pub(in crate::engine) fn is_addressed(&self, message: &Message) -> bool {
        let listens = |when: SpeakWhen| self.voice().silence.speak_when.contains(&when);
        self.expected
            || !self.is_public() && listens(SpeakWhen::Dm)
            || message.mentions_bot && listens(SpeakWhen::Mentioned)
            || message.replies_to == Some(RepliesTo::Bot) && listens(SpeakWhen::RepliedTo)
            || message.by_command && listens(SpeakWhen::Command)
            || message.opens_post && listens(SpeakWhen::NewForumPost)
    }

    /// Whether a message is what the bot waits for from this person: a choice, a value, a yes or no.
    pub(in crate::engine) fn is_expected(&self, message: &Message, reading: &Reading) -> bool {
        let asked = self.c.asking.as_ref().filter(|asking| asking.until > self.now());
        let value = asked.is_some_and(|asking| reading.found.iter().any(|found| found.slot == asking.slot));
        let needed = self.open_choices().is_some_and(|open| open.needed);
        let choice = needed && (self.typed_choice(&message.text).is_some() || reading.signals.yes_no.is_some());
        value || choice
    }

    fn not_addressed(&self, message: &Message) -> Option<Silence> {
        let help = self.c.place.kind == PlaceKind::Help
            && self.voice().silence.speak_when.contains(&SpeakWhen::QuestionInHelpChannel);
        (!self.is_addressed(message) && !help).then_some(Silence::NotAddressed)
    }

    /// In a help channel, a call for a person and what a rule brings to people need not be a question.
    fn not_for_the_bot(&self, message: &Message, reading: &Reading) -> Option<Silence> {
        if reading.signals.asks_for_person.is_some() || !reading.signals.rules.is_empty() {
            return None;
        }
        self.not_a_question(message, reading)
            .or_else(|| self.between_others(message))
            .or_else(|| self.person_answered(message))
    }

    /// Whether somebody wrote in public without speaking to the bot, or where it never speaks.
    pub(in crate::engine) fn speaks_to_others(&self, message: &Message) -> bool {
        self.is_public() && !self.is_addressed(message) || self.c.place.kind == PlaceKind::Muted
    }

    fn not_a_question(&self, message: &Message, reading: &Reading) -> Option<Silence> {
        if !self.is_public() {
            return None;
        }
        let signals = &reading.signals;
        let ignores = |what: Ignore| self.voice().silence.ignore.contains(&what);
        let only = match signals.only {
            None => false,
            Some(crate::understanding::Only::Link | crate::understanding::Only::Emoji) => true,
            Some(crate::understanding::Only::Quote) => ignores(Ignore::Quotes),
            Some(crate::understanding::Only::Code) => ignores(Ignore::CodeBlocks),
        };
        let chatter = signals.banter || signals.rhetorical || signals.words < MIN_WORDS && !signals.question_form;
        let forwarded = message.forwarded && ignores(Ignore::Forwarded);
        let silent = only || forwarded || chatter && !self.is_addressed(message);
        // A statement in a help channel is not a question either, unless it is put to the bot.
        let statement = !signals.question_form && !self.is_addressed(message);
        (silent || statement).then_some(Silence::NotAQuestion)
    }

    fn between_others(&self, message: &Message) -> Option<Silence> {
        if !self.is_public() || self.is_addressed(message) {
            return None;
        }
        // Several people who each ask something are not talking to each other.
        let since = self.since(BACK_AND_FORTH);
        let talk = self.scene.heard.iter().filter(|heard| heard.at > since && !heard.asks);
        let others = talk.filter(|heard| self.is_another_person(heard.by)).count();
        let to_somebody = message.replies_to == Some(RepliesTo::Person);
        (to_somebody || others >= BACK_AND_FORTH_MESSAGES).then_some(Silence::BetweenOthers)
    }

    /// Somebody else wrote after the question, and it was not a question of their own.
    fn person_answered(&self, message: &Message) -> Option<Silence> {
        if !self.is_public() || self.is_addressed(message) {
            return None;
        }
        let within = self.voice().silence.human_answered_within;
        let answered = self.scene.heard.iter().any(|heard| {
            // Platforms that count in seconds: in the same second somebody may have answered already.
            heard.at >= message.at
                && self.now().duration_since(heard.at) < within
                && !heard.asks
                && (self.is_another_person(heard.by) || heard.by == Speaker::Staff)
        });
        answered.then_some(Silence::PersonAnswered)
    }

    /// An answer can come too late; a person cannot, nor being left alone.
    fn too_old(&self, message: &Message, reading: &Reading) -> Option<Silence> {
        let signals = &reading.signals;
        let wish = signals.asks_for_person.is_some() || !signals.rules.is_empty() || signals.opt_out || signals.opt_in;
        if wish && self.is_addressed(message) {
            return None;
        }
        let age = self.now().duration_since(message.at);
        (self.is_public() && age > self.voice().silence.too_old_in_public).then_some(Silence::TooOld)
    }

    /// The first reason not to give this answer in public; `addressed`: somebody spoke to the bot.
    pub(in crate::engine) fn may_give(&self, answers: &[AnswerId], addressed: bool) -> Option<Silence> {
        if !self.is_public() {
            return None;
        }
        let cooldown = self.since(self.voice().silence.cooldown_same_answer);
        let bots = || self.scene.heard.iter().filter(|heard| heard.by == Speaker::Bot);
        let same =
            bots().any(|heard| heard.at > cooldown && answers.iter().any(|answer| heard.answers.contains(answer)));
        if same && !addressed {
            return Some(Silence::SameAnswerRecently);
        }
        let stretch = self.since(BUDGET_STRETCH);
        let said = bots().filter(|heard| heard.at > stretch).count();
        (said >= usize::from(self.voice().silence.max_public_per_10min)).then_some(Silence::BudgetUsedUp)
    }

    fn since(&self, ago: SignedDuration) -> Timestamp {
        self.now().saturating_sub(ago).unwrap_or(Timestamp::MIN)
    }

    fn heard_since(&self, ago: SignedDuration) -> impl Iterator<Item = Speaker> {
        let since = self.since(ago);
        self.scene.heard.iter().filter(move |heard| heard.at > since).map(|heard| heard.by)
    }

    fn is_another_person(&self, by: Speaker) -> bool {
        let me: PersonId = self.c.person.id;
        match by {
            Speaker::Person(id) => id != me,
            Speaker::Bot | Speaker::Staff | Speaker::Machine => false,
        }
    }
}
