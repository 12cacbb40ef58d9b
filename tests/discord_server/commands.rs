//! Slash commands over REST, and what people can do with them.

use serde_json::{Value, json};

use crate::discord::intents;
use crate::tools::{form_errors, world};

#[tokio::test]
async fn commands_are_replaced_as_a_whole() {
    let world = world();
    let everywhere = format!("/applications/{}/commands", world.discord.bot());
    let here = format!("/applications/{}/guilds/{}/commands", world.discord.bot(), world.guild);
    let command = |name: &str| json!({"name": name, "description": "Does it"});
    let (status, first) = world.call("PUT", &everywhere, json!([command("ask"), command("help")])).await;
    assert_eq!((status, first.as_array().unwrap().len()), (200, 2));
    let (_, second) = world.call("PUT", &everywhere, json!([command("ask")])).await;
    assert_eq!(second[0]["id"], first[0]["id"], "what keeps its name keeps its id");
    assert_eq!(world.call("GET", &everywhere, Value::Null).await.1, second);
    world.call("PUT", &here, json!([command("case")])).await;
    assert_eq!(world.discord.commands(Some(world.guild))[0]["guild_id"], world.guild.to_string());
    assert_eq!(world.call("PUT", "/applications/1/commands", json!([])).await.0, 403);
}

#[tokio::test]
async fn commands_that_discord_refuses_are_refused() {
    let world = world();
    let path = format!("/applications/{}/commands", world.discord.bot());
    let with = |field: &str, value: Value| {
        let mut command = json!({"name": "ask", "description": "Asks"});
        command[field] = value;
        json!([command])
    };
    let option =
        |name: &str, required: bool| json!({"type": 3, "name": name, "description": "d", "required": required});
    let many = |n: usize| (0..n).map(|n| option(&format!("o{n}"), false)).collect::<Vec<_>>();
    let choices = |n: usize| (0..n).map(|n| json!({"name": n.to_string(), "value": n.to_string()})).collect::<Vec<_>>();
    let choosing = |n: usize| json!([{"type": 3, "name": "o", "description": "d", "choices": choices(n)}]);
    let cases = [
        (with("name", json!("Ask")), ".0.name: APPLICATION_COMMAND_INVALID_NAME"),
        (with("name", json!("two words")), ".0.name: APPLICATION_COMMAND_INVALID_NAME"),
        (with("name", json!("n".repeat(33))), ".0.name: BASE_TYPE_BAD_LENGTH"),
        (with("description", json!("")), ".0.description: BASE_TYPE_BAD_LENGTH"),
        (with("description", json!("d".repeat(101))), ".0.description: BASE_TYPE_BAD_LENGTH"),
        (with("name_localizations", json!({"xx": "frage"})), ".0.name_localizations.xx: LOCALE_INVALID"),
        (
            with("name_localizations", json!({"de": "Frage"})),
            ".0.name_localizations.de: APPLICATION_COMMAND_INVALID_NAME",
        ),
        (with("options", json!(many(26))), ".0.options: BASE_TYPE_MAX_LENGTH"),
        (with("options", choosing(26)), ".0.options.0.choices: BASE_TYPE_MAX_LENGTH"),
        (
            with("options", json!([option("a", false), option("b", true)])),
            ".0.options.1: APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
    ];
    for (body, wanted) in cases {
        let (status, answer) = world.call("PUT", &path, body).await;
        assert_eq!((status, form_errors(&answer)), (400, vec![wanted.to_owned()]), "{answer}");
    }
    let fine = json!([
        {"name": "frage-über_ça", "description": "d", "name_localizations": {"de": "frage"}, "options": many(25)},
        {"name": "โกษณา", "description": "d", "options": choosing(25)},
    ]);
    assert_eq!(world.call("PUT", &path, fine).await.0, 200);
}

#[tokio::test]
async fn people_use_commands_and_are_offered_choices() {
    let world = world();
    let discord = &world.discord;
    let order = json!({"type": 3, "name": "order", "description": "d", "required": true, "autocomplete": true});
    let who = json!({"type": 6, "name": "who", "description": "d"});
    let claim = json!({"type": 1, "name": "claim", "description": "d", "options": [order, who]});
    let case = json!({"name": "case", "description": "d", "options": [claim]});
    world.call("PUT", &format!("/applications/{}/commands", discord.bot()), json!([case])).await;
    let (mut wire, _) = world.identified(intents::GUILDS);
    discord.set_locale(world.alice, "de");
    let options = [("order", json!("A-1")), ("who", json!(world.owner.to_string()))];
    discord.slash(world.alice, world.channel, "case claim", &options);
    let event = wire.event("INTERACTION_CREATE");
    assert_eq!((&event["type"], &event["locale"], &event["context"]), (&json!(2), &json!("de"), &json!(0)));
    assert_eq!(event["member"]["user"]["global_name"], "Alice");
    assert_eq!(event["data"]["options"][0]["options"][0], json!({"name": "order", "type": 3, "value": "A-1"}));
    assert_eq!(event["data"]["resolved"]["users"][world.owner.to_string()]["global_name"], "Olga");
    let typing = discord.autocomplete(world.alice, world.channel, "case claim", &[], "order", "A");
    let event = wire.event("INTERACTION_CREATE");
    assert_eq!(event["data"]["options"][0]["options"][0]["focused"], true);
    let path = |event: &Value| {
        format!("/interactions/{}/{}/callback", event["id"].as_str().unwrap(), event["token"].as_str().unwrap())
    };
    let choices: Vec<Value> = (0..26).map(|n| json!({"name": n.to_string(), "value": n.to_string()})).collect();
    let too_many = json!({"type": 8, "data": {"choices": choices}});
    assert_eq!(world.call("POST", &path(&event), too_many).await.1["code"], 50035);
    assert_eq!(world.call("POST", &path(&event), json!({"type": 4, "data": {"content": "x"}})).await.1["code"], 50035);
    let fine = json!({"type": 8, "data": {"choices": &choices[..25]}});
    assert_eq!(world.call("POST", &path(&event), fine).await.0, 204);
    assert_eq!(discord.interaction(typing).choices.unwrap().len(), 25);
}
