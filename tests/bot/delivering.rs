//! What is decided is sent, again and again if need be, and given up at last.

use std::sync::Arc;

use housevoice::adapters::{SendError, Sent};
use housevoice::bot::{Bot, ManualClock, Served};
use housevoice::engine::*;
use jiff::SignedDuration;

use super::support::*;
use super::{memory, say};

fn later(reason: &str, seconds: Option<i64>) -> Result<Sent, SendError> {
    let retry_after = seconds.map(SignedDuration::from_secs);
    Err(SendError::Later { reason: reason.into(), retry_after })
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

/// A desk that cannot be used; customers can be reached.
#[derive(Default)]
struct NoDesk(std::sync::Mutex<Vec<Delivery>>);

#[async_trait::async_trait]
impl housevoice::adapters::Deliver for NoDesk {
    async fn deliver(&self, delivery: &Delivery) -> Result<Sent, SendError> {
        if !matches!(delivery.body, Body::Staff(_)) {
            return Ok(Sent::message("1"));
        }
        let mut tries = self.0.lock().unwrap();
        tries.push(delivery.clone());
        match tries.len() {
            1 => Err(SendError::Unsure { reason: "no answer".into(), retry_after: None }),
            _ => Err(SendError::Never { reason: "the bot may not write there".into() }),
        }
    }
}

#[tokio::test]
async fn what_the_team_must_see_waits_for_two_weeks_until_its_desk_is_mended() {
    let desk = Arc::new(NoDesk::default());
    let clock = Arc::new(ManualClock::at(start()));
    let bot = Bot::new(memory().await, Arc::clone(&clock) as _).on(brand("lumen"), console(), Arc::clone(&desk) as _);
    bot.serve(Served::stepping(brand("lumen"), "v1", |conversation, _, _| {
        let post = StaffPost::Refused { agent: ana(), why: Refusal::NoCase };
        Step { conversation, effects: vec![Effect::Staff(post)], why: Why::default() }
    }));
    say(&bot, "u1", "m1", "hello").await;
    for second in 0..30 {
        clock.set(start() + SignedDuration::from_secs(second));
        bot.drain_until_idle().await.unwrap();
    }
    let unsure = |tries: &[Delivery]| tries.iter().map(|delivery| delivery.unsure.is_some()).collect::<Vec<_>>();
    assert_eq!(unsure(&desk.0.lock().unwrap()), [false, true, true], "it may be there from the first time on");
    for hour in 1..(14 * 24) {
        clock.set(minute(hour * 60));
        bot.drain_until_idle().await.unwrap();
    }
    let tries = desk.0.lock().unwrap().len();
    assert!(tries >= 14 * 24, "{tries}");
    for hour in (14 * 24)..(15 * 24) {
        clock.set(minute(hour * 60 + 6));
        bot.drain_until_idle().await.unwrap();
    }
    assert_eq!(desk.0.lock().unwrap().len(), tries + 1, "given up");
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
