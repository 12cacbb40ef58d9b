//! What customers do.

use housevoice::engine::*;
use housevoice::store::Received;

use super::super::ledger::{self, Address};
use super::super::ops::{From, Meant};
use super::super::promises::{self, Verdict};
use super::super::seen::What;
use super::super::support::console;
use super::{BRANDS, Came, World, brand_id, brand_id_is, name_of};

impl World<'_> {
    pub(super) fn number(&mut self, brand: usize) -> u64 {
        self.numbers[brand] += 1;
        self.numbers[brand]
    }

    pub(super) fn place(from: From) -> Place {
        match from.place {
            PlaceKind::Direct => Place { id: format!("u{}", from.who), kind: PlaceKind::Direct, name: String::new() },
            kind => Place { id: format!("c-{kind:?}"), kind, name: "somewhere".into() },
        }
    }

    pub(super) fn event(&mut self, from: From, event: Event) -> Inbound {
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

    pub(super) fn message(&mut self, from: From, meant: Meant) -> Inbound {
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
    pub(super) fn means(&mut self, inbound: &Inbound, from: From, meant: Meant) {
        let Some(id) = inbound.event.message_id() else { return };
        let message =
            ledger::Message { meant, place: from.place, mention: from.mention, conversation: ConversationId(0) };
        self.ledger.lock().unwrap().messages.insert((inbound.brand.clone(), id.to_owned()), message);
    }

    /// A message that was accepted, counted from the last one.
    pub(super) fn earlier(&self, back: usize) -> Option<(Inbound, Message)> {
        let messages = self.came.iter().filter_map(|came| match came {
            Came::Event(inbound @ Inbound { event: Event::Message(message), .. }, _) => {
                Some((inbound.clone(), message.clone()))
            }
            _ => None,
        });
        let mut messages: Vec<(Inbound, Message)> = messages.collect();
        messages.truncate(messages.len().saturating_sub(back).max(1));
        messages.pop()
    }

    pub(super) fn edit(&mut self, back: usize, meant: Meant) -> Option<Inbound> {
        let (of, message) = self.earlier(back)?;
        Some(self.edit_of(&of, message, meant))
    }

    pub(super) fn edit_of(&mut self, of: &Inbound, message: Message, meant: Meant) -> Inbound {
        let brand = BRANDS.iter().position(|id| brand_id_is(&of.brand, id)).unwrap();
        self.ledger.lock().unwrap().edits.insert((of.brand.clone(), message.id.clone()), meant);
        let event_id = format!("e{}", self.number(brand));
        let edited = Message { text: meant.words(brand).to_owned(), ..message };
        Inbound { event_id, at: self.now, event: Event::Edited(edited), ..of.clone() }
    }

    pub(super) fn delete(&mut self, back: usize) -> Option<Inbound> {
        let (of, message) = self.earlier(back)?;
        Some(self.delete_of(&of, message))
    }

    pub(super) fn delete_of(&mut self, of: &Inbound, message: Message) -> Inbound {
        let brand = BRANDS.iter().position(|id| brand_id_is(&of.brand, id)).unwrap();
        let event_id = format!("e{}", self.number(brand));
        Inbound { event_id, at: self.now, event: Event::Deleted { message_id: message.id }, ..of.clone() }
    }

    pub(super) async fn batch(
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
    pub(super) async fn comes(&mut self, inbound: Inbound, times: u8) -> Verdict {
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

    pub(super) async fn accepted(&mut self, inbound: &Inbound, received: Received) -> Verdict {
        let Received::Stored(inbox, conversation) = received else { return Ok(()) };
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
        self.came.push(Came::Event(inbound.clone(), inbox));
        promises::it_waits_to_be_handled(self, &inbound.brand, conversation).await
    }
}
