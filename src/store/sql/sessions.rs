//! Sessions: connections that are begun anew, of which a platform allows few. Whoever wants to begin one asks, and is told
//! when; that is decided by one process after the other.

use jiff::{SignedDuration, Timestamp};

use super::dialect::{hold_sessions, query, query_scalar};
use super::values::{span_us, time, us};
use super::{Conn, Result};
use crate::store::{BeginSession, Duty, SessionBecame, SessionId, SessionTerms};

/// Behind a day, nobody counts them any more. What another process's clock says is ahead of this one's counts as well, as
/// long as that is no defect.
const COUNTED: SignedDuration = SignedDuration::from_hours(24);
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// Writes down that a session is begun, if it may be.
pub(super) async fn begin(conn: &mut Conn, duty: &Duty, terms: &SessionTerms, now: Timestamp) -> Result<BeginSession> {
    hold_sessions(conn, &duty.brand, &duty.platform).await?;
    forget(conn, duty, now).await?;
    for wait in [lane_is_taken_until(conn, duty, terms, now).await?, day_is_full_until(conn, duty, terms).await?] {
        if let Some(until) = wait.filter(|until| *until > now) {
            return Ok(BeginSession::NotBefore(until));
        }
    }
    let id: i64 = query_scalar(
        "INSERT INTO sessions (brand, platform, part, lane, state, at) VALUES ($1, $2, $3, $4, 'asked', $5) \
         RETURNING session_id",
    )
    .bind(duty.brand.as_str())
    .bind(duty.platform.as_str())
    .bind(i64::from(duty.part))
    .bind(i64::from(terms.lane))
    .bind(us(now))
    .fetch_one(conn)
    .await?;
    Ok(BeginSession::Now(SessionId(id)))
}

async fn forget(conn: &mut Conn, duty: &Duty, now: Timestamp) -> Result<()> {
    let edge = |span: SignedDuration| us(now).saturating_add(span_us(span));
    query("DELETE FROM sessions WHERE brand = $1 AND platform = $2 AND (at <= $3 OR at > $4)")
        .bind(duty.brand.as_str())
        .bind(duty.platform.as_str())
        .bind(edge(-COUNTED))
        .bind(edge(AHEAD))
        .execute(conn)
        .await?;
    Ok(())
}

/// Until when others of the lane come first: one that is being begun is waited for, but not for ever.
async fn lane_is_taken_until(
    conn: &mut Conn,
    duty: &Duty,
    terms: &SessionTerms,
    now: Timestamp,
) -> Result<Option<Timestamp>> {
    let until: Option<i64> = query_scalar(
        "SELECT MAX(at + CASE WHEN state = 'asked' THEN CAST($4 AS BIGINT) ELSE CAST($5 AS BIGINT) END) FROM sessions \
         WHERE brand = $1 AND platform = $2 AND lane = $3",
    )
    .bind(duty.brand.as_str())
    .bind(duty.platform.as_str())
    .bind(i64::from(terms.lane))
    .bind(span_us(terms.begins_within))
    .bind(span_us(terms.apart))
    .fetch_one(conn)
    .await?;
    Ok(until.map(time).filter(|until| *until > now))
}

/// Until when the day has no room for another: the moment at which enough of its sessions are a day old.
async fn day_is_full_until(conn: &mut Conn, duty: &Duty, terms: &SessionTerms) -> Result<Option<Timestamp>> {
    if terms.in_a_day == 0 {
        return Ok(Some(Timestamp::MAX));
    }
    let at: Option<i64> = query_scalar(
        "SELECT at FROM sessions WHERE brand = $1 AND platform = $2 AND state <> 'failed' \
         ORDER BY at DESC LIMIT 1 OFFSET $3",
    )
    .bind(duty.brand.as_str())
    .bind(duty.platform.as_str())
    .bind(i64::from(terms.in_a_day) - 1)
    .fetch_optional(conn)
    .await?;
    Ok(at.map(|at| time(at.saturating_add(span_us(COUNTED)))))
}

/// What became of a session that was to be begun.
pub(super) async fn became(
    conn: &mut Conn,
    duty: &Duty,
    id: SessionId,
    became: SessionBecame,
    now: Timestamp,
) -> Result<()> {
    let state = match became {
        SessionBecame::Begun => "begun",
        SessionBecame::Failed => "failed",
        SessionBecame::Nothing => {
            query("DELETE FROM sessions WHERE brand = $1 AND session_id = $2")
                .bind(duty.brand.as_str())
                .bind(id.0)
                .execute(conn)
                .await?;
            return Ok(());
        }
    };
    query("UPDATE sessions SET state = $1, at = $2 WHERE brand = $3 AND session_id = $4")
        .bind(state)
        .bind(us(now))
        .bind(duty.brand.as_str())
        .bind(id.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// When this part's sessions were begun since a moment, the oldest first.
pub(super) async fn since(conn: &mut Conn, duty: &Duty, since: Timestamp) -> Result<Vec<Timestamp>> {
    let at: Vec<i64> = query_scalar(
        "SELECT at FROM sessions WHERE brand = $1 AND platform = $2 AND part = $3 AND at > $4 ORDER BY at",
    )
    .bind(duty.brand.as_str())
    .bind(duty.platform.as_str())
    .bind(i64::from(duty.part))
    .bind(us(since))
    .fetch_all(conn)
    .await?;
    Ok(at.into_iter().map(time).collect())
}
