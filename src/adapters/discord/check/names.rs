//! Whether what bot.toml names is there: channels, and the roles of the team.

use crate::adapters::Checked;
use crate::adapters::discord::place::View;

impl View<'_> {
    /// Looks for what bot.toml names in the servers, once all of them were looked at.
    pub(super) fn check_names(&self, checked: &mut Checked) {
        let config = &self.setup.config;
        let is_there = |channel: &str| channel.parse().is_ok_and(|id| self.directory.channel(id).is_some());
        for channel in config.channels.keys().filter(|channel| !is_there(channel)) {
            checked.warn(format!("there is no channel {channel} that the bot can see; check it in `channels`"));
        }
        let servers = self.servers();
        let is_there = |role: i64| {
            let role = u64::try_from(role).ok();
            role.is_some_and(|role| self.directory.has_role(&servers, role) != Some(false))
        };
        let unknown: Vec<i64> = config.agent_roles.iter().map(|role| role.0).filter(|role| !is_there(*role)).collect();
        for role in &unknown {
            checked.warn(format!("there is no role {role} in any of the servers; check it in `agent_roles`"));
        }
        let nobody = config.agents.is_empty() && unknown.len() == config.agent_roles.len() && !unknown.is_empty();
        if nobody && config.desk.is_some() {
            checked.fatal(
                "there is a desk, but nobody who may answer: none of the `agent_roles` exists, and `agents` is empty",
            );
        }
    }

    /// Whether whoever has a role is one of the team.
    pub(super) fn is_agent_role(&self, role: u64) -> bool {
        self.setup.config.agent_roles.iter().any(|agents| u64::try_from(agents.0).ok() == Some(role))
    }
}
