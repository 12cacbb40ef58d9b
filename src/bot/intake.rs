//! What comes in from live platforms: written down before it is acknowledged.

use async_trait::async_trait;

use super::guard::AtBorder;
use super::{Bot, figures};
use crate::adapters::{Incoming, Intake, NotTaken, Taken, UnknownEvent};
use crate::engine::{Inbound, Press, To};
use crate::store::{PressRefused, Pressed, Received, StoreError, Unknown};
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

    async fn last_seen(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>, NotTaken> {
        let seen = self.store.last_seen(brand, platform).await?;
        Ok(seen.into_iter().map(|seen| (seen.place, seen.message)).collect())
    }

    async fn is_about_case(&self, brand: &BrandId, platform: &Platform, post: &str) -> Result<bool, NotTaken> {
        Ok(self.store.is_about_case(brand, platform, post).await?)
    }

    async fn renumbered(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>, NotTaken> {
        Ok(self.store.renumbered(brand, platform).await?)
    }

    fn notice(&self, brand: &BrandId, line: Line, locale: Option<&Locale>) -> Content {
        self.served(brand).map(|served| served.notice(line, locale)).unwrap_or_default()
    }
}

impl Bot {
    async fn event(&self, inbound: &Inbound) -> Result<Taken, NotTaken> {
        let at_border = AtBorder::event(inbound);
        if self.sheds(&at_border).await? {
            return Ok(Taken::Shed);
        }
        Ok(match self.receive(inbound).await? {
            Received::Stored(..) => {
                self.let_in(&at_border);
                Taken::Kept
            }
            Received::NoConversation if matches!(inbound.to, To::Post(_)) => Taken::NoCase,
            Received::Duplicate | Received::Erased | Received::NoConversation => Taken::Known,
        })
    }

    async fn press(&self, press: &Press) -> Result<Taken, NotTaken> {
        let at_border = AtBorder::press(press);
        if self.sheds(&at_border).await? {
            return Ok(Taken::Shed);
        }
        Ok(match self.store.press(press, self.clock.now()).await? {
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
            brand: &event.brand,
            platform: &event.platform,
            event_id: &event.event_id,
            kind: &event.kind,
            by: event.by.as_deref(),
            payload: &event.payload,
        };
        self.store.keep_unknown(&unknown, self.clock.now()).await?;
        self.let_in(&at_border);
        figures::received(&event.brand, &event.platform, "unknown");
        Ok(Taken::Kept)
    }
}
