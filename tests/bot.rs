//! What the bot promises around the step.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use housevoice::adapters::{SendError, Sent};
use housevoice::bot::{Bot, Clock, Handled, ManualClock, Observer, Served, SystemClock};
use housevoice::engine::*;
use housevoice::store::{Keeps, Limit, LineState, Sqlite, Store};
use jiff::SignedDuration;
use support::ground::{Ground, SqliteGround};
use support::*;
use tokio::sync::watch;

async fn memory() -> Arc<dyn Store> {
    Arc::new(Sqlite::in_memory().await.unwrap())
}

async fn say(bot: &Bot, who: &str, id: &str, text: &str) {
    let at = bot.clock().now();
    bot.receive(&message("lumen", who, direct(who), id, text, at)).await.unwrap();
}

fn later(reason: &str, seconds: Option<i64>) -> Result<Sent, SendError> {
    let retry_after = seconds.map(SignedDuration::from_secs);
    Err(SendError::Later { reason: reason.into(), retry_after })
}

#[tokio::test]
async fn a_message_is_answered() {
    let out = Recorder::new();
    let (bot, _) = bot(memory().await, &["lumen"], &out);
    say(&bot, "u1", "m1", "hello").await;
    say(&bot, "u1", "m1", "hello").await;
    let done = bot.drain_until_idle().await.unwrap();
    assert_eq!((done.handled, done.parked, done.tried), (1, 0, 1));
    assert_eq!(out.words(), ["re: hello"]);
    assert_eq!(bot.drain_until_idle().await.unwrap(), housevoice::bot::Drained::default());
}

#[tokio::test]
async fn draining_answers_in_the_order_of_arrival() {
    let out = Recorder::new();
    let (bot, _) = bot(memory().await, &["lumen", "other"], &out);
    say(&bot, "u2", "m1", "one").await;
    bot.receive(&message("other", "u1", direct("d"), "m2", "two", start())).await.unwrap();
    say(&bot, "u1", "m3", "three").await;
    say(&bot, "u2", "m4", "four").await;
    bot.drain_until_idle().await.unwrap();
    assert_eq!(out.words(), ["re: one", "re: two", "re: three", "re: four"]);
}

#[tokio::test]
async fn what_is_due_happens_when_the_clock_says_so() {
    let out = Recorder::new();
    let (bot, clock) = bot(memory().await, &["lumen"], &out);
    say(&bot, "u1", "m1", "wait 5").await;
    bot.drain_until_idle().await.unwrap();
    clock.set(minute(4));
    bot.drain_until_idle().await.unwrap();
    assert_eq!(out.words(), ["re: wait 5"]);
    clock.set(minute(5));
    bot.drain_until_idle().await.unwrap();
    bot.drain_until_idle().await.unwrap();
    assert_eq!(out.words(), ["re: wait 5", "timer SessionEnds"]);
}

#[tokio::test]
async fn a_timer_that_no_longer_applies_is_not_stepped() {
    let out = Recorder::new();
    let (bot, clock) = bot(memory().await, &["lumen"], &out);
    say(&bot, "u1", "m1", "wait 5").await;
    bot.drain_until_idle().await.unwrap();
    clock.set(minute(6));
    // A message that moves the timer is already there when it fires.
    say(&bot, "u1", "m2", "wait 9").await;
    assert_eq!(bot.store().fire_due(&brand("lumen"), minute(6)).await.unwrap(), 1);
    bot.drain_until_idle().await.unwrap();
    assert_eq!(out.words(), ["re: wait 5", "re: wait 9"]);
    clock.set(minute(15));
    bot.drain_until_idle().await.unwrap();
    assert_eq!(out.words(), ["re: wait 5", "re: wait 9", "timer SessionEnds"]);
}

/// Changes the conversation once under the step that sees it.
struct Meddler(Mutex<Option<Arc<dyn Store>>>);

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_changed_under_the_step_is_stepped_again() {
    let store = memory().await;
    let meddler = Arc::new(Meddler(Mutex::new(Some(Arc::clone(&store)))));
    let clock = Arc::new(ManualClock::at(start()));
    let steps = Arc::new(Mutex::new(0));
    let bot = Bot::new(Arc::clone(&store), clock as _);
    let counted = Arc::clone(&steps);
    bot.serve(Served::stepping(brand("lumen"), "v1", move |conversation, event, scene| {
        *counted.lock().unwrap() += 1;
        let meddle = meddler.0.lock().unwrap().take();
        if let Some(store) = meddle {
            let handle = tokio::runtime::Handle::current();
            tokio::task::block_in_place(|| handle.block_on(meddle_with(&store)));
        }
        simple_step(conversation, event, scene)
    }));
    // The second event of the conversation is handled while the first is being stepped, as another node would.
    say(&bot, "u1", "m1", "hello").await;
    say(&bot, "u1", "m2", "and this").await;
    let waiting = store.waiting(&brand("lumen"), start(), 1).await.unwrap();
    assert_eq!(bot.handle(&brand("lumen"), waiting[0].inbox).await.unwrap(), Handled::Done);
    assert_eq!(*steps.lock().unwrap(), 2, "stepped anew upon the state as it had become");
    let lines = store.transcript(&brand("lumen"), waiting[0].conversation).await.unwrap();
    assert_eq!(lines.len(), 4, "both are answered, each once");
}

async fn meddle_with(store: &Arc<dyn Store>) {
    let lumen = brand("lumen");
    let first = store.waiting(&lumen, start(), 1).await.unwrap()[0].inbox;
    let second = housevoice::store::InboxId(first.0 + 1);
    let loaded = store.load(&lumen, second, start()).await.unwrap().unwrap();
    let step = simple_step(loaded.conversation.clone(), loaded.inbound.event.clone(), &loaded.scene);
    let stamp = housevoice::store::Stamp { at: start(), voice: "v1" };
    assert_eq!(store.commit(&loaded, &step, &stamp).await.unwrap(), housevoice::store::Committed::Done);
}

#[tokio::test]
async fn an_event_that_cannot_be_handled_stands_in_nobodys_way_and_a_person_comes() {
    let out = Recorder::new();
    let (bot, _) = bot(memory().await, &["lumen"], &out);
    say(&bot, "u1", "m1", "panic").await;
    say(&bot, "u1", "m2", "hello").await;
    say(&bot, "u2", "m3", "hi").await;
    let done = bot.drain_until_idle().await.unwrap();
    assert_eq!((done.parked, done.handled), (1, 3));
    let mut words = out.words();
    words.sort();
    assert_eq!(words, ["a person will come", "re: hello", "re: hi"]);
    let parked = bot.store().parked(&brand("lumen")).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!((parked[0].kind.as_str(), parked[0].error.as_str()), ("message", "the step panicked"));
}

#[tokio::test]
async fn nobody_is_called_for_chatter_that_cannot_be_handled() {
    let out = Recorder::new();
    let (bot, _) = bot(memory().await, &["lumen"], &out);
    bot.receive(&message("lumen", "u1", help_channel("c1"), "m1", "panic", start())).await.unwrap();
    assert_eq!(bot.drain_until_idle().await.unwrap().parked, 1);
    assert_eq!(out.words(), Vec::<String>::new());
}

struct Nosy(Mutex<Vec<String>>);

impl Observer for Nosy {
    fn stepped(&self, inbound: &Inbound, step: &Step) {
        let mut seen = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        seen.push(format!("{} {}", inbound.event.name(), step.effects.len()));
        panic!("too much");
    }
}

#[tokio::test]
async fn an_observer_sees_every_step_and_cannot_break_it() {
    let out = Recorder::new();
    let nosy = Arc::new(Nosy(Mutex::default()));
    let (bot, _) = bot(memory().await, &["lumen"], &out);
    let bot = bot.observed_by(Arc::clone(&nosy) as _);
    say(&bot, "u1", "m1", "hello").await;
    say(&bot, "u1", "m2", "hello").await;
    bot.drain_until_idle().await.unwrap();
    assert_eq!(out.words().len(), 2);
    let seen = nosy.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    assert_eq!(seen, ["message 1", "message 1"]);
}

#[tokio::test]
async fn sending_is_tried_again_later_and_later() {
    let out = Recorder::new();
    let (bot, clock) = bot(memory().await, &["lumen"], &out);
    out.will_say(vec![later("no route", None), later("slow down", Some(90)), later("no route", None)]);
    say(&bot, "u1", "m1", "hello").await;
    let mut tries = Vec::new();
    for second in 0..120 {
        clock.set(start() + SignedDuration::from_secs(second));
        if bot.drain_until_idle().await.unwrap().tried > 0 {
            tries.push(second);
        }
    }
    assert_eq!(tries, [0, 1, 91, 95], "after one second, as the platform asked, after four seconds");
    let attempts: Vec<u32> = out.sent.lock().unwrap().iter().map(|delivery| delivery.attempt).collect();
    assert_eq!(attempts, [1, 2, 3, 4]);
    let ids: std::collections::BTreeSet<_> = out.sent.lock().unwrap().iter().map(|delivery| delivery.id).collect();
    assert_eq!(ids.len(), 1, "always under the same number");
}

#[tokio::test]
async fn what_cannot_be_sent_for_a_day_is_given_up() {
    let out = Recorder::new();
    let (bot, clock) = bot(memory().await, &["lumen"], &out);
    out.will_say((0..1000).map(|_| later("down", None)).collect());
    say(&bot, "u1", "m1", "hello").await;
    for fives in 0..(26 * 12) {
        clock.set(minute(fives * 5));
        bot.drain_until_idle().await.unwrap();
    }
    let tries = out.sent.lock().unwrap().len();
    assert!((250..300).contains(&tries), "{tries}");
    let person = bot.store().person(&brand("lumen"), &console(), "u1").await.unwrap();
    assert!(person.is_some());
    assert_eq!(phase_of(&bot, "u1").await, "closed");
}

#[tokio::test]
async fn after_an_outage_a_public_place_is_not_flooded_with_old_answers() {
    let out = Recorder::new();
    let (bot, clock) = bot(memory().await, &["lumen"], &out);
    out.will_say((0..4).map(|_| later("down", Some(3600))).collect());
    bot.receive(&message("lumen", "u1", help_channel("c1"), "m1", "hello", start())).await.unwrap();
    bot.receive(&message("lumen", "u2", help_channel("c1"), "m2", "person", start())).await.unwrap();
    say(&bot, "u3", "m3", "hi").await;
    bot.drain_until_idle().await.unwrap();
    out.sent.lock().unwrap().clear();
    clock.set(minute(61));
    bot.drain_until_idle().await.unwrap();
    assert_eq!(out.words(), ["a person will come", "re: hi"], "what is about a case or private is still wanted");
    clock.set(minute(600));
    assert_eq!(bot.drain_until_idle().await.unwrap().tried, 0);
}

#[tokio::test]
async fn what_can_never_be_sent_becomes_an_event() {
    let out = Recorder::new();
    let (bot, _) = bot(memory().await, &["lumen"], &out);
    out.will_say(vec![Err(SendError::Never { reason: "blocked by the user".into() })]);
    say(&bot, "u1", "m1", "hello").await;
    let done = bot.drain_until_idle().await.unwrap();
    assert_eq!((done.handled, done.tried), (2, 1));
    assert_eq!(phase_of(&bot, "u1").await, "closed");
}

async fn phase_of(bot: &Bot, who: &str) -> String {
    let at = bot.clock().now();
    let last = message("lumen", who, direct(who), "last", "x", at);
    let housevoice::store::Received::Stored(_, id) = bot.receive(&last).await.unwrap() else { panic!("known") };
    let conversation = bot.store().conversation(&brand("lumen"), id).await.unwrap().unwrap();
    conversation.phase.name().to_owned()
}

struct Explosive;

#[async_trait::async_trait]
impl housevoice::adapters::Deliver for Explosive {
    async fn deliver(&self, _: &Delivery) -> Result<Sent, SendError> {
        panic!("boom")
    }
}

#[tokio::test]
async fn an_adapter_that_panics_is_one_failed_try() {
    let clock = Arc::new(ManualClock::at(start()));
    let bot = Bot::new(memory().await, clock as _).on(brand("lumen"), console(), Arc::new(Explosive));
    bot.serve(Served::stepping(brand("lumen"), "v1", simple_step));
    say(&bot, "u1", "m1", "hello").await;
    assert_eq!(bot.drain_until_idle().await.unwrap().tried, 1);
}

#[tokio::test]
async fn a_new_voice_takes_the_next_step() {
    let out = Recorder::new();
    let (bot, _) = bot(memory().await, &["lumen"], &out);
    say(&bot, "u1", "m1", "hello").await;
    bot.drain_until_idle().await.unwrap();
    bot.serve(Served::stepping(brand("lumen"), "v2", |conversation, _, _| Step {
        conversation,
        effects: vec![Effect::Send(says("new words"))],
        why: Why::default(),
    }));
    say(&bot, "u1", "m2", "hello").await;
    bot.drain_until_idle().await.unwrap();
    assert_eq!(out.words(), ["re: hello", "new words"]);
    let waiting = bot.receive(&message("lumen", "u1", direct("u1"), "m3", "x", start())).await.unwrap();
    let housevoice::store::Received::Stored(_, id) = waiting else { panic!("known") };
    assert_eq!(bot.store().last_why(&brand("lumen"), id).await.unwrap().unwrap().voice, "v2");
}

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

    let (bot, clock) = support::bot(ground.open().await, &["lumen"], &out);
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

/// The points of a message's path at which a process can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EndsAfter {
    Receiving,
    Loading,
    Committing,
    Claiming,
    Sending,
    Recording,
}

/// Walks the path of a message up to a point, and then the process is gone.
async fn live_until(ends: EndsAfter, store: &Arc<dyn Store>, out: &Arc<Recorder>, id: &str) {
    let lumen = brand("lumen");
    let (bot, _) = bot(Arc::clone(store), &["lumen"], out);
    store.begin_serving().await.unwrap();
    say(&bot, "u1", id, &format!("hello {id}")).await;
    if ends == EndsAfter::Receiving {
        return;
    }
    let waiting = store.waiting(&lumen, start(), 1).await.unwrap()[0];
    let loaded = store.load(&lumen, waiting.inbox, start()).await.unwrap().unwrap();
    let _step = simple_step(loaded.conversation, loaded.inbound.event, &loaded.scene);
    if ends == EndsAfter::Loading {
        return;
    }
    bot.handle(&lumen, waiting.inbox).await.unwrap();
    if ends == EndsAfter::Committing {
        return;
    }
    let delivery = store.claim(&lumen, &console(), start(), 1).await.unwrap().remove(0);
    if ends == EndsAfter::Claiming {
        return;
    }
    let sent = housevoice::adapters::Deliver::deliver(&**out, &delivery).await.unwrap();
    if ends == EndsAfter::Sending {
        return;
    }
    store.delivered(&lumen, delivery.id, sent.message_id.as_deref(), start()).await.unwrap();
}

#[tokio::test]
async fn wherever_the_process_ends_every_message_is_handled_once_and_answered() {
    use EndsAfter::*;
    for ends in [Receiving, Loading, Committing, Claiming, Sending, Recording] {
        let ground = SqliteGround::new();
        let out = Recorder::new();
        for id in ["m1", "m2"] {
            let store = ground.open().await;
            live_until(ends, &store, &out, id).await;
            drop(store);
            let (bot, _) = bot(ground.open().await, &["lumen"], &out);
            // The platform, which may not have been told that it arrived, delivers it again.
            say(&bot, "u1", id, &format!("hello {id}")).await;
            bot.drain_until_idle().await.unwrap();
        }
        let mut words = out.words();
        if ends == Sending {
            let numbers: Vec<OutboxId> = out.sent.lock().unwrap().iter().map(|delivery| delivery.id).collect();
            assert_eq!(numbers.len(), 4, "sent and not recorded: sent again");
            assert_eq!((numbers[0], numbers[2]), (numbers[1], numbers[3]), "under the number that is the nonce");
            words.dedup();
        }
        assert_eq!(words, ["re: hello m1", "re: hello m2"], "ends after {ends:?}");
        let store = ground.open().await;
        let person = message("lumen", "u1", direct("u1"), "m3", "x", start());
        let housevoice::store::Received::Stored(_, id) = store.receive(&person, start()).await.unwrap() else {
            panic!("known")
        };
        let lines = store.transcript(&brand("lumen"), id).await.unwrap();
        assert_eq!(lines.len(), 4, "each handled once, ends after {ends:?}");
        assert!(lines.iter().filter(|line| line.by == Speaker::Bot).all(|line| line.state == LineState::Sent));
    }
}
