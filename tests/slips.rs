//! A slip of the pen on any line of a voice brings one finding, on that line.
//!
//! The voice that uses every field is damaged one line at a time, in each way that fits the line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use housevoice::voice::Level;
use housevoice::voice::load::load;
use housevoice::voice::source::Source;

const EVERY_FIELD: &str = include_str!("data/fine/every-field.toml");

/// Every so many slips one is tried; the rest differ little.
const STRIDE: usize = 7;

/// A line with one character taken out.
fn without(line: &str, at: Option<usize>) -> Option<String> {
    let mut line = line.to_owned();
    line.remove(at?);
    Some(line)
}

fn curly(line: &str) -> String {
    let mut open = true;
    let bend = |c: char| {
        if c != '"' {
            return c;
        }
        open = !open;
        if open { '”' } else { '“' }
    };
    line.chars().map(bend).collect()
}

/// Something put behind the first word of the line's only text.
fn inside_text(line: &str, what: &str) -> Option<String> {
    let start = line.find("= \"").filter(|_| line.matches('"').count() == 2)? + 3;
    let space = start + line.get(start..line.rfind('"')?)?.find(' ')?;
    Some(format!("{}{what}{}", &line[..space], &line[space..]))
}

/// The ways in which a line can be damaged, by name.
fn slips(line: &str) -> Vec<(&'static str, String)> {
    let trimmed = line.trim();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return Vec::new();
    }
    let header = trimmed.starts_with('[') && trimmed.ends_with(']') && !trimmed.contains('"');
    let quotes = trimmed.contains('"');
    let end = |c: char| line.rfind(c).filter(|_| trimmed.ends_with(c) && !header);
    let pair = line.contains(" = ");
    let when = |fits: bool, damaged: String| fits.then_some(damaged);
    let one_bracket = || when(trimmed.starts_with("[["), line.replace("[[", "[").replace("]]", "]"));
    [
        ("no first quote", without(line, line.find('"'))),
        ("no last quote", without(line, line.rfind('"'))),
        ("no quotes", when(quotes && line.matches(" = ").count() < 3 && !line.contains("}}"), line.replace('"', ""))),
        ("curly quotes", when(quotes, curly(line))),
        ("a colon", when(pair, line.replacen(" = ", ": ", 1))),
        ("no equals", when(pair, line.replacen(" = ", " ", 1))),
        ("two equals", when(pair, line.replacen(" = ", " == ", 1))),
        ("list not closed", without(line, end(']'))),
        ("braces not closed", without(line, end('}'))),
        ("header not closed", without(line, line.rfind(']').filter(|_| header))),
        ("header not opened", without(line, line.find('[').filter(|_| header))),
        ("one bracket", one_bracket()),
        ("two brackets", when(header && !trimmed.starts_with("[["), format!("[{line}]"))),
        ("no comma", without(line, line.find("\", \"").map(|at| at + 1))),
        ("quotes inside", inside_text(line, " \"quoted\"")),
        ("a line break", inside_text(line, "\n").filter(|_| !trimmed.ends_with('}'))),
        ("a backslash", inside_text(line, " \\d")),
        ("a comma behind", when(!header, format!("{line},"))),
        ("a semicolon behind", Some(format!("{line};"))),
    ]
    .into_iter()
    .filter_map(|(name, damaged)| Some((name, damaged?)))
    .collect()
}

#[test]
fn a_slip_on_any_line_brings_one_error_on_that_line() {
    let lines: Vec<&str> = EVERY_FIELD.lines().collect();
    let mut wrong = Vec::new();
    let all = lines.iter().enumerate().flat_map(|(i, line)| slips(line).into_iter().map(move |slip| (i, slip)));
    let tried: Vec<_> = all.step_by(STRIDE).collect();
    for (i, (name, damaged)) in &tried {
        let mut damaged_lines = lines.clone();
        damaged_lines[*i] = damaged;
        let source = Source { name: "voice.toml".into(), text: damaged_lines.join("\n") + "\n" };
        let findings = load(std::slice::from_ref(&source)).findings;
        let errors = findings.iter().filter(|finding| finding.level == Level::Error);
        let found: Vec<_> =
            errors.map(|f| (source.line_column(f.place.bytes.start).0, f.code, f.message.as_str())).collect();
        if found.len() != 1 || found[0].0 != i + 1 {
            wrong.push(format!("{name}, line {}: {damaged}\n    {found:?}", i + 1));
        }
    }
    assert!(tried.len() > 200, "{}", tried.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), tried.len(), wrong.join("\n"));
}
