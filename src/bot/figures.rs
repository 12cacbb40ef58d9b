//! Figures for operators: what is counted and timed, one function each. Never what people write, and no label that a person
//! could be told by.

use std::time::Duration;

use metrics::{counter, histogram};

use crate::engine::{Body, Delivery, Effect, EventFact, Inbound, Step};
use crate::store::Duty;
use crate::voice::{BrandId, Platform};

/// Something came in and was written down.
pub(super) fn received(brand: &BrandId, platform: &Platform, kind: &'static str) {
    let (brand, platform) = (brand.to_string(), platform.to_string());
    counter!("housevoice_received_total", "brand" => brand, "platform" => platform, "kind" => kind).increment(1);
}

/// A button was pressed that does nothing.
pub(super) fn press_refused(brand: &BrandId, platform: &Platform) {
    let (brand, platform) = (brand.to_string(), platform.to_string());
    counter!("housevoice_presses_refused_total", "brand" => brand, "platform" => platform).increment(1);
}

/// Something was shed at the border. `class`: `chatter`, `public`, `private`, `press`, `unknown`, `loop`.
pub(super) fn shed(brand: &BrandId, platform: &Platform, class: &'static str) {
    let (brand, platform) = (brand.to_string(), platform.to_string());
    counter!("housevoice_shed_total", "brand" => brand, "platform" => platform, "class" => class).increment(1);
}

/// An event was stepped, and this came of it.
pub(super) fn stepped(brand: &BrandId, inbound: &Inbound, step: &Step) {
    let platform = inbound.platform.to_string();
    let of = || (brand.to_string(), platform.clone());
    for effect in &step.effects {
        match effect {
            Effect::Silent(reason) => {
                let (brand, platform) = of();
                let reason = reason.name();
                counter!("housevoice_silences_total", "brand" => brand, "platform" => platform, "reason" => reason)
                    .increment(1);
            }
            Effect::Log(EventFact::CaseOpened { reason, .. }) => {
                let (brand, platform) = of();
                let reason = reason.name().to_owned();
                counter!("housevoice_cases_opened_total", "brand" => brand, "platform" => platform, "reason" => reason)
                    .increment(1);
            }
            Effect::Log(EventFact::Answered { .. }) => {
                let (brand, platform) = of();
                counter!("housevoice_answers_total", "brand" => brand, "platform" => platform).increment(1);
            }
            Effect::Log(EventFact::Missed { .. }) => {
                let (brand, platform) = of();
                counter!("housevoice_misses_total", "brand" => brand, "platform" => platform).increment(1);
            }
            Effect::Send(_)
            | Effect::React { .. }
            | Effect::Staff(_)
            | Effect::Log(_)
            | Effect::Redact { .. }
            | Effect::Forget { .. } => {}
        }
    }
}

/// An event could not be handled and was set aside.
pub(super) fn parked(brand: &BrandId) {
    counter!("housevoice_parked_total", "brand" => brand.to_string()).increment(1);
}

/// A row of the outbox was tried. `result`: `sent`, `later`, `never`, `refused`, `too_late`, `shut_out`, `left`, `has_to_wait`.
pub(super) fn tried(delivery: &Delivery, result: &'static str) {
    let (brand, platform) = (delivery.brand.to_string(), delivery.platform.to_string());
    let kind = kind(&delivery.body);
    counter!("housevoice_deliveries_total", "brand" => brand, "platform" => platform, "kind" => kind, "result" => result)
        .increment(1);
}

/// A row was not sent and is tried again. `reason`: `asked_to_wait`, `unsure`, `trouble`, `desk`.
pub(super) fn not_yet(delivery: &Delivery, reason: &'static str) {
    let (brand, platform) = (delivery.brand.to_string(), delivery.platform.to_string());
    let kind = kind(&delivery.body);
    counter!("housevoice_retries_total", "brand" => brand, "platform" => platform, "kind" => kind, "reason" => reason)
        .increment(1);
}

/// Something was sent, so long after it was decided.
pub(super) fn sent_after(delivery: &Delivery, after: Duration) {
    let (brand, platform) = (delivery.brand.to_string(), delivery.platform.to_string());
    histogram!("housevoice_send_seconds", "brand" => brand, "platform" => platform, "kind" => kind(&delivery.body))
        .record(after.as_secs_f64());
}

fn kind(body: &Body) -> &'static str {
    match body {
        Body::Send(_) => "message",
        Body::React { .. } => "reaction",
        Body::Staff(_) => "staff",
    }
}

/// A duty changed hands: `taken` or `left`.
pub(super) fn duty_moved(duty: &Duty, how: &'static str) {
    let (brand, platform) = (duty.brand.to_string(), duty.platform.to_string());
    counter!("housevoice_duties_moved_total", "brand" => brand, "platform" => platform, "how" => how).increment(1);
}

/// The other processes have taken this one for dead.
pub(super) fn lost_standing() {
    counter!("housevoice_standing_lost_total").increment(1);
}

/// The clock of the machine was set.
pub(super) fn clock_jumped() {
    counter!("housevoice_clock_jumps_total").increment(1);
}

/// A place, or a platform as a whole, is left alone because it refuses everything. `what`: `place`, `desk`, `token`,
/// `platform`.
pub(super) fn left_alone(what: &'static str) {
    counter!("housevoice_left_alone_total", "what" => what).increment(1);
}
