//! A bot with two brands that share every number, on a real store, and a platform that does as it is told.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use housevoice::adapters::{Incoming, Intake, Taken};
use housevoice::bot::{Bot, ManualClock, Served};
use housevoice::engine::*;
use housevoice::store::{Received, Store};
use housevoice::voice::BrandId;
use jiff::{SignedDuration, Timestamp};

use super::common::{SHOP, STUDIO};
use super::ledger::{self, Address, Asked, Ledger, Platform, Shared, Stepped, Watch, number_of};
use super::ops::{Answer, Deed, Epoch, From, Hand, Happens, Meant, Op};
use super::promises::{self, News, Verdict};
use super::seen::{Seen, What};
use super::stores::{Kind, Stores, fresh};
use super::support::{console, start};

/// The two brands: real voices, with numbers, places and people in common.
pub const BRANDS: [&str; 2] = ["lantern-loom", "pocket-comet"];

pub fn brand_id(brand: usize) -> BrandId {
    BrandId::from(BRANDS[brand])
}

pub fn brand(brand: usize) -> &'static Brand {
    [&*SHOP, &*STUDIO][brand]
}

/// Something that came in and was accepted, so that it can come again.
#[derive(Clone)]
enum Came {
    Event(Inbound),
    Press(Press),
}

/// A run.
pub struct World<'s> {
    stores: Box<dyn Stores>,
    pub store: Arc<dyn Store>,
    bot: Bot,
    clock: Arc<ManualClock>,
    pub now: Timestamp,
    pub ledger: Shared,
    pub seen: &'s Seen,
    came: Vec<Came>,
    numbers: [u64; 2],
    checked: (usize, usize),
}

fn wake(store: &Arc<dyn Store>, ledger: &Shared, now: Timestamp) -> (Bot, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(now));
    let mut bot = Bot::new(Arc::clone(store), Arc::clone(&clock) as _);
    for of in 0..BRANDS.len() {
        let platform = Arc::new(Platform { brand: of, ledger: Arc::clone(ledger) });
        bot = bot.on(brand_id(of), console(), platform as _);
        let mind = brand(of);
        bot.serve(Served::stepping(brand_id(of), "v1", move |conversation, event, scene| {
            step(mind, conversation, event, scene)
        }));
    }
    let watch = Watch { ledger: Arc::clone(ledger), clock: Arc::clone(&clock) };
    (bot.observed_by(Arc::new(watch)), clock)
}

impl<'s> World<'s> {
    pub async fn new(kind: Kind, seen: &'s Seen) -> Self {
        let stores = fresh(kind).await;
        let (store, now, ledger) = (stores.open().await, start(), Arc::new(Mutex::new(Ledger::default())));
        let (bot, clock) = wake(&store, &ledger, now);
        Self { stores, store, bot, clock, now, ledger, seen, came: Vec::new(), numbers: [0, 0], checked: (0, 0) }
    }

    /// Does one thing, and checks every promise after it.
    pub async fn happens(&mut self, what: &Happens) -> Verdict {
        self.happen(&what.op).await?;
        self.check().await?;
        if what.work {
            self.work().await?;
        }
        Ok(())
    }

    async fn happen(&mut self, op: &Op) -> Verdict {
        match op {
            Op::Say(from, meant) => {
                let said = self.message(*from, *meant);
                self.comes(said, 1).await
            }
            Op::SaidLate(from, meant) => {
                let mut said = self.message(*from, *meant);
                said.at -= SignedDuration::from_mins(15);
                if let Event::Message(message) = &mut said.event {
                    message.at = said.at;
                }
                self.comes(said, 1).await
            }
            Op::Edit(back, meant) => match self.edit(*back, *meant) {
                Some(edit) => self.comes(edit, 1).await,
                None => Ok(()),
            },
            Op::Delete(back) => match self.delete(*back) {
                Some(delete) => self.comes(delete, 1).await,
                None => Ok(()),
            },
            Op::Use(from, command) => {
                let used = self.event(*from, Event::Command(*command));
                self.comes(used, 1).await
            }
            Op::Batch { from, meant, edit, delete, order } => self.batch(*from, meant, *edit, *delete, order).await,
            Op::Act { case, agent, deed } => self.act(*case, *agent, *deed).await,
            Op::ActAcross { case, deed } => self.act_across(*case, *deed).await,
            Op::Race { case } => self.race(*case).await,
            Op::Press { button, agent, hand } => self.press(*button, *agent, *hand).await,
            Op::Pass(seconds) => {
                self.goes_on_to(self.now + SignedDuration::from_secs(*seconds));
                Ok(())
            }
            Op::Fire { back } => {
                if let Some(next) = self.next_due().await {
                    self.goes_on_to(self.now.max(next));
                    for of in 0..BRANDS.len() {
                        self.store.fire_due(&brand_id(of), self.now).await.unwrap();
                    }
                    self.goes_on_to(self.now - SignedDuration::from_secs(*back));
                }
                Ok(())
            }
            Op::Again { back, times } => self.again(*back, *times).await,
            Op::Platform(answers) => {
                self.ledger.lock().unwrap().answers = answers.clone().into();
                Ok(())
            }
            Op::HandleOne => {
                for of in 0..BRANDS.len() {
                    if let Some(first) = self.store.waiting(&brand_id(of), self.now, 1).await.unwrap().first() {
                        self.bot.handle(&brand_id(of), first.inbox).await.unwrap();
                        break;
                    }
                }
                Ok(())
            }
            Op::Crash { on_their_way } => self.crash(*on_their_way).await,
            Op::Erase { brand, who } => self.erase(*brand, *who).await,
        }
    }

    /// Everything that can be done now.
    pub async fn work(&mut self) -> Verdict {
        self.bot.drain_until_idle().await.unwrap();
        self.check().await?;
        promises::safety_has_left(&self.ledger.lock().unwrap())?;
        promises::what_was_due_is_over(&self.ledger.lock().unwrap(), self.now)
    }

    async fn check(&mut self) -> Verdict {
        self.check_what_is_new()?;
        promises::every_deadline_is_stored(self).await?;
        promises::the_store_names_the_same_owner(self).await
    }

    fn check_what_is_new(&mut self) -> Verdict {
        let ledger = self.ledger.lock().unwrap();
        let (steps, asked) = self.checked;
        let all = (ledger.steps.len(), ledger.asked.len());
        self.checked = all;
        promises::check(&News { ledger: &ledger, seen: self.seen, steps: steps..all.0, asked: asked..all.1 })
    }

    /// Nothing happens any more but time, on a platform that takes everything.
    pub async fn end(&mut self) -> Verdict {
        self.ledger.lock().unwrap().answers.clear();
        self.work().await?;
        for _ in 0..4 {
            self.goes_on_to(self.now + SignedDuration::from_secs(61));
            self.work().await?;
        }
        let open = self.ledger.lock().unwrap().live.values().filter(|c| c.case().is_some()).count();
        (0..open).for_each(|_| self.seen.saw(What::LeftOpen));
        for _ in 0..400 {
            let Some(next) = self.next_due().await else { break };
            self.goes_on_to(self.now.max(next));
            self.work().await?;
        }
        let overtaken = self.ledger.lock().unwrap().overtaken;
        (0..overtaken).for_each(|_| self.seen.saw(What::Overtaken));
        promises::at_the_end(self).await
    }

    fn goes_on_to(&mut self, now: Timestamp) {
        self.now = now;
        self.clock.set(now);
    }

    async fn next_due(&self) -> Option<Timestamp> {
        let mut next: Option<Timestamp> = None;
        for of in 0..BRANDS.len() {
            next = next.into_iter().chain(self.store.next_due(&brand_id(of)).await.unwrap()).min();
        }
        next
    }

    // ── what comes in ──

    fn number(&mut self, brand: usize) -> u64 {
        self.numbers[brand] += 1;
        self.numbers[brand]
    }

    fn place(from: From) -> Place {
        match from.place {
            PlaceKind::Direct => Place { id: format!("u{}", from.who), kind: PlaceKind::Direct, name: String::new() },
            kind => Place { id: format!("c-{kind:?}"), kind, name: "somewhere".into() },
        }
    }

    fn event(&mut self, from: From, event: Event) -> Inbound {
        let number = self.number(from.brand);
        let sender = Sender { id: format!("u{}", from.who), name: name_of(from.brand, from.who), locale: None };
        Inbound {
            brand: brand_id(from.brand),
            platform: console(),
            event_id: format!("e{number}"),
            at: self.now,
            to: To::Customer { sender, place: Self::place(from), via: None },
            event,
        }
    }

    fn message(&mut self, from: From, meant: Meant) -> Inbound {
        let id = (self.numbers[from.brand] + 1).to_string();
        let attachments = match meant {
            Meant::Picture => vec![Attachment { kind: "photo".into(), name: String::new(), url: None }],
            _ => Vec::new(),
        };
        let text = meant.words(from.brand).to_owned();
        let message = Message { id, at: self.now, text, mentions_bot: from.mention, attachments, ..Message::default() };
        let inbound = self.event(from, Event::Message(message.clone()));
        self.means(&inbound, from, meant);
        inbound
    }

    /// Notes what a message means, before its conversation is known.
    fn means(&mut self, inbound: &Inbound, from: From, meant: Meant) {
        let Some(id) = inbound.event.message_id() else { return };
        let message =
            ledger::Message { meant, place: from.place, mention: from.mention, conversation: ConversationId(0) };
        self.ledger.lock().unwrap().messages.insert((inbound.brand.clone(), id.to_owned()), message);
    }

    /// A message that was accepted, counted from the last one.
    fn earlier(&self, back: usize) -> Option<(Inbound, Message)> {
        let messages = self.came.iter().filter_map(|came| match came {
            Came::Event(inbound @ Inbound { event: Event::Message(message), .. }) => {
                Some((inbound.clone(), message.clone()))
            }
            _ => None,
        });
        let mut messages: Vec<(Inbound, Message)> = messages.collect();
        messages.truncate(messages.len().saturating_sub(back).max(1));
        messages.pop()
    }

    fn edit(&mut self, back: usize, meant: Meant) -> Option<Inbound> {
        let (of, message) = self.earlier(back)?;
        Some(self.edit_of(&of, message, meant))
    }

    fn edit_of(&mut self, of: &Inbound, message: Message, meant: Meant) -> Inbound {
        let brand = BRANDS.iter().position(|id| brand_id_is(&of.brand, id)).unwrap();
        self.ledger.lock().unwrap().edits.insert((of.brand.clone(), message.id.clone()), meant);
        let event_id = format!("e{}", self.number(brand));
        let edited = Message { text: meant.words(brand).to_owned(), ..message };
        Inbound { event_id, at: self.now, event: Event::Edited(edited), ..of.clone() }
    }

    fn delete(&mut self, back: usize) -> Option<Inbound> {
        let (of, message) = self.earlier(back)?;
        Some(self.delete_of(&of, message))
    }

    fn delete_of(&mut self, of: &Inbound, message: Message) -> Inbound {
        let brand = BRANDS.iter().position(|id| brand_id_is(&of.brand, id)).unwrap();
        let event_id = format!("e{}", self.number(brand));
        Inbound { event_id, at: self.now, event: Event::Deleted { message_id: message.id }, ..of.clone() }
    }

    async fn batch(
        &mut self,
        from: From,
        meant: &[Meant],
        edit: Option<Meant>,
        delete: bool,
        order: &[(u8, u8)],
    ) -> Verdict {
        let mut events: Vec<Inbound> = meant.iter().map(|meant| self.message(from, *meant)).collect();
        if let (Some(first), Some(Event::Message(message))) =
            (events.first().cloned(), events.first().map(|e| e.event.clone()))
        {
            events.extend(edit.map(|meant| self.edit_of(&first, message.clone(), meant)));
            if delete {
                events.push(self.delete_of(&first, message));
            }
        }
        let mut shuffled: Vec<(u8, u8, Inbound)> =
            events.into_iter().zip(order.iter().cycle()).map(|(event, (key, times))| (*key, *times, event)).collect();
        shuffled.sort_by_key(|(key, ..)| *key);
        for (_, times, event) in shuffled {
            self.comes(event, times).await?;
        }
        Ok(())
    }

    /// An event comes in, so many times.
    async fn comes(&mut self, inbound: Inbound, times: u8) -> Verdict {
        for time in 0..times {
            let before = if time > 0 { Some(self.snapshot().await) } else { None };
            let received = self.bot.receive(&inbound).await.unwrap();
            match before {
                None => self.accepted(&inbound, received).await?,
                Some(before) => {
                    self.seen.saw(What::CameAgain);
                    promises::the_same_again_changes_nothing(received, &before, &self.snapshot().await)?;
                }
            }
        }
        Ok(())
    }

    async fn accepted(&mut self, inbound: &Inbound, received: Received) -> Verdict {
        let Received::Stored(_, conversation) = received else { return Ok(()) };
        if let To::Customer { sender, place, .. } = &inbound.to {
            let brand = BRANDS.iter().position(|id| brand_id_is(&inbound.brand, id)).unwrap();
            let who = sender.id.trim_start_matches('u').parse().unwrap();
            let address = Address { brand, who, place: place.clone() };
            let mut ledger = self.ledger.lock().unwrap();
            let known = ledger.addresses.entry(conversation).or_insert_with(|| address.clone()).clone();
            promises::it_is_in_its_own_conversation(&known, &address)?;
            if let Event::Message(message) = &inbound.event {
                self.seen.saw(What::Accepted);
                let key = (inbound.brand.clone(), message.id.clone());
                ledger.messages.get_mut(&key).unwrap().conversation = conversation;
            }
        }
        self.came.push(Came::Event(inbound.clone()));
        promises::it_waits_to_be_handled(self, &inbound.brand, conversation).await
    }

    async fn again(&mut self, back: usize, times: u8) -> Verdict {
        let Some(came) = self.came.iter().rev().nth(back).cloned() else { return Ok(()) };
        let before = self.snapshot().await;
        for _ in 0..times {
            self.seen.saw(What::CameAgain);
            let received = match &came {
                Came::Event(inbound) => self.bot.receive(inbound).await.unwrap(),
                Came::Press(press) => match self.bot.take(&Incoming::Press(press.clone())).await.unwrap() {
                    Taken::Kept => return Err("10 the_same_again_changes_nothing: a press was taken twice".into()),
                    Taken::Known | Taken::NoCase | Taken::Refused(_) => Received::Duplicate,
                },
            };
            promises::the_same_again_changes_nothing(received, &before, &self.snapshot().await)?;
        }
        Ok(())
    }

    // ── what the team does ──

    /// Open cases first; any conversation for every fifth number, and when none is open.
    async fn case(&self, which: usize) -> Option<(usize, ConversationId)> {
        let mut open = Vec::new();
        for of in 0..BRANDS.len() {
            open.extend(
                self.store
                    .open_cases(&brand_id(of))
                    .await
                    .unwrap()
                    .into_iter()
                    .map(|case| (of, case.case.conversation)),
            );
        }
        if open.is_empty() || which % 5 == 4 {
            let ledger = self.ledger.lock().unwrap();
            open = ledger.live.keys().map(|id| (ledger.addresses[id].brand, *id)).collect();
        }
        (!open.is_empty()).then(|| open[which % open.len()])
    }

    fn deed(&self, of: usize, conversation: ConversationId, agent: &Agent, deed: Deed) -> AgentAction {
        let stands = self.ledger.lock().unwrap().live.get(&conversation).cloned();
        let epoch = stands.as_ref().map_or(1, |c| c.epoch);
        let team = stands.as_ref().and_then(|c| c.case().map(|case| case.team.clone()));
        let words = words_for(of, conversation);
        match deed {
            Deed::Claim(Epoch::Fresh) => AgentAction::Claim { epoch: Some(epoch) },
            Deed::Claim(Epoch::Stale) => AgentAction::Claim { epoch: Some(epoch.saturating_sub(1)) },
            Deed::Claim(Epoch::Any) => AgentAction::Claim { epoch: None },
            Deed::Reply => AgentAction::Reply { text: words, attachments: Vec::new() },
            Deed::Spoke => AgentAction::Spoke { text: words },
            Deed::Note => {
                self.seen.saw(What::Note);
                AgentAction::Note(NoteText::new(format!("{NOTE} of {}, {words}", agent.id)))
            }
            Deed::HandBack => AgentAction::HandBack,
            Deed::Release => AgentAction::Release,
            Deed::Transfer(0) => AgentAction::Transfer { team: "no-such-team".into() },
            Deed::Transfer(1) => AgentAction::Transfer { team: team.unwrap_or_else(|| "legal".into()) },
            Deed::Transfer(_) => AgentAction::Transfer { team: "legal".into() },
            Deed::Close => AgentAction::Close { outcome: "solved".into() },
        }
    }

    fn of_agent(&mut self, of: usize, conversation: ConversationId, agent: Agent, action: AgentAction) -> Inbound {
        Inbound {
            brand: brand_id(of),
            platform: console(),
            event_id: format!("e{}", self.number(of)),
            at: self.now,
            to: To::Conversation(conversation),
            event: Event::Agent { agent, action },
        }
    }

    async fn act(&mut self, case: usize, agent: usize, deed: Deed) -> Verdict {
        let Some((of, conversation)) = self.case(case).await else { return Ok(()) };
        let agent = agent_of(agent);
        let action = self.deed(of, conversation, &agent, deed);
        let act = self.of_agent(of, conversation, agent, action);
        self.comes(act, 1).await
    }

    async fn act_across(&mut self, case: usize, deed: Deed) -> Verdict {
        let Some((of, conversation)) = self.case(case).await else { return Ok(()) };
        self.seen.saw(What::AcrossBrands);
        let agent = agent_of(0);
        let action = self.deed(of, conversation, &agent, deed);
        let act = self.of_agent(1 - of, conversation, agent, action);
        promises::another_brand_does_not_know_it(self.bot.receive(&act).await.unwrap())
    }

    /// Both agents claim it under the epoch that both see; where the store lets them, at the same time.
    async fn race(&mut self, case: usize) -> Verdict {
        self.work().await?;
        let Some((of, conversation)) = self.case(case).await else { return Ok(()) };
        let mut inboxes = Vec::new();
        for agent in [agent_of(0), agent_of(1)] {
            let action = self.deed(of, conversation, &agent, Deed::Claim(Epoch::Fresh));
            let claim = self.of_agent(of, conversation, agent, action);
            let received = self.bot.receive(&claim).await.unwrap();
            self.came.push(Came::Event(claim));
            if let Received::Stored(inbox, _) = received {
                inboxes.push(inbox);
            }
        }
        let [first, second] = inboxes[..] else { return Ok(()) };
        self.seen.saw(What::Race);
        let id = brand_id(of);
        self.ledger.lock().unwrap().race_begins();
        let (a, b) = tokio::join!(self.bot.handle(&id, first), self.bot.handle(&id, second));
        self.ledger.lock().unwrap().race_ends();
        for handled in [a, b] {
            handled.unwrap();
        }
        Ok(())
    }

    // ── buttons ──

    async fn press(&mut self, button: usize, agent: usize, hand: Hand) -> Verdict {
        let Some((shown, token)) = self.shown(button) else { return Ok(()) };
        let of = shown.of;
        let is_staff = matches!(shown.delivery.body, Body::Staff(_));
        let place = if is_staff { number_of(shown.delivery.id) } else { shown.delivery.place.id.clone() };
        let mut press = Press {
            brand: brand_id(of),
            platform: console(),
            event_id: format!("e{}", self.number(of)),
            at: self.now,
            token,
            by: if is_staff { agent_of(agent).id } else { shown.delivery.recipient.id.clone() },
            agent: is_staff.then(|| agent_of(agent)),
            place,
            via: None,
        };
        match hand {
            Hand::Right => {}
            Hand::OtherPerson => {
                press.by = format!("{}x", press.by);
                press.agent = None;
            }
            Hand::OtherPlace => press.place = "elsewhere".into(),
            Hand::OtherBrand => press.brand = brand_id(1 - of),
            Hand::Forged => press.token = "AAAAAAAAAAAAAAAAAAAAAA".into(),
        }
        let taken = self.bot.take(&Incoming::Press(press.clone())).await.unwrap();
        if hand != Hand::Right {
            self.seen.saw(What::WrongHand);
            return promises::a_wrong_hand_presses_nothing(hand, taken);
        }
        if taken == Taken::Kept {
            self.came.push(Came::Press(press));
        }
        Ok(())
    }

    /// A button that can be seen, counted from the last one.
    fn shown(&self, back: usize) -> Option<(Asked, String)> {
        let ledger = self.ledger.lock().unwrap();
        let shown = ledger.asked.iter().rev().filter(|asked| asked.answer == Answer::Sent);
        let mut buttons =
            shown.flat_map(|asked| asked.delivery.buttons.iter().map(move |token| (asked.clone(), token.clone())));
        buttons.nth(back)
    }

    // ── what goes wrong, and what must go ──

    async fn crash(&mut self, on_their_way: usize) -> Verdict {
        for of in 0..BRANDS.len() {
            self.store.claim(&brand_id(of), &console(), self.now, on_their_way).await.unwrap();
            if !self.store.waiting(&brand_id(of), self.now, 1).await.unwrap().is_empty() {
                self.seen.saw(What::DiedWithWaiting);
            }
        }
        // What is open of the store goes with the process, before the next one opens it.
        let nothing: Arc<dyn Store> = Arc::new(housevoice::store::Sqlite::in_memory().await.unwrap());
        (self.bot, self.clock) = wake(&nothing, &self.ledger, self.now);
        self.store = nothing;
        self.store = self.stores.open().await;
        (self.bot, self.clock) = wake(&self.store, &self.ledger, self.now);
        Ok(())
    }

    async fn erase(&mut self, of: usize, who: usize) -> Verdict {
        let id = brand_id(of);
        let Some(person) = self.store.person(&id, &console(), &format!("u{who}")).await.unwrap() else { return Ok(()) };
        self.store.erase_person(&id, person, self.now).await.unwrap();
        self.ledger.lock().unwrap().erased(&id, person);
        Ok(())
    }

    // ── how it stands ──

    /// All that can be read of the store, as text.
    pub async fn snapshot(&self) -> Vec<String> {
        let mut all = Vec::new();
        let ids: BTreeSet<(usize, ConversationId)> = {
            let ledger = self.ledger.lock().unwrap();
            ledger.addresses.iter().map(|(id, address)| (address.brand, *id)).collect()
        };
        for (of, id) in ids {
            let brand = brand_id(of);
            all.push(format!("{:?}", self.store.conversation(&brand, id).await.unwrap()));
            all.push(format!("{:?}", self.store.transcript(&brand, id).await.unwrap()));
            all.push(format!("{:?}", self.store.notes(&brand, id).await.unwrap()));
            all.push(format!("{:?}", self.store.last_why(&brand, id).await.unwrap()));
        }
        for of in 0..BRANDS.len() {
            let brand = brand_id(of);
            all.push(format!("{:?}", self.store.open_cases(&brand).await.unwrap()));
            all.push(format!("{:?}", self.store.waiting(&brand, self.now, 1000).await.unwrap()));
            all.push(format!("{:?}", self.store.next_due(&brand).await.unwrap()));
        }
        all
    }

    /// Whether nothing waits to be handled.
    pub async fn is_idle(&self) -> bool {
        for of in 0..BRANDS.len() {
            if !self.store.waiting(&brand_id(of), Timestamp::MAX, 1).await.unwrap().is_empty() {
                return false;
            }
        }
        true
    }
}

/// What notes hold and nothing else.
pub const NOTE: &str = "canary-note-6f1c";

fn brand_id_is(brand: &BrandId, id: &str) -> bool {
    brand.as_str() == id
}

/// A name that tells whose it is.
pub fn name_of(brand: usize, who: usize) -> String {
    format!("Zed{brand}{who}q")
}

/// An agent's words, which tell for whom they are.
pub fn words_for(brand: usize, conversation: ConversationId) -> String {
    format!("for {brand}/{}.", conversation.0)
}

fn agent_of(number: usize) -> Agent {
    Agent { id: format!("console:a{number}"), name: ["Robin", "Ana"][number].into() }
}

/// The brand of a step.
pub fn brand_of(step: &Stepped) -> usize {
    BRANDS.iter().position(|id| brand_id_is(&step.after.brand, id)).unwrap()
}
