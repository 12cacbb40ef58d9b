//! Each event written down, one after the other. While the store is in trouble, everything waits, and the order is kept.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serenity::model::channel::GuildChannel;
use serenity::model::event::Event;
use tokio::sync::mpsc::Sender;
use tokio::sync::oneshot;

use super::Listener;
use super::gaps::Known;
use super::missed::Behind;
use super::queue::{Heard, Outcome, Queue};
use crate::adapters::discord::NAME;
use crate::adapters::discord::answer::notice;
use crate::adapters::discord::inbound::Ignored;
use crate::adapters::discord::rest::Call;
use crate::adapters::staff::{self, NotDone};
use crate::adapters::{Adapter, Incoming, Taken};
use crate::crash;
use crate::voice::Platform;

/// How long to leave the store alone that is in trouble.
const STORE_WAIT: Duration = Duration::from_secs(1);
/// How often somebody who is not known is told that they cannot answer, and an agent that changes are not passed on: one
/// change can be reported several times, as previews of its links come.
const TOLD_EVERY: Duration = Duration::from_secs(60);

/// How many are remembered who were told something; while there are more, nobody is.
const MOST_TOLD: usize = 1024;

/// Who was told what when, by thread and person.
type Told = HashMap<(u64, u64, NotDone), Instant>;

/// How long what happens now waits behind what was missed, so that it is taken in after it.
const BEHIND: Duration = Duration::from_secs(15);

/// Takes in what stands in the queue until nothing more comes.
pub(super) async fn run(listener: Arc<Listener>, queue: Arc<Queue>, behind: Sender<Behind>) {
    let mut told = Told::new();
    while let Some(Heard { event, waiting, .. }) = queue.next().await {
        let outcome = listener.take_in(&event).await;
        if let Some(waiting) = waiting {
            // Whoever waited has given up.
            let _ = waiting.send(outcome);
        }
        // When it is time to stop, there is only time for what must not be lost.
        if listener.stop.is_cancelled() {
            continue;
        }
        if let Some(ignored) = listener.discord.with_view(|view| view.ignored(&event, outcome)) {
            listener.tell_why(&ignored, &mut told).await;
        }
        if matches!(event, Event::Ready(_)) {
            listener.catch_up(&behind).await;
        }
        let unread = queue.take_unread();
        if !unread.is_empty() {
            listener.read(&behind, unread).await;
        }
    }
}

impl Listener {
    /// Has what was missed read; goes on when it was, or when that takes long.
    async fn catch_up(&self, behind: &Sender<Behind>) {
        let Some(seen) = self.seen().await else { return };
        self.read(behind, seen).await;
    }

    /// Has places read, each from a message on; goes on when they were, or when that takes long.
    async fn read(&self, behind: &Sender<Behind>, seen: Vec<Known>) {
        let (done, read) = oneshot::channel();
        // Its receiver ends when it is time to stop.
        let _ = behind.send(Behind { seen, done }).await;
        tokio::select! {
            () = self.stop.cancelled() => {}
            _ = tokio::time::timeout(BEHIND, read) => {}
        }
    }

    /// How far each place was read. Asked until the store says it, because each message that is taken in hides what was
    /// missed before it; nothing when it is time to stop.
    async fn seen(&self) -> Option<Vec<Known>> {
        let brand = &self.discord.setup.brand;
        loop {
            match self.intake.last_seen(brand, &Platform::from(NAME)).await {
                Ok(seen) => {
                    return Some(seen.iter().filter_map(Known::of).collect());
                }
                Err(error) => {
                    tracing::warn!(%brand, %error, "it is not known yet how far each place was read");
                    tokio::select! {
                        () = self.stop.cancelled() => return None,
                        () = tokio::time::sleep(STORE_WAIT) => {}
                    }
                }
            }
        }
    }

    /// Learns from an event, and writes down what it means.
    pub(super) async fn take_in(&self, event: &Event) -> Outcome {
        if let Some((server, channel)) = place_of(event) {
            self.meet(server, channel).await;
        }
        self.discord.learn(event);
        let mut outcome = None;
        for incoming in self.discord.inbound(event) {
            let taken = self.take(&incoming).await;
            outcome = outcome.or(taken);
        }
        outcome
    }

    /// Until it is written down; when it is time to stop, once.
    async fn take(&self, incoming: &Incoming) -> Option<Taken> {
        while self.discord.later.is_through(&self.stop).await {
            crash::point("heard");
            match self.intake.take(incoming).await {
                Ok(taken) => return Some(taken),
                Err(error) => {
                    tracing::warn!(brand = %self.discord.setup.brand, %error, "what came in is not written down yet");
                }
            }
            tokio::select! {
                () = self.stop.cancelled() => break,
                () = tokio::time::sleep(STORE_WAIT) => {}
            }
        }
        self.leave_for_later(incoming);
        None
    }

    fn leave_for_later(&self, incoming: &Incoming) {
        if !self.discord.later.leave(incoming, &self.intake) {
            tracing::error!(brand = %self.discord.setup.brand, "too much could not be written down; some of it is lost");
        }
    }

    /// Asks about a channel of the brand that was never told of.
    async fn meet(&self, server: u64, channel: u64) {
        let heard = self.discord.with_view(|view| view.servers().contains(&server));
        if !heard || self.discord.directory().channel(channel).is_some() {
            return;
        }
        match self.discord.ask::<GuildChannel>(&Call::get(format!("channels/{channel}"))).await {
            Ok(known) => self.discord.learn_channel(server, &known),
            Err(error) => {
                tracing::info!(brand = %self.discord.setup.brand, %error, "a channel is not known; nothing is heard from it");
            }
        }
    }

    /// Tells somebody in the team's place that what they typed did nothing. Whoever is one of the team is told each time: what
    /// they type is for a customer who waits for it.
    async fn tell_why(&self, ignored: &Ignored, told: &mut Told) {
        told.retain(|_, at| at.elapsed() < TOLD_EVERY);
        if told.len() >= MOST_TOLD {
            return;
        }
        let is_limited = matches!(ignored.why, NotDone::NotAnAgent | NotDone::Changed);
        if is_limited && told.insert((ignored.thread, ignored.by, ignored.why), Instant::now()).is_some() {
            return;
        }
        let body = notice(&staff::not_done(ignored.why), false);
        if let Err(error) = self.discord.tell(&Call::message(&ignored.thread.to_string(), body)).await {
            tracing::info!(brand = %self.discord.setup.brand, %error, "somebody could not be told that what they typed did nothing");
        }
    }
}

/// The server and channel of an event that is taken in.
#[expect(clippy::wildcard_enum_match_arm, reason = "an enum of serenity's, which grows")]
fn place_of(event: &Event) -> Option<(u64, u64)> {
    let (server, channel) = match event {
        Event::MessageCreate(event) => (event.message.guild_id, event.message.channel_id),
        Event::MessageUpdate(event) => (event.guild_id, event.channel_id),
        Event::InteractionCreate(event) => match &event.interaction {
            serenity::model::application::Interaction::Command(command) => (command.guild_id, command.channel_id),
            serenity::model::application::Interaction::Component(component) => {
                (component.guild_id, component.channel_id)
            }
            _ => return None,
        },
        _ => return None,
    };
    Some((server?.get(), channel.get()))
}
