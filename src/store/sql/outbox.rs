//! What goes out: claimed by lane and age, checked once more, and remembered with what became of it.
//!
//! Four queues a conversation, each in order: to the customer, safety words to the customer, reactions, to the team. One that
//! waits for a retry holds up only its own. A post for the team knows where the first post about its case went. Once a row is done its words are dropped; the transcript has what the customer saw.
//! Only what was given up keeps them, as long as rows are kept, so that it can be tried again (`queue`).

use jiff::{SignedDuration, Timestamp};
use sqlx::FromRow;

use super::dialect::{each, locked, number, room, unless_busy};
use super::receive::{Address, Beside, insert};
use super::values::{from_json, from_word, time, to_json, us};
use super::{Conn, Result};
use super::{buttons, lines};
use crate::engine::{Body, ConversationId, DESK, Delivery, Event, OutboxId, Place, Recipient, Unsure, room_of};
use crate::store::{Failed, LineState, OURSELVES, Retry};
use crate::voice::{BrandId, Platform};

/// Whether another owner or a later epoch has overtaken a row.
macro_rules! is_overtaken {
    () => {
        "(o.gated = 1 AND (o.epoch < c.epoch OR o.owner_kind <> c.owner_kind OR o.owner_id <> c.owner_id))"
    };
}

/// Whether a row may leave: none of its own line is before it, and its time has come. One that was overtaken does not wait
/// for its next try, because others wait behind it. $1 the brand, $2 the platform, $3 now, $4 a time that no wait lasts
/// until, $5 rooms that rest.
macro_rules! may_leave {
    () => {
        concat!(
            "o.brand = $1 AND o.platform = $2 AND o.done_at IS NULL AND o.state = 'pending' \
               AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.brand = o.brand AND e.conversation_id = o.conversation_id \
                                 AND e.queue = o.queue AND e.outbox_id < o.outbox_id AND e.done_at IS NULL) \
               AND (",
            is_overtaken!(),
            " OR ((o.not_before <= $3 OR o.not_before > $4) \
                  AND CASE WHEN o.kind = 'staff' THEN 'desk' ELSE ",
            room!("c.place_id"),
            " END NOT IN ",
            each!("$5"),
            " AND (o.via IS NOT NULL OR '*' NOT IN ",
            each!("$5"),
            ")))"
        )
    };
}

#[derive(FromRow)]
struct OutRow {
    outbox_id: i64,
    transcript_id: Option<i64>,
    conversation_id: i64,
    kind: String,
    body: Option<String>,
    attempts: i64,
    created_at: i64,
    place_id: String,
    place_kind: String,
    place_name: String,
    platform_user: String,
    via: Option<String>,
    customer: String,
    overtaken: bool,
    unsure: bool,
    progress: Option<String>,
    thread: Option<String>,
}

impl OutRow {
    fn room(&self) -> &str {
        if self.kind == "staff" { DESK } else { room_of(&self.place_id) }
    }

    /// Whether the message may have buttons; read out of its words as they are stored, so that it can be too often true.
    fn may_have_buttons(&self) -> bool {
        self.kind == "staff" || !self.body.as_deref().unwrap_or_default().contains("\"choices\":[]")
    }
}

/// Whether anything waits to leave.
pub(super) async fn any_to_send(conn: &mut Conn, of: &Exit<'_>, now: Timestamp) -> Result<bool> {
    let found: Option<i64> = sqlx::query_scalar(concat!(
        "SELECT o.outbox_id FROM outbox o JOIN conversations c ON c.conversation_id = o.conversation_id AND c.brand = o.brand \
         WHERE ",
        may_leave!(),
        " LIMIT 1"
    ))
    .bind(of.brand.as_str())
    .bind(of.platform.as_str())
    .bind(us(now))
    .bind(us(wrong_clock(now)))
    .bind(of.resting()?)
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

/// A way out, and the rooms that nothing may be sent to for the moment.
pub(super) struct Exit<'a> {
    pub(super) brand: &'a BrandId,
    pub(super) platform: &'a Platform,
    pub(super) resting: &'a [String],
}

impl Exit<'_> {
    fn resting(&self) -> Result<String> {
        to_json("rooms that rest", &self.resting)
    }
}

/// No wait is ever as long: one that seems so was written down by a clock that was wrong.
fn wrong_clock(now: Timestamp) -> Timestamp {
    const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(48);
    now.saturating_add(LONGEST_WAIT).unwrap_or(Timestamp::MAX)
}

/// The next rows that may leave. They are the process's until it has said what became of them.
async fn next(conn: &mut Conn, of: &Exit<'_>, now: Timestamp, at_most: usize) -> Result<Vec<OutRow>> {
    Ok(sqlx::query_as(concat!(
        "SELECT o.outbox_id, o.transcript_id, o.conversation_id, o.kind, o.body, o.attempts, o.created_at, o.unsure <> 0 AS unsure, o.progress, \
                c.place_id, c.place_kind, c.place_name, c.platform_user, o.via, \
                (SELECT p.name FROM people p WHERE p.person_id = c.person_id AND p.brand = c.brand) AS customer, ",
        is_overtaken!(),
        " AS overtaken, \
                COALESCE(o.post, (SELECT t.platform_message_id FROM outbox t \
                 WHERE t.brand = o.brand AND t.conversation_id = o.conversation_id AND t.case_number = o.case_number \
                   AND t.platform = o.platform AND t.platform_message_id IS NOT NULL ORDER BY t.outbox_id LIMIT 1)) AS thread \
         FROM outbox o JOIN conversations c ON c.conversation_id = o.conversation_id AND c.brand = o.brand WHERE ",
        may_leave!(),
        " ORDER BY o.lane, o.outbox_id LIMIT $6",
        unless_busy!("o, c")
    ))
    .bind(of.brand.as_str())
    .bind(of.platform.as_str())
    .bind(us(now))
    .bind(us(wrong_clock(now)))
    .bind(of.resting()?)
    .bind(i64::try_from(at_most).unwrap_or(i64::MAX))
    .fetch_all(conn)
    .await?)
}

/// Takes rows for sending, at most so many; `me`: for whom.
pub(super) async fn claim(
    conn: &mut Conn,
    of: &Exit<'_>,
    now: Timestamp,
    at_most: usize,
    me: &str,
) -> Result<Vec<Delivery>> {
    let Exit { brand, platform, .. } = *of;
    let mut claimed: Vec<Delivery> = Vec::new();
    let mut resting = of.resting.to_vec();
    while claimed.len() < at_most {
        let left = Exit { resting: &resting, ..*of };
        let rows = next(conn, &left, now, at_most.saturating_sub(claimed.len())).await?;
        let found = rows.len();
        for row in rows {
            let id = OutboxId(row.outbox_id);
            if row.overtaken {
                finish(conn, brand, id, row.transcript_id, &End::superseded(OVERTAKEN, now)).await?;
                continue;
            }
            // Of each room one at a time: whether it takes another is asked when this one was weighed.
            if resting.iter().any(|room| room == row.room()) {
                continue;
            }
            // Most messages have none, and the table need not be asked.
            let buttons =
                if row.may_have_buttons() { buttons::of_message(conn, brand.as_str(), id).await? } else { Vec::new() };
            let row_unsure = row.unsure;
            let unsure = if row.unsure { Some(unsure(conn, brand, platform, &row).await?) } else { None };
            match delivery(brand, platform, row, buttons) {
                Ok(delivery) => {
                    set_sending(conn, brand, id, me).await?;
                    resting.push(delivery.room().to_owned());
                    claimed.push(Delivery { unsure, ..delivery });
                }
                Err(error) => {
                    tracing::error!(%brand, outbox = id.0, %error, "a row of the outbox cannot be read and is not sent");
                    let failed_as = Failed { reason: &error.to_string(), gone: false, unsure: row_unsure };
                    failed(conn, brand, id, &failed_as, now, me).await?;
                }
            }
        }
        // Whatever was found has left, was set aside, or waits behind one of its room that has.
        if found == 0 {
            break;
        }
    }
    Ok(claimed)
}

async fn set_sending(conn: &mut Conn, brand: &BrandId, id: OutboxId, me: &str) -> Result<()> {
    sqlx::query(
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, holder = $3 WHERE brand = $1 AND outbox_id = $2",
    )
    .bind(brand.as_str())
    .bind(id.0)
    .bind(me)
    .execute(conn)
    .await?;
    Ok(())
}

fn delivery(brand: &BrandId, platform: &Platform, row: OutRow, buttons: Vec<String>) -> Result<Delivery> {
    let body: Body = from_json("outgoing", row.outbox_id, row.body.as_deref().unwrap_or_default())?;
    let kind = from_word("kind of place of conversation", row.conversation_id, &row.place_kind)?;
    Ok(Delivery {
        id: OutboxId(row.outbox_id),
        brand: brand.clone(),
        platform: platform.clone(),
        conversation: ConversationId(row.conversation_id),
        place: Place { id: row.place_id, kind, name: row.place_name },
        recipient: Recipient { id: row.platform_user, name: row.customer },
        via: row.via,
        buttons,
        body,
        thread: row.thread,
        decided_at: time(row.created_at),
        attempt: u32::try_from(row.attempts).unwrap_or(u32::MAX).saturating_add(1),
        progress: row.progress,
        unsure: None,
    })
}

/// The newest messages that were known when a row was decided; here, those of ours since then as well, so that none of them
/// is taken for it. The order of lines says what was known: platforms give times in whole seconds, and what was written later
/// in the same second stands behind what is looked for.
async fn unsure(conn: &mut Conn, brand: &BrandId, platform: &Platform, row: &OutRow) -> Result<Unsure> {
    let decided = row.transcript_id.unwrap_or(i64::MAX);
    let here: Option<i64> = sqlx::query_scalar(concat!(
        "SELECT MAX(",
        number!("message_id"),
        ") FROM transcript \
         WHERE brand = $1 AND platform = $2 AND place_id = $3 AND message_id IS NOT NULL \
           AND (transcript_id < $4 OR speaker IN ('bot', 'agent'))",
    ))
    .bind(brand.as_str())
    .bind(platform.as_str())
    .bind(&row.place_id)
    .bind(decided)
    .fetch_one(&mut *conn)
    .await?;
    let anywhere: Option<i64> = sqlx::query_scalar(concat!(
        "SELECT MAX(",
        number!("t.message_id"),
        ") FROM transcript t \
         JOIN conversations c ON c.brand = t.brand AND c.conversation_id = t.conversation_id \
         WHERE t.brand = $1 AND t.at <= $2 AND t.at > $3 AND t.message_id IS NOT NULL AND t.platform = $4 \
           AND c.place_kind = 'direct' AND t.transcript_id < $5",
    ))
    .bind(brand.as_str())
    .bind(row.created_at)
    .bind(row.created_at.saturating_sub(LOOKS_BACK_US))
    .bind(platform.as_str())
    .bind(decided)
    .fetch_one(conn)
    .await?;
    Ok(Unsure { here, anywhere })
}

/// How far back the newest message of a platform is looked for, in microseconds: a day.
const LOOKS_BACK_US: i64 = 24 * 60 * 60 * 1_000_000;

/// Why a row was superseded: the owner or epoch that it was decided under is no more.
pub(super) const OVERTAKEN: &str = "the owner changed";
/// Why a row was superseded: what it answers is too long ago.
pub(super) const TOO_LATE: &str = "out of date";

/// How a row ends.
struct End<'a> {
    state: &'static str,
    line: LineState,
    message_id: Option<&'a str>,
    error: Option<&'a str>,
    at: Timestamp,
}

impl End<'_> {
    fn superseded(why: &'static str, at: Timestamp) -> Self {
        Self { state: "superseded", line: LineState::Superseded, message_id: None, error: Some(why), at }
    }
}

async fn finish(conn: &mut Conn, brand: &BrandId, id: OutboxId, line: Option<i64>, end: &End<'_>) -> Result<()> {
    sqlx::query(
        "UPDATE outbox SET state = $1, body = CASE WHEN $1 = 'failed' THEN body ELSE NULL END, done_at = $2, \
                           platform_message_id = $3, last_error = $4 \
         WHERE brand = $5 AND outbox_id = $6",
    )
    .bind(end.state)
    .bind(us(end.at))
    .bind(end.message_id)
    .bind(end.error)
    .bind(brand.as_str())
    .bind(id.0)
    .execute(&mut *conn)
    .await?;
    match line {
        Some(line) => lines::set_state(conn, brand, line, end.line, end.message_id).await,
        None => Ok(()),
    }
}

/// A row that is on its way or waits to be.
#[derive(FromRow)]
struct OpenRow {
    line: Option<i64>,
    conversation: i64,
    kind: String,
    created_at: i64,
    attempts: i64,
}

/// Looks up a row that is on its way or waits to be. Whoever else sends it by now says what becomes of it; whoever has sent
/// it has sent it. `of`: whose it must be.
async fn open_row(conn: &mut Conn, brand: &BrandId, id: OutboxId, of: Option<&str>) -> Result<Option<OpenRow>> {
    Ok(sqlx::query_as(
        concat!(
            "SELECT transcript_id AS line, conversation_id AS conversation, kind, created_at, attempts FROM outbox \
             WHERE brand = $1 AND outbox_id = $2 AND done_at IS NULL AND (holder IS NULL OR COALESCE($3, holder) = holder)",
            locked!("outbox")
        ),
    )
    .bind(brand.as_str())
    .bind(id.0)
    .bind(of)
    .fetch_optional(conn)
    .await?)
}

pub(super) async fn delivered(
    conn: &mut Conn,
    brand: &BrandId,
    id: OutboxId,
    message_id: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let line: Option<Option<i64>> = sqlx::query_scalar(
        "UPDATE outbox SET state = 'sent', body = NULL, done_at = $1, platform_message_id = $2, last_error = NULL \
         WHERE brand = $3 AND outbox_id = $4 AND done_at IS NULL RETURNING transcript_id",
    )
    .bind(us(now))
    .bind(message_id)
    .bind(brand.as_str())
    .bind(id.0)
    .fetch_optional(&mut *conn)
    .await?;
    match line.flatten() {
        Some(line) => lines::set_state(conn, brand, line, LineState::Sent, message_id).await,
        None => Ok(()),
    }
}

pub(super) async fn out_of_date(
    conn: &mut Conn,
    brand: &BrandId,
    id: OutboxId,
    now: Timestamp,
    me: &str,
) -> Result<()> {
    let Some(row) = open_row(conn, brand, id, Some(me)).await? else { return Ok(()) };
    finish(conn, brand, id, row.line, &End::superseded(TOO_LATE, now)).await?;
    // Nobody misses a reaction.
    if row.kind == "send" {
        let event = Event::CameTooLate { decided_at: time(row.created_at) };
        tell(conn, brand, &format!("too_late:{id}"), row.conversation, &event, now).await?;
    }
    Ok(())
}

/// Remembers how far a delivery got that is on its way.
pub(super) async fn note_progress(conn: &mut Conn, brand: &BrandId, id: OutboxId, progress: &str) -> Result<()> {
    sqlx::query("UPDATE outbox SET progress = $1 WHERE brand = $2 AND outbox_id = $3 AND done_at IS NULL")
        .bind(progress)
        .bind(brand.as_str())
        .bind(id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts rows back that this process holds without knowing it: what it claimed without being told, or what is left of an
/// earlier duty. `except`: those that are on their way, or were. Whether they were sent is not known.
pub(super) async fn put_back_unheard(conn: &mut Conn, of: &Exit<'_>, except: &[OutboxId], me: &str) -> Result<u64> {
    let back = sqlx::query(concat!(
        "UPDATE outbox SET state = 'pending', holder = NULL, unsure = 1 \
         WHERE brand = $1 AND platform = $2 AND done_at IS NULL AND state = 'sending' AND holder = $3 \
           AND CAST(outbox_id AS TEXT) NOT IN ",
        each!("$4"),
    ))
    .bind(of.brand.as_str())
    .bind(of.platform.as_str())
    .bind(me)
    .bind(to_json("rows on their way", &except.iter().map(|id| id.0.to_string()).collect::<Vec<_>>())?)
    .execute(conn)
    .await?;
    Ok(back.rows_affected())
}

/// Has a conversation told of what became of something that it said.
async fn tell(
    conn: &mut Conn,
    brand: &BrandId,
    event_id: &str,
    conversation: i64,
    event: &Event,
    now: Timestamp,
) -> Result<()> {
    let address = Address { brand: brand.as_str(), platform: OURSELVES, event_id };
    insert(conn, &address, ConversationId(conversation), event, Beside::default(), us(now), now).await?;
    Ok(())
}

pub(super) async fn retry(conn: &mut Conn, brand: &BrandId, id: OutboxId, retry: &Retry<'_>, me: &str) -> Result<()> {
    sqlx::query(
        "UPDATE outbox SET state = 'pending', not_before = $1, last_error = $2, unsure = $5, holder = NULL \
         WHERE brand = $3 AND outbox_id = $4 AND state = 'sending' AND (holder IS NULL OR holder = $6)",
    )
    .bind(us(retry.not_before))
    .bind(retry.error)
    .bind(brand.as_str())
    .bind(id.0)
    .bind(i64::from(retry.unsure))
    .bind(me)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn failed(
    conn: &mut Conn,
    brand: &BrandId,
    id: OutboxId,
    failed: &Failed<'_>,
    now: Timestamp,
    me: &str,
) -> Result<()> {
    let error = failed.reason;
    let Some(row) = open_row(conn, brand, id, Some(me)).await? else { return Ok(()) };
    let end = End { state: "failed", line: LineState::Failed, message_id: None, error: Some(error), at: now };
    finish(conn, brand, id, row.line, &end).await?;
    sqlx::query("UPDATE outbox SET unsure = $1 WHERE brand = $2 AND outbox_id = $3")
        .bind(i64::from(failed.unsure))
        .bind(brand.as_str())
        .bind(id.0)
        .execute(&mut *conn)
        .await?;
    // Only a message tells whether the customer can be reached: a reaction may fail because the message is gone, and a post
    // for the team says nothing about the customer.
    if row.kind == "send" {
        let event = Event::DeliveryFailed { reason: error.to_owned(), gone: failed.gone };
        // One that was tried again and failed again is told again.
        let event_id = format!("undelivered:{id}:{}", row.attempts);
        tell(conn, brand, &event_id, row.conversation, &event, now).await?;
    }
    Ok(())
}

/// The conversation that a post for the team is about.
pub(super) async fn of_post(conn: &mut Conn, brand: &BrandId, platform: &Platform, post: &str) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar(
        "SELECT conversation_id FROM outbox \
         WHERE brand = $1 AND platform = $2 AND platform_message_id = $3 AND kind = 'staff' ORDER BY outbox_id LIMIT 1",
    )
    .bind(brand.as_str())
    .bind(platform.as_str())
    .bind(post)
    .fetch_optional(conn)
    .await?)
}
