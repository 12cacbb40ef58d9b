//! A small world, plain requests and a plain web socket.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::discord::{Discord, Id};

/// Long enough for a slow machine.
pub const LONG: Duration = Duration::from_secs(20);

/// A guild with a channel, its owner and a customer.
pub struct World {
    pub discord: Discord,
    pub guild: Id,
    pub channel: Id,
    pub owner: Id,
    pub alice: Id,
}

/// Starts a server with a small world.
pub fn world() -> World {
    let discord = Discord::start();
    let owner = discord.add_user("Olga");
    let alice = discord.add_user("Alice");
    let guild = discord.add_guild("Lantern", owner);
    discord.join(guild, alice, &[]);
    let channel = discord.add_channel(guild, "help");
    World { discord, guild, channel, owner, alice }
}

impl World {
    /// Sends a request as the bot; gives status and JSON.
    pub async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let response = self.try_call(method, path, body).await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Sends a request that may come to nothing.
    pub async fn try_call(&self, method: &str, path: &str, body: Value) -> reqwest::Result<reqwest::Response> {
        let url = format!("{}/api/v10{path}", self.discord.url());
        let request = reqwest::Client::new()
            .request(method.parse().unwrap(), url)
            .header("Authorization", format!("Bot {}", self.discord.token()));
        let request = if body.is_null() { request } else { request.json(&body) };
        request.send().await
    }

    /// Sends a message as the bot in the channel of this world.
    pub async fn send(&self, body: Value) -> (u16, Value) {
        self.call("POST", &format!("/channels/{}/messages", self.channel), body).await
    }

    /// The same, for a message that is taken; gives its id.
    pub async fn sent(&self, body: Value) -> Id {
        let (status, message) = self.send(body).await;
        assert_eq!(status, 200, "{message}");
        id(&message)
    }

    /// A connection that has identified with these intents, and what came up to READY.
    pub fn identified(&self, intents: u64) -> (Wire, Value) {
        let mut wire = Wire::open(&self.discord.gateway());
        assert_eq!(wire.next()["op"], 10);
        wire.send(&json!({"op": 2, "d": {"token": self.discord.token(), "intents": intents, "properties": {}}}));
        let ready = wire.next();
        assert_eq!(ready["t"], "READY", "{ready}");
        (wire, ready["d"].clone())
    }
}

/// The `id` of an object.
pub fn id(object: &Value) -> Id {
    object["id"].as_str().unwrap().parse().unwrap()
}

/// The codes inside `errors` of a 50035, with their paths.
pub fn form_errors(body: &Value) -> Vec<String> {
    fn walk(path: &str, value: &Value, found: &mut Vec<String>) {
        for (key, inner) in value.as_object().into_iter().flatten() {
            match inner.as_array() {
                Some(errors) if key == "_errors" => {
                    found.extend(errors.iter().map(|error| format!("{path}: {}", error["code"].as_str().unwrap())));
                }
                Some(_) | None => walk(&format!("{path}.{key}"), inner, found),
            }
        }
    }
    let mut found = Vec::new();
    walk("", &body["errors"], &mut found);
    found
}

/// A web socket by hand (RFC 6455): enough to see every frame and every close code.
pub struct Wire {
    stream: TcpStream,
}

impl Wire {
    /// Connects to `ws://host:port/path`.
    pub fn open(url: &str) -> Wire {
        let (host, path) = url.trim_start_matches("ws://").split_once('/').unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        let asked = format!(
            "GET /{path}?v=10&encoding=json HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        );
        stream.write_all(asked.as_bytes()).unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            answer.push(byte[0]);
        }
        assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
        Wire { stream }
    }

    /// Sends a text frame.
    pub fn send(&mut self, value: &Value) {
        self.frame(1, value.to_string().as_bytes());
    }

    /// Sends a close frame.
    pub fn close(&mut self, code: u16) {
        self.frame(8, &code.to_be_bytes());
    }

    fn frame(&mut self, kind: u8, payload: &[u8]) {
        let mut frame = vec![0x80 | kind];
        match payload.len() {
            short @ 0..=125 => frame.push(0x80 | short as u8),
            long => {
                frame.push(0x80 | 126);
                frame.extend((long as u16).to_be_bytes());
            }
        }
        // A mask of zeros leaves the payload as it is.
        frame.extend([0; 4]);
        frame.extend(payload);
        self.stream.write_all(&frame).unwrap();
    }

    /// The next frame: its kind and payload; nothing if the connection is gone.
    pub fn raw(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut head = [0; 2];
        self.stream.read_exact(&mut head).ok()?;
        let length = match head[1] & 0x7f {
            126 => {
                let mut long = [0; 2];
                self.stream.read_exact(&mut long).ok()?;
                usize::from(u16::from_be_bytes(long))
            }
            127 => {
                let mut long = [0; 8];
                self.stream.read_exact(&mut long).ok()?;
                u64::from_be_bytes(long) as usize
            }
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).ok()?;
        Some((head[0] & 0x0f, payload))
    }

    /// The next text frame.
    pub fn next(&mut self) -> Value {
        let (kind, payload) = self.raw().expect("the connection is gone");
        assert_eq!(kind, 1, "not a text frame: {payload:?}");
        serde_json::from_slice(&payload).unwrap()
    }

    /// The next event of this name; others are passed over.
    pub fn event(&mut self, name: &str) -> Value {
        loop {
            let frame = self.next();
            if frame["t"] == name {
                return frame["d"].clone();
            }
        }
    }

    /// The close code that comes next.
    pub fn closed(&mut self) -> u16 {
        let (kind, payload) = self.raw().expect("the connection is gone without a close frame");
        assert_eq!(kind, 8, "not a close frame: {}", String::from_utf8_lossy(&payload));
        u16::from_be_bytes([payload[0], payload[1]])
    }

    /// The names of the events that were sent up to now: those before the answer to a heartbeat.
    pub fn names(&mut self) -> Vec<String> {
        self.send(&json!({"op": 1, "d": null}));
        let mut names = Vec::new();
        loop {
            let frame = self.next();
            if frame["op"] == 11 {
                return names;
            }
            names.extend(frame["t"].as_str().map(str::to_owned));
        }
    }
}
