//! Slips with quotes: curly ones, quotes inside texts, texts over several lines, backslashes.

use std::ops::Range;

use super::scan::{begins_statement, line_at, lines, without_comment};
use super::slips::{Line, Slip};

/// A text in quotes that fit it: single ones when it holds double ones or backslashes.
pub(super) fn quoted(text: &str) -> String {
    let awkward = text.contains(['"', '\\']);
    if awkward && !text.contains('\'') {
        format!("'{text}'")
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

const CURLY: &[char] = &['“', '”', '„', '‟', '«', '»', '″', '‘', '’', '‚', '‛', '‹', '›', '`', '´'];

/// Quotes as word processors set them.
pub(super) fn curly(line: &Line<'_>) -> Option<Slip> {
    let mut out = String::new();
    let mut rest = line.written;
    let mut changed: Option<Range<usize>> = None;
    while let Some(c) = rest.chars().next() {
        let from = line.written.len() - rest.len();
        let length = if c == '#' {
            rest.len()
        } else if c == '"' || c == '\'' {
            // A straight quote that is closed by a curly one, or not at all, is part of the slip.
            match text_end(rest) {
                Some(length) => length,
                None => {
                    let end = curly_end(rest)?;
                    let text = rest.get(1..end)?;
                    out.push_str(&quoted(text.trim_end_matches(CURLY)));
                    changed = Some(changed.map_or(from, |c| c.start)..from + end);
                    rest = rest.get(end..)?;
                    continue;
                }
            }
        } else if CURLY.contains(&c) {
            let end = curly_end(rest)?;
            let text = rest.get(c.len_utf8()..end)?;
            let text = text.strip_suffix(|c: char| CURLY.contains(&c) || matches!(c, '"' | '\'')).unwrap_or(text);
            out.push_str(&quoted(text));
            changed = Some(changed.map_or(from, |c| c.start)..from + end);
            rest = rest.get(end..)?;
            continue;
        } else {
            c.len_utf8()
        };
        out.push_str(rest.get(..length)?);
        rest = rest.get(length..)?;
    }
    let changed = changed?;
    let after = line.written.len() - changed.end;
    let new = out.get(changed.start..out.len().checked_sub(after)?)?.to_owned();
    let found: String = line.written.chars().filter(|c| CURLY.contains(c)).take(2).collect();
    Some(line.slip(
        "curly-quotes",
        changed,
        new,
        format!("This line uses curly quotes {found} instead of straight ones."),
        "Word processors bend quotes; the bot only knows straight ones, \" and '.",
    ))
}

/// The end of a text in straight quotes, quotes included; none when it is not closed on its line.
fn text_end(rest: &str) -> Option<usize> {
    let quote = rest.chars().next()?;
    if let Some(body) = rest.strip_prefix(&quote.to_string().repeat(3)) {
        return Some(body.find(&quote.to_string().repeat(3)).map_or(rest.len(), |i| i + 6));
    }
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return Some(i + 1),
            _ => {}
        }
    }
    None
}

/// The end of a text in curly quotes: a quote of any kind behind which a text can end.
fn curly_end(rest: &str) -> Option<usize> {
    let quote = |c: char| CURLY.contains(&c) || matches!(c, '"' | '\'');
    rest.char_indices()
        .skip(1)
        .filter(|(_, c)| quote(*c))
        .map(|(i, c)| i + c.len_utf8())
        .find(|end| may_end(rest.get(*end..).unwrap_or_default()))
}

/// Whether a text can end before this: nothing more, a comma and a new member, a bracket, a note.
pub(super) fn may_end(rest: &str) -> bool {
    let rest = rest.trim_start();
    if let Some(after) = rest.strip_prefix(',') {
        let after = after.trim_start();
        let key = after.split('=').next().unwrap_or_default().trim();
        let new_key = after.contains('=')
            && !key.is_empty()
            && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\''));
        let member =
            after.starts_with(|c: char| matches!(c, '"' | '\'' | '[' | '{' | ']' | '}' | '#') || CURLY.contains(&c));
        return after.is_empty() || member || new_key;
    }
    rest.is_empty() || rest.starts_with([']', '}', '#'])
}

/// Where the text begins in whose quotes the parser stumbled: the last quote before that place behind which a text can begin.
fn text_start(line: &Line<'_>) -> Option<usize> {
    let before = line.written.get(..line.at)?;
    let begins = |i: &usize| {
        let lead = before.get(..*i).unwrap_or_default().trim_end();
        lead.is_empty() || lead.ends_with(['=', '[', ',', '{'])
    };
    before.char_indices().filter(|(_, c)| matches!(c, '"' | '\'')).map(|(i, _)| i).rfind(begins)
}

/// `"He said "hi""` and `'don't'`.
pub(super) fn quote_inside(line: &Line<'_>) -> Option<Slip> {
    let start = text_start(line)?;
    let rest = line.written.get(start..)?;
    let quote = rest.chars().next()?;
    if rest.starts_with(&quote.to_string().repeat(3)) {
        return None;
    }
    let ends = rest.char_indices().skip(1).filter(|(_, c)| *c == quote).map(|(i, _)| i + 1);
    let end = ends
        .filter(|end| may_end(rest.get(*end..).unwrap_or_default()))
        .find(|end| start + end > line.at || *end == rest.trim_end().len())?;
    let text = rest.get(1..end - 1)?;
    if !text.contains(quote) {
        return None;
    }
    let right = if quote == '\'' && !text.contains(['"', '\\']) {
        format!("\"{text}\"")
    } else {
        quoted(&text.replace("\\\"", "\""))
    };
    let name = if quote == '"' {
        "The text ends at the second \", and more follows."
    } else {
        "The text ends at the second ' (an apostrophe), and more follows."
    };
    Some(line.slip("quote-inside", start..start + end, right, name, "Inside a text in \"…\" a \" ends it. Put '…' round a text with \" in it, and \"…\" round one with an apostrophe."))
}

/// `"C:\docs"`: a backslash has a meaning of its own in double quotes.
pub(super) fn backslash(line: &Line<'_>) -> Option<Slip> {
    if !line.message.contains("escape") && !line.message.contains("unicode") {
        return None;
    }
    let before = line.written.get(..line.at)?;
    let start = text_start(line).or_else(|| before.rfind('"'))?;
    let rest = line.written.get(start..)?;
    if rest.starts_with("\"\"\"") {
        return None;
    }
    let ends = rest.char_indices().skip(1).filter(|(_, c)| *c == '"').map(|(i, _)| i + 1);
    let end = ends.filter(|end| may_end(rest.get(*end..).unwrap_or_default())).find(|end| start + end > line.at)?;
    let text = rest.get(1..end - 1)?;
    Some(line.slip(
        "backslash",
        start..start + end,
        quoted(text),
        "A backslash \\ has a meaning of its own inside \"…\".",
        "\\n would become a line break, and \\d nothing at all. In single quotes a backslash stands for itself.",
    ))
}

/// A text that is not closed on its line: it goes on below, or the quote was forgotten.
pub(super) fn line_break(line: &Line<'_>) -> Option<Slip> {
    if !line.message.contains("string")
        || line.message.contains("must be quoted")
        || line.message.contains("multi-line")
    {
        return None;
    }
    let written = without_comment_in_open_text(line.written);
    let start = open_quote(written)?;
    let quote = written.get(start..)?.chars().next()?;
    let number = line.text.get(..line.range.start)?.matches('\n').count() + 1;
    let at = line.place(start..written.len());
    if let Some(end) = closed_below(line, quote) {
        let inside = line.text.get(at.start + 1..end - 1)?;
        let new = format!("{0}{inside}{0}", quote.to_string().repeat(3));
        return Some(Slip {
            code: "line-break",
            at: at.clone(),
            message: format!("The text that begins on line {number} is not closed on that line."),
            why: "A text in one pair of quotes ends on its line.",
            help: format!("For several lines put three quotes on each side: {0} … {0}", quote.to_string().repeat(3)),
            edit: Some((at.start..end, new)),
        });
    }
    let text = written.get(start + 1..)?;
    let (text, tail) = cut_tail(text, line, written.get(..start)?);
    let new = format!("{quote}{text}{quote}{tail}");
    let mut slip = line.slip(
        "unclosed-quote",
        start..written.len(),
        new,
        format!("The text that begins on line {number} is never closed."),
        "Without a second quote everything behind it would belong to the text.",
    );
    slip.help = format!(
        "Write a {quote} at its end: {}",
        line.with(&slip.at, slip.edit.as_ref().map(|(_, new)| new.as_str()).unwrap_or_default())
    );
    Some(slip)
}

/// The brackets and commas at the end of a line whose last text was not closed: as many as are open before the text, so that
/// those of `{{name}}` stay in it.
fn cut_tail<'t>(text: &'t str, line: &Line<'_>, before: &str) -> (&'t str, &'t str) {
    let mut open: Vec<char> = line.open.iter().map(|open| open.mark).collect();
    let mut in_quotes = false;
    for c in before.chars() {
        match c {
            '"' => in_quotes = !in_quotes,
            '[' | '{' if !in_quotes => open.push(c),
            ']' | '}' if !in_quotes => {
                open.pop();
            }
            _ => {}
        }
    }
    let mut end = text.len();
    let mut left = open.len();
    while let Some(c) = text.get(..end).and_then(|text| text.chars().next_back()) {
        match c {
            ' ' | '\t' => {}
            ',' if !open.is_empty() => {}
            ']' | '}' if left > 0 => left -= 1,
            _ => break,
        }
        end -= c.len_utf8();
    }
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// A line as it is: the note at its end may well be part of the text.
fn without_comment_in_open_text(line: &str) -> &str {
    line.trim_end()
}

/// The quote that opens a text which is not closed on its line.
fn open_quote(written: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(c) = written.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = written.get(at..)?;
        match c {
            '#' => return None,
            '"' | '\'' => match text_end(rest) {
                Some(length) => at += length,
                None => return Some(at),
            },
            c => at += c.len_utf8(),
        }
    }
    None
}

/// Where the text that is open at the end of the line is closed on one of the next lines, before another statement begins.
fn closed_below(line: &Line<'_>, quote: char) -> Option<usize> {
    /// Lines that are looked at for the end.
    const FAR: usize = 30;
    let from = (line.range.end + 1).min(line.text.len());
    let from = if line.text.get(line.range.end..)?.starts_with("\r\n") { line.range.end + 2 } else { from };
    for (range, below) in lines(line.text.get(from..)?).take(FAR) {
        if begins_statement(below) {
            return None;
        }
        let mut ends = below.char_indices().filter(|(_, c)| *c == quote).map(|(i, _)| i + 1);
        if let Some(end) = ends.rfind(|end| may_end(below.get(*end..).unwrap_or_default())) {
            return Some(from + range.start + end);
        }
    }
    None
}

/// `"""` without an end: the parser only notices at the end of the file.
pub(super) fn never_closed_block(line: &Line<'_>) -> Option<Slip> {
    if !line.message.contains("multi-line") {
        return None;
    }
    let open = super::scan::open_at(line.text, line.text.len())
        .into_iter()
        .rev()
        .find(|open| matches!(open.mark, '"' | '\''))?;
    let marks = open.mark.to_string().repeat(3);
    let number = line.text.get(..open.at)?.matches('\n').count() + 1;
    let first = line_at(line.text, open.at);
    let below = line.text.get(first.end..)?;
    let next = lines(below).skip(1).find(|(_, line)| begins_statement(line) && !without_comment(line).is_empty());
    let end = next.map_or(line.text.trim_end().len(), |(range, _)| {
        line.text.get(..first.end + range.start).unwrap_or_default().trim_end().len()
    });
    Some(Slip {
        code: "unclosed-quote",
        at: open.at..open.at + 3,
        message: format!("The text that begins with {marks} on line {number} is never closed."),
        why: "Everything below it would belong to the text.",
        help: format!("Write {marks} where it ends."),
        edit: Some((end..end, marks)),
    })
}
