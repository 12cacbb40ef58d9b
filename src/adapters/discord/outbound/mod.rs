//! Deliveries become Discord's.
//!
//! | file | idea |
//! |---|---|
//! | `request` | what Discord is asked, as data |
//! | `message` | the bodies of messages, in parts that are short enough |
//! | `buttons` | choices and links under a message |

pub(super) mod buttons;
pub(super) mod message;
pub(super) mod request;
#[cfg(test)]
pub(super) mod tests;

use super::NAME;
use super::directory::Class;
use super::markup::line;
use super::place::View;
use super::rest::Call;
use super::via::Via;
use crate::adapters::staff;
use crate::engine::{Body, Delivery, Outgoing, StaffPost};
use message::Shape;
use request::{Home, Part, Request, Way};

/// The longest name of a thread (<https://discord.com/developers/docs/resources/channel#channel-object>).
const LONGEST_NAME: usize = 100;

impl View<'_> {
    /// Makes a delivery theirs.
    pub(super) fn outbound(&self, delivery: &Delivery) -> Request {
        let (way, parts) = match &delivery.body {
            Body::Send(outgoing) => (self.way(delivery, outgoing), self.said(delivery, outgoing)),
            Body::React { message_id, emoji } => (reaction(&delivery.place.id, message_id, emoji), Vec::new()),
            Body::Staff(post) if staff::is_there(post, NAME) => (Way::Nowhere, Vec::new()),
            Body::Staff(post) => (self.to_desk(delivery, post), posted(delivery, post)),
        };
        Request { id: delivery.id, unsure: delivery.unsure, decided_at: delivery.decided_at, way, parts }
    }

    fn way(&self, delivery: &Delivery, outgoing: &Outgoing) -> Way {
        let place = &delivery.place;
        let home = match place.id.contains('/') {
            true => Home::Private(delivery.recipient.id.clone()),
            false => Home::Channel(place.id.clone()),
        };
        if let Some(via) = delivery.via.as_deref().and_then(Via::read) {
            return Way::FollowUp { via, otherwise: home };
        }
        match &outgoing.replies_to {
            Some(message) if outgoing.in_thread && self.can_begin_thread(&place.id) => Way::Thread {
                channel: place.id.clone(),
                message: message.clone(),
                name: thread_name(delivery),
                place: place.clone(),
                customer: delivery.recipient.id.clone(),
            },
            _ => Way::To(home),
        }
    }

    /// Whether a thread can begin in a place: it is not one already.
    fn can_begin_thread(&self, place: &str) -> bool {
        let known = place.parse().ok().and_then(|id| self.directory.channel(id));
        known.is_some_and(|channel| matches!(channel.class, Class::Text | Class::Announcements))
    }

    fn said(&self, delivery: &Delivery, outgoing: &Outgoing) -> Vec<Part> {
        let way_home = outgoing.private_way.as_ref().zip(self.directory.me);
        let components = buttons::under(outgoing, &delivery.buttons, way_home);
        let in_public = delivery.place.kind.is_public();
        let replies_to = outgoing.replies_to.as_deref().filter(|_| in_public);
        let mentions = replies_to.map(|_| delivery.recipient.id.as_str());
        let replies_to = replies_to.map(|message| (delivery.place.id.as_str(), message));
        let shape = Shape { nonce: delivery.id, replies_to, mentions };
        message::parts(&outgoing.content, &components, &shape)
    }

    fn to_desk(&self, delivery: &Delivery, post: &StaffPost) -> Way {
        let Some(desk) = self.desk() else { return Way::Nowhere };
        let known = self.directory.channel(desk);
        let forum = known.is_some_and(|channel| channel.class == Class::Forum);
        let tag = known.and_then(|channel| channel.tag.to_apply());
        let standing = matches!(post, StaffPost::CameTooLate(_)) && delivery.thread.is_none();
        let name = match (post, post.case()) {
            (StaffPost::Packet(packet), _) => staff::title(packet),
            (StaffPost::CameTooLate(_), _) => staff::NOT_POSTED.to_owned(),
            (_, case) => case.map(|case| case.to_string()).unwrap_or_default(),
        };
        let name = Some(line(&name, LONGEST_NAME)).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| delivery.conversation.0.to_string());
        Way::Desk { desk, forum, tag, thread: delivery.thread.clone(), name, standing }
    }
}

fn posted(delivery: &Delivery, post: &StaffPost) -> Vec<Part> {
    let components = buttons::for_team(post.buttons(), &delivery.buttons);
    let shape = Shape { nonce: delivery.id, replies_to: None, mentions: None };
    message::parts(&staff::content(post), &components, &shape)
}

/// What a thread for one customer is called: like them, or like the place.
fn thread_name(delivery: &Delivery) -> String {
    let names = [&delivery.recipient.name, &delivery.place.name, &delivery.recipient.id];
    names.into_iter().map(|name| line(name, LONGEST_NAME)).find(|name| !name.is_empty()).unwrap_or_default()
}

/// A reaction (<https://discord.com/developers/docs/resources/message#create-reaction>). Nobody else sees what was typed
/// behind a command: there is nothing to react to.
fn reaction(place: &str, message: &str, emoji: &str) -> Way {
    if place.contains('/') {
        return Way::Nowhere;
    }
    let encoded: String = emoji.bytes().map(|byte| format!("%{byte:02X}")).collect();
    Way::React(Call::put(format!("channels/{place}/messages/{message}/reactions/{encoded}/@me"), None))
}
