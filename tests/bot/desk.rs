//! What the team does under a post that it sees, while nothing has it written down yet where the post went.

use std::sync::Arc;
use std::time::{Duration, Instant};

use housevoice::adapters::{Deliver, Incoming, Intake, SendError, Sent, Taken};
use housevoice::bot::{Bot, Served, SystemClock};
use housevoice::engine::*;
use housevoice::store::Store;
use housevoice::voice::Line;
use tokio::sync::{Mutex, watch};

use super::say;
use super::support::ground::{Ground, SqliteGround};
use super::support::postgres::PostgresGround;
use super::support::*;

const THREAD: &str = "thread-7";
/// Longer than a look takes, on however busy a machine.
const AT_ONCE: Duration = Duration::from_secs(2);

/// A desk on which posts stand before they are said to: each waits there until the test lets it go.
struct SlowDesk {
    seen: watch::Sender<Option<Delivery>>,
    lets_go: Mutex<tokio::sync::mpsc::Receiver<()>>,
    customers: Arc<Recorder>,
}

#[async_trait::async_trait]
impl Deliver for SlowDesk {
    async fn deliver(&self, delivery: &Delivery) -> Result<Sent, SendError> {
        if !matches!(delivery.body, Body::Staff(_)) {
            return self.customers.deliver(delivery).await;
        }
        self.seen.send_replace(Some(delivery.clone()));
        self.lets_go.lock().await.recv().await;
        Ok(Sent::message(THREAD))
    }
}

/// Waits for a post about somebody.
async fn shows(shown: &mut watch::Receiver<Option<Delivery>>, who: &str) -> Delivery {
    let about = |post: &Option<Delivery>| post.as_ref().is_some_and(|post| post.recipient.id == who);
    let post = tokio::time::timeout(Duration::from_secs(20), shown.wait_for(about)).await;
    post.expect("a post").unwrap().clone().unwrap()
}

/// A bot at work, with a case whose first post stands at the desk.
struct Posted {
    bot: Arc<Bot>,
    post: Delivery,
    shown: watch::Receiver<Option<Delivery>>,
    lets_go: tokio::sync::mpsc::Sender<()>,
    customers: Arc<Recorder>,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<Result<(), housevoice::bot::RunError>>,
}

impl Posted {
    async fn on(store: Arc<dyn Store>) -> Self {
        let (lets_go, let_go) = tokio::sync::mpsc::channel(9);
        let (seen, mut shown) = watch::channel(None);
        let customers = Recorder::new();
        let desk = SlowDesk { seen, lets_go: Mutex::new(let_go), customers: Arc::clone(&customers) };
        let bot = Arc::new(Bot::new(store, Arc::new(SystemClock)).on(brand("lumen"), console(), Arc::new(desk)));
        bot.serve(Served::stepping(brand("lumen"), "v1", simple_step));
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(Arc::clone(&bot).run(stopped));
        say(&bot, "u1", "m1", "person").await;
        let post = shows(&mut shown, "u1").await;
        Self { bot, post, shown, lets_go, customers, stop, task }
    }

    /// Lets the post go a moment later than whatever is asked meanwhile.
    async fn while_it_is_on_its_way<T>(&self, asked: impl Future<Output = T>) -> T {
        let let_go = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            self.lets_go.send(()).await.unwrap();
        };
        tokio::join!(asked, let_go).0
    }

    async fn about(&self, post: &str) -> bool {
        self.bot.is_about_case(&brand("lumen"), &console(), post).await.unwrap()
    }

    async fn replies(&self, id: &str, post: &str) -> Taken {
        let reply = AgentAction::Reply { text: format!("{id} from Ana"), attachments: Vec::new() };
        let event = Event::Agent { agent: ana(), action: reply };
        let at = self.bot.clock().now();
        let inbound =
            Inbound { to: To::Post(post.into()), ..to_conversation("lumen", ConversationId(0), id, event, at) };
        self.bot.take(&Incoming::Event(inbound)).await.unwrap()
    }

    async fn presses(&self, id: &str, place: &str) -> Taken {
        let press = Press {
            brand: brand("lumen"),
            platform: console(),
            event_id: id.into(),
            at: self.bot.clock().now(),
            token: self.post.buttons[0].clone(),
            by: ana().id,
            agent: Some(ana()),
            place: place.into(),
            via: None,
        };
        self.bot.take(&Incoming::Press(press)).await.unwrap()
    }

    async fn customer_hears(&self, words: &str) {
        let heard = async {
            while !self.customers.words().iter().any(|said| said == words) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), heard).await.expect(words);
    }

    async fn ends(self) {
        self.stop.send_replace(true);
        // Whoever is still waited for is let go.
        drop(self.lets_go);
        self.task.await.unwrap().unwrap();
    }
}

/// Keeps every promise on each kind of store.
macro_rules! on_each_store {
    ($($promise:ident),+) => {
        mod sqlite {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                super::$promise(&SqliteGround::new()).await;
            })+
        }
        mod postgres {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                let Some(ground) = PostgresGround::new() else { return };
                super::$promise(&ground).await;
            })+
        }
    };
}

on_each_store!(
    what_is_done_under_a_post_that_is_not_recorded_yet_is_about_its_case,
    what_is_done_elsewhere_waits_for_no_post_that_comes_later,
    nothing_waits_when_no_post_is_on_its_way,
    a_post_that_hangs_is_waited_for_once
);

async fn what_is_done_under_a_post_that_is_not_recorded_yet_is_about_its_case(ground: &dyn Ground) {
    let posted = Posted::on(ground.open().await).await;
    let (about, taken, pressed) = posted
        .while_it_is_on_its_way(async {
            tokio::join!(posted.about(THREAD), posted.replies("r1", THREAD), posted.presses("p1", THREAD))
        })
        .await;
    assert!(about, "it is about a case");
    assert_eq!((taken, pressed), (Taken::Kept, Taken::Kept));
    posted.customer_hears("r1 from Ana").await;
    posted.ends().await;
}

async fn what_is_done_elsewhere_waits_for_no_post_that_comes_later(ground: &dyn Ground) {
    let posted = Posted::on(ground.open().await).await;
    let another_post = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        say(&posted.bot, "u2", "m2", "person").await;
        shows(&mut posted.shown.clone(), "u2").await;
        posted.lets_go.send(()).await.unwrap();
        Instant::now()
    };
    let (taken, let_go) = tokio::join!(posted.replies("r1", "thread-8"), another_post);
    assert_eq!(taken, Taken::NoCase);
    assert!(let_go.elapsed() < AT_ONCE, "{:?}: the second post is still on its way", let_go.elapsed());
    posted.ends().await;
}

async fn nothing_waits_when_no_post_is_on_its_way(ground: &dyn Ground) {
    let posted = Posted::on(ground.open().await).await;
    posted.while_it_is_on_its_way(posted.about(THREAD)).await;
    let began = Instant::now();
    assert_eq!(posted.replies("r1", "thread-8").await, Taken::NoCase);
    assert_eq!(posted.presses("p1", "thread-8").await, Taken::Refused(Line::ChoiceExpired));
    assert!(!posted.about("thread-8").await);
    assert!(began.elapsed() < AT_ONCE, "{:?}", began.elapsed());
    posted.ends().await;
}

async fn a_post_that_hangs_is_waited_for_once(ground: &dyn Ground) {
    let posted = Posted::on(ground.open().await).await;
    assert_eq!(posted.replies("r1", "thread-8").await, Taken::NoCase);
    let began = Instant::now();
    assert_eq!(posted.replies("r2", "thread-8").await, Taken::NoCase);
    assert!(!posted.about("thread-8").await);
    assert!(began.elapsed() < AT_ONCE, "{:?}: it was waited for in vain before", began.elapsed());
    posted.ends().await;
}
