//! Characters that cannot be seen.

use super::{Found, Rule, Whole};
use crate::voice::Diagnostic;
use crate::voice::source::Place;

pub(super) const RULE: Rule = Rule {
    codes: &[("hidden-character", "The file holds no characters that cannot be seen or that turn text around.")],
    taste: false,
    run,
};

fn run(whole: &Whole<'_>, found: &mut Found) {
    // Wordings report theirs by themselves.
    let in_wordings: Vec<Place> = whole
        .notes
        .said
        .iter()
        .flat_map(|said| &said.variants)
        .filter(|variant| !variant.faults.is_empty())
        .map(|variant| variant.place.clone())
        .collect();
    for (number, source) in whole.sources.iter().enumerate() {
        if source.text.is_ascii() {
            continue;
        }
        let mut before = ' ';
        for (at, c) in source.text.char_indices() {
            let place = Place { source: number, bytes: at..at + c.len_utf8() };
            let reported = |literal: &Place| {
                literal.source == number && literal.bytes.contains(&at) && !crate::voice::template::is_showable(c)
            };
            if is_hidden(c, before, at) && !in_wordings.iter().any(reported) {
                found.push(finding(place, c));
            }
            before = c;
        }
    }
}

/// Whether a character hides: joiners do their work behind letters beyond ASCII (emoji, Persian, Hindi), and a byte order mark
/// may open the file.
fn is_hidden(c: char, before: char, at: usize) -> bool {
    match c {
        '\u{200C}' | '\u{200D}' => before.is_ascii(),
        '\u{FEFF}' => at > 0,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' => true,
        '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' => true,
        c => matches!(u32::from(c), 0xE_0000..=0xE_007F),
    }
}

fn finding(place: Place, c: char) -> Diagnostic {
    let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let what = if turns { "that turns text around" } else { "that cannot be seen" };
    Diagnostic::error("hidden-character", place, format!("There is a character here {what} (U+{:04X}).", u32::from(c)))
        .because("What people read here is not what the bot reads.")
        .help("Delete it; it usually comes in by copying from a web page or a document.")
        .replace_with("")
}
