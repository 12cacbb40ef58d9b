//! Puts a chat together: database, clock, console, bot, brand.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::clock::ChatClock;
use super::face::Face;
use super::session::{Session, agent, customer};
use super::work::Work;
use super::{Options, PACE};
use crate::adapters::console::{Console, NAME};
use crate::bot::{Bot, Observer, Served};
use crate::cli::Trouble;
use crate::cli::voices::VoiceFiles;
use crate::dialogue::Spot;
use crate::engine::{Brand, Effect, Event, Inbound, Silence, Step, TimerKind};
use crate::store::{Sqlite, Store, StoreError};
use crate::voice::{BrandId, Platform, Voice};

/// Where everything is kept.
pub(super) struct Data {
    pub store: Arc<Sqlite>,
    /// Whether it was there before this chat.
    pub has_past: bool,
}

/// How the clock of a chat goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// It stands between lines.
    Stands,
    /// It runs with the machine's.
    Runs,
}

/// Opens the database, or one that is gone with the chat.
pub(super) async fn open(options: &Options) -> Result<Data, Trouble> {
    let has_past = options.data.as_ref().is_some_and(|file| file.metadata().is_ok_and(|data| data.len() > 0));
    let store = match &options.data {
        Some(file) => Sqlite::open(file).await,
        None => Sqlite::in_memory().await,
    };
    Ok(Data { store: Arc::new(store.map_err(trouble)?), has_past })
}

/// Learns the voice and puts everything together.
pub(super) async fn begin(
    options: &Options,
    files: &VoiceFiles,
    voice: Voice,
    data: &Data,
    face: Arc<dyn Face>,
    time: Time,
) -> Result<Session, Trouble> {
    let (brand, version, started) = (voice.brand.id.clone(), files.version(), Timestamp::now());
    let clock = Arc::new(clock(&data.store, &brand, started, time).await?);
    let screen = Arc::clone(&face);
    let console = Arc::new(Console::new(brand.clone(), Box::new(move |shown| screen.show(&shown))));
    let bot = Bot::new(data.store.clone(), clock.clone())
        .on(brand.clone(), Platform::from(NAME), console.clone())
        .observed_by(Arc::new(Watcher(Arc::clone(&face))));
    bot.serve(Served::new(learn(voice.clone()).await?, version.clone()));
    let bot = Arc::new(bot);
    let work = match time {
        Time::Stands => Work::in_steps(Arc::clone(&bot), Arc::clone(&clock), brand, PACE),
        Time::Runs => Work::in_loops(Arc::clone(&bot), Arc::clone(&clock), brand),
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
        has_past: data.has_past,
    })
}

/// Learning takes a moment and must not hold up the terminal.
async fn learn(voice: Voice) -> Result<Brand, Trouble> {
    let learned = tokio::task::spawn_blocking(move || Brand::new(voice)).await;
    learned.map_err(|_| Trouble::new("the voice could not be learned"))
}

/// A clock that begins now; where an earlier chat set its clock ahead, time goes on from there.
async fn clock(store: &Sqlite, brand: &BrandId, now: Timestamp, time: Time) -> Result<ChatClock, Trouble> {
    let ahead = store.facts(brand, now, Timestamp::MAX).await.map_err(trouble)?;
    let from = ahead.last().map_or(now, |fact| fact.at.max(now));
    Ok(match time {
        Time::Stands => ChatClock::standing(from),
        Time::Runs => ChatClock::running(from),
    })
}

/// What is wrong with the database, for whoever typed the command.
pub(super) fn trouble(error: StoreError) -> Trouble {
    Trouble::new(error.to_string())
}

/// Shows silence, which nothing is delivered for.
struct Watcher(Arc<dyn Face>);

impl Observer for Watcher {
    fn stepped(&self, inbound: &Inbound, step: &Step) {
        let of_customer =
            inbound.event.is_of_customer() || matches!(inbound.event, Event::Timer(TimerKind::AnswerHeld));
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
