//! A database of an older housevoice is brought up to date, and goes on where it was. The sample is what the version before
//! 0003 wrote down of a conversation with an open case (`tests/data/upgrade`), with an event that waits, a message on its way
//! and one that waits to leave.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use housevoice::engine::{ConversationId, Owner};
use housevoice::store::postgres::{Options, Postgres};
use housevoice::store::{Sqlite, Store};
use housevoice::voice::BrandId;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, PgPool};
use support::console;
use support::ground::SqliteGround;
use support::postgres::PostgresGround;

const SAMPLE: &str = include_str!("data/upgrade/tables-2.sql");
/// What the sample's last migration was.
const VERSION: i64 = 2;

/// What had not come to its end when the older program stopped.
const UNFINISHED: &str = "\
    UPDATE inbox SET done_at = NULL WHERE inbox_id = (SELECT MAX(inbox_id) FROM inbox); \
    UPDATE outbox SET state = 'sending', done_at = NULL, body = '{\"staff\":{\"changed\":{\"case\":{\"conversation\":1,\
      \"number\":1},\"what\":\"reopened\"}}}' WHERE outbox_id = (SELECT MAX(outbox_id) FROM outbox)";

fn lantern() -> BrandId {
    BrandId::from("lantern-loom")
}

/// What must be there, whatever the database.
async fn goes_on(store: Arc<dyn Store>) {
    let now = "2030-01-01T00:00:00Z".parse().unwrap();
    store.begin_serving().await.unwrap();
    let id = ConversationId(1);
    let conversation = store.conversation(&lantern(), id).await.unwrap().expect("the conversation is there");
    assert!(matches!(conversation.owner(), Owner::Queue(_)), "its case waits for the team");
    let words: Vec<String> =
        store.transcript(&lantern(), id).await.unwrap().into_iter().map(|line| line.text).collect();
    assert!(words.iter().any(|text| text == "my lamp arrived broken"), "{words:?}");
    assert_eq!(store.open_cases(&lantern()).await.unwrap().len(), 1);
    assert!(store.last_why(&lantern(), id).await.unwrap().is_some());
    // What waited still waits, and can be loaded.
    let waiting = store.waiting(&lantern(), now, 9).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert!(store.load(&lantern(), waiting[0].inbox, now).await.unwrap().is_some());
    // What was half sent leaves again, and is looked for.
    let delivery = store.claim(&lantern(), &console(), now, 9, &[]).await.unwrap().pop().expect("it leaves again");
    assert!(delivery.unsure.is_some());
    store.delivered(&lantern(), delivery.id, Some("77"), now).await.unwrap();
    assert!(store.fire_due(&lantern(), now).await.unwrap() > 0, "its timers are there");
}

#[tokio::test]
async fn a_file_of_an_older_program_goes_on() {
    let ground = SqliteGround::new();
    let options = SqliteConnectOptions::new().filename(ground.path()).create_if_missing(true);
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(SAMPLE.to_owned())).execute(&mut conn).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe("PRAGMA application_id = 1752592233".to_owned())).execute(&mut conn).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(UNFINISHED.to_owned())).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    goes_on(Arc::new(Sqlite::open(ground.path()).await.unwrap())).await;
}

#[tokio::test]
async fn a_server_with_older_tables_goes_on() {
    let Some(ground) = PostgresGround::new() else { return };
    let pool = PgPool::connect(&ground.url().await).await.unwrap();
    // The tables as they were, by the migrations that were there.
    let mut older = Migrator::new(Path::new("migrations/postgres")).await.unwrap();
    older.migrations.to_mut().retain(|migration| migration.version <= VERSION);
    older.run(&pool).await.unwrap();
    let skipped = ["_sqlx_migrations", "sqlite_sequence", "settings"];
    let table = |row: &str| row.split(' ').nth(2).unwrap_or_default().to_owned();
    let mut rows: Vec<&str> = SAMPLE.lines().filter(|line| line.starts_with("INSERT INTO ")).collect();
    rows.retain(|row| !skipped.contains(&table(row).as_str()));
    // What others hang on comes first.
    let first = ["people", "identities", "conversations"];
    rows.sort_by_key(|row| first.iter().position(|name| *name == table(row)).unwrap_or(first.len()));
    for row in rows {
        let row = row.replacen(" VALUES", " OVERRIDING SYSTEM VALUE VALUES", 1).replace("char(10)", "chr(10)");
        sqlx::raw_sql(AssertSqlSafe(row)).execute(&pool).await.unwrap();
    }
    for (table, column) in [("inbox", "inbox_id"), ("outbox", "outbox_id"), ("transcript", "transcript_id")] {
        let sql = format!("SELECT setval(pg_get_serial_sequence('{table}', '{column}'), 1000)");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
    }
    sqlx::raw_sql(AssertSqlSafe(UNFINISHED.to_owned())).execute(&pool).await.unwrap();
    pool.close().await;
    goes_on(Arc::new(Postgres::open(&ground.url().await, Options::default()).await.unwrap())).await;
}

/// What only PostgreSQL has, for processes that share it, and what belongs to the migrations themselves.
const OF_ONE_ONLY: &str = "('nodes', 'duties', '_sqlx_migrations', 'sqlite_sequence')";

/// Every table with its columns.
fn tables(rows: Vec<(String, String)>) -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in rows {
        tables.entry(table).or_default().push(column);
    }
    tables.values_mut().for_each(|columns| columns.sort());
    tables
}

#[tokio::test]
async fn both_databases_have_the_same_tables() {
    let Some(server) = PostgresGround::new() else { return };
    let file = SqliteGround::new();
    drop(Sqlite::open(file.path()).await.unwrap());
    drop(Postgres::open(&server.url().await, Options::default()).await.unwrap());
    let mut conn = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file.path())).await.unwrap();
    let sql = format!(
        "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT IN {OF_ONE_ONLY}"
    );
    let in_file: Vec<(String, String)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut conn).await.unwrap();
    let pool = PgPool::connect(&server.url().await).await.unwrap();
    let sql = format!(
        "SELECT table_name::TEXT, column_name::TEXT FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT IN {OF_ONE_ONLY}"
    );
    let on_server: Vec<(String, String)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&pool).await.unwrap();
    let (in_file, on_server) = (tables(in_file), tables(on_server));
    assert!(in_file.len() > 9, "{in_file:?}");
    assert_eq!(in_file, on_server);
}
