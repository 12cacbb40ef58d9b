//! What people ask for: why, notes, facts, events set aside.

use jiff::Timestamp;

use super::dialect::query_as;
use super::values::{from_json, from_word, time, us};
use super::{Conn, Result};
use crate::engine::{Agent, CaseId, ConversationId, EventFact, NoteText};
use crate::store::{Decided, InboxId, LoggedFact, Note, Parked};
use crate::voice::{BrandId, Platform};

pub(super) async fn last_why(conn: &mut Conn, brand: &BrandId, of: ConversationId) -> Result<Option<Decided>> {
    let row: Option<(i64, i64, String, Option<String>, String)> = query_as(
        "SELECT decision_id, at, why, silence, voice FROM decisions \
         WHERE brand = $1 AND conversation_id = $2 ORDER BY decision_id DESC LIMIT 1",
    )
    .bind(brand.as_str())
    .bind(of.0)
    .fetch_optional(conn)
    .await?;
    let Some((id, at, why, silence, voice)) = row else { return Ok(None) };
    let silence = silence.map(|word| from_word("silence of decision", id, &word)).transpose()?;
    Ok(Some(Decided { at: time(at), why: from_json("decision", id, &why)?, silence, voice }))
}

pub(super) async fn notes(conn: &mut Conn, brand: &BrandId, of: ConversationId) -> Result<Vec<Note>> {
    let rows: Vec<(i64, i64, String, String, i64)> = query_as(
        "SELECT note_id, case_number, agent, text, at FROM notes \
         WHERE brand = $1 AND conversation_id = $2 ORDER BY note_id",
    )
    .bind(brand.as_str())
    .bind(of.0)
    .fetch_all(conn)
    .await?;
    let note = |(id, number, agent, text, at): (i64, i64, String, String, i64)| {
        let agent: Agent = from_json("agent of note", id, &agent)?;
        let case = CaseId { conversation: of, number: u32::try_from(number).unwrap_or(u32::MAX) };
        Ok(Note { case, agent, text: NoteText::new(text), at: time(at) })
    };
    rows.into_iter().map(note).collect()
}

pub(super) async fn facts(conn: &mut Conn, brand: &BrandId, from: Timestamp, to: Timestamp) -> Result<Vec<LoggedFact>> {
    let rows: Vec<(i64, i64, i64, String, String, String)> = query_as(
        "SELECT fact_id, at, conversation_id, platform, voice, body FROM facts \
         WHERE brand = $1 AND at >= $2 AND at < $3 ORDER BY at, fact_id",
    )
    .bind(brand.as_str())
    .bind(us(from))
    .bind(us(to))
    .fetch_all(conn)
    .await?;
    let fact = |(id, at, conversation, platform, voice, body): (i64, i64, i64, String, String, String)| {
        let fact: EventFact = from_json("fact", id, &body)?;
        let (conversation, platform) = (ConversationId(conversation), Platform::new(platform));
        Ok(LoggedFact { at: time(at), conversation, platform, voice, fact })
    };
    rows.into_iter().map(fact).collect()
}

pub(super) async fn parked(conn: &mut Conn, brand: &BrandId) -> Result<Vec<Parked>> {
    let rows: Vec<(i64, i64, String, i64, Option<String>)> = query_as(
        "SELECT inbox_id, conversation_id, kind, parked_at, last_error FROM inbox \
         WHERE brand = $1 AND parked_at IS NOT NULL ORDER BY inbox_id",
    )
    .bind(brand.as_str())
    .fetch_all(conn)
    .await?;
    let parked = |(inbox, conversation, kind, at, error): (i64, i64, String, i64, Option<String>)| Parked {
        inbox: InboxId(inbox),
        conversation: ConversationId(conversation),
        kind,
        at: time(at),
        error: error.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(parked).collect())
}
