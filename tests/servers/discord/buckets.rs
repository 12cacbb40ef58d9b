//! Rate limits of routes. Discord docs, topics/rate-limits: the headers, and 429 past the limit.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The buckets, if a limit is set.
#[derive(Default)]
pub struct Buckets {
    limit: Option<(u32, Duration)>,
    used: BTreeMap<String, (Instant, u32)>,
}

/// How a bucket stands after a request.
pub struct Standing {
    pub bucket: String,
    pub limit: u32,
    pub remaining: u32,
    pub reset_after: Duration,
    /// The request was one too many.
    pub exceeded: bool,
}

impl Buckets {
    /// Lets each route take `limit` requests in `window`; `None` counts nothing and sends no headers.
    pub fn set(&mut self, limit: Option<(u32, Duration)>) {
        *self = Buckets { limit, used: BTreeMap::new() };
    }

    /// Counts a request. A bucket is a method, a kind of route and the channel, guild or webhook at its start.
    pub fn take(&mut self, method: &str, path: &[&str]) -> Option<Standing> {
        let (limit, window) = self.limit?;
        let rest =
            path.iter().skip(2).map(|step| if step.starts_with(|c: char| c.is_ascii_digit()) { "*" } else { step });
        let steps: Vec<&str> = path.iter().take(2).copied().chain(rest).collect();
        let bucket = format!("{method}:{}", steps.join(":"));
        let now = Instant::now();
        let (since, used) = self.used.entry(bucket.clone()).or_insert((now, 0));
        if now.duration_since(*since) >= window {
            (*since, *used) = (now, 0);
        }
        *used += 1;
        let reset_after = window.saturating_sub(now.duration_since(*since));
        Some(Standing { bucket, limit, remaining: limit.saturating_sub(*used), reset_after, exceeded: *used > limit })
    }
}
