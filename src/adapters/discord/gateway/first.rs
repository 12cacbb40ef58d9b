//! The first answers to interactions, which are due within three seconds and cannot wait for what stands in the queue
//! (<https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object>).

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use serenity::model::application::{CommandInteraction, Interaction};
use serenity::model::event::Event;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::Listener;
use super::queue::Outcome;
use crate::adapters::Taken;
use crate::adapters::discord::answer::{Asked, AskedBy, Due, PATIENCE, fill, notice, take_back};
use crate::adapters::discord::commands::suggestions;
use crate::adapters::discord::rest::{Call, CallError};
use crate::voice::Locale;

/// Until when it is tried, counted from when the interaction was heard of; how long one try may take; and what is waited
/// between two.
const WITHIN: Duration = Duration::from_millis(2500);
const TRY: Duration = Duration::from_secs(1);
const BETWEEN: Duration = Duration::from_millis(100);
/// Discord's number for an interaction that is answered already: an earlier try arrived
/// (<https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>).
const ANSWERED: u64 = 40060;

/// Sees to the first answer of an interaction; gives whom to tell what became of it.
pub(super) fn answer(listener: &Arc<Listener>, event: &Event) -> Option<oneshot::Sender<Outcome>> {
    let Event::InteractionCreate(event) = event else { return None };
    if let Interaction::Autocomplete(typed) = &event.interaction {
        suggest(listener, typed);
        return None;
    }
    let asked = Asked::of(&event.interaction)?;
    let due = listener.discord.first_answers.begin(&asked.via.token);
    let (tell, told) = oneshot::channel();
    let listener = Arc::clone(listener);
    tokio::spawn(async move { listener.first_answer(&asked, due, told).await });
    Some(tell)
}

fn suggest(listener: &Arc<Listener>, typed: &CommandInteraction) {
    let words = typed.data.autocomplete().map(|option| option.value).unwrap_or_default();
    let body = suggestions(&listener.discord.setup.voice, words, Locale::parse(&typed.locale).as_ref());
    let call = Call::post(format!("interactions/{}/{}/callback", typed.id, typed.token), body);
    let Ok(room) = Arc::clone(&listener.suggesting).try_acquire_owned() else { return };
    let listener = Arc::clone(listener);
    tokio::spawn(async move {
        listener.try_to(&call).await;
        drop(room);
    });
}

impl Listener {
    /// Answers an interaction: a button by what became of it, or without that when it takes too long; a command at once,
    /// since its first answer is the same whatever becomes of it.
    async fn first_answer(&self, asked: &Asked, due: Due, mut told: oneshot::Receiver<Outcome>) {
        let heard = Instant::now();
        let outcome = match asked.kind {
            AskedBy::Command => None,
            AskedBy::Button { .. } => timeout(PATIENCE, &mut told).await.ok().map(|outcome| outcome.unwrap_or(None)),
        };
        self.in_time(&asked.callback(&self.answer_to(asked, outcome.as_ref())), heard).await;
        drop(due);
        match outcome {
            Some(outcome) => self.after_all(asked, outcome, false).await,
            None => self.after_all(asked, told.await.unwrap_or(None), true).await,
        }
    }

    /// Tries until it is too late.
    async fn in_time(&self, call: &Call, heard: Instant) {
        let error = loop {
            let again = match timeout(TRY, self.discord.tell(call)).await {
                Ok(Ok(())) => return,
                Ok(Err(error)) if error.code() == Some(ANSWERED) => return,
                Ok(Err(error)) => error,
                Err(_) => CallError::Later {
                    reason: "timeout".to_owned(),
                    retry_after: None,
                    unsure: true,
                    everything: false,
                },
            };
            let wait = match &again {
                CallError::Later { retry_after, .. } => {
                    retry_after.map_or(Some(BETWEEN), |wait| Duration::try_from(wait).ok())
                }
                CallError::Unauthorized | CallError::Refused { .. } | CallError::Unreadable => None,
            };
            match wait.filter(|wait| heard.elapsed().saturating_add(*wait) < WITHIN) {
                Some(wait) => sleep(wait).await,
                None => break again,
            }
        };
        tracing::warn!(brand = %self.discord.setup.brand, %error, "an interaction could not be answered");
    }

    fn answer_to(&self, asked: &Asked, outcome: Option<&Outcome>) -> Value {
        match outcome {
            Some(Some(Taken::Kept)) => self.discord.with_view(|view| asked.kept(view)),
            Some(Some(Taken::Refused(line))) => asked.refused(&self.words(*line, asked.locale.as_ref())),
            Some(Some(Taken::Known | Taken::NoCase | Taken::Shed) | None) | None => asked.heard(),
        }
    }

    /// What is left to do behind the first answer; `late`: it was given before anything was known.
    async fn after_all(&self, asked: &Asked, outcome: Outcome, late: bool) {
        match (outcome, &asked.kind) {
            (Some(Taken::Kept), _) => {}
            (Some(Taken::Refused(line)), _) if late => {
                let words = self.words(line, asked.locale.as_ref());
                if !words.is_empty() {
                    self.try_to(&fill(&asked.via, notice(&words, true))).await;
                }
            }
            // Nothing will be said: it must not look as if.
            (Some(Taken::Known | Taken::NoCase | Taken::Shed) | None, AskedBy::Command) => {
                self.try_to(&take_back(&asked.via)).await;
            }
            (Some(Taken::Known | Taken::NoCase | Taken::Shed | Taken::Refused(_)) | None, _) => {}
        }
    }
}
