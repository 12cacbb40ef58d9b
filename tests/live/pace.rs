//! Nobody waits for somebody else: limits, pauses and refusals are those of one room, or of the bot where they are.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::discord::{ApiError, Trouble};
use super::on_discord::{Discord, DiscordDesk};
use super::on_telegram::{Telegram, TelegramDesk, user_of};
use super::running::{Housevoice, brand, eventually, test_voice};
use super::telegram::{Chat, Fault, Role};
use super::town::{Desk, Scene, Town};

const QUESTION: &str = "on which frequency are you";
const ANSWER: &str = "98.6 FM";
const HOUR: u64 = 3600;

fn on_telegram() -> (Telegram, TelegramDesk, Chat, Housevoice) {
    on_telegram_with(test_voice("harbour.toml"))
}

/// With a help group.
fn on_telegram_with(voice: String) -> (Telegram, TelegramDesk, Chat, Housevoice) {
    let town = Telegram::new("buoy_bot");
    town.api.privacy_mode(&town.bot, false);
    let help = town.api.supergroup("Help");
    town.api.set_member(user_of(&town.bot), help, Role::Member);
    let desk = TelegramDesk::of(&town);
    let groups = format!("groups = [{{ id = {}, kind = \"help\" }}]\n", help.id);
    let brands = brand(voice, [town.section("TOKEN"), desk.lines(), groups]);
    let bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    (town, desk, help, bot)
}

fn on_discord(town: &Discord, desk: &DiscordDesk, voice: String) -> Housevoice {
    let brands = brand(voice, [town.section("TOKEN"), desk.lines()]);
    Housevoice::running(&brands, &[("TOKEN", &town.server.token())])
}

fn people(many: usize) -> Vec<String> {
    (0..many).map(|number| format!("P{number}")).collect()
}

fn has_answer(town: &dyn Town, who: &str) -> bool {
    town.said(who).iter().any(|said| said.text.contains(ANSWER))
}

/// Everybody but the first has an answer, and soon.
fn only_the_first_waits(town: &dyn Town, people: &[String]) {
    let asked = Instant::now();
    people.iter().for_each(|who| town.says(who, QUESTION));
    let (first, rest) = people.split_first().unwrap();
    let mut left: BTreeSet<&String> = rest.iter().collect();
    while !left.is_empty() {
        left.retain(|who| !has_answer(town, who));
        assert!(asked.elapsed() < Duration::from_secs(60), "{} wait\n{}", left.len(), town.transcript());
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(!has_answer(town, first));
}

#[test]
fn of_200_conversations_one_is_limited_for_an_hour_and_the_others_do_not_notice_on_telegram() {
    let (town, _, _, _bot) = on_telegram();
    let people = people(200);
    people.iter().for_each(|who| _ = town.person(who));
    town.api.fail_next_in(town.chat(&people[0]), 1000, Fault::TooMany(HOUR));
    only_the_first_waits(&town, &people);
    town.says(&people[0], "what is on tonight?");
    std::thread::sleep(Duration::from_secs(3));
    let limited = town.api.calls_of("sendMessage").iter().filter(|call| call.code() == Some(429)).count();
    assert_eq!(limited, 1, "it is not asked for again");
}

#[test]
fn a_group_that_is_limited_rests_as_a_whole_and_private_chats_go_on_on_telegram() {
    let (town, _, help, _bot) = on_telegram();
    town.api.fail_next_in(help, 1000, Fault::TooMany(HOUR));
    for number in 0..12 {
        let member = town.person(&format!("G{number}"));
        town.api.set_member(member, help, Role::Member);
        town.api.says(member, help, None, "@buoy_bot on which frequency are you?");
    }
    let limited = || town.api.calls_of("sendMessage").iter().filter(|call| call.code() == Some(429)).count();
    eventually("the limit", || (limited() > 0).then_some(()));
    town.says("Sam", QUESTION);
    eventually("an answer in private", || has_answer(&town, "Sam").then_some(()));
    std::thread::sleep(Duration::from_secs(5));
    // Some were on their way already.
    assert!(limited() <= 4, "{} times", limited());
}

#[test]
fn of_200_conversations_one_is_limited_for_an_hour_and_the_others_do_not_notice_on_discord() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let _bot = on_discord(&town, &desk, test_voice("harbour.toml"));
    let people = people(200);
    people.iter().for_each(|who| _ = town.person(who));
    let first = town.server.dm_channel(town.person(&people[0]));
    let limited = format!("POST /api/v10/channels/{first}/messages");
    town.server.trouble(Trouble::TooMany { retry_after: HOUR as f64, global: false }, 1000, &limited);
    only_the_first_waits(&town, &people);
    assert_eq!(town.server.requests_to(&limited).len(), 1);
}

#[test]
fn a_group_on_telegram_gets_20_messages_a_minute_and_no_more() {
    let (town, _, help, bot) = on_telegram();
    let group: Vec<_> = (0..30).map(|number| town.person(&format!("G{number}"))).collect();
    for member in &group {
        town.api.set_member(*member, help, Role::Member);
        town.api.says(*member, help, None, "@buoy_bot on which frequency are you?");
    }
    let sent = || town.api.bot_messages(help).len();
    let until = Instant::now() + Duration::from_secs(50);
    while sent() < 20 {
        assert!(Instant::now() < until, "{}\n{}", sent(), town.api.transcript(help));
        std::thread::sleep(Duration::from_millis(100));
    }
    // In private it goes on.
    town.says("Sam", QUESTION);
    eventually("an answer in private", || has_answer(&town, "Sam").then_some(()));
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(sent(), 20, "the minute is not over");
    assert!(!bot.log().contains("429"));
    let refused = town.api.calls().iter().filter(|call| call.code() == Some(429)).count();
    assert_eq!(refused, 0);
}

#[test]
fn a_group_that_refuses_everything_is_asked_less_than_20_times_on_telegram() {
    let (town, _, help, bot) = on_telegram();
    town.api.fail_next_in(help, 1000, Fault::Refuse(403, "Forbidden: bot was kicked from the supergroup chat"));
    let group: Vec<_> = (0..80).map(|number| town.person(&format!("G{number}"))).collect();
    for member in &group {
        town.api.set_member(*member, help, Role::Member);
        town.api.says(*member, help, None, "@buoy_bot on which frequency are you?");
    }
    let gone = || bot.log().matches("cannot be sent").count();
    eventually("everybody's turn", || (gone() >= 80).then_some(()));
    let asked = town.api.calls_of("sendMessage").iter().filter(|call| call.code() == Some(403)).count();
    assert!((3..20).contains(&asked), "{asked} times");
    town.says("Sam", QUESTION);
    eventually("an answer in private", || has_answer(&town, "Sam").then_some(()));
    // A person who has blocked the bot, and opens the chat again, is answered at once.
    let sam = town.chat("Sam");
    town.api.fail_next_in(sam, 1000, Fault::Refuse(403, "Forbidden: bot was blocked by the user"));
    for number in 0..4 {
        // In other words each time: the same again and again is what machines say.
        town.says("Sam", &format!("what is on tonight? ({number})"));
        eventually("a refusal", || (gone() > 80 + number).then_some(()));
    }
    town.api.no_trouble();
    town.says("Sam", "what is on tonight?");
    eventually("an answer", || town.said("Sam").iter().any(|said| said.text.contains("shanties")).then_some(()));
}

#[test]
fn a_channel_that_refuses_everything_is_asked_less_than_20_times_on_discord() {
    let town = Discord::new();
    let general = town.server.add_channel(town.guild, "general");
    let desk = DiscordDesk::forum(&town);
    let bot = on_discord(&town, &desk, test_voice("harbour.toml"));
    let refusal = Trouble::Refused(ApiError::new(403, 50_013, "Missing Permissions"));
    town.server.trouble(refusal, 1000, &format!("/channels/{general}/messages"));
    let text = format!("<@{}> {QUESTION}", town.server.bot());
    let people = people(80);
    people.iter().for_each(|who| _ = town.server.says(town.person(who), general, &text));
    let gone = || bot.log().matches("cannot be sent").count();
    eventually("everybody's turn", || (gone() >= 80).then_some(()));
    let asked = town.server.requests().iter().filter(|request| request.status == 403).count();
    assert!((3..20).contains(&asked), "{asked} times");
    town.says("Sam", QUESTION);
    eventually("an answer in private", || has_answer(&town, "Sam").then_some(()));
}

#[test]
fn a_token_that_was_withdrawn_stops_all_sending_and_loses_nothing_on_telegram() {
    let (town, _, _, mut bot) = on_telegram();
    let people = people(30);
    people.iter().for_each(|who| _ = town.person(who));
    town.api.fail_next_calls(10_000, Fault::Refuse(401, "Unauthorized"));
    people.iter().for_each(|who| town.says(who, QUESTION));
    let refused = || town.api.calls_of("sendMessage").iter().any(|call| call.code() == Some(401)).then_some(());
    eventually("a refusal", refused);
    std::thread::sleep(Duration::from_secs(4));
    let asked = town.api.calls_of("sendMessage").len();
    assert!((1..=8).contains(&asked), "{asked} times");
    let errors = bot.log().lines().filter(|line| line.contains("until the token is accepted again")).count();
    assert_eq!(errors, 1);
    // Nothing can be heard with it, either: without another platform there is nothing left to do.
    town.api.fail_next("getUpdates", 10_000, Fault::Refuse(401, "Unauthorized"));
    town.says("Sam", QUESTION);
    assert!(!bot.ended().success());
    town.api.no_trouble();
    bot.start();
    for who in &people {
        eventually(who, || has_answer(&town, who).then_some(()));
    }
}

#[test]
fn a_token_that_was_withdrawn_stops_all_sending_and_loses_nothing_on_discord() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let mut bot = on_discord(&town, &desk, test_voice("harbour.toml"));
    let people = people(30);
    people.iter().for_each(|who| _ = town.person(who));
    town.server.trouble(Trouble::Status(401), 10_000, "POST /api");
    people.iter().for_each(|who| town.says(who, QUESTION));
    let refused = || town.server.requests().iter().filter(|request| request.status == 401).count();
    eventually("a refusal", || (refused() > 0).then_some(()));
    std::thread::sleep(Duration::from_secs(4));
    assert!((1..=8).contains(&refused()), "{} times", refused());
    assert_eq!(bot.get("/readyz").unwrap().0, 503);
    let errors = bot.log().lines().filter(|line| line.contains("until the token is accepted again")).count();
    assert_eq!(errors, 1);
    assert!(bot.stopped().success());
    town.server.no_trouble();
    bot.start();
    for who in &people {
        eventually(who, || has_answer(&town, who).then_some(()));
    }
}

/// The voice of the tests, for which answers in public are old after some seconds.
fn impatient(folder: &tempfile::TempDir) -> String {
    let voice = std::fs::read_to_string(test_voice("harbour.toml")).unwrap();
    let voice = voice.replacen("[silence]\n", "[silence]\ntoo_old_in_public = \"4s\"\n", 1);
    let path = folder.path().join("harbour.toml");
    std::fs::write(&path, voice).unwrap();
    path.display().to_string()
}

#[test]
fn what_was_not_answered_in_time_is_shown_to_the_team_once_on_telegram() {
    let folder = tempfile::tempdir().unwrap();
    let (town, desk, help, bot) = on_telegram_with(impatient(&folder));
    let api = &town.api;
    let [ada, bo] = ["Ada", "Bo"].map(|who| town.person(who));
    api.fail_next_in(help, 1, Fault::TooMany(6));
    for (who, text) in [(ada, QUESTION), (ada, "what is on tonight?"), (bo, "what is on the programme")] {
        api.set_member(who, help, Role::Member);
        api.says(who, help, None, &format!("@buoy_bot {text}"));
    }
    let posts = || api.bot_messages(desk.chat);
    eventually("two posts", || (posts().len() >= 2).then_some(()));
    std::thread::sleep(Duration::from_secs(2));
    let posts = posts();
    let shown: Vec<String> = posts.iter().map(|post| post.text().to_owned()).collect();
    assert_eq!(shown.len(), 2, "one for each conversation: {shown:#?}");
    assert!(posts.iter().all(|post| post.thread.is_none()) && desk.cases().is_empty(), "no topic is opened for it");
    let of_ada = shown.iter().find(|text| text.contains("Ada")).unwrap();
    for words in ["came too late", "Help", "on telegram", QUESTION, "tonight?", "UTC"] {
        assert!(of_ada.contains(words), "{words}: {of_ada}");
    }
    assert!(api.bot_messages(help).is_empty(), "{}", api.transcript(help));
    drop(bot);
}

fn shown_on_discord(town: &Discord, desk: &DiscordDesk) {
    let folder = tempfile::tempdir().unwrap();
    let help = town.server.add_channel(town.guild, "help");
    let mut bot = on_discord(town, desk, impatient(&folder));
    let messages = format!("POST /api/v10/channels/{help}/messages");
    let outage = |who: &str, texts: &[&str]| {
        town.server.trouble(Trouble::TooMany { retry_after: 6.0, global: false }, 1, &messages);
        for text in texts {
            town.server.says(town.person(who), help, &format!("<@{}> {text}", town.server.bot()));
        }
    };
    let posts = || desk.cases().into_iter().flat_map(|thread| thread.posts).collect::<Vec<_>>();
    outage("Ada", &[QUESTION, "what is on tonight?"]);
    eventually("a post", || (!posts().is_empty()).then_some(()));
    outage("Bo", &["what is on the programme"]);
    eventually("another", || (posts().len() >= 2).then_some(()));
    // It is found again.
    assert!(bot.stopped().success());
    bot.start();
    outage("Cy", &["what is on the programme"]);
    eventually("one more", || (posts().len() >= 3).then_some(()));
    std::thread::sleep(Duration::from_secs(1));
    let threads = desk.cases();
    assert_eq!((threads.len(), posts().len()), (1, 3), "one thread for all: {threads:#?}");
    assert_eq!(threads[0].title, "Not answered");
    let of_ada = &threads[0].posts[0].text;
    for words in ["came too late", "Ada", "help", "on discord", QUESTION, "tonight?", "UTC"] {
        assert!(of_ada.contains(words), "{words}: {of_ada}");
    }
    // What is typed there is for nobody.
    let before = town.server.bot_messages(help).len();
    desk.says("Ana", &threads[0].id, "98.6, as always");
    eventually("a notice", || posts().into_iter().find(|post| post.text.contains("Nobody got that")));
    assert_eq!(town.server.bot_messages(help).len(), before, "{}", town.server.everything());
}

#[test]
fn what_was_not_answered_in_time_is_shown_to_the_team_in_one_thread_on_discord() {
    let town = Discord::new();
    shown_on_discord(&town, &DiscordDesk::forum(&town));
    let town = Discord::new();
    shown_on_discord(&town, &DiscordDesk::text(&town));
}

#[test]
fn whoever_cannot_be_reached_any_more_is_shown_with_where_else_they_wrote_on_telegram() {
    let (town, desk, help, _bot) = on_telegram();
    let scene = Scene::new(&town, &desk);
    let kim = town.person("Kim");
    town.api.set_member(kim, help, Role::Member);
    town.api.says(kim, help, None, "@buoy_bot on which frequency are you?");
    eventually("an answer", || town.api.bot_messages(help).first().cloned());
    let case = scene.opens_case("Kim", 0);
    town.api.fail_next_in(town.chat("Kim"), 1000, Fault::Refuse(403, "Forbidden: bot was blocked by the user"));
    scene.agent_says("Ana", &case.id, "Hello Kim");
    scene.team_reads(&case.id, "The customer cannot be reached: the customer has blocked the bot");
    let ways = scene.team_reads(&case.id, "elsewhere");
    assert!(ways.text.contains("on telegram in Help"), "{ways:?}");
    assert_eq!(town.api.bot_messages(help).len(), 1, "nothing goes there by itself");
}

#[test]
fn whoever_cannot_be_reached_any_more_is_shown_with_where_else_they_wrote_on_discord() {
    for (code, reason) in [
        (50_007, "the customer takes no private messages from the bot"),
        (50_278, "the bot and the customer share no server"),
        (50_001, "the bot cannot see the channel"),
        (50_013, "the bot has no permission to write there"),
        (10_003, "the channel is gone"),
    ] {
        let town = Discord::new();
        let general = town.server.add_channel(town.guild, "general");
        let desk = DiscordDesk::forum(&town);
        let _bot = on_discord(&town, &desk, test_voice("harbour.toml"));
        let scene = Scene::new(&town, &desk);
        let kim = town.person("Kim");
        town.server.says(kim, general, &format!("<@{}> {QUESTION}", town.server.bot()));
        eventually("an answer", || town.server.bot_messages(general).first().cloned());
        let case = scene.opens_case("Kim", 0);
        let refusal = Trouble::Refused(ApiError::new(403, code, "no"));
        town.server.trouble(refusal, 1000, &format!("channels/{}/messages", town.server.dm_channel(kim)));
        scene.agent_says("Ana", &case.id, "Hello Kim");
        scene.team_reads(&case.id, &format!("The customer cannot be reached: {reason}"));
        let ways = scene.team_reads(&case.id, "elsewhere");
        assert!(ways.text.contains("on discord in general"), "{ways:?}");
        assert_eq!(town.server.bot_messages(general).len(), 1, "nothing goes there by itself");
    }
}
