//! Whether the tables of a database are those of this program.

/// Whether the tables of a database are those of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tables {
    /// They are.
    UpToDate,
    /// They are older; the next start brings them up to date.
    Older,
    /// A newer program made them.
    Newer,
}

impl Tables {
    /// What has been applied, against what there is.
    pub(super) fn of(applied: &[i64], known: &sqlx::migrate::Migrator) -> Self {
        let ours: Vec<i64> = known.iter().map(|migration| migration.version).collect();
        if applied.iter().any(|version| !ours.contains(version)) {
            Self::Newer
        } else if ours.iter().any(|version| !applied.contains(version)) {
            Self::Older
        } else {
            Self::UpToDate
        }
    }
}
