//! Rows that were given up are put back, and each that cannot be is told with why.

use jiff::Timestamp;
use serde_json::json;

use super::{Format, Options, unsent, unusable};
use crate::cli::{Outcome, Trouble, print};
use crate::engine::OutboxId;
use crate::store::{NotPutBack, PutBack, Store, UnsentState};
use crate::voice::BrandId;

/// Puts back what was asked for; one that cannot be is a finding.
pub(super) async fn put_back(options: &Options, store: &dyn Store, brands: &[BrandId]) -> Result<Outcome, Trouble> {
    let numbers = if options.retry_failed {
        given_up(store, brands).await?
    } else {
        options.retry.iter().map(|number| OutboxId(*number)).collect()
    };
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for id in numbers {
        match one(store, brands, id).await? {
            PutBack::Done => done.push(id),
            PutBack::Refused(why) => refused.push((id, why)),
        }
    }
    let served = store.is_served().await.map_err(unusable)?;
    print(&match options.format {
        Format::Text => text(&done, &refused, served),
        Format::Json => {
            let refused = refused.iter().map(|(id, why)| json!({ "number": id.0, "why": name(*why) }));
            let refused: Vec<_> = refused.collect();
            format!("{}\n", json!({ "retried": done, "refused": refused, "served": served }))
        }
    });
    Ok(if refused.is_empty() { Outcome::Fine } else { Outcome::Findings })
}

async fn given_up(store: &dyn Store, brands: &[BrandId]) -> Result<Vec<OutboxId>, Trouble> {
    let all = unsent(store, brands).await?;
    let rows = all.into_iter().flat_map(|(_, rows)| rows);
    let failed = rows.filter(|row| matches!(row.state, UnsentState::Failed { .. }));
    Ok(failed.map(|row| row.id).collect())
}

/// A number is of one brand alone; of which, whoever asks need not know.
async fn one(store: &dyn Store, brands: &[BrandId], id: OutboxId) -> Result<PutBack, Trouble> {
    for brand in brands {
        match store.put_back(brand, id, Timestamp::now()).await.map_err(unusable)? {
            PutBack::Refused(NotPutBack::NotThere) => {}
            found @ (PutBack::Done | PutBack::Refused(_)) => return Ok(found),
        }
    }
    Ok(PutBack::Refused(NotPutBack::NotThere))
}

fn text(done: &[OutboxId], refused: &[(OutboxId, NotPutBack)], served: bool) -> String {
    let lines = refused.iter().map(|(id, why)| format!("{id} is not tried again: {}\n", sentence(*why)));
    let mut text: String = done.iter().map(|id| format!("{id} is tried again\n")).chain(lines).collect();
    if !done.is_empty() && !served {
        text.push_str("nobody serves the database at the moment: it leaves once `housevoice run` runs\n");
    }
    if text.is_empty() {
        text.push_str("nothing was given up\n");
    }
    text
}

fn sentence(why: NotPutBack) -> &'static str {
    match why {
        NotPutBack::NotThere => "there is no such message, or it is long gone",
        NotPutBack::Sent => "it was sent",
        NotPutBack::OnItsWay => "it was not given up; it is on its way, or waits for its turn",
        NotPutBack::Overtaken => {
            "somebody else has the conversation by now, or it has gone on, so it does not fit any more"
        }
        NotPutBack::TooLate => "it came too late for a public place, and would again",
        NotPutBack::NoWords => "its words were removed",
    }
}

fn name(why: NotPutBack) -> &'static str {
    match why {
        NotPutBack::NotThere => "not_there",
        NotPutBack::Sent => "sent",
        NotPutBack::OnItsWay => "on_its_way",
        NotPutBack::Overtaken => "overtaken",
        NotPutBack::TooLate => "too_late",
        NotPutBack::NoWords => "no_words",
    }
}
