//! The voices that come with the program have nothing that `housevoice check` would find, and a file that is no text is told
//! with its line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod terminal;

use terminal::{TEA_ROOM, folder, run, text};

#[test]
fn the_bundled_voices_are_fine() {
    for voice in ["voices/lantern-loom", "voices/pocket-comet", "lantern-loom", TEA_ROOM] {
        let ran = run(&["check", voice]);
        assert_eq!(ran.code, 0, "{}", ran.out.join("\n"));
    }
}

#[test]
fn a_file_that_is_no_text_is_2_with_the_line() {
    let folder = folder();
    let path = folder.path().join("latin1.toml");
    std::fs::write(&path, b"schema = 1\n[brand]\nname = \"Caf\xe9\"\n").unwrap();
    let ran = run(&["check", text(&path)]);
    assert!(ran.code == 2 && ran.err.contains("latin1.toml:3 is not text in UTF-8"), "{ran:?}");
}
