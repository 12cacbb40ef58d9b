//! Where words could fall through on Telegram: lost answers, numbers that change, commands with words behind them, and what
//! agents type in vain.

use std::process::Command;
use std::time::Duration;

use super::on_telegram::{Telegram, TelegramDesk, user_of};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::telegram::{Attachment, Fault, Role, Say};
use super::town::{A_WHILE, Desk, Scene, Town};

const QUESTION: &str = "on which frequency are you?";

fn brands(town: &Telegram, desk: &TelegramDesk, more: &str) -> String {
    brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines(), more.to_owned()])
}

fn town() -> (Telegram, TelegramDesk) {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    (town, desk)
}

fn running(town: &Telegram, desk: &TelegramDesk, more: &str) -> Housevoice {
    Housevoice::running(&brands(town, desk, more), &[("TOKEN", &town.bot.token)])
}

#[test]
fn the_second_part_of_a_reply_does_not_take_the_place_of_the_first() {
    let (town, desk) = town();
    let _bot = running(&town, &desk, "");
    let scene = Scene::new(&town, &desk);
    town.says("Sam", "/human");
    let case = scene.case(0);
    scene.agent_says("Ana", &case.id, "hello there");
    eventually("hello", || town.said("Sam").iter().any(|said| said.text.contains("hello there")).then_some(()));
    std::thread::sleep(A_WHILE);
    town.api.fail_next("sendMessage", 1, Fault::AnswerLate(Duration::from_millis(5)));
    town.api.fail_next("sendMessage", 1, Fault::ServerError);
    let name = format!("{} LASTPART", "bbbb ".repeat(780));
    let document = Attachment::Document { name, mime: "a/b".into(), size: 3 };
    let caption = format!("FIRSTPART {}", "aaaa ".repeat(150));
    let say = Say::attachment(document).caption(&caption).thread(Some(case.id.parse().unwrap()));
    town.api.posts(desk.agent("Ana"), desk.chat, say);
    let all = || town.said("Sam").iter().map(|said| said.text.clone()).collect::<String>();
    eventually("the last part", || all().contains("LASTPART").then_some(()));
    std::thread::sleep(A_WHILE);
    assert_eq!((all().matches("FIRSTPART").count(), all().matches("LASTPART").count()), (1, 1), "{}", all());
}

#[test]
fn a_search_among_slow_answers_comes_to_an_end() {
    let (town, desk) = town();
    let _bot = running(&town, &desk, "");
    town.says("Sam", "what is on tonight?");
    eventually("an answer", || town.said("Sam").first().cloned());
    std::thread::sleep(A_WHILE);
    town.api.fail_next("editMessageText", 400, Fault::AnswerLate(Duration::from_millis(200)));
    town.api.fail_next("sendMessage", 1, Fault::ServerError);
    town.says("Sam", QUESTION);
    eventually("98.6", || town.said("Sam").iter().any(|said| said.text.contains("98.6")).then_some(()));
    assert!(town.api.calls_of("editMessageText").len() <= 30);
}

#[test]
fn words_behind_a_command_reach_whom_they_are_for() {
    let (town, desk) = town();
    let _bot = running(&town, &desk, "");
    let scene = Scene::new(&town, &desk);
    scene.says("Tia", "/help on which frequency are you");
    scene.hears("Tia", "98.6");
    assert!(desk.cases().is_empty());
    scene.says("Sam", "/human my boat is on fire, berth 12");
    let case = scene.case(0);
    scene.team_reads(&case.id, "my boat is on fire, berth 12");
}

#[test]
fn a_group_is_heard_under_its_new_number_after_a_restart() {
    let (town, desk) = town();
    let group = town.api.group("Harbour");
    let ada = town.person("Ada");
    town.api.set_member(user_of(&town.bot), group, Role::admin(&[]));
    town.api.set_member(ada, group, Role::Owner);
    let mut bot = running(&town, &desk, &format!("groups = [{{ id = {}, kind = \"help\" }}]\n", group.id));
    let (now, ..) = town.api.migrates(ada, group);
    eventually("the new number", || bot.log().contains("goes by another number").then_some(()));
    let asks = |number: usize| {
        town.api.says(ada, now, None, "@buoy_bot on which frequency are you?");
        eventually("an answer", || town.api.bot_messages(now).get(number).cloned());
    };
    asks(0);
    assert!(bot.stopped().success());
    town.api.keeps_old_groups_readable();
    bot.start();
    asks(1);
}

#[test]
fn updates_are_heard_whose_numbers_begin_anew() {
    let (town, desk) = town();
    let _bot = running(&town, &desk, "");
    let scene = Scene::new(&town, &desk);
    for (who, from) in [("Sam", 900_000_000), ("Tim", 5_000), ("Tia", 6_000)] {
        town.api.counts_updates_from(&town.bot, from);
        scene.says(who, QUESTION);
        scene.hears(who, "98.6");
        scene.hears_nothing(who);
    }
    std::thread::sleep(A_WHILE);
    assert!(town.api.pending(&town.bot).is_empty(), "all of them are confirmed");
    assert!(town.api.calls_of("getUpdates").len() < 30);
}

#[test]
fn agents_are_told_what_nobody_got_and_talk_about_other_things_undisturbed() {
    let (town, desk) = town();
    let _bot = running(&town, &desk, "");
    let scene = Scene::new(&town, &desk);
    let lunch = town.api.opens_topic(desk.agent("Ana"), desk.chat, "Lunch");
    town.api.says(desk.agent("Mia"), desk.chat, Some(lunch), "pizza?");
    town.api.says(desk.agent("Ana"), desk.chat, Some(lunch), "soup");
    town.says("Sam", "/human");
    let case = eventually("a case", || desk.cases().into_iter().find(|case| case.title.contains("Sam")));
    scene.agent_says("Ana", &case.id, "/nope");
    scene.agent_says("Ana", &case.id, "/nope again");
    let thread = case.id.parse().unwrap();
    let told = |words: &str| {
        let posts = town.api.bot_messages_in(desk.chat, thread);
        posts.iter().filter(|message| message.text().contains(words)).count()
    };
    eventually("two words about commands", || (told("no command") == 2).then_some(()));
    let reply = town.api.says(desk.agent("Ana"), desk.chat, Some(thread), "it costs 5 euro");
    eventually("the reply", || town.said("Sam").iter().any(|said| said.text.contains("5 euro")).then_some(()));
    town.api.edits(desk.agent("Ana"), desk.chat, reply.message_id, "it costs 50 euro");
    eventually("a word about the change", || (told("a change is not passed on") == 1).then_some(()));
    town.api.anonymous_admin_says(desk.chat, Some(thread), "hello customer");
    eventually("a word about hiding", || (told("Write as yourself") == 1).then_some(()));
    assert!(town.api.bot_messages_in(desk.chat, lunch).is_empty(), "{}", desk.transcript());
}

#[test]
fn to_check_a_bot_changes_nothing_about_it() {
    let (town, desk) = town();
    let bot = Housevoice::configured(&brands(&town, &desk, ""), &[]);
    let mut check = Command::new(env!("CARGO_BIN_EXE_housevoice"));
    check.args(["run", "--check-only", "--config"]).arg(bot.path("bot.toml")).env("TOKEN", &town.bot.token);
    let checked = check.output().unwrap();
    assert!(checked.status.success(), "{checked:?}");
    let calls = town.api.calls();
    assert!(!calls.is_empty() && calls.iter().all(|call| call.method.starts_with("get")), "{calls:#?}");
}
