//! The loops, side by side, and a clean stop: first nobody is listened to any more, then what was begun is finished.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::begin::Begun;
use super::{listen, web};
use crate::bot::RunError;
use crate::cli::{Outcome, Trouble};

/// How long listeners may take to stop; what they had not stored is delivered again.
const LISTENERS_STOP_WITHIN: Duration = Duration::from_secs(10);
/// How long sends that were begun may take to end; what they had not recorded may leave a second time.
const BOT_STOPS_WITHIN: Duration = Duration::from_secs(75);

/// Works until SIGTERM or Ctrl-C.
pub(super) async fn serve(begun: &Begun) -> Result<Outcome, Trouble> {
    let web = web::bind(begun.listen).await?;
    let stop = CancellationToken::new();
    let (stop_bot, bot_stops) = watch::channel(false);
    let mut work = tokio::spawn(Arc::clone(&begun.bot).run(bot_stops));
    let mut listeners = listen::begin(begun, &stop);
    let web = tokio::spawn(web.serve(begun, stop.clone()));
    tracing::info!(platforms = begun.ways.len(), "in service");
    let duties = begun.duties();
    let why = tokio::select! {
        () = told_to_stop() => None,
        () = begun.refusals.of_all(&duties) => Some(Trouble::new("no platform can be listened to any longer; see the log")),
        ended = &mut work => Some(bot_ended(ended)),
    };
    tracing::info!("stopping");
    stop.cancel();
    if tokio::time::timeout(LISTENERS_STOP_WITHIN, all_ended(&mut listeners)).await.is_err() {
        tracing::warn!("a platform did not let go in time");
    }
    stop_bot.send_replace(true);
    if !work.is_finished() && tokio::time::timeout(BOT_STOPS_WITHIN, &mut work).await.is_err() {
        tracing::warn!("what was being sent did not end in time");
    }
    // It only has readers left.
    web.abort();
    tracing::info!("stopped");
    why.map_or(Ok(Outcome::Fine), Err)
}

async fn all_ended(listeners: &mut JoinSet<()>) {
    while listeners.join_next().await.is_some() {}
}

fn bot_ended(ended: Result<Result<(), RunError>, tokio::task::JoinError>) -> Trouble {
    match ended {
        Ok(Err(error)) => Trouble::new(error.to_string()),
        Ok(Ok(())) | Err(_) => Trouble::new(RunError::LoopEnded.to_string()),
    }
}

/// Until SIGTERM or Ctrl-C.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = term.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
