//! TOML slips that people make, in plain words.
//!
//! The parser says where it stumbles, but not over what. So the line itself is looked at: every slip that could explain it
//! ([`slips`]) comes with the line as it should be, and the first one with which the parser gets on is the one that is
//! reported. Reading then goes on behind it, so that one run finds all slips and everything else in the file too.

mod brackets;
mod duplicates;
mod joints;
mod patched;
mod quotes;
mod scan;
mod slips;
mod values;

use std::collections::BTreeSet;
use std::ops::Range;

use toml::de::{DeTable, Error};

use self::patched::Patched;
use self::scan::{key_of, line_at, next_statement, statement_start};
use self::slips::{Slip, candidates, stumble};
use super::Diagnostic;
use super::source::{Place, Source};
use super::tree::{Table, from_document};

/// Most slips of one file that are reported; somebody who sees these mends them first.
const MAX_SLIPS: usize = 40;
/// Most bytes that are read again and again to find the way round slips.
const MAX_READ_AGAIN: usize = 64 * 1024 * 1024;

/// What came of reading the TOML of one file.
pub(crate) struct Parsed {
    pub table: Table,
    pub findings: Vec<Diagnostic>,
    /// Keys whose values could not be read.
    pub lost: BTreeSet<String>,
}

/// Reads the TOML of the source with this number.
pub(crate) fn parse(number: usize, source: &Source) -> Parsed {
    let mut reading =
        Reading { number, text: Patched::new(&source.text), findings: Vec::new(), lost: BTreeSet::new(), read: 0 };
    reading.brackets();
    while let Some(error) = reading.first_error() {
        if reading.findings.len() >= MAX_SLIPS || reading.read > MAX_READ_AGAIN {
            reading.give_up(&error);
            break;
        }
        reading.slip(&error);
    }
    let (document, errors) = DeTable::parse_recoverable(reading.text.text());
    let text = &reading.text;
    let table = from_document(document.get_ref(), &|bytes| reading.place(bytes));
    let mut twice: Vec<Diagnostic> = errors
        .iter()
        .filter(|error| is_duplicate(error))
        .map(|error| duplicates::finding(&reading, text, error))
        .collect();
    reading.findings.append(&mut twice);
    Parsed { table, findings: reading.findings, lost: reading.lost }
}

/// A file on its way from text to tree.
struct Reading<'s> {
    number: usize,
    text: Patched<'s>,
    findings: Vec<Diagnostic>,
    lost: BTreeSet<String>,
    /// Bytes that were parsed so far.
    read: usize,
}

impl Reading<'_> {
    /// The place of some bytes of the text as it is read now.
    fn place(&self, bytes: Range<usize>) -> Place {
        Place { source: self.number, bytes: self.text.original(bytes) }
    }

    /// The first place at which the parser stumbles.
    fn first_error(&mut self) -> Option<Stumble> {
        self.read += self.text.text().len();
        first_error(self.text.text())
    }

    /// Reports the slip that explains an error, and gets it out of the way.
    fn slip(&mut self, error: &Stumble) {
        let mut first: Option<Slip> = None;
        for slip in candidates(self.text.text(), error) {
            if let Some((at, with)) = &slip.edit
                && let Some(mended) = self.text.with(at.clone(), with)
            {
                self.read += mended.text().len();
                let gets_on = first_error(mended.text()).is_none_or(|next| slip.explains(error.at, next.at));
                if gets_on {
                    let finding = self.finding(&slip, true);
                    self.findings.push(finding);
                    self.text = mended;
                    return;
                }
            }
            first.get_or_insert(slip);
        }
        let slip = first.unwrap_or_else(|| stumble(self.text.text(), error));
        let finding = self.finding(&slip, false);
        self.findings.push(finding);
        self.leave_out(error);
    }

    fn finding(&self, slip: &Slip, mended: bool) -> Diagnostic {
        let finding = Diagnostic::error(slip.code, self.place(slip.at.clone()), slip.message.clone());
        let finding = finding.because(slip.why).help(slip.help.clone());
        let marked = slip.edit.as_ref().filter(|(at, _)| mended && *at == slip.at);
        match marked {
            Some((_, with)) => finding.replace_with(with.clone()),
            None => finding,
        }
    }

    /// Leaves out the line that cannot be read; more, where that does not help.
    fn leave_out(&mut self, error: &Stumble) {
        let text = self.text.text();
        let line = line_at(text, error.at);
        let start = statement_start(text, line.start);
        let is_header = text.get(line.clone()).is_some_and(|line| line.trim_start().starts_with('['));
        let tries = [
            (!is_header && start == line.start).then(|| line.clone()),
            Some(start..next_statement(text, line.end, is_header)),
            Some(start..next_statement(text, line.end, true)),
        ];
        for range in tries.into_iter().flatten() {
            let Some(rest) = self.text.with(range.clone(), "") else { continue };
            self.read += rest.text().len();
            if first_error(rest.text()).is_none_or(|next| next.at >= range.start) {
                self.lose(range);
                self.text = rest;
                return;
            }
        }
        self.give_up(error);
    }

    /// Leaves out the rest of the file.
    fn give_up(&mut self, error: &Stumble) {
        let text = self.text.text();
        let start = statement_start(text, line_at(text, error.at).start).min(error.at);
        for start in [start, 0] {
            let range = start..self.text.text().len();
            let Some(rest) = self.text.with(range.clone(), "") else { continue };
            if first_error(rest.text()).is_none() {
                self.lose(range);
                self.lost.insert("schema".to_owned());
                self.text = rest;
                return;
            }
        }
    }

    /// Remembers the keys of lines that are left out.
    fn lose(&mut self, range: Range<usize>) {
        let lines = self.text.text().get(range).unwrap_or_default().lines();
        let keys: Vec<String> = lines.filter_map(key_of).collect();
        self.lost.extend(keys);
        self.lost.insert(String::new());
    }
}

/// Where the parser stumbles, in its own words.
pub(crate) struct Stumble {
    pub at: usize,
    pub message: String,
}

fn first_error(text: &str) -> Option<Stumble> {
    let (_, errors) = DeTable::parse_recoverable(text);
    let at = |error: &Error| error.span().map_or(text.len(), |span| span.start.min(text.len()));
    let first = errors.iter().filter(|error| !is_duplicate(error)).min_by_key(|error| at(error))?;
    Some(Stumble { at: at(first), message: first.message().to_owned() })
}

/// Whether the parser only says that something stands twice: it reads on by itself then.
fn is_duplicate(error: &Error) -> bool {
    error.message().starts_with("duplicate key") || error.message().starts_with("cannot extend")
}

#[cfg(test)]
mod tests;
