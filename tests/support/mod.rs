//! What the tests of stores and of the bot share: events, a step that answers simply, an adapter that remembers.
#![allow(dead_code, clippy::wildcard_enum_match_arm)]

pub mod catalogue;
pub mod ground;
pub mod postgres;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use housevoice::adapters::{Adapter, Incoming, SendError, Sent};
use housevoice::bot::{Bot, ManualClock, Served};
use housevoice::engine::*;
use housevoice::store::Store;
use housevoice::voice::{BrandId, Content, Locale, Platform, Priority, TeamId};
use jiff::{SignedDuration, Timestamp};

/// The moment at which every test begins.
pub fn start() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

/// So many minutes after the beginning.
pub fn minute(minutes: i64) -> Timestamp {
    start() + SignedDuration::from_mins(minutes)
}

pub fn brand(id: &str) -> BrandId {
    BrandId::from(id)
}

pub fn console() -> Platform {
    Platform::from("console")
}

pub fn direct(id: &str) -> Place {
    Place { id: id.into(), kind: PlaceKind::Direct, name: String::new() }
}

pub fn help_channel(id: &str) -> Place {
    Place { id: id.into(), kind: PlaceKind::Help, name: "help".into() }
}

pub fn sender(id: &str) -> Sender {
    Sender { id: id.into(), name: format!("Name of {id}"), locale: Locale::parse("en") }
}

/// A message of a customer; the event's and the message's number are the same.
pub fn message(brand_id: &str, who: &str, place: Place, id: &str, text: &str, at: Timestamp) -> Inbound {
    let message = Message { id: id.into(), text: text.into(), ..Message::default() };
    event(brand_id, who, place, id, Event::Message(message), at)
}

pub fn event(brand_id: &str, who: &str, place: Place, id: &str, event: Event, at: Timestamp) -> Inbound {
    Inbound {
        brand: brand(brand_id),
        platform: console(),
        event_id: id.into(),
        at,
        to: To::Customer { sender: sender(who), place, via: None },
        event,
    }
}

pub fn to_conversation(brand_id: &str, id: ConversationId, event_id: &str, event: Event, at: Timestamp) -> Inbound {
    Inbound {
        brand: brand(brand_id),
        platform: console(),
        event_id: event_id.into(),
        at,
        to: To::Conversation(id),
        event,
    }
}

pub fn ana() -> Agent {
    Agent { id: "agent-1".into(), name: "Ana".into() }
}

pub fn says(text: &str) -> Outgoing {
    Outgoing::new(Content::verbatim(text), SaidBy::Bot, Lane::Answer)
}

pub fn case_of(conversation: &Conversation, number: u32, at: Timestamp) -> Case {
    Case {
        id: CaseId { conversation: conversation.id, number },
        reason: Reason::AskedForPerson,
        team: TeamId::from("crew"),
        priority: Priority::Normal,
        opened_at: at,
        queued_at: at,
        last_agent: None,
        reopened: 0,
        quiet: false,
        told_rule: None,
    }
}

/// A step that does what the words say, so that a test reads as what happens: `person` queues, `wait 5` sets a session end in
/// five minutes, `panic` panics, `slow` takes its time, anything else is answered with `re: …`. Agents claim, reply, note and close.
pub fn simple_step(mut conversation: Conversation, event: Event, scene: &Scene) -> Step {
    let mut effects = Vec::new();
    match event {
        Event::Message(message) => on_words(&mut conversation, &message.text, scene, &mut effects),
        Event::Agent { agent, action } => on_agent(&mut conversation, agent, action, scene, &mut effects),
        Event::Timer(kind) => {
            conversation.session_ends = None;
            effects.push(Effect::Send(says(&format!("timer {kind:?}"))));
        }
        Event::DeliveryFailed { .. } => conversation.phase = Phase::Closed { how: Closed::Unreachable },
        Event::Command(Command::Human) => queue(&mut conversation, scene, &mut effects),
        Event::Deleted { message_id } => effects.push(Effect::Forget { message_id }),
        _ => effects.push(Effect::Silent(Silence::NothingToSay)),
    }
    Step { conversation, effects, why: Why::default() }
}

fn on_words(conversation: &mut Conversation, text: &str, scene: &Scene, effects: &mut Vec<Effect>) {
    match text.split_once(' ').unwrap_or((text, "")) {
        ("person", _) => queue(conversation, scene, effects),
        ("panic", _) => panic!("told to"),
        ("slow", _) => {
            std::thread::sleep(std::time::Duration::from_millis(400));
            effects.push(Effect::Send(says(&format!("re: {text}"))));
        }
        ("wait", minutes) => {
            conversation.session_ends = Some(scene.now + SignedDuration::from_mins(minutes.parse().unwrap()));
            effects.push(Effect::Send(says(&format!("re: {text}"))));
        }
        _ if conversation.owner() != Owner::Bot => effects.push(Effect::Silent(Silence::PersonOwnsCase)),
        _ => {
            let answer = Said { what: "answer:echo".into(), variant: 0, locale: Locale::parse("en").unwrap() };
            effects.push(Effect::Send(Outgoing { said: vec![answer], ..says(&format!("re: {text}")) }));
        }
    }
}

fn queue(conversation: &mut Conversation, scene: &Scene, effects: &mut Vec<Effect>) {
    conversation.cases += 1;
    conversation.epoch += 1;
    let case = case_of(conversation, conversation.cases, scene.now);
    effects.push(Effect::Log(EventFact::CaseOpened {
        case: case.id,
        reason: case.reason.clone(),
        priority: case.priority,
    }));
    effects.push(Effect::Send(Outgoing { lane: Lane::Case, ..says("a person will come") }));
    effects.push(Effect::Staff(StaffPost::Changed { case: case.id, what: CaseChange::Reopened }));
    let give_up_at = scene.now + SignedDuration::from_hours(24);
    conversation.phase = Phase::Queued { case, delayed_at: None, give_up_at, told_at: None };
}

fn on_agent(
    conversation: &mut Conversation,
    agent: Agent,
    action: AgentAction,
    scene: &Scene,
    effects: &mut Vec<Effect>,
) {
    let Some(mut case) = conversation.case().cloned() else { return };
    let later = scene.now + SignedDuration::from_hours(24);
    match action {
        AgentAction::Claim { .. } => {
            conversation.epoch += 1;
            conversation.phase = Phase::Human { case, agent, reassign_at: later };
        }
        AgentAction::Reply { text, .. } => {
            effects.push(Effect::Send(Outgoing { by: SaidBy::Agent(agent.clone()), lane: Lane::Case, ..says(&text) }));
            conversation.phase = Phase::WaitingCustomer { case, agent, quiet_at: later };
        }
        AgentAction::Note(text) => {
            effects.push(Effect::Staff(StaffPost::Note { case: case.id, agent, text }));
        }
        AgentAction::Close { outcome } => {
            conversation.epoch += 1;
            case.last_agent = Some(agent);
            conversation.phase = Phase::Resolved { case, outcome, close_at: later };
        }
        AgentAction::Spoke { .. } => {}
        AgentAction::HandBack | AgentAction::Release | AgentAction::Transfer { .. } => {
            conversation.epoch += 1;
            conversation.phase = Phase::Bot;
        }
    }
}

/// An adapter that remembers what it was asked to send; what it says comes from a list, and is yes when the list is empty.
#[derive(Default)]
pub struct Recorder {
    pub sent: Mutex<Vec<Delivery>>,
    pub answers: Mutex<Vec<Result<Sent, SendError>>>,
}

impl Recorder {
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// What customers were sent, in words.
    pub fn words(&self) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        sent.iter().filter_map(|delivery| words(&delivery.body)).collect()
    }

    /// The next answers, the first one first.
    pub fn will_say(&self, answers: Vec<Result<Sent, SendError>>) {
        *self.answers.lock().unwrap() = answers;
    }
}

pub fn words(body: &Body) -> Option<String> {
    match body {
        Body::Send(outgoing) => Some(outgoing.content.to_plain()),
        Body::React { .. } | Body::Staff(_) => None,
    }
}

#[async_trait]
impl Adapter for Recorder {
    type Event = Inbound;
    type Request = Delivery;

    fn inbound(&self, event: &Inbound) -> Vec<Incoming> {
        vec![Incoming::Event(event.clone())]
    }

    fn outbound(&self, delivery: &Delivery) -> Delivery {
        delivery.clone()
    }

    async fn send(&self, request: Delivery) -> Result<Sent, SendError> {
        let mut answers = self.answers.lock().unwrap();
        let answer =
            if answers.is_empty() { Ok(Sent::message(format_args!("out-{}", request.id))) } else { answers.remove(0) };
        self.sent.lock().unwrap().push(request);
        answer
    }
}

/// A bot for brands that take simple steps, on a clock that stands.
pub fn bot(store: Arc<dyn Store>, brands: &[&str], adapter: &Arc<Recorder>) -> (Bot, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(start()));
    let mut bot = Bot::new(store, Arc::clone(&clock) as _);
    for id in brands {
        bot = bot.on(brand(id), console(), Arc::clone(adapter) as _);
        bot.serve(Served::stepping(brand(id), "v1", simple_step));
    }
    (bot, clock)
}
