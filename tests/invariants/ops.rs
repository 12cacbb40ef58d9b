//! What can happen, as a random hand picks it. Nothing names something that may not be there: numbers are taken modulo
//! what there is, and what there is nothing for does nothing.

use housevoice::engine::{Command, PlaceKind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

pub use super::meant::Meant;

/// Who speaks where: one of two brands that share every number, one of three people, a private chat or a place for all.
#[derive(Clone, Copy, Debug)]
pub struct From {
    pub brand: usize,
    pub who: usize,
    pub place: PlaceKind,
    /// Whether the bot is mentioned.
    pub mention: bool,
}

/// What an agent does.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
    /// Takes it; under the epoch as it is, an older one, or whatever it is.
    Claim(Epoch),
    Reply,
    Spoke,
    Note,
    HandBack,
    Release,
    /// To another team, to the one that has it, or to one that is not there.
    Transfer(u8),
    Close,
}

#[derive(Clone, Copy, Debug)]
pub enum Epoch {
    Fresh,
    Stale,
    Any,
}

/// How a button is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Right,
    /// By somebody it is not meant for.
    OtherPerson,
    OtherPlace,
    OtherBrand,
    /// With a number that nobody was given.
    Forged,
}

/// What the platform says to something that it is asked to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Sent,
    Later,
    Unsure,
    Never,
    Refused,
}

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Op {
    /// Somebody writes.
    Say(From, Meant),
    /// Somebody wrote a quarter of an hour ago, when nobody listened.
    SaidLate(From, Meant),
    /// A message is changed, counted from the last one.
    Edit(usize, Meant),
    Delete(usize),
    Use(From, Command),
    /// Messages of one person, with an edit and a deletion of the first, in an order of chance, each up to 5 times.
    Batch {
        from: From,
        meant: Vec<Meant>,
        edit: Option<Meant>,
        delete: bool,
        order: Vec<(u8, u8)>,
    },
    /// An agent acts on an open case, or on any conversation.
    Act {
        case: usize,
        agent: usize,
        deed: Deed,
    },
    /// An agent of one brand acts on the other's conversation.
    ActAcross {
        case: usize,
        deed: Deed,
    },
    /// Both agents claim the same case at the same time.
    Race {
        case: usize,
    },
    /// A button is pressed, counted from the last one shown.
    Press {
        button: usize,
        agent: usize,
        hand: Hand,
    },
    /// Time goes by, in seconds; back only a little.
    Pass(i64),
    /// Time goes on to what is due first, which becomes an event, and nothing more; then the clock is set back, in seconds.
    Fire {
        back: i64,
    },
    /// What came in last, or before, comes again.
    Again {
        back: usize,
        times: u8,
    },
    /// The platform's next answers.
    Platform(Vec<Answer>),
    /// The oldest event is handled, and nothing is sent.
    HandleOne,
    /// The process ends, with so many rows on their way, and starts again.
    Crash {
        on_their_way: usize,
    },
    Erase {
        brand: usize,
        who: usize,
    },
}

/// What happens, and whether everything that can be done is done before the next.
#[derive(Clone, Debug)]
pub struct Happens {
    pub op: Op,
    pub work: bool,
}

/// Mostly the same person in private, so that one thing comes upon another; else anybody anywhere.
fn from() -> impl Strategy<Value = From> {
    prop_oneof![6 => Just(SAME), 5 => anybody()]
}

const SAME: From = From { brand: 0, who: 0, place: PlaceKind::Direct, mention: false };

fn anybody() -> impl Strategy<Value = From> {
    let place = prop_oneof![
        5 => Just((PlaceKind::Direct, false)),
        4 => Just((PlaceKind::Help, true)),
        2 => Just((PlaceKind::Help, false)),
        1 => Just((PlaceKind::General, true)),
        1 => Just((PlaceKind::General, false)),
        1 => Just((PlaceKind::Muted, true)),
    ];
    let (brand, who) = (0..2_usize, prop_oneof![3 => Just(0), 2 => Just(1), 1 => Just(2)]);
    (brand, who, place).prop_map(|(brand, who, (place, mention))| From { brand, who, place, mention })
}

fn meant() -> impl Strategy<Value = Meant> {
    prop_oneof![
        6 => (0..3_u8).prop_map(Meant::Question),
        1 => Just(Meant::Slot),
        2 => Just(Meant::Nonsense),
        3 => Just(Meant::Safety),
        1 => Just(Meant::Danger),
        1 => Just(Meant::Legal),
        7 => (0..4_u8).prop_map(Meant::Person),
        1 => Just(Meant::Thanks),
        1 => Just(Meant::Hello),
        3 => Just(Meant::Stop),
        1 => Just(Meant::Start),
        1 => Just(Meant::NeverMind),
        1 => Just(Meant::Angry),
        1 => Just(Meant::Yes),
        1 => Just(Meant::No),
        1 => Just(Meant::Picture),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => Just(Deed::Claim(Epoch::Fresh)),
        2 => Just(Deed::Claim(Epoch::Stale)),
        2 => Just(Deed::Claim(Epoch::Any)),
        5 => Just(Deed::Reply),
        1 => Just(Deed::Spoke),
        2 => Just(Deed::Note),
        4 => Just(Deed::HandBack),
        1 => Just(Deed::Release),
        2 => (0..3_u8).prop_map(Deed::Transfer),
        2 => Just(Deed::Close),
    ]
}

fn hand() -> impl Strategy<Value = Hand> {
    prop_oneof![
        3 => Just(Hand::Right),
        1 => Just(Hand::OtherPerson),
        1 => select(vec![Hand::OtherPlace, Hand::OtherBrand, Hand::Forged]),
    ]
}

fn answers() -> impl Strategy<Value = Vec<Answer>> {
    let answer = prop_oneof![
        3 => Just(Answer::Sent),
        4 => Just(Answer::Later),
        2 => Just(Answer::Unsure),
        1 => Just(Answer::Never),
        1 => Just(Answer::Refused),
    ];
    vec(answer, 1..4)
}

/// A minute or days, over the hours of the team and every deadline of both voices; back by seconds.
fn seconds() -> impl Strategy<Value = i64> {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    select(vec![
        -90,
        -2,
        -1,
        1,
        2,
        31,
        MINUTE,
        11 * MINUTE,
        16 * MINUTE,
        31 * MINUTE,
        46 * MINUTE,
        3 * HOUR,
        9 * HOUR,
        17 * HOUR,
        25 * HOUR,
        49 * HOUR,
        73 * HOUR,
        97 * HOUR,
        15 * 24 * HOUR,
    ])
}

fn op() -> impl Strategy<Value = Op> {
    let batch =
        (from(), vec(meant(), 1..4), proptest::option::of(meant()), any::<bool>(), vec((any::<u8>(), 1..6_u8), 6));
    let command = select(vec![Command::Human, Command::Privacy, Command::Help]);
    prop_oneof![
        14 => (from(), meant()).prop_map(|(from, meant)| Op::Say(from, meant)),
        1 => (from(), meant()).prop_map(|(from, meant)| Op::SaidLate(from, meant)),
        2 => (0..4_usize, meant()).prop_map(|(back, meant)| Op::Edit(back, meant)),
        2 => (0..4_usize).prop_map(Op::Delete),
        1 => (from(), command).prop_map(|(from, command)| Op::Use(from, command)),
        1 => batch.prop_map(|(from, meant, edit, delete, order)| Op::Batch { from, meant, edit, delete, order }),
        14 => (0..5_usize, 0..2_usize, deed()).prop_map(|(case, agent, deed)| Op::Act { case, agent, deed }),
        1 => (0..5_usize, deed()).prop_map(|(case, deed)| Op::ActAcross { case, deed }),
        1 => (0..5_usize).prop_map(|case| Op::Race { case }),
        5 => (0..6_usize, 0..2_usize, hand()).prop_map(|(button, agent, hand)| Op::Press { button, agent, hand }),
        6 => seconds().prop_map(Op::Pass),
        2 => select(vec![0, 0, 1, 90]).prop_map(|back| Op::Fire { back }),
        2 => (0..4_usize, 1..6_u8).prop_map(|(back, times)| Op::Again { back, times }),
        5 => answers().prop_map(Op::Platform),
        5 => Just(Op::HandleOne),
        2 => (0..3_usize).prop_map(|on_their_way| Op::Crash { on_their_way }),
        1 => (0..2_usize, 0..3_usize).prop_map(|(brand, who)| Op::Erase { brand, who }),
    ]
}

/// One thing upon another, as chance alone would seldom have it.
fn story() -> impl Strategy<Value = Vec<Op>> {
    let say = |meant| Op::Say(SAME, meant);
    let act = |deed| Op::Act { case: 0, agent: 0, deed };
    let fails = || Op::Platform(vec![Answer::Later]);
    let (asks, safety) = (|| say(Meant::Person(0)), || say(Meant::Safety));
    select(vec![
        vec![asks(), act(Deed::Reply), act(Deed::HandBack), say(Meant::Question(0))],
        vec![asks(), act(Deed::HandBack), say(Meant::Question(1))],
        vec![asks(), act(Deed::Reply), safety()],
        vec![asks(), say(Meant::Stop)],
        vec![safety(), say(Meant::Stop)],
        vec![fails(), safety(), act(Deed::Claim(Epoch::Fresh))],
        vec![asks(), act(Deed::Reply), fails(), act(Deed::Reply), act(Deed::HandBack), safety()],
    ])
}

/// Everything that happens in one life.
pub fn life() -> impl Strategy<Value = Vec<Happens>> {
    let ops = || prop_oneof![24 => op().prop_map(|op| vec![op]), 1 => story()];
    let work = || prop_oneof![2 => Just(true), 1 => Just(false)];
    let happens = (ops(), work()).prop_map(|(ops, work)| ops.into_iter().map(move |op| Happens { op, work }));
    vec(happens, 1..40).prop_map(|life| life.into_iter().flatten().collect())
}
