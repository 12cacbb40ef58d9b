//! What the bot needs to be allowed, and what it is allowed in a channel
//! (<https://discord.com/developers/docs/topics/permissions>).

use serenity::model::channel::{PermissionOverwrite, PermissionOverwriteType};
use serenity::model::id::UserId;
use serenity::model::permissions::Permissions;

use crate::adapters::discord::wire::{MemberShape, RoleShape, ServerShape};

/// What is needed where customers are, by what for.
pub(super) const FOR_CUSTOMERS: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::ADD_REACTIONS)
    .union(Permissions::SEND_MESSAGES_IN_THREADS);
/// What is needed besides where answers go into threads.
pub(super) const FOR_THREADS: Permissions = Permissions::CREATE_PUBLIC_THREADS;
/// What is needed in a desk that is a forum; to send there is to open posts.
pub(super) const FOR_FORUM_DESK: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::READ_MESSAGE_HISTORY);
/// What is needed in a desk that is a text channel.
pub(super) const FOR_TEXT_DESK: Permissions = FOR_FORUM_DESK.union(Permissions::CREATE_PRIVATE_THREADS);
/// All of it: what the bot is invited with.
pub(super) const NEEDED: Permissions = FOR_CUSTOMERS.union(FOR_THREADS).union(FOR_TEXT_DESK);

/// What would do harm in the hands of whoever gets hold of the token, and is never needed.
pub(super) const NOT_NEEDED: Permissions = Permissions::ADMINISTRATOR
    .union(Permissions::MANAGE_GUILD)
    .union(Permissions::MANAGE_ROLES)
    .union(Permissions::MANAGE_CHANNELS)
    .union(Permissions::BAN_MEMBERS)
    .union(Permissions::KICK_MEMBERS)
    .union(Permissions::MANAGE_WEBHOOKS)
    .union(Permissions::MANAGE_MESSAGES)
    .union(Permissions::MANAGE_NICKNAMES)
    .union(Permissions::MODERATE_MEMBERS)
    .union(Permissions::VIEW_AUDIT_LOG)
    .union(Permissions::MENTION_EVERYONE);
/// A number that is nobody's.
const NOBODY: UserId = UserId::new(1);

/// What a member may do in the server as a whole.
pub(super) fn in_server(server: u64, shape: &ServerShape, member: &MemberShape, user: UserId) -> Permissions {
    if shape.owner_id == Some(user) {
        return Permissions::all();
    }
    let has = |role: &u64| *role == server || member.roles.iter().any(|own| own.get() == *role);
    let roles = shape.roles.iter().filter(|role| has(&role.id.get()));
    roles.fold(Permissions::empty(), |all, role| all.union(role.permissions))
}

/// What a member may do in a channel: what the server gives, changed by what the channel says about everybody, then about
/// their roles taken together, then about them.
pub(super) fn in_channel(
    base: Permissions,
    server: u64,
    member: &MemberShape,
    user: UserId,
    overwrites: &[PermissionOverwrite],
) -> Permissions {
    if base.administrator() {
        return Permissions::all();
    }
    let about = |wanted: &dyn Fn(&PermissionOverwriteType) -> bool| {
        let found = overwrites.iter().filter(|overwrite| wanted(&overwrite.kind));
        found.fold((Permissions::empty(), Permissions::empty()), |(allow, deny), overwrite| {
            (allow.union(overwrite.allow), deny.union(overwrite.deny))
        })
    };
    let everybody = |kind: &PermissionOverwriteType| is_role(kind, |role| role == server);
    let own_roles = |kind: &PermissionOverwriteType| {
        is_role(kind, |role| role != server && member.roles.iter().any(|own| own.get() == role))
    };
    let oneself = |kind: &PermissionOverwriteType| matches!(kind, PermissionOverwriteType::Member(id) if *id == user);
    let layers = [about(&everybody), about(&own_roles), about(&oneself)];
    layers.iter().fold(base, |so_far, (allow, deny)| so_far.difference(*deny).union(*allow))
}

/// What somebody may do in a channel who has one role and no other.
pub(super) fn of_role(
    server: u64,
    shape: &ServerShape,
    role: &RoleShape,
    overwrites: &[PermissionOverwrite],
) -> Permissions {
    let member = MemberShape { roles: vec![role.id] };
    in_channel(in_server(server, shape, &member, NOBODY), server, &member, NOBODY, overwrites)
}

fn is_role(kind: &PermissionOverwriteType, wanted: impl Fn(u64) -> bool) -> bool {
    matches!(kind, PermissionOverwriteType::Role(role) if wanted(role.get()))
}

/// Permissions by the names that Discord shows, parted by commas.
pub(super) fn names(permissions: Permissions) -> String {
    permissions.get_permission_names().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SERVER: u64 = 100;

    fn member(roles: &[&str]) -> MemberShape {
        serde_json::from_value(json!({ "roles": roles })).unwrap()
    }

    fn server(everyone: Permissions, role: Permissions) -> ServerShape {
        serde_json::from_value(json!({
            "name": "s",
            "owner_id": "9",
            "roles": [
                { "id": "100", "name": "@everyone", "permissions": everyone },
                { "id": "200", "name": "bot", "permissions": role },
            ],
        }))
        .unwrap()
    }

    fn overwrite(id: &str, kind: u8, allow: Permissions, deny: Permissions) -> PermissionOverwrite {
        serde_json::from_value(json!({ "id": id, "type": kind, "allow": allow, "deny": deny })).unwrap()
    }

    #[test]
    fn a_channel_speaks_of_everybody_first_then_of_roles_then_of_one() {
        let (view, send) = (Permissions::VIEW_CHANNEL, Permissions::SEND_MESSAGES);
        let (me, nothing) = (UserId::new(7), Permissions::empty());
        let base = in_server(SERVER, &server(view.union(send), nothing), &member(&["200"]), me);
        assert_eq!(base, view.union(send));
        let hidden = overwrite("100", 0, nothing, view);
        let in_it = |overwrites: &[PermissionOverwrite]| in_channel(base, SERVER, &member(&["200"]), me, overwrites);
        assert_eq!(in_it(std::slice::from_ref(&hidden)), send);
        assert_eq!(in_it(&[overwrite("200", 0, view, send), hidden.clone()]), view);
        assert_eq!(in_it(&[overwrite("7", 1, send, view), overwrite("200", 0, view, send), hidden]), send);
        assert_eq!(in_it(&[overwrite("300", 0, nothing, view)]), base, "a role that the bot has not");
    }

    #[test]
    fn a_role_sees_what_everybody_sees_and_what_is_opened_to_it() {
        let (view, nothing) = (Permissions::VIEW_CHANNEL, Permissions::empty());
        let shape = server(view, nothing);
        let [hidden, opened] = [overwrite("100", 0, nothing, view), overwrite("200", 0, view, nothing)];
        let role = &shape.roles[1];
        assert!(of_role(SERVER, &shape, role, &[]).view_channel());
        assert!(!of_role(SERVER, &shape, role, std::slice::from_ref(&hidden)).view_channel());
        assert!(of_role(SERVER, &shape, role, &[hidden, opened]).view_channel());
    }

    #[test]
    fn the_invitation_asks_for_nothing_that_is_not_needed() {
        assert!(NEEDED.intersection(NOT_NEEDED).is_empty());
    }

    #[test]
    fn owners_and_administrators_may_do_everything() {
        let shape = server(Permissions::empty(), Permissions::ADMINISTRATOR);
        assert_eq!(in_server(SERVER, &shape, &member(&[]), UserId::new(9)), Permissions::all());
        let base = in_server(SERVER, &shape, &member(&["200"]), UserId::new(7));
        let closed = overwrite("7", 1, Permissions::empty(), Permissions::all());
        assert_eq!(in_channel(base, SERVER, &member(&["200"]), UserId::new(7), &[closed]), Permissions::all());
    }
}
