//! Platforms keep no order and no time: a message after its edit or its deletion, a wish that is heard late. And what holds for
//! somebody who said stop, while a case of theirs is open.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod common;

use common::SHOP;
use housevoice::engine::*;
use housevoice::voice::{BrandId, Platform};
use jiff::{SignedDuration, Timestamp};

fn morning() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

/// A conversation with the moment at which it stands.
struct Chat(Conversation, Timestamp, u32);

impl Chat {
    fn begin(kind: PlaceKind) -> Self {
        let place = Place { id: "p1".into(), kind, name: "help".into() };
        let person = Person {
            id: PersonId(1),
            name: "Sam".into(),
            locale: None,
            disclosed_at: Some(morning()),
            opted_out: false,
            slots: Default::default(),
            shown: Default::default(),
        };
        let (brand, platform) = (BrandId::from("lantern-loom"), Platform::from("console"));
        Self(Conversation::new(ConversationId(1), brand, platform, place, person), morning(), 0)
    }

    fn take(&mut self, event: Event) -> Vec<Effect> {
        let step = step(&SHOP, self.0.clone(), event, &Scene::at(self.1));
        self.0 = step.conversation;
        step.effects
    }

    fn says(&mut self, text: &str) -> Vec<Effect> {
        self.2 += 1;
        self.take(Event::Message(Message { at: self.1, ..message(&format!("m{}", self.2), text) }))
    }
}

fn message(id: &str, text: &str) -> Message {
    Message { id: id.into(), at: morning(), text: text.into(), ..Message::default() }
}

/// What the bot says, by the names of its sentences.
fn said(effects: &[Effect]) -> Vec<String> {
    let sent = effects.iter().filter_map(|effect| if let Effect::Send(out) = effect { Some(out) } else { None });
    sent.flat_map(|out| out.said.iter().map(|said| said.what.clone())).collect()
}

#[test]
fn a_message_that_comes_after_its_deletion_is_a_deleted_one() {
    let mut chat = Chat::begin(PlaceKind::Direct);
    chat.take(Event::Deleted { message_id: "m1".into() });
    let effects = chat.take(Event::Message(message("m1", "Do you have a phone number?")));
    assert_eq!(said(&effects), [""; 0]);
    assert!(effects.contains(&Effect::Forget { message_id: "m1".into() }));
    let effects = chat.take(Event::Edited(message("m1", "Do you have a phone?")));
    assert!(effects.contains(&Effect::Forget { message_id: "m1".into() }), "an edit does not bring it back");
    assert!(chat.0.turns.iter().all(|turn| turn.text.is_empty()), "{:?}", chat.0.turns);
}

#[test]
fn a_message_that_comes_after_its_edit_says_what_the_edit_says() {
    let mut chat = Chat::begin(PlaceKind::Direct);
    assert_eq!(said(&chat.take(Event::Edited(message("m1", "Do you have a phone number?")))), [""; 0]);
    let effects = chat.take(Event::Message(message("m1", "Do you hvae a pohne?")));
    assert_eq!(said(&effects), ["answer:shop.contact"]);
    let words: Vec<&str> = chat.0.turns.iter().filter(|turn| turn.by == By::Customer).map(|turn| &*turn.text).collect();
    assert_eq!(words, ["Do you have a phone number?"], "once");
}

#[test]
fn what_is_asked_of_the_bot_in_public_is_heard_hours_later() {
    for (text, heard) in [("can I talk to a human", "queued"), ("I will call my lawyer", "queued"), ("stop", "bot")] {
        let mut chat = Chat::begin(PlaceKind::Help);
        chat.1 += SignedDuration::from_hours(3);
        let effects = chat.take(Event::Message(Message { mentions_bot: true, ..message("m1", text) }));
        assert_eq!(chat.0.phase.name(), heard, "{text}");
        assert!(!said(&effects).is_empty(), "{text}");
    }
    let mut chat = Chat::begin(PlaceKind::Help);
    chat.1 += SignedDuration::from_hours(3);
    let question = Message { mentions_bot: true, ..message("m1", "Do you have a phone number?") };
    assert!(
        chat.take(Event::Message(question)).contains(&Effect::Silent(Silence::TooOld)),
        "nobody waits for an answer"
    );
}

#[test]
fn who_said_stop_is_left_alone_while_their_case_waits() {
    let mut chat = Chat::begin(PlaceKind::Direct);
    chat.says("stop");
    assert_eq!(said(&chat.says("can I talk to a human")), ["line:handoff_open"]);
    chat.1 += SignedDuration::from_mins(40);
    for text in ["hello? is anybody there", "I will call my lawyer"] {
        let effects = chat.says(text);
        assert_eq!(said(&effects), [""; 0], "{text}");
        let wrote = |effect: &Effect| matches!(effect, Effect::Staff(StaffPost::CustomerWrote { .. }));
        assert!(effects.iter().any(wrote), "the team sees {text}");
    }
    assert_eq!(said(&chat.says("my lamp is on fire")), ["rule:product_safety"]);
}

#[test]
fn who_asks_the_bot_to_start_again_beside_a_person_is_answered_afterwards() {
    let robin = Agent { id: "console:1".into(), name: "Robin".into() };
    let mut chat = Chat::begin(PlaceKind::Direct);
    chat.says("can I talk to a human");
    chat.take(Event::Agent { agent: robin.clone(), action: AgentAction::Claim { epoch: None } });
    chat.says("stop");
    assert!(chat.0.person.opted_out);
    chat.says("start");
    chat.take(Event::Agent { agent: robin, action: AgentAction::HandBack });
    assert_eq!(said(&chat.says("Do you have a phone number?")), ["answer:shop.contact"]);
}
