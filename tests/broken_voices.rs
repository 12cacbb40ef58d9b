//! Every mistake gets the finding it deserves, where it stands, and brings no other errors with it.
//!
//! Each file of `tests/data/broken` holds one mistake; its first line says what is expected, and where. A folder is a voice of
//! several files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use housevoice::voice::load::{Loaded, load};
use housevoice::voice::source::Source;
use housevoice::voice::{Diagnostic, Level};
use proptest::prelude::*;

const EVERY_FIELD: &str = include_str!("data/fine/every-field.toml");

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    file: String,
    line: usize,
    column: usize,
    level: String,
    code: String,
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn sources(path: &Path) -> Vec<Source> {
    let files = if path.is_dir() { paths(path) } else { vec![path.to_owned()] };
    let name = |file: &Path| file.file_name().unwrap().to_string_lossy().into_owned();
    files.iter().map(|file| Source { name: name(file), text: fs::read_to_string(file).unwrap() }).collect()
}

fn expected(sources: &[Source]) -> Vec<Finding> {
    let first_lines = sources.iter().map(|source| (source, source.text.lines().next().unwrap()));
    let expecting = first_lines.filter_map(|(source, line)| Some((source, line.strip_prefix("# expect: ")?)));
    expecting
        .map(|(source, expectation)| {
            let words: Vec<&str> = expectation.split_whitespace().collect();
            let (line, column) = words[3].split_once(':').unwrap();
            Finding {
                file: source.name.clone(),
                line: line.parse().unwrap(),
                column: column.parse().unwrap(),
                level: words[0].to_owned(),
                code: words[1].to_owned(),
            }
        })
        .collect()
}

fn found(loaded: &Loaded, sources: &[Source]) -> Vec<Finding> {
    let mut found: Vec<Finding> = loaded.findings.iter().map(|finding| as_found(finding, sources)).collect();
    found.sort();
    found
}

fn as_found(finding: &Diagnostic, sources: &[Source]) -> Finding {
    let source = &sources[finding.place.source];
    let (line, column) = source.line_column(finding.place.bytes.start);
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Hint => "hint",
    };
    Finding { file: source.name.clone(), line, column, level: level.to_owned(), code: finding.code.to_owned() }
}

fn read(text: &str) -> (Loaded, Vec<Source>) {
    let sources = vec![Source { name: "voice.toml".into(), text: text.into() }];
    (load(&sources), sources)
}

#[test]
fn every_mistake_is_found_where_it_stands_and_brings_nothing_else_with_it() {
    let mut wrong = Vec::new();
    let all = paths(Path::new("tests/data/broken"));
    assert!(all.len() >= 35, "{}", all.len());
    for path in all {
        let sources = sources(&path);
        let loaded = load(&sources);
        let (expected, mut found) = (expected(&sources), found(&loaded, &sources));
        // What is broken is often unused too; that hint is another finding.
        found.retain(|f| f.code != "unused" || expected.iter().any(|e| e.code == "unused"));
        if expected != found {
            let messages: Vec<&str> = loaded.findings.iter().map(|finding| finding.message.as_str()).collect();
            wrong.push(format!("{}\n  expected {expected:?}\n  found {found:?}\n  {messages:?}", path.display()));
        }
        assert_eq!(loaded.voice.is_none(), found.iter().any(|f| f.level == "error"), "{}", path.display());
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_finding_says_what_is_wrong_why_it_matters_and_the_way_out() {
    for path in paths(Path::new("tests/data/broken")) {
        for finding in load(&sources(&path)).findings {
            let at = path.display();
            assert!(!finding.message.is_empty(), "{at}");
            assert!(
                !finding.help.is_empty() || finding.replacement.is_some(),
                "{at}: no way out of {}",
                finding.message
            );
            assert!(!finding.why.is_empty(), "{at}: no reason for {}", finding.message);
        }
    }
}

/// Where a correction is offered, taking it leaves the voice without that error.
#[test]
fn every_correction_that_is_offered_is_right() {
    let mut taken = 0;
    for path in paths(Path::new("tests/data/broken")).iter().filter(|path| path.is_file()) {
        let mut sources = sources(path);
        let findings = load(&sources).findings;
        let Some(finding) = findings.iter().find(|finding| finding.replacement.is_some()) else { continue };
        let text = &mut sources[0].text;
        text.replace_range(finding.place.bytes.clone(), finding.replacement.as_ref().unwrap());
        let left = load(&sources).findings;
        let same = left.iter().any(|f| f.code == finding.code && f.place.bytes.start == finding.place.bytes.start);
        assert!(!same, "{}: {:?}", path.display(), left);
        taken += 1;
    }
    assert!(taken > 25, "{taken}");
}

#[test]
fn five_mistakes_in_one_file_are_reported_in_one_run() {
    let text = EVERY_FIELD
        .replace("name = \"Fen & Furrow\"", "name = Fen & Furrow")
        .replace("max_words = 55", "max_words = \"55\"")
        .replace("misses = 3", "mises = 3")
        .replace("Hello. What are you growing?", "Hello {{furst_name}}. What are you growing?")
        .replace("follow_ups = [\"returns.window\"]", "follow_ups = [\"returns.windw\"]");
    let (loaded, sources) = read(&text);
    let codes: Vec<String> = found(&loaded, &sources).into_iter().map(|f| f.code).collect();
    assert_eq!(codes, ["no-quotes", "wrong-type", "unknown-name", "unknown-variable", "unknown-key"]);
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_mistakes_of_another() {
    let broken = Source { name: "a.toml".into(), text: "[voice]\n%%% what ???\n".into() };
    let other = Source { name: "b.toml".into(), text: EVERY_FIELD.replace("misses = 3", "misses = 30") };
    let sources = [broken, other];
    let codes: Vec<String> = found(&load(&sources), &sources).into_iter().map(|f| f.code).collect();
    assert_eq!(codes, ["syntax", "out-of-range"]);
}

#[test]
fn line_ends_of_windows_change_nothing() {
    let (loaded, _) = read(&EVERY_FIELD.replace('\n', "\r\n"));
    assert_eq!(loaded.findings, []);
    assert_eq!(loaded.voice.unwrap().answers.len(), 4);
}

#[test]
fn an_empty_file_is_told_what_a_voice_needs() {
    let (loaded, _) = read("");
    let messages: Vec<&str> = loaded.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["`schema` is missing at the top of the file.", "The voice has no [brand] section."]);
    assert!(load(&[]).voice.is_none());
}

#[test]
fn a_voice_of_300_answers_is_read_like_any_other() {
    let mut text = EVERY_FIELD.to_owned();
    for i in 0..300 {
        text.push_str(&format!(
            "\n[[answers]]\nid = \"more.n{i}\"\ntitle = \"More\"\nlabel = {{ en-GB = \"More\", de-DE = \"Mehr\" }}\nask = [\"question {i} a\", \"question {i} b\", \"question {i} c\"]\n\
             [[answers.say]]\ntext = [\"Answer {i} of {{{{return_days}}}} days.\", \"It is {i}.\"]\n\
             [[answers.say]]\nlocale = \"de-DE\"\ntext = \"Antwort {i}.\"\n",
        ));
    }
    let (loaded, _) = read(&text);
    assert_eq!(loaded.findings, []);
    assert_eq!(loaded.voice.unwrap().answers.len(), 304);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_reading_panic(text in "\\PC*") {
        check(&text);
    }

    #[test]
    fn no_toml_like_text_makes_reading_panic(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "schema = 1", "[brand]", "[[answers]]", "[answers.say]", "[[answers.say]]", "id = ", "\"", "'", "\"\"\"", "{{", "}}", "{", "}",
                "[", "]", ",", "=", ":", "\n", "\r\n", "#", "\\", "ä", "“", "”", "\u{a0}", "\u{202e}", "x", "1", "true", "2026-01-01", "say = ",
                "ask = ", "[slots.a.choices.b]", "pattern = '('", "{{#if a}}", "{{/if}}", "*", "`", "locales = ", "[facts]", "[lines]", "[rules]",
            ]),
            0..60,
        )
    ) {
        check(&pieces.concat());
    }

    #[test]
    fn no_damage_to_a_voice_makes_reading_panic(cuts in prop::collection::vec((0.0..1.0f64, 0usize..40, "\\PC{0,6}"), 1..6)) {
        let mut text = EVERY_FIELD.to_owned();
        for (at, length, with) in cuts {
            let mut start = (text.len() as f64 * at) as usize;
            while !text.is_char_boundary(start) { start -= 1; }
            let mut end = (start + length).min(text.len());
            while !text.is_char_boundary(end) { end += 1; }
            text.replace_range(start..end, &with);
        }
        check(&text);
    }
}

/// Reads a text; places of findings must lie in it.
fn check(text: &str) {
    let (loaded, sources) = read(text);
    for finding in &loaded.findings {
        let places = finding.related.iter().map(|(place, _)| place).chain([&finding.place]);
        for place in places {
            assert_eq!(place.source, 0);
            assert!(sources[0].text.get(place.bytes.clone()).is_some(), "{finding:?}");
        }
    }
}
