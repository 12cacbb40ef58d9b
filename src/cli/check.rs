//! `housevoice check`: finds everything that is wrong in a voice, in one run.

use clap::Args;
use jiff::Zoned;

use super::findings;
use super::paint::{Ink, Paint};
use super::voices::{self, VoiceFiles};
use super::{Outcome, Trouble, print};
use crate::voice::load::{Loaded, load_on};
use crate::voice::{Diagnostic, Level, Voice};

/// What to check.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// Voice files, folders of a voice or folders of voices; or the name of a bundled voice
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
}

/// Checks everything. Hints alone are fine.
pub(super) fn run(options: &Options) -> Result<Outcome, Trouble> {
    let mut all = Vec::new();
    for path in &options.paths {
        all.extend(voices::all(path)?);
    }
    let mut outcome = Outcome::Fine;
    let mut read_on = true;
    for voice in &all {
        let loaded = load_on(&voice.sources, Some(Zoned::now().date()));
        outcome = outcome.max(came_of(&loaded.findings));
        // Somebody who reads through `head` wants no more, but the exit code still counts.
        read_on = read_on && print(&report(voice, loaded));
    }
    Ok(outcome)
}

fn came_of(findings: &[Diagnostic]) -> Outcome {
    let bad = findings.iter().any(|finding| matches!(finding.level, Level::Error | Level::Warning));
    if bad { Outcome::Findings } else { Outcome::Fine }
}

/// Errors first, then warnings, then hints; inside a level by place. A last line sums up.
fn report(files: &VoiceFiles, loaded: Loaded) -> String {
    let paint = Paint::stdout();
    let mut findings = loaded.findings;
    findings.sort_by_key(|finding| (finding.level, finding.place.source, finding.place.bytes.start));
    let shown = findings::render(&findings, &files.sources, paint);
    let place = place(files);
    let last = match loaded.voice {
        Some(voice) if came_of(&findings) == Outcome::Fine => paint.ink(Ink::Good, &fine(&place, &voice)),
        _ => paint.ink(Ink::Strong, &counted(&findings)) + &format!(" in {place}{}", files_of(files)),
    };
    format!("{shown}{last}\n")
}

/// Where the voice stands, as its author gave it.
fn place(files: &VoiceFiles) -> String {
    match files.sources.as_slice() {
        [only] => only.name.clone(),
        [first, ..] => first.name.rsplit_once('/').map_or(files.name.clone(), |(folder, _)| folder.to_owned()),
        [] => files.name.clone(),
    }
}

fn files_of(files: &VoiceFiles) -> String {
    match files.sources.len() {
        0 | 1 => String::new(),
        many => format!(" ({many} files)"),
    }
}

/// "2 errors, 1 warning".
fn counted(findings: &[Diagnostic]) -> String {
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Hint, "hint")]
        .into_iter()
        .map(|(level, word)| (count(level), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| amount(count, word))
        .collect::<Vec<_>>()
        .join(", ")
}

fn fine(place: &str, voice: &Voice) -> String {
    let answers = amount(voice.answers.len(), "answer");
    let languages = amount(voice.brand.locales.len(), "language");
    let sentences = amount(voice.sentences(), "sentence");
    format!("{place}: fine. {answers}, {languages}, {sentences}.")
}

fn amount(count: usize, word: &str) -> String {
    if count == 1 { format!("{count} {word}") } else { format!("{count} {word}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::source::Source;

    fn files(text: &str) -> VoiceFiles {
        let sources = vec![Source { name: "voices/acme.toml".into(), text: text.into() }];
        VoiceFiles { name: "acme".into(), sources, dialogues: Vec::new() }
    }

    fn shown(text: &str) -> String {
        let files = files(text);
        report(&files, load_on(&files.sources, None))
    }

    const FINE: &str = r#"schema = 1
[brand]
id = "acme"
name = "Acme"
default_locale = "en"
timezone = "Europe/London"
privacy_url = "https://acme.example/privacy"
"#;

    #[test]
    fn a_fine_voice_gets_one_line() {
        let text = shown(FINE);
        assert!(text.starts_with("voices/acme.toml: fine. 0 answers, 1 language, "), "{text}");
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn errors_stand_before_warnings_and_the_last_line_counts_them() {
        let text = shown(&format!("{FINE}\n[hours.team]\n\n[rules]\nmax_words = \"60\"\n"));
        let (error, warning) = (text.find("error[wrong-type]").unwrap(), text.find("warning[never-open]").unwrap());
        assert!(error < warning, "{text}");
        assert!(text.contains("--> voices/acme.toml:12:13"), "{text}");
        assert!(text.ends_with("1 error, 1 warning in voices/acme.toml\n"), "{text}");
    }

    #[test]
    fn a_secret_is_not_printed() {
        let token = format!("{}:{}", "123456789", "A".repeat(35));
        let text = shown(&format!("{FINE}# {token}\n"));
        assert!(text.contains("error[secret]") && !text.contains("AAAA"), "{text}");
    }
}
