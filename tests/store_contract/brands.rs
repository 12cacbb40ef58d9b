//! Brands never meet, whatever numbers they share.

use housevoice::engine::*;
use housevoice::store::{Failed, Keeps, Limit, Received, Stumble};
use jiff::SignedDuration;

use super::support::*;
use super::*;

pub async fn nothing_crosses_between_brands(ground: &dyn Ground) {
    let store = ground.open().await;
    let brands = ["lumen", "other"];
    // The same people, places and numbers; only the words tell whose they are.
    for of in brands {
        for (n, words) in ["hello", "wait 5", "person"].into_iter().enumerate() {
            let text = format!("{words} canary-{of}");
            let text = if words == "hello" { text } else { words.to_owned() };
            live(&*store, &message(of, "u1", help_channel("c1"), &format!("m{n}"), &text, start())).await;
        }
        let id = store.open_cases(&brand(of)).await.unwrap()[0].case.conversation;
        let note = AgentAction::Note(NoteText::new(format!("canary-{of}")));
        live(&*store, &to_conversation(of, id, "n1", Event::Agent { agent: ana(), action: note }, start())).await;
    }
    for (of, not_of) in [("lumen", "other"), ("other", "lumen")] {
        let all = everything(&*store, &brand(of)).await;
        assert!(all.contains(&format!("canary-{of}")), "{all}");
        assert!(!all.contains(&format!("canary-{not_of}")), "{all}");
        let (inbox, _) = take(&*store, &message(of, "u1", help_channel("c1"), "m9", "x", minute(1))).await;
        let loaded = load(&*store, &brand(of), inbox, minute(1)).await;
        assert_eq!(
            (loaded.scene.queue_ahead, loaded.scene.heard.len()),
            (0, 4),
            "three messages, and the one word that was sent"
        );
    }
}

/// All that a brand can get to see.
async fn everything(store: &dyn Store, of: &BrandId) -> String {
    let mut all = String::new();
    for case in store.open_cases(of).await.unwrap() {
        let id = case.case.conversation;
        all += &format!("{case:?}");
        all += &format!("{:?}", store.conversation(of, id).await.unwrap());
        all += &format!("{:?}", store.transcript(of, id).await.unwrap());
        all += &format!("{:?}", store.notes(of, id).await.unwrap());
        all += &format!("{:?}", store.last_why(of, id).await.unwrap());
    }
    all += &format!("{:?}", store.facts(of, start(), minute(99)).await.unwrap());
    all += &format!("{:?}", store.waiting(of, minute(99), 99).await.unwrap());
    while let Some(delivery) = store.claim(of, &console(), start(), 1, &[]).await.unwrap().pop() {
        store.delivered(of, delivery.id, None, start()).await.unwrap();
        all += &format!("{delivery:?}");
    }
    all
}

/// With the numbers of one brand in the hands of another, nothing is found and nothing changes.
pub async fn a_number_of_another_brand_is_nobody(ground: &dyn Ground) {
    let store = ground.open().await;
    let other = brand("other");
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "wait 5", start())).await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m2", "person", start())).await;
    let (waiting, _) = take(&*store, &message("lumen", "u1", direct("d1"), "m3", "more", start())).await;
    let person = store.person(&lumen(), &console(), "u1").await.unwrap().unwrap();
    let out = claim_words(&*store).await.unwrap().0;

    let before = ground.dump().await;
    assert_eq!(store.load(&other, waiting, start()).await.unwrap(), None);
    assert_eq!(store.conversation(&other, id).await.unwrap(), None);
    assert_eq!(store.last_why(&other, id).await.unwrap(), None);
    assert!(store.transcript(&other, id).await.unwrap().is_empty());
    assert!(store.notes(&other, id).await.unwrap().is_empty());
    assert!(store.open_cases(&other).await.unwrap().is_empty());
    assert!(store.facts(&other, start(), minute(9)).await.unwrap().is_empty());
    assert!(store.waiting(&other, start(), 9).await.unwrap().is_empty());
    assert_eq!(store.person(&other, &console(), "u1").await.unwrap(), None);
    assert_eq!(store.claim(&other, &console(), minute(9), 9, &[]).await.unwrap(), []);
    assert_eq!(store.fire_due(&other, minute(999)).await.unwrap(), 0);
    assert_eq!(store.next_due(&other).await.unwrap(), None);
    store.delivered(&other, out, Some("x"), start()).await.unwrap();
    store.out_of_date(&other, out, start()).await.unwrap();
    assert!(store.conversations(&other, person).await.unwrap().is_empty());
    store.retry(&other, out, &later("x", start())).await.unwrap();
    store.failed(&other, out, &Failed { reason: "x".to_owned(), gone: true, unsure: false }, start()).await.unwrap();
    store.skip(&other, waiting, "x", start()).await.unwrap();
    let stumble = Stumble { error: "x".to_owned(), at: start(), again_at: start(), tries: 1 };
    assert_eq!(store.stumbled(&other, waiting, &stumble).await.unwrap(), None);
    assert_eq!(store.erase_person(&other, person, minute(9)).await.unwrap(), None);
    let keep_nothing = [Keeps::Transcript, Keeps::Inbox, Keeps::Facts, Keeps::Conversations, Keeps::People]
        .map(|what| Limit { what, keep: SignedDuration::ZERO });
    store.apply_retention(&other, &keep_nothing, minute(999_999)).await.unwrap();
    let act = to_conversation("other", id, "e1", Event::Started { payload: None }, start());
    assert_eq!(store.receive(&act, start()).await.unwrap(), Received::NoConversation);
    let mut stolen = load(&*store, &lumen(), waiting, start()).await;
    stolen.conversation.brand = other;
    assert_eq!(commit(&*store, &stolen, &step_of(&stolen)).await, Committed::Gone);
    assert_eq!(ground.dump().await, before);
}
