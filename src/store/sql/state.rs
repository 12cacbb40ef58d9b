//! Conversation and person as rows. What a step changes is one JSON value each; what others ask for are columns. Name,
//! place and the platform's language come from the outside and live in columns alone, so a step can never undo them.

use serde_json::{Map, Value};

use super::dialect::{query_as, query_scalar, row};
use super::values::{from_json, from_word, to_word};
use super::{Conn, Result};
use crate::engine::{Conversation, ConversationId, Owner, Person, PersonId, Place, PlaceKind};
use crate::store::error::json_problem;
use crate::store::{StoreError, Versions};
use crate::voice::{BrandId, Locale, Platform};

/// Parts of a conversation that are columns, or the person.
const NOT_CONVERSATION_STATE: [&str; 5] = ["id", "brand", "platform", "place", "person"];
/// Parts of a person that are columns.
const NOT_PERSON_STATE: [&str; 2] = ["id", "name"];

row! {
    /// A conversation and its person, as stored.
    #[derive(Debug)]
    pub(super) struct StateRow {
        pub(super) conversation_id: i64,
        pub(super) person_id: i64,
        pub(super) platform: String,
        pub(super) place_id: String,
        pub(super) place_kind: String,
        pub(super) place_name: String,
        pub(super) state: String,
        pub(super) version: i64,
        pub(super) holder: Option<String>,
        pub(super) fence: i64,
        pub(super) person_name: String,
        pub(super) person_locale: Option<String>,
        pub(super) person_state: String,
        pub(super) person_version: i64,
    }
}

impl StateRow {
    pub(super) fn versions(&self) -> Versions {
        Versions { conversation: self.version, person: self.person_version, fence: self.fence }
    }

    pub(super) fn conversation(self, brand: &BrandId) -> Result<Conversation> {
        let id = self.conversation_id;
        let locale = self.person_locale.as_deref().and_then(Locale::parse);
        let fresh = new_person(PersonId(self.person_id), &self.person_name, locale);
        let person: Person = over("person", self.person_id, &fresh, &self.person_state)?;
        let kind: PlaceKind = from_word("kind of place of conversation", id, &self.place_kind)?;
        let place = Place { id: self.place_id, kind, name: self.place_name };
        let platform = Platform::new(self.platform);
        let fresh = Conversation::new(ConversationId(id), brand.clone(), platform, place, person);
        over("conversation", id, &fresh, &self.state)
    }
}

/// A person of whom nothing is known but what the platform says.
pub(super) fn new_person(id: PersonId, name: &str, locale: Option<Locale>) -> Person {
    Person {
        id,
        name: name.to_owned(),
        locale,
        disclosed_at: None,
        opted_out: false,
        slots: std::collections::BTreeMap::new(),
        shown: std::collections::BTreeMap::new(),
    }
}

/// What a step can change of a conversation, as JSON.
pub(super) fn conversation_state(conversation: &Conversation) -> Result<String> {
    without("conversation", conversation, &NOT_CONVERSATION_STATE)
}

/// A person of whom nothing is remembered yet, as JSON: not even a language, the platform's is only a hint.
pub(super) fn new_person_state(person: &Person) -> Result<String> {
    without("person", person, &[NOT_PERSON_STATE.as_slice(), &["locale"]].concat())
}

/// What a step made of a person, as JSON. A language that it left as it was stays what it was before: theirs, or none and
/// the platform's hint.
pub(super) fn person_state(before: &Person, after: &Person, stored: &str) -> Result<String> {
    if before.locale != after.locale {
        return without("person", after, &NOT_PERSON_STATE);
    }
    let stored: Map<String, Value> = from_json("person", before.id.0, stored)?;
    let locale = stored.get("locale").and_then(Value::as_str).and_then(Locale::parse);
    without("person", &Person { locale, ..after.clone() }, &NOT_PERSON_STATE)
}

/// Lays what is stored over a fresh value: what a newer program has learned to remember begins as it does for anybody new.
fn over<T: serde::Serialize + serde::de::DeserializeOwned>(
    what: &'static str,
    id: i64,
    fresh: &T,
    stored: &str,
) -> Result<T> {
    let unreadable = |e: serde_json::Error| StoreError::Unreadable { what, id, problem: json_problem(&e) };
    let mut value = serde_json::to_value(fresh).map_err(unreadable)?;
    let stored: Map<String, Value> = serde_json::from_str(stored).map_err(unreadable)?;
    if let Value::Object(fields) = &mut value {
        fields.extend(stored);
    }
    serde_json::from_value(value).map_err(unreadable)
}

fn without<T: serde::Serialize>(what: &'static str, value: &T, columns: &[&str]) -> Result<String> {
    let unwritable = |e: serde_json::Error| StoreError::Unwritable { what, problem: json_problem(&e) };
    let mut value = serde_json::to_value(value).map_err(unwritable)?;
    if let Value::Object(fields) = &mut value {
        // No language of their own: it is left out, so that the platform's hint shows through.
        fields.retain(|name, v| !(columns.contains(&name.as_str()) || (name == "locale" && v.is_null())));
    }
    serde_json::to_string(&value).map_err(unwritable)
}

/// An owner as two columns.
pub(super) fn owner_columns(owner: &Owner) -> (&'static str, &str) {
    match owner {
        Owner::Bot => ("bot", ""),
        Owner::Queue(team) => ("queue", team.as_str()),
        Owner::Agent(agent) => ("agent", &agent.id),
    }
}

/// The word of a kind of place.
pub(super) fn place_kind(kind: PlaceKind) -> Result<String> {
    to_word("kind of place", &kind)
}

/// A conversation with its person.
pub(super) async fn row(conn: &mut Conn, brand: &BrandId, id: ConversationId) -> Result<Option<StateRow>> {
    Ok(query_as(
        "SELECT c.conversation_id, c.person_id, c.platform, c.place_id, c.place_kind, c.place_name, c.state, c.version, c.holder, c.fence, \
                p.name AS person_name, p.locale AS person_locale, p.state AS person_state, p.version AS person_version \
         FROM conversations c JOIN people p ON p.person_id = c.person_id AND p.brand = c.brand \
         WHERE c.brand = $1 AND c.conversation_id = $2",
    )
    .bind(brand.as_str())
    .bind(id.0)
    .fetch_optional(conn)
    .await?)
}

pub(super) async fn conversation(conn: &mut Conn, brand: &BrandId, id: ConversationId) -> Result<Option<Conversation>> {
    row(conn, brand, id).await?.map(|row| row.conversation(brand)).transpose()
}

pub(super) async fn person_of(
    conn: &mut Conn,
    brand: &BrandId,
    platform: &Platform,
    user: &str,
) -> Result<Option<PersonId>> {
    let id: Option<i64> =
        query_scalar("SELECT person_id FROM identities WHERE brand = $1 AND platform = $2 AND platform_user = $3")
            .bind(brand.as_str())
            .bind(platform.as_str())
            .bind(user)
            .fetch_optional(conn)
            .await?;
    Ok(id.map(PersonId))
}

pub(super) async fn conversations_of(
    conn: &mut Conn,
    brand: &BrandId,
    person: PersonId,
) -> Result<Vec<ConversationId>> {
    let ids: Vec<i64> = query_scalar(
        "SELECT conversation_id FROM conversations WHERE brand = $1 AND person_id = $2 ORDER BY conversation_id",
    )
    .bind(brand.as_str())
    .bind(person.0)
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(ConversationId).collect())
}
