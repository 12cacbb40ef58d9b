//! What was seen of a run from outside: every step that was written down, and everything that the platform was asked to
//! send, with what it was decided by and how the conversation stood when it left.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use housevoice::engine::*;
use housevoice::voice::BrandId;
use jiff::Timestamp;

use super::ops::{Answer, Meant};

/// What a message was meant to say, and to whom.
#[derive(Clone, Debug)]
pub struct Message {
    pub meant: Meant,
    pub place: PlaceKind,
    pub mention: bool,
    pub conversation: ConversationId,
}

impl Message {
    /// Whether it speaks to the bot where the bot listens.
    pub fn is_to_bot(&self) -> bool {
        self.place == PlaceKind::Direct || self.mention && self.place != PlaceKind::Muted
    }
}

/// Whose a conversation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub brand: usize,
    pub who: usize,
    pub place: Place,
}

/// A step that was written down.
#[derive(Clone, Debug)]
pub struct Stepped {
    pub at: Timestamp,
    pub event: Event,
    pub before: Conversation,
    pub after: Conversation,
    pub effects: Vec<Effect>,
    /// Which of its events had overtaken the message at hand.
    pub early: bool,
}

impl Stepped {
    pub fn sends(&self) -> impl Iterator<Item = &Outgoing> {
        self.effects.iter().filter_map(|effect| if let Effect::Send(out) = effect { Some(out) } else { None })
    }

    pub fn bot_sends(&self) -> impl Iterator<Item = &Outgoing> {
        self.sends().filter(|out| out.by == SaidBy::Bot)
    }

    pub fn posts(&self) -> impl Iterator<Item = &StaffPost> {
        self.effects.iter().filter_map(|effect| if let Effect::Staff(post) = effect { Some(post) } else { None })
    }

    pub fn facts(&self) -> impl Iterator<Item = &EventFact> {
        self.effects.iter().filter_map(|effect| if let Effect::Log(fact) = effect { Some(fact) } else { None })
    }

    pub fn changes(&self) -> impl Iterator<Item = &CaseChange> {
        self.facts().filter_map(|fact| if let EventFact::Case { change, .. } = fact { Some(change) } else { None })
    }

    /// Whether a customer caused it.
    pub fn is_of_customer(&self) -> bool {
        self.event.is_of_customer()
    }
}

/// Something that a step decided to send.
#[derive(Clone, Debug)]
pub struct Decided {
    pub step: usize,
    pub conversation: ConversationId,
    pub epoch: u64,
    pub stretch: u32,
    pub at: Timestamp,
    pub body: Body,
}

impl Decided {
    /// Whether a change of owner overtakes it.
    pub fn is_automatic(&self) -> bool {
        match &self.body {
            Body::Send(out) => out.by == SaidBy::Bot && out.lane != Lane::Safety,
            Body::React { .. } => true,
            Body::Staff(_) => false,
        }
    }
}

/// Something that the platform was asked to send.
#[derive(Clone, Debug)]
pub struct Asked {
    pub at: Timestamp,
    /// How many steps had been taken by then.
    pub after: usize,
    /// Of which brand's adapter it was asked.
    pub of: usize,
    pub delivery: Delivery,
    pub answer: Answer,
    pub decided: Option<Decided>,
    /// How the conversation stood then; none: there is no such conversation any more.
    pub stood: Option<Conversation>,
    /// Whether something else to this customer waited for another try.
    pub past_others: bool,
}

/// Everything that was seen.
#[derive(Default)]
pub struct Ledger {
    pub steps: Vec<Stepped>,
    pub asked: Vec<Asked>,
    pub live: BTreeMap<ConversationId, Conversation>,
    pub people: BTreeMap<(BrandId, PersonId), Person>,
    pub addresses: BTreeMap<ConversationId, Address>,
    /// Messages by brand and number.
    pub messages: BTreeMap<(BrandId, String), Message>,
    /// What was decided and not asked for yet.
    pub undelivered: Vec<Decided>,
    pub answers: VecDeque<Answer>,
    /// Edits by the number of the edited message: what it was meant to say then.
    pub edits: BTreeMap<(BrandId, String), Meant>,
    /// Messages that were edited or deleted before they were handled themselves.
    pub early: BTreeSet<(BrandId, String)>,
    handled: BTreeSet<(BrandId, String)>,
    deliveries: BTreeMap<OutboxId, Decided>,
    waits: BTreeMap<OutboxId, ConversationId>,
    stretches: BTreeMap<ConversationId, u32>,
    /// How many rows waited when the epoch rose.
    pub overtaken: u64,
    /// Steps that are taken at the same time, which are seen in any order.
    pub race: Option<Vec<(Inbound, Step, Timestamp)>>,
}

pub type Shared = Arc<Mutex<Ledger>>;

impl Ledger {
    /// From here on, steps are taken at the same time.
    pub fn race_begins(&mut self) {
        self.race = Some(Vec::new());
    }

    /// They are done: they are put into the order in which they were written down.
    pub fn race_ends(&mut self) {
        let mut steps = self.race.take().unwrap_or_default();
        let claims = |step: &Step| step.effects.iter().any(is_claim);
        steps.sort_by_key(|(_, step, _)| (step.conversation.epoch, !claims(step)));
        steps.into_iter().for_each(|(inbound, step, at)| self.stepped(&inbound, &step, at));
    }

    pub fn stepped(&mut self, inbound: &Inbound, step: &Step, at: Timestamp) {
        let after = step.conversation.clone();
        let person_key = (after.brand.clone(), after.person.id);
        let mut before = self.live.get(&after.id).cloned().unwrap_or_else(|| fresh(&after));
        if let Some(person) = self.people.get(&person_key) {
            before.person = person.clone();
        }
        let message = inbound.event.message_id().map(|id| (after.brand.clone(), id.to_owned()));
        let mut early = false;
        if let Some(message) = message {
            match &inbound.event {
                Event::Message(_) => {
                    early = self.early.contains(&message);
                    self.handled.insert(message);
                }
                _ if !self.handled.contains(&message) => drop(self.early.insert(message)),
                _ => {}
            }
        }
        if after.epoch > before.epoch {
            let tried = self.waits.keys().filter_map(|id| self.deliveries.get(id));
            let overtaken = |decided: &&Decided| decided.conversation == after.id && decided.is_automatic();
            self.overtaken += self.undelivered.iter().chain(tried).filter(overtaken).count() as u64;
        }
        let stepped = Stepped { at, event: inbound.event.clone(), before, after, effects: step.effects.clone(), early };
        let stretch = self.stretches.entry(stepped.after.id).or_default();
        *stretch += u32::from(begins_a_stretch(&stepped));
        for effect in &stepped.effects {
            let body = match effect {
                Effect::Send(out) => Body::Send(out.clone()),
                Effect::React { message_id, emoji } => {
                    Body::React { message_id: message_id.clone(), emoji: emoji.clone() }
                }
                Effect::Staff(post) => Body::Staff(post.clone()),
                Effect::Silent(_) | Effect::Log(_) | Effect::Redact { .. } | Effect::Forget { .. } => continue,
            };
            let (step, conversation, epoch) = (self.steps.len(), stepped.after.id, stepped.after.epoch);
            self.undelivered.push(Decided { step, conversation, epoch, stretch: *stretch, at, body });
        }
        self.people.insert(person_key, stepped.after.person.clone());
        self.live.insert(stepped.after.id, stepped.after.clone());
        self.steps.push(stepped);
    }

    pub fn ask(&mut self, of: usize, delivery: &Delivery, at: Timestamp) -> Answer {
        let answer = self.answers.pop_front().unwrap_or(Answer::Sent);
        let decided = self.deliveries.get(&delivery.id).cloned().or_else(|| self.find(delivery));
        if let Some(decided) = &decided {
            self.deliveries.insert(delivery.id, decided.clone());
        }
        let stood = self.live.get(&delivery.conversation).cloned();
        self.waits.remove(&delivery.id);
        let past_others = self.waits.values().any(|waits| *waits == delivery.conversation);
        if matches!(answer, Answer::Later | Answer::Unsure) && !matches!(delivery.body, Body::Staff(_)) {
            self.waits.insert(delivery.id, delivery.conversation);
        }
        let after = self.steps.len();
        self.asked.push(Asked { at, after, of, delivery: delivery.clone(), answer, decided, stood, past_others });
        answer
    }

    fn find(&mut self, delivery: &Delivery) -> Option<Decided> {
        let is_it = |decided: &Decided| {
            decided.conversation == delivery.conversation
                && decided.at == delivery.decided_at
                && decided.body == delivery.body
        };
        // Of two that are alike, the older one was overtaken; if it leaves all the same, it is left for the next.
        let at = self.undelivered.iter().rposition(is_it)?;
        Some(self.undelivered.remove(at))
    }

    /// A person is gone with all that hangs on them.
    pub fn erased(&mut self, brand: &BrandId, person: PersonId) {
        let gone = |c: &Conversation| c.brand == *brand && c.person.id == person;
        let ids: Vec<ConversationId> = self.live.values().filter(|c| gone(c)).map(|c| c.id).collect();
        self.live.retain(|_, c| !gone(c));
        self.people.remove(&(brand.clone(), person));
        self.undelivered.retain(|decided| !ids.contains(&decided.conversation));
        self.waits.retain(|_, conversation| !ids.contains(conversation));
    }

    /// The meaning of the message that a step is about.
    pub fn message_of(&self, step: &Stepped) -> Option<&Message> {
        let id = step.event.message_id()?;
        self.messages.get(&(step.after.brand.clone(), id.to_owned()))
    }
}

fn fresh(after: &Conversation) -> Conversation {
    let (platform, place) = (after.platform.clone(), after.place.clone());
    let person = Person {
        id: after.person.id,
        name: after.person.name.clone(),
        locale: None,
        disclosed_at: None,
        opted_out: false,
        slots: BTreeMap::new(),
        shown: BTreeMap::new(),
    };
    Conversation::new(after.id, after.brand.clone(), platform, place, person)
}

fn is_claim(effect: &Effect) -> bool {
    matches!(effect, Effect::Log(EventFact::Case { change: CaseChange::Claimed(_), .. }))
}

/// Whether somebody else has it from here on, or it waits anew.
fn begins_a_stretch(step: &Stepped) -> bool {
    let anew = |change: &CaseChange| {
        matches!(change, CaseChange::Released | CaseChange::Transferred(_) | CaseChange::Reopened)
    };
    step.before.owner() != step.after.owner()
        || step.facts().any(|fact| matches!(fact, EventFact::CaseOpened { .. }))
        || step.changes().any(anew)
}
