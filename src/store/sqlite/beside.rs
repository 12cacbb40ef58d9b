//! A file that another process may serve: looked at without changing anything in it, or used as it is.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use rusqlite::OpenFlags;

use super::migrations::{self, MIGRATIONS};
use super::open::{apart, connect, folder_exists, is_ours, onlooker, opening, readers};
use super::{Result, Sqlite};
use crate::store::{StoreError, Tables};

/// What was seen of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Whether its tables are those of this program.
    pub tables: Tables,
    /// What SQLite finds wrong with the file; nothing, when it is sound.
    pub damage: Vec<String>,
    /// Whether a process serves it.
    pub served: bool,
}

impl Sqlite {
    /// Opens a file that is there, for use beside whatever serves it. Nothing is made, and no table is changed.
    ///
    /// # Errors
    /// [`StoreError::Open`], also when the tables are not those of this program.
    pub async fn open_beside(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref().to_owned();
        apart(move || Self::open_beside_at(&path)).await
    }

    fn open_beside_at(path: &Path) -> Result<Self> {
        let refused = |problem: &str, way_out: &str| StoreError::Open {
            database: path.display().to_string(),
            problem: problem.to_owned(),
            way_out: way_out.to_owned(),
        };
        folder_exists(path)?;
        if !path.exists() {
            return Err(refused(
                "there is no such file",
                "Check `store` in bot.toml; `housevoice run` makes the file.",
            ));
        }
        is_ours(path)?;
        match tables(path)? {
            Tables::UpToDate => {}
            Tables::Older => {
                return Err(refused(
                    "its tables are those of an older housevoice",
                    "Start `housevoice run` of this version once, which brings them up to date.",
                ));
            }
            Tables::Newer => {
                return Err(refused("its tables are those of a newer housevoice", "Use the newer housevoice."));
            }
        }
        let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Self::new(writer, Some(readers(path)?), Some(path.to_owned()))
    }

    /// Looks at a file that is there; changes nothing, whoever serves it.
    ///
    /// # Errors
    /// [`StoreError::Open`], with what is wrong and a way out.
    pub async fn look_at(path: impl AsRef<Path>) -> Result<Seen> {
        let path = path.as_ref().to_owned();
        apart(move || {
            is_ours(&path)?;
            Ok(Seen { tables: tables(&path)?, damage: damage(&path)?, served: is_served(&path) })
        })
        .await
    }

    #[expect(clippy::unused_async, reason = "the other database asks the server")]
    pub(super) async fn is_served_now(&self) -> Result<bool> {
        Ok(self.path.as_deref().is_some_and(is_served))
    }
}

/// The file that whoever serves a database holds locked.
pub(super) fn lock_path(path: &Path) -> PathBuf {
    let mut lock_path = path.as_os_str().to_owned();
    lock_path.push(".lock");
    PathBuf::from(lock_path)
}

/// Asked by a lock that is let go of at once; whoever begins to serve in that moment tries again.
fn is_served(path: &Path) -> bool {
    let Ok(lock) = File::open(lock_path(path)) else { return false };
    matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))
}

fn tables(path: &Path) -> Result<Tables> {
    let applied = onlooker(path).and_then(|mut conn| migrations::applied(&mut conn)).map_err(|e| opening(path, &e))?;
    Ok(Tables::of(&applied, &MIGRATIONS))
}

/// What SQLite finds wrong, the first of it.
fn damage(path: &Path) -> Result<Vec<String>> {
    let found = onlooker(path).and_then(|mut conn| {
        conn.raw()
            .prepare("PRAGMA quick_check(3)")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()
    });
    Ok(found.map_err(|e| opening(path, &e))?.into_iter().filter(|line| line != "ok").collect())
}
