//! Card numbers and passwords that somebody posted by mistake, and where they stand.

use super::super::normalize::normalize;
use super::super::phrases::Phrases;
use super::super::text::{Chunk, chunks};
use super::super::words::{Word, words};
use super::lists::general;
use crate::understanding::Secret;

/// Digits of a payment card (ISO/IEC 7812).
const CARD: std::ops::RangeInclusive<usize> = 13..=19;
/// Digits of a secret number such as a PIN.
const NUMBER: std::ops::RangeInclusive<usize> = 3..=8;
/// Words that may stand before a secret, at most.
const LEAD: usize = 5;

/// The secrets in a text, in order, none within another; places are bytes of the text.
pub(in crate::understanding) fn secrets(raw: &str) -> Vec<Secret> {
    let mut found = cards(raw);
    found.extend(passwords(raw));
    found.sort_by_key(|secret| (secret.start, secret.end));
    found.dedup_by(|later, earlier| {
        let within = later.start < earlier.end;
        if within {
            earlier.end = earlier.end.max(later.end);
        }
        within
    });
    found
}

/// A digit and where it stands.
#[derive(Clone, Copy, Debug)]
struct Digit {
    value: u32,
    start: usize,
    end: usize,
    /// Whether a blank or a dash stands before it.
    parted: bool,
}

fn cards(raw: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    for run in runs(raw) {
        let mut at = 0;
        while at < run.len() {
            let card = run.get(at..).and_then(card_at);
            match card {
                Some((length, secret)) => {
                    found.push(secret);
                    at += length;
                }
                None => at += 1,
            }
        }
    }
    found
}

/// A card number that begins with the first of these digits and ends where a group ends; the longest.
fn card_at(digits: &[Digit]) -> Option<(usize, Secret)> {
    let first = digits.first()?;
    let starts_group = first.parted;
    CARD.rev().find_map(|length| {
        let card = digits.get(..length)?;
        let ends_group = digits.get(length).is_none_or(|next| next.parted);
        let one_digit = card.iter().all(|digit| digit.value == first.value);
        let valid = starts_group && ends_group && !one_digit && luhn(card);
        valid.then_some((length, Secret { start: first.start, end: card.last()?.end }))
    })
}

/// Runs of digits, with single blanks and dashes between them. Digits that touch a letter are something else, such as
/// an IBAN.
fn runs(raw: &str) -> Vec<Vec<Digit>> {
    let mut runs: Vec<Vec<Digit>> = Vec::new();
    let mut before = Before::Other;
    for (start, c) in raw.char_indices() {
        let now = match digit(c) {
            Some(_) if matches!(before, Before::Letter) => Before::Letter,
            Some(value) => {
                let parted = !matches!(before, Before::Digit);
                if matches!(before, Before::Other) {
                    runs.push(Vec::new());
                }
                let digit = Digit { value, start, end: start + c.len_utf8(), parted };
                runs.last_mut().into_iter().for_each(|run| run.push(digit));
                Before::Digit
            }
            None if c.is_alphabetic() => {
                if matches!(before, Before::Digit) {
                    runs.last_mut().into_iter().for_each(drop_last_group);
                }
                Before::Letter
            }
            None if is_gap(c) && matches!(before, Before::Digit) => Before::Gap,
            None => Before::Other,
        };
        before = now;
    }
    runs
}

/// What stands before a character.
enum Before {
    Digit,
    /// One blank or dash after a digit.
    Gap,
    /// A letter, or digits that follow one.
    Letter,
    Other,
}

fn drop_last_group(run: &mut Vec<Digit>) {
    let group = run.iter().rposition(|digit| digit.parted).unwrap_or(0);
    run.truncate(group);
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '-' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '‐' | '‑' | '–')
}

fn digit(c: char) -> Option<u32> {
    match c {
        '0'..='9' => c.to_digit(10),
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(c) - 0xff10),
        _ => None,
    }
}

fn luhn(digits: &[Digit]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(nth, digit)| match (nth % 2, digit.value * 2) {
            (0, _) => digit.value,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// "my password is …": the piece after it.
fn passwords(raw: &str) -> Vec<Secret> {
    let lists = general();
    let pieces: Vec<(Chunk<'_>, Vec<Word>)> = chunks(raw).map(|chunk| (chunk, words(&normalize(chunk.text)))).collect();
    let mut found = Vec::new();
    for (nth, (chunk, words)) in pieces.iter().enumerate() {
        let before = pieces.get(nth.saturating_sub(LEAD)..nth).unwrap_or_default();
        let lead: Vec<Word> = before.iter().flat_map(|(_, words)| words.clone()).collect();
        let closed = before.last().is_some_and(|(chunk, _)| chunk.text.ends_with(['.', '?', '!', ',']));
        let colon = before.last().is_some_and(|(chunk, _)| chunk.text.ends_with([':', '=']));
        let announced = |list: &Phrases| list.ending(&lead).is_some_and(|length| length > 1 || colon);
        let common = lists.not_password.at(words).is_some();
        let password = announced(&lists.password) && !common && !words.is_empty();
        let number = lists.secret_number.ending(&lead).is_some() && is_number(chunk.text);
        if !closed && (password || number) {
            found.push(Secret { start: chunk.start, end: chunk.start + chunk.text.len() });
        }
        found.extend(inside(chunk, &lists.password));
    }
    found
}

/// "password:hunter2" in one piece.
fn inside(chunk: &Chunk<'_>, passwords: &Phrases) -> Option<Secret> {
    let mark = chunk.text.find([':', '='])?;
    let (before, after) = (chunk.text.get(..mark)?, chunk.text.get(mark + 1..)?);
    let named = passwords.is(&words(&normalize(before)));
    (named && !after.is_empty())
        .then_some(Secret { start: chunk.start + mark + 1, end: chunk.start + chunk.text.len() })
}

fn is_number(piece: &str) -> bool {
    let bare = piece.trim_matches(|c: char| c.is_ascii_punctuation());
    NUMBER.contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit())
}
