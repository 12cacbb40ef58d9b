//! Things are kept as long as they may be, and no longer.

use housevoice::engine::*;
use housevoice::store::{Keeps, Limit};
use jiff::SignedDuration;

use super::support::*;
use super::*;

async fn rows(ground: &dyn Ground, table: &str) -> usize {
    ground.dump().await.iter().filter(|(of, _)| of == table).count()
}

async fn keep(store: &dyn Store, of: &str, what: Keeps, days: i64, now: jiff::Timestamp) -> u64 {
    let limit = Limit { what, keep: SignedDuration::from_hours(24 * days) };
    store.apply_retention(&brand(of), &[limit], now).await.unwrap()[0].rows
}

fn day(days: i64) -> jiff::Timestamp {
    minute(days * 24 * 60)
}

/// One message on the first day and one on the tenth, answered and sent, by different people; each was given a case that
/// was handed back.
async fn two_days(store: &dyn Store, of: &str) {
    for (who, at) in [("u1", day(0)), ("u2", day(10))] {
        let id = live(store, &message(of, who, direct(who), &format!("a-{who}"), "person", at)).await;
        let acts = [AgentAction::Note(NoteText::new("note")), AgentAction::HandBack];
        for (n, action) in acts.into_iter().enumerate() {
            let event = Event::Agent { agent: ana(), action };
            live(store, &to_conversation(of, id, &format!("e{n}-{who}"), event, at)).await;
        }
        live(store, &message(of, who, direct(who), &format!("b-{who}"), "hello", at)).await;
        while let Some(delivery) = store.claim(&brand(of), &console(), at, 1, &[]).await.unwrap().pop() {
            store.delivered(&brand(of), delivery.id, None, at).await.unwrap();
        }
    }
}

pub async fn each_table_keeps_as_long_as_it_is_told(ground: &dyn Ground) {
    let store = ground.open().await;
    two_days(&*store, "lumen").await;
    let tables = [
        (Keeps::Transcript, "transcript"),
        (Keeps::Outbox, "outbox"),
        (Keeps::Notes, "notes"),
        (Keeps::Decisions, "decisions"),
        (Keeps::Facts, "facts"),
        (Keeps::Cases, "cases"),
        (Keeps::InboxKeys, "inbox"),
        (Keeps::Conversations, "conversations"),
        (Keeps::People, "people"),
    ];
    assert_eq!(keep(&*store, "lumen", Keeps::Inbox, 5, day(11)).await, 4, "what came in on the first day");
    for (what, table) in tables {
        let all = rows(ground, table).await;
        assert_eq!(keep(&*store, "lumen", what, 30, day(11)).await, 0, "{table} is young enough");
        assert_eq!(rows(ground, table).await, all);
        let dropped = keep(&*store, "lumen", what, 5, day(11)).await;
        assert_eq!(usize::try_from(dropped).unwrap() * 2, all, "{table} is half too old");
        assert_eq!(rows(ground, table).await * 2, all);
        assert_eq!(keep(&*store, "lumen", what, 5, day(11)).await, 0);
    }
}

pub async fn what_is_open_stays(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "person", day(0))).await;
    let note = Event::Agent { agent: ana(), action: AgentAction::Note(NoteText::new("note")) };
    live(&*store, &to_conversation("lumen", id, "n1", note, day(0))).await;
    take(&*store, &message("lumen", "u2", direct("d2"), "m2", "not handled yet", day(0))).await;
    let before = ground.dump().await;
    let everything = [
        Keeps::Inbox,
        Keeps::InboxKeys,
        Keeps::Outbox,
        Keeps::Notes,
        Keeps::Cases,
        Keeps::Conversations,
        Keeps::People,
    ];
    for what in everything {
        if !matches!(what, Keeps::Inbox | Keeps::InboxKeys) {
            assert_eq!(keep(&*store, "lumen", what, 1, day(99)).await, 0, "{what:?}");
        }
    }
    assert_eq!(ground.dump().await, before);
    keep(&*store, "lumen", Keeps::InboxKeys, 1, day(99)).await;
    assert_eq!(rows(ground, "inbox").await, 1, "what was not handled stays");
    assert_eq!(handle_all(&*store, &lumen(), day(99)).await, 1);
}

pub async fn the_last_turns_go_with_the_transcript(ground: &dyn Ground) {
    let store = ground.open().await;
    let (inbox, id) = take(&*store, &message("lumen", "u1", direct("d1"), "m1", "hello", day(0))).await;
    let loaded = load(&*store, &lumen(), inbox, day(0)).await;
    let mut step = step_of(&loaded);
    step.conversation.turns.push(Turn { at: day(0), by: By::Customer, text: "hello".into(), message_id: None });
    assert_eq!(commit(&*store, &loaded, &step).await, Committed::Done);
    keep(&*store, "lumen", Keeps::Transcript, 30, day(20)).await;
    assert_eq!(store.conversation(&lumen(), id).await.unwrap().unwrap().turns.len(), 1);
    keep(&*store, "lumen", Keeps::Transcript, 30, day(40)).await;
    assert_eq!(store.conversation(&lumen(), id).await.unwrap().unwrap().turns, []);
}

pub async fn another_brand_keeps_its_own(ground: &dyn Ground) {
    let store = ground.open().await;
    two_days(&*store, "other").await;
    let before = ground.dump().await;
    for what in [
        Keeps::Transcript,
        Keeps::Inbox,
        Keeps::InboxKeys,
        Keeps::Outbox,
        Keeps::Notes,
        Keeps::Decisions,
        Keeps::Cases,
        Keeps::Facts,
        Keeps::Conversations,
        Keeps::People,
    ] {
        assert_eq!(keep(&*store, "lumen", what, 0, day(99)).await, 0);
    }
    assert_eq!(ground.dump().await, before);
}
