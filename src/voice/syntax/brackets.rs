//! Headers with one bracket where there should be two, because such blocks can be several, and the other way round.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Reading;
use super::scan::{is_header, lines, open_at};
use crate::voice::Diagnostic;
use crate::voice::schema;

/// A header with one bracket: its bytes and its line.
type Header = (Range<usize>, usize);

impl Reading<'_> {
    /// Mends headers before anything is read: otherwise the second `[answers]`, and each of its keys, would count as standing
    /// twice. One finding for each kind of header.
    pub(super) fn brackets(&mut self) {
        self.single_for_double();
        self.double_for_single();
    }

    /// Mends `[[brand]]` to `[brand]`.
    fn double_for_single(&mut self) {
        let mut mended = Vec::new();
        let text = self.text.text();
        for (range, line) in lines(text) {
            let written = line.split('#').next().unwrap_or_default().trim();
            let path = written.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")).map(str::trim);
            let Some(path) = path.filter(|path| schema::is_section(path)) else { continue };
            if !open_at(text, range.start).is_empty() {
                continue;
            }
            let start = range.start + (line.len() - line.trim_start().len());
            let at = start..start + written.len();
            let message = format!("{written} stands in two brackets, but there is only one [{path}].");
            let finding = Diagnostic::error("brackets", self.place(at.clone()), message)
                .because("Two brackets begin one of many blocks.")
                .help(format!("Write: [{path}]"))
                .replace_with(format!("[{path}]"));
            mended.push((at, format!("[{path}]"), finding));
        }
        for (at, header, finding) in mended.into_iter().rev() {
            if let Some(text) = self.text.with(at, &header) {
                self.text = text;
                self.findings.push(finding);
            }
        }
    }

    fn single_for_double(&mut self) {
        let single = single_headers(self.text.text());
        let mut all: Vec<(String, Header)> = Vec::new();
        for (path, headers) in single {
            if let Some(first) = headers.first() {
                let finding = self.finding_of(&path, first, &headers);
                self.findings.push(finding);
            }
            all.extend(headers.into_iter().map(|header| (path.clone(), header)));
        }
        // From the end, so that the places before stay where they are.
        all.sort_by_key(|(_, (at, _))| std::cmp::Reverse(at.start));
        for (path, (at, _)) in all {
            if let Some(mended) = self.text.with(at, &format!("[[{path}]]")) {
                self.text = mended;
            }
        }
    }

    fn finding_of(&self, path: &str, first: &Header, headers: &[Header]) -> Diagnostic {
        let numbers: Vec<String> = headers.iter().map(|(_, line)| line.to_string()).collect();
        let on = match numbers.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("on lines {} and {last} ", rest.join(", ")),
            _ => String::new(),
        };
        let message = format!("[{path}] {on}needs two brackets, because there can be several.");
        Diagnostic::error("brackets", self.place(first.0.clone()), message)
            .because("With one bracket a second block would be refused.")
            .help(format!("Write: [[{path}]]"))
            .replace_with(format!("[[{path}]]"))
    }
}

/// Headers with one bracket whose blocks can be several, by path.
fn single_headers(text: &str) -> BTreeMap<String, Vec<Header>> {
    let blocks = schema::blocks();
    let all: Vec<(Range<usize>, &str)> = lines(text).collect();
    let mut found: BTreeMap<String, Vec<Header>> = BTreeMap::new();
    for (number, (range, line)) in all.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let written = line.split('#').next().unwrap_or_default().trim();
        let path = written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let path = path.map(|path| path.replace([' ', '\t'], "")).filter(|path| blocks.contains(path));
        let Some(path) = path else { continue };
        // `[answers.say]` with a text for each language is right as it is.
        let mut body = all.iter().skip(number + 1).map(|(_, line)| *line).take_while(|line| !is_header(line));
        if path.ends_with(".say") && !body.any(is_of_wording) || !open_at(text, range.start).is_empty() {
            continue;
        }
        let start = range.start + indent;
        found.entry(path).or_default().push((start..start + written.len(), number + 1));
    }
    found
}

/// Whether a line sets a key of `[[answers.say]]`.
fn is_of_wording(line: &str) -> bool {
    let key = line.split('=').next().unwrap_or_default().trim();
    line.contains('=') && matches!(key, "text" | "tone" | "when" | "locale")
}
