//! What is older than it may be goes. What waits to be handled, is on its way or belongs to an open case stays.

use jiff::Timestamp;

use super::dialect::{query, query_as};
use super::values::us;
use super::{Conn, Result};
use crate::store::{Keeps, Limit};
use crate::voice::BrandId;

/// Removes a bite of what is too old, and says how much; nothing left: 0.
pub(super) async fn drop_some(conn: &mut Conn, brand: &BrandId, limit: &Limit, now: Timestamp) -> Result<u64> {
    let before = us(now.saturating_sub(limit.keep).unwrap_or(Timestamp::MIN));
    let dropped = query(statement(limit.what)).bind(brand.as_str()).bind(before).execute(&mut *conn).await?;
    match limit.what {
        Keeps::Transcript => Ok(dropped.rows_affected() + drop_turns(conn, brand, before).await?),
        Keeps::Unknown
        | Keeps::Buttons
        | Keeps::Inbox
        | Keeps::InboxKeys
        | Keeps::Outbox
        | Keeps::Notes
        | Keeps::Decisions
        | Keeps::Cases
        | Keeps::Facts
        | Keeps::Conversations
        | Keeps::People => Ok(dropped.rows_affected()),
    }
}

/// Each takes the brand and the time before which things are too old, and bites off a thousand rows at most.
fn statement(what: Keeps) -> &'static str {
    match what {
        Keeps::Transcript => {
            "DELETE FROM transcript WHERE transcript_id IN \
               (SELECT transcript_id FROM transcript WHERE brand = $1 AND at < $2 AND state <> 'waiting' LIMIT 1000)"
        }
        Keeps::Unknown => {
            "DELETE FROM unknown_events WHERE (brand, platform, event_id) IN \
               (SELECT brand, platform, event_id FROM unknown_events WHERE brand = $1 AND received_at < $2 LIMIT 1000)"
        }
        Keeps::Buttons => {
            "DELETE FROM buttons WHERE (brand, token) IN \
               (SELECT brand, token FROM buttons WHERE brand = $1 AND expires_at < $2 LIMIT 1000)"
        }
        Keeps::Inbox => {
            "UPDATE inbox SET payload = NULL WHERE inbox_id IN \
               (SELECT inbox_id FROM inbox WHERE brand = $1 AND done_at < $2 \
                  AND payload IS NOT NULL LIMIT 1000)"
        }
        Keeps::InboxKeys => {
            "DELETE FROM inbox WHERE inbox_id IN \
               (SELECT inbox_id FROM inbox WHERE brand = $1 AND done_at < $2 LIMIT 1000)"
        }
        Keeps::Outbox => {
            "DELETE FROM outbox WHERE outbox_id IN \
               (SELECT o.outbox_id FROM outbox o WHERE o.brand = $1 AND o.done_at < $2 \
                  AND NOT EXISTS (SELECT 1 FROM cases k WHERE k.brand = o.brand \
                    AND k.conversation_id = o.conversation_id AND k.closed_at IS NULL) LIMIT 1000)"
        }
        Keeps::Notes => {
            "DELETE FROM notes WHERE note_id IN \
               (SELECT n.note_id FROM notes n WHERE n.brand = $1 AND n.at < $2 AND NOT EXISTS \
                  (SELECT 1 FROM cases k WHERE k.brand = n.brand AND k.conversation_id = n.conversation_id AND k.number = n.case_number \
                     AND k.closed_at IS NULL) LIMIT 1000)"
        }
        Keeps::Decisions => {
            "DELETE FROM decisions WHERE decision_id IN \
               (SELECT decision_id FROM decisions WHERE brand = $1 AND at < $2 LIMIT 1000)"
        }
        Keeps::Cases => {
            "DELETE FROM cases WHERE brand = $1 AND (conversation_id, number) IN \
               (SELECT conversation_id, number FROM cases WHERE brand = $1 AND closed_at < $2 LIMIT 1000)"
        }
        Keeps::Facts => {
            "DELETE FROM facts WHERE fact_id IN (SELECT fact_id FROM facts WHERE brand = $1 AND at < $2 LIMIT 1000)"
        }
        Keeps::Conversations => {
            "DELETE FROM conversations WHERE conversation_id IN \
               (SELECT c.conversation_id FROM conversations c WHERE c.brand = $1 AND c.updated_at < $2 \
                  AND NOT EXISTS (SELECT 1 FROM cases k WHERE k.brand = c.brand AND k.conversation_id = c.conversation_id \
                                    AND k.closed_at IS NULL) \
                  AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.brand = c.brand AND i.conversation_id = c.conversation_id \
                                    AND i.done_at IS NULL) \
                  AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.brand = c.brand AND o.conversation_id = c.conversation_id \
                                    AND o.done_at IS NULL) LIMIT 100)"
        }
        Keeps::People => {
            "DELETE FROM people WHERE person_id IN \
               (SELECT p.person_id FROM people p WHERE p.brand = $1 AND p.seen_at < $2 \
                  AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.brand = p.brand AND c.person_id = p.person_id) LIMIT 1000)"
        }
    }
}

/// The last turns that an idle conversation keeps at hand are words of its transcript.
async fn drop_turns(conn: &mut Conn, brand: &BrandId, before: i64) -> Result<u64> {
    let rows: Vec<(i64, String)> = query_as(
        "SELECT conversation_id, state FROM conversations c WHERE brand = $1 AND updated_at < $2 \
           AND state NOT LIKE '%\"turns\":[]%' \
           AND NOT EXISTS (SELECT 1 FROM cases k WHERE k.brand = c.brand AND k.conversation_id = c.conversation_id AND k.closed_at IS NULL) \
         LIMIT 100",
    )
    .bind(brand.as_str())
    .bind(before)
    .fetch_all(&mut *conn)
    .await?;
    let mut dropped = 0;
    for (id, state) in rows {
        let mut state: serde_json::Map<String, serde_json::Value> =
            super::values::from_json("conversation", id, &state)?;
        state.insert("turns".to_owned(), serde_json::Value::Array(Vec::new()));
        dropped += query(
            "UPDATE conversations SET state = $1, version = version + 1 WHERE brand = $2 AND conversation_id = $3",
        )
        .bind(super::values::to_json("conversation", &state)?)
        .bind(brand.as_str())
        .bind(id)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    }
    Ok(dropped)
}
