//! An event comes in: known already, or written down with the person and the conversation it belongs to.

use jiff::Timestamp;

use super::dialect::{self, locked, query, query_as, query_scalar, row};
use super::values::{text, to_json, us};
use super::{Conn, Result, erase, outbox, state};
use crate::engine::{Conversation, ConversationId, Event, Inbound, PersonId, Place, Sender, To};
use crate::store::{InboxId, Received};
use crate::voice::BrandId;

pub(super) async fn receive(conn: &mut Conn, inbound: &Inbound, now: Timestamp) -> Result<Received> {
    let conversation = match &inbound.to {
        To::Customer { sender, place, via } => {
            dialect::hold_sender(conn, inbound, &sender.id).await?;
            // Whoever was waited for may have written down the very same.
            let found = find(conn, inbound, sender).await?;
            if found.known.is_some() {
                return Ok(Received::Duplicate);
            }
            if found.any_erased && erase::was_erased(conn, inbound, &sender.id).await? {
                return Ok(Received::Erased);
            }
            let person = person(conn, inbound, sender, &found, now).await?;
            conversation(conn, inbound, person, &Met { sender, place, via: via.as_deref() }, now).await?
        }
        To::Conversation(id) => match exists(conn, &inbound.brand, *id).await? {
            true => *id,
            false => return Ok(Received::NoConversation),
        },
        To::Post(post) => match outbox::of_post(conn, &inbound.brand, &inbound.platform, post).await? {
            Some(id) if exists(conn, &inbound.brand, ConversationId(id)).await? => ConversationId(id),
            Some(_) | None => return Ok(Received::NoConversation),
        },
    };
    Ok(match write(conn, inbound, conversation, now).await? {
        Some(inbox) => Received::Stored(inbox, conversation),
        None => Received::Duplicate,
    })
}

/// Whether an event has come in before.
pub(super) async fn is_known(conn: &mut Conn, address: &Address<'_>) -> Result<bool> {
    let known: Option<i64> =
        query_scalar("SELECT inbox_id FROM inbox WHERE brand = $1 AND platform = $2 AND event_id = $3")
            .bind(address.brand)
            .bind(address.platform)
            .bind(address.event_id)
            .fetch_optional(conn)
            .await?;
    Ok(known.is_some())
}

async fn exists(conn: &mut Conn, brand: &BrandId, id: ConversationId) -> Result<bool> {
    let found: Option<i64> = query_scalar(concat!(
        "SELECT c.conversation_id FROM conversations c WHERE c.brand = $1 AND c.conversation_id = $2",
        locked!("c")
    ))
    .bind(brand.as_str())
    .bind(id.0)
    .fetch_optional(conn)
    .await?;
    Ok(found.is_some())
}

row! {
    /// What is there already of an event, looked up at once: each look takes as long as any other.
    struct FoundRow {
        known: Option<i64>,
        any_erased: bool,
        person_id: Option<i64>,
        name: Option<String>,
        locale: Option<String>,
        seen_at: Option<i64>,
    }
}

async fn find(conn: &mut Conn, inbound: &Inbound, sender: &Sender) -> Result<FoundRow> {
    Ok(query_as(
        "SELECT (SELECT e.inbox_id FROM inbox e WHERE e.brand = $1 AND e.platform = $2 AND e.event_id = $3) AS known, \
                EXISTS (SELECT 1 FROM tombstones t WHERE t.brand = $1) AS any_erased, \
                p.person_id, p.name, p.locale, p.seen_at \
         FROM (SELECT 1 AS one) one_row \
         LEFT JOIN identities i ON i.brand = $1 AND i.platform = $2 AND i.platform_user = $4 \
         LEFT JOIN people p ON p.brand = $1 AND p.person_id = i.person_id",
    )
    .bind(inbound.brand.as_str())
    .bind(inbound.platform.as_str())
    .bind(&inbound.event_id)
    .bind(&sender.id)
    .fetch_one(conn)
    .await?)
}

/// When somebody was seen last is kept so exactly, in microseconds: it only counts for what is kept for months.
const SEEN_US: i64 = 60 * 60 * 1_000_000;

/// The sender as a person of the brand, under the name they show now.
async fn person(
    conn: &mut Conn,
    inbound: &Inbound,
    sender: &Sender,
    found: &FoundRow,
    now: Timestamp,
) -> Result<PersonId> {
    let locale = sender.locale.as_ref().map(|locale| locale.as_str());
    if let Some(person) = found.person_id {
        let same = found.name.as_deref() == Some(text(&sender.name).as_ref())
            && (locale.is_none() || locale == found.locale.as_deref())
            && found.seen_at.is_some_and(|seen| us(now).saturating_sub(seen) < SEEN_US);
        if same {
            return Ok(PersonId(person));
        }
        query("UPDATE people SET name = $1, locale = COALESCE($2, locale), seen_at = $3 WHERE brand = $4 AND person_id = $5")
            .bind(text(&sender.name))
            .bind(locale)
            .bind(us(now))
            .bind(inbound.brand.as_str())
            .bind(person)
            .execute(conn)
            .await?;
        return Ok(PersonId(person));
    }
    let fresh = state::new_person(PersonId(0), &sender.name, None);
    let id: i64 = query_scalar(
        "INSERT INTO people (brand, name, locale, state, version, created_at, seen_at) VALUES ($1, $2, $3, $4, 1, $5, $5) \
         RETURNING person_id",
    )
    .bind(inbound.brand.as_str())
    .bind(text(&sender.name))
    .bind(locale)
    .bind(state::new_person_state(&fresh)?)
    .bind(us(now))
    .fetch_one(&mut *conn)
    .await?;
    query("INSERT INTO identities (brand, platform, platform_user, person_id, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(inbound.brand.as_str())
        .bind(inbound.platform.as_str())
        .bind(&sender.id)
        .bind(id)
        .bind(us(now))
        .execute(conn)
        .await?;
    Ok(PersonId(id))
}

/// Who was met, where, and how they can be answered at the moment.
struct Met<'a> {
    sender: &'a Sender,
    place: &'a Place,
    via: Option<&'a str>,
}

/// The conversation with a person in a place, which goes by the name and the kind it has now.
async fn conversation(
    conn: &mut Conn,
    inbound: &Inbound,
    person: PersonId,
    met: &Met<'_>,
    now: Timestamp,
) -> Result<ConversationId> {
    let Met { sender, place, via } = met;
    let someone = state::new_person(person, &sender.name, None);
    let fresh = Conversation::new(
        ConversationId(0),
        inbound.brand.clone(),
        inbound.platform.clone(),
        (*place).clone(),
        someone,
    );
    let owner = fresh.owner();
    let (owner_kind, owner_id) = state::owner_columns(&owner);
    let id: i64 = query_scalar(
        "INSERT INTO conversations (brand, platform, place_id, place_kind, place_name, person_id, platform_user, phase, \
                                    owner_kind, owner_id, epoch, version, state, created_at, updated_at, via) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13, $13, $14) \
         ON CONFLICT (brand, platform, place_id, person_id) DO UPDATE \
         SET place_kind = excluded.place_kind, place_name = excluded.place_name, platform_user = excluded.platform_user, \
             via = excluded.via \
         RETURNING conversation_id",
    )
    .bind(inbound.brand.as_str())
    .bind(inbound.platform.as_str())
    .bind(&place.id)
    .bind(state::place_kind(place.kind)?)
    .bind(text(&place.name))
    .bind(person.0)
    .bind(&sender.id)
    .bind(fresh.phase.name())
    .bind(owner_kind)
    .bind(owner_id)
    .bind(i64::try_from(fresh.epoch).unwrap_or(i64::MAX))
    .bind(state::conversation_state(&fresh)?)
    .bind(us(now))
    .bind(*via)
    .fetch_one(conn)
    .await?;
    Ok(ConversationId(id))
}

async fn write(
    conn: &mut Conn,
    inbound: &Inbound,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<Option<InboxId>> {
    let (via, post) = match &inbound.to {
        To::Customer { via, .. } => (via.as_deref(), None),
        To::Post(post) => (None, Some(post.as_str())),
        To::Conversation(_) => (None, None),
    };
    let beside = Beside { via, post };
    insert(conn, &Address::of(inbound), conversation, &inbound.event, beside, us(inbound.at), now).await
}

/// What is known of an event beside itself.
#[derive(Clone, Copy, Default)]
pub(super) struct Beside<'a> {
    /// How whoever caused it can be answered at the moment.
    pub(super) via: Option<&'a str>,
    /// Under which post for the team it was done.
    pub(super) post: Option<&'a str>,
}

/// The unique key of an event.
pub(super) struct Address<'a> {
    pub(super) brand: &'a str,
    pub(super) platform: &'a str,
    pub(super) event_id: &'a str,
}

impl<'a> Address<'a> {
    fn of(inbound: &'a Inbound) -> Self {
        Self { brand: inbound.brand.as_str(), platform: inbound.platform.as_str(), event_id: &inbound.event_id }
    }
}

/// Writes an event into the inbox, once for each key.
pub(super) async fn insert(
    conn: &mut Conn,
    address: &Address<'_>,
    conversation: ConversationId,
    event: &Event,
    beside: Beside<'_>,
    at: i64,
    now: Timestamp,
) -> Result<Option<InboxId>> {
    let id: Option<i64> = query_scalar(
        "INSERT INTO inbox (brand, platform, event_id, conversation_id, message_id, kind, at, received_at, payload, via, post) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (brand, platform, event_id) DO NOTHING RETURNING inbox_id",
    )
    .bind(address.brand)
    .bind(address.platform)
    .bind(address.event_id)
    .bind(conversation.0)
    .bind(event.message_id())
    .bind(event.name())
    .bind(at)
    .bind(us(now))
    .bind(to_json("event", event)?)
    .bind(beside.via)
    .bind(beside.post)
    .fetch_optional(conn)
    .await?;
    Ok(id.map(InboxId))
}
