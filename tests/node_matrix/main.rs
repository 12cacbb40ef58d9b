//! Three processes on one PostgreSQL database, while 10,000 messages come in to 500 conversations: one process is killed, one
//! stands still for longer than its word holds and then goes on, one is cut off from the database. Nothing is lost, nothing
//! is said twice, and in each conversation the answers stand in the order of the questions.
//! `cargo test --test node_matrix`; `HOUSEVOICE_MESSAGES=1000` for a shorter one.
#![cfg(unix)]
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "../support/mod.rs"]
mod support;
#[path = "../servers/telegram/mod.rs"]
mod telegram;

#[path = "../live/database.rs"]
mod database;
#[path = "../live/on_telegram.rs"]
mod on_telegram;
#[path = "../live/running.rs"]
mod running;
#[path = "../live/town.rs"]
mod town;

mod line;

use std::time::{Duration, Instant};

use database::Database;
use line::Line;
use on_telegram::{Telegram, TelegramDesk};
use running::{Housevoice, brand};
use support::catalogue;
use support::postgres::Server;
use telegram::BotApi;
use town::Town;

/// Brands with a bot each, customers of each, and messages of each customer in all.
const BRANDS: usize = 10;
const CUSTOMERS: usize = 50;
const MESSAGES: usize = catalogue::THINGS.len();
/// For how long a process stands still or is cut off: longer than its word holds (3 seconds here).
const AWAY: Duration = Duration::from_secs(7);
/// When something happens, in percent of what is to be answered; and how much more is asked before and meanwhile.
const WHEN: [usize; 3] = [15, 35, 55];
const AHEAD: usize = 10;
/// How long nothing may be answered until the test gives up.
const STUCK: Duration = Duration::from_secs(60);

/// A customer of a brand, by how many questions they have asked.
struct Customer {
    brand: usize,
    name: String,
    asked: usize,
}

/// The numbers of the answers that somebody got, in order.
fn answers(town: &Telegram, who: &str) -> Vec<usize> {
    town.said(who).iter().filter_map(|said| catalogue::thing_of(&said.text)).collect()
}

#[test]
fn whatever_happens_to_processes_everybody_is_answered_once_and_in_order() {
    let Some(server) = Server::shared() else { return };
    let each = std::env::var("HOUSEVOICE_MESSAGES").ok().and_then(|all| all.parse::<usize>().ok());
    let each = each.map_or(MESSAGES, |all| (all / BRANDS / CUSTOMERS).clamp(1, MESSAGES));
    let api = BotApi::start();
    let folder = tempfile::tempdir().unwrap();
    let (mut brands, mut towns, mut desks) = (String::new(), Vec::new(), Vec::new());
    for number in 0..BRANDS {
        let file = folder.path().join(format!("voice-{number}.toml"));
        std::fs::write(&file, catalogue::voice(&format!("catalogue-{number}"))).unwrap();
        let town = Telegram::beside(&api, &format!("cat_{number}_bot"));
        let desk = TelegramDesk::of(&town);
        brands += &brand(file.display().to_string(), [town.section(&format!("TOKEN_{number}")), desk.lines()]);
        towns.push(town);
        desks.push(desk);
    }
    let names: Vec<String> = (0..BRANDS).map(|number| format!("TOKEN_{number}")).collect();
    let secrets: Vec<(&str, &str)> =
        names.iter().map(String::as_str).zip(towns.iter().map(|town| town.bot.token.as_str())).collect();

    let database = Database::on(server);
    let lines: Vec<Line> = (0..3).map(|_| Line::to(server, &database)).collect();
    let mut processes: Vec<Housevoice> =
        lines.iter().map(|line| Housevoice::configured_on(&line.database(), &brands, &secrets)).collect();
    processes.iter_mut().for_each(Housevoice::start);

    let mut customers: Vec<Customer> = (0..BRANDS * CUSTOMERS)
        .map(|number| Customer { brand: number % BRANDS, name: format!("C{number}"), asked: 0 })
        .collect();
    let all = customers.len() * each;
    let began = Instant::now();
    let (mut asked, mut answered, mut progress) = (0, 0, Instant::now());
    let mut to_come = Troubles::new(all);
    while answered < all {
        let mut now = 0;
        let may_be_asked = to_come.may_be_asked();
        // Whoever is next goes on, so that all are about as far.
        let turn = asked % customers.len();
        let (before, from) = customers.split_at_mut(turn);
        for customer in from.iter_mut().chain(before) {
            let town = &towns[customer.brand];
            let got = answers(town, &customer.name).len();
            now += got;
            // Two questions may be on their way at the same time.
            if asked < may_be_asked && customer.asked < each && customer.asked < got + 2 {
                town.says(&customer.name, &catalogue::question(customer.asked));
                customer.asked += 1;
                asked += 1;
            }
        }
        if now > answered {
            (answered, progress) = (now, Instant::now());
        }
        if progress.elapsed() > STUCK {
            let log = processes.iter().map(|process| tail(&process.log())).collect::<String>();
            panic!("{answered} of {all} answered, and nothing for {STUCK:?}\n{log}");
        }
        to_come.happen(answered, &mut processes, &lines);
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(to_come.all_happened(), "the messages were over before everything had happened");
    println!("{all} messages, answered after {:?}", began.elapsed());
    // Whatever would be said twice is said now.
    std::thread::sleep(AWAY);
    let mut wrong = Vec::new();
    for customer in &customers {
        let got = answers(&towns[customer.brand], &customer.name);
        if got != (0..each).collect::<Vec<_>>() {
            wrong.push(format!("{} of {}: {got:?}", customer.name, customer.brand));
        }
    }
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), customers.len(), wrong.join("\n"));
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().filter(|line| !line.contains("DEBUG")).collect();
    lines[lines.len().saturating_sub(20)..].join("\n") + "\n--\n"
}

/// What happens to the processes, by how much was answered.
struct Troubles {
    all: usize,
    next: usize,
    until: Option<Instant>,
}

impl Troubles {
    fn new(all: usize) -> Self {
        Self { all, next: 0, until: None }
    }

    /// How much may have been asked by now: some of it is on its way whenever something happens, and not all is over before
    /// everything has happened, however little there is.
    fn may_be_asked(&self) -> usize {
        let Some(when) = WHEN.get(self.next / 2) else { return self.all };
        let meanwhile = self.until.map_or(0, |until| {
            let passed = AWAY.saturating_sub(until.saturating_duration_since(Instant::now()));
            AHEAD * usize::try_from(passed.as_millis()).unwrap() / usize::try_from(AWAY.as_millis()).unwrap()
        });
        self.all * (when + AHEAD + meanwhile) / 100
    }

    fn all_happened(&self) -> bool {
        self.next == 2 * WHEN.len()
    }

    fn happen(&mut self, answered: usize, processes: &mut [Housevoice], lines: &[Line]) {
        let share = |part: usize| answered >= self.all * part / 100;
        let over = self.until.is_some_and(|until| Instant::now() >= until);
        let due = match self.next {
            0 | 2 | 4 => share(WHEN[self.next / 2]),
            _ => over,
        };
        if !due {
            return;
        }
        match self.next {
            0 => processes[0].killed(),
            1 => processes[0].spawn(),
            2 => processes[1].stands_still(),
            3 => processes[1].goes_on(),
            4 => lines[2].cut(),
            _ => lines[2].mend(),
        }
        println!("{answered}: trouble {}", self.next);
        self.until = self.next.is_multiple_of(2).then(|| Instant::now() + AWAY);
        self.next += 1;
    }
}
