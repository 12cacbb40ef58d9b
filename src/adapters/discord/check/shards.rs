//! Whether the bot is heard over as many connections as Discord wants
//! (<https://discord.com/developers/docs/events/gateway#get-gateway-bot>).

use super::Patience;
use crate::adapters::Checked;
use crate::adapters::discord::Discord;
use crate::adapters::discord::rest::Call;
use crate::adapters::discord::wire::GatewayShape;

impl Discord {
    /// Says so when Discord recommends more; that it cannot be asked is found out again by whoever listens.
    pub(super) async fn check_shards(&self, checked: &mut Checked, patience: &Patience) {
        let Ok(shape) = self.look::<GatewayShape>(patience, &Call::get("gateway/bot")).await else { return };
        let configured = self.setup.config.shards;
        if let Some(recommended) = shape.shards.filter(|recommended| *recommended > configured) {
            checked.warn(format!(
                "Discord recommends {recommended} connections for this bot, and `shards` is {configured}; one holds 2,500 servers \
                 at most, and Discord refuses what goes beyond: set shards = {recommended} in [brands.discord], for every process"
            ));
        }
    }
}
