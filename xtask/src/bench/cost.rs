//! What a million probes cost the client: processor time and memory.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::figures::Series;
use super::peers::{IRTT, PING, Peers, number, scratch};
use crate::run;
use crate::system::PYTHON;

const MILLION: f64 = 1e6;

/// A client to be line, and how many probes it sends.
struct Client {
    command: Command,
    probes: u32,
    series: [Series; 2],
}

impl Client {
    fn new(what: &str, command: Command, probes: u32) -> Self {
        Self {
            command,
            probes,
            series: [
                Series::new(format!("{what}: processor time"), "s"),
                Series::new(format!("{what}: peak memory"), "MiB"),
            ],
        }
    }
}

pub(super) fn compare(peers: &Peers, rounds: usize) -> Result<Vec<Series>> {
    let rounds = rounds.min(3);
    let batches = peers.echo("batch")?;
    let echo = peers.echo("")?;
    let irtt_server = peers.has(IRTT).then(Peers::irtt_server).transpose()?;
    let flood = format!("{} -f --window 128 -c 1000000 -s 64 -q", batches.address());
    let mut journaled = peers.udping(&format!("{flood} --overwrite --journal"));
    journaled.arg(scratch("cost.jsonl"));
    let mut clients = vec![
        Client::new(
            "bare batch loop",
            peers.bare("window", &format!("{} 1000000 128 64", batches.port)),
            1_000_000,
        ),
        Client::new("udping -f", peers.udping(&flood), 1_000_000),
        Client::new("udping -f with its journal", journaled, 1_000_000),
        Client::new(
            "udping, one after the other",
            peers.udping(&format!("{} -c 200000 -s 64 -q", echo.address())),
            200_000,
        ),
    ];
    if let Some(server) = &irtt_server {
        let mut irtt = Command::new("irtt");
        irtt.args(["client", "-Q", "-i", "200us", "-d", "4s", "-l", "64"]);
        irtt.arg(server.address());
        clients.push(Client::new("irtt every 200 µs", irtt, 20_000));
    }
    if peers.has(PING) {
        let mut ping = Command::new("ping");
        ping.args(["-f", "-q", "-c", "200000", "127.0.0.1"]);
        clients.push(Client::new("ping -f", ping, 200_000));
    }
    let python = PYTHON.require()?;
    for _ in 0..rounds {
        for client in &mut clients {
            let used = watch(&python, &client.command)?;
            let seconds = number(&used["user_s"])? + number(&used["system_s"])?;
            let [time, memory] = &mut client.series;
            time.runs.push(seconds * MILLION / f64::from(client.probes));
            memory.runs.push(number(&used["peak_kib"])? / 1_024.0);
        }
    }
    let bare = clients.first().map(|client| client.series.clone());
    let mut all: Vec<Series> = clients
        .into_iter()
        .flat_map(|client| client.series)
        .collect();
    for series in all.iter_mut().skip(2).step_by(2) {
        if let Some([time, _]) = &bare {
            series.compare(time);
        }
    }
    Ok(all)
}

/// What a command costs, as `cost.py` says it.
pub(super) fn watch(python: &Path, command: &Command) -> Result<Value> {
    let mut line = Command::new(python);
    line.arg(crate::root().join("xtask/bench/cost.py"))
        .arg(command.get_program())
        .args(command.get_args());
    let said = run::read(&mut line)?;
    serde_json::from_str(said.trim()).with_context(|| format!("no figures in: {said}"))
}
