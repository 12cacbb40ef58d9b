//! Moments are told, so hours pass at once.

use jiff::Timestamp;

use super::*;
use crate::adapters::Rate;
use crate::engine::{Agent, Lane, SaidBy};
use crate::engine::{Body, OutboxId, Outgoing, Place, PlaceKind, Recipient, Refusal, StaffPost};
use crate::voice::{BrandId, Content, Platform};

const LIMITS: Limits =
    Limits { bot: &[Rate { at_most: 30, within: Duration::from_secs(1) }], room: |_| &[], tells_whose: false };

fn row(number: i64, place: &str) -> Delivery {
    let place = Place { id: place.to_owned(), kind: PlaceKind::Direct, name: String::new() };
    Delivery {
        id: OutboxId(number),
        brand: BrandId::from("lumen"),
        platform: Platform::from("console"),
        conversation: ConversationId(number),
        place,
        recipient: Recipient { id: "u".to_owned(), name: "U".to_owned() },
        via: None,
        buttons: Vec::new(),
        body: Body::Send(Outgoing::new(Content::verbatim("hello"), SaidBy::Bot, Lane::Answer)),
        thread: None,
        decided_at: Timestamp::UNIX_EPOCH,
        attempt: 1,
        progress: None,
        unsure: None,
    }
}

fn for_team(number: i64) -> Delivery {
    let agent = Agent { id: "a".to_owned(), name: "Ana".to_owned() };
    Delivery { body: Body::Staff(StaffPost::Refused { agent, why: Refusal::NoCase }), ..row(number, "c") }
}

/// Sends and hears at once what came of it; whether it left.
fn goes(rooms: &mut Rooms, row: &Delivery, outcome: &Outcome, now: Instant) -> Leave {
    let may = rooms.leave(row, 1, now);
    if may == Leave::Now {
        rooms.is_back(row, 1, outcome, now);
    }
    may
}

fn no() -> Outcome {
    Outcome::Refused("not there".to_owned())
}

fn minutes(start: Instant, minutes: u64) -> Instant {
    start + Duration::from_secs(60 * minutes)
}

#[test]
fn a_room_that_is_too_much_rests_alone() {
    let (mut rooms, now) = (Rooms::under(LIMITS), Instant::now());
    let hour = Outcome::TooMany { wait: Duration::from_secs(3600), whole_bot: false };
    assert_eq!(goes(&mut rooms, &row(1, "a/7"), &hour, now), Leave::Now);
    let look = rooms.look(now);
    assert_eq!((look.resting, look.until), (vec!["a".to_owned()], Some(now + Duration::from_secs(3600))));
    assert!(look.at_most > 0);
    assert_eq!(goes(&mut rooms, &row(2, "b"), &Outcome::Taken, now), Leave::Now);
    assert_eq!(rooms.look(minutes(now, 60)).resting, Vec::<String>::new());
}

#[test]
fn several_rooms_within_moments_are_the_whole_bot_for_the_shortest_time_of_them() {
    let (mut rooms, now) = (Rooms::under(LIMITS), Instant::now());
    let wait = |seconds| Outcome::TooMany { wait: Duration::from_secs(seconds), whole_bot: false };
    for (number, seconds) in [(1, 9), (2, 5)] {
        goes(&mut rooms, &row(number, &number.to_string()), &wait(seconds), now);
    }
    assert!(!rooms.look(now).resting.contains(&EVERYWHERE.to_owned()));
    goes(&mut rooms, &row(3, "3"), &wait(3600), now);
    assert!(rooms.look(now).resting.contains(&EVERYWHERE.to_owned()));
    assert!(!rooms.look(now + Duration::from_secs(5)).resting.contains(&EVERYWHERE.to_owned()));
    // A platform that says whom it means is taken at its word.
    let mut told = Rooms::under(Limits { tells_whose: true, ..LIMITS });
    (1..9).for_each(|number| _ = goes(&mut told, &row(number, &number.to_string()), &wait(9), now));
    assert!(!told.look(now).resting.contains(&EVERYWHERE.to_owned()));
    goes(&mut told, &row(10, "10"), &Outcome::TooMany { wait: Duration::from_secs(2), whole_bot: true }, now);
    assert!(told.look(now).resting.contains(&EVERYWHERE.to_owned()));
}

#[test]
fn a_place_that_refuses_three_times_is_tried_again_later_and_later() {
    let (mut rooms, start) = (Rooms::under(LIMITS), Instant::now());
    for number in 0..3 {
        assert_eq!(goes(&mut rooms, &row(number, "a"), &no(), start), Leave::Now);
    }
    let mut tries = Vec::new();
    for minute in 0..(60 * 24 * 2) {
        let now = minutes(start, minute);
        match goes(&mut rooms, &row(9, "a"), &no(), now) {
            Leave::Now => tries.push(minute),
            Leave::Refused(reason) => assert_eq!(reason, "not there"),
            Leave::After(_) => panic!("it waits for nothing"),
        }
    }
    assert_eq!(tries, [10, 30, 70, 150, 310, 630, 990, 1350, 1710, 2070, 2430, 2790]);
    assert!(matches!(goes(&mut rooms, &row(1, "b"), &Outcome::Taken, start), Leave::Now));
    // Whoever writes is written to.
    let later = minutes(start, 2880);
    assert!(!rooms.heard_from("b", false, later) && rooms.heard_from("a", false, later));
    assert_eq!(goes(&mut rooms, &row(10, "a"), &Outcome::Taken, later), Leave::Now);
    assert_eq!(goes(&mut rooms, &row(11, "a"), &no(), later), Leave::Now);
    assert_eq!(goes(&mut rooms, &row(12, "a"), &no(), later), Leave::Now, "it counts from the beginning again");
}

#[test]
fn much_talk_in_a_public_place_that_refuses_makes_few_tries() {
    let (mut rooms, start) = (Rooms::under(LIMITS), Instant::now());
    let mut tries = 0;
    for second in 0..600 {
        let now = start + Duration::from_secs(second);
        rooms.heard_from("a", true, now);
        tries += u32::from(goes(&mut rooms, &row(1, "a"), &no(), now) == Leave::Now);
    }
    assert!((5..20).contains(&tries), "{tries}");
}

#[test]
fn one_at_a_time_finds_out_whether_a_place_is_open_again() {
    let (mut rooms, start) = (Rooms::under(LIMITS), Instant::now());
    (0..3).for_each(|number| _ = goes(&mut rooms, &row(number, "a"), &no(), start));
    let later = minutes(start, 11);
    assert_eq!(rooms.leave(&row(4, "a"), 1, later), Leave::Now);
    assert!(matches!(rooms.leave(&row(5, "a"), 1, later), Leave::After(_)), "it is not known yet");
    rooms.is_back(&row(4, "a"), 1, &Outcome::Taken, later);
    assert_eq!(rooms.leave(&row(5, "a"), 1, later), Leave::Now);
}

#[test]
fn a_platform_that_refuses_whoever_it_is_is_asked_less_than_20_times() {
    let (mut rooms, start) = (Rooms::under(LIMITS), Instant::now());
    let (mut asked, mut on_their_way, mut next) = (0, VecDeque::new(), 0);
    for ms in (0..20_000).step_by(50) {
        let now = start + Duration::from_millis(ms);
        for _ in 0..rooms.look(now).at_most {
            let row = row(next, &next.to_string());
            next += 1;
            if rooms.leave(&row, 1, now) == Leave::Now {
                asked += 1;
                on_their_way.push_back((now + Duration::from_millis(200), row));
            }
        }
        while on_their_way.front().is_some_and(|(at, _)| *at <= now) {
            let (_, row) = on_their_way.pop_front().unwrap();
            rooms.is_back(&row, 1, &no(), now);
        }
    }
    assert!((8..20).contains(&asked), "{asked}");
    // One that is taken opens it for all.
    let later = minutes(start, 30);
    assert_eq!(rooms.look(later).at_most, 1);
    assert_eq!(goes(&mut rooms, &row(5000, "z"), &Outcome::Taken, later), Leave::Now);
    assert!(rooms.look(later).at_most > 1);
}

#[test]
fn a_token_that_is_not_accepted_is_shown_once_in_ten_minutes() {
    let (mut rooms, start) = (Rooms::under(LIMITS), Instant::now());
    let out = Outcome::ShutOut("no".to_owned());
    goes(&mut rooms, &row(1, "a"), &out, start);
    let mut tries = Vec::new();
    for minute in 0..45 {
        let now = minutes(start, minute);
        if rooms.look(now).at_most > 0 {
            tries.push(minute);
            goes(&mut rooms, &row(2, "b"), &out, now);
        }
    }
    assert_eq!(tries, [10, 20, 30, 40]);
    let look = rooms.look(minutes(start, 45));
    assert_eq!(look, Look { at_most: 0, resting: Vec::new(), until: Some(minutes(start, 50)) });
    goes(&mut rooms, &row(3, "b"), &no(), minutes(start, 50));
    assert!(rooms.look(minutes(start, 50)).at_most > 1, "whoever refuses something knows who asks");
}

#[test]
fn a_desk_rests_when_several_threads_of_it_refuse_and_not_for_one() {
    let (mut rooms, start) = (Rooms::under(LIMITS), Instant::now());
    (0..9).for_each(|_| _ = goes(&mut rooms, &for_team(1), &no(), start));
    assert_eq!(rooms.look(start).resting, Vec::<String>::new(), "a thread of one case is closed");
    (2..4).for_each(|number| _ = goes(&mut rooms, &for_team(number), &no(), start));
    assert_eq!(rooms.look(start).resting, [DESK]);
    let later = start + Duration::from_secs(21);
    assert_eq!(rooms.look(later).resting, Vec::<String>::new());
    assert_eq!(rooms.leave(&for_team(5), 1, later), Leave::Now);
    assert_eq!(rooms.look(later).resting, [DESK], "one finds out");
    rooms.is_back(&for_team(5), 1, &no(), later);
    assert_eq!(rooms.look(later).until, Some(later + Duration::from_secs(40)));
    assert!(rooms.look(later).at_most > 0, "customers are answered");
}

#[test]
fn what_goes_along_a_way_of_its_own_is_not_under_the_limit_of_the_bot() {
    let (mut rooms, now) = (Rooms::under(LIMITS), Instant::now());
    for number in 0..60 {
        let by_token = Delivery { via: Some("token".to_owned()), ..row(number, &number.to_string()) };
        goes(&mut rooms, &by_token, &Outcome::Taken, now);
    }
    assert!(!rooms.look(now).resting.contains(&EVERYWHERE.to_owned()));
    for number in 0..30 {
        assert_eq!(goes(&mut rooms, &row(number, &number.to_string()), &Outcome::Taken, now), Leave::Now);
    }
    let look = rooms.look(now);
    assert!(look.resting.contains(&EVERYWHERE.to_owned()) && look.at_most > 0);
    assert_eq!(look.until, Some(now + Duration::from_secs(1)));
}
