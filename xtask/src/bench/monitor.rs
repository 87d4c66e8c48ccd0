//! Many targets in one process: what `udping monitor` costs beside a bare loop, fping and
//! `smokeping_prober`, all on loopback in turn.
//!
//! Owns the fleets that are measured, and what each may cost.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::cost::watch;
use super::figures::{Series, Target};
use super::peers::{FPING, Peers, SMOKEPING, number, scratch};
use super::servers::Server;
use crate::run;
use crate::system::PYTHON;

/// How long each run takes.
const SECONDS: u32 = 20;

/// Targets, and how often each is probed, in milliseconds.
const FLEETS: [(u32, u32); 3] = [(1_000, 1_000), (10_000, 1_000), (10_000, 100)];

/// Memory of all, in MiB.
const MEMORY_MIB: f64 = 300.0;

pub(super) fn compare(peers: &Peers, rounds: usize) -> Result<Vec<Series>> {
    let rounds = rounds.min(3);
    let mut serve = peers.udping("serve --bind 0.0.0.0:0 --allow 127.0.0.0/8");
    serve.args("--rate-limit off --total-limit off".split_whitespace());
    let server = Server::that_tells(&mut serve)?;
    let mut all = Vec::new();
    for (targets, interval) in FLEETS {
        let fleet = format!("{targets} targets every {interval} ms");
        let config = config(server.port, targets, interval)?;
        let mut ours = peers.udping("monitor");
        ours.arg(&config).args(["-w", &format!("{SECONDS}s")]);
        let bare = format!("{} {targets} {interval} {SECONDS}", server.port);
        let mut clients = vec![
            ("bare loop", peers.bare("fleet", &bare)),
            ("udping monitor", ours),
        ];
        if targets == 1_000 && peers.has(FPING) {
            clients.push(("fping", fping(targets)?));
        }
        if interval == 1_000 && peers.has(SMOKEPING) {
            clients.push(("smokeping_prober", smokeping(targets)?));
        }
        all.extend(costs(&fleet, &clients, rounds)?);
    }
    Ok(all)
}

/// Processor seconds a minute, and memory, of each of these in turn; the first is the bare one.
fn costs(fleet: &str, clients: &[(&str, Command)], rounds: usize) -> Result<Vec<Series>> {
    let python = PYTHON.require()?;
    let series = |name, what, unit| Series::new(format!("{fleet}, {name}: {what}"), unit);
    let mut times: Vec<Series> = clients
        .iter()
        .map(|(name, _)| series(name, "processor time a minute", "s"))
        .collect();
    let mut memory: Vec<Series> = clients
        .iter()
        .map(|(name, _)| series(name, "peak memory", "MiB"))
        .collect();
    for _ in 0..rounds {
        for (index, (_, command)) in clients.iter().enumerate() {
            let used = watch(&python, command)?;
            let seconds = number(&used["user_s"])? + number(&used["system_s"])?;
            times[index].runs.push(seconds * 60.0 / f64::from(SECONDS));
            memory[index]
                .runs
                .push(number(&used["peak_kib"])? / 1_024.0);
        }
    }
    let (bare, rest) = times.split_at_mut(1);
    if let ([bare], [ours, others @ ..]) = (bare, rest) {
        // fping's is the bound for a thousand targets; a fifth of the other's leaner mode.
        let bounds = [("fping", 1.0), ("smokeping_prober", 0.2)];
        let mut beside = Vec::new();
        for (other, (name, _)) in others.iter().zip(&clients[2..]) {
            let bound = bounds.iter().find(|(it, _)| it == name);
            if let Some((_, bound)) = bound {
                let what = format!("{fleet}, udping monitor beside {name}");
                beside.push(ours.beside(other, what, Target::RatioAtMost(*bound)));
            }
        }
        *ours = ours.clone().aiming(Target::RatioAtMost(2.0));
        ours.compare(bare);
        times.extend(beside);
    }
    if let Some(ours) = memory.get_mut(1) {
        *ours = ours.clone().aiming(Target::AtMost(MEMORY_MIB));
    }
    times.extend(memory);
    Ok(times)
}

/// The address of a target, as `fleet.c` has it.
fn address(target: u32) -> String {
    format!("127.1.{}.{}", target / 250, target % 250 + 1)
}

fn config(port: u16, targets: u32, interval: u32) -> Result<PathBuf> {
    let mut text = format!("defaults = {{ interval = \"{interval}ms\" }}\ntargets = [\n");
    for target in 0..targets {
        writeln!(text, "  \"{}:{port}\",", address(target))?;
    }
    text.push_str("]\n");
    written(&format!("fleet-{targets}-{interval}.toml"), &text)
}

fn written(name: &str, text: &str) -> Result<PathBuf> {
    let file = scratch(name);
    fs::write(&file, text).with_context(|| format!("writing {}", file.display()))?;
    Ok(file)
}

/// One a second to each: `-c` has it end.
fn fping(targets: u32) -> Result<Command> {
    let names: Vec<String> = (0..targets).map(address).collect();
    let file = written("fping.txt", &names.join("\n"))?;
    let mut command = Command::new("fping");
    command.args([
        "-q",
        "-i",
        "1",
        "-p",
        "1000",
        "-c",
        &SECONDS.to_string(),
        "-f",
    ]);
    command.arg(file);
    Ok(command)
}

/// Its `udp` is ICMP by a socket of the system's for each target, which costs it less than raw
/// ones.
fn smokeping(targets: u32) -> Result<Command> {
    let names: Vec<String> = (0..targets).map(address).collect();
    let text = format!(
        "targets:\n- hosts: [{}]\n  interval: 1s\n  network: ip4\n  protocol: udp\n  size: 56\n",
        names.join(", ")
    );
    let file = written("smokeping.yml", &text)?;
    run::run(Command::new("sysctl").args(["-qw", "net.ipv4.ping_group_range=0 100"]))?;
    let mut command = Command::new("sh");
    let line = format!(
        "ulimit -n {}; timeout -s INT {SECONDS} prometheus-smokeping-prober \
         --web.listen-address=127.0.0.1:0 --config.file={} || true",
        targets * 2 + 100,
        Path::display(&file)
    );
    command.args(["-c", &line]);
    Ok(command)
}
