//! Words that must not be kept are kept nowhere.

use housevoice::engine::*;
use housevoice::store::LineState;
use housevoice::understanding::{Question, Reading};

use super::support::*;
use super::*;

/// The step upon a message with a secret in it: the reading repeats the words, the effect covers them.
async fn covered(ground: &dyn Ground, effect: Effect) -> ConversationId {
    let store = ground.open().await;
    let (inbox, id) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "my card is CANARY", start())).await;
    let loaded = load(&*store, &lumen(), inbox, start()).await;
    let reading = Reading {
        normalized: "my card is CANARY".into(),
        questions: vec![Question { text: "CANARY".into(), candidates: vec![] }],
        ..Reading::default()
    };
    let why = Why { reading: Some(reading), decisions: vec![Decision::React], ..Why::default() };
    let step = Step { conversation: loaded.conversation.clone(), effects: vec![effect], why };
    assert_eq!(commit(&*store, &loaded, &step).await, Committed::Done);
    let decided = store.last_why(&lumen(), id).await.unwrap().unwrap();
    assert_eq!(decided.why.decisions, [Decision::React], "how it was decided stays");
    assert!(!mentions(ground, "CANARY").await);
    id
}

async fn mentions(ground: &dyn Ground, text: &str) -> bool {
    let dump = ground.dump().await;
    dump.iter().flat_map(|(_, row)| row).any(|(_, value)| value.as_deref().is_some_and(|value| value.contains(text)))
}

pub async fn covered_words_are_covered_everywhere(ground: &dyn Ground) {
    let redact = Effect::Redact { message_id: "m1".into(), text: "my card is ****".into() };
    let id = covered(ground, redact).await;
    let store = ground.open().await;
    let line = store.transcript(&lumen(), id).await.unwrap().remove(0);
    assert_eq!((line.text.as_str(), line.state), ("my card is ****", LineState::Redacted));
}

pub async fn deleted_words_are_gone_everywhere(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m0", "an earlier CANARY", start())).await;
    live(&*store, &message("lumen", "u2", direct("d2"), "m0", "of somebody else", start()).clone_with("x0")).await;
    let gone = Event::Deleted { message_id: "m0".into() };
    let id = live(&*store, &event("lumen", "u1", direct("d1"), "e1", gone, minute(1))).await;
    let lines = store.transcript(&lumen(), id).await.unwrap();
    assert_eq!((lines[0].text.as_str(), lines[0].state), ("", LineState::Deleted));
    let dump = ground.dump().await;
    let by_customers = dump.iter().filter(|(table, _)| table == "inbox");
    assert!(
        by_customers.flat_map(|(_, row)| row).all(|(_, value)| value.as_deref().is_none_or(|v| !v.contains("CANARY")))
    );
    assert!(mentions(ground, "of somebody else").await, "the same number in another place is another message");
}

pub async fn a_changed_message_stands_as_it_is_now(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "first words", start())).await;
    let words = Message { id: "m1".into(), text: "second words".into(), ..Message::default() };
    live(&*store, &event("lumen", "u1", direct("d1"), "e1", Event::Edited(words), minute(1))).await;
    let unknown = Message { id: "m0".into(), text: "never seen before".into(), ..Message::default() };
    live(&*store, &event("lumen", "u1", direct("d1"), "e2", Event::Edited(unknown), minute(2))).await;
    let lines = store.transcript(&lumen(), id).await.unwrap();
    let customer: Vec<_> =
        lines.iter().filter(|line| line.by != Speaker::Bot).map(|line| (line.text.as_str(), line.state)).collect();
    assert_eq!(customer, [("second words", LineState::Edited), ("never seen before", LineState::Edited)]);
}

trait CloneWith {
    fn clone_with(&self, event_id: &str) -> Self;
}

impl CloneWith for Inbound {
    /// The same event under another number.
    fn clone_with(&self, event_id: &str) -> Self {
        Self { event_id: event_id.into(), ..self.clone() }
    }
}
