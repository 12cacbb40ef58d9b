//! Words that must not be kept: covered or dropped wherever they were stored - the transcript, the inbox, the readings.

use super::dialect::{query, query_as};
use super::values::{self, from_json, to_json, to_word};
use super::{Conn, Result};
use crate::engine::{Conversation, Effect, Event, Why};
use crate::store::LineState;

/// Applies what a step says about stored words.
pub(super) async fn apply(conn: &mut Conn, of: &Conversation, effect: &Effect) -> Result<()> {
    match effect {
        Effect::Redact { message_id, text } => cover(conn, of, message_id, text, LineState::Redacted).await,
        Effect::Forget { message_id } => cover(conn, of, message_id, "", LineState::Deleted).await,
        Effect::Send(_) | Effect::React { .. } | Effect::Silent(_) | Effect::Staff(_) | Effect::Log(_) => Ok(()),
    }
}

async fn cover(conn: &mut Conn, of: &Conversation, message_id: &str, text: &str, state: LineState) -> Result<()> {
    query(
        "UPDATE transcript SET text = $1, state = $2 \
         WHERE brand = $3 AND conversation_id = $4 AND message_id = $5 AND speaker IN ('customer', 'machine', 'staff')",
    )
    .bind(values::text(text))
    .bind(to_word("state of line", &state)?)
    .bind(of.brand.as_str())
    .bind(of.id.0)
    .bind(message_id)
    .execute(&mut *conn)
    .await?;
    cover_inbox(conn, of, message_id, text).await?;
    drop_given_up(conn, of).await?;
    drop_readings(conn, of, message_id).await
}

async fn cover_inbox(conn: &mut Conn, of: &Conversation, message_id: &str, text: &str) -> Result<()> {
    let rows: Vec<(i64, String)> = query_as(
        "SELECT inbox_id, payload FROM inbox \
         WHERE brand = $1 AND conversation_id = $2 AND message_id = $3 AND payload IS NOT NULL",
    )
    .bind(of.brand.as_str())
    .bind(of.id.0)
    .bind(message_id)
    .fetch_all(&mut *conn)
    .await?;
    for (id, payload) in rows {
        let mut event: Event = from_json("event", id, &payload)?;
        let (Event::Message(message) | Event::Edited(message)) = &mut event else { continue };
        text.clone_into(&mut message.text);
        if text.is_empty() {
            message.attachments.clear();
        }
        query("UPDATE inbox SET payload = $1 WHERE brand = $2 AND inbox_id = $3")
            .bind(to_json("event", &event)?)
            .bind(of.brand.as_str())
            .bind(id)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// What was given up keeps its words, and a post for the team repeats the customer's: it can be tried again no more.
async fn drop_given_up(conn: &mut Conn, of: &Conversation) -> Result<()> {
    query(
        "UPDATE outbox SET body = NULL \
         WHERE brand = $1 AND conversation_id = $2 AND state = 'failed' AND kind = 'staff' AND body IS NOT NULL",
    )
    .bind(of.brand.as_str())
    .bind(of.id.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// A reading repeats the words it read.
async fn drop_readings(conn: &mut Conn, of: &Conversation, message_id: &str) -> Result<()> {
    let rows: Vec<(i64, String)> = query_as(
        "SELECT decision_id, why FROM decisions WHERE brand = $1 AND conversation_id = $2 AND message_id = $3",
    )
    .bind(of.brand.as_str())
    .bind(of.id.0)
    .bind(message_id)
    .fetch_all(&mut *conn)
    .await?;
    for (id, why) in rows {
        let why: Why = from_json("decision", id, &why)?;
        query("UPDATE decisions SET why = $1 WHERE brand = $2 AND decision_id = $3")
            .bind(to_json("decision", &Why { reading: None, ..why })?)
            .bind(of.brand.as_str())
            .bind(id)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}
