//! What is due. A timer is a row with a due time; when it comes it becomes an event like any other, exactly once: its key
//! in the inbox is made of the conversation, the kind and the due time.

use jiff::Timestamp;

use super::dialect::{query, query_as, query_scalar, unless_busy};
use super::receive::{Address, Beside, insert};
use super::values::{from_word, time, to_word, us, us_up};
use super::{Conn, Result};
use crate::engine::{Conversation, ConversationId, Event, TimerKind};
use crate::store::OURSELVES;
use crate::voice::BrandId;

/// Timers fired in one transaction at most.
const AT_ONCE: i64 = 100;

/// Replaces all timers of a conversation.
pub(super) async fn replace(conn: &mut Conn, of: &Conversation, due: &[(TimerKind, Timestamp)]) -> Result<()> {
    query("DELETE FROM timers WHERE brand = $1 AND conversation_id = $2")
        .bind(of.brand.as_str())
        .bind(of.id.0)
        .execute(&mut *conn)
        .await?;
    for (kind, at) in due {
        query("INSERT INTO timers (conversation_id, kind, brand, due) VALUES ($1, $2, $3, $4)")
            .bind(of.id.0)
            .bind(to_word("kind of timer", kind)?)
            .bind(of.brand.as_str())
            .bind(us_up(*at))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

pub(super) async fn next_due(conn: &mut Conn, brand: &BrandId) -> Result<Option<Timestamp>> {
    let due: Option<i64> =
        query_scalar("SELECT MIN(due) FROM timers WHERE brand = $1").bind(brand.as_str()).fetch_one(conn).await?;
    Ok(due.map(time))
}

pub(super) async fn fire_due(conn: &mut Conn, brand: &BrandId, now: Timestamp) -> Result<u64> {
    let due: Vec<(i64, String, i64)> = query_as(concat!(
        "SELECT t.conversation_id, t.kind, t.due FROM timers t WHERE t.brand = $1 AND t.due <= $2 \
         ORDER BY t.due, t.conversation_id, t.kind LIMIT $3",
        unless_busy!("t")
    ))
    .bind(brand.as_str())
    .bind(us(now))
    .bind(AT_ONCE)
    .fetch_all(&mut *conn)
    .await?;
    let mut fired = 0;
    for (conversation, kind, due) in due {
        let event = Event::Timer(from_word("timer of conversation", conversation, &kind)?);
        let event_id = format!("timer:{conversation}:{kind}:{due}");
        let address = Address { brand: brand.as_str(), platform: OURSELVES, event_id: &event_id };
        fired += u64::from(
            insert(conn, &address, ConversationId(conversation), &event, Beside::default(), due, now).await?.is_some(),
        );
        query("DELETE FROM timers WHERE brand = $1 AND conversation_id = $2 AND kind = $3")
            .bind(brand.as_str())
            .bind(conversation)
            .bind(&kind)
            .execute(&mut *conn)
            .await?;
    }
    Ok(fired)
}
