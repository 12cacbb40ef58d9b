//! The table of cases says what the phases said.

use housevoice::engine::*;
use housevoice::store::OpenCase;
use jiff::SignedDuration;

use super::support::*;
use super::*;

async fn act(store: &dyn Store, id: ConversationId, event_id: &str, action: AgentAction, at: jiff::Timestamp) {
    let event = Event::Agent { agent: ana(), action };
    live(store, &to_conversation("lumen", id, event_id, event, at)).await;
}

async fn only_case(store: &dyn Store) -> OpenCase {
    let cases = store.open_cases(&lumen()).await.unwrap();
    assert_eq!(cases.len(), 1);
    cases.into_iter().next().unwrap()
}

/// A column of the only row of the table of cases.
async fn column(ground: &dyn Ground, name: &str) -> Option<String> {
    let dump = ground.dump().await;
    let (_, row) = dump.iter().find(|(table, _)| table == "cases").unwrap();
    row.iter().find(|(column, _)| column == name).unwrap().1.clone()
}

pub async fn a_case_is_written_down_from_queue_to_end(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "person", start())).await;
    let case = only_case(&*store).await;
    assert_eq!(case.case, CaseId { conversation: id, number: 1 });
    assert_eq!((case.state.as_str(), case.reason.as_str(), case.epoch), ("queued", "asked_for_person", 2));
    assert_eq!((case.customer.as_str(), case.place), ("Name of u1", direct("d1")));

    act(&*store, id, "e1", AgentAction::Claim { epoch: None }, minute(7)).await;
    let case = only_case(&*store).await;
    assert_eq!((case.state.as_str(), case.owner, case.epoch), ("human", Owner::Agent(ana()), 3));
    assert_eq!((case.claimed_at, case.first_reply_at), (Some(minute(7)), None));

    act(&*store, id, "e2", AgentAction::Reply { text: "hi".into(), attachments: Vec::new() }, minute(8)).await;
    act(&*store, id, "e3", AgentAction::Reply { text: "still here".into(), attachments: Vec::new() }, minute(9)).await;
    let case = only_case(&*store).await;
    assert_eq!((case.state.as_str(), case.first_reply_at), ("waiting_customer", Some(minute(8))));

    act(&*store, id, "e4", AgentAction::Close { outcome: "solved".into() }, minute(10)).await;
    assert_eq!(store.open_cases(&lumen()).await.unwrap(), []);
    assert_eq!(column(ground, "outcome").await.as_deref(), Some("solved"));
    assert_eq!(column(ground, "closed_at").await, None, "it can still be reopened");
}

pub async fn a_case_that_is_given_back_is_closed(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "person", start())).await;
    act(&*store, id, "e1", AgentAction::HandBack, minute(3)).await;
    assert_eq!(store.open_cases(&lumen()).await.unwrap(), []);
    assert_eq!(column(ground, "state").await.as_deref(), Some("closed"));
    assert_eq!(column(ground, "outcome").await.as_deref(), Some("bot"));
    assert_eq!(column(ground, "closed_at").await, Some(minute(3).as_microsecond().to_string()));
}

pub async fn the_queue_counts_who_waits_before(ground: &dyn Ground) {
    let store = ground.open().await;
    for (n, who) in ["u1", "u2", "u3"].into_iter().enumerate() {
        let at = minute(i64::try_from(n).unwrap());
        live(&*store, &message("lumen", who, direct(who), who, "person", at)).await;
    }
    live(&*store, &message("other", "u1", direct("u1"), "u1", "person", start())).await;
    for (who, ahead) in [("u1", 0), ("u2", 1), ("u3", 2), ("u4", 3)] {
        let again = message("lumen", who, direct(who), &format!("{who} again"), "well?", minute(9));
        let (inbox, _) = take(&*store, &again).await;
        assert_eq!(load(&*store, &lumen(), inbox, minute(9)).await.scene.queue_ahead, ahead, "{who}");
    }
}

pub async fn the_usual_wait_is_the_median_of_the_last_claims(ground: &dyn Ground) {
    let store = ground.open().await;
    let wait = async |event_id: &str| {
        let (inbox, _) = take(&*store, &message("lumen", "u0", direct("u0"), event_id, "well?", minute(60))).await;
        let scene = load(&*store, &lumen(), inbox, minute(60)).await.scene;
        handle(&*store, &lumen(), inbox, minute(60)).await;
        scene.usual_wait
    };
    for (who, minutes) in [("u1", 30), ("u2", 2), ("u3", 4)] {
        let at_most_two_are_not_usual = wait(&format!("before {who}")).await;
        assert_eq!(at_most_two_are_not_usual, None);
        let id = live(&*store, &message("lumen", who, direct(who), who, "person", start())).await;
        act(&*store, id, &format!("claim {who}"), AgentAction::Claim { epoch: None }, minute(minutes)).await;
    }
    assert_eq!(wait("now").await, Some(SignedDuration::from_mins(4)));
}

pub async fn notes_are_kept_apart_from_the_transcript(ground: &dyn Ground) {
    let store = ground.open().await;
    let id = live(&*store, &message("lumen", "u1", direct("d1"), "m1", "person", start())).await;
    act(&*store, id, "e1", AgentAction::Note(NoteText::new("between us")), minute(1)).await;
    let notes = store.notes(&lumen(), id).await.unwrap();
    assert_eq!(notes.len(), 1);
    assert_eq!((notes[0].text.for_staff(), &notes[0].agent, notes[0].at), ("between us", &ana(), minute(1)));
    let lines = store.transcript(&lumen(), id).await.unwrap();
    assert!(lines.iter().all(|line| !line.text.contains("between us")));
}
