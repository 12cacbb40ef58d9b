//! A person is removed with all that hangs on them. A tombstone stays: a salted hash of their numbers, which tells that
//! something delivered again is from before, and nothing else.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::dialect::{query, query_as, query_scalar};
use super::values::us;
use super::{Conn, Result};
use crate::engine::{Inbound, PersonId};
use crate::store::Erased;
use crate::voice::{BrandId, Platform};

/// Whether an event is from before its sender was erased.
pub(super) async fn was_erased(conn: &mut Conn, inbound: &Inbound, user: &str) -> Result<bool> {
    let subject = subject(conn, inbound.brand.as_str(), inbound.platform.as_str(), user).await?;
    let erased_at: Option<i64> = query_scalar("SELECT erased_at FROM tombstones WHERE brand = $1 AND subject = $2")
        .bind(inbound.brand.as_str())
        .bind(subject)
        .fetch_optional(conn)
        .await?;
    Ok(erased_at.is_some_and(|erased_at| us(inbound.at) <= erased_at))
}

/// Numbers of people are easily counted through, so a hash without a salt would give them away.
async fn subject(conn: &mut Conn, brand: &str, platform: &str, user: &str) -> Result<String> {
    let salt: String = query_scalar("SELECT value FROM settings WHERE name = 'tombstone_salt'").fetch_one(conn).await?;
    let mut hash = Sha256::new();
    for part in [salt.as_str(), brand, platform, user] {
        // With the length before each part no two different numbers are written alike.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

pub(super) async fn erase_person(
    conn: &mut Conn,
    brand: &BrandId,
    person: PersonId,
    now: Timestamp,
) -> Result<Option<Erased>> {
    let identities: Vec<(String, String)> =
        query_as("SELECT platform, platform_user FROM identities WHERE brand = $1 AND person_id = $2")
            .bind(brand.as_str())
            .bind(person.0)
            .fetch_all(&mut *conn)
            .await?;
    let (conversations, lines) = counts(conn, brand, person).await?;
    let posts = posts(conn, brand, person).await?;
    bury(conn, brand, person, &identities, now).await?;
    end_cases(conn, brand, person, now).await?;
    for (platform, user) in &identities {
        query("DELETE FROM unknown_events WHERE brand = $1 AND platform = $2 AND platform_user = $3")
            .bind(brand.as_str())
            .bind(platform)
            .bind(user)
            .execute(&mut *conn)
            .await?;
    }
    // Everything else hangs on this row.
    let gone = query("DELETE FROM people WHERE brand = $1 AND person_id = $2")
        .bind(brand.as_str())
        .bind(person.0)
        .execute(conn)
        .await?
        .rows_affected();
    let identities = u64::try_from(identities.len()).unwrap_or(u64::MAX);
    Ok((gone > 0).then_some(Erased { person, identities, conversations, lines, posts }))
}

async fn counts(conn: &mut Conn, brand: &BrandId, person: PersonId) -> Result<(u64, u64)> {
    let (conversations, lines): (i64, i64) = query_as(
        "SELECT (SELECT COUNT(*) FROM conversations WHERE brand = $1 AND person_id = $2), \
                (SELECT COUNT(*) FROM transcript WHERE brand = $1 AND conversation_id IN \
                   (SELECT conversation_id FROM conversations WHERE brand = $1 AND person_id = $2))",
    )
    .bind(brand.as_str())
    .bind(person.0)
    .fetch_one(conn)
    .await?;
    Ok((u64::try_from(conversations).unwrap_or(0), u64::try_from(lines).unwrap_or(0)))
}

async fn posts(conn: &mut Conn, brand: &BrandId, person: PersonId) -> Result<Vec<(Platform, String)>> {
    let rows: Vec<(String, String)> = query_as(
        "SELECT platform, platform_message_id FROM outbox \
         WHERE brand = $1 AND kind = 'staff' AND platform_message_id IS NOT NULL AND conversation_id IN \
           (SELECT conversation_id FROM conversations WHERE brand = $1 AND person_id = $2) ORDER BY outbox_id",
    )
    .bind(brand.as_str())
    .bind(person.0)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(platform, post)| (Platform::new(platform), post)).collect())
}

/// Leaves a tombstone for each number. It counts from now, or from the newest event when the platform's clock is ahead.
async fn bury(
    conn: &mut Conn,
    brand: &BrandId,
    person: PersonId,
    identities: &[(String, String)],
    now: Timestamp,
) -> Result<()> {
    let newest: Option<i64> = query_scalar(
        "SELECT MAX(at) FROM inbox WHERE brand = $1 AND platform <> 'housevoice' AND conversation_id IN \
           (SELECT conversation_id FROM conversations WHERE brand = $1 AND person_id = $2)",
    )
    .bind(brand.as_str())
    .bind(person.0)
    .fetch_one(&mut *conn)
    .await?;
    let erased_at = newest.unwrap_or(i64::MIN).max(us(now));
    for (platform, user) in identities {
        let subject = subject(conn, brand.as_str(), platform, user).await?;
        query(
            "INSERT INTO tombstones (brand, subject, erased_at) VALUES ($1, $2, $3) \
             ON CONFLICT (brand, subject) DO UPDATE SET erased_at = excluded.erased_at",
        )
        .bind(brand.as_str())
        .bind(subject)
        .bind(erased_at)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

async fn end_cases(conn: &mut Conn, brand: &BrandId, person: PersonId, now: Timestamp) -> Result<()> {
    query(
        "UPDATE cases SET state = 'closed', owner_kind = 'bot', owner_id = '', owner_name = '', closed_at = $1, \
                          outcome = 'erased' \
         WHERE brand = $2 AND closed_at IS NULL AND conversation_id IN \
           (SELECT conversation_id FROM conversations WHERE brand = $2 AND person_id = $3)",
    )
    .bind(us(now))
    .bind(brand.as_str())
    .bind(person.0)
    .execute(conn)
    .await?;
    Ok(())
}
