//! Refusals. Discord docs, reference/error-messages and topics/opcodes-and-status-codes: `{"message", "code", "errors"?}`.

use serde_json::{Map, Value, json};

/// What a refused request is answered with.
#[derive(Clone, Debug)]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// The JSON error code.
    pub code: u64,
    /// The sentence for developers.
    pub message: String,
    /// Which part of the body is wrong, and why.
    pub errors: Option<Value>,
}

impl ApiError {
    /// A refusal without details.
    pub fn new(status: u16, code: u64, message: &str) -> ApiError {
        ApiError { status, code, message: message.to_owned(), errors: None }
    }

    /// The same refusal of a part that stands under `field` in the body.
    pub fn under(mut self, field: &str) -> ApiError {
        self.errors = self.errors.map(|errors| Value::Object(Map::from_iter([(field.to_owned(), errors)])));
        self
    }

    /// The body of the answer.
    pub fn body(&self) -> Value {
        let mut body = json!({"message": self.message, "code": self.code});
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        body
    }
}

/// 50035, Invalid Form Body: `path` names the part, dot between its steps.
pub fn form(path: &str, code: &str, message: &str) -> ApiError {
    let mut errors = json!({"_errors": [{"code": code, "message": message}]});
    for step in path.split('.').rev() {
        errors = Value::Object(Map::from_iter([(step.to_owned(), errors)]));
    }
    ApiError { status: 400, code: 50035, message: "Invalid Form Body".to_owned(), errors: Some(errors) }
}

/// 50035 because of a length.
pub fn too_long(path: &str, limit: usize) -> ApiError {
    form(path, "BASE_TYPE_MAX_LENGTH", &format!("Must be {limit} or fewer in length."))
}

/// 50035 because a field is not there.
pub fn required(path: &str) -> ApiError {
    form(path, "BASE_TYPE_REQUIRED", "This field is required")
}

/// 50035 because a length is outside its bounds.
pub fn bad_length(path: &str, least: usize, most: usize) -> ApiError {
    form(path, "BASE_TYPE_BAD_LENGTH", &format!("Must be between {least} and {most} in length."))
}

/// The `Unknown ...` family, all 404.
pub fn unknown(code: u64) -> ApiError {
    let what = match code {
        10003 => "Unknown Channel",
        10004 => "Unknown Guild",
        10007 => "Unknown Member",
        10008 => "Unknown Message",
        10011 => "Unknown Role",
        10013 => "Unknown User",
        10014 => "Unknown Emoji",
        10015 => "Unknown Webhook",
        10062 => "Unknown interaction",
        10063 => "Unknown application command",
        _ => "Unknown",
    };
    ApiError::new(if code == 10014 { 400 } else { 404 }, code, what)
}

/// 50001: the place cannot be seen.
pub fn missing_access() -> ApiError {
    ApiError::new(403, 50001, "Missing Access")
}

/// 50013: the place can be seen, the act is not allowed.
pub fn missing_permissions() -> ApiError {
    ApiError::new(403, 50013, "Missing Permissions")
}

/// 50083: an archived thread takes nothing but its own re-opening and new messages.
pub fn archived() -> ApiError {
    ApiError::new(400, 50083, "Thread is archived")
}
