//! Lines and statements of a text that may not be TOML at all.

use std::ops::Range;

/// The line that a byte stands in, without its line break.
pub(super) fn line_at(text: &str, at: usize) -> Range<usize> {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, after) = text.split_at(at);
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    let end = after.find('\n').map_or(text.len(), |i| at + i);
    let end = if text.get(start..end).is_some_and(|line| line.ends_with('\r')) { end - 1 } else { end };
    start..end.max(start)
}

/// Every line with its bytes, without line breaks.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |whole| {
        let line = whole.trim_end_matches(['\n', '\r']);
        let range = start..start + line.len();
        start += whole.len();
        (range, line)
    })
}

/// The last part of the key, or of the header, that a line begins with.
pub(super) fn key_of(line: &str) -> Option<String> {
    let line = line.trim();
    if let Some(header) = line.strip_prefix('[') {
        let name = header.trim_matches(['[', ']', ' ']).split(['.', ']']).next_back()?;
        return Some(name.trim_matches(['"', '\'', ' ']).to_owned());
    }
    let end = line.find(['=', ':'])?;
    let key = line.get(..end)?.trim().trim_matches(['"', '\'']);
    let key = key.rsplit('.').next()?.trim_matches(['"', '\'']);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    (!key.is_empty() && key.chars().all(plain)).then(|| key.to_owned())
}

/// Whether a line looks like the beginning of a statement: a header, or a key with `=`.
pub(super) fn begins_statement(line: &str) -> bool {
    is_header(line) || {
        let key = line.trim_start().split('=').next().unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '"' | '\'');
        key.len() < line.trim_start().len()
            && !key.trim().is_empty()
            && !key.trim_start().starts_with(['"', '\''])
            && key.chars().all(plain)
    }
}

/// Whether a line looks like a header: `[x]`, `[[x]]`, and not a list in a list.
pub(super) fn is_header(line: &str) -> bool {
    let inside = line.trim().trim_start_matches('[').trim_end_matches(']');
    let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'' | ' ');
    line.trim_start().starts_with('[')
        && !inside.is_empty()
        && inside.chars().all(name)
        && inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

/// Where the next statement (or the next header) begins at or after a byte; the end of the text when there is none.
pub(super) fn next_statement(text: &str, from: usize, header: bool) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let wanted = |line: &str| if header { is_header(line) } else { begins_statement(line) };
    let next = lines(rest).skip(1).find(|(_, line)| wanted(line));
    next.map_or(text.len(), |(range, _)| from + range.start)
}

/// Where the statement begins that goes on at the line starting at a byte: earlier than that line when it stands inside an open
/// list, an open brace or a text of several lines.
pub(super) fn statement_start(text: &str, line_start: usize) -> usize {
    open_at(text, line_start).first().map_or(line_start, |open| line_at(text, open.at).start)
}

/// Something that is open at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Open {
    /// `[`, `{`, or the quote of a text of several lines.
    pub mark: char,
    pub at: usize,
}

/// What is open at the beginning of a line, the outermost first.
pub(super) fn open_at(text: &str, line_start: usize) -> Vec<Open> {
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    // Whether a value has begun in this statement: before it, brackets belong to headers.
    let mut in_value = false;
    while at < line_start.min(text.len()) {
        let rest = text.get(at..).unwrap_or_default();
        let Some(c) = rest.chars().next() else { break };
        let mut step = c.len_utf8();
        if let Some(quote) = open.last().map(|open| open.mark).filter(|mark| matches!(mark, '"' | '\'')) {
            if quote == '"' && c == '\\' {
                step += rest.chars().nth(1).map_or(0, char::len_utf8);
            } else if rest.starts_with(&quote.to_string().repeat(3)) {
                open.pop();
                step = 3;
            }
        } else {
            match c {
                '#' => step = rest.find('\n').unwrap_or(rest.len()),
                '"' | '\'' if rest.starts_with(&c.to_string().repeat(3)) => {
                    open.push(Open { mark: c, at });
                    step = 3;
                }
                '"' | '\'' => step = one_line(rest, c),
                '=' => in_value = true,
                '[' | '{' if in_value || !open.is_empty() => open.push(Open { mark: c, at }),
                ']' | '}' => {
                    open.pop();
                }
                '\n' if open.is_empty() => in_value = false,
                _ => {}
            }
        }
        at += step.max(1);
    }
    open
}

/// The length of a text in quotes that ends on its line; without an end, up to the end of the line.
pub(super) fn one_line(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return i,
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return i + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The part of a line before a comment, white space at its end left out.
pub(super) fn without_comment(line: &str) -> &str {
    let mut at = 0;
    while let Some(c) = line.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = line.get(at..).unwrap_or_default();
        match c {
            // `{{#if` stands in a text whose quote was forgotten.
            '#' if !line.get(..at).is_some_and(|before| before.ends_with("{{")) => {
                return line.get(..at).unwrap_or_default().trim_end();
            }
            '"' | '\'' => at += one_line(rest, c).max(1),
            c => at += c.len_utf8(),
        }
    }
    line.trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_known_at_every_line() {
        let text = "a = [ # [\n \"]\",\n { b = 1,\nc = \"\"\"\n[x]\n\"\"\"\n}]\n[d]\ne = 1\n";
        let marks = |line: usize| {
            let start = lines(text).nth(line).unwrap().0.start;
            open_at(text, start).iter().map(|open| open.mark).collect::<String>()
        };
        assert_eq!([marks(0), marks(1), marks(3), marks(4), marks(7), marks(8)], ["", "[", "[{", "[{\"", "", ""]);
        assert_eq!(statement_start(text, lines(text).nth(4).unwrap().0.start), 0);
    }

    #[test]
    fn statements_are_told_from_what_is_in_lists() {
        for yes in ["a = 1", "  max_words=3", "[brand]", "[[answers]]", "a.b-c = 'x'"] {
            assert!(begins_statement(yes), "{yes}");
        }
        for no in ["\"a = 1\",", "[\"a\", \"b\"],", "x", "", "]", "# a = 1"] {
            assert!(!begins_statement(no), "{no}");
        }
        assert_eq!(without_comment("a = \"#\" # note"), "a = \"#\"");
        assert_eq!(key_of("[slots.country]").as_deref(), Some("country"));
        assert_eq!(key_of("bot name: x").as_deref(), Some("bot name"));
    }
}
