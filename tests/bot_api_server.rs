//! The Bot API server of the tests, itself under test: by plain HTTP and by teloxide.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "bot_api_server/asking.rs"]
mod asking;
#[path = "bot_api_server/chats.rs"]
mod chats;
#[path = "bot_api_server/polling.rs"]
mod polling;
#[path = "bot_api_server/pressing.rs"]
mod pressing;
#[path = "bot_api_server/profile.rs"]
mod profile;
#[path = "bot_api_server/sending.rs"]
mod sending;
#[path = "bot_api_server/speaking.rs"]
mod speaking;
#[path = "servers/telegram/mod.rs"]
mod telegram;
#[path = "bot_api_server/topics.rs"]
mod topics;
#[path = "bot_api_server/trouble.rs"]
mod trouble;
#[path = "bot_api_server/webhook.rs"]
mod webhook;

use std::time::Duration;

use serde_json::{Value, json};
use telegram::{Bot, BotApi, Chat, User};

const SECONDS: Duration = Duration::from_secs(10);

/// A server, a bot, and Alice who has started it; its queue is empty.
struct Ground {
    api: BotApi,
    bot: Bot,
    alice: User,
    chat: Chat,
}

impl Ground {
    async fn new() -> Self {
        let api = BotApi::start();
        let bot = api.bot("tea_bot");
        let alice = api.user("Alice");
        let chat = api.starts(alice, &bot, None).chat;
        let ground = Self { api, bot, alice, chat };
        ground.ok("getUpdates", json!({ "offset": -1 })).await;
        ground.ok("getUpdates", json!({ "offset": i64::from(u32::MAX) })).await;
        ground
    }

    /// The whole answer to a call with a JSON body.
    async fn call(&self, method: &str, body: Value) -> Value {
        let url = format!("{}/bot{}/{method}", self.api.url(), self.bot.token);
        reqwest::Client::new().post(url).json(&body).send().await.unwrap().json().await.unwrap()
    }

    /// The result of a call that succeeds.
    async fn ok(&self, method: &str, body: Value) -> Value {
        let answer = self.call(method, body).await;
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer["result"].clone()
    }

    /// The code and description of a call that is refused.
    async fn refused(&self, method: &str, body: Value) -> (i64, String) {
        let answer = self.call(method, body).await;
        assert_eq!(answer["ok"], false, "{method}: {answer}");
        (answer["error_code"].as_i64().unwrap(), answer["description"].as_str().unwrap().to_owned())
    }

    /// Asserts that a call is refused with 400 and this description.
    async fn bad(&self, method: &str, body: Value, description: &str) {
        assert_eq!(self.refused(method, body).await, (400, format!("Bad Request: {description}")));
    }

    async fn send(&self, chat: Chat, text: &str) -> i64 {
        self.ok("sendMessage", json!({ "chat_id": chat.id, "text": text })).await["message_id"].as_i64().unwrap()
    }

    /// The updates that wait, confirmed at once.
    async fn updates(&self) -> Vec<Value> {
        let updates = self.ok("getUpdates", json!({})).await.as_array().unwrap().clone();
        if let Some(last) = updates.last() {
            let offset = last["update_id"].as_i64().unwrap() + 1;
            self.ok("getUpdates", json!({ "offset": offset })).await;
        }
        updates
    }

    /// teloxide, pointed here.
    fn teloxide(&self) -> teloxide::Bot {
        teloxide::Bot::new(&self.bot.token).set_api_url(self.api.url().parse().unwrap())
    }

    /// What teloxide makes of the updates that wait; every one of a kind it knows.
    async fn typed(&self) -> Vec<teloxide::types::UpdateKind> {
        let updates = self.updates().await;
        let kinds = updates.iter().map(|update| {
            // From text, as it comes over the wire: teloxide reads updates from a `Value` as unknown ones.
            let typed: teloxide::types::Update = serde_json::from_str(&update.to_string()).unwrap();
            assert!(!matches!(typed.kind, teloxide::types::UpdateKind::Error(_)), "teloxide cannot read {update}");
            typed.kind
        });
        kinds.collect()
    }
}
