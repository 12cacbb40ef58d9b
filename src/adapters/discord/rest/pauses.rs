//! When Discord wants to be left alone: a route, a bucket of routes, or all of it
//! (<https://discord.com/developers/docs/topics/rate-limits>).

use std::collections::HashMap;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::HeaderMap;

/// The longest pause that is taken on trust.
pub(super) const LONGEST: Duration = Duration::from_secs(60 * 60);
/// Entries above which what is over is thrown out.
const MANY: usize = 1000;
/// Parts of a path behind which the rest is one thing for the limits, and behind which a number counts by itself: the
/// "top-level resources" of the documentation.
const MAJOR: &[&str] = &["channels", "guilds", "webhooks", "interactions"];

/// A pause that goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    /// For how long.
    pub(super) wait: Duration,
    /// Whether it is about all calls of the bot.
    pub(super) everything: bool,
}

/// Pauses that are going on.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    everything: Option<Instant>,
    /// Until when, by bucket.
    until: HashMap<String, Instant>,
    /// Which bucket a route is in, as Discord said last.
    buckets: HashMap<String, String>,
}

impl Pauses {
    /// How long a route has to wait.
    pub(super) fn left(&self, route: &str, now: Instant) -> Option<Left> {
        let own = self.until.get(self.bucket(route)).map(|until| (until, false));
        let everything = self.everything.iter().filter(|_| !is_by_token(path(route))).map(|until| (until, true));
        let left = own
            .into_iter()
            .chain(everything)
            .map(|(until, everything)| Left { wait: until.saturating_duration_since(now), everything });
        left.max_by_key(|left| left.wait).filter(|left| !left.wait.is_zero())
    }

    /// Remembers what the headers of an answer say: the bucket, and whether the next call would be one too many.
    pub(super) fn note(&mut self, route: &str, headers: &HeaderMap, now: Instant) {
        if let Some(bucket) = headers.get("x-ratelimit-bucket").and_then(|bucket| bucket.to_str().ok()) {
            // One bucket holds for many channels; the limit is that of each.
            let of_major = format!("{bucket} {}", major(route));
            self.buckets.insert(route.to_owned(), of_major);
        }
        let used_up = seconds(headers, "x-ratelimit-remaining").is_some_and(|left| left < 1.0);
        if let Some(wait) = seconds(headers, "x-ratelimit-reset-after").filter(|_| used_up) {
            self.pause(route, false, Duration::try_from_secs_f64(wait).unwrap_or(LONGEST), now);
        }
        if self.until.len() > MANY || self.buckets.len() > MANY {
            self.until.retain(|_, until| *until > now);
            self.buckets.retain(|_, bucket| self.until.contains_key(bucket));
        }
    }

    /// Begins a pause.
    pub(super) fn pause(&mut self, route: &str, global: bool, wait: Duration, now: Instant) {
        let until = now.checked_add(wait.min(LONGEST)).unwrap_or(now);
        if global && !is_by_token(path(route)) {
            self.everything = Some(self.everything.map_or(until, |before| before.max(until)));
        } else {
            self.until.insert(self.bucket(route).to_owned(), until);
        }
    }

    fn bucket<'a>(&'a self, route: &'a str) -> &'a str {
        self.buckets.get(route).map_or(route, String::as_str)
    }
}

/// Whether an answer is about all calls of the bot.
pub(super) fn is_global(headers: &HeaderMap) -> bool {
    headers.contains_key("x-ratelimit-global")
        || headers.get("x-ratelimit-scope").is_some_and(|scope| scope.as_bytes() == b"global")
}

pub(super) fn seconds(headers: &HeaderMap, name: &str) -> Option<f64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// The route of a call: its method and path, with every number but the major one left out.
pub(super) fn route(method: &Method, path: &str) -> String {
    let path = path.split('?').next().unwrap_or(path);
    let mut parts: Vec<&str> = Vec::new();
    for (number, part) in path.split('/').enumerate() {
        let is_major = number == 1 && parts.first().is_some_and(|first| MAJOR.contains(first));
        // Behind a webhook or an interaction stands its token; behind a reaction an emoji.
        let is_token = number == 2 && parts.first().is_some_and(|first| matches!(*first, "webhooks" | "interactions"));
        let is_number = part.starts_with(|c: char| c.is_ascii_digit());
        if parts.last() == Some(&"reactions") {
            break;
        }
        parts.push(if (is_number && !is_major) && !is_token { ":id" } else { part });
    }
    format!("{method} {}", parts.join("/"))
}

fn major(route: &str) -> &str {
    let path = path(route);
    let end = |slash: usize| path.match_indices('/').nth(slash).map_or(path.len(), |(at, _)| at);
    match path.split_once('/') {
        // The token of a webhook counts as well.
        Some((first, _)) if is_by_token(path) => path.get(first.len() + 1..end(2)).unwrap_or_default(),
        Some((first, _)) if MAJOR.contains(&first) => path.get(first.len() + 1..end(1)).unwrap_or_default(),
        _ => "",
    }
}

fn path(route: &str) -> &str {
    route.split_once(' ').map_or(route, |(_, path)| path)
}

/// Whether a path bears a token of its own: what answers interactions. It is not under the limit of the bot
/// (<https://discord.com/developers/docs/topics/rate-limits#global-rate-limit>).
pub(super) fn is_by_token(path: &str) -> bool {
    path.starts_with("webhooks/") || path.starts_with("interactions/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_keeps_the_number_that_counts() {
        let of = |path: &str| route(&Method::POST, path);
        assert_eq!(of("channels/12/messages/34"), "POST channels/12/messages/:id");
        assert_eq!(of("channels/12/messages/34/reactions/%F0/@me"), "POST channels/12/messages/:id/reactions");
        assert_eq!(of("webhooks/1/token/messages/@original"), "POST webhooks/1/token/messages/@original");
        assert_eq!(of("users/@me/channels"), "POST users/@me/channels");
        assert_eq!(of("channels/12/messages?after=3"), "POST channels/12/messages");
    }

    #[test]
    fn a_bucket_is_one_for_each_interaction() {
        let mut pauses = Pauses::default();
        let now = Instant::now();
        let [one, other] = ["webhooks/1/aaa", "webhooks/1/bbb"].map(|path| route(&Method::POST, path));
        let headers = HeaderMap::from_iter([("x-ratelimit-bucket".parse().unwrap(), "b".parse().unwrap())]);
        pauses.note(&one, &headers, now);
        pauses.note(&other, &headers, now);
        pauses.pause(&one, false, Duration::from_secs(5), now);
        assert!(pauses.left(&one, now).is_some());
        assert_eq!(pauses.left(&other, now), None);
        let of = |path: &str| major(&route(&Method::POST, path)).to_owned();
        assert_eq!(of("webhooks/1/aaa/messages/@original"), "1/aaa");
        assert_eq!(of("channels/12/messages"), "12");
        assert_eq!(of("users/@me/channels"), "");
    }

    #[test]
    fn a_pause_of_everything_holds_no_interaction() {
        let mut pauses = Pauses::default();
        let now = Instant::now();
        pauses.pause("POST channels/1/messages", true, Duration::from_secs(5), now);
        assert!(pauses.left("GET guilds/1", now).is_some());
        for path in ["interactions/1/t/callback", "webhooks/1/t"] {
            assert_eq!(pauses.left(&route(&Method::POST, path), now), None, "{path}");
        }
    }

    #[test]
    fn what_is_over_is_thrown_out() {
        let mut pauses = Pauses::default();
        let now = Instant::now();
        for number in 0..5000 {
            let route = format!("POST channels/{number}/messages");
            let headers =
                [("x-ratelimit-bucket", "b"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset-after", "0.0")];
            let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            pauses.note(&route, &HeaderMap::from_iter(headers), now);
        }
        assert!(pauses.until.len() <= MANY + 1 && pauses.buckets.len() <= MANY + 1);
    }
}
