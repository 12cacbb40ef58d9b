//! What every store promises. Each promise is written once; a kind of store joins by giving a [`Ground`] to stand on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

#[path = "../support/mod.rs"]
mod support;

mod brands;
mod cases;
mod commit;
mod cover;
mod crowd;
mod erase;
mod heard;
mod leaving;
mod live;
mod outbox;
mod queue;
mod receive;
mod retention;
mod sessions;
mod timers;

use std::sync::Arc;

use housevoice::engine::{ConversationId, Inbound, Step};
use housevoice::store::{Committed, InboxId, Loaded, Received, Retry, Stamp, Store};
use housevoice::voice::BrandId;
use jiff::Timestamp;
use support::ground::{Ground, SqliteGround};
use support::postgres::PostgresGround;
use support::{brand, simple_step, start};

/// Keeps every promise on one kind of store.
macro_rules! keeps {
    ($kind:ident, $ground:expr; $($about:ident: $($promise:ident),+;)+) => {
        mod $kind {
            use super::*;
            $($(
                #[tokio::test]
                async fn $promise() {
                    let Some(ground) = $ground else { return };
                    $about::$promise(&ground).await;
                }
            )+)+
        }
    };
}

macro_rules! store_contract {
    ($kind:ident, $ground:expr) => {
        keeps! { $kind, $ground;
            receive: the_same_event_is_stored_once,
                one_person_has_a_conversation_in_each_place,
                a_new_name_is_known_at_once_and_no_step_undoes_it,
                a_place_goes_by_the_kind_it_has_now,
                events_for_a_conversation_that_is_not_there_are_not_stored;
            commit: what_a_step_remembers_comes_back,
                a_step_upon_an_older_state_is_refused,
                a_step_upon_an_older_person_is_refused,
                an_event_is_handled_once,
                a_commit_that_fails_midway_leaves_nothing,
                of_each_conversation_the_oldest_event_waits,
                what_was_taken_can_be_let_go_and_is_worked_on_all_the_same,
                an_event_that_stumbles_too_often_is_set_aside,
                what_was_said_can_be_read_back,
                why_can_be_asked;
            heard: a_public_place_is_heard_whoever_speaks,
                what_was_never_sent_is_not_heard,
                a_private_chat_hears_nobody;
            cases: a_case_is_written_down_from_queue_to_end,
                a_case_that_is_given_back_is_closed,
                the_queue_counts_who_waits_before,
                the_usual_wait_is_the_median_of_the_last_claims,
                notes_are_kept_apart_from_the_transcript;
            timers: what_is_due_happens_once,
                what_is_due_happens_once_across_a_restart,
                a_timer_that_was_moved_does_not_fire_at_the_old_time,
                a_timer_never_fires_too_soon;
            outbox: messages_to_one_conversation_leave_in_order,
                one_that_waits_for_a_retry_holds_up_only_its_own,
                safety_leaves_first_then_cases_then_answers,
                an_answer_overtaken_by_a_change_of_owner_is_never_sent,
                one_that_was_overtaken_holds_up_nobody,
                safety_words_and_agents_are_not_overtaken,
                a_message_that_cannot_be_sent_comes_back_as_an_event,
                a_staff_post_that_fails_says_nothing_about_the_customer,
                what_a_crash_left_half_sent_leaves_again,
                the_platforms_number_is_found_in_the_transcript,
                nothing_leaves_through_another_platform,
                posts_about_a_case_know_where_the_first_one_went,
                what_an_agent_does_under_a_post_belongs_to_its_conversation,
                what_comes_too_late_is_not_sent,
                what_may_have_been_sent_is_known_with_where_to_look;
            queue: what_could_not_be_sent_is_told_with_why,
                what_was_given_up_leaves_once_more,
                what_fails_once_more_is_told_once_more,
                what_cannot_be_tried_again_is_refused,
                that_it_closed_its_conversation_is_no_other_owner,
                one_that_was_put_back_is_checked_like_any_other,
                words_of_what_was_given_up_go_with_the_person,
                words_of_what_was_given_up_go_with_what_was_deleted,
                how_much_waits_is_counted_of_every_brand_at_once;
            leaving: chatter_leaves_last_and_holds_up_nothing,
                of_each_room_one_leaves_at_a_time,
                nothing_leaves_for_a_room_that_rests,
                how_far_a_delivery_got_comes_with_it_again,
                what_was_claimed_without_being_heard_of_is_put_back,
                what_comes_too_late_is_told_its_conversation,
                of_whoever_cannot_be_reached_it_is_known_where_else_they_wrote;
            live: a_button_stands_for_its_choice_once,
                a_button_is_for_one_person_in_one_place_of_one_brand,
                a_case_is_worked_on_where_the_team_is,
                a_post_on_its_way_to_the_team_is_known_as_such,
                the_buttons_of_a_case_are_for_agents_where_it_is_talked_about,
                the_latest_way_to_answer_counts,
                a_conversation_goes_on_in_the_thread_that_was_opened_for_it,
                each_answer_goes_along_the_way_of_what_it_answers,
                an_agent_is_answered_where_they_typed,
                a_message_that_is_refused_is_no_customer_who_is_gone,
                a_place_with_a_new_number_is_the_same_place,
                it_is_known_how_far_each_place_was_read,
                buttons_that_can_be_pressed_no_more_go,
                what_nothing_is_known_of_is_kept_once_and_goes_in_time;
            crowd: people_have_a_conversation_from_queue_to_end,
                what_waits_is_counted_for_each_brand;
            sessions: sessions_of_a_lane_are_begun_one_after_the_other,
                of_many_who_ask_at_once_one_begins,
                a_day_has_room_for_so_many_sessions_whoever_begins_them,
                a_session_that_was_not_begun_leaves_nothing_and_one_that_failed_little,
                each_part_knows_when_its_sessions_were_begun,
                other_bots_begin_their_own_sessions;
            cover: covered_words_are_covered_everywhere,
                deleted_words_are_gone_everywhere,
                a_changed_message_stands_as_it_is_now;
            brands: nothing_crosses_between_brands,
                a_number_of_another_brand_is_nobody;
            erase: a_person_who_is_erased_leaves_no_word,
                what_is_delivered_again_from_before_is_not_stored,
                somebody_who_was_erased_can_begin_anew,
                others_are_left_alone,
                counts_stay,
                what_was_on_its_way_is_not_sent;
            retention: each_table_keeps_as_long_as_it_is_told,
                what_is_open_stays,
                the_last_turns_go_with_the_transcript,
                another_brand_keeps_its_own;
        }
    };
}

store_contract!(sqlite, Some(SqliteGround::new()));
store_contract!(postgres, PostgresGround::new());

/// Stores an event that must be new.
async fn take(store: &dyn Store, inbound: &Inbound) -> (InboxId, ConversationId) {
    match store.receive(inbound, inbound.at).await.unwrap() {
        Received::Stored(inbox, conversation) => (inbox, conversation),
        other => panic!("not stored: {other:?}"),
    }
}

async fn load(store: &dyn Store, of: &BrandId, inbox: InboxId, now: Timestamp) -> Loaded {
    store.load(of, inbox, now).await.unwrap().expect("the event waits")
}

async fn commit(store: &dyn Store, loaded: &Loaded, step: &Step) -> Committed {
    store.commit(loaded, step, &stamp(loaded.scene.now)).await.unwrap()
}

fn stamp(at: Timestamp) -> Stamp {
    Stamp { at, voice: "v1".to_owned(), desk: None }
}

fn step_of(loaded: &Loaded) -> Step {
    simple_step(loaded.conversation.clone(), loaded.inbound.event.clone(), &loaded.scene)
}

/// Receives an event and takes the simple step upon it.
async fn live(store: &dyn Store, inbound: &Inbound) -> ConversationId {
    let (inbox, conversation) = take(store, inbound).await;
    handle(store, &inbound.brand, inbox, inbound.at).await;
    conversation
}

async fn handle(store: &dyn Store, of: &BrandId, inbox: InboxId, now: Timestamp) {
    let loaded = load(store, of, inbox, now).await;
    assert_eq!(commit(store, &loaded, &step_of(&loaded)).await, Committed::Done);
}

/// Handles everything that waits.
async fn handle_all(store: &dyn Store, of: &BrandId, now: Timestamp) -> usize {
    let mut handled = 0;
    while let Some(first) = store.waiting(of, now, 1).await.unwrap().first().copied() {
        handle(store, of, first.inbox, now).await;
        handled += 1;
    }
    handled
}

fn later(error: &str, not_before: Timestamp) -> Retry {
    Retry { error: error.to_owned(), not_before, unsure: false }
}

fn lumen() -> BrandId {
    brand("lumen")
}

/// Claims what leaves next, in words.
async fn claim_words(store: &dyn Store) -> Option<(housevoice::engine::OutboxId, String)> {
    let delivery = store.claim(&lumen(), &support::console(), start(), 1, &[]).await.unwrap().pop()?;
    Some((delivery.id, support::words(&delivery.body).unwrap_or_else(|| "(no words)".to_owned())))
}

/// Sends everything that leaves now, and gives the words in order.
async fn send_all(store: &dyn Store) -> Vec<String> {
    let mut words = Vec::new();
    while let Some((id, said)) = claim_words(store).await {
        store.delivered(&lumen(), id, Some(&format!("p{id}")), start()).await.unwrap();
        words.push(said);
    }
    words
}
