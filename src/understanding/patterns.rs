//! Values of pattern slots, such as order numbers, in a text.

use super::normalize::normalize;
use super::text::{Chunk, Text, chunks};
use regex::Regex;

/// Pieces of a text that patterns are tried on.
const PIECES: usize = 200;

/// Values of a pattern: single pieces, and two neighbours taken together ("LL 123456").
pub(super) fn matches(pattern: &Regex, raw: &str, asked: bool) -> Vec<String> {
    let pieces: Vec<Chunk<'_>> = chunks(raw).take(PIECES).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let length = [2, 1].into_iter().find_map(|length| {
            let value = value_of(pattern, pieces.get(at..at + length)?)?;
            found.push(value);
            Some(length)
        });
        at += length.unwrap_or(1);
    }
    if found.is_empty() && asked {
        let prefix = literal_prefix(pattern.as_str());
        found = pieces
            .iter()
            .filter_map(|piece| whole(pattern, &format!("{prefix}{}", trimmed(piece.text))))
            .take(1)
            .collect();
    }
    found
}

fn value_of(pattern: &Regex, pieces: &[Chunk<'_>]) -> Option<String> {
    match pieces {
        [one] => whole(pattern, one.text).or_else(|| whole(pattern, trimmed(one.text))),
        [first, second] => {
            let (first, second) = (trimmed(first.text), trimmed(second.text));
            // Two values side by side are two values.
            if whole(pattern, first).is_some() || whole(pattern, second).is_some() {
                return None;
            }
            ["-", "", " "].iter().find_map(|between| whole(pattern, &format!("{first}{between}{second}")))
        }
        _ => None,
    }
}

fn trimmed(piece: &str) -> &str {
    piece.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The text as the pattern wants it written, when the whole of it matches in some case.
fn whole(pattern: &Regex, text: &str) -> Option<String> {
    let plain = normalize(text);
    let upper = plain.to_uppercase();
    let fits = |form: &&str| {
        pattern.find(form).is_some_and(|found| found.start() == 0 && found.end() == form.len() && !form.is_empty())
    };
    let forms = [text, upper.as_str(), plain.as_str()];
    let form = forms.iter().find(|form| fits(form))?;
    let wants_upper = wants_upper_case(pattern.as_str());
    Some(if wants_upper && fits(&upper.as_str()) { upper } else { (*form).to_owned() })
}

/// Whether the letters that a pattern itself names are capitals.
fn wants_upper_case(pattern: &str) -> bool {
    let (mut upper, mut lower, mut escaped) = (false, false, false);
    let mut group = ' ';
    for c in pattern.chars() {
        let flag = group == '?' && !matches!(c, ')' | ':' | '>');
        if !escaped && !flag {
            upper |= c.is_ascii_uppercase();
            lower |= c.is_ascii_lowercase();
        }
        escaped = c == '\\' && !escaped;
        group = match (group, c) {
            ('(', '?') => '?',
            ('?', ')' | ':' | '>') => ' ',
            ('?', _) => '?',
            (_, c) => c,
        };
    }
    upper && !lower
}

/// The fixed characters that a pattern begins with, such as `LL-`.
fn literal_prefix(pattern: &str) -> String {
    let mut body = pattern;
    while let Some(rest) = ["(?i)", "(?i:", "(?:", "^", "("].iter().find_map(|opening| body.strip_prefix(opening)) {
        body = rest;
    }
    let fixed = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '#');
    let mut prefix: String = body.chars().take_while(fixed).collect();
    let next = body.get(prefix.len()..).and_then(|rest| rest.chars().next());
    if matches!(next, Some('?' | '*' | '{' | '+')) {
        prefix.pop();
    }
    prefix
}

pub(super) fn places<'p>(pattern: &'p Regex, text: &'p Text<'_>) -> impl Iterator<Item = std::ops::Range<usize>> + 'p {
    let words = text.words.len().min(PIECES);
    let fits = move |range: &std::ops::Range<usize>| {
        let part = text.words.get(range.clone())?;
        let written = text.normalized.get(part.first()?.start..part.last()?.end)?;
        whole(pattern, written).map(|_| range.clone())
    };
    (0..words).filter_map(move |start| {
        let ranges = [3, 2, 1].map(|length| start..start + length);
        ranges.into_iter().filter(|range| range.end <= words).find_map(|range| fits(&range))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_tells_its_case_and_its_beginning() {
        for (pattern, upper, prefix) in [
            ("^(?:^LL-[0-9]{6}$)$", true, "LL-"),
            ("^LL-?[0-9]{6}$", true, "LL"),
            (r"^\D{2}\S+$", false, ""),
            ("[a-z]+", false, ""),
            ("(?i)ab[0-9]", false, "ab"),
            ("(?P<x>AB)[0-9]", true, ""),
        ] {
            assert_eq!(wants_upper_case(pattern), upper, "{pattern}");
            assert_eq!(literal_prefix(pattern), prefix, "{pattern}");
        }
    }
}
