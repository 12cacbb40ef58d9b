//! x
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
pub mod adapters;
pub mod bot;
pub mod cli;
pub mod dialogue;
pub mod engine;
pub mod store;
pub mod understanding;
pub mod voice;
