//! The emoji that a bot may react with (<https://core.telegram.org/bots/api#reactiontypeemoji>).

use crate::voice::emoji;

const ALLOWED: &str = "\
    👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ \
    🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 \
    🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡";

/// An emoji as Telegram writes it; none when a bot may not react with it.
pub fn allowed(emoji: &str) -> Option<&'static str> {
    ALLOWED.split_whitespace().find(|allowed| emoji::same(allowed, emoji))
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn the_mark_that_asks_for_colour_makes_no_difference() {
        assert_eq!(allowed("❤️"), Some("❤"));
        assert_eq!(allowed("👍"), Some("👍"));
        assert_eq!(allowed("🦀"), None);
        assert_eq!(allowed(""), None);
    }
}
