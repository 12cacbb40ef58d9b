//! Sections and keys that stand twice in one file.

use toml::de::Error;

use super::Reading;
use super::patched::Patched;
use super::scan::{line_at, lines};
use crate::voice::Diagnostic;

/// Says what stands twice, and where the first one is.
pub(super) fn finding(reading: &Reading<'_>, patched: &Patched<'_>, error: &Error) -> Diagnostic {
    let text = patched.text();
    let at = error.span().unwrap_or(0..0);
    let line = line_at(text, at.start);
    let written = text.get(line.clone()).unwrap_or_default();
    let number = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    if written.trim_start().starts_with('[') {
        let header = written.trim().split('#').next().unwrap_or_default().trim().to_owned();
        let first = lines(text).find(|(range, other)| range.end < line.start && same_header(other, &header));
        let message = match &first {
            Some((range, _)) => {
                format!("{header} appears on lines {} and {}.", number(range.start), number(line.start))
            }
            None => format!("{header} is already set in another way."),
        };
        let finding = Diagnostic::error("duplicate-section", reading.place(at), message)
            .because("A section stands once; the bot cannot know which of the two counts.")
            .help("Move the lines of both together, below one header.");
        return match first {
            Some((range, _)) => finding.see(reading.place(range), "the first one"),
            None => finding,
        };
    }
    let key = text.get(at.clone()).unwrap_or_default().to_owned();
    let first = first_key(text, &key, at.start);
    let message = match &first {
        Some(range) if number(range.start) == number(at.start) => format!("`{key}` is set twice on this line."),
        Some(range) => format!("`{key}` is set twice: on lines {} and {}.", number(range.start), number(at.start)),
        None => format!("`{key}` is set twice."),
    };
    let finding = Diagnostic::error("duplicate-key", reading.place(at), message)
        .because("The bot cannot know which of the two you mean.")
        .help("Keep one and delete the other.");
    match first {
        Some(range) => finding.see(reading.place(range), "the first one"),
        None => finding,
    }
}

fn same_header(line: &str, header: &str) -> bool {
    let plain = |text: &str| text.split('#').next().unwrap_or_default().replace([' ', '\t', '"', '\''], "");
    line.trim_start().starts_with('[') && plain(line) == plain(header)
}

/// The last place before a byte at which a key is set.
fn first_key(text: &str, key: &str, before: usize) -> Option<std::ops::Range<usize>> {
    let earlier = text.get(..before)?;
    let set = |at: &usize| {
        let rest = earlier.get(at + key.len()..).unwrap_or_default();
        let alone =
            !earlier.get(..*at).unwrap_or_default().ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-'));
        alone && rest.trim_start_matches(['"', '\'', ' ', '\t']).starts_with(['=', '.'])
    };
    let at = earlier.match_indices(key).map(|(at, _)| at).filter(set).last()?;
    Some(at..at + key.len())
}
