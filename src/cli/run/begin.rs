//! Database, bot and adapters, put together.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::listen::Refusals;
use super::prepare::{Prepared, PreparedBrand};
use crate::adapters::{Checked, Live, discord, telegram};
use crate::bot::{Bot, Served, SystemClock};
use crate::cli::{Trouble, tell};
use crate::config::{Config, Keep, StoreAt};
use crate::engine::Brand;
use crate::store::{Duty, Keeps, Limit, Postgres, Sqlite, Store, StoreError, postgres};
use crate::voice::{BrandId, Platform};

/// A platform of a brand.
#[derive(Clone)]
pub(in crate::cli) struct Way {
    pub brand: BrandId,
    pub platform: &'static str,
    pub adapter: Arc<dyn Live>,
}

impl Way {
    /// What one process at a time does for it: keep each of its connections.
    pub fn duties(&self) -> impl Iterator<Item = Duty> + use<> {
        let (brand, platform) = (self.brand.clone(), Platform::from(self.platform));
        (0..self.adapter.parts()).map(move |part| Duty { brand: brand.clone(), platform: platform.clone(), part })
    }
}

/// Everything, before it goes to work.
pub(super) struct Begun {
    pub bot: Arc<Bot>,
    pub ways: Vec<Way>,
    /// What platforms refuse to tell.
    pub refusals: Refusals,
    pub store: Arc<dyn Store>,
    pub listen: SocketAddr,
}

/// Puts everything together; nothing is sent and nobody is listened to yet.
pub(super) async fn begin(prepared: Prepared) -> Result<Begun, Trouble> {
    let Prepared { config, brands } = prepared;
    let store = open(&config).await.map_err(|error| Trouble::new(error.to_string()))?;
    let mut bot = Bot::new(store.clone(), Arc::new(SystemClock));
    let mut ways = Vec::new();
    for brand in brands {
        let id = brand.voice.brand.id.clone();
        for way in ways_of(&brand, &config) {
            bot = bot.on(id.clone(), Platform::from(way.platform), as_deliver(&way.adapter));
            way.duties().for_each(|duty| bot.duties().know(duty));
            ways.push(way);
        }
        bot = bot.staffed_on(id.clone(), Platform::from(desk(&brand))).keeping(id, limits(&brand.config.keep));
        bot.serve(Served::new(learn(brand.voice).await?, brand.version));
    }
    Ok(Begun { bot: Arc::new(bot), ways, refusals: Refusals::default(), store, listen: config.web.listen })
}

/// Opens the database that bot.toml names.
async fn open(config: &Config) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match &config.store {
        StoreAt::File(path) => Arc::new(Sqlite::open(path).await?),
        StoreAt::Postgres(url) => {
            let options = postgres::Options {
                connections: config.database.connections,
                lease: Duration::from_secs(config.database.lease_seconds),
            };
            Arc::new(Postgres::open(url, options).await?)
        }
    })
}

fn as_deliver(adapter: &Arc<dyn Live>) -> Arc<dyn crate::adapters::Deliver> {
    Arc::clone(adapter) as _
}

/// Learning takes a moment and must not hold up the others.
async fn learn(voice: crate::voice::Voice) -> Result<Brand, Trouble> {
    let learned = tokio::task::spawn_blocking(move || Brand::new(voice)).await;
    learned.map_err(|_| Trouble::new("the voice could not be learned"))
}

/// The platforms of a brand; nobody is asked anything yet.
pub(in crate::cli) fn ways_of(brand: &PreparedBrand, config: &Config) -> Vec<Way> {
    let id = &brand.voice.brand.id;
    let voice = Arc::new(brand.voice.clone());
    let mut ways = Vec::new();
    if let (Some(section), Some(token)) = (&brand.config.discord, &brand.discord_token) {
        let adapter = discord::Discord::new(discord::Setup {
            brand: id.clone(),
            voice: Arc::clone(&voice),
            config: section.clone(),
            token: token.clone(),
        });
        ways.push(Way { brand: id.clone(), platform: discord::NAME, adapter: Arc::new(adapter) });
    }
    if let (Some(section), Some(token)) = (&brand.config.telegram, &brand.telegram_token) {
        let adapter = telegram::Telegram::new(telegram::Setup {
            brand: id.clone(),
            voice,
            config: section.clone(),
            token: token.clone(),
            webhook: brand.telegram_webhook_secret.clone().zip(config.web.public_url.clone()),
        });
        ways.push(Way { brand: id.clone(), platform: telegram::NAME, adapter: Arc::new(adapter) });
    }
    ways
}

/// The platform that the brand's team works on; reading bot.toml has made sure that there is exactly one.
fn desk(brand: &PreparedBrand) -> &'static str {
    let on_discord = brand.config.discord.as_ref().is_some_and(|discord| discord.desk.is_some());
    if on_discord { discord::NAME } else { telegram::NAME }
}

/// How long each kind of thing is kept.
fn limits(keep: &Keep) -> Vec<Limit> {
    let days = |what, days: u16| Limit { what, keep: jiff::SignedDuration::from_hours(i64::from(days) * 24) };
    vec![
        days(Keeps::Transcript, keep.messages),
        days(Keeps::Inbox, keep.messages.min(MAX_RAW_DAYS)),
        days(Keeps::Buttons, 0),
        days(Keeps::Unknown, keep.messages.min(MAX_RAW_DAYS)),
        days(Keeps::Outbox, keep.messages),
        days(Keeps::Decisions, keep.messages),
        days(Keeps::InboxKeys, keep.messages.max(MIN_KEY_DAYS)),
        days(Keeps::Notes, keep.cases),
        days(Keeps::Cases, keep.cases),
        days(Keeps::Facts, keep.facts),
        days(Keeps::Conversations, keep.people),
        days(Keeps::People, keep.people),
    ]
}

/// What came in is of no use once it is dealt with, but for looking into a defect.
const MAX_RAW_DAYS: u16 = 14;
/// Longer than any platform delivers again (Telegram: 24 hours; Discord's history: as far as is read).
const MIN_KEY_DAYS: u16 = 30;

impl Begun {
    /// Everything that one process at a time does.
    pub fn duties(&self) -> Vec<Duty> {
        self.ways.iter().flat_map(Way::duties).collect()
    }

    /// Asks every platform whether all is as it must be, and tells what it says: aloud, or in the log.
    pub async fn check(&self, aloud: bool) -> Result<(), Trouble> {
        let mut checks = tokio::task::JoinSet::new();
        for (number, way) in self.ways.iter().enumerate() {
            let (adapter, intake) = (Arc::clone(&way.adapter), self.bot.intake());
            checks.spawn(async move { (number, adapter.check(&*intake).await) });
        }
        let mut checked = checks.join_all().await;
        checked.sort_by_key(|(number, _)| *number);
        let mut fatal = Vec::new();
        for (number, checked) in checked {
            if let Some(way) = self.ways.get(number) {
                fatal.extend(told(way, &checked, aloud));
            }
        }
        if fatal.is_empty() {
            return Ok(());
        }
        Err(Trouble::new(fatal.join("\nhousevoice: ")))
    }

    /// Lets go of everything.
    pub async fn close(&self) {
        self.store.close().await;
    }
}

/// Tells what was found out; gives back what the bot cannot work with.
fn told(way: &Way, checked: &Checked, aloud: bool) -> Vec<String> {
    let of = format!("{} on {}", way.brand, way.platform);
    let (fatal, other): (Vec<_>, Vec<_>) = checked.problems.iter().partition(|problem| problem.fatal);
    for fact in &checked.facts {
        tracing::info!(brand = %way.brand, platform = way.platform, "{fact}");
    }
    for problem in &other {
        tracing::warn!(brand = %way.brand, platform = way.platform, "{}", problem.sentence);
    }
    if aloud {
        let facts = checked.facts.iter();
        facts.chain(other.iter().map(|problem| &problem.sentence)).for_each(|line| tell(&format!("{of}: {line}\n")));
    }
    fatal.into_iter().map(|problem| format!("{of}: {}", problem.sentence)).collect()
}
