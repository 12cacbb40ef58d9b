//! `[rules]`.

use super::brand::small;
use super::lower::Lower;
use crate::voice::Level;
use crate::voice::rules::{Exception, Rules, WordKind, WordRule, finder};
use crate::voice::tree::Table;

impl Lower<'_> {
    pub(super) fn rules(&self) -> Rules {
        let rules = self.section("rules");
        let emoji = rules.table("emoji");
        let emoji_allow = emoji.map(|e| Self::strings(e, "allow")).unwrap_or_default();
        let emoji_max = emoji.and_then(|e| e.int("max"));
        Rules {
            max_sentence_words: small(rules.int("max_sentence_words"), 25),
            max_words: small(rules.int("max_words"), 60),
            max_exclamation_marks: small(rules.int("max_exclamation_marks"), 1),
            exclamation_in_bad_news: rules.flag("exclamation_in_bad_news").unwrap_or(false),
            emoji_max: small(emoji_max, usize::from(!emoji_allow.is_empty())),
            emoji_allow,
            words: word_rules(rules),
            exceptions: rules.tables("exceptions").map(|(_, table)| exception(table)).collect(),
        }
    }
}

fn word_rules(rules: &Table) -> Vec<WordRule> {
    let mut all = Vec::new();
    for (number, (_, table)) in rules.tables("terms").enumerate() {
        let instead = table.text("use").unwrap_or_default().to_owned();
        let words = Lower::strings(table, "not");
        all.extend(word_rule(table, number, Level::Warning, WordKind::Term { instead }, &words));
    }
    for (number, (_, table)) in rules.tables("names").enumerate() {
        let write = table.text("write").unwrap_or_default().to_owned();
        all.extend(word_rule(table, number, Level::Error, WordKind::Name { write: write.clone() }, &[write]));
    }
    for (number, (_, table)) in rules.tables("banned").enumerate() {
        let instead = table.text("instead").unwrap_or_default().to_owned();
        let words = Lower::strings(table, "words");
        all.extend(word_rule(table, number, Level::Warning, WordKind::Banned { instead }, &words));
    }
    all
}

fn word_rule(table: &Table, number: usize, default: Level, kind: WordKind, words: &[String]) -> Option<WordRule> {
    let level = match table.text("level") {
        Some("error") => Level::Error,
        Some("warning") => Level::Warning,
        Some("hint") => Level::Hint,
        _ => default,
    };
    let why = table.text("why").unwrap_or_default().trim().to_owned();
    Some(WordRule { kind, level, why, finds: finder(words.iter().map(String::as_str))?, number })
}

fn exception(table: &Table) -> Exception {
    let text = |key: &str| table.text(key).unwrap_or_default().to_owned();
    Exception {
        place: text("where"),
        rule: text("rule"),
        words: table.text("words").map(str::to_owned),
        why: text("why"),
        until: table.date("until"),
    }
}
