//! Guards over the source text: who may name whom, what the pure folders never touch, that nothing panics by design, and
//! that no sentence for customers stands in Rust. Each guard has a test beside it that shows it what it must refuse.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "architecture/imports.rs"]
mod imports;
#[path = "architecture/panics.rs"]
mod panics;
#[path = "architecture/purity.rs"]
mod purity;
#[path = "architecture/sentences.rs"]
mod sentences;
#[path = "architecture/source.rs"]
mod source;
