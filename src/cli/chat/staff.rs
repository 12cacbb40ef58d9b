//! What the team sees, in lines.

use crate::adapters::console::clean_line;
use crate::engine::{By, Case, CaseChange, Packet, Refusal, StaffPost};

/// A post for the team, in lines.
pub(super) fn lines(post: &StaffPost) -> Vec<String> {
    let lines = match post {
        StaffPost::Packet(packet) => packet_lines(packet),
        StaffPost::CustomerWrote { case, text } => vec![format!("case {case}, the customer: {}", clean_line(text))],
        StaffPost::CustomerEdited { case, text: Some(text) } => {
            vec![format!("case {case}, the customer changed a message to: {}", clean_line(text))]
        }
        StaffPost::CustomerEdited { case, text: None } => vec![format!("case {case}, the customer deleted a message")],
        StaffPost::Note { case, agent, text } => {
            vec![format!("case {case}, note by {}: {}", clean_line(&agent.name), clean_line(text.for_staff()))]
        }
        StaffPost::Changed { case, what } => vec![format!("case {case}: {}", change(what))],
        StaffPost::Refused { agent, why } => vec![format!("{}: {}", clean_line(&agent.name), refusal(why))],
    };
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// A case in one line.
pub(super) fn case_line(case: &Case) -> String {
    let urgency = format!("{:?}", case.priority).to_lowercase();
    let reopened = if case.reopened > 0 { format!(", reopened {} times", case.reopened) } else { String::new() };
    format!("case {}: {}, {urgency}, team {}{reopened}", case.id, case.reason, case.team)
}

fn packet_lines(packet: &Packet) -> Vec<String> {
    let name = if packet.customer.is_empty() { "without a name".to_owned() } else { clean_line(&packet.customer) };
    let mut lines =
        vec![case_line(&packet.case), format!("customer: {name}, on {}, answer in {}", packet.platform, packet.locale)];
    if packet.irritation > 0 {
        lines.push(format!("irritation: {} of 3 ({})", packet.irritation, clean_line(&packet.cues.join(", "))));
    }
    lines.extend(packet.slots.iter().map(|(title, value)| format!("{}: {}", clean_line(title), clean_line(value))));
    if !packet.near.is_empty() {
        let near: Vec<&str> = packet.near.iter().map(|id| id.as_str()).collect();
        lines.push(format!("came close: {}", near.join(", ")));
    }
    for turn in &packet.turns {
        let by = match turn.by {
            By::Customer => "customer",
            By::Bot => "bot",
            By::Agent => "agent",
        };
        let text = if turn.text.is_empty() { "(deleted)".to_owned() } else { clean_line(&turn.text) };
        lines.push(format!("  {by}: {text}"));
    }
    lines
}

fn change(what: &CaseChange) -> String {
    match what {
        CaseChange::Claimed(agent) => format!("{} has it", clean_line(&agent.name)),
        CaseChange::Released => "back in the queue".to_owned(),
        CaseChange::Transferred(team) => format!("now with team {team}"),
        CaseChange::HandedBack(agent) => format!("{} gave it back to the bot", clean_line(&agent.name)),
        CaseChange::Resolved(outcome) => format!("ended: {}", clean_line(outcome)),
        CaseChange::Reopened => "open again, the customer wrote".to_owned(),
        CaseChange::Cancelled => "called off by the customer".to_owned(),
        CaseChange::Delayed => "waits for longer than promised".to_owned(),
        CaseChange::Closing => "about to be closed, the customer is quiet".to_owned(),
        CaseChange::Closed => "closed".to_owned(),
        CaseChange::Unanswered => "closed, nobody answered it".to_owned(),
        CaseChange::Unreachable(reason) => format!("the customer cannot be reached: {}", clean_line(reason)),
    }
}

fn refusal(why: &Refusal) -> String {
    match why {
        Refusal::NoCase => "there is no open case here".to_owned(),
        Refusal::Taken(agent) => format!("{} has the case", clean_line(&agent.name)),
        Refusal::Changed => "the case has changed in between".to_owned(),
        Refusal::Empty => "there are no words in it".to_owned(),
    }
}
