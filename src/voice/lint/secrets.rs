//! Tokens and keys that were pasted into the file.

use std::sync::LazyLock;

use regex::Regex;

use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;
use crate::voice::source::Place;

/// The code by which the report knows not to print what it found.
pub const CODE: &str = "secret";

pub(super) const RULE: Rule =
    Rule { codes: &[(CODE, "No tokens, keys or passwords of services stand in the file.")], taste: false, run };

/// What tokens look like, and whose they are.
const SHAPES: &[(&str, &str)] = &[
    ("a Telegram bot token", r"(?-u:\b)[0-9]{8,10}:[A-Za-z0-9_-]{35}(?-u:\b)"),
    ("a Discord bot token", r"(?-u:\b)[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,40}(?-u:\b)"),
    ("a payment key", r"(?-u:\b)[srp]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    ("a Slack token", r"(?-u:\b)xox[abprs]-[A-Za-z0-9-]{10,}"),
    ("a GitHub token", r"(?-u:\b)(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})"),
    ("a cloud access key", r"(?-u:\b)(?:AKIA|ASIA)[0-9A-Z]{16}(?-u:\b)"),
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    (
        "a web hook address with its key",
        r"https://(?:discord(?:app)?\.com/api/webhooks|hooks\.slack\.com/services)/[A-Za-z0-9/_-]{20,}",
    ),
    ("a password in an address", r"(?-u:\b)[a-z][a-z0-9+]*://[^\s:/@\x22']+:[^\s:/@\x22']{6,}@"),
];

static FINDERS: LazyLock<Vec<(&str, Regex)>> =
    LazyLock::new(|| SHAPES.iter().filter_map(|(what, shape)| Some((*what, Regex::new(shape).ok()?))).collect());

fn run(whole: &Whole<'_>, found: &mut Found) {
    for (number, source) in whole.sources.iter().enumerate() {
        for (what, finds) in FINDERS.iter() {
            for secret in finds.find_iter(&source.text) {
                let place = Place { source: number, bytes: secret.range() };
                found.push(
                    Diagnostic::error(CODE, place, format!("This looks like {what}."))
                        .because("Whoever reads this file could speak as the brand, or worse.")
                        .help("Take it out, give it to the bot by its environment, and have a new one issued: this one has been seen."),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_is_a_pattern_and_plain_sentences_hold_none() {
        assert_eq!(FINDERS.len(), SHAPES.len());
        let sentence =
            "Order LL-123456 of 2026-11-24T10:00:00, see help.lanternloom.example/returns-and-refunds-explained.";
        assert!(FINDERS.iter().all(|(_, finds)| !finds.is_match(sentence)));
        let telegram = format!("{}:{}", "123456789", "A".repeat(35));
        assert!(FINDERS.iter().any(|(what, finds)| what.contains("Telegram") && finds.is_match(&telegram)));
        let discord = format!("{}.{}.{}", "M".repeat(24), "x".repeat(6), "y".repeat(27));
        assert!(FINDERS.iter().any(|(what, finds)| what.contains("Discord") && finds.is_match(&discord)));
    }
}
