//! The main conversations against chat servers that others wrote: `telegram-test-api` and `discord-digital-twin` from npm,
//! each behind a thin proxy that repairs fields which the client libraries refuse. They must be running on their usual
//! ports; `.ci/run` starts them and sets `HOUSEVOICE_FOREIGN_SERVERS=1`. Without that, nothing is tested here and the
//! output says so.
//!
//! What they lack (topics, private messages on Discord, permissions) is why the desk is on the tests' own server of the
//! other platform.
#![cfg(unix)]
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "servers/discord/mod.rs"]
mod discord;
#[path = "servers/telegram/mod.rs"]
mod telegram;

#[path = "support/mod.rs"]
mod support;

#[path = "live/conversations.rs"]
mod conversations;
#[path = "live/database.rs"]
mod database;
#[path = "live/on_discord.rs"]
mod on_discord;
#[path = "live/on_telegram.rs"]
mod on_telegram;
#[path = "live/running.rs"]
mod running;
#[path = "live/town.rs"]
mod town;

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};

use serde_json::{Value, json};
use tokio::runtime::Runtime;

use on_discord::{Discord, DiscordDesk, shown};
use on_telegram::{Telegram, TelegramDesk};
use running::{Housevoice, brand, voice};
use town::{Said, Scene, Town};

/// Whether the servers are there; says loudly when not.
fn wanted() -> bool {
    let wanted = std::env::var("HOUSEVOICE_FOREIGN_SERVERS").is_ok_and(|value| value == "1");
    if !wanted {
        eprintln!("NOT RUN: the servers that others wrote are not here; .ci/run starts them");
    }
    wanted
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Asks a server on loopback; with a body, posts it.
fn ask(method: reqwest::Method, url: &str, token: Option<&str>, body: Option<&Value>) -> Value {
    RUNTIME.block_on(async {
        let client = reqwest::Client::new();
        let mut request = client.request(method, url);
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bot {token}"));
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{url}: {error}"));
        let text = answer.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{url}: {text}"))
    })
}

fn post(url: &str, body: &Value) -> Value {
    ask(reqwest::Method::POST, url, None, Some(body))
}

/// `telegram-test-api`: where the bot asks, and where people write.
const TELEGRAM_API: &str = "http://127.0.0.1:9100";
const TELEGRAM_PEOPLE: &str = "http://127.0.0.1:9000";
const TELEGRAM_TOKEN: &str = "700000001:AAForeignServersTakeAnyTokenOfThisShape";

/// Private chats on `telegram-test-api`.
#[derive(Default)]
struct ForeignTelegram(Mutex<BTreeMap<String, i64>>);

impl ForeignTelegram {
    fn id(&self, who: &str) -> i64 {
        let mut people = self.0.lock().unwrap();
        // The server may remember another run of these tests.
        let next = now() * 100 + i64::try_from(people.len()).unwrap();
        *people.entry(who.to_owned()).or_insert(next)
    }

    fn people(&self, who: &str) -> (Value, Value) {
        let id = self.id(who);
        let from = json!({"id": id, "first_name": who, "is_bot": false, "language_code": "en"});
        (from, json!({"id": id, "first_name": who, "type": "private"}))
    }

    /// What the bot wrote to somebody, as the server keeps it.
    fn sent(&self, who: &str) -> Vec<Value> {
        let history = post(&format!("{TELEGRAM_PEOPLE}/getUpdatesHistory"), &json!({"token": TELEGRAM_TOKEN}));
        let id = self.id(who).to_string();
        let mut sent: Vec<Value> = history["result"].as_array().unwrap().clone();
        sent.retain(|update| {
            let to = &update["message"]["chat_id"];
            to.as_str().map(str::to_owned).or_else(|| to.as_i64().map(|id| id.to_string())).as_deref() == Some(&id)
        });
        sent.sort_by_key(|update| update["messageId"].as_i64());
        sent
    }
}

fn keyboard(update: &Value) -> Vec<Value> {
    let markup = &update["message"]["reply_markup"];
    let markup = markup.as_str().map_or_else(|| markup.clone(), |text| serde_json::from_str(text).unwrap());
    let rows = markup["inline_keyboard"].as_array().cloned().unwrap_or_default();
    rows.iter().flat_map(|row| row.as_array().cloned().unwrap_or_default()).collect()
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

impl Town for ForeignTelegram {
    fn platform(&self) -> &'static str {
        "telegram"
    }

    fn says(&self, who: &str, text: &str) {
        let (from, chat) = self.people(who);
        let message = json!({"botToken": TELEGRAM_TOKEN, "from": from, "chat": chat, "date": now(), "text": text});
        post(&format!("{TELEGRAM_PEOPLE}/sendMessage"), &message);
    }

    fn said(&self, who: &str) -> Vec<Said> {
        let label = |button: &Value| button["text"].as_str().unwrap().to_owned();
        let said = |update: &Value| Said {
            text: update["message"]["text"].as_str().unwrap_or_default().to_owned(),
            buttons: keyboard(update).iter().map(label).collect(),
        };
        self.sent(who).iter().map(said).collect()
    }

    fn presses(&self, who: &str, label: &str) {
        let sent = self.sent(who);
        let found = sent.iter().rev().find_map(|update| {
            let button = keyboard(update).into_iter().find(|button| button["text"] == label)?;
            Some((update["messageId"].clone(), button["callback_data"].clone()))
        });
        let (message_id, data) = found.unwrap_or_else(|| panic!("no button {label:?} in {sent:#?}"));
        let (from, chat) = self.people(who);
        let message = json!({"message_id": message_id, "chat": chat, "date": now(), "text": "x"});
        let press = json!({"botToken": TELEGRAM_TOKEN, "from": from, "message": message, "data": data, "date": now()});
        post(&format!("{TELEGRAM_PEOPLE}/sendCallback"), &press);
    }

    fn transcript(&self) -> String {
        let people: Vec<String> = self.0.lock().unwrap().keys().cloned().collect();
        people.iter().map(|who| format!("to {who}: {:#?}\n", self.said(who))).collect()
    }
}

/// `discord-digital-twin`: where the bot asks, and where people write.
const DISCORD_API: &str = "http://127.0.0.1:9310";
const DISCORD_PEOPLE: &str = "http://127.0.0.1:9191";
const DISCORD_TOKEN: &str = "MTAw.fake.token";

/// Threads on `discord-digital-twin`, one for each customer, who speak to the bot by mentioning it. The server knows two
/// people, so both write for several.
struct ForeignDiscord {
    ids: Value,
    threads: Mutex<BTreeMap<String, (String, String)>>,
}

impl ForeignDiscord {
    fn new() -> Self {
        let ids = ask(reqwest::Method::POST, &format!("{DISCORD_PEOPLE}/ids"), None, Some(&json!({})));
        Self { ids, threads: Mutex::default() }
    }

    fn id(&self, name: &str) -> &str {
        self.ids[name].as_str().unwrap()
    }

    /// The thread of a customer, and who writes for them.
    fn thread(&self, who: &str) -> (String, String) {
        let mut threads = self.threads.lock().unwrap();
        if let Some(known) = threads.get(who) {
            return known.clone();
        }
        let url = format!("{DISCORD_API}/api/v10/channels/{}/threads", self.id("general"));
        let body = json!({"name": format!("{who} asks"), "type": 11});
        let thread = ask(reqwest::Method::POST, &url, Some(DISCORD_TOKEN), Some(&body));
        let writer = if threads.len().is_multiple_of(2) { "human" } else { "human2" };
        let made = (thread["id"].as_str().unwrap().to_owned(), self.id(writer).to_owned());
        threads.insert(who.to_owned(), made.clone());
        made
    }

    fn messages(&self, who: &str) -> Vec<Value> {
        let (thread, _) = self.thread(who);
        let url = format!("{DISCORD_API}/api/v10/channels/{thread}/messages?limit=100");
        let mut messages = ask(reqwest::Method::GET, &url, Some(DISCORD_TOKEN), None).as_array().unwrap().clone();
        messages.retain(|message| message["author"]["id"] == self.id("bot") && message["content"] != "");
        messages.sort_by_key(|message| message["id"].as_str().unwrap().parse::<u64>().unwrap());
        messages
    }
}

/// A button, or an option of a menu.
struct Offered {
    label: String,
    custom_id: Value,
    value: Option<Value>,
}

fn choices(message: &Value) -> Vec<Offered> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut all = Vec::new();
    for one in list(&message["components"]).iter().flat_map(|row| list(&row["components"])) {
        let custom_id = one["custom_id"].clone();
        let offered = |from: &Value, value| {
            let label = from["label"].as_str().unwrap_or_default().to_owned();
            Offered { label, custom_id: custom_id.clone(), value }
        };
        match list(&one["options"]) {
            options if options.is_empty() => all.push(offered(&one, None)),
            options => all.extend(options.iter().map(|option| offered(option, Some(option["value"].clone())))),
        }
    }
    all
}

impl Town for ForeignDiscord {
    fn platform(&self) -> &'static str {
        "discord"
    }

    fn name_of(&self, who: &str) -> String {
        let (_, user) = self.thread(who);
        if user == self.id("human") { "alice".to_owned() } else { "bob".to_owned() }
    }

    fn says(&self, who: &str, text: &str) {
        let (thread, user) = self.thread(who);
        let content = format!("<@{}> {text}", self.id("bot"));
        post(&format!("{DISCORD_PEOPLE}/send"), &json!({"channel": thread, "user": user, "content": content}));
    }

    fn said(&self, who: &str) -> Vec<Said> {
        let said = |message: &Value| Said {
            text: shown(message["content"].as_str().unwrap()),
            buttons: choices(message).into_iter().map(|choice| choice.label).collect(),
        };
        self.messages(who).iter().map(said).collect()
    }

    fn presses(&self, who: &str, label: &str) {
        let (thread, user) = self.thread(who);
        let messages = self.messages(who);
        let found = messages.iter().rev().find_map(|message| {
            Some((message["id"].clone(), choices(message).into_iter().find(|choice| choice.label == label)?))
        });
        let (message, choice) = found.unwrap_or_else(|| panic!("no button {label:?} in {messages:#?}"));
        let mut press = json!({"channel": thread, "user": user, "message": message, "custom_id": choice.custom_id});
        let how = if choice.value.is_some() { "select" } else { "click" };
        if let Some(value) = choice.value {
            press["values"] = json!([value]);
        }
        post(&format!("{DISCORD_PEOPLE}/{how}"), &press);
    }

    fn transcript(&self) -> String {
        let people: Vec<String> = self.threads.lock().unwrap().keys().cloned().collect();
        people.iter().map(|who| format!("to {who}: {:#?}\n", self.said(who))).collect()
    }
}

#[test]
fn conversations_come_out_right_on_telegram_test_api() {
    if !wanted() {
        return;
    }
    let town = ForeignTelegram::default();
    let own = Discord::new();
    let desk = DiscordDesk::forum(&own);
    let brands = brand(
        voice("lantern-loom"),
        [
            own.section("OWN"),
            desk.lines(),
            format!("[brands.telegram]\ntoken_env = \"FOREIGN\"\napi_url = \"{TELEGRAM_API}\"\n"),
        ],
    );
    let token = own.server.token();
    let mut bot = Housevoice::running(&brands, &[("OWN", &token), ("FOREIGN", TELEGRAM_TOKEN)]);
    conversations::all(&Scene::new(&town, &desk));
    assert!(bot.stopped().success());
}

#[test]
fn conversations_come_out_right_on_discord_digital_twin() {
    if !wanted() {
        return;
    }
    let town = ForeignDiscord::new();
    let own = Telegram::new("loomie_bot");
    let desk = TelegramDesk::of(&own);
    let brands = brand(
        voice("lantern-loom"),
        [
            own.section("OWN"),
            desk.lines(),
            format!(
                "[brands.discord]\ntoken_env = \"FOREIGN\"\napi_url = \"{DISCORD_API}\"\nservers = [\"{}\"]\n\
                 message_content = true\n",
                town.id("guild")
            ),
        ],
    );
    let mut bot = Housevoice::running(&brands, &[("OWN", &own.bot.token), ("FOREIGN", DISCORD_TOKEN)]);
    conversations::all(&Scene::new(&town, &desk));
    assert!(bot.stopped().success());
}
