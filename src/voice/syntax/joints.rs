//! What joins parts of a file: brackets of headers and lists, `=`, commas, notes.

use super::scan::{begins_statement, line_at, without_comment};
use super::slips::{Line, Slip};
use super::values::value_as_meant;
use crate::voice::schema;

/// A list or braces that were never closed before the next statement.
pub(super) fn unclosed_list(line: &Line<'_>) -> Option<Slip> {
    let open = *line.open.first().filter(|open| matches!(open.mark, '[' | '{'))?;
    let at_end = line.range.end >= line.text.len();
    if !begins_statement(line.written) && !at_end {
        return None;
    }
    let (close, what) = if open.mark == '[' { (']', "list") } else { ('}', "table in braces") };
    let until = if begins_statement(line.written) { line.range.start } else { line.range.end };
    let before = line.text.get(..until)?;
    let last = line_at(line.text, before.trim_end().len());
    let end = last.start + without_comment(line.text.get(last.clone())?).len();
    let first = line_at(line.text, open.at);
    let opened = line.text.get(..open.at)?.matches('\n').count() + 1;
    let marks: String = line.open.iter().rev().map(|open| if open.mark == '[' { ']' } else { '}' }).collect();
    let trimmed = line.text.get(first.start..end)?.trim_end_matches(',').len() + first.start;
    Some(Slip {
        code: "unclosed-list",
        at: open.at..open.at + 1,
        message: format!("The {what} that begins on line {opened} is never closed."),
        why: "Everything below it would belong to it.",
        help: format!("Write {close} at its end: {}{marks}", line.text.get(last.start.min(trimmed)..trimmed)?.trim()),
        edit: Some((trimmed..end, marks)),
    })
}

/// `[answers` and the like.
pub(super) fn header(line: &Line<'_>) -> Option<Slip> {
    let written = without_comment(line.written);
    let start = written.len() - written.trim_start().len();
    let header = written.get(start..)?;
    let no_opening = header.ends_with(']') && !header.contains(['[', '=', '"']);
    if !(header.starts_with('[') || no_opening) || !line.open.is_empty() {
        return None;
    }
    let name = header.trim_matches(['[', ']', ' ']);
    let name = name.split(['[', ']']).next().unwrap_or_default().trim();
    let plain: String = name.chars().map(|c| if c == ' ' { '_' } else { c }).collect();
    if plain.is_empty()
        || !plain.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\''))
    {
        return None;
    }
    let many = schema::blocks().contains(&plain) || header.starts_with("[[") && !schema::is_section(&plain);
    let right = if many { format!("[[{plain}]]") } else { format!("[{plain}]") };
    (right != header).then(|| {
        line.slip(
            "brackets",
            start..written.len(),
            right.clone(),
            format!("This header should be {right}."),
            "Its brackets do not pair up, so the bot cannot tell what the lines below belong to.",
        )
    })
}

/// `// note`, `-- note`, `; note`.
pub(super) fn comment(line: &Line<'_>) -> Option<Slip> {
    let start = line.written.len() - line.written.trim_start().len();
    let rest = line.written.get(start..)?;
    let mark = ["//", "--", ";", "/*", "<!--"].into_iter().find(|mark| rest.starts_with(mark))?;
    Some(line.slip(
        "comment",
        start..start + mark.len(),
        "#".to_owned(),
        format!("{mark} does not begin a note here."),
        "Only lines that begin with # are notes that the bot passes over.",
    ))
}

/// `name: "A"`.
pub(super) fn colon(line: &Line<'_>) -> Option<Slip> {
    if !line.open.is_empty() {
        return None;
    }
    let at = line.written.find(':').filter(|at| !line.written.get(at + 1..).unwrap_or_default().starts_with('='))?;
    let key = line.written.get(..at)?.trim();
    if key.is_empty()
        || !key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\''))
        || line.written.get(..at)?.contains('=')
    {
        return None;
    }
    let start = line.written.get(..at)?.trim_end().len();
    let end = at + 1 + (line.written.get(at + 1..)?.len() - line.written.get(at + 1..)?.trim_start().len());
    let value = line.written.get(end..)?;
    let new = value_as_meant(key, without_comment(value)).unwrap_or_else(|| without_comment(value).to_owned());
    let all = start..end + without_comment(value).len();
    Some(line.slip(
        "colon",
        all,
        format!(" = {new}"),
        format!("Between `{key}` and its value stands : instead of ="),
        "In this file a key and its value are joined with =.",
    ))
}

/// `{ en: "A" }`.
pub(super) fn colon_in_braces(line: &Line<'_>) -> Option<Slip> {
    if !line.message.contains("assignment") && !line.message.contains("unquoted key") {
        return None;
    }
    let from = line.at.min(line.written.len());
    let before = line.written.get(..from)?;
    let at = line.written.get(from..)?.find(':').map(|i| from + i).or_else(|| before.rfind(':'))?;
    Some(line.slip(
        "colon",
        at..at + 1,
        " =".to_owned(),
        "Between a key and its value stands : instead of =",
        "In this file a key and its value are joined with =.",
    ))
}

pub(super) fn double_equals(line: &Line<'_>) -> Option<Slip> {
    let at = line.written.find('=')?;
    let start = if line.written.get(..at)?.ends_with(':') { at - 1 } else { at };
    let rest = line.written.get(at..)?;
    let length = rest.len() - rest.trim_start_matches(['=', '>', '~']).len();
    (length > 1 || start < at).then(|| {
        line.slip(
            "equals",
            start..at + length,
            "=".to_owned(),
            format!("`{}` stands where one = belongs.", line.written.get(start..at + length).unwrap_or_default()),
            "A key and its value are joined with a single =.",
        )
    })
}

/// `name "A"`.
pub(super) fn no_equals(line: &Line<'_>) -> Option<Slip> {
    if !line.open.is_empty() {
        return None;
    }
    let start = line.written.len() - line.written.trim_start().len();
    let rest = line.written.get(start..)?;
    let key = rest
        .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.'))
        .next()
        .filter(|key| !key.is_empty())?;
    let end = start + key.len();
    let value = without_comment(line.written.get(end..)?).trim();
    let opens = value.starts_with(['{', '[', '"', '\'']);
    let plain = !line.written.contains('=') && schema::is_key(key.rsplit('.').next()?);
    if value.is_empty() || value.starts_with('=') || !(opens || plain) {
        return None;
    }
    let value = value_as_meant(key, value).unwrap_or_else(|| value.to_owned());
    let all = end..without_comment(line.written).len();
    Some(line.slip(
        "equals",
        all,
        format!(" = {value}"),
        format!("There is no = between `{key}` and its value."),
        "A key and its value are joined with =.",
    ))
}

/// `max = 1;`, `name = "x",`, and `],` at the end of a list of several lines.
pub(super) fn trailing_mark(line: &Line<'_>) -> Option<Slip> {
    let written = without_comment(line.written);
    if !closes(line) && line.value().is_none() {
        return None;
    }
    let end = written.trim_end_matches([',', ';', ' ']).len();
    let mark = written.get(end..)?.trim();
    if mark.is_empty() || written.get(..end)?.trim_end().ends_with('=') {
        return None;
    }
    Some(line.slip(
        "trailing-mark",
        end..written.len(),
        String::new(),
        format!("There is a {mark} behind the value."),
        "Each line ends by itself; commas stand only between the members of a list or of braces.",
    ))
}

/// Whether a line ends a list, or braces, of several lines.
fn closes(line: &Line<'_>) -> bool {
    line.open.len() == 1 && line.written.trim_start().starts_with([']', '}'])
}

/// `"a";` in a list.
pub(super) fn semicolon(line: &Line<'_>) -> Option<Slip> {
    let at = line.written.get(line.at..)?.find(';').map(|i| line.at + i)?;
    let between = line.written.get(line.at..at)?;
    let in_list = !line.open.is_empty() || line.written.get(..at)?.contains('[');
    let is_last = without_comment(line.written).len() == at + 1;
    if !between.trim().is_empty() || !in_list || closes(line) && is_last {
        return None;
    }
    let comma_before = line.written.get(..at)?.trim_end().ends_with(',');
    let new = if comma_before { "" } else { "," };
    Some(line.slip(
        "trailing-mark",
        at..at + 1,
        new.to_owned(),
        "There is a ; where a comma belongs, or nothing.",
        "The members of a list are parted by commas.",
    ))
}

/// `["a" "b"]`, or no comma at the end of a line of a list.
pub(super) fn missing_comma(line: &Line<'_>) -> Option<Slip> {
    if !line.message.contains("missing comma") && !line.message.contains("extra assignment") {
        return None;
    }
    let before = line.text.get(..line.range.start + line.at)?.trim_end().len();
    let next = line.written.get(line.at..)?.trim_start();
    // A word right behind a closed text means that there is a quote inside it.
    if next.starts_with(char::is_alphabetic)
        && line.open.is_empty()
        && line.written.get(..line.at)?.ends_with(['"', '\''])
    {
        return None;
    }
    let extra = line.message.contains("extra assignment");
    let at = if extra {
        // The parser went on to the next key: the comma belongs before that key.
        let written = line.written.get(..line.at)?.trim_end();
        let key = written
            .rfind(|c: char| c.is_whitespace())
            .map(|i| written.get(..i).unwrap_or_default().trim_end().len())?;
        line.range.start + key
    } else {
        before
    };
    let own = line_at(line.text, at);
    let fixed = format!("{},{}", line.text.get(own.start..at)?, line.text.get(at..own.end)?);
    Some(Slip {
        code: "missing-comma",
        at: at.saturating_sub(1)..at,
        message: "A comma is missing here.".to_owned(),
        why: "The members of a list, and of braces, are parted by commas.",
        help: format!("Write: {}", fixed.trim()),
        edit: Some((at..at, ",".to_owned())),
    })
}
