//! Sessions, connections that are begun anew: one of a lane after the other, and so many in a day, whoever begins them.

use housevoice::store::{BeginSession, Duty, SessionBecame, SessionId, SessionTerms};
use housevoice::voice::Platform;
use jiff::SignedDuration;

use super::*;

const APART: SignedDuration = SignedDuration::from_secs(5);
const BEGINS_WITHIN: SignedDuration = SignedDuration::from_secs(15);
const MANY: u32 = 1000;

fn part(number: u32) -> Duty {
    Duty { brand: lumen(), platform: support::console(), part: number }
}

fn lane(lane: u32, in_a_day: u32) -> SessionTerms {
    SessionTerms { lane, apart: APART, begins_within: BEGINS_WITHIN, in_a_day }
}

fn after(seconds: i64) -> Timestamp {
    start() + SignedDuration::from_secs(seconds)
}

async fn asks(store: &dyn Store, number: u32, terms: SessionTerms, now: Timestamp) -> BeginSession {
    store.begin_session(&part(number), &terms, now).await.unwrap()
}

/// Begins a session that must be allowed, and gives its number.
async fn begins(store: &dyn Store, number: u32, terms: SessionTerms, now: Timestamp) -> SessionId {
    match asks(store, number, terms, now).await {
        BeginSession::Now(id) => id,
        BeginSession::NotBefore(until) => panic!("not before {until}"),
    }
}

async fn is_begun(store: &dyn Store, number: u32, id: SessionId, now: Timestamp) {
    store.session_became(&part(number), id, SessionBecame::Begun, now).await.unwrap();
}

pub async fn sessions_of_a_lane_are_begun_one_after_the_other(ground: &dyn Ground) {
    let store = ground.open().await;
    let first = begins(&*store, 0, lane(0, MANY), start()).await;
    assert_eq!(asks(&*store, 1, lane(0, MANY), after(1)).await, BeginSession::NotBefore(after(15)), "it is on its way");
    begins(&*store, 2, lane(1, MANY), after(1)).await;
    is_begun(&*store, 0, first, after(2)).await;
    drop(store);
    let store = ground.open().await;
    assert_eq!(asks(&*store, 1, lane(0, MANY), after(3)).await, BeginSession::NotBefore(after(7)));
    begins(&*store, 1, lane(0, MANY), after(7)).await;
    // Whoever asked has died: others do not wait for ever.
    assert_eq!(asks(&*store, 0, lane(0, MANY), after(21)).await, BeginSession::NotBefore(after(22)));
    begins(&*store, 0, lane(0, MANY), after(22)).await;
}

pub async fn of_many_who_ask_at_once_one_begins(ground: &dyn Ground) {
    let mut stores = Vec::new();
    for _ in 0..4 {
        stores.push(ground.open().await);
    }
    for round in 0..5 {
        let now = after(round * 60);
        let mut asking = tokio::task::JoinSet::new();
        for number in 0..16 {
            let store = Arc::clone(&stores[number % stores.len()]);
            let terms = lane(0, MANY);
            asking.spawn(async move { asks(&*store, u32::try_from(number).unwrap(), terms, now).await });
        }
        let answers = asking.join_all().await;
        let begun = answers.iter().filter(|answer| matches!(answer, BeginSession::Now(_))).count();
        assert_eq!(begun, 1, "{answers:?}");
    }
}

pub async fn a_day_has_room_for_so_many_sessions_whoever_begins_them(ground: &dyn Ground) {
    for number in 0..4 {
        let store = ground.open().await;
        let id = begins(&*store, number, lane(number, 4), after(60 * i64::from(number))).await;
        is_begun(&*store, number, id, after(60 * i64::from(number))).await;
    }
    let store = ground.open().await;
    let a_day = 24 * 60 * 60;
    assert_eq!(asks(&*store, 9, lane(9, 4), after(300)).await, BeginSession::NotBefore(after(a_day)));
    assert_eq!(asks(&*store, 9, lane(9, 2), after(300)).await, BeginSession::NotBefore(after(a_day + 120)));
    begins(&*store, 9, lane(9, 5), after(300)).await;
    assert_eq!(asks(&*store, 9, lane(9, 4), after(a_day)).await, BeginSession::NotBefore(after(a_day + 60)));
    begins(&*store, 9, lane(9, 4), after(a_day + 60)).await;
    assert!(matches!(asks(&*store, 9, lane(9, 0), after(a_day + 90)).await, BeginSession::NotBefore(_)));
}

pub async fn a_session_that_was_not_begun_leaves_nothing_and_one_that_failed_little(ground: &dyn Ground) {
    let store = ground.open().await;
    let vain = begins(&*store, 0, lane(0, 1), start()).await;
    store.session_became(&part(0), vain, SessionBecame::Nothing, after(1)).await.unwrap();
    assert!(store.sessions_since(&part(0), after(-60)).await.unwrap().is_empty());
    let failed = begins(&*store, 0, lane(0, 1), after(1)).await;
    store.session_became(&part(0), failed, SessionBecame::Failed, after(2)).await.unwrap();
    assert_eq!(store.sessions_since(&part(0), after(-60)).await.unwrap(), [after(2)], "pauses grow by it");
    assert_eq!(asks(&*store, 0, lane(0, 1), after(3)).await, BeginSession::NotBefore(after(7)));
    begins(&*store, 0, lane(0, 1), after(7)).await;
}

pub async fn each_part_knows_when_its_sessions_were_begun(ground: &dyn Ground) {
    let store = ground.open().await;
    for (number, at) in [(0, 0), (1, 10), (0, 20), (0, 30)] {
        let id = begins(&*store, number, lane(0, MANY), after(at)).await;
        is_begun(&*store, number, id, after(at + 1)).await;
    }
    drop(store);
    let store = ground.open().await;
    assert_eq!(store.sessions_since(&part(0), after(1)).await.unwrap(), [after(21), after(31)]);
    assert_eq!(store.sessions_since(&part(1), after(0)).await.unwrap(), [after(11)]);
    // What is older than a day is forgotten, and what a clock that went wrong has left is as well.
    begins(&*store, 1, lane(0, MANY), after(25 * 60 * 60)).await;
    assert!(store.sessions_since(&part(0), after(0)).await.unwrap().is_empty());
    begins(&*store, 1, lane(0, 1), after(0)).await;
}

pub async fn other_bots_begin_their_own_sessions(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = begins(&*store, 0, lane(0, 1), start()).await;
    let others = [Duty { brand: brand("other"), ..part(0) }, Duty { platform: Platform::from("elsewhere"), ..part(0) }];
    for other in others {
        assert!(store.sessions_since(&other, after(-60)).await.unwrap().is_empty());
        let begin = store.begin_session(&other, &lane(0, 1), start()).await.unwrap();
        assert!(matches!(begin, BeginSession::Now(_)), "{other}");
    }
    let other = Duty { brand: brand("other"), ..part(0) };
    store.session_became(&other, id, SessionBecame::Nothing, after(1)).await.unwrap();
    assert_eq!(store.sessions_since(&part(0), after(-60)).await.unwrap().len(), 1, "it is not theirs");
}
