//! What may leave at a moment, and what is known of what does not.

use housevoice::engine::*;
use housevoice::store::{EVERYWHERE, Failed};

use super::outbox::with_effects;
use super::support::*;
use super::*;

/// Claims what may leave, by the number of the place.
async fn claim_places(store: &dyn Store, resting: &[&str]) -> Vec<String> {
    let resting: Vec<String> = resting.iter().map(|room| (*room).to_owned()).collect();
    let claimed = store.claim(&lumen(), &console(), start(), 9, &resting).await.unwrap();
    claimed.into_iter().map(|delivery| delivery.place.id).collect()
}

async fn says_hello(store: &dyn Store, who: &str, place: Place) {
    let id = format!("{who} in {}", place.id);
    live(store, &message("lumen", who, place, &id, "hello", start())).await;
}

pub async fn chatter_leaves_last_and_holds_up_nothing(ground: &dyn Ground) {
    let store = ground.open().await;
    let effects = vec![Effect::React { message_id: "m1".into(), emoji: "👋".into() }, Effect::Send(says("first"))];
    with_effects(&*store, &message("lumen", "u1", direct("d1"), "m1", "x", start()), effects).await;
    with_effects(
        &*store,
        &message("lumen", "u2", direct("d2"), "m2", "x", start()),
        vec![Effect::Send(says("second"))],
    )
    .await;
    assert_eq!(send_all(&*store).await, ["first", "second", "(no words)"]);
}

pub async fn of_each_room_one_leaves_at_a_time(ground: &dyn Ground) {
    let store = ground.open().await;
    for (who, place) in [("u1", "c1/1"), ("u2", "c1"), ("u3", "c1/2"), ("u4", "c2")] {
        says_hello(&*store, who, help_channel(place)).await;
    }
    assert_eq!(claim_places(&*store, &[]).await, ["c1/1", "c2"]);
    assert_eq!(claim_places(&*store, &[]).await, ["c1"]);
    assert_eq!(claim_places(&*store, &["c2"]).await, ["c1/2"]);
    assert_eq!(claim_places(&*store, &[]).await, Vec::<String>::new());
}

pub async fn nothing_leaves_for_a_room_that_rests(ground: &dyn Ground) {
    let store = ground.open().await;
    for (who, place) in [("u1", "c1/1"), ("u2", "c10")] {
        says_hello(&*store, who, help_channel(place)).await;
    }
    let post = StaffPost::Refused { agent: ana(), why: Refusal::NoCase };
    with_effects(&*store, &message("lumen", "u3", direct("d3"), "m3", "x", start()), vec![Effect::Staff(post)]).await;
    let mut by_token = message("lumen", "u4", direct("c1/u4"), "m4", "hello", start());
    let To::Customer { via, .. } = &mut by_token.to else { panic!() };
    *via = Some("token".into());
    live(&*store, &by_token).await;
    assert_eq!(claim_places(&*store, &["c1", EVERYWHERE]).await, Vec::<String>::new());
    assert_eq!(claim_places(&*store, &[EVERYWHERE]).await, ["c1/u4"], "a way of its own");
    assert_eq!(claim_places(&*store, &["c1", "c10"]).await, ["d3"]);
    assert_eq!(claim_places(&*store, &["c1", DESK]).await, ["c10"]);
    assert_eq!(claim_places(&*store, &[DESK]).await, ["c1/1"]);
}

pub async fn how_far_a_delivery_got_comes_with_it_again(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let first = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
    assert_eq!(first.progress, None);
    store.note_progress(&brand("other"), first.id, "not theirs").await.unwrap();
    store.note_progress(&lumen(), first.id, "half").await.unwrap();
    // The process dies, and another one goes on.
    drop(store);
    let store = ground.open().await;
    let again = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
    assert_eq!((again.id, again.progress.as_deref()), (first.id, Some("half")));
}

pub async fn what_was_claimed_without_being_heard_of_is_put_back(ground: &dyn Ground) {
    let store = ground.open().await;
    store.begin_serving().await.unwrap();
    for who in ["u1", "u2", "u3"] {
        says_hello(&*store, who, direct(who)).await;
    }
    let first = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
    let second = store.claim(&lumen(), &console(), start(), 1, &[]).await.unwrap().remove(0);
    let unsure = Retry { error: "no answer".to_owned(), not_before: start(), unsure: true };
    store.retry(&lumen(), second.id, &unsure).await.unwrap();
    // The answer of this one is lost.
    assert_eq!(claim_places(&*store, &[]).await, ["u2", "u3"]);
    assert_eq!(store.put_back_unheard(&brand("other"), &console(), &[]).await.unwrap(), 0);
    assert_eq!(store.put_back_unheard(&lumen(), &console(), &[first.id]).await.unwrap(), 2);
    let again = store.claim(&lumen(), &console(), start(), 9, &[]).await.unwrap();
    let seen: Vec<_> = again.iter().map(|row| (row.place.id.as_str(), row.attempt, row.unsure.is_some())).collect();
    assert_eq!(seen, [("u2", 3, true), ("u3", 2, true)], "nobody knows what became of them");
}

pub async fn what_comes_too_late_is_told_its_conversation(ground: &dyn Ground) {
    let store = ground.open().await;
    let effects = vec![Effect::React { message_id: "m1".into(), emoji: "👋".into() }, Effect::Send(says("late"))];
    with_effects(&*store, &message("lumen", "u1", direct("d1"), "m1", "x", start()), effects).await;
    let (words, _) = claim_words(&*store).await.unwrap();
    let (chatter, _) = claim_words(&*store).await.unwrap();
    ground.break_table("inbox").await;
    let before = ground.dump().await;
    assert!(store.out_of_date(&lumen(), words, minute(30)).await.is_err());
    assert_eq!(ground.dump().await, before, "it and its event go together");
    ground.mend_table("inbox").await;
    for out in [words, words, chatter] {
        store.out_of_date(&lumen(), out, minute(30)).await.unwrap();
    }
    let waiting = store.waiting(&lumen(), minute(30), 10).await.unwrap();
    assert_eq!(waiting.len(), 1, "once, and not for a reaction");
    let event = load(&*store, &lumen(), waiting[0].inbox, minute(30)).await.inbound.event;
    assert_eq!(event, Event::CameTooLate { decided_at: start() });
    handle_all(&*store, &lumen(), minute(30)).await;
    assert!(store.waiting(&lumen(), minute(30), 10).await.unwrap().is_empty());
}

pub async fn of_whoever_cannot_be_reached_it_is_known_where_else_they_wrote(ground: &dyn Ground) {
    let store = ground.open().await;
    says_hello(&*store, "u1", help_channel("c1")).await;
    says_hello(&*store, "u2", direct("u2")).await;
    // Opened, and never written in.
    live(&*store, &event("lumen", "u1", direct("d9"), "s1", Event::Started { payload: None }, start())).await;
    for (gone, number) in [(false, 0), (true, 1)] {
        let inbound = message("lumen", "u1", direct("d1"), &format!("m{number}"), "x", start());
        with_effects(&*store, &inbound, vec![Effect::Send(Outgoing { lane: Lane::Safety, ..says("now") })]).await;
        let (out, _) = claim_words(&*store).await.unwrap();
        store
            .failed(&lumen(), out, &Failed { reason: "blocked".to_owned(), gone, unsure: false }, start())
            .await
            .unwrap();
        let waiting = store.waiting(&lumen(), start(), 1).await.unwrap().remove(0);
        let scene = load(&*store, &lumen(), waiting.inbox, start()).await.scene;
        let places: Vec<Place> = scene.elsewhere.into_iter().map(|way| way.place).collect();
        assert_eq!(places, if gone { vec![help_channel("c1")] } else { vec![] });
        handle(&*store, &lumen(), waiting.inbox, start()).await;
    }
}
