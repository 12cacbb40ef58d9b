//! What thinks does not act: no I/O, no clock, no chance, no async in the pure folders.

use crate::source::{self, File};

/// Folders that think.
const PURE: &[&str] = &["voice", "understanding", "engine", "insight", "dialogue"];

/// Names that never stand in them, as whole words or paths.
const NEVER: &[&str] = &[
    "tokio",
    "async",
    "await",
    "sqlx",
    "axum",
    "serenity",
    "teloxide",
    "reqwest",
    "rustyline",
    "std::fs",
    "std::env",
    "std::net",
    "std::io",
    "std::process",
    "std::thread",
    "std::time",
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "Zoned::now",
    "TimeZone::system",
    "rand",
    "getrandom",
    "RandomState",
    "println",
    "eprintln",
    "print",
    "eprint",
    "tracing",
];

/// Every name that should not be there, with its place.
fn impure(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| PURE.contains(&file.folder())) {
        let code = flatten(&file.code);
        for name in NEVER {
            for (at, _) in code.match_indices(name).filter(|(at, _)| is_whole(&code, *at, name)) {
                found.push(format!(
                    "{}: `{name}` has no place in `{}`",
                    file.place(at.min(file.code.len())),
                    file.folder()
                ));
            }
        }
    }
    found
}

/// The code with `std::{fs, env}` written out, so that a brace hides nothing. Bytes before a brace stay where they were.
fn flatten(code: &str) -> String {
    let mut flat = code.to_owned();
    for (at, found) in code.match_indices("std::{") {
        let inside = &code[at + found.len()..];
        let end = inside.find(';').unwrap_or(inside.len());
        for part in inside[..end].split([',', '{', '}']).map(str::trim).filter(|part| !part.is_empty()) {
            flat.push_str(&format!("\nstd::{part}"));
        }
    }
    flat
}

fn is_whole(code: &str, at: usize, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let print = name.ends_with("print") || name.ends_with("println");
    let behind = &code[at + name.len()..];
    !code[..at].ends_with(part) && !behind.starts_with(part) && (!print || behind.starts_with('!'))
}

#[test]
fn what_thinks_touches_neither_disk_nor_network_nor_clock_nor_chance() {
    let found = impure(&source::all());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_impurity_is_seen() {
    for text in [
        "use tokio::sync::Mutex;",
        "async fn f() {}",
        "use std::fs;",
        "use std::{collections::BTreeMap, env};",
        "fn f() { std::net::TcpStream::connect(a); }",
        "let now = jiff::Timestamp::now();",
        "let now = std::time::Instant::now();",
        "let dice = rand::random();",
        "fn f() { println!(); }",
    ] {
        assert!(!impure(&[File::new("engine/x.rs", text)]).is_empty(), "{text}");
        assert!(impure(&[File::new("bot/x.rs", text)]).is_empty(), "{text}");
    }
    for text in ["fn now(&self) -> Timestamp", "use std::collections::BTreeMap;", "// tokio", "let operand = brand();"]
    {
        let found = impure(&[File::new("engine/x.rs", text)]);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}
