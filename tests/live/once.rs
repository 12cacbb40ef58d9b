//! Every question is answered once: delivered again and in disorder, and through a crash in the middle of a burst.

use std::collections::BTreeMap;

use super::on_discord::{Discord, DiscordDesk};
use super::on_telegram::{Telegram, TelegramDesk};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::town::{A_WHILE, Town};

const QUESTION: &str = "on which frequency are you";
const ANSWER: &str = "98.6 FM";
/// Questions in a burst.
const BURST: usize = 50;

fn on_telegram() -> (Telegram, String) {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    (town, brands)
}

fn on_discord() -> (Discord, String) {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    (town, brands)
}

/// How many answers each person got.
fn answers(town: &dyn Town, people: &[String]) -> BTreeMap<String, usize> {
    let count = |who: &String| town.said(who).iter().filter(|said| said.text.contains(ANSWER)).count();
    people.iter().map(|who| (who.clone(), count(who))).collect()
}

fn everybody_has_one(town: &dyn Town, people: &[String]) {
    eventually("an answer for everybody", || answers(town, people).values().all(|count| *count >= 1).then_some(()));
    std::thread::sleep(A_WHILE);
    let twice: Vec<_> = answers(town, people).into_iter().filter(|(_, count)| *count != 1).collect();
    assert!(twice.is_empty(), "not once: {twice:?}\n{}", town.transcript());
}

#[test]
fn an_update_delivered_three_times_and_shuffled_is_answered_once_on_telegram() {
    let (town, brands) = on_telegram();
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    town.api.hold(&town.bot);
    let people: Vec<String> = (0..8).map(|number| format!("P{number}")).collect();
    people.iter().for_each(|who| town.says(who, QUESTION));
    let ids: Vec<i64> = town.api.pending(&town.bot).iter().filter_map(|update| update["update_id"].as_i64()).collect();
    assert!(ids.len() >= people.len());
    for id in ids.iter().chain(&ids) {
        town.api.redeliver(&town.bot, *id);
    }
    town.api.shuffle(&town.bot, 7);
    town.api.release(&town.bot);
    everybody_has_one(&town, &people);
    ids.iter().for_each(|id| town.api.redeliver(&town.bot, *id));
    everybody_has_one(&town, &people);
}

#[test]
fn an_event_delivered_again_is_answered_once_on_discord() {
    let (town, brands) = on_discord();
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
    let people: Vec<String> = (0..4).map(|number| format!("P{number}")).collect();
    for who in &people {
        town.says(who, QUESTION);
        town.server.redeliver_last("MESSAGE_CREATE");
        town.server.redeliver_last("MESSAGE_CREATE");
    }
    everybody_has_one(&town, &people);
}

/// `kill -9` after the how-manieth answer of a burst, then a new start.
fn a_burst_survives(town: &dyn Town, bot: &mut Housevoice, after: usize, round: usize) {
    // Who was met before can be found again; a private chat is opened by its person.
    let people: Vec<String> = (0..BURST).map(|number| format!("R{round}N{number}")).collect();
    let (first, rest) = people.split_at(5);
    // A process that has died keeps its duties for a moment; until then whoever is started has none, and is ready.
    eventually("that somebody listens", || town.is_heard().then_some(()));
    first.iter().for_each(|who| town.says(who, "what is on tonight?"));
    rest.iter().for_each(|who| town.says(who, "what is on tonight?"));
    eventually("a word for everybody", || people.iter().all(|who| !town.said(who).is_empty()).then_some(()));
    std::thread::scope(|scope| {
        scope.spawn(|| people.iter().for_each(|who| town.says(who, QUESTION)));
        eventually("some answers", || {
            (answers(town, &people).values().filter(|count| **count > 0).count() >= after).then_some(())
        });
        bot.killed();
    });
    bot.forget_sessions();
    bot.start();
    everybody_has_one(town, &people);
}

#[test]
fn fifty_questions_and_a_kill_are_fifty_answers_on_telegram() {
    let (town, brands) = on_telegram();
    let mut bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    for (round, after) in [1, 17, 40].into_iter().enumerate() {
        a_burst_survives(&town, &mut bot, after, round);
    }
}

#[test]
fn fifty_questions_and_a_kill_are_fifty_answers_on_discord() {
    let (town, brands) = on_discord();
    let mut bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
    for (round, after) in [1, 17, 40].into_iter().enumerate() {
        a_burst_survives(&town, &mut bot, after, round);
    }
}

#[test]
fn what_was_sent_and_not_acknowledged_is_no_second_message_on_discord() {
    let (town, brands) = on_discord();
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
    town.server.trouble(super::discord::Trouble::DoneThenDropped, 1, "/messages");
    town.says("Sam", QUESTION);
    let asked = |method: &str| town.server.requests_to("/messages").into_iter().filter(|r| r.method == method).count();
    eventually("a look for it", || (asked("GET") >= 1).then_some(()));
    everybody_has_one(&town, &["Sam".to_owned()]);
    assert_eq!(asked("POST"), 1, "it was found");
}

#[test]
fn a_limit_is_kept_and_stalls_nobody_else() {
    let (town, brands) = on_telegram();
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    town.api.fail_next("sendMessage", 1, super::telegram::Fault::TooMany(2));
    town.says("Slow", QUESTION);
    eventually("the refusal", || town.api.calls_of("sendMessage").iter().any(|call| !call.succeeded()).then_some(()));
    town.says("Quick", QUESTION);
    eventually("the other's answer", || town.said("Quick").first().cloned());
    assert!(town.said("Slow").is_empty(), "Telegram asked for two seconds");
    everybody_has_one(&town, &["Slow".to_owned(), "Quick".to_owned()]);
}

#[test]
fn what_was_sent_and_not_acknowledged_is_no_second_message_on_telegram() {
    let (town, brands) = on_telegram();
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    town.says("Sam", "what is on tonight?");
    eventually("an answer", || town.said("Sam").first().cloned());
    town.api.fail_next("sendMessage", 1, super::telegram::Fault::DropAfterWork);
    town.says("Sam", QUESTION);
    eventually("a look for it", || (!town.api.calls_of("editMessageText").is_empty()).then_some(()));
    everybody_has_one(&town, &["Sam".to_owned()]);
    assert_eq!(town.api.calls_of("sendMessage").len(), 2, "it was found");
    // What was not done is done, once.
    town.api.fail_next("sendMessage", 1, super::telegram::Fault::ServerError);
    town.says("Tim", QUESTION);
    everybody_has_one(&town, &["Tim".to_owned()]);
}
