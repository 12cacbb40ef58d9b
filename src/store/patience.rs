//! The store is waited for, but not for ever: a line to a server can be dead without a word, and whoever waits at it does
//! nothing else.

use std::future::Future;
use std::time::Duration;

use super::StoreError;

/// How long the store may take for anything; longer than a server's own limit of a statement.
pub const PATIENCE: Duration = Duration::from_secs(40);

/// Waits for what the store was asked.
///
/// # Errors
/// As the store has them, and [`StoreError::Unavailable`] when it does not answer. What was asked may have been done then.
pub async fn patiently<T>(asked: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    in_time(PATIENCE, asked).await
}

/// As [`patiently`], for as long as is said, whatever else can go wrong.
///
/// # Errors
/// The same.
pub async fn in_time<T, E: From<StoreError>>(
    at_most: Duration,
    asked: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let unanswered = |_| StoreError::Unavailable("it does not answer".to_owned());
    tokio::time::timeout(at_most, asked).await.map_err(unanswered)?
}
