//! Asks Telegram: one POST, one answer (<https://core.telegram.org/bots/api#making-requests>).
//!
//! teloxide's own client sleeps for ten seconds inside a call when Telegram is in trouble, and its errors may hold what people
//! wrote. The outbox does the waiting here, and an error holds a code and Telegram's description, never a body nor an
//! address: the address holds the token (threat 14 of the domain notes).

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use teloxide::requests::Payload;

use super::link::Link;
use super::reasons::{self, Fault, Refused};
use crate::adapters::ahead::Ahead;
use crate::config::Secret;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may take, on top of what the question asks Telegram to wait.
const PATIENCE: Duration = Duration::from_secs(20);
/// How much of a description is kept, in characters.
const MAX_DESCRIPTION: usize = 200;

/// A way to ask Telegram, as one bot.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    api_url: Arc<str>,
    token: Secret,
    link: Arc<Link>,
    ahead: Ahead,
}

/// What Telegram answers.
#[derive(Deserialize)]
struct Answer {
    ok: bool,
    result: Option<Box<RawValue>>,
    error_code: Option<u16>,
    description: Option<String>,
    parameters: Option<Parameters>,
}

/// What Telegram says beside an error (<https://core.telegram.org/bots/api#responseparameters>).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Parameters {
    migrate_to_chat_id: Option<i64>,
    retry_after: Option<i64>,
}

impl Client {
    /// A way to ask the API at an address.
    pub fn new(api_url: &str, token: Secret, link: Arc<Link>) -> Self {
        let http = reqwest::Client::builder().connect_timeout(CONNECT).redirect(Policy::none()).build();
        Self {
            http: http.unwrap_or_default(),
            api_url: api_url.trim_end_matches('/').into(),
            token,
            link,
            ahead: Ahead::default(),
        }
    }

    /// How far this machine's clock is ahead of Telegram's.
    pub fn ahead(&self) -> Option<SignedDuration> {
        self.ahead.get()
    }

    /// Asks, and reads as much of the answer as is needed.
    ///
    /// # Errors
    /// When Telegram cannot be reached or refuses.
    pub async fn call<P, T>(&self, payload: &P) -> Result<T, Fault>
    where
        P: Payload + Serialize + Sync,
        T: DeserializeOwned,
    {
        let patience = PATIENCE + payload.timeout_hint().unwrap_or_default();
        let url = format!("{}/bot{}/{}", self.api_url, self.token.expose(), method(P::NAME));
        let sent = self.http.post(url).timeout(patience).json(payload).send().await;
        let response = sent.map_err(|error| unreached(&error))?;
        let status = response.status().as_u16();
        self.ahead.note(response.headers(), Timestamp::now());
        let body = response.bytes().await.map_err(|error| unreached(&error))?;
        let answer = serde_json::from_slice::<Answer>(&body).ok().filter(|answer| answer.ok == answer.result.is_some());
        let answer = answer.unwrap_or_else(|| Answer::unreadable(status));
        match answer.result {
            Some(result) => {
                self.link.works();
                serde_json::from_str(result.get()).map_err(|_| Fault::Unreached(reasons::UNREADABLE))
            }
            None => Err(self.refused(answer, status)),
        }
    }

    fn refused(&self, answer: Answer, status: u16) -> Fault {
        let parameters = answer.parameters.unwrap_or_default();
        let description = answer.description.unwrap_or_default().replace(self.token.expose(), "…");
        Fault::Refused(Refused {
            code: answer.error_code.unwrap_or(status),
            description: description.chars().filter(|c| !c.is_control()).take(MAX_DESCRIPTION).collect(),
            retry_after: parameters.retry_after,
            migrate_to: parameters.migrate_to_chat_id,
            of_place: false,
        })
    }
}

impl Answer {
    /// What stands for a page of a proxy, or nothing at all. Telegram says no in JSON, so whatever else is neither a yes nor a
    /// no of Telegram, but trouble on the way.
    fn unreadable(status: u16) -> Self {
        let error_code = Some(if matches!(status, 413 | 429 | 500..) { status } else { 502 });
        Self { ok: false, result: None, error_code, description: None, parameters: None }
    }
}

/// Names have no case (<https://core.telegram.org/bots/api#making-requests>), but are written `sendMessage`.
fn method(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

/// The error of the library names the address, and the address holds the token: only its kind is kept.
fn unreached(error: &reqwest::Error) -> Fault {
    Fault::Unreached(match () {
        () if error.is_timeout() => reasons::NO_ANSWER,
        () if error.is_connect() => reasons::NO_CONNECTION,
        () => reasons::BROKEN_OFF,
    })
}
