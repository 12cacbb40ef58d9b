//! What the bot asks before it takes something in: whether people have a conversation, and how much waits.

use super::dialect::{query_as, query_scalar};
use super::{Conn, Result};
use crate::voice::{BrandId, Platform};

/// Whether the conversation with somebody in a place waits for a person or has one.
pub(super) async fn is_attended(
    conn: &mut Conn,
    brand: &BrandId,
    platform: &Platform,
    user: &str,
    place: &str,
) -> Result<bool> {
    let owner: Option<String> = query_scalar(
        "SELECT c.owner_kind FROM identities i \
         JOIN conversations c ON c.brand = i.brand AND c.platform = i.platform AND c.person_id = i.person_id \
         WHERE i.brand = $1 AND i.platform = $2 AND i.platform_user = $3 AND c.place_id = $4",
    )
    .bind(brand.as_str())
    .bind(platform.as_str())
    .bind(user)
    .bind(place)
    .fetch_optional(conn)
    .await?;
    Ok(owner.is_some_and(|owner| owner != "bot"))
}

/// How many events of each brand wait to be handled, brands without any left out.
pub(super) async fn waiting(conn: &mut Conn) -> Result<Vec<(BrandId, u64)>> {
    let rows: Vec<(String, i64)> =
        query_as("SELECT brand, COUNT(*) FROM inbox WHERE done_at IS NULL GROUP BY brand ORDER BY brand")
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|(brand, many)| (BrandId::new(brand), u64::try_from(many).unwrap_or(0))).collect())
}
