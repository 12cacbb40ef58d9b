//! Every state that can be reached by anything that can happen comes to its end, if only time goes on: a walk through all of
//! them, by what tells one state from another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use housevoice::engine::*;
use housevoice::voice::{BrandId, Platform};
use jiff::Timestamp;

use super::common::SHOP;
use super::ops::Meant;
use super::promises::{self};
use super::support::start;

/// How many things may happen before time alone goes on.
const DEEP: usize = 6;
/// How many times may come until the end.
const TIMES: usize = 12;

fn begin(kind: PlaceKind) -> Conversation {
    let place = Place { id: "p".into(), kind, name: String::new() };
    let person = Person {
        id: PersonId(7),
        name: "Sam".into(),
        locale: None,
        disclosed_at: None,
        opted_out: false,
        slots: BTreeMap::new(),
        shown: BTreeMap::new(),
    };
    Conversation::new(ConversationId(1), BrandId::from("lantern-loom"), Platform::from("console"), place, person)
}

/// What tells one state from another.
fn shape(c: &Conversation) -> String {
    let case = c.case().map(|case| (case.priority, case.quiet, case.told_rule.is_some(), case.team.clone()));
    let delayed = matches!(c.phase, Phase::Queued { delayed_at: None, .. });
    let waits = (c.asking.is_some(), c.choices.is_some(), c.held.as_ref().map(|held| held.why));
    let owner = match c.owner() {
        Owner::Agent(agent) => agent.id,
        Owner::Bot | Owner::Queue(_) => String::new(),
    };
    format!("{} {case:?} {delayed} {waits:?} {owner} {} {}", c.phase.name(), c.person.opted_out, c.misses)
}

fn events(now: Timestamp) -> Vec<Event> {
    let said = [
        Meant::Question(0),
        Meant::Slot,
        Meant::Nonsense,
        Meant::Safety,
        Meant::Legal,
        Meant::Person(0),
        Meant::Thanks,
        Meant::Hello,
        Meant::Stop,
        Meant::Angry,
        Meant::Yes,
        Meant::Picture,
    ];
    let message = |meant: Meant| {
        let photo = Attachment { kind: "photo".into(), ..Attachment::default() };
        let attachments = if meant == Meant::Picture { vec![photo] } else { Vec::new() };
        Event::Message(Message {
            id: "m".into(),
            at: now,
            text: meant.words(0).into(),
            mentions_bot: true,
            attachments,
            ..Message::default()
        })
    };
    let robin = Agent { id: "console:a0".into(), name: "Robin".into() };
    let deeds = [
        AgentAction::Claim { epoch: None },
        AgentAction::Reply { text: "Hello.".into(), attachments: Vec::new() },
        AgentAction::HandBack,
        AgentAction::Release,
        AgentAction::Transfer { team: "legal".into() },
        AgentAction::Close { outcome: "solved".into() },
    ];
    let others = [
        Event::Started { payload: None },
        Event::Picked(Pick::OfferYes),
        Event::Command(Command::Human),
        Event::DeliveryFailed { reason: "blocked".into(), gone: true },
        Event::DeliveryFailed { reason: "too long".into(), gone: false },
    ];
    let deeds = deeds.into_iter().map(|action| Event::Agent { agent: robin.clone(), action });
    said.into_iter().map(message).chain(deeds).chain(others).collect()
}

/// The first time that comes.
fn next(c: &Conversation) -> Option<(TimerKind, Timestamp)> {
    c.deadlines().into_iter().min_by_key(|(_, at)| *at)
}

/// Invariant 5: Every case reaches Closed under any event order if time goes on (model-check: no state without an exit timer).
fn comes_to_its_end(mut c: Conversation, mut now: Timestamp) {
    let from = shape(&c);
    for _ in 0..TIMES {
        if matches!(c.phase, Phase::Closed { .. }) {
            return;
        }
        let (kind, at) = next(&c).unwrap_or_else(|| panic!("invariant 5: no exit from {from}, at {:?}", c.phase));
        now = now.max(at);
        c = step(&SHOP, c, Event::Timer(kind), &Scene::at(now)).conversation;
    }
    panic!("invariant 5: {from} never ends: {:?}", c.phase);
}

#[test]
fn every_state_that_can_be_reached_comes_to_its_end() {
    let mut reached = BTreeSet::new();
    let mut phases = BTreeSet::new();
    for kind in [PlaceKind::Direct, PlaceKind::Help] {
        let mut open = VecDeque::from([(begin(kind), start(), 0)]);
        while let Some((c, now, deep)) = open.pop_front() {
            phases.insert(c.phase.name());
            comes_to_its_end(step_nothing(&c, now), now);
            if deep == DEEP {
                continue;
            }
            let due = next(&c).map(|(kind, at)| (Event::Timer(kind), now.max(at)));
            for (event, at) in events(now).into_iter().map(|event| (event, now)).chain(due) {
                let after = step(&SHOP, c.clone(), event, &Scene::at(at)).conversation;
                if reached.insert((format!("{kind:?}"), shape(&after))) {
                    open.push_back((after, at, deep + 1));
                }
            }
        }
    }
    let all = ["bot", "closed", "closing", "human", "offered", "queued", "resolved", "waiting_customer"];
    assert_eq!(phases.into_iter().collect::<Vec<_>>(), all, "every phase is reached");
    assert!(reached.len() > 100, "{} states are not many", reached.len());
}

/// A conversation in which nothing has happened has no times yet: something that changes nothing gives it one.
fn step_nothing(c: &Conversation, now: Timestamp) -> Conversation {
    match c.deadlines().is_empty() {
        true => {
            step(&SHOP, c.clone(), Event::DeliveryFailed { reason: String::new(), gone: false }, &Scene::at(now))
                .conversation
        }
        false => c.clone(),
    }
}

/// Invariant 14: CSAT at most once per case, never after safety/spam/erase: there is no sentence for one.
#[test]
fn no_sentence_asks_for_a_rating() {
    for line in housevoice::voice::Line::ALL {
        assert!(!promises::is_survey(line.key()), "{}", line.key());
    }
}
