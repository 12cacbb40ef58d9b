//! `housevoice doctor`: says that all is well when it is, and shows each thing that is not, with what to do. Each is broken
//! here, one by one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use serde_json::Value;

use super::database::Database;
use super::discord::{ADMINISTRATOR, SEND_MESSAGES};
use super::on_discord::{BOT_MAY, Discord, DiscordDesk};
use super::on_telegram::{Telegram, TelegramDesk, user_of};
use super::running::{Housevoice, brand, eventually, test_voice, voice};
use super::telegram::{Role, rights};
use super::town::Town;

/// A bot on Telegram, its desk, and the program's folder.
struct Telegrams {
    town: Telegram,
    desk: TelegramDesk,
    bot: Housevoice,
}

impl Telegrams {
    fn new(more: &str) -> Self {
        let town = Telegram::new("buoy_bot");
        let desk = TelegramDesk::of(&town);
        let brands = brand(voice("lantern-loom"), [town.section("TOKEN"), desk.lines(), more.to_owned()]);
        let bot = Housevoice::configured_on(&Database::File, &brands, &[("TOKEN", &town.bot.token)]);
        Self { town, desk, bot }
    }

    fn doctor(&self) -> (Option<i32>, String) {
        self.bot.beside(&["doctor"], &[("TOKEN", &self.town.bot.token), ("SECRET", SECRET)])
    }

    /// The line of a level that holds these words; the exit code is that of the level.
    fn finds(&self, level: &str, words: &str) {
        finds(&self.doctor(), level, words);
    }

    /// Sets a webhook, as another program with the same token would.
    fn sets_webhook(&self, url: &str) {
        let address = self.town.api.url();
        let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
        let path = format!("/bot{}/setWebhook?url={url}", self.town.bot.token);
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains("\"ok\":true"), "{answer}");
    }
}

const SECRET: &str = "0123456789abcdef0123456789ABCDEF";
const WEBHOOK: &str = "webhook_secret_env = \"SECRET\"\n";

fn finds((code, said): &(Option<i32>, String), level: &str, words: &str) {
    let line = said.lines().find(|line| line.starts_with(level) && line.contains(words));
    assert!(line.is_some(), "no {level} with {words:?} in\n{said}");
    let expected = if level == "problem" { 2 } else { 1 };
    assert_eq!(*code, Some(expected), "{said}");
}

/// What is told of the desk of the tests in any case: one of its roles is no agent's, and sees it.
const ONLY_READERS: &str = "\n0 problems, 1 warning\n";

fn discord() -> (Discord, DiscordDesk, Housevoice) {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let brands = brand(voice("lantern-loom"), [town.section("TOKEN"), desk.lines()]);
    let bot = Housevoice::configured_on(&Database::File, &brands, &[("TOKEN", &town.server.token())]);
    (town, desk, bot)
}

fn doctor_of(town: &Discord, bot: &Housevoice) -> (Option<i32>, String) {
    bot.beside(&["doctor"], &[("TOKEN", &town.server.token())])
}

#[test]
fn all_is_well_and_nothing_was_changed_to_find_that_out() {
    let mut here = Telegrams::new("");
    let (code, said) = here.doctor();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.ends_with("all is well\n") && said.contains("`housevoice run` makes it"), "{said}");
    let calls = here.town.api.calls();
    assert!(!calls.is_empty() && calls.iter().all(|call| call.method.starts_with("get")), "{calls:#?}");
    assert!(!here.bot.path("bot.db").exists());
    // Beside the bot that runs, which goes on.
    here.bot.start();
    let (code, said) = here.doctor();
    assert!(code == Some(0) && said.contains("a housevoice serves it"), "{said}");
    assert!(!said.contains(&here.town.bot.token), "{said}");
    here.town.says("Sam", "hello");
    eventually("an answer", || (!here.town.said("Sam").is_empty()).then_some(()));
    assert!(here.bot.stopped().success());
    assert!(here.doctor().1.contains("nobody serves it"));
    here.bot.start();

    let (town, _desk, bot) = discord();
    let (code, said) = doctor_of(&town, &bot);
    assert!(code == Some(1) && said.contains("@Readers") && said.ends_with(ONLY_READERS), "{said}");
    let requests = town.server.requests();
    assert!(!requests.is_empty() && requests.iter().all(|request| request.method == "GET"), "{requests:#?}");
}

#[test]
fn what_bot_toml_lacks_is_a_problem() {
    let here = Telegrams::new("");
    let without = here.bot.beside(&["doctor"], &[]);
    finds(&without, "problem", "the environment variable TOKEN is not set");
    let wrong = here.bot.beside(&["doctor"], &[("TOKEN", "123456789:AAwrong-token-wrong-token-wrong-tok")]);
    finds(&wrong, "problem", "BotFather");
    Telegrams::new("dask = 3\n").finds("problem", "unknown field `dask`");
    let json = here.bot.beside(&["doctor", "--format", "json"], &[]).1;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["outcome"], "problem");
    assert!(json["checks"].as_array().unwrap().iter().any(|check| check["level"] == "problem"), "{json}");
}

#[test]
fn findings_in_a_voice_are_counted() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let voice = test_voice("broken/089-banned-word-as-a-warning.toml");
    let brands = brand(voice, [town.section("TOKEN"), desk.lines()]);
    let bot = Housevoice::configured_on(&Database::File, &brands, &[]);
    finds(&bot.beside(&["doctor"], &[("TOKEN", &town.bot.token)]), "warn", "`housevoice check");
}

#[test]
fn rights_that_the_bot_does_not_need_are_told() {
    let here = Telegrams::new("");
    let more = [rights::MANAGE_TOPICS, rights::DELETE_MESSAGES, rights::RESTRICT_MEMBERS];
    here.town.api.set_member(user_of(&here.town.bot), here.desk.chat, Role::admin(&more));
    here.finds("warn", "more than it needs: delete messages, restrict members; take that from it");
    here.town.api.set_member(user_of(&here.town.bot), here.desk.chat, Role::admin(&[]));
    here.finds("problem", "may not open topics");

    let (town, desk, bot) = discord();
    town.server.set_role_permissions(town.guild, town.server.bot_role(town.guild), BOT_MAY | ADMINISTRATOR);
    finds(&doctor_of(&town, &bot), "warn", "more than it needs: Administrator");
    town.server.set_role_permissions(town.guild, town.server.bot_role(town.guild), BOT_MAY);
    town.server.overwrite_role(desk.channel, town.server.bot_role(town.guild), 0, SEND_MESSAGES);
    finds(&doctor_of(&town, &bot), "problem", "in the desk #cases, the bot lacks: View Channel, Send Messages");
}

#[test]
fn what_the_bot_would_not_hear_is_told() {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let group = town.api.supergroup("Help");
    town.api.set_member(user_of(&town.bot), group, Role::Member);
    let groups = format!("groups = [{{ id = {}, kind = \"help\" }}]\n", group.id);
    let brands = brand(voice("lantern-loom"), [town.section("TOKEN"), groups, desk.lines()]);
    let bot = Housevoice::configured_on(&Database::File, &brands, &[]);
    let doctor = || bot.beside(&["doctor"], &[("TOKEN", &town.bot.token)]);
    town.api.privacy_mode(&town.bot, true);
    finds(&doctor(), "warn", "switch privacy mode off");
    town.api.set_member(user_of(&town.bot), group, Role::admin(&[rights::PIN_MESSAGES]));
    finds(&doctor(), "warn", "in the group \"Help\"");
    assert!(doctor().1.contains("more than it needs: pin messages"), "{}", doctor().1);
    town.api.set_member(user_of(&town.bot), group, Role::admin(&[]));
    assert_eq!(doctor().0, Some(0), "{}", doctor().1);

    let (town, _desk, bot) = discord();
    town.server.set_privileged(0);
    finds(&doctor_of(&town, &bot), "problem", "Message Content Intent");
}

#[test]
fn a_webhook_that_is_not_as_bot_toml_says_is_told() {
    let here = Telegrams::new("");
    here.sets_webhook("http://127.0.0.1:1/elsewhere");
    here.finds("warn", "Telegram is set to call a webhook");
    let here = Telegrams::new(WEBHOOK);
    assert_eq!(here.doctor().0, Some(0), "{}", here.doctor().1);
    here.sets_webhook("http://127.0.0.1:1/elsewhere");
    here.finds(
        "warn",
        "Telegram calls http://127.0.0.1:1/elsewhere at the moment, which is not the address of this bot",
    );
    // It is called, and is not there.
    for number in 0..101 {
        here.town.says("Sam", &format!("hello {number}"));
    }
    eventually("a call that failed", || here.doctor().1.contains("Connection refused").then_some(()));
    here.finds("warn", "Telegram could not call http://127.0.0.1:1/elsewhere at 20");
    here.finds("warn", " updates wait at Telegram");
}

#[test]
fn a_clock_that_is_off_is_told() {
    let here = Telegrams::new("");
    here.town.api.advance(Duration::from_secs(30));
    here.finds("warn", "seconds behind that of");
    here.town.api.advance(Duration::from_secs(60));
    here.finds("problem", "seconds behind that of");

    let (town, _desk, bot) = discord();
    town.server.set_clock_ahead(Duration::from_secs(90));
    finds(&doctor_of(&town, &bot), "problem", "seconds behind that of");
    town.server.set_clock_ahead(Duration::ZERO);
    assert!(doctor_of(&town, &bot).1.ends_with(ONLY_READERS));
}

/// Does something to the database with SQL.
fn sql(bot: &Housevoice, statement: &'static str) {
    use sqlx::Connection;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(bot.path("bot.db"));
        let mut conn = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query(statement).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    });
}

#[test]
fn a_database_that_cannot_be_used_is_told() {
    let mut here = Telegrams::new("");
    std::fs::write(here.bot.path("bot.db"), "this is no database at all, but a text".repeat(100)).unwrap();
    here.finds("problem", "this file is not a database");
    std::fs::remove_file(here.bot.path("bot.db")).unwrap();
    here.bot.start();
    assert!(here.bot.stopped().success());
    assert_eq!(here.doctor().0, Some(0), "{}", here.doctor().1);
    sql(&here.bot, "INSERT INTO _sqlx_migrations VALUES (999, 'later', '2026-11-24', 1, x'00', 1)");
    here.finds("problem", "of a newer housevoice");
    sql(&here.bot, "DELETE FROM _sqlx_migrations WHERE version IN (2, 999)");
    here.finds("warn", "of an older housevoice");
    let (code, said) = here.bot.beside(&["outbox"], &[]);
    assert!(code == Some(2) && said.contains("of an older housevoice"), "{said}");
    std::fs::write(here.bot.path("bot.db"), "").unwrap();
    let config = here.bot.path("bot.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("\"bot.db\"", "\"nowhere/bot.db\"")).unwrap();
    here.finds("problem", "there is no folder");
}

#[test]
fn a_damaged_file_is_told() {
    let mut here = Telegrams::new("");
    here.bot.start();
    here.town.says("Sam", "hello");
    eventually("an answer", || (!here.town.said("Sam").is_empty()).then_some(()));
    assert!(here.bot.stopped().success());
    let mut bytes = std::fs::read(here.bot.path("bot.db")).unwrap();
    // Pages in the middle: tables and indexes, not the list of them.
    let middle = bytes.len() / 4096 / 2 * 4096;
    bytes[middle..middle + 4 * 4096].fill(0xA5);
    std::fs::write(here.bot.path("bot.db"), bytes).unwrap();
    here.finds("problem", "the file is damaged");
}

#[test]
fn a_database_that_everybody_on_the_machine_can_read_is_told() {
    let mut here = Telegrams::new("");
    here.bot.start();
    let mode = |path: std::path::PathBuf, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(here.bot.path("."), 0o755);
    assert_eq!(here.doctor().0, Some(0), "it is made for its owner alone: {}", here.doctor().1);
    mode(here.bot.path("bot.db"), 0o644);
    here.finds("warn", "every user of this machine can read what customers wrote; `chmod o-rwx ");
    mode(here.bot.path("."), 0o700);
    assert_eq!(here.doctor().0, Some(0), "nobody else comes into the folder: {}", here.doctor().1);
}
