//! What goes where.

use housevoice::adapters::Taken;
use housevoice::engine::*;
use housevoice::store::Received;

use super::super::ops::Hand;
use super::super::seen::What;
use super::super::world::{NOTE, World, brand_id, name_of, words_for};
use super::{News, Verdict, promise};

/// Invariant 9: Internal notes never appear in any outbound payload.
pub fn notes_stay_with_the_team(news: &News<'_>) -> Verdict {
    for (_, asked) in news.asked() {
        let is_note = matches!(asked.delivery.body, Body::Staff(StaffPost::Note { .. }));
        let payload = serde_json::to_string(&asked.delivery).unwrap();
        promise!(notes_stay_with_the_team, is_note || !payload.contains(NOTE), "{payload}");
    }
    Ok(())
}

/// Invariant 9: … nor in what is kept of what was said.
pub async fn no_note_is_in_a_transcript(world: &World<'_>) -> Verdict {
    let addresses = world.ledger.lock().unwrap().addresses.clone();
    for (id, address) in addresses {
        let lines = world.store.transcript(&brand_id(address.brand), id).await.unwrap();
        let found = lines.iter().find(|line| line.text.contains(NOTE));
        promise!(no_note_is_in_a_transcript, found.is_none(), "invariant 9: {found:?}");
    }
    Ok(())
}

/// Invariant 11: A reply goes only to the place and person of its case; never across brands.
pub fn a_reply_goes_only_to_its_own(news: &News<'_>) -> Verdict {
    for (_, asked) in news.asked() {
        let delivery = &asked.delivery;
        let Some(address) = news.ledger.addresses.get(&delivery.conversation) else {
            return Err(format!("a_reply_goes_only_to_its_own: to nobody: {delivery:?}"));
        };
        let home = brand_id(address.brand);
        let person = format!("u{}", address.who);
        let right = asked.of == address.brand
            && delivery.brand == home
            && delivery.place == address.place
            && delivery.recipient.id == person;
        promise!(a_reply_goes_only_to_its_own, right, "{delivery:?} by {} to {address:?}", asked.of);

        let body = serde_json::to_string(&delivery.body).unwrap();
        let mine = name_of(address.brand, address.who);
        let others = body.replace(&mine, "");
        promise!(a_reply_goes_only_to_its_own, !others.contains("Zed"), "somebody else's name to {mine}: {body}");

        let Body::Send(out) = &delivery.body else { continue };
        if matches!(out.by, SaidBy::Agent(_)) {
            news.saw(What::AgentWords);
            let theirs = words_for(address.brand, delivery.conversation);
            promise!(a_reply_goes_only_to_its_own, out.content.to_plain() == theirs, "{theirs} {body}");
        }
        if let Some(message) = &out.replies_to {
            let key = (home, message.clone());
            let of = news.ledger.messages.get(&key).map(|message| message.conversation);
            promise!(a_reply_goes_only_to_its_own, of == Some(delivery.conversation), "a reply to {key:?} of {of:?}");
        }
    }
    Ok(())
}

/// Invariant 11: … what an agent of another brand does reaches nobody.
pub fn another_brand_does_not_know_it(received: Received) -> Verdict {
    let unknown = received == Received::NoConversation;
    promise!(another_brand_does_not_know_it, unknown, "invariant 11: {received:?}");
    Ok(())
}

/// Invariant 11: … a button is there for one person in one place of one brand.
pub fn a_wrong_hand_presses_nothing(hand: Hand, taken: Taken) -> Verdict {
    let refused = matches!(taken, Taken::Refused(_));
    promise!(a_wrong_hand_presses_nothing, refused, "invariant 11: pressed by {hand:?}: {taken:?}");
    Ok(())
}
