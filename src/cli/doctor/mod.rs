//! `housevoice doctor`: whether everything around the bot is as it must be, and what to do where it is not. It sends
//! nothing, sets nothing, and runs beside a bot that serves.
//!
//! | file | idea |
//! |---|---|
//! | `report` | findings as lines, or as JSON |
//! | `brands` | voices and platforms of each brand |
//! | `onlooker` | what platforms are checked with: it takes nothing in |
//! | `database` | the file, its tables, who serves it, who can read it |
//! | `machine` | the clock and the disk |

mod brands;
mod database;
mod machine;
mod onlooker;
mod report;

use std::path::PathBuf;

use clap::Args;
use tokio::runtime::Builder;

use self::report::Report;
use super::outbox::Format;
use super::run::prepare;
use super::{Outcome, Trouble, print};

/// What to look at.
#[derive(Args, Debug)]
#[command(after_help = "Exit code: 0 all is well, 1 warnings, 2 problems.")]
pub(super) struct Options {
    /// The file that says which brands speak where
    #[arg(long, value_name = "FILE", default_value = "bot.toml")]
    config: PathBuf,
    /// How it is told
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Looks at everything; one thing that is wrong keeps nothing else from being looked at.
pub(super) fn run(options: &Options) -> Result<Outcome, Trouble> {
    let runtime = Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Trouble::new(format!("cannot start: {error}")))?;
    let report = runtime.block_on(examine(options));
    print(&match options.format {
        Format::Text => report.text(),
        Format::Json => format!("{}\n", report.json()),
    });
    Ok(report.outcome())
}

async fn examine(options: &Options) -> Report {
    let mut report = Report::default();
    let name = options.config.display().to_string();
    let (prepared, wrong) = match prepare::look(&options.config) {
        Ok(looked) => looked,
        Err(wrong) => {
            wrong.into_iter().for_each(|sentence| report.problem(&name, sentence));
            return report;
        }
    };
    if wrong.is_empty() {
        report.ok(&name, "every key is known, every secret is set, every voice can be spoken with");
    }
    wrong.into_iter().for_each(|sentence| report.problem(&name, sentence));
    let store = database::examine(&prepared.config.store, &mut report).await;
    brands::examine(&prepared, store, &mut report).await;
    report
}
