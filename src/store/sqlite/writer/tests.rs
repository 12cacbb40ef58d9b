//! Turns stand alone, and nobody is told too soon.

use std::path::Path;
use std::time::Duration;

use rusqlite::OpenFlags;

use super::super::driver::{query, query_scalar};
use super::super::sql::on;
use super::*;

fn writer(folder: &tempfile::TempDir) -> Writer {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut conn = Conn::open(&file(folder), flags).unwrap();
    conn.run("CREATE TABLE t (n BIGINT UNIQUE)").unwrap();
    Writer::on(conn).unwrap()
}

fn file(folder: &tempfile::TempDir) -> std::path::PathBuf {
    folder.path().join("w.db")
}

async fn insert(conn: &mut Conn, n: i64) -> Result<()> {
    query("INSERT INTO t (n) VALUES ($1)").bind(n).execute(conn).await?;
    Ok(())
}

async fn insert_twice(conn: &mut Conn, n: i64) -> Result<()> {
    insert(conn, n).await?;
    insert(conn, n).await
}

async fn kept(writer: &Writer, n: i64) -> Result<()> {
    writer.write(on!(conn => insert(conn, n)), |()| true).await
}

/// What another connection sees, so what is on disk.
fn on_disk(path: &Path) -> Vec<i64> {
    let conn = rusqlite::Connection::open(path).unwrap();
    let mut all = conn.prepare("SELECT n FROM t ORDER BY n").unwrap();
    all.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

/// Holds up whoever comes after it, so that they share the next transaction; says when it has begun.
fn hold(writer: &Writer) -> (std::sync::mpsc::Sender<()>, oneshot::Receiver<()>) {
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let (begun, has_begun) = oneshot::channel();
    let writer = writer.clone();
    tokio::spawn(async move {
        let _ = writer.write(on!(_conn => stand_still(begun, wait)), |()| false).await;
    });
    (go_on, has_begun)
}

async fn stand_still(begun: oneshot::Sender<()>, go_on: std::sync::mpsc::Receiver<()>) -> Result<()> {
    let _ = begun.send(());
    let _ = go_on.recv_timeout(Duration::from_secs(10));
    Ok(())
}

async fn seen(path: std::path::PathBuf) -> Result<Vec<i64>> {
    Ok(on_disk(&path))
}

async fn insert_slowly(conn: &mut Conn, n: i64) -> Result<()> {
    insert(conn, n).await?;
    std::thread::sleep(Duration::from_millis(300));
    Ok(())
}

async fn insert_and_panic(conn: &mut Conn) -> Result<()> {
    insert(conn, 1).await?;
    panic!("on purpose")
}

async fn end_the_transaction(conn: &mut Conn) -> Result<()> {
    Ok(conn.run("ROLLBACK")?)
}

async fn all(conn: &mut Conn) -> Result<Vec<i64>> {
    Ok(query_scalar("SELECT n FROM t ORDER BY n").fetch_all(conn).await?)
}

#[tokio::test]
async fn a_turn_that_fails_leaves_nothing_and_its_neighbours_alone() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    let (go_on, held) = hold(&writer);
    held.await.unwrap();
    let mut turns = tokio::task::JoinSet::new();
    for n in 0..50 {
        let writer = writer.clone();
        turns.spawn(async move {
            match n % 5 {
                // A second write of the same turn fails, so neither counts.
                0 => assert!(writer.write(on!(conn => insert_twice(conn, n)), |()| true).await.is_err()),
                // One that is not to stay does not, and is no error.
                1 => writer.write(on!(conn => insert(conn, n)), |()| false).await.unwrap(),
                _ => kept(&writer, n).await.unwrap(),
            }
        });
    }
    go_on.send(()).unwrap();
    while let Some(turn) = turns.join_next().await {
        turn.unwrap();
    }
    assert_eq!(on_disk(&file(&folder)), (0..50).filter(|n| n % 5 > 1).collect::<Vec<_>>());
}

#[tokio::test]
async fn whoever_stops_waiting_before_their_turn_has_written_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    let (go_on, held) = hold(&writer);
    held.await.unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(50), kept(&writer, 1)).await.is_err());
    go_on.send(()).unwrap();
    kept(&writer, 2).await.unwrap();
    assert_eq!(on_disk(&file(&folder)), [2]);
}

#[tokio::test]
async fn whoever_stops_waiting_midway_has_written_nothing_and_holds_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    let slow = writer.write(on!(conn => insert_slowly(conn, 1)), |()| true);
    assert!(tokio::time::timeout(Duration::from_millis(50), slow).await.is_err());
    kept(&writer, 2).await.unwrap();
    assert_eq!(on_disk(&file(&folder)), [2]);
}

#[tokio::test]
async fn those_that_fail_again_and_again_do_not_hold_up_whoever_waits_for_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    let (go_on, held) = hold(&writer);
    held.await.unwrap();
    let of_one = writer.clone();
    let first = tokio::spawn(async move { kept(&of_one, 1).await });
    let mut failing = tokio::task::JoinSet::new();
    for _ in 0..2 * TOGETHER {
        let writer = writer.clone();
        failing.spawn(async move { writer.write(on!(conn => insert_twice(conn, 2)), |()| true).await.unwrap_err() });
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    // By the turn of whoever comes last, the first one is on disk.
    let (of_last, path) = (writer.clone(), file(&folder));
    let last = tokio::spawn(async move { of_last.write(on!(_conn => seen(path)), |_| true).await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    go_on.send(()).unwrap();
    assert_eq!(last.await.unwrap().unwrap(), [1]);
    first.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_log_that_somebody_reads_is_emptied_when_they_have_ended() {
    let folder = tempfile::tempdir().unwrap();
    let reader = rusqlite::Connection::open(file(&folder)).unwrap();
    reader.execute_batch("PRAGMA journal_mode = WAL").unwrap();
    let writer = writer(&folder);
    kept(&writer, 1).await.unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM t").unwrap();
    kept(&writer, 2).await.unwrap();
    let log = folder.path().join("w.db-wal");
    assert!(!writer.empty_log().await.unwrap(), "somebody reads");
    assert!(std::fs::metadata(&log).unwrap().len() > 0);
    reader.execute_batch("COMMIT").unwrap();
    tokio::time::sleep(EMPTY_AGAIN).await;
    kept(&writer, 3).await.unwrap();
    // The writer empties it behind that turn, before the next one.
    writer.write(on!(conn => all(conn)), |_| false).await.unwrap();
    assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
}

#[tokio::test]
async fn a_turn_that_panics_leaves_nothing_and_the_next_one_comes() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    let panicked = writer.write(on!(conn => insert_and_panic(conn)), |()| true).await;
    // What panics each time must not be tried for ever.
    assert!(matches!(panicked, Err(StoreError::Refused(_))));
    kept(&writer, 2).await.unwrap();
    assert_eq!(on_disk(&file(&folder)), [2]);
}

#[tokio::test]
async fn when_the_transaction_breaks_nobody_in_it_is_told_that_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    let (go_on, held) = hold(&writer);
    held.await.unwrap();
    // Both wait, so they share a transaction; the second one ends it for both.
    let of_first = writer.clone();
    let first = tokio::spawn(async move { kept(&of_first, 1).await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    let of_second = writer.clone();
    let second = tokio::spawn(async move { of_second.write(on!(conn => end_the_transaction(conn)), |()| true).await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    go_on.send(()).unwrap();
    assert!(matches!(first.await.unwrap(), Err(StoreError::Unavailable(_))));
    assert!(second.await.unwrap().is_err());
    assert_eq!(on_disk(&file(&folder)), Vec::<i64>::new());
    // The next transaction is a new one.
    kept(&writer, 3).await.unwrap();
    assert_eq!(on_disk(&file(&folder)), [3]);
}

#[tokio::test]
async fn what_stays_is_on_disk_when_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    for n in 0..20 {
        kept(&writer, n).await.unwrap();
        assert_eq!(on_disk(&file(&folder)).last(), Some(&n));
    }
    let seen = writer.write(on!(conn => all(conn)), |_| false).await.unwrap();
    assert_eq!(seen, (0..20).collect::<Vec<_>>());
}

#[tokio::test]
async fn after_closing_everybody_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder);
    writer.close().await;
    assert!(matches!(kept(&writer, 1).await, Err(StoreError::Unavailable(_))));
    assert!(writer.empty_log().await.is_err());
}
