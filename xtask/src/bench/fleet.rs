//! A monitor at work on loopback: its configuration, its memory, its figures.
//!
//! Owns how it is started and asked. What it must come to, its users know.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use super::peers::{Peers, scratch};
use super::servers::{Background, Server, line_with};
use crate::test::now;

/// A reflector that answers all targets, with these flags, too.
pub(super) fn reflector(peers: &Peers, flags: &str) -> Result<Server> {
    let mut serve = peers.udping("serve --bind 0.0.0.0:0 --allow 127.0.0.0/8");
    serve.args("--rate-limit off --total-limit off".split_whitespace());
    Server::that_tells(serve.args(flags.split_whitespace()))
}

/// The address of a target, as `fleet.c` has it.
pub(super) fn address(target: u32) -> String {
    format!("127.1.{}.{}", target / 250, target % 250 + 1)
}

/// A configuration of these targets, each probed so often, in the file of this name.
pub(super) fn config(
    name: &str,
    port: u16,
    targets: impl Iterator<Item = u32>,
    interval_ms: u32,
) -> Result<PathBuf> {
    let mut text = format!("defaults = {{ interval = \"{interval_ms}ms\" }}\ntargets = [\n");
    for target in targets {
        writeln!(text, "  \"{}:{port}\",", address(target))?;
    }
    text.push_str("]\n");
    written(name, &text)
}

pub(super) fn written(name: &str, text: &str) -> Result<PathBuf> {
    let file = scratch(name);
    fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
    Ok(file)
}

/// A monitor that is running, and gives its figures.
#[derive(Debug)]
pub(super) struct Monitor {
    running: Background,
    address: String,
}

impl Monitor {
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        command.args(["--listen", "127.0.0.1:0"]);
        let mut running = Background::start(command.stdout(Stdio::null()).stderr(Stdio::piped()))?;
        let said = line_with(running.stderr(), "http://")?;
        let address = said.split("http://").nth(1);
        let address = address.and_then(|it| it.split('/').next());
        Ok(Self {
            address: address
                .context("a monitor does not say where its figures are")?
                .to_owned(),
            running,
        })
    }

    /// Its memory in KiB, under the name that the system has for it.
    pub(super) fn kib(&self, name: &str) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.running.id()))?;
        let value = status.lines().find_map(|line| line.strip_prefix(name));
        let value = value.and_then(|it| it.split_whitespace().next());
        Ok(value
            .context("a process does not say its memory")?
            .parse()?)
    }

    /// Its figures, and in how many seconds it gave them.
    pub(super) fn scrape_timed(&self) -> Result<(Scrape, f64)> {
        let asked = now();
        let scraped = self.scrape()?;
        Ok((scraped, asked.elapsed().as_secs_f64()))
    }

    pub(super) fn scrape(&self) -> Result<Scrape> {
        let mut stream = TcpStream::connect(&self.address).context("asking for figures")?;
        stream.write_all(b"GET /metrics HTTP/1.0\r\nHost: x\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(Scrape(answer))
    }
}

/// All its figures at a moment.
#[derive(Debug)]
pub(super) struct Scrape(String);

impl Scrape {
    /// The sum of the samples of this name, whatever their labels.
    pub(super) fn sum(&self, name: &str) -> Result<f64> {
        let samples = self.0.lines().filter_map(|line| line.strip_prefix(name));
        let own = samples.filter(|rest| rest.starts_with(['{', ' ']));
        let mut values = own.map(|rest| rest.rsplit(' ').next().unwrap_or(rest).parse::<f64>());
        let first = values
            .next()
            .with_context(|| format!("no {name} in a scrape"))??;
        values.try_fold(first, |sum, value| Ok(sum + value?))
    }
}
