//! The database goes away for a while.

use std::time::Duration;

use sqlx::{Connection, SqliteConnection};

use super::database::Database;
use super::places::{discord_on, telegram_on};
use super::running::Housevoice;
use super::script::{Allowed, Script};
use super::support::postgres::Server;

/// For how long it is gone.
const GONE: Duration = Duration::from_secs(4);
/// For how long another program writes: longer than the bot waits for it in one go (5 seconds).
const LOCKED: Duration = Duration::from_secs(8);

/// What the program says when something could not be written down.
fn is_felt(bot: &Housevoice) -> bool {
    bot.log().contains("written down")
}

/// Stopped in the middle, and started again.
fn is_restarted(server: &Server, script: &mut Script<'_>) {
    script.bot.start();
    let zed = script.before();
    server.stop();
    script.in_the_middle(&zed);
    script.waits_for("the trouble", || is_felt(script.bot));
    std::thread::sleep(GONE);
    server.start_again();
    script.afterwards(&zed);
    script.all_is_well(Allowed::default());
    assert!(script.bot.stopped().success());
}

#[test]
fn postgresql_is_restarted_in_the_middle_on_telegram() {
    let Some(server) = Server::start() else { return };
    telegram_on(&Database::on(&server), |_, _, mut script| is_restarted(&server, &mut script));
}

#[test]
fn postgresql_is_restarted_in_the_middle_on_discord() {
    let Some(server) = Server::start() else { return };
    discord_on(&Database::on(&server), |_, _, mut script| is_restarted(&server, &mut script));
}

/// Somebody else writes to the file for a long time.
fn is_locked(script: &mut Script<'_>) {
    script.bot.start();
    let zed = script.before();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let file = format!("sqlite://{}", script.bot.path("bot.db").display());
    let mut other = runtime.block_on(SqliteConnection::connect(&file)).unwrap();
    runtime.block_on(sqlx::query("BEGIN IMMEDIATE").execute(&mut other)).unwrap();
    script.in_the_middle(&zed);
    std::thread::sleep(LOCKED);
    assert!(is_felt(script.bot), "nobody noticed");
    runtime.block_on(sqlx::query("ROLLBACK").execute(&mut other)).unwrap();
    script.afterwards(&zed);
    script.all_is_well(Allowed::default());
    assert!(script.bot.stopped().success());
}

#[test]
fn sqlite_is_locked_by_another_program_for_eight_seconds_on_telegram() {
    telegram_on(&Database::File, |_, _, mut script| is_locked(&mut script));
}

#[test]
fn sqlite_is_locked_by_another_program_for_eight_seconds_on_discord() {
    discord_on(&Database::File, |_, _, mut script| is_locked(&mut script));
}
