//! How fast the path of a message is on this machine, with durable commits: `cargo bench --bench figures`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::sync::Arc;
use std::time::Instant;

use support::ground::{Ground, SqliteGround};
use support::*;

fn report(what: &str, count: usize, began: Instant) {
    let seconds = began.elapsed().as_secs_f64();
    println!("{what:<48} {:>8.0} a second", count as f64 / seconds);
}

#[tokio::main]
async fn main() {
    let ground = SqliteGround::new();
    let store = ground.open().await;
    let out = Recorder::new();
    let (bot, _) = bot(Arc::clone(&store), &["lumen"], &out);
    let bot = Arc::new(bot);

    let began = Instant::now();
    for n in 0..500 {
        let who = format!("a{}", n % 50);
        bot.receive(&message("lumen", &who, direct(&who), &format!("a{n}"), "hello", start())).await.unwrap();
    }
    report("receive, one after the other", 500, began);

    let began = Instant::now();
    for _ in 0..500 {
        let first = store.waiting(&brand("lumen"), start(), 1).await.unwrap()[0];
        bot.handle(&brand("lumen"), first.inbox).await.unwrap();
    }
    report("load, step and commit, one after the other", 500, began);

    let began = Instant::now();
    bot.drain_until_idle().await.unwrap();
    report("claim, send and record, one after the other", 500, began);

    let began = Instant::now();
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..64 {
        let bot = Arc::clone(&bot);
        senders.spawn(async move {
            for n in 0..50 {
                let who = format!("b{sender}");
                let inbound = message("lumen", &who, direct(&who), &format!("b{sender}-{n}"), "hello", start());
                bot.receive(&inbound).await.unwrap();
            }
        });
    }
    while senders.join_next().await.is_some() {}
    report("receive, 64 at a time", 3200, began);

    let (stop, stopped) = tokio::sync::watch::channel(false);
    let before = out.sent.lock().unwrap().len();
    let began = Instant::now();
    let task = tokio::spawn(Arc::clone(&bot).run(stopped));
    while out.sent.lock().unwrap().len() < before + 3200 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    report("from inbox to sent, 64 conversations", 3200, began);
    stop.send_replace(true);
    task.await.unwrap().unwrap();
}
