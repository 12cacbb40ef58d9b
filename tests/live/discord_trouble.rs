//! Discord in trouble: calls that were done without an answer, pages of what stands in between, tokens that are refused.

use std::time::Duration;

use serde_json::json;

use super::discord::{Id, Trouble};
use super::on_discord::{Discord, DiscordDesk, shown};
use super::on_telegram::Telegram;
use super::running::{Housevoice, brand, eventually, test_voice};
use super::town::{A_WHILE, Desk, Scene, Town};

const QUESTION: &str = "on which frequency are you?";

fn up(town: &Discord, desk: &DiscordDesk) -> Housevoice {
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    Housevoice::running(&brands, &[("TOKEN", &town.server.token())])
}

/// A town with a channel, and its desk.
fn town() -> (Discord, Id, DiscordDesk) {
    let town = Discord::new();
    let general = town.server.add_channel(town.guild, "general");
    let desk = DiscordDesk::forum(&town);
    (town, general, desk)
}

fn case_is_opened_once(town: &Discord, desk: &DiscordDesk) {
    let _bot = up(town, desk);
    town.server.trouble(Trouble::DoneThenDropped, 1, &format!("POST /api/v10/channels/{}/threads", desk.channel));
    let scene = Scene::new(town, desk);
    let case = scene.opens_case("Kim", 0);
    eventually("the buttons", || desk.cases()[0].posts.iter().find(|post| !post.buttons.is_empty()).cloned());
    // What follows finds the thread.
    scene.says("Kim", "are you there?");
    scene.team_reads(&case.id, "are you there?");
    std::thread::sleep(A_WHILE);
    assert_eq!(desk.cases().len(), 1, "{}", desk.transcript());
    let with_buttons =
        desk.cases()[0].posts.iter().filter(|post| post.buttons.iter().any(|one| one == "Claim")).count();
    assert_eq!(with_buttons, 1, "{}", desk.transcript());
}

#[test]
fn a_case_whose_opening_was_not_heard_of_is_not_opened_twice() {
    let (town, _, desk) = town();
    case_is_opened_once(&town, &desk);
    let town = Discord::new();
    let desk = DiscordDesk::text(&town);
    case_is_opened_once(&town, &desk);
}

#[test]
fn an_answer_to_a_command_that_was_not_heard_of_is_not_given_twice() {
    let (town, general, desk) = town();
    let _bot = up(&town, &desk);
    let ada = town.person("Ada");
    for trouble in [Trouble::DoneThenDropped, Trouble::Dropped, Trouble::Status(502)] {
        town.server.trouble(trouble.clone(), 1, "POST /api/v10/webhooks/");
        let asked = town.server.slash(ada, general, "ask", &[("question", json!(QUESTION))]);
        let answers = || town.server.answers(asked);
        eventually("an answer", || answers().into_iter().find(|message| !message.content.is_empty()));
        std::thread::sleep(A_WHILE + Duration::from_secs(2));
        let said: Vec<String> = answers().iter().map(|message| shown(&message.content)).collect();
        assert!(said.len() == 1 && said[0].contains("98.6 FM"), "{trouble:?}: {said:?}");
        assert!(!town.server.interaction(asked).thinking, "{trouble:?}");
    }
}

#[test]
fn a_page_of_something_in_between_loses_no_message() {
    let (town, _, desk) = town();
    let _bot = up(&town, &desk);
    for (status, who) in [(403, "Sam"), (413, "Sue"), (400, "Sol")] {
        town.server.trouble(Trouble::Status(status), 1, "/messages");
        town.says(who, QUESTION);
        eventually(&format!("an answer after {status}"), || town.said(who).first().cloned());
    }
}

#[test]
fn a_pause_of_everything_holds_no_command() {
    let (town, general, desk) = town();
    let _bot = up(&town, &desk);
    town.server.trouble(Trouble::TooMany { retry_after: 5.0, global: true }, 1, "/messages");
    town.says("Sam", QUESTION);
    eventually("the limit", || town.server.requests().iter().any(|request| request.status == 429).then_some(()));
    let ada = town.person("Ada");
    let asked = town.server.slash(ada, general, "ask", &[("question", json!(QUESTION))]);
    eventually("an answer", || town.server.answers(asked).into_iter().find(|message| !message.content.is_empty()));
    assert!(town.said("Sam").is_empty(), "everything else waits");
    assert!(town.server.interaction(asked).acknowledged.is_some_and(|(_, took)| took < Duration::from_secs(3)));
}

#[test]
fn a_token_that_is_refused_is_not_shown_again_and_again() {
    let (town, _, desk) = town();
    let bot = up(&town, &desk);
    let people: Vec<String> = (0..20).map(|number| format!("U{number}")).collect();
    people.iter().for_each(|who| _ = town.person(who));
    town.server.trouble(Trouble::Status(401), 1000, "POST /api");
    people.iter().for_each(|who| town.says(who, QUESTION));
    std::thread::sleep(Duration::from_secs(5));
    let refused = town.server.requests().iter().filter(|request| request.status == 401).count();
    // Some were on their way already.
    assert!((1..=8).contains(&refused), "{refused} times");
    assert_eq!(bot.get("/readyz").unwrap().0, 503);
}

#[test]
fn trouble_at_the_start_is_waited_out_or_told_as_what_it_is() {
    let (town, _, desk) = town();
    town.server.trouble(Trouble::Status(503), 1, "GET /api/v10/users/@me");
    town.server.trouble(Trouble::Status(503), 2, "GET /api/v10/guilds/");
    let bot = up(&town, &desk);
    assert!(!bot.log().contains("could not be looked at") && !bot.log().contains("is not in server"), "{}", bot.log());
    drop(bot);
    // It does not pass: the bot listens all the same.
    town.server.trouble(Trouble::Status(503), 1000, "GET /api/v10/guilds/");
    let bot = up(&town, &desk);
    assert!(bot.log().contains(&format!("server {} could not be looked at", town.guild)), "{}", bot.log());
    assert!(!bot.log().contains("is not in server"), "{}", bot.log());
    let scene = Scene::new(&town, &desk);
    scene.says("Sam", QUESTION);
    scene.hears("Sam", "98.6 FM");
}

#[test]
fn a_platform_that_refuses_to_be_listened_to_is_told_with_why_and_the_others_go_on() {
    let (discord, telegram) = (Discord::new(), Telegram::new("buoy_bot"));
    let desk = DiscordDesk::forum(&discord);
    let brands =
        brand(test_voice("harbour.toml"), [discord.section("DISCORD"), desk.lines(), telegram.section("TELEGRAM")]);
    let token = discord.server.token();
    let mut bot = Housevoice::running(&brands, &[("DISCORD", &token), ("TELEGRAM", &telegram.bot.token)]);
    // Somebody switches the intent off, and Discord says so.
    discord.server.set_privileged(0);
    discord.server.close_gateway(4014);
    let says = eventually("that it is told", || {
        let (code, says) = bot.get("/readyz")?;
        (code == 503 && says.contains("Message Content Intent")).then_some(says)
    });
    assert!(says.starts_with("harbour is not connected to discord: "), "{says}");
    let (_, figures) = bot.get("/metrics").unwrap();
    let counted = "housevoice_listeners_ended_total{brand=\"harbour\",platform=\"discord\",why=\"refused\"} 1";
    assert!(figures.contains(counted), "{figures}");
    telegram.says("Tina", QUESTION);
    eventually("an answer", || telegram.said("Tina").first().cloned());
    assert!(bot.stopped().success());
}
