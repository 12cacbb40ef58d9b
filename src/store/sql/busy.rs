//! Who has something to do: looked up for all brands at once, so that a thousand brands at rest cost one look.

use jiff::Timestamp;

use super::dialect::{query_as, query_scalar};
use super::values::us;
use super::{Conn, Result};
use crate::voice::{BrandId, Platform};

/// Brands of which an event waits to be handled.
pub(super) async fn brands_with_work(conn: &mut Conn, now: Timestamp) -> Result<Vec<BrandId>> {
    let brands: Vec<String> =
        query_scalar("SELECT DISTINCT brand FROM inbox WHERE done_at IS NULL AND not_before <= $1 ORDER BY brand")
            .bind(us(now))
            .fetch_all(conn)
            .await?;
    Ok(brands.into_iter().map(BrandId::new).collect())
}

/// Brands of which a timer is due.
pub(super) async fn brands_with_timers(conn: &mut Conn, now: Timestamp) -> Result<Vec<BrandId>> {
    let brands: Vec<String> = query_scalar("SELECT DISTINCT brand FROM timers WHERE due <= $1 ORDER BY brand")
        .bind(us(now))
        .fetch_all(conn)
        .await?;
    Ok(brands.into_iter().map(BrandId::new).collect())
}

/// Ways out where something waits to leave.
pub(super) async fn exits_with_work(conn: &mut Conn, now: Timestamp) -> Result<Vec<(BrandId, Platform)>> {
    let exits: Vec<(String, String)> = query_as(
        "SELECT DISTINCT brand, platform FROM outbox \
         WHERE done_at IS NULL AND state = 'pending' AND not_before <= $1 ORDER BY brand, platform",
    )
    .bind(us(now))
    .fetch_all(conn)
    .await?;
    Ok(exits.into_iter().map(|(brand, platform)| (BrandId::new(brand), Platform::new(platform))).collect())
}
