//! How much the whole program carries: customers ask through a loopback Bot API, the answer is timed when it is back there,
//! and everything is durable in between.
//!
//! ```text
//! cargo bench --bench load -- --brands 64 --seconds 30                     # as much as it can, on SQLite
//! cargo bench --bench load -- --brands 64 --seconds 30 --rate 750          # at a fixed load
//! cargo bench --bench load -- --store postgres --nodes 3
//! cargo bench --bench load -- --messages 1000000                           # memory over a long time
//! cargo bench --bench load -- --brands 1000 --rate 30                      # what brands at rest cost
//! cargo bench --bench load -- --conversations 1000000 --rate 200           # what old conversations cost
//! ```
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../tests/support/mod.rs"]
mod support;

#[path = "../../tests/live/database.rs"]
mod database;
#[path = "../../tests/live/running.rs"]
mod running;

mod api;
mod figures;
mod history;

use std::time::{Duration, Instant};

use api::Api;
use database::Database;
use figures::{Memory, Processes};
use running::{Housevoice, brand};
use support::catalogue;

/// What was asked for.
#[derive(Clone, Copy)]
struct Asked {
    brands: usize,
    nodes: usize,
    seconds: u64,
    messages: usize,
    /// Messages a second; 0: as many as are answered.
    rate: usize,
    conversations: usize,
    postgres: bool,
}

impl Asked {
    fn read() -> Self {
        let mut asked = Self {
            brands: 64,
            nodes: 1,
            seconds: 30,
            messages: usize::MAX,
            rate: 0,
            conversations: 0,
            postgres: false,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut number = || words.next().and_then(|value| value.parse::<usize>().ok()).expect("a number");
            match word.as_str() {
                "--brands" => asked.brands = number(),
                "--nodes" => asked.nodes = number(),
                "--seconds" => asked.seconds = number() as u64,
                "--messages" => (asked.messages, asked.seconds) = (number(), u64::MAX / 2),
                "--rate" => asked.rate = number(),
                "--conversations" => asked.conversations = number(),
                "--store" => asked.postgres = words.next().as_deref() == Some("postgres"),
                "--bench" => {}
                other => panic!("{other} is not known; see the head of benches/load/main.rs"),
            }
        }
        asked
    }
}

fn main() {
    let asked = Asked::read();
    let api = Api::start(asked.brands);
    let folder = tempfile::tempdir().unwrap();
    let (mut brands, mut secrets) = (String::new(), Vec::new());
    for number in 0..asked.brands {
        let file = folder.path().join(format!("voice-{number}.toml"));
        std::fs::write(&file, catalogue::voice(&format!("catalogue-{number}"))).unwrap();
        let section = format!(
            "[brands.telegram]\ntoken_env = \"TOKEN_{number}\"\napi_url = \"{}\"\ndesk = -100{number:04}\nadmins_are_agents = true\n",
            api.url()
        );
        brands += &brand(file.display().to_string(), [section]);
        secrets.push((format!("TOKEN_{number}"), Api::token(number)));
    }
    let secrets: Vec<(&str, &str)> = secrets.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let database = if asked.postgres { Database::durable_postgres().expect("PostgreSQL") } else { Database::File };
    let mut nodes: Vec<Housevoice> =
        (0..asked.nodes).map(|_| Housevoice::configured_quiet(&database, &brands, &secrets)).collect();
    if asked.conversations > 0 {
        history::write(&mut nodes[0], &api, asked.conversations);
    }
    let began = Instant::now();
    nodes.iter_mut().for_each(Housevoice::start);
    println!("ready after {:.2} s with {} brands", began.elapsed().as_secs_f64(), asked.brands);

    let processes = Processes::of(&nodes);
    let mut memory = Memory::default();
    let (began, mut pushed, mut told) = (Instant::now(), 0, Instant::now());
    let (cpu, mut last) = (processes.cpu(), 0);
    // What is on its way at the same time, when as much as possible is asked for.
    let outstanding = (asked.brands * 8).min(512);
    while began.elapsed().as_secs() < asked.seconds && api.answered() < asked.messages {
        let may = if asked.rate > 0 {
            (began.elapsed().as_secs_f64() * asked.rate as f64) as usize
        } else {
            api.answered() + outstanding
        };
        while pushed < may.min(asked.messages) {
            api.asks(pushed);
            pushed += 1;
        }
        if told.elapsed() > Duration::from_secs(5) {
            let done = api.answered();
            memory.note(done, processes.memory_mb());
            eprintln!(
                "{done} answered, {:.0}/s, {} MB",
                (done - last) as f64 / told.elapsed().as_secs_f64(),
                processes.memory_mb()
            );
            (told, last) = (Instant::now(), done);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let (took, done) = (began.elapsed(), api.answered());
    let cpu = processes.cpu() - cpu;
    println!(
        "{} on {}, {} brands: {done} messages in {:.1} s, {:.0} a second; from receipt to send p50 {:.1} ms, p99 {:.1} ms; \
         {:.2} ms of processor a message; memory {} MB",
        if asked.nodes == 1 { "1 process".to_owned() } else { format!("{} processes", asked.nodes) },
        if asked.postgres { "PostgreSQL" } else { "SQLite" },
        asked.brands,
        took.as_secs_f64(),
        done as f64 / took.as_secs_f64(),
        api.latency_ms(50),
        api.latency_ms(99),
        cpu.as_secs_f64() * 1000.0 / done.max(1) as f64,
        processes.memory_mb(),
    );
    println!("{}", memory.told());
}
