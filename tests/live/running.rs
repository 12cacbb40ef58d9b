//! The program as operators run it: `housevoice run` as a process of its own, with bot.toml in a folder of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::database::Database;

/// How long anything may take before a test gives up; everything waited for takes milliseconds.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A folder with bot.toml and the database, and the program that runs there, if it does.
pub struct Housevoice {
    folder: tempfile::TempDir,
    database: Database,
    port: u16,
    secrets: Vec<(String, String)>,
    environment: Vec<(String, String)>,
    child: Option<Child>,
    log: Arc<Mutex<String>>,
}

impl Housevoice {
    /// Writes bot.toml: `brands` is everything from the first `[[brands]]` on; secrets go into the environment.
    pub fn configured(brands: &str, secrets: &[(&str, &str)]) -> Self {
        Self::configured_on(&Database::asked_for(), brands, secrets)
    }

    /// The same, in a certain database, where others may work as well.
    pub fn configured_on(database: &Database, brands: &str, secrets: &[(&str, &str)]) -> Self {
        Self::logging(database, "debug", brands, secrets)
    }

    /// The same, and says only what goes wrong.
    pub fn configured_quiet(database: &Database, brands: &str, secrets: &[(&str, &str)]) -> Self {
        Self::logging(database, "warn", brands, secrets)
    }

    fn logging(database: &Database, level: &str, brands: &str, secrets: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let head = format!(
            "{}[web]\nlisten = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\n\
             [log]\nformat = \"json\"\nlevel = \"{level}\"\n",
            database.line()
        );
        std::fs::write(folder.path().join("bot.toml"), format!("{head}{brands}")).unwrap();
        let secrets = secrets.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self {
            folder,
            database: database.clone(),
            port,
            secrets,
            environment: Vec::new(),
            child: None,
            log: Arc::default(),
        }
    }

    /// As [`Housevoice::configured`], and runs it until it is ready.
    pub fn running(brands: &str, secrets: &[(&str, &str)]) -> Self {
        Self::running_on(&Database::asked_for(), brands, secrets)
    }

    /// The same, in a certain database.
    pub fn running_on(database: &Database, brands: &str, secrets: &[(&str, &str)]) -> Self {
        let mut it = Self::configured_on(database, brands, secrets);
        it.start();
        it
    }

    /// Starts it and waits until it is ready.
    pub fn start(&mut self) {
        self.spawn();
        let until = Instant::now() + PATIENCE;
        while self.get("/readyz").is_none_or(|(code, _)| code != 200) {
            let ended = self.child.as_mut().unwrap().try_wait().unwrap();
            assert!(ended.is_none(), "it ended: {ended:?}\n{}", self.log());
            assert!(Instant::now() < until, "it is not ready: {:?}\n{}", self.get("/readyz"), self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Starts it and waits until it is ready or has ended.
    pub fn start_or_die(&mut self) {
        self.spawn();
        eventually("that it is ready or has ended", || {
            let ready = self.get("/readyz").is_some_and(|(code, _)| code == 200);
            (ready || self.child.as_mut().unwrap().try_wait().unwrap().is_some()).then_some(())
        });
    }

    /// Starts it without waiting.
    pub fn spawn(&mut self) {
        assert!(self.child.is_none(), "it runs already");
        let mut command = Command::new(env!("CARGO_BIN_EXE_housevoice"));
        command.args(["run", "--config"]).arg(self.path("bot.toml")).env_remove("RUST_LOG").env("NO_COLOR", "1");
        command.envs(self.secrets.iter().chain(&self.environment).map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        for stream in
            [Box::new(child.stdout.take().unwrap()) as Box<dyn Read + Send>, Box::new(child.stderr.take().unwrap())]
        {
            let log = Arc::clone(&self.log);
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    log.lock().unwrap().push_str(&(line + "\n"));
                }
            });
        }
        self.child = Some(child);
    }

    /// From its next start on, it finds this in its environment.
    pub fn finds(&mut self, name: &str, value: Option<&str>) {
        self.environment.retain(|(other, _)| other != name);
        self.environment.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }

    /// Where it keeps everything.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The folder of bot.toml.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Asks its database behind its back.
    pub fn ask(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        self.database.ask(self.folder.path(), sql)
    }

    /// As if its last sessions had been begun long ago: whoever is started again and again must wait.
    pub fn forget_sessions(&self) {
        self.database.execute(self.folder.path(), "DELETE FROM sessions");
    }

    /// From now on nothing can be taken in, until [`Housevoice::mend_the_inbox`].
    pub fn break_the_inbox(&self) {
        self.database.break_the_inbox(self.folder.path());
    }

    /// It can again.
    pub fn mend_the_inbox(&self) {
        self.database.mend_the_inbox(self.folder.path());
    }

    /// `kill -STOP`: it stands still.
    pub fn stands_still(&self) {
        self.signal("STOP");
    }

    /// `kill -CONT`: it goes on.
    pub fn goes_on(&self) {
        self.signal("CONT");
    }

    /// Whether it stands still.
    pub fn is_still(&self) -> bool {
        // The state stands behind the name, which may hold anything.
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap();
        stat.rsplit(')').next().is_some_and(|behind| behind.trim_start().starts_with('T'))
    }

    fn signal(&self, name: &str) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// Another command of the program with the same bot.toml, beside it: its exit code and what it said. Without secrets,
    /// unless they are given.
    pub fn beside(&self, arguments: &[&str], secrets: &[(&str, &str)]) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_housevoice"));
        command.arg(arguments[0]).arg("--config").arg(self.path("bot.toml")).args(&arguments[1..]);
        command.env_remove("RUST_LOG").env("NO_COLOR", "1").stdin(Stdio::null());
        for (name, _) in &self.secrets {
            command.env_remove(name);
        }
        let output = command.envs(secrets.iter().copied()).output().unwrap();
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (output.status.code(), text)
    }

    /// What `--check-only` says.
    pub fn checked(&self) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_housevoice"));
        command.args(["run", "--check-only", "--config"]).arg(self.path("bot.toml")).env_remove("RUST_LOG");
        command.envs(self.secrets.iter().map(|(name, value)| (name, value)));
        let output = command.output().unwrap();
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    /// `kill -9`.
    pub fn killed(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// SIGTERM, and how it ended.
    pub fn stopped(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.ended()
    }

    /// Waits until it ends by itself, and how it did.
    pub fn ended(&mut self) -> ExitStatus {
        let mut child = self.child.take().unwrap();
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                // What it said last may still be on its way here.
                std::thread::sleep(Duration::from_millis(50));
                return status;
            }
            assert!(Instant::now() < until, "it does not end\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A file in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Everything it has said so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// The port of its web server.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The number of the process.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Asks its web server; nothing when nobody answers.
    pub fn get(&self, path: &str) -> Option<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let code = answer.split(' ').nth(1)?.parse().ok()?;
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned())?;
        Some((code, body))
    }
}

impl Drop for Housevoice {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            let log = self.log();
            let from = log.len().saturating_sub(6_000);
            eprintln!("what housevoice said last:\n{}", log.get(from..).unwrap_or(&log));
        }
    }
}

/// A port below those that the system gives to whoever connects: one of these would be taken again before it is used.
fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(97);
    loop {
        let number = first.wrapping_add(NEXT.fetch_add(1, Ordering::SeqCst));
        let port = 10_000 + u16::try_from(number % 20_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// The path of a bundled voice.
pub fn voice(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("voices").join(name).display().to_string()
}

/// A brand in bot.toml: its voice, and its sections.
pub fn brand<const N: usize>(voice: String, sections: [String; N]) -> String {
    format!("[[brands]]\nvoice = {voice:?}\n{}", sections.concat())
}

/// The path of a voice of the tests.
pub fn test_voice(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name).display().to_string()
}

/// Waits until there is something.
pub fn eventually<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    within(PATIENCE, what, look)
}

/// Waits until there is something that takes longer than anything else, because much has to be worked through before it.
pub fn within<T>(patience: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + patience;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < until, "waited {patience:?} for {what}");
        std::thread::sleep(Duration::from_millis(15));
    }
}
