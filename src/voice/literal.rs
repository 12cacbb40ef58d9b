//! From bytes of a text back to bytes of the file it was written in.
//!
//! A text in a TOML file stands in one of four kinds of quotes, two of which have escapes; a finding about its third word
//! must point to the third word as written.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use super::source::{Place, Source};

/// The words of a wording: line breaks as `\n`, without white space around.
pub(crate) fn as_said(raw: &str) -> String {
    raw.replace("\r\n", "\n").trim().to_owned()
}

/// The place of some bytes of a wording, given the place of its literal. When the literal cannot be followed (it was mended),
/// the whole literal.
pub(crate) fn inside(sources: &[Source], literal: &Place, said: &str, at: Range<usize>) -> Place {
    let written = sources.get(literal.source).and_then(|source| source.text.get(literal.bytes.clone()));
    let bytes = written.and_then(|written| follow(written, said, at));
    match bytes {
        Some(bytes) => {
            let start = literal.bytes.start;
            Place { source: literal.source, bytes: start + bytes.start..start + bytes.end }
        }
        None => literal.clone(),
    }
}

/// One character of a text and the bytes of the literal that it was written with.
struct Piece {
    char: char,
    bytes: Range<usize>,
}

fn follow(written: &str, said: &str, at: Range<usize>) -> Option<Range<usize>> {
    let pieces = trimmed(decode(written)?);
    let mut offset = 0;
    let (mut start, mut end) = (None, None);
    let mut characters = said.chars();
    for piece in pieces {
        // The text must be the literal's own, character by character.
        if characters.next() != Some(piece.char) {
            return None;
        }
        if offset >= at.start && start.is_none() {
            start = Some(piece.bytes.start);
        }
        offset += piece.char.len_utf8();
        if offset <= at.end || end.is_none() {
            end = Some(piece.bytes.end);
        }
    }
    let (start, end) = (start.or(end)?, end?);
    characters.next().is_none().then_some(start..end.max(start))
}

/// The text as it is said: line breaks as `\n`, no white space around.
fn trimmed(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let mut before_break = false;
    let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
    while let Some(piece) = pieces.pop() {
        if !(before_break && piece.char == '\r') {
            before_break = piece.char == '\n';
            kept.push(piece);
        } else {
            before_break = false;
        }
    }
    while kept.first().is_some_and(|piece| piece.char.is_whitespace()) {
        kept.remove(0);
    }
    while kept.last().is_some_and(|piece| piece.char.is_whitespace()) {
        kept.pop();
    }
    kept.reverse();
    kept
}

/// The characters of a TOML string literal.
fn decode(written: &str) -> Option<Vec<Piece>> {
    let (open, escapes) = match written {
        w if w.starts_with("\"\"\"") => (3, true),
        w if w.starts_with("'''") => (3, false),
        w if w.starts_with('"') => (1, true),
        w if w.starts_with('\'') => (1, false),
        _ => return None,
    };
    let end = written.len().checked_sub(open).filter(|end| *end >= open)?;
    let mut start = open;
    if open == 3 {
        // A line break right after the opening does not count.
        let body = written.get(start..end)?;
        start += if body.starts_with("\r\n") { 2 } else { usize::from(body.starts_with('\n')) };
    }
    let body = written.get(start..end)?;
    let mut pieces = Vec::with_capacity(body.len());
    let mut chars = body.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let from = start + i;
        let char = if escapes && c == '\\' {
            match escape(&mut chars) {
                Some(char) => char,
                None => continue,
            }
        } else {
            c
        };
        let to = start + chars.peek().map_or(body.len(), |(next, _)| *next);
        pieces.push(Piece { char, bytes: from..to });
    }
    Some(pieces)
}

/// The character of an escape, after its backslash; none for a line that is joined to the next.
fn escape(chars: &mut Peekable<CharIndices<'_>>) -> Option<char> {
    let (_, kind) = chars.next()?;
    let digits = match kind {
        'b' => return Some('\u{8}'),
        't' => return Some('\t'),
        'n' => return Some('\n'),
        'f' => return Some('\u{C}'),
        'r' => return Some('\r'),
        'e' => return Some('\u{1B}'),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        c if c.is_whitespace() => {
            while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
            return None;
        }
        c => return Some(c),
    };
    let code =
        (0..digits).filter_map(|_| chars.next_if(|(_, c)| c.is_ascii_hexdigit())).map(|(_, c)| c).collect::<String>();
    u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the file has at the place of a needle in the text that a literal stands for.
    fn found(literal: &str, needle: &str) -> String {
        let text = format!("say = {literal}");
        let source = Source { name: "voice.toml".into(), text: text.clone() };
        let table: toml::Table = toml::from_str(&text).unwrap();
        let said = as_said(table["say"].as_str().unwrap());
        let at = said.find(needle).unwrap();
        let place = inside(&[source], &Place { source: 0, bytes: 6..text.len() }, &said, at..at + needle.len());
        text[place.bytes].to_owned()
    }

    #[test]
    fn every_kind_of_quotes_is_followed_to_the_byte() {
        for literal in [
            "\"Hi {{nmae}}!\"",
            "'Hi {{nmae}}!'",
            "\"\\\"Hi\\\"\\t\\u00e4 {{nmae}}\"",
            "\"\"\"\n  Hi {{nmae}},\n  all.\"\"\"",
            "'''\r\n  Hi\r\n {{nmae}} ä'''",
            "\"\"\"Hi \\\n    {{nmae}}\"\"\"",
            "\"  {{nmae}}  \"",
        ] {
            assert_eq!(found(literal, "{{nmae}}"), "{{nmae}}", "{literal}");
        }
        assert_eq!(found("\"caf\\u00e9 x\"", "é"), "\\u00e9", "an escape is pointed to as it is written");
    }
}
