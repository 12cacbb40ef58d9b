//! Discord, played by the tests' own server.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::discord::{
    Discord as Server, Id, MANAGE_THREADS, Message, READ_MESSAGE_HISTORY, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS,
    VIEW_CHANNEL,
};
use super::town::{CaseThread, Desk, Said, Town};

/// What the bot is given on the servers of the tests: exactly what its invite link asks for, as a number of its own, so that
/// a permission more in the link is seen. View Channels, Send Messages, Send Messages in Threads, Create Public Threads,
/// Create Private Threads, Read Message History, Add Reactions.
pub const BOT_MAY: u64 = 377_957_190_720;

/// Customers of one bot, each in private with it, on a server with some channels.
pub struct Discord {
    pub server: Server,
    pub guild: Id,
    pub owner: Id,
    pub agents: Id,
    people: Mutex<BTreeMap<String, Id>>,
}

impl Discord {
    /// A server with one bot on it, one guild, and a role for agents.
    pub fn new() -> Self {
        Self::on_shard((0, 1))
    }

    /// The same, with a guild that a shard hears of: its number, and of how many.
    pub fn on_shard(shard: (u64, u64)) -> Self {
        let server = Server::start();
        server.set_privileged(super::discord::intents::MESSAGE_CONTENT);
        let owner = server.add_user("Olga");
        let guild = server.add_guild_on("Lantern & Loom", owner, shard);
        server.set_role_permissions(guild, server.bot_role(guild), BOT_MAY);
        let agents = server.add_role(guild, "Agents", 0);
        Self { server, guild, owner, agents, people: Mutex::default() }
    }

    /// A person by their name; the same one each time. Whoever was not met yet has joined the guild.
    pub fn person(&self, name: &str) -> Id {
        let mut people = self.people.lock().unwrap();
        *people.entry(name.to_owned()).or_insert_with(|| {
            let user = self.server.add_user(name);
            self.server.set_locale(user, "en-GB");
            self.server.join(self.guild, user, &[]);
            user
        })
    }

    /// The section of bot.toml without a desk.
    pub fn section(&self, token_env: &str) -> String {
        format!(
            "[brands.discord]\ntoken_env = \"{token_env}\"\napi_url = \"{}\"\nservers = [\"{}\"]\nmessage_content = true\n",
            self.server.url(),
            self.guild
        )
    }
}

/// What a reader sees: without the marks that keep it literal.
pub fn shown(content: &str) -> String {
    let mut shown = String::new();
    let mut chars = content.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(|next| !next.is_alphanumeric() && !next.is_whitespace()) => {
                shown.extend(chars.next());
            }
            '\u{200B}' => {}
            c => shown.push(c),
        }
    }
    shown
}

/// The labels of the buttons of a message, of its selects too.
pub fn labels(message: &Message) -> Vec<String> {
    let label = |one: &serde_json::Value| one["label"].as_str().map(str::to_owned);
    let inside = message.components.iter().flat_map(|row| row["components"].as_array().into_iter().flatten());
    let all = inside.flat_map(|one| match one["options"].as_array() {
        Some(options) => options.iter().filter_map(label).collect::<Vec<_>>(),
        None => label(one).into_iter().collect(),
    });
    all.collect()
}

fn said(messages: &[Message]) -> Vec<Said> {
    messages.iter().map(|message| Said { text: shown(&message.content), buttons: labels(message) }).collect()
}

/// Presses what has this label last among these messages.
fn press(server: &Server, user: Id, messages: &[Message], label: &str) {
    let has = |message: &&Message| labels(message).iter().any(|one| one == label);
    let message = messages.iter().rev().find(has).unwrap_or_else(|| panic!("no button {label:?} in {messages:#?}"));
    let is_select = message.components.iter().any(|row| row["components"][0]["type"] == 3);
    if is_select {
        server.select(user, message.id, &[label]);
    } else {
        server.press(user, message.id, label);
    }
}

impl Town for Discord {
    fn platform(&self) -> &'static str {
        "discord"
    }

    /// Only on the spot: nobody finds somebody's first private message in a history.
    fn is_heard(&self) -> bool {
        !self.server.connected_shards().is_empty()
    }

    fn says(&self, who: &str, text: &str) {
        self.server.dm(self.person(who), text);
    }

    fn said(&self, who: &str) -> Vec<Said> {
        said(&self.server.bot_messages(self.server.dm_channel(self.person(who))))
    }

    fn presses(&self, who: &str, label: &str) {
        let person = self.person(who);
        press(&self.server, person, &self.server.bot_messages(self.server.dm_channel(person)), label);
    }

    fn transcript(&self) -> String {
        self.server.everything()
    }
}

/// A channel where the team works: a forum, or a text channel with private threads.
pub struct DiscordDesk {
    server: Server,
    pub channel: Id,
    /// Who may read along without being an agent.
    pub readers: Id,
    role: Id,
    agents: BTreeMap<String, Id>,
}

impl DiscordDesk {
    /// A forum as desk, with two agents, Ana and Ben, by role, and Mia, who may read along and is none.
    pub fn forum(town: &Discord) -> Self {
        let channel = town.server.add_forum(town.guild, "cases", &[]);
        Self::on(town, channel)
    }

    /// A forum as desk where every post has to have one of these tags.
    pub fn forum_with_tags(town: &Discord, tags: &[&str]) -> Self {
        let channel = town.server.add_forum(town.guild, "cases", tags);
        town.server.set_requires_tag(channel, true);
        Self::on(town, channel)
    }

    /// A text channel as desk.
    pub fn text(town: &Discord) -> Self {
        let channel = town.server.add_channel(town.guild, "cases");
        Self::on(town, channel)
    }

    fn on(town: &Discord, channel: Id) -> Self {
        let server = town.server.clone();
        // Nobody but the team and the bot sees it.
        server.overwrite_role(channel, town.guild, 0, VIEW_CHANNEL);
        server.overwrite_role(channel, server.bot_role(town.guild), BOT_MAY, 0);
        let may = VIEW_CHANNEL | SEND_MESSAGES | SEND_MESSAGES_IN_THREADS | READ_MESSAGE_HISTORY | MANAGE_THREADS;
        server.overwrite_role(channel, town.agents, may, 0);
        let readers = server.add_role(town.guild, "Readers", 0);
        server.overwrite_role(channel, readers, may, 0);
        let mut agents = BTreeMap::new();
        for (name, role) in [("Ana", town.agents), ("Ben", town.agents), ("Mia", readers)] {
            let user = server.add_user(name);
            server.join(town.guild, user, &[role]);
            agents.insert(name.to_owned(), user);
        }
        Self { server, channel, readers, role: town.agents, agents }
    }

    /// The lines of bot.toml for it, below a section of Discord.
    pub fn lines(&self) -> String {
        format!("desk = \"{}\"\nagent_roles = [\"{}\"]\n", self.channel, self.role)
    }

    /// One of the team.
    pub fn agent(&self, name: &str) -> Id {
        self.agents[name]
    }
}

impl Desk for DiscordDesk {
    fn cases(&self) -> Vec<CaseThread> {
        let case = |thread: super::discord::Channel| CaseThread {
            id: thread.id.to_string(),
            posts: said(&self.server.bot_messages(thread.id)),
            title: thread.name,
        };
        self.server.threads(self.channel).into_iter().map(case).collect()
    }

    fn says(&self, agent: &str, case: &str, text: &str) {
        self.server.says(self.agent(agent), case.parse().unwrap(), text);
    }

    fn presses(&self, agent: &str, case: &str, label: &str) {
        let messages = self.server.bot_messages(case.parse().unwrap());
        press(&self.server, self.agent(agent), &messages, label);
    }

    fn transcript(&self) -> String {
        self.server.everything()
    }
}
