//! At work until told to stop: many at once, nothing lost.

use std::sync::Arc;
use std::time::Duration;

use housevoice::adapters::{SendError, Sent};
use housevoice::bot::{Bot, Clock, Served, SystemClock};
use housevoice::engine::*;
use housevoice::store::{Keeps, Limit, Store};
use jiff::SignedDuration;
use tokio::sync::watch;

use super::support::ground::{Ground, SqliteGround};
use super::support::*;
use super::{memory, say};

/// A bot on a file, at work until it is told to stop.
struct AtWork {
    bot: Arc<Bot>,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<Result<(), housevoice::bot::RunError>>,
}

async fn at_work(store: Arc<dyn Store>, brands: &[&str], out: &Arc<Recorder>) -> AtWork {
    let mut bot = Bot::new(store, Arc::new(SystemClock));
    for id in brands {
        bot = bot.on(brand(id), console(), Arc::clone(out) as _);
        bot.serve(Served::stepping(brand(id), "v1", simple_step));
    }
    let bot = Arc::new(bot);
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(Arc::clone(&bot).run(stopped));
    AtWork { bot, stop, task }
}

async fn until(what: impl Fn() -> bool) {
    tokio::time::timeout(Duration::from_secs(60), async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("it did not happen in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_talk_at_once_and_each_is_answered_in_order() {
    let ground = SqliteGround::new();
    let out = Recorder::new();
    let work = at_work(ground.open().await, &["lumen", "other"], &out).await;
    let (people, each) = (20, 5);
    let mut talking = tokio::task::JoinSet::new();
    for who in 0..people {
        let bot = Arc::clone(&work.bot);
        talking.spawn(async move {
            for n in 0..each {
                let (of, who) = (if who % 2 == 0 { "lumen" } else { "other" }, format!("u{who}"));
                let text = format!("{who} says {n}");
                let inbound = message(of, &who, direct(&who), &format!("{who}-{n}"), &text, bot.clock().now());
                bot.receive(&inbound).await.unwrap();
            }
        });
    }
    while talking.join_next().await.is_some() {}
    until(|| out.sent.lock().unwrap().len() >= people * each).await;
    work.stop.send_replace(true);
    work.task.await.unwrap().unwrap();
    let words = out.words();
    assert_eq!(words.len(), people * each);
    for who in 0..people {
        let theirs: Vec<_> = words.iter().filter(|words| words.starts_with(&format!("re: u{who} "))).collect();
        let expected: Vec<_> = (0..each).map(|n| format!("re: u{who} says {n}")).collect();
        assert_eq!(theirs, expected.iter().collect::<Vec<_>>());
    }
}

/// An adapter that takes its time.
struct Slow(Arc<Recorder>);

#[async_trait::async_trait]
impl housevoice::adapters::Deliver for Slow {
    async fn deliver(&self, delivery: &Delivery) -> Result<Sent, SendError> {
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.0.deliver(delivery).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_finishes_what_was_begun_and_loses_nothing() {
    let ground = SqliteGround::new();
    let out = Recorder::new();
    let bot = Bot::new(ground.open().await, Arc::new(SystemClock));
    let bot = Arc::new(bot.on(brand("lumen"), console(), Arc::new(Slow(Arc::clone(&out)))));
    bot.serve(Served::stepping(brand("lumen"), "v1", simple_step));
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(Arc::clone(&bot).run(stopped));
    for n in 0..20 {
        say(&bot, &format!("u{n}"), &format!("m{n}"), "hello").await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.send_replace(true);
    tokio::time::timeout(Duration::from_secs(5), task).await.expect("it stops soon").unwrap().unwrap();
    let before = out.words().len();
    drop(bot);

    let (bot, clock) = super::support::bot(ground.open().await, &["lumen"], &out);
    clock.set(SystemClock.now());
    bot.drain_until_idle().await.unwrap();
    // Longer than anything that was on its way takes.
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(out.words().len(), 20, "{before} had left before, the rest leaves now, nothing leaves twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_writes_down_is_seen() {
    let ground = SqliteGround::new();
    let out = Recorder::new();
    let work = at_work(ground.open().await, &["lumen"], &out).await;
    let other = ground.open().await;
    other.receive(&message("lumen", "u1", direct("d1"), "m1", "hello", start()), start()).await.unwrap();
    until(|| out.words() == ["re: hello"]).await;
    assert!(other.begin_serving().await.is_err(), "one process serves a store");
    work.stop.send_replace(true);
    work.task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_runs_what_is_too_old_is_removed() {
    let store = memory().await;
    store.receive(&message("lumen", "u1", direct("d1"), "m1", "hello", start()), start()).await.unwrap();
    let (first, _) = bot(Arc::clone(&store), &["lumen"], &Recorder::new());
    first.drain_until_idle().await.unwrap();
    let limit = Limit { what: Keeps::Transcript, keep: SignedDuration::from_hours(24) };
    let second = Arc::new(Bot::new(Arc::clone(&store), Arc::new(SystemClock)).keeping(brand("lumen"), vec![limit]));
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(Arc::clone(&second).run(stopped));
    let person = store.person(&brand("lumen"), &console(), "u1").await.unwrap().unwrap();
    let id = store.conversations(&brand("lumen"), person).await.unwrap()[0];
    let empty = async {
        while !store.transcript(&brand("lumen"), id).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), empty).await.expect("the words of long ago go");
    stop.send_replace(true);
    task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_stops_when_nobody_is_left_to_tell_it() {
    let out = Recorder::new();
    let work = at_work(memory().await, &["lumen"], &out).await;
    drop(work.stop);
    tokio::time::timeout(Duration::from_secs(5), work.task).await.expect("it stops").unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_failed_once_is_tried_again() {
    let ground = SqliteGround::new();
    let out = Recorder::new();
    let work = at_work(ground.open().await, &["lumen"], &out).await;
    ground.break_table("decisions").await;
    say(&work.bot, "u1", "m1", "hello").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(out.words(), Vec::<String>::new());
    ground.mend_table("decisions").await;
    until(|| out.words() == ["re: hello"]).await;
    work.stop.send_replace(true);
    work.task.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_in_trouble_is_waited_out_and_no_event_is_to_blame() {
    let ground = SqliteGround::new();
    let out = Recorder::new();
    let work = at_work(ground.open().await, &["lumen"], &out).await;
    say(&work.bot, "u1", "m1", "hello").await;
    until(|| !out.words().is_empty()).await;
    // Another program writes for longer than anybody waits, again and again.
    let mut other = ground.connect().await;
    say(&work.bot, "u1", "m2", "slow question").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    assert!(work.bot.receive(&message("lumen", "u1", direct("u1"), "m3", "x", start())).await.unwrap_err().passes());
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    until(|| out.words() == ["re: hello", "re: slow question"]).await;
    let attempts: i64 = sqlx::query_scalar("SELECT MAX(attempts) FROM inbox").fetch_one(&mut other).await.unwrap();
    assert_eq!(attempts, 0);
    work.stop.send_replace(true);
    work.task.await.unwrap().unwrap();
}
