//! housevoice: a brand writes down once how it sounds and what it knows; this speaks for it in community chats.
//!
//! # The path of a message
//!
//! A platform's event reaches an [`adapters`] implementation, which makes it an [`engine::Inbound`]. The [`store`] keeps
//! it; only then is it acknowledged. The [`bot`] gives one event at a time per conversation to [`engine::step`], a pure
//! function that reads the text with [`understanding`], decides, and words the reply from the [`voice`]. What it returns
//! is committed in one transaction, and delivered from the outbox through the adapter.
//!
//! # Who may name whom
//!
//! | module | may name | pure |
//! |---|---|---|
//! | [`voice`] | nothing of ours | yes |
//! | [`understanding`] | voice | yes |
//! | [`engine`] | voice, understanding | yes |
//! | [`dialogue`] | voice, understanding, engine | yes |
//! | [`store`], [`adapters`] | voice's and engine's types, never each other | no |
//! | [`config`] | voice | no |
//! | [`bot`] | engine, voice, the two traits, never a concrete store or adapter | no |
//! | [`cli`] | everything | no |
//!
//! `tests/architecture.rs` holds this table.
//!
//! # Where to add things
//!
//! - A brand: a folder in `voices/`. No Rust.
//! - A platform: a file in [`adapters`], its name in [`voice::PLATFORMS`].
//! - A rule for voice files: a file in `voice/lint`, a line in its table.
//! - A sentence that the engine needs: a line in the table of [`voice::lines`], and its words in `assets/default-voice`.
//! - A field of the voice format: a line in the table of `voice/schema`, and where it is lowered.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod adapters;
pub mod bot;
pub mod cli;
pub mod config;
pub mod crash;
pub mod dialogue;
pub mod engine;
pub mod store;
pub mod understanding;
pub mod voice;
