//! Whether all is as it must be before the bot listens: the token, the groups, the team's group, how updates come.

use serde_json::Value;
use teloxide::payloads::{DeleteWebhook, GetChat, GetMe, GetWebhookInfo, SetWebhook};

use super::reasons::Fault;
use super::spot::Spot;
use super::wire::{Chat, Me, Member, WebhookInfo};
use super::{ALLOWED_UPDATES, Telegram, commands, webhook};
use crate::adapters::{Checked, Intake};

/// How many calls Telegram may make at the same time. It keeps the order within a chat.
const WEBHOOK_CONNECTIONS: u8 = 10;
/// A shorter secret can be guessed.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 32..=256;

/// Checks everything; what cannot be checked without what failed is left out.
pub async fn check(telegram: &Telegram, intake: &dyn Intake) -> Checked {
    let mut checked = Checked::default();
    let Some(me) = telegram.meet(&mut checked).await else { return checked };
    for group in &telegram.config.groups {
        telegram.check_group(group.id.0, &me, intake, &mut checked).await;
    }
    telegram.check_desk(&me, intake, &mut checked).await;
    telegram.check_delivery(&mut checked).await;
    commands::show(telegram, intake, &mut checked).await;
    if checked.problems.iter().all(|problem| !problem.fatal) {
        telegram.link.answered();
    }
    checked
}

impl Telegram {
    async fn meet(&self, checked: &mut Checked) -> Option<Me> {
        match self.client.call::<_, Me>(&GetMe::new()).await {
            Ok(me) => {
                checked.facts.push(format!("{} is https://t.me/{}", me.first_name, me.username));
                self.me.get_or_init(|| me.clone());
                Some(me)
            }
            Err(fault) => {
                self.link.suffered(&fault);
                checked.fatal(self.why_not_met(&fault));
                None
            }
        }
    }

    fn why_not_met(&self, fault: &Fault) -> String {
        let (token, address) = (&self.config.token_env, &self.config.api_url);
        if fault.is_about_token() {
            format!(
                "Telegram does not know the token in {token}: take the one that @BotFather shows under /mybots, API Token"
            )
        } else {
            format!("there is no way to Telegram at {address}: {fault}; see to the network and to `api_url`")
        }
    }

    /// A group of customers. The bot must be in it, and hears all of it only without privacy mode or as an administrator
    /// (<https://core.telegram.org/bots/features#privacy-mode>).
    async fn check_group(&self, written: i64, me: &Me, intake: &dyn Intake, checked: &mut Checked) {
        let Some(chat) = self.chat(written, intake, checked).await else { return };
        let name = chat.title.unwrap_or_default();
        let Ok(member) = self.member(chat.id, me.id).await else { return };
        if matches!(member.status.as_str(), "left" | "kicked") {
            checked.warn(format!("the bot is not in the group \"{name}\" ({written}): add it there"));
        } else if !member.is_admin() && !me.can_read_all_group_messages {
            checked.warn(format!(
                "in the group \"{name}\" ({written}) the bot only hears commands and replies to it, and no questions put to \
                 everybody: switch privacy mode off (@BotFather, /setprivacy, Disable) and add the bot to the group again, or \
                 make it an administrator there",
            ));
        }
    }

    /// The team's group: with topics, and with the bot as somebody who may open them
    /// (<https://core.telegram.org/bots/api#createforumtopic>).
    async fn check_desk(&self, me: &Me, intake: &dyn Intake, checked: &mut Checked) {
        let Some(written) = self.config.desk.map(|id| id.0) else { return };
        let Some(chat) = self.chat(written, intake, checked).await else {
            checked.fatal(format!("the desk ({written}) cannot be used: no case would reach the team"));
            return;
        };
        if !chat.is_forum {
            checked.fatal(format!(
                "the desk ({written}) has no topics, and each case needs one: switch on topics in the settings of the group",
            ));
        }
        match self.member(chat.id, me.id).await {
            Ok(member) if may_open_topics(&member) => {}
            Ok(_) => checked.fatal(format!(
                "the bot may not open topics at the desk ({written}): make it an administrator there that may manage topics",
            )),
            Err(fault) => checked.warn(format!("what the bot may do at the desk ({written}) is not known: {fault}")),
        }
        if self.config.admins_are_agents
            && let Err(fault) = self.meet_admins(chat.id).await
        {
            checked.warn(format!("who administers the desk ({written}) is not known yet: {fault}"));
        }
    }

    /// A chat of bot.toml, under the number that it has now.
    async fn chat(&self, written: i64, intake: &dyn Intake, checked: &mut Checked) -> Option<Chat> {
        let chat = match self.get_chat(written).await {
            Err(fault) if fault.migrate_to().is_some() => {
                let now = fault.migrate_to().unwrap_or(written);
                self.learn(written, now);
                // Whether the bot was there when it happened or not.
                if let Err(error) = intake.take(&self.reader().renumber(&written.to_string(), &now.to_string())).await {
                    checked.warn(format!("the new number of the group {written} could not be written down: {error}"));
                }
                checked.warn(format!("the group {written} goes by the number {now} now: change it in bot.toml"));
                self.get_chat(now).await
            }
            chat => chat,
        };
        match chat {
            Ok(chat) => Some(chat),
            Err(fault) if fault.is_for_good() => {
                checked.warn(format!(
                    "there is no group {written}, or the bot is not in it: add it, or change the number"
                ));
                None
            }
            Err(fault) => {
                checked.warn(format!("the group {written} could not be looked at: {fault}"));
                None
            }
        }
    }

    async fn get_chat(&self, chat: i64) -> Result<Chat, Fault> {
        self.client.call(&GetChat::new(Spot::chat(chat).recipient())).await
    }

    /// Telegram either calls or is asked; while it is set to call, it answers no question
    /// (<https://core.telegram.org/bots/api#getting-updates>).
    async fn check_delivery(&self, checked: &mut Checked) {
        let done = match &self.webhook {
            Some((secret, public_url)) => {
                check_secret(secret.expose(), checked);
                self.be_called(secret.expose(), public_url, checked).await
            }
            None => self.be_asked(checked).await,
        };
        if let Err(fault) = done {
            // Whoever asks finds out soon enough whether Telegram was set to call.
            if self.webhook.is_none() {
                return checked.warn(format!("whether a webhook is in the way could not be found out: {fault}"));
            }
            checked.fatal(format!("how updates come could not be set: {fault}"));
        }
    }

    async fn be_asked(&self, checked: &mut Checked) -> Result<(), Fault> {
        let info: WebhookInfo = self.client.call(&GetWebhookInfo::new()).await?;
        if !info.url.is_empty() {
            // What has not been delivered yet stays.
            self.client.call::<_, Value>(&DeleteWebhook::new()).await?;
            checked.warn(
                "Telegram was set to call a webhook; it is not any more, because bot.toml names no secret for one",
            );
        }
        Ok(())
    }

    async fn be_called(&self, secret: &str, public_url: &str, checked: &mut Checked) -> Result<(), Fault> {
        let address = format!("{}{}", public_url.trim_end_matches('/'), webhook::path(self));
        let Ok(url) = reqwest::Url::parse(&address) else {
            checked.fatal(format!("Telegram cannot call {address}: `public_url` in bot.toml must be an https address"));
            return Ok(());
        };
        let mut set = SetWebhook::new(url);
        set.secret_token = Some(secret.to_owned());
        set.allowed_updates = Some(ALLOWED_UPDATES.to_vec());
        set.max_connections = Some(WEBHOOK_CONNECTIONS);
        self.client.call::<_, Value>(&set).await?;
        let info: WebhookInfo = self.client.call(&GetWebhookInfo::new()).await?;
        if let Some(error) = info.last_error_message {
            checked.warn(format!("Telegram could not call {address} the last time: {error}"));
        }
        checked.facts.push(format!("Telegram calls {address}"));
        Ok(())
    }
}

fn may_open_topics(member: &Member) -> bool {
    member.status == "creator" || member.status == "administrator" && member.can_manage_topics
}

/// 1 to 256 of A-Z, a-z, 0-9, `_` and `-` (<https://core.telegram.org/bots/api#setwebhook>).
fn check_secret(secret: &str, checked: &mut Checked) {
    if !secret.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)) {
        checked.fatal("the secret of the webhook may only hold the letters A to Z, digits, _ and -");
    }
    if !SECRET_CHARS.contains(&secret.len()) {
        checked.warn("the secret of the webhook should have 32 to 256 characters, so that nobody guesses it");
    }
}
