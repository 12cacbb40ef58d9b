//! `housevoice chat`: talks to a voice in the terminal, over the same path as on any platform: console adapter -> inbox ->
//! step -> commit -> outbox -> console adapter.
//!
//! | file | idea |
//! |---|---|
//! | `line`, `moment` | what can be typed |
//! | `session` | who types as whom, and what each line does |
//! | `work`, `clock` | how the work gets done and how time passes |
//! | `face`, `plain`, `live` | how it looks: lines for scripts, a screen for people |
//! | `about`, `staff` | explanations and the team's side, in lines |
//! | `input` | lines from stdin, however long and whatever is in them |

mod about;
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

use std::collections::BTreeMap;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::runtime::Builder;

use self::clock::ChatClock;
use self::face::Face;
use self::session::{Next, Session, agent, customer};
use self::work::Work;
use super::paint::Paint;
use super::voices::{self, VoiceFiles};
use super::{Outcome, Trouble, findings, tell};
use crate::adapters::console::{Console, NAME};
use crate::bot::{Bot, Observer, Served};
use crate::dialogue::Spot;
use crate::engine::{Brand, Effect, Event, Inbound, Silence, Step, TimerKind};
use crate::store::{Sqlite, Store};
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
    let has_past = has_past(options);
    let store = runtime.block_on(open(options))?;
    let begin = begin(options, files, voice, Arc::clone(&store), Arc::clone(&face), true);
    let mut session = Session { has_past, ..runtime.block_on(begin)? };
    if session.has_past {
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
    runtime.block_on(store.close());
    Ok(())
}

async fn talk_live(options: &Options, files: &VoiceFiles, voice: Voice) -> Result<(), Trouble> {
    let (live, mut keyboard) = live::open(&voice.persona.bot_name)?;
    let face: Arc<dyn Face> = Arc::new(live);
    face.tell(&format!("{} · /help lists commands, /quit ends", voice.brand.name));
    let has_past = has_past(options);
    let store = open(options).await?;
    let known = store.person(&voice.brand.id, &Platform::from(NAME), &customer(&options.customer, None).id).await;
    let is_new = known.map_err(|error| Trouble::new(error.to_string()))?.is_none();
    let session = begin(options, files, voice, Arc::clone(&store), face, false).await?;
    let mut session = Session { has_past, ..session };
    if is_new {
        session.take("/start").await?;
    }
    let ended = converse(&mut session, &mut keyboard).await;
    session.work.rest().await?;
    store.close().await;
    ended
}

async fn converse(session: &mut Session, keyboard: &mut live::Keyboard) -> Result<(), Trouble> {
    loop {
        tokio::time::sleep(BEFORE_PROMPT).await;
        if keyboard.prompts.send(prompt(session)).is_err() {
            return Ok(());
        }
        let line = tokio::select! {
            line = keyboard.lines.recv() => line,
            trouble = session.work.broken() => return Err(trouble),
        };
        match line {
            Some(line) if session.take(&line).await? == Next::GoOn => {}
            Some(_) | None => return Ok(()),
        }
    }
}

fn prompt(session: &Session) -> String {
    let name = if session.customer.name.is_empty() { "you" } else { &session.customer.name };
    match session.spot {
        Spot::Dm => format!("{name} › "),
        spot @ (Spot::Help | Spot::General | Spot::Announcements) => format!("{name} in {} › ", spot.name()),
    }
}

/// Whether the database is there already.
fn has_past(options: &Options) -> bool {
    options.data.as_ref().is_some_and(|file| file.metadata().is_ok_and(|data| data.len() > 0))
}

/// The version of a voice: a fingerprint of its files.
fn version(files: &VoiceFiles) -> String {
    let mut hash = Sha256::new();
    for source in &files.sources {
        hash.update(source.text.len().to_le_bytes());
        hash.update(source.text.as_bytes());
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

async fn open(options: &Options) -> Result<Arc<Sqlite>, Trouble> {
    let store = match &options.data {
        Some(file) => Sqlite::open(file).await,
        None => Sqlite::in_memory().await,
    };
    store.map(Arc::new).map_err(|error| Trouble::new(error.to_string()))
}

/// Puts everything together.
async fn begin(
    options: &Options,
    files: &VoiceFiles,
    voice: Voice,
    store: Arc<Sqlite>,
    face: Arc<dyn Face>,
    plain: bool,
) -> Result<Session, Trouble> {
    let started = Timestamp::now();
    let brand = voice.brand.id.clone();
    let version = version(files);
    let past = store.facts(&brand, started, Timestamp::MAX).await.map_err(|error| Trouble::new(error.to_string()))?;
    // Where an earlier chat set its clock ahead, time goes on from there.
    let from = past.last().map_or(started, |fact| fact.at.max(started));
    let clock = Arc::new(if plain { ChatClock::standing(from) } else { ChatClock::running(from) });
    let screen = Arc::clone(&face);
    let console = Arc::new(Console::new(brand.clone(), Box::new(move |shown| screen.show(&shown))));
    let serves = Served::new(Brand::new(voice.clone()), version.clone());
    let bot = Bot::new(store.clone(), clock.clone())
        .on(brand.clone(), Platform::from(NAME), console.clone())
        .observed_by(Arc::new(Watcher(Arc::clone(&face))));
    bot.serve(serves);
    let bot = Arc::new(bot);
    let work = if plain {
        Work::in_steps(Arc::clone(&bot), Arc::clone(&clock), brand, PACE)
    } else {
        Work::in_loops(Arc::clone(&bot), Arc::clone(&clock), brand)
    };
    Ok(Session {
        bot,
        console,
        clock,
        face,
        work,
        voice,
        version,
        customer: customer(&options.customer, options.locale.as_ref()),
        agent: agent(&options.agent),
        spot: Spot::default(),
        run: format!("{}-{}", started.as_microsecond(), std::process::id()),
        lines: 0,
        conversations: BTreeMap::new(),
        has_past: false,
    })
}

/// Shows silence, which nothing is delivered for.
struct Watcher(Arc<dyn Face>);

impl Observer for Watcher {
    fn stepped(&self, inbound: &Inbound, step: &Step) {
        let of_customer = match &inbound.event {
            Event::Timer(kind) => *kind == TimerKind::AnswerHeld,
            Event::Agent { .. } | Event::DeliveryFailed { .. } => false,
            Event::Started
            | Event::Message(_)
            | Event::Edited(_)
            | Event::Deleted { .. }
            | Event::Picked(_)
            | Event::Command(_) => true,
        };
        for effect in step.effects.iter().filter(|_| of_customer) {
            // While the rest of a message is waited for, nothing is decided yet.
            if let Effect::Silent(reason) = effect
                && *reason != Silence::WaitingForMore
            {
                self.0.silent(*reason);
            }
        }
    }
}
