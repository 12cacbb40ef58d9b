//! What SQLite says in its own way. There is one writer, so nothing needs to be locked.

use super::{Conn, Result};
use crate::engine::Inbound;
use crate::voice::{BrandId, Platform};

/// The end of a query that others must not come between: nothing.
macro_rules! locked {
    ($rows:literal) => {
        ""
    };
}

/// The end of a query that leaves out what another process is at: nothing.
macro_rules! unless_busy {
    ($rows:literal) => {
        ""
    };
}

/// A column of text as a number; 0 where it is none.
macro_rules! number {
    ($column:literal) => {
        concat!("CAST(", $column, " AS BIGINT)")
    };
}

/// The strings of a JSON array, as rows.
macro_rules! each {
    ($parameter:literal) => {
        concat!("(SELECT value FROM json_each(", $parameter, "))")
    };
}

/// The room of a place: what stands before the slash.
macro_rules! room {
    ($column:literal) => {
        concat!("substr(", $column, ", 1, instr(", $column, " || '/', '/') - 1)")
    };
}

/// A row as a struct: each field by the name of its column.
macro_rules! row {
    ($(#[$about:meta])* $seen:vis struct $name:ident { $($(#[$of:meta])* $field_seen:vis $field:ident: $type:ty,)+ }) => {
        $(#[$about])*
        $seen struct $name {
            $($(#[$of])* $field_seen $field: $type,)+
        }

        impl $crate::store::sqlite::driver::FromRow for $name {
            fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                Ok(Self { $($field: row.get(stringify!($field))?,)+ })
            }
        }
    };
}

pub(super) use super::driver::{query, query_as, query_scalar};
pub(super) use {each, locked, number, room, row, unless_busy};

/// Waits until nobody else decides upon sessions of the same bot.
pub(super) async fn hold_sessions(_: &mut Conn, _: &BrandId, _: &Platform) -> Result<()> {
    Ok(())
}

/// Waits until nobody else takes in anything of the same sender.
#[expect(clippy::unused_async, reason = "the other database waits")]
pub(super) async fn hold_sender(_: &mut Conn, _: &Inbound, _: &str) -> Result<()> {
    Ok(())
}
