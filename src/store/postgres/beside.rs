//! A database that processes may serve: looked at without changing anything in it, or used as it is.

use jiff::{SignedDuration, Timestamp};
use sqlx::postgres::{PgConnectOptions, PgPool};

use super::open::{MIGRATIONS, connecting, is_fit, pool, shown};
use super::sql::values::time;
use super::{Options, Postgres, Result};
use crate::store::{StoreError, Tables};

/// What was seen of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The version of the server.
    pub server: String,
    /// Whether its tables are those of this program.
    pub tables: Tables,
    /// How many processes work on it.
    pub at_work: u32,
    /// How far the server's clock is ahead of this machine's.
    pub clock_ahead: SignedDuration,
    /// Connections that are free on the server.
    pub connections_free: i64,
}

impl Postgres {
    /// Opens a database for use beside whatever serves it. No table is changed, and this process is none of those that work.
    ///
    /// # Errors
    /// [`StoreError::Open`], also when the tables are not those of this program.
    pub async fn open_beside(url: &str) -> Result<Self> {
        let (connect, pool) = connected(url).await?;
        let refused = |problem: &str, way_out: &str| StoreError::Open {
            database: shown(&connect),
            problem: problem.to_owned(),
            way_out: way_out.to_owned(),
        };
        match tables(&pool).await? {
            Tables::UpToDate => Ok(Self::on(pool.clone(), pool, Options::default())),
            Tables::Older => Err(refused(
                "its tables are not there yet, or those of an older housevoice",
                "Start `housevoice run` of this version once, which brings them up to date.",
            )),
            Tables::Newer => Err(refused("its tables are those of a newer housevoice", "Use the newer housevoice.")),
        }
    }

    /// Looks at a database; changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Open`], with what is wrong and a way out.
    pub async fn look_at(url: &str) -> Result<Seen> {
        let (_, pool) = connected(url).await?;
        let tables = tables(&pool).await?;
        let asked = Timestamp::now();
        let (server, now, connections_free): (String, i64, i64) = sqlx::query_as(
            "SELECT current_setting('server_version'), CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT), \
                    CAST(current_setting('max_connections') AS BIGINT) - (SELECT COUNT(*) FROM pg_stat_activity)",
        )
        .fetch_one(&pool)
        .await?;
        let clock_ahead = time(now).duration_since(asked);
        let at_work = if tables == Tables::UpToDate {
            sqlx::query_scalar("SELECT COUNT(*) FROM nodes WHERE until > housevoice_now()").fetch_one(&pool).await?
        } else {
            0_i64
        };
        pool.close().await;
        let at_work = u32::try_from(at_work).unwrap_or(u32::MAX);
        Ok(Seen { server, tables, at_work, clock_ahead, connections_free })
    }

    pub(super) async fn is_served_now(&self) -> Result<bool> {
        let some: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM nodes n WHERE n.until > housevoice_now())")
            .fetch_one(&self.pulse)
            .await?;
        Ok(some)
    }
}

async fn connected(url: &str) -> Result<(PgConnectOptions, PgPool)> {
    let connect = connecting(url)?;
    let shown = shown(&connect);
    let pool = pool(2).connect_with(connect.clone()).await.map_err(|e| super::open::opening(&shown, &e))?;
    is_fit(&shown, &pool).await?;
    Ok((connect, pool))
}

async fn tables(pool: &PgPool) -> Result<Tables> {
    let known: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(pool).await?;
    let applied: Vec<i64> = if known {
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations").fetch_all(pool).await?
    } else {
        Vec::new()
    };
    Ok(Tables::of(&applied, &MIGRATIONS))
}
