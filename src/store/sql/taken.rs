//! Conversations that were taken to be worked on, and are not.

use super::dialect::{each, query};
use super::values::to_json;
use super::{Conn, Result};
use crate::engine::ConversationId;

/// Lets go of what `me` has taken, but for these. Only where something waits is anything taken, so that not every conversation
/// that there is has to be looked at.
pub(super) async fn let_go(conn: &mut Conn, except: &[ConversationId], me: &str) -> Result<u64> {
    let free = query(concat!(
        "UPDATE conversations SET holder = NULL \
         WHERE holder = $1 AND conversation_id IN (SELECT i.conversation_id FROM inbox i WHERE i.done_at IS NULL) \
           AND CAST(conversation_id AS TEXT) NOT IN ",
        each!("$2"),
    ))
    .bind(me)
    .bind(to_json("conversations at work", &except.iter().map(|id| id.0.to_string()).collect::<Vec<_>>())?)
    .execute(conn)
    .await?;
    Ok(free.rows_affected())
}
