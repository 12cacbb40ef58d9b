//! `housevoice check` from outside: exit codes, and that a finding has a place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod terminal;

use terminal::{TEA_ROOM, file, folder, run, text};

#[test]
fn a_fine_voice_is_0_and_so_are_the_bundled_ones() {
    let ran = run(&["check", TEA_ROOM]);
    assert_eq!(ran.code, 0, "{}", ran.out.join("\n"));
    let ran = run(&["check", "voices/lantern-loom", "voices/pocket-comet"]);
    assert_eq!(ran.code, 0, "{}", ran.out.join("\n"));
}

#[test]
fn findings_are_1_with_file_line_and_a_way_out() {
    let folder = folder();
    let broken = std::fs::read_to_string(TEA_ROOM).unwrap().replace("timezone =", "timezon =");
    let path = file(folder.path(), "broken.toml", &broken);
    let ran = run(&["check", text(&path)]);
    let shown = ran.out.join("\n");
    assert_eq!(ran.code, 1, "{shown}");
    assert!(shown.contains("broken.toml:8:1") && shown.contains("timezone"), "{shown}");
}

#[test]
fn what_cannot_be_read_is_2() {
    assert_eq!(run(&["check", "no/such/voice.toml"]).code, 2);
    assert_eq!(run(&["check"]).code, 2);
    let folder = folder();
    let path = folder.path().join("latin1.toml");
    std::fs::write(&path, b"schema = 1\n[brand]\nname = \"Caf\xe9\"\n").unwrap();
    let ran = run(&["check", text(&path)]);
    assert!(ran.code == 2 && ran.err.contains("latin1.toml:3 is not text in UTF-8"), "{ran:?}");
}
