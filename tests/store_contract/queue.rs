//! What could not be sent can be looked at and tried again; how much waits is counted.

use housevoice::engine::*;
use housevoice::store::{Depth, Failed, LineState, NotPutBack, PutBack, Unsent, UnsentKind, UnsentState};
use housevoice::voice::Platform;

use super::outbox::with_effects;
use super::support::*;
use super::*;

fn blocked() -> Failed {
    Failed { reason: "blocked".to_owned(), gone: false, unsure: false }
}

async fn fail(store: &dyn Store, id: OutboxId) {
    store.failed(&lumen(), id, &blocked(), minute(1)).await.unwrap();
}

/// A message of somebody in private was answered, and the answer given up.
async fn given_up(store: &dyn Store) -> (ConversationId, OutboxId) {
    let id = live(store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let (out, _) = claim_words(store).await.unwrap();
    fail(store, out).await;
    (id, out)
}

async fn put_back(store: &dyn Store, id: OutboxId) -> PutBack {
    store.put_back(&lumen(), id, minute(2)).await.unwrap()
}

fn refused(why: NotPutBack) -> PutBack {
    PutBack::Refused(why)
}

pub async fn what_could_not_be_sent_is_told_with_why(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u1", help_channel("c1"), "m1", "late", start())).await;
    let (late, _) = claim_words(&*store).await.unwrap();
    store.out_of_date(&lumen(), late, minute(3)).await.unwrap();
    let case = live(&*store, &message("lumen", "u2", direct("d2"), "m2", "person", start())).await;
    let (first, second) = (claim_words(&*store).await.unwrap().0, claim_words(&*store).await.unwrap().0);
    fail(&*store, first).await;
    let unsure = Retry { error: "no answer".to_owned(), not_before: minute(9), unsure: true };
    store.retry(&lumen(), second, &unsure).await.unwrap();
    // What is sent, was overtaken or waits for its first try is not among it, nor what is another brand's.
    live(&*store, &message("lumen", "u3", direct("d3"), "m3", "sent", start())).await;
    let (sent, _) = claim_words(&*store).await.unwrap();
    store.delivered(&lumen(), sent, Some("p1"), start()).await.unwrap();
    live(&*store, &message("lumen", "u3", direct("d3"), "m4", "waits", start())).await;
    live(&*store, &message("other", "u4", direct("d4"), "m5", "other", start())).await;

    let unsent = store.unsent(&lumen()).await.unwrap();
    let of = |id: OutboxId| unsent.iter().find(|unsent| unsent.id == id).unwrap().clone();
    assert_eq!(unsent.len(), 3, "{unsent:#?}");
    assert_eq!(
        of(late),
        Unsent {
            id: late,
            platform: console(),
            place: "help".into(),
            customer: "Name of u1".into(),
            kind: UnsentKind::Bot,
            case: None,
            decided_at: start(),
            attempts: 1,
            reason: "out of date".into(),
            unsure: false,
            state: UnsentState::Late { at: minute(3) },
        }
    );
    let case = Some(CaseId { conversation: case, number: 1 });
    let (failed, again) = (of(first), of(second));
    assert_eq!((failed.reason.as_str(), failed.attempts, failed.case), ("blocked", 1, case));
    assert_eq!(failed.state, UnsentState::Failed { at: minute(1), has_words: true });
    assert_eq!((again.reason.as_str(), again.unsure, again.case), ("no answer", true, case));
    assert_eq!(again.state, UnsentState::Again { not_before: minute(9) });
    let mut kinds = [failed.kind, again.kind];
    kinds.sort_by_key(|kind| *kind == UnsentKind::Post);
    assert_eq!(kinds, [UnsentKind::Bot, UnsentKind::Post]);
}

pub async fn what_was_given_up_leaves_once_more(ground: &dyn Ground) {
    let store = ground.open().await;
    store.begin_serving().await.unwrap();
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", start())).await;
    let (out, words) = claim_words(&*store).await.unwrap();
    let lost = Failed { reason: "no answer".to_owned(), gone: true, unsure: true };
    store.failed(&lumen(), out, &lost, minute(1)).await.unwrap();
    assert_eq!(claim_words(&*store).await, None, "by itself it does not come again");
    // Somebody looks after it beside the process that serves.
    let beside = ground.open().await;
    assert_eq!(put_back(&*beside, out).await, PutBack::Done);
    assert_eq!(put_back(&*beside, out).await, refused(NotPutBack::OnItsWay), "once is enough");
    let line = store.transcript(&lumen(), id).await.unwrap().remove(1);
    assert_eq!(line.state, LineState::Waiting);
    assert_eq!(store.claim(&lumen(), &console(), minute(1), 9, &[]).await.unwrap(), [], "not before now");
    let again = store.claim(&lumen(), &console(), minute(2), 9, &[]).await.unwrap().remove(0);
    assert_eq!((again.id, again.attempt, support::words(&again.body)), (out, 2, Some(words)));
    assert!(again.unsure.is_some(), "the platform may have it");
    store.delivered(&lumen(), out, Some("p1"), minute(3)).await.unwrap();
    let line = store.transcript(&lumen(), id).await.unwrap().remove(1);
    assert_eq!((line.state, line.message_id.as_deref()), (LineState::Sent, Some("p1")));
    assert_eq!(store.unsent(&lumen()).await.unwrap(), []);
}

pub async fn what_fails_once_more_is_told_once_more(ground: &dyn Ground) {
    let store = ground.open().await;
    let (_, out) = given_up(&*store).await;
    assert_eq!(store.waiting(&lumen(), minute(9), 9).await.unwrap().len(), 1);
    let first = store.waiting(&lumen(), minute(9), 9).await.unwrap()[0].inbox;
    store.skip(&lumen(), first, "seen", minute(2)).await.unwrap();
    assert_eq!(put_back(&*store, out).await, PutBack::Done);
    let again = store.claim(&lumen(), &console(), minute(2), 1, &[]).await.unwrap().remove(0);
    assert_eq!(again.unsure, None, "the platform said that it has not got it");
    fail(&*store, out).await;
    assert_eq!(store.waiting(&lumen(), minute(9), 9).await.unwrap().len(), 1);
}

pub async fn what_cannot_be_tried_again_is_refused(ground: &dyn Ground) {
    let store = ground.open().await;
    assert_eq!(put_back(&*store, OutboxId(4711)).await, refused(NotPutBack::NotThere));
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "one", start())).await;
    let (sent, _) = claim_words(&*store).await.unwrap();
    assert_eq!(put_back(&*store, sent).await, refused(NotPutBack::OnItsWay));
    store.delivered(&lumen(), sent, Some("p1"), start()).await.unwrap();
    assert_eq!(put_back(&*store, sent).await, refused(NotPutBack::Sent));
    live(&*store, &message("lumen", "u2", help_channel("c1"), "m2", "two", start())).await;
    let (late, _) = claim_words(&*store).await.unwrap();
    store.out_of_date(&lumen(), late, minute(1)).await.unwrap();
    assert_eq!(put_back(&*store, late).await, refused(NotPutBack::TooLate));
    // Given up, and then somebody of the team takes over.
    live(&*store, &message("lumen", "u3", direct("d3"), "m3", "three", start())).await;
    let (overtaken, _) = claim_words(&*store).await.unwrap();
    fail(&*store, overtaken).await;
    let other = store.put_back(&brand("other"), overtaken, minute(2)).await.unwrap();
    assert_eq!(other, refused(NotPutBack::NotThere), "it is not another brand's");
    live(&*store, &message("lumen", "u3", direct("d3"), "m4", "person", start())).await;
    assert_eq!(put_back(&*store, overtaken).await, refused(NotPutBack::Overtaken));
    // Superseded while it waited.
    live(&*store, &message("lumen", "u4", direct("d4"), "m5", "four", start())).await;
    let before = store.claim(&lumen(), &console(), start(), 9, &[]).await.unwrap();
    let superseded = before.iter().find(|out| words(&out.body).as_deref() == Some("re: four")).unwrap().id;
    store.retry(&lumen(), superseded, &later("not now", minute(9))).await.unwrap();
    live(&*store, &message("lumen", "u4", direct("d4"), "m6", "person", start())).await;
    send_all(&*store).await;
    assert_eq!(put_back(&*store, superseded).await, refused(NotPutBack::Overtaken));
}

/// The event that a message could not be sent closes its conversation, and counts as so many changes.
async fn closes(store: &dyn Store, epochs: u64) {
    let inbox = store.waiting(&lumen(), minute(1), 1).await.unwrap()[0].inbox;
    let loaded = load(store, &lumen(), inbox, minute(1)).await;
    let mut step = step_of(&loaded);
    assert!(matches!(step.conversation.phase, Phase::Closed { .. }));
    step.conversation.epoch += epochs;
    assert_eq!(commit(store, &loaded, &step).await, Committed::Done);
}

pub async fn that_it_closed_its_conversation_is_no_other_owner(ground: &dyn Ground) {
    let store = ground.open().await;
    let (_, out) = given_up(&*store).await;
    closes(&*store, 1).await;
    assert_eq!(put_back(&*store, out).await, PutBack::Done);
    let again = store.claim(&lumen(), &console(), minute(2), 9, &[]).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].id, out);
    // It has gone on in between.
    live(&*store, &message("lumen", "u2", direct("d2"), "m2", "hello", start())).await;
    let (other, _) = claim_words(&*store).await.unwrap();
    fail(&*store, other).await;
    closes(&*store, 2).await;
    assert_eq!(put_back(&*store, other).await, refused(NotPutBack::Overtaken));
}

pub async fn one_that_was_put_back_is_checked_like_any_other(ground: &dyn Ground) {
    let store = ground.open().await;
    let (id, out) = given_up(&*store).await;
    assert_eq!(put_back(&*store, out).await, PutBack::Done);
    live(&*store, &message("lumen", "u1", direct("d1"), "m2", "person", minute(2))).await;
    let left = store.claim(&lumen(), &console(), minute(2), 9, &[]).await.unwrap();
    assert!(left.iter().all(|delivery| delivery.id != out), "somebody else owns the conversation: {left:#?}");
    let line = store.transcript(&lumen(), id).await.unwrap().remove(1);
    assert_eq!((line.text.as_str(), line.state), ("re: hello", LineState::Superseded));
}

/// Somebody whose answer was given up, with a word in it to be found again.
async fn canary(ground: &dyn Ground, store: &dyn Store) -> (ConversationId, OutboxId) {
    let id = live(store, &message("lumen", "u1", direct("d1"), "m1", "CANARY", start())).await;
    let (out, _) = claim_words(store).await.unwrap();
    fail(store, out).await;
    assert!(has_canary(ground, "outbox").await, "the words are kept: else the test is too weak");
    (id, out)
}

async fn has_canary(ground: &dyn Ground, table: &str) -> bool {
    let holds = |value: &Option<String>| value.as_deref().is_some_and(|value| value.contains("CANARY"));
    let rows = ground.dump().await;
    rows.iter().any(|(of, row)| of == table && row.iter().any(|(_, value)| holds(value)))
}

pub async fn words_of_what_was_given_up_go_with_the_person(ground: &dyn Ground) {
    let store = ground.open().await;
    let (_, out) = canary(ground, &*store).await;
    let person = store.person(&lumen(), &console(), "u1").await.unwrap().unwrap();
    store.erase_person(&lumen(), person, minute(2)).await.unwrap().unwrap();
    assert!(!has_canary(ground, "outbox").await);
    assert!(!ground.on_disk("CANARY").await, "words that were given up are still on disk");
    assert_eq!(put_back(&*store, out).await, refused(NotPutBack::NotThere));
}

pub async fn words_of_what_was_given_up_go_with_what_was_deleted(ground: &dyn Ground) {
    let store = ground.open().await;
    let note = StaffPost::Note {
        case: CaseId { conversation: ConversationId(1), number: 1 },
        agent: ana(),
        text: NoteText::new("CANARY"),
    };
    with_effects(&*store, &message("lumen", "u1", direct("d1"), "m1", "CANARY", start()), vec![Effect::Staff(note)])
        .await;
    let (out, _) = claim_words(&*store).await.unwrap();
    fail(&*store, out).await;
    assert!(has_canary(ground, "outbox").await);
    let deleted = Event::Deleted { message_id: "m1".into() };
    live(&*store, &event("lumen", "u1", direct("d1"), "e1", deleted, minute(2))).await;
    assert!(!has_canary(ground, "outbox").await, "a post for the team repeats what was deleted");
    assert_eq!(put_back(&*store, out).await, refused(NotPutBack::NoWords));
}

pub async fn how_much_waits_is_counted_of_every_brand_at_once(ground: &dyn Ground) {
    let store = ground.open().await;
    assert!(store.depths().await.unwrap().is_empty());
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "one", start())).await;
    live(&*store, &message("lumen", "u2", direct("d2"), "m2", "person", minute(1))).await;
    take(&*store, &message("lumen", "u1", direct("d1"), "m3", "unread", minute(4))).await;
    take(&*store, &message("lumen", "u1", direct("d1"), "m4", "unread too", minute(5))).await;
    take(&*store, &message("other", "u3", direct("d3"), "m5", "unread", minute(6))).await;
    let depths = store.depths().await.unwrap();
    let lumens = Depth {
        inbox: 2,
        oldest_unanswered: Some(minute(4)),
        parked: 0,
        outbox: [("answer", 1), ("case", 1), ("staff", 1)].into(),
        oldest_unsent: Some(start()),
        cases: [("queued".to_owned(), 1)].into(),
    };
    let others = Depth { inbox: 1, oldest_unanswered: Some(minute(6)), ..Depth::default() };
    let expected = [((lumen(), console()), lumens), ((brand("other"), console()), others)];
    assert_eq!(depths, expected.into());

    // What is done is not counted; what was set aside is; what fires by itself is no customer who waits.
    send_all(&*store).await;
    handle_all(&*store, &lumen(), minute(6)).await;
    let waiting = store.waiting(&brand("other"), minute(6), 1).await.unwrap()[0].inbox;
    let stumble = housevoice::store::Stumble { error: "x".to_owned(), at: minute(6), again_at: minute(6), tries: 1 };
    store.stumbled(&brand("other"), waiting, &stumble).await.unwrap();
    live(&*store, &message("lumen", "u9", direct("d9"), "m9", "wait 1", minute(6))).await;
    assert_eq!(store.fire_due(&lumen(), minute(9)).await.unwrap(), 1);
    let depths = store.depths().await.unwrap();
    let lumens = &depths[&(lumen(), console())];
    assert_eq!((lumens.inbox, lumens.oldest_unanswered), (1, None));
    let others = &depths[&(brand("other"), console())];
    assert_eq!((others.inbox, others.parked), (0, 1));
    assert!(!depths.contains_key(&(lumen(), Platform::from("housevoice"))));
}
