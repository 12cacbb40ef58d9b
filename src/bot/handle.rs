//! One event: load, step, commit. A conflict means stepping again; an event that cannot be handled is set aside after a few
//! tries, so that it stands in nobody's way.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::{SignedDuration, Timestamp};

use super::{Bot, Served, figures};
use crate::crash;
use crate::engine::{Command, Event, Inbound, Owner, RepliesTo, Step, To};
use crate::store::{Committed, Duty, InboxId, Loaded, OURSELVES, Stamp, StoreError, Stumble, Stumbled};
use crate::voice::{BrandId, Platform};

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handled {
    /// It was stepped, and what came of it is written.
    Done,
    /// It no longer applies: a timer that the conversation does not wait for any more.
    Stale,
    /// It was dealt with or erased meanwhile, or its brand is not in service.
    Gone,
    /// It could not be handled and is tried again.
    Again,
    /// It could not be handled and is set aside.
    Parked,
}

/// How often a step is taken anew because the state changed under it.
const CONFLICTS: u32 = 8;
/// After how many tries an event is set aside.
pub(super) const TRIES: u32 = 3;
/// How long until an event is tried again.
pub(super) const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(2);

impl Bot {
    /// Handles an event of the inbox, whole or not at all.
    ///
    /// # Errors
    /// When the store cannot be used at the moment; the event waits.
    pub async fn handle(&self, brand: &BrandId, inbox: InboxId) -> Result<Handled, StoreError> {
        self.handle_again_after(brand, inbox, AGAIN_AFTER).await
    }

    pub(super) async fn handle_again_after(
        &self,
        brand: &BrandId,
        inbox: InboxId,
        pause: SignedDuration,
    ) -> Result<Handled, StoreError> {
        let Some(served) = self.served(brand) else { return Ok(Handled::Gone) };
        for _ in 0..CONFLICTS {
            let now = self.clock.now();
            let loaded = match self.store.load(brand, inbox, now).await {
                Ok(Some(loaded)) => not_before_its_time(loaded),
                Ok(None) => return Ok(Handled::Gone),
                Err(error) => return self.stumble(brand, inbox, None, &Trouble::of(error)?, pause).await,
            };
            crash::point("loaded");
            if is_stale(&loaded) {
                self.store.skip(brand, inbox, "the conversation no longer waits for it", now).await?;
                return Ok(Handled::Stale);
            }
            let Some(step) = take_step(&served, &loaded) else {
                return self.stumble(brand, inbox, Some(&loaded), &Trouble::panicked(), pause).await;
            };
            crash::point("stepped");
            match self.store.commit(&loaded, &step, &self.stamp(&served, now)).await {
                Ok(Committed::Done) => return Ok(self.stepped(&loaded, &step)),
                Ok(Committed::Conflict) => {}
                Ok(Committed::Gone) => return Ok(Handled::Gone),
                Err(error) => return self.stumble(brand, inbox, Some(&loaded), &Trouble::of(error)?, pause).await,
            }
        }
        // No fault of the event's: it waits its turn, and no try of its own is used up.
        tracing::warn!(%brand, inbox = inbox.0, "the state kept changing; the event waits");
        Ok(Handled::Again)
    }

    fn stamp(&self, served: &Served, at: Timestamp) -> Stamp {
        Stamp { at, voice: served.version().to_owned(), desk: self.desks.get(served.brand()).cloned() }
    }

    fn stepped(&self, loaded: &Loaded, step: &Step) -> Handled {
        crash::point("committed");
        let of = &loaded.conversation;
        let event = loaded.inbound.event.name();
        tracing::debug!(brand = %of.brand, conversation = of.id.0, inbox = loaded.inbox.0, event, "handled");
        figures::stepped(&of.brand, &loaded.inbound, step);
        for platform in std::iter::once(&of.platform).chain(self.desks.get(&of.brand)) {
            if let Some(exit) = self.exits.get(&(of.brand.clone(), platform.clone())) {
                exit.wake.notify_one();
            }
            let duty = Duty { brand: of.brand.clone(), platform: platform.clone(), part: 0 };
            if !self.duties.is_ours(&duty) {
                self.store.tell_news();
            }
        }
        if step.conversation.owner() != Owner::Bot {
            self.guard.given_to_people(&of.brand, &of.platform, &of.place.id);
        }
        self.show(loaded, step);
        for observer in &self.observers {
            if catch_unwind(AssertUnwindSafe(|| observer.stepped(&loaded.inbound, step))).is_err() {
                tracing::error!(brand = %of.brand, conversation = of.id.0, "an observer panicked");
            }
        }
        Handled::Done
    }

    /// Shows the step to the platform that the event came from.
    fn show(&self, loaded: &Loaded, step: &Step) {
        let from = (loaded.conversation.brand.clone(), loaded.inbound.platform.clone());
        let Some(exit) = self.exits.get(&from) else { return };
        let via = loaded.via.as_deref().filter(|_| loaded.inbound.event.is_of_customer());
        if catch_unwind(AssertUnwindSafe(|| exit.adapter.stepped(&loaded.inbound, via, step))).is_err() {
            tracing::error!(brand = %from.0, platform = %from.1, "an adapter panicked");
        }
    }

    async fn stumble(
        &self,
        brand: &BrandId,
        inbox: InboxId,
        loaded: Option<&Loaded>,
        trouble: &Trouble,
        pause: SignedDuration,
    ) -> Result<Handled, StoreError> {
        let now = self.clock.now();
        if let Some(loaded) = loaded.filter(|loaded| loaded.attempts.saturating_add(1) >= TRIES) {
            self.bring_a_person(loaded, now).await?;
        }
        let again_at = now.saturating_add(pause).unwrap_or(now);
        let stumble = Stumble { error: trouble.0.clone(), at: now, again_at, tries: TRIES };
        match self.store.stumbled(brand, inbox, &stumble).await? {
            None => Ok(Handled::Gone),
            Some(Stumbled::Again) => {
                tracing::warn!(%brand, inbox = inbox.0, error = %trouble.0, "an event could not be handled; trying again");
                Ok(Handled::Again)
            }
            Some(Stumbled::Parked) => {
                tracing::error!(%brand, inbox = inbox.0, error = %trouble.0, "an event could not be handled and is set aside");
                figures::parked(brand);
                Ok(Handled::Parked)
            }
        }
    }

    /// A customer whose words cannot be handled gets a person instead.
    async fn bring_a_person(&self, loaded: &Loaded, now: Timestamp) -> Result<(), StoreError> {
        if !spoke_to_us(loaded) {
            return Ok(());
        }
        let instead = Inbound {
            brand: loaded.conversation.brand.clone(),
            platform: Platform::from(OURSELVES),
            event_id: format!("instead:{}", loaded.inbox.0),
            at: now,
            to: To::Conversation(loaded.conversation.id),
            event: Event::Command(Command::Human),
        };
        self.receive(&instead).await.map(|_| ())
    }
}

/// Why an event could not be handled, for operators, without its words.
struct Trouble(String);

impl Trouble {
    fn panicked() -> Self {
        Self("the step panicked".to_owned())
    }

    /// What is wrong with the event; when it is the store that is in trouble, the event is not to blame.
    fn of(error: StoreError) -> Result<Self, StoreError> {
        if error.passes() { Err(error) } else { Ok(Self(error.to_string())) }
    }
}

/// The step is pure, so a panic in it has broken nothing but this step.
fn take_step(served: &Served, loaded: &Loaded) -> Option<Step> {
    let step = || served.step(loaded.conversation.clone(), loaded.inbound.event.clone(), &loaded.scene);
    catch_unwind(AssertUnwindSafe(step)).ok()
}

/// A time that has come stays come when the clock is set back before it is dealt with: the timer will not fire again.
fn not_before_its_time(mut loaded: Loaded) -> Loaded {
    if matches!(loaded.inbound.event, Event::Timer(_)) {
        loaded.scene.now = loaded.scene.now.max(loaded.inbound.at);
    }
    loaded
}

/// A timer fires once; whether the conversation still waits for it shows only now.
fn is_stale(loaded: &Loaded) -> bool {
    let Event::Timer(kind) = &loaded.inbound.event else { return false };
    let now = loaded.scene.now;
    !loaded.conversation.deadlines().iter().any(|(waits_for, due)| waits_for == kind && *due <= now)
}

fn spoke_to_us(loaded: &Loaded) -> bool {
    let public = loaded.conversation.place.kind.is_public();
    match &loaded.inbound.event {
        Event::Message(message) => !public || message.mentions_bot || message.replies_to == Some(RepliesTo::Bot),
        Event::Picked(_) => true,
        Event::Started { .. }
        | Event::Edited(_)
        | Event::Deleted { .. }
        | Event::Command(_)
        | Event::Agent { .. }
        | Event::Timer(_)
        | Event::DeliveryFailed { .. }
        | Event::CameTooLate { .. } => false,
    }
}
