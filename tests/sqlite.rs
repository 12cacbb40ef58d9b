//! What is promised of the SQLite file in particular: how it is opened, and what its tables may hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use housevoice::store::{Sqlite, Store, StoreError};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row};
use support::ground::{Ground, SqliteGround};

/// Opening the path must fail; what the operator reads, with the way out.
async fn refused(path: &Path) -> (String, String) {
    let Err(StoreError::Open { database: shown, problem, way_out }) = Sqlite::open(path).await else {
        panic!("{} was opened", path.display())
    };
    assert_eq!(shown, path.display().to_string());
    assert!(!way_out.is_empty());
    (problem, way_out)
}

#[tokio::test]
async fn a_folder_that_is_missing_is_named() {
    let ground = SqliteGround::new();
    let folder = ground.path().with_file_name("nowhere");
    let (problem, _) = refused(&folder.join("bot.db")).await;
    assert_eq!(problem, format!("there is no folder {}", folder.display()));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_as_it_is() {
    let ground = SqliteGround::new();
    for text in ["a".repeat(5000), "shopping list".to_owned()] {
        std::fs::write(ground.path(), &text).unwrap();
        assert_eq!(refused(&ground.path()).await.0, "this file is not a database");
        assert_eq!(std::fs::read_to_string(ground.path()).unwrap(), text);
    }
}

#[tokio::test]
async fn a_folder_in_place_of_the_file_is_refused() {
    let ground = SqliteGround::new();
    std::fs::create_dir(ground.path()).unwrap();
    assert_eq!(refused(&ground.path()).await.0, "it cannot be opened");
}

#[tokio::test]
async fn the_database_of_another_program_is_left_as_it_is() {
    let ground = SqliteGround::new();
    let options = SqliteConnectOptions::new().filename(ground.path()).create_if_missing(true);
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("CREATE TABLE recipes (name TEXT)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    let before = std::fs::read(ground.path()).unwrap();
    assert_eq!(refused(&ground.path()).await.0, "it is the database of another program");
    assert_eq!(std::fs::read(ground.path()).unwrap(), before);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let ground = SqliteGround::new();
    drop(ground.open().await);
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'to come', TRUE, x'00', 0)";
    sqlx::query(newer).execute(&mut ground.connect().await).await.unwrap();
    let (problem, way_out) = refused(&ground.path()).await;
    assert_eq!(problem, "it was written by a newer housevoice (its tables are at 9999, this program knows 6)");
    assert!(way_out.contains("newer housevoice"));
}

#[tokio::test]
async fn tables_that_were_made_another_way_are_refused() {
    for change in ["checksum = x'00'", "success = FALSE"] {
        let ground = SqliteGround::new();
        drop(ground.open().await);
        let changed = AssertSqlSafe(format!("UPDATE _sqlx_migrations SET {change} WHERE version = 2"));
        sqlx::query(changed).execute(&mut ground.connect().await).await.unwrap();
        let (problem, _) = refused(&ground.path()).await;
        assert_eq!(problem, "its tables were made another way than this program makes them (at 2)");
    }
}

#[tokio::test]
async fn of_many_that_open_a_new_file_at_once_all_do() {
    for _ in 0..20 {
        let ground = SqliteGround::new();
        let opening: Vec<_> = (0..6).map(|_| tokio::spawn(Sqlite::open(ground.path()))).collect();
        for opened in opening {
            opened.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn looking_at_a_file_changes_nothing_in_it() {
    let ground = SqliteGround::new();
    drop(ground.open().await);
    // As a crash leaves it: what was written last stands in the log.
    let mut writing = ground.connect().await;
    sqlx::query("CREATE TABLE written_last (n BIGINT)").execute(&mut writing).await.unwrap();
    let crashed = tempfile::tempdir().unwrap();
    let path = crashed.path().join("crashed.db");
    let with = |path: &Path, end: &str| std::path::PathBuf::from(format!("{}{end}", path.display()));
    for end in ["", "-wal"] {
        std::fs::copy(with(&ground.path(), end), with(&path, end)).unwrap();
    }
    let files = || ["", "-wal"].map(|end| std::fs::read(with(&path, end)).unwrap());
    let before = files();
    assert!(!before[1].is_empty());
    Sqlite::look_at(&path).await.unwrap();
    assert!(before == files(), "it was changed");
}

#[tokio::test]
async fn a_file_that_another_program_has_locked_is_refused_after_a_while() {
    let ground = SqliteGround::new();
    drop(ground.open().await);
    let mut other = ground.connect().await;
    sqlx::query("PRAGMA locking_mode = EXCLUSIVE").execute(&mut other).await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    assert_eq!(refused(&ground.path()).await.0, "another program holds it locked");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_refused() {
    let ground = SqliteGround::new();
    drop(ground.open().await);
    let mut rights = std::fs::metadata(ground.path()).unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(ground.path(), rights).unwrap();
    if std::fs::File::options().append(true).open(ground.path()).is_ok() {
        eprintln!("not tested: this user may write everything");
        return;
    }
    assert_eq!(refused(&ground.path()).await.0, "it cannot be written");
}

#[tokio::test]
async fn whoever_asks_whether_a_file_is_served_keeps_nobody_from_serving_it() {
    let ground = SqliteGround::new();
    let path = ground.path();
    let store = Sqlite::open(&path).await.unwrap();
    assert!(!Sqlite::look_at(&path).await.unwrap().served);
    let mut lock = path.clone().into_os_string();
    lock.push(".lock");
    let asking = std::fs::File::create(lock).unwrap();
    asking.lock_shared().unwrap();
    let done = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(120));
        drop(asking);
    });
    store.begin_serving().await.unwrap();
    done.join().unwrap();
    assert!(Sqlite::look_at(&path).await.unwrap().served);
    let beside = Sqlite::open_beside(&path).await.unwrap();
    assert!(beside.is_served().await.unwrap());
}

#[tokio::test]
async fn what_is_acknowledged_survives_a_power_cut() {
    let ground = SqliteGround::new();
    let store = Sqlite::open(ground.path()).await.unwrap();
    let settings = store.settings().await.unwrap();
    let expected = [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("secure_delete", "1")];
    assert_eq!(settings, BTreeMap::from(expected.map(|(name, value)| (name.to_owned(), value.to_owned()))));
}

/// Columns of text that hold no words of a person and nothing about one, in tables that erasing a person leaves alone.
const IMPERSONAL: &[(&str, &[&str])] = &[
    (
        "cases",
        // Of the person nothing; of the agent what the team needs for its own figures.
        &["brand", "platform", "state", "owner_kind", "owner_id", "owner_name", "reason", "team", "outcome"],
    ),
    ("facts", &["brand", "platform", "kind", "body", "voice"]),
    // Groups and topics that moved; private chats never do.
    ("renumbered", &["brand", "platform", "old", "new"]),
    // Connections of the bot itself.
    ("sessions", &["brand", "platform", "state"]),
    ("settings", &["name", "value"]),
    ("tombstones", &["brand", "subject"]),
];

/// Tables whose rows go with the platform's number of a person: the contract shows that erasing reaches them.
const BY_IDENTITY: [&str; 1] = ["unknown_events"];

/// Columns that say when.
const TIMES: [&str; 4] = ["at", "created_at", "received_at", "due"];

#[tokio::test]
async fn every_table_with_words_of_people_can_be_erased_and_has_an_age() {
    let ground = SqliteGround::new();
    drop(ground.open().await);
    let mut conn = ground.connect().await;
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT m.name, c.name, c.type FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '_sqlx%'",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let mut tables: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (table, column, kind) in &columns {
        tables.entry(table).or_default().push((column, kind));
    }
    assert!(tables.len() > 10);
    let impersonal: BTreeMap<_, _> = IMPERSONAL.iter().copied().collect();
    for (table, columns) in tables {
        if let Some(known) = impersonal.get(table) {
            for (column, kind) in columns {
                assert!(kind != "TEXT" || known.contains(&column), "may {table}.{column} hold words of a person?");
            }
            continue;
        }
        if BY_IDENTITY.contains(&table) {
            continue;
        }
        let has = |names: &[&str]| columns.iter().any(|(column, _)| names.contains(column));
        assert!(has(&["person_id", "conversation_id"]), "{table}: whose words are they?");
        assert!(has(&TIMES), "{table}: how old are they?");
        assert!(table == "people" || cascades(&mut conn, table).await, "{table}: erasing a person does not reach it");
    }
}

/// Whether rows of a table go when the person or the conversation they belong to goes.
async fn cascades(conn: &mut SqliteConnection, table: &str) -> bool {
    let keys: Vec<(String, String)> = sqlx::query_as("SELECT \"table\", on_delete FROM pragma_foreign_key_list($1)")
        .bind(table)
        .fetch_all(conn)
        .await
        .unwrap();
    keys.iter().any(|(to, on_delete)| ["people", "conversations"].contains(&to.as_str()) && on_delete == "CASCADE")
}

/// What statements are about that belongs to no brand: which processes work and what they do, and the salt of all
/// tombstones.
const OF_NO_BRAND: [&str; 9] = [
    "sqlite_master",
    "_sqlx_migrations",
    " nodes ",
    " duties ",
    " settings ",
    "pragma_",
    "current_setting",
    "pg_notify",
    "pg_advisory",
];

/// Statements about all brands at once: what a crash left, what a process has taken, and who has something to do.
const OF_ALL_BRANDS: [&str; 3] = [
    "UPDATE outbox SET state = 'pending', unsure = 1",
    "UPDATE conversations SET holder = NULL WHERE holder = $1 AND conversation_id IN",
    "SELECT DISTINCT brand",
];

/// Every statement about rows in the source of the store, on one line, with the file it stands in; as SQLite gets it.
fn statements() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["src/store/sql", "src/store/sqlite", "src/store/postgres"] {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() || path.ends_with("dialect.rs") || path.ends_with("driver.rs") {
                continue;
            }
            for literal in literals(&joined(&std::fs::read_to_string(&path).unwrap())) {
                let words = literal.split_whitespace().collect::<Vec<_>>().join(" ");
                let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
                if verbs.iter().any(|verb| words.starts_with(verb)) && !OF_NO_BRAND.iter().any(|of| words.contains(of))
                {
                    found.push((path.display().to_string(), words));
                }
            }
        }
    }
    assert!(found.len() > 40, "the test sees only {} statements", found.len());
    found
}

/// A source with what stands in `concat!` put together, and the macros of statements in it as SQLite has them.
fn joined(source: &str) -> String {
    let mut source = source.to_owned();
    for (name, of) in [
        ("locked", "\"\""),
        ("unless_busy", "\"\""),
        ("number", "\"CAST(@ AS BIGINT)\""),
        ("room", "\"@\""),
        ("each", "\"(SELECT value FROM json_each(@))\""),
        ("is_held", "\"(@ = '')\""),
    ] {
        let call = format!("{name}!(\"");
        while let Some(at) = source.find(&call) {
            let argument = at + call.len();
            let end = argument + source[argument..].find('"').unwrap();
            let text = of.replace('@', &source[argument..end]);
            source.replace_range(at..end + 2, &text);
        }
    }
    // Macros of the file itself that take nothing: what stands between the braces, a literal or several.
    while let Some(at) = source.find("macro_rules! ") {
        let name: String = source[at + 13..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let body = at + source[at..].find("=> {").unwrap() + 4;
        let end = body + source[body..].find("};\n}").unwrap();
        let text = source[body..end].trim().trim_start_matches("concat!(").trim_end_matches(')').trim().to_owned();
        source.replace_range(at..end + 4, "");
        source = source.replace(&format!("{name}!()"), &text);
    }
    // Neighbours in `concat!` become one.
    let mut whole = String::new();
    let mut rest = source.as_str();
    while let Some(at) = rest.find("concat!(") {
        let (before, inside) = rest.split_at(at);
        let end = inside.find("))\n").or_else(|| inside.find("),\n")).unwrap();
        whole.push_str(before);
        whole.push_str(&format!("{:?}", literals(&inside[..end]).concat()));
        rest = &inside[end + 1..];
    }
    whole + rest
}

#[test]
fn every_statement_names_the_brand() {
    for (file, words) in
        statements().into_iter().filter(|(_, words)| !OF_ALL_BRANDS.iter().any(|of| words.starts_with(of)))
    {
        // What is counted of every brand at once is counted by brand.
        let counted = words.contains("GROUP BY brand") || words.contains("GROUP BY i.brand,");
        let scoped = words.contains("brand = $") || words.contains("(brand,") || words.contains(", brand,") || counted;
        assert!(scoped, "{file}: whose rows? {words}");
    }
}

/// Reads that go through all that is open or was not sent, of a brand or of every one, because that is what is asked for; and
/// one that only asks whether there is anything.
const OF_ALL_THAT_IS_OPEN: [&str; 9] = [
    "inbox_waiting",
    "inbox_parked",
    "outbox_open",
    "outbox_sending",
    "outbox_unsent",
    "cases_open",
    "timers_due",
    "tombstones",
    "timers_by_due",
];

#[tokio::test]
async fn every_statement_finds_its_rows_by_more_than_the_brand() {
    let ground = SqliteGround::new();
    drop(ground.open().await);
    let mut conn = ground.connect().await;
    for (file, words) in statements().into_iter().filter(|(file, _)| !file.contains("postgres")) {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {words}"));
        for step in sqlx::query(explain).fetch_all(&mut conn).await.unwrap() {
            let step: String = step.get("detail");
            let of_open = OF_ALL_THAT_IS_OPEN.iter().any(|open| step.contains(open));
            let scans = step.starts_with("SCAN ")
                && !["SCAN CONSTANT ROW", "SCAN f", "SCAN one_row"].contains(&step.as_str())
                && !step.contains("json_each")
                && !of_open;
            let whole_brand = step.ends_with("(brand=?)") && !of_open;
            assert!(!scans && !whole_brand, "{file}: {step}: {words}");
        }
    }
}

/// The string literals of a Rust source without raw strings.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                // A character literal may hold a quote.
                let rest: String = chars.clone().take(3).collect();
                if rest.starts_with("\"'") {
                    chars.next();
                }
            }
            '"' => {
                let mut literal = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => literal.extend(chars.next().filter(|escaped| *escaped != '\n')),
                        c => literal.push(c),
                    }
                }
                found.push(literal);
            }
            _ => {}
        }
    }
    found
}
