//! Nothing panics by design: what can be wrong is a value, and what cannot be wrong needs no panic.

use crate::source::{self, File};

/// What is written to panic.
const NEVER: &[&str] = &[
    ".unwrap()",
    ".expect(",
    ".unwrap_err()",
    ".expect_err(",
    "panic!",
    "todo!",
    "unimplemented!",
    "unreachable!",
    "dbg!",
    "process::abort",
    "process::exit",
    "clippy::unwrap_used",
    "clippy::expect_used",
    "clippy::panic",
    "unsafe ",
];

fn panics(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        // The crate's own permission for its tests is the one exception.
        let code =
            file.code.replace("cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))", "");
        for never in NEVER {
            let hits = code.matches(never).count();
            let at = file.code.find(never).unwrap_or(0);
            found.extend((hits > 0).then(|| format!("{}: `{never}`, {hits} times", file.place(at))));
        }
    }
    found
}

#[test]
fn nothing_panics_by_design() {
    let found = panics(&source::all());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_planned_panic_is_seen() {
    for text in [
        "fn f() { x.unwrap(); }",
        "fn f() { x.expect(\"y\"); }",
        "fn f() { panic!(); }",
        "fn f() { todo!() }",
        "#[allow(clippy::unwrap_used)] fn f() {}",
        "fn f() { unsafe { g() } }",
    ] {
        assert_eq!(panics(&[File::new("bot/x.rs", text)]).len(), 1, "{text}");
    }
    for text in [
        "fn f() { x.unwrap_or_default(); }",
        "#[cfg(test)]\nmod tests { fn f() { x.unwrap(); } }",
        "// panic!",
        "fn expect(x: Expect) { \"panic!\"; }",
    ] {
        assert!(panics(&[File::new("bot/x.rs", text)]).is_empty(), "{text}");
    }
}
