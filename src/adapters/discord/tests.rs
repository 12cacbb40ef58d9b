//! Events in the shapes of the documentation (`tests/data/discord`, each with the section that it is written from), and what
//! each becomes.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::*;
use crate::adapters::staff::NotDone;
use crate::config::Id;
use crate::engine::{AgentAction, AuthorKind, Event as Ours, Message, RepliesTo, To};
use crate::voice::load::load;
use crate::voice::source::Source;

/// A voice with a help channel, a channel for threads and an announcement channel.
const VOICE: &str = include_str!("../../../tests/data/tea-room.toml");

pub(super) fn config() -> DiscordConfig {
    let config = r#"
        token_env = "LOOM_TOKEN"
        servers = [100]
        desk = 205
        agent_roles = [300]
        agents = [{ id = 601, name = "Ana of Loom" }]
        message_content = true
        channels = { "201" = "help" }
        api_url = "http://127.0.0.1:1"
    "#;
    toml::from_str(config).unwrap()
}

pub(super) fn voice() -> Voice {
    let loaded = load(&[Source { name: "voice.toml".to_owned(), text: VOICE.to_owned() }]);
    loaded.voice.unwrap()
}

/// Discord with a server as in `guild_create.json`: 201 help, 202 chat, 203 announcements, 204 a forum, 205 the desk with
/// the thread 221 of a case, 211 a thread of 201.
pub(super) fn discord() -> Discord {
    with(config())
}

/// As [`discord`], with a server of another number.
pub(super) fn discord_on(server: u64) -> Discord {
    let servers = vec![Id(i64::try_from(server).unwrap())];
    let discord = with(DiscordConfig { servers, ..config() });
    let mut created = recorded("guild_create")["event"].clone();
    created["d"]["id"] = server.to_string().into();
    discord.learn(&serde_json::from_value(created).unwrap());
    discord
}

pub(super) fn with(config: DiscordConfig) -> Discord {
    let setup = Setup {
        brand: BrandId::from("loom"),
        voice: Arc::new(voice()),
        config,
        token: Secret::new("canary.token.value"),
    };
    let discord = Discord::new(setup);
    discord.learn(&event("ready"));
    discord.learn(&event("guild_create"));
    discord
}

fn recorded(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/discord").join(format!("{name}.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

pub(super) fn event(name: &str) -> Event {
    serde_json::from_value(recorded(name)["event"].clone()).unwrap()
}

/// What comes in, in few words.
fn told(incoming: &Incoming) -> String {
    match incoming {
        Incoming::Event(inbound) => format!("{} {}: {}", inbound.event_id, to(&inbound.to), happened(&inbound.event)),
        Incoming::Press(press) => format!(
            "{} press {} by {} in {}, agent {:?}, via {}",
            press.event_id,
            press.token,
            press.by,
            press.place,
            press.agent.as_ref().map(|agent| agent.name.as_str()),
            press.via.is_some()
        ),
        Incoming::Unknown(unknown) => format!("{} unknown {} by {:?}", unknown.event_id, unknown.kind, unknown.by),
        Incoming::Renumbered { .. } => "renumbered".to_owned(),
    }
}

fn to(to: &To) -> String {
    match to {
        To::Customer { sender, place, via } => {
            let locale = sender.locale.as_ref().map_or("-", |locale| locale.as_str());
            format!(
                "{}={} {locale} in {} {:?} {:?} via {}",
                sender.id,
                sender.name,
                place.id,
                place.kind,
                place.name,
                via.is_some()
            )
        }
        To::Post(post) => format!("post {post}"),
        To::Conversation(id) => format!("conversation {}", id.0),
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "everything else is short as it is")]
fn happened(event: &Ours) -> String {
    match event {
        Ours::Message(message) => format!("message {}", words(message)),
        Ours::Edited(message) => format!("edited {}", words(message)),
        Ours::Agent { agent, action } => format!("{}={} {}", agent.id, agent.name, did(action)),
        other => format!("{other:?}"),
    }
}

fn did(action: &AgentAction) -> String {
    let AgentAction::Reply { text, attachments } = action else { return format!("{action:?}") };
    format!("reply {text:?} with {}", attachments.len())
}

fn words(message: &Message) -> String {
    let mut said = format!("{:?}", message.text);
    let mut add = |when: bool, what: &str| {
        if when {
            said.push_str(&format!(" {what}"));
        }
    };
    add(message.author == AuthorKind::Machine, "machine");
    add(message.author == AuthorKind::Staff, "staff");
    add(message.mentions_bot, "mention");
    add(message.replies_to == Some(RepliesTo::Bot), "to-bot");
    add(message.replies_to == Some(RepliesTo::Person), "to-person");
    add(message.replies_to == Some(RepliesTo::Themselves), "to-themselves");
    add(message.forwarded, "forwarded");
    add(message.by_command, "command");
    add(message.opens_post, "opens-post");
    for attachment in &message.attachments {
        let linked = if attachment.url.is_some() { "+" } else { "" };
        said.push_str(&format!(" [{}{linked}]", attachment.label()));
    }
    said
}

/// The beginning of the numbers in the files.
const N: &str = "14000000000000000";

/// What each event becomes.
#[rustfmt::skip]
const BECOMES: &[(&str, &[&str])] = &[
    ("command_ask", &["interaction:N31 501=Sam S. de in 202/501 Direct \"chat\" via true: message \"Wo ist mein Paket?\" command"]),
    ("command_ask_dm", &["interaction:N32 501=Sam S. de in 401 Direct \"\" via true: message \"Wo ist mein Paket?\" command"]),
    ("command_autocomplete", &[]),
    ("command_human", &["interaction:N33 501=Sam S. de in 202/501 Direct \"chat\" via true: Command(Human)"]),
    ("command_in_desk", &[]),
    ("desk_close", &["message:N22 post 221: discord:601=Ana of Loom Close { outcome: \"duplicate\" }"]),
    ("desk_no_command", &[]),
    ("desk_not_an_agent", &[]),
    ("desk_note", &["message:N21 post 221: discord:601=Ana of Loom Note(NoteText(\"difficult one\"))"]),
    ("desk_reply", &["message:N20 post 221: discord:601=Ana of Loom reply \"We sent a new one.\" with 1"]),
    ("event_of_tomorrow", &[]),
    ("guild_create", &[]),
    ("interaction_unknown", &["interaction:N41 unknown INTERACTION_CREATE by Some(\"501\")"]),
    ("message_announcement", &["message:N16 601=Ana - in 203 Muted \"announcements\" via false: message \"We moved.\" staff"]),
    ("message_attachments", &["message:N07 501=Sam S. - in 401 Direct \"\" via false: message \"\" [photo: bill.png+] [file: run.exe] [sticker: wave]"]),
    ("message_deleted", &[]),
    ("message_desk_channel", &[]),
    ("message_dm", &["message:N01 501=Sam S. - in 401 Direct \"\" via false: message \"Where is my order?\""]),
    ("message_edited", &["edit:N02:1753862460250 501=Sam S. - in 201 Help \"help\" via false: edited \"do you ship to Sweden?\""]),
    ("message_elsewhere", &[]),
    ("message_empty", &[]),
    ("message_forum_post", &["message:N40 501=Sam S. - in N40 General \"orders-and-returns\" via false: message \"Where is my parcel?\\nIt has been a week.\" opens-post"]),
    ("message_forward", &["message:N08 501=Sam S. - in 202 General \"chat\" via false: message \"Sale!\" forwarded"]),
    ("message_help", &["message:N02 501=Sammy - in 201 Help \"help\" via false: message \"do you ship to Norway?\""]),
    ("message_joined", &[]),
    ("message_mention", &["message:N03 501=Sam S. - in 202 General \"chat\" via false: message \"is @Ana from @support in #help? :lamp: <@12345>\" mention"]),
    ("message_other_bot", &["message:N11 701=other - in 202 General \"chat\" via false: message \"beep\" machine"]),
    ("message_own", &[]),
    ("message_preview_added", &[]),
    ("message_reply_to_bot", &["message:N04 501=Sam S. - in 202 General \"chat\" via false: message \"and abroad?\" to-bot"]),
    ("message_reply_to_themselves", &["message:N05 501=Sam S. - in 202 General \"chat\" via false: message \"anyone?\" to-themselves"]),
    ("message_staff_reply", &["message:N06 602=Robin - in 201 Help \"help\" via false: message \"I am on it\" staff to-person", "spoke:N06 501=Sam S. - in 201 Help \"help\" via false: discord:602=Robin Spoke { text: \"I am on it\" }"]),
    ("message_thread", &["message:N15 501=Sam S. - in 211 Help \"help\" via false: message \"thanks\""]),
    ("message_unknown_channel", &[]),
    ("message_webhook", &["message:N10 700=feed - in 202 General \"chat\" via false: message \"New post\" machine"]),
    ("messages_deleted", &[]),
    ("press_desk", &["interaction:N39 press tok-2 by 601 in 221, agent Some(\"Ana of Loom\"), via false"]),
    ("press_ephemeral", &["interaction:N37 press tok-1 by 501 in 202/501, agent None, via true"]),
    ("press_menu_dm", &["interaction:N38 press tok-9 by 501 in 401, agent None, via false"]),
    ("press_public", &["interaction:N36 press tok-1 by 501 in 202, agent None, via false"]),
    ("ready", &[]),
    ("typing", &[]),
];

#[test]
fn each_event_becomes_what_it_means() {
    let discord = discord();
    for (name, becomes) in BECOMES {
        let found: Vec<String> =
            discord.inbound(&event(name)).iter().map(|incoming| told(incoming).replace(N, "N")).collect();
        assert_eq!(found, *becomes, "{name}");
    }
}

#[test]
fn every_recorded_event_is_looked_at_and_says_where_it_is_from() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/discord");
    for file in fs::read_dir(folder).unwrap() {
        let name = file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(BECOMES.iter().any(|(known, _)| *known == name), "{name} is not in the table");
        let source = recorded(&name)["source"].as_str().unwrap().to_owned();
        assert!(source.starts_with("https://discord.com/developers/docs/"), "{name}: {source}");
    }
}

#[test]
fn a_deletion_is_known_by_whoever_wrote_the_message() {
    let discord = discord();
    discord.learn(&event("message_help"));
    discord.learn(&event("message_webhook"));
    let deleted: Vec<String> = discord.inbound(&event("message_deleted")).iter().map(told).collect();
    let expected = "delete:1400000000000000002 501=Sammy - in 201 Help \"help\" via false: Deleted { message_id: \"1400000000000000002\" }";
    assert_eq!(deleted, [expected]);
    assert_eq!(discord.inbound(&event("messages_deleted")).len(), 1, "nobody knows who wrote the others");
}

#[test]
fn one_of_the_team_who_replies_to_another_takes_no_case() {
    let discord = discord();
    let mut reply = recorded("message_staff_reply")["event"].clone();
    reply["d"]["referenced_message"]["author"]["id"] = "601".into();
    assert_eq!(discord.inbound(&serde_json::from_value(reply).unwrap()).len(), 1, "an agent by number");
    let mut other = recorded("message_staff_reply")["event"].clone();
    (other["d"]["author"]["id"], other["d"]["id"]) = ("603".into(), "1400000000000000002".into());
    discord.learn(&serde_json::from_value(other).unwrap());
    assert_eq!(discord.inbound(&event("message_staff_reply")).len(), 1, "an agent by a role that they had");
}

#[test]
fn a_name_or_a_role_elsewhere_makes_nobody_an_agent() {
    let discord = discord();
    let mut clone = recorded("desk_reply")["event"].clone();
    (clone["d"]["author"]["id"], clone["d"]["author"]["username"]) = ("666".into(), "ana".into());
    clone["d"]["member"]["roles"] = serde_json::json!(["301"]);
    let clone: Event = serde_json::from_value(clone).unwrap();
    assert_eq!(discord.inbound(&clone), []);
    let why = |event: &Event| {
        discord.with_view(|view| view.ignored(event, None)).map(|ignored| (ignored.thread, ignored.why))
    };
    assert_eq!(why(&clone), Some((221, NotDone::NotAnAgent)));
    assert_eq!(why(&event("desk_no_command")), Some((221, NotDone::NoSuchCommand)));
    assert_eq!(why(&event("desk_not_an_agent")), Some((221, NotDone::NotAnAgent)));
    for fine in ["desk_reply", "desk_note", "message_dm", "message_desk_channel"] {
        assert_eq!(why(&event(fine)), None, "{fine}");
    }
}

#[test]
fn nothing_is_heard_from_the_desk_of_a_server_that_is_not_served_and_no_case_is_a_customer_s_place() {
    let elsewhere = with(DiscordConfig { servers: vec![Id(101)], ..config() });
    assert_eq!(elsewhere.inbound(&event("message_help")), []);
    assert_eq!(elsewhere.inbound(&event("command_ask")), []);
    assert_eq!(elsewhere.inbound(&event("desk_reply")).len(), 1, "the desk may be in a server of its own");
}

#[test]
fn the_token_shows_nowhere() {
    let discord = discord();
    let delivery = super::outbound::tests::says("hello");
    let request = discord.outbound(&delivery);
    assert!(!format!("{request:?} {:?}", discord.setup.token).contains("canary"));
}

#[test]
fn suggestions_hold_every_word_and_fit() {
    let voice = voice();
    let found = |typed: &str| commands::suggestions(&voice, typed, None)["data"]["choices"].as_array().unwrap().clone();
    assert!(!found("").is_empty() && found("").len() <= 25);
    assert_eq!(found("no such words anywhere"), Vec::<Value>::new());
    let some = voice.answers[0].ask[0].text.clone();
    assert!(found(&some).iter().any(|choice| choice["value"] == some), "{some}");
}

#[test]
fn commands_have_words_in_the_brand_s_languages_and_show_once() {
    let voice = voice();
    let words = |line: crate::voice::Line, locale: Option<&crate::voice::Locale>| {
        crate::voice::Content::verbatim(&format!("{} {}", line.key(), locale.map_or("", |locale| locale.as_str())))
    };
    let in_private = commands::registration(&voice, &words, commands::Offered::InPrivate).unwrap();
    let in_server = commands::registration(&voice, &words, commands::Offered::InServer).unwrap();
    let names = |body: &Value| body.as_array().unwrap().iter().map(|c| c["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(&in_private), ["ask", "human", "privacy", "help"]);
    assert_eq!(names(&in_private), names(&in_server));
    assert_eq!(in_private[0]["contexts"], serde_json::json!([1]));
    assert_eq!(in_server[0]["contexts"], Value::Null);
    assert!(in_server[0]["description_localizations"]["en-US"].as_str().unwrap().starts_with("command_ask en"));
    let silent = |_: crate::voice::Line, _: Option<&crate::voice::Locale>| crate::voice::Content::default();
    assert_eq!(commands::registration(&voice, &silent, commands::Offered::InServer), None);
}
