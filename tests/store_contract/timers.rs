//! What is due happens once, and not too soon.

use housevoice::engine::*;
use jiff::SignedDuration;

use super::support::*;
use super::*;

async fn waits(store: &dyn Store, minutes: i64, event_id: &str) -> ConversationId {
    live(store, &message("lumen", "u1", direct("d1"), event_id, &format!("wait {minutes}"), start())).await
}

pub async fn what_is_due_happens_once(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = waits(&*store, 5, "m1").await;
    assert_eq!(store.next_due(&lumen()).await.unwrap(), Some(minute(5)));
    assert_eq!(store.fire_due(&lumen(), minute(4)).await.unwrap(), 0);
    assert_eq!(store.fire_due(&lumen(), minute(6)).await.unwrap(), 1);
    assert_eq!(store.fire_due(&lumen(), minute(6)).await.unwrap(), 0);
    assert_eq!(store.next_due(&lumen()).await.unwrap(), None);
    let waiting = store.waiting(&lumen(), minute(6), 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    let loaded = load(&*store, &lumen(), waiting[0].inbox, minute(6)).await;
    assert_eq!(loaded.inbound.event, Event::Timer(TimerKind::SessionEnds));
    assert_eq!((loaded.inbound.at, loaded.conversation.id), (minute(5), id));
}

pub async fn what_is_due_happens_once_across_a_restart(ground: &dyn Ground) {
    let store = ground.open().await;
    waits(&*store, 5, "m1").await;
    drop(store);
    let store = ground.open().await;
    assert_eq!(store.fire_due(&lumen(), minute(6)).await.unwrap(), 1);
    // Another message is handled before the timer's event: the state still waits for the same time, which has fired.
    let (inbox, _) = take(&*store, &message("lumen", "u1", direct("d1"), "m2", "hi", minute(6))).await;
    handle(&*store, &lumen(), inbox, minute(6)).await;
    drop(store);
    let store = ground.open().await;
    assert_eq!(store.fire_due(&lumen(), minute(7)).await.unwrap(), 0, "it has fired already");
    assert_eq!(handle_all(&*store, &lumen(), minute(7)).await, 1);
    assert_eq!(store.fire_due(&lumen(), minute(600)).await.unwrap(), 0);
}

pub async fn a_timer_that_was_moved_does_not_fire_at_the_old_time(ground: &dyn Ground) {
    let store = ground.open().await;
    waits(&*store, 5, "m1").await;
    waits(&*store, 9, "m2").await;
    assert_eq!(store.fire_due(&lumen(), minute(6)).await.unwrap(), 0);
    assert_eq!(store.fire_due(&lumen(), minute(9)).await.unwrap(), 1);
}

pub async fn a_timer_never_fires_too_soon(ground: &dyn Ground) {
    let store = ground.open().await;
    let (inbox, _) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "hi", start())).await;
    let loaded = load(&*store, &lumen(), inbox, start()).await;
    let mut step = step_of(&loaded);
    let due = minute(5) + SignedDuration::from_nanos(1);
    step.conversation.session_ends = Some(due);
    assert_eq!(commit(&*store, &loaded, &step).await, Committed::Done);
    assert_eq!(store.fire_due(&lumen(), minute(5)).await.unwrap(), 0);
    let soon = minute(5) + SignedDuration::from_micros(1);
    assert_eq!(store.fire_due(&lumen(), soon).await.unwrap(), 1);
    let waiting = store.waiting(&lumen(), soon, 1).await.unwrap();
    assert!(load(&*store, &lumen(), waiting[0].inbox, soon).await.inbound.at >= due);
}
