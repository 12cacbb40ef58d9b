//! [`Store`]: each call one transaction, or one look.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::Notify;

use super::claim::Exit;
use super::commit::Mine;
use super::load::Found;
use super::{
    Database, Result, busy, buttons, cases, claim, commit, crowd, depths, erase, lines, load, outbox, places, queue,
    read, receive, retention, sessions, state, timers, unknown,
};
use crate::crash;
use crate::engine::{Conversation, ConversationId, Delivery, Inbound, OutboxId, PersonId, Place, Press, Step};
use crate::store::queue::{Depths, PutBack, Unsent};
use crate::store::records::*;
use crate::store::{BeginSession, Duty, SessionBecame, SessionId, SessionTerms, Standing, Store};
use crate::voice::{BrandId, Platform};

#[async_trait]
impl Store for Database {
    async fn receive(&self, inbound: &Inbound, now: Timestamp) -> Result<Received> {
        let mut tx = self.write().await?;
        let received = receive::receive(&mut tx, inbound, now).await?;
        tx.commit().await?;
        Ok(received)
    }

    async fn press(&self, press: &Press, now: Timestamp) -> Result<Pressed> {
        let mut tx = self.write().await?;
        let pressed = buttons::press(&mut tx, press, now).await?;
        tx.commit().await?;
        Ok(pressed)
    }

    async fn keep_unknown(&self, unknown: &Unknown<'_>, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        unknown::keep(&mut tx, unknown, now).await?;
        tx.commit().await
    }

    async fn last_seen(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<LastSeen>> {
        places::last_seen(&mut *self.read().await?, brand, platform).await
    }

    async fn renumber_place(&self, brand: &BrandId, platform: &Platform, from: &str, to: &str) -> Result<()> {
        let mut tx = self.write().await?;
        places::renumber(&mut tx, brand, platform, from, to).await?;
        tx.commit().await
    }

    async fn renumbered(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>> {
        places::renumbered(&mut *self.read().await?, brand, platform).await
    }

    async fn is_about_case(&self, brand: &BrandId, platform: &Platform, post: &str) -> Result<bool> {
        Ok(outbox::of_post(&mut *self.read().await?, brand, platform, post).await?.is_some())
    }

    async fn posts_on_their_way(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<OutboxId>> {
        outbox::posts_on_their_way(&mut *self.read().await?, brand, platform).await
    }

    async fn is_attended(&self, brand: &BrandId, platform: &Platform, user: &str, place: &str) -> Result<bool> {
        crowd::is_attended(&mut *self.read().await?, brand, platform, user, place).await
    }

    async fn waiting_by_brand(&self) -> Result<Vec<(BrandId, u64)>> {
        crowd::waiting(&mut *self.read().await?).await
    }

    async fn waiting(&self, brand: &BrandId, now: Timestamp, limit: u32) -> Result<Vec<Waiting>> {
        self.take_waiting(brand, now, limit).await
    }

    async fn load(&self, brand: &BrandId, inbox: InboxId, now: Timestamp) -> Result<Option<Loaded>> {
        let me = self.me();
        let mine = Mine { brand, id: inbox, me: &me };
        let mut found = load::load(&mut *self.read().await?, &mine, now).await?;
        if matches!(found, Found::NotMine) && self.take_conversation_of(brand, inbox).await? {
            found = load::load(&mut *self.read().await?, &mine, now).await?;
        }
        match found {
            Found::Ready(loaded) => Ok(Some(*loaded)),
            Found::NotMine | Found::Gone => Ok(None),
        }
    }

    async fn commit(&self, loaded: &Loaded, step: &Step, stamp: &Stamp<'_>) -> Result<Committed> {
        let mut tx = self.write().await?;
        let committed = commit::commit(&mut tx, loaded, step, stamp).await?;
        match committed {
            Committed::Done | Committed::Gone => {
                crash::point("writing");
                tx.commit().await?;
            }
            // Dropped, the turn leaves nothing.
            Committed::Conflict => drop(tx),
        }
        Ok(committed)
    }

    async fn skip(&self, brand: &BrandId, inbox: InboxId, why: &str, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        commit::skip(&mut tx, &Mine { brand, id: inbox, me: &self.me() }, why, now).await?;
        tx.commit().await
    }

    async fn stumbled(&self, brand: &BrandId, inbox: InboxId, stumble: &Stumble<'_>) -> Result<Option<Stumbled>> {
        let mut tx = self.write().await?;
        let stumbled = commit::stumbled(&mut tx, &Mine { brand, id: inbox, me: &self.me() }, stumble).await?;
        tx.commit().await?;
        Ok(stumbled)
    }

    async fn fire_due(&self, brand: &BrandId, now: Timestamp) -> Result<u64> {
        if timers::next_due(&mut *self.read().await?, brand).await?.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let mut tx = self.write().await?;
        let fired = timers::fire_due(&mut tx, brand, now).await?;
        tx.commit().await?;
        Ok(fired)
    }

    async fn next_due(&self, brand: &BrandId) -> Result<Option<Timestamp>> {
        timers::next_due(&mut *self.read().await?, brand).await
    }

    async fn begin_serving(&self) -> Result<()> {
        self.join().await
    }

    async fn stay(&self) -> Result<bool> {
        self.stay_now().await
    }

    async fn leave(&self) -> Result<()> {
        self.leave_now().await
    }

    fn standing(&self) -> Standing {
        self.standing_now()
    }

    async fn take_duty(&self, duty: &Duty) -> Result<bool> {
        self.take_duty_now(duty).await
    }

    async fn duties_taken(&self) -> Result<BTreeSet<String>> {
        self.duties_taken_now().await
    }

    async fn give_up_duty(&self, duty: &Duty) -> Result<()> {
        self.give_up_duty_now(duty).await
    }

    async fn begin_session(&self, duty: &Duty, terms: &SessionTerms, now: Timestamp) -> Result<BeginSession> {
        let mut tx = self.write().await?;
        let begin = sessions::begin(&mut tx, duty, terms, now).await?;
        tx.commit().await?;
        Ok(begin)
    }

    async fn session_became(&self, duty: &Duty, id: SessionId, became: SessionBecame, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        sessions::became(&mut tx, duty, id, became, now).await?;
        tx.commit().await
    }

    async fn sessions_since(&self, duty: &Duty, since: Timestamp) -> Result<Vec<Timestamp>> {
        sessions::since(&mut *self.read().await?, duty, since).await
    }

    async fn close(&self) {
        self.close_now().await;
    }

    async fn is_served(&self) -> Result<bool> {
        self.is_served_now().await
    }

    async fn at_work(&self) -> Result<u32> {
        self.at_work_now().await
    }

    fn news(&self) -> Option<Arc<Notify>> {
        self.news_now()
    }

    fn tell_news(&self) {
        self.tell_news_now();
    }

    async fn brands_with_work(&self, now: Timestamp) -> Result<Vec<BrandId>> {
        busy::brands_with_work(&mut *self.read().await?, now).await
    }

    async fn brands_with_timers(&self, now: Timestamp) -> Result<Vec<BrandId>> {
        busy::brands_with_timers(&mut *self.read().await?, now).await
    }

    async fn exits_with_work(&self, now: Timestamp) -> Result<Vec<(BrandId, Platform)>> {
        busy::exits_with_work(&mut *self.read().await?, now).await
    }

    async fn claim(
        &self,
        brand: &BrandId,
        platform: &Platform,
        now: Timestamp,
        at_most: usize,
        resting: &[String],
    ) -> Result<Vec<Delivery>> {
        let of = Exit { brand, platform, resting };
        if !claim::any_to_send(&mut *self.read().await?, &of, now).await? {
            return Ok(Vec::new());
        }
        let mut tx = self.write().await?;
        let claimed = claim::claim(&mut tx, &of, now, at_most, &self.me()).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    async fn put_back_unheard(&self, brand: &BrandId, platform: &Platform, except: &[OutboxId]) -> Result<u64> {
        let mut tx = self.write().await?;
        let back =
            outbox::put_back_unheard(&mut tx, &Exit { brand, platform, resting: &[] }, except, &self.me()).await?;
        tx.commit().await?;
        Ok(back)
    }

    async fn delivered(&self, brand: &BrandId, id: OutboxId, message_id: Option<&str>, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        outbox::delivered(&mut tx, brand, id, message_id, now).await?;
        tx.commit().await
    }

    async fn moved(&self, brand: &BrandId, conversation: ConversationId, to: &Place) -> Result<()> {
        let mut tx = self.write().await?;
        places::move_conversation(&mut tx, brand, conversation, to).await?;
        tx.commit().await
    }

    async fn out_of_date(&self, brand: &BrandId, id: OutboxId, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        outbox::out_of_date(&mut tx, brand, id, now, &self.me()).await?;
        tx.commit().await
    }

    async fn note_progress(&self, brand: &BrandId, id: OutboxId, progress: &str) -> Result<()> {
        let mut tx = self.write().await?;
        outbox::note_progress(&mut tx, brand, id, progress).await?;
        tx.commit().await
    }

    async fn retry(&self, brand: &BrandId, id: OutboxId, retry: &Retry<'_>) -> Result<()> {
        let mut tx = self.write().await?;
        outbox::retry(&mut tx, brand, id, retry, &self.me()).await?;
        tx.commit().await
    }

    async fn failed(&self, brand: &BrandId, id: OutboxId, failed: &Failed<'_>, now: Timestamp) -> Result<()> {
        let mut tx = self.write().await?;
        outbox::failed(&mut tx, brand, id, failed, now, &self.me()).await?;
        tx.commit().await
    }

    async fn unsent(&self, brand: &BrandId) -> Result<Vec<Unsent>> {
        queue::unsent(&mut *self.read().await?, brand).await
    }

    async fn put_back(&self, brand: &BrandId, id: OutboxId, now: Timestamp) -> Result<PutBack> {
        let mut tx = self.write().await?;
        let put_back = queue::put_back(&mut tx, brand, id, now).await?;
        tx.commit().await?;
        Ok(put_back)
    }

    async fn depths(&self) -> Result<Depths> {
        depths::of_all(&mut *self.read().await?).await
    }

    async fn conversations(&self, brand: &BrandId, person: PersonId) -> Result<Vec<ConversationId>> {
        state::conversations_of(&mut *self.read().await?, brand, person).await
    }

    async fn conversation(&self, brand: &BrandId, id: ConversationId) -> Result<Option<Conversation>> {
        state::conversation(&mut *self.read().await?, brand, id).await
    }

    async fn last_why(&self, brand: &BrandId, id: ConversationId) -> Result<Option<Decided>> {
        read::last_why(&mut *self.read().await?, brand, id).await
    }

    async fn transcript(&self, brand: &BrandId, id: ConversationId) -> Result<Vec<Line>> {
        lines::of_conversation(&mut *self.read().await?, brand, id).await
    }

    async fn notes(&self, brand: &BrandId, id: ConversationId) -> Result<Vec<Note>> {
        read::notes(&mut *self.read().await?, brand, id).await
    }

    async fn open_cases(&self, brand: &BrandId) -> Result<Vec<OpenCase>> {
        cases::open(&mut *self.read().await?, brand).await
    }

    async fn facts(&self, brand: &BrandId, from: Timestamp, to: Timestamp) -> Result<Vec<LoggedFact>> {
        read::facts(&mut *self.read().await?, brand, from, to).await
    }

    async fn parked(&self, brand: &BrandId) -> Result<Vec<Parked>> {
        read::parked(&mut *self.read().await?, brand).await
    }

    async fn person(&self, brand: &BrandId, platform: &Platform, user: &str) -> Result<Option<PersonId>> {
        state::person_of(&mut *self.read().await?, brand, platform, user).await
    }

    async fn erase_person(&self, brand: &BrandId, person: PersonId, now: Timestamp) -> Result<Option<Erased>> {
        let mut tx = self.write().await?;
        let erased = erase::erase_person(&mut tx, brand, person, now).await?;
        tx.commit().await?;
        self.forget_for_good().await;
        Ok(erased)
    }

    async fn apply_retention(&self, brand: &BrandId, limits: &[Limit], now: Timestamp) -> Result<Vec<Dropped>> {
        let mut dropped = Vec::new();
        for limit in limits {
            let mut rows = 0;
            // In small bites, so that messages are received in between.
            loop {
                let mut tx = self.write().await?;
                let bite = retention::drop_some(&mut tx, brand, limit, now).await?;
                tx.commit().await?;
                rows += bite;
                if bite == 0 {
                    break;
                }
            }
            dropped.push(Dropped { what: limit.what, rows });
        }
        self.forget_for_good().await;
        Ok(dropped)
    }
}
