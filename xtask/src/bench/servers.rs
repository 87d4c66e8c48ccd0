//! Programs that run while others measure: reflectors, captures, load.
//!
//! Owns that each is ready before it is used, and ended when it is dropped.

use std::io::{BufRead as _, BufReader, Read};
use std::net::UdpSocket;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::run;

/// A program in the background.
#[derive(Debug)]
pub(crate) struct Background {
    child: Child,
}

impl Background {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", command.get_program().display()))?;
        Ok(Self { child })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it says on standard error, where that was asked for and nobody reads it yet.
    pub(crate) fn stderr(&mut self) -> Option<impl Read + Send + 'static> {
        self.child.stderr.take()
    }

    /// Ends it as Ctrl-C does, and waits for it.
    pub(crate) fn interrupt(mut self) -> Result<()> {
        let id = self.child.id().to_string();
        run::read(Command::new("kill").args(["-INT", &id]))?;
        self.child.wait().context("waiting for a program")?;
        Ok(())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A reflector on loopback.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    _running: Background,
}

impl Server {
    /// One that says its port, last in its first line.
    pub(crate) fn that_tells(command: &mut Command) -> Result<Self> {
        let mut running = Background::start(command.stdout(Stdio::piped()))?;
        let line = first_line(running.child.stdout.take())?;
        let port = line.trim().rsplit([':', ' ']).next();
        let port = port.and_then(|port| port.parse().ok());
        Ok(Self {
            port: port.with_context(|| format!("no port in: {line}"))?,
            _running: running,
        })
    }

    /// One that has to be given its port: ready when the port is taken.
    pub(crate) fn on_a_free_port(command: impl FnOnce(u16) -> Command) -> Result<Self> {
        let port = UdpSocket::bind("127.0.0.1:0")
            .and_then(|socket| socket.local_addr())
            .context("looking for a free port")?
            .port();
        let mut command = command(port);
        let running = Background::start(command.stdout(Stdio::null()).stderr(Stdio::null()))?;
        for _ in 0..200 {
            if UdpSocket::bind(("127.0.0.1", port)).is_err() {
                return Ok(Self {
                    port,
                    _running: running,
                });
            }
            thread::sleep(Duration::from_millis(25));
        }
        bail!(
            "{} does not listen on {port}",
            command.get_program().display()
        )
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

/// The first line that a program says; the rest of what it says goes nowhere.
pub(crate) fn first_line(said: Option<impl Read + Send + 'static>) -> Result<String> {
    line_with(said, "")
}

/// The first line of a program's in which `words` are; the rest of what it says goes nowhere.
pub(crate) fn line_with(said: Option<impl Read + Send + 'static>, words: &str) -> Result<String> {
    let mut said = BufReader::new(said.context("a program's output was not asked for")?);
    let mut line = String::new();
    loop {
        line.clear();
        let read = said.read_line(&mut line);
        let read = read.context("reading what a program says")?;
        anyhow::ensure!(read > 0, "a program ends without a line with: {words}");
        if line.contains(words) {
            break;
        }
    }
    thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    Ok(line)
}

/// tcpdump at work.
#[derive(Debug)]
pub(crate) struct Capture(Background);

impl Capture {
    /// Writes what `filter` lets through into `file`, with nanoseconds.
    pub(crate) fn start(file: &std::path::Path, filter: &str) -> Result<Self> {
        let mut command = Command::new("tcpdump");
        command
            .args([
                "-i",
                "lo",
                "--time-stamp-precision=nano",
                "-s",
                "128",
                "-B",
                "16384",
                "-w",
            ])
            .arg(file)
            .arg(filter)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut running = Background::start(&mut command)?;
        let line = first_line(running.child.stderr.take())?;
        anyhow::ensure!(line.contains("listening"), "tcpdump says: {line}");
        Ok(Self(running))
    }

    /// Lets it write what it still holds, and ends it.
    pub(crate) fn finish(self) -> Result<()> {
        // What the kernel holds for it is handed over within a second or when it ends.
        self.0.interrupt()
    }
}

/// Every core kept busy by something else.
#[derive(Debug)]
pub(crate) struct Load(#[expect(dead_code, reason = "held to be dropped")] Vec<Background>);

impl Load {
    pub(crate) fn on_every_core() -> Result<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let busy = |_| Background::start(Command::new("sh").args(["-c", "while :; do :; done"]));
        (0..cores).map(busy).collect::<Result<_>>().map(Self)
    }
}

/// All that is started from now on shares one processor. Where the system is free to
/// choose, it puts a client and its server now on one and now on two, and on a virtual
/// machine a wake-up across processors costs many times a round trip: the comparison
/// would be one of luck.
#[derive(Debug)]
pub(crate) struct OneProcessor(String);

impl OneProcessor {
    pub(crate) fn claim() -> Result<Self> {
        let id = std::process::id().to_string();
        let said = run::read(Command::new("taskset").args(["-cp", &id]))?;
        let all = said.trim().rsplit(' ').next().unwrap_or("0").to_owned();
        let first = all.split([',', '-']).next().unwrap_or("0");
        run::read(Command::new("taskset").args(["-cp", first, &id]))?;
        Ok(Self(all))
    }
}

impl Drop for OneProcessor {
    fn drop(&mut self) {
        let id = std::process::id().to_string();
        if let Err(error) = run::read(Command::new("taskset").args(["-cp", &self.0, &id])) {
            eprintln!("note: the rest runs on one processor, too: {error}");
        }
    }
}
