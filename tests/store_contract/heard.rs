//! A scene holds what was heard in a public place, whoever spoke.

use housevoice::engine::*;
use housevoice::voice::AnswerId;

use super::support::*;
use super::*;

async fn heard_by(store: &dyn Store, who: &str, place: Place, event_id: &str, at: jiff::Timestamp) -> Vec<Heard> {
    let (inbox, _) = take(store, &message("lumen", who, place, event_id, "what now?", at)).await;
    load(store, &lumen(), inbox, at).await.scene.heard
}

pub async fn a_public_place_is_heard_whoever_speaks(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u0", help_channel("c1"), "m0", "long ago", start())).await;
    live(&*store, &message("lumen", "u1", help_channel("c1"), "m1", "question", minute(80))).await;
    let mut staff = message("lumen", "u2", help_channel("c1"), "m2", "hello", minute(81));
    let Event::Message(words) = &mut staff.event else { unreachable!() };
    words.author = AuthorKind::Staff;
    live(&*store, &staff).await;
    live(&*store, &message("lumen", "u3", help_channel("elsewhere"), "m3", "other place", minute(82))).await;
    live(&*store, &message("other", "u1", help_channel("c1"), "m4", "other brand", minute(82))).await;

    let heard = heard_by(&*store, "u9", help_channel("c1"), "m9", minute(83)).await;
    let person = store.person(&lumen(), &console(), "u1").await.unwrap().unwrap();
    let echo = vec![AnswerId::from("echo")];
    assert_eq!(
        heard,
        [
            Heard { at: minute(80), by: Speaker::Person(person), answers: vec![], asks: false },
            Heard { at: minute(80), by: Speaker::Bot, answers: echo.clone(), asks: false },
            Heard { at: minute(81), by: Speaker::Staff, answers: vec![], asks: false },
            Heard { at: minute(81), by: Speaker::Bot, answers: echo, asks: false },
        ]
    );
}

pub async fn what_was_never_sent_is_not_heard(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", help_channel("c1"), "m1", "question", start())).await;
    live(&*store, &message("lumen", "u1", help_channel("c1"), "m2", "person", start())).await;
    // The answer was overtaken; the word about the person leaves.
    assert_eq!(send_all(&*store).await, ["(no words)", "a person will come"]);
    let heard = heard_by(&*store, "u2", help_channel("c1"), "m3", minute(1)).await;
    assert_eq!(heard.iter().filter(|heard| heard.by == Speaker::Bot).count(), 1);
    // An edit of a message that was written down is not heard as another message.
    let edited = Message { id: "m1".into(), text: "question!".into(), ..Message::default() };
    let edit = event("lumen", "u1", help_channel("c1"), "e1", Event::Edited(edited), minute(1));
    let (inbox, same) = take(&*store, &edit).await;
    assert_eq!(same, id);
    let heard = load(&*store, &lumen(), inbox, minute(1)).await.scene.heard;
    assert_eq!(heard.iter().filter(|heard| matches!(heard.by, Speaker::Person(_))).count(), 1);
}

pub async fn a_private_chat_hears_nobody(ground: &dyn Ground) {
    let store = ground.open().await;
    live(&*store, &message("lumen", "u1", direct("d1"), "m1", "question", start())).await;
    assert_eq!(heard_by(&*store, "u1", direct("d1"), "m2", minute(1)).await, []);
}
