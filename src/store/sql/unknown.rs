//! Events of which nothing is known: kept as they came, so that nothing a platform says is lost.

use jiff::Timestamp;

use super::dialect::query;
use super::values::{text, us};
use super::{Conn, Result};
use crate::store::Unknown;

pub(super) async fn keep(conn: &mut Conn, unknown: &Unknown, now: Timestamp) -> Result<()> {
    query(
        "INSERT INTO unknown_events (brand, platform, event_id, kind, platform_user, received_at, payload) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (brand, platform, event_id) DO NOTHING",
    )
    .bind(unknown.brand.as_str())
    .bind(unknown.platform.as_str())
    .bind(&unknown.event_id)
    .bind(&unknown.kind)
    .bind(unknown.by.as_deref())
    .bind(us(now))
    .bind(text(&unknown.payload))
    .execute(conn)
    .await?;
    Ok(())
}
