//! `housevoice test`: plays the dialogues of a voice and shows where they go differently.

use std::fmt::Write as _;
use std::time::Instant;

use clap::Args;

use super::findings;
use super::paint::{Ink, Paint};
use super::voices::{self, VoiceFiles};
use super::{Outcome, Trouble, print, tell};
use crate::dialogue::{Counts, Dialogue, Names, Played, play, read};
use crate::engine::Brand;
use crate::voice::Level;
use crate::voice::load::load;

/// What to play.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// Voice files, folders of a voice or folders of voices; or the name of a bundled voice
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Only dialogues with this text in their name
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
}

/// Plays everything.
pub(super) fn run(options: &Options) -> Result<Outcome, Trouble> {
    let mut all = Vec::new();
    for path in &options.paths {
        all.extend(voices::all(path)?);
    }
    let mut outcome = Outcome::Fine;
    let mut found = 0;
    for voice in &all {
        let (dialogues, came_of) = test_voice(voice, options.filter.as_deref());
        found += dialogues;
        outcome = outcome.max(came_of);
    }
    if found == 0 && outcome == Outcome::Fine {
        return Err(Trouble::new(match &options.filter {
            Some(filter) => format!("no dialogue has \"{filter}\" in its name"),
            None => format!(
                "no dialogues found in {} (they stand in files that end in .test.toml)",
                options.paths.join(", ")
            ),
        }));
    }
    Ok(outcome)
}

/// Plays the dialogues of a voice; tells how many there are.
fn test_voice(files: &VoiceFiles, filter: Option<&str>) -> (usize, Outcome) {
    let started = Instant::now();
    let loaded = load(&files.sources);
    let Some(voice) = loaded.voice else {
        let errors: Vec<_> = loaded.findings.into_iter().filter(|finding| finding.level == Level::Error).collect();
        tell(&findings::render(&errors, &files.sources, Paint::stderr()));
        tell(&format!("{}: the voice cannot be used, so nothing was played\n", files.name));
        return (0, Outcome::Findings);
    };
    let read = read(&files.dialogues, &Names::of(&voice));
    tell(&findings::render(&read.findings, &files.dialogues, Paint::stderr()));
    let brand = Brand::new(voice);
    let wanted = |dialogue: &&Dialogue| filter.is_none_or(|text| contains(&dialogue.name, text));
    let results: Vec<(&Dialogue, Played)> =
        read.dialogues.iter().filter(wanted).map(|dialogue| (dialogue, play(&brand, dialogue))).collect();
    if results.is_empty() && read.findings.is_empty() {
        return (0, Outcome::Fine);
    }
    let differ = results.iter().filter(|(_, played)| played.failed.is_some()).count();
    let text = summary(files, &results, read.findings.len(), started.elapsed().as_millis());
    print(&format!("{}{text}", differences(files, &results)));
    let fine = differ == 0 && read.findings.is_empty();
    (results.len(), if fine { Outcome::Fine } else { Outcome::Findings })
}

fn contains(name: &str, part: &str) -> bool {
    name.to_lowercase().contains(&part.to_lowercase())
}

fn differences(files: &VoiceFiles, results: &[(&Dialogue, Played)]) -> String {
    let paint = Paint::stdout();
    let mut text = String::new();
    for (dialogue, played) in results {
        if let Some(failed) = &played.failed {
            let _ = writeln!(text, "{} {}", paint.ink(Ink::Bad, "not as written:"), dialogue.name);
            let _ = writeln!(text, "  {}\n{}", failed.place(&files.dialogues), failed.to_text());
        }
    }
    text
}

fn summary(files: &VoiceFiles, results: &[(&Dialogue, Played)], mistakes: usize, millis: u128) -> String {
    let paint = Paint::stdout();
    let differ = results.iter().filter(|(_, played)| played.failed.is_some()).count();
    let turns: usize = results.iter().map(|(_, played)| played.turns).sum();
    let mut counts = Counts::default();
    results.iter().for_each(|(_, played)| counts += played.counts);
    let verdict = match (differ, mistakes) {
        (0, 0) => paint.ink(Ink::Good, "all as written"),
        (0, mistakes) => paint.ink(Ink::Bad, &format!("{} in the files", count(mistakes, "mistake"))),
        (differ, 0) => paint.ink(Ink::Bad, &format!("{differ} not as written")),
        (differ, mistakes) => {
            paint.ink(Ink::Bad, &format!("{differ} not as written, {} in the files", count(mistakes, "mistake")))
        }
    };
    format!(
        "{}: {}, {}, {verdict} ({millis} ms)\n  answered {} right, {} wrong; refused {} right, {} wrong\n",
        paint.ink(Ink::Strong, &files.name),
        count(results.len(), "dialogue"),
        count(turns, "turn"),
        counts.answered_right,
        counts.answered_wrong,
        counts.refused_right,
        counts.refused_wrong,
    )
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
