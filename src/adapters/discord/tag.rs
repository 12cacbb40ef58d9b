//! Tags of a forum, where a post has to have one.

use serenity::model::channel::{ChannelFlags, GuildChannel};

/// Which tag a post of a forum has to have (<https://discord.com/developers/docs/resources/channel#forum-tag-object>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    /// None has to be there.
    Free,
    /// One has to be there, and this is the first that anybody may apply.
    Required(u64),
    /// One has to be there, and only moderators may apply any.
    OutOfReach,
}

impl Tag {
    pub(super) fn of(channel: &GuildChannel) -> Self {
        if !channel.flags.contains(ChannelFlags::REQUIRE_TAG) {
            return Tag::Free;
        }
        let first = channel.available_tags.iter().find(|tag| !tag.moderated);
        first.map_or(Tag::OutOfReach, |tag| Tag::Required(tag.id.get()))
    }

    /// The tag to apply.
    pub(super) fn to_apply(self) -> Option<u64> {
        match self {
            Tag::Required(tag) => Some(tag),
            Tag::Free | Tag::OutOfReach => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn forum(flags: u64, moderated: &[bool]) -> Tag {
        let tag = |(number, moderated): (u64, &bool)| json!({ "id": (70 + number).to_string(), "name": "t", "moderated": moderated });
        let tags: Vec<_> = (0..).zip(moderated).map(tag).collect();
        let channel = json!({
            "id": "5", "guild_id": "1", "type": 15, "name": "cases", "position": 0, "flags": flags, "available_tags": tags,
        });
        Tag::of(&serde_json::from_value(channel).unwrap())
    }

    #[test]
    fn a_tag_is_applied_where_one_has_to_be_and_never_one_for_moderators() {
        assert_eq!(forum(0, &[false]), Tag::Free);
        assert_eq!(forum(1 << 4, &[true, false, false]), Tag::Required(71));
        assert_eq!(forum(1 << 4, &[true]), Tag::OutOfReach);
        assert_eq!(forum(1 << 4, &[]).to_apply(), None);
    }
}
