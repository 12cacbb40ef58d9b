//! Plain lines for scripts: one line on stdout for each thing that the customer gets, everything else on stderr.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use super::face::Face;
use super::staff;
use crate::adapters::console::{Shown, Talk, clean_line};
use crate::cli::tell;
use crate::engine::{Silence, StaffPost};

/// Plain lines.
#[derive(Debug, Default)]
pub(super) struct Plain {
    gone: AtomicBool,
}

impl Plain {
    fn write(&self, lines: &[String]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
        self.gone.fetch_or(written.is_err(), Ordering::Relaxed);
        written
    }
}

impl Face for Plain {
    fn show(&self, shown: &Shown) -> io::Result<()> {
        if let Shown::Staff(post) = shown
            && !matches!(post, StaffPost::Packet(_))
        {
            staff::lines(post).iter().for_each(|line| self.tell(line));
            return Ok(());
        }
        self.write(&lines(shown))
    }

    fn silent(&self, reason: Silence) {
        // When it cannot be written, `is_gone` tells.
        let _ = self.write(&[format!("silent: {}", reason.name())]);
    }

    fn tell(&self, text: &str) {
        tell(&format!("{text}\n"));
    }

    fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }
}

/// What is shown, one line for each thing.
fn lines(shown: &Shown) -> Vec<String> {
    match shown {
        Shown::Bot(talk) => talk_lines("bot", talk),
        Shown::Agent(_, talk) => talk_lines("agent", talk),
        Shown::React(emoji) => vec![format!("react: {emoji}")],
        Shown::Staff(StaffPost::Packet(packet)) => vec![format!("handoff: {}", clean_line(packet.case.reason.name()))],
        Shown::Staff(_) => Vec::new(),
    }
}

fn talk_lines(who: &str, talk: &Talk) -> Vec<String> {
    let links = talk.links.iter().map(|link| format!("[{}: {}]", link.label, link.url));
    let parts: Vec<String> = std::iter::once(clean_line(&talk.content.to_plain())).chain(links).collect();
    let mut lines = vec![format!("{who}: {}", parts.join(" ").trim())];
    if !talk.choices.is_empty() {
        lines.push(format!("choices: {}", talk.choices.join(" | ")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::LinkButton;
    use crate::voice::Content;
    use crate::voice::content::{Inline, Style};

    #[test]
    fn everything_that_is_said_stands_on_one_line() {
        let mut content = Content::verbatim("First,\nsecond.");
        let link = Inline::Link { label: "the shop".to_owned(), url: "https://a.example/b".to_owned() };
        let see = Inline::Text { text: "See ".to_owned(), style: Style::Plain };
        content.append(Content { paragraphs: vec![vec![see, link]] });
        let links = vec![LinkButton { label: "Track".to_owned(), url: "https://a.example/t".to_owned() }];
        let talk = Talk { content, links, choices: vec!["One".to_owned(), "Two".to_owned()] };
        assert_eq!(
            lines(&Shown::Bot(talk)),
            [
                "bot: First, second. See the shop (https://a.example/b) [Track: https://a.example/t]",
                "choices: One | Two"
            ]
        );
        assert_eq!(lines(&Shown::React("👋".to_owned())), ["react: 👋"]);
    }
}
