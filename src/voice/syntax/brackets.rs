//! Headers with one bracket where there should be two, because such blocks can be several.

use super::Reading;
use super::scan::{is_header, lines, open_at};
use crate::voice::Diagnostic;
use crate::voice::schema;

impl Reading<'_> {
    /// Mends every `[answers]` to `[[answers]]` before anything is read: otherwise the second one and each of its keys would
    /// count as standing twice. One finding for each kind of header.
    pub(super) fn brackets(&mut self) {
        for path in schema::blocks() {
            let found = self.single(&path);
            let Some(first) = found.first().cloned() else { continue };
            let numbers: Vec<String> = found.iter().map(|(_, line)| line.to_string()).collect();
            let on = match numbers.split_last() {
                Some((last, rest)) if !rest.is_empty() => format!("on lines {} and {last} ", rest.join(", ")),
                _ => String::new(),
            };
            self.findings.push(
                Diagnostic::error(
                    "brackets",
                    self.place(first.0.clone()),
                    format!("[{path}] {on}needs two brackets, because there can be several."),
                )
                .because("With one bracket a second block would be refused.")
                .help(format!("Write: [[{path}]]"))
                .replace_with(format!("[[{path}]]")),
            );
            for (at, _) in found.into_iter().rev() {
                if let Some(mended) = self.text.with(at, &format!("[[{path}]]")) {
                    self.text = mended;
                }
            }
        }
    }

    /// Headers `[path]` with their lines.
    fn single(&self, path: &str) -> Vec<(std::ops::Range<usize>, usize)> {
        let text = self.text.text();
        let header = format!("[{path}]");
        if !text.contains(path) {
            return Vec::new();
        }
        let all: Vec<(std::ops::Range<usize>, &str)> = lines(text).collect();
        let mut found = Vec::new();
        for (number, (range, line)) in all.iter().enumerate() {
            let written = line.split('#').next().unwrap_or_default().trim();
            if written.replace([' ', '\t'], "") != header || !open_at(text, range.start).is_empty() {
                continue;
            }
            // `[answers.say]` with a text a language is right as it is.
            let body = || all.iter().skip(number + 1).map(|(_, line)| *line).take_while(|line| !is_header(line));
            let is_wording = |line: &str| {
                ["text", "tone", "when", "locale"].iter().any(|key| {
                    line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
                })
            };
            if path.ends_with(".say") && !body().any(is_wording) {
                continue;
            }
            let start = range.start + (line.len() - line.trim_start().len());
            found.push((start..start + written.len(), number + 1));
        }
        found
    }
}
