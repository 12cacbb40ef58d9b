//! What the bot promises around the step.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "../support/mod.rs"]
mod support;

mod delivering;
mod desk;
mod ends;
mod handling;
mod leaving;
mod random;
mod running;

use std::sync::Arc;

use housevoice::bot::Bot;
use housevoice::store::{Sqlite, Store};
use support::{direct, message};

async fn memory() -> Arc<dyn Store> {
    Arc::new(Sqlite::in_memory().await.unwrap())
}

async fn say(bot: &Bot, who: &str, id: &str, text: &str) {
    let at = bot.clock().now();
    bot.receive(&message("lumen", who, direct(who), id, text, at)).await.unwrap();
}
