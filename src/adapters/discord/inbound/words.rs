//! The words of a message: mentions and emoji as a person reads them
//! (<https://discord.com/developers/docs/reference#message-formatting>).

use super::message::Written;
use crate::adapters::discord::place::{View, shown_name};

/// The longest thing between `<` and `>` that is looked at: an emoji with the longest name.
const LONGEST: usize = 64;

/// The words of a message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// The words, without the mention of the bot.
    pub text: String,
    /// Whether the bot is mentioned.
    pub mentions_bot: bool,
}

/// Something that stands between `<` and `>`.
enum Marked<'t> {
    User(u64),
    Role(u64),
    Channel(u64),
    Emoji(&'t str),
}

impl View<'_> {
    pub(super) fn words(&self, written: &Written<'_>) -> Words {
        // Discord lists whoever is mentioned; what begins with a mention is one on any server that speaks its protocol.
        let begins = marked(written.content.trim_start()).is_some_and(|(first, _)| match first {
            Marked::User(id) => Some(id) == self.directory.me,
            Marked::Role(_) | Marked::Channel(_) | Marked::Emoji(_) => false,
        });
        let mentioned = begins || written.mentions.iter().any(|user| Some(user.id.get()) == self.directory.me);
        let mut words = Words { text: String::new(), mentions_bot: mentioned };
        let mut rest = written.content;
        while let Some((before, from)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
            words.text.push_str(before);
            match marked(from).and_then(|(marked, behind)| Some((self.shown(written, &marked)?, behind))) {
                Some((shown, behind)) => {
                    words.text.push_str(&shown);
                    rest = behind;
                }
                None => {
                    words.text.push('<');
                    rest = from.strip_prefix('<').unwrap_or_default();
                }
            }
        }
        words.text.push_str(rest);
        words.text = words.text.trim().to_owned();
        words
    }

    /// How a mention reads; `None` when nothing is known of it, and it stays as it is.
    fn shown(&self, written: &Written<'_>, marked: &Marked<'_>) -> Option<String> {
        match *marked {
            Marked::User(id) if Some(id) == self.directory.me => Some(String::new()),
            Marked::User(id) => {
                let user = written.mentions.iter().find(|user| user.id.get() == id)?;
                let nick = user.member.as_ref().and_then(|member| member.nick.as_deref());
                Some(format!("@{}", shown_name(user, nick)))
            }
            Marked::Role(id) => self.directory.role_name(written.server?, id).map(|name| format!("@{name}")),
            Marked::Channel(id) => self.directory.channel(id).map(|channel| format!("#{}", channel.name)),
            Marked::Emoji(name) => Some(format!(":{name}:")),
        }
    }
}

/// What a text that begins with `<` marks, and what stands behind it.
fn marked(text: &str) -> Option<(Marked<'_>, &str)> {
    let (inside, behind) = text.strip_prefix('<')?.split_once('>').filter(|(inside, _)| inside.len() <= LONGEST)?;
    let number = |digits: &str| digits.parse::<u64>().ok();
    let marked = if let Some(role) = inside.strip_prefix("@&") {
        Marked::Role(number(role)?)
    } else if let Some(user) = inside.strip_prefix("@!").or_else(|| inside.strip_prefix('@')) {
        Marked::User(number(user)?)
    } else if let Some(channel) = inside.strip_prefix('#') {
        Marked::Channel(number(channel)?)
    } else {
        let (name, id) = inside.strip_prefix("a:").or_else(|| inside.strip_prefix(':'))?.split_once(':')?;
        number(id)?;
        Marked::Emoji(name)
    };
    Some((marked, behind))
}
