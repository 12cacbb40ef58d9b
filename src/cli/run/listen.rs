//! Every part of every platform is listened to, whenever it is this process's to listen. A listener that ends by itself is a
//! defect, and another one begins after a pause. What the platform refuses is refused to every process, so the duty stays
//! here, where `/readyz` says why nobody is heard; it is tried again now and then, because people mend it: they switch an
//! intent on, they stop another program that has the bot.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use metrics::counter;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::begin::Begun;
use crate::adapters::{Ended, Intake, Live};
use crate::bot::{Bot, OnDuty};
use crate::store::Duty;

/// The first pause after a listener that ended by itself, and the longest; whoever has listened for longer than that begins
/// with the first again.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// When is asked again what the platform has refused: as seldom as a token is shown again that was not accepted.
const REFUSED_WAIT: Duration = Duration::from_secs(10 * 60);

/// What platforms refuse to tell this process, while they do: one sentence for each duty.
#[derive(Clone, Default)]
pub(super) struct Refusals(watch::Sender<BTreeMap<Duty, String>>);

impl Refusals {
    /// Why nobody listens, if the platform refuses it.
    pub(super) fn of(&self, duty: &Duty) -> Option<String> {
        self.0.borrow().get(duty).cloned()
    }

    /// Until all of them are refused.
    pub(super) async fn of_all(&self, duties: &[Duty]) {
        let _ = self.0.subscribe().wait_for(|refused| duties.iter().all(|duty| refused.contains_key(duty))).await;
    }

    fn begin(&self, duty: &Duty, why: &str) {
        self.0.send_modify(|refused| _ = refused.insert(duty.clone(), why.to_owned()));
    }

    fn end(&self, duty: &Duty) {
        self.0.send_modify(|refused| _ = refused.remove(duty));
    }
}

/// Begins to listen to everything, until told to stop.
pub(super) fn begin(begun: &Begun, stop: &CancellationToken) -> JoinSet<()> {
    let mut listeners = JoinSet::new();
    for way in &begun.ways {
        tokio::spawn(Arc::clone(&way.adapter).attend(begun.bot.intake(), stop.clone()));
        for duty in way.duties() {
            let listening = Listening {
                bot: Arc::clone(&begun.bot),
                duty,
                adapter: Arc::clone(&way.adapter),
                intake: begun.bot.intake(),
                refusals: begun.refusals.clone(),
                stop: stop.clone(),
            };
            listeners.spawn(listening.keep(PAUSES));
        }
    }
    listeners
}

/// Listening to one part of a platform.
struct Listening {
    bot: Arc<Bot>,
    duty: Duty,
    adapter: Arc<dyn Live>,
    intake: Arc<dyn Intake>,
    refusals: Refusals,
    stop: CancellationToken,
}

/// How it came to an end.
enum End {
    /// It was told to.
    Told,
    /// The platform refuses it.
    Refused(String),
    /// Nobody knows why.
    Defect(&'static str),
}

impl Listening {
    /// Listens whenever it is this process that has to.
    async fn keep(self, (first, longest): (Duration, Duration)) {
        let mut pause = first;
        while let Some(on_duty) = self.stop.run_until_cancelled(self.bot.duties().begin(&self.duty)).await {
            let since = Instant::now();
            let wait = match self.listen(&on_duty).await {
                End::Told => continue,
                End::Refused(why) => {
                    self.tell("refused", &why);
                    self.refusals.begin(&self.duty, &why);
                    REFUSED_WAIT
                }
                End::Defect(what) => {
                    self.tell("defect", what);
                    let now = if since.elapsed() > longest { first } else { pause };
                    pause = now.saturating_mul(2).min(longest);
                    now
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                // Another process tries it, and so does this one when it comes back.
                () = on_duty.over() => {}
                () = self.stop.cancelled() => {}
            }
            self.refusals.end(&self.duty);
        }
    }

    /// Listens in a task of its own, so that a panic ends no more than that.
    async fn listen(&self, on_duty: &OnDuty) -> End {
        let until = self.stop.child_token();
        let (adapter, intake) = (Arc::clone(&self.adapter), Arc::clone(&self.intake));
        let mut listening = tokio::spawn(adapter.listen(self.duty.part, intake, until.clone()));
        let ended = tokio::select! {
            ended = &mut listening => ended,
            () = on_duty.over() => {
                until.cancel();
                listening.await
            }
        };
        match ended {
            Ok(Err(Ended(why))) => End::Refused(why),
            Ok(Ok(())) if self.stop.is_cancelled() || !on_duty.holds() => End::Told,
            Ok(Ok(())) => End::Defect("a listener ended by itself: a defect; it begins again"),
            Err(_) => End::Defect("a listener panicked: a defect; it begins again"),
        }
    }

    /// Tells whoever looks after the bot. `why`: `refused`, `defect`.
    fn tell(&self, why: &'static str, sentence: &str) {
        let Duty { brand, platform, part } = &self.duty;
        tracing::error!(%brand, %platform, part, "{sentence}");
        let (brand, platform) = (brand.to_string(), platform.to_string());
        counter!("housevoice_listeners_ended_total", "brand" => brand, "platform" => platform, "why" => why)
            .increment(1);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;

    use super::*;
    use crate::adapters::{Checked, Deliver, SendError, Sent};
    use crate::bot::SystemClock;
    use crate::engine::Delivery;
    use crate::store::Sqlite;
    use crate::voice::{BrandId, Platform};

    /// How listening goes.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Goes {
        On,
        ByItself,
        Panics,
        Refused,
    }

    /// A platform; how listening goes each time, the last one for ever.
    struct Town {
        goes: Mutex<Vec<Goes>>,
        listens: watch::Sender<bool>,
    }

    #[async_trait]
    impl Deliver for Town {
        async fn deliver(&self, delivery: &Delivery) -> Result<Sent, SendError> {
            Ok(Sent::message(delivery.id))
        }
    }

    #[async_trait]
    impl Live for Town {
        async fn check(&self, _: &dyn Intake) -> Checked {
            Checked::default()
        }

        async fn listen(self: Arc<Self>, _: u32, _: Arc<dyn Intake>, stop: CancellationToken) -> Result<(), Ended> {
            let next = {
                let mut goes = self.goes.lock().unwrap();
                if goes.len() > 1 { goes.remove(0) } else { goes[0] }
            };
            match next {
                Goes::On => {
                    self.listens.send_replace(true);
                    stop.cancelled().await;
                    self.listens.send_replace(false);
                    Ok(())
                }
                Goes::ByItself => Ok(()),
                Goes::Panics => panic!("told to"),
                Goes::Refused => Err(Ended("no such token".to_owned())),
            }
        }

        fn is_connected(&self, _: u32) -> bool {
            *self.listens.borrow()
        }
    }

    fn duty() -> Duty {
        Duty { brand: BrandId::from("lumen"), platform: Platform::from("town"), part: 0 }
    }

    /// A bot at work that listens to the platform.
    struct AtWork {
        town: Arc<Town>,
        bot: Arc<Bot>,
        refusals: Refusals,
        stop: CancellationToken,
        listening: tokio::task::JoinHandle<()>,
        _works: watch::Sender<bool>,
    }

    async fn at_work(goes: &[Goes]) -> AtWork {
        let town = Arc::new(Town { goes: Mutex::new(goes.to_vec()), listens: watch::Sender::new(false) });
        let store = Arc::new(Sqlite::in_memory().await.unwrap());
        let bot = Bot::new(store, Arc::new(SystemClock)).on(duty().brand, duty().platform, Arc::clone(&town) as _);
        let bot = Arc::new(bot);
        let (works, stopped) = watch::channel(false);
        tokio::spawn(Arc::clone(&bot).run(stopped));
        let (refusals, stop) = (Refusals::default(), CancellationToken::new());
        let listening = Listening {
            bot: Arc::clone(&bot),
            duty: duty(),
            adapter: Arc::clone(&town) as _,
            intake: bot.intake(),
            refusals: refusals.clone(),
            stop: stop.clone(),
        };
        let listening = tokio::spawn(listening.keep((Duration::from_millis(10), Duration::from_millis(40))));
        AtWork { town, bot, refusals, stop, listening, _works: works }
    }

    async fn soon(what: impl Future<Output = ()>) {
        tokio::time::timeout(Duration::from_secs(10), what).await.expect("it does not happen");
    }

    #[tokio::test]
    async fn a_listener_that_ends_by_itself_begins_again() {
        let work = at_work(&[Goes::Panics, Goes::ByItself, Goes::Panics, Goes::On]).await;
        let mut listens = work.town.listens.subscribe();
        soon(async { _ = listens.wait_for(|listens| *listens).await }).await;
        assert_eq!(work.refusals.of(&duty()), None);
        work.stop.cancel();
        soon(async { work.listening.await.unwrap() }).await;
        assert!(!work.town.is_connected(0));
    }

    #[tokio::test]
    async fn what_is_refused_is_said_and_the_duty_stays_where_it_is_said() {
        let work = at_work(&[Goes::Refused]).await;
        soon(work.refusals.of_all(&[duty()])).await;
        assert_eq!(work.refusals.of(&duty()).as_deref(), Some("no such token"));
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(
            work.bot.duties().is_ours(&duty()) && work.refusals.of(&duty()).is_some(),
            "it is not asked again soon"
        );
        work.stop.cancel();
        soon(async { work.listening.await.unwrap() }).await;
    }
}
