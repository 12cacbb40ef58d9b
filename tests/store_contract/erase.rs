//! A person who is erased is gone, and stays gone.

use housevoice::engine::*;
use housevoice::store::Received;
use housevoice::understanding::{Reading, SlotValue};
use housevoice::voice::SlotId;

use super::support::*;
use super::*;

/// Somebody whose every trace holds the word CANARY, in two places, with an open case, a note, and a message on its way.
async fn somebody(store: &dyn Store) -> PersonId {
    let place = Place { id: "CANARY-place".into(), kind: PlaceKind::Direct, name: "CANARY".into() };
    let inbound = message("lumen", "CANARY-u1", place, "m1", "person CANARY", start());
    let (inbox, id) = take(store, &inbound).await;
    let loaded = load(store, &lumen(), inbox, start()).await;
    let mut step = step_of(&loaded);
    step.conversation.turns.push(Turn { at: start(), by: By::Customer, text: "CANARY".into(), message_id: None });
    step.conversation.slots.insert(SlotId::from("order"), SlotValue::Text("CANARY".into()));
    step.conversation.person.shown.insert("CANARY".into(), Shown::default());
    step.why.reading = Some(Reading { normalized: "CANARY".into(), ..Reading::default() });
    step.effects.push(Effect::Send(Outgoing { by: SaidBy::Agent(ana()), ..says("dear CANARY") }));
    assert_eq!(commit(store, &loaded, &step).await, Committed::Done);
    let note = AgentAction::Note(NoteText::new("CANARY is nice"));
    live(store, &to_conversation("lumen", id, "n1", Event::Agent { agent: ana(), action: note }, minute(1))).await;
    take(store, &message("lumen", "CANARY-u1", help_channel("c1"), "m2", "unread CANARY", minute(2))).await;
    store.person(&lumen(), &console(), "CANARY-u1").await.unwrap().unwrap()
}

async fn traces(ground: &dyn Ground) -> Vec<String> {
    let dump = ground.dump().await;
    let holds = |(_, row): &&(String, Vec<(String, Option<String>)>)| {
        row.iter().any(|(_, value)| value.as_deref().is_some_and(|value| value.contains("CANARY")))
    };
    dump.iter().filter(holds).map(|(table, _)| table.clone()).collect()
}

pub async fn a_person_who_is_erased_leaves_no_word(ground: &dyn Ground) {
    let store = ground.open().await;
    let person = somebody(&*store).await;
    let before = traces(ground).await;
    for table in ["people", "identities", "conversations", "inbox", "transcript", "outbox", "notes", "decisions"] {
        assert!(before.iter().any(|with| with == table), "nothing of them in {table}: the test is too weak");
    }
    assert!(ground.on_disk("CANARY").await, "the test does not see what is on disk");
    let places = store.conversations(&lumen(), person).await.unwrap();
    assert_eq!(places.len(), 2);
    let out = store.claim(&lumen(), &console(), start(), 9, &[]).await.unwrap();
    let post = out.iter().find(|out| matches!(out.body, Body::Staff(_))).unwrap();
    store.delivered(&lumen(), post.id, Some("post-1"), start()).await.unwrap();
    let erased = store.erase_person(&lumen(), person, minute(3)).await.unwrap().unwrap();
    assert_eq!((erased.identities, erased.conversations, erased.lines), (1, 2, 3));
    assert_eq!(erased.posts, [(console(), "post-1".to_owned())], "copies where the team talks are named");
    assert_eq!(traces(ground).await, Vec::<String>::new());
    assert!(!ground.on_disk("CANARY").await, "erased words are still on disk");
    assert_eq!(store.erase_person(&lumen(), person, minute(3)).await.unwrap(), None);
}

pub async fn what_is_delivered_again_from_before_is_not_stored(ground: &dyn Ground) {
    let store = ground.open().await;
    let person = somebody(&*store).await;
    // The platform's clock is ahead of ours.
    take(&*store, &message("lumen", "CANARY-u1", direct("d1"), "m9", "CANARY", minute(10))).await;
    store.erase_person(&lumen(), person, minute(3)).await.unwrap().unwrap();
    let store = ground.open().await;
    for (id, at) in [("m1", start()), ("m2", minute(2)), ("m3", minute(3)), ("m9", minute(10))] {
        let again = message("lumen", "CANARY-u1", direct("d1"), id, "CANARY", at);
        assert_eq!(store.receive(&again, minute(20)).await.unwrap(), Received::Erased, "{id}");
    }
    assert_eq!(traces(ground).await, Vec::<String>::new());
}

pub async fn somebody_who_was_erased_can_begin_anew(ground: &dyn Ground) {
    let store = ground.open().await;
    let person = somebody(&*store).await;
    store.erase_person(&lumen(), person, minute(3)).await.unwrap().unwrap();
    let anew = message("lumen", "CANARY-u1", direct("d1"), "m5", "hello again", minute(4));
    let (inbox, _) = take(&*store, &anew).await;
    let loaded = load(&*store, &lumen(), inbox, minute(4)).await;
    assert_ne!(loaded.conversation.person.id, person);
    assert_eq!(loaded.conversation.phase, Phase::Bot);
    // And be erased again.
    store.erase_person(&lumen(), loaded.conversation.person.id, minute(5)).await.unwrap().unwrap();
    let again = message("lumen", "CANARY-u1", direct("d1"), "m5", "hello again", minute(4));
    assert_eq!(store.receive(&again, minute(6)).await.unwrap(), Received::Erased);
}

pub async fn others_are_left_alone(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u2", help_channel("c1"), "m0", "hello", start())).await;
    live(&*store, &message("other", "CANARY-u1", help_channel("c1"), "m0", "hello", start())).await;
    let before = ground.dump().await;
    let person = somebody(&*store).await;
    store.erase_person(&lumen(), person, minute(3)).await.unwrap().unwrap();
    let after = ground.dump().await;
    let left: Vec<_> =
        after.into_iter().filter(|(table, _)| !["tombstones", "cases", "facts"].contains(&table.as_str())).collect();
    assert_eq!(left, before);
    let same_elsewhere = message("other", "CANARY-u1", help_channel("c1"), "m1", "me again", minute(1));
    assert!(matches!(store.receive(&same_elsewhere, minute(9)).await.unwrap(), Received::Stored(..)));
}

pub async fn counts_stay(ground: &dyn Ground) {
    let store = ground.open().await;
    let person = somebody(&*store).await;
    let before = store.facts(&lumen(), start(), minute(99)).await.unwrap();
    store.erase_person(&lumen(), person, minute(3)).await.unwrap().unwrap();
    assert_eq!(store.facts(&lumen(), start(), minute(99)).await.unwrap(), before);
    assert!(!before.is_empty());
    let dump = ground.dump().await;
    let (_, case) = dump.iter().find(|(table, _)| table == "cases").expect("the case is still counted");
    assert!(case.contains(&("outcome".into(), Some("erased".into()))));
    assert_eq!(store.open_cases(&lumen()).await.unwrap(), []);
}

pub async fn what_was_on_its_way_is_not_sent(ground: &dyn Ground) {
    let store = ground.open().await;
    let person = somebody(&*store).await;
    let (out, _) = claim_words(&*store).await.unwrap();
    store.erase_person(&lumen(), person, minute(3)).await.unwrap().unwrap();
    assert_eq!(claim_words(&*store).await, None);
    assert!(store.waiting(&lumen(), minute(9), 9).await.unwrap().is_empty());
    // What was already at the platform reports back to nobody.
    store.delivered(&lumen(), out, Some("p1"), minute(4)).await.unwrap();
    assert_eq!(store.fire_due(&lumen(), minute(99_999)).await.unwrap(), 0);
}
