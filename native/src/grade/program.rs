//! How a program is started: its words, its terminal, and the process that confines it.
//!
//! Owns what a trial of any kind needs for that. What the program is sent and what it prints is
//! the trial's.

use std::env;
use std::io::{Read as _, Write as _};
use std::net::Ipv4Addr;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::pty::{OpenptyResult, Winsize, openpty};
use serde::{Deserialize, Serialize};

use super::confine;
use crate::i18n::say;

/// How the program is started.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Program {
    pub(super) words: Vec<String>,
    pub(super) folder: PathBuf,
    /// The port that it looks at; any free one otherwise.
    pub(super) port: Option<u16>,
    /// Variables of its environment: name and value.
    pub(super) env: Vec<(String, String)>,
    /// What it reads on its standard input.
    pub(super) stdin: Option<String>,
    /// Whether it has namespaces of its own.
    pub(super) isolated: bool,
}

/// What stands for the server's address and port in words of the program.
pub(super) fn filled(word: &str, port: u16) -> String {
    let host = Ipv4Addr::LOCALHOST.to_string();
    word.replace("{host}", &host)
        .replace("{port}", &port.to_string())
}

/// A terminal, of which this side is read without waiting.
pub(super) fn terminal() -> anyhow::Result<OpenptyResult> {
    let size = Winsize {
        ws_row: 50,
        ws_col: 200,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let terminal = openpty(Some(&size), None).context(say::GRADE_NO_TERMINAL)?;
    fcntl(&terminal.master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    Ok(terminal)
}

/// Starts the program behind a process that confines it.
pub(super) fn launch(program: &Program, port: u16, terminal: OwnedFd) -> anyhow::Result<Child> {
    let path = nix::unistd::ttyname(&terminal).context(say::GRADE_NO_TERMINAL)?;
    let words = program.words.iter().map(|it| filled(it, port));
    let launch = confine::Launch {
        words: words.collect(),
        folder: program.folder.clone(),
        terminal: path,
        env: program
            .env
            .iter()
            .map(|(name, value)| (name.clone(), filled(value, port)))
            .collect(),
        stdin: program.stdin.as_ref().map(|it| filled(it, port)),
        isolated: program.isolated,
    };
    let mut child = Command::new(env::current_exe()?)
        .args(["grade", "launch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context(say::GRADE_NO_LAUNCH)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(&serde_json::to_vec(&launch)?)?;
    }
    // Kept open until the other has opened it: it says so by its first byte.
    let mut first = [0];
    if let Some(stdout) = &mut child.stdout {
        let _ = stdout.read(&mut first)?;
    }
    drop(terminal);
    Ok(child)
}
