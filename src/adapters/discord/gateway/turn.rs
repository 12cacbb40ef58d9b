//! When a session may be begun: after a pause, when Discord allows further ones, and when the store says so, which all
//! processes ask
//! (<https://discord.com/developers/docs/events/gateway#rate-limiting>,
//! <https://discord.com/developers/docs/events/gateway#session-start-limit-object>).

use std::time::Duration;

use jiff::SignedDuration;

use super::budget::{self, HOUR, IN_AN_HOUR};
use super::connection::bad_token;
use super::{Listener, Shard};
use crate::adapters::discord::NAME;
use crate::adapters::discord::rest::{Call, CallError};
use crate::adapters::discord::wire::{GatewayShape, StartLimitShape};
use crate::adapters::{Ended, MayBegin, Part, SessionBecame, SessionNumber, SessionTerms};
use crate::voice::Platform;

/// The waits while Discord does not say where its gateway is.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How long to leave the store alone that is in trouble, or has said that another session is on its way.
const STORE_WAIT: Duration = Duration::from_secs(1);
/// Sessions of the day that are left alone, but for the first connection of the process where Discord allows it: for an
/// operator who restarts it.
pub(super) const SPARE: u32 = 50;
/// The longest wait for Discord to allow sessions again before it is asked anew.
const ASK_AGAIN: Duration = Duration::from_secs(60 * 60);
/// For how long what Discord said of its limits is relied upon.
const RELIED_UPON: Duration = Duration::from_secs(60);

/// What lies between two sessions of a lane (`max_concurrency`).
const APART: SignedDuration = SignedDuration::from_secs(5);
/// How long one is waited for that is being begun: longer than it is tried.
const BEGINS_WITHIN: SignedDuration = SignedDuration::from_secs(15);
/// How much longer that may seem: whoever begins it has asked a moment later, or by another clock.
const SEEMS_LONGER: SignedDuration = SignedDuration::from_secs(5);

/// A session may be begun.
pub(super) struct Turn {
    /// Where.
    pub url: String,
    number: SessionNumber,
}

/// Waits for a turn, and leaves `spare` sessions of those that Discord still allows; `None`: it is time to stop.
pub(super) async fn wait(listener: &Listener, spare: u32) -> Result<Option<Turn>, Ended> {
    loop {
        if !paused(listener).await {
            return Ok(None);
        }
        let Some(shape) = gateway(listener, spare).await? else { return Ok(None) };
        let terms = terms(&shape, listener.shard);
        let mut waited = Duration::ZERO;
        while waited < RELIED_UPON {
            let wait = match listener.intake.begin_session(&listener.part(), &terms).await {
                Ok(MayBegin::Now(number)) => return Ok(Some(Turn { url: shape.url, number })),
                Ok(MayBegin::After(wait)) => until_asked_again(wait),
                Err(error) => {
                    tracing::warn!(brand = %listener.discord.setup.brand, %error, "it is not known whether a session may be begun");
                    STORE_WAIT
                }
            };
            if wait > RELIED_UPON {
                tracing::warn!(brand = %listener.discord.setup.brand, wait_s = wait.as_secs(), "as many sessions were begun within a day as Discord allows; waiting");
            }
            if !rested(listener, wait).await {
                return Ok(None);
            }
            waited = waited.saturating_add(wait);
        }
    }
}

/// How long to wait until it is asked again: one that is on its way may have begun long before it is given up.
fn until_asked_again(wait: SignedDuration) -> Duration {
    if wait > APART && wait <= BEGINS_WITHIN + SEEMS_LONGER {
        return STORE_WAIT;
    }
    Duration::try_from(wait).unwrap_or(STORE_WAIT).min(ASK_AGAIN)
}

/// What a session of this shard takes.
fn terms(shape: &GatewayShape, shard: Shard) -> SessionTerms {
    let limit = shape.session_start_limit.as_ref();
    let lanes = limit.map_or(1, |limit| limit.max_concurrency).max(1);
    let total = limit.map_or(StartLimitShape::USUAL_TOTAL, |limit| limit.total);
    SessionTerms {
        lane: shard.number % lanes,
        apart: APART,
        begins_within: BEGINS_WITHIN,
        in_a_day: total.saturating_sub(SPARE),
    }
}

/// Waits until the last session is long enough ago; says whether it is to go on.
async fn paused(listener: &Listener) -> bool {
    let brand = &listener.discord.setup.brand;
    let within = SignedDuration::try_from(HOUR).unwrap_or(SignedDuration::MAX);
    let begun = loop {
        match listener.intake.sessions(&listener.part(), within).await {
            Ok(begun) => break begun,
            Err(error) => {
                tracing::warn!(%brand, %error, "it is not known how often a session was begun");
                if !rested(listener, STORE_WAIT).await {
                    return false;
                }
            }
        }
    };
    let begun: Vec<Duration> = begun.into_iter().map(|ago| Duration::try_from(ago).unwrap_or_default()).collect();
    let pause = budget::pause(&begun);
    if budget::is_spent(&begun) {
        tracing::error!(
            %brand,
            wait_s = pause.as_secs(),
            "the connection to Discord had to be begun {IN_AN_HOUR} times within an hour; the next try comes after a \
             wait. Is another process running with the same token, or does this one start again and again?"
        );
    } else if !pause.is_zero() {
        tracing::info!(%brand, wait_s = pause.as_secs(), sessions = begun.len(), "waits before the next session");
    }
    rested(listener, pause).await
}

/// Where the gateway is, once Discord allows more than `spare` sessions; `None`: it is time to stop.
async fn gateway(listener: &Listener, spare: u32) -> Result<Option<GatewayShape>, Ended> {
    let discord = &listener.discord;
    let mut wait = FIRST_WAIT;
    loop {
        let pause = match discord.ask::<GatewayShape>(&Call::get("gateway/bot")).await {
            Ok(shape) => {
                let limit = shape.session_start_limit.as_ref();
                match limit.filter(|limit| limit.remaining == 0 || limit.remaining < spare) {
                    None => return Ok(Some(shape)),
                    Some(limit) => {
                        let wait = Duration::from_millis(limit.reset_after).min(ASK_AGAIN);
                        tracing::warn!(brand = %discord.setup.brand, wait_s = wait.as_secs(), remaining = limit.remaining, "Discord allows hardly any further session today; waiting");
                        wait
                    }
                }
            }
            Err(CallError::Unauthorized) => return Err(bad_token(discord)),
            Err(error) => {
                tracing::warn!(brand = %discord.setup.brand, %error, "Discord does not say where its gateway is; trying again");
                wait = wait.saturating_mul(2).min(LONGEST_WAIT);
                wait
            }
        };
        if !rested(listener, pause).await {
            return Ok(None);
        }
    }
}

/// Waits; says whether it is to go on.
pub(super) async fn rested(listener: &Listener, pause: Duration) -> bool {
    tokio::select! {
        () = listener.stop.cancelled() => false,
        () = tokio::time::sleep(pause) => !listener.stop.is_cancelled(),
    }
}

impl Listener {
    /// The connection that this listens on, as the bot knows it.
    fn part(&self) -> Part {
        let brand = self.discord.setup.brand.clone();
        Part { brand, platform: Platform::from(NAME), part: self.shard.number }
    }

    /// Says what became of a turn. When that gets lost, the session counts.
    pub(super) async fn turn_became(&self, turn: &Turn, became: SessionBecame) {
        let part = self.part();
        let told = tokio::time::timeout(TELL_WITHIN, self.intake.session_became(&part, turn.number, became)).await;
        if let Ok(Err(error)) = told {
            tracing::warn!(brand = %self.discord.setup.brand, %error, "it could not be written down what became of a session");
        }
    }
}

/// How long the store gets.
const TELL_WITHIN: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(json: &str) -> GatewayShape {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn one_that_is_being_begun_is_not_waited_out() {
        let again = |ms| until_asked_again(SignedDuration::from_millis(ms));
        assert_eq!([again(4_000), again(5_000)], [4, 5].map(Duration::from_secs), "it has begun");
        // Two ask at the same moment, and the one that may has the later clock.
        assert_eq!([again(14_000), again(15_000), again(15_002)], [STORE_WAIT; 3]);
        assert_eq!(again(600_000), Duration::from_secs(600), "the day is full");
        assert_eq!(until_asked_again(SignedDuration::MAX), ASK_AGAIN);
    }

    #[test]
    fn a_lane_is_the_shard_s_by_what_discord_begins_at_a_time() {
        let large = shape(
            r#"{ "url": "wss://x", "session_start_limit": { "total": 2000, "remaining": 9, "reset_after": 1, "max_concurrency": 16 } }"#,
        );
        let at = |number| terms(&large, Shard { number, of: 40 });
        assert_eq!([at(0).lane, at(15).lane, at(16).lane, at(39).lane], [0, 15, 0, 7]);
        assert_eq!(at(0).in_a_day, 1950);
        let small = shape(r#"{ "url": "wss://x" }"#);
        let terms = terms(&small, Shard { number: 7, of: 8 });
        assert_eq!((terms.lane, terms.in_a_day, terms.apart), (0, 950, SignedDuration::from_secs(5)));
    }
}
