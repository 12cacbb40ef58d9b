//! `housevoice check` as people and CI use it: what it prints, and how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const FINE: &str = "schema = 1\n[brand]\nid = \"acme\"\nname = \"Acme\"\ndefault_locale = \"en\"\n\
                    timezone = \"Europe/London\"\nprivacy_url = \"https://acme.example/privacy\"\n";

fn check(folder: &Path, paths: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_housevoice"));
    command.current_dir(folder).arg("check").args(paths).output().unwrap()
}

fn ended(output: &Output) -> (Option<i32>, String) {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

#[test]
fn a_fine_voice_ends_well_also_with_hints() {
    let hint = format!("{FINE}[facts]\nunused = 1\n");
    let folder = folder(&[("fine.toml", FINE.as_bytes()), ("hint.toml", hint.as_bytes())]);
    let (code, text) = ended(&check(folder.path(), &["fine.toml"]));
    assert_eq!(code, Some(0));
    assert!(text.starts_with("fine.toml: fine."), "{text}");
    let (code, text) = ended(&check(folder.path(), &["hint.toml"]));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("hint[unused]"), "{text}");
}

#[test]
fn findings_end_with_1_and_are_counted_a_voice() {
    let folder = folder(&[
        ("voices/good/voice.toml", FINE.as_bytes()),
        ("voices/bad/a.toml", FINE.replace("\"Acme\"", "Acme").as_bytes()),
        ("voices/bad/b.toml", b"[fallback]\nmisses = 9\n[hours.team]\n"),
        ("voices/bad/b.test.toml", b"this is not part of the voice"),
    ]);
    let (code, text) = ended(&check(folder.path(), &["voices"]));
    assert_eq!(code, Some(1));
    assert!(text.contains("--> voices/bad/a.toml:4:8"), "{text}");
    assert!(text.contains("--> voices/bad/b.toml:2:10"), "{text}");
    assert!(text.contains("2 errors, 1 warning in voices/bad (2 files)"), "{text}");
    assert!(text.contains("voices/good/voice.toml: fine."), "{text}");
    assert!(!text.contains('\u{1b}'), "no colours where nobody looks");
}

#[test]
fn what_cannot_be_read_ends_with_2_and_a_sentence() {
    let big = vec![b'#'; 10 * 1024 * 1024 + 1];
    let folder = folder(&[("latin1.toml", b"schema = 1\n# caf\xe9\n"), ("big.toml", &big), ("empty/readme.md", b"")]);
    for (path, words) in [
        ("nowhere.toml", "nowhere.toml"),
        ("latin1.toml", "latin1.toml:2 is not text in UTF-8"),
        ("big.toml", "more than 10 MB"),
        ("empty", "there are no .toml files"),
    ] {
        let (code, text) = ended(&check(folder.path(), &[path]));
        assert_eq!(code, Some(2), "{path}: {text}");
        assert!(text.contains(words), "{path}: {text}");
        assert_eq!(text.lines().count(), 1, "{path}: {text}");
    }
}
