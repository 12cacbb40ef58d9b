//! More people than there is time for.

use std::sync::Arc;
use std::time::{Duration, Instant};

use housevoice::adapters::{Incoming, Intake, Taken};
use housevoice::bot::{Bot, Served, SystemClock};
use housevoice::engine::*;
use housevoice::store::Sqlite;
use tokio::sync::watch;

use super::support::{Recorder, brand, console, direct, event, simple_step};
use super::words;

#[tokio::test(flavor = "multi_thread")]
async fn while_too_much_waits_chatter_is_shed_first_and_private_words_are_kept() {
    let bot = Bot::new(Arc::new(Sqlite::in_memory().await.unwrap()), Arc::new(SystemClock));
    let bot = Arc::new(bot.on(brand("lumen"), console(), Recorder::new() as _));
    // Steps end when the test says so.
    let (go_on, gone_on) = std::sync::mpsc::channel::<()>();
    let gone_on = std::sync::Mutex::new(gone_on);
    bot.serve(Served::stepping(brand("lumen"), "v1", move |conversation, event, scene: &Scene| {
        let _ = gone_on.lock().unwrap().recv_timeout(Duration::from_secs(1));
        simple_step(conversation, event, scene)
    }));
    let from = |who: &str, place: Place, id: String| {
        Incoming::Event(event("lumen", who, place, &id, Event::Message(words(&id)), bot.clock().now()))
    };
    for number in 0..2_100 {
        let who = format!("guest{number}");
        assert_eq!(bot.take(&from(&who, direct(&who), format!("first {number}"))).await.unwrap(), Taken::Kept);
    }
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(Arc::clone(&bot).run(stopped));
    let lobby = || Place { id: "lobby".into(), kind: PlaceKind::General, name: String::new() };
    let until = Instant::now() + Duration::from_secs(20);
    let mut number = 0;
    while bot.take(&from(&format!("other{number}"), lobby(), format!("chat {number}"))).await.unwrap() != Taken::Shed {
        assert!(Instant::now() < until && number < 45, "chatter is never shed");
        number += 1;
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(bot.take(&from("new", direct("new"), "hello you".into())).await.unwrap(), Taken::Kept);
    drop(go_on);
    stop.send_replace(true);
    running.await.unwrap().unwrap();
}
