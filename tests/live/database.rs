//! Where the program under test keeps everything: a file, or with `HOUSEVOICE_TEST_ON=postgres` a database on the tests' own
//! PostgreSQL server.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};

use super::support::postgres::Server;

/// Where everything is kept.
#[derive(Clone)]
pub enum Database {
    /// In a file beside bot.toml.
    File,
    /// On a server, at this address.
    Postgres(String),
}

impl Database {
    /// A new one of the kind that the environment asks for.
    pub fn asked_for() -> Self {
        match std::env::var("HOUSEVOICE_TEST_ON").as_deref() {
            Ok("postgres") => Self::postgres().expect("HOUSEVOICE_TEST_ON asks for PostgreSQL, which is not installed"),
            Ok("sqlite") | Err(_) => Self::File,
            Ok(other) => panic!("HOUSEVOICE_TEST_ON is {other}; take sqlite or postgres"),
        }
    }

    /// A new one on the tests' server; none without PostgreSQL.
    pub fn postgres() -> Option<Self> {
        Some(Self::on(Server::shared()?))
    }

    /// A new one on a server of its own that waits for the disk, as one in service does.
    pub fn durable_postgres() -> Option<Self> {
        Some(Self::on(Box::leak(Box::new(Server::start_with("on")?))))
    }

    /// A new one on a server.
    pub fn on(server: &Server) -> Self {
        Self::Postgres(server.url(&wait_for(server.create())))
    }

    /// The line of bot.toml.
    pub fn line(&self) -> String {
        match self {
            Self::File => "store = \"bot.db\"\n".to_owned(),
            // As soon as a process has died, so that no test waits long for another to take over.
            Self::Postgres(url) => format!("store = \"{url}\"\n[database]\nconnections = 8\nlease_seconds = 3\n"),
        }
    }

    /// Asks something behind the program's back: columns of text.
    pub fn ask(&self, folder: &Path, sql: &str) -> Vec<Vec<Option<String>>> {
        let sql = AssertSqlSafe(sql.to_owned());
        wait_for(async {
            match self {
                Self::File => {
                    let mut conn = SqliteConnection::connect(&file(folder)).await.unwrap();
                    let rows = sqlx::query(sql).fetch_all(&mut conn).await.unwrap();
                    rows.iter().map(|row| (0..row.len()).map(|column| row.get(column)).collect()).collect()
                }
                Self::Postgres(url) => {
                    let mut conn = PgConnection::connect(url).await.unwrap();
                    let rows = sqlx::query(sql).fetch_all(&mut conn).await.unwrap();
                    rows.iter().map(|row| (0..row.len()).map(|column| row.get(column)).collect()).collect()
                }
            }
        })
    }

    /// Whether anything was made there: the file, or a table.
    pub fn is_made(&self, folder: &Path) -> bool {
        match self {
            Self::File => folder.join("bot.db").exists(),
            Self::Postgres(_) => {
                !self.ask(folder, "SELECT tablename::TEXT FROM pg_tables WHERE schemaname = 'public'").is_empty()
            }
        }
    }

    /// Does something behind the program's back.
    pub fn execute(&self, folder: &Path, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        wait_for(async {
            match self {
                Self::File => {
                    let mut conn = SqliteConnection::connect(&file(folder)).await.unwrap();
                    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
                    conn.close().await.unwrap();
                }
                Self::Postgres(url) => {
                    let mut conn = PgConnection::connect(url).await.unwrap();
                    sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
                }
            }
        });
    }

    /// Writes the first row of a table down again under many numbers, which stand for `n` in the columns.
    pub fn copy_rows(&self, folder: &Path, table: &str, columns: &str, first: usize, last: usize) {
        let (numbers, overriding) = match self {
            Self::File => {
                (format!("WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last}) "), "")
            }
            Self::Postgres(_) => {
                (format!("WITH s AS (SELECT generate_series({first}, {last}) AS n) "), " OVERRIDING SYSTEM VALUE")
            }
        };
        let one = format!("(SELECT * FROM {table} LIMIT 1) o");
        let insert = match self {
            Self::File => format!("INSERT INTO {table} {numbers} SELECT {columns} FROM s CROSS JOIN {one}"),
            Self::Postgres(_) => {
                format!("{numbers} INSERT INTO {table}{overriding} SELECT {columns} FROM s CROSS JOIN {one}")
            }
        };
        self.execute(folder, &insert);
    }

    /// From now on nothing can be taken in.
    pub fn break_the_inbox(&self, folder: &Path) {
        self.execute(
            folder,
            match self {
                Self::File => "CREATE TRIGGER broken BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'broken'); END",
                Self::Postgres(_) => {
                    "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS \
                       $$ BEGIN RAISE EXCEPTION 'broken'; END $$; \
                     CREATE TRIGGER broken BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION broken()"
                }
            },
        );
    }

    /// It can again.
    pub fn mend_the_inbox(&self, folder: &Path) {
        self.execute(
            folder,
            match self {
                Self::File => "DROP TRIGGER broken",
                Self::Postgres(_) => "DROP TRIGGER broken ON inbox",
            },
        );
    }
}

fn file(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("bot.db").display())
}

/// Waits for something in a thread of its own, whether or not this one waits for others already.
fn wait_for<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|threads| {
        let work = threads.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(work)
        });
        work.join().unwrap()
    })
}
