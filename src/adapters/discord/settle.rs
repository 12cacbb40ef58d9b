//! What becomes of an answer that is still open - Discord shows that the bot is thinking - when a step was taken upon the
//! command and nothing is said. The process that takes the step need not be the one that heard the command: all that is
//! needed travels with it.

use std::sync::{Arc, PoisonError};

use tokio_util::sync::CancellationToken;

use super::Discord;
use super::answer::{fill, notice, take_back};
use super::send::early::Early;
use super::via::Via;
use crate::adapters::Intake;
use crate::engine::{Effect, Silence, Step};
use crate::voice::{Content, Line, Locale};

/// An answer that is still open, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    via: Via,
    locale: Option<Locale>,
    becomes: Becomes,
}

/// What becomes of an answer that is still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Becomes {
    /// It stays open: something is said, or will be.
    Said,
    /// It says that a person was told.
    PassedOn,
    /// It goes away.
    Nothing,
}

impl Settled {
    /// What a step makes of the answer to what it was taken upon; nothing, where none is open.
    pub(super) fn of(via: Option<&str>, step: &Step) -> Option<Self> {
        let via = Via::read(via?).filter(|via| via.open)?;
        Some(Self { via, locale: step.conversation.locale.clone(), becomes: becomes(step) })
    }
}

/// What a step makes of an answer that is still open.
pub(super) fn becomes(step: &Step) -> Becomes {
    let silence = step.effects.iter().find_map(|effect| {
        let Effect::Silent(silence) = effect else { return None };
        Some(*silence)
    });
    let says = step.effects.iter().any(|effect| matches!(effect, Effect::Send(_)));
    match silence {
        _ if says => Becomes::Said,
        Some(Silence::WaitingForMore) => Becomes::Said,
        Some(Silence::PersonOwnsCase | Silence::WaitingForAgent) => Becomes::PassedOn,
        Some(_) | None => Becomes::Nothing,
    }
}

/// Gives open answers their end until it is time to stop.
pub(super) async fn run(discord: Arc<Discord>, intake: Arc<dyn Intake>, stop: CancellationToken) {
    let to_settle = discord.to_settle.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(mut to_settle) = to_settle else { return };
    while let Some(Some(settled)) = stop.run_until_cancelled(to_settle.recv()).await {
        let (discord, intake) = (Arc::clone(&discord), Arc::clone(&intake));
        tokio::spawn(async move { discord.settle(&settled, &*intake).await });
    }
}

impl Discord {
    async fn settle(&self, settled: &Settled, intake: &dyn Intake) {
        let words = match settled.becomes {
            Becomes::Said => return,
            Becomes::PassedOn => intake.notice(&self.setup.brand, Line::PassedOn, settled.locale.as_ref()),
            Becomes::Nothing => Content::default(),
        };
        let via = &settled.via;
        self.first_answers.given(&via.token).await;
        let call = match words.is_empty() {
            true => take_back(via),
            false => fill(via, notice(&words, via.ephemeral)),
        };
        let mut early = Early::default();
        while let Err(error) = self.tell(&call).await {
            if !early.again(via, &error).await {
                tracing::warn!(brand = %self.setup.brand, %error, "an interaction could not be answered");
                return;
            }
        }
    }
}
