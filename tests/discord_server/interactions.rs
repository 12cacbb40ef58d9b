//! Presses and picks, and the answers to them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::discord::{Id, Interaction};
use crate::tools::{World, form_errors, id, world};

/// A message of the bot with two buttons and a select.
async fn asked(world: &World) -> Id {
    let button = |label: &str| json!({"type": 2, "style": 1, "label": label, "custom_id": label.to_lowercase()});
    let options = json!([{"label": "Red", "value": "r"}, {"label": "Blue", "value": "b"}]);
    world
        .sent(json!({"content": "Sure?", "components": [
            {"type": 1, "components": [button("Yes"), button("No")]},
            {"type": 1, "components": [{"type": 3, "custom_id": "colour", "options": options}]},
        ]}))
        .await
}

async fn callback(world: &World, one: &Interaction, body: Value) -> (u16, Value) {
    world.call("POST", &format!("/interactions/{}/{}/callback", one.id, one.token), body).await
}

async fn hook(world: &World, method: &str, one: &Interaction, rest: &str, body: Value) -> (u16, Value) {
    world.call(method, &format!("/webhooks/{}/{}{rest}", world.discord.bot(), one.token), body).await
}

#[tokio::test]
async fn a_press_is_answered_once_and_in_time() {
    let world = world();
    let discord = &world.discord;
    let message = asked(&world).await;
    let (mut wire, _) = world.identified(1);
    let press = discord.interaction(discord.press(world.alice, message, "Yes"));
    let event = wire.event("INTERACTION_CREATE");
    assert_eq!((&event["type"], &event["data"]["custom_id"]), (&json!(3), &json!("yes")));
    assert_eq!((&event["message"]["content"], &event["member"]["user"]["bot"]), (&json!("Sure?"), &json!(false)));
    let refused = callback(&world, &press, json!({"type": 4, "data": {"content": "x".repeat(2001)}})).await.1;
    assert_eq!(form_errors(&refused), [".data.content: BASE_TYPE_MAX_LENGTH"]);
    let answer = json!({"type": 4, "data": {"content": "Done", "flags": 64}});
    assert_eq!(callback(&world, &press, answer.clone()).await.0, 204);
    assert_eq!(discord.answers(press.id)[0].reply_to, Some((world.channel, message)));
    let (status, body) = callback(&world, &press, answer.clone()).await;
    assert_eq!((status, &body["code"]), (400, &json!(40060)));
    let done = discord.interaction(press.id);
    assert_eq!(done.acknowledged.unwrap().0, 4);
    assert_eq!(discord.answers(press.id)[0].visible_to, Some(world.alice));
    assert_eq!(discord.transcript(world.channel)[1..], ["bot (only Alice): Done"]);
    let path = format!("/channels/{}/messages/{}", world.channel, done.original.unwrap());
    assert_eq!(world.call("GET", &path, Value::Null).await.0, 404, "an ephemeral message is in no history");
    let unknown = Interaction { token: "other".into(), ..press };
    assert_eq!(callback(&world, &unknown, answer.clone()).await.1["code"], 10062);
    discord.set_interaction_deadline(Duration::ZERO);
    let late = discord.interaction(discord.press(world.alice, message, "no"));
    let (status, body) = callback(&world, &late, answer).await;
    assert_eq!((status, &body["code"]), (404, &json!(10062)));
    assert!(discord.answers(late.id).is_empty());
    assert_eq!(hook(&world, "POST", &late, "", json!({"content": "late"})).await.1["code"], 50027);
}

#[tokio::test]
async fn thinking_ends_with_the_first_follow_up() {
    let world = world();
    let discord = &world.discord;
    let message = asked(&world).await;
    let one = discord.interaction(discord.press(world.alice, message, "Yes"));
    assert_eq!(hook(&world, "POST", &one, "", json!({"content": "early"})).await.1["code"], 10015);
    assert_eq!(callback(&world, &one, json!({"type": 5, "data": {"flags": 64}})).await.0, 204);
    assert_eq!(discord.transcript(world.channel)[1..], ["bot (only Alice): (thinking)"]);
    let (status, first) = hook(&world, "POST", &one, "", json!({"content": "thought"})).await;
    assert_eq!((status, id(&first)), (200, discord.interaction(one.id).original.unwrap()));
    assert_eq!(first["flags"], 64);
    let (_, second) = hook(&world, "POST", &one, "", json!({"content": "and more"})).await;
    assert_ne!(id(&first), id(&second));
    assert_eq!(discord.transcript(world.channel)[1..], ["bot (only Alice): thought", "bot: and more"]);
    let (_, original) = hook(&world, "GET", &one, "/messages/@original", Value::Null).await;
    assert_eq!(original["content"], "thought");
    hook(&world, "PATCH", &one, "/messages/@original", json!({"content": "thought again"})).await;
    let path = format!("/messages/{}", id(&second));
    hook(&world, "PATCH", &one, &path, json!({"content": "still more"})).await;
    assert_eq!(discord.transcript(world.channel)[1..], ["bot (only Alice): thought again", "bot: still more"]);
    assert_eq!(hook(&world, "DELETE", &one, "/messages/@original", Value::Null).await.0, 204);
    assert_eq!(hook(&world, "GET", &one, "/messages/@original", Value::Null).await.1["code"], 10008);
    let other = format!("/messages/{message}");
    assert_eq!(hook(&world, "PATCH", &one, &other, json!({"content": "x"})).await.1["code"], 10008);
    discord.set_token_lifetime(Duration::ZERO);
    let (status, body) = hook(&world, "POST", &one, "", json!({"content": "late"})).await;
    assert_eq!((status, &body["code"]), (401, &json!(50027)));
}

#[tokio::test]
async fn a_component_changes_its_message() {
    let world = world();
    let discord = &world.discord;
    let message = asked(&world).await;
    let one = discord.interaction(discord.select(world.alice, message, &["Blue"]));
    assert_eq!(one.data["values"], json!(["b"]));
    let update = json!({"type": 7, "data": {"content": "Blue it is", "components": []}});
    assert_eq!(callback(&world, &one, update).await.0, 204);
    assert_eq!(discord.transcript(world.channel), ["bot: Blue it is"]);
    let silent = discord.interaction(discord.press_forged(world.alice, message, "made-up"));
    assert_eq!(callback(&world, &silent, json!({"type": 6})).await.0, 204);
    hook(&world, "PATCH", &silent, "/messages/@original", json!({"content": "Later"})).await;
    assert_eq!(discord.transcript(world.channel), ["bot: Later"]);
    let public = discord.interaction(discord.press_forged(world.alice, message, "made-up"));
    let path = format!("/interactions/{}/{}/callback?with_response=true", public.id, public.token);
    let ping = json!({"type": 4, "data": {"content": format!("<@{}> @everyone", world.alice)}});
    let (status, body) = world.call("POST", &path, ping).await;
    assert_eq!((status, &body["resource"]["message"]["webhook_id"]), (200, &json!(discord.bot().to_string())));
    let answer = &discord.answers(public.id)[0];
    assert_eq!((answer.mentions.as_slice(), answer.mention_everyone), ([world.alice].as_slice(), false));
}

#[tokio::test]
async fn a_modal_is_shown_and_filled_in() {
    let world = world();
    let discord = &world.discord;
    let message = asked(&world).await;
    let one = discord.interaction(discord.press(world.alice, message, "Yes"));
    let field = json!({"type": 4, "custom_id": "name", "style": 1, "label": "Name"});
    let modal = json!({"title": "You", "custom_id": "form", "components": [{"type": 1, "components": [field]}]});
    assert_eq!(callback(&world, &one, json!({"type": 9, "data": modal})).await.0, 204);
    let filled = discord.interaction(discord.submit(one.id, &[("name", "Alice")]));
    assert_eq!((filled.kind, &filled.data["components"][0]["components"][0]["value"]), (5, &json!("Alice")));
    assert_eq!(callback(&world, &filled, json!({"type": 4, "data": {"content": "Thanks"}})).await.0, 204);
}

#[test]
#[should_panic(expected = "only Alice sees the message")]
fn nobody_presses_what_they_do_not_see() {
    let world = world();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let message = runtime.block_on(async {
        let asked = asked(&world).await;
        let one = world.discord.interaction(world.discord.press(world.alice, asked, "Yes"));
        let button = json!({"type": 2, "style": 1, "label": "More", "custom_id": "more"});
        let data = json!({"content": "x", "flags": 64, "components": [{"type": 1, "components": [button]}]});
        callback(&world, &one, json!({"type": 4, "data": data})).await;
        world.discord.interaction(one.id).original.unwrap()
    });
    world.discord.press(world.owner, message, "More");
}
