//! Buttons and selects. Discord docs, components/reference: their limits.

use serde_json::Value;

use super::errors::{ApiError, bad_length, form, required, too_long};

/// Refuses rows that Discord refuses.
pub fn check(rows: &[Value]) -> Result<(), ApiError> {
    if rows.len() > 5 {
        return Err(form("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length."));
    }
    let mut ids: Vec<&str> = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let path = format!("components.{number}");
        if row["type"] != 1 {
            return Err(form(&path, "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,)."));
        }
        let inside = row["components"].as_array().map(Vec::as_slice).unwrap_or_default();
        let selects = inside.iter().filter(|one| one["type"] != 2).count();
        // An action row takes up to five buttons or one select.
        let most = if selects > 0 { 1 } else { 5 };
        if inside.is_empty() || inside.len() > most {
            return Err(bad_length(&format!("{path}.components"), 1, most));
        }
        for (place, component) in inside.iter().enumerate() {
            let path = format!("{path}.components.{place}");
            match component["type"].as_u64() {
                Some(2) => button(&path, component)?,
                Some(3 | 5 | 6 | 7 | 8) => select(&path, component)?,
                _ => return Err(form(&path, "UNION_TYPE_CHOICES", "Value of field \"type\" is not allowed here.")),
            }
            if let Some(id) = component["custom_id"].as_str() {
                if ids.contains(&id) {
                    let why = "Component custom id cannot be duplicated";
                    return Err(form(&format!("{path}.custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", why));
                }
                ids.push(id);
            }
        }
    }
    Ok(())
}

fn button(path: &str, button: &Value) -> Result<(), ApiError> {
    let label = button["label"].as_str().unwrap_or_default();
    if label.chars().count() > 80 {
        return Err(too_long(&format!("{path}.label"), 80));
    }
    match button["style"].as_u64() {
        Some(1..=4) => custom_id(path, button)?,
        Some(5) => {
            let url = button["url"].as_str().ok_or_else(|| required(&format!("{path}.url")))?;
            if url.chars().count() > 512 {
                return Err(too_long(&format!("{path}.url"), 512));
            }
            if !["https://", "http://", "discord://"].iter().any(|scheme| url.starts_with(scheme)) {
                let why = "Scheme must be one of ('http', 'https', 'discord').";
                return Err(form(&format!("{path}.url"), "URL_TYPE_INVALID_SCHEME", why));
            }
            if !button["custom_id"].is_null() {
                let why = "A custom id and url cannot both be specified";
                return Err(form(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", why));
            }
        }
        _ => return Err(form(&format!("{path}.style"), "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5).")),
    }
    if label.is_empty() && button["emoji"].is_null() {
        let why = "A button must have a label or an emoji";
        return Err(form(path, "BUTTON_COMPONENT_INVALID_LABEL", why));
    }
    Ok(())
}

fn select(path: &str, select: &Value) -> Result<(), ApiError> {
    custom_id(path, select)?;
    let placeholder = select["placeholder"].as_str().unwrap_or_default();
    if placeholder.chars().count() > 150 {
        return Err(too_long(&format!("{path}.placeholder"), 150));
    }
    if select["type"] != 3 {
        return Ok(());
    }
    let options = select["options"].as_array().map(Vec::as_slice).unwrap_or_default();
    if options.is_empty() || options.len() > 25 {
        return Err(bad_length(&format!("{path}.options"), 1, 25));
    }
    let mut values: Vec<&str> = Vec::new();
    for (number, option) in options.iter().enumerate() {
        for (field, least) in [("label", 1), ("value", 1), ("description", 0)] {
            let length = option[field].as_str().unwrap_or_default().chars().count();
            if length < least || length > 100 {
                return Err(bad_length(&format!("{path}.options.{number}.{field}"), least, 100));
            }
        }
        let value = option["value"].as_str().unwrap_or_default();
        if values.contains(&value) {
            let why = "The specified option value is already used";
            return Err(form(
                &format!("{path}.options.{number}.value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                why,
            ));
        }
        values.push(value);
    }
    for field in ["min_values", "max_values"] {
        if select[field].as_u64().is_some_and(|number| number as usize > options.len()) {
            let why = "min_values and max_values cannot be greater than the number of options";
            return Err(form(&format!("{path}.{field}"), "SELECT_COMPONENT_VALUES_INVALID", why));
        }
    }
    Ok(())
}

fn custom_id(path: &str, component: &Value) -> Result<(), ApiError> {
    let path = format!("{path}.custom_id");
    let id = component["custom_id"].as_str().ok_or_else(|| required(&path))?;
    if id.is_empty() || id.chars().count() > 100 { Err(bad_length(&path, 1, 100)) } else { Ok(()) }
}

/// All buttons and selects of a message.
pub fn all(rows: &[Value]) -> impl Iterator<Item = &Value> {
    rows.iter().flat_map(|row| row["components"].as_array().into_iter().flatten())
}
