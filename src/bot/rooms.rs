//! What may leave through one way out at this moment: what the platform allows in all and into each room, what it has asked
//! to leave alone, and what it refuses. Kept in memory: a pause costs no write, and after a restart the platform says it
//! again. Pure; the moment is an argument.
//!
//! Limits and pauses are those of a *room* (a chat with all its topics). Refusals are those of a *place*: one topic may be
//! closed while the others are not.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::pace::{Fits, Pace};
use super::room::Room;
use super::shut::{Gate, Shut};
use crate::adapters::Limits;
use crate::engine::{ConversationId, DESK, Delivery};
use crate::store::EVERYWHERE;

/// Rows on their way at the same time: what 50 a second need when the platform takes almost a second for each.
const MOST_SENDERS: usize = 48;
/// As many as dare to leave before anything was taken: a platform that refuses everything is not asked 48 times at once.
const FIRST_SENDERS: usize = 8;
/// How many refusals in a row shut a place.
const REFUSALS: usize = 3;
/// How many places that refuse, one after the other, are the platform's refusal of the bot.
const PLACES: usize = 8;
/// This many rooms that are too many for the platform within [`MOMENTS`] are the bot as a whole.
const ROOMS: usize = 3;
const MOMENTS: Duration = Duration::from_secs(2);
/// The longest pause that is taken as one of the whole bot without the platform's saying so.
const LONGEST_GUESS: Duration = Duration::from_secs(60);
/// How many places that refuse are remembered.
const MOST_PLACES: usize = 10_000;
/// How soon something is tried again while another tries whether a place is open.
const PROBE_TAKES: Duration = Duration::from_secs(1);

/// What came of something that left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The platform took it, or said of the message itself that it does not.
    Taken,
    /// Too many for its room, or for the whole bot.
    TooMany { wait: Duration, whole_bot: bool },
    /// Nothing gets to the place.
    Refused(String),
    /// The platform does not know the bot.
    ShutOut(String),
    /// Nothing is known of the place by it: the network, the platform's trouble.
    Trouble,
    /// The platform was not asked.
    NotAsked,
}

/// Whether something that was claimed may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// At once.
    Now,
    /// It cannot: nothing gets there.
    Refused(String),
    /// Not for so long.
    After(Duration),
}

/// What may be claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// How many.
    pub(super) at_most: usize,
    /// But nothing for these rooms.
    pub(super) resting: Vec<String>,
    /// When that changes by itself.
    pub(super) until: Option<Instant>,
}

/// What may leave through one way out.
#[derive(Debug)]
pub(super) struct Rooms {
    limits: Limits,
    pace: Pace,
    senders: usize,
    on_their_way: usize,
    rooms: HashMap<String, Room>,
    places: BTreeMap<String, Place>,
    quiet_until: Option<Instant>,
    /// Rooms that were too many for the platform lately, where it does not say whether it means the bot.
    limited: VecDeque<(Instant, String, Instant)>,
    /// Places that have refused since anything was taken.
    in_a_row: BTreeSet<String>,
    gate: Option<Gate>,
}

#[derive(Debug, Default)]
struct Place {
    /// Whose rows were refused in a row; where the team works, of each conversation one, because it may be its thread alone.
    refused: Vec<ConversationId>,
    shut: Option<Shut>,
}

impl Rooms {
    /// Nothing has left so far.
    pub(super) fn under(limits: Limits) -> Self {
        Self {
            limits,
            pace: Pace::of(limits.bot),
            senders: FIRST_SENDERS,
            on_their_way: 0,
            rooms: HashMap::new(),
            places: BTreeMap::new(),
            quiet_until: None,
            limited: VecDeque::new(),
            in_a_row: BTreeSet::new(),
            gate: None,
        }
    }

    /// What may be claimed.
    pub(super) fn look(&mut self, now: Instant) -> Look {
        let mut look =
            Look { at_most: self.senders.saturating_sub(self.on_their_way), resting: Vec::new(), until: None };
        if let Some(gate) = &self.gate {
            if gate.shut.is_tried() || self.on_their_way > 0 {
                return Look { at_most: 0, ..look };
            }
            if gate.shut.waits(now) {
                return Look { at_most: 0, until: Some(gate.shut.again_at()), ..look };
            }
            look.at_most = 1;
        }
        let quiet = self.quiet_until.filter(|until| *until > now).map_or_else(|| self.pace.fits(1, now), Fits::At);
        look.rests(EVERYWHERE, quiet);
        if quiet == Fits::Now
            && let Some(free) = self.pace.free(now)
        {
            look.at_most = look.at_most.min(usize::try_from(free).unwrap_or(usize::MAX));
        }
        self.rooms.retain(|_, room| !room.is_idle(now));
        for (name, room) in &mut self.rooms {
            look.rests(name, room.fits(1, now));
        }
        if let Some(shut) = self.places.get(DESK).and_then(|desk| desk.shut.as_ref()) {
            look.rests(DESK, shut.fits(now));
        }
        look
    }

    /// Something was claimed that is so many messages: whether it may leave, and from now on it has, if so.
    pub(super) fn leave(&mut self, delivery: &Delivery, many: u32, now: Instant) -> Leave {
        let place = self.places.get(place_of(delivery)).and_then(|place| place.shut.as_ref());
        if let Some(shut) = place {
            if shut.is_tried() {
                return Leave::After(PROBE_TAKES);
            }
            if shut.waits(now) {
                return Leave::Refused(shut.reason().to_owned());
            }
        }
        let rates = self.limits.room;
        let room = self.rooms.entry(delivery.room().to_owned()).or_insert_with_key(|name| Room::of(rates(name)));
        match room.fits(many, now) {
            Fits::Now => {}
            Fits::At(at) => return Leave::After(at.saturating_duration_since(now)),
            Fits::AfterAnother => return Leave::After(PROBE_TAKES),
        }
        room.pace.leave(many);
        room.on_their_way += 1;
        self.on_their_way += 1;
        // Of the bot as a whole what leaves counts, as soon as it does: "about" is all that it is said to be.
        let of_bot = of_bot(delivery, many);
        self.pace.leave(of_bot);
        self.pace.arrive(of_bot, now);
        if let Some(shut) = self.places.get_mut(place_of(delivery)).and_then(|place| place.shut.as_mut()) {
            shut.try_it();
        }
        if let Some(gate) = &mut self.gate {
            gate.shut.try_it();
        }
        Leave::Now
    }

    /// What has left is back.
    pub(super) fn is_back(&mut self, delivery: &Delivery, many: u32, outcome: &Outcome, now: Instant) {
        self.on_their_way = self.on_their_way.saturating_sub(1);
        if let Some(room) = self.rooms.get_mut(delivery.room()) {
            room.on_their_way = room.on_their_way.saturating_sub(1);
            match outcome {
                Outcome::NotAsked => room.pace.come_to_nothing(many),
                Outcome::Taken
                | Outcome::TooMany { .. }
                | Outcome::Refused(_)
                | Outcome::ShutOut(_)
                | Outcome::Trouble => room.pace.arrive(many, now),
            }
        }
        match outcome {
            Outcome::Taken => self.was_taken(delivery),
            Outcome::Refused(reason) => self.was_refused(delivery, reason, now),
            Outcome::TooMany { .. } | Outcome::ShutOut(_) | Outcome::Trouble | Outcome::NotAsked => {
                self.is_as_it_was(delivery);
            }
        }
        match outcome {
            Outcome::TooMany { wait, whole_bot } => self.too_many(delivery.room(), *wait, *whole_bot, now),
            Outcome::ShutOut(reason) => self.gate = Some(Gate::shut_out(reason, self.gate.take(), now)),
            Outcome::Taken | Outcome::Refused(_) | Outcome::Trouble | Outcome::NotAsked => {}
        }
    }

    /// Something came in from a place: whether anything gets there is worth another try. Says whether that is news.
    pub(super) fn heard_from(&mut self, place: &str, in_public: bool, now: Instant) -> bool {
        let shut = self.places.get_mut(place).and_then(|place| place.shut.as_mut());
        shut.is_some_and(|shut| shut.hears(in_public, now))
    }

    fn was_taken(&mut self, delivery: &Delivery) {
        if let Some(shut) = self.places.remove(place_of(delivery)).and_then(|place| place.shut) {
            tracing::info!(brand = %delivery.brand, platform = %delivery.platform, conversation = delivery.conversation.0,
                reason = shut.reason(), "a place that refused everything takes something again");
        }
        self.in_a_row.clear();
        self.gate = None;
        self.senders = (self.senders + 1).min(MOST_SENDERS);
    }

    fn too_many(&mut self, room: &str, wait: Duration, whole_bot: bool, now: Instant) {
        let until = now.checked_add(wait).unwrap_or(now);
        if whole_bot {
            self.quiet_until = self.quiet_until.max(Some(until));
            return;
        }
        if let Some(here) = self.rooms.get_mut(room) {
            here.rests_until = here.rests_until.max(Some(until));
        }
        if self.limits.tells_whose {
            return;
        }
        self.limited.retain(|(at, name, _)| now.saturating_duration_since(*at) < MOMENTS && name != room);
        self.limited.push_back((now, room.to_owned(), until));
        if self.limited.len() >= ROOMS {
            let shortest = self.limited.iter().map(|(_, _, until)| *until).min();
            let longest = now.checked_add(LONGEST_GUESS);
            self.quiet_until = self.quiet_until.max(shortest.min(longest));
        }
    }

    fn was_refused(&mut self, delivery: &Delivery, reason: &str, now: Instant) {
        let name = place_of(delivery);
        let is_desk = name == DESK;
        let place = self.places.entry(name.to_owned()).or_default();
        if place.refused.len() < REFUSALS && !(is_desk && place.refused.contains(&delivery.conversation)) {
            place.refused.push(delivery.conversation);
        }
        match &mut place.shut {
            Some(shut) => shut.refused_again(now),
            None if place.refused.len() >= REFUSALS => {
                tracing::warn!(brand = %delivery.brand, platform = %delivery.platform, conversation = delivery.conversation.0,
                    reason, "a place refuses everything; it is left alone for a while");
                place.shut = Some(if is_desk { Shut::desk(reason, now) } else { Shut::place(reason, now) });
            }
            None => {}
        }
        if !is_desk {
            self.in_a_row.insert(name.to_owned());
            self.senders = FIRST_SENDERS.saturating_sub(self.in_a_row.len()).max(1);
        }
        self.gate = match self.gate.take() {
            None if self.in_a_row.len() >= PLACES => Some(Gate::refused(reason, now)),
            gate => gate.and_then(|gate| gate.refused_again(now)),
        };
        if self.places.len() > MOST_PLACES {
            self.places.pop_first();
        }
    }

    /// A try found nothing out.
    fn is_as_it_was(&mut self, delivery: &Delivery) {
        if let Some(shut) = self.places.get_mut(place_of(delivery)).and_then(|place| place.shut.as_mut()) {
            shut.found_nothing_out();
        }
        if let Some(gate) = &mut self.gate {
            gate.shut.found_nothing_out();
        }
    }
}

impl Look {
    fn rests(&mut self, room: &str, fits: Fits) {
        let until = match fits {
            Fits::Now => return,
            Fits::At(at) => Some(at),
            Fits::AfterAnother => None,
        };
        self.until = self.until.into_iter().chain(until).min();
        self.resting.push(room.to_owned());
    }
}

/// Where it is refused, if it is.
fn place_of(delivery: &Delivery) -> &str {
    if delivery.room() == DESK { DESK } else { &delivery.place.id }
}

/// How many it counts for the bot as a whole: what goes along a way of its own is not under that limit.
fn of_bot(delivery: &Delivery, many: u32) -> u32 {
    if delivery.via.is_some() { 0 } else { many.max(1) }
}

#[cfg(test)]
mod tests;
