//! `/healthz`: the process lives. `/readyz`: it can work: the database answers, every platform is heard. `/metrics`: for
//! Prometheus. And what platforms call by themselves.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::begin::{Begun, Way};
use super::listen::Refusals;
use crate::bot::{Bot, Gauges};
use crate::cli::Trouble;

/// How often figures are put in order, and how much waits is looked up; without it nobody empties what histograms collect.
const UPKEEP_EVERY: Duration = Duration::from_secs(2);
/// Bounds of times, in seconds.
const SECONDS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];

/// The web server, on its port.
pub(super) struct Web {
    listener: TcpListener,
    figures: PrometheusHandle,
}

/// Takes the port.
pub(super) async fn bind(listen: SocketAddr) -> Result<Web, Trouble> {
    let listener = TcpListener::bind(listen).await.map_err(|error| {
        Trouble::new(format!("cannot serve {listen}: {error}; change `listen` in [web], or stop what has this port"))
    })?;
    let buckets = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS);
    let figures = buckets
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(|error| Trouble::new(format!("figures cannot be collected: {error}")))?;
    if let Ok(at) = listener.local_addr() {
        tracing::info!(%at, "serves /healthz, /readyz and /metrics");
    }
    Ok(Web { listener, figures })
}

/// What the pages need.
#[derive(Clone)]
struct Pages {
    figures: PrometheusHandle,
    bot: Arc<Bot>,
    ways: Arc<Vec<Way>>,
    refusals: Refusals,
}

impl Web {
    /// Serves until told to stop.
    pub fn serve(self, begun: &Begun, stop: CancellationToken) -> impl Future<Output = ()> + use<> {
        let ways = Arc::new(begun.ways.clone());
        let (bot, refusals) = (Arc::clone(&begun.bot), begun.refusals.clone());
        let pages = Pages { figures: self.figures, bot, ways, refusals };
        let mut routes = Router::new()
            .route("/healthz", get(|| async { "ok\n" }))
            .route("/readyz", get(ready))
            .route("/metrics", get(figures))
            .with_state(pages.clone());
        for way in &begun.ways {
            if let Some(own) = Arc::clone(&way.adapter).routes(begun.bot.intake()) {
                routes = routes.merge(own);
            }
        }
        let bot = Arc::clone(&begun.bot);
        async move {
            tokio::spawn(upkeep(pages.figures, bot, stop.clone()));
            if let Err(error) = axum::serve(self.listener, routes).with_graceful_shutdown(stop.cancelled_owned()).await
            {
                tracing::error!(%error, "the web server ended");
            }
        }
    }
}

async fn upkeep(figures: PrometheusHandle, bot: Arc<Bot>, stop: CancellationToken) {
    let mut gauges = Gauges::default();
    loop {
        if let Err(error) = bot.measure(&mut gauges).await {
            tracing::warn!(%error, "how much waits could not be looked up");
        }
        if tokio::time::timeout(UPKEEP_EVERY, stop.cancelled()).await.is_ok() {
            return;
        }
        figures.run_upkeep();
    }
}

async fn figures(State(pages): State<Pages>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], pages.figures.render())
}

async fn ready(State(pages): State<Pages>) -> (StatusCode, String) {
    let mut not = Vec::new();
    if !pages.bot.duties().is_settled() {
        not.push("it is not known yet what is this process's to do".to_owned());
    }
    for way in pages.ways.iter() {
        let Way { brand, platform, adapter } = way;
        for duty in way.duties().filter(|duty| pages.bot.duties().is_ours(duty)) {
            let refused = pages.refusals.of(&duty);
            if refused.is_none() && adapter.is_connected(duty.part) {
                continue;
            }
            let why = refused.map(|why| format!(": {why}")).unwrap_or_default();
            not.push(match adapter.parts() {
                1 => format!("{brand} is not connected to {platform}{why}"),
                parts => format!("{brand} is not connected to {platform} (connection {} of {parts}){why}", duty.part),
            });
        }
        if pages.bot.store().next_due(brand).await.is_err() && !not.iter().any(|line| line.starts_with("the database"))
        {
            not.push("the database does not answer".to_owned());
        }
    }
    if not.is_empty() {
        (StatusCode::OK, "ready\n".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", not.join("\n")))
    }
}
