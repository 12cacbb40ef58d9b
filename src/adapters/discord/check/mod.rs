//! Whether all is as it must be: the token, the intents, the servers, and what the bot may do there; each with what to do
//! about it. All of it is for operators.
//!
//! | file | idea |
//! |---|---|
//! | `patience` | tries while Discord is in trouble |
//! | `permissions` | what is needed, and what is allowed where |
//! | `channels` | servers and their channels |
//! | `desk` | the team's channel |
//! | `shards` | over how many connections the bot is heard |
//! | `names` | whether what bot.toml names is there |

mod channels;
mod desk;
mod names;
pub(super) mod patience;
pub(super) mod permissions;
mod shards;

use serenity::model::channel::GuildChannel;
use serenity::model::id::UserId;
use serenity::model::permissions::Permissions;

use super::Discord;
use super::rest::{Call, CallError};
use super::send::refusal::reason;
use super::wire::{ApplicationShape, MeShape, MemberShape, ServerShape};
use crate::adapters::{Checked, Ended};
use crate::config::{Id, SecretName};
use channels::Server;
use patience::Patience;
use permissions::{NEEDED, names};

/// What looking at a server takes.
struct Look<'a> {
    patience: &'a Patience,
    me: UserId,
    invitation: &'a str,
}

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
    pub(super) async fn look_over(&self) -> Checked {
        let mut checked = Checked::default();
        let patience = Patience::from_now();
        let me: MeShape = match self.look(&patience, &Call::get("users/@me")).await {
            Ok(me) => me,
            Err(error) => {
                self.no_account(&mut checked, &error);
                return checked;
            }
        };
        self.meet_myself(me.id.get());
        checked.facts.push(format!("@{}", me.username));
        let application = self.look::<ApplicationShape>(&patience, &Call::get("applications/@me")).await;
        // An application and its bot have one number, but for those of the first years.
        let number = application.as_ref().map_or(me.id.get(), |application| application.id.get());
        let invitation = invitation(number);
        checked.facts.push(invitation.clone());
        match &application {
            Ok(application) => self.check_intents(&mut checked, application),
            Err(error) => self.not_seen(&mut checked, "the bot's application", error, |why| {
                format!("Discord does not tell about the bot's application: {why}")
            }),
        }
        self.check_shards(&mut checked, &patience).await;
        let look = Look { patience: &patience, me: me.id, invitation: &invitation };
        let mut all_seen = true;
        for server in &self.setup.config.servers {
            all_seen &= self.check_server(&mut checked, *server, &look).await;
        }
        all_seen &= self.check_desk(&mut checked, &look).await;
        if all_seen {
            self.with_view(|view| view.check_names(&mut checked));
        }
        if application.is_ok() {
            self.application.get_or_init(|| number);
        }
        checked.ahead = self.rest.ahead();
        checked
    }

    fn no_account(&self, checked: &mut Checked, error: &CallError) {
        let api_url = &self.setup.config.api_url;
        let why = reason(error);
        checked.fatal(match error {
            CallError::Unauthorized => bad_token(&self.setup.config.token_env).0,
            passing if passing.is_passing() => format!(
                "Discord cannot be asked at {api_url} at the moment: {why}; start again in a few minutes, and check the network \
                 and `api_url` if it stays so"
            ),
            CallError::Later { .. } | CallError::Refused { .. } | CallError::Unreadable => {
                format!("Discord does not tell at {api_url} who the bot is: {why}; check `api_url`")
            }
        });
    }

    /// Something could not be looked at: that is fatal only when Discord says why, and it will not pass.
    fn not_seen(&self, checked: &mut Checked, what: &str, error: &CallError, refused: impl FnOnce(String) -> String) {
        match error {
            CallError::Unauthorized => checked.fatal(bad_token(&self.setup.config.token_env).0),
            passing if passing.is_passing() => {
                checked.warn(format!("{what} could not be looked at: {}", reason(passing)));
            }
            CallError::Later { .. } | CallError::Refused { .. } | CallError::Unreadable => {
                checked.fatal(refused(reason(error)));
            }
        }
    }

    fn check_intents(&self, checked: &mut Checked, application: &ApplicationShape) {
        let may_read = application.flags & MESSAGE_CONTENT != 0;
        let config = &self.setup.config;
        if config.message_content && !may_read {
            checked.fatal(format!(
                "message_content = true, but the bot does not have the Message Content Intent; switch it on in the Developer Portal \
                 ({PORTAL}, Bot, Message Content Intent), or set message_content = false"
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

    /// Looks at a server; whether it could be looked at.
    async fn check_server(&self, checked: &mut Checked, server: Id, look: &Look<'_>) -> bool {
        let Ok(number) = u64::try_from(server.0) else { return false };
        let (patience, me) = (look.patience, look.me);
        let shape: ServerShape = match self.look(patience, &Call::get(format!("guilds/{number}"))).await {
            Ok(shape) => shape,
            Err(error @ CallError::Refused { .. }) if !error.is_passing() => {
                let (why, invitation) = (reason(&error), look.invitation);
                checked.warn(format!("the bot is not in server {number} ({why}); invite it: {invitation}"));
                return false;
            }
            Err(error) => {
                self.not_seen(checked, &format!("server {number}"), &error, |why| why);
                return false;
            }
        };
        self.learn_server(number, &shape);
        let member = self.look::<MemberShape>(patience, &Call::get(format!("guilds/{number}/members/{me}"))).await;
        let channels = self.look(patience, &Call::get(format!("guilds/{number}/channels"))).await;
        let (member, channels) = match (member, channels) {
            (Ok(member), Ok(channels)) => (member, channels),
            (Err(error), _) | (_, Err(error)) => {
                checked.warn(format!(
                    "what the bot may do in {} could not be looked at: {}",
                    shape.name,
                    reason(&error)
                ));
                return false;
            }
        };
        let found = Server { number, shape: &shape, member: &member, me, channels };
        found.channels.iter().for_each(|channel| self.learn_channel(number, channel));
        self.with_view(|view| found.check(view, checked));
        true
    }

    /// A desk in a server of the brand was looked at with it; one in another server is looked at here. Whether it could be.
    async fn check_desk(&self, checked: &mut Checked, look: &Look<'_>) -> bool {
        let missing = self.with_view(|view| view.desk().filter(|desk| view.directory.channel(*desk).is_none()));
        let Some(desk) = missing else { return true };
        match self.look::<GuildChannel>(look.patience, &Call::get(format!("channels/{desk}"))).await {
            Ok(channel) => {
                let server = Id(i64::try_from(channel.guild_id.get()).unwrap_or_default());
                // One of the brand's that could not be looked at was told of already.
                !self.setup.config.servers.contains(&server) && self.check_server(checked, server, look).await
            }
            Err(error) => {
                self.not_seen(checked, &format!("the desk {desk}"), &error, |why| {
                    format!(
                        "the bot cannot see the desk {desk} ({why}); check `desk`, and View Channel for the bot in that channel"
                    )
                });
                false
            }
        }
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
