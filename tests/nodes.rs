//! Processes that share a PostgreSQL database: who works, who has which duty, and what becomes of what a dead one was at.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use housevoice::bot::{Bot, Served, SystemClock};
use housevoice::engine::OutboxId;
use housevoice::store::postgres::Postgres;
use housevoice::store::{Committed, Duty, Failed, Received, Retry, Stamp, Store};
use sqlx::Connection;
use support::postgres::PostgresGround;
use support::{brand, console, direct, message, simple_step, start};
use tokio::sync::watch;

/// How long the word of a process holds that does not die in a test.
const LONG: Duration = Duration::from_secs(60);

fn duty() -> Duty {
    Duty { brand: brand("lumen"), platform: console(), part: 0 }
}

/// A process dies: its word holds no longer.
async fn dies(ground: &PostgresGround, which: i64) {
    let sql = format!(
        "UPDATE nodes SET until = 0 WHERE node = (SELECT node FROM nodes ORDER BY began_at LIMIT 1 OFFSET {which})"
    );
    ground.execute(sql).await;
}

async fn two(ground: &PostgresGround) -> [Arc<Postgres>; 2] {
    [ground.join(LONG).await, ground.join(LONG).await]
}

/// Somebody says something, and the answer is decided by a process.
async fn is_answered(store: &Postgres, who: &str) {
    says(store, who, "hello").await;
}

async fn says(store: &Postgres, who: &str, text: &str) {
    let inbound = message("lumen", who, direct(who), who, text, start());
    let Received::Stored(inbox, _) = store.receive(&inbound, start()).await.unwrap() else { panic!("not stored") };
    let loaded = store.load(&brand("lumen"), inbox, start()).await.unwrap().expect("it waits");
    let step = simple_step(loaded.conversation.clone(), loaded.inbound.event.clone(), &loaded.scene);
    let stamp = Stamp { at: start(), voice: "v1".to_owned(), desk: None };
    assert_eq!(store.commit(&loaded, &step, &stamp).await.unwrap(), Committed::Done);
}

async fn claims(store: &Postgres, at_most: usize) -> Vec<OutboxId> {
    let claimed = store.claim(&brand("lumen"), &console(), start(), at_most, &[]).await.unwrap();
    claimed.into_iter().map(|delivery| delivery.id).collect()
}

#[tokio::test]
async fn a_duty_is_one_processs_until_it_is_given_up_or_dies() {
    let Some(ground) = PostgresGround::new() else { return };
    let [first, second] = two(&ground).await;
    assert_eq!(first.at_work().await.unwrap(), 2);
    assert!(first.take_duty(&duty()).await.unwrap());
    assert!(first.take_duty(&duty()).await.unwrap(), "it stays its own");
    assert!(!second.take_duty(&duty()).await.unwrap());
    assert!(second.duties_taken().await.unwrap().contains(&duty().to_string()));
    first.give_up_duty(&duty()).await.unwrap();
    assert!(second.take_duty(&duty()).await.unwrap());
    dies(&ground, 1).await;
    assert!(first.duties_taken().await.unwrap().is_empty());
    // Whoever was taken for dead takes nothing, and is told so.
    assert!(!second.take_duty(&duty()).await.unwrap());
    assert!(first.take_duty(&duty()).await.unwrap());
    assert!(!second.stay().await.unwrap());
    assert!(!second.standing().holds());
    second.begin_serving().await.unwrap();
    assert!(second.standing().holds(), "it begins anew");
}

#[tokio::test]
async fn what_one_process_posts_for_the_team_is_on_its_way_for_all() {
    let Some(ground) = PostgresGround::new() else { return };
    let [first, second] = two(&ground).await;
    says(&first, "u1", "person").await;
    assert_eq!(second.posts_on_their_way(&brand("lumen"), &console()).await.unwrap(), []);
    let left = claims(&first, 9).await;
    let on_their_way = second.posts_on_their_way(&brand("lumen"), &console()).await.unwrap();
    assert!(on_their_way.len() == 1 && left.contains(&on_their_way[0]), "{on_their_way:?} of {left:?}");
}

#[tokio::test]
async fn a_conversation_is_worked_on_by_one_process_at_a_time() {
    let Some(ground) = PostgresGround::new() else { return };
    let [first, second] = two(&ground).await;
    let inbound = message("lumen", "u1", direct("d1"), "m1", "hello", start());
    let Received::Stored(inbox, _) = first.receive(&inbound, start()).await.unwrap() else { panic!("not stored") };
    assert_eq!(first.waiting(&brand("lumen"), start(), 9).await.unwrap().len(), 1);
    assert!(second.waiting(&brand("lumen"), start(), 9).await.unwrap().is_empty());
    assert!(second.load(&brand("lumen"), inbox, start()).await.unwrap().is_none());
    let slow = first.load(&brand("lumen"), inbox, start()).await.unwrap().unwrap();
    // It stands still; another one takes the conversation over.
    dies(&ground, 0).await;
    let quick = second.load(&brand("lumen"), inbox, start()).await.unwrap().expect("it is free");
    let step = simple_step(slow.conversation.clone(), slow.inbound.event.clone(), &slow.scene);
    let stamp = Stamp { at: start(), voice: "v1".to_owned(), desk: None };
    assert_eq!(first.commit(&slow, &step, &stamp).await.unwrap(), Committed::Conflict, "what it writes counts no more");
    assert_eq!(second.commit(&quick, &step, &stamp).await.unwrap(), Committed::Done);
    assert_eq!(first.commit(&slow, &step, &stamp).await.unwrap(), Committed::Gone);
}

#[tokio::test]
async fn what_a_dead_process_was_sending_is_sent_by_another_and_is_not_its_to_tell_of() {
    let Some(ground) = PostgresGround::new() else { return };
    let [first, second] = two(&ground).await;
    is_answered(&first, "u1").await;
    let [row] = claims(&first, 1).await[..] else { panic!("one row") };
    assert!(second.stay().await.unwrap());
    assert!(claims(&second, 9).await.is_empty(), "the first is at it");
    dies(&ground, 0).await;
    assert!(second.stay().await.unwrap());
    let taken = second.claim(&brand("lumen"), &console(), start(), 9, &[]).await.unwrap().remove(0);
    assert_eq!((taken.id, taken.unsure.is_some()), (row, true), "nobody knows whether it was sent");
    // The first wakes up and tells what it knows of a try that is no longer its own.
    let retry = Retry { error: "late".to_owned(), not_before: start(), unsure: false };
    first.retry(&brand("lumen"), row, &retry).await.unwrap();
    let failed = Failed { reason: "late".to_owned(), gone: true, unsure: false };
    first.failed(&brand("lumen"), row, &failed, start()).await.unwrap();
    assert!(claims(&second, 9).await.is_empty(), "it is on its way with the second, and stays so");
    assert!(second.waiting(&brand("lumen"), start(), 9).await.unwrap().is_empty(), "and nobody hears that it failed");
}

#[tokio::test]
async fn a_row_that_somebody_has_locked_makes_nobody_late() {
    let Some(ground) = PostgresGround::new() else { return };
    let [first, second] = two(&ground).await;
    for who in ["u1", "u2"] {
        is_answered(&first, who).await;
    }
    assert_eq!(claims(&first, 9).await.len(), 2);
    // The process stands still in the middle of writing something down, and its word runs out.
    let mut stuck = ground.connect().await;
    let mut transaction = stuck.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM outbox WHERE outbox_id = (SELECT MIN(outbox_id) FROM outbox) FOR UPDATE")
        .execute(&mut *transaction)
        .await
        .unwrap();
    dies(&ground, 0).await;
    // Did it wait for the lock, it would fail: nobody lets go of it.
    assert!(second.stay().await.unwrap());
    assert_eq!(claims(&second, 9).await.len(), 1, "the other row is free");
    transaction.rollback().await.unwrap();
    assert!(second.stay().await.unwrap());
    assert_eq!(claims(&second, 9).await.len(), 1, "and now this one");
}

#[tokio::test]
async fn whoever_leaves_is_followed_at_once() {
    let Some(ground) = PostgresGround::new() else { return };
    let [first, second] = two(&ground).await;
    is_answered(&first, "u1").await;
    assert!(first.take_duty(&duty()).await.unwrap());
    assert_eq!(claims(&first, 9).await.len(), 1);
    first.leave().await.unwrap();
    assert!(!first.standing().holds());
    assert!(second.take_duty(&duty()).await.unwrap());
    assert_eq!(claims(&second, 9).await.len(), 1);
}

#[tokio::test]
async fn what_was_taken_and_not_begun_is_let_go_and_what_was_begun_is_not() {
    let Some(ground) = PostgresGround::new() else { return };
    let [first, second] = two(&ground).await;
    let mut waiting = Vec::new();
    for who in ["u1", "u2", "u3"] {
        let inbound = message("lumen", who, direct(who), who, "hello", start());
        let Received::Stored(inbox, conversation) = first.receive(&inbound, start()).await.unwrap() else {
            panic!("not stored")
        };
        waiting.push((inbox, conversation));
    }
    assert_eq!(first.waiting(&brand("lumen"), start(), 9).await.unwrap().len(), 3);
    assert!(second.waiting(&brand("lumen"), start(), 9).await.unwrap().is_empty());
    let (begun, at_work) = waiting[0];
    let loaded = first.load(&brand("lumen"), begun, start()).await.unwrap().expect("it waits");
    assert_eq!(second.let_go(&[]).await.unwrap(), 0, "they are not its own");
    assert_eq!(first.let_go(&[at_work]).await.unwrap(), 2);
    let free: Vec<_> = second.waiting(&brand("lumen"), start(), 9).await.unwrap();
    assert_eq!(free.iter().map(|one| (one.inbox, one.conversation)).collect::<Vec<_>>(), waiting[1..]);
    let step = simple_step(loaded.conversation.clone(), loaded.inbound.event.clone(), &loaded.scene);
    let stamp = Stamp { at: start(), voice: "v1".to_owned(), desk: None };
    assert_eq!(first.commit(&loaded, &step, &stamp).await.unwrap(), Committed::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_leaves_what_it_has_not_begun_to_others_before_it_has_finished() {
    let Some(ground) = PostgresGround::new() else { return };
    let [first, second] = two(&ground).await;
    let open = Arc::new(AtomicBool::new(false));
    let until = Arc::clone(&open);
    let bot = Bot::new(Arc::clone(&first) as _, Arc::new(SystemClock));
    bot.serve(Served::stepping(brand("lumen"), "v1", move |conversation, event, scene| {
        // Not for ever: a test that fails must come to an end.
        let began = Instant::now();
        tokio::task::block_in_place(|| {
            while !until.load(Ordering::SeqCst) && began.elapsed() < Duration::from_secs(30) {
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        simple_step(conversation, event, scene)
    }));
    let people: Vec<String> = (0..20).map(|number| format!("u{number}")).collect();
    for who in &people {
        first.receive(&message("lumen", who, direct(who), who, "hello", start()), start()).await.unwrap();
    }
    let bot = Arc::new(bot);
    let (stop, stopped) = watch::channel(false);
    let work = tokio::spawn(Arc::clone(&bot).run(stopped));
    let held = "SELECT COUNT(*) FROM conversations WHERE holder IS NOT NULL";
    until_there_are(&ground, 20, held).await;
    stop.send_replace(true);
    // As many are worked on at the same time, and go on; the rest waits for nobody.
    until_there_are(&ground, 16, held).await;
    assert_eq!(second.waiting(&brand("lumen"), start(), 99).await.unwrap().len(), 4);
    assert!(!work.is_finished());
    open.store(true, Ordering::SeqCst);
    work.await.unwrap().unwrap();
    until_there_are(&ground, 16, "SELECT COUNT(*) FROM inbox WHERE done_at IS NOT NULL").await;
}

async fn until_there_are(ground: &PostgresGround, many: i64, count: &'static str) {
    let there = async {
        while sqlx::query_scalar::<_, i64>(count).fetch_one(&mut ground.connect().await).await.unwrap() != many {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), there).await.unwrap_or_else(|_| panic!("never {many}: {count}"));
}
