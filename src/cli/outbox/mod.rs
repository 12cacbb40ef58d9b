//! `housevoice outbox`: what could not be sent, and trying it again, beside a bot that runs.
//!
//! | file | idea |
//! |---|---|
//! | `listed` | each row in plain words, or as JSON |
//! | `again` | rows that were given up are put back |

mod again;
mod listed;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use tokio::runtime::Builder;

use super::run::prepare;
use super::{Outcome, Trouble};
use crate::config::{Config, StoreAt};
use crate::store::{Postgres, Sqlite, Store, StoreError, Unsent};
use crate::voice::BrandId;

/// Which rows, and what to do with them.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// The file that says which brands speak where, and where everything is kept
    #[arg(long, value_name = "FILE", default_value = "bot.toml")]
    config: PathBuf,
    /// Only this brand
    #[arg(long, value_name = "ID")]
    brand: Option<String>,
    /// Try these again that were given up, by number
    #[arg(long, value_name = "NUMBER", num_args = 1.., conflicts_with = "retry_failed")]
    retry: Vec<i64>,
    /// Try everything again that was given up
    #[arg(long)]
    retry_failed: bool,
    /// How it is told
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// For programs: one JSON object.
    Json,
}

/// Lists, or puts back.
pub(super) fn run(options: &Options) -> Result<Outcome, Trouble> {
    let config = prepare::configured(&options.config).map_err(|wrong| Trouble::new(wrong.join("\nhousevoice: ")))?;
    let brands = brands(&config, &options.config, options.brand.as_deref())?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Trouble::new(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        let store = open_beside(&config.store).await.map_err(unusable)?;
        let done = look_or_put_back(options, &*store, &brands).await;
        store.close().await;
        done
    })
}

async fn look_or_put_back(options: &Options, store: &dyn Store, brands: &[BrandId]) -> Result<Outcome, Trouble> {
    if options.retry_failed || !options.retry.is_empty() {
        return again::put_back(options, store, brands).await;
    }
    listed::list(options.format, &unsent(store, brands).await?)
}

/// Opens the database beside whatever serves it.
pub(super) async fn open_beside(at: &StoreAt) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match at {
        StoreAt::File(path) => Arc::new(Sqlite::open_beside(path).await?),
        StoreAt::Postgres(url) => Arc::new(Postgres::open_beside(url).await?),
    })
}

/// What was not sent, by brand.
async fn unsent(store: &dyn Store, brands: &[BrandId]) -> Result<Vec<(BrandId, Vec<Unsent>)>, Trouble> {
    let mut all = Vec::new();
    for brand in brands {
        all.push((brand.clone(), store.unsent(brand).await.map_err(unusable)?));
    }
    Ok(all)
}

fn unusable(error: StoreError) -> Trouble {
    Trouble::new(error.to_string())
}

/// The brands of bot.toml, or the one that is wanted of them. Their names stand in their voices; no secret is needed.
fn brands(config: &Config, path: &Path, wanted: Option<&str>) -> Result<Vec<BrandId>, Trouble> {
    let mut brands = Vec::new();
    for brand in &config.brands {
        brands.push(prepare::voice_of(&brand.voice).map_err(Trouble::new)?.1.brand.id);
    }
    let Some(wanted) = wanted else { return Ok(brands) };
    match brands.iter().find(|brand| brand.as_str() == wanted) {
        Some(brand) => Ok(vec![brand.clone()]),
        None => {
            let known: Vec<&str> = brands.iter().map(BrandId::as_str).collect();
            let (path, known) = (path.display(), known.join(", "));
            Err(Trouble::new(format!("there is no brand {wanted} in {path}; its brands are: {known}")))
        }
    }
}
