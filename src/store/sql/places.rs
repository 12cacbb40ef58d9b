//! Places that change their number, and how far each was read.

use std::collections::BTreeMap;

use super::dialect::{number, query, query_as};
use super::values::from_word;
use super::{Conn, Result, state};
use crate::engine::{ConversationId, Place, PlaceKind};
use crate::store::LastSeen;
use crate::voice::{BrandId, Platform};

/// A conversation goes on in another place: a thread that was opened for it, a private chat. Where the person has a
/// conversation there already, the two change places, unless a person of the team or a queue has that one: whoever waits
/// must not be moved away.
pub(super) async fn move_conversation(conn: &mut Conn, brand: &BrandId, id: ConversationId, to: &Place) -> Result<()> {
    let Some(row) = state::row(conn, brand, id).await? else { return Ok(()) };
    let there: Option<(i64, String)> = query_as(
        "SELECT conversation_id, owner_kind FROM conversations \
         WHERE brand = $1 AND platform = $2 AND person_id = $3 AND place_id = $4 AND conversation_id <> $5",
    )
    .bind(brand.as_str())
    .bind(&row.platform)
    .bind(row.person_id)
    .bind(&to.id)
    .bind(id.0)
    .fetch_optional(&mut *conn)
    .await?;
    match there {
        None => put(conn, brand, id, to).await,
        Some((other, owner)) if owner == "bot" => {
            let other = ConversationId(other);
            let from = Place {
                id: row.place_id,
                kind: from_word("kind of place", id.0, &row.place_kind)?,
                name: row.place_name,
            };
            // A place has one conversation of a person at any moment.
            put(conn, brand, other, &Place { id: format!("moving {id:?}"), ..from.clone() }).await?;
            put(conn, brand, id, to).await?;
            put(conn, brand, other, &from).await
        }
        Some(_) => Ok(()),
    }
}

async fn put(conn: &mut Conn, brand: &BrandId, id: ConversationId, place: &Place) -> Result<()> {
    query(
        "UPDATE conversations SET place_id = $1, place_kind = $2, place_name = $3 \
         WHERE brand = $4 AND conversation_id = $5",
    )
    .bind(&place.id)
    .bind(state::place_kind(place.kind)?)
    .bind(&place.name)
    .bind(brand.as_str())
    .bind(id.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// A place goes by another number from now on, with all places inside it (`number/…`).
pub(super) async fn renumber(
    conn: &mut Conn,
    brand: &BrandId,
    platform: &Platform,
    from: &str,
    to: &str,
) -> Result<()> {
    // `0` follows `/`, so that everything inside lies between the two.
    let (inside, end) = (format!("{from}/"), format!("{from}0"));
    let after = i64::try_from(from.chars().count()).unwrap_or(i64::MAX).saturating_add(1);
    for statement in RENUMBER {
        query(statement)
            .bind(to)
            .bind(after)
            .bind(brand.as_str())
            .bind(platform.as_str())
            .bind(from)
            .bind(&inside)
            .bind(&end)
            .execute(&mut *conn)
            .await?;
    }
    remember(conn, brand, platform, from, to).await
}

/// Whoever still goes by the old number finds the new one.
async fn remember(conn: &mut Conn, brand: &BrandId, platform: &Platform, from: &str, to: &str) -> Result<()> {
    query(
        "INSERT INTO renumbered (brand, platform, old, new) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (brand, platform, old) DO UPDATE SET new = excluded.new",
    )
    .bind(brand.as_str())
    .bind(platform.as_str())
    .bind(from)
    .bind(to)
    .execute(conn)
    .await?;
    Ok(())
}

/// Every place that goes by another number, and that number.
pub(super) async fn renumbered(conn: &mut Conn, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>> {
    Ok(query_as("SELECT old, new FROM renumbered WHERE brand = $1 AND platform = $2 ORDER BY old")
        .bind(brand.as_str())
        .bind(platform.as_str())
        .fetch_all(conn)
        .await?)
}

/// $1 the new number, $2 where the old one ends, $3 the brand, $4 the platform, $5 the old number, $6 the same with `/`,
/// $7 what follows everything inside it. A conversation that has begun under the new number stays what it is.
const RENUMBER: [&str; 3] = [
    "UPDATE conversations SET place_id = $1 || substr(place_id, CAST($2 AS INTEGER)) \
     WHERE brand = $3 AND platform = $4 AND place_id >= $5 AND place_id < $7 \
       AND (place_id = $5 OR substr(place_id, 1, CAST($2 AS INTEGER)) = $6) AND NOT EXISTS \
       (SELECT 1 FROM conversations o WHERE o.brand = conversations.brand AND o.platform = conversations.platform \
          AND o.person_id = conversations.person_id AND o.place_id = $1 || substr(conversations.place_id, CAST($2 AS INTEGER)))",
    "UPDATE transcript SET place_id = $1 || substr(place_id, CAST($2 AS INTEGER)) \
     WHERE brand = $3 AND platform = $4 AND place_id >= $5 AND place_id < $7 \
       AND (place_id = $5 OR substr(place_id, 1, CAST($2 AS INTEGER)) = $6)",
    "UPDATE outbox SET platform_message_id = $1 || substr(platform_message_id, CAST($2 AS INTEGER)) \
     WHERE brand = $3 AND platform = $4 AND kind = 'staff' AND platform_message_id >= $5 AND platform_message_id < $7 \
       AND (platform_message_id = $5 OR substr(platform_message_id, 1, CAST($2 AS INTEGER)) = $6)",
];

/// The newest message that came in from each place, where the platform counts its messages.
pub(super) async fn last_seen(conn: &mut Conn, brand: &BrandId, platform: &Platform) -> Result<Vec<LastSeen>> {
    let rows: Vec<(i64, String, String, Option<i64>)> = query_as(concat!(
        "SELECT c.conversation_id, c.place_id, c.place_kind, (SELECT MAX(",
        number!("i.message_id"),
        ") FROM inbox i WHERE i.brand = c.brand AND i.conversation_id = c.conversation_id AND i.kind = 'message') \
         FROM conversations c WHERE c.brand = $1 AND c.platform = $2",
    ))
    .bind(brand.as_str())
    .bind(platform.as_str())
    .fetch_all(conn)
    .await?;
    let mut newest: BTreeMap<String, (i64, PlaceKind)> = BTreeMap::new();
    for (conversation, place, kind, message) in rows {
        if let Some(message) = message.filter(|message| *message > 0) {
            let kind = from_word("kind of place", conversation, &kind)?;
            let seen = newest.entry(place).or_insert((message, kind));
            seen.0 = message.max(seen.0);
        }
    }
    let seen =
        |(place, (message, kind)): (String, (i64, PlaceKind))| LastSeen { place, kind, message: message.to_string() };
    Ok(newest.into_iter().map(seen).collect())
}
