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
    Database, Result, busy, buttons, cases, claim, commit, crowd, depths, erase, lines, load, on, outbox, places,
    queue, read, receive, retention, sessions, state, taken, timers, unknown,
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
        let inbound = inbound.clone();
        self.write(on!(conn => receive::receive(conn, &inbound, now))).await
    }

    async fn press(&self, press: &Press, now: Timestamp) -> Result<Pressed> {
        let press = press.clone();
        self.write(on!(conn => buttons::press(conn, &press, now))).await
    }

    async fn keep_unknown(&self, unknown: &Unknown, now: Timestamp) -> Result<()> {
        let unknown = unknown.clone();
        self.write(on!(conn => unknown::keep(conn, &unknown, now))).await
    }

    async fn last_seen(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<LastSeen>> {
        let (brand, platform) = (brand.clone(), platform.clone());
        self.read(on!(conn => places::last_seen(conn, &brand, &platform))).await
    }

    async fn renumber_place(&self, brand: &BrandId, platform: &Platform, from: &str, to: &str) -> Result<()> {
        let (brand, platform, from, to) = (brand.clone(), platform.clone(), from.to_owned(), to.to_owned());
        self.write(on!(conn => places::renumber(conn, &brand, &platform, &from, &to))).await
    }

    async fn renumbered(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<(String, String)>> {
        let (brand, platform) = (brand.clone(), platform.clone());
        self.read(on!(conn => places::renumbered(conn, &brand, &platform))).await
    }

    async fn is_about_case(&self, brand: &BrandId, platform: &Platform, post: &str) -> Result<bool> {
        let (brand, platform, post) = (brand.clone(), platform.clone(), post.to_owned());
        Ok(self.read(on!(conn => outbox::of_post(conn, &brand, &platform, &post))).await?.is_some())
    }

    async fn posts_on_their_way(&self, brand: &BrandId, platform: &Platform) -> Result<Vec<OutboxId>> {
        let (brand, platform) = (brand.clone(), platform.clone());
        self.read(on!(conn => outbox::posts_on_their_way(conn, &brand, &platform))).await
    }

    async fn is_attended(&self, brand: &BrandId, platform: &Platform, user: &str, place: &str) -> Result<bool> {
        let (brand, platform, user, place) = (brand.clone(), platform.clone(), user.to_owned(), place.to_owned());
        self.read(on!(conn => crowd::is_attended(conn, &brand, &platform, &user, &place))).await
    }

    async fn waiting_by_brand(&self) -> Result<Vec<(BrandId, u64)>> {
        self.read(on!(conn => crowd::waiting(conn))).await
    }

    async fn waiting(&self, brand: &BrandId, now: Timestamp, limit: u32) -> Result<Vec<Waiting>> {
        self.take_waiting(brand, now, limit).await
    }

    async fn let_go(&self, except: &[ConversationId]) -> Result<u64> {
        let (except, me) = (except.to_vec(), self.me());
        self.write(on!(conn => taken::let_go(conn, &except, &me))).await
    }

    async fn load(&self, brand: &BrandId, inbox: InboxId, now: Timestamp) -> Result<Option<Loaded>> {
        let mine = Mine { brand: brand.clone(), id: inbox, me: self.me() };
        let again = mine.clone();
        let mut found = self.read(on!(conn => load::load(conn, &mine, now))).await?;
        if matches!(found, Found::NotMine) && self.take_conversation_of(brand, inbox).await? {
            found = self.read(on!(conn => load::load(conn, &again, now))).await?;
        }
        match found {
            Found::Ready(loaded) => Ok(Some(*loaded)),
            Found::NotMine | Found::Gone => Ok(None),
        }
    }

    async fn commit(&self, loaded: &Loaded, step: &Step, stamp: &Stamp) -> Result<Committed> {
        let (loaded, step, stamp) = (loaded.without_what_was_heard(), step.clone(), stamp.clone());
        let stays = |committed: &Committed| {
            let stays = *committed != Committed::Conflict;
            if stays {
                crash::point("writing");
            }
            stays
        };
        self.write_if(on!(conn => commit::commit(conn, &loaded, &step, &stamp)), stays).await
    }

    async fn skip(&self, brand: &BrandId, inbox: InboxId, why: &str, now: Timestamp) -> Result<()> {
        let (mine, why) = (Mine { brand: brand.clone(), id: inbox, me: self.me() }, why.to_owned());
        self.write(on!(conn => commit::skip(conn, &mine, &why, now))).await
    }

    async fn stumbled(&self, brand: &BrandId, inbox: InboxId, stumble: &Stumble) -> Result<Option<Stumbled>> {
        let (mine, stumble) = (Mine { brand: brand.clone(), id: inbox, me: self.me() }, stumble.clone());
        self.write(on!(conn => commit::stumbled(conn, &mine, &stumble))).await
    }

    async fn fire_due(&self, brand: &BrandId, now: Timestamp) -> Result<u64> {
        if self.next_due(brand).await?.is_none_or(|due| due > now) {
            return Ok(0);
        }
        let brand = brand.clone();
        self.write(on!(conn => timers::fire_due(conn, &brand, now))).await
    }

    async fn next_due(&self, brand: &BrandId) -> Result<Option<Timestamp>> {
        let brand = brand.clone();
        self.read(on!(conn => timers::next_due(conn, &brand))).await
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
        let (duty, terms) = (duty.clone(), *terms);
        self.write(on!(conn => sessions::begin(conn, &duty, &terms, now))).await
    }

    async fn session_became(&self, duty: &Duty, id: SessionId, became: SessionBecame, now: Timestamp) -> Result<()> {
        let duty = duty.clone();
        self.write(on!(conn => sessions::became(conn, &duty, id, became, now))).await
    }

    async fn sessions_since(&self, duty: &Duty, since: Timestamp) -> Result<Vec<Timestamp>> {
        let duty = duty.clone();
        self.read(on!(conn => sessions::since(conn, &duty, since))).await
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
        self.read(on!(conn => busy::brands_with_work(conn, now))).await
    }

    async fn brands_with_timers(&self, now: Timestamp) -> Result<Vec<BrandId>> {
        self.read(on!(conn => busy::brands_with_timers(conn, now))).await
    }

    async fn exits_with_work(&self, now: Timestamp) -> Result<Vec<(BrandId, Platform)>> {
        self.read(on!(conn => busy::exits_with_work(conn, now))).await
    }

    async fn claim(
        &self,
        brand: &BrandId,
        platform: &Platform,
        now: Timestamp,
        at_most: usize,
        resting: &[String],
    ) -> Result<Vec<Delivery>> {
        let of = Exit { brand: brand.clone(), platform: platform.clone(), resting: resting.to_vec() };
        let exit = of.clone();
        if !self.read(on!(conn => claim::any_to_send(conn, &exit, now))).await? {
            return Ok(Vec::new());
        }
        let me = self.me();
        self.write(on!(conn => claim::claim(conn, of, now, at_most, &me))).await
    }

    async fn put_back_unheard(&self, brand: &BrandId, platform: &Platform, except: &[OutboxId]) -> Result<u64> {
        let (brand, platform, except, me) = (brand.clone(), platform.clone(), except.to_vec(), self.me());
        self.write(on!(conn => outbox::put_back_unheard(conn, &brand, &platform, &except, &me))).await
    }

    async fn delivered(&self, brand: &BrandId, id: OutboxId, message_id: Option<&str>, now: Timestamp) -> Result<()> {
        let (brand, message_id) = (brand.clone(), message_id.map(str::to_owned));
        self.write(on!(conn => outbox::delivered(conn, &brand, id, message_id.as_deref(), now))).await
    }

    async fn moved(&self, brand: &BrandId, conversation: ConversationId, to: &Place) -> Result<()> {
        let (brand, to) = (brand.clone(), to.clone());
        self.write(on!(conn => places::move_conversation(conn, &brand, conversation, &to))).await
    }

    async fn out_of_date(&self, brand: &BrandId, id: OutboxId, now: Timestamp) -> Result<()> {
        let (brand, me) = (brand.clone(), self.me());
        self.write(on!(conn => outbox::out_of_date(conn, &brand, id, now, &me))).await
    }

    async fn note_progress(&self, brand: &BrandId, id: OutboxId, progress: &str) -> Result<()> {
        let (brand, progress) = (brand.clone(), progress.to_owned());
        self.write(on!(conn => outbox::note_progress(conn, &brand, id, &progress))).await
    }

    async fn retry(&self, brand: &BrandId, id: OutboxId, retry: &Retry) -> Result<()> {
        let (brand, retry, me) = (brand.clone(), retry.clone(), self.me());
        self.write(on!(conn => outbox::retry(conn, &brand, id, &retry, &me))).await
    }

    async fn failed(&self, brand: &BrandId, id: OutboxId, failed: &Failed, now: Timestamp) -> Result<()> {
        let (brand, failed, me) = (brand.clone(), failed.clone(), self.me());
        self.write(on!(conn => outbox::failed(conn, &brand, id, &failed, now, &me))).await.map(|_| ())
    }

    async fn unsent(&self, brand: &BrandId) -> Result<Vec<Unsent>> {
        let brand = brand.clone();
        self.read(on!(conn => queue::unsent(conn, &brand))).await
    }

    async fn put_back(&self, brand: &BrandId, id: OutboxId, now: Timestamp) -> Result<PutBack> {
        let brand = brand.clone();
        self.write(on!(conn => queue::put_back(conn, &brand, id, now))).await
    }

    async fn depths(&self) -> Result<Depths> {
        self.read(on!(conn => depths::of_all(conn))).await
    }

    async fn conversations(&self, brand: &BrandId, person: PersonId) -> Result<Vec<ConversationId>> {
        let brand = brand.clone();
        self.read(on!(conn => state::conversations_of(conn, &brand, person))).await
    }

    async fn conversation(&self, brand: &BrandId, id: ConversationId) -> Result<Option<Conversation>> {
        let brand = brand.clone();
        self.read(on!(conn => state::conversation(conn, &brand, id))).await
    }

    async fn last_why(&self, brand: &BrandId, id: ConversationId) -> Result<Option<Decided>> {
        let brand = brand.clone();
        self.read(on!(conn => read::last_why(conn, &brand, id))).await
    }

    async fn transcript(&self, brand: &BrandId, id: ConversationId) -> Result<Vec<Line>> {
        let brand = brand.clone();
        self.read(on!(conn => lines::of_conversation(conn, &brand, id))).await
    }

    async fn notes(&self, brand: &BrandId, id: ConversationId) -> Result<Vec<Note>> {
        let brand = brand.clone();
        self.read(on!(conn => read::notes(conn, &brand, id))).await
    }

    async fn open_cases(&self, brand: &BrandId) -> Result<Vec<OpenCase>> {
        let brand = brand.clone();
        self.read(on!(conn => cases::open(conn, &brand))).await
    }

    async fn facts(&self, brand: &BrandId, from: Timestamp, to: Timestamp) -> Result<Vec<LoggedFact>> {
        let brand = brand.clone();
        self.read(on!(conn => read::facts(conn, &brand, from, to))).await
    }

    async fn parked(&self, brand: &BrandId) -> Result<Vec<Parked>> {
        let brand = brand.clone();
        self.read(on!(conn => read::parked(conn, &brand))).await
    }

    async fn person(&self, brand: &BrandId, platform: &Platform, user: &str) -> Result<Option<PersonId>> {
        let (brand, platform, user) = (brand.clone(), platform.clone(), user.to_owned());
        self.read(on!(conn => state::person_of(conn, &brand, &platform, &user))).await
    }

    async fn erase_person(&self, brand: &BrandId, person: PersonId, now: Timestamp) -> Result<Option<Erased>> {
        let brand = brand.clone();
        let erased = self.write(on!(conn => erase::erase_person(conn, &brand, person, now))).await?;
        self.forget_for_good().await;
        Ok(erased)
    }

    async fn apply_retention(&self, brand: &BrandId, limits: &[Limit], now: Timestamp) -> Result<Vec<Dropped>> {
        let mut dropped = Vec::new();
        for limit in limits {
            let mut rows = 0;
            // In small bites, so that messages are received in between.
            loop {
                let (brand, limit) = (brand.clone(), *limit);
                let bite = self.write(on!(conn => retention::drop_some(conn, &brand, &limit, now))).await?;
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
