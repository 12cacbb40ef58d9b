//! The whole program against chat servers on loopback, from a customer's question to the answer and back.
#![cfg(unix)]
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../servers/discord/mod.rs"]
mod discord;
#[path = "../support/mod.rs"]
mod support;
#[path = "../servers/telegram/mod.rs"]
mod telegram;

mod brands;
mod conversations;
mod database;
mod discord_gaps;
mod discord_lost;
mod discord_only;
mod discord_rights;
mod discord_sessions;
mod discord_shards;
mod discord_trouble;
mod doctor;
mod figures;
mod flood;
mod hostile;
mod on_discord;
mod on_telegram;
mod once;
mod outbox;
mod pace;
mod pictures;
mod running;
mod starting;
mod telegram_gaps;
mod telegram_only;
mod town;

use on_discord::{Discord, DiscordDesk};
use on_telegram::{Telegram, TelegramDesk};
use running::{Housevoice, brand, voice};
use town::{Scene, says_nothing_of};

#[test]
fn conversations_come_out_right_on_telegram() {
    let town = Telegram::new("loomie_bot");
    let desk = TelegramDesk::of(&town);
    let brands = brand(voice("lantern-loom"), [town.section("TOKEN"), desk.lines()]);
    let mut bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    conversations::all(&Scene::new(&town, &desk));
    assert!(bot.stopped().success());
    says_nothing_of(&bot, &[&town.bot.token, "furious", "cable", "be generous", "Hanna"]);
}

#[test]
fn conversations_come_out_right_on_discord() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let brands = brand(voice("lantern-loom"), [town.section("TOKEN"), desk.lines()]);
    let mut bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
    conversations::all(&Scene::new(&town, &desk));
    assert!(bot.stopped().success());
    says_nothing_of(&bot, &[&town.server.token(), "furious", "cable", "be generous", "Hanna"]);
}
