//! What is changed at Telegram when the bot begins to listen, and not before: how updates come, and the list of commands. To
//! check a bot changes nothing about the one that runs.

use serde_json::Value;
use teloxide::payloads::{DeleteWebhook, GetWebhookInfo, SetWebhook};

use super::reasons::Fault;
use super::wire::WebhookInfo;
use super::{ALLOWED_UPDATES, NAME, Telegram, commands};
use crate::adapters::{Ended, Intake};
use crate::config::Secret;
use crate::voice::Platform;

/// How many calls Telegram may make at the same time. It keeps the order within a chat.
const WEBHOOK_CONNECTIONS: u8 = 10;
/// How often Telegram is asked to let go of a webhook before the bot asks for updates all the same.
const TRIES: u32 = 3;
/// How long to wait between two tries.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(2);

impl Telegram {
    /// Remembers which groups go by other numbers than in bot.toml.
    pub(super) async fn remember_numbers(&self, intake: &dyn Intake) {
        match intake.renumbered(&self.brand, &Platform::from(NAME)).await {
            Ok(all) => {
                for (from, to) in all {
                    // Topics that were opened again stand there as well: they are no groups.
                    if let (Ok(from), Ok(to)) = (from.parse(), to.parse()) {
                        self.learn(from, to);
                    }
                }
            }
            Err(error) => tracing::warn!(brand = %self.brand, %error, "new numbers of groups could not be looked up"),
        }
    }

    /// Telegram either calls or is asked; while it is set to call, it answers no question
    /// (<https://core.telegram.org/bots/api#getting-updates>). Goes on until it is set as it must be.
    pub(super) async fn begin(&self) -> Result<(), Ended> {
        let mut tries = 0;
        loop {
            let done = match &self.webhook {
                Some((secret, public_url)) => self.be_called(secret, public_url).await,
                None => self.be_asked().await,
            };
            let Err(fault) = done else { return Ok(()) };
            self.link.suffered(&fault);
            tracing::warn!(brand = %self.brand, %fault, "how updates come could not be set");
            tries += 1;
            // Whoever asks finds out soon enough whether Telegram is set to call.
            if self.webhook.is_none() && (tries >= TRIES || !fault.is_passing()) {
                return Ok(());
            }
            if !fault.is_passing() {
                return Err(Ended(format!("how updates come could not be set: {fault}")));
            }
            tokio::time::sleep(PAUSE.max(fault.wait())).await;
        }
    }

    /// Has the commands shown.
    pub(super) async fn show_commands(&self, intake: &dyn Intake) {
        if let Err(fault) = commands::show(self, intake).await {
            tracing::warn!(brand = %self.brand, %fault, "the commands could not be put into Telegram's list");
        }
    }

    async fn be_asked(&self) -> Result<(), Fault> {
        let info: WebhookInfo = self.client.call(&GetWebhookInfo::new()).await?;
        if !info.url.is_empty() {
            // What has not been delivered yet stays.
            self.client.call::<_, Value>(&DeleteWebhook::new()).await?;
            tracing::warn!(brand = %self.brand, "Telegram was set to call a webhook, and is not any more");
        }
        Ok(())
    }

    async fn be_called(&self, secret: &Secret, public_url: &str) -> Result<(), Fault> {
        let Ok(url) = self.address(public_url) else { return Ok(()) };
        let mut set = SetWebhook::new(url);
        set.secret_token = Some(secret.expose().to_owned());
        set.allowed_updates = Some(ALLOWED_UPDATES.to_vec());
        set.max_connections = Some(WEBHOOK_CONNECTIONS);
        self.client.call::<_, Value>(&set).await?;
        self.link.answered();
        Ok(())
    }
}
