//! Each conversation is worked on by one process at a time. Taking it raises a number (a fence) that comes with the event
//! and is asked for again when what came of it is written: whoever took it before, and stood still since, writes nothing.

use jiff::Timestamp;

use super::dialect::{is_held, unless_busy};
use super::sql::values::us;
use super::{Postgres, Result};
use crate::engine::ConversationId;
use crate::store::{InboxId, Waiting};
use crate::voice::BrandId;

impl Postgres {
    /// The oldest event of each conversation that nobody else works on; the conversations are this process's from now on.
    pub(super) async fn take_waiting(&self, brand: &BrandId, now: Timestamp, limit: u32) -> Result<Vec<Waiting>> {
        let mut tx = self.pool.begin().await?;
        // Whoever is killed now has lost nothing but a number: there is no need to wait for the disk.
        sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *tx).await?;
        let mut rows: Vec<(i64, i64)> = sqlx::query_as(concat!(
            // Found once and for all: put into the update, it may be looked up again for each row, and give more than asked.
            "WITH w AS MATERIALIZED \
               (SELECT f.inbox_id, f.conversation_id FROM \
                  (SELECT MIN(inbox_id) AS inbox_id, conversation_id FROM inbox \
                   WHERE brand = $1 AND done_at IS NULL GROUP BY conversation_id) f \
                JOIN inbox i ON i.inbox_id = f.inbox_id \
                JOIN conversations k ON k.brand = $1 AND k.conversation_id = f.conversation_id \
                WHERE i.not_before <= $2 AND (k.holder IS NULL OR k.holder = $4 OR NOT ",
            is_held!("k.holder"),
            ") ORDER BY f.inbox_id LIMIT $3",
            unless_busy!("k"),
            ") UPDATE conversations c SET holder = $4, fence = CASE WHEN c.holder = $4 THEN c.fence ELSE c.fence + 1 END \
             FROM w WHERE c.brand = $1 AND c.conversation_id = w.conversation_id AND ",
            is_held!("$4"),
            " RETURNING w.inbox_id, c.conversation_id"
        ))
        .bind(brand.as_str())
        .bind(us(now))
        .bind(i64::from(limit))
        .bind(self.me())
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        rows.sort_unstable();
        let waiting =
            |(inbox, conversation)| Waiting { inbox: InboxId(inbox), conversation: ConversationId(conversation) };
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// Takes the conversation of an event that was not taken with others; false: another process works on it.
    pub(super) async fn take_conversation_of(&self, brand: &BrandId, inbox: InboxId) -> Result<bool> {
        let taken = sqlx::query(concat!(
            "UPDATE conversations c SET holder = $1, fence = c.fence + 1 \
             WHERE c.brand = $2 \
               AND c.conversation_id = (SELECT i.conversation_id FROM inbox i WHERE i.brand = $2 AND i.inbox_id = $3) \
               AND (c.holder IS NULL OR NOT ",
            is_held!("c.holder"),
            ") AND ",
            is_held!("$1"),
        ))
        .bind(self.me())
        .bind(brand.as_str())
        .bind(inbox.0)
        .execute(&self.pool)
        .await?;
        Ok(taken.rows_affected() == 1)
    }
}
