//! The parameters of a call, whichever of the four documented ways they came.

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

/// "We support four ways of passing parameters in Bot API requests: URL query string, application/x-www-form-urlencoded,
/// application/json (except for uploading files), multipart/form-data" (Bot API, Making requests).
#[derive(Clone, Debug, Default)]
pub struct Args(pub Map<String, Value>);

/// Parameters the documents call "JSON-serialized": in forms they come as a string of JSON.
const SERIALIZED: &[&str] = &[
    "allowed_updates",
    "caption_entities",
    "commands",
    "entities",
    "link_preview_options",
    "reaction",
    "reply_markup",
    "reply_parameters",
    "scope",
];

/// More than any call of a bot needs here.
const MOST_BYTES: usize = 8 * 1024 * 1024;

impl Args {
    /// Reads the query string and the body.
    pub async fn read(request: Request) -> Result<Self, String> {
        let mut args = Self::default();
        args.take_form(request.uri().query().unwrap_or_default());
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            args.take_multipart(request).await?;
        } else {
            let json = kind.starts_with("application/json");
            let body = axum::body::to_bytes(request.into_body(), MOST_BYTES).await.map_err(|e| e.to_string())?;
            if json && !body.is_empty() {
                let Ok(Value::Object(object)) = serde_json::from_slice(&body) else {
                    return Err("can't parse JSON object".to_owned());
                };
                args.0.extend(object);
            } else {
                args.take_form(&String::from_utf8_lossy(&body));
            }
        }
        args.unpack();
        Ok(args)
    }

    fn take_form(&mut self, encoded: &str) {
        let url = reqwest::Url::parse(&format!("http://form/?{encoded}")).unwrap();
        for (key, value) in url.query_pairs() {
            self.0.insert(key.into_owned(), Value::String(value.into_owned()));
        }
    }

    async fn take_multipart(&mut self, request: Request) -> Result<(), String> {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|e| e.to_string())?;
        while let Some(part) = parts.next_field().await.map_err(|e| e.to_string())? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|e| e.to_string())?;
            let value = match file {
                Some(file) => json!({ "file_name": file, "bytes": bytes.len() }),
                None => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
            };
            self.0.insert(name, value);
        }
        Ok(())
    }

    fn unpack(&mut self) {
        for key in SERIALIZED {
            if let Some(value) = self.0.get_mut(*key)
                && let Some(parsed) = value.as_str().and_then(|text| serde_json::from_str(text).ok())
            {
                *value = parsed;
            }
        }
        self.0.retain(|_, value| !value.is_null());
    }

    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// A whole number, also one written as text.
    pub fn int(&self, key: &str) -> Option<i64> {
        number(self.0.get(key)?)
    }

    /// Text, also when a number was sent for it.
    pub fn text(&self, key: &str) -> Option<String> {
        match self.0.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    pub fn flag(&self, key: &str) -> bool {
        match self.0.get(key) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "yes"),
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => false,
        }
    }

    pub fn list(&self, key: &str) -> Option<&Vec<Value>> {
        self.0.get(key)?.as_array()
    }

    /// The words in a list, such as those of `allowed_updates`.
    pub fn words(&self, key: &str) -> Option<Vec<String>> {
        Some(self.list(key)?.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect())
    }
}

/// A whole number, also one written as text.
pub fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}
