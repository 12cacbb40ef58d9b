//! Who is what in a chat.

use serde_json::{Value, json};

use super::users::Person;

/// Rights an administrator can have, by their documented names (Bot API, ChatMemberAdministrator).
pub mod rights {
    /// "True, if the user is allowed to create, rename, close, and reopen forum topics; for supergroups only".
    pub const MANAGE_TOPICS: &str = "can_manage_topics";
    /// "True, if the administrator can delete messages of other users".
    pub const DELETE_MESSAGES: &str = "can_delete_messages";
    /// "True, if the user is allowed to pin messages; for groups and supergroups only".
    pub const PIN_MESSAGES: &str = "can_pin_messages";
    /// "True, if the administrator can restrict, ban or unban chat members".
    pub const RESTRICT_MEMBERS: &str = "can_restrict_members";
    /// "True, if the administrator can post messages in the channel, [...]; for channels only".
    pub const POST_MESSAGES: &str = "can_post_messages";
    /// "True, if the user is allowed to change the chat title, photo and other settings".
    pub const CHANGE_INFO: &str = "can_change_info";
    /// "True, if the user is allowed to invite new users to the chat".
    pub const INVITE_USERS: &str = "can_invite_users";
}

const ADMIN_RIGHTS: &[&str] = &[
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_post_messages",
    "can_edit_messages",
    "can_pin_messages",
    "can_manage_topics",
];

const MEMBER_RIGHTS: &[&str] = &[
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
];

/// What somebody is in a chat (Bot API, ChatMember).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// `creator`
    Owner,
    /// `administrator`, with the names of the rights it has; see [`rights`].
    Admin(Vec<&'static str>),
    /// `member`
    Member,
    /// `restricted`: in the chat, but may not write.
    Restricted,
    /// `left`
    Left,
    /// `kicked`
    Kicked,
}

impl Role {
    /// An administrator with these rights.
    pub fn admin(rights: &[&'static str]) -> Self {
        Self::Admin(rights.to_vec())
    }

    pub(super) fn is_present(&self) -> bool {
        !matches!(self, Self::Left | Self::Kicked)
    }

    pub(super) fn is_admin(&self) -> bool {
        matches!(self, Self::Owner | Self::Admin(_))
    }

    pub(super) fn may(&self, right: &str) -> bool {
        match self {
            Self::Owner => true,
            Self::Admin(rights) => rights.contains(&right),
            Self::Member | Self::Restricted | Self::Left | Self::Kicked => false,
        }
    }

    /// The object ChatMember.
    pub(super) fn json(&self, person: &Person) -> Value {
        let mut member = json!({ "user": person.json() });
        match self {
            Self::Owner => {
                member["status"] = json!("creator");
                member["is_anonymous"] = json!(false);
            }
            Self::Admin(given) => {
                member["status"] = json!("administrator");
                member["can_be_edited"] = json!(false);
                member["is_anonymous"] = json!(false);
                for right in ADMIN_RIGHTS {
                    // "Implied by any other administrator privilege" (can_manage_chat).
                    member[*right] = json!(given.contains(right) || *right == "can_manage_chat");
                }
            }
            Self::Member => member["status"] = json!("member"),
            Self::Restricted => {
                member["status"] = json!("restricted");
                member["is_member"] = json!(true);
                member["until_date"] = json!(0);
                for right in MEMBER_RIGHTS {
                    member[*right] = json!(false);
                }
            }
            Self::Left => member["status"] = json!("left"),
            Self::Kicked => {
                member["status"] = json!("kicked");
                member["until_date"] = json!(0);
            }
        }
        member
    }
}
