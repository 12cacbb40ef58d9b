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

#[test]
fn hints_alone_are_0() {
    let folder = folder();
    let hint = std::fs::read_to_string(TEA_ROOM).unwrap()
        + "\n[links.left_over]\nlabel = \"x\"\nurl = \"https://tearoom.example/\"\n";
    let path = file(folder.path(), "hint.toml", &hint);
    let ran = run(&["check", text(&path)]);
    let shown = ran.out.join("\n");
    assert!(ran.code == 0 && shown.contains("hint[unused]") && shown.contains("hint.toml: fine."), "{shown}");
}

#[test]
fn each_voice_of_a_folder_is_counted_by_itself_and_its_dialogues_are_left_out() {
    let folder = folder();
    for (voice, name, words) in [
        ("bad", "a.toml", std::fs::read_to_string(TEA_ROOM).unwrap().replace("timezone =", "timezon =")),
        ("bad", "b.toml", "[fallback]\nmisses = 9\n[hours.nights]\n".to_owned()),
        ("bad", "b.test.toml", "this is no part of the voice".to_owned()),
        ("good", "voice.toml", std::fs::read_to_string(TEA_ROOM).unwrap()),
    ] {
        std::fs::create_dir_all(folder.path().join(voice)).unwrap();
        std::fs::write(folder.path().join(voice).join(name), words).unwrap();
    }
    let ran = run(&["check", text(folder.path())]);
    let shown = ran.out.join("\n");
    assert_eq!(ran.code, 1, "{shown}");
    assert!(shown.contains("bad (2 files)") && shown.contains("2 errors, 1 warning in "), "{shown}");
    assert!(shown.contains("good/voice.toml: fine."), "{shown}");
    assert!(!shown.contains('\u{1b}'), "no colours where nobody looks");
}

#[test]
fn a_file_of_more_than_10_megabytes_is_refused_with_a_sentence() {
    let folder = folder();
    let path = file(folder.path(), "big.toml", &"#".repeat(10 * 1024 * 1024 + 1));
    let ran = run(&["check", text(&path)]);
    assert!(ran.code == 2 && ran.err.contains("more than 10 MB"), "{}", ran.err);
}
