//! One person sends thousands of messages while others ask: the others are answered, nothing of a case is lost, and the
//! program does not grow. Machines that talk to the bot are not answered.

use std::time::Duration;

use sqlx::Connection;

use super::database::Database;
use super::discord::Saying;
use super::on_discord::{Discord, DiscordDesk};
use super::on_telegram::{Telegram, TelegramDesk, user_of};
use super::running::{Housevoice, brand, eventually, test_voice, within};
use super::telegram::{Person, Role};
use super::town::{A_WHILE, Desk, Scene, Town};

const QUESTION: &str = "on which frequency are you?";
/// Messages of the flood, in private and in public each.
const FLOOD: usize = 2_000;
/// After how many of them a guest asks, and after how many somebody with a case writes.
const GUEST: usize = 200;
const CASE: usize = 250;
/// How much the program may grow meanwhile, in KiB.
const GROWS_BY: u64 = 80 * 1024;
/// How long more than ten thousand messages may take that are each heard and written down, on a busy machine.
const THOUSANDS: Duration = Duration::from_secs(100);

/// What the program holds in memory, in KiB.
fn resident(bot: &Housevoice) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", bot.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("Linux says how much");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A figure with these labels.
fn figure(bot: &Housevoice, name: &str, labels: &[&str]) -> u64 {
    let (_, figures) = bot.get("/metrics").unwrap();
    let lines =
        figures.lines().filter(|line| line.starts_with(name) && labels.iter().all(|label| line.contains(label)));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}

/// Mallory floods while guests ask and Kim, who has a case, writes to the team.
fn flood(town: &dyn Town, desk: &dyn Desk, bot: &Housevoice, in_public: impl Fn(&str)) {
    let scene = Scene::new(town, desk);
    scene.says("Zoe", QUESTION);
    scene.hears("Zoe", "");
    let case = scene.opens_case("Kim", 0);
    let before = resident(bot);
    let (mut guests, mut case_words) = (Vec::new(), Vec::new());
    for number in 0..FLOOD {
        town.says("Mallory", &format!("{QUESTION} {number}"));
        in_public(&format!("blah blah {number}"));
        if number % GUEST == GUEST / 2 {
            let guest = format!("Guest{number}");
            town.says(&guest, QUESTION);
            guests.push(guest);
        }
        if number % CASE == CASE / 2 {
            case_words.push(format!("case word {number} end"));
            town.says("Kim", case_words.last().unwrap());
        }
    }
    for guest in &guests {
        scene.hears(guest, "");
    }
    for words in &case_words {
        scene.team_reads(&case.id, words);
    }
    for class in ["private", "chatter"] {
        let shed = eventually(&format!("{class} is shed"), || {
            let label = format!("class=\"{class}\"");
            let shed = figure(bot, "housevoice_shed_total", &[&label, town.platform()]);
            (shed > 1_500).then_some(shed)
        });
        assert!(shed < u64::try_from(FLOOD).unwrap(), "{shed}");
    }
    let grown = resident(bot).saturating_sub(before);
    assert!(grown < GROWS_BY, "it has grown by {grown} KiB");
    let said = bot.log().matches("more comes in than may").count();
    assert!((1..40).contains(&said), "{said} lines about it");
    // Once there is room again, they are answered as everybody is.
    let so_far = town.said("Mallory").len();
    eventually("Mallory is answered again", || {
        std::thread::sleep(A_WHILE);
        town.says("Mallory", QUESTION);
        (town.said("Mallory").len() > so_far).then_some(())
    });
}

#[test]
fn a_flood_on_telegram_sheds_the_flood_alone() {
    let town = Telegram::new("buoy_bot");
    town.api.privacy_mode(&town.bot, false);
    let general = town.api.supergroup("Harbour");
    town.api.set_member(user_of(&town.bot), general, Role::Member);
    let desk = TelegramDesk::of(&town);
    let groups = format!("groups = [{{ id = {} }}]\n", general.id);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines(), groups]);
    let mut bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    let mallory = town.person("Mallory");
    flood(&town, &desk, &bot, |text| drop(town.api.says(mallory, general, None, text)));
    assert!(bot.stopped().success());
}

#[test]
fn a_flood_on_discord_sheds_the_flood_alone() {
    let town = Discord::new();
    let general = town.server.add_channel(town.guild, "general");
    let desk = DiscordDesk::forum(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let mut bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
    let mallory = town.person("Mallory");
    flood(&town, &desk, &bot, |text| {
        town.server.says(mallory, general, text);
    });
    assert!(bot.stopped().success());
}

/// Does something to the database behind the program's back.
fn sql(bot: &Housevoice, statement: &'static str) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(bot.path("bot.db"));
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn while_the_store_is_in_trouble_a_full_queue_keeps_the_connection_and_what_it_left_out_is_read_later() {
    let town = Discord::new();
    // What acknowledges a beat stands behind thousands of messages, and must come before the next beat.
    town.server.set_heartbeat(Duration::from_secs(2));
    let desk = DiscordDesk::forum(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let mut bot = Housevoice::running_on(&Database::File, &brands, &[("TOKEN", &town.server.token())]);
    sql(&bot, "CREATE TRIGGER broken BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'broken'); END");
    let before = resident(&bot);
    town.says("First", QUESTION);
    // More than the queue holds, so that there is no room for whoever asks last.
    let mallory = town.person("Mallory");
    for number in 0..12_000 {
        town.server.dm(mallory, &format!("blah {number}"));
    }
    town.says("Last", QUESTION);
    within(THOUSANDS, "something is left out", || bot.log().contains("messages are left out").then_some(()));
    let (beats, begun) = (town.server.heartbeats(), town.server.identifies().len());
    eventually("the heart goes on beating", || (town.server.heartbeats() > beats + 4).then_some(()));
    let grown = resident(&bot).saturating_sub(before);
    assert!(grown < 2 * GROWS_BY, "it has grown by {grown} KiB");
    assert!(town.said("First").is_empty() && town.said("Last").is_empty());
    sql(&bot, "DROP TRIGGER broken");
    for who in ["First", "Last"] {
        within(THOUSANDS, &format!("an answer to {who}"), || (!town.said(who).is_empty()).then_some(()));
    }
    assert_eq!(town.server.identifies().len(), begun, "it is the same session");
    assert!(bot.stopped().success());
}

/// The same words again and again are answered twice, and something else is answered again.
fn says_the_same(town: &dyn Town) {
    for number in 1..=2 {
        town.says("Echo", QUESTION);
        eventually("an answer", || (town.said("Echo").len() >= number).then_some(()));
    }
    let so_far = town.said("Echo").len();
    (0..5).for_each(|_| town.says("Echo", QUESTION));
    std::thread::sleep(A_WHILE);
    assert_eq!(town.said("Echo").len(), so_far, "{}", town.transcript());
    town.says("Echo", "what is on tonight?");
    eventually("an answer", || (town.said("Echo").len() > so_far).then_some(()));
}

#[test]
fn machines_are_not_answered_on_telegram() {
    let town = Telegram::new("buoy_bot");
    town.api.privacy_mode(&town.bot, false);
    let help = town.api.supergroup("Help");
    town.api.set_member(user_of(&town.bot), help, Role::Member);
    let groups = format!("groups = [{{ id = {}, kind = \"help\" }}]\n", help.id);
    let desk = TelegramDesk::of(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines(), groups]);
    let bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    let other = town.api.person(Person::named("Robo").bot());
    town.meets("Robo", other);
    let mention = format!("@buoy_bot {QUESTION}");
    for _ in 0..3 {
        town.api.says(other, help, None, &mention);
        town.says("Robo", QUESTION);
    }
    says_the_same(&town);
    assert!(town.said("Robo").is_empty() && town.api.bot_messages(help).is_empty(), "{}", town.transcript());
    // A person is, with the same words.
    town.api.says(town.person("Kim"), help, None, &mention);
    eventually("an answer", || town.api.bot_messages(help).first().cloned());
    drop(bot);
}

#[test]
fn machines_are_not_answered_on_discord() {
    let town = Discord::new();
    let help = town.server.add_channel(town.guild, "help");
    let desk = DiscordDesk::forum(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
    let other = town.server.add_bot("Robo");
    town.server.join(town.guild, other, &[]);
    let mention = format!("<@{}> {QUESTION}", town.server.bot());
    let mut reply_to = None;
    for _ in 0..3 {
        let said = town.server.says_more(other, help, &Saying { text: &mention, reply_to, ..Saying::default() });
        reply_to = Some(said);
        town.server.webhook_says(help, "Hook", &mention);
    }
    says_the_same(&town);
    // Wherever it is said: in the channel, or in a thread of the message.
    let answered = || {
        let threads = town.server.threads(help).into_iter().map(|thread| thread.id);
        std::iter::once(help).chain(threads).any(|place| !town.server.bot_messages(place).is_empty())
    };
    assert!(!answered(), "{}", town.transcript());
    town.server.says(town.person("Kim"), help, &mention);
    eventually("an answer", || answered().then_some(()));
    drop(bot);
}
