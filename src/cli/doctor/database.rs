//! Where everything is kept: its tables, whether it is sound, who serves it, who can read it.

use std::path::Path;
use std::sync::Arc;

use super::machine;
use super::report::Report;
use crate::config::StoreAt;
use crate::store::{Postgres, Sqlite, Store, Tables};

/// Looks at the database; gives it back where it can be used.
pub(super) async fn examine(at: &StoreAt, report: &mut Report) -> Option<Arc<dyn Store>> {
    match at {
        StoreAt::File(path) => {
            let store = file(path, report).await;
            machine::disk(path, report);
            store.map(|store| Arc::new(store) as _)
        }
        StoreAt::Postgres(url) => server(url, report).await.map(|store| Arc::new(store) as _),
    }
}

/// Connections below which processes may soon get none.
const FEW: i64 = 10;

async fn server(url: &str, report: &mut Report) -> Option<Postgres> {
    let about = "the database";
    let seen = match Postgres::look_at(url).await {
        Ok(seen) => seen,
        Err(error) => {
            report.problem(about, error.to_string());
            return None;
        }
    };
    report.ok(about, format!("PostgreSQL {} answers", seen.server));
    told_tables(seen.tables, about, report);
    match seen.at_work {
        0 => report.ok(about, "no housevoice works on it at the moment"),
        1 => report.ok(about, "1 housevoice works on it"),
        many => report.ok(about, format!("{many} housevoices work on it")),
    }
    if seen.connections_free < FEW {
        report.warn(
            about,
            format!(
                "the server has {} connections left; raise max_connections, or lower `connections` in [database]",
                seen.connections_free
            ),
        );
    }
    machine::clock("the database", -seen.clock_ahead, report);
    match seen.tables {
        Tables::UpToDate => Postgres::open_beside(url).await.ok(),
        Tables::Older | Tables::Newer => None,
    }
}

fn told_tables(tables: Tables, about: &str, report: &mut Report) {
    match tables {
        Tables::UpToDate => report.ok(about, "its tables are up to date"),
        Tables::Older => report.warn(
            about,
            "its tables are not there yet, or those of an older housevoice; the next `housevoice run` brings them up to \
             date: make a backup before",
        ),
        Tables::Newer => report.problem(
            about,
            "its tables are those of a newer housevoice; use that, or the backup from before it was first started",
        ),
    }
}

async fn file(path: &Path, report: &mut Report) -> Option<Sqlite> {
    let about = format!("the database {}", path.display());
    if !path.exists() {
        not_there(path, &about, report);
        return None;
    }
    let seen = match Sqlite::look_at(path).await {
        Ok(seen) => seen,
        Err(error) => {
            report.problem(&about, error.to_string());
            return None;
        }
    };
    told_tables(seen.tables, &about, report);
    if seen.damage.is_empty() {
        report.ok(&about, "the file is sound");
    } else {
        let damage = seen.damage.join("; ");
        report.problem(
            &about,
            format!(
                "the file is damaged ({damage}); stop the bot and restore a backup: `sqlite3 FILE .recover` can save what \
                 is still readable"
            ),
        );
    }
    report.ok(&about, if seen.served { "a housevoice serves it" } else { "nobody serves it at the moment" });
    onlookers(path, &about, report);
    match seen.tables {
        Tables::UpToDate => Sqlite::open_beside(path).await.ok(),
        Tables::Older | Tables::Newer => None,
    }
}

fn not_there(path: &Path, about: &str, report: &mut Report) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => {
            report.problem(about, format!("there is no folder {}; make it, or change `store`", folder.display()));
        }
        Some(_) | None => report.ok(about, "is not there yet; `housevoice run` makes it"),
    }
}

/// What customers wrote is nobody's but the bot's.
#[cfg(unix)]
fn onlookers(path: &Path, about: &str, report: &mut Report) {
    if everybody_reads(path) {
        report.warn(
            about,
            format!("every user of this machine can read what customers wrote; `chmod o-rwx {}`", path.display()),
        );
    } else {
        report.ok(about, "only its owner and their group can read it");
    }
}

#[cfg(not(unix))]
fn onlookers(_path: &Path, _about: &str, _report: &mut Report) {}

/// Whether others may read the file, and can come to it through every folder above it.
#[cfg(unix)]
fn everybody_reads(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const READ: u32 = 0o004;
    const PASS: u32 = 0o001;
    let Ok(path) = path.canonicalize() else { return false };
    let may = |path: &Path, bit: u32| path.metadata().is_ok_and(|found| found.permissions().mode() & bit != 0);
    may(&path, READ) && path.ancestors().skip(1).all(|folder| may(folder, PASS))
}
