//! Statements on a connection of SQLite, as `sql` writes them: the few words of sqlx that are used there, over rusqlite.
//!
//! sqlx's own driver hands each statement to a thread and waits for it. A message takes some thirty statements, and about
//! half of the processor's time went into waking threads (docs/figures.md). Here a statement runs where it is asked for, on
//! a thread that may wait for the disk; the future that tells what it found is ready from the beginning.

use std::borrow::Cow;
use std::future::{Future, ready};
use std::marker::PhantomData;

use rusqlite::types::{FromSql, ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OpenFlags, Row, Statement, ToSql};

/// Statements that stay prepared; there are fewer in the program.
const PREPARED: usize = 256;

type Result<T> = rusqlite::Result<T>;

/// A connection.
#[derive(Debug)]
pub(in super::super) struct Conn(Connection);

impl Conn {
    /// On a file.
    pub(super) fn open(path: &std::path::Path, flags: OpenFlags) -> Result<Self> {
        // Nobody uses it from two threads at once: that is what exclusive access is in Rust.
        Self::on(Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?)
    }

    /// On a database in memory.
    pub(super) fn in_memory() -> Result<Self> {
        Self::on(Connection::open_in_memory()?)
    }

    fn on(connection: Connection) -> Result<Self> {
        connection.set_prepared_statement_cache_capacity(PREPARED);
        Ok(Self(connection))
    }

    /// For what is not a statement of `sql`.
    pub(super) fn raw(&mut self) -> &mut Connection {
        &mut self.0
    }

    /// Runs a statement without parameters, and throws away what it finds.
    pub(super) fn run(&mut self, sql: &'static str) -> Result<()> {
        query(sql).run(self, |_| Ok(false)).map(|_| ())
    }

    /// Closes the connection.
    pub(super) fn close(self) -> Result<()> {
        self.0.close().map_err(|(_, error)| error)
    }
}

/// What stands for a parameter.
#[derive(Debug)]
pub(in super::super) enum Parameter<'q> {
    Null,
    Number(i64),
    Text(Cow<'q, str>),
}

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(match self {
            Parameter::Null => ToSqlOutput::Owned(Value::Null),
            Parameter::Number(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Parameter::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        })
    }
}

impl From<i64> for Parameter<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl<'q> From<&'q str> for Parameter<'q> {
    fn from(text: &'q str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'q> From<&'q String> for Parameter<'q> {
    fn from(text: &'q String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Parameter<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'q> From<Cow<'q, str>> for Parameter<'q> {
    fn from(text: Cow<'q, str>) -> Self {
        Self::Text(text)
    }
}

impl<'q, T: Into<Parameter<'q>>> From<Option<T>> for Parameter<'q> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// What a row is read as.
pub(in super::super) trait FromRow: Sized {
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

macro_rules! from_row_of {
    ($($column:ident $at:literal)+) => {
        impl<$($column: FromSql),+> FromRow for ($($column,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self> {
                Ok(($(row.get::<_, $column>($at)?,)+))
            }
        }
    };
}

from_row_of!(A 0 B 1);
from_row_of!(A 0 B 1 C 2);
from_row_of!(A 0 B 1 C 2 D 3);
from_row_of!(A 0 B 1 C 2 D 3 E 4);
from_row_of!(A 0 B 1 C 2 D 3 E 4 F 5);

/// A row of one column.
#[derive(Debug)]
pub(in super::super) struct One<T>(T);

impl<T: FromSql> FromRow for One<T> {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self(row.get(0)?))
    }
}

/// A statement and what stands for its parameters.
#[derive(Debug)]
pub(in super::super) struct Query<'q> {
    sql: &'static str,
    parameters: Vec<Parameter<'q>>,
}

/// What a statement did.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Done {
    rows: u64,
}

impl Done {
    /// How many rows it wrote or removed.
    pub(in super::super) fn rows_affected(self) -> u64 {
        self.rows
    }
}

/// A statement that finds nothing, or whose findings do not matter.
pub(in super::super) fn query<'q>(sql: &'static str) -> Query<'q> {
    Query { sql, parameters: Vec::new() }
}

/// A statement that finds rows.
pub(in super::super) fn query_as<'q, T: FromRow>(sql: &'static str) -> Finding<'q, T, T> {
    Finding { query: query(sql), of: |row| row, row: PhantomData }
}

/// A statement that finds one column.
pub(in super::super) fn query_scalar<'q, T: FromSql>(sql: &'static str) -> Finding<'q, One<T>, T> {
    Finding { query: query(sql), of: |One(value)| value, row: PhantomData }
}

impl<'q> Query<'q> {
    /// What stands for the next parameter.
    pub(in super::super) fn bind(mut self, value: impl Into<Parameter<'q>>) -> Self {
        self.parameters.push(value.into());
        self
    }

    /// Does it.
    pub(in super::super) fn execute(self, conn: &mut Conn) -> impl Future<Output = Result<Done>> + Send + use<> {
        ready(self.run(conn, |_| Ok(true)))
    }

    /// Does it; each row that it finds is shown, until no more is wanted.
    fn run(self, conn: &mut Conn, mut each: impl FnMut(&Row<'_>) -> Result<bool>) -> Result<Done> {
        let mut statement = conn.0.prepare_cached(self.sql)?;
        self.bind_to(&mut statement)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            if !each(row)? {
                break;
            }
        }
        drop(rows);
        // What only reads leaves the number of the statement before it.
        let rows = if statement.readonly() { 0 } else { conn.0.changes() };
        Ok(Done { rows })
    }

    /// A parameter goes by its number; SQLite itself counts names in the order in which it meets them.
    fn bind_to(&self, statement: &mut Statement<'_>) -> Result<()> {
        let mut highest = 0;
        for at in 1..=statement.parameter_count() {
            let number = statement.parameter_name(at).and_then(|name| name.get(1..)?.parse::<usize>().ok());
            let parameter = number.and_then(|number| self.parameters.get(number.checked_sub(1)?));
            let parameter = parameter.ok_or(rusqlite::Error::InvalidParameterCount(self.parameters.len(), at))?;
            statement.raw_bind_parameter(at, parameter)?;
            highest = highest.max(number.unwrap_or_default());
        }
        if highest == self.parameters.len() {
            Ok(())
        } else {
            Err(rusqlite::Error::InvalidParameterCount(self.parameters.len(), highest))
        }
    }
}

/// A statement that finds something: read as `R`, given as `T`.
#[derive(Debug)]
pub(in super::super) struct Finding<'q, R, T> {
    query: Query<'q>,
    of: fn(R) -> T,
    row: PhantomData<R>,
}

impl<'q, R: FromRow, T: Send> Finding<'q, R, T> {
    /// What stands for the next parameter.
    pub(in super::super) fn bind(mut self, value: impl Into<Parameter<'q>>) -> Self {
        self.query = self.query.bind(value);
        self
    }

    /// Everything that is found.
    pub(in super::super) fn fetch_all(
        self,
        conn: &mut Conn,
    ) -> impl Future<Output = Result<Vec<T>>> + Send + use<R, T> {
        let (mut found, of) = (Vec::new(), self.of);
        let done = self.query.run(conn, |row| {
            found.push(of(R::from_row(row)?));
            Ok(true)
        });
        ready(done.map(|_| found))
    }

    /// The first that is found.
    pub(in super::super) fn fetch_optional(
        self,
        conn: &mut Conn,
    ) -> impl Future<Output = Result<Option<T>>> + Send + use<R, T> {
        ready(self.first(conn))
    }

    /// The first that is found; it must be there.
    pub(in super::super) fn fetch_one(self, conn: &mut Conn) -> impl Future<Output = Result<T>> + Send + use<R, T> {
        ready(self.first(conn).and_then(|found| found.ok_or(rusqlite::Error::QueryReturnedNoRows)))
    }

    /// A statement that also writes is done to its end.
    fn first(self, conn: &mut Conn) -> Result<Option<T>> {
        let (mut found, of) = (None, self.of);
        self.query.run(conn, |row| {
            if found.is_none() {
                found = Some(of(R::from_row(row)?));
            }
            Ok(true)
        })?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn parameters_go_by_their_numbers_and_may_come_in_any_order_and_twice() {
        let mut conn = Conn::in_memory().unwrap();
        let found: Vec<(String, i64, String, Option<i64>)> = query_as("SELECT $2, $3, $2, $1")
            .bind(None::<i64>)
            .bind("zwei")
            .bind(3)
            .fetch_all(&mut conn)
            .await
            .unwrap();
        assert_eq!(found, [("zwei".to_owned(), 3, "zwei".to_owned(), None)]);
        let missing: Result<Option<i64>> = query_scalar("SELECT $2").bind(1).fetch_optional(&mut conn).await;
        assert!(missing.is_err());
        let too_many: Result<Option<i64>> = query_scalar("SELECT $1").bind(1).bind(2).fetch_optional(&mut conn).await;
        assert!(too_many.is_err());
    }

    #[tokio::test]
    async fn what_was_written_is_counted_whether_rows_come_back_or_not() {
        let mut conn = Conn::in_memory().unwrap();
        query("CREATE TABLE t (n BIGINT UNIQUE)").execute(&mut conn).await.unwrap();
        let two = query("INSERT INTO t (n) VALUES (1), ($1) RETURNING n").bind(2).execute(&mut conn).await.unwrap();
        assert_eq!(two.rows_affected(), 2);
        let none = query("UPDATE t SET n = 5 WHERE n = 7").execute(&mut conn).await.unwrap();
        assert_eq!(none.rows_affected(), 0);
        let first: Option<i64> =
            query_scalar("UPDATE t SET n = n + 10 RETURNING n").fetch_optional(&mut conn).await.unwrap();
        assert!(first.is_some());
        let all: Vec<i64> = query_scalar("SELECT n FROM t ORDER BY n").fetch_all(&mut conn).await.unwrap();
        assert_eq!(all, [11, 12]);
    }
}
