//! Asking Telegram for what is new (<https://core.telegram.org/bots/api#getupdates>). An update counts as confirmed when the
//! next one is asked for, so that happens only once it is written down. What was written down and not yet confirmed when the
//! bot stops comes again, and the store knows it by its number.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use teloxide::requests::Payload;
use teloxide::types::AllowedUpdate;
use tokio_util::sync::CancellationToken;

use super::reasons::Fault;
use super::{ALLOWED_UPDATES, Telegram};
use crate::adapters::{Ended, Intake};

/// How long Telegram holds an answer back while nothing happens, in seconds.
const LONG_POLL: u32 = 30;
/// How long to wait before trying the store again.
const STORE_WAIT: Duration = Duration::from_secs(1);
/// The first and the longest wait when Telegram cannot be reached.
const WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));
/// How long to wait before Telegram is asked again that brought nothing but what is known, twice.
const KNOWN_WAIT: Duration = Duration::from_secs(1);
/// How long to wait when another process asks with the same token.
const CONFLICT_WAIT: Duration = Duration::from_secs(5);
/// How long another process may ask with the same token.
const CONFLICT_AT_MOST: Duration = Duration::from_secs(300);

/// Asks for what is new. teloxide's own holds numbers of 32 bits.
#[derive(Serialize)]
struct GetUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    timeout: u32,
    /// Spelled out every time: left out, the last setting would stay.
    allowed_updates: &'static [AllowedUpdate],
}

impl Payload for GetUpdates {
    type Output = ();
    const NAME: &'static str = "getUpdates";

    fn timeout_hint(&self) -> Option<Duration> {
        Some(Duration::from_secs(self.timeout.into()))
    }
}

/// The number of an update, whatever else is in it.
#[derive(Deserialize)]
struct Numbered {
    update_id: i64,
}

impl Telegram {
    /// Takes in what is new until told to stop.
    pub(super) async fn poll(
        self: &Arc<Self>,
        intake: &Arc<dyn Intake>,
        stop: &CancellationToken,
    ) -> Result<(), Ended> {
        let mut offset = None;
        let mut trouble = Trouble::default();
        let mut known_before = false;
        while let Some(asked) = stop.run_until_cancelled(self.updates(offset)).await {
            let round = match asked {
                Ok(updates) => {
                    trouble = Trouble::default();
                    let taken = stop.run_until_cancelled(self.take_all(&updates, intake)).await;
                    let round = taken.map(|taken| {
                        offset = taken.next.or(offset);
                        std::mem::replace(&mut known_before, taken.only_known) && taken.only_known
                    });
                    match round {
                        Some(true) => stop.run_until_cancelled(tokio::time::sleep(KNOWN_WAIT)).await,
                        round => round.map(|_| ()),
                    }
                }
                Err(fault) => {
                    self.link.suffered(&fault);
                    let wait = trouble.after(&fault, Instant::now()).map_err(|why| self.ended(why))?;
                    tracing::warn!(brand = %self.brand, %fault, "no news from Telegram");
                    stop.run_until_cancelled(tokio::time::sleep(wait)).await
                }
            };
            if round.is_none() {
                break;
            }
        }
        Ok(())
    }

    async fn updates(&self, offset: Option<i64>) -> Result<Vec<Box<RawValue>>, Fault> {
        // Whether Telegram is heard again is to be known at once, and not when something happens.
        let timeout = if self.link.is_up(false) { LONG_POLL } else { 0 };
        let ask = GetUpdates { offset, timeout, allowed_updates: ALLOWED_UPDATES };
        let updates = self.client.call(&ask).await?;
        self.link.answered();
        Ok(updates)
    }

    /// Takes in updates in order. What is asked for next is what comes behind these, whatever was there before: when there is
    /// nothing new for a week, Telegram begins to count from anywhere
    /// (`update_id` of <https://core.telegram.org/bots/api#update>).
    async fn take_all(self: &Arc<Self>, updates: &[Box<RawValue>], intake: &Arc<dyn Intake>) -> Batch {
        let mut batch = Batch { next: None, only_known: !updates.is_empty() };
        for update in updates {
            let is_new = loop {
                match self.take(update.get(), intake).await {
                    Ok(is_new) => break is_new,
                    Err(error) => {
                        tracing::error!(brand = %self.brand, %error, "an update is not written down; Telegram keeps it");
                        tokio::time::sleep(STORE_WAIT).await;
                    }
                }
            };
            batch.only_known &= !is_new;
            if let Ok(Numbered { update_id }) = serde_json::from_str(update.get()) {
                batch.next = Some(update_id.saturating_add(1)).max(batch.next);
            }
        }
        batch
    }

    fn ended(&self, why: Why) -> Ended {
        let token = &self.config.token_env;
        Ended(match why {
            Why::Token => format!(
                "Telegram does not know the token in {token} (any more): take the present one from @BotFather, /mybots, \
                 API Token",
            ),
            Why::Conflict => format!(
                "another process has the bot of {token}: it asks Telegram for updates, or has set a webhook; stop it, or give it \
                 a bot of its own",
            ),
        })
    }
}

/// Updates that were taken in.
struct Batch {
    /// The number behind the last of them.
    next: Option<i64>,
    /// Whether all of them had come before.
    only_known: bool,
}

/// Why it is no use to go on asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Token,
    Conflict,
}

/// How long things have not been as they should be.
#[derive(Debug, Default)]
struct Trouble {
    wait: Option<Duration>,
    conflict_since: Option<Instant>,
}

impl Trouble {
    /// How long to wait after something went wrong.
    fn after(&mut self, fault: &Fault, now: Instant) -> Result<Duration, Why> {
        if fault.is_about_token() {
            return Err(Why::Token);
        }
        if fault.is_conflict() {
            tracing::error!(%fault, "another process has the same bot: only one can have its updates");
            let since = *self.conflict_since.get_or_insert(now);
            return if now.duration_since(since) < CONFLICT_AT_MOST { Ok(CONFLICT_WAIT) } else { Err(Why::Conflict) };
        }
        let (first, longest) = WAITS;
        let wait = self.wait.map_or(first, |wait| (wait * 2).min(longest));
        self.wait = Some(wait);
        Ok(wait.max(fault.wait().min(Duration::from_secs(600))))
    }
}

#[cfg(test)]
mod tests {
    use super::super::reasons::Refused;
    use super::*;

    fn refused(code: u16) -> Fault {
        Fault::Refused(Refused { code, ..Refused::default() })
    }

    #[test]
    fn waits_grow_and_another_process_is_borne_for_five_minutes() {
        let (mut trouble, now) = (Trouble::default(), Instant::now());
        let waits: Vec<u64> = (0..7).map(|_| trouble.after(&refused(502), now).unwrap().as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 30, 30]);
        assert_eq!(trouble.after(&refused(409), now), Ok(CONFLICT_WAIT));
        assert_eq!(trouble.after(&refused(409), now + CONFLICT_AT_MOST), Err(Why::Conflict));
        assert_eq!(trouble.after(&refused(401), now), Err(Why::Token));
        let limited = Fault::Refused(Refused { code: 429, retry_after: Some(77), ..Refused::default() });
        assert_eq!(trouble.after(&limited, now), Ok(Duration::from_secs(77)));
    }
}
