//! The program as people and scripts run it: arguments and stdin in, lines and an exit code out.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The voice that is quick to learn.
pub const TEA_ROOM: &str = "tests/data/tea-room.toml";

/// What a line of `chat --plain` can begin with on stdout.
const KINDS: &[&str] = &["bot: ", "choices: ", "react: ", "silent: ", "handoff: ", "agent: "];

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    /// Lines on stdout.
    pub out: Vec<String>,
    /// All of stderr.
    pub err: String,
    /// The exit code.
    pub code: i32,
}

/// The program, to be run at the root of the repository, whatever the terminal around the tests is like.
pub fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_housevoice"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("RUST_LOG").env("NO_COLOR", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program with bytes on stdin.
pub fn run_with(arguments: &[&str], input: &[u8]) -> Ran {
    let mut child = program(arguments).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let feeder = std::thread::spawn(move || {
        // A program that ends early does not read all of it.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    ran(&output)
}

/// Runs the program without input.
pub fn run(arguments: &[&str]) -> Ran {
    run_with(arguments, b"")
}

fn ran(output: &Output) -> Ran {
    let out = String::from_utf8(output.stdout.clone()).expect("stdout is UTF-8");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!err.contains("panicked"), "{err}");
    let code = output.status.code().unwrap_or_else(|| panic!("ended by a signal: {:?}", output.status));
    Ran { out: out.lines().map(str::to_owned).collect(), err, code }
}

/// A plain chat: the lines that were typed, and nothing but effects on stdout.
pub fn chat(arguments: &[&str], lines: &[&str]) -> Ran {
    let arguments: Vec<&str> = ["chat", "--plain"].iter().chain(arguments).copied().collect();
    let ran = run_with(&arguments, format!("{}\n", lines.join("\n")).as_bytes());
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in &ran.out {
        assert!(KINDS.iter().any(|kind| line.starts_with(kind)), "{line:?} is no effect: {ran:?}");
    }
    ran
}

impl Ran {
    /// What stands behind each line of a kind, in order.
    pub fn of(&self, kind: &str) -> Vec<&str> {
        self.out.iter().filter_map(|line| line.strip_prefix(kind)?.strip_prefix(": ")).collect()
    }

    /// The kinds of the lines, in order.
    pub fn kinds(&self) -> Vec<&str> {
        self.out.iter().map(|line| line.split(':').next().unwrap()).collect()
    }

    /// The last thing that the bot said.
    pub fn said_last(&self) -> &str {
        self.of("bot").last().unwrap_or_else(|| panic!("the bot said nothing: {self:?}"))
    }

    /// The choices that were shown last.
    pub fn choices(&self) -> Vec<&str> {
        self.of("choices").last().unwrap_or_else(|| panic!("no choices: {self:?}")).split(" | ").collect()
    }
}

/// A new folder that is gone with its value.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Writes a file into a folder.
pub fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
