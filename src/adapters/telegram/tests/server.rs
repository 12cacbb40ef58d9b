//! A Bot API of a few lines on loopback, and an intake that remembers.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};

use jiff::SignedDuration;

use crate::adapters::{
    Incoming, Intake, MayBegin, NotTaken, Part, ReadUpTo, SessionBecame, SessionNumber, SessionTerms, Taken,
};
use crate::engine::{OutboxId, To};
use crate::voice::{BrandId, Content, Line, Locale, Platform};

/// A Bot API.
#[derive(Clone, Default)]
pub struct Server {
    calls: Arc<Mutex<Vec<(String, Value)>>>,
    answers: Arc<Mutex<BTreeMap<String, Answers>>>,
}

/// What is answered next to a method: status and body.
type Answers = VecDeque<(u16, String)>;

impl Server {
    /// Starts it; gives its address.
    pub async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let app = axum::Router::new().route("/{bot}/{method}", post(answer)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        address
    }

    /// What is answered next to a method; afterwards it is yes again.
    pub fn next(&self, method: &str, answer: Value) -> &Self {
        let status = answer["error_code"].as_u64().unwrap_or(200) as u16;
        self.raw(method, status, answer.to_string())
    }

    pub fn refuse(&self, method: &str, code: u16, description: &str) -> &Self {
        self.next(method, json!({ "ok": false, "error_code": code, "description": description }))
    }

    pub fn ok(&self, method: &str, result: Value) -> &Self {
        self.next(method, json!({ "ok": true, "result": result }))
    }

    pub fn raw(&self, method: &str, status: u16, body: String) -> &Self {
        self.answers.lock().unwrap().entry(method.to_owned()).or_default().push_back((status, body));
        self
    }

    /// What was asked of a method so far.
    pub fn asked(&self, method: &str) -> Vec<Value> {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|(called, _)| called == method).map(|(_, body)| body.clone()).collect()
    }

    /// The names of what was asked so far.
    pub fn methods(&self) -> Vec<String> {
        self.calls.lock().unwrap().iter().map(|(method, _)| method.clone()).collect()
    }
}

async fn answer(
    State(server): State<Server>,
    Path((_, method)): Path<(String, String)>,
    body: Bytes,
) -> (StatusCode, String) {
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    server.calls.lock().unwrap().push((method.clone(), body));
    let next = server.answers.lock().unwrap().get_mut(&method).and_then(VecDeque::pop_front);
    let (status, body) = match next {
        Some(answer) => answer,
        None => (200, json!({ "ok": true, "result": usual(&method).await }).to_string()),
    };
    (StatusCode::from_u16(status).unwrap(), body)
}

async fn usual(method: &str) -> Value {
    match method {
        "getMe" => {
            json!({ "id": 4242, "is_bot": true, "first_name": "Loom", "username": "LoomBot", "can_read_all_group_messages": true })
        }
        "getChat" => json!({ "id": -1, "type": "supergroup", "title": "Group", "is_forum": true }),
        "getChatMember" => json!({ "user": { "id": 4242 }, "status": "administrator", "can_manage_topics": true }),
        "getChatAdministrators" => json!([{ "user": { "id": 700000002 }, "status": "creator" }]),
        "getWebhookInfo" => json!({ "url": "" }),
        "sendMessage" => json!({ "message_id": 900 }),
        "createForumTopic" => json!({ "message_thread_id": 55, "name": "x", "icon_color": 7322096 }),
        "getUpdates" => {
            tokio::time::sleep(Duration::from_millis(20)).await;
            json!([])
        }
        _ => json!(true),
    }
}

/// An intake that remembers, and that fails as often as it is told.
#[derive(Default)]
pub struct Kept {
    pub taken: Mutex<Vec<Incoming>>,
    pub failures: Mutex<u32>,
    pub refuses: Mutex<Option<Line>>,
    /// Where nothing that is said is about a case.
    pub no_cases: bool,
    pub known: Mutex<bool>,
    pub renumbered: Vec<(String, String)>,
}

#[async_trait]
impl Intake for Kept {
    async fn take(&self, incoming: &Incoming) -> Result<Taken, NotTaken> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err(NotTaken("the disk is full".to_owned()));
        }
        self.taken.lock().unwrap().push(incoming.clone());
        if *self.known.lock().unwrap() {
            return Ok(Taken::Known);
        }
        if self.no_cases && matches!(incoming, Incoming::Event(inbound) if matches!(inbound.to, To::Post(_))) {
            return Ok(Taken::NoCase);
        }
        Ok(self.refuses.lock().unwrap().map_or(Taken::Kept, Taken::Refused))
    }

    async fn last_seen(&self, _: &BrandId, _: &Platform) -> Result<Vec<ReadUpTo>, NotTaken> {
        Ok(Vec::new())
    }

    async fn sessions(&self, _: &Part, _: SignedDuration) -> Result<Vec<SignedDuration>, NotTaken> {
        Ok(Vec::new())
    }

    async fn begin_session(&self, _: &Part, _: &SessionTerms) -> Result<MayBegin, NotTaken> {
        Ok(MayBegin::Now(SessionNumber(1)))
    }

    async fn session_became(&self, _: &Part, _: SessionNumber, _: SessionBecame) -> Result<(), NotTaken> {
        Ok(())
    }

    async fn is_about_case(&self, _: &BrandId, _: &Platform, _: &str) -> Result<bool, NotTaken> {
        Ok(!self.no_cases)
    }

    async fn note_progress(&self, _: &BrandId, _: OutboxId, _: &str) -> Result<(), NotTaken> {
        Ok(())
    }

    async fn renumbered(&self, _: &BrandId, _: &Platform) -> Result<Vec<(String, String)>, NotTaken> {
        Ok(self.renumbered.clone())
    }

    fn notice(&self, _: &BrandId, line: Line, locale: Option<&Locale>) -> Content {
        Content::verbatim(&format!("{} in {}", line.key(), locale.map_or("?", Locale::as_str)))
    }
}

/// Waits until something is so.
pub async fn until(what: impl Fn() -> bool) {
    for _ in 0..400 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come about in time");
}
