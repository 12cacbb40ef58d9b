//! What leaves next: by lane and age, the head of each line, of each room one at a time, and checked once more whether it may
//! still leave.

use jiff::{SignedDuration, Timestamp};

use super::dialect::{each, number, query, query_as, query_scalar, room, row, unless_busy};
use super::outbox::{End, OVERTAKEN, failed, finish};
use super::values::{from_json, from_word, time, to_json, us};
use super::{Conn, Result, buttons};
use crate::engine::{Body, ConversationId, DESK, Delivery, OutboxId, Place, Recipient, Unsure, room_of};
use crate::store::Failed;
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

row! {
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
pub(super) async fn any_to_send(conn: &mut Conn, of: &Exit, now: Timestamp) -> Result<bool> {
    let found: Option<i64> = query_scalar(concat!(
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
#[derive(Clone, Debug)]
pub(super) struct Exit {
    pub(super) brand: BrandId,
    pub(super) platform: Platform,
    pub(super) resting: Vec<String>,
}

impl Exit {
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
async fn next(conn: &mut Conn, of: &Exit, now: Timestamp, at_most: usize) -> Result<Vec<OutRow>> {
    Ok(query_as(concat!(
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
    mut of: Exit,
    now: Timestamp,
    at_most: usize,
    me: &str,
) -> Result<Vec<Delivery>> {
    let (brand, platform) = (&of.brand.clone(), &of.platform.clone());
    let mut claimed: Vec<Delivery> = Vec::new();
    while claimed.len() < at_most {
        let wanted = at_most.saturating_sub(claimed.len());
        let rows = next(conn, &of, now, wanted).await?;
        // Whatever else may leave waits behind one of its room that was taken, or behind one that was set aside.
        let mut look_again = rows.len() >= wanted;
        for row in rows {
            let id = OutboxId(row.outbox_id);
            if row.overtaken {
                finish(conn, brand, id, row.transcript_id, &End::superseded(OVERTAKEN, now)).await?;
                look_again = true;
                continue;
            }
            // Of each room one at a time: whether it takes another is asked when this one was weighed.
            if of.resting.iter().any(|room| room == row.room()) {
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
                    of.resting.push(delivery.room().to_owned());
                    claimed.push(Delivery { unsure, ..delivery });
                }
                Err(error) => {
                    tracing::error!(%brand, outbox = id.0, %error, "a row of the outbox cannot be read and is not sent");
                    let failed_as = Failed { reason: error.to_string(), gone: false, unsure: row_unsure };
                    look_again |= failed(conn, brand, id, &failed_as, now, me).await?;
                }
            }
        }
        if !look_again {
            break;
        }
    }
    Ok(claimed)
}

async fn set_sending(conn: &mut Conn, brand: &BrandId, id: OutboxId, me: &str) -> Result<()> {
    query(
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
    let here: Option<i64> = query_scalar(concat!(
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
    let anywhere: Option<i64> = query_scalar(concat!(
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
