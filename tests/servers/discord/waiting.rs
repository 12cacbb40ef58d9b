//! Waiting until something has happened, and telling what has happened instead when it has not.

use std::fmt::Write;
use std::panic::Location;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::Discord;

impl Discord {
    /// Waits until the condition holds; after `limit` it panics with all that was said and asked. For async tests.
    #[track_caller]
    pub fn wait_for(&self, condition: impl Fn(&Discord) -> bool, limit: Duration) -> impl Future<Output = ()> {
        self.wait_for_some(move |discord| condition(discord).then_some(()), limit)
    }

    /// The same for a condition that finds something.
    #[track_caller]
    pub fn wait_for_some<T>(&self, find: impl Fn(&Discord) -> Option<T>, limit: Duration) -> impl Future<Output = T> {
        let place = Location::caller();
        let deadline = tokio::time::Instant::now() + limit;
        async move {
            loop {
                let changed = self.shared.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if let Some(found) = find(self) {
                    return found;
                }
                if tokio::time::timeout_at(deadline, changed).await.is_err() {
                    return find(self).unwrap_or_else(|| panic!("{}", self.waited_in_vain(place, limit)));
                }
            }
        }
    }

    /// Waits like [`Discord::wait_for`] in a test that is not async.
    #[track_caller]
    pub fn wait_for_blocking(&self, condition: impl Fn(&Discord) -> bool, limit: Duration) {
        self.wait_for_some_blocking(|discord| condition(discord).then_some(()), limit);
    }

    /// Waits like [`Discord::wait_for_some`] in a test that is not async.
    #[track_caller]
    pub fn wait_for_some_blocking<T>(&self, find: impl Fn(&Discord) -> Option<T>, limit: Duration) -> T {
        let deadline = Instant::now() + limit;
        loop {
            let version = self.shared.read(|state| state.version);
            if let Some(found) = find(self) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{}", self.waited_in_vain(Location::caller(), limit));
            let state = self.shared.state.lock().unwrap_or_else(PoisonError::into_inner);
            let unchanged = |state: &mut super::State| state.version == version;
            drop(self.shared.changed_too.wait_timeout_while(state, left, unchanged));
        }
    }

    fn waited_in_vain(&self, place: &Location<'_>, limit: Duration) -> String {
        let mut text = format!("{place}: not within {limit:?}\n\nWhat was said:\n{}", self.everything());
        let requests = self.requests();
        let _ = write!(text, "\nThe last of {} requests:\n", requests.len());
        for request in &requests[requests.len().saturating_sub(15)..] {
            let body: String = request.body.to_string().chars().take(200).collect();
            let at = request.at.as_secs_f64();
            let _ = writeln!(text, "  {at:8.3} {} {} {body} -> {}", request.method, request.path, request.status);
            if request.status >= 400 {
                let _ = writeln!(text, "           {}", request.answer);
            }
        }
        let sent = self.sent();
        let names: Vec<&str> = sent[sent.len().saturating_sub(15)..].iter().map(|sent| sent.name.as_str()).collect();
        let _ = writeln!(
            text,
            "\nThe gateway: connected {}, {} identifies, {} resumes, closes {:?}, last events {names:?}",
            self.connected(),
            self.identifies().len(),
            self.resumes(),
            self.closes(),
        );
        text
    }
}
