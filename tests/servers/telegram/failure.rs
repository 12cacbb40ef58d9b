//! What the Bot API answers when it refuses.

use serde_json::{Value, json};

/// A refusal: "In case of an unsuccessful request, 'ok' equals false and the error is explained in the 'description'. An
/// Integer 'error_code' field is also returned [...] Some errors may also have an optional field 'parameters' of the type
/// ResponseParameters" (Bot API, Making requests).
#[derive(Clone, Debug)]
pub struct Failure {
    pub code: u16,
    pub description: String,
    pub parameters: Option<Value>,
}

/// What a method gives back.
pub type Answer = Result<Value, Failure>;

impl Failure {
    pub fn new(code: u16, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), parameters: None }
    }

    /// Code 429: "retry_after: In case of exceeding flood control, the number of seconds left to wait before the request can be
    /// repeated" (Bot API, ResponseParameters).
    pub fn too_many(retry_after: u64) -> Self {
        let mut failure = Self::new(429, format!("Too Many Requests: retry after {retry_after}"));
        failure.parameters = Some(json!({ "retry_after": retry_after }));
        failure
    }

    /// "migrate_to_chat_id: The group has been migrated to a supergroup with the specified identifier" (Bot API,
    /// ResponseParameters).
    pub fn migrated(to: i64) -> Self {
        let mut failure = bad("group chat was upgraded to a supergroup chat");
        failure.parameters = Some(json!({ "migrate_to_chat_id": to }));
        failure
    }
}

/// 400.
pub fn bad(description: impl AsRef<str>) -> Failure {
    Failure::new(400, format!("Bad Request: {}", description.as_ref()))
}

/// 403.
pub fn forbidden(description: impl AsRef<str>) -> Failure {
    Failure::new(403, format!("Forbidden: {}", description.as_ref()))
}

/// 409.
pub fn conflict(description: impl AsRef<str>) -> Failure {
    Failure::new(409, format!("Conflict: {}", description.as_ref()))
}

/// The whole answer as JSON.
pub fn envelope(answer: &Answer) -> Value {
    match answer {
        Ok(result) => json!({ "ok": true, "result": result }),
        Err(failure) => {
            let mut body = json!({ "ok": false, "error_code": failure.code, "description": failure.description });
            if let Some(parameters) = &failure.parameters {
                body["parameters"] = parameters.clone();
            }
            body
        }
    }
}
