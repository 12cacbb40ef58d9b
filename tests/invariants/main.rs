//! The invariants of a conversation, each a promise that is checked after everything that happens: events of customers and
//! agents, buttons, time, a platform that fails, restarts, in an order of chance; on the real engine with two real voices,
//! the real bot and a real store.
//!
//! | file | idea |
//! |---|---|
//! | `ops`, `meant` | what can happen, what customers say |
//! | `world` | makes it happen |
//! | `ledger`, `outside` | what is seen from outside, and by whom |
//! | `promises/` | the 16 promises |
//! | `seen` | that what they are about comes up often enough |
//! | `model` | every state that can be reached comes to its end (5) |
//! | `stores` | where it is kept |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../support/mod.rs"]
mod support;

mod ledger;
mod meant;
mod model;
mod ops;
mod outside;
mod promises;
mod seen;
mod stores;
mod world;

use std::cell::Cell;

use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use ops::Happens;
use promises::Verdict;
use seen::Seen;
use stores::Kind;
use world::World;

/// Runs of a test: enough that a guard that is missing is noticed.
const IN_MEMORY: u32 = 192;
const ON_DISK: u32 = 12;
const ON_A_SERVER: u32 = 8;

async fn live(kind: Kind, seen: &Seen, life: &[Happens]) -> Verdict {
    let mut world = World::new(kind, seen).await;
    for what in life {
        world.happens(what).await?;
    }
    world.end().await
}

/// Lives so many lives, or as many as the environment says; says whether that were enough to count what came up.
fn lives(kind: Kind, usually: u32, seen: &Seen) -> bool {
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    let config = Config { failure_persistence: None, ..Config::default() };
    let config = if told { config } else { Config { cases: usually, ..config } };
    let enough = config.cases >= usually;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (number, broken_at) = (Cell::new(0_u32), Cell::new(None));
    let lived = TestRunner::new(config).run(&ops::life(), |life| {
        number.set(number.get() + 1);
        let kept = runtime.block_on(live(kind, seen, &life));
        kept.map_err(|how| {
            broken_at.set(broken_at.get().or(Some(number.get())));
            TestCaseError::fail(how)
        })
    });
    match lived {
        Ok(()) => {}
        Err(TestError::Abort(why)) => panic!("{why}"),
        Err(TestError::Fail(how, life)) => {
            let life: Vec<String> = life.iter().map(|what| format!("  {what:?}")).collect();
            let number = broken_at.get().unwrap_or_default();
            panic!("{how}\nfirst in life {number}; at its smallest, when this happens:\n{}", life.join("\n"));
        }
    }
    enough
}

#[test]
fn whatever_happens_every_promise_is_kept() {
    let seen = Seen::nothing();
    let enough = lives(Kind::Memory, IN_MEMORY, &seen);
    println!("{}", seen.told());
    let seldom = seen.too_seldom();
    assert!(!enough || seldom.is_empty(), "what the promises are about came up too seldom: {seldom:#?}");
}

#[test]
fn whatever_happens_every_promise_is_kept_on_disk() {
    lives(Kind::File, ON_DISK, &Seen::nothing());
}

#[test]
fn whatever_happens_every_promise_is_kept_on_postgresql() {
    if support::postgres::Server::shared().is_some() {
        lives(Kind::Server, ON_A_SERVER, &Seen::nothing());
    }
}
