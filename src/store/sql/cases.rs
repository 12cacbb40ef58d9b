//! The table of cases: written from the phase with each step, read for the queue and for people.

use jiff::{SignedDuration, Timestamp};

use super::dialect::{query, query_as, query_scalar, row};
use super::state::owner_columns;
use super::values::{from_word, span_us, tag, time, us};
use super::{Conn, Result};
use crate::engine::{
    Agent, Case, CaseId, Closed, Conversation, ConversationId, Effect, EventFact, Owner, Phase, Place, SaidBy, Step,
};
use crate::store::OpenCase;
use crate::voice::{BrandId, Platform, Priority, TeamId};

/// Brings the table up to what a step made of the case.
pub(super) async fn write(conn: &mut Conn, before: &Conversation, step: &Step, at: Timestamp) -> Result<()> {
    let after = &step.conversation;
    if let Some(case) = before.case()
        && after.case().is_none_or(|now| now.id != case.id)
    {
        close(conn, before, case, step, at).await?;
    }
    if let Some(case) = after.case() {
        let claimed =
            matches!(before.owner(), Owner::Bot | Owner::Queue(_)) && matches!(after.owner(), Owner::Agent(_));
        upsert(conn, before, after, case, claimed.then_some(at)).await?;
        if agent_replied(step) {
            first_reply(conn, before, case, at).await?;
        }
    }
    Ok(())
}

async fn upsert(
    conn: &mut Conn,
    before: &Conversation,
    after: &Conversation,
    case: &Case,
    claimed: Option<Timestamp>,
) -> Result<()> {
    let owner = after.owner();
    let (owner_kind, owner_id) = owner_columns(&owner);
    let waited = claimed.map(|at| span_us(at.duration_since(case.queued_at)).max(0));
    let outcome = if let Phase::Resolved { outcome, .. } = &after.phase { Some(outcome.as_str()) } else { None };
    query(
        "INSERT INTO cases (brand, conversation_id, number, platform, state, owner_kind, owner_id, owner_name, epoch, reason, \
                            priority, team, opened_at, queued_at, claimed_at, waited, outcome, reopened) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
         ON CONFLICT (brand, conversation_id, number) DO UPDATE SET \
           state = excluded.state, owner_kind = excluded.owner_kind, owner_id = excluded.owner_id, owner_name = excluded.owner_name, \
           epoch = excluded.epoch, reason = excluded.reason, priority = excluded.priority, team = excluded.team, queued_at = excluded.queued_at, \
           claimed_at = COALESCE(excluded.claimed_at, cases.claimed_at), waited = COALESCE(excluded.waited, cases.waited), \
           outcome = excluded.outcome, reopened = excluded.reopened, closed_at = NULL",
    )
    .bind(before.brand.as_str())
    .bind(before.id.0)
    .bind(i64::from(case.id.number))
    .bind(before.platform.as_str())
    .bind(after.phase.name())
    .bind(owner_kind)
    .bind(owner_id)
    .bind(owner_name(&owner))
    .bind(i64::try_from(after.epoch).unwrap_or(i64::MAX))
    .bind(case.reason.name())
    .bind(rank(case.priority))
    .bind(case.team.as_str())
    .bind(us(case.opened_at))
    .bind(us(case.queued_at))
    .bind(claimed.map(us))
    .bind(waited)
    .bind(outcome)
    .bind(i64::from(case.reopened))
    .execute(conn)
    .await?;
    Ok(())
}

fn owner_name(owner: &Owner) -> &str {
    match owner {
        Owner::Agent(agent) => &agent.name,
        Owner::Bot | Owner::Queue(_) => "",
    }
}

fn agent_replied(step: &Step) -> bool {
    step.effects.iter().any(|effect| match effect {
        Effect::Send(outgoing) => matches!(outgoing.by, SaidBy::Agent(_)),
        Effect::Log(fact) => matches!(fact, EventFact::AgentReplied { .. }),
        Effect::React { .. } | Effect::Silent(_) | Effect::Staff(_) | Effect::Redact { .. } | Effect::Forget { .. } => {
            false
        }
    })
}

async fn first_reply(conn: &mut Conn, of: &Conversation, case: &Case, at: Timestamp) -> Result<()> {
    query(
        "UPDATE cases SET first_reply_at = COALESCE(first_reply_at, $1) \
         WHERE brand = $2 AND conversation_id = $3 AND number = $4",
    )
    .bind(us(at))
    .bind(of.brand.as_str())
    .bind(of.id.0)
    .bind(i64::from(case.id.number))
    .execute(conn)
    .await?;
    Ok(())
}

/// Closes a case that the conversation has left behind. A case that was resolved keeps its outcome.
async fn close(conn: &mut Conn, before: &Conversation, case: &Case, step: &Step, at: Timestamp) -> Result<()> {
    query(
        "UPDATE cases SET state = 'closed', owner_kind = 'bot', owner_id = '', owner_name = '', epoch = $1, closed_at = $2, \
                          outcome = COALESCE(outcome, $3) \
         WHERE brand = $4 AND conversation_id = $5 AND number = $6",
    )
    .bind(i64::try_from(step.conversation.epoch).unwrap_or(i64::MAX))
    .bind(us(at))
    .bind(how_it_ended(case, step)?)
    .bind(before.brand.as_str())
    .bind(before.id.0)
    .bind(i64::from(case.id.number))
    .execute(conn)
    .await?;
    Ok(())
}

/// How a case ended that nobody resolved: what the step says of it last, else what the conversation came to.
fn how_it_ended(case: &Case, step: &Step) -> Result<String> {
    for effect in step.effects.iter().rev() {
        if let Effect::Log(EventFact::Case { case: of, change }) = effect
            && *of == case.id
        {
            return tag("case change", change);
        }
    }
    let after = &step.conversation.phase;
    if let Phase::Closed { how } = after {
        return tag::<Closed>("end of conversation", how);
    }
    Ok(after.name().to_owned())
}

/// A priority as a number: the most urgent first when sorted downwards.
fn rank(priority: Priority) -> i64 {
    match priority {
        Priority::Normal => 0,
        Priority::High => 1,
        Priority::Urgent => 2,
    }
}

fn priority(rank: i64) -> Priority {
    match rank {
        2.. => Priority::Urgent,
        1 => Priority::High,
        _ => Priority::Normal,
    }
}

/// Whether any case waits, and whether any was claimed since a moment.
pub(super) async fn any(conn: &mut Conn, brand: &BrandId, since: Timestamp) -> Result<(bool, bool)> {
    Ok(query_as(
        "SELECT EXISTS (SELECT 1 FROM cases WHERE brand = $1 AND closed_at IS NULL AND state = 'queued'), \
                EXISTS (SELECT 1 FROM cases WHERE brand = $1 AND claimed_at IS NOT NULL AND claimed_at >= $2)",
    )
    .bind(brand.as_str())
    .bind(us(since))
    .fetch_one(conn)
    .await?)
}

/// How many cases wait before the one of this conversation, or before the one it would open now.
pub(super) async fn ahead(conn: &mut Conn, conversation: &Conversation) -> Result<u32> {
    let queued = match &conversation.phase {
        Phase::Queued { case, .. } => (rank(case.priority), us(case.queued_at)),
        Phase::Bot
        | Phase::Offered { .. }
        | Phase::Human { .. }
        | Phase::WaitingCustomer { .. }
        | Phase::Closing { .. }
        | Phase::Resolved { .. }
        | Phase::Closed { .. } => (rank(Priority::Normal), i64::MAX),
    };
    let ahead: i64 = query_scalar(
        "SELECT COUNT(*) FROM cases WHERE brand = $1 AND state = 'queued' AND closed_at IS NULL AND conversation_id <> $2 \
           AND (priority > $3 OR (priority = $3 AND queued_at <= $4))",
    )
    .bind(conversation.brand.as_str())
    .bind(conversation.id.0)
    .bind(queued.0)
    .bind(queued.1)
    .fetch_one(conn)
    .await?;
    Ok(u32::try_from(ahead).unwrap_or(u32::MAX))
}

/// How many claims are looked at, and how few say nothing yet about what is usual.
const CLAIMS: (i64, usize) = (21, 3);

/// The median wait of the last claims.
pub(super) async fn usual_wait(conn: &mut Conn, brand: &BrandId, since: Timestamp) -> Result<Option<SignedDuration>> {
    let (newest, fewest) = CLAIMS;
    let mut waits: Vec<i64> = query_scalar(
        "SELECT waited FROM cases WHERE brand = $1 AND claimed_at IS NOT NULL AND claimed_at >= $2 AND waited IS NOT NULL \
         ORDER BY claimed_at DESC LIMIT $3",
    )
    .bind(brand.as_str())
    .bind(us(since))
    .bind(newest)
    .fetch_all(conn)
    .await?;
    waits.sort_unstable();
    let median = waits.get(waits.len() / 2).filter(|_| waits.len() >= fewest);
    Ok(median.map(|wait| SignedDuration::from_micros(*wait)))
}

row! {
    struct OpenRow {
        conversation_id: i64,
        number: i64,
        platform: String,
        place_id: String,
        place_kind: String,
        place_name: String,
        customer: String,
        state: String,
        owner_kind: String,
        owner_id: String,
        owner_name: String,
        epoch: i64,
        reason: String,
        priority: i64,
        team: String,
        opened_at: i64,
        queued_at: i64,
        claimed_at: Option<i64>,
        first_reply_at: Option<i64>,
    }
}

impl OpenRow {
    fn case(self) -> Result<OpenCase> {
        let conversation = ConversationId(self.conversation_id);
        let owner = match self.owner_kind.as_str() {
            "agent" => Owner::Agent(Agent { id: self.owner_id, name: self.owner_name }),
            "queue" => Owner::Queue(TeamId::new(self.owner_id)),
            _ => Owner::Bot,
        };
        Ok(OpenCase {
            case: CaseId { conversation, number: u32::try_from(self.number).unwrap_or(u32::MAX) },
            platform: Platform::new(self.platform),
            place: Place {
                id: self.place_id,
                kind: from_word("kind of place of conversation", conversation.0, &self.place_kind)?,
                name: self.place_name,
            },
            customer: self.customer,
            state: self.state,
            owner,
            epoch: u64::try_from(self.epoch).unwrap_or(0),
            reason: self.reason,
            priority: priority(self.priority),
            team: TeamId::new(self.team),
            opened_at: time(self.opened_at),
            queued_at: time(self.queued_at),
            claimed_at: self.claimed_at.map(time),
            first_reply_at: self.first_reply_at.map(time),
        })
    }
}

pub(super) async fn open(conn: &mut Conn, brand: &BrandId) -> Result<Vec<OpenCase>> {
    let rows: Vec<OpenRow> = query_as(
        "SELECT k.conversation_id, k.number, k.platform, c.place_id, c.place_kind, c.place_name, p.name AS customer, \
                k.state, k.owner_kind, k.owner_id, k.owner_name, k.epoch, k.reason, k.priority, k.team, k.opened_at, k.queued_at, \
                k.claimed_at, k.first_reply_at \
         FROM cases k JOIN conversations c ON c.conversation_id = k.conversation_id AND c.brand = k.brand \
         JOIN people p ON p.person_id = c.person_id AND p.brand = c.brand \
         WHERE k.brand = $1 AND k.closed_at IS NULL AND k.state <> 'resolved' \
         ORDER BY k.priority DESC, k.queued_at, k.conversation_id",
    )
    .bind(brand.as_str())
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(OpenRow::case).collect()
}
