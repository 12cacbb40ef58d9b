//! What goes first.

use housevoice::adapters::Taken;
use housevoice::engine::*;

use super::support::{direct, help_channel};
use super::{Shop, said, words};

fn general() -> Place {
    Place { id: "lobby".into(), kind: PlaceKind::General, name: "lobby".into() }
}

/// How many of these are taken before the first is shed.
async fn taken(shop: &Shop, who: &str, place: &Place, event: impl Fn(usize) -> Event) -> usize {
    for number in 0..1_000 {
        if shop.comes(who, place.clone(), event(number)).await == Taken::Shed {
            return number;
        }
    }
    panic!("nothing is ever shed");
}

fn chat(number: usize) -> Event {
    said(&format!("so and so {number}"))
}

fn mention(number: usize) -> Event {
    Event::Message(Message { mentions_bot: true, ..words(&format!("hey bot {number}")) })
}

#[tokio::test]
async fn of_one_person_chatter_goes_first_then_words_in_public_then_private_ones() {
    let shop = Shop::open().await;
    assert_eq!(taken(&shop, "ana", &general(), chat).await, 20, "chatter leaves ten");
    assert_eq!(taken(&shop, "ana", &general(), mention).await, 5, "words to the bot in public leave five");
    assert_eq!(taken(&shop, "ana", &help_channel("help"), chat).await, 0, "so do questions in a help channel");
    let command = |number| Event::Message(Message { by_command: true, ..words(&format!("ask {number}")) });
    assert_eq!(taken(&shop, "ana", &general(), command).await, 5, "commands and private words leave nothing");
    assert_eq!(taken(&shop, "ana", &direct("ana"), chat).await, 0);
}

#[tokio::test]
async fn changes_and_deletions_use_up_no_words() {
    let shop = Shop::open().await;
    let deleted = |number| Event::Deleted { message_id: format!("m{number}") };
    let edited = |number| Event::Edited(words(&format!("better {number}")));
    assert_eq!(taken(&shop, "ana", &direct("ana"), deleted).await, 50);
    assert_eq!(taken(&shop, "ana", &direct("ana"), edited).await, 0);
    assert_eq!(taken(&shop, "ana", &direct("ana"), chat).await, 30);
}

#[tokio::test]
async fn of_one_place_chatter_goes_first_and_leaves_half_for_words_to_the_bot() {
    let shop = Shop::open().await;
    let (mut chatter, mut mentions) = (0, 0);
    for number in 0..300 {
        let who = format!("guest{number}");
        chatter += usize::from(shop.comes(&who, general(), chat(number)).await == Taken::Kept);
    }
    for number in 300..600 {
        let who = format!("guest{number}");
        mentions += usize::from(shop.comes(&who, general(), mention(number)).await == Taken::Kept);
    }
    assert_eq!((chatter, mentions), (50, 50));
    // Another place, and private chats, are none the worse for it.
    assert_eq!(shop.comes("guest1", help_channel("help"), chat(1_000)).await, Taken::Kept);
    assert_eq!(shop.says("guest2", "hello there").await, Taken::Kept);
}

#[tokio::test]
async fn words_of_danger_in_public_are_kept_and_a_wish_that_is_not_for_the_bot_is_chatter() {
    let shop = Shop::open().await;
    taken(&shop, "ana", &general(), chat).await;
    assert_eq!(shop.comes("ana", general(), said("ask for a human, they said")).await, Taken::Shed);
    assert_eq!(shop.comes("ana", general(), said("i will kill myself tonight")).await, Taken::Kept);
}
