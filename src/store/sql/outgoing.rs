//! What goes out, as it is written with the step: whose it is, which line it stands in, whether it can be overtaken.

use jiff::Timestamp;

use super::dialect::query_scalar;
use super::state::owner_columns;
use super::values::{to_json, us};
use super::{Conn, Result, buttons};
use crate::engine::{Body, Conversation, Lane, OutboxId, Outgoing, Owner, SaidBy, StaffPost};
use crate::voice::Platform;

/// What the sender of a row was when it was written.
pub(super) struct Owned<'a> {
    pub(super) conversation: &'a Conversation,
    pub(super) owner: Owner,
    pub(super) epoch: u64,
    /// Where the brand's team works; none: on the platform of the conversation.
    pub(super) desk: Option<&'a Platform>,
    /// How whoever caused it can be answered.
    pub(super) via: Option<&'a str>,
    /// Under which post for the team it was done.
    pub(super) post: Option<&'a str>,
}

pub(super) async fn write(
    conn: &mut Conn,
    owned: &Owned<'_>,
    body: &Body,
    line: Option<i64>,
    at: Timestamp,
) -> Result<()> {
    let (owner_kind, owner_id) = owner_columns(&owned.owner);
    let (kind, queue, lane) = columns(body);
    let of = owned.conversation;
    let platform = match body {
        Body::Staff(_) => owned.desk.unwrap_or(&of.platform),
        Body::Send(_) | Body::React { .. } => &of.platform,
    };
    let id: i64 = query_scalar(
        "INSERT INTO outbox (brand, platform, conversation_id, transcript_id, kind, case_number, queue, lane, gated, epoch, \
                             owner_kind, owner_id, body, state, not_before, created_at, via, post) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'pending', 0, $14, $15, $16) RETURNING outbox_id",
    )
    .bind(owned.conversation.brand.as_str())
    .bind(platform.as_str())
    .bind(owned.conversation.id.0)
    .bind(line)
    .bind(kind)
    .bind(case_number(owned, body))
    .bind(queue)
    .bind(lane)
    .bind(i64::from(is_gated(body)))
    .bind(i64::try_from(owned.epoch).unwrap_or(i64::MAX))
    .bind(owner_kind)
    .bind(owner_id)
    .bind(to_json("outgoing", body)?)
    .bind(us(at))
    .bind(owned.via)
    .bind(owned.post.filter(|_| is_answer_to_agent(body)))
    .fetch_one(&mut *conn)
    .await?;
    buttons::write(conn, owned, OutboxId(id), body, platform, at).await
}

/// Whether it is for whoever of the team did something, and is read where they did it.
fn is_answer_to_agent(body: &Body) -> bool {
    match body {
        Body::Staff(StaffPost::Refused { .. } | StaffPost::Note { .. }) => true,
        Body::Staff(_) | Body::Send(_) | Body::React { .. } => false,
    }
}

/// The case that a post for the team is about.
fn case_number(owned: &Owned<'_>, body: &Body) -> Option<i64> {
    let Body::Staff(post) = body else { return None };
    let case = post.case().or_else(|| owned.conversation.case().map(|case| case.id));
    case.map(|case| i64::from(case.number))
}

/// What kind it is, in whose line it stands and how soon it leaves.
fn columns(body: &Body) -> (&'static str, &'static str, i64) {
    match body {
        Body::Send(Outgoing { lane: Lane::Safety, .. }) => ("send", "safety", 0),
        Body::Send(Outgoing { lane: Lane::Case, .. }) => ("send", "customer", 1),
        Body::Send(Outgoing { lane: Lane::Answer, .. }) => ("send", "customer", 2),
        // Chatter comes last, in a line of its own: nothing that says something waits behind it.
        Body::React { .. } => ("react", "chatter", 3),
        Body::Staff(_) => ("staff", "staff", 1),
    }
}

/// Whether a change of owner overtakes it.
fn is_gated(body: &Body) -> bool {
    match body {
        Body::Send(outgoing) => outgoing.by == SaidBy::Bot && outgoing.lane != Lane::Safety,
        Body::React { .. } => true,
        Body::Staff(_) => false,
    }
}
