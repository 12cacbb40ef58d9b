//! How much waits, as gauges: one look at the store for all brands, every few seconds, however many ask for the figures.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use metrics::gauge;

use super::Bot;
use crate::store::{Depth, Depths, LANES, StoreError};
use crate::voice::{BrandId, Platform};

/// What was ever shown, so that it goes back to nothing when there is nothing any more.
#[derive(Debug, Default)]
pub struct Gauges {
    /// Of each platform of a brand, the states of cases.
    shown: BTreeMap<(BrandId, Platform), BTreeSet<String>>,
}

impl Bot {
    /// Looks how much waits and sets the gauges.
    ///
    /// # Errors
    /// When the store cannot be used; the gauges stay as they were.
    pub async fn measure(&self, gauges: &mut Gauges) -> Result<(), StoreError> {
        let depths = self.store.depths().await?;
        // What nothing ever came to is shown as well: as nothing.
        for way in self.exits.keys() {
            gauges.shown.entry(way.clone()).or_default();
        }
        gauges.show(&depths, self.clock.now());
        Ok(())
    }
}

impl Gauges {
    fn show(&mut self, depths: &Depths, now: Timestamp) {
        for (way, depth) in depths {
            self.shown.entry(way.clone()).or_default().extend(depth.cases.keys().cloned());
        }
        let nothing = Depth::default();
        for (way, states) in &self.shown {
            show(way, depths.get(way).unwrap_or(&nothing), states, now);
        }
    }
}

fn show((brand, platform): &(BrandId, Platform), depth: &Depth, states: &BTreeSet<String>, now: Timestamp) {
    let of = [("brand", brand.to_string()), ("platform", platform.to_string())];
    let with = |name: &'static str, value: String| [of.as_slice(), &[(name, value)]].concat();
    gauge!("housevoice_inbox_waiting", &of).set(number(depth.inbox));
    gauge!("housevoice_parked", &of).set(number(depth.parked));
    gauge!("housevoice_oldest_unanswered_seconds", &of).set(age(depth.oldest_unanswered, now));
    gauge!("housevoice_oldest_unsent_seconds", &of).set(age(depth.oldest_unsent, now));
    for lane in LANES {
        let waiting = depth.outbox.get(lane).copied().unwrap_or_default();
        gauge!("housevoice_outbox_waiting", &with("lane", lane.to_owned())).set(number(waiting));
    }
    for state in states {
        let open = depth.cases.get(state).copied().unwrap_or_default();
        gauge!("housevoice_open_cases", &with("state", state.clone())).set(number(open));
    }
}

/// A gauge takes nothing finer.
fn number(count: u64) -> f64 {
    u32::try_from(count).unwrap_or(u32::MAX).into()
}

/// Nothing that waits is no age.
fn age(oldest: Option<Timestamp>, now: Timestamp) -> f64 {
    oldest.map_or(0.0, |oldest| now.duration_since(oldest).as_secs_f64().max(0.0))
}
