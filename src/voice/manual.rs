//! The manual for people who write voices (docs/voice.md): prose from a file, tables from the schema, the lines and the rules, so
//! that it cannot say anything else than what is checked.

use std::fmt::Write as _;

use super::lines::Line;
use super::lint::RULES;
use super::schema::{self, Field, ROOT, Shape};

const PROSE: &str = include_str!("../../assets/manual/voice.md");

/// The whole manual, as Markdown.
pub fn render() -> String {
    PROSE
        .replace("<!-- fields -->\n", &fields())
        .replace("<!-- lines -->\n", &lines())
        .replace("<!-- rules -->\n", &rules())
}

fn fields() -> String {
    let mut out = String::new();
    section(&mut out, "At the top of the file", "", &ROOT);
    schema::walk(&ROOT, "", &mut |header, shape| {
        let field = schema::field_at(header);
        let what = field.map(|field| field.what).unwrap_or_default();
        section(&mut out, &format!("`{header}`"), what, shape);
        if header == "[mood_words]" {
            out.push_str(FACTS);
        }
    });
    out
}

/// What a table cannot say about `[facts]`.
const FACTS: &str = r#"### `[facts]`

What changes more often than wording, written once and used as `{{name}}`. A fact is a text, a number, a date, or `true` or
`false`. It may differ by language, `{ en-GB = "green", de-DE = "grün" }`, or by region; then it has a `default`:

```toml
[facts.delivery_days]
GB = "2 to 3"
DE = { en-GB = "4 to 6", de-DE = "4 bis 6" }
default = "7 to 10"
```

"#;

fn section(out: &mut String, title: &str, what: &str, shape: &Shape) {
    let _ = write!(out, "### {title}\n\n");
    if !what.is_empty() {
        let _ = write!(out, "{what}\n\n");
    }
    out.push_str("| key | value | left out | what it is | what a customer notices |\n|---|---|---|---|---|\n");
    for field in shape.fields {
        row(out, field);
    }
    out.push('\n');
}

fn row(out: &mut String, field: &Field) {
    let name = if field.required { format!("**`{}`**", field.name) } else { format!("`{}`", field.name) };
    let default = if field.required { "must be there" } else { field.default };
    let example = match field.example {
        "" => String::new(),
        example => format!(" For instance `{example}`."),
    };
    let cells =
        [name, field.kind.title(), default.to_owned(), format!("{}{example}", field.what), field.notice.to_owned()];
    let _ = writeln!(out, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
}

fn lines() -> String {
    let mut out = String::from("| key | when a customer reads it | own blanks |\n|---|---|---|\n");
    for line in Line::ALL {
        let known = line.known().iter().map(|name| format!("`{name}`"));
        let maybe = line.may_know().iter().map(|name| format!("(`{name}`)"));
        let blanks = known.chain(maybe).collect::<Vec<_>>().join(", ");
        let doc = line.doc().split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(out, "| `{}` | {doc} | {blanks} |", line.key());
    }
    out.push('\n');
    out
}

fn rules() -> String {
    let mut out = String::from("| rule | what it asks |\n|---|---|\n");
    for rule in RULES {
        for (code, words) in rule.codes {
            let mark = if rule.taste { " ✎" } else { "" };
            let _ = writeln!(out, "| `{code}`{mark} | {} |", words.replace('|', "\\|"));
        }
    }
    out
}
