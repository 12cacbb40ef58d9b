//! The process is killed at every step between hearing a message and having sent the answer, on both platforms and both
//! databases: nothing is lost, and nothing is said twice but at the one place where Telegram leaves no way to know.
//! `cargo test --features crash-points --test crash_matrix`
#![cfg(unix)]
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "../servers/discord/mod.rs"]
mod discord;
#[path = "../support/mod.rs"]
mod support;
#[path = "../servers/telegram/mod.rs"]
mod telegram;

#[path = "../live/database.rs"]
mod database;
#[path = "../live/on_discord.rs"]
mod on_discord;
#[path = "../live/on_telegram.rs"]
mod on_telegram;
#[path = "../live/running.rs"]
mod running;
#[path = "../live/town.rs"]
mod town;

mod standing;

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use database::Database;
use on_discord::{Discord, DiscordDesk};
use on_telegram::{Telegram, TelegramDesk};
use running::{Housevoice, brand, eventually, test_voice};
use town::{A_WHILE, Desk, Town};

/// What is asked first, so that everybody is known, and what it is answered with.
const HELLO: &str = "what is on tonight";
const QUESTION: (&str, &str) = ("on which frequency are you", "98.6 FM");
/// How many ask at the same time.
const PEOPLE: usize = 6;
/// What one of the team says to whoever asked for a person.
const REPLY: &str = "the pump is free now";

/// Where the process dies: the point, and the how-manieth time that it is there.
const DEATHS: &[(&str, &[u32])] = &[
    ("heard", &[1, 4, 7]),
    ("received", &[1, 4, 7]),
    ("loaded", &[1, 4, 7]),
    ("stepped", &[1, 5]),
    ("writing", &[1, 4, 7]),
    ("committed", &[1, 4, 7]),
    ("claimed", &[1, 4, 8]),
    ("asking", &[1, 4, 6, 7, 8]),
    ("asked", &[1, 4, 6, 7, 8]),
    ("recorded", &[1, 4, 8]),
];

#[test]
fn every_point_of_the_program_is_in_the_matrix() {
    let named: BTreeSet<&str> = DEATHS.iter().map(|(point, _)| *point).collect();
    assert_eq!(named, housevoice::crash::POINTS.iter().copied().collect());
}

/// Who asks in a round.
fn people(round: usize) -> Vec<String> {
    (0..PEOPLE).map(|number| format!("R{round}N{number}")).collect()
}

/// Who asks for a person in a round.
fn in_need(round: usize) -> String {
    format!("R{round}Zed")
}

/// What was said too often.
type Doubles = Vec<Double>;

/// Something that was said too often.
#[derive(Debug)]
struct Double {
    /// To whom; `desk`: to the team.
    to: String,
    what: String,
    /// Whether it was on its way when the process died.
    was_on_its_way: bool,
}

/// A town, a desk and the program between them.
struct Place<'p> {
    town: &'p dyn Town,
    desk: &'p dyn Desk,
    bot: &'p mut Housevoice,
}

impl Place<'_> {
    fn count(&self, who: &str, words: &str) -> usize {
        self.town.said(who).iter().filter(|said| said.text.contains(words)).count()
    }

    /// Everybody is known to the bot, for all rounds: a private chat is opened by its person.
    fn is_met(&mut self, rounds: usize) {
        self.bot.start();
        let everybody: Vec<String> =
            (0..rounds).flat_map(|round| people(round).into_iter().chain([in_need(round)])).collect();
        everybody.iter().for_each(|who| self.town.says(who, HELLO));
        eventually("a first answer for everybody", || {
            everybody.iter().all(|who| !self.town.said(who).is_empty()).then_some(())
        });
        assert!(self.bot.stopped().success());
    }

    /// How much is not handled or not sent yet.
    fn waiting(&self) -> String {
        let open = self.bot.ask(
            "SELECT CAST((SELECT COUNT(*) FROM outbox WHERE done_at IS NULL) + \
                         (SELECT COUNT(*) FROM inbox WHERE done_at IS NULL) AS TEXT)",
        );
        open[0][0].clone().unwrap()
    }

    /// Who was being written to when the process died, or `desk` for the team: of them nobody knows what they got.
    fn on_their_way(&self) -> Vec<String> {
        let rows = self.bot.ask(
            "SELECT CASE WHEN o.kind = 'staff' THEN 'desk' ELSE p.name END FROM outbox o \
             JOIN conversations c ON c.conversation_id = o.conversation_id JOIN people p ON p.person_id = c.person_id \
             WHERE o.state = 'sending'",
        );
        rows.into_iter().filter_map(|row| row.into_iter().next().flatten()).collect()
    }

    /// One of the team says it to whoever asked for a person, in the newest thread.
    fn the_team_answers(&self, threads: usize) {
        let case = eventually(&format!("a case\n{}", self.desk.transcript()), || {
            // Whoever writes into a thread that is just being opened anew is told that it is no case.
            let case = self.desk.cases().into_iter().skip(threads).last().filter(|case| !case.posts.is_empty())?;
            (self.waiting() == "0").then_some(case)
        });
        self.desk.says("Ana", &case.id, REPLY);
    }

    /// The process dies at the point; another one goes on. Gives what was said more than once.
    fn dies_at(&mut self, point: &str, times: u32, round: usize) -> Doubles {
        let (people, in_need) = (people(round), in_need(round));
        let (known, threads) = (self.town.said(&in_need).len(), self.desk.cases().len());
        self.bot.finds("HOUSEVOICE_CRASH_AT", Some(&format!("{point}:{times}")));
        self.bot.forget_sessions();
        self.bot.start_or_die();
        let town = self.town;
        std::thread::scope(|scope| {
            for who in &people {
                scope.spawn(move || town.says(who, QUESTION.0));
            }
            scope.spawn(|| town.says(&in_need, "human please"));
        });
        let status = self.bot.ended();
        assert_eq!(status.signal(), Some(9), "it should die at {point}:{times}");
        let on_their_way = self.on_their_way();
        self.bot.finds("HOUSEVOICE_CRASH_AT", None);
        self.bot.forget_sessions();
        self.bot.start();
        self.the_team_answers(threads);
        eventually(&format!("all answers after {point}:{times}\n{}", self.town.transcript()), || {
            let answered = people.iter().all(|who| self.count(who, QUESTION.1) > 0);
            (answered && self.count(&in_need, REPLY) > 0).then_some(())
        });
        std::thread::sleep(A_WHILE);
        let mut doubles = Doubles::new();
        let mut double = |to: &str, what: String| {
            let was_on_its_way = on_their_way.iter().any(|other| other == to);
            doubles.push(Double { to: to.to_owned(), what, was_on_its_way });
        };
        for who in &people {
            let answers = self.count(who, QUESTION.1);
            if answers != 1 {
                double(who, format!("{answers} answers"));
            }
        }
        let mut heard: Vec<String> = self.town.said(&in_need).into_iter().skip(known).map(|said| said.text).collect();
        let all = heard.len();
        heard.sort();
        heard.dedup();
        if heard.len() != all {
            double(&in_need, format!("{all} messages, {} different", heard.len()));
        }
        let opened = self.desk.cases().len() - threads;
        if opened != 1 {
            double("desk", format!("{opened} threads for one case"));
        }
        assert!(self.bot.stopped().success());
        doubles
    }

    /// Dies everywhere. `may_double`: whether what was on its way may be said twice; nothing else ever may.
    fn survives(&mut self, may_double: bool) {
        let deaths: Vec<(&str, u32)> =
            DEATHS.iter().flat_map(|(point, times)| times.iter().map(move |times| (*point, *times))).collect();
        self.is_met(deaths.len());
        for (round, (point, times)) in deaths.into_iter().enumerate() {
            let doubles = self.dies_at(point, times, round);
            println!("{} {point}:{times}: {doubles:?}", self.town.platform());
            let fine = doubles.iter().all(|double| may_double && double.was_on_its_way);
            assert!(fine, "{point}:{times}: {doubles:?}\n{}\n{}", self.town.transcript(), self.desk.transcript());
        }
    }
}

fn on_telegram(database: &Database) {
    let town = Telegram::new("buoy_bot");
    let desk = TelegramDesk::of(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let mut bot = Housevoice::configured_on(database, &brands, &[("TOKEN", &town.bot.token)]);
    // What Telegram was asked for and has not answered may be there, and has no key to look it up by.
    Place { town: &town, desk: &desk, bot: &mut bot }.survives(true);
}

fn on_discord(database: &Database) {
    let town = Discord::new();
    // What was sent is found, however long ago that was.
    town.server.set_nonce_window(Duration::ZERO);
    let desk = DiscordDesk::forum(&town);
    let brands = brand(test_voice("harbour.toml"), [town.section("TOKEN"), desk.lines()]);
    let mut bot = Housevoice::configured_on(database, &brands, &[("TOKEN", &town.server.token())]);
    Place { town: &town, desk: &desk, bot: &mut bot }.survives(false);
}

#[test]
fn nothing_is_lost_on_telegram_and_sqlite() {
    on_telegram(&Database::File);
}

#[test]
fn nothing_is_lost_on_discord_and_sqlite() {
    on_discord(&Database::File);
}

#[test]
fn nothing_is_lost_on_telegram_and_postgresql() {
    if let Some(database) = Database::postgres() {
        on_telegram(&database);
    }
}

#[test]
fn nothing_is_lost_on_discord_and_postgresql() {
    if let Some(database) = Database::postgres() {
        on_discord(&database);
    }
}
