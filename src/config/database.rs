//! Where everything is kept: a file, or a PostgreSQL server.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{self, Deserialize, Deserializer};

/// Where everything is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreAt {
    /// In a file, for one process.
    File(PathBuf),
    /// On a PostgreSQL server, for one process or many. Without a password: that stands in the environment.
    Postgres(String),
}

/// How PostgreSQL is worked with.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// Connections of this process at most, from 2 to 1,000.
    pub connections: u32,
    /// For how many seconds the word of a process holds that it works, from 2 to 120; then the others take over.
    pub lease_seconds: u64,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self { connections: 16, lease_seconds: 10 }
    }
}

impl StoreAt {
    /// The same, with a file's path read from a folder.
    #[must_use]
    pub fn beside(self, folder: &Path) -> Self {
        match self {
            StoreAt::File(path) => StoreAt::File(folder.join(path)),
            StoreAt::Postgres(url) => StoreAt::Postgres(url),
        }
    }
}

impl Default for StoreAt {
    fn default() -> Self {
        StoreAt::File(PathBuf::from("housevoice.db"))
    }
}

impl fmt::Display for StoreAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreAt::File(path) => write!(f, "{}", path.display()),
            StoreAt::Postgres(url) => f.write_str(url),
        }
    }
}

impl<'de> Deserialize<'de> for StoreAt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if let Some(rest) = ["postgres://", "postgresql://"].iter().find_map(|scheme| text.strip_prefix(scheme)) {
            let user = rest.split(['/', '?']).next().unwrap_or_default().split('@').next().unwrap_or_default();
            if rest.contains('@') && user.contains(':') || rest.contains("password=") {
                return Err(de::Error::custom(
                    "the password must not stand in here; put it into the environment as PGPASSWORD, or into ~/.pgpass",
                ));
            }
            return Ok(StoreAt::Postgres(text));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(&text);
        if path.is_empty() || path.contains("://") {
            return Err(de::Error::custom(
                "this is neither a file nor postgres://user@host/name; other databases are not supported",
            ));
        }
        Ok(StoreAt::File(PathBuf::from(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<StoreAt, String> {
        let value = serde_json::Value::String(text.to_owned());
        serde_json::from_value(value).map_err(|error| error.to_string())
    }

    #[test]
    fn a_file_and_a_server_are_told_apart() {
        assert_eq!(read("housevoice.db"), Ok(StoreAt::File("housevoice.db".into())));
        assert_eq!(read("sqlite:///var/lib/housevoice.db"), Ok(StoreAt::File("/var/lib/housevoice.db".into())));
        let url = "postgres://housevoice@db.example:5432/housevoice?sslmode=require";
        assert_eq!(read(url), Ok(StoreAt::Postgres(url.to_owned())));
        assert!(read("mysql://x/y").is_err());
        assert!(read("").is_err());
    }

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        for url in ["postgres://u:s3cret@h/d", "postgres://h/d?user=u&password=s3cret"] {
            let said = read(url).unwrap_err();
            assert!(said.contains("PGPASSWORD") && !said.contains("s3cret"), "{said}");
        }
    }
}
