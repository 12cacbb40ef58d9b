//! The Bot API server of the tests, itself under test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "servers/telegram/mod.rs"]
mod telegram;

#[test]
fn starts() {
    let api = telegram::BotApi::start();
    assert!(api.url().starts_with("http://127.0.0.1:"));
}
