//! `housevoice test` from outside: exit codes, what is printed, where voices and dialogues are looked for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod terminal;

use std::path::Path;

use terminal::{TEA_ROOM, file, folder, run, text};

const FINE: &str = r#"
[[dialogue]]
name = "Asks about dogs"
[[dialogue.turns]]
customer = "Are dogs allowed?"
expect = { answer = "dogs", says = "Dogs are welcome" }

[[dialogue]]
name = "Asks for something else"
[[dialogue.turns]]
customer = "xyzzy plugh frobnicate"
expect = { line = "fallback_first" }
"#;

/// A folder with the tea room as `tea.toml` and dialogues beside it.
fn tea(dialogues: &str) -> tempfile::TempDir {
    let folder = folder();
    file(folder.path(), "tea.toml", &std::fs::read_to_string(TEA_ROOM).unwrap());
    file(folder.path(), "tea.more.test.toml", dialogues);
    file(folder.path(), "coffee.test.toml", "this belongs to another voice");
    folder
}

fn voice(folder: &Path) -> String {
    text(&folder.join("tea.toml")).to_owned()
}

#[test]
fn dialogues_that_go_as_written_are_counted_and_fine() {
    let folder = tea(FINE);
    let ran = run(&["test", &voice(folder.path())]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out[0].starts_with("tea: 2 dialogues, 2 turns, all as written ("), "{ran:?}");
    assert_eq!(ran.out[1], "  answered 1 right, 0 wrong; refused 1 right, 0 wrong");
}

#[test]
fn a_dialogue_that_goes_differently_shows_where_with_the_transcript() {
    let folder = tea(&FINE.replace("answer = \"dogs\", says", "answer = \"cakes\", says"));
    let ran = run(&["test", &voice(folder.path())]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let shown = ran.out.join("\n");
    for part in [
        "not as written: Asks about dogs",
        "tea.more.test.toml:4:1",
        "customer      Are dogs allowed?",
        "expected  answer        cakes",
        "got       answer        answer dogs",
        "1 not as written",
        "answered 0 right, 1 wrong",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[test]
fn a_mistake_in_a_dialogue_is_a_finding_and_the_others_are_played() {
    let folder = tea(&FINE.replace("\"dogs\", says", "\"doggs\", says"));
    let ran = run(&["test", &voice(folder.path())]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.err.contains("there is no answer \"doggs\"") && ran.err.contains("did you mean `dogs`?"), "{ran:?}");
    assert!(ran.out.join("\n").contains("1 dialogue, 1 turn, 1 mistake in the files"), "{ran:?}");
}

#[test]
fn a_filter_plays_what_it_names_and_a_filter_that_names_nothing_is_2() {
    let folder = tea(FINE);
    let ran = run(&["test", &voice(folder.path()), "--filter", "DOGS"]);
    assert!(ran.code == 0 && ran.out[0].starts_with("tea: 1 dialogue, 1 turn,"), "{ran:?}");
    let ran = run(&["test", &voice(folder.path()), "--filter", "cats"]);
    assert!(ran.code == 2 && ran.err.contains("no dialogue has \"cats\" in its name"), "{ran:?}");
}

#[test]
fn a_voice_without_dialogues_is_2_and_one_that_does_not_load_is_1() {
    let empty = folder();
    file(empty.path(), "tea.toml", &std::fs::read_to_string(TEA_ROOM).unwrap());
    let ran = run(&["test", &voice(empty.path())]);
    assert!(ran.code == 2 && ran.err.contains("no dialogues found"), "{ran:?}");

    let folder = tea(FINE);
    file(folder.path(), "tea.toml", "schema = 1\n");
    let ran = run(&["test", &voice(folder.path())]);
    assert!(ran.code == 1 && ran.err.contains("tea: the voice cannot be used"), "{ran:?}");
}

#[test]
fn a_folder_of_voices_is_played_voice_by_voice() {
    let folder = folder();
    for name in ["one", "two"] {
        let inner = folder.path().join(name);
        std::fs::create_dir(&inner).unwrap();
        file(&inner, "voice.toml", &std::fs::read_to_string(TEA_ROOM).unwrap());
        file(&inner, "all.test.toml", FINE);
    }
    let ran = run(&["test", text(folder.path())]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out[0].starts_with("one: 2 dialogues") && ran.out[2].starts_with("two: 2 dialogues"), "{ran:?}");
}

#[test]
fn nothing_at_a_path_is_2() {
    let ran = run(&["test", "no/such/voice.toml"]);
    assert!(ran.code == 2 && ran.err.contains("no file or folder no/such/voice.toml"), "{ran:?}");
    assert_eq!(run(&["test"]).code, 2);
}

#[test]
fn the_bundled_voices_speak_as_their_dialogues_say() {
    let ran = run(&["test", "voices/lantern-loom", "voices/pocket-comet"]);
    assert_eq!(ran.code, 0, "{}\n{}", ran.out.join("\n"), ran.err);
}
