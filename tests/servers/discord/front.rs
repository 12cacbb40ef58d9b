//! HTTP in, HTTP out: reads a request, lets trouble have its way, writes the request down, answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Multipart, Query, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, RETRY_AFTER};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::any;
use serde_json::{Value, json};

use super::Shared;
use super::buckets::Standing;
use super::door::Cut;
use super::draft::Upload;
use super::errors::ApiError;
use super::rest::{self, Call, Reply};
use super::state::Request;
use super::trouble::{Trouble, too_many};

/// Discord docs, reference/uploading-files: a request of up to 25 MiB.
const LIMIT: usize = 25 * 1024 * 1024;

/// The whole application: the gateway at `/gateway` and `/resume`, the API at everything else.
pub fn app(shared: Arc<Shared>) -> Router {
    let open = |resuming: bool| {
        move |State(shared): State<Arc<Shared>>, request: axum::extract::Request| async move {
            if !shared.read(|state| state.settings.gateway_open) {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
            match WebSocketUpgrade::from_request(request, &()).await {
                Ok(upgrade) => upgrade.on_upgrade(move |socket| super::socket::talk(socket, shared, resuming)),
                Err(refusal) => refusal.into_response(),
            }
        }
    };
    Router::new()
        .route("/gateway", any(open(false)))
        .route("/resume", any(open(true)))
        .fallback(answer)
        .layer(DefaultBodyLimit::max(LIMIT))
        .layer(axum::middleware::map_response_with_state(Arc::clone(&shared), dated))
        .with_state(shared)
}

/// Every answer bears the server's time (RFC 9110, Date).
async fn dated(State(shared): State<Arc<Shared>>, mut response: Response<Body>) -> Response<Body> {
    let now = jiff::Timestamp::now() + shared.read(|state| state.settings.later);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap();
    response.headers_mut().insert(DATE, date.parse().unwrap());
    response
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: axum::extract::Request,
) -> Response<Body> {
    let method = request.method().as_str().to_owned();
    let path = request.uri().path().to_owned();
    let query = Query::<BTreeMap<String, String>>::try_from_uri(request.uri()).map(|query| query.0).unwrap_or_default();
    let headers = request.headers().clone();
    let (body, files) = match read(request).await {
        Ok(read) => read,
        Err(error) => return respond(error.status, &error.body(), None),
    };
    let (number, trouble) = shared.change(|state| {
        state.requests.push(Request {
            at: state.started.elapsed(),
            method: method.clone(),
            path: path.clone(),
            query: query.clone(),
            body: body.clone(),
            files: files.iter().map(|file| file.name.clone()).collect(),
            status: 0,
            answer: Value::Null,
        });
        (state.requests.len() - 1, state.troubles.meet(&method, &path))
    });
    let done = |status: u16, answer: &Value| {
        shared.change(|state| {
            state.requests[number].status = status;
            state.requests[number].answer = answer.clone();
        });
    };
    match trouble {
        Some(Trouble::TooMany { retry_after, global }) => {
            let body = too_many(retry_after, global);
            done(429, &body);
            return limited(retry_after, global, &body);
        }
        Some(Trouble::Status(status)) => {
            done(status, &Value::Null);
            let status = StatusCode::from_u16(status).unwrap();
            return Response::builder().status(status).body(Body::from("upstream error")).unwrap();
        }
        Some(Trouble::Refused(error)) => {
            done(error.status, &error.body());
            return respond(error.status, &error.body(), None);
        }
        Some(Trouble::Hang) => std::future::pending().await,
        Some(Trouble::Dropped) => {
            cut.cut();
            return Response::new(Body::empty());
        }
        Some(Trouble::DoneThenDropped | Trouble::DoneThenHang | Trouble::Drip(_)) | None => {}
    }
    let call = Call { method: &method, path: steps(&path), query: &query, body: &body, files: &files };
    let authorized = header(&headers, AUTHORIZATION.as_str());
    let (outcome, standing) = shared.change(|state| {
        let standing = state.buckets.take(call.method, &call.steps());
        let exceeded = standing.as_ref().is_some_and(|standing| standing.exceeded);
        (if exceeded { None } else { Some(rest::answer(state, &call, authorized)) }, standing)
    });
    let Some(outcome) = outcome else {
        let wait = standing.as_ref().map_or(0.0, |standing| standing.reset_after.as_secs_f64());
        done(429, &too_many(wait, false));
        return limited(wait, false, &too_many(wait, false));
    };
    let Reply { status, body } = outcome.unwrap_or_else(|error| Reply { status: error.status, body: error.body() });
    if matches!(trouble, Some(Trouble::DoneThenDropped)) {
        cut.cut();
        return Response::new(Body::empty());
    }
    if matches!(trouble, Some(Trouble::DoneThenHang)) {
        std::future::pending::<()>().await;
    }
    done(status, &body);
    cut.drip(match trouble {
        Some(Trouble::Drip(pause)) => Some(pause),
        _ => None,
    });
    respond(status, &body, standing.as_ref())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The path in steps, each decoded.
fn steps(path: &str) -> Vec<String> {
    path.split('/').filter(|step| !step.is_empty()).map(decoded).collect()
}

/// Undoes percent-encoding.
fn decoded(step: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = step.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = (*first == b'%').then(|| step_code(tail)).flatten();
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn step_code(tail: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
    u8::from_str_radix(digits, 16).ok()
}

/// The JSON of a request, and its files. Docs, reference/uploading-files: `payload_json` and `files[n]` in a form.
async fn read(request: axum::extract::Request) -> Result<(Value, Vec<Upload>), ApiError> {
    let broken = || ApiError::new(400, 50109, "The request body contains invalid JSON.");
    if header(request.headers(), CONTENT_TYPE.as_str()).starts_with("multipart/form-data") {
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
        let (mut body, mut files) = (Value::Null, Vec::new());
        while let Some(field) = form.next_field().await.map_err(|_| broken())? {
            let name = field.file_name().map(str::to_owned);
            let content_type = field.content_type().unwrap_or("application/octet-stream").to_owned();
            let bytes = field.bytes().await.map_err(|_| ApiError::new(413, 40005, "Request entity too large"))?;
            match name {
                Some(name) => files.push(Upload { name, content_type, size: bytes.len() }),
                None => body = serde_json::from_slice(&bytes).map_err(|_| broken())?,
            }
        }
        return Ok((body, files));
    }
    let bytes = axum::body::to_bytes(request.into_body(), LIMIT)
        .await
        .map_err(|_| ApiError::new(413, 40005, "Request entity too large"))?;
    if bytes.is_empty() {
        return Ok((Value::Null, Vec::new()));
    }
    Ok((serde_json::from_slice(&bytes).map_err(|_| broken())?, Vec::new()))
}

fn respond(status: u16, body: &Value, standing: Option<&Standing>) -> Response<Body> {
    let mut response = Response::builder().status(status);
    if let Some(standing) = standing {
        // Docs, topics/rate-limits, Header Format.
        let after = standing.reset_after.as_secs_f64();
        response = response
            .header("X-RateLimit-Limit", standing.limit)
            .header("X-RateLimit-Remaining", standing.remaining)
            .header(
                "X-RateLimit-Reset",
                format!("{:.3}", jiff::Timestamp::now().as_millisecond() as f64 / 1000.0 + after),
            )
            .header("X-RateLimit-Reset-After", format!("{after:.3}"))
            .header("X-RateLimit-Bucket", &standing.bucket);
    }
    if status == 204 {
        return response.body(Body::empty()).unwrap();
    }
    response.header(CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap()
}

/// 429. Docs, topics/rate-limits, Exceeding A Rate Limit.
fn limited(retry_after: f64, global: bool, body: &Value) -> Response<Body> {
    let mut response = Response::builder()
        .status(429)
        .header(RETRY_AFTER, format!("{retry_after}"))
        .header(CONTENT_TYPE, "application/json")
        .header("X-RateLimit-Scope", if global { "global" } else { "user" });
    if global {
        response = response.header("X-RateLimit-Global", "true");
    } else {
        response = response
            .header("X-RateLimit-Limit", 5)
            .header("X-RateLimit-Remaining", 0)
            .header("X-RateLimit-Reset-After", format!("{retry_after}"))
            .header("X-RateLimit-Bucket", "loopback");
    }
    response.body(Body::from(json!(body).to_string())).unwrap()
}
