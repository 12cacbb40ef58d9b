//! Trouble of every kind in the middle of the same script, with the whole program, on SQLite and on PostgreSQL: nothing is
//! lost, nothing is said twice but where docs/adapters.md says that it can be, each conversation keeps its order, and nobody
//! else waits. `cargo test --test trouble_matrix -- --test-threads=4`: it mostly waits.
//!
//! | file | trouble with |
//! |---|---|
//! | `limits` | the platform's limits: of one chat, of the desk, of everything |
//! | `calls` | calls: refused, without an end, broken off, answered slowly |
//! | `updates` | what comes in: again and again, and mixed |
//! | `gateway` | Discord's gateway: sessions that end, connections that close |
//! | `stores` | the database: restarted, or locked by somebody else |
//! | `full` | the disk: full, on a `disk` of its own |
//! | `script`, `places` | what everybody says and must hear; towns, desks and the program between them |
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

mod calls;
mod disk;
mod full;
mod gateway;
mod limits;
mod places;
mod script;
mod stores;
mod updates;
