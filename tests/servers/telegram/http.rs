//! HTTP in, HTTP out.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, DATE};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::Shared;
use super::args::Args;
use super::asking::{Call, Outcome};
use super::cutting::{Cut, Door};
use super::failure::{Answer, Failure, bad, envelope};
use super::trouble::Fault;
use super::world::World;
use super::{files, methods, polling, webhook};

/// Serves until told to stop; connections that are open then are cut.
pub async fn serve(listener: std::net::TcpListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let listener = TcpListener::from_std(listener).unwrap();
    let router = Router::new()
        .route("/{bot}/{method}", any(call))
        .route("/file/{bot}/{*path}", get(download))
        .fallback(async || reply(&Err(Failure::new(404, "Not Found"))))
        .layer(axum::middleware::map_response_with_state(Arc::clone(&shared), dated))
        .with_state(shared)
        .into_make_service_with_connect_info::<Cut>();
    tokio::select! {
        _ = axum::serve(Door(listener), router) => {}
        _ = stopped => {}
    }
}

/// "All methods in the Bot API are case-insensitive. We support GET and POST HTTP methods" (Bot API, Making requests).
async fn call(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let Some(token) = bot.strip_prefix("bot").map(str::to_owned) else {
        return reply(&Err(Failure::new(404, "Not Found")));
    };
    let read = Args::read(request).await;
    let args = read.clone().unwrap_or_default();
    let lower = method.to_ascii_lowercase();
    let (index, bot, fault) = shared.change(|world| {
        let body = Value::Object(args.0.clone());
        world.calls.push(Call { at: world.now(), token: token.clone(), method, body, outcome: None });
        let bot = world.bots.iter().find(|(_, state)| state.token == token).map(|(id, _)| *id);
        let fault = bot.and_then(|_| world.take_trouble(&lower, &args));
        (world.calls.len() - 1, bot, fault)
    });
    if fault == Some(Fault::Drop) {
        cut.now();
        return reply(&Err(Failure::new(500, "Internal Server Error")));
    }
    if let Some(Fault::Hang(time)) = fault {
        tokio::time::sleep(time).await;
    }
    let answer = match (bot, read, fault) {
        (None, _, _) => Err(Failure::new(401, "Unauthorized")),
        (_, Err(problem), _) => Err(bad(problem)),
        (_, _, Some(Fault::TooMany(seconds))) => Err(Failure::too_many(seconds)),
        (_, _, Some(Fault::Refuse(code, description))) => Err(Failure::new(code, description)),
        (_, _, Some(Fault::ServerError)) => Err(Failure::new(500, "Internal Server Error")),
        (_, _, Some(Fault::Blocked)) => Err(Failure::new(403, "Forbidden: bot was blocked by the user")),
        (_, _, Some(Fault::RefuseEntities)) => {
            Err(bad("can't parse entities: Can't find end tag corresponding to start tag \"b\""))
        }
        (Some(bot), Ok(args), _) => work(&shared, bot, &lower, &args).await,
    };
    match fault {
        Some(Fault::Drip(pause)) => cut.drip(Some(pause)),
        _ => cut.drip(None),
    }
    let sent = fault != Some(Fault::DropAfterWork);
    let code = answer.as_ref().map_or_else(|failure| failure.code, |_| 200);
    shared.change(|world| {
        world.calls[index].outcome = Some(Outcome { code, answer: envelope(&answer), sent });
    });
    if let Some(Fault::AnswerLate(time)) = fault {
        tokio::time::sleep(time).await;
    }
    if !sent {
        cut.now();
    }
    reply(&answer)
}

/// Every answer bears the server's time (RFC 9110, Date).
async fn dated(State(shared): State<Arc<Shared>>, mut response: Response) -> Response {
    let now = jiff::Timestamp::try_from(shared.read(World::now)).unwrap();
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now).unwrap();
    response.headers_mut().insert(DATE, date.parse().unwrap());
    response
}

async fn work(shared: &Arc<Shared>, bot: i64, method: &str, args: &Args) -> Answer {
    match method {
        "getupdates" => polling::get_updates(shared, bot, args).await,
        "setwebhook" => webhook::set(shared, bot, args),
        other => shared.change(|world| methods::run(world, bot, other, args)),
    }
}

fn reply(answer: &Answer) -> Response {
    let code = answer.as_ref().map_or_else(|failure| failure.code, |_| 200);
    let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (code, [(CONTENT_TYPE, "application/json")], envelope(answer).to_string()).into_response()
}

async fn download(State(shared): State<Arc<Shared>>, Path((bot, path)): Path<(String, String)>) -> Response {
    let found = shared.read(|world| {
        let token = bot.strip_prefix("bot")?;
        world.bots.values().find(|state| state.token == token)?;
        files::content(world, &path)
    });
    match found {
        Some(bytes) => Body::from(bytes).into_response(),
        None => reply(&Err(Failure::new(404, "Not Found"))),
    }
}
