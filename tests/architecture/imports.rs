//! Who may name whom: an import that is not in the table is a step towards a ball of mud.

use crate::source::{self, File};

/// What each part of the crate may name. A new folder needs a line here.
const MAY_NAME: &[(&str, &[&str])] = &[
    // thinks
    ("voice", &[]),
    ("understanding", &["voice"]),
    ("engine", &["understanding", "voice"]),
    ("dialogue", &["engine", "understanding", "voice"]),
    // acts
    // where tests kill the process
    ("crash.rs", &[]),
    ("store", &["crash", "engine", "understanding", "voice"]),
    ("adapters", &["config", "crash", "engine", "voice"]),
    ("config", &["voice"]),
    ("bot", &["adapters", "crash", "engine", "store", "voice"]),
    ("cli", &["adapters", "bot", "config", "dialogue", "engine", "store", "understanding", "voice"]),
    ("main.rs", &["cli"]),
    ("lib.rs", &[]),
];

/// Those that know an adapter and a store by their traits alone.
const BY_TRAIT_ALONE: &[&str] = &["bot"];

/// Every name out of the table, with its place.
fn forbidden(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    let concrete = concrete(files);
    for file in files {
        let Some((_, allowed)) = MAY_NAME.iter().find(|(folder, _)| *folder == file.folder()) else {
            found.push(format!("src/{}: `{}` has no line in the table of who may name whom", file.path, file.folder()));
            continue;
        };
        for (at, path) in paths(file) {
            let named = path.split("::").next().unwrap();
            if named != file.folder()
                && !allowed.contains(&named)
                && MAY_NAME.iter().any(|(folder, _)| *folder == named)
            {
                found.push(format!("{}: `{}` may not name `{named}`", file.place(at), file.folder()));
            }
            if BY_TRAIT_ALONE.contains(&file.folder()) && concrete.iter().any(|name| is_below(&path, name)) {
                found.push(format!("{}: `{}` may not name `{path}`, only the trait", file.place(at), file.folder()));
            }
        }
    }
    found.dedup();
    found
}

fn is_below(path: &str, name: &str) -> bool {
    path == name || path.strip_prefix(name).is_some_and(|rest| rest.starts_with("::"))
}

/// The public modules of `adapters` and `store`, and what is given out from them by another name.
fn concrete(files: &[File]) -> Vec<String> {
    let mut names = Vec::new();
    for file in files.iter().filter(|file| ["adapters/mod.rs", "store/mod.rs"].contains(&file.path.as_str())) {
        let folder = file.folder();
        let modules = file.code.match_indices("pub mod ").map(|(at, found)| word(&file.code[at + found.len()..]));
        for module in modules {
            names.push(format!("{folder}::{module}"));
            for (at, found) in file.code.match_indices(&format!("pub use {module}::")) {
                let given = expand(&file.code[at + found.len()..]);
                names.extend(given.iter().map(|name| format!("{folder}::{name}")));
            }
        }
    }
    names
}

/// Every path from the crate's root in a file, with its place: `crate::a::b`, `crate::{a, b::c}`, `housevoice::a`, and
/// `super::super::a` where that leads out of the folder.
fn paths(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for root in ["crate::", "housevoice::"] {
        for (at, _) in file.code.match_indices(root).filter(|(at, _)| begins_word(&file.code, *at)) {
            found.extend(expand(&file.code[at + root.len()..]).into_iter().map(|path| (at, path)));
        }
    }
    let up = "super::".repeat(depth(&file.path));
    for (at, _) in file.code.match_indices(&up).filter(|(at, _)| !up.is_empty() && begins_word(&file.code, *at)) {
        found.extend(expand(&file.code[at + up.len()..]).into_iter().map(|path| (at, path)));
    }
    found
}

/// How many modules a file is away from the crate's root.
fn depth(path: &str) -> usize {
    let parts = path.split('/').count();
    if matches!(path, "lib.rs" | "main.rs") { 0 } else { parts - usize::from(path.ends_with("/mod.rs")) }
}

fn begins_word(code: &str, at: usize) -> bool {
    !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
}

/// The paths that a path with braces stands for.
fn expand(text: &str) -> Vec<String> {
    let text = text.trim_start();
    if let Some(inside) = text.strip_prefix('{') {
        return split(inside).into_iter().flat_map(expand).collect();
    }
    let first = word(text);
    match text[first.len()..].trim_start().strip_prefix("::") {
        Some(rest) if !first.is_empty() => {
            let below = expand(rest);
            if below.is_empty() { vec![first] } else { below.iter().map(|path| format!("{first}::{path}")).collect() }
        }
        _ if first.is_empty() => Vec::new(),
        _ => vec![first],
    }
}

/// The parts between commas, up to the closing brace.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut begin, mut parts) = (0_usize, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&text[begin..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[begin..at]);
                begin = at + 1;
            }
            _ => {}
        }
    }
    parts
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn nobody_names_what_is_not_theirs_to_name() {
    let found = forbidden(&source::all());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_way_of_naming_is_seen() {
    let store = "pub mod sqlite;\npub use sqlite::Sqlite;\n";
    for (path, text) in [
        ("voice/mod.rs", "use crate::engine::Event;"),
        ("voice/load/mod.rs", "use crate::{voice::Locale, engine::{Event, Step}};"),
        ("engine/answer.rs", "fn f(store: &dyn crate::store::Store) {}"),
        ("engine/mod.rs", "use super::bot;"),
        ("engine/gates/owner.rs", "use super::super::super::adapters::Adapter;"),
        ("understanding/mod.rs", "use housevoice::engine;"),
        ("store/mod.rs", "use crate::adapters::Adapter;"),
        ("adapters/console.rs", "use crate::\n    store::Store;"),
        ("bot/mod.rs", "use crate::store::Sqlite;"),
        ("bot/worker.rs", "use crate::store::{Store, sqlite::open};"),
        ("main.rs", "use housevoice::engine::step;"),
        ("helpers/mod.rs", ""),
    ] {
        let files = [File::new(path, text), File::new("store/mod.rs", store)];
        assert_eq!(forbidden(&files).len(), 1, "{path}: {text}: {:?}", forbidden(&files));
    }
    for (path, text) in [
        ("engine/mod.rs", "use super::voice::Line; use crate::understanding::{Reading, Hints};"),
        ("engine/answer.rs", "use super::draft::Draft; // use crate::store::Store;\nconst A: &str = \"crate::store\";"),
        ("bot/mod.rs", "use crate::store::{Store, StoreError}; use crate::adapters::Deliver;"),
    ] {
        let found = forbidden(&[File::new(path, text), File::new("store/mod.rs", store)]);
        assert!(found.is_empty(), "{path}: {text}: {found:?}");
    }
}
