//! What the bot promises around the step, on a store in memory and on a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;

use std::sync::Arc;

use housevoice::store::{Sqlite, Store};
use support::*;

async fn memory() -> Arc<dyn Store> {
    Arc::new(Sqlite::in_memory().await.unwrap())
}

#[tokio::test]
async fn a_message_is_answered() {
    let out = Recorder::new();
    let (bot, _) = bot(memory().await, &["lumen"], &out);
    bot.receive(&message("lumen", "u1", direct("d1"), "m1", "hello", start())).await.unwrap();
    bot.drain_until_idle().await.unwrap();
    assert_eq!(out.words(), ["re: hello"]);
}
