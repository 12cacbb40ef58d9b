//! Voices and platforms of each brand. What a platform must be like, its adapter knows; here it is told.

use std::sync::Arc;

use jiff::Zoned;
use tokio::task::JoinSet;

use super::machine;
use super::onlooker::Onlooker;
use super::report::Report;
use crate::adapters::Checked;
use crate::cli::run::begin::{Way, ways_of};
use crate::cli::run::prepare::{Prepared, PreparedBrand};
use crate::cli::voices;
use crate::store::Store;
use crate::voice::Level;
use crate::voice::load::load_on;

/// Looks at every brand that can be looked at, at all of its platforms at once.
pub(super) async fn examine(prepared: &Prepared, store: Option<Arc<dyn Store>>, report: &mut Report) {
    prepared.brands.iter().for_each(|brand| voice(brand, report));
    let onlooker = Arc::new(Onlooker { store });
    let ways: Vec<Way> = prepared.brands.iter().flat_map(|brand| ways_of(brand, &prepared.config)).collect();
    let mut checks = JoinSet::new();
    for (number, way) in ways.iter().enumerate() {
        let (adapter, onlooker) = (Arc::clone(&way.adapter), Arc::clone(&onlooker));
        checks.spawn(async move { (number, adapter.check(&*onlooker).await) });
    }
    let mut checked = checks.join_all().await;
    checked.sort_by_key(|(number, _)| *number);
    for (number, checked) in checked {
        if let Some(way) = ways.get(number) {
            platform(way, checked, report);
        }
    }
    if let Some(store) = &onlooker.store {
        store.close().await;
    }
}

fn voice(brand: &PreparedBrand, report: &mut Report) {
    let (id, name) = (&brand.voice.brand.id, &brand.config.voice);
    let about = format!("{id}, its voice");
    let Ok(files) = voices::one(name) else { return };
    let found = load_on(&files.sources, Some(Zoned::now().date())).findings;
    match found.iter().filter(|finding| matches!(finding.level, Level::Error | Level::Warning)).count() {
        0 => report.ok(&about, format!("{name} is fine")),
        1 => report.warn(&about, format!("1 finding; `housevoice check {name}` shows it")),
        many => report.warn(&about, format!("{many} findings; `housevoice check {name}` shows them")),
    }
}

fn platform(way: &Way, checked: Checked, report: &mut Report) {
    let about = format!("{} on {}", way.brand, way.platform);
    for fact in checked.facts {
        report.ok(&about, fact);
    }
    for problem in checked.problems {
        if problem.fatal {
            report.problem(&about, problem.sentence);
        } else {
            report.warn(&about, problem.sentence);
        }
    }
    if let Some(ahead) = checked.ahead {
        machine::clock(&about, ahead, report);
    }
}
