//! What was found: how bad it is, what it is about, and a sentence with what to do.

use serde_json::{Value, json};

use crate::cli::Outcome;
use crate::cli::paint::{Ink, Paint};

/// Everything that was found, in the order in which it was looked at.
#[derive(Debug, Default)]
pub(super) struct Report(Vec<Finding>);

#[derive(Debug)]
struct Finding {
    level: Outcome,
    about: String,
    says: String,
}

impl Report {
    /// All is well with something.
    pub fn ok(&mut self, about: &str, says: impl Into<String>) {
        self.add(Outcome::Fine, about, says.into());
    }

    /// The operator should mend something.
    pub fn warn(&mut self, about: &str, says: impl Into<String>) {
        self.add(Outcome::Findings, about, says.into());
    }

    /// The bot cannot work like this.
    pub fn problem(&mut self, about: &str, says: impl Into<String>) {
        self.add(Outcome::Problems, about, says.into());
    }

    fn add(&mut self, level: Outcome, about: &str, says: String) {
        // One finding is one line, whatever an error says.
        let says = says.split('\n').map(|part| part.trim_end_matches('.')).collect::<Vec<_>>().join(". ");
        self.0.push(Finding { level, about: about.to_owned(), says });
    }

    /// The worst of it.
    pub fn outcome(&self) -> Outcome {
        self.0.iter().map(|finding| finding.level).max().unwrap_or(Outcome::Fine)
    }

    /// A line for each, and one that sums up.
    pub fn text(&self) -> String {
        let paint = Paint::stdout();
        let line = |finding: &Finding| {
            let ink = match finding.level {
                Outcome::Fine => Ink::Good,
                Outcome::Findings => Ink::Strong,
                Outcome::Problems => Ink::Bad,
            };
            let level = paint.ink(ink, &format!("{:<7}", word(finding.level)));
            format!("{level} {}: {}\n", finding.about, finding.says)
        };
        let lines: String = self.0.iter().map(line).collect();
        lines + &self.sum() + "\n"
    }

    fn sum(&self) -> String {
        let count = |level: Outcome| self.0.iter().filter(|finding| finding.level == level).count();
        match (count(Outcome::Problems), count(Outcome::Findings)) {
            (0, 0) => "all is well".to_owned(),
            (problems, warnings) => format!("{}, {}", amount(problems, "problem"), amount(warnings, "warning")),
        }
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let checks = self
            .0
            .iter()
            .map(|finding| json!({ "level": word(finding.level), "about": finding.about, "says": finding.says }));
        json!({ "outcome": word(self.outcome()), "checks": checks.collect::<Vec<_>>() })
    }
}

fn word(level: Outcome) -> &'static str {
    match level {
        Outcome::Fine => "ok",
        Outcome::Findings => "warn",
        Outcome::Problems => "problem",
    }
}

fn amount(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
