//! Whether all is as it must be before the bot listens: the token, the groups, the team's group, how updates come.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use teloxide::payloads::{GetChat, GetMe, GetWebhookInfo};
use teloxide::requests::Payload;

use super::reasons::Fault;
use super::spot::Spot;
use super::wire::{Chat, Me, Member, WebhookInfo};
use super::{Telegram, webhook};
use crate::adapters::{Checked, Intake};

/// A shorter secret can be guessed.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 32..=256;
/// How long the bot or the team's group may not be found out about because of something passing.
const TROUBLE_PATIENCE: Duration = Duration::from_secs(10);
/// Updates that wait at Telegram are many above this: a bot that runs takes them within moments.
const MANY_WAITING: u64 = 100;
/// How long to wait before it is looked at again.
const PAUSE: Duration = Duration::from_secs(1);

/// Checks everything; what cannot be checked without what failed is left out.
pub async fn check(telegram: &Telegram, intake: &dyn Intake) -> Checked {
    let mut checked = Checked::default();
    let Some(me) = telegram.meet(&mut checked).await else { return checked };
    telegram.remember_numbers(intake).await;
    for group in &telegram.config.groups {
        telegram.check_group(group.id.0, &me, intake, &mut checked).await;
    }
    telegram.check_desk(&me, intake, &mut checked).await;
    telegram.check_delivery(&mut checked).await;
    checked.ahead = telegram.client.ahead();
    checked
}

impl Telegram {
    async fn meet(&self, checked: &mut Checked) -> Option<Me> {
        match self.patiently::<_, Me>(&GetMe::new(), TROUBLE_PATIENCE).await {
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
        let Ok(chat) = self.chat(written, Duration::ZERO, intake, checked).await else { return };
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
        tell_excess(&member, &format!("in the group \"{name}\" ({written})"), checked);
    }

    /// The team's group: with topics, and with the bot as somebody who may open them
    /// (<https://core.telegram.org/bots/api#createforumtopic>).
    async fn check_desk(&self, me: &Me, intake: &dyn Intake, checked: &mut Checked) {
        let Some(written) = self.config.desk.map(|id| id.0) else { return };
        let chat = match self.chat(written, TROUBLE_PATIENCE, intake, checked).await {
            Ok(chat) => chat,
            Err(fault) if fault.is_passing() => return,
            Err(_) => {
                return checked.fatal(format!("the desk ({written}) cannot be used: no case would reach the team"));
            }
        };
        if !chat.is_forum {
            checked.fatal(format!(
                "the desk ({written}) has no topics, and each case needs one: switch on topics in the settings of the group",
            ));
        }
        match self.member(chat.id, me.id).await {
            Ok(member) if may_open_topics(&member) => {
                tell_excess(&member, &format!("at the desk ({written})"), checked);
            }
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

    /// A chat of bot.toml, under the number that it has now. What is passing is borne for a while.
    async fn chat(
        &self,
        written: i64,
        patience: Duration,
        intake: &dyn Intake,
        checked: &mut Checked,
    ) -> Result<Chat, Fault> {
        let known = self.numbers().now(written);
        let mut chat = self.get_chat_within(known, patience).await;
        if let Some(now) = chat.as_ref().err().and_then(Fault::migrate_to) {
            self.learn(written, now);
            // Whether the bot was there when it happened or not.
            if let Err(error) = intake.take(&self.reader().renumber(&written.to_string(), &now.to_string())).await {
                checked.warn(format!("the new number of the group {written} could not be written down: {error}"));
            }
            chat = self.get_chat_within(now, patience).await;
        }
        let now = self.numbers().now(written);
        if now != written {
            checked.warn(format!("the group {written} goes by the number {now} now: change it in bot.toml"));
        }
        chat.inspect_err(|fault| {
            checked.warn(if fault.is_for_good() {
                format!("there is no group {written}, or the bot is not in it: add it, or change the number")
            } else {
                format!("the group {written} could not be looked at: {fault}")
            });
        })
    }

    async fn get_chat_within(&self, chat: i64, patience: Duration) -> Result<Chat, Fault> {
        self.patiently(&GetChat::new(Spot::chat(chat).recipient()), patience).await
    }

    /// Asks until it is answered or refused; for so long.
    async fn patiently<P, T>(&self, payload: &P, patience: Duration) -> Result<T, Fault>
    where
        P: Payload + Serialize + Sync,
        T: DeserializeOwned,
    {
        let until = Instant::now() + patience;
        loop {
            match self.client.call(payload).await {
                Err(fault) if fault.is_passing() && Instant::now() + PAUSE.max(fault.wait()) < until => {
                    tokio::time::sleep(PAUSE.max(fault.wait())).await;
                }
                answered => return answered,
            }
        }
    }

    /// Looks how updates come, and changes nothing.
    async fn check_delivery(&self, checked: &mut Checked) {
        if let Some((secret, public_url)) = &self.webhook {
            check_secret(secret.expose(), checked);
            match self.address(public_url) {
                Ok(url) => checked.facts.push(format!("Telegram calls {url}")),
                Err(sentence) => checked.fatal(sentence),
            }
        }
        match self.client.call::<_, WebhookInfo>(&GetWebhookInfo::new()).await {
            Ok(info) => self.check_webhook(&info, checked),
            Err(fault) => checked.warn(format!("how updates come could not be found out: {fault}")),
        }
    }

    fn check_webhook(&self, info: &WebhookInfo, checked: &mut Checked) {
        let WebhookInfo { url, pending_update_count: waiting, .. } = info;
        let ours = self.webhook.as_ref().and_then(|(_, public_url)| self.address(public_url).ok());
        match ours {
            None if !url.is_empty() && self.webhook.is_none() => checked.warn(
                "Telegram is set to call a webhook; it is not any more once the bot runs, because bot.toml names no secret for \
                 one",
            ),
            Some(ours) if !url.is_empty() && reqwest::Url::parse(url).as_ref() != Ok(&ours) => checked.warn(format!(
                "Telegram calls {url} at the moment, which is not the address of this bot: another one may run with the \
                 token; when this one runs, {ours} is called",
            )),
            Some(_) | None => {}
        }
        if let (Some(error), true) = (&info.last_error_message, self.webhook.is_some()) {
            let when = info.last_error_date.and_then(|at| Timestamp::from_second(at).ok());
            let when = when.map_or_else(|| "the last time".to_owned(), |at| format!("at {at}"));
            checked.warn(format!("Telegram could not call {url} {when}: {error}"));
        }
        if *waiting > MANY_WAITING {
            checked.warn(format!(
                "{waiting} updates wait at Telegram, which drops them after a day: see whether the bot runs and is reached",
            ));
        }
    }

    /// Where Telegram is to call; otherwise what is wrong with it.
    pub(super) fn address(&self, public_url: &str) -> Result<reqwest::Url, String> {
        let address = format!("{}{}", public_url.trim_end_matches('/'), webhook::path(self));
        reqwest::Url::parse(&address)
            .map_err(|_| format!("Telegram cannot call {address}: `public_url` in bot.toml must be an https address"))
    }
}

/// What every administrator may do, and what the bot does at the desk
/// (<https://core.telegram.org/bots/api#chatmemberadministrator>).
const HARMLESS: &[&str] = &["can_manage_chat", "can_manage_topics"];

/// Rights that the bot never needs would do harm in the hands of whoever gets hold of the token.
fn tell_excess(member: &Member, place: &str, checked: &mut Checked) {
    let excess: Vec<String> = member
        .rights()
        .filter(|right| !HARMLESS.contains(right))
        .map(|right| right.trim_start_matches("can_").replace('_', " "))
        .collect();
    if !excess.is_empty() {
        let excess = excess.join(", ");
        checked.warn(format!("{place} the bot may do more than it needs: {excess}; take that from it"));
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
