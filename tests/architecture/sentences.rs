//! Wording is never in Rust: every sentence that a customer can receive was approved by a person and stands in a voice.

use crate::source::{self, File, Literal};

/// Folders whose strings could reach a customer.
const SPEAKING: &[&str] = &["engine", "bot", "adapters", "understanding"];

/// Strings of several words that never reach a customer: the file, the string (empty: all of the file), and why.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("bot/deliver.rs", "", "why a delivery failed, for operators; the store keeps it beside the row"),
    ("understanding/signals/mood.rs", "not {word}", "a cue: shown to the team and by `/why`, never said"),
    ("understanding/signals/mood.rs", "repeated marks", "a cue: shown to the team and by `/why`, never said"),
    ("adapters/staff.rs", "", "posts for the team; no way leads from them to a customer"),
    ("adapters/telegram/attachments.rs", "", "names of kinds of files, for the team"),
    ("adapters/telegram/checking.rs", "", "what must be mended before the bot listens, for operators"),
    ("adapters/telegram/reasons.rs", "", "why something could not be sent, for operators and the team"),
    ("adapters/discord/check/desk.rs", "", "what must be mended before the bot listens, for operators"),
    ("adapters/discord/rest/mod.rs", "", "why a call came to nothing, for operators"),
    ("adapters/discord/send/lost.rs", "", "why something is not sent yet, for operators"),
    ("adapters/discord/send/refusal.rs", "", "why something cannot be sent, for operators and the team"),
    ("adapters/discord/send/desk.rs", "", "why a post for the team is not sent, for operators"),
    ("bot/handle.rs", "", "why an event could not be handled, for operators; the store keeps it beside the row"),
];

/// Calls whose words are for operators, developers and the explanation of a decision.
const NOT_FOR_CUSTOMERS: &[&str] = &[
    "trace!",
    "debug!",
    "info!",
    "warn!",
    "error!",
    "event!",
    "span!",
    "assert!",
    "assert_eq!",
    "assert_ne!",
    "debug_assert!",
    "debug_assert_eq!",
    "include_str!",
    "env!",
    "Decision::Moved",
    // What an operator is told before a platform is listened to, and when it cannot be any longer.
    "checked.fatal",
    "checked.warn",
    "self.not_seen",
    "Ended",
    "self.moved",
];

/// Every string that looks like a sentence, with its place, and every exception that is not needed.
fn sentences(files: &[File], allowed: &[(&str, &str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    let mut used = vec![false; allowed.len()];
    for file in files.iter().filter(|file| SPEAKING.contains(&file.folder())) {
        for literal in file.strings.iter().filter(|literal| is_sentence(&literal.text) && !for_operators(file, literal))
        {
            let excused =
                |(path, text, _): &(&str, &str, &str)| *path == file.path && (text.is_empty() || *text == literal.text);
            match allowed.iter().position(excused) {
                Some(number) => used[number] = true,
                None => found.push(format!("{}: {:?}", file.place(literal.at), literal.text)),
            }
        }
    }
    let unused = allowed.iter().zip(used).filter(|(_, used)| !used);
    found.extend(unused.map(|((path, text, _), _)| format!("src/{path} needs no exception for {text:?} any more")));
    found
}

/// Two words or more, the first with a letter.
fn is_sentence(text: &str) -> bool {
    let letters = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    text.starts_with(char::is_alphabetic) && text.split_whitespace().filter(letters).count() >= 2
}

/// Whether a string stands in an attribute or in a macro for operators and developers.
fn for_operators(file: &File, literal: &Literal) -> bool {
    let mut depth = 0_usize;
    for (at, c) in file.code[..literal.at].char_indices().rev() {
        match c {
            ')' | ']' | '}' => depth += 1,
            '(' | '[' | '{' if depth > 0 => depth -= 1,
            '(' | '[' | '{' => {
                let before = file.code[..at].trim_end();
                let quiet = before.ends_with('#') || before.ends_with("#!");
                if quiet || NOT_FOR_CUSTOMERS.iter().any(|name| ends_with_word(before, name)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

fn ends_with_word(code: &str, name: &str) -> bool {
    code.strip_suffix(name).is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[test]
fn no_sentence_for_customers_stands_in_rust() {
    let found = sentences(&source::all(), ALLOWED);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_sentence_is_seen() {
    for text in [
        "fn f() { say(\"Sorry, that went wrong.\"); }",
        "const A: &str = r#\"We are back soon\"#;",
        "fn f() { format!(\"Hello {name}, how are you?\"); }",
        "fn f() { warn!(\"quiet\"); say(\"Not quiet\"); }",
    ] {
        assert_eq!(sentences(&[File::new("engine/x.rs", text)], &[]).len(), 1, "{text}");
    }
    for text in [
        "/// Says that all is well.\nfn f() { say(\"answer:x\"); key(\"fallback_first\"); }",
        "fn f() { tracing::warn!(id, \"could not send {}\", x); }",
        "#[error(\"not sent this time\")] struct E;",
        "#[cfg(test)]\nmod tests { const A: &str = \"Hello there\"; }",
        "fn f() { assert!(x, \"must be so\"); }",
    ] {
        let found = sentences(&[File::new("engine/x.rs", text)], &[]);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn an_exception_holds_for_its_string_alone_and_is_seen_when_it_is_not_needed() {
    let file = || [File::new("engine/x.rs", "fn f() { a(\"Some words\"); b(\"Other words\"); }")];
    assert_eq!(sentences(&file(), &[("engine/x.rs", "Some words", "")]), ["src/engine/x.rs:1: \"Other words\""]);
    assert!(sentences(&file(), &[("engine/x.rs", "", "")]).is_empty());
    let needless = sentences(&[], &[("engine/y.rs", "", "")]);
    assert_eq!(needless, ["src/engine/y.rs needs no exception for \"\" any more"]);
}
