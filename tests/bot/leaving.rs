//! What leaves at the same time, and what does not; and what is claimed without being heard of.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use housevoice::adapters::{Deliver, SendError, Sent};
use housevoice::bot::{Bot, Served, SystemClock};
use housevoice::engine::*;
use jiff::SignedDuration;
use tokio::sync::watch;

use super::memory;
use super::support::ground::{Ground, SqliteGround};
use super::support::*;

/// What a platform answers to the how-manieth.
type Says = Box<dyn Fn(&Delivery, usize) -> Result<Sent, SendError> + Send + Sync>;

/// A platform that takes its time, and says what a test wants.
struct Platform {
    takes: Duration,
    says: Says,
    now: Mutex<BTreeMap<String, usize>>,
    seen: Mutex<Vec<Delivery>>,
    most: Mutex<(usize, usize)>,
}

impl Platform {
    /// `says`: what it answers to the how-manieth.
    fn new(
        takes: u64,
        says: impl Fn(&Delivery, usize) -> Result<Sent, SendError> + Send + Sync + 'static,
    ) -> Arc<Self> {
        let takes = Duration::from_millis(takes);
        let says = Box::new(says);
        Arc::new(Self { takes, says, now: Mutex::default(), seen: Mutex::default(), most: Mutex::default() })
    }

    fn asked(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

#[async_trait::async_trait]
impl Deliver for Platform {
    async fn deliver(&self, delivery: &Delivery) -> Result<Sent, SendError> {
        let number = {
            let mut seen = self.seen.lock().unwrap();
            seen.push(delivery.clone());
            seen.len()
        };
        {
            let mut now = self.now.lock().unwrap();
            *now.entry(delivery.room().to_owned()).or_default() += 1;
            let (all, one) = (now.values().sum(), now.values().copied().max().unwrap_or_default());
            let mut most = self.most.lock().unwrap();
            *most = (most.0.max(all), most.1.max(one));
        }
        tokio::time::sleep(self.takes).await;
        *self.now.lock().unwrap().get_mut(delivery.room()).unwrap() -= 1;
        (self.says)(delivery, number)
    }
}

/// A bot at work on a file, through this platform.
struct AtWork {
    ground: SqliteGround,
    bot: Arc<Bot>,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<Result<(), housevoice::bot::RunError>>,
}

impl AtWork {
    async fn with(platform: &Arc<Platform>) -> Self {
        let ground = SqliteGround::new();
        let bot = Bot::new(ground.open().await, Arc::new(SystemClock));
        let bot = Arc::new(bot.on(brand("lumen"), console(), Arc::clone(platform) as _));
        bot.serve(Served::stepping(brand("lumen"), "v1", simple_step));
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(Arc::clone(&bot).run(stopped));
        Self { ground, bot, stop, task }
    }

    async fn says(&self, who: &str, place: Place, text: &str) {
        let id = format!("{who}: {text}");
        let now = self.bot.clock().now();
        self.bot.receive(&message("lumen", who, place, &id, text, now)).await.unwrap();
    }

    /// How many rows are in a state.
    async fn rows(&self, state: &str) -> i64 {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM outbox WHERE state = $1").bind(state);
        count.fetch_one(&mut self.ground.connect().await).await.unwrap()
    }

    async fn until_rows(&self, state: &str, many: i64) {
        let there = async {
            while self.rows(state).await < many {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(60), there).await.is_err() {
            let rows = self.ground.dump().await.into_iter().filter(|(table, _)| table == "outbox").collect::<Vec<_>>();
            panic!("not {many} rows are {state}: {rows:#?}");
        }
    }

    async fn stop(self) {
        self.stop.send_replace(true);
        self.task.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_platform_gets_many_at_the_same_time_and_few_into_one_room() {
    let platform = Platform::new(200, |delivery, _| Ok(Sent::message(delivery.id)));
    let work = AtWork::with(&platform).await;
    for n in 0..120 {
        work.says(&format!("u{n}"), direct(&format!("d{n}")), "hello").await;
        work.says(&format!("g{n}"), help_channel(&format!("group/{n}")), "hello").await;
    }
    work.until_rows("sent", 240).await;
    let (all, one_room) = *platform.most.lock().unwrap();
    assert!((12..=48).contains(&all), "{all} at the same time");
    assert!((2..=4).contains(&one_room), "{one_room} into one room");
    work.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_1000_rows_for_a_place_that_refuses_less_than_20_are_asked_for_and_each_is_told() {
    let platform = Platform::new(5, |_, _| Err(SendError::Never { reason: "the bot may not write there".into() }));
    let work = AtWork::with(&platform).await;
    for n in 0..1000 {
        work.says(&format!("u{n}"), help_channel("c1"), "hello").await;
    }
    work.until_rows("failed", 1000).await;
    assert!((3..20).contains(&platform.asked()), "{} times", platform.asked());
    let told = "SELECT COUNT(*) FROM inbox WHERE kind = 'delivery_failed'";
    let told: i64 = sqlx::query_scalar(told).fetch_one(&mut work.ground.connect().await).await.unwrap();
    assert_eq!(told, 1000);
    work.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_that_refuses_whoever_it_is_is_asked_less_than_20_times_and_nobody_is_given_up() {
    let platform = Platform::new(5, |_, _| Err(SendError::Never { reason: "forbidden".into() }));
    let work = AtWork::with(&platform).await;
    for n in 0..300 {
        work.says(&format!("u{n}"), direct(&format!("d{n}")), "hello").await;
    }
    work.until_rows("pending", 280).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!((8..20).contains(&platform.asked()), "{} times", platform.asked());
    assert!(work.rows("pending").await >= 280, "they wait");
    work.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn safety_words_take_the_first_place_after_a_pause_of_everything() {
    let pause = |delivery: &Delivery, number| match number {
        1 => Err(SendError::Quiet { reason: "quiet".into(), retry_after: SignedDuration::from_secs(3) }),
        _ => Ok(Sent::message(delivery.id)),
    };
    let platform = Platform::new(5, pause);
    let work = AtWork::with(&platform).await;
    work.says("u0", direct("d0"), "hello").await;
    work.until_rows("pending", 1).await;
    for n in 1..40 {
        work.says(&format!("u{n}"), direct(&format!("d{n}")), "hello").await;
    }
    work.until_rows("pending", 40).await;
    let safety = "UPDATE outbox SET lane = 0, queue = 'safety' WHERE outbox_id = (SELECT MAX(outbox_id) FROM outbox)";
    sqlx::query(safety).execute(&mut work.ground.connect().await).await.unwrap();
    assert_eq!(platform.asked(), 1, "nothing is asked for meanwhile");
    work.until_rows("sent", 40).await;
    let seen = platform.seen.lock().unwrap().clone();
    let last = seen.iter().map(|row| row.id).max().unwrap();
    // Those that leave at the same time may overtake each other by a moment.
    assert!(seen[1..=8].iter().any(|row| row.id == last), "{:?}", seen.iter().map(|row| row.id).collect::<Vec<_>>());
    assert_eq!(seen.len(), 41);
    drop(seen);
    work.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_claimed_without_being_heard_of_leaves_all_the_same() {
    let wait = |delivery: &Delivery, _| match (delivery.attempt, delivery.place.id.as_str()) {
        (1, "d1") => Err(SendError::Later { reason: "later".into(), retry_after: Some(SignedDuration::from_secs(4)) }),
        (1, _) => Err(SendError::Later { reason: "later".into(), retry_after: Some(SignedDuration::from_secs(2)) }),
        _ => Ok(Sent::message(delivery.id)),
    };
    let platform = Platform::new(5, wait);
    let work = AtWork::with(&platform).await;
    work.says("u1", direct("d1"), "hello").await;
    work.says("u2", direct("d2"), "hello").await;
    work.until_rows("pending", 2).await;
    // The store takes the first for this process, and is then busy with somebody else for longer than anybody waits: the
    // answer does not arrive.
    let mut other = work.ground.connect().await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let lost = "UPDATE outbox SET state = 'sending', holder = '', not_before = 0, attempts = attempts + 1 \
                WHERE conversation_id = (SELECT conversation_id FROM conversations WHERE place_id = 'd1')";
    sqlx::query(lost).execute(&mut other).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    for number in 0..2 {
        let late = message("lumen", "u3", direct("d3"), &format!("late {number}"), "x", start());
        assert!(work.bot.receive(&late).await.unwrap_err().passes());
    }
    sqlx::query("COMMIT").execute(&mut other).await.unwrap();
    work.until_rows("sent", 2).await;
    let attempts: Vec<(String, u32, bool)> = {
        let seen = platform.seen.lock().unwrap();
        seen.iter().map(|row| (row.place.id.clone(), row.attempt, row.unsure.is_some())).collect()
    };
    assert!(attempts.contains(&("d1".into(), 3, true)), "{attempts:?}");
    work.stop().await;
}

#[tokio::test]
async fn what_comes_too_late_is_told_its_conversation_at_once() {
    let out = Recorder::new();
    let clock = Arc::new(housevoice::bot::ManualClock::at(start()));
    let bot = Bot::new(memory().await, Arc::clone(&clock) as _).on(brand("lumen"), console(), Arc::clone(&out) as _);
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    bot.serve(Served::stepping(brand("lumen"), "v1", move |conversation, event, scene| {
        if let Event::CameTooLate { decided_at } = event {
            heard.lock().unwrap().push(decided_at);
        }
        simple_step(conversation, event, scene)
    }));
    out.will_say(vec![Err(SendError::Later {
        reason: "down".into(),
        retry_after: Some(SignedDuration::from_hours(1)),
    })]);
    bot.receive(&message("lumen", "u1", help_channel("c1"), "m1", "hello", start())).await.unwrap();
    bot.drain_until_idle().await.unwrap();
    clock.set(minute(61));
    bot.drain_until_idle().await.unwrap();
    assert_eq!(*told.lock().unwrap(), [start()]);
}
