//! What Telegram sends becomes ours, what is ours becomes Telegram's.

mod beginning;
mod ground;
mod inbound;
mod live;
mod losing;
mod noticing;
mod outbound;
mod rendering;
mod server;
mod trouble;
