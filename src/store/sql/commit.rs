//! What came of an event, written as a whole: each part below, or nothing of it.

use super::dialect::{query, query_scalar};
use super::lines;
use super::outgoing::{self, Owned};
use super::values::{self, tag, to_json, us};
use super::{Conn, Result, cases, cover, state, timers};
use jiff::Timestamp;

use crate::engine::{Body, Conversation, Effect, EventFact, Silence, StaffPost, Step};
use crate::store::{Committed, InboxId, Loaded, Stamp, Stumble, Stumbled};
use crate::voice::BrandId;

pub(super) async fn commit(conn: &mut Conn, loaded: &Loaded, step: &Step, stamp: &Stamp) -> Result<Committed> {
    let before = &loaded.conversation;
    if !mark_handled(conn, &before.brand, loaded.inbox, stamp.at).await? {
        let_go(conn, loaded).await?;
        return Ok(Committed::Gone);
    }
    let Some(person) = write_person(conn, loaded, &step.conversation).await? else { return Ok(Committed::Conflict) };
    if !write_conversation(conn, loaded, step, stamp, person).await? {
        return Ok(Committed::Conflict);
    }
    let asks = step.why.reading.as_ref().is_some_and(|reading| reading.signals.question_form);
    lines::write_event(conn, before, &loaded.inbound.event, asks, loaded.inbound.at).await?;
    cases::write(conn, before, step, stamp.at).await?;
    timers::replace(conn, before, &step.conversation.deadlines()).await?;
    write_decision(conn, loaded, step, stamp).await?;
    for effect in &step.effects {
        write_effect(conn, loaded, step, effect, stamp).await?;
    }
    // Last, so that nothing written above escapes it.
    for effect in &step.effects {
        cover::apply(conn, before, effect).await?;
    }
    Ok(Committed::Done)
}

async fn mark_handled(conn: &mut Conn, brand: &BrandId, inbox: InboxId, at: Timestamp) -> Result<bool> {
    let marked = query(
        "UPDATE inbox SET done_at = $1, last_error = NULL \
         WHERE brand = $2 AND inbox_id = $3 AND done_at IS NULL",
    )
    .bind(us(at))
    .bind(brand.as_str())
    .bind(inbox.0)
    .execute(conn)
    .await?;
    Ok(marked.rows_affected() == 1)
}

/// The conversation is open to any process again.
async fn let_go(conn: &mut Conn, loaded: &Loaded) -> Result<()> {
    query("UPDATE conversations SET holder = NULL WHERE brand = $1 AND conversation_id = $2 AND fence = $3")
        .bind(loaded.conversation.brand.as_str())
        .bind(loaded.conversation.id.0)
        .bind(loaded.versions.fence)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes the person when the step changed them, and says under which version they stand then; none: they are not as they
/// were loaded any more.
async fn write_person(conn: &mut Conn, loaded: &Loaded, after: &Conversation) -> Result<Option<i64>> {
    let before = &loaded.conversation;
    if after.person == before.person {
        return Ok(Some(loaded.versions.person));
    }
    let written = query(
        "UPDATE people SET state = $1, version = version + 1 WHERE brand = $2 AND person_id = $3 AND version = $4",
    )
    .bind(state::person_state(&before.person, &after.person, &loaded.person_state)?)
    .bind(before.brand.as_str())
    .bind(before.person.id.0)
    .bind(loaded.versions.person)
    .execute(conn)
    .await?;
    Ok((written.rows_affected() == 1).then_some(loaded.versions.person + 1))
}

/// Writes the conversation, as long as it and its person are as they were; `person`: the person's version.
async fn write_conversation(conn: &mut Conn, loaded: &Loaded, step: &Step, stamp: &Stamp, person: i64) -> Result<bool> {
    let (before, after) = (&loaded.conversation, &step.conversation);
    let owner = after.owner();
    let (owner_kind, owner_id) = state::owner_columns(&owner);
    let written = query(
        "UPDATE conversations SET phase = $1, owner_kind = $2, owner_id = $3, epoch = $4, state = $5, updated_at = $6, \
                                  version = version + 1, holder = NULL \
         WHERE brand = $7 AND conversation_id = $8 AND version = $9 AND fence = $10 \
           AND EXISTS (SELECT 1 FROM people p WHERE p.brand = $7 AND p.person_id = $11 AND p.version = $12)",
    )
    .bind(after.phase.name())
    .bind(owner_kind)
    .bind(owner_id)
    .bind(i64::try_from(after.epoch).unwrap_or(i64::MAX))
    .bind(state::conversation_state(after)?)
    .bind(us(stamp.at))
    .bind(before.brand.as_str())
    .bind(before.id.0)
    .bind(loaded.versions.conversation)
    .bind(loaded.versions.fence)
    .bind(before.person.id.0)
    .bind(person)
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}

async fn write_effect(conn: &mut Conn, loaded: &Loaded, step: &Step, effect: &Effect, stamp: &Stamp) -> Result<()> {
    let before = &loaded.conversation;
    let after = &step.conversation;
    let owned = Owned {
        conversation: before,
        owner: after.owner(),
        epoch: after.epoch,
        desk: stamp.desk.as_ref(),
        via: loaded.via.as_deref(),
        post: loaded.post.as_deref(),
    };
    match effect {
        Effect::Send(outgoing) => {
            let line = lines::write_outgoing(conn, before, outgoing, stamp.at).await?;
            outgoing::write(conn, &owned, &Body::Send(outgoing.clone()), Some(line), stamp.at).await
        }
        Effect::React { message_id, emoji } => {
            let body = Body::React { message_id: message_id.clone(), emoji: emoji.clone() };
            outgoing::write(conn, &owned, &body, None, stamp.at).await
        }
        Effect::Staff(post) => {
            write_note(conn, before, post, stamp.at).await?;
            outgoing::write(conn, &owned, &Body::Staff(post.clone()), None, stamp.at).await
        }
        Effect::Log(fact) => write_fact(conn, before, fact, stamp).await,
        // The silence is a column of the decision; covering comes last.
        Effect::Silent(_) | Effect::Redact { .. } | Effect::Forget { .. } => Ok(()),
    }
}

async fn write_note(conn: &mut Conn, of: &Conversation, post: &StaffPost, at: Timestamp) -> Result<()> {
    let StaffPost::Note { case, agent, text } = post else { return Ok(()) };
    query("INSERT INTO notes (brand, conversation_id, case_number, agent, text, at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(of.brand.as_str())
        .bind(of.id.0)
        .bind(i64::from(case.number))
        .bind(to_json("agent", agent)?)
        .bind(values::text(text.for_staff()))
        .bind(us(at))
        .execute(conn)
        .await?;
    Ok(())
}

async fn write_fact(conn: &mut Conn, of: &Conversation, fact: &EventFact, stamp: &Stamp) -> Result<()> {
    query(
        "INSERT INTO facts (brand, conversation_id, platform, at, kind, body, voice) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(of.brand.as_str())
    .bind(of.id.0)
    .bind(of.platform.as_str())
    .bind(us(stamp.at))
    .bind(tag("fact", fact)?)
    .bind(to_json("fact", fact)?)
    .bind(&stamp.voice)
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_decision(conn: &mut Conn, loaded: &Loaded, step: &Step, stamp: &Stamp) -> Result<()> {
    let silence = step.effects.iter().find_map(|effect| match effect {
        Effect::Silent(reason) => Some(reason),
        Effect::Send(_)
        | Effect::React { .. }
        | Effect::Staff(_)
        | Effect::Log(_)
        | Effect::Redact { .. }
        | Effect::Forget { .. } => None,
    });
    query(
        "INSERT INTO decisions (brand, conversation_id, inbox_id, message_id, at, why, silence, voice) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(loaded.conversation.brand.as_str())
    .bind(loaded.conversation.id.0)
    .bind(loaded.inbox.0)
    .bind(loaded.inbound.event.message_id())
    .bind(us(stamp.at))
    .bind(to_json("decision", &step.why)?)
    .bind(silence.copied().map(Silence::name))
    .bind(&stamp.voice)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn skip(conn: &mut Conn, inbox: &Mine, why: &str, now: Timestamp) -> Result<()> {
    query(
        "UPDATE inbox SET done_at = $1, last_error = $2 WHERE brand = $3 AND inbox_id = $4 AND done_at IS NULL \
           AND EXISTS (SELECT 1 FROM conversations c WHERE c.brand = inbox.brand \
                         AND c.conversation_id = inbox.conversation_id AND (c.holder IS NULL OR c.holder = $5))",
    )
    .bind(us(now))
    .bind(why)
    .bind(inbox.brand.as_str())
    .bind(inbox.id.0)
    .bind(&inbox.me)
    .execute(&mut *conn)
    .await?;
    inbox.let_go(conn).await
}

/// An event that this process works on: what it makes of it counts only as long as nobody else has taken it over.
#[derive(Clone, Debug)]
pub(super) struct Mine {
    pub(super) brand: BrandId,
    pub(super) id: InboxId,
    pub(super) me: String,
}

impl Mine {
    /// The conversation is open to any process again.
    async fn let_go(&self, conn: &mut Conn) -> Result<()> {
        query(
            "UPDATE conversations SET holder = NULL WHERE brand = $1 AND holder = $2 AND conversation_id = \
               (SELECT conversation_id FROM inbox WHERE brand = $1 AND inbox_id = $3)",
        )
        .bind(self.brand.as_str())
        .bind(&self.me)
        .bind(self.id.0)
        .execute(conn)
        .await?;
        Ok(())
    }
}

pub(super) async fn stumbled(conn: &mut Conn, inbox: &Mine, stumble: &Stumble) -> Result<Option<Stumbled>> {
    let parked: Option<Option<i64>> = query_scalar(
        "UPDATE inbox SET attempts = attempts + 1, last_error = $1, not_before = $2, \
                          parked_at = CASE WHEN attempts + 1 >= $3 THEN $4 ELSE NULL END, \
                          done_at = CASE WHEN attempts + 1 >= $3 THEN $4 ELSE NULL END \
         WHERE brand = $5 AND inbox_id = $6 AND done_at IS NULL \
           AND EXISTS (SELECT 1 FROM conversations c WHERE c.brand = inbox.brand \
                         AND c.conversation_id = inbox.conversation_id AND (c.holder IS NULL OR c.holder = $7)) \
         RETURNING parked_at",
    )
    .bind(&stumble.error)
    .bind(us(stumble.again_at))
    .bind(i64::from(stumble.tries))
    .bind(us(stumble.at))
    .bind(inbox.brand.as_str())
    .bind(inbox.id.0)
    .bind(&inbox.me)
    .fetch_optional(&mut *conn)
    .await?;
    inbox.let_go(conn).await?;
    Ok(parked.map(|parked| if parked.is_some() { Stumbled::Parked } else { Stumbled::Again }))
}
