//! Calls of the bots, as the test sees them.

use std::time::SystemTime;

use serde_json::Value;

/// A call that reached the server.
#[derive(Clone, Debug)]
pub struct Call {
    /// When it came.
    pub at: SystemTime,
    /// The token in its address.
    pub token: String,
    /// The method, as it was written.
    pub method: String,
    /// Its parameters as one object. What was JSON inside a form is parsed; an uploaded file is its name and size.
    pub body: Value,
    /// What was answered; none while the call is under way, or when the caller went away first.
    pub outcome: Option<Outcome>,
}

/// What was answered to a call.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// 200 or the error code.
    pub code: u16,
    /// The whole answer.
    pub answer: Value,
    /// Whether the answer was sent; false when the connection was cut instead.
    pub sent: bool,
}

/// Commands a bot set for one scope and language.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandSet {
    /// The object BotCommandScope.
    pub scope: Value,
    /// Empty for all languages.
    pub language: String,
    /// Command and description.
    pub commands: Vec<(String, String)>,
}

impl Call {
    /// Whether it is a call of this method; upper and lower case are the same.
    pub fn is(&self, method: &str) -> bool {
        self.method.eq_ignore_ascii_case(method)
    }

    /// 200, the error code, or nothing while it is under way.
    pub fn code(&self) -> Option<u16> {
        self.outcome.as_ref().map(|outcome| outcome.code)
    }

    /// Whether it was answered with "ok".
    pub fn succeeded(&self) -> bool {
        self.code() == Some(200)
    }

    /// The description of the refusal, or nothing.
    pub fn refusal(&self) -> &str {
        self.outcome.as_ref().and_then(|outcome| outcome.answer["description"].as_str()).unwrap_or_default()
    }
}
