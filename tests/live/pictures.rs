//! One conversation on each platform as its readers see it, for docs/conversations.md: the chat and the team's side, with
//! the formatting, buttons and pings that the platform was given. With `HOUSEVOICE_PICTURES=FOLDER` the pages are written
//! there; without, the conversation is played all the same.

use std::fmt::Write as _;

use serde_json::Value;

use super::on_discord::{Discord, DiscordDesk};
use super::on_telegram::{Telegram, TelegramDesk};
use super::running::{Housevoice, brand, voice};
use super::town::{Desk, Scene};

/// What happens on either platform.
fn play(scene: &Scene<'_>) -> String {
    scene.says("Sam", "hi! how long does delivry take?");
    scene.hears("Sam", "Loomie");
    scene.presses("Sam", "Germany");
    scene.hears("Sam", "3 to 4 working days");
    scene.says("Sam", "my *lamp* arrived broken, order number LL-771903 <b>!!</b> @everyone");
    scene.hears("Sam", "LL-771903");
    let case = scene.case(0);
    scene.agent_presses("Ana", &case.id, "Claim");
    scene.hears("Sam", "Ana");
    scene.agent_says("Ana", &case.id, "// second broken shade this week, tell the packers");
    scene.agent_says(
        "Ana",
        &case.id,
        "I'm sorry about your lamp. A new shade leaves us today: https://lanternloom.example/orders",
    );
    scene.hears("Sam", "A new shade leaves us today");
    scene.says("Sam", "wow, thank you!");
    scene.team_reads(&case.id, "wow, thank you!");
    scene.agent_presses("Ana", &case.id, "Close");
    scene.hears("Sam", "Ana");
    scene.says("Sam", "is a light bulb included?");
    scene.hears("Sam", "bulb");
    case.id
}

#[test]
fn a_conversation_on_telegram_as_it_looks() {
    let town = Telegram::new("loomie_bot");
    let desk = TelegramDesk::of(&town);
    let brands = brand(voice("lantern-loom"), [town.section("TOKEN"), desk.lines()]);
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.bot.token)]);
    let case: i64 = play(&Scene::new(&town, &desk)).parse().unwrap();
    let names = |id: Option<i64>| {
        let team = ["Ana", "Ben"].into_iter().find(|name| Some(desk.agent(name).id) == id);
        team.map_or_else(|| "Sam".to_owned(), str::to_owned)
    };
    let bubble = |message: super::telegram::Message| {
        let who = if message.by_bot.is_some() { "Loomie".to_owned() } else { names(message.from) };
        let rows =
            message.keyboard().into_iter().map(|row| row.into_iter().map(|b| (b.text, b.url.is_some())).collect());
        Bubble { own: message.by_bot.is_none(), who, html: telegram_html(&message), rows: rows.collect() }
    };
    let all = |messages: Vec<super::telegram::Message>| {
        messages.into_iter().filter(|message| !message.is_service()).map(bubble).collect::<Vec<_>>()
    };
    let private = all(town.api.messages(town.chat("Sam")));
    let topic = all(town.api.messages(desk.chat).into_iter().filter(|message| message.thread == Some(case)).collect());
    let title = desk.cases()[0].title.clone();
    write("telegram", &page("telegram", &[("Loomie", &private), (&format!("Team › {title}"), &topic)]));
}

#[test]
fn a_conversation_on_discord_as_it_looks() {
    let town = Discord::new();
    let desk = DiscordDesk::forum(&town);
    let brands = brand(voice("lantern-loom"), [town.section("TOKEN"), desk.lines()]);
    let _bot = Housevoice::running(&brands, &[("TOKEN", &town.server.token())]);
    let case = play(&Scene::new(&town, &desk)).parse().unwrap();
    let bot = town.server.bot();
    let bubble = |message: super::discord::Message| {
        let who = match message.author {
            author if author == bot => "Loomie",
            author if author == desk.agent("Ana") => "Ana",
            _ => "Sam",
        };
        Bubble {
            own: message.author != bot,
            who: who.into(),
            html: discord_html(&message.content),
            rows: rows(&message),
        }
    };
    let private = town.server.messages(town.server.dm_channel(town.person("Sam")));
    let private: Vec<Bubble> = private.into_iter().map(bubble).collect();
    let post: Vec<Bubble> = town.server.messages(case).into_iter().map(bubble).collect();
    let title = desk.cases()[0].title.clone();
    write("discord", &page("discord", &[("Loomie", &private), (&format!("cases › {title}"), &post)]));
}

/// A message on a page.
struct Bubble {
    own: bool,
    who: String,
    html: String,
    /// Buttons row by row, and whether each is a link.
    rows: Vec<Vec<(String, bool)>>,
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text with entities, as Telegram sets it (Bot API, MessageEntity).
fn telegram_html(message: &super::telegram::Message) -> String {
    let units: Vec<u16> = message.text().encode_utf16().collect();
    let entities = message.entities();
    let mut html = String::new();
    for (at, unit) in char::decode_utf16(units.iter().copied()).scan(0_usize, |at, c| {
        let c = c.unwrap();
        let here = *at;
        *at += c.len_utf16();
        Some((here, c))
    }) {
        let edge = |entity: &&Value, end: bool| {
            let offset = entity["offset"].as_u64().unwrap() as usize;
            let at_end = offset + entity["length"].as_u64().unwrap() as usize;
            if end { at_end == at } else { offset == at }
        };
        entities.iter().rev().filter(|e| edge(e, true)).for_each(|e| html.push_str(tag(e).1));
        entities.iter().filter(|e| edge(e, false)).for_each(|e| html.push_str(&tag(e).0));
        html.push_str(&escape(&unit.to_string()));
    }
    entities.iter().rev().for_each(|entity| {
        let end = entity["offset"].as_u64().unwrap() + entity["length"].as_u64().unwrap();
        if end as usize == units.len() {
            html.push_str(tag(entity).1);
        }
    });
    html.replace('\n', "<br>")
}

fn tag(entity: &Value) -> (String, &'static str) {
    match entity["type"].as_str().unwrap() {
        "bold" => ("<b>".into(), "</b>"),
        "italic" => ("<i>".into(), "</i>"),
        "code" => ("<code>".into(), "</code>"),
        "text_link" | "url" => ("<a>".into(), "</a>"),
        // What Telegram finds by itself in what people write.
        _ => ("<u>".into(), "</u>"),
    }
}

/// A text in Discord's Markdown, as far as messages of the bot use it.
fn discord_html(content: &str) -> String {
    let (mut html, mut bold, mut italic, mut code) = (String::new(), false, false, false);
    let mut rest = content;
    while let Some(c) = rest.chars().next() {
        let toggle = |on: &mut bool, name: &str| {
            *on = !*on;
            if *on { format!("<{name}>") } else { format!("</{name}>") }
        };
        let skip = if let Some(link) = rest.strip_prefix('[').and_then(|from| from.split_once("](")) {
            let end = link.1.find(')').unwrap();
            let _ = write!(html, "<a>{}</a>", escape(&link.0.replace('\\', "")));
            link.0.len() + link.1.split_at(end).0.len() + 4
        } else if rest.starts_with("<https://") {
            let end = rest.find('>').unwrap();
            let _ = write!(html, "<a>{}</a>", escape(&rest[1..end]));
            end + 1
        } else if rest.starts_with("**") {
            html.push_str(&toggle(&mut bold, "b"));
            2
        } else if c == '*' {
            html.push_str(&toggle(&mut italic, "i"));
            1
        } else if c == '`' {
            html.push_str(&toggle(&mut code, "code"));
            1
        } else if c == '\\' && rest.len() > 1 {
            let escaped = rest.chars().nth(1).unwrap();
            html.push_str(&escape(&escaped.to_string()));
            1 + escaped.len_utf8()
        } else {
            html.push_str(&escape(&c.to_string()));
            c.len_utf8()
        };
        rest = &rest[skip..];
    }
    html.replace('\n', "<br>")
}

fn rows(message: &super::discord::Message) -> Vec<Vec<(String, bool)>> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let label = |one: &Value| match one["type"].as_u64() {
        Some(3) => {
            let options: Vec<String> =
                list(&one["options"]).iter().map(|o| o["label"].as_str().unwrap().to_owned()).collect();
            (format!("▾ {}", options.join(" · ")), false)
        }
        _ => (one["label"].as_str().unwrap_or_default().to_owned(), one["style"] == 5),
    };
    message.components.iter().map(|row| list(&row["components"]).iter().map(label).collect()).collect()
}

const STYLE: &str = "body{margin:0;display:flex;gap:24px;padding:24px;font:15px/1.4 'Noto Sans',sans-serif;align-items:flex-start}\
section{width:520px;border-radius:12px;padding:16px}h2{margin:0 0 12px;font-size:16px}.m{margin:8px 0;display:flex;flex-direction:column}\
.t{padding:8px 12px;border-radius:12px;max-width:420px;overflow-wrap:anywhere}.w{font-weight:600;font-size:13px}.r{display:flex;gap:4px;margin-top:4px;flex-wrap:wrap;max-width:444px}\
.b{padding:6px 12px;border-radius:8px;flex:1;text-align:center;font-size:14px}code{font-family:'Noto Sans Mono',monospace}\
.telegram{background:#dfe7ee}.telegram section{background:#c8d9c2}.telegram .t{background:#fff}.telegram .own{align-items:flex-end}.telegram .own .t{background:#e6ffd6}\
.telegram .w{color:#3390ec}.telegram .b{background:#5f7f57cc;color:#fff}.telegram a,.telegram u{color:#3390ec;text-decoration:none}\
.discord{background:#1e1f22;color:#dbdee1}.discord section{background:#313338}.discord h2{color:#f2f3f5}.discord .t{padding:2px 0;max-width:500px}\
.discord .w{color:#fff}.discord .b{background:#4e5058;color:#fff;flex:none}.discord a{color:#00a8fc}.discord code{background:#1e1f22;border-radius:4px;padding:0 4px}";

fn page(platform: &str, columns: &[(&str, &Vec<Bubble>)]) -> String {
    let mut html = format!("<!doctype html><meta charset=utf-8><style>{STYLE}</style><body class={platform}>");
    for (title, bubbles) in columns {
        let _ = write!(html, "<section><h2>{}</h2>", escape(title));
        for bubble in *bubbles {
            let own = if bubble.own { " own" } else { "" };
            let who = escape(&bubble.who);
            let _ = write!(html, "<div class='m{own}'><div class=t><div class=w>{who}</div>{}</div>", bubble.html);
            for row in &bubble.rows {
                html.push_str("<div class=r>");
                for (label, is_link) in row {
                    let arrow = if *is_link { " ↗" } else { "" };
                    let _ = write!(html, "<div class=b>{}{arrow}</div>", escape(label));
                }
                html.push_str("</div>");
            }
            html.push_str("</div>");
        }
        html.push_str("</section>");
    }
    html
}

fn write(name: &str, page: &str) {
    assert!(page.contains("A new shade leaves us today") && !page.contains("<b>!!</b>"), "{page}");
    if let Some(folder) = std::env::var_os("HOUSEVOICE_PICTURES") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), page).unwrap();
    }
}
