//! The team is told when nothing was done with what somebody typed about a case.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::heard::Heard;
use super::reader::Read;
use super::spot::Spot;
use super::{NAME, Telegram, outbound, render};
use crate::adapters::staff::{self, NotDone};
use crate::adapters::{Intake, Taken};
use crate::voice::Platform;

/// How often somebody who is not known is told that they cannot answer here.
const STRANGERS_EVERY: Duration = Duration::from_secs(60);
/// How often a topic is told that files are only named.
const FILES_EVERY: Duration = Duration::from_secs(3600);
/// How many notices are remembered.
const MOST: usize = 1024;

/// What was told lately: whom, where, and until when that holds. Nobody in particular is 0.
#[derive(Debug, Default)]
pub struct Told(Mutex<HashMap<(i64, Spot, NoticeKind), Instant>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum NoticeKind {
    Stranger,
    Files,
}

impl Told {
    /// Whether somebody may be told now; if so, they count as told. Whoever is one of the team always may: what they type is
    /// for a customer who waits for it.
    fn may(&self, user: i64, spot: Spot, why: NotDone) -> bool {
        let (user, kind, every) = match why {
            NotDone::NotAnAgent | NotDone::Anonymous => (user, NoticeKind::Stranger, STRANGERS_EVERY),
            NotDone::OnlyNamed => (0, NoticeKind::Files, FILES_EVERY),
            NotDone::NoSuchCommand
            | NotDone::Unreadable
            | NotDone::NoCase
            | NotDone::Changed
            | NotDone::NotTheirWords => return true,
        };
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, until| *until > Instant::now());
        if told.len() >= MOST || told.contains_key(&(user, spot, kind)) {
            return false;
        }
        told.insert((user, spot, kind), Instant::now() + every);
        true
    }
}

/// What is to be told about an update that was taken in, and where.
fn due(heard: &Heard, read: &Read, taken: &[Taken]) -> Option<(Spot, NotDone)> {
    if taken.contains(&Taken::NoCase) {
        let message = heard.update.as_ref()?.message.as_ref()?;
        return Some((Spot::of(message), NotDone::NoCase));
    }
    // What had come before was told before.
    read.not_done.filter(|_| taken.is_empty() || taken.contains(&Taken::Kept))
}

impl Telegram {
    /// Tells what is to be told about an update that was taken in, without holding up the next one.
    pub(super) fn tell_desk(self: &Arc<Self>, heard: &Heard, read: &Read, taken: &[Taken], intake: &Arc<dyn Intake>) {
        let Some((spot, why)) = due(heard, read, taken) else { return };
        let user = heard.whereabouts().map_or(0, |(_, user)| user.id);
        let answers_bot = self.answers_bot(heard);
        let (telegram, intake) = (Arc::clone(self), Arc::clone(intake));
        tokio::spawn(async move {
            // People of the team talk in topics of their own as well, which are nobody's business.
            let is_due =
                if why == NotDone::NoCase { answers_bot } else { telegram.is_about_case(&*intake, spot).await };
            if is_due {
                telegram.say_not_done(user, spot, why).await;
            }
        });
    }

    /// Whether a message answers one of the bot. In a topic that the bot opened, each does that answers nothing else: it comes
    /// with the message that opened the topic (`reply_to_message` of <https://core.telegram.org/bots/api#message>).
    fn answers_bot(&self, heard: &Heard) -> bool {
        let message = heard.update.as_ref().and_then(|update| update.message.as_ref());
        let answered = message.and_then(|message| message.reply_to_message.as_ref());
        answered.is_some_and(|answered| self.reader().is_me(answered.from.as_ref()))
    }

    async fn is_about_case(&self, intake: &dyn Intake, spot: Spot) -> bool {
        match intake.is_about_case(&self.brand, &Platform::from(NAME), &spot.to_string()).await {
            Ok(is) => is,
            Err(error) => {
                tracing::warn!(brand = %self.brand, %error, "whether a topic is about a case is not known");
                false
            }
        }
    }

    async fn say_not_done(&self, user: i64, spot: Spot, why: NotDone) {
        tracing::info!(brand = %self.brand, ?why, "nothing was done with what was typed at the desk");
        if !self.told.may(user, spot, why) {
            return;
        }
        let message = outbound::message(&render::render(&staff::not_done(why)), spot);
        if let Err(fault) = self.send_message(message).await {
            tracing::warn!(brand = %self.brand, %fault, "nobody at the desk was told that nothing was done");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_of_the_team_is_told_each_time_and_others_once_a_minute() {
        let (told, here, there) = (Told::default(), Spot::chat(-1), Spot { chat: -1, thread: Some(5) });
        assert!((0..3).all(|_| told.may(7, here, NotDone::NoSuchCommand)));
        assert!(told.may(7, here, NotDone::NotAnAgent) && !told.may(7, here, NotDone::NotAnAgent));
        assert!(told.may(8, here, NotDone::NotAnAgent) && told.may(7, there, NotDone::NotAnAgent));
        assert!(told.may(7, here, NotDone::OnlyNamed) && !told.may(8, here, NotDone::OnlyNamed));
        assert!(told.may(8, there, NotDone::OnlyNamed));
    }
}
