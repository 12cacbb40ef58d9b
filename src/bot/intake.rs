//! What comes in from live platforms: written down before it is acknowledged.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::guard::AtBorder;
use super::{Bot, figures};
use crate::adapters::{
    Incoming, Intake, MayBegin, NotTaken, Part, ReadUpTo, SessionBecame, SessionNumber, SessionTerms, Taken,
    UnknownEvent,
};
use crate::engine::{Inbound, OutboxId, Press, To};
use crate::store::{BeginSession, Duty, LastSeen, PressRefused, Pressed, Received, SessionId, StoreError, Unknown};
use crate::voice::{BrandId, Content, Line, Locale, Platform};

impl From<StoreError> for NotTaken {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

#[async_trait]
impl Intake for Bot {
    async fn take(&self, incoming: &Incoming) -> Result<Taken, NotTaken> {
        match incoming {
            Incoming::Event(inbound) => self.event(inbound).await,
            Incoming::Press(press) => self.press(press).await,
            Incoming::Unknown(unknown) => self.keep_unknown(unknown).await,
            Incoming::Renumbered { brand, platform, from, to } => {
                self.store.renumber_place(brand, platform, from, to).await?;
                Ok(Taken::Kept)
            }
        }
    }

    async fn last_seen(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<ReadUpTo>, NotTaken> {
        let seen = self.store.last_seen(brand, platform).await?;
        let read = |seen: LastSeen| ReadUpTo { place: seen.place, kind: seen.kind, message: seen.message };
        Ok(seen.into_iter().map(read).collect())
    }

    async fn is_about_case(&self, brand: &BrandId, platform: &Platform, post: &str) -> Result<bool, NotTaken> {
        let mut at_desk = self.at_desk(brand, platform);
        loop {
            let is = self.store.is_about_case(brand, platform, post).await?;
            if is || !at_desk.looks_again().await? {
                return Ok(is);
            }
        }
    }

    async fn note_progress(&self, brand: &BrandId, id: OutboxId, progress: &str) -> Result<(), NotTaken> {
        Ok(self.store.note_progress(brand, id, progress).await?)
    }

    async fn renumbered(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>, NotTaken> {
        Ok(self.store.renumbered(brand, platform).await?)
    }

    async fn sessions(&self, part: &Part, within: SignedDuration) -> Result<Vec<SignedDuration>, NotTaken> {
        let now = self.clock.now();
        let since = now.saturating_sub(within).unwrap_or(Timestamp::MIN);
        let begun = self.store.sessions_since(&duty(part), since).await?;
        Ok(begun.into_iter().map(|at| now.duration_since(at).max(SignedDuration::ZERO)).collect())
    }

    async fn begin_session(&self, part: &Part, terms: &SessionTerms) -> Result<MayBegin, NotTaken> {
        let SessionTerms { lane, apart, begins_within, in_a_day } = *terms;
        let terms = crate::store::SessionTerms { lane, apart, begins_within, in_a_day };
        let now = self.clock.now();
        Ok(match self.store.begin_session(&duty(part), &terms, now).await? {
            BeginSession::Now(id) => MayBegin::Now(SessionNumber(id.0)),
            BeginSession::NotBefore(until) => MayBegin::After(until.duration_since(now)),
        })
    }

    async fn session_became(&self, part: &Part, number: SessionNumber, became: SessionBecame) -> Result<(), NotTaken> {
        use crate::store::SessionBecame as Kept;
        let became = match became {
            SessionBecame::Begun => Kept::Begun,
            SessionBecame::Failed => Kept::Failed,
            SessionBecame::Nothing => Kept::Nothing,
        };
        Ok(self.store.session_became(&duty(part), SessionId(number.0), became, self.clock.now()).await?)
    }

    fn notice(&self, brand: &BrandId, line: Line, locale: Option<&Locale>) -> Content {
        self.served(brand).map(|served| served.notice(line, locale)).unwrap_or_default()
    }
}

/// The duty of keeping a connection.
fn duty(part: &Part) -> Duty {
    Duty { brand: part.brand.clone(), platform: part.platform.clone(), part: part.part }
}

impl Bot {
    async fn event(&self, inbound: &Inbound) -> Result<Taken, NotTaken> {
        let at_border = AtBorder::event(inbound);
        if self.sheds(&at_border).await? {
            return Ok(Taken::Shed);
        }
        Ok(match self.receive_at_desk(inbound).await? {
            Received::Stored(..) => {
                self.let_in(&at_border);
                Taken::Kept
            }
            Received::NoConversation if matches!(inbound.to, To::Post(_)) => Taken::NoCase,
            Received::Duplicate | Received::Erased | Received::NoConversation => Taken::Known,
        })
    }

    /// Takes in an event; one at a desk may be about a case whose post is on its way.
    async fn receive_at_desk(&self, inbound: &Inbound) -> Result<Received, NotTaken> {
        let is_at_desk = matches!(inbound.to, To::Post(_));
        let mut at_desk = self.at_desk(&inbound.brand, &inbound.platform);
        loop {
            let received = self.receive(inbound).await?;
            let is_lost = is_at_desk && received == Received::NoConversation;
            if !is_lost || !at_desk.looks_again().await? {
                return Ok(received);
            }
        }
    }

    /// Takes in a press. The buttons of agents are under posts, and unknown as long as it is not known where those are.
    async fn press_at_desk(&self, press: &Press) -> Result<Pressed, NotTaken> {
        let mut at_desk = self.at_desk(&press.brand, &press.platform);
        loop {
            let pressed = self.store.press(press, self.clock.now()).await?;
            let is_lost = press.agent.is_some() && pressed == Pressed::Refused(PressRefused::Unknown);
            if !is_lost || !at_desk.looks_again().await? {
                return Ok(pressed);
            }
        }
    }

    async fn press(&self, press: &Press) -> Result<Taken, NotTaken> {
        let at_border = AtBorder::press(press);
        if self.sheds(&at_border).await? {
            return Ok(Taken::Shed);
        }
        Ok(match self.press_at_desk(press).await? {
            Pressed::Taken(..) => {
                self.let_in(&at_border);
                figures::received(&press.brand, &press.platform, "press");
                self.wake(&press.brand);
                Taken::Kept
            }
            Pressed::Duplicate => Taken::Known,
            Pressed::Refused(why) => {
                tracing::info!(brand = %press.brand, platform = %press.platform, ?why, "a button does nothing");
                self.let_in(&at_border);
                figures::press_refused(&press.brand, &press.platform);
                Taken::Refused(match why {
                    PressRefused::NotYours => Line::NotYours,
                    PressRefused::Unknown | PressRefused::Used | PressRefused::Expired => Line::ChoiceExpired,
                })
            }
        })
    }

    async fn keep_unknown(&self, event: &UnknownEvent) -> Result<Taken, NotTaken> {
        let at_border = self.unknown_at_border(event);
        if self.sheds(&at_border).await? {
            return Ok(Taken::Shed);
        }
        tracing::info!(brand = %event.brand, platform = %event.platform, kind = event.kind, "kept an event of an unknown kind");
        let unknown = Unknown {
            brand: event.brand.clone(),
            platform: event.platform.clone(),
            event_id: event.event_id.clone(),
            kind: event.kind.clone(),
            by: event.by.clone(),
            payload: event.payload.clone(),
        };
        self.store.keep_unknown(&unknown, self.clock.now()).await?;
        self.let_in(&at_border);
        figures::received(&event.brand, &event.platform, "unknown");
        Ok(Taken::Kept)
    }
}
