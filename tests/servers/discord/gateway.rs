//! The sessions of the gateway. Discord docs, events/gateway; close codes: topics/opcodes-and-status-codes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::ids::{Id, id_of, shard_of};
use super::objects;
use super::state::State;

/// Discord docs, events/gateway, List of Intents.
pub mod intents {
    pub const GUILDS: u64 = 1;
    pub const GUILD_MEMBERS: u64 = 1 << 1;
    pub const GUILD_PRESENCES: u64 = 1 << 8;
    pub const GUILD_MESSAGES: u64 = 1 << 9;
    pub const GUILD_MESSAGE_REACTIONS: u64 = 1 << 10;
    pub const DIRECT_MESSAGES: u64 = 1 << 12;
    pub const DIRECT_MESSAGE_REACTIONS: u64 = 1 << 13;
    pub const MESSAGE_CONTENT: u64 = 1 << 15;
    /// Those that have to be switched on in the developer portal.
    pub const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
    /// All there are.
    pub const KNOWN: u64 = ((1 << 22) - 1) | (1 << 24) | (1 << 25);
}

/// What goes to the other end of a connection.
#[derive(Debug)]
pub enum Out {
    Frame(Value),
    Close(u16, String),
    /// Drop the connection without a word.
    Cut,
}

/// A bot that identified, connected or not.
pub struct Session {
    pub intents: u64,
    /// Its number, and of how many.
    pub shard: (u64, u64),
    pub seq: u64,
    /// What it was sent, for RESUME.
    pub log: Vec<(u64, Value)>,
    pub line: Option<UnboundedSender<Out>>,
}

/// An IDENTIFY that was taken.
#[derive(Clone, Debug)]
pub struct Identify {
    pub at: Duration,
    pub intents: u64,
    /// Its number, and of how many.
    pub shard: (u64, u64),
    /// Docs, events/gateway, Rate Limiting: one in 5 s for each key.
    pub key: u64,
    pub body: Value,
}

/// An event that was sent, or would have been.
#[derive(Clone, Debug)]
pub struct Sent {
    pub name: String,
    /// With the content of messages.
    pub data: Value,
    /// Without it, where that differs.
    pub hidden: Option<Value>,
    /// The intents of which one is needed; 0 for none.
    pub needed: u64,
}

/// Everything about the gateway.
pub struct Gateway {
    pub sessions: BTreeMap<String, Session>,
    pub identifies: Vec<Identify>,
    /// RESUMEs that were taken, and those that came to an unknown session.
    pub resumes: usize,
    pub refused_resumes: usize,
    /// How many connections came to the address that READY gave for resuming.
    pub at_resume_address: usize,
    pub heartbeats: usize,
    /// The close codes that clients and the server gave, in order.
    pub closes: Vec<u16>,
    pub sent: Vec<Sent>,
    /// What is held back, while it is.
    pub held: Option<Vec<Sent>>,
    pub total: u64,
    pub remaining: u64,
    pub max_concurrency: u64,
    /// Answer more than one IDENTIFY of a key in 5 s with op 9.
    pub keeps_pace: bool,
    /// IDENTIFYs that were answered so.
    pub hasty: usize,
    /// How many shards `GET /gateway/bot` recommends.
    pub recommended: u64,
    /// How many guilds a shard may have.
    pub most_guilds: usize,
}

impl Gateway {
    pub fn new() -> Gateway {
        Gateway {
            sessions: BTreeMap::new(),
            identifies: Vec::new(),
            resumes: 0,
            refused_resumes: 0,
            at_resume_address: 0,
            heartbeats: 0,
            closes: Vec::new(),
            sent: Vec::new(),
            held: None,
            total: 1000,
            remaining: 1000,
            max_concurrency: 1,
            keeps_pace: false,
            hasty: 0,
            recommended: 1,
            most_guilds: 2500,
        }
    }

    /// The lines that are up.
    pub fn lines(&self) -> impl Iterator<Item = &UnboundedSender<Out>> {
        self.sessions.values().filter_map(|session| session.line.as_ref())
    }
}

impl Session {
    /// Sends an event now if there is a line, and keeps it for RESUME.
    pub fn push(&mut self, name: &str, data: &Value) {
        self.seq += 1;
        let frame = json!({"op": 0, "t": name, "s": self.seq, "d": data});
        self.log.push((self.seq, frame.clone()));
        if let Some(line) = &self.line {
            let _ = line.send(Out::Frame(frame));
        }
    }
}

/// One end of a connection, as the server keeps it.
pub struct Line {
    pub out: UnboundedSender<Out>,
    pub session: Option<String>,
}

impl Line {
    fn close(&self, code: u16, reason: &str) {
        let _ = self.out.send(Out::Close(code, reason.to_owned()));
    }

    fn frame(&self, frame: Value) {
        let _ = self.out.send(Out::Frame(frame));
    }
}

impl State {
    /// Takes what a client says.
    pub fn hear(&mut self, line: &mut Line, text: &str) {
        // Docs, events/gateway, Sending Events: payloads up to 4096 bytes.
        let said = serde_json::from_str::<Value>(text).ok().filter(|_| text.len() <= 4096);
        let Some(said) = said else { return line.close(4002, "Error while decoding payload.") };
        let known = line.session.as_ref().is_some_and(|id| self.gateway.sessions.contains_key(id));
        match said["op"].as_u64() {
            Some(1) => {
                self.gateway.heartbeats += 1;
                if self.settings.acknowledges_heartbeats {
                    line.frame(json!({"op": 11, "d": null, "s": null, "t": null}));
                }
            }
            Some(2) if known => line.close(4005, "Already authenticated."),
            Some(2) => self.identify(line, &said["d"]),
            Some(6) => self.resume(line, &said["d"]),
            Some(3 | 4 | 8) if !known => line.close(4003, "Not authenticated."),
            Some(3 | 4) => {}
            Some(8) => self.send_members(line, &said["d"]),
            _ => line.close(4001, "Unknown opcode."),
        }
    }

    fn identify(&mut self, line: &mut Line, data: &Value) {
        if data["token"].as_str().is_none_or(|token| token.trim_start_matches("Bot ") != self.token) {
            return line.close(4004, "Authentication failed.");
        }
        let asked = data["intents"].as_u64().unwrap_or(u64::MAX);
        if asked & !intents::KNOWN != 0 {
            return line.close(4013, "Invalid intent(s).");
        }
        if asked & intents::PRIVILEGED & !self.settings.privileged != 0 {
            return line.close(4014, "Disallowed intent(s).");
        }
        // Docs, events/gateway-events, Identify: an array of two, or nothing.
        let given = &data["shard"];
        let shard = if given.is_null() {
            (0, 1)
        } else {
            (given[0].as_u64().unwrap_or(u64::MAX), given[1].as_u64().unwrap_or(0))
        };
        if shard.0 >= shard.1 {
            return line.close(4010, "Invalid shard.");
        }
        let here = |guild: &Id| self.bot_in(*guild) && shard_of(Some(*guild), shard.1) == shard.0;
        let guilds: Vec<Id> = self.guilds.keys().copied().filter(here).collect();
        if guilds.len() > self.gateway.most_guilds {
            return line.close(4011, "Sharding required.");
        }
        let at = self.started.elapsed();
        let key = shard.0 % self.gateway.max_concurrency;
        let recent = |one: &Identify| one.key == key && at.saturating_sub(one.at) < Duration::from_secs(5);
        if self.gateway.keeps_pace && self.gateway.identifies.iter().any(recent) {
            self.gateway.hasty += 1;
            return line.frame(json!({"op": 9, "d": false, "s": null, "t": null}));
        }
        if self.gateway.remaining == 0 {
            // Docs, events/gateway, Session Start Limit: all sessions end and the token is reset.
            for other in self.gateway.lines() {
                let _ = other.send(Out::Close(4004, "Authentication failed.".to_owned()));
            }
            self.gateway.sessions.clear();
            self.token.push_str("-reset");
            return line.close(4004, "Authentication failed.");
        }
        self.gateway.remaining -= 1;
        self.gateway.identifies.push(Identify { at, intents: asked, shard, key, body: data.clone() });
        let id = format!("session-{}", self.ids.next());
        let mut session = Session { intents: asked, shard, seq: 0, log: Vec::new(), line: Some(line.out.clone()) };
        let unavailable = |guild: &Id| json!({"id": guild.to_string(), "unavailable": true});
        session.push(
            "READY",
            &json!({
                "v": 10,
                "user": objects::user(self, self.bot),
                "guilds": guilds.iter().map(unavailable).collect::<Vec<_>>(),
                "session_id": id,
                "session_type": "normal",
                "resume_gateway_url": format!("ws://{}/resume", self.address),
                "shard": [shard.0, shard.1],
                "application": {"id": self.bot.to_string(), "flags": self.application_flags()},
            }),
        );
        if asked & intents::GUILDS != 0 {
            for guild in guilds {
                session.push("GUILD_CREATE", &self.whole_guild(guild));
            }
        }
        line.session = Some(id.clone());
        self.gateway.sessions.insert(id, session);
    }

    fn resume(&mut self, line: &mut Line, data: &Value) {
        if data["token"].as_str().is_none_or(|token| token.trim_start_matches("Bot ") != self.token) {
            return line.close(4004, "Authentication failed.");
        }
        let id = data["session_id"].as_str().unwrap_or_default().to_owned();
        let seq = data["seq"].as_u64().unwrap_or(0);
        let Some(session) = self.gateway.sessions.get_mut(&id) else {
            self.gateway.refused_resumes += 1;
            return line.frame(json!({"op": 9, "d": false, "s": null, "t": null}));
        };
        if seq > session.seq {
            return line.close(4007, "Invalid seq.");
        }
        if let Some(other) = session.line.replace(line.out.clone()) {
            let _ = other.send(Out::Close(4000, "Unknown error.".to_owned()));
        }
        for (_, frame) in session.log.iter().filter(|(number, _)| *number > seq) {
            line.frame(frame.clone());
        }
        session.push("RESUMED", &json!({}));
        line.session = Some(id);
        self.gateway.resumes += 1;
    }

    /// A connection is over. Docs, events/gateway, Resuming: a close with 1000 or 1001 ends the session.
    pub fn hung_up(&mut self, line: &Line, code: Option<u16>) {
        self.gateway.closes.extend(code);
        let Some(id) = &line.session else { return };
        let Some(session) = self.gateway.sessions.get_mut(id) else { return };
        if session.line.as_ref().is_some_and(|own| own.same_channel(&line.out)) {
            session.line = None;
            if matches!(code, Some(1000 | 1001)) {
                self.gateway.sessions.remove(id);
            }
        }
    }

    /// Docs, events/gateway-events, Request Guild Members.
    fn send_members(&mut self, line: &Line, data: &Value) {
        let Some(guild) = id_of(&data["guild_id"]).and_then(|id| self.guilds.get(&id)) else { return };
        let asked: Option<Vec<Id>> = data["user_ids"].as_array().map(|ids| ids.iter().filter_map(id_of).collect());
        let wanted = |id: &&Id| asked.as_ref().is_none_or(|asked| asked.contains(id));
        let members: Vec<Value> =
            guild.members.keys().filter(wanted).filter_map(|id| objects::member(self, guild, *id)).collect();
        let chunk = json!({
            "guild_id": guild.id.to_string(), "members": members, "chunk_index": 0, "chunk_count": 1,
            "nonce": data["nonce"],
        });
        let session = line.session.as_ref().and_then(|id| self.gateway.sessions.get_mut(id));
        if let Some(session) = session {
            session.push("GUILD_MEMBERS_CHUNK", &chunk);
        }
    }

    /// Docs, resources/application, Application Flags: what the portal has switched on, for bots in few guilds.
    pub fn application_flags(&self) -> u64 {
        let flag = |intent: u64, bit: u32| if self.settings.privileged & intent != 0 { 1 << bit } else { 0 };
        flag(intents::GUILD_PRESENCES, 13) | flag(intents::GUILD_MEMBERS, 15) | flag(intents::MESSAGE_CONTENT, 19)
    }
}
