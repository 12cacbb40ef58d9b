//! Towns, desks and the program between them, on each kind of database.

use super::database::Database;
use super::on_discord::{Discord, DiscordDesk};
use super::on_telegram::{Telegram, TelegramDesk};
use super::running::{Housevoice, brand};
use super::script::{Script, Trouble};
use super::support::catalogue;

/// The program with two brands: the one at this section of a platform, and another on a server of its own.
struct Program {
    bot: Housevoice,
    other: Telegram,
    _voices: tempfile::TempDir,
}

impl Program {
    fn new(database: &Database, section: String, desk: String, token: &str) -> Self {
        let voices = tempfile::tempdir().unwrap();
        let other = Telegram::new("other_cat_bot");
        // Numbers are counted on each server; no two brands have the same desk.
        other.api.forum("Not the desk");
        let mut brands = String::new();
        let its_desk = TelegramDesk::of(&other).lines();
        for (id, sections) in [("catalogue", [section, desk]), ("other", [other.section("OTHER"), its_desk])] {
            let file = voices.path().join(format!("{id}.toml"));
            std::fs::write(&file, catalogue::voice(id)).unwrap();
            brands += &brand(file.display().to_string(), sections);
        }
        let secrets = [("TOKEN", token), ("OTHER", &*other.bot.token)];
        Self { bot: Housevoice::configured_on(database, &brands, &secrets), other, _voices: voices }
    }
}

fn name_of(database: &Database) -> &'static str {
    match database {
        Database::File => "SQLite",
        Database::Postgres(_) => "PostgreSQL",
    }
}

/// On Telegram and a database. The program is not started yet.
pub fn telegram_on(database: &Database, play: impl FnOnce(&Telegram, &TelegramDesk, Script<'_>)) {
    let town = Telegram::new("cat_bot");
    let desk = TelegramDesk::of(&town);
    let mut program = Program::new(database, town.section("TOKEN"), desk.lines(), &town.bot.token);
    let name = format!("Telegram and {}", name_of(database));
    let script = Script { town: &town, desk: &desk, other: &program.other, bot: &mut program.bot, name };
    play(&town, &desk, script);
}

/// On Discord and a database. The program is not started yet.
pub fn discord_on(database: &Database, play: impl FnOnce(&Discord, &DiscordDesk, Script<'_>)) {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let mut program = Program::new(database, town.section("TOKEN"), desk.lines(), &town.server.token());
    let name = format!("Discord and {}", name_of(database));
    let script = Script { town: &town, desk: &desk, other: &program.other, bot: &mut program.bot, name };
    play(&town, &desk, script);
}

/// On every kind of database that there is here, at the same time.
pub fn on_each(play: impl Fn(&Database) + Sync) {
    std::thread::scope(|threads| {
        threads.spawn(|| play(&Database::File));
        if let Some(database) = Database::postgres() {
            play(&database);
        }
    });
}

/// The script on Telegram lives through this trouble.
pub fn telegram_in<F>(trouble: F)
where
    F: for<'t> Fn(&'t Telegram, &'t TelegramDesk) -> Trouble<'t> + Sync,
{
    on_each(|database| {
        telegram_on(database, |town, desk, mut script| {
            script.bot.start();
            script.lives_through(&trouble(town, desk));
            assert!(script.bot.stopped().success());
        });
    });
}

/// The script on Discord lives through this trouble.
pub fn discord_in<F>(trouble: F)
where
    F: for<'t> Fn(&'t Discord, &'t DiscordDesk) -> Trouble<'t> + Sync,
{
    on_each(|database| {
        discord_on(database, |town, desk, mut script| {
            script.bot.start();
            script.lives_through(&trouble(town, desk));
            assert!(script.bot.stopped().success());
        });
    });
}
