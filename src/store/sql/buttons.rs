//! Buttons: a number that nobody can guess for each, what it stands for in a row of its own (threat 9 of the domain notes).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};

use super::dialect::{query, query_as, query_scalar, row};
use super::outgoing::Owned;
use super::receive::{Address, Beside, insert};
use super::values::{from_json, to_json, us};
use super::{Conn, Result, outbox};
use crate::engine::{Body, ConversationId, Event, OutboxId, Pick, Press, StaffButton};
use crate::store::{PressRefused, Pressed, StoreError};
use crate::voice::Platform;

/// Bytes of chance in a token: 22 characters of base64, which fits Telegram's 64 bytes of `callback_data`.
const TOKEN_BYTES: usize = 16;
/// How long a button can be pressed. What it stands for may be over long before.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);

/// Who may press a button.
mod audience {
    pub(super) const CUSTOMER: &str = "customer";
    pub(super) const STAFF: &str = "staff";
}

/// Makes a button for each choice of a message, or for each thing that can be done with a case.
pub(super) async fn write(
    conn: &mut Conn,
    of: &Owned<'_>,
    outbox: OutboxId,
    body: &Body,
    platform: &Platform,
    at: Timestamp,
) -> Result<()> {
    let (audience, actions): (_, Vec<String>) = match body {
        Body::Send(outgoing) => {
            let picks = outgoing.choices.iter().map(|choice| to_json("choice", &choice.pick));
            (audience::CUSTOMER, picks.collect::<Result<_>>()?)
        }
        Body::Staff(post) => {
            let buttons = post.buttons().iter().map(|button| to_json("button", &(button, of.epoch)));
            (audience::STAFF, buttons.collect::<Result<_>>()?)
        }
        Body::React { .. } => return Ok(()),
    };
    let expires_at = us(at.saturating_add(VALID_FOR).unwrap_or(Timestamp::MAX));
    for (action, number) in actions.into_iter().zip(0_i64..) {
        query(
            "INSERT INTO buttons (token, brand, conversation_id, outbox_id, number, platform, audience, action, expires_at, \
                                  created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(token()?)
        .bind(of.conversation.brand.as_str())
        .bind(of.conversation.id.0)
        .bind(outbox.0)
        .bind(number)
        .bind(platform.as_str())
        .bind(audience)
        .bind(action)
        .bind(expires_at)
        .bind(us(at))
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

fn token() -> Result<String> {
    let mut bytes = [0_u8; TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|e| StoreError::Unavailable(format!("the system gives no chance: {e}")))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// What the buttons of a message carry, in order.
pub(super) async fn of_message(conn: &mut Conn, brand: &str, outbox: OutboxId) -> Result<Vec<String>> {
    Ok(query_scalar("SELECT token FROM buttons WHERE brand = $1 AND outbox_id = $2 ORDER BY number")
        .bind(brand)
        .bind(outbox.0)
        .fetch_all(conn)
        .await?)
}

row! {
    struct Row {
        conversation_id: i64,
        platform: String,
        audience: String,
        action: String,
        expires_at: i64,
        used_at: Option<i64>,
        place_id: String,
        platform_user: String,
        home: String,
    }
}

/// A button was pressed: looked up, checked, and what it stands for written into the inbox.
pub(super) async fn press(conn: &mut Conn, press: &Press, now: Timestamp) -> Result<Pressed> {
    let Some(row) = row(conn, press).await? else { return Ok(Pressed::Refused(PressRefused::Unknown)) };
    let address = Address { brand: press.brand.as_str(), platform: press.platform.as_str(), event_id: &press.event_id };
    // The same press delivered again is no second press.
    if super::receive::is_known(conn, &address).await? {
        return Ok(Pressed::Duplicate);
    }
    let conversation = ConversationId(row.conversation_id);
    let event = match row.audience.as_str() {
        audience::CUSTOMER => match by_customer(&row, press, now)? {
            Ok(pick) => Event::Picked(pick),
            Err(refused) => return Ok(Pressed::Refused(refused)),
        },
        _ => match by_agent(conn, &row, press, now).await? {
            Ok(event) => event,
            Err(refused) => return Ok(Pressed::Refused(refused)),
        },
    };
    let is_staff = row.audience != audience::CUSTOMER;
    let beside = Beside { via: press.via.as_deref(), post: is_staff.then_some(press.place.as_str()) };
    // First, so that of two presses at the same moment one finds it used.
    if !is_staff && !use_up(conn, press, now).await? {
        return Ok(Pressed::Refused(PressRefused::Used));
    }
    let Some(inbox) = insert(conn, &address, conversation, &event, beside, us(press.at), now).await? else {
        return Ok(Pressed::Duplicate);
    };
    if !is_staff {
        set_via(conn, press, conversation).await?;
    }
    Ok(Pressed::Taken(inbox, conversation))
}

async fn row(conn: &mut Conn, press: &Press) -> Result<Option<Row>> {
    Ok(query_as(
        "SELECT b.conversation_id, b.platform, b.audience, b.action, b.expires_at, b.used_at, \
                c.place_id, c.platform_user, c.platform AS home \
         FROM buttons b JOIN conversations c ON c.brand = b.brand AND c.conversation_id = b.conversation_id \
         WHERE b.brand = $1 AND b.token = $2",
    )
    .bind(press.brand.as_str())
    .bind(&press.token)
    .fetch_optional(conn)
    .await?)
}

fn by_customer(row: &Row, press: &Press, now: Timestamp) -> Result<std::result::Result<Pick, PressRefused>> {
    let here = row.home == press.platform.as_str() && row.place_id == press.place;
    if !here {
        return Ok(Err(PressRefused::Unknown));
    }
    if row.platform_user != press.by {
        return Ok(Err(PressRefused::NotYours));
    }
    if row.used_at.is_some() {
        return Ok(Err(PressRefused::Used));
    }
    if row.expires_at < us(now) {
        return Ok(Err(PressRefused::Expired));
    }
    from_json("choice", row.conversation_id, &row.action).map(Ok)
}

/// The buttons of a case can be pressed again and again, because what they do is checked against the case as it stands
/// then: one that was refused to a colleague must still work for whoever has the case.
async fn by_agent(
    conn: &mut Conn,
    row: &Row,
    press: &Press,
    now: Timestamp,
) -> Result<std::result::Result<Event, PressRefused>> {
    let talked_about = outbox::of_post(conn, &press.brand, &press.platform, &press.place).await?;
    if row.platform != press.platform.as_str() || talked_about != Some(row.conversation_id) {
        return Ok(Err(PressRefused::Unknown));
    }
    let Some(agent) = &press.agent else { return Ok(Err(PressRefused::NotYours)) };
    if row.expires_at < us(now) {
        return Ok(Err(PressRefused::Expired));
    }
    let (button, epoch): (StaffButton, u64) = from_json("button", row.conversation_id, &row.action)?;
    Ok(Ok(Event::Agent { agent: agent.clone(), action: button.action(epoch) }))
}

/// Uses a button up; false: somebody else has.
async fn use_up(conn: &mut Conn, press: &Press, now: Timestamp) -> Result<bool> {
    let used = query("UPDATE buttons SET used_at = $1 WHERE brand = $2 AND token = $3 AND used_at IS NULL")
        .bind(us(now))
        .bind(press.brand.as_str())
        .bind(&press.token)
        .execute(conn)
        .await?;
    Ok(used.rows_affected() == 1)
}

async fn set_via(conn: &mut Conn, press: &Press, conversation: ConversationId) -> Result<()> {
    let Some(via) = &press.via else { return Ok(()) };
    query("UPDATE conversations SET via = $1 WHERE brand = $2 AND conversation_id = $3")
        .bind(via)
        .bind(press.brand.as_str())
        .bind(conversation.0)
        .execute(conn)
        .await?;
    Ok(())
}
