//! [`Store`] on one SQLite file: one writer, several readers, every write durable when it returns.
//!
//! The SQL is kept to what PostgreSQL understands as well (`$1`, BIGINT, TEXT, ON CONFLICT, RETURNING, partial indexes), and
//! every function below takes a `Conn`: a twin for another database is another set of aliases over the same files.
//!
//! | file | idea |
//! |---|---|
//! | `open` | the file, its settings, its migrations |
//! | `beside` | a file that another process may serve: looked at, or used as it is |
//! | `writer`, `reading` | turns at the connection that writes, and connections that read |
//! | `values` | our values as columns and back |
//! | `state` | conversation and person as rows |
//! | `receive` | an event comes in |
//! | `buttons` | a button for each choice, and what it stands for |
//! | `unknown` | events of which nothing is known |
//! | `places` | places that change their number, and how far each was read |
//! | `load` | an event with all that the step needs |
//! | `commit` | what came of it, as a whole |
//! | `lines` | the transcript |
//! | `cover` | words that must not be kept |
//! | `cases` | the table of cases, out of the phase |
//! | `timers` | what is due |
//! | `outgoing` | what goes out, as it is written |
//! | `outbox` | what goes out, as it leaves |
//! | `queue`, `depths` | what could not be sent, and how much waits |
//! | `read` | what people ask for |
//! | `erase`, `retention` | what must go |
//! | `serving` | one process sends |

mod beside;
mod buttons;
mod cases;
mod commit;
mod cover;
mod depths;
mod erase;
mod lines;
mod load;
mod open;
mod outbox;
mod outgoing;
mod places;
mod queue;
mod read;
mod reading;
mod receive;
mod retention;
mod serving;
mod state;
mod timers;
mod unknown;
mod values;
mod writer;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Mutex;

use async_trait::async_trait;
pub use beside::{Seen, Tables};
use jiff::Timestamp;
use reading::Reading;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use writer::{Turn, Writer};

use super::queue::{Depths, PutBack, Unsent};
use super::records::*;
use super::{Store, StoreError};
use crate::engine::{Conversation, ConversationId, Delivery, Inbound, OutboxId, PersonId, Place, Press, Step};
use crate::voice::{BrandId, Platform};

/// What statements run on.
type Conn = SqliteConnection;
type Result<T> = std::result::Result<T, StoreError>;

/// One SQLite file, or one in memory.
#[derive(Debug)]
pub struct Sqlite {
    writer: Writer,
    /// None: the database is in memory, and its only connection is the one that writes.
    readers: Option<SqlitePool>,
    path: Option<PathBuf>,
    /// Held open and locked while this process is the one that sends; the system lets go of it whatever ends the process.
    serving: Mutex<Option<File>>,
}

impl Sqlite {
    fn new(writer: SqliteConnection, readers: Option<SqlitePool>, path: Option<PathBuf>) -> Self {
        Self { writer: Writer::on(writer), readers, path, serving: Mutex::new(None) }
    }

    /// Closes every connection, which also empties the write-ahead log into the file.
    pub async fn close(&self) {
        if let Some(readers) = &self.readers {
            readers.close().await;
        }
        self.writer.close().await;
    }

    async fn write(&self) -> Result<Turn> {
        self.writer.turn().await
    }

    async fn read(&self) -> Result<Reading> {
        match &self.readers {
            Some(readers) => Ok(Reading::Pool(readers.acquire().await?)),
            None => Ok(Reading::Turn(self.writer.turn().await?)),
        }
    }
}

/// SQLite's own number for what went wrong, without the finer part.
fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<i32>().ok().map(|code| code & 0xff)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let passing = matches!(primary_code(&error), Some(5 | 6 | 8 | 10 | 13 | 14))
            || matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed);
        if passing { StoreError::Unavailable(error.to_string()) } else { StoreError::Refused(error) }
    }
}

#[async_trait]
impl Store for Sqlite {
    async fn receive(&self, inbound: &Inbound, now: Timestamp) -> Result<Received> {
        let mut tx = self.write().await?;
        let received = receive::receive(&mut tx, inbound, now).await?;
        tx.commit().await?;
        Ok(received)
    }

    async fn press(&self, press: &Press, now: Timestamp) -> Result<Pressed> {
        let mut tx = self.write().await?;
        let pressed = buttons::press(&mut tx, press, now).await?;
        tx.commit().await?;
        Ok(pressed)
    }

    async fn keep_unknown(&self, unknown: &Unknown<'_>, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        unknown::keep(&mut tx, unknown, now).await?;
        tx.commit().await
    }

    async fn last_seen(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<LastSeen>> {
        places::last_seen(&mut *self.read().await?, brand, platform).await
    }

    async fn renumber_place(&self, brand: &BrandId, platform: &Platform, from: &str, to: &str) -> Result<()> {
        let mut tx = self.write().await?;
        places::renumber(&mut tx, brand, platform, from, to).await?;
        tx.commit().await
    }

    async fn renumbered(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>> {
        places::renumbered(&mut *self.read().await?, brand, platform).await
    }

    async fn is_about_case(&self, brand: &BrandId, platform: &Platform, post: &str) -> Result<bool> {
        Ok(outbox::of_post(&mut *self.read().await?, brand, platform, post).await?.is_some())
    }

    async fn waiting(&self, brand: &BrandId, now: Timestamp, limit: u32) -> Result<Vec<Waiting>> {
        load::waiting(&mut *self.read().await?, brand, now, limit).await
    }

    async fn load(&self, brand: &BrandId, inbox: InboxId, now: Timestamp) -> Result<Option<Loaded>> {
        load::load(&mut *self.read().await?, brand, inbox, now).await
    }

    async fn commit(&self, loaded: &Loaded, step: &Step, stamp: &Stamp<'_>) -> Result<Committed> {
        let mut tx = self.write().await?;
        let committed = commit::commit(&mut tx, loaded, step, stamp).await?;
        match committed {
            Committed::Done => tx.commit().await?,
            // Dropped, the turn leaves nothing.
            Committed::Conflict | Committed::Gone => drop(tx),
        }
        Ok(committed)
    }

    async fn skip(&self, brand: &BrandId, inbox: InboxId, why: &str, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        commit::skip(&mut tx, brand, inbox, why, now).await?;
        tx.commit().await
    }

    async fn stumbled(&self, brand: &BrandId, inbox: InboxId, stumble: &Stumble<'_>) -> Result<Option<Stumbled>> {
        let mut tx = self.write().await?;
        let stumbled = commit::stumbled(&mut tx, brand, inbox, stumble).await?;
        tx.commit().await?;
        Ok(stumbled)
    }

    async fn fire_due(&self, brand: &BrandId, now: Timestamp) -> Result<u64> {
        if timers::next_due(&mut *self.read().await?, brand).await?.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let mut tx = self.write().await?;
        let fired = timers::fire_due(&mut tx, brand, now).await?;
        tx.commit().await?;
        Ok(fired)
    }

    async fn next_due(&self, brand: &BrandId) -> Result<Option<Timestamp>> {
        timers::next_due(&mut *self.read().await?, brand).await
    }

    async fn begin_serving(&self) -> Result<()> {
        self.become_the_one().await?;
        let mut tx = self.write().await?;
        outbox::take_up_again(&mut tx).await?;
        tx.commit().await
    }

    async fn claim(
        &self,
        brand: &BrandId,
        platform: &Platform,
        now: Timestamp,
        at_most: usize,
    ) -> Result<Vec<Delivery>> {
        if !outbox::any_to_send(&mut *self.read().await?, brand, platform, now).await? {
            return Ok(Vec::new());
        }
        let mut tx = self.write().await?;
        let claimed = outbox::claim(&mut tx, brand, platform, now, at_most).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    async fn delivered(&self, brand: &BrandId, id: OutboxId, message_id: Option<&str>, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        outbox::delivered(&mut tx, brand, id, message_id, now).await?;
        tx.commit().await
    }

    async fn moved(&self, brand: &BrandId, conversation: ConversationId, to: &Place) -> Result<()> {
        let mut tx = self.write().await?;
        places::move_conversation(&mut tx, brand, conversation, to).await?;
        tx.commit().await
    }

    async fn out_of_date(&self, brand: &BrandId, id: OutboxId, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        outbox::out_of_date(&mut tx, brand, id, now).await?;
        tx.commit().await
    }

    async fn retry(&self, brand: &BrandId, id: OutboxId, retry: &Retry<'_>) -> Result<()> {
        let mut tx = self.write().await?;
        outbox::retry(&mut tx, brand, id, retry).await?;
        tx.commit().await
    }

    async fn failed(&self, brand: &BrandId, id: OutboxId, failed: &Failed<'_>, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        outbox::failed(&mut tx, brand, id, failed, now).await?;
        tx.commit().await
    }

    async fn unsent(&self, brand: &BrandId) -> Result<Vec<Unsent>> {
        queue::unsent(&mut *self.read().await?, brand).await
    }

    async fn put_back(&self, brand: &BrandId, id: OutboxId, now: Timestamp) -> Result<PutBack> {
        let mut tx = self.write().await?;
        let put_back = queue::put_back(&mut tx, brand, id, now).await?;
        tx.commit().await?;
        Ok(put_back)
    }

    async fn depths(&self) -> Result<Depths> {
        depths::of_all(&mut *self.read().await?).await
    }

    async fn conversations(&self, brand: &BrandId, person: PersonId) -> Result<Vec<ConversationId>> {
        state::conversations_of(&mut *self.read().await?, brand, person).await
    }

    async fn conversation(&self, brand: &BrandId, id: ConversationId) -> Result<Option<Conversation>> {
        state::conversation(&mut *self.read().await?, brand, id).await
    }

    async fn last_why(&self, brand: &BrandId, id: ConversationId) -> Result<Option<Decided>> {
        read::last_why(&mut *self.read().await?, brand, id).await
    }

    async fn transcript(&self, brand: &BrandId, id: ConversationId) -> Result<Vec<Line>> {
        lines::of_conversation(&mut *self.read().await?, brand, id).await
    }

    async fn notes(&self, brand: &BrandId, id: ConversationId) -> Result<Vec<Note>> {
        read::notes(&mut *self.read().await?, brand, id).await
    }

    async fn open_cases(&self, brand: &BrandId) -> Result<Vec<OpenCase>> {
        cases::open(&mut *self.read().await?, brand).await
    }

    async fn facts(&self, brand: &BrandId, from: Timestamp, to: Timestamp) -> Result<Vec<LoggedFact>> {
        read::facts(&mut *self.read().await?, brand, from, to).await
    }

    async fn parked(&self, brand: &BrandId) -> Result<Vec<Parked>> {
        read::parked(&mut *self.read().await?, brand).await
    }

    async fn person(&self, brand: &BrandId, platform: &Platform, user: &str) -> Result<Option<PersonId>> {
        state::person_of(&mut *self.read().await?, brand, platform, user).await
    }

    async fn erase_person(&self, brand: &BrandId, person: PersonId, now: Timestamp) -> Result<Option<Erased>> {
        let mut tx = self.write().await?;
        let erased = erase::erase_person(&mut tx, brand, person, now).await?;
        tx.commit().await?;
        self.forget_the_log().await;
        Ok(erased)
    }

    async fn apply_retention(&self, brand: &BrandId, limits: &[Limit], now: Timestamp) -> Result<Vec<Dropped>> {
        let mut dropped = Vec::new();
        for limit in limits {
            let mut rows = 0;
            // In small bites, so that messages are received in between.
            loop {
                let mut tx = self.write().await?;
                let bite = retention::drop_some(&mut tx, brand, limit, now).await?;
                tx.commit().await?;
                rows += bite;
                if bite == 0 {
                    break;
                }
            }
            dropped.push(Dropped { what: limit.what, rows });
        }
        self.forget_the_log().await;
        Ok(dropped)
    }
}

impl Sqlite {
    /// What was removed also leaves the write-ahead log. Readers can be in the way; the log is then emptied a little later,
    /// as always.
    async fn forget_the_log(&self) {
        if let Err(error) = self.writer.empty_log().await {
            tracing::warn!(%error, "the write-ahead log could not be emptied");
        }
    }
}
