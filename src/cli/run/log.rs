//! What is logged, and how: one line a thing that happened, to stderr. Libraries could let slip a secret, so every line is
//! looked through before it is written (threat 14 of the domain notes).

use std::io::{self, Write};
use std::sync::Arc;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::cli::paint::Paint;
use crate::config::{Log, LogFormat, Secret};

/// What libraries say is for those who ask for it: theirs may hold what people wrote.
const LIBRARIES: &str = "error";

/// Libraries whose lines hold what people write, whatever the level: they are never heard, whatever is asked for.
const TOO_TALKATIVE: &[&str] = &["serenity", "tungstenite", "tokio_tungstenite"];

/// Begins to log; `RUST_LOG` outweighs bot.toml.
pub(super) fn begin(log: &Log, secrets: Vec<Secret>) {
    let asked = std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty());
    let asked = EnvFilter::new(asked.unwrap_or_else(|| filter_of(&log.level)));
    let quiet = FilterFn::new(|of| !is_too_talkative(of.target()));
    // For all layers, not for one: a filter of one layer forgets the next line of a thread in which a library only asked
    // whether it may say something, as sqlx does with each statement.
    let filtered = tracing_subscriber::registry().with(asked).with(quiet);
    let lines = tracing_subscriber::fmt::layer().with_writer(Redacting::new(secrets));
    // A process that logs already goes on as it does.
    let _ = match log.format {
        LogFormat::Json => {
            let json = lines.json().flatten_event(true).with_current_span(false).with_span_list(false);
            filtered.with(json).try_init()
        }
        LogFormat::Text => {
            let text = lines.with_ansi(Paint::stderr().is_on());
            filtered.with(text).try_init()
        }
    };
}

fn is_too_talkative(target: &str) -> bool {
    TOO_TALKATIVE.contains(&target.split("::").next().unwrap_or(target))
}

/// A bare level is about housevoice; anything else is a filter.
fn filter_of(level: &str) -> String {
    if level.contains(['=', ',']) { level.to_owned() } else { format!("{LIBRARIES},housevoice={level}") }
}

/// Writes to stderr without secrets.
#[derive(Clone)]
struct Redacting(Arc<Vec<Secret>>);

impl Redacting {
    fn new(secrets: Vec<Secret>) -> Self {
        Self(Arc::new(secrets))
    }
}

impl<'w> MakeWriter<'w> for Redacting {
    type Writer = Line;

    fn make_writer(&'w self) -> Line {
        Line { secrets: Arc::clone(&self.0), text: Vec::new() }
    }
}

/// One line, written when it is whole.
struct Line {
    secrets: Arc<Vec<Secret>>,
    text: Vec<u8>,
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let text = without(&String::from_utf8_lossy(&self.text), &self.secrets);
        // Nobody is left to be told that stderr is gone.
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

/// Shorter ones are no secrets, and would be found in words.
const SHORTEST_SECRET: usize = 8;

fn without(line: &str, secrets: &[Secret]) -> String {
    secrets.iter().filter(|secret| secret.expose().len() >= SHORTEST_SECRET).fold(line.to_owned(), |line, secret| {
        if line.contains(secret.expose()) { line.replace(secret.expose(), "[secret]") } else { line }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_written() {
        let secrets = [Secret::new("123:canary"), Secret::new("another-one")];
        assert_eq!(without("POST /bot123:canary/x with another-one", &secrets), "POST /bot[secret]/x with [secret]");
        assert_eq!(without("nothing here", &secrets), "nothing here");
    }

    #[test]
    fn libraries_that_log_what_people_write_are_never_heard() {
        assert!(is_too_talkative("tungstenite::protocol") && is_too_talkative("serenity"));
        assert!(!is_too_talkative("housevoice::bot") && !is_too_talkative("serenity_like"));
    }

    #[test]
    fn a_bare_level_is_about_this_program() {
        assert_eq!(filter_of("debug"), "error,housevoice=debug");
        assert_eq!(filter_of("housevoice=debug,warn"), "housevoice=debug,warn");
        assert_eq!(filter_of("serenity=info"), "serenity=info");
    }
}
