//! The manual for people who write voices says what the program does, and its examples work.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use housevoice::dialogue::{Names, play, read};
use housevoice::engine::Brand;
use housevoice::voice::load::load;
use housevoice::voice::manual;
use housevoice::voice::source::Source;

const MANUAL: &str = "docs/voice.md";

/// The examples of a manual in TOML, in order.
fn examples(manual: &str) -> Vec<String> {
    manual.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn source(name: &str, text: &str) -> Source {
    Source { name: name.into(), text: text.into() }
}

#[test]
fn the_manual_is_what_the_tables_say() {
    let rendered = manual::render();
    if std::env::var("HOUSEVOICE_BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(MANUAL, &rendered).unwrap();
    }
    let written = std::fs::read_to_string(MANUAL).unwrap_or_default();
    assert!(written == rendered, "{MANUAL} is out of date; run HOUSEVOICE_BLESS=1 cargo test --test voice_manual");
}

#[test]
fn its_small_voice_is_fine_and_its_dialogue_goes_as_written() {
    let examples = examples(&manual::render());
    let loaded = load(&[source("my-shop.toml", &examples[0])]);
    assert_eq!(loaded.findings, []);
    let voice = loaded.voice.unwrap();
    let dialogues = examples.iter().find(|example| example.starts_with("[[dialogue]]")).unwrap();
    let read = read(&[source("my-shop.test.toml", dialogues)], &Names::of(&voice));
    assert_eq!(read.findings, []);
    let brand = Brand::new(voice);
    for dialogue in &read.dialogues {
        let played = play(&brand, dialogue);
        assert!(played.failed.is_none(), "{}", played.failed.unwrap().to_text());
    }
}

#[test]
fn the_voice_that_uses_every_field_uses_every_field_of_the_manual() {
    // The fields of the fixture that uses every field are the fields of the manual.
    let every_field = include_str!("data/fine/every-field.toml");
    let manual = manual::render();
    for line in manual.lines().filter(|line| line.starts_with("| `") || line.starts_with("| **`")) {
        let key = line.trim_start_matches(['|', ' ', '*', '`']).split('`').next().unwrap();
        let reference = manual.find("## Every section").unwrap()..manual.find("## The lines").unwrap();
        if manual[reference].contains(line) {
            let used = every_field.contains(&format!("{key} ="))
                || every_field.contains(&format!("[{key}"))
                || every_field.contains(&format!(".{key}"));
            assert!(used, "{key} is in no test");
        }
    }
}
