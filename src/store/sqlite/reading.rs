//! A connection to read from: one of several, or the only one when the database is in memory.

use std::ops::{Deref, DerefMut};

use sqlx::Sqlite as Driver;
use sqlx::pool::PoolConnection;

use super::Conn;
use super::writer::Turn;

/// A connection to read from.
pub(super) enum Reading {
    Pool(PoolConnection<Driver>),
    Turn(Turn),
}

impl Deref for Reading {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        match self {
            Reading::Pool(conn) => conn,
            Reading::Turn(turn) => turn,
        }
    }
}

impl DerefMut for Reading {
    fn deref_mut(&mut self) -> &mut Conn {
        match self {
            Reading::Pool(conn) => conn,
            Reading::Turn(turn) => turn,
        }
    }
}
