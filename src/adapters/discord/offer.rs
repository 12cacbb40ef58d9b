//! The commands are offered when the bot begins to listen, in each server and in private. To look whether all is well offers
//! nothing.

use serde::de::IgnoredAny;

use super::check::patience::Patience;
use super::commands::{Offered, registration};
use super::rest::Call;
use super::send::refusal::reason;
use super::{Discord, NAME};
use crate::adapters::Intake;
use crate::voice::{Line, Locale};

impl Discord {
    /// Has the commands shown; what goes wrong is told in the log, because the bot works without them.
    pub(super) async fn offer_commands(&self, intake: &dyn Intake) {
        let brand = &self.setup.brand;
        let Some(application) = self.application.get() else {
            tracing::warn!(%brand, platform = NAME, "commands are not offered: the bot's application is not known");
            return;
        };
        let words = |line: Line, locale: Option<&Locale>| intake.notice(brand, line, locale);
        let servers = self.setup.config.servers.iter().map(|server| server.0);
        let mut paths: Vec<(String, Offered)> = servers
            .map(|server| (format!("applications/{application}/guilds/{server}/commands"), Offered::InServer))
            .collect();
        paths.push((format!("applications/{application}/commands"), Offered::InPrivate));
        let patience = Patience::from_now();
        for (path, offered) in paths {
            let Some(body) = registration(&self.setup.voice, &words, offered) else {
                tracing::warn!(%brand, platform = NAME, "the voice has no words for the commands, so none are offered");
                return;
            };
            if let Err(error) = self.look::<IgnoredAny>(&patience, &Call::put(path, Some(body))).await {
                tracing::warn!(%brand, platform = NAME, "commands could not be registered: {}", reason(&error));
            }
        }
        tracing::debug!(%brand, platform = NAME, "commands are registered");
    }
}
