//! One person sends more than anybody can.

use housevoice::adapters::{Incoming, Intake, Taken, UnknownEvent};
use housevoice::bot::Clock;
use housevoice::engine::*;
use jiff::SignedDuration;

use super::support::{direct, help_channel, sender, start};
use super::{Shop, said, words};

const QUESTION: &str = "How long does delivery take?";

/// The how-manieth message of a flood: no two are the same, none is a question that the shop knows.
fn noise(number: usize) -> String {
    format!("zxqv {number} wvut {}", number * 7919 % 10_007)
}

#[tokio::test]
async fn ten_thousand_messages_in_a_second_are_shed_and_counted_and_everybody_else_is_answered() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let figures = recorder.handle();
    let _counting = metrics::set_default_local_recorder(&recorder);
    let shop = Shop::open().await;
    let (mut kept, mut shed) = (0_usize, 0_usize);
    for number in 0..10_000 {
        shop.after(SignedDuration::from_micros(i64::try_from(number).unwrap() * 100));
        match shop.says("mallory", &noise(number)).await {
            Taken::Kept => kept += 1,
            Taken::Shed => shed += 1,
            other => panic!("{other:?}"),
        }
        if number % 500 == 250 {
            let who = format!("guest{number}");
            assert_eq!(shop.says(&who, QUESTION).await, Taken::Kept);
        }
    }
    assert_eq!((kept, shed), (30, 9_970), "so many at once, and one more a second");
    shop.bot.drain_until_idle().await.unwrap();
    for number in (250..10_000).step_by(500) {
        let told = shop.told(&format!("guest{number}"));
        assert_eq!(told.len(), 1, "{told:?}");
    }
    assert_eq!(shop.kept("mallory").await.len(), 30, "what is shed is not stored");
    let counted = figures.render();
    let line = r#"housevoice_shed_total{brand="lantern-loom",platform="console",class="private"} 9970"#;
    assert!(counted.contains(line), "{counted}");
}

#[tokio::test]
async fn once_their_bucket_has_filled_again_they_are_answered_as_before() {
    let shop = Shop::open().await;
    for number in 0..100 {
        shop.says("mallory", &noise(number)).await;
    }
    assert_eq!(shop.says("mallory", QUESTION).await, Taken::Shed);
    shop.after(SignedDuration::from_secs(2));
    assert_eq!(shop.says("mallory", QUESTION).await, Taken::Kept);
    assert_eq!(shop.says("mallory", "And where is my parcel?").await, Taken::Kept);
    assert_eq!(shop.says("mallory", "And what about lamps?").await, Taken::Shed);
}

#[tokio::test]
async fn thirty_short_messages_at_once_are_all_taken() {
    let shop = Shop::open().await;
    for number in 0..30 {
        assert_eq!(shop.says("ana", &noise(number)).await, Taken::Kept);
    }
}

#[tokio::test]
async fn what_was_written_while_nobody_listened_did_not_come_at_once() {
    let shop = Shop::open().await;
    let now = shop.after(SignedDuration::from_hours(2));
    for minute in 0..100 {
        let inbound = shop.inbound(
            "ana",
            direct("ana"),
            said(&noise(minute)),
            start() + SignedDuration::from_mins(minute as i64),
        );
        assert_eq!(shop.bot.take(&Incoming::Event(inbound)).await.unwrap(), Taken::Kept);
    }
    // A platform whose clock is ahead wins nothing.
    for number in 100..400 {
        let ahead = now + SignedDuration::from_secs(number as i64);
        shop.bot
            .take(&Incoming::Event(shop.inbound("mallory", direct("mallory"), said(&noise(number)), ahead)))
            .await
            .unwrap();
    }
    shop.bot.drain_until_idle().await.unwrap();
    assert_eq!(shop.kept("mallory").await.len(), 30);
}

#[tokio::test]
async fn words_of_danger_in_a_flood_are_all_stored_and_so_is_what_comes_behind_them() {
    let shop = Shop::open().await;
    let danger = |number: usize| format!("i will kill myself tonight, {number}");
    let (mut kept, mut dangers) = (Vec::new(), 0);
    for number in 0..3_000 {
        let text = if number >= 1_000 && number % 10 == 0 { danger(number) } else { noise(number) };
        if shop.says("mallory", &text).await == Taken::Kept {
            kept.push(text.clone());
        }
        if number >= 1_000 && number % 10 == 0 {
            assert_eq!(kept.last(), Some(&text), "words of danger are never shed");
            dangers += 1;
        }
    }
    assert_eq!(kept.len(), 30 + 2_000, "{dangers} of danger; from the first on there is a case");
    shop.bot.drain_until_idle().await.unwrap();
    let stored = shop.kept("mallory").await;
    assert!(kept.iter().all(|text| stored.contains(text)), "taken is stored");
    let told = shop.told("mallory");
    assert!(told.iter().any(|words| words.contains("116 123") || words.contains("112")), "{told:?}");
    assert_eq!(shop.bot.store().open_cases(&shop.brand).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_wish_to_be_left_alone_is_heard_again_and_again_but_not_each_time() {
    let shop = Shop::open().await;
    let mut kept = 0;
    // No case comes of it, so that nothing else lets them in.
    for number in 0..600 {
        shop.after(SignedDuration::from_millis(number * 1_000));
        for _ in 0..20 {
            kept += usize::from(shop.says("mallory", &format!("leave me alone {number}")).await == Taken::Kept);
        }
    }
    assert!((600..1_200).contains(&kept), "{kept} of 12,000");
}

#[tokio::test]
async fn asking_for_a_person_and_to_be_left_alone_gets_through_a_flood() {
    for (text, event) in [
        ("a human", said("I want to talk to a human please")),
        ("the command", Event::Command(Command::Human)),
        ("stop", said("stop")),
    ] {
        let shop = Shop::open().await;
        for number in 0..500 {
            shop.says("mallory", &noise(number)).await;
        }
        assert_eq!(shop.says("mallory", QUESTION).await, Taken::Shed);
        assert_eq!(shop.comes("mallory", direct("mallory"), event).await, Taken::Kept, "{text}");
    }
}

#[tokio::test]
async fn no_message_of_a_case_is_shed() {
    let shop = Shop::open().await;
    shop.says("kim", "I want to talk to a human please").await;
    shop.bot.drain_until_idle().await.unwrap();
    // Well after the moment in which the words alone would have been enough.
    shop.after(SignedDuration::from_mins(5));
    for number in 0..2_000 {
        assert_eq!(shop.says("kim", &noise(number)).await, Taken::Kept);
    }
    assert_eq!(shop.says("kim", "the same").await, Taken::Kept);
    for _ in 0..5 {
        assert_eq!(shop.says("kim", "the same").await, Taken::Kept, "whatever a person says to a person");
    }
    // Elsewhere they have no case.
    let help = || help_channel("c1");
    let mut elsewhere = Vec::new();
    for number in 3_000..3_050 {
        elsewhere.push(shop.comes("kim", help(), said(&noise(number))).await);
    }
    assert!(elsewhere.contains(&Taken::Shed));
}

#[tokio::test]
async fn from_the_moment_at_which_somebody_has_a_case_nothing_more_of_theirs_is_shed() {
    let shop = Shop::open().await;
    for number in 0..100 {
        shop.says("mallory", &noise(number)).await;
    }
    assert_eq!(shop.says("mallory", "one more").await, Taken::Shed);
    // The case comes from elsewhere, so that no word at the border tells of it.
    shop.bot
        .receive(&shop.inbound("mallory", direct("mallory"), Event::Command(Command::Human), start()))
        .await
        .unwrap();
    shop.bot.drain_until_idle().await.unwrap();
    assert_eq!(shop.says("mallory", "are you there").await, Taken::Kept);
}

#[tokio::test]
async fn what_comes_again_costs_nothing() {
    let shop = Shop::open().await;
    let first = Incoming::Event(shop.inbound("ana", direct("ana"), said(QUESTION), start()));
    assert_eq!(shop.bot.take(&first).await.unwrap(), Taken::Kept);
    for _ in 0..100 {
        assert_eq!(shop.bot.take(&first).await.unwrap(), Taken::Known);
    }
    for number in 0..29 {
        assert_eq!(shop.says("ana", &noise(number)).await, Taken::Kept);
    }
}

#[tokio::test]
async fn what_the_team_does_is_never_shed() {
    let shop = Shop::open().await;
    shop.says("kim", "I want to talk to a human please").await;
    shop.bot.drain_until_idle().await.unwrap();
    let case = shop.bot.store().open_cases(&shop.brand).await.unwrap()[0].case;
    for number in 0..300 {
        let action = AgentAction::Note(NoteText::new(format!("note {number}")));
        let event = Event::Agent { agent: super::support::ana(), action };
        let inbound =
            Inbound { to: To::Conversation(case.conversation), ..shop.inbound("x", direct("x"), event, start()) };
        assert_eq!(shop.bot.take(&Incoming::Event(inbound)).await.unwrap(), Taken::Kept);
        let by_staff = Message { author: AuthorKind::Staff, ..words(&format!("team {number}")) };
        assert_eq!(shop.comes("ana", help_channel("c1"), Event::Message(by_staff)).await, Taken::Kept);
    }
}

#[tokio::test]
async fn buttons_and_events_of_unknown_kinds_have_buckets_of_their_own() {
    let shop = Shop::open().await;
    let press = |number: usize, agent: Option<Agent>| {
        Incoming::Press(Press {
            brand: shop.brand.clone(),
            platform: super::console(),
            event_id: format!("p{number}"),
            at: shop.bot.clock().now(),
            token: format!("forged{number}"),
            by: "mallory".into(),
            agent,
            place: "mallory".into(),
            via: None,
        })
    };
    let mut pressed = Vec::new();
    for number in 0..100 {
        pressed.push(shop.bot.take(&press(number, None)).await.unwrap());
    }
    assert_eq!(pressed.iter().filter(|taken| matches!(taken, Taken::Refused(_))).count(), 20);
    assert_eq!(pressed.iter().filter(|taken| **taken == Taken::Shed).count(), 80);
    for number in 100..200 {
        let by_agent = shop.bot.take(&press(number, Some(super::support::ana()))).await.unwrap();
        assert!(matches!(by_agent, Taken::Refused(_)), "one of the team is never shed: {by_agent:?}");
    }
    let mut unknown = Vec::new();
    for number in 0..100 {
        let event = UnknownEvent {
            brand: shop.brand.clone(),
            platform: super::console(),
            event_id: format!("u{number}"),
            kind: "poll".into(),
            by: Some(sender("mallory").id),
            payload: "{}".into(),
        };
        unknown.push(shop.bot.take(&Incoming::Unknown(event)).await.unwrap());
    }
    assert_eq!(unknown.iter().filter(|taken| **taken == Taken::Kept).count(), 20);
    assert_eq!(shop.says("mallory", QUESTION).await, Taken::Kept, "what they press uses up none of their words");
}

#[tokio::test]
async fn a_flood_of_made_up_people_leaves_those_alone_who_were_there_before() {
    let shop = Shop::open().await;
    shop.says("ana", QUESTION).await;
    shop.bot.drain_until_idle().await.unwrap();
    let mut kept = 0;
    for number in 0..5_000 {
        kept += usize::from(
            shop.comes(&format!("fake{number}"), help_channel("c1"), said(&noise(number))).await == Taken::Kept,
        );
    }
    assert_eq!(kept, 100, "a place has its own bucket, whoever speaks there");
    assert_eq!(shop.says("ana", "What are your opening hours?").await, Taken::Kept);
    let _ = shop.clock.now();
}
