//! A customer wrote, pressed or opened something: through the gates, then on to what they want.

use super::draft::Draft;
use super::{
    AuthorKind, By, Command, Decision, Effect, Held, HeldWhy, Message, Owner, Phase, Pick, Reason, Silence, StaffPost,
};
use crate::understanding::{Hints, Reading};
use crate::voice::{Droppable, Line};

/// A piece of a message is this short at most.
const PIECE_WORDS: usize = 4;
/// No more than this many pieces are put together into one message.
const MAX_PIECES: usize = 10;

impl Draft<'_> {
    /// A private conversation was opened without a question.
    pub(super) fn started(&mut self, payload: Option<String>) {
        match self.c.owner() {
            Owner::Queue(_) => self.silent(Silence::WaitingForAgent),
            Owner::Agent(_) => self.silent(Silence::PersonOwnsCase),
            Owner::Bot => {
                self.c.person.opted_out = false;
                let about = payload.and_then(|payload| self.voice().answer_of_payload(&payload)).map(|a| a.id.clone());
                match about {
                    Some(id) => self.give(&[(id, 1.0)], Vec::new(), None),
                    None => self.say_line(Line::Welcome, None),
                }
            }
        }
    }

    /// A command that every platform offers.
    pub(super) fn command(&mut self, command: Command) {
        match (command, self.c.owner()) {
            // What is kept may always be asked, whoever has the case.
            (Command::Privacy, Owner::Bot | Owner::Queue(_) | Owner::Agent(_)) => self.say_line(Line::Privacy, None),
            (Command::Human | Command::Help, Owner::Agent(_)) => {
                self.tell_command(command);
                self.silent(Silence::PersonOwnsCase);
            }
            (Command::Human | Command::Help, Owner::Queue(_)) => self.silent(Silence::WaitingForAgent),
            // A case that the bot owns is one that was ended.
            (Command::Human, Owner::Bot) => match self.c.case().cloned() {
                Some(case) => self.reopen(case),
                None => self.hand_off(Reason::AskedForPerson, None, None),
            },
            (Command::Help, Owner::Bot) => self.say_line(Line::Welcome, None),
        }
    }

    /// The team sees that a command was used while it has the case.
    fn tell_command(&mut self, command: Command) {
        if let Some(case) = self.c.case().map(|case| case.id) {
            let text = format!("/{}", command.name());
            self.staff(StaffPost::CustomerWrote { case, text, attachments: Vec::new() });
        }
    }

    /// A message: kept, put together with what was held, and dealt with.
    pub(super) fn message(&mut self, mut message: Message) {
        if self.came_after_its_deletion(&message) {
            return;
        }
        self.redact(&mut message);
        // The rest of an album of which the caption was read already.
        if !message.text.is_empty() {
            self.c.album = message.album.clone();
        }
        if !self.came_after_its_edit(&mut message) {
            self.remember_turn(By::Customer, &shown(&message), Some(&message.id));
        }
        // A public question goes on waiting beside what its author says next.
        let goes_on = self.c.held.as_ref().is_some_and(|held| held.why == HeldWhy::MayGoOn);
        let held = if goes_on { self.c.held.take() } else { None };
        let mut pieces = held.map(|held| held.pieces).unwrap_or_default();
        pieces.push(message);
        if let Some(whole) = put_together(&pieces) {
            self.deal_with(&whole, &pieces, None);
        }
    }

    /// Held words are due.
    pub(super) fn answer_held(&mut self) {
        let Some(held) = self.c.held.take() else { return };
        if let Some(whole) = put_together(&held.pieces) {
            self.deal_with(&whole, &held.pieces, Some(held.why));
        }
    }

    fn deal_with(&mut self, message: &Message, pieces: &[Message], released: Option<HeldWhy>) {
        if let Some(reason) = self.author(message) {
            self.silent(reason);
            return;
        }
        let mut reading = self.read(&message.text);
        if let [_, .., last] = pieces {
            self.hear_alone(&last.text, &mut reading);
        }
        if message.for_person {
            reading.signals.asks_for_person.get_or_insert_with(|| format!("/{}", Command::Human.name()));
        }
        self.why.reading = Some(reading.clone());
        self.feel(&reading);
        self.expected = self.is_expected(message, &reading);
        let latest = pieces.last().unwrap_or(message);
        if self.someone_else_owns(latest, &reading) {
            return;
        }
        self.passed("owner");
        if self.is_safety(&reading) && message.author == AuthorKind::Person {
            self.safety(message, &reading);
            return;
        }
        if let Some(reason) = self.must_keep_silent(message, &reading) {
            self.silent(reason);
            return;
        }
        self.passed("may_speak");
        if self.hard_rules(message, &reading) {
            return;
        }
        self.passed("must_hand_off");
        self.converse(message, &reading, pieces, released);
    }

    pub(super) fn read(&mut self, text: &str) -> Reading {
        let asked = self.c.asking.as_ref().filter(|asking| asking.until > self.now()).map(|asking| &asking.slot);
        let hints = Hints { locale: self.c.locale.as_ref().or(self.c.person.locale.as_ref()), asked };
        let reading = self.brand.understanding.read(text, hints);
        if let Some(locale) = &reading.locale {
            self.c.locale = Some(locale.clone());
            self.c.person.locale = Some(locale.clone());
        }
        reading
    }

    /// What must be heard in the last piece of a message sent in pieces, whatever stood before it.
    fn hear_alone(&self, last: &str, whole: &mut Reading) {
        let alone = self.brand.understanding.read(last, Hints { locale: self.c.locale.as_ref(), asked: None });
        let signals = &mut whole.signals;
        signals.asks_for_person = signals.asks_for_person.take().or(alone.signals.asks_for_person);
        signals.opt_out |= alone.signals.opt_out;
        signals.opt_in |= alone.signals.opt_in;
        for hit in alone.signals.rules {
            if !signals.rules.contains(&hit) {
                signals.rules.push(hit);
            }
        }
    }

    /// Safety words pass every limit. In public, unless somebody spoke to the bot, only the team is told.
    pub(super) fn safety(&mut self, message: &Message, reading: &Reading) {
        let Some(rule) = self.first_rule(reading) else { return };
        let quietly = self.speaks_to_others(message);
        self.hand_off_by_rule(rule, message, quietly);
    }

    /// What the customer wants, now that nothing stands against it: the first that fits.
    fn converse(&mut self, message: &Message, reading: &Reading, pieces: &[Message], released: Option<HeldWhy>) {
        let signals = &reading.signals;
        if signals.opt_out {
            return self.opt_out(message);
        }
        if signals.opt_in && self.c.person.opted_out {
            return self.opt_in(message);
        }
        if let Some(pick) = self.typed_choice(&message.text).or_else(|| self.yes_no_to_choices(reading)) {
            return self.picked(pick, Some(message));
        }
        if message.text.trim().is_empty() {
            return self.unreadable(message);
        }
        self.absorb(reading);
        if self.slot_reply(message, reading) || self.offer_reply(message, reading) {
            return;
        }
        if signals.asks_if_bot {
            return self.i_am_a_bot(message);
        }
        if self.may_go_on(message, reading, words_of_last(pieces), pieces.len(), released) {
            return self.hold(pieces, HeldWhy::MayGoOn);
        }
        if self.called_off(message, reading) || self.corrected(message, reading) || self.small_talk(message, reading) {
            return;
        }
        // A lone "ok", "yes" or emoji with nothing pending asks for nothing.
        if reading.questions.is_empty() || signals.yes_no.is_some() && signals.words <= 2 {
            return self.nothing_asked(message);
        }
        self.answer(message, reading, pieces, released);
    }

    /// Nothing is asked: a newcomer in private is told what can be, anybody else hears nothing.
    fn nothing_asked(&mut self, message: &Message) {
        let met = self.c.turns.iter().any(|turn| turn.by == By::Bot);
        if self.is_public() || met || self.c.person.disclosed_at.is_some() {
            self.silent(Silence::NothingToSay);
        } else {
            self.say_line(Line::Welcome, Some(message));
        }
    }

    fn i_am_a_bot(&mut self, message: &Message) {
        // The line says it itself.
        self.c.person.disclosed_at = Some(self.now());
        self.say_line(Line::IAmABot, Some(message));
    }

    /// A picture or a voice note without words: asks for words, and the second time brings a person.
    fn unreadable(&mut self, message: &Message) {
        if message.attachments.is_empty() || message.attachments.iter().all(|a| a.kind == "sticker") {
            return self.silent(Silence::NothingToSay);
        }
        // Pictures sent together are one thing that cannot be read.
        if message.album.is_some() && message.album == self.c.album {
            return self.silent(Silence::NothingToSay);
        }
        self.c.album = message.album.clone();
        self.c.misses = self.c.misses.saturating_add(1);
        if self.c.misses >= 2 {
            self.hand_off(Reason::Unreadable, None, Some(message));
        } else {
            self.say_line(Line::Unreadable, Some(message));
        }
    }

    /// Whether to wait for the rest of a message sent in pieces.
    fn may_go_on(
        &self,
        message: &Message,
        reading: &Reading,
        last_words: usize,
        pieces: usize,
        released: Option<HeldWhy>,
    ) -> bool {
        let signals = &reading.signals;
        let greeting = signals.small_talk.is_some() && !signals.only_thanks;
        let last = message.text.trim_end();
        let short = last_words <= PIECE_WORDS && !last.ends_with(['.', '!', '?', '…']);
        !self.is_public()
            && released.is_none()
            && pieces < MAX_PIECES
            && self.voice().silence.wait_for_more.is_positive()
            && message.attachments.is_empty()
            && !message.by_command
            && (signals.fragment || greeting || short)
            && !signals.correction
            && !signals.asks_if_bot
            && !(signals.never_mind && self.is_pending())
            && signals.yes_no.is_none()
            && !self.sure_of_something(reading)
    }

    /// Keeps words for later.
    pub(super) fn hold(&mut self, pieces: &[Message], why: HeldWhy) {
        let silence = &self.voice().silence;
        let (wait, reason) = match why {
            HeldWhy::MayGoOn => (silence.wait_for_more, Silence::WaitingForMore),
            HeldWhy::PeopleFirst => (silence.wait_before_public_answer, Silence::WaitingForPeople),
        };
        let due = self.later(wait);
        match &mut self.c.held {
            // A second public question of the same person waits with the first, and no longer than it.
            Some(held) if held.why == why => {
                held.pieces.extend_from_slice(pieces);
                held.pieces.truncate(MAX_PIECES);
            }
            held => *held = Some(Held { pieces: pieces.to_vec(), why, due }),
        }
        self.silent(reason);
    }

    /// Whether the bot waits for something, or something waits for the bot.
    fn is_pending(&self) -> bool {
        self.c.asking.is_some() || self.c.held.is_some() || self.open_choices().is_some_and(|open| open.needed)
    }

    fn called_off(&mut self, message: &Message, reading: &Reading) -> bool {
        if !(reading.signals.never_mind && self.is_pending()) {
            return false;
        }
        self.c.asking = None;
        self.c.held = None;
        self.c.choices = None;
        self.c.phase = Phase::Bot;
        self.say_line(Line::NeverMind, Some(message));
        true
    }

    fn small_talk(&mut self, message: &Message, reading: &Reading) -> bool {
        let Some(id) = &reading.signals.small_talk else { return false };
        let dropped = self.mood().is_some_and(|mood| mood.drop.contains(&Droppable::SmallTalk));
        let talk = self.voice().small_talk.iter().find(|talk| talk.id == *id).filter(|_| !dropped);
        let Some(talk) = talk else {
            self.silent(Silence::NothingToSay);
            return true;
        };
        self.decide(Decision::SmallTalk(id.clone()));
        self.log(super::EventFact::SmallTalk);
        let reacted = self.react(message, talk.react.as_deref());
        let mut reply = super::reply::Reply::to(Some(message));
        self.add_wording(&mut reply, &format!("small_talk:{id}"), &talk.say);
        if reply.is_empty() && !reacted {
            self.silent(Silence::NothingToSay);
        }
        // Thanks and goodbyes from somebody who never asked anything need no introduction.
        if reading.signals.only_thanks {
            reply.without_disclosure();
        }
        self.send(reply);
        true
    }

    /// Reacts, unless the mood leaves reactions out.
    fn react(&mut self, message: &Message, emoji: Option<&str>) -> bool {
        let dropped = self.mood().is_some_and(|mood| mood.drop.contains(&Droppable::Reactions));
        let Some(emoji) = emoji.filter(|_| !dropped) else { return false };
        self.decide(Decision::React);
        self.effects.push(Effect::React { message_id: message.id.clone(), emoji: emoji.to_owned() });
        true
    }

    /// Reacts to thanks after a case was ended, the way the voice's small talk does.
    pub(super) fn react_to_thanks(&mut self, message: &Message, reading: &Reading) -> bool {
        let id = reading.signals.small_talk.as_ref();
        let talk = self.voice().small_talk.iter().find(|talk| Some(&talk.id) == id);
        talk.is_some_and(|talk| self.react(message, talk.react.as_deref()))
    }

    /// A choice was pressed.
    pub(super) fn pressed(&mut self, pick: Pick) {
        match self.c.owner() {
            Owner::Agent(_) => return self.silent(Silence::PersonOwnsCase),
            Owner::Queue(_) => return self.silent(Silence::WaitingForAgent),
            Owner::Bot => {}
        }
        if matches!(self.c.phase, Phase::Closed { .. }) {
            self.c.phase = Phase::Bot;
        }
        let label = self.open_choices().and_then(|open| open.choices.iter().find(|choice| choice.pick == pick));
        let Some(label) = label.map(|choice| choice.label.clone()) else {
            return match pick {
                // A person who was offered is not refused because the answer took a while.
                Pick::OfferYes => self.hand_off(Reason::OfferAccepted, None, None),
                // Nor is what was suggested some messages ago.
                Pick::Answer(id) if self.voice().answer(&id).is_some() => self.give(&[(id, 1.0)], Vec::new(), None),
                Pick::Answer(_) | Pick::Slot(..) | Pick::OfferNo | Pick::NoneOfThese => {
                    self.say_line(Line::ChoiceExpired, None)
                }
            };
        };
        self.remember_turn(By::Customer, &label, None);
        self.picked(pick, None);
    }
}

fn words_of_last(pieces: &[Message]) -> usize {
    pieces.last().map_or(0, |piece| piece.text.split_whitespace().count())
}

/// One message out of pieces: their words, with the rest of the last one.
fn put_together(pieces: &[Message]) -> Option<Message> {
    let last = pieces.last()?.clone();
    let text = pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(" ");
    let mentions_bot = pieces.iter().any(|piece| piece.mentions_bot);
    Some(Message { text, mentions_bot, ..last })
}

/// A message as the team sees it: its words, and the names of what hangs on it.
fn shown(message: &Message) -> String {
    let names = message.attachments.iter().map(|attachment| format!("[{}]", attachment.label()));
    let parts = std::iter::once(message.text.clone()).chain(names);
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
