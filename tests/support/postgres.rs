//! A PostgreSQL server of one's own for the tests, made from the binaries that are installed, in a folder that goes with the
//! process; and a database in it for each test. Without PostgreSQL the tests that need it say so aloud; with
//! `HOUSEVOICE_REQUIRE_POSTGRES=1` they fail.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use housevoice::store::Store;
use housevoice::store::postgres::{Options, Postgres};
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{AssertSqlSafe, Connection, Row};

use super::ground::{Dumped, Ground, all_as_text};

/// How long the server may take to start.
const START_WITHIN: Duration = Duration::from_secs(60);

/// A server that runs as long as this process.
pub struct Server {
    folder: PathBuf,
    /// The shell that stops the server when this end of its input is closed: however this process ends.
    keeper: Mutex<Child>,
}

/// Makes a folder, a server in it, and waits; then cleans up. $1 the binaries, $2 the folder, $3 whether it waits for the disk.
const KEEP: &str = r#"
set -e
"$1/initdb" -D "$2/data" -U housevoice --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$2/initdb.log" 2>&1
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=$3 -c max_connections=300 -c shared_buffers=64MB >"$2/server.log" 2>&1 &
server=$!
while [ -d "$2" ]; do
    if ! read -r order; then break; fi
    case "$order" in
        stop) kill -INT $server; wait $server || true; touch "$2/stopped" ;;
        start) rm -f "$2/stopped"; "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=$3 -c max_connections=300 -c shared_buffers=64MB >>"$2/server.log" 2>&1 & server=$! ;;
    esac
done
kill -QUIT $server 2>/dev/null || true
wait $server 2>/dev/null || true
cd /; rm -rf "$2"
"#;

impl Server {
    /// The server of this process; none without PostgreSQL, after saying so.
    pub fn shared() -> Option<&'static Server> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        SERVER.get_or_init(Server::start).as_ref()
    }

    /// A server of one's own, for a test that stops it.
    pub fn start() -> Option<Server> {
        Self::start_with("off")
    }

    /// The same, and whether it waits for the disk: tests need not, measurements must.
    pub fn start_with(fsync: &str) -> Option<Server> {
        let Some(binaries) = binaries() else {
            let told = "PostgreSQL 15 or newer is not installed (Debian: apt-get install postgresql)";
            let must = std::env::var_os("HOUSEVOICE_REQUIRE_POSTGRES").is_some();
            assert!(!must, "{told}, and HOUSEVOICE_REQUIRE_POSTGRES is set");
            // Not through the macro: what is told there is not shown when a test passes.
            let _ = writeln!(std::io::stderr(), "\n!!! NOT TESTED on PostgreSQL: {told} !!!\n");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("hv-pg-").tempdir().unwrap().keep();
        // `initdb` does not run as root.
        let mut shell = match is_root() {
            true => {
                let who = if Command::new("id").arg("postgres").output().is_ok_and(|out| out.status.success()) {
                    "postgres"
                } else {
                    "nobody"
                };
                assert!(Command::new("chown").arg(who).arg(&folder).status().unwrap().success());
                let mut shell = Command::new("runuser");
                shell.args(["-u", who, "--", "bash"]);
                shell
            }
            false => Command::new("bash"),
        };
        let mut keeper = shell
            .args(["-c", KEEP, "keep"])
            .arg(&binaries)
            .arg(&folder)
            .arg(fsync)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while !folder.join(".s.PGSQL.5432").exists() {
            let log = || std::fs::read_to_string(folder.join("initdb.log")).unwrap_or_default();
            if let Some(status) = keeper.try_wait().unwrap() {
                panic!("PostgreSQL did not start ({status}): {}", log());
            }
            assert!(began.elapsed() < START_WITHIN, "PostgreSQL does not start: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self { folder, keeper: Mutex::new(keeper) })
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://housevoice@localhost/{database}?host={}", self.folder.display())
    }

    /// Where it is heard.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    pub async fn connect(&self, database: &str) -> PgConnection {
        let began = Instant::now();
        loop {
            match PgConnection::connect(&self.url(database)).await {
                Ok(connection) => return connection,
                // The socket is there a moment before the server.
                Err(error) => assert!(began.elapsed() < START_WITHIN, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Makes an empty database.
    pub async fn create(&self) -> String {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("t{}", NEXT.fetch_add(1, Ordering::SeqCst));
        let sql = format!("CREATE DATABASE {name} TEMPLATE template0 STRATEGY wal_log");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut self.connect("postgres").await).await.unwrap();
        name
    }

    /// Stops it, as a machine that goes down in order.
    pub fn stop(&self) {
        self.order("stop");
        while !self.folder.join("stopped").exists() {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Starts it again.
    pub fn start_again(&self) {
        self.order("start");
    }

    fn order(&self, what: &str) {
        let mut keeper = self.keeper.lock().unwrap();
        writeln!(keeper.stdin.as_mut().unwrap(), "{what}").unwrap();
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.starts_with(b"0\n"))
}

/// The newest binaries that are installed: where Debian puts them, else beside `pg_config`.
fn binaries() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = debian
        .filter_map(|folder| Some((folder.file_name().to_str()?.parse().ok()?, folder.path().join("bin"))))
        .filter(|(version, bin)| *version >= 15 && bin.join("initdb").exists())
        .collect();
    versions.sort();
    if let Some((_, bin)) = versions.pop() {
        return Some(bin);
    }
    let told = Command::new("pg_config").arg("--bindir").output().ok()?;
    let bin = Path::new(String::from_utf8(told.stdout).ok()?.trim()).to_owned();
    bin.join("initdb").exists().then_some(bin)
}

/// A database for one test.
pub struct PostgresGround {
    server: &'static Server,
    database: tokio::sync::OnceCell<String>,
}

impl PostgresGround {
    /// None without PostgreSQL.
    pub fn new() -> Option<Self> {
        Some(Self { server: Server::shared()?, database: tokio::sync::OnceCell::new() })
    }

    pub async fn url(&self) -> String {
        self.server.url(self.database.get_or_init(|| self.server.create()).await)
    }

    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url().await).await.unwrap()
    }

    /// Opens it as one of several processes that work at the same time.
    pub async fn join(&self, lease: Duration) -> Arc<Postgres> {
        let store = Postgres::open(&self.url().await, Options { connections: 4, lease }).await.unwrap();
        store.begin_serving().await.unwrap();
        Arc::new(store)
    }

    pub async fn execute(&self, sql: String) {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut self.connect().await).await.unwrap();
    }
}

/// How long the word of a process holds that nothing stops.
const LONG: Duration = Duration::from_secs(60);

#[async_trait]
impl Ground for PostgresGround {
    async fn open(&self) -> Arc<dyn Store> {
        // Whoever was there before is taken for dead, as it would be a little later.
        let pool = PgPool::connect(&self.url().await).await.unwrap();
        let _ = sqlx::query("UPDATE nodes SET until = 0").execute(&pool).await;
        pool.close().await;
        self.join(LONG).await
    }

    /// Without who works on what: that is nothing anybody stored.
    async fn dump(&self) -> Vec<Dumped> {
        let mut conn = self.connect().await;
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_sqlx%' \
               AND tablename NOT IN ('nodes', 'duties') ORDER BY 1",
        )
        .fetch_all(&mut conn)
        .await
        .unwrap();
        let mut dump = Vec::new();
        for table in tables {
            let columns: Vec<String> = sqlx::query_scalar(
                "SELECT CAST(column_name AS TEXT) FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = $1 AND column_name NOT IN ('holder', 'fence') ORDER BY ordinal_position",
            )
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
        self.execute(
            "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'broken'; END $$"
                .to_owned(),
        )
        .await;
        self.execute(format!(
            "CREATE TRIGGER break_{table} BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION broken()"
        ))
        .await;
    }

    async fn mend_table(&self, table: &str) {
        self.execute(format!("DROP TRIGGER break_{table} ON {table}")).await;
    }

    /// What can be read back counts: a server's files are its own.
    async fn on_disk(&self, text: &str) -> bool {
        self.dump()
            .await
            .iter()
            .flat_map(|(_, row)| row)
            .any(|(_, value)| value.as_deref().is_some_and(|value| value.contains(text)))
    }
}
