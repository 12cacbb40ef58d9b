//! What the bot asks before it takes something in.

use housevoice::engine::{AgentAction, Event};
use jiff::SignedDuration;

use super::support::ground::Ground;
use super::support::*;
use super::{live, take};

pub async fn people_have_a_conversation_from_queue_to_end(ground: &dyn Ground) {
    let store = ground.open().await;
    let is = async |who: &str, place: &str| store.is_attended(&brand("lumen"), &console(), who, place).await.unwrap();
    assert!(!is("u1", "d1").await, "nobody was met yet");
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    assert!(!is("u1", "d1").await, "the bot has it");
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m2", "person please", start())).await;
    assert!(is("u1", "d1").await, "it waits");
    let agent = |action| Event::Agent { agent: ana(), action };
    let reply = AgentAction::Reply { text: "hi".into(), attachments: Vec::new() };
    let later = |minutes: i64| start() + SignedDuration::from_mins(minutes);
    live(&*store, &to_conversation("lumen", id, "a1", agent(AgentAction::Claim { epoch: None }), later(1))).await;
    assert!(is("u1", "d1").await, "somebody has it");
    live(&*store, &to_conversation("lumen", id, "a2", agent(reply), later(2))).await;
    assert!(is("u1", "d1").await, "somebody waits for them");
    assert!(!is("u2", "d1").await && !is("u1", "d2").await, "it is theirs, and there alone");
    let there = async |of: &str, on: &str| store.is_attended(&brand(of), &on.into(), "u1", "d1").await.unwrap();
    assert!(
        !there("other", "console").await && !there("lumen", "discord").await,
        "of this brand, and on this platform"
    );
    let closed = AgentAction::Close { outcome: "solved".into() };
    live(&*store, &to_conversation("lumen", id, "a3", agent(closed), later(3))).await;
    assert!(!is("u1", "d1").await, "it is over");
}

pub async fn what_waits_is_counted_for_each_brand(ground: &dyn Ground) {
    let store = ground.open().await;
    assert_eq!(store.waiting_by_brand().await.unwrap(), []);
    for n in 0..3 {
        take(&*store, &message("lumen", "u1", direct("d1"), &format!("m{n}"), "hello", start())).await;
    }
    take(&*store, &message("other", "u1", direct("d1"), "m0", "hello", start())).await;
    live(&*store, &message("third", "u1", direct("d1"), "m0", "hello", start())).await;
    assert_eq!(store.waiting_by_brand().await.unwrap(), [(brand("lumen"), 3), (brand("other"), 1)]);
}
