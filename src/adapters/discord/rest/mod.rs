//! Discord's API over HTTP (<https://discord.com/developers/docs/reference>): one call, one answer. A call that Discord asks
//! to come later comes back as such, with its time; nothing is tried again in here.
//!
//! serenity's own transport is not used for calls: its rate limiter tries again without end, ignores the address that it is
//! given, and without it the time to wait is lost.

mod pauses;
#[cfg(test)]
mod tests;
mod token;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Client, Method, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::adapters::ahead::Ahead;
use crate::adapters::{Limits, Rate};
use crate::config::Secret;
use crate::voice::BrandId;
use pauses::{Left, Pauses, route};
use token::Taken;

/// "All bots can make up to 50 requests per second to our API", interactions apart
/// (<https://discord.com/developers/docs/topics/rate-limits#global-rate-limit>). What a channel takes is said with every
/// answer, and is not to be known beforehand.
pub(super) const LIMITS: Limits =
    Limits { bot: &[Rate { at_most: 50, within: Duration::from_secs(1) }], room: |_| &[], tells_whose: true };

/// How long a connection may take, and a whole call.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// How to name oneself (<https://discord.com/developers/docs/reference#user-agent>).
const AGENT: &str = concat!("DiscordBot (", env!("CARGO_PKG_NAME"), ", ", env!("CARGO_PKG_VERSION"), ")");

/// It took too long.
const NO_ANSWER: &str = "Discord did not answer in time";

/// Something that Discord is asked.
#[derive(Clone, PartialEq)]
pub(super) struct Call {
    /// How.
    pub method: Method,
    /// What, below `/api/v10/`. May hold the token of an interaction.
    pub path: String,
    /// With what.
    pub body: Option<Value>,
}

impl Call {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None }
    }

    pub(super) fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::POST, path: path.into(), body: Some(body) }
    }

    pub(super) fn put(path: impl Into<String>, body: Option<Value>) -> Self {
        Self { method: Method::PUT, path: path.into(), body }
    }

    pub(super) fn delete(path: impl Into<String>) -> Self {
        Self { method: Method::DELETE, path: path.into(), body: None }
    }

    /// Whether the bot asks as itself. What answers an interaction bears the interaction's own token and no other
    /// (<https://discord.com/developers/docs/interactions/receiving-and-responding#followup-messages>).
    pub(super) fn is_by_bot(&self) -> bool {
        !pauses::is_by_token(&self.path)
    }
}

/// Why a call came to nothing. Holds no token, no address and no words of anybody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CallError {
    /// Not now.
    #[error("{reason}")]
    Later {
        reason: String,
        retry_after: Option<SignedDuration>,
        /// Whether it may have been done all the same: Discord was reached, and what it answered got lost.
        unsure: bool,
        /// Whether nothing else of the bot may be asked for so long either.
        everything: bool,
    },
    /// The token is not accepted.
    #[error("Discord does not accept the token")]
    Unauthorized,
    /// Refused, with Discord's number for the reason
    /// (<https://discord.com/developers/docs/topics/opcodes-and-status-codes#json>); 0 where it gives none.
    #[error("Discord refused it: status {status}, code {code}")]
    Refused { status: u16, code: u64 },
    /// An answer that cannot be read.
    #[error("the answer of Discord cannot be read")]
    Unreadable,
}

impl CallError {
    /// It took too long.
    pub(super) fn no_answer() -> Self {
        Self::Later { reason: NO_ANSWER.to_owned(), retry_after: None, unsure: true, everything: false }
    }

    /// Discord's number for the reason.
    pub(super) fn code(&self) -> Option<u64> {
        match self {
            CallError::Refused { code, .. } => Some(*code),
            CallError::Later { .. } | CallError::Unauthorized | CallError::Unreadable => None,
        }
    }

    /// Whether it says nothing about what was asked: the network, Discord's own trouble, or a page of something in between,
    /// which is no JSON and bears no number.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            CallError::Later { .. } | CallError::Unreadable => true,
            CallError::Refused { code, .. } => *code == 0,
            CallError::Unauthorized => false,
        }
    }
}

/// The way to Discord.
#[derive(Clone)]
pub(super) struct Rest {
    brand: BrandId,
    client: Client,
    base: String,
    token: Secret,
    pauses: Arc<Mutex<Pauses>>,
    taken: Arc<Taken>,
    ahead: Ahead,
}

impl Rest {
    pub(super) fn new(brand: BrandId, api_url: &str, token: Secret) -> Self {
        let base = format!("{}/api/v10/", api_url.trim_end_matches('/'));
        Self {
            brand,
            client: client(),
            base,
            token,
            pauses: Arc::default(),
            taken: Arc::default(),
            ahead: Ahead::default(),
        }
    }

    /// How far this machine's clock is ahead of Discord's.
    pub(super) fn ahead(&self) -> Option<SignedDuration> {
        self.ahead.get()
    }

    /// Asks, and reads the answer.
    pub(super) async fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<T, CallError> {
        let answer = self.send(call).await?;
        answer.json().await.map_err(|error| if error.is_decode() { CallError::Unreadable } else { trouble(&error) })
    }

    /// Asks, where no answer is needed but that it is done.
    pub(super) async fn tell(&self, call: &Call) -> Result<(), CallError> {
        self.send(call).await.map(drop)
    }

    async fn send(&self, call: &Call) -> Result<Response, CallError> {
        let route = route(&call.method, &call.path);
        if let Some(left) = self.pauses().left(&route, Instant::now()) {
            return Err(paused(&left));
        }
        let by_bot = call.is_by_bot();
        if by_bot && !self.taken.may_ask(Instant::now()) {
            return Err(CallError::Unauthorized);
        }
        let mut request = self.client.request(call.method.clone(), format!("{}{}", self.base, call.path));
        if let Some(authorization) = self.authorization().filter(|_| by_bot) {
            request = request.header(AUTHORIZATION, authorization);
        }
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let answer = request.send().await.map_err(|error| trouble(&error))?;
        let status = answer.status();
        self.ahead.note(answer.headers(), Timestamp::now());
        self.pauses().note(&route, answer.headers(), Instant::now());
        if status.is_success() {
            if by_bot {
                self.taken.accepted();
            }
            return Ok(answer);
        }
        let headers = answer.headers().clone();
        // What is not JSON did not come from the API itself.
        let said: Said = answer.json().await.unwrap_or_default();
        // A token of an interaction that has run out is a 401 as well.
        if by_bot && status == StatusCode::UNAUTHORIZED && matches!(said.code, 0 | 40001) {
            self.taken.refused(Instant::now());
            return Err(CallError::Unauthorized);
        }
        Err(self.refused(status, &headers, &said, &route))
    }

    fn refused(&self, status: StatusCode, headers: &HeaderMap, said: &Said, route: &str) -> CallError {
        if status == StatusCode::TOO_MANY_REQUESTS {
            let wait = said.wait(headers);
            let everything = said.global || pauses::is_global(headers);
            self.pauses().pause(route, everything, wait, Instant::now());
            let brand = self.brand.to_string();
            metrics::counter!("housevoice_discord_rate_limited_total", "brand" => brand).increment(1);
            return paused(&Left { wait, everything });
        }
        if status.is_server_error() {
            let reason = format!("Discord is in trouble: status {status}");
            return CallError::Later { reason, retry_after: None, unsure: true, everything: false };
        }
        CallError::Refused { status: status.as_u16(), code: said.code }
    }

    fn authorization(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("Bot {}", self.token.expose())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    fn pauses(&self) -> std::sync::MutexGuard<'_, Pauses> {
        self.pauses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client that does not wait for ever.
pub(super) fn client() -> Client {
    let agent = HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_static(AGENT))]);
    let builder = Client::builder().connect_timeout(CONNECT_WITHIN).timeout(ANSWER_WITHIN).default_headers(agent);
    builder.build().unwrap_or_default()
}

/// What an answer that is no success says
/// (<https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit-rate-limit-response-structure>).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    code: u64,
    retry_after: f64,
    global: bool,
}

impl Said {
    fn wait(&self, headers: &HeaderMap) -> Duration {
        let header = pauses::seconds(headers, "retry-after").unwrap_or_default();
        Duration::try_from_secs_f64(self.retry_after.max(header)).unwrap_or(pauses::LONGEST)
    }
}

fn paused(left: &Left) -> CallError {
    let retry_after = SignedDuration::try_from(left.wait).ok();
    CallError::Later {
        reason: "Discord asks for a pause".to_owned(),
        retry_after,
        unsure: false,
        everything: left.everything,
    }
}

/// The network's own words hold the address, and the address may hold a token: only the kind is told.
fn trouble(error: &reqwest::Error) -> CallError {
    // A connection that took too long to make is both: nothing was asked.
    let reason = if error.is_connect() {
        "Discord cannot be reached"
    } else if error.is_timeout() {
        NO_ANSWER
    } else {
        "the connection to Discord broke"
    };
    CallError::Later { reason: reason.to_owned(), retry_after: None, unsure: !error.is_connect(), everything: false }
}
