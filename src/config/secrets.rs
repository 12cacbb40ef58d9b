//! Tokens out of the environment: never in a file, never in a log.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// The name of an environment variable that holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretName(String);

impl SecretName {
    /// Takes a name, if it can be one: letters, digits and `_`, no digit first.
    pub fn new(name: &str) -> Option<Self> {
        let can_be = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let fine = !name.is_empty() && name.chars().all(can_be) && !name.starts_with(|c: char| c.is_ascii_digit());
        fine.then(|| Self(name.to_owned()))
    }

    /// Fetches the secret; `environment` is `std::env::var` everywhere but in tests.
    ///
    /// # Errors
    /// When it is not set, empty, or cannot stand in a request.
    pub fn fetch(&self, environment: impl Fn(&str) -> Option<String>) -> Result<Secret, Unset> {
        let value = environment(&self.0).unwrap_or_default().trim().to_owned();
        if value.is_empty() {
            return Err(Unset { name: self.0.clone(), problem: "is not set" });
        }
        if value.chars().any(|c| !c.is_ascii_graphic()) {
            return Err(Unset { name: self.0.clone(), problem: "holds characters that no token has" });
        }
        Ok(Secret(SecretString::from(value)))
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SecretName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // The value itself must not show up in the message: it may be a token that was put here by mistake.
        Self::new(&text).ok_or_else(|| {
            serde::de::Error::custom(
                "this is the name of an environment variable, such as ACME_TELEGRAM_TOKEN; the secret itself belongs into the environment",
            )
        })
    }
}

/// A secret. It has no way into a log.
#[derive(Clone, Debug)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a secret.
    pub fn new(value: impl Into<String>) -> Self {
        Self(SecretString::from(value.into()))
    }

    /// The secret itself, for the one call that needs it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A secret that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {name} {problem}")]
pub struct Unset {
    /// The variable.
    pub name: String,
    /// What is wrong with it.
    pub problem: &'static str,
}
