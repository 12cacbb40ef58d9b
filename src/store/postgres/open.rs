//! The address, the pool, migrations; and an error with a way out for everything that people meet.

use std::time::Duration;

use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use super::Postgres;
use crate::store::StoreError;

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The oldest server that is tested with.
const OLDEST: i32 = 150_000;
/// How long to wait for a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// How long a statement may take before it is given up: a lock that is never let go of must not stop everything.
const STATEMENT_WITHIN: &str = "30s";

/// How a process works with the database.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Connections at most. The server must allow them for every process.
    pub connections: u32,
    /// For how long a process's word that it works holds; after this the others take over what it was at.
    pub lease: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections: 16, lease: Duration::from_secs(10) }
    }
}

impl Postgres {
    /// Connects to a database, `postgres://user:password@host/name`, and brings its tables up to date. The database itself
    /// must be there.
    ///
    /// # Errors
    /// [`StoreError::Open`], with what is wrong and a way out. It never shows the password.
    pub async fn open(url: &str, options: Options) -> Result<Self, StoreError> {
        let idle = format!("{}ms", (options.lease / 2).as_millis());
        // Whoever stands still in the middle of a transaction must not hold up the others for longer than they wait for it.
        let connect = connecting(url)?.options([("idle_in_transaction_session_timeout", idle.as_str())]);
        let shown = shown(&connect);
        let pool = pool(options.connections).connect_with(connect.clone()).await.map_err(|e| opening(&shown, &e))?;
        is_fit(&shown, &pool).await?;
        migrate(&shown, connect.clone()).await?;
        let pulse = pool_of_one().connect_with(connect).await.map_err(|e| opening(&shown, &e))?;
        Ok(Self::on(pool, pulse, options))
    }
}

/// Brings the tables up to date, however long that takes: an index on a large table is no statement that hangs.
async fn migrate(shown: &str, connect: PgConnectOptions) -> Result<(), StoreError> {
    let patient = connect.options([("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")]);
    let pool = pool_of_one().connect_with(patient).await.map_err(|e| opening(shown, &e))?;
    MIGRATIONS.run(&pool).await.map_err(|e| migrating(shown, &e))?;
    pool.close().await;
    Ok(())
}

/// What an address says.
pub(super) fn connecting(url: &str) -> Result<PgConnectOptions, StoreError> {
    let connect: PgConnectOptions = url.parse().map_err(|error: sqlx::Error| StoreError::Open {
        database: "postgres://…".into(),
        problem: format!("the address cannot be read ({error})"),
        way_out: "Write it as postgres://user@host:5432/name, with the password in PGPASSWORD.".to_owned(),
    })?;
    Ok(connect
        .application_name("housevoice")
        .options([("statement_timeout", STATEMENT_WITHIN), ("idle_in_transaction_session_timeout", STATEMENT_WITHIN)]))
}

pub(super) fn pool(connections: u32) -> PgPoolOptions {
    tended(PgPoolOptions::new().max_connections(connections.max(2)).acquire_timeout(CONNECT_WITHIN))
}

fn pool_of_one() -> PgPoolOptions {
    tended(PgPoolOptions::new().max_connections(1).acquire_timeout(CONNECT_WITHIN).test_before_acquire(true))
}

/// A connection that does not answer is thrown away: left to itself, the pool waits for it until the system gives it up, which
/// can take a quarter of an hour.
fn tended(options: PgPoolOptions) -> PgPoolOptions {
    options.after_release(|connection, _| {
        Box::pin(async move {
            match tokio::time::timeout(CONNECT_WITHIN, connection.ping()).await {
                Ok(answered) => answered.map(|()| true),
                Err(_) => Ok(false),
            }
        })
    })
}

/// The address without the password.
pub(super) fn shown(connect: &PgConnectOptions) -> String {
    let database = connect.get_database().unwrap_or_default();
    format!("postgres://{}@{}:{}/{database}", connect.get_username(), connect.get_host(), connect.get_port())
}

/// Refuses a server that is too old, and a database that does not take every letter.
pub(super) async fn is_fit(shown: &str, pool: &PgPool) -> Result<(), StoreError> {
    let found: Result<(i32, String), sqlx::Error> = sqlx::query_as(
        "SELECT CAST(current_setting('server_version_num') AS INTEGER), current_setting('server_encoding')",
    )
    .fetch_one(pool)
    .await;
    let (version, encoding) = found.map_err(|e| opening(shown, &e))?;
    let wrong = |problem: String, way_out: &str| StoreError::Open {
        database: shown.into(),
        problem,
        way_out: way_out.to_owned(),
    };
    if version < OLDEST {
        let (major, oldest) = (version / 10_000, OLDEST / 10_000);
        return Err(wrong(format!("the server is PostgreSQL {major}"), &format!("Take PostgreSQL {oldest} or newer.")));
    }
    if encoding != "UTF8" {
        return Err(wrong(
            format!("it keeps text as {encoding}, which has no room for every language"),
            "Make a new database with: createdb --encoding=UTF8 --template=template0 NAME",
        ));
    }
    Ok(())
}

pub(super) fn opening(shown: &str, error: &sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(|e| e.code()).unwrap_or_default();
    let (problem, way_out) = match code.as_ref() {
        "28P01" | "28000" => ("the server does not let this user in", "Check user and password, and pg_hba.conf."),
        "3D000" => ("there is no such database", "Make it first: createdb --encoding=UTF8 NAME"),
        "53300" => {
            ("the server has no connection left", "Raise max_connections, or lower `connections` in [database].")
        }
        "42501" => {
            ("this user may not make tables in it", "Let the user own the database: ALTER DATABASE name OWNER TO user")
        }
        "57P03" => ("the server is starting or stopping", "Wait a moment, then start again."),
        _ if matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut) => {
            ("the server cannot be reached", "Check host and port, and that PostgreSQL runs there.")
        }
        _ => {
            return StoreError::Open {
                database: shown.into(),
                problem: error.to_string(),
                way_out: "Look at the server's log, then start again.".to_owned(),
            };
        }
    };
    StoreError::Open { database: shown.into(), problem: problem.to_owned(), way_out: way_out.to_owned() }
}

fn migrating(shown: &str, error: &MigrateError) -> StoreError {
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    if let MigrateError::VersionMissing(version) | MigrateError::VersionTooNew(version, _) = error {
        return StoreError::Open {
            database: shown.into(),
            problem: format!(
                "it was written by a newer housevoice (its tables are at {version}, this program knows {newest})"
            ),
            way_out: "Start the newer housevoice on every machine, or restore the backup from before.".to_owned(),
        };
    }
    if let MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) = error {
        return opening(shown, e);
    }
    StoreError::Open {
        database: shown.into(),
        problem: error.to_string(),
        way_out:
            "This database was made by a changed or unfinished build of housevoice. Use the build that made it, or \
                  another database."
                .to_owned(),
    }
}
