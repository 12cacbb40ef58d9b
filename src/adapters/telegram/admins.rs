//! Who runs the team's group. It is asked of Telegram again after a minute at the latest: a right that was taken away must not
//! live on (threat 6 of the domain notes).

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Deserialize;
use teloxide::payloads::{GetChatAdministrators, GetChatMember};
use teloxide::types::UserId;

use super::Telegram;
use super::heard::Heard;
use super::reasons::Fault;
use super::spot::Spot;
use super::wire::{Member, User};

/// How long an answer of Telegram holds.
const FRESH: Duration = Duration::from_secs(60);
/// How many answers are remembered.
const MOST: usize = 4096;
/// How long to wait between two tries.
const PAUSE: Duration = Duration::from_secs(1);
/// How long an answer is waited for: what others write waits as long.
const AT_MOST: Duration = Duration::from_secs(3);

/// What is known of who runs the team's group.
#[derive(Debug, Default)]
pub struct Admins {
    answers: Mutex<HashMap<i64, (Instant, bool)>>,
    /// Those of whom it was true once: only about them is it worth asking when they write elsewhere.
    ever: Mutex<HashSet<i64>>,
}

#[derive(Deserialize)]
struct Administrator {
    user: User,
}

impl Admins {
    fn fresh(&self, user: i64) -> Option<bool> {
        lock(&self.answers).get(&user).filter(|(at, _)| at.elapsed() < FRESH).map(|(_, is)| *is)
    }

    fn note(&self, user: i64, is: bool) {
        let mut answers = lock(&self.answers);
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(user, (Instant::now(), is));
        if is {
            lock(&self.ever).insert(user);
        }
    }
}

impl Telegram {
    /// Whether whoever caused an update runs the team's group, where that makes them an agent. An administrator who hides
    /// behind the group is nobody in particular.
    pub(super) async fn is_admin(&self, heard: &Heard) -> bool {
        let Some((chat, user)) = heard.whereabouts() else { return false };
        let Some(desk) = self.desk().filter(|_| self.config.admins_are_agents && !chat.is_private()) else {
            return false;
        };
        if user.is_bot || desk != chat.id && !lock(&self.admins.ever).contains(&user.id) {
            return false;
        }
        if let Some(known) = self.admins.fresh(user.id) {
            return known;
        }
        let asked = tokio::time::timeout(AT_MOST, self.ask_for(desk, user.id)).await;
        let Ok(is) = asked else {
            tracing::warn!(brand = %self.brand, "who runs the desk could not be found out in time; they count as not known");
            return false;
        };
        self.admins.note(user.id, is);
        is
    }

    /// Asks until Telegram knows.
    async fn ask_for(&self, desk: i64, user: i64) -> bool {
        loop {
            match self.member(desk, user).await {
                Ok(member) => return member.is_admin(),
                Err(fault) if fault.is_for_good() => return false,
                Err(fault) => tracing::warn!(brand = %self.brand, %fault, "who runs the desk cannot be found out"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Somebody's standing in a chat.
    pub(super) async fn member(&self, chat: i64, user: i64) -> Result<Member, Fault> {
        let user = UserId(u64::try_from(user).unwrap_or_default());
        self.client.call(&GetChatMember::new(Spot::chat(chat).recipient(), user)).await
    }

    /// Learns who runs the team's group, so that they are known where customers are as well.
    pub(super) async fn meet_admins(&self, desk: i64) -> Result<(), Fault> {
        let admins: Vec<Administrator> =
            self.client.call(&GetChatAdministrators::new(Spot::chat(desk).recipient())).await?;
        lock(&self.admins.ever).extend(admins.iter().filter(|admin| !admin.user.is_bot).map(|admin| admin.user.id));
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
