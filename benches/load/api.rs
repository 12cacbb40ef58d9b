//! A Bot API on loopback that does as little as can be, so that the program under load has the machine: many bots, each
//! asked for updates, each answering a customer counted and timed.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use axum::{Router, body::Bytes};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::support::catalogue;

/// Updates given out at once, as Telegram does.
const AT_ONCE: usize = 100;

#[derive(Default)]
struct Bot {
    /// Not confirmed yet.
    updates: Mutex<VecDeque<(i64, i64, String)>>,
    new: Notify,
    next: AtomicI64,
    /// When a customer's question was given out, by chat.
    given: Mutex<HashMap<i64, Instant>>,
}

struct Shared {
    bots: Vec<Bot>,
    answered: AtomicUsize,
    messages: AtomicI64,
    /// Microseconds.
    latencies: Mutex<Vec<u32>>,
}

/// The API.
pub struct Api {
    shared: Arc<Shared>,
    port: u16,
}

impl Api {
    pub fn start(bots: usize) -> Self {
        let shared = Arc::new(Shared {
            bots: (0..bots).map(|_| Bot { next: AtomicI64::new(1), ..Bot::default() }).collect(),
            answered: AtomicUsize::new(0),
            messages: AtomicI64::new(1),
            latencies: Mutex::default(),
        });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let routes = Router::new().route("/{bot}/{method}", post(call)).with_state(Arc::clone(&shared));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), routes).await.unwrap();
            });
        });
        Self { shared, port }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn token(number: usize) -> String {
        format!("{number}:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    }

    pub fn bots(&self) -> usize {
        self.shared.bots.len()
    }

    pub fn answered(&self) -> usize {
        self.shared.answered.load(Ordering::SeqCst)
    }

    /// The how-manieth question of all: the next bot, and of it the next customer; each customer asks about everything once.
    pub fn asks(&self, number: usize) {
        let bots = self.bots();
        let (bot, round) = (&self.shared.bots[number % bots], number / bots);
        // Each bot has many customers, who ask in turn: nobody more than once in a while.
        let customer = 1_000_000 + i64::try_from(round % 50 + 50 * (round / 1000)).unwrap();
        bot.push(
            customer,
            &catalogue::question(round % catalogue::THINGS.len()),
            self.shared.messages.fetch_add(1, Ordering::SeqCst),
        );
    }

    /// Somebody of the first bot asks.
    pub fn asks_one(&self, customer: i64, text: &str) {
        self.shared.bots[0].push(customer, text, self.shared.messages.fetch_add(1, Ordering::SeqCst));
    }

    pub fn latency_ms(&self, percent: usize) -> f64 {
        let mut all = self.shared.latencies.lock().unwrap().clone();
        all.sort_unstable();
        let at = (all.len() * percent / 100).min(all.len().saturating_sub(1));
        all.get(at).map_or(0.0, |us| f64::from(*us) / 1000.0)
    }

    /// Forgets what was counted.
    pub fn forget(&self) {
        self.shared.answered.store(0, Ordering::SeqCst);
        self.shared.latencies.lock().unwrap().clear();
    }
}

impl Bot {
    fn push(&self, customer: i64, text: &str, message: i64) {
        let update = self.next.fetch_add(1, Ordering::SeqCst);
        let date = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
        let json = format!(
            r#"{{"update_id":{update},"message":{{"message_id":{message},"date":{date},"text":"{text}","chat":{{"id":{customer},"type":"private","first_name":"C"}},"from":{{"id":{customer},"is_bot":false,"first_name":"C","language_code":"en"}}}}}}"#
        );
        self.updates.lock().unwrap().push_back((update, customer, json));
        self.new.notify_one();
    }

    async fn updates(&self, asked: &Value) -> String {
        let offset = asked["offset"].as_i64().unwrap_or(0);
        let wait = Duration::from_secs(asked["timeout"].as_u64().unwrap_or(0));
        let until = tokio::time::Instant::now() + wait;
        loop {
            {
                let mut updates = self.updates.lock().unwrap();
                while updates.front().is_some_and(|(id, ..)| *id < offset) {
                    updates.pop_front();
                }
                if !updates.is_empty() || tokio::time::Instant::now() >= until {
                    let given = Instant::now();
                    let mut times = self.given.lock().unwrap();
                    let batch: Vec<&str> = updates
                        .iter()
                        .take(AT_ONCE)
                        .map(|(_, customer, json)| {
                            times.entry(*customer).or_insert(given);
                            json.as_str()
                        })
                        .collect();
                    return format!(r#"{{"ok":true,"result":[{}]}}"#, batch.join(","));
                }
            }
            let _ = tokio::time::timeout_at(until, self.new.notified()).await;
        }
    }
}

async fn call(
    State(shared): State<Arc<Shared>>,
    Path((bot, method)): Path<(String, String)>,
    body: Bytes,
) -> impl IntoResponse {
    let number: usize = bot.trim_start_matches("bot").split(':').next().unwrap().parse().unwrap();
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let own = &shared.bots[number];
    let answer = match method.as_str() {
        "getUpdates" => own.updates(&asked).await,
        "sendMessage" => {
            let chat = asked["chat_id"].as_i64().unwrap_or_default();
            if let Some(given) = own.given.lock().unwrap().remove(&chat) {
                let us = u32::try_from(given.elapsed().as_micros()).unwrap_or(u32::MAX);
                shared.latencies.lock().unwrap().push(us);
                shared.answered.fetch_add(1, Ordering::SeqCst);
            }
            let id = shared.messages.fetch_add(1, Ordering::SeqCst);
            format!(r#"{{"ok":true,"result":{{"message_id":{id},"date":1,"chat":{{"id":{chat},"type":"private"}}}}}}"#)
        }
        other => json!({ "ok": true, "result": other_result(other, number) }).to_string(),
    };
    ([(CONTENT_TYPE, "application/json")], answer)
}

fn other_result(method: &str, number: usize) -> Value {
    let me = json!({ "id": number + 1, "is_bot": true, "first_name": "Cat", "username": format!("cat_{number}_bot"),
        "can_join_groups": true, "can_read_all_group_messages": true, "supports_inline_queries": false });
    match method {
        "getMe" => me,
        "getChat" => json!({ "id": -1000, "type": "supergroup", "title": "Team", "is_forum": true }),
        "getChatMember" => {
            json!({ "status": "administrator", "user": me, "can_manage_topics": true, "can_be_edited": false })
        }
        "getChatAdministrators" => json!([]),
        "getWebhookInfo" => json!({ "url": "", "has_custom_certificate": false, "pending_update_count": 0 }),
        "createForumTopic" => json!({ "message_thread_id": 7, "name": "x", "icon_color": 0 }),
        _ => json!(true),
    }
}
