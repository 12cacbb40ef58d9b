//! What holds for every step, whatever is written, pressed or done in whatever order. What holds for what customers see of it
//! is in `invariants`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod common;

use std::collections::BTreeMap;

use common::SHOP;
use housevoice::engine::*;
use housevoice::voice::content::Inline;
use housevoice::voice::{BrandId, Platform};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

const NOTE: &str = "canary-note-6f1c";
const MORNING: &str = "2026-11-24T10:00:00Z";

fn person() -> Person {
    Person {
        id: PersonId(7),
        name: "Sam".into(),
        locale: None,
        disclosed_at: None,
        opted_out: false,
        slots: BTreeMap::new(),
        shown: BTreeMap::new(),
    }
}

fn conversation(kind: PlaceKind) -> Conversation {
    let place = Place { id: "p".into(), kind, name: String::new() };
    Conversation::new(ConversationId(1), BrandId::from("lantern-loom"), Platform::from("console"), place, person())
}

/// What a random hand does next.
#[derive(Clone, Debug)]
enum Act {
    Say(String),
    Mention(String),
    Voice,
    Press(usize),
    PressForged,
    Agent(u8, AgentAction),
    Wait(i64),
    /// The earliest due time is reached.
    Due,
    Start,
    Command(Command),
    Delete,
    Undeliverable,
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(vec![
            "how long does delivery take?", "germany", "LL-123456", "where is my parcel", "can I return a lamp?",
            "can I talk to a human", "thanks", "hi", "bye", "no, I meant the other one", "yes", "no", "2", "1", "never mind",
            "this is disgusting, third time I ask!!!", "I will call my lawyer", "stop bot", "start", "are you a bot?",
            "wie lange dauert die lieferung?", "ich will einen menschen sprechen", "asdf qwer", "lol", "who even needs lamps?",
            "how much is delivery and can I return a lamp?", "4242 4242 4242 4242", "my password is hunter2", "👍", "{{secret}} {{#each a}}",
            "@everyone <b>x</b> _*[", "\u{202E}evil", "", " ",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn agent_acts() -> impl Strategy<Value = AgentAction> {
    prop_oneof![
        Just(AgentAction::Claim { epoch: None }),
        (0u64..9).prop_map(|epoch| AgentAction::Claim { epoch: Some(epoch) }),
        Just(AgentAction::Reply { text: "Let me look.".into(), attachments: Vec::new() }),
        Just(AgentAction::Reply { text: " ".into(), attachments: Vec::new() }),
        Just(AgentAction::Note(NoteText::new(NOTE))),
        Just(AgentAction::HandBack),
        Just(AgentAction::Release),
        Just(AgentAction::Transfer { team: "orders".into() }),
        Just(AgentAction::Close { outcome: "solved".into() }),
    ]
}

fn acts() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => texts().prop_map(Act::Say),
        2 => texts().prop_map(Act::Mention),
        1 => Just(Act::Voice),
        2 => (0usize..5).prop_map(Act::Press),
        1 => Just(Act::PressForged),
        4 => (0u8..2, agent_acts()).prop_map(|(who, action)| Act::Agent(who, action)),
        2 => (0i64..400_000).prop_map(Act::Wait),
        3 => Just(Act::Due),
        1 => Just(Act::Start),
        1 => prop_oneof![Just(Command::Human), Just(Command::Privacy), Just(Command::Help)].prop_map(Act::Command),
        1 => Just(Act::Delete),
        1 => Just(Act::Undeliverable),
    ]
}

fn places() -> impl Strategy<Value = PlaceKind> {
    prop_oneof![3 => Just(PlaceKind::Direct), 1 => Just(PlaceKind::Help), 1 => Just(PlaceKind::General), 1 => Just(PlaceKind::Muted)]
}

struct World {
    c: Conversation,
    now: Timestamp,
    count: u32,
}

impl World {
    fn new(kind: PlaceKind) -> Self {
        Self { c: conversation(kind), now: MORNING.parse().unwrap(), count: 0 }
    }

    fn message(&mut self, text: &str) -> Message {
        self.count += 1;
        Message { id: format!("m{}", self.count), at: self.now, text: text.to_owned(), ..Message::default() }
    }

    fn event(&mut self, act: &Act) -> Event {
        match act {
            Act::Say(text) => Event::Message(self.message(text)),
            Act::Mention(text) => Event::Message(Message { mentions_bot: true, ..self.message(text) }),
            Act::Voice => {
                let attachments = vec![Attachment { kind: "voice".into(), name: String::new(), url: None }];
                Event::Message(Message { attachments, ..self.message("") })
            }
            Act::Press(n) => match self.c.choices.as_ref().and_then(|open| open.choices.get(*n)) {
                Some(choice) => Event::Picked(choice.pick.clone()),
                None => Event::Picked(Pick::NoneOfThese),
            },
            Act::PressForged => Event::Picked(Pick::Answer("no.such".into())),
            Act::Agent(who, action) => {
                let agent = Agent { id: format!("console:{who}"), name: ["Robin", "Ana"][usize::from(*who)].into() };
                Event::Agent { agent, action: action.clone() }
            }
            Act::Wait(seconds) => {
                self.now = self.now.saturating_add(SignedDuration::from_secs(*seconds)).unwrap();
                self.due(false)
            }
            Act::Due => self.due(true),
            Act::Start => Event::Started { payload: None },
            Act::Command(command) => Event::Command(*command),
            Act::Delete => Event::Deleted { message_id: format!("m{}", self.count) },
            Act::Undeliverable => Event::DeliveryFailed { reason: "blocked".into(), gone: true },
        }
    }

    /// The earliest timer; with `jump`, time goes on to it.
    fn due(&mut self, jump: bool) -> Event {
        let earliest = self.c.deadlines().into_iter().min_by_key(|(_, at)| *at);
        let (kind, at) = earliest.unwrap_or((TimerKind::SessionEnds, self.now));
        if jump {
            self.now = self.now.max(at);
        }
        Event::Timer(kind)
    }

    fn step(&mut self, act: &Act) -> (Event, Step) {
        let event = self.event(act);
        let step = step(&SHOP, self.c.clone(), event.clone(), &Scene::at(self.now));
        (event, step)
    }
}

fn bot_sends(step: &Step) -> Vec<&Outgoing> {
    step.effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Send(out) if out.by == SaidBy::Bot => Some(out),
            _ => None,
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_rules_of_a_conversation_hold(kind in places(), acts in prop::collection::vec(acts(), 1..25)) {
        let mut world = World::new(kind);
        for act in &acts {
            let before = world.c.clone();
            let (event, done) = world.step(act);
            // The same input gives the same step.
            let again = step(&SHOP, before.clone(), event.clone(), &Scene::at(world.now));
            prop_assert_eq!(&done, &again);

            // A person owns it: the bot says nothing to what customers do.
            let theirs = matches!(event, Event::Message(_) | Event::Edited(_) | Event::Deleted { .. } | Event::Picked(_) | Event::Started { payload: None } | Event::Command(_));
            // What is kept may always be asked.
            let asks_what_is_kept = event == Event::Command(Command::Privacy);
            if matches!(before.owner(), Owner::Agent(_)) && theirs && !asks_what_is_kept {
                prop_assert!(bot_sends(&done).is_empty(), "the bot talks over {:?}: {:?}", before.owner(), done.effects);
            }

            // The epoch never falls, and a change of owner always raises it.
            prop_assert!(done.conversation.epoch >= before.epoch);
            if done.conversation.owner() != before.owner() {
                prop_assert!(done.conversation.epoch > before.epoch, "{:?} -> {:?}", before.phase, done.conversation.phase);
            }

            // A timer that was due is over: the same time never comes twice.
            if let Event::Timer(kind) = event {
                let due = |c: &Conversation| c.deadlines().into_iter().find(|(k, at)| *k == kind && *at <= world.now);
                prop_assert!(due(&before).is_none() || due(&done.conversation) != due(&before), "{kind:?} stays due");
            }

            // Nothing is left open without a time at which it goes on.
            let closed = matches!(done.conversation.phase, Phase::Closed { .. });
            prop_assert!(closed || !done.conversation.deadlines().is_empty(), "{:?}", done.conversation.phase);

            for effect in &done.effects {
                if let Effect::Send(out) = effect {
                    let json = serde_json::to_string(out).unwrap();
                    prop_assert!(!json.contains(NOTE), "a note reached the customer");
                    // Links come from the voice, whatever people write.
                    for inline in out.content.paragraphs.iter().flatten() {
                        if let Inline::Link { url, .. } = inline {
                            prop_assert!(SHOP.voice.links.values().any(|link| link.url.values().any(|known| known == url)));
                        }
                    }
                    if out.by == SaidBy::Bot {
                        prop_assert!(!out.said.is_empty() && !out.content.is_empty(), "words from nowhere: {json}");
                    }
                }
            }
            // Every event of a customer ends in something: words, a reaction, a silence with a reason, or the team's eyes.
            prop_assert!(!done.effects.is_empty() || !theirs, "{event:?} left no trace");
            world.c = done.conversation;
        }

        // If time goes on, everything comes to an end.
        for _ in 0..20 {
            if matches!(world.c.phase, Phase::Closed { .. }) {
                break;
            }
            let (_, done) = world.step(&Act::Due);
            world.c = done.conversation;
        }
        prop_assert!(matches!(world.c.phase, Phase::Closed { .. }), "never ends: {:?}", world.c.phase);
    }
}
