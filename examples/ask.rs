#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use housevoice::understanding::{Hints, Understanding};
use housevoice::voice::load::load;
use housevoice::voice::source::Source;
use std::io::BufRead;
fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let sources: Vec<Source> = paths
        .iter()
        .filter(|p| p.to_string_lossy().ends_with(".toml") && !p.to_string_lossy().ends_with(".test.toml"))
        .map(|p| Source { name: p.display().to_string(), text: std::fs::read_to_string(p).unwrap() })
        .collect();
    let loaded = load(&sources);
    let voice = loaded.voice.unwrap();
    let t = std::time::Instant::now();
    let u = Understanding::learn(&voice);
    eprintln!(
        "learn {:?} answers {} asks {}",
        t.elapsed(),
        voice.answers.len(),
        voice.answers.iter().map(|a| a.ask.len()).sum::<usize>()
    );
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap().replace("\\n", "\n");
        let t = std::time::Instant::now();
        let r = u.read(&line, Hints::default());
        let el = t.elapsed();
        let s = &r.signals;
        let mut flags = vec![];
        if let Some(p) = &s.asks_for_person {
            flags.push(format!("PERSON({p})"))
        }
        for h in &s.rules {
            flags.push(format!("RULE {}({})", h.rule, h.cue))
        }
        if let Some(t) = &s.small_talk {
            flags.push(format!("talk:{t}"))
        }
        for (f, n) in [
            (s.only_thanks, "thanks"),
            (s.correction, "correction"),
            (s.never_mind, "nevermind"),
            (s.opt_out, "optout"),
            (s.opt_in, "optin"),
            (s.asks_if_bot, "ifbot"),
            (s.question_form, "q"),
            (s.rhetorical, "rhet"),
            (s.banter, "banter"),
            (s.fragment, "fragment"),
        ] {
            if f {
                flags.push(n.to_owned())
            }
        }
        if let Some(y) = s.yes_no {
            flags.push(format!("yn:{y}"))
        }
        if let Some(o) = s.only {
            flags.push(format!("only:{o:?}"))
        }
        if !s.secret.is_empty() {
            flags.push(format!("secret {:?}", s.secret.iter().map(|x| &line[x.start..x.end]).collect::<Vec<_>>()))
        }
        if r.irritation.level > 0 {
            flags.push(format!("irr{}{:?}", r.irritation.level, r.irritation.cues))
        }
        if !r.joy.is_empty() {
            flags.push(format!("joy{:?}", r.joy))
        }
        println!(
            "{line:?} [{}] {} {:?}us",
            r.locale.map_or("-".into(), |l| l.to_string()),
            flags.join(" "),
            el.as_micros()
        );
        for f in &r.found {
            println!("     {} = {:?}", f.slot, f.value)
        }
        for q in &r.questions {
            println!(
                "     {:?}: {}",
                q.text,
                q.candidates
                    .iter()
                    .take(3)
                    .map(|c| format!("{} {:.2}", c.answer, c.confidence))
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
    }
}
