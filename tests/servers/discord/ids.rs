//! Ids and times as Discord writes them.

use std::str::FromStr;

use jiff::Timestamp;
use serde_json::Value;

/// A snowflake; in JSON a string.
pub type Id = u64;

/// Discord docs, reference/snowflakes: milliseconds since the first second of 2015, shifted left by 22 bits.
const EPOCH_MS: i64 = 1_420_070_400_000;

/// Gives out ids that grow and never repeat.
#[derive(Default)]
pub struct Ids {
    last: Id,
}

impl Ids {
    /// The next id, as of now.
    pub fn next(&mut self) -> Id {
        let now = u64::try_from(Timestamp::now().as_millisecond() - EPOCH_MS).unwrap_or(0) << 22;
        self.last = now.max(self.last + 1);
        self.last
    }

    /// The next id that belongs to a shard, maybe some milliseconds ahead. Docs, events/gateway, Sharding.
    pub fn next_on(&mut self, (shard, of): (u64, u64)) -> Id {
        let next = self.next() >> 22;
        let ahead = (shard + of - next % of) % of;
        self.last = self.last.max((next + ahead) << 22);
        self.last
    }
}

/// The shard that hears of a guild, or of direct messages. Docs, events/gateway, Sharding.
pub fn shard_of(guild: Option<Id>, of: u64) -> u64 {
    guild.map_or(0, |guild| (guild >> 22) % of)
}

/// Now, as Discord docs, reference/iso8601 ask.
pub fn now() -> String {
    format!("{:.3}", Timestamp::now())
}

/// An id out of JSON, where it may stand as a string or as a number.
pub fn id_of(value: &Value) -> Option<Id> {
    value.as_u64().or_else(|| value.as_str().and_then(|text| Id::from_str(text).ok()))
}

/// Ids for JSON.
pub fn strings(ids: &[Id]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
