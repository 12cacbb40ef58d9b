//! The program is killed in the middle of its work, again and again, at moments spread over all of it. Whatever it had
//! accepted is handled exactly once and answered at least once, and the conversation goes on.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod terminal;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use terminal::{TEA_ROOM, chat, folder, program, text};

/// How often the program is killed.
const KILLS: u32 = 36;

/// A chat that can be killed.
struct Running {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    said: Vec<String>,
}

impl Running {
    fn start(data: &Path) -> Self {
        let mut child = program(&["chat", "--plain", TEA_ROOM, "--data", text(data)]).spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdin, stdout, said: Vec::new() }
    }

    fn types(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").unwrap();
        self.stdin.flush().unwrap();
    }

    /// Reads up to the next line of the bot.
    fn hears_the_bot(&mut self) {
        loop {
            let mut line = String::new();
            assert!(self.stdout.read_line(&mut line).unwrap() > 0, "the bot says nothing: {:?}", self.said);
            self.said.push(line.trim_end().to_owned());
            if line.starts_with("bot: ") {
                return;
            }
        }
    }

    /// `kill -9`, and what it had said until then.
    fn killed(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.said.extend(self.stdout.lines().map_while(Result::ok));
        self.said
    }
}

/// What customers ask; each answer calls its customer by name.
const QUESTIONS: &[&str] = &["Are dogs allowed?", "Can I book a table?", "Do you bake scones?"];

/// A name for each customer, so that what comes out tells whom it was for.
fn name(kill: u32, number: u32) -> String {
    let letter = |number: u32| char::from(b'a' + u8::try_from(number % 26).unwrap());
    ["X".to_owned(), letter(kill / 26).to_string(), letter(kill).to_string(), letter(number).to_string()].concat()
}

/// What the database says, as numbers.
async fn number(pool: &SqlitePool, question: &str) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(question.to_owned())).fetch_one(pool).await.unwrap()
}

async fn database(data: &Path) -> SqlitePool {
    let options = SqliteConnectOptions::new().filename(data).read_only(true);
    SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap()
}

/// How long a line takes from being typed to being dealt with, on this machine, now.
fn usual_time(data: &Path) -> Duration {
    let mut running = Running::start(data);
    running.types("/as warm-up");
    running.types("Are dogs allowed?");
    running.hears_the_bot();
    let mut times: Vec<Duration> = Vec::new();
    for question in QUESTIONS.iter().cycle().take(6) {
        let began = Instant::now();
        running.types(question);
        running.hears_the_bot();
        times.push(began.elapsed());
    }
    running.killed();
    times.sort();
    times[times.len() / 2]
}

#[test]
fn whatever_was_accepted_is_handled_once_and_answered_at_whichever_moment_the_program_dies() {
    let folder = folder();
    let data = folder.path().join("chat.db");
    let usual = usual_time(&data);
    let mut said: Vec<String> = Vec::new();
    for kill in 0..KILLS {
        let mut running = Running::start(&data);
        running.types(&format!("/as {}", name(kill, 0)));
        running.types("Are dogs allowed?");
        // It is at work; the next lines die with it, at a moment from before the first to after the last of them.
        running.hears_the_bot();
        for (question, number) in QUESTIONS.iter().zip(1..) {
            running.types(&format!("/as {}", name(kill, number)));
            running.types(question);
        }
        std::thread::sleep(usual * 10 * kill / KILLS);
        said.extend(running.killed());
    }
    // What the last run left is finished by the next one before it takes anything new.
    let last = chat(&[TEA_ROOM, "--data", text(&data)], &["/as Last", "Are dogs allowed?"]);
    assert!(last.said_last().contains("Dogs are welcome"), "{last:?}");
    said.extend(last.out);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(prove(&data, &said));
}

/// Compares what the database keeps with what came out.
async fn prove(data: &Path, said: &[String]) {
    let pool = database(data).await;
    let integrity: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&pool).await.unwrap();
    assert_eq!(integrity, "ok");
    let accepted = number(&pool, "SELECT count(*) FROM inbox WHERE kind = 'message'").await;
    let early = i64::from(KILLS);
    assert!(accepted > early + 2, "some lines were accepted: {accepted}");
    assert!(accepted < early * 4, "some lines died before they were: {accepted}");

    let once = "SELECT count(*) FROM (SELECT inbox_id FROM decisions GROUP BY inbox_id HAVING count(*) = 1) \
                JOIN inbox USING (inbox_id) WHERE kind = 'message' AND done_at IS NOT NULL";
    assert_eq!(number(&pool, once).await, accepted, "each accepted line has one decision");
    let twice = "SELECT count(*) FROM (SELECT 1 FROM decisions GROUP BY inbox_id HAVING count(*) > 1)";
    assert_eq!(number(&pool, twice).await, 0, "no line was decided twice");
    let heard = "SELECT count(*) FROM transcript WHERE speaker = 'customer'";
    assert_eq!(number(&pool, heard).await, accepted, "each accepted line stands in the transcript once");
    for left in [
        "SELECT count(*) FROM inbox WHERE done_at IS NULL OR parked_at IS NOT NULL",
        "SELECT count(*) FROM outbox WHERE state <> 'sent'",
        "SELECT count(*) FROM transcript WHERE speaker = 'bot' AND state <> 'sent'",
    ] {
        assert_eq!(number(&pool, left).await, 0, "{left}");
    }
    answered(&pool, said).await;
}

/// Each customer whose line was accepted got one reply, which came out at least once: twice only where the program died
/// between saying it and writing down that it had.
async fn answered(pool: &SqlitePool, said: &[String]) {
    let customers = "SELECT people.name, count(*) FROM transcript JOIN people USING (brand, person_id) \
                     WHERE speaker = 'bot' AND people.name LIKE 'X%' GROUP BY people.name";
    let customers: Vec<(String, i64)> = sqlx::query_as(customers).fetch_all(pool).await.unwrap();
    assert!(customers.len() > usize::try_from(KILLS).unwrap() + 2, "{customers:?}");
    for (name, replies) in customers {
        let heard = said.iter().filter(|line| line.contains(&format!(", {name}."))).count();
        assert!(replies == 1 && (1..=2).contains(&heard), "{name} got {replies} replies and heard {heard}");
    }
}
