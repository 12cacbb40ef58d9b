//! Threads and forum posts. Discord docs, resources/channel (Start Thread ..., Thread Members) and topics/threads.

use serde_json::{Value, json};

use super::super::draft::Draft;
use super::super::errors::{ApiError, archived, form, required, unknown};
use super::super::gateway::intents;
use super::super::ids::{Id, id_of, now};
use super::super::objects;
use super::super::permissions::{
    CREATE_PRIVATE_THREADS, CREATE_PUBLIC_THREADS, MANAGE_THREADS, READ_MESSAGE_HISTORY, SEND_MESSAGES,
    SEND_MESSAGES_IN_THREADS, in_channel, need,
};
use super::super::posting::Origin;
use super::super::state::{Channel, State, Thread, kind};
use super::channels::{check_name, check_tags};
use super::messages::known;
use super::{Answer, Call, Reply, id, nowhere, seen};

pub fn answer(state: &mut State, call: &Call<'_>, steps: &[&str]) -> Answer {
    let channel = seen(state, steps[1])?;
    match (call.method, &steps[2..]) {
        ("POST", ["threads"]) if channel.kind == kind::FORUM => forum_post(state, call, &channel),
        ("POST", ["threads"]) => start(state, call, &channel),
        ("GET", ["threads", "archived", "public"]) => {
            Ok(list_archived(state, &channel, |thread| thread.kind != kind::PRIVATE_THREAD))
        }
        ("GET", ["users", "@me", "threads", "archived", "private"]) => {
            let joined = |one: &Channel| one.thread.as_ref().is_some_and(|thread| thread.members.contains(&state.bot));
            Ok(list_archived(state, &channel, |one| one.kind == kind::PRIVATE_THREAD && joined(one)))
        }
        ("GET", ["thread-members"]) => {
            let thread = channel.thread.as_ref().ok_or_else(wrong_kind)?;
            let member = |user: &Id| objects::thread_member(channel.id, *user, &thread.created);
            Reply::ok(thread.members.iter().map(member).collect())
        }
        (method @ ("PUT" | "DELETE"), ["thread-members", user]) => {
            let user = if *user == "@me" { state.bot } else { id(user)? };
            member(state, &channel, user, method == "PUT")
        }
        _ => Err(nowhere()),
    }
}

/// List Public Archived Threads, List Joined Private Archived Threads: nothing without READ_MESSAGE_HISTORY.
fn list_archived(state: &State, parent: &Channel, is_asked_for: impl Fn(&Channel) -> bool) -> Reply {
    let reads = in_channel(state, state.bot, parent) & READ_MESSAGE_HISTORY != 0;
    let archived = |one: &&Channel| {
        one.parent == Some(parent.id) && !one.deleted && one.thread.as_ref().is_some_and(|thread| thread.archived)
    };
    let mut threads: Vec<&Channel> =
        state.channels.values().filter(archived).filter(|one| reads && is_asked_for(one)).collect();
    threads.sort_by_key(|one| one.thread.as_ref().map(|thread| std::cmp::Reverse(thread.changed.clone())));
    let threads: Vec<Value> = threads.into_iter().map(|one| objects::channel(state, one)).collect();
    Reply { status: 200, body: json!({"threads": threads, "members": [], "has_more": false}) }
}

fn wrong_kind() -> ApiError {
    ApiError::new(400, 50024, "Cannot execute action on this channel type")
}

/// The name, and how long without words until it is archived: 60, 1440, 4320 or 10080 minutes.
fn checked(body: &Value) -> Result<(&str, u64), ApiError> {
    let name = body["name"].as_str().ok_or_else(|| required("name"))?;
    check_name(name)?;
    match body["auto_archive_duration"].as_u64() {
        None => Ok((name, 1440)),
        Some(minutes @ (60 | 1440 | 4320 | 10080)) => Ok((name, minutes)),
        Some(_) => {
            let why = "Value must be one of (60, 1440, 4320, 10080).";
            Err(form("auto_archive_duration", "BASE_TYPE_CHOICES", why))
        }
    }
}

/// Start Thread without Message; private unless said otherwise.
fn start(state: &mut State, call: &Call<'_>, channel: &Channel) -> Answer {
    let (name, minutes) = checked(call.body)?;
    let number = call.body["type"].as_u64().map_or(kind::PRIVATE_THREAD, |number| number as u8);
    let (needed, fits) = match number {
        kind::PRIVATE_THREAD => (CREATE_PRIVATE_THREADS, channel.kind == kind::TEXT),
        kind::PUBLIC_THREAD => (CREATE_PUBLIC_THREADS, channel.kind == kind::TEXT),
        kind::ANNOUNCEMENT_THREAD => (CREATE_PUBLIC_THREADS, channel.kind == kind::ANNOUNCEMENT),
        _ => return Err(form("type", "BASE_TYPE_CHOICES", "Value must be one of (10, 11, 12).")),
    };
    if !fits {
        return Err(wrong_kind());
    }
    need(state, state.bot, channel, needed)?;
    let invitable = call.body["invitable"].as_bool().unwrap_or(true);
    let thread = state.open_thread(None, channel, number, name, state.bot)?;
    if let Some(inside) = state.channels.get_mut(&thread).and_then(|place| place.thread.as_mut()) {
        (inside.auto_archive, inside.invitable) = (minutes, invitable);
    }
    state.emit_thread("THREAD_CREATE", thread);
    shown(state, thread)
}

/// Start Thread from Message: the thread gets the id of the message.
pub fn on_message(state: &mut State, call: &Call<'_>, channel: &Channel, message: &str) -> Answer {
    let (name, _) = checked(call.body)?;
    let number = match channel.kind {
        kind::TEXT => kind::PUBLIC_THREAD,
        kind::ANNOUNCEMENT => kind::ANNOUNCEMENT_THREAD,
        _ => return Err(wrong_kind()),
    };
    need(state, state.bot, channel, CREATE_PUBLIC_THREADS)?;
    let message = known(state, channel, message)?;
    let thread = state.open_thread(Some(message), channel, number, name, state.bot)?;
    state.emit_thread("THREAD_CREATE", thread);
    state.note_thread_start(thread, state.bot);
    state.emit_message("MESSAGE_UPDATE", message);
    shown(state, thread)
}

/// Start Thread in Forum Channel: takes SEND_MESSAGES; the first message has the id of the thread.
fn forum_post(state: &mut State, call: &Call<'_>, forum: &Channel) -> Answer {
    let (name, minutes) = checked(call.body)?;
    need(state, state.bot, forum, SEND_MESSAGES)?;
    if !call.body["message"].is_object() {
        return Err(required("message"));
    }
    let draft = Draft::read(&call.body["message"], call.files, false).map_err(|error| error.under("message"))?;
    let tags: Vec<Id> = call.body["applied_tags"].as_array().into_iter().flatten().filter_map(id_of).collect();
    check_tags(state, Some(forum), &tags)?;
    let thread = state.open_thread(None, forum, kind::PUBLIC_THREAD, name, state.bot)?;
    if let Some(inside) = state.channels.get_mut(&thread).and_then(|place| place.thread.as_mut()) {
        (inside.auto_archive, inside.tags) = (minutes, tags);
    }
    state.emit_thread("THREAD_CREATE", thread);
    let message = state.post(state.bot, thread, &draft, Origin { id: Some(thread), ..Origin::default() })?;
    let mut reply = shown(state, thread)?;
    reply.body["message"] = super::messages::shown(state, message);
    Ok(reply)
}

fn shown(state: &State, thread: Id) -> Answer {
    let channel = state.channel(thread).ok_or_else(|| unknown(10003))?;
    Reply::created(objects::channel(state, channel))
}

/// Add and Remove Thread Member, and Join and Leave Thread.
fn member(state: &mut State, channel: &Channel, user: Id, comes: bool) -> Answer {
    let (thread, guild) = channel.thread.as_ref().zip(channel.guild).ok_or_else(wrong_kind)?;
    if thread.archived {
        return Err(archived());
    }
    if user != state.bot {
        let owns = thread.owner == state.bot && channel.kind == kind::PRIVATE_THREAD;
        let needed = if comes {
            SEND_MESSAGES_IN_THREADS
        } else if owns {
            0
        } else {
            MANAGE_THREADS
        };
        need(state, state.bot, channel, needed)?;
        if comes && !state.guilds.get(&guild).is_some_and(|guild| guild.members.contains_key(&user)) {
            return Err(unknown(10007));
        }
    }
    if comes && thread.members.len() >= 1000 && !thread.members.contains(&user) {
        return Err(ApiError::new(400, 30033, "Maximum number of thread participants has been reached (1000)"));
    }
    state.set_thread_member(channel.id, user, comes, state.bot);
    Reply::nothing()
}

impl State {
    /// Makes a thread without telling anybody yet. `on`: the message it hangs on.
    pub fn open_thread(
        &mut self,
        on: Option<Id>,
        parent: &Channel,
        number: u8,
        name: &str,
        owner: Id,
    ) -> Result<Id, ApiError> {
        if on.is_some_and(|message| self.channels.contains_key(&message)) {
            return Err(ApiError::new(400, 160_004, "A thread has already been created for this message"));
        }
        let active = |one: &&Channel| {
            one.guild == parent.guild && !one.deleted && one.thread.as_ref().is_some_and(|thread| !thread.archived)
        };
        if self.channels.values().filter(active).count() >= self.settings.active_threads {
            return Err(ApiError::new(400, 160_006, "Maximum number of active threads reached"));
        }
        let id = on.unwrap_or_else(|| self.ids.next());
        let thread = Thread {
            owner,
            archived: false,
            locked: false,
            auto_archive: 1440,
            invitable: true,
            members: vec![owner],
            tags: Vec::new(),
            created: now(),
            changed: now(),
        };
        let mut channel = Channel::new(id, number, parent.guild, name);
        (channel.parent, channel.thread) = (Some(parent.id), Some(thread));
        self.channels.insert(id, channel);
        if let Some(message) = on.and_then(|id| self.messages.get_mut(&id)) {
            // Docs, resources/message, Message Flags: HAS_THREAD.
            message.flags |= 1 << 5;
        }
        Ok(id)
    }

    /// Lets somebody into a thread or out of it, and tells the bot. Docs, topics/threads, New Message Types: what
    /// somebody else does is noted in the thread (RECIPIENT_ADD, RECIPIENT_REMOVE).
    pub fn set_thread_member(&mut self, thread: Id, user: Id, comes: bool, by: Id) {
        let Some(inside) = self.channels.get_mut(&thread).and_then(|channel| channel.thread.as_mut()) else { return };
        if inside.members.contains(&user) == comes || !self.users.contains_key(&user) {
            return;
        }
        if comes {
            inside.members.push(user);
            // Docs, topics/threads, Thread Access: THREAD_CREATE also when the bot is added to any thread.
            if user == self.bot {
                let data = self.channel(thread).map(|channel| objects::channel(self, channel));
                self.emit_in(thread, "THREAD_CREATE", intents::GUILDS, json!(data));
            }
            self.emit_thread_members(thread, &[user], &[]);
        } else {
            inside.members.retain(|one| *one != user);
            self.emit_thread_members(thread, &[], &[user]);
        }
        if by != user {
            self.note(thread, by, if comes { 1 } else { 2 }, |note| note.mentions = vec![user]);
        }
    }

    /// Docs, topics/threads, New Message Types: a thread on a message begins with a reference to it.
    pub fn note_thread_start(&mut self, thread: Id, author: Id) {
        let parent = self.channel(thread).and_then(|channel| channel.parent);
        self.note(thread, author, 21, |note| note.reply_to = parent.map(|parent| (parent, thread)));
    }
}
