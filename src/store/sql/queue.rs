//! What could not be sent, for operators: looked at, and put back to be tried again. It is done beside a process that
//! serves; the row is then claimed there, and checked like any other.

use jiff::Timestamp;

use super::dialect::{query, query_as, row};
use super::outbox::{OVERTAKEN, TOO_LATE};
use super::values::{time, us};
use super::{Conn, Result, lines};
use crate::engine::{CaseId, ConversationId, OutboxId};
use crate::store::{LineState, NotPutBack, PutBack, Unsent, UnsentKind, UnsentState};
use crate::voice::{BrandId, Platform};

row! {
    struct Row {
        outbox_id: i64,
        platform: String,
        conversation_id: i64,
        place_name: String,
        customer: String,
        kind: String,
        lane: i64,
        gated: i64,
        case_number: Option<i64>,
        created_at: i64,
        attempts: i64,
        last_error: Option<String>,
        unsure: i64,
        state: String,
        not_before: i64,
        done_at: Option<i64>,
        has_words: bool,
    }
}

/// Rows with whom they were for, as [`Row`] has them; another condition follows.
macro_rules! rows_and {
    () => {
        "SELECT o.outbox_id, o.platform, o.conversation_id, c.place_name, p.name AS customer, o.kind, o.lane, o.gated, \
                COALESCE(o.case_number, (SELECT MAX(k.number) FROM cases k WHERE k.brand = o.brand \
                  AND k.conversation_id = o.conversation_id AND k.closed_at IS NULL)) AS case_number, \
                o.created_at, o.attempts, o.last_error, o.unsure, o.state, o.not_before, o.done_at, \
                (o.body IS NOT NULL) AS has_words \
         FROM outbox o JOIN conversations c ON c.brand = o.brand AND c.conversation_id = o.conversation_id \
         JOIN people p ON p.brand = c.brand AND p.person_id = c.person_id WHERE o.brand = $1 AND "
    };
}

pub(super) async fn unsent(conn: &mut Conn, brand: &BrandId) -> Result<Vec<Unsent>> {
    // What waits to be tried again. That a platform has a name leads through the index of what is open.
    let again = query_as(concat!(
        rows_and!(),
        "o.platform > '' AND o.done_at IS NULL \
           AND ((o.state = 'pending' AND o.attempts > 0) OR (o.state = 'sending' AND o.attempts > 1))"
    ))
    .bind(brand.as_str());
    let mut rows: Vec<Row> = again.fetch_all(&mut *conn).await?;
    // What was given up, or came too late.
    let ended: Vec<Row> = query_as(concat!(
        rows_and!(),
        "o.state IN ('failed', 'superseded') AND (o.state = 'failed' OR o.last_error = $2)"
    ))
    .bind(brand.as_str())
    .bind(TOO_LATE)
    .fetch_all(conn)
    .await?;
    rows.extend(ended);
    rows.sort_by_key(|row| row.outbox_id);
    Ok(rows.into_iter().map(Row::unsent).collect())
}

impl Row {
    fn unsent(self) -> Unsent {
        let at = time(self.done_at.unwrap_or(self.created_at));
        let state = match self.state.as_str() {
            "failed" => UnsentState::Failed { at, has_words: self.has_words },
            "superseded" => UnsentState::Late { at },
            _ => UnsentState::Again { not_before: time(self.not_before) },
        };
        let conversation = ConversationId(self.conversation_id);
        let number = self.case_number.map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        Unsent {
            id: OutboxId(self.outbox_id),
            platform: Platform::new(self.platform),
            place: self.place_name,
            customer: self.customer,
            kind: kind(&self.kind, self.lane, self.gated),
            case: number.map(|number| CaseId { conversation, number }),
            decided_at: time(self.created_at),
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            reason: self.last_error.unwrap_or_default(),
            unsure: self.unsure != 0,
            state,
        }
    }
}

/// As `outgoing` writes it down.
fn kind(kind: &str, lane: i64, gated: i64) -> UnsentKind {
    match (kind, lane, gated) {
        ("staff", ..) => UnsentKind::Post,
        ("react", ..) => UnsentKind::Reaction,
        (_, 0, _) => UnsentKind::Safety,
        (_, _, 0) => UnsentKind::Agent,
        _ => UnsentKind::Bot,
    }
}

row! {
    struct Given {
        transcript_id: Option<i64>,
        state: String,
        last_error: Option<String>,
        has_words: bool,
        /// Whether somebody else owned the conversation since, or it went on.
        overtaken: bool,
        /// The epoch of the conversation.
        epoch: i64,
    }
}

/// Puts a row back that was given up. What it was decided under is compared here, so that whoever asks is told, and once
/// more when it is claimed.
///
/// That it could not be sent has closed its conversation, which is a new epoch: it is no other owner, so it may leave under
/// that epoch. Any other change since then overtakes it.
pub(super) async fn put_back(conn: &mut Conn, brand: &BrandId, id: OutboxId, now: Timestamp) -> Result<PutBack> {
    let row: Option<Given> = query_as(
        "SELECT o.transcript_id, o.state, o.last_error, (o.body IS NOT NULL) AS has_words, \
                (o.gated = 1 AND (o.owner_kind <> c.owner_kind OR o.owner_id <> c.owner_id OR (o.epoch < c.epoch \
                  AND NOT (c.phase = 'closed' AND c.epoch = o.epoch + 1)))) AS overtaken, \
                c.epoch \
         FROM outbox o JOIN conversations c ON c.brand = o.brand AND c.conversation_id = o.conversation_id \
         WHERE o.brand = $1 AND o.outbox_id = $2",
    )
    .bind(brand.as_str())
    .bind(id.0)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(PutBack::Refused(NotPutBack::NotThere)) };
    if let Some(why) = why_not(&row) {
        return Ok(PutBack::Refused(why));
    }
    query(
        "UPDATE outbox SET state = 'pending', done_at = NULL, not_before = $1, epoch = $4, holder = NULL \
         WHERE brand = $2 AND outbox_id = $3",
    )
    .bind(us(now))
    .bind(brand.as_str())
    .bind(id.0)
    .bind(row.epoch)
    .execute(&mut *conn)
    .await?;
    if let Some(line) = row.transcript_id {
        lines::set_state(conn, brand, line, LineState::Waiting, None).await?;
    }
    Ok(PutBack::Done)
}

fn why_not(row: &Given) -> Option<NotPutBack> {
    match row.state.as_str() {
        "failed" if !row.has_words => Some(NotPutBack::NoWords),
        "failed" if row.overtaken => Some(NotPutBack::Overtaken),
        "failed" => None,
        "superseded" if row.last_error.as_deref() == Some(OVERTAKEN) => Some(NotPutBack::Overtaken),
        "superseded" => Some(NotPutBack::TooLate),
        "sent" => Some(NotPutBack::Sent),
        _ => Some(NotPutBack::OnItsWay),
    }
}
