//! Telegram calls (<https://core.telegram.org/bots/api#setwebhook>): who has the secret is let in, and gets a 200 when the
//! update is written down. Anything else makes Telegram call again.

use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use subtle::ConstantTimeEq;

use super::Telegram;
use crate::adapters::Intake;
use crate::config::Secret;

/// The header that the secret comes in.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";
/// How much one call may hold, in bytes.
const MOST_BYTES: usize = 1024 * 1024;

struct Hook {
    telegram: Arc<Telegram>,
    intake: Arc<dyn Intake>,
    secret: Secret,
}

/// The route that a brand's bot is called by. One path a brand, so that one brand's secret is of no use to another.
pub fn routes(telegram: Arc<Telegram>, intake: Arc<dyn Intake>, secret: Secret) -> Router {
    let path = path(&telegram);
    Router::new().route(&path, post(called)).with_state(Arc::new(Hook { telegram, intake, secret }))
}

/// Where Telegram calls.
pub fn path(telegram: &Telegram) -> String {
    format!("/telegram/{}", telegram.brand)
}

async fn called(State(hook): State<Arc<Hook>>, request: Request) -> StatusCode {
    if !is_let_in(request.headers(), &hook.secret) {
        return StatusCode::UNAUTHORIZED;
    }
    match to_bytes(request.into_body(), MOST_BYTES).await {
        Ok(body) => hook.take(&String::from_utf8_lossy(&body)).await,
        Err(_) => StatusCode::PAYLOAD_TOO_LARGE,
    }
}

impl Hook {
    async fn take(&self, body: &str) -> StatusCode {
        match self.telegram.take(body, &self.intake).await {
            Ok(_) => {
                self.telegram.link.answered();
                StatusCode::OK
            }
            Err(error) => {
                tracing::error!(brand = %self.telegram.brand, %error, "an update is not written down; Telegram keeps it");
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}

/// Whether the secret is the right one; how long that takes says nothing about it (threat 7 of the domain notes).
fn is_let_in(headers: &HeaderMap, secret: &Secret) -> bool {
    let shown = headers.get(SECRET_HEADER).map(|value| value.as_bytes()).unwrap_or_default();
    !secret.expose().is_empty() && bool::from(shown.ct_eq(secret.expose().as_bytes()))
}
