//! What the tests share: a bot that was met, and the updates in `tests/data/telegram`, each written from the section of
//! Telegram's documentation that it names.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::wire::Me;
use super::super::*;
use crate::config;
use crate::voice::load::load;
use crate::voice::source::Source;

/// The settings of the tests.
const SETTINGS: &str = r#"
store = "x.db"
[[brands]]
voice = "lantern-loom"
[brands.telegram]
token_env = "LANTERN_TELEGRAM_TOKEN"
groups = [{ id = -1001000000001, kind = "help", topics = { 7 = "muted" } }, { id = -5005 }]
desk = -1001000000002
agents = [{ id = 500000001, name = "Ana" }, { id = 500000002 }]
admins_are_agents = true
"#;

pub const TOKEN: &str = "123456:canary-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A bundled voice.
static VOICE: LazyLock<Voice> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("voices/lantern-loom");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let is_voice = |name: &str| name.ends_with(".toml") && !name.ends_with(".test.toml");
    let sources = paths
        .iter()
        .filter(|path| is_voice(&path.to_string_lossy()))
        .map(|path| Source { name: path.display().to_string(), text: std::fs::read_to_string(path).unwrap() });
    load(&sources.collect::<Vec<_>>()).voice.unwrap()
});

/// A bot whose API answers at an address, before it was met.
pub fn unmet(api_url: &str, webhook: Option<(&str, &str)>) -> Telegram {
    let mut config = config::read(SETTINGS).unwrap().brands.remove(0).telegram.unwrap();
    config.api_url = api_url.to_owned();
    Telegram::new(Setup {
        brand: BrandId::from("lantern-loom"),
        voice: Arc::new(VOICE.clone()),
        config,
        token: Secret::new(TOKEN),
        webhook: webhook.map(|(secret, url)| (Secret::new(secret), url.to_owned())),
    })
}

/// A bot that was met.
pub fn telegram(api_url: &str) -> Telegram {
    let telegram = unmet(api_url, None);
    telegram.me.get_or_init(me);
    telegram
}

pub fn me() -> Me {
    Me { id: 4242, first_name: "Loom".into(), username: "LoomBot".into(), can_read_all_group_messages: true }
}

/// An update as it was written down.
#[derive(Deserialize)]
pub struct Recorded {
    pub source: String,
    /// What it becomes, one line for each thing.
    pub becomes: Vec<String>,
    pub update: Box<RawValue>,
}

/// Every update that was written down, by name.
pub fn recorded() -> Vec<(String, Recorded)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/telegram");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<(String, Recorded)> = paths
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}
