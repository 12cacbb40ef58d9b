//! The transcript: what was said, by whom, where; and what of it can be heard in a public place.

use jiff::Timestamp;

use super::dialect::{query, query_as, query_scalar, row};
use super::values::{from_json, from_word, text, time, to_json, to_word, us};
use super::{Conn, Result};
use crate::engine::{
    Agent, AuthorKind, Conversation, ConversationId, Event, HEARD_FOR, Heard, Message, Outgoing, PersonId, Pick, Said,
    SaidBy, Speaker,
};
use crate::store::{Line, LineState};
use crate::voice::{AnswerId, BrandId};

/// Who speaks, as a word.
mod speaker {
    pub(super) const CUSTOMER: &str = "customer";
    pub(super) const MACHINE: &str = "machine";
    pub(super) const STAFF: &str = "staff";
    pub(super) const BOT: &str = "bot";
    pub(super) const AGENT: &str = "agent";
}

/// A line to be written.
struct NewLine<'a> {
    at: Timestamp,
    speaker: &'static str,
    agent: Option<&'a Agent>,
    message_id: Option<&'a str>,
    replies_to: Option<String>,
    text: &'a str,
    said: &'a [Said],
    asks: bool,
    state: LineState,
}

/// Writes what the customer said with an event, if anything; a choice that was pressed counts as its label. `asks`:
/// whether it was read as a question.
pub(super) async fn write_event(
    conn: &mut Conn,
    before: &Conversation,
    event: &Event,
    asks: bool,
    at: Timestamp,
) -> Result<()> {
    match event {
        Event::Message(message) => {
            // Its edit may have come before it: that line is the message as it is by now.
            if was_edited(conn, before, &message.id).await? {
                return Ok(());
            }
            write_message(conn, before, message, asks, LineState::Kept, at).await
        }
        Event::Edited(message) => write_edit(conn, before, message, asks, at).await,
        Event::Picked(pick) => write_pick(conn, before, pick, at).await,
        Event::Started { .. }
        | Event::Deleted { .. }
        | Event::Command(_)
        | Event::Agent { .. }
        | Event::Timer(_)
        | Event::DeliveryFailed { .. }
        | Event::CameTooLate { .. } => Ok(()),
    }
}

async fn write_message(
    conn: &mut Conn,
    to: &Conversation,
    message: &Message,
    asks: bool,
    state: LineState,
    at: Timestamp,
) -> Result<()> {
    let speaker = match message.author {
        AuthorKind::Person => speaker::CUSTOMER,
        AuthorKind::Machine => speaker::MACHINE,
        AuthorKind::Staff => speaker::STAFF,
    };
    let replies_to = message.replies_to.map(|to| to_word("reply", &to)).transpose()?;
    let message_id = Some(message.id.as_str());
    let line =
        NewLine { at, speaker, agent: None, message_id, replies_to, text: &message.text, said: &[], asks, state };
    insert(conn, to, &line).await.map(|_| ())
}

async fn was_edited(conn: &mut Conn, of: &Conversation, message_id: &str) -> Result<bool> {
    let edited: Option<i64> = query_scalar(
        "SELECT inbox_id FROM inbox \
         WHERE brand = $1 AND conversation_id = $2 AND message_id = $3 AND kind = 'edited' AND done_at IS NOT NULL LIMIT 1",
    )
    .bind(of.brand.as_str())
    .bind(of.id.0)
    .bind(message_id)
    .fetch_optional(conn)
    .await?;
    Ok(edited.is_some())
}

async fn write_edit(conn: &mut Conn, to: &Conversation, message: &Message, asks: bool, at: Timestamp) -> Result<()> {
    let known = query(
        "UPDATE transcript SET text = $1, state = $2, asks = $6 \
         WHERE brand = $3 AND conversation_id = $4 AND message_id = $5 AND speaker IN ('customer', 'machine', 'staff')",
    )
    .bind(text(&message.text))
    .bind(to_word("state of line", &LineState::Edited)?)
    .bind(to.brand.as_str())
    .bind(to.id.0)
    .bind(&message.id)
    .bind(i64::from(asks))
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if known > 0 { Ok(()) } else { write_message(conn, to, message, asks, LineState::Edited, at).await }
}

async fn write_pick(conn: &mut Conn, to: &Conversation, pick: &Pick, at: Timestamp) -> Result<()> {
    let open = to.choices.iter().flat_map(|open| &open.choices);
    let Some(choice) = open.into_iter().find(|choice| choice.pick == *pick) else { return Ok(()) };
    let line = NewLine {
        at,
        speaker: speaker::CUSTOMER,
        agent: None,
        message_id: None,
        replies_to: None,
        text: &choice.label,
        said: &[],
        asks: false,
        state: LineState::Kept,
    };
    insert(conn, to, &line).await.map(|_| ())
}

/// Writes a message to the customer and gives the line's number.
pub(super) async fn write_outgoing(
    conn: &mut Conn,
    to: &Conversation,
    outgoing: &Outgoing,
    at: Timestamp,
) -> Result<i64> {
    let (speaker, agent) = match &outgoing.by {
        SaidBy::Bot => (speaker::BOT, None),
        SaidBy::Agent(agent) => (speaker::AGENT, Some(agent)),
    };
    let text = outgoing.content.to_plain();
    let line = NewLine {
        at,
        speaker,
        agent,
        message_id: None,
        replies_to: None,
        text: &text,
        said: &outgoing.said,
        asks: false,
        state: LineState::Waiting,
    };
    insert(conn, to, &line).await
}

async fn insert(conn: &mut Conn, to: &Conversation, line: &NewLine<'_>) -> Result<i64> {
    let agent = line.agent.map(|agent| to_json("agent", agent)).transpose()?;
    Ok(query_scalar(
        "INSERT INTO transcript (brand, conversation_id, person_id, platform, place_id, at, speaker, agent, message_id, \
                                 replies_to, text, said, asks, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING transcript_id",
    )
    .bind(to.brand.as_str())
    .bind(to.id.0)
    .bind(to.person.id.0)
    .bind(to.platform.as_str())
    .bind(&to.place.id)
    .bind(us(line.at))
    .bind(line.speaker)
    .bind(agent)
    .bind(line.message_id)
    .bind(line.replies_to.as_deref())
    .bind(text(line.text))
    .bind(to_json("wordings said", &line.said)?)
    .bind(i64::from(line.asks))
    .bind(to_word("state of line", &line.state)?)
    .fetch_one(conn)
    .await?)
}

/// Sets what became of a line, with the platform's number where it is known by now.
pub(super) async fn set_state(
    conn: &mut Conn,
    brand: &BrandId,
    line: i64,
    state: LineState,
    message_id: Option<&str>,
) -> Result<()> {
    query(
        "UPDATE transcript SET state = $1, message_id = COALESCE($2, message_id) WHERE brand = $3 AND transcript_id = $4",
    )
    .bind(to_word("state of line", &state)?)
    .bind(message_id)
    .bind(brand.as_str())
    .bind(line)
    .execute(conn)
    .await?;
    Ok(())
}

row! {
    struct LineRow {
        transcript_id: i64,
        person_id: i64,
        at: i64,
        speaker: String,
        agent: Option<String>,
        message_id: Option<String>,
        text: String,
        said: String,
        state: String,
    }
}

impl LineRow {
    fn line(self) -> Result<Line> {
        let id = self.transcript_id;
        Ok(Line {
            at: time(self.at),
            by: by(&self.speaker, self.person_id),
            agent: self.agent.map(|json| from_json("agent of line", id, &json)).transpose()?,
            message_id: self.message_id,
            text: self.text,
            said: from_json("wordings of line", id, &self.said)?,
            state: from_word("state of line", id, &self.state)?,
        })
    }
}

fn by(speaker: &str, person: i64) -> Speaker {
    match speaker {
        speaker::BOT => Speaker::Bot,
        speaker::AGENT | speaker::STAFF => Speaker::Staff,
        speaker::MACHINE => Speaker::Machine,
        _ => Speaker::Person(PersonId(person)),
    }
}

pub(super) async fn of_conversation(conn: &mut Conn, brand: &BrandId, id: ConversationId) -> Result<Vec<Line>> {
    let rows: Vec<LineRow> = query_as(
        "SELECT transcript_id, person_id, at, speaker, agent, message_id, text, said, state FROM transcript \
         WHERE brand = $1 AND conversation_id = $2 ORDER BY at, transcript_id",
    )
    .bind(brand.as_str())
    .bind(id.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(LineRow::line).collect()
}

/// A place of a brand.
pub(super) struct PlaceOf<'a> {
    pub(super) brand: &'a str,
    pub(super) platform: &'a str,
    pub(super) place_id: &'a str,
}

/// What was heard in a place lately, oldest first, without the event at hand and without what was never sent.
pub(super) async fn heard(
    conn: &mut Conn,
    place: &PlaceOf<'_>,
    conversation: ConversationId,
    event: &Event,
    now: Timestamp,
    at_most: u32,
) -> Result<Vec<Heard>> {
    let since = now.saturating_sub(HEARD_FOR).unwrap_or(Timestamp::MIN);
    let rows: Vec<(i64, i64, i64, String, String, i64)> = query_as(
        "SELECT transcript_id, at, person_id, speaker, said, asks FROM transcript \
         WHERE brand = $1 AND platform = $2 AND place_id = $3 AND at >= $4 AND state NOT IN ('superseded', 'failed') \
           AND (conversation_id <> $5 OR message_id IS NULL OR message_id <> $6) \
         ORDER BY at DESC, transcript_id DESC LIMIT $7",
    )
    .bind(place.brand)
    .bind(place.platform)
    .bind(place.place_id)
    .bind(us(since))
    .bind(conversation.0)
    .bind(event.message_id().unwrap_or_default())
    .bind(i64::from(at_most))
    .fetch_all(conn)
    .await?;
    rows.into_iter().rev().map(hear).collect()
}

fn hear((id, at, person, speaker, said, asks): (i64, i64, i64, String, String, i64)) -> Result<Heard> {
    let said: Vec<Said> = from_json("wordings of line", id, &said)?;
    let answers = said.iter().filter_map(|said| said.what.strip_prefix("answer:").map(AnswerId::from)).collect();
    Ok(Heard { at: time(at), by: by(&speaker, person), answers, asks: asks != 0 })
}
