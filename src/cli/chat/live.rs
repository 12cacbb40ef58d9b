//! A screen for people: a prompt that can be edited, with colours, and output that never lands in the middle of typing.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{Config, Editor, ExternalPrinter};
use tokio::sync::mpsc as async_mpsc;

use super::face::Face;
use super::staff;
use crate::adapters::console::{Shown, Talk};
use crate::cli::paint::{Ink, Paint};
use crate::cli::{Trouble, print};
use crate::engine::Silence;
use crate::voice::content::{Inline, Style};

/// Lines kept for the arrow keys.
const HISTORY: usize = 500;

/// The screen.
pub(super) struct Live {
    paint: Paint,
    bot_name: String,
    printer: Mutex<Option<Box<dyn ExternalPrinter + Send>>>,
}

/// What is typed, line by line; a prompt must be sent for each.
pub(super) struct Keyboard {
    /// The next prompt.
    pub prompts: mpsc::Sender<String>,
    /// Lines; closed at Ctrl-D and at a second Ctrl-C in a row.
    pub lines: async_mpsc::Receiver<String>,
}

/// Opens the screen and the keyboard.
pub(super) fn open(bot_name: &str) -> Result<(Live, Keyboard), Trouble> {
    let trouble = |error: ReadlineError| Trouble::new(format!("the terminal cannot be used: {error}"));
    let config = Config::builder().max_history_size(HISTORY).map_err(trouble)?.auto_add_history(true).build();
    let mut editor: Editor<(), FileHistory> = Editor::with_config(config).map_err(trouble)?;
    let printer =
        editor.create_external_printer().ok().map(|printer| Box::new(printer) as Box<dyn ExternalPrinter + Send>);
    let (prompts, asked) = mpsc::channel::<String>();
    let (typed, lines) = async_mpsc::channel(1);
    thread::spawn(move || read_lines(&mut editor, &asked, &typed));
    let live = Live { paint: Paint::stdout(), bot_name: bot_name.to_owned(), printer: Mutex::new(printer) };
    Ok((live, Keyboard { prompts, lines }))
}

/// Reads a line for each prompt, until there is no more or nobody wants any.
fn read_lines(
    editor: &mut Editor<(), FileHistory>,
    asked: &mpsc::Receiver<String>,
    typed: &async_mpsc::Sender<String>,
) {
    let history = history_file();
    if let Some(file) = &history {
        // Without a history the chat is as good.
        let _ = editor.load_history(file);
    }
    while let Ok(prompt) = asked.recv() {
        // The first Ctrl-C drops the line, the second in a row ends the chat.
        let line = match editor.readline(&prompt) {
            Err(ReadlineError::Interrupted) => editor.readline(&prompt),
            read => read,
        };
        let Ok(line) = line else { break };
        if let Some(file) = &history {
            let _ = editor.append_history(file);
        }
        if typed.blocking_send(line).is_err() {
            break;
        }
    }
}

/// Where what was typed is kept for the next time; none when there is no such place.
fn history_file() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local/state")))?;
    let folder = state.join("housevoice");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("chat-history"))
}

impl Live {
    fn print(&self, text: &str) -> io::Result<()> {
        let text = format!("{text}\n");
        let mut printer = self.printer.lock().unwrap_or_else(PoisonError::into_inner);
        let printed = match printer.as_mut() {
            Some(printer) => printer.print(text).is_ok(),
            None => print(&text),
        };
        if printed { Ok(()) } else { Err(io::ErrorKind::BrokenPipe.into()) }
    }

    fn talk(&self, name: &str, ink: Ink, talk: &Talk) -> String {
        let mut lines = Vec::new();
        for paragraph in &talk.content.paragraphs {
            let text: String = paragraph.iter().map(|inline| self.inline(inline)).collect();
            lines.extend(text.lines().map(str::to_owned));
        }
        lines.extend(talk.links.iter().map(|link| format!("→ {}: {}", link.label, link.url)));
        let choices = talk.choices.iter().zip(1..);
        lines.extend(choices.map(|(label, number)| self.paint.ink(Ink::Choice, &format!("{number}. {label}"))));
        let head = format!("{name}  ");
        let indent = " ".repeat(textwrap::core::display_width(&head));
        let head = self.paint.ink(ink, &head);
        let rows = lines.iter().zip(0..).map(|(line, number)| match number {
            0 => wrap(line, &head, &indent),
            _ => wrap(line, &indent, &indent),
        });
        rows.collect::<Vec<_>>().join("\n")
    }

    fn inline(&self, inline: &Inline) -> String {
        match inline {
            Inline::Text { text, style: Style::Plain } | Inline::Told { text, style: Style::Plain } => text.clone(),
            Inline::Text { text, style: Style::Emphasis | Style::Strong | Style::Code }
            | Inline::Told { text, style: Style::Emphasis | Style::Strong | Style::Code } => {
                self.paint.ink(Ink::Strong, text)
            }
            Inline::Link { label, url } => format!("{label} ({url})"),
        }
    }
}

/// Breaks a line between words where the screen ends. Addresses stay whole, so that they can be clicked.
fn wrap(line: &str, first: &str, rest: &str) -> String {
    let options = textwrap::Options::with_termwidth().initial_indent(first).subsequent_indent(rest).break_words(false);
    let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(line, options).join("\n")
}

impl Face for Live {
    fn show(&self, shown: &Shown) -> io::Result<()> {
        match shown {
            Shown::Bot(talk) => self.print(&self.talk(&self.bot_name, Ink::Bot, talk)),
            Shown::Agent(agent, talk) => self.print(&self.talk(&agent.name, Ink::Staff, talk)),
            Shown::React(emoji) => self.print(&format!("{} {emoji}", self.paint.ink(Ink::Quiet, "reacts with"))),
            Shown::Staff(post) => {
                let lines = staff::lines(post);
                let rows: Vec<String> = lines.iter().map(|line| wrap(line, "  ┆ ", "  ┆   ")).collect();
                let painted: Vec<String> = rows.join("\n").lines().map(|row| self.paint.ink(Ink::Staff, row)).collect();
                self.print(&painted.join("\n"))
            }
        }
    }

    fn silent(&self, reason: Silence) {
        // A screen that is gone ends the chat by itself: the keyboard is gone with it.
        let _ = self.print(&self.paint.ink(Ink::Quiet, &format!("(silent: {})", reason.name())));
    }

    fn tell(&self, text: &str) {
        let _ = self.print(&self.paint.ink(Ink::Quiet, text));
    }

    fn is_gone(&self) -> bool {
        false
    }
}
