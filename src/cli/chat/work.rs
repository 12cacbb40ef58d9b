//! How the work gets done and how time passes: step by step on a clock that stands, or by the bot's own loops while the
//! machine's time runs.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::begin::trouble;
use super::clock::ChatClock;
use crate::bot::{Bot, Clock, RunError};
use crate::cli::Trouble;
use crate::voice::BrandId;

/// How often something may fall due at one moment before it is taken to be stuck.
const MAX_FIRINGS: usize = 1000;

/// How the work gets done.
pub(super) struct Work {
    bot: Arc<Bot>,
    clock: Arc<ChatClock>,
    brand: BrandId,
    how: How,
}

enum How {
    /// After each line all that can be done, then so much time passes.
    Steps(SignedDuration),
    /// The bot's loops, while they run.
    Loops(Option<Loops>),
}

struct Loops {
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<(), RunError>>,
}

impl Work {
    /// Step by step; after each line so much time passes.
    pub fn in_steps(bot: Arc<Bot>, clock: Arc<ChatClock>, brand: BrandId, pace: SignedDuration) -> Self {
        Self { bot, clock, brand, how: How::Steps(pace) }
    }

    /// By the bot's own loops, which begin now.
    pub fn in_loops(bot: Arc<Bot>, clock: Arc<ChatClock>, brand: BrandId) -> Self {
        let loops = Loops::begin(&bot);
        Self { bot, clock, brand, how: How::Loops(Some(loops)) }
    }

    /// What follows a line.
    pub async fn after_line(&mut self) -> Result<(), Trouble> {
        match self.how {
            How::Steps(pace) => self.step(pace).await,
            How::Loops(_) => Ok(()),
        }
    }

    /// All that can be done now, and then what falls due while so much time passes.
    pub async fn step(&mut self, pace: SignedDuration) -> Result<(), Trouble> {
        self.drain().await?;
        self.pass(self.clock.now().saturating_add(pace).unwrap_or(Timestamp::MAX)).await
    }

    /// Sets how much time passes after each line; false when it runs by itself.
    pub fn set_pace(&mut self, to: SignedDuration) -> bool {
        match &mut self.how {
            How::Steps(pace) => {
                *pace = to;
                true
            }
            How::Loops(_) => false,
        }
    }

    /// Lets time pass until a moment; whatever falls due happens in order, at its own time.
    pub async fn pass(&mut self, until: Timestamp) -> Result<(), Trouble> {
        let looped = self.rest().await?;
        let passed = self.pass_in_steps(until).await;
        if looped {
            self.how = How::Loops(Some(Loops::begin(&self.bot)));
        }
        passed
    }

    async fn pass_in_steps(&self, until: Timestamp) -> Result<(), Trouble> {
        let mut left = MAX_FIRINGS;
        while let Some(due) = self.next_due().await?.filter(|due| *due <= until && left > 0) {
            if due > self.clock.now() {
                self.clock.set(due);
                left = MAX_FIRINGS;
            }
            left -= 1;
            self.drain().await?;
        }
        self.clock.set(until);
        self.drain().await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Trouble> {
        self.bot.store().next_due(&self.brand).await.map_err(trouble)
    }

    async fn drain(&self) -> Result<(), Trouble> {
        let done = self.bot.drain_until_idle().await.map_err(trouble)?;
        if done.parked > 0 {
            tracing::error!(events = done.parked, "events could not be handled and were set aside");
        }
        Ok(())
    }

    /// Ends the loops; tells whether there were any.
    pub async fn rest(&mut self) -> Result<bool, Trouble> {
        let How::Loops(loops) = &mut self.how else { return Ok(false) };
        match loops.take() {
            Some(loops) => loops.end().await.map(|()| true),
            None => Ok(true),
        }
    }

    /// Until the loops end by themselves, which they should not; forever, when there are none.
    pub async fn broken(&mut self) -> Trouble {
        if let How::Loops(Some(loops)) = &mut self.how {
            let ended = (&mut loops.task).await;
            return match ended {
                Ok(Err(error)) => Trouble::new(error.to_string()),
                Ok(Ok(())) | Err(_) => Trouble::new("the bot stopped working"),
            };
        }
        std::future::pending().await
    }
}

impl Loops {
    fn begin(bot: &Arc<Bot>) -> Self {
        let (stop, stopped) = watch::channel(false);
        Self { stop, task: tokio::spawn(Arc::clone(bot).run(stopped)) }
    }

    async fn end(self) -> Result<(), Trouble> {
        self.stop.send_replace(true);
        match self.task.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Trouble::new(error.to_string())),
            Err(_) => Err(Trouble::new("the bot stopped working")),
        }
    }
}
