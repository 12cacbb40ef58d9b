//! Hears serenity's events in the order in which they came.
//!
//! serenity hands every event to a task of its own, so that a handler hears them in any order. A collector is called inside
//! the shard's loop instead, in order; but it can only be put there once a session has begun, and belongs to that session.
//! So what a handler hears is fed as well, and whoever takes it in takes each event once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serenity::client::{Context, RawEventHandler};
use serenity::collector::collect;
use serenity::model::event::Event;
use tokio::sync::mpsc::Sender;

use super::feed::Feed;
use super::front::key;
use crate::adapters::discord::Discord;

/// How long after the beginning of a session everything is fed twice: servers and channels come then.
const EARLY: Duration = Duration::from_secs(10);

/// Hears events.
pub(super) struct Ear {
    discord: Arc<Discord>,
    feed: Feed,
    begun: Sender<()>,
    collecting: Mutex<Option<Collecting>>,
}

/// A collector, for as long as this lives.
struct Collecting {
    since: Instant,
    _collector: Box<dyn Send>,
}

impl Ear {
    /// Feeds what it hears, and says when a session has begun.
    pub(super) fn new(discord: Arc<Discord>, feed: Feed, begun: Sender<()>) -> Self {
        Self { discord, feed, begun, collecting: Mutex::default() }
    }

    fn collect(&self, context: &Context) {
        let (feed, discord) = (self.feed.clone(), Arc::clone(&self.discord));
        let collector = collect(&context.shard, move |event| {
            if discord.with_view(|view| view.concerns(event)) {
                feed.heard(event.clone());
            }
            None::<()>
        });
        let collecting = Collecting { since: Instant::now(), _collector: Box::new(collector) };
        *self.collecting.lock().unwrap_or_else(PoisonError::into_inner) = Some(collecting);
    }

    fn is_early(&self) -> bool {
        let collecting = self.collecting.lock().unwrap_or_else(PoisonError::into_inner);
        collecting.as_ref().is_none_or(|collecting| collecting.since.elapsed() < EARLY)
    }
}

#[async_trait]
impl RawEventHandler for Ear {
    async fn raw_event(&self, context: Context, event: Event) {
        if matches!(event, Event::Ready(_)) {
            self.collect(&context);
            // Full of beginnings, it is seen as it is.
            let _ = self.begun.try_send(());
        }
        let twice = key(&event).is_some() || self.is_early();
        if twice && self.discord.with_view(|view| view.concerns(&event)) {
            self.feed.heard(event);
        }
    }
}
