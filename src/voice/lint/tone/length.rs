//! Long wordings, long sentences, words that stand twice.

use unicode_segmentation::UnicodeSegmentation;

use super::ToneFault;
use crate::voice::Level;
use crate::voice::rules::Rules;

/// Words that may well stand twice in a row: "I know that that helps", "die, die die Lampe kaufen".
const MAY_DOUBLE: &[&str] = &["that", "had", "die", "der", "das", "sie", "ihr", "wir"];

pub(super) fn words(text: &str, rules: &Rules, faults: &mut Vec<ToneFault>) {
    let count = text.unicode_words().count();
    if count <= rules.max_words {
        return;
    }
    faults.push(ToneFault {
        code: "too-long",
        level: Level::Warning,
        at: 0..text.len(),
        words: None,
        message: format!("The wording has {count} words; {} are the most.", rules.max_words),
        why: "It fills a phone's screen, and people stop reading.".to_owned(),
        help: "Say the main thing, and lead to a page with `link` for the rest.".to_owned(),
        replacement: None,
        asked_by: ("max_words", None),
    });
}

pub(super) fn sentences(text: &str, rules: &Rules, faults: &mut Vec<ToneFault>) {
    for (start, sentence) in split(text) {
        let count = sentence.unicode_words().count();
        if count <= rules.max_sentence_words {
            continue;
        }
        faults.push(ToneFault {
            code: "long-sentence",
            level: Level::Warning,
            at: start..start + sentence.len(),
            words: None,
            message: format!("A sentence has {count} words; {} are the most.", rules.max_sentence_words),
            why: "Long sentences are skimmed.".to_owned(),
            help: "Make two sentences of it.".to_owned(),
            replacement: None,
            asked_by: ("max_sentence_words", None),
        });
    }
}

pub(super) fn doubled(text: &str, faults: &mut Vec<ToneFault>) {
    let mut before: Option<(usize, &str)> = None;
    for (at, word) in text.unicode_word_indices() {
        if let Some((start, previous)) = before
            && previous.to_lowercase() == word.to_lowercase()
            && text.get(start + previous.len()..at).is_some_and(|between| between.chars().all(char::is_whitespace))
            && word.chars().all(char::is_alphabetic)
            && !MAY_DOUBLE.contains(&word.to_lowercase().as_str())
        {
            faults.push(ToneFault {
                code: "doubled-word",
                level: Level::Warning,
                at: start..at + word.len(),
                words: Some(word.to_owned()),
                message: format!("\"{word}\" stands twice in a row."),
                why: "It looks careless.".to_owned(),
                help: "Delete one of them.".to_owned(),
                replacement: Some(previous.to_owned()),
                asked_by: ("max_words", None),
            });
        }
        before = Some((at, word));
    }
}

/// Sentences with the byte each begins at. An abbreviation may cut one in two, which only makes it shorter.
fn split(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let mut sentences = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let ends = c == '\n' || matches!(c, '.' | '!' | '?' | '…' | ':') && next.is_none_or(char::is_whitespace);
        if ends || next.is_none() {
            let end = at + c.len_utf8();
            let sentence = text.get(start..end).unwrap_or_default();
            let lead = sentence.len() - sentence.trim_start().len();
            sentences.push((start + lead, sentence.trim()));
            start = end;
        }
    }
    sentences.into_iter().filter(|(_, sentence)| !sentence.is_empty())
}
