//! How long an answer takes with the whole program: from the moment at which a loopback server has a customer's question to
//! the moment at which it has the answer, with two brands on two platforms each in one process; and how much memory that
//! takes. `cargo bench --bench live`
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/servers/discord/mod.rs"]
mod discord;
#[path = "../tests/servers/telegram/mod.rs"]
mod telegram;

#[path = "../tests/support/mod.rs"]
mod support;

#[path = "../tests/live/database.rs"]
mod database;
#[path = "../tests/live/on_discord.rs"]
mod on_discord;
#[path = "../tests/live/on_telegram.rs"]
mod on_telegram;
#[path = "../tests/live/running.rs"]
mod running;
#[path = "../tests/live/town.rs"]
mod town;

use std::time::{Duration, Instant};

use on_discord::{Discord, DiscordDesk};
use on_telegram::{Telegram, TelegramDesk};
use running::{Housevoice, brand, voice};
use town::Town;

/// Questions one after the other.
const QUESTIONS: usize = 300;
/// People who ask at the same time.
const CROWD: usize = 200;

/// How long until somebody has so many messages of the bot.
fn until(town: &dyn Town, who: &str, messages: usize) -> Duration {
    let began = Instant::now();
    while town.said(who).len() < messages {
        assert!(began.elapsed() < Duration::from_secs(60), "no answer\n{}", town.transcript());
        std::thread::sleep(Duration::from_micros(200));
    }
    began.elapsed()
}

fn one_after_the_other(name: &str, town: &dyn Town, question: &str) {
    let mut times = Vec::new();
    for number in 0..QUESTIONS {
        // Nobody asks the same thing twice, so that nobody is offered a person.
        let who = format!("{name}{number}");
        town.says(&who, question);
        times.push(until(town, &who, 1));
    }
    times.sort();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("{name}: question to answer p50 {:?}, p99 {:?}, longest {:?}", at(50), at(99), at(100));
}

fn all_at_once(name: &str, town: &dyn Town, question: &str) {
    let people: Vec<String> = (0..CROWD).map(|number| format!("{name} crowd {number}")).collect();
    let began = Instant::now();
    people.iter().for_each(|who| town.says(who, question));
    people.iter().for_each(|who| {
        until(town, who, 1);
    });
    let took = began.elapsed();
    println!(
        "{name}: {CROWD} people at once, all answered after {took:?} ({:.0} a second)",
        CROWD as f64 / took.as_secs_f64()
    );
}

fn memory(bot: &Housevoice) -> String {
    let status = std::fs::read_to_string(format!("/proc/{}/status", bot.pid())).unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmRSS") || line.starts_with("VmHWM")).collect::<Vec<_>>().join(", ")
}

fn main() {
    let telegram = Telegram::new("loomie_bot");
    let other_telegram = Telegram::beside(&telegram.api, "dot_bot");
    let (discord, other_discord) = (Discord::new(), Discord::new());
    let (desk, other_desk) = (DiscordDesk::forum(&discord), TelegramDesk::of(&other_telegram));
    let brands = [
        brand(voice("lantern-loom"), [discord.section("A"), desk.lines(), telegram.section("B")]),
        brand(voice("pocket-comet"), [other_discord.section("C"), other_telegram.section("D"), other_desk.lines()]),
    ]
    .concat();
    let tokens = [
        discord.server.token(),
        telegram.bot.token.clone(),
        other_discord.server.token(),
        other_telegram.bot.token.clone(),
    ];
    let secrets: Vec<(&str, &str)> = ["A", "B", "C", "D"].into_iter().zip(tokens.iter().map(String::as_str)).collect();
    let began = Instant::now();
    let bot = Housevoice::running(&brands, &secrets);
    println!("ready after {:?}; {}", began.elapsed(), memory(&bot));
    one_after_the_other("Telegram", &telegram, "Is a light bulb included?");
    one_after_the_other("Discord", &discord, "Is a light bulb included?");
    all_at_once("Telegram", &telegram, "Is a light bulb included?");
    all_at_once("Discord", &discord, "Is a light bulb included?");
    println!("afterwards: {}", memory(&bot));
}
