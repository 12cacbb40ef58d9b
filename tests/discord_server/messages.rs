//! Messages over REST: what is taken, what is refused, whom they tell, where they may go.

use serde_json::{Value, json};

use crate::discord::{
    ADD_REACTIONS, MENTION_EVERYONE, READ_MESSAGE_HISTORY, SEND_MESSAGES, Saying, VIEW_CHANNEL, intents,
};
use crate::tools::{form_errors, id, world};

#[tokio::test]
async fn who_asks_has_to_say_who_it_is() {
    let world = world();
    let url = format!("{}/api/v10/users/@me", world.discord.url());
    let answer = reqwest::get(&url).await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.json::<Value>().await.unwrap(), json!({"message": "401: Unauthorized", "code": 0}));
    assert_eq!(world.call("GET", "/users/@me", Value::Null).await.1["id"], world.discord.bot().to_string());
    let (_, application) = world.call("GET", "/applications/@me", Value::Null).await;
    assert_eq!(application["flags"], 1 << 15 | 1 << 19);
    world.discord.set_privileged(0);
    assert_eq!(world.call("GET", "/oauth2/applications/@me", Value::Null).await.1["flags"], 0);
    let (_, gateway) = world.call("GET", "/gateway/bot", Value::Null).await;
    assert_eq!(gateway["session_start_limit"]["remaining"], 1000);
    assert_eq!(gateway["url"], world.discord.gateway());
    assert_eq!(world.call("GET", "/no/such/thing", Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_message_is_written_read_changed_and_deleted() {
    let world = world();
    let path = format!("/channels/{}/messages", world.channel);
    let first = world.sent(json!({"content": "hello", "flags": 4})).await;
    let (_, read) = world.call("GET", &format!("{path}/{first}"), Value::Null).await;
    assert_eq!((&read["content"], &read["flags"]), (&json!("hello"), &json!(4)));
    let (status, changed) = world.call("PATCH", &format!("{path}/{first}"), json!({"content": "bye"})).await;
    assert_eq!((status, &changed["content"]), (200, &json!("bye")));
    assert!(changed["edited_timestamp"].is_string());
    let others = world.discord.says(world.alice, world.channel, "mine");
    let (status, body) = world.call("PATCH", &format!("{path}/{others}"), json!({"content": "no"})).await;
    assert_eq!((status, &body["code"]), (403, &json!(50005)));
    let (status, body) = world.call("DELETE", &format!("{path}/{others}"), Value::Null).await;
    assert_eq!((status, &body["code"]), (403, &json!(50013)));
    assert_eq!(world.call("DELETE", &format!("{path}/{first}"), Value::Null).await.0, 204);
    let (status, body) = world.call("GET", &format!("{path}/{first}"), Value::Null).await;
    assert_eq!((status, &body["code"]), (404, &json!(10008)));
    assert!(world.discord.message(first).deleted);
    assert_eq!(world.discord.message(first).raw[0], json!({"content": "hello", "flags": 4}));
    assert_eq!(world.discord.transcript(world.channel), ["Alice: mine"]);
    let (status, body) = world.call("POST", "/channels/1/messages", json!({"content": "x"})).await;
    assert_eq!((status, &body["code"]), (404, &json!(10003)));
}

#[tokio::test]
async fn what_is_too_long_or_empty_is_refused() {
    let world = world();
    let button = |id: &str| json!({"type": 2, "style": 1, "label": "Yes", "custom_id": id});
    let row = |inside: Vec<Value>| json!({"type": 1, "components": inside});
    let option = |n: usize| json!({"label": n.to_string(), "value": n.to_string()});
    let select = |n: usize| json!({"type": 3, "custom_id": "s", "options": (0..n).map(option).collect::<Vec<_>>()});
    let with = |rows: Vec<Value>| json!({"content": "x", "components": rows});
    let cases: Vec<(Value, &str)> = vec![
        (json!({"content": "ü".repeat(2001)}), ".content: BASE_TYPE_MAX_LENGTH"),
        (json!({"content": "x", "nonce": "n".repeat(26)}), ".nonce: BASE_TYPE_MAX_LENGTH"),
        (with((0..6).map(|n| row(vec![button(&n.to_string())])).collect()), ".components: BASE_TYPE_BAD_LENGTH"),
        (
            with(vec![row((0..6).map(|n| button(&n.to_string())).collect())]),
            ".components.0.components: BASE_TYPE_BAD_LENGTH",
        ),
        (with(vec![row(vec![select(2), button("b")])]), ".components.0.components: BASE_TYPE_BAD_LENGTH"),
        (with(vec![row(vec![select(26)])]), ".components.0.components.0.options: BASE_TYPE_BAD_LENGTH"),
        (
            with(vec![row(vec![button("a"), button("a")])]),
            ".components.0.components.1.custom_id: COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (with(vec![row(vec![button(&"i".repeat(101))])]), ".components.0.components.0.custom_id: BASE_TYPE_BAD_LENGTH"),
        (
            with(vec![row(vec![json!({"type": 2, "style": 1, "label": "l".repeat(81), "custom_id": "a"})])]),
            ".components.0.components.0.label: BASE_TYPE_MAX_LENGTH",
        ),
        (json!({"content": "x", "embeds": [{"title": "t".repeat(257)}]}), ".embeds.0.title: BASE_TYPE_MAX_LENGTH"),
        (
            json!({"content": "x", "message_reference": {"message_id": "1"}}),
            ".message_reference: MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
        ),
        (
            json!({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
            ".allowed_mentions: MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
    ];
    for (body, wanted) in cases {
        let (status, answer) = world.send(body).await;
        assert_eq!((status, &answer["code"]), (400, &json!(50035)), "{wanted}: {answer}");
        assert_eq!(form_errors(&answer), [wanted]);
    }
    let (status, answer) = world.send(json!({"content": " \n"})).await;
    assert_eq!((status, &answer["code"]), (400, &json!(50006)));
    assert!(world.discord.messages(world.channel).is_empty());
    let fine = [
        json!({"content": "ü".repeat(2000)}),
        with(vec![row(vec![select(25)]), row((0..5).map(|n| button(&n.to_string())).collect())]),
        json!({"content": "x", "message_reference": {"message_id": "1", "fail_if_not_exists": false}}),
    ];
    for body in fine {
        let (status, answer) = world.send(body).await;
        assert_eq!(status, 200, "{answer}");
    }
}

#[tokio::test]
async fn a_nonce_is_taken_once() {
    let world = world();
    let body = json!({"content": "once", "nonce": "case-1", "enforce_nonce": true});
    let first = world.sent(body.clone()).await;
    assert_eq!(world.sent(body).await, first);
    let free = json!({"content": "twice", "nonce": "case-1"});
    assert_ne!(world.sent(free.clone()).await, world.sent(free).await);
    assert_eq!(world.discord.messages(world.channel).len(), 3);
    world.discord.set_nonce_window(std::time::Duration::ZERO);
    assert_ne!(world.sent(json!({"content": "late", "nonce": "case-1", "enforce_nonce": true})).await, first);
}

#[tokio::test]
async fn only_who_is_allowed_is_told() {
    let world = world();
    let discord = &world.discord;
    let staff = discord.add_role(world.guild, "Staff", 0);
    let text = format!("@everyone <@&{staff}> <@{}> <@!{}> `<@{}>`", world.alice, world.owner, discord.bot());
    let told = async |allowed: Value| {
        let mut body = json!({"content": text});
        if !allowed.is_null() {
            body["allowed_mentions"] = allowed;
        }
        let message = discord.message(world.sent(body).await);
        (message.mentions, message.mention_roles, message.mention_everyone)
    };
    assert_eq!(told(Value::Null).await, (vec![world.alice, world.owner], vec![], false));
    discord.set_mentionable(world.guild, staff, true);
    assert_eq!(told(Value::Null).await, (vec![world.alice, world.owner], vec![staff], false));
    discord.set_role_permissions(world.guild, discord.bot_role(world.guild), MENTION_EVERYONE);
    assert_eq!(told(Value::Null).await, (vec![world.alice, world.owner], vec![staff], true));
    assert_eq!(told(json!({"parse": []})).await, (vec![], vec![], false));
    let one = json!({"parse": [], "users": [world.alice.to_string()]});
    assert_eq!(told(one).await, (vec![world.alice], vec![], false));
    assert_eq!(told(json!({"parse": ["roles"]})).await, (vec![], vec![staff], false));
    // A reply tells the author unless allowed_mentions leave that out.
    let asked = discord.says(world.alice, world.channel, "a question");
    let reply = json!({"content": "an answer", "message_reference": {"message_id": asked.to_string()}});
    let (_, plain) = world.send(reply.clone()).await;
    assert_eq!((&plain["type"], &plain["referenced_message"]["content"]), (&json!(19), &json!("a question")));
    assert_eq!(discord.message(id(&plain)).mentions, [world.alice]);
    let mut quiet = reply;
    quiet["allowed_mentions"] = json!({"parse": ["users"]});
    assert!(discord.message(world.sent(quiet).await).mentions.is_empty());
}

#[tokio::test]
async fn permissions_come_from_roles_and_overwrites() {
    let world = world();
    let (discord, channel) = (&world.discord, world.channel);
    let code = async || world.send(json!({"content": "x"})).await.1["code"].clone();
    let bots = discord.bot_role(world.guild);
    discord.overwrite_role(channel, bots, 0, SEND_MESSAGES);
    assert_eq!(code().await, 50013);
    discord.overwrite_member(channel, discord.bot(), SEND_MESSAGES, 0);
    assert_eq!(code().await, Value::Null);
    discord.overwrite_member(channel, discord.bot(), 0, VIEW_CHANNEL);
    assert_eq!(code().await, 50001);
    let (status, body) = world.call("GET", &format!("/channels/{channel}"), Value::Null).await;
    assert_eq!((status, &body["code"]), (403, &json!(50001)));
    discord.set_role_permissions(world.guild, bots, 1 << 3);
    assert_eq!(code().await, Value::Null, "an administrator may all");
    let staff = discord.add_role(world.guild, "Staff", 0);
    let hidden = discord.add_private_channel(world.guild, "staff", &[staff]);
    assert_eq!(discord.permissions(world.alice, hidden), 0);
    discord.give_role(world.guild, world.alice, staff);
    assert_ne!(discord.permissions(world.alice, hidden) & SEND_MESSAGES, 0);
    assert_ne!(discord.permissions(world.owner, hidden), 0, "the owner sees everything");
}

#[tokio::test]
async fn history_comes_in_pages_newest_first() {
    let world = world();
    let said: Vec<u64> = (0..6).map(|n| world.discord.says(world.alice, world.channel, &n.to_string())).collect();
    let page = async |query: &str| {
        let path = format!("/channels/{}/messages?{query}", world.channel);
        let (_, list) = world.call("GET", &path, Value::Null).await;
        let list = list.as_array().unwrap().clone();
        list.iter().map(|one| one["content"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("")
    };
    assert_eq!(page("").await, "543210");
    assert_eq!(page("limit=2").await, "54");
    assert_eq!(page(&format!("after={}&limit=2", said[1])).await, "32", "the two that follow at once");
    assert_eq!(page(&format!("before={}", said[2])).await, "10");
    assert_eq!(page(&format!("around={}&limit=3", said[3])).await, "432");
    world.discord.set_privileged(0);
    assert_eq!(page("").await, "", "without the intent the content is empty here too");
    world.discord.set_privileged(intents::MESSAGE_CONTENT);
    world.discord.overwrite_role(world.channel, world.guild, 0, READ_MESSAGE_HISTORY);
    world.discord.set_role_permissions(world.guild, world.discord.bot_role(world.guild), 0);
    assert_eq!(page("").await, "");
    let path = format!("/channels/{}/messages?limit=101", world.channel);
    assert_eq!(world.call("GET", &path, Value::Null).await.0, 400);
}

#[tokio::test]
async fn reactions_typing_and_direct_messages() {
    let world = world();
    let discord = &world.discord;
    let message = discord.says(world.alice, world.channel, "thanks");
    let path = format!("/channels/{}/messages/{message}/reactions/%F0%9F%91%8D/@me", world.channel);
    assert_eq!(world.call("PUT", &path, Value::Null).await.0, 204);
    assert_eq!(discord.reactions(message), [("\u{1f44d}".to_owned(), vec![discord.bot()])]);
    assert_eq!(world.call("DELETE", &path, Value::Null).await.0, 204);
    assert!(discord.reactions(message).is_empty());
    discord.overwrite_member(world.channel, discord.bot(), 0, ADD_REACTIONS);
    assert_eq!(world.call("PUT", &path, Value::Null).await.1["code"], 50013);
    assert_eq!(world.call("POST", &format!("/channels/{}/typing", world.channel), Value::Null).await.0, 204);
    assert_eq!(discord.typing()[0].0, world.channel);
    let (_, dm) = world.call("POST", "/users/@me/channels", json!({"recipient_id": world.alice.to_string()})).await;
    assert_eq!((&dm["type"], id(&dm)), (&json!(1), discord.dm_channel(world.alice)));
    let path = format!("/channels/{}/messages", id(&dm));
    assert_eq!(world.call("POST", &path, json!({"content": "hi"})).await.0, 200);
    discord.set_takes_dms(world.alice, false);
    let (status, body) = world.call("POST", &path, json!({"content": "hi"})).await;
    assert_eq!((status, &body["code"]), (403, &json!(50007)));
}

#[tokio::test]
async fn a_transcript_reads_like_the_channel() {
    let world = world();
    let discord = &world.discord;
    discord.says_more(
        world.alice,
        world.channel,
        &Saying { text: "look", files: &[("a.png", "image/png", 9)], ..Saying::default() },
    );
    discord.webhook_says(world.channel, "Shop", "sold");
    let other = discord.add_bot("Other");
    discord.join(world.guild, other, &[]);
    discord.says(other, world.channel, "beep");
    world
        .sent(json!({"content": "Hi\nthere", "components": [
            {"type": 1, "components": [
                {"type": 2, "style": 1, "label": "Yes", "custom_id": "y"},
                {"type": 2, "style": 2, "label": "No", "custom_id": "n", "disabled": true},
                {"type": 2, "style": 5, "label": "Shop", "url": "https://example.org"},
            ]},
            {"type": 1, "components": [{"type": 3, "custom_id": "s", "options": [
                {"label": "A", "value": "a"}, {"label": "B", "value": "b"}]}]},
        ]}))
        .await;
    let wanted = [
        "Alice: look (file a.png)",
        "Shop: sold",
        "Other: beep",
        "bot: Hi",
        "    there [Yes] [-No-] [Shop ->] {A | B}",
    ];
    assert_eq!(discord.transcript(world.channel), wanted);
}
