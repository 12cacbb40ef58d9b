//! An event with all that the step needs: the conversation, the moment, what was heard in the place.

use jiff::{SignedDuration, Timestamp};

use super::commit::Mine;
use super::dialect::{query_as, row};
use super::state::{self, StateRow};
use super::values::{from_json, from_word, time};
use super::{Conn, Result, cases, lines};
use crate::engine::{Conversation, ConversationId, Event, Inbound, OtherWay, Place, Scene, To};
use crate::store::{InboxId, Loaded};
use crate::voice::{BrandId, Platform};

row! {
    struct InboxRow {
        platform: String,
        event_id: String,
        conversation_id: i64,
        at: i64,
        payload: Option<String>,
        attempts: i64,
        via: Option<String>,
        post: Option<String>,
        conversation_via: Option<String>,
    }
}

/// What was found of an event.
pub(super) enum Found {
    /// All that the step needs.
    Ready(Box<Loaded>),
    /// Its conversation is not this process's yet.
    NotMine,
    /// It was dealt with or erased.
    Gone,
}

pub(super) async fn load(conn: &mut Conn, mine: &Mine, now: Timestamp) -> Result<Found> {
    let Mine { brand, me, .. } = mine;
    let inbox = mine.id;
    let Some(event) = open_event(conn, brand, inbox).await? else { return Ok(Found::Gone) };
    let Some(row) = state::row(conn, brand, ConversationId(event.conversation_id)).await? else {
        return Ok(Found::Gone);
    };
    if row.holder.as_deref().unwrap_or_default() != me {
        return Ok(Found::NotMine);
    }
    let attempts = u32::try_from(event.attempts).unwrap_or(u32::MAX);
    let (own_via, latest_via, post) = (event.via.clone(), event.conversation_via.clone(), event.post.clone());
    let inbound = inbound(brand, inbox, event)?;
    // What a customer does is answered along its own way; what happens otherwise, along the latest.
    let via = if inbound.event.is_of_customer() { own_via } else { own_via.or(latest_via) };
    let (versions, place, person_state) = (row.versions(), at_place(&row), row.person_state.clone());
    let conversation = row.conversation(brand)?;
    let scene = scene(conn, &conversation, &place, &inbound.event, now).await?;
    let loaded = Loaded { inbox, inbound, attempts, conversation, via, post, person_state, versions, scene };
    Ok(Found::Ready(Box::new(loaded)))
}

async fn open_event(conn: &mut Conn, brand: &BrandId, inbox: InboxId) -> Result<Option<InboxRow>> {
    Ok(query_as(
        "SELECT i.platform, i.event_id, i.conversation_id, i.at, i.payload, i.attempts, i.via, i.post, \
                c.via AS conversation_via \
         FROM inbox i JOIN conversations c ON c.brand = i.brand AND c.conversation_id = i.conversation_id \
         WHERE i.brand = $1 AND i.inbox_id = $2 AND i.done_at IS NULL",
    )
    .bind(brand.as_str())
    .bind(inbox.0)
    .fetch_optional(conn)
    .await?)
}

fn inbound(brand: &BrandId, inbox: InboxId, row: InboxRow) -> Result<Inbound> {
    Ok(Inbound {
        brand: brand.clone(),
        platform: Platform::new(row.platform),
        event_id: row.event_id,
        at: time(row.at),
        to: To::Conversation(ConversationId(row.conversation_id)),
        event: from_json("event", inbox.0, row.payload.as_deref().unwrap_or_default())?,
    })
}

fn at_place(row: &StateRow) -> (String, String) {
    (row.platform.clone(), row.place_id.clone())
}

/// Lines of a place that a scene holds at most; the newest count.
const HEARD_AT_MOST: u32 = 500;
/// How far back claims tell how long people wait.
const WAITS_FROM: SignedDuration = SignedDuration::from_hours(7 * 24);

async fn scene(
    conn: &mut Conn,
    conversation: &Conversation,
    (platform, place_id): &(String, String),
    event: &Event,
    now: Timestamp,
) -> Result<Scene> {
    let brand = &conversation.brand;
    let mut scene = Scene::at(now);
    if conversation.place.kind.is_public() {
        let place = lines::PlaceOf { brand: brand.as_str(), platform, place_id };
        scene.heard = lines::heard(conn, &place, conversation.id, event, now, HEARD_AT_MOST).await?;
    }
    if matches!(event, Event::DeliveryFailed { gone: true, .. }) {
        scene.elsewhere = elsewhere(conn, conversation).await?;
    }
    // Mostly nobody waits, and one look tells.
    let since = now.saturating_sub(WAITS_FROM).unwrap_or(Timestamp::MIN);
    let (any_queued, any_claimed) = cases::any(conn, brand, since).await?;
    if any_queued {
        scene.queue_ahead = cases::ahead(conn, conversation).await?;
    }
    if any_claimed {
        scene.usual_wait = cases::usual_wait(conn, brand, since).await?;
    }
    Ok(scene)
}

/// How many other places of a person are named.
const ELSEWHERE_AT_MOST: i64 = 3;

/// Where else a person has written to the brand, the latest first.
async fn elsewhere(conn: &mut Conn, of: &Conversation) -> Result<Vec<OtherWay>> {
    let rows: Vec<(i64, String, String, String, String)> = query_as(
        // `+ 0`: of one person there are few, and they are found by the person and not by the age.
        "SELECT c.conversation_id, c.platform, c.place_id, c.place_kind, c.place_name FROM conversations c \
         WHERE c.brand = $1 AND c.person_id = $2 AND c.conversation_id <> $3 AND EXISTS \
           (SELECT 1 FROM transcript t WHERE t.brand = c.brand AND t.conversation_id = c.conversation_id \
              AND t.speaker = 'customer') \
         ORDER BY c.updated_at + 0 DESC, c.conversation_id DESC LIMIT $4",
    )
    .bind(of.brand.as_str())
    .bind(of.person.id.0)
    .bind(of.id.0)
    .bind(ELSEWHERE_AT_MOST)
    .fetch_all(conn)
    .await?;
    let way = |(number, platform, id, kind, name): (i64, String, String, String, String)| {
        let kind = from_word("kind of place of conversation", number, &kind)?;
        Ok(OtherWay { platform: Platform::new(platform), place: Place { id, kind, name } })
    };
    rows.into_iter().map(way).collect()
}
