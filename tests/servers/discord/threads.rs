//! What people do with threads and forums.

use super::Discord;
use super::draft::Draft;
use super::ids::{Id, now};
use super::posting::Origin;
use super::state::kind;

impl Discord {
    /// Somebody starts a public thread without a message. Gives the thread.
    pub fn starts_thread(&self, user: Id, channel: Id, name: &str) -> Id {
        self.opens(None, user, channel, kind::PUBLIC_THREAD, name)
    }

    /// Somebody starts a private thread and invites these people; the bot sees it if it is among them or has
    /// MANAGE_THREADS. Gives the thread.
    pub fn starts_private_thread(&self, user: Id, channel: Id, name: &str, invited: &[Id]) -> Id {
        let thread = self.opens(None, user, channel, kind::PRIVATE_THREAD, name);
        for one in invited {
            self.shared.change(|state| state.set_thread_member(thread, *one, true, user));
        }
        thread
    }

    /// Somebody starts a thread on a message; its id is that of the message.
    pub fn starts_thread_on(&self, user: Id, message: Id, name: &str) -> Id {
        let channel = self.message(message).channel;
        let thread = self.opens(Some(message), user, channel, kind::PUBLIC_THREAD, name);
        self.shared.change(|state| {
            state.note_thread_start(thread, user);
            state.emit_message("MESSAGE_UPDATE", message);
        });
        thread
    }

    /// Somebody posts in a forum: THREAD_CREATE, then the first message, which has the id of the thread.
    pub fn posts(&self, user: Id, forum: Id, title: &str, text: &str, tags: &[Id]) -> Id {
        self.shared.change(|state| {
            let parent = state.channel(forum).cloned().expect("an unknown forum");
            assert_eq!(parent.kind, kind::FORUM, "not a forum");
            let thread = state.open_thread(None, &parent, kind::PUBLIC_THREAD, title, user).unwrap();
            state.channels.get_mut(&thread).and_then(|place| place.thread.as_mut()).unwrap().tags = tags.to_vec();
            state.emit_thread("THREAD_CREATE", thread);
            let origin = Origin { id: Some(thread), ..Origin::default() };
            state.post(user, thread, &Draft::text(text), origin).unwrap();
            thread
        })
    }

    fn opens(&self, on: Option<Id>, user: Id, channel: Id, number: u8, name: &str) -> Id {
        self.shared.change(|state| {
            let parent = state.channel(channel).cloned().expect("an unknown channel");
            let thread = state.open_thread(on, &parent, number, name, user).unwrap();
            state.emit_thread("THREAD_CREATE", thread);
            thread
        })
    }

    /// Somebody comes to a thread. THREAD_MEMBERS_UPDATE.
    pub fn joins_thread(&self, user: Id, thread: Id) {
        self.shared.change(|state| state.set_thread_member(thread, user, true, user));
    }

    /// Somebody leaves a thread. THREAD_MEMBERS_UPDATE.
    pub fn leaves_thread(&self, user: Id, thread: Id) {
        self.shared.change(|state| state.set_thread_member(thread, user, false, user));
    }

    /// A moderator, or time, archives and locks a thread, or opens it again. THREAD_UPDATE.
    pub fn set_thread(&self, thread: Id, archived: bool, locked: bool) {
        self.shared.change(|state| {
            let place = state.channels.get_mut(&thread).and_then(|place| place.thread.as_mut());
            let inside = place.expect("an unknown thread");
            (inside.archived, inside.locked, inside.changed) = (archived, locked, now());
            state.emit_thread("THREAD_UPDATE", thread);
        });
    }
}
