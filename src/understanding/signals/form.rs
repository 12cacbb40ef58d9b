//! The form of a message: a question, a fragment, banter, or nothing but a link, emoji, a quote, code.

use super::super::normalize::is_hidden;
use super::super::phrases::Phrases;
use super::super::text::{Text, chunks};
use super::super::words::Word;
use super::lists::{Lists, general};
use crate::understanding::Only;

/// Words of an unfinished message, at most: one without a loose end, one with.
const SHORT_FRAGMENT: usize = 5;
const LONG_FRAGMENT: usize = 12;

/// Whether words have the form of a question. `own` holds the lists of the voice's languages.
pub(in crate::understanding) fn has_question_form(text: &Text<'_>, own: &Lists) -> bool {
    let marked =
        chunks(text.raw).any(|chunk| !chunk.text.contains("://") && chunk.text.contains(['?', '？', '؟', '¿']));
    let clauses = (0..text.words.len()).filter(|word| *word == 0 || text.clause_ends_before(*word));
    let begins = |word: usize| text.words.get(word..).is_some_and(|rest| begins_as_question(rest, own));
    marked || own.requests.any(&text.words) || clauses.into_iter().any(begins)
}

/// Whether the first words after politeness begin a question.
pub(in crate::understanding) fn begins_as_question(words: &[Word], own: &Lists) -> bool {
    let start = skip(words, &[&general().greeting, &general().filler, &own.joins]);
    words.get(start..).is_some_and(|rest| own.question_words.at(rest).is_some() || own.requests.at(rest).is_some())
}

/// Whether a question expects no answer.
pub(in crate::understanding) fn is_rhetorical(text: &Text<'_>, own: &Lists) -> bool {
    let start = skip(&text.words, &[&general().greeting, &general().banter, &own.joins]);
    let begins = |rest: &[Word]| own.rhetorical.at(rest).is_some() || own.rhetorical_alone.is(rest);
    [0, start].into_iter().filter_map(|start| text.words.get(start..)).any(begins)
}

/// Whether it is laughter or banter and nothing more.
pub(in crate::understanding) fn is_banter(text: &Text<'_>) -> bool {
    let lists = general();
    let (mut at, mut laughed) = (0, false);
    while let Some(rest) = text.words.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(length) =
            lists.banter.at(rest).or_else(|| rest.first().filter(|word| laughs(&word.text)).map(|_| 1))
        {
            laughed = true;
            at += length;
        } else if let Some(length) = lists.filler.at(rest).or_else(|| lists.yes.at(rest)) {
            at += length;
        } else {
            return false;
        }
    }
    laughed && !text.normalized.contains('?')
}

/// "hahaha", "jajaja", "loool", "xdd": two letters in turn, or a laugh drawn out.
fn laughs(word: &str) -> bool {
    let mut letters: Vec<char> = word.chars().collect();
    letters.dedup();
    let squeezed: String = letters.iter().collect();
    let turns = |a: char, b: char| letters.len() >= 3 && letters.iter().all(|c| *c == a || *c == b);
    ['h', 'j', 'k'].iter().any(|a| ['a', 'e', 'i', 'o'].iter().any(|b| turns(*a, *b)))
        || ["lol", "xd", "lmao"].contains(&squeezed.as_str())
}

/// Whether it looks unfinished. A message that is a reply or asks for something is finished; the caller knows.
pub(in crate::understanding) fn looks_unfinished(text: &Text<'_>, own: &Lists) -> bool {
    let end = text.normalized.chars().next_back();
    let open = end.is_some_and(|c| c.is_alphanumeric() || c == ',' || c == '-') || text.normalized.ends_with("..");
    let loose = end == Some(',') || text.words.last().is_some_and(|word| own.dangling.is(std::slice::from_ref(word)));
    let words = text.words.len();
    words > 0 && open && (words <= SHORT_FRAGMENT || loose && words <= LONG_FRAGMENT)
}

/// What a message consists of, when that is all there is.
pub(in crate::understanding) fn only(raw: &str) -> Option<Only> {
    let trimmed = raw.trim();
    if trimmed.is_empty() {
        return None;
    }
    if chunks(trimmed).all(|chunk| is_link(chunk.text)) {
        return Some(Only::Link);
    }
    if trimmed.lines().filter(|line| !line.trim().is_empty()).all(|line| line.trim_start().starts_with('>')) {
        return Some(Only::Quote);
    }
    if is_code(trimmed) {
        return Some(Only::Code);
    }
    chunks(trimmed).all(|chunk| is_emoji(chunk.text)).then_some(Only::Emoji)
}

fn is_link(word: &str) -> bool {
    let bare = word.trim_start_matches(['<', '(']).trim_end_matches(['>', ')', '.', ',']);
    let lower = bare.to_lowercase();
    ["http://", "https://", "www."].iter().any(|prefix| lower.len() > prefix.len() && lower.starts_with(prefix))
}

fn is_code(trimmed: &str) -> bool {
    for fence in ["```", "``", "`"] {
        if let Some(inner) = trimmed.strip_prefix(fence).and_then(|rest| rest.strip_suffix(fence)) {
            return !inner.contains(fence);
        }
    }
    false
}

/// Emoji, with their joiners and selectors; also a platform's own, such as `<:lamp:123>`.
fn is_emoji(word: &str) -> bool {
    let own = |word: &str| {
        let inner = word.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        inner.is_some_and(|inner| inner.trim_start_matches('a').starts_with(':') && inner.matches(':').count() == 2)
    };
    own(word)
        || word.chars().any(is_pictograph) && word.chars().all(|c| is_pictograph(c) || is_hidden(c) || is_emoji_part(c))
}

/// What makes up emoji besides pictographs: keycap bases and their enclosing mark.
fn is_emoji_part(c: char) -> bool {
    c == '\u{20e3}' || c.is_ascii_digit() || c == '#' || c == '*'
}

fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{2190}'..='\u{21ff}'
        | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{25ff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{20e3}')
}

/// Number of words at the beginning that belong to the lists.
pub(in crate::understanding) fn skip(words: &[Word], lists: &[&Phrases]) -> usize {
    let mut at = 0;
    while let Some(length) = words.get(at..).and_then(|rest| lists.iter().filter_map(|list| list.at(rest)).max()) {
        at += length;
    }
    at
}
