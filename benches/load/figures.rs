//! What the processes use, from /proc.

use std::time::Duration;

use super::running::Housevoice;

/// Ticks of the processor's clock a second (`getconf CLK_TCK`, 100 on every Linux).
const TICKS: f64 = 100.0;

/// The processes under load.
pub struct Processes(Vec<u32>);

impl Processes {
    pub fn of(nodes: &[Housevoice]) -> Self {
        Self(nodes.iter().map(Housevoice::pid).collect())
    }

    /// The largest resident memory among them, in megabytes.
    pub fn memory_mb(&self) -> usize {
        let of = |pid: &u32| {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default().to_owned();
            line.split_whitespace().nth(1).and_then(|kb| kb.parse::<usize>().ok()).unwrap_or_default() / 1024
        };
        self.0.iter().map(of).max().unwrap_or_default()
    }

    /// The processor's time of all of them.
    pub fn cpu(&self) -> Duration {
        let of = |pid: &u32| {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
            let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or_default();
            (ticks(11) + ticks(12)) / TICKS
        };
        Duration::from_secs_f64(self.0.iter().map(of).sum())
    }
}

/// Memory over time.
#[derive(Default)]
pub struct Memory(Vec<(usize, usize)>);

impl Memory {
    pub fn note(&mut self, messages: usize, megabytes: usize) {
        self.0.push((messages, megabytes));
    }

    /// About ten points of it.
    pub fn told(&self) -> String {
        let step = (self.0.len() / 10).max(1);
        let points: Vec<String> =
            self.0.iter().step_by(step).map(|(messages, mb)| format!("{mb} MB after {messages}")).collect();
        format!("memory: {}", points.join(", "))
    }
}
