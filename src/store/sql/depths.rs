//! How much waits, of every brand at once. Each statement reads a partial index of what is open, so what is done costs
//! nothing however much there is of it.

use super::dialect::query_as;
use super::values::time;
use super::{Conn, Result};
use crate::store::{Depth, Depths, OURSELVES};
use crate::voice::{BrandId, Platform};

pub(super) async fn of_all(conn: &mut Conn) -> Result<Depths> {
    let mut depths = Depths::new();
    inbox(conn, &mut depths).await?;
    parked(conn, &mut depths).await?;
    outbox(conn, &mut depths).await?;
    cases(conn, &mut depths).await?;
    Ok(depths)
}

fn of(depths: &mut Depths, brand: String, platform: String) -> &mut Depth {
    depths.entry((BrandId::new(brand), Platform::new(platform))).or_default()
}

fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or(0)
}

/// What fires by itself came from no platform and asks nothing; it counts where its conversation is.
async fn inbox(conn: &mut Conn, depths: &mut Depths) -> Result<()> {
    let rows: Vec<(String, String, i64, Option<i64>)> = query_as(
        "SELECT i.brand, c.platform, COUNT(*), \
                MIN(CASE WHEN i.platform <> $1 AND i.kind IN ('started', 'message', 'edited', 'picked', 'command') \
                         THEN i.received_at END) \
         FROM inbox i JOIN conversations c ON c.brand = i.brand AND c.conversation_id = i.conversation_id \
         WHERE i.done_at IS NULL GROUP BY i.brand, c.platform",
    )
    .bind(OURSELVES)
    .fetch_all(conn)
    .await?;
    for (brand, platform, waiting, oldest) in rows {
        let depth = of(depths, brand, platform);
        (depth.inbox, depth.oldest_unanswered) = (count(waiting), oldest.map(time));
    }
    Ok(())
}

async fn parked(conn: &mut Conn, depths: &mut Depths) -> Result<()> {
    let rows: Vec<(String, String, i64)> = query_as(
        "SELECT i.brand, c.platform, COUNT(*) \
         FROM inbox i JOIN conversations c ON c.brand = i.brand AND c.conversation_id = i.conversation_id \
         WHERE i.parked_at IS NOT NULL GROUP BY i.brand, c.platform",
    )
    .fetch_all(conn)
    .await?;
    for (brand, platform, parked) in rows {
        of(depths, brand, platform).parked = count(parked);
    }
    Ok(())
}

async fn outbox(conn: &mut Conn, depths: &mut Depths) -> Result<()> {
    let rows: Vec<(String, String, String, i64, i64, i64)> = query_as(
        "SELECT brand, platform, kind, lane, COUNT(*), MIN(created_at) FROM outbox \
         WHERE done_at IS NULL GROUP BY brand, platform, kind, lane",
    )
    .fetch_all(conn)
    .await?;
    for (brand, platform, kind, lane, waiting, oldest) in rows {
        let depth = of(depths, brand, platform);
        *depth.outbox.entry(lane_of(&kind, lane)).or_default() += count(waiting);
        let oldest = time(oldest);
        depth.oldest_unsent = Some(depth.oldest_unsent.map_or(oldest, |before| before.min(oldest)));
    }
    Ok(())
}

/// As `outgoing` writes it down.
fn lane_of(kind: &str, lane: i64) -> &'static str {
    match (kind, lane) {
        ("staff", _) => "staff",
        (_, 0) => "safety",
        (_, 1) => "case",
        _ => "answer",
    }
}

async fn cases(conn: &mut Conn, depths: &mut Depths) -> Result<()> {
    let rows: Vec<(String, String, String, i64)> = query_as(
        "SELECT brand, platform, state, COUNT(*) FROM cases WHERE closed_at IS NULL GROUP BY brand, platform, state",
    )
    .fetch_all(conn)
    .await?;
    for (brand, platform, state, open) in rows {
        of(depths, brand, platform).cases.insert(state, count(open));
    }
    Ok(())
}
