//! What waits to be handled. Nobody else works on a conversation, so looking is enough.

use jiff::Timestamp;

use super::dialect::query_as;
use super::sql::on;
use super::sql::values::us;
use super::{Conn, Result, Sqlite};
use crate::engine::ConversationId;
use crate::store::{InboxId, Waiting};
use crate::voice::BrandId;

impl Sqlite {
    /// The oldest event of each conversation.
    pub(super) async fn take_waiting(&self, brand: &BrandId, now: Timestamp, limit: u32) -> Result<Vec<Waiting>> {
        let brand = brand.clone();
        let rows = self.read(on!(conn => oldest(conn, &brand, now, limit))).await?;
        let waiting =
            |(inbox, conversation)| Waiting { inbox: InboxId(inbox), conversation: ConversationId(conversation) };
        Ok(rows.into_iter().map(waiting).collect())
    }

    /// Every conversation is this process's already.
    #[expect(clippy::unused_async, reason = "the other database asks the server")]
    pub(super) async fn take_conversation_of(&self, _: &BrandId, _: InboxId) -> Result<bool> {
        Ok(false)
    }
}

async fn oldest(conn: &mut Conn, brand: &BrandId, now: Timestamp, limit: u32) -> Result<Vec<(i64, i64)>> {
    Ok(query_as(
        "SELECT i.inbox_id, i.conversation_id FROM inbox i \
         JOIN (SELECT MIN(inbox_id) AS first FROM inbox \
               WHERE brand = $1 AND done_at IS NULL GROUP BY conversation_id) f \
           ON f.first = i.inbox_id \
         WHERE i.not_before <= $2 ORDER BY i.inbox_id LIMIT $3",
    )
    .bind(brand.as_str())
    .bind(us(now))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?)
}
