//! The project's own Discord server, tested for itself: with plain requests, with a plain web socket, and with serenity,
//! whose types are the second opinion on every shape.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "servers/discord/mod.rs"]
mod discord;

#[path = "discord_server/commands.rs"]
mod commands;
#[path = "discord_server/gateway.rs"]
mod gateway;
#[path = "discord_server/interactions.rs"]
mod interactions;
#[path = "discord_server/messages.rs"]
mod messages;
#[path = "discord_server/places.rs"]
mod places;
#[path = "discord_server/serenity.rs"]
mod serenity_speaks;
#[path = "discord_server/tools.rs"]
mod tools;
#[path = "discord_server/trouble.rs"]
mod trouble;
