//! Conversations that ended long ago: one that was really held, written down again under many numbers.

use std::time::{Duration, Instant};

use super::api::Api;
use super::running::Housevoice;
use super::support::catalogue;

/// Copies of one row under other numbers. `:n` are the numbers.
const COPIES: &[(&str, &str)] = &[
    ("people", "n, brand, name, locale, state, version, created_at, seen_at"),
    ("identities", "brand, platform, 'old' || n, n, created_at"),
    (
        "conversations",
        "n, brand, platform, 'old' || n, place_kind, place_name, n, 'old' || n, phase, owner_kind, owner_id, epoch, version, \
         state, created_at, updated_at, via, holder, fence",
    ),
    (
        "inbox",
        "n, brand, platform, 'old' || n, n, message_id, kind, at, received_at, NULL, attempts, not_before, last_error, \
         parked_at, done_at, via, post",
    ),
    (
        "transcript",
        "n, brand, n, n, platform, 'old' || n, at, speaker, agent, message_id, replies_to, text, said, asks, state",
    ),
    (
        "outbox",
        "n, brand, platform, n, NULL, kind, case_number, queue, lane, gated, epoch, owner_kind, owner_id, NULL, state, \
         attempts, not_before, created_at, done_at, platform_message_id, last_error, unsure, via, post, holder, progress",
    ),
];

/// Has one conversation, and writes it down so many times.
pub fn write(node: &mut Housevoice, api: &Api, many: usize) {
    node.start();
    api.asks_one(77, &catalogue::question(0));
    let began = Instant::now();
    while api.answered() == 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "no answer");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(300));
    assert!(node.stopped().success());
    api.forget();
    for (table, columns) in COPIES {
        let (first, last) = (1_000, 1_000 + many);
        node.database().copy_rows(node.folder(), table, columns, first, last);
    }
    println!("{many} conversations written down in {:.0} s", began.elapsed().as_secs_f64());
}
