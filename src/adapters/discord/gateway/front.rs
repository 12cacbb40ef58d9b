//! Each event once, in order. Interactions are seen to at once, the rest stands in the queue.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use serenity::model::event::Event;
use tokio::sync::mpsc::Receiver;

use super::Listener;
use super::first;
use super::queue::{Heard, Queue};

/// Events looked at together, and keys of events remembered.
const TOGETHER: usize = 64;
const REMEMBERED: usize = 4096;

/// Passes on what is fed until nobody feeds it any more.
pub(super) async fn run(listener: Arc<Listener>, mut fed: Receiver<Event>, queue: Arc<Queue>) {
    let mut seen = Seen::default();
    let mut events = Vec::new();
    while fed.recv_many(&mut events, TOGETHER).await > 0 {
        in_order(&mut events);
        for event in events.drain(..).filter(|event| seen.is_new(event)) {
            listener.heard.fetch_add(1, Ordering::SeqCst);
            let ordinary = listener.discord.with_view(|view| view.is_ordinary(&event));
            let waiting = first::answer(&listener, &event);
            if let Some(dropped) = queue.push(Heard { event, waiting, ordinary }) {
                let brand = &listener.discord.setup.brand;
                tracing::warn!(%brand, dropped, "more comes in than can be taken in; messages are left out, those first that are not for the bot; the others are read later");
            }
        }
    }
    queue.close();
}

/// Sorts messages by their numbers, which grow with time, and leaves everything else where it stands.
fn in_order(events: &mut [Event]) {
    let slots: Vec<usize> =
        (0..events.len()).filter(|slot| events.get(*slot).is_some_and(|e| order(e).is_some())).collect();
    let mut messages: Vec<Event> = slots.iter().filter_map(|slot| events.get(*slot).cloned()).collect();
    messages.sort_by_key(order);
    for (slot, message) in slots.into_iter().zip(messages) {
        if let Some(event) = events.get_mut(slot) {
            *event = message;
        }
    }
}

/// The number of a message, and what comes first of what can happen to it.
#[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
fn order(event: &Event) -> Option<(u64, u8)> {
    match event {
        Event::MessageCreate(event) => Some((event.message.id.get(), 0)),
        Event::MessageUpdate(event) => Some((event.id.get(), 1)),
        Event::MessageDelete(event) => Some((event.message_id.get(), 2)),
        _ => None,
    }
}

/// What tells an event from every other; `None` where hearing it twice does no harm.
#[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
pub(super) fn key(event: &Event) -> Option<String> {
    match event {
        Event::Ready(event) => Some(format!("ready {}", event.ready.session_id)),
        Event::MessageCreate(event) => Some(format!("message {}", event.message.id)),
        Event::MessageUpdate(event) => Some(format!("update {} {:?}", event.id, event.edited_timestamp)),
        Event::MessageDelete(event) => Some(format!("delete {}", event.message_id)),
        Event::MessageDeleteBulk(event) => event.ids.first().map(|id| format!("{id}+{}", event.ids.len())),
        Event::InteractionCreate(event) => Some(format!("interaction {}", event.interaction.id())),
        Event::Unknown(event) => Some(format!("{} {}", event.kind, event.value.get("id")?)),
        _ => None,
    }
}

/// Events that were heard not long ago.
#[derive(Default)]
struct Seen {
    keys: HashSet<String>,
    in_order: VecDeque<String>,
}

impl Seen {
    fn is_new(&mut self, event: &Event) -> bool {
        let Some(key) = key(event) else { return true };
        if !self.keys.insert(key.clone()) {
            return false;
        }
        self.in_order.push_back(key);
        while self.in_order.len() > REMEMBERED {
            if let Some(oldest) = self.in_order.pop_front() {
                self.keys.remove(&oldest);
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(kind: &str, id: u64) -> Event {
        let body = json!({ "t": kind, "d": { "id": id.to_string(), "channel_id": "1", "edited_timestamp": "2026-01-01T00:00:00Z" } });
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn messages_are_sorted_by_their_numbers_and_nothing_is_lost() {
        let mut events = vec![
            event("MESSAGE_DELETE", 3),
            event("MESSAGE_UPDATE", 2),
            event("TYPING", 9),
            event("MESSAGE_DELETE", 2),
        ];
        in_order(&mut events);
        let orders: Vec<_> = events.iter().map(order).collect();
        assert_eq!(orders, [Some((2, 1)), Some((2, 2)), None, Some((3, 2))]);
    }

    #[test]
    fn an_event_is_new_once() {
        let mut seen = Seen::default();
        let deleted = event("MESSAGE_DELETE", 3);
        assert!(seen.is_new(&deleted));
        assert!(!seen.is_new(&deleted));
        assert!(seen.is_new(&event("MESSAGE_DELETE", 4)));
    }
}
