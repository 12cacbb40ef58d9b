//! `housevoice run`: brands in service, on the platforms that bot.toml names, until told to stop.
//!
//! | file | idea |
//! |---|---|
//! | `prepare` | bot.toml, voices and secrets, with everything that is wrong in them at once |
//! | `begin` | database, bot and adapters, put together |
//! | `serve` | the loops, side by side, and a clean stop |
//! | `listen` | platforms listened to, whatever ends by itself |
//! | `web` | `/healthz`, `/readyz`, `/metrics`, webhooks |
//! | `log` | what is logged, and how |

pub(super) mod begin;
mod listen;
mod log;
pub(super) mod prepare;
mod serve;
mod web;

use std::path::PathBuf;

use clap::Args;
use tokio::runtime::Builder;

use self::begin::Begun;
use self::prepare::Prepared;
use super::{Outcome, Trouble};

/// Which brands, and where.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// The file that says which brands speak where; bot.example.toml explains every key
    #[arg(long, value_name = "FILE", default_value = "bot.toml")]
    config: PathBuf,
    /// Find out whether all is as it must be (tokens, rights, places), say so, and end
    #[arg(long)]
    check_only: bool,
}

/// Runs until told to stop.
pub(super) fn run(options: &Options, verbose: bool) -> Result<Outcome, Trouble> {
    let mut prepared = prepare::prepare(&options.config)?;
    if verbose {
        prepared.config.log.level = "debug".to_owned();
    }
    // Whoever only asks whether all is well reads sentences, not a log.
    if verbose || !options.check_only {
        log::begin(&prepared.config.log, prepared.secrets());
    }
    let runtime = Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Trouble::new(format!("cannot start: {error}")))?;
    let ended = runtime.block_on(live(prepared, options.check_only));
    // What hangs in a socket must not hold up the end.
    runtime.shutdown_background();
    ended
}

async fn live(prepared: Prepared, check_only: bool) -> Result<Outcome, Trouble> {
    let begun = begin::begin(prepared).await?;
    let ended = checked_and_served(&begun, check_only).await;
    begun.close().await;
    ended
}

async fn checked_and_served(begun: &Begun, check_only: bool) -> Result<Outcome, Trouble> {
    begun.check(check_only).await?;
    if check_only { Ok(Outcome::Fine) } else { serve::serve(begun).await }
}
