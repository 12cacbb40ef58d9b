//! Whether all is as it must be: the token, the intents, the servers, and what the bot may do there; each with what to do
//! about it. All of it is for operators.

mod channels;
pub(super) mod permissions;

use serenity::model::channel::GuildChannel;
use serenity::model::id::UserId;
use serenity::model::permissions::Permissions;

use super::commands::{Offered, registration};
use super::place::View;
use super::rest::{Call, CallError};
use super::send::refusal::reason;
use super::wire::{ApplicationShape, MeShape, MemberShape, ServerShape};
use super::{Discord, NAME};
use crate::adapters::{Checked, Ended, Intake};
use crate::config::{Id, SecretName};
use channels::Server;
use permissions::{NEEDED, names};

/// The message content intent, for bots in more and in fewer servers than need Discord's approval
/// (<https://discord.com/developers/docs/resources/application#application-object-application-flags>).
const MESSAGE_CONTENT: u64 = 1 << 18 | 1 << 19;
/// Where operators see to their bots.
const PORTAL: &str = "https://discord.com/developers/applications";

/// What to do about a token that is not accepted.
pub(super) fn bad_token(variable: &SecretName) -> Ended {
    Ended(format!(
        "Discord does not accept the token in {variable}; make a new one in the Developer Portal ({PORTAL}, Bot, Reset Token) \
         and put it into that environment variable"
    ))
}

/// The address by which the bot is invited, with the least that it needs
/// (<https://discord.com/developers/docs/topics/oauth2#bot-authorization-flow>).
fn invitation(application: u64) -> String {
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands&permissions={}",
        NEEDED.bits()
    )
}

impl Discord {
    pub(super) async fn look_over(&self, intake: &dyn Intake) -> Checked {
        let mut checked = Checked::default();
        let me: MeShape = match self.ask(&Call::get("users/@me")).await {
            Ok(me) => me,
            Err(error) => {
                self.no_account(&mut checked, &error);
                return checked;
            }
        };
        self.meet_myself(me.id.get());
        checked.facts.push(format!("@{}", me.username));
        let application = match self.ask::<ApplicationShape>(&Call::get("applications/@me")).await {
            Ok(application) => application,
            Err(error) => {
                checked.fatal(format!("Discord does not tell about the bot's application: {}", reason(&error)));
                return checked;
            }
        };
        let invitation = invitation(application.id.get());
        checked.facts.push(invitation.clone());
        self.check_intents(&mut checked, &application);
        for server in &self.setup.config.servers {
            self.check_server(&mut checked, *server, me.id, &invitation).await;
        }
        self.check_desk(&mut checked, me.id, &invitation).await;
        self.register(&mut checked, application.id.get(), intake).await;
        checked
    }

    fn no_account(&self, checked: &mut Checked, error: &CallError) {
        match error {
            CallError::Unauthorized => checked.fatal(bad_token(&self.setup.config.token_env).0),
            CallError::Later { .. } | CallError::Refused { .. } | CallError::Unreadable => checked.fatal(format!(
                "Discord cannot be asked at {}: {}; check the network and `api_url`",
                self.setup.config.api_url,
                reason(error)
            )),
        }
    }

    fn check_intents(&self, checked: &mut Checked, application: &ApplicationShape) {
        let may_read = application.flags & MESSAGE_CONTENT != 0;
        let config = &self.setup.config;
        if config.message_content && !may_read {
            checked.fatal(format!(
                "message_content = true, but the bot may not read messages; switch on Message Content Intent in the Developer \
                 Portal ({PORTAL}, Bot), or set message_content = false"
            ));
        }
        let listens = config.channels.values().any(|kind| *kind == crate::config::ChannelKind::Help)
            || !self.setup.voice.silence.help_channels.is_empty();
        if !config.message_content && listens {
            checked.warn(
                "message_content = false, so questions in help channels and forum posts are not heard unless they mention the bot",
            );
        }
        if !config.message_content && config.desk.is_some() {
            checked.warn(
                "message_content = false, so what the team types in the desk is not heard unless it mentions the bot",
            );
        }
    }

    async fn check_server(&self, checked: &mut Checked, server: Id, me: UserId, invitation: &str) {
        let Ok(number) = u64::try_from(server.0) else { return };
        let shape: ServerShape = match self.ask(&Call::get(format!("guilds/{number}"))).await {
            Ok(shape) => shape,
            Err(error) => {
                let why = reason(&error);
                checked.warn(format!("the bot is not in server {number} ({why}); invite it: {invitation}"));
                return;
            }
        };
        self.learn_server(number, &shape);
        let member = self.ask::<MemberShape>(&Call::get(format!("guilds/{number}/members/{me}"))).await;
        let channels = self.ask(&Call::get(format!("guilds/{number}/channels"))).await;
        let (Ok(member), Ok(channels)) = (member, channels) else {
            checked.warn(format!("what the bot may do in {} cannot be found out", shape.name));
            return;
        };
        let found = Server { number, shape: &shape, member: &member, me, channels };
        found.channels.iter().for_each(|channel| self.learn_channel(number, channel));
        self.with_view(|view| found.check(view, checked));
    }

    /// A desk in a server of the brand was looked at with it; one in another server is looked at here.
    async fn check_desk(&self, checked: &mut Checked, me: UserId, invitation: &str) {
        let missing = self.with_view(|view| view.desk().filter(|desk| view.directory.channel(*desk).is_none()));
        let Some(desk) = missing else { return };
        match self.ask::<GuildChannel>(&Call::get(format!("channels/{desk}"))).await {
            Ok(channel) => {
                let server = i64::try_from(channel.guild_id.get()).unwrap_or_default();
                self.check_server(checked, Id(server), me, invitation).await;
            }
            Err(error) => {
                let why = reason(&error);
                checked.fatal(format!(
                    "the bot cannot see the desk {desk} ({why}); check `desk`, and View Channel for the bot in that channel"
                ));
            }
        }
    }

    async fn register(&self, checked: &mut Checked, application: u64, intake: &dyn Intake) {
        let words = |line, locale: Option<&crate::voice::Locale>| intake.notice(&self.setup.brand, line, locale);
        let servers = self.setup.config.servers.iter().map(|server| server.0);
        let mut paths: Vec<(String, Offered)> = servers
            .map(|server| (format!("applications/{application}/guilds/{server}/commands"), Offered::InServer))
            .collect();
        paths.push((format!("applications/{application}/commands"), Offered::InPrivate));
        for (path, offered) in paths {
            let Some(body) = registration(&self.setup.voice, &words, offered) else {
                checked.warn("the voice has no words for the commands, so none are offered");
                return;
            };
            if let Err(error) = self.tell(&Call::put(path, Some(body))).await {
                checked.warn(format!("commands could not be registered: {}", reason(&error)));
            }
        }
        tracing::debug!(brand = %self.setup.brand, platform = NAME, "commands are registered");
    }

    fn meet_myself(&self, me: u64) {
        self.directory.write().unwrap_or_else(std::sync::PoisonError::into_inner).me = Some(me);
    }

    fn learn_server(&self, server: u64, shape: &ServerShape) {
        self.directory.write().unwrap_or_else(std::sync::PoisonError::into_inner).learn_server(server, shape);
    }
}

/// What is missing of what is needed, by Discord's names.
fn missing(needed: Permissions, has: Permissions) -> Option<String> {
    let missing = needed.difference(has);
    (!missing.is_empty()).then(|| names(missing))
}

impl View<'_> {
    /// Whether everybody can read what the team talks about.
    fn desk_is_open(&self, desk: u64) -> bool {
        self.directory.everybody_sees(desk) == Some(true)
    }
}
