//! Trouble on demand: what goes wrong in real life and cannot be had from a server that works.

use std::time::Duration;

use serde_json::{Value, json};

use super::errors::ApiError;

/// What goes wrong with a request.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// 429 with `Retry-After` in seconds (Discord docs, topics/rate-limits).
    TooMany { retry_after: f64, global: bool },
    /// A bare status without JSON, as gateways in front of Discord give it: 500, 502, 503.
    Status(u16),
    /// A refusal of the API.
    Refused(ApiError),
    /// No answer, ever; nothing is done.
    Hang,
    /// The connection is dropped; nothing is done.
    Dropped,
    /// Everything is done, then the connection is dropped without an answer.
    DoneThenDropped,
    /// Everything is done, and there is no answer, ever.
    DoneThenHang,
    /// Everything is done; the answer comes a few bytes at a time, with this pause before each few.
    Drip(Duration),
}

/// The troubles that wait for their requests.
#[derive(Default)]
pub struct Troubles {
    waiting: Vec<(Trouble, usize, String)>,
}

impl Troubles {
    /// The next `times` requests whose `METHOD /path` contains `part` meet this trouble.
    pub fn add(&mut self, trouble: Trouble, times: usize, part: &str) {
        self.waiting.push((trouble, times, part.to_owned()));
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The trouble of this request.
    pub fn meet(&mut self, method: &str, path: &str) -> Option<Trouble> {
        let line = format!("{method} {path}");
        let (trouble, left, _) = self.waiting.iter_mut().find(|(_, left, part)| *left > 0 && line.contains(&**part))?;
        *left -= 1;
        Some(trouble.clone())
    }
}

/// The body of a 429.
pub fn too_many(retry_after: f64, global: bool) -> Value {
    json!({"message": "You are being rate limited.", "retry_after": retry_after, "global": global})
}
