//! TOML slips that people make, in plain words.

use std::collections::BTreeSet;

use super::Diagnostic;
use super::source::{Place, Source};
use super::tree::{Table, from_document};

/// What came of reading the TOML of one file.
pub(crate) struct Parsed {
    pub table: Table,
    pub findings: Vec<Diagnostic>,
    /// Keys whose values could not be read.
    pub lost: BTreeSet<String>,
}

/// Reads the TOML of the source with this number.
pub(crate) fn parse(number: usize, source: &Source) -> Parsed {
    let (document, errors) = toml::de::DeTable::parse_recoverable(&source.text);
    let place = |bytes| Place { source: number, bytes };
    let table = from_document(document.get_ref(), &place);
    let findings = errors
        .iter()
        .map(|error| Diagnostic::error("syntax", place(error.span().unwrap_or(0..0)), error.message().to_owned()))
        .collect();
    Parsed { table, findings, lost: BTreeSet::new() }
}
