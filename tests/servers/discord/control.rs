//! Turning the server: settings, trouble, and what happens to the gateway.

use std::time::Duration;

use serde_json::{Value, json};

use super::Discord;
use super::gateway::Out;
use super::trouble::Trouble;

impl Discord {
    /// The next `times` requests whose `METHOD /path` contains `part` meet trouble.
    pub fn trouble(&self, trouble: Trouble, times: usize, part: &str) {
        self.shared.change(|state| state.troubles.add(trouble, times, part));
    }

    /// No more trouble.
    pub fn no_trouble(&self) {
        self.shared.change(|state| state.troubles.clear());
    }

    /// Each route takes so many requests in a time, with the headers that say so; `None` is the start.
    pub fn set_rate_limit(&self, limit: Option<(u32, Duration)>) {
        self.shared.change(|state| state.buckets.set(limit));
    }

    /// Whether the gateway takes connections; if not, it answers 503.
    pub fn set_gateway_open(&self, open: bool) {
        self.shared.change(|state| state.settings.gateway_open = open);
    }

    /// How often a client has to send heartbeats; said in the next HELLO.
    pub fn set_heartbeat(&self, interval: Duration) {
        self.shared.change(|state| state.settings.heartbeat = interval);
    }

    /// Whether heartbeats are acknowledged.
    pub fn set_acknowledges_heartbeats(&self, acknowledges: bool) {
        self.shared.change(|state| state.settings.acknowledges_heartbeats = acknowledges);
    }

    /// Which privileged intents are switched on in the portal: MESSAGE_CONTENT and GUILD_MEMBERS at the start.
    pub fn set_privileged(&self, intents: u64) {
        self.shared.change(|state| state.settings.privileged = intents);
    }

    /// How long an interaction waits for its first answer; 3 s at the start.
    pub fn set_interaction_deadline(&self, deadline: Duration) {
        self.shared.change(|state| state.settings.interaction_deadline = deadline);
    }

    /// How long the token of an interaction lives; 15 min at the start.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        self.shared.change(|state| state.settings.token_lifetime = lifetime);
    }

    /// How long a nonce is remembered; 5 min at the start.
    pub fn set_nonce_window(&self, window: Duration) {
        self.shared.change(|state| state.settings.nonce_window = window);
    }

    /// How many active threads a guild may have; 1000 at the start.
    pub fn set_active_threads(&self, most: usize) {
        self.shared.change(|state| state.settings.active_threads = most);
    }

    /// How far the dates of answers are ahead of this machine's clock.
    pub fn set_clock_ahead(&self, later: Duration) {
        self.shared.change(|state| state.settings.later = later);
    }

    /// How many sessions may still be started. One more ends all sessions and resets the token.
    pub fn set_session_starts(&self, remaining: u64) {
        self.shared.change(|state| state.gateway.remaining = remaining);
    }

    /// How many shards are recommended; 1 at the start.
    pub fn set_recommended_shards(&self, shards: u64) {
        self.shared.change(|state| state.gateway.recommended = shards);
    }

    /// How many guilds a shard may have; 2500 at the start.
    pub fn set_most_guilds(&self, most: usize) {
        self.shared.change(|state| state.gateway.most_guilds = most);
    }

    /// How many keys there are, of each of which one IDENTIFY is taken in 5 s; with `keeps_pace`, more are answered with op 9.
    pub fn set_max_concurrency(&self, most: u64, keeps_pace: bool) {
        self.shared.change(|state| (state.gateway.max_concurrency, state.gateway.keeps_pace) = (most, keeps_pace));
    }

    /// Op 7 to everybody who is connected: come again and resume.
    pub fn ask_reconnect(&self) {
        self.send_all(|| Out::Frame(json!({"op": 7, "d": null, "s": null, "t": null})));
    }

    /// Op 9 to everybody who is connected; not resumable means that the session is gone.
    pub fn invalidate_session(&self, resumable: bool) {
        self.send_all(|| Out::Frame(json!({"op": 9, "d": resumable, "s": null, "t": null})));
        if !resumable {
            self.forget_sessions();
        }
    }

    /// Closes the connections with a code; the sessions stay.
    pub fn close_gateway(&self, code: u16) {
        self.send_all(|| Out::Close(code, String::new()));
    }

    /// Drops the connections without a close frame; the sessions stay.
    pub fn cut_gateway(&self) {
        self.send_all(|| Out::Cut);
    }

    /// No session can be resumed any more: the next RESUME gets op 9.
    pub fn forget_sessions(&self) {
        self.shared.change(|state| state.gateway.sessions.clear());
    }

    fn send_all(&self, out: impl Fn() -> Out) {
        self.shared.change(|state| {
            for line in state.gateway.lines() {
                let _ = line.send(out());
            }
        });
    }

    /// Sends an event of [`Discord::sent`] once more, with a new number.
    pub fn redeliver(&self, number: usize) {
        self.shared.change(|state| {
            let sent = state.gateway.sent[number].clone();
            state.deliver(&sent);
        });
    }

    /// Sends the last event of this name once more.
    #[track_caller]
    pub fn redeliver_last(&self, name: &str) {
        let number = self.sent().iter().rposition(|sent| sent.name == name);
        self.redeliver(number.unwrap_or_else(|| panic!("no {name} was sent")));
    }

    /// Holds all events back until [`Discord::release`].
    pub fn hold(&self) {
        self.shared.change(|state| state.gateway.held = Some(Vec::new()));
    }

    /// How many events are held back.
    pub fn held(&self) -> usize {
        self.shared.read(|state| state.gateway.held.as_ref().map_or(0, Vec::len))
    }

    /// Sends what was held back, each so many times and all mixed; the same seed mixes them the same way.
    pub fn release(&self, times: usize, seed: u64) {
        self.shared.change(|state| {
            let held = state.gateway.held.take().unwrap_or_default();
            let mut mixed: Vec<_> = held.iter().cycle().take(held.len() * times).cloned().collect();
            let mut chance = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            for at in (1..mixed.len()).rev() {
                chance ^= chance << 13;
                chance ^= chance >> 7;
                chance ^= chance << 17;
                mixed.swap(at, (chance % (at as u64 + 1)) as usize);
            }
            mixed.iter().for_each(|sent| state.deliver(sent));
        });
    }

    /// Sends any event to everybody who is connected, such as one with a shape that no client knows.
    pub fn send_raw(&self, name: &str, data: Value) {
        self.shared.change(|state| state.emit(name, 0, data, None));
    }
}
