//! Where stores of one kind can be opened again and again, looked into and made to fail.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use housevoice::store::{Sqlite, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row};

/// One row of one table, as text: the table, then column and value.
pub type Dumped = (String, Vec<(String, Option<String>)>);

/// Asks for everything in a table, as text.
pub fn all_as_text(table: &str, columns: &[String]) -> AssertSqlSafe<String> {
    let as_text: Vec<String> = columns.iter().map(|column| format!("CAST({column} AS TEXT)")).collect();
    AssertSqlSafe(format!("SELECT {} FROM {table} ORDER BY 1, 2", as_text.join(", ")))
}

/// Where stores of one kind can be opened again and again. Every kind of store has one, for the same tests.
#[async_trait]
pub trait Ground: Send + Sync {
    /// Opens the store, as a process that starts would.
    async fn open(&self) -> Arc<dyn Store>;
    /// Everything that is stored, by table and row.
    async fn dump(&self) -> Vec<Dumped>;
    /// From now on, writing this table fails.
    async fn break_table(&self, table: &str);
    /// Writing this table works again.
    async fn mend_table(&self, table: &str);
    /// Whether this text is anywhere in what is on disk, deleted or not.
    async fn on_disk(&self, text: &str) -> bool;
}

/// A SQLite file in a folder of its own.
pub struct SqliteGround {
    folder: tempfile::TempDir,
}

impl SqliteGround {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("bot.db")
    }

    pub async fn connect(&self) -> SqliteConnection {
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(self.path())).await.unwrap()
    }

    async fn execute(&self, sql: String) {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut self.connect().await).await.unwrap();
    }
}

#[async_trait]
impl Ground for SqliteGround {
    async fn open(&self) -> Arc<dyn Store> {
        let store = Sqlite::open(self.path()).await.unwrap();
        // Another one may be open still that a test goes on with.
        let _ = store.begin_serving().await;
        Arc::new(store)
    }

    async fn dump(&self) -> Vec<Dumped> {
        let mut conn = self.connect().await;
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
               AND name NOT LIKE '_sqlx%' ORDER BY name",
        )
        .fetch_all(&mut conn)
        .await
        .unwrap();
        let mut dump = Vec::new();
        for table in tables {
            let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1) ORDER BY cid")
                .bind(&table)
                .fetch_all(&mut conn)
                .await
                .unwrap();
            for row in sqlx::query(all_as_text(&table, &columns)).fetch_all(&mut conn).await.unwrap() {
                let values = columns.iter().enumerate().map(|(i, column)| (column.clone(), row.get(i)));
                dump.push((table.clone(), values.collect()));
            }
        }
        dump
    }

    async fn break_table(&self, table: &str) {
        for what in ["INSERT", "UPDATE", "DELETE"] {
            self.execute(format!(
                "CREATE TRIGGER break_{table}_{what} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END"
            ))
            .await;
        }
    }

    async fn mend_table(&self, table: &str) {
        for what in ["INSERT", "UPDATE", "DELETE"] {
            self.execute(format!("DROP TRIGGER break_{table}_{what}")).await;
        }
    }

    async fn on_disk(&self, text: &str) -> bool {
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let holds = |path: PathBuf| {
            let bytes = std::fs::read(path).unwrap();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        };
        files.into_iter().any(holds)
    }
}
