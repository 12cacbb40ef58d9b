//! What PostgreSQL says in its own way: many processes write at the same time, so rows are locked before they are changed
//! upon what was read.

use super::{Conn, Result};
use crate::engine::Inbound;
use crate::voice::{BrandId, Platform};

/// The end of a query that others must not come between.
macro_rules! locked {
    ($rows:literal) => {
        concat!(" FOR UPDATE OF ", $rows)
    };
}

/// The end of a query that leaves out what another process is at.
macro_rules! unless_busy {
    ($rows:literal) => {
        concat!(" FOR UPDATE OF ", $rows, " SKIP LOCKED")
    };
}

/// A column of text as a number; nothing where it is none, or one of more than 63 bits.
macro_rules! number {
    ($column:literal) => {
        concat!("CAST(CASE WHEN ", $column, " ~ '^([0-9]{1,18}|[1-8][0-9]{18})$' THEN ", $column, " END AS BIGINT)")
    };
}

/// The strings of a JSON array, as rows.
macro_rules! each {
    ($parameter:literal) => {
        concat!("(SELECT jsonb_array_elements_text(CAST(", $parameter, " AS JSONB)))")
    };
}

/// Whether the process that holds a row is at work.
macro_rules! is_held {
    ($holder:literal) => {
        concat!("EXISTS (SELECT 1 FROM nodes n WHERE n.node = ", $holder, " AND n.until > housevoice_now())")
    };
}

/// The room of a place: what stands before the slash.
macro_rules! room {
    ($column:literal) => {
        concat!("split_part(", $column, ", '/', 1)")
    };
}

/// A row as a struct: each field by the name of its column.
macro_rules! row {
    ($row:item) => {
        #[derive(sqlx::FromRow)]
        $row
    };
}

pub(super) use sqlx::{query, query_as, query_scalar};
pub(super) use {each, is_held, locked, number, room, row, unless_busy};

/// Waits until nobody else decides upon sessions of the same bot.
pub(super) async fn hold_sessions(conn: &mut Conn, brand: &BrandId, platform: &Platform) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))")
        .bind(format!("{brand} {platform}"))
        .execute(conn)
        .await?;
    Ok(())
}

/// Waits until nobody else takes in anything of the same sender: so that each of their numbers makes one person, and what
/// they write stands in the inbox in the order in which it was written down.
pub(super) async fn hold_sender(conn: &mut Conn, inbound: &Inbound, sender: &str) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind(format!("{} {} {sender}", inbound.brand, inbound.platform))
        .execute(conn)
        .await?;
    Ok(())
}
