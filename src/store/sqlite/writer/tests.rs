//! Turns stand alone, and nobody is told too soon.

use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;

use super::*;

async fn writer(folder: &tempfile::TempDir) -> Writer {
    let options = SqliteConnectOptions::new().filename(folder.path().join("w.db")).create_if_missing(true);
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("CREATE TABLE t (n BIGINT UNIQUE)").execute(&mut conn).await.unwrap();
    Writer::on(conn)
}

async fn insert(turn: &mut Turn, n: i64) -> std::result::Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO t (n) VALUES ($1)").bind(n).execute(&mut **turn).await.map(|_| ())
}

async fn all(writer: &Writer) -> Vec<i64> {
    let mut turn = writer.turn().await.unwrap();
    sqlx::query_scalar("SELECT n FROM t ORDER BY n").fetch_all(&mut *turn).await.unwrap()
}

#[tokio::test]
async fn a_turn_that_fails_leaves_nothing_and_its_neighbours_alone() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder).await;
    let mut turns = tokio::task::JoinSet::new();
    for n in 0..50 {
        let writer = writer.clone();
        turns.spawn(async move {
            let mut turn = writer.turn().await.unwrap();
            insert(&mut turn, n).await.unwrap();
            if n % 5 == 0 {
                // A second write of the same turn fails, so neither counts.
                assert!(insert(&mut turn, n).await.is_err());
                return;
            }
            turn.commit().await.unwrap();
        });
    }
    while let Some(turn) = turns.join_next().await {
        turn.unwrap();
    }
    assert_eq!(all(&writer).await, (0..50).filter(|n| n % 5 != 0).collect::<Vec<_>>());
}

#[tokio::test]
async fn whoever_stops_waiting_midway_has_written_nothing_and_holds_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder).await;
    let of_one = writer.clone();
    let dropped = tokio::time::timeout(Duration::from_millis(50), async move {
        let mut turn = of_one.turn().await.unwrap();
        insert(&mut turn, 1).await.unwrap();
        std::future::pending::<()>().await;
    });
    assert!(dropped.await.is_err());
    let mut turn = writer.turn().await.unwrap();
    insert(&mut turn, 2).await.unwrap();
    turn.commit().await.unwrap();
    assert_eq!(all(&writer).await, [2]);
}

#[tokio::test]
async fn when_the_transaction_breaks_nobody_in_it_is_told_that_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder).await;
    let mut first = writer.turn().await.unwrap();
    insert(&mut first, 1).await.unwrap();
    // The second waits while the first is at it, so both share the transaction, and then ends it for both.
    let of_second = writer.clone();
    let second = tokio::spawn(async move {
        let mut turn = of_second.turn().await.unwrap();
        sqlx::query("ROLLBACK").execute(&mut *turn).await.unwrap();
        turn.commit().await
    });
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(matches!(first.commit().await, Err(StoreError::Unavailable(_))));
    assert!(second.await.unwrap().is_err());
    assert_eq!(all(&writer).await, Vec::<i64>::new());
    // The next transaction is a new one.
    let mut turn = writer.turn().await.unwrap();
    insert(&mut turn, 3).await.unwrap();
    turn.commit().await.unwrap();
    assert_eq!(all(&writer).await, [3]);
}

#[tokio::test]
async fn after_closing_everybody_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let writer = writer(&folder).await;
    writer.close().await;
    assert!(matches!(writer.turn().await, Err(StoreError::Unavailable(_))));
    assert!(writer.empty_log().await.is_err());
}
