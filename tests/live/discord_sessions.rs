//! Discord allows few sessions, and takes the token away from whoever begins too many: none is begun too soon or too often,
//! however often the program starts and whatever Discord does.

use std::time::{Duration, Instant};

use super::on_discord::{Discord, DiscordDesk};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::town::Town;

fn configured(town: &Discord, shards: u64) -> Housevoice {
    let desk = DiscordDesk::forum(town);
    let section = format!("{}shards = {shards}\n", town.section("TOKEN"));
    let brands = brand(test_voice("harbour.toml"), [section, desk.lines()]);
    Housevoice::configured(&brands, &[("TOKEN", &town.server.token())])
}

#[test]
fn thirty_starts_within_a_minute_begin_few_sessions() {
    let town = Discord::new();
    town.server.set_max_concurrency(1, true);
    let mut bot = configured(&town, 1);
    let began = Instant::now();
    for _ in 0..30 {
        bot.spawn();
        std::thread::sleep(Duration::from_millis(1_300));
        bot.killed();
    }
    let (begun, took) = (town.server.identifies().len(), began.elapsed());
    assert!((1..=9).contains(&begun), "{begun} in {took:?}");
    assert_eq!(town.server.hasty_identifies(), 0);
}

#[test]
fn sessions_that_end_at_once_are_begun_one_after_the_other() {
    let town = Discord::new();
    town.server.set_max_concurrency(1, true);
    let shards = 3;
    let mut bot = configured(&town, shards);
    bot.start();
    let all: Vec<(u64, u64)> = (0..shards).map(|shard| (shard, shards)).collect();
    assert_eq!(town.server.connected_shards(), all, "it is ready when all are heard");
    town.server.invalidate_session(false);
    eventually("the first again", || (!town.server.connected_shards().is_empty()).then_some(()));
    eventually("all again", || (town.server.connected_shards() == all).then_some(()));
    assert_eq!(town.server.hasty_identifies(), 0);
    let at = &town.server.identifies_by_key()[&0];
    assert_eq!(at.len(), 6, "{at:?}");
    assert!(at.windows(2).all(|two| two[1] - two[0] >= Duration::from_secs(5)), "{at:?}");
    // A session that can be resumed costs nothing.
    town.server.cut_gateway();
    eventually("resumed", || (town.server.resumes() >= 3 && town.server.connected_shards() == all).then_some(()));
    assert_eq!(town.server.identifies().len(), 6);
    town.says("Sam", "what is on tonight?");
    eventually("an answer", || town.said("Sam").first().cloned());
}

#[test]
fn a_gateway_that_cannot_be_reached_costs_no_session() {
    let town = Discord::new();
    town.server.set_gateway_open(false);
    let mut bot = configured(&town, 1);
    bot.spawn();
    eventually("a vain try", || bot.log().contains("gateway cannot be reached").then_some(()));
    town.server.set_gateway_open(true);
    town.says("Sam", "what is on tonight?");
    eventually("a connection", || town.server.connected().then_some(()));
    town.says("Tim", "what is on tonight?");
    eventually("an answer", || town.said("Tim").first().cloned());
    assert_eq!(town.server.identifies().len(), 1);
}

#[test]
fn it_is_told_when_discord_recommends_more_connections() {
    let town = Discord::new();
    town.server.set_recommended_shards(2);
    let bot = configured(&town, 1);
    let told = bot.checked();
    assert!(told.contains("recommends 2 connections") && told.contains("2,500 servers"), "{told}");
    assert!(!configured(&town, 2).checked().contains("recommends"));
}
