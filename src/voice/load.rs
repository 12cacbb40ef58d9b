//! Texts of files -> [`Voice`] and every finding.

use super::source::Source;
use super::{Diagnostic, Voice};

/// What came of reading a voice.
#[derive(Debug)]
pub struct Loaded {
    /// The voice; none when something in it is an error.
    pub voice: Option<Voice>,
    /// Every finding, in the order of places.
    pub findings: Vec<Diagnostic>,
}

/// Reads a voice from the texts of its files, all of them together.
pub fn load(_sources: &[Source]) -> Loaded {
    Loaded { voice: None, findings: Vec::new() }
}
