//! The guard around what comes in: weigh it, and before it is shed ask whether it must be heard all the same.

use super::{Class, Talk, Why};
use crate::adapters::{NotTaken, UnknownEvent};
use crate::bot::{Bot, figures};
use crate::engine::{Inbound, MustHear, Press};

/// Something at the border that may be shed; none where nothing of the kind ever is.
#[derive(Clone, Copy, Debug)]
pub(in crate::bot) struct AtBorder<'t>(Option<Talk<'t>>);

impl<'t> AtBorder<'t> {
    /// An event.
    pub(in crate::bot) fn event(inbound: &'t Inbound) -> Self {
        Self(Talk::of(inbound))
    }

    /// A button that was pressed.
    pub(in crate::bot) fn press(press: &'t Press) -> Self {
        Self(Talk::press(press))
    }
}

impl Bot {
    /// Something of an unknown kind comes in.
    pub(in crate::bot) fn unknown_at_border<'t>(&self, event: &'t UnknownEvent) -> AtBorder<'t> {
        AtBorder(Some(Talk::unknown(event, self.clock.now())))
    }

    /// Whether something is shed: it is to be acknowledged, and nothing more.
    ///
    /// # Errors
    /// When the store cannot say whether there is a case.
    pub(in crate::bot) async fn sheds(&self, at_border: &AtBorder<'_>) -> Result<bool, NotTaken> {
        let Some(talk) = &at_border.0 else { return Ok(false) };
        let Some(why) = self.guard.weigh(talk, self.clock.now()) else { return Ok(false) };
        if self.must_hear(talk) || self.is_attended(talk).await? {
            return Ok(false);
        }
        figures::shed(talk.brand, talk.platform, if why == Why::Loop { "loop" } else { talk.name() });
        if self.guard.shed(talk, self.clock.now()) {
            let (brand, platform, class) = (talk.brand, talk.platform, talk.name());
            // A number of this process alone, so that the lines about one person can be told from those about another.
            let key = format_args!("{:016x}", self.guard.person(talk)).to_string();
            tracing::warn!(%brand, %platform, class, ?why, key, "more comes in than may: it is neither kept nor answered for now");
        }
        Ok(true)
    }

    /// Something was written down that had not come before.
    pub(in crate::bot) fn let_in(&self, at_border: &AtBorder<'_>) {
        if let Some(talk) = &at_border.0 {
            self.guard.let_in(talk, self.clock.now());
        }
    }

    /// Whether these are words that nothing may hold back.
    fn must_hear(&self, talk: &Talk<'_>) -> bool {
        let words = || self.served(talk.brand)?.must_hear(talk.words?);
        let wish = if talk.asks_for_person { Some(MustHear::Wish) } else { words() };
        let brings_person = match wish {
            None => return false,
            // To others, and not to the bot.
            Some(MustHear::Wish | MustHear::LeaveAlone) if talk.class == Class::Chatter => return false,
            Some(MustHear::Danger | MustHear::Wish) => true,
            Some(MustHear::LeaveAlone) => false,
        };
        let now = self.clock.now();
        let heard = self.guard.hears_wish(talk, now);
        if heard && brings_person {
            self.guard.state().attended.soon(self.guard.conversation(talk), self.guard.place(talk), now);
        }
        heard
    }

    /// Whether the conversation waits for a person or has one.
    async fn is_attended(&self, talk: &Talk<'_>) -> Result<bool, NotTaken> {
        let (guard, now) = (&self.guard, self.clock.now());
        let who = guard.conversation(talk);
        let (known, changes) = {
            let state = guard.state();
            (state.attended.known(who, now), state.attended.changes())
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let is = self.store.is_attended(talk.brand, talk.platform, talk.person, talk.place).await?;
        guard.state().attended.answered(who, guard.place(talk), is, changes, now);
        Ok(is)
    }
}
