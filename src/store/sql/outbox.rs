//! What became of what goes out (`claim` tells what leaves next).
//!
//! Four queues a conversation, each in order: to the customer, safety words to the customer, reactions, to the team. One that
//! waits for a retry holds up only its own. A post for the team knows where the first post about its case went. Once a row is done its words are dropped; the transcript has what the customer saw.
//! Only what was given up keeps them, as long as rows are kept, so that it can be tried again (`queue`).

use jiff::Timestamp;

use super::dialect::{each, locked, query, query_as, query_scalar, row};
use super::receive::{Address, Beside, insert};
use super::values::{time, to_json, us};
use super::{Conn, Result, lines};
use crate::engine::{ConversationId, Event, OutboxId};
use crate::store::{Failed, LineState, OURSELVES, Retry};
use crate::voice::{BrandId, Platform};

/// Why a row was superseded: the owner or epoch that it was decided under is no more.
pub(super) const OVERTAKEN: &str = "the owner changed";
/// Why a row was superseded: what it answers is too long ago.
pub(super) const TOO_LATE: &str = "out of date";

/// How a row ends.
pub(super) struct End<'a> {
    state: &'static str,
    line: LineState,
    message_id: Option<&'a str>,
    error: Option<&'a str>,
    at: Timestamp,
}

impl End<'_> {
    pub(super) fn superseded(why: &'static str, at: Timestamp) -> Self {
        Self { state: "superseded", line: LineState::Superseded, message_id: None, error: Some(why), at }
    }
}

pub(super) async fn finish(
    conn: &mut Conn,
    brand: &BrandId,
    id: OutboxId,
    line: Option<i64>,
    end: &End<'_>,
) -> Result<()> {
    query(
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

row! {
    /// A row that is on its way or waits to be.
    struct OpenRow {
        line: Option<i64>,
        conversation: i64,
        kind: String,
        created_at: i64,
        attempts: i64,
    }
}

/// Looks up a row that is on its way or waits to be. Whoever else sends it by now says what becomes of it; whoever has sent
/// it has sent it. `of`: whose it must be.
async fn open_row(conn: &mut Conn, brand: &BrandId, id: OutboxId, of: Option<&str>) -> Result<Option<OpenRow>> {
    Ok(query_as(
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
    let line: Option<Option<i64>> = query_scalar(
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
    query("UPDATE outbox SET progress = $1 WHERE brand = $2 AND outbox_id = $3 AND done_at IS NULL")
        .bind(progress)
        .bind(brand.as_str())
        .bind(id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts rows back that this process holds without knowing it: what it claimed without being told, or what is left of an
/// earlier duty. `except`: those that are on their way, or were. Whether they were sent is not known.
pub(super) async fn put_back_unheard(
    conn: &mut Conn,
    brand: &BrandId,
    platform: &Platform,
    except: &[OutboxId],
    me: &str,
) -> Result<u64> {
    let back = query(concat!(
        "UPDATE outbox SET state = 'pending', holder = NULL, unsure = 1 \
         WHERE brand = $1 AND platform = $2 AND done_at IS NULL AND state = 'sending' AND holder = $3 \
           AND CAST(outbox_id AS TEXT) NOT IN ",
        each!("$4"),
    ))
    .bind(brand.as_str())
    .bind(platform.as_str())
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

pub(super) async fn retry(conn: &mut Conn, brand: &BrandId, id: OutboxId, retry: &Retry, me: &str) -> Result<()> {
    query(
        "UPDATE outbox SET state = 'pending', not_before = $1, last_error = $2, unsure = $5, holder = NULL \
         WHERE brand = $3 AND outbox_id = $4 AND state = 'sending' AND (holder IS NULL OR holder = $6)",
    )
    .bind(us(retry.not_before))
    .bind(&retry.error)
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
    failed: &Failed,
    now: Timestamp,
    me: &str,
) -> Result<bool> {
    let error = failed.reason.as_str();
    let Some(row) = open_row(conn, brand, id, Some(me)).await? else { return Ok(false) };
    let end = End { state: "failed", line: LineState::Failed, message_id: None, error: Some(error), at: now };
    finish(conn, brand, id, row.line, &end).await?;
    query("UPDATE outbox SET unsure = $1 WHERE brand = $2 AND outbox_id = $3")
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
    Ok(true)
}

/// The conversation that a post for the team is about.
pub(super) async fn of_post(conn: &mut Conn, brand: &BrandId, platform: &Platform, post: &str) -> Result<Option<i64>> {
    Ok(query_scalar(
        "SELECT conversation_id FROM outbox \
         WHERE brand = $1 AND platform = $2 AND platform_message_id = $3 AND kind = 'staff' ORDER BY outbox_id LIMIT 1",
    )
    .bind(brand.as_str())
    .bind(platform.as_str())
    .bind(post)
    .fetch_optional(conn)
    .await?)
}

/// The posts for the team that are on their way.
pub(super) async fn posts_on_their_way(conn: &mut Conn, brand: &BrandId, platform: &Platform) -> Result<Vec<OutboxId>> {
    let ids: Vec<i64> = query_scalar(
        "SELECT outbox_id FROM outbox \
         WHERE brand = $1 AND platform = $2 AND done_at IS NULL AND state = 'sending' AND kind = 'staff' ORDER BY outbox_id",
    )
    .bind(brand.as_str())
    .bind(platform.as_str())
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(OutboxId).collect())
}
