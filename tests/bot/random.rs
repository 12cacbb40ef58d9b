//! Whatever happens in whatever order - two brands that share every number, messages delivered twice, agents, time, a
//! platform that fails, restarts - nothing crosses, nothing is lost, nothing is said twice, and everything comes in order. The
//! steps are simple ones, which repeat what was said; what the engine promises is in `tests/invariants`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use housevoice::adapters::{SendError, Sent};
use housevoice::bot::{Bot, ManualClock, Served};
use housevoice::engine::*;
use housevoice::store::Received;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;

use super::support::ground::{Ground, SqliteGround};
use super::support::*;

const BRANDS: [&str; 2] = ["lumen", "other"];

/// Something that happens.
#[derive(Clone, Debug)]
enum Op {
    /// Somebody writes, in a private chat or in a public place that all share.
    Say { brand: usize, who: usize, public: bool, words: &'static str },
    /// An event is delivered again, counted from the last one.
    Again(usize),
    /// An agent acts on one of the open cases.
    Act { brand: usize, case: usize, action: AgentAction },
    /// Time goes by.
    Pass(i64),
    /// The platform's next answers.
    Platform(Vec<Result<Sent, SendError>>),
    /// The process ends and starts again.
    Restart,
    /// Everything that can be done is done.
    Work,
}

fn op() -> impl Strategy<Value = Op> {
    let words = select(vec![
        "hello",
        "person please",
        "person",
        "how long does delivery take?",
        "where is my order",
        "thanks!",
        "stop",
        "wait 7",
        "",
        "I am so angry, this is a scam",
    ]);
    let action = prop_oneof![
        Just(AgentAction::Claim { epoch: None }),
        Just(AgentAction::Reply { text: "we are on it".into(), attachments: Vec::new() }),
        Just(AgentAction::Note(NoteText::new("NOTE for us"))),
        Just(AgentAction::HandBack),
        Just(AgentAction::Release),
        Just(AgentAction::Close { outcome: "solved".into() }),
    ];
    let later = Err(SendError::Later { reason: "down".into(), retry_after: Some(SignedDuration::from_secs(30)) });
    let answers = prop::collection::vec(
        prop_oneof![
            3 => Just(Ok(Sent::default())),
            3 => Just(later),
            1 => Just(Err(SendError::Never { reason: "blocked".into() })),
        ],
        1..5,
    );
    prop_oneof![
        8 => (0..2_usize, 0..3_usize, any::<bool>(), words)
            .prop_map(|(brand, who, public, words)| Op::Say { brand, who, public, words }),
        2 => (0..5_usize).prop_map(Op::Again),
        4 => (0..2_usize, 0..3_usize, action).prop_map(|(brand, case, action)| Op::Act { brand, case, action }),
        2 => select(vec![0_i64, 1, 6, 61, 60 * 25, 60 * 24 * 4]).prop_map(Op::Pass),
        2 => answers.prop_map(Op::Platform),
        1 => Just(Op::Restart),
        4 => Just(Op::Work),
    ]
}

/// A world in which things happen.
struct World {
    ground: SqliteGround,
    out: Arc<Recorder>,
    now: Timestamp,
    bot: Bot,
    clock: Arc<ManualClock>,
    received: Vec<Inbound>,
}

impl World {
    async fn new() -> Self {
        let (ground, out) = (SqliteGround::new(), Recorder::new());
        let (bot, clock) = wake(&ground, &out, start()).await;
        Self { ground, out, now: start(), bot, clock, received: Vec::new() }
    }

    async fn happens(&mut self, op: Op) {
        match op {
            Op::Say { brand, who, public, words } => self.say(BRANDS[brand], who, public, words).await,
            Op::Again(back) => {
                if let Some(again) = self.received.iter().rev().nth(back) {
                    assert_eq!(self.bot.receive(again).await.unwrap(), Received::Duplicate);
                }
            }
            Op::Act { brand: of, case, action } => {
                let open = self.bot.store().open_cases(&brand(BRANDS[of])).await.unwrap();
                if let Some(case) = open.get(case) {
                    let id = format!("act-{}", self.received.len());
                    let event = Event::Agent { agent: ana(), action };
                    let act = to_conversation(BRANDS[of], case.case.conversation, &id, event, self.now);
                    self.bot.receive(&act).await.unwrap();
                    self.received.push(act);
                }
            }
            Op::Pass(minutes) => {
                self.now += SignedDuration::from_mins(minutes);
                self.clock.set(self.now);
            }
            Op::Platform(answers) => self.out.will_say(answers),
            Op::Restart => (self.bot, self.clock) = wake(&self.ground, &self.out, self.now).await,
            Op::Work => {
                self.bot.drain_until_idle().await.unwrap();
            }
        }
    }

    /// What is said carries a mark that tells whose it is.
    async fn say(&mut self, of: &str, who: usize, public: bool, words: &str) {
        let (id, who) = (format!("m{}", self.received.len()), format!("u{who}"));
        let place = if public { help_channel("c1") } else { direct(&who) };
        let text = if words == "hello" { format!("hello {}", mark(of, &who, &place, &id)) } else { words.to_owned() };
        let mut said = message(of, &who, place, &id, &text, self.now);
        if let (Event::Message(message), true) = (&mut said.event, id.ends_with('3')) {
            message.mentions_bot = true;
        }
        assert!(matches!(self.bot.receive(&said).await.unwrap(), Received::Stored(..)));
        self.received.push(said);
    }

    /// Works until nothing is left to do, on a platform that takes everything, for as long as things are tried again.
    async fn settle(&mut self) {
        self.out.will_say(Vec::new());
        for _ in 0..3 {
            self.happens(Op::Work).await;
            self.happens(Op::Pass(61)).await;
        }
        self.happens(Op::Work).await;
    }
}

async fn wake(ground: &SqliteGround, out: &Arc<Recorder>, now: Timestamp) -> (Bot, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(now));
    let mut bot = Bot::new(ground.open().await, Arc::clone(&clock) as _);
    for id in BRANDS {
        bot = bot.on(brand(id), console(), Arc::clone(out) as _);
        bot.serve(Served::stepping(brand(id), "v1", simple_step));
    }
    (bot, clock)
}

fn mark(of: &str, who: &str, place: &Place, id: &str) -> String {
    format!("<{of} {who} {} {id}>", place.id)
}

async fn live(ops: Vec<Op>) {
    let mut world = World::new().await;
    for op in ops {
        world.happens(op).await;
    }
    world.settle().await;
    nothing_crosses(&world);
    notes_stay_with_the_team(&world);
    answers_come_in_order_and_once(&world);
    everything_is_dealt_with(&world).await;
    every_message_is_in_one_transcript(&world).await;
}

/// No word of one brand, person or place goes to another.
fn nothing_crosses(world: &World) {
    for delivery in world.out.sent.lock().unwrap().iter() {
        let all = format!("{:?}", delivery.body);
        let whose = format!("<{} {} {} ", delivery.brand, delivery.recipient.id, delivery.place.id);
        assert_eq!(all.matches('<').count(), all.matches(&whose).count(), "{delivery:?}");
    }
}

fn notes_stay_with_the_team(world: &World) {
    for words in world.out.words() {
        assert!(!words.contains("NOTE"), "{words}");
    }
}

fn answers_come_in_order_and_once(world: &World) {
    let mut last: BTreeMap<(String, String, String), (usize, OutboxId)> = BTreeMap::new();
    for delivery in world.out.sent.lock().unwrap().iter() {
        let Some(words) = words(&delivery.body) else { continue };
        let Some((_, number)) = words.strip_suffix('>').and_then(|words| words.rsplit_once(" m")) else { continue };
        let number: usize = number.parse().unwrap();
        let place = (delivery.brand.to_string(), delivery.place.id.clone(), delivery.recipient.id.clone());
        if let Some((before, id)) = last.insert(place, (number, delivery.id)) {
            assert!(number > before || id == delivery.id, "{words} after {before}");
        }
    }
}

/// Nothing waits, nothing is stuck, nothing was set aside.
async fn everything_is_dealt_with(world: &World) {
    let (store, now) = (world.bot.store(), world.now);
    for id in BRANDS.map(brand) {
        assert_eq!(store.waiting(&id, now, 9).await.unwrap(), []);
        assert_eq!(store.claim(&id, &console(), now, 9, &[]).await.unwrap(), []);
        assert_eq!(store.parked(&id).await.unwrap(), []);
        assert!(store.next_due(&id).await.unwrap().is_none_or(|due| due > now));
    }
    for (table, row) in world.ground.dump().await {
        let of = |name: &str| row.iter().find(|(column, _)| column == name).and_then(|(_, value)| value.clone());
        if table == "outbox" {
            let state = of("state").unwrap();
            assert!(["sent", "failed", "superseded"].contains(&state.as_str()), "{row:?}");
            let keeps_words = state == "failed";
            assert_eq!(of("body").is_some(), keeps_words, "only what was given up keeps its words: {row:?}");
        }
    }
}

async fn every_message_is_in_one_transcript(world: &World) {
    let mut written = Vec::new();
    for (table, row) in world.ground.dump().await {
        let of = |name: &str| row.iter().find(|(column, _)| column == name).and_then(|(_, value)| value.clone());
        if table == "transcript" && of("speaker").as_deref() == Some("customer") {
            written.extend(of("message_id").map(|id| (of("brand").unwrap(), id)));
        }
    }
    let received: BTreeSet<(String, String)> = world
        .received
        .iter()
        .filter(|inbound| matches!(inbound.event, Event::Message(_)))
        .map(|inbound| (inbound.brand.to_string(), inbound.event_id.clone()))
        .collect();
    assert_eq!(written.len(), received.len());
    assert_eq!(written.into_iter().collect::<BTreeSet<_>>(), received);
}

fn run(ops: Vec<Op>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(live(ops));
}

/// So many cases, or as many as the environment says.
fn cases(usually: u32) -> ProptestConfig {
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if told { config } else { ProptestConfig { cases: usually, ..config } }
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn whatever_happens_nothing_crosses_and_nothing_is_lost(ops in prop::collection::vec(op(), 1..60)) {
        run(ops);
    }
}
