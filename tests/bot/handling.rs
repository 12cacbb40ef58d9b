//! Each event is handled once, in order, upon the state as it is; one that cannot be stands in nobody's way.

use std::sync::{Arc, Mutex};

use housevoice::bot::{Bot, Handled, ManualClock, Observer, Served};
use housevoice::engine::*;
use housevoice::store::Store;
use jiff::SignedDuration;

use super::support::*;
use super::{memory, say};

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

#[tokio::test]
async fn a_time_that_has_come_is_not_lost_when_the_clock_is_set_back() {
    let out = Recorder::new();
    let (bot, clock) = bot(memory().await, &["lumen"], &out);
    say(&bot, "u1", "m1", "wait 5").await;
    bot.drain_until_idle().await.unwrap();
    assert_eq!(bot.store().fire_due(&brand("lumen"), minute(5)).await.unwrap(), 1);
    clock.set(minute(4));
    bot.drain_until_idle().await.unwrap();
    assert_eq!(out.words(), ["re: wait 5", "timer SessionEnds"]);
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
    let stamp = housevoice::store::Stamp { at: start(), voice: "v1".to_owned(), desk: None };
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

#[tokio::test]
async fn when_the_clock_is_set_what_is_due_happens_once_and_in_order() {
    let out = Recorder::new();
    let (bot, clock) = bot(memory().await, &["lumen"], &out);
    for (who, minutes) in [("u1", 9), ("u2", 5), ("u3", 7)] {
        say(&bot, who, who, &format!("wait {minutes}")).await;
    }
    bot.drain_until_idle().await.unwrap();
    let fired = || -> Vec<String> {
        let mut sent = out.sent.lock().unwrap();
        let fired = sent.iter().filter(|row| words(&row.body).is_some_and(|words| words.starts_with("timer")));
        let who = fired.map(|row| row.recipient.id.clone()).collect();
        sent.clear();
        who
    };
    assert!(fired().is_empty());
    let days = |days: i64| start() + SignedDuration::from_hours(24 * days);
    clock.set(days(10));
    bot.drain_until_idle().await.unwrap();
    assert_eq!(fired(), ["u2", "u3", "u1"], "by when each was due");
    for moment in [days(-10), start(), days(10)] {
        clock.set(moment);
        bot.drain_until_idle().await.unwrap();
        assert!(fired().is_empty(), "none of them twice");
    }
    // What is set while the clock is behind is due by that clock.
    clock.set(days(-10));
    bot.receive(&message("lumen", "u4", direct("u4"), "m4", "wait 5", days(-10))).await.unwrap();
    bot.drain_until_idle().await.unwrap();
    clock.set(days(-10) + SignedDuration::from_mins(6));
    bot.drain_until_idle().await.unwrap();
    assert_eq!(fired(), ["u4"]);
}
