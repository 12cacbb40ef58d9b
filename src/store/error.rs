//! What can go wrong with a store, for operators: what, and a way out. No message text is ever in an error.

/// What went wrong with a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It cannot be opened.
    #[error("cannot open the database {database}: {problem}\n{way_out}")]
    Open {
        /// Which: its path or address, without a password.
        database: String,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        way_out: String,
    },
    /// It cannot be used at the moment: busy, full, the disk, the network. Trying again later may help.
    #[error("the database cannot be used at the moment: {0}")]
    Unavailable(String),
    /// Something stored cannot be read back.
    #[error("{what} {id} cannot be read: {problem}")]
    Unreadable {
        /// What kind of row.
        what: &'static str,
        /// Its number.
        id: i64,
        /// Why, without any of its text.
        problem: String,
    },
    /// Something cannot be written down.
    #[error("{what} cannot be stored: {problem}")]
    Unwritable {
        /// What.
        what: &'static str,
        /// Why, without any of its text.
        problem: String,
    },
    /// The database refused a statement.
    #[error("the database refused: {0}")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// What is wrong, without the words around it.
    pub(super) fn bare(&self) -> String {
        match self {
            StoreError::Unavailable(problem) => problem.clone(),
            StoreError::Refused(error) => error.to_string(),
            StoreError::Open { .. } | StoreError::Unreadable { .. } | StoreError::Unwritable { .. } => self.to_string(),
        }
    }

    /// Whether waiting may help: then nothing is wrong with the event at hand.
    pub fn passes(&self) -> bool {
        match self {
            StoreError::Unavailable(_) => true,
            StoreError::Open { .. }
            | StoreError::Unreadable { .. }
            | StoreError::Unwritable { .. }
            | StoreError::Refused(_) => false,
        }
    }
}

/// What a JSON error says, without the text it stumbled over.
pub(super) fn json_problem(error: &serde_json::Error) -> String {
    format!("{:?} error at line {}, column {}", error.classify(), error.line(), error.column())
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let passing = super::postgres::passes(&error)
            || matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed);
        if passing { StoreError::Unavailable(error.to_string()) } else { StoreError::Refused(error.into()) }
    }
}
