//! What a command may look like. Discord docs, interactions/application-commands: structure, naming, limits.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::errors::{ApiError, bad_length, form};

/// Application Command Naming: `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, in lower case where there is one.
static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$").unwrap());

/// Docs, reference/locales.
const LOCALES: &[&str] = &[
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
];

/// Refuses a list that Discord refuses.
pub fn check(commands: &[Value]) -> Result<(), ApiError> {
    if commands.len() > 100 {
        return Err(ApiError::new(400, 30032, "Maximum number of application commands reached (100)"));
    }
    for (number, command) in commands.iter().enumerate() {
        let path = number.to_string();
        if command["type"].as_u64().unwrap_or(1) != 1 {
            // Commands of users and messages have free names and no description.
            length(&path, "name", &command["name"], 1, 32)?;
            continue;
        }
        described(&path, command)?;
        options(&path, &command["options"], 0)?;
        let twin = commands[..number].iter().any(|other| other["name"] == command["name"]);
        if twin {
            let why = "Application command names must be unique";
            return Err(form(&path, "APPLICATION_COMMANDS_DUPLICATE_NAME", why));
        }
        if size(command) > 8000 {
            return Err(form(&path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)"));
        }
    }
    Ok(())
}

fn described(path: &str, value: &Value) -> Result<(), ApiError> {
    name(&format!("{path}.name"), value["name"].as_str().unwrap_or_default())?;
    length(path, "description", &value["description"], 1, 100)?;
    for field in ["name_localizations", "description_localizations"] {
        for (locale, text) in value[field].as_object().into_iter().flatten() {
            let path = format!("{path}.{field}.{locale}");
            if !LOCALES.contains(&locale.as_str()) {
                return Err(form(&path, "LOCALE_INVALID", "Unknown locale"));
            }
            if field == "name_localizations" {
                name(&path, text.as_str().unwrap_or_default())?;
            } else if !(1..=100).contains(&text.as_str().unwrap_or_default().chars().count()) {
                return Err(bad_length(&path, 1, 100));
            }
        }
    }
    Ok(())
}

fn name(path: &str, name: &str) -> Result<(), ApiError> {
    if !(1..=32).contains(&name.chars().count()) {
        return Err(bad_length(path, 1, 32));
    }
    if NAME.is_match(name) && name.to_lowercase() == name {
        return Ok(());
    }
    Err(form(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid"))
}

fn length(path: &str, field: &str, value: &Value, least: usize, most: usize) -> Result<(), ApiError> {
    let length = value.as_str().unwrap_or_default().chars().count();
    if (least..=most).contains(&length) { Ok(()) } else { Err(bad_length(&format!("{path}.{field}"), least, most)) }
}

/// Up to 25 options, the required ones first, subcommands at most two deep; up to 25 choices each.
fn options(path: &str, value: &Value, depth: usize) -> Result<(), ApiError> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    if list.len() > 25 {
        let path = format!("{path}.options");
        return Err(form(&path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."));
    }
    let mut optional_seen = false;
    for (number, option) in list.iter().enumerate() {
        let path = format!("{path}.options.{number}");
        described(&path, option)?;
        let kind = option["type"].as_u64().unwrap_or(0);
        if !(1..=11).contains(&kind) || kind == 1 && depth > 1 || kind == 2 && depth > 0 {
            return Err(form(&format!("{path}.type"), "BASE_TYPE_CHOICES", "Value is not allowed here."));
        }
        if list[..number].iter().any(|other| other["name"] == option["name"]) {
            return Err(form(&path, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name already exists"));
        }
        let required = option["required"].as_bool().unwrap_or(false);
        if required && optional_seen {
            let why = "Required options must be placed before non-required options";
            return Err(form(&path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", why));
        }
        optional_seen |= !required;
        choices(&path, option)?;
        options(&path, &option["options"], depth + 1)?;
    }
    Ok(())
}

fn choices(path: &str, option: &Value) -> Result<(), ApiError> {
    let list = option["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
    if list.len() > 25 {
        let path = format!("{path}.choices");
        return Err(form(&path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."));
    }
    if !list.is_empty() && option["autocomplete"] == true {
        let why = "Choices cannot be used with autocomplete";
        return Err(form(path, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", why));
    }
    for (number, choice) in list.iter().enumerate() {
        let path = format!("{path}.choices.{number}");
        length(&path, "name", &choice["name"], 1, 100)?;
        if choice["value"].is_string() {
            length(&path, "value", &choice["value"], 1, 100)?;
        }
    }
    Ok(())
}

/// Docs: 8000 characters over all names, descriptions and values.
fn size(value: &Value) -> usize {
    let own: usize = ["name", "description", "value"]
        .iter()
        .filter_map(|field| value[*field].as_str())
        .map(|t| t.chars().count())
        .sum();
    let inner = ["options", "choices"].iter().flat_map(|field| value[*field].as_array().into_iter().flatten());
    own + inner.map(size).sum::<usize>()
}
