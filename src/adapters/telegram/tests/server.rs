//! A Bot API of a few lines on loopback.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};

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
