//! The programs that are compared: ours, the bare ones in C, and whoever is installed.
//!
//! Owns where each is and how its server and its client are called.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::servers::Server;
use crate::run;
use crate::system::{PYTHON, Program};

pub(crate) const SOCKPERF: Program = Program::new(&["sockperf"], "sockperf");
pub(crate) const IRTT: Program = Program::new(&["irtt"], "irtt");
pub(crate) const PING: Program = Program::new(&["ping"], "iputils-ping");
pub(crate) const TCPDUMP: Program = Program::new(&["tcpdump"], "tcpdump");
pub(crate) const VALGRIND: Program = Program::new(&["valgrind"], "valgrind");
pub(crate) const FPING: Program = Program::new(&["fping"], "fping");
pub(crate) const SMOKEPING: Program = Program::new(
    &["prometheus-smokeping-prober"],
    "prometheus-smokeping-prober",
);
const CC: Program = Program::new(&["cc"], "gcc");

/// Where everything is.
#[derive(Debug)]
pub(crate) struct Peers {
    udping: PathBuf,
    bare: PathBuf,
    there: Vec<Program>,
    missing: Vec<String>,
}

/// The bare programs.
const BARE: [&str; 5] = ["beat", "echo", "fleet", "rtt", "window"];

impl Peers {
    /// Builds the bare ones, and looks for the others.
    pub(crate) fn find() -> Result<Self> {
        let root = crate::root();
        let bare = root.join("target/bench");
        fs::create_dir_all(&bare).context("making target/bench")?;
        let cc = CC.require()?;
        for name in BARE {
            let source = root.join("xtask/bench").join(name).with_extension("c");
            let mut compile = Command::new(&cc);
            compile
                .arg("-O2")
                .arg("-o")
                .arg(bare.join(name))
                .arg(source);
            run::run(&mut compile)?;
        }
        PYTHON.require()?;
        let (mut there, mut missing) = (Vec::new(), Vec::new());
        for program in [SOCKPERF, IRTT, PING, TCPDUMP, VALGRIND, FPING, SMOKEPING] {
            match program.require() {
                Ok(_) => there.push(program),
                Err(error) => missing.push(error.to_string()),
            }
        }
        Ok(Self {
            udping: root.join("target/release/udping"),
            bare,
            there,
            missing,
        })
    }

    /// Whether a program is installed.
    pub(crate) fn has(&self, program: Program) -> bool {
        self.there.contains(&program)
    }

    /// What is not installed, with the line that installs it.
    pub(crate) fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Our command with these words.
    pub(crate) fn udping(&self, words: &str) -> Command {
        let mut command = Command::new(&self.udping);
        command.args(words.split_whitespace());
        command
    }

    /// Our reflector.
    pub(crate) fn reflector(&self) -> Result<Server> {
        Server::that_tells(&mut self.udping("serve --bind 127.0.0.1:0"))
    }

    /// One of the bare programs.
    pub(crate) fn bare(&self, name: &str, words: &str) -> Command {
        let mut command = Command::new(self.bare.join(name));
        command.args(words.split_whitespace());
        command
    }

    /// The bare echo, one datagram at a time or in batches.
    pub(crate) fn echo(&self, words: &str) -> Result<Server> {
        Server::that_tells(&mut self.bare("echo", words))
    }

    /// An echo in Python.
    pub(crate) fn python_echo() -> Result<Server> {
        let program = crate::root().join("xtask/bench/echo.py");
        Server::that_tells(Command::new(PYTHON.require()?).arg(program))
    }

    pub(crate) fn sockperf_server() -> Result<Server> {
        Server::on_a_free_port(|port| {
            let mut command = Command::new("sockperf");
            command.args(["server", "-i", "127.0.0.1", "-p", &port.to_string()]);
            command
        })
    }

    pub(crate) fn irtt_server() -> Result<Server> {
        Server::on_a_free_port(|port| {
            let mut command = Command::new("irtt");
            // It would else refuse intervals below 10 ms.
            command.args(["server", "-i", "0", "-b", &format!("127.0.0.1:{port}")]);
            command
        })
    }

    /// What irtt's client writes.
    pub(crate) fn irtt(server: &Server, words: &str) -> Result<Value> {
        let mut client = Command::new("irtt");
        client
            .args(["client", "-Q", "-o", "-"])
            .args(words.split_whitespace())
            .arg(server.address());
        let said = run::read(&mut client)?;
        serde_json::from_str(&said).context("reading what irtt says")
    }
}

/// A number in a program's answer.
pub(crate) fn number(value: &Value) -> Result<f64> {
    value
        .as_f64()
        .with_context(|| format!("no number: {value}"))
}

/// A file for what a program writes, in the folder of results.
pub(crate) fn scratch(name: &str) -> PathBuf {
    crate::root().join("target/bench").join(name)
}

/// How late each probe of a journal went out, in nanoseconds: one that went out when it was due
/// says so once.
pub(crate) fn lateness(records: &[Value]) -> Result<Vec<f64>> {
    let sent = records.iter().filter(|it| it["sent"].is_u64());
    sent.map(|it| {
        let (at, due) = (number(&it["at_ns"])?, it["due_ns"].as_f64());
        Ok(due.map_or(0.0, |due| at - due))
    })
    .collect()
}

/// The records of a journal.
pub(crate) fn journal(file: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    text.lines()
        .map(|line| serde_json::from_str(line).context("reading our journal"))
        .collect()
}
