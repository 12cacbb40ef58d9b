//! `housevoice chat`: talks to a voice in the terminal, over the same path as on any platform: console adapter -> inbox ->
//! step -> commit -> outbox -> console adapter.
//!
//! | file | idea |
//! |---|---|
//! | `line`, `moment` | what can be typed |
//! | `begin` | database, clock, console, bot and brand, put together |
//! | `session` | who types as whom, and what each line does |
//! | `work`, `clock` | how the work gets done and how time passes |
//! | `face`, `plain`, `live` | how it looks: lines for scripts, a screen for people |
//! | `about`, `staff` | explanations and the team's side, in lines |
//! | `input` | lines from stdin, however long and whatever is in them |

mod about;
mod begin;
mod clock;
mod face;
mod input;
mod line;
mod live;
mod moment;
mod plain;
mod session;
mod staff;
mod work;

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;
use tokio::runtime::Builder;

use self::begin::{Time, begin, open, trouble};
use self::face::Face;
use self::session::{Next, Session, customer};
use super::paint::Paint;
use super::voices::{self, VoiceFiles};
use super::{Outcome, Trouble, findings, tell};
use crate::adapters::console::NAME;
use crate::dialogue::Spot;
use crate::engine::Sender;
use crate::store::Store;
use crate::voice::load::load;
use crate::voice::{Level, Locale, Platform, Voice};

/// The bundled voice that speaks when none is named.
const DEFAULT_VOICE: &str = "lantern-loom";
/// How much time passes after each plain line.
const PACE: SignedDuration = SignedDuration::from_secs(30);
/// How long an answer may take before the prompt comes back first.
const BEFORE_PROMPT: Duration = Duration::from_millis(120);

/// How to talk, and to whom.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// A voice file, the folder of a voice, or the name of a bundled voice
    #[arg(default_value = DEFAULT_VOICE)]
    voice: String,
    /// Plain lines for scripts: one line on stdout for each thing that the customer gets; time stands still between lines
    /// and passes by /pace (30s) after each. Chosen by itself when stdin is not a terminal
    #[arg(long)]
    plain: bool,
    /// Keep everything in this database file, and go on where it left off
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// The name that the customer shows
    #[arg(long, value_name = "NAME", default_value = "")]
    customer: String,
    /// The language that the platform reports for the customer, such as de-DE
    #[arg(long, value_name = "TAG", value_parser = locale)]
    locale: Option<Locale>,
    /// Your name when you act for the team with /agent
    #[arg(long, value_name = "NAME", default_value = "Robin")]
    agent: String,
}

impl Default for Options {
    fn default() -> Self {
        let (voice, agent) = (DEFAULT_VOICE.to_owned(), "Robin".to_owned());
        Self { voice, plain: false, data: None, customer: String::new(), locale: None, agent }
    }
}

fn locale(tag: &str) -> Result<Locale, String> {
    Locale::parse(tag).ok_or_else(|| "a language tag looks like en, en-GB or de-DE".to_owned())
}

/// Talks until there is nothing more to say.
pub(super) fn run(options: &Options) -> Result<Outcome, Trouble> {
    let files = voices::one(&options.voice)?;
    let loaded = load(&files.sources);
    let Some(voice) = loaded.voice else {
        let errors: Vec<_> = loaded.findings.into_iter().filter(|finding| finding.level == Level::Error).collect();
        tell(&findings::render(&errors, &files.sources, Paint::stderr()));
        return Ok(Outcome::Findings);
    };
    let plain = options.plain || !io::stdin().is_terminal();
    let mut runtime = if plain { Builder::new_current_thread() } else { Builder::new_multi_thread() };
    let runtime = runtime.worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Trouble::new(format!("cannot start: {error}")))?;
    if plain {
        talk_plainly(options, &files, voice, &runtime)?;
    } else {
        runtime.block_on(talk_live(options, &files, voice))?;
        // The keyboard may still wait for a key.
        runtime.shutdown_background();
    }
    Ok(Outcome::Fine)
}

/// A line, all that comes of it, the next line.
fn talk_plainly(
    options: &Options,
    files: &VoiceFiles,
    voice: Voice,
    runtime: &tokio::runtime::Runtime,
) -> Result<(), Trouble> {
    let face: Arc<dyn Face> = Arc::new(plain::Plain::default());
    let data = runtime.block_on(open(options))?;
    let mut session = runtime.block_on(begin(options, files, voice, &data, Arc::clone(&face), Time::Stands))?;
    if data.has_past {
        // What an earlier run left unfinished comes first.
        runtime.block_on(session.work.step(PACE))?;
    }
    let mut lines = input::Lines::new(io::stdin().lock());
    while !face.is_gone()
        && let Some(line) = lines.next().map_err(|error| Trouble::new(format!("cannot read stdin: {error}")))?
    {
        if runtime.block_on(session.take(&line))? == Next::End {
            break;
        }
    }
    runtime.block_on(data.store.close());
    Ok(())
}

async fn talk_live(options: &Options, files: &VoiceFiles, voice: Voice) -> Result<(), Trouble> {
    let (live, mut keyboard) = live::open(&voice.persona.bot_name)?;
    let face: Arc<dyn Face> = Arc::new(live);
    face.tell(&format!("{} · /help lists commands, /quit ends", voice.brand.name));
    // The prompt is there at once; a line that is typed before all is ready waits for a moment.
    let writer = customer(&options.customer, options.locale.as_ref());
    let mut is_open = keyboard.prompts.send(prompt(&writer, Spot::default())).is_ok();
    let data = open(options).await?;
    let known = data.store.person(&voice.brand.id, &Platform::from(NAME), &writer.id).await.map_err(trouble)?;
    let mut session = begin(options, files, voice, &data, face, Time::Runs).await?;
    if known.is_none() {
        session.take("/start").await?;
    }
    let mut ended = Ok(());
    while is_open {
        match exchange(&mut session, &mut keyboard).await {
            Ok(goes_on) => is_open = goes_on,
            Err(trouble) => {
                ended = Err(trouble);
                break;
            }
        }
    }
    let rested = session.work.rest().await;
    data.store.close().await;
    ended.and(rested.map(|_| ()))
}

/// Takes a line and asks for the next; false when the chat is over.
async fn exchange(session: &mut Session, keyboard: &mut live::Keyboard) -> Result<bool, Trouble> {
    let line = tokio::select! {
        line = keyboard.lines.recv() => line,
        trouble = session.work.broken() => return Err(trouble),
    };
    let Some(line) = line else { return Ok(false) };
    if session.take(&line).await? == Next::End {
        return Ok(false);
    }
    tokio::time::sleep(BEFORE_PROMPT).await;
    Ok(keyboard.prompts.send(prompt(&session.customer, session.spot)).is_ok())
}

fn prompt(customer: &Sender, spot: Spot) -> String {
    let name = if customer.name.is_empty() { "you" } else { &customer.name };
    match spot {
        Spot::Dm => format!("{name} › "),
        Spot::Help | Spot::General | Spot::Announcements => format!("{name} in {} › ", spot.name()),
    }
}
