//! The commands, one file each.
//!
//! | file | idea |
//! |---|---|
//! | `chat` | talk to a voice in the terminal |
//! | `check` | find what is wrong in a voice |
//! | `test` | play a voice's dialogues |
//! | `run` | brands in service on live platforms |
//! | `doctor` | whether all is as it must be, and what to do |
//! | `outbox` | what could not be sent, and trying it again |
//! | `voices` | voice files on disk and in the program |
//! | `findings` | findings as people read them |
//! | `paint` | colours, where there is somebody to see them |
//!
//! A new command is a file here, a line in `Command` and a line in `Command::run`.

mod chat;
mod check;
mod doctor;
mod findings;
mod outbox;
mod paint;
mod run;
mod test;
mod voices;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Speaks for a brand in chats, from a voice file.
#[derive(Debug, Parser)]
#[command(name = "housevoice", version, disable_help_subcommand = true)]
#[command(after_help = "Exit code: 0 fine, 1 something was found, 2 could not run.")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Tell on stderr what goes on inside (RUST_LOG chooses more finely)
    #[arg(long, global = true)]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find everything that is wrong in a voice, in one run
    Check(check::Options),
    /// Talk to a voice in the terminal (what happens without a command as well)
    Chat(chat::Options),
    /// Speak for brands on Discord and Telegram, as bot.toml says
    Run(run::Options),
    /// Find out whether everything around the bot is as it must be, and what to do; changes nothing
    Doctor(doctor::Options),
    /// Show what could not be sent, and try it again
    Outbox(outbox::Options),
    /// Play the dialogues of a voice and show where they go differently
    Test(test::Options),
}

impl Command {
    /// Does it; what goes on inside is told on stderr when asked for, and by `run` as bot.toml says.
    fn run(self, verbose: bool) -> Result<Outcome, Trouble> {
        if !matches!(self, Command::Run(_)) {
            listen_inside(verbose);
        }
        match self {
            Command::Check(options) => check::run(&options),
            Command::Chat(options) => chat::run(&options),
            Command::Run(options) => run::run(&options, verbose),
            Command::Doctor(options) => doctor::run(&options),
            Command::Outbox(options) => outbox::run(&options),
            Command::Test(options) => test::run(&options),
        }
    }
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// All is well.
    Fine,
    /// Something was found that its author should look at.
    Findings,
    /// Something was found with which nothing can run.
    Problems,
}

/// Why a command could not run: a sentence for whoever typed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
struct Trouble(String);

impl Trouble {
    fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// Runs what the arguments ask for.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    keep_panics_discreet();
    let command = arguments.command.unwrap_or_else(|| Command::Chat(chat::Options::default()));
    match command.run(arguments.verbose) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Ok(Outcome::Problems) => ExitCode::from(2),
        Err(trouble) => {
            tell(&format!("housevoice: {trouble}\n"));
            ExitCode::from(2)
        }
    }
}

/// A panic in a step is caught and the event set aside, but what a panic says may hold a customer's words: only the place
/// is told.
fn keep_panics_discreet() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tell(&format!("housevoice: a defect at {place}; please report it with this line\n"));
    }));
}

/// Writes to stderr; whether anybody reads it does not matter.
fn tell(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Writes to stdout and says whether somebody still reads it.
fn print(text: &str) -> bool {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_ok()
}

/// What goes on inside goes to stderr, and only when asked for.
fn listen_inside(verbose: bool) {
    use tracing_subscriber::EnvFilter;
    let asked = std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty());
    let Some(filter) = asked.or_else(|| verbose.then(|| "housevoice=debug".to_owned())) else { return };
    let subscriber = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(filter)).with_writer(io::stderr);
    let _ = subscriber.with_ansi(paint::Paint::stderr().is_on()).try_init();
}
