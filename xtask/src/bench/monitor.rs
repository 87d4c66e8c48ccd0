//! Many targets in one process: what `udping monitor` costs beside a bare loop, fping and
//! `smokeping_prober`, all on loopback in turn.
//!
//! Owns the fleets that are measured, and what each may cost.

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::cost::watch;
use super::figures::{Series, Target};
use super::fleet::{self, Monitor, address, written};
use super::peers::{FPING, Peers, SMOKEPING, number};
use crate::run;
use crate::system::PYTHON;

/// The file of the fleet that is measured.
const CONFIG: &str = "fleet.toml";

/// How long each run takes.
const SECONDS: u32 = 10;

/// Targets, and how often each is probed, in milliseconds.
const FLEETS: [(u32, u32); 3] = [(1_000, 1_000), (10_000, 1_000), (10_000, 100)];

/// Memory of all, in MiB.
const MEMORY_MIB: f64 = 300.0;

pub(super) fn compare(peers: &Peers, rounds: usize) -> Result<Vec<Series>> {
    let rounds = rounds.min(3);
    let server = fleet::reflector(peers, "")?;
    let mut all = Vec::new();
    for (targets, interval) in FLEETS {
        let fleet = format!("{targets} targets every {interval} ms");
        let config = fleet::config(CONFIG, server.port, 0..targets, interval)?;
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
    all.extend(strained(peers, server.port, rounds)?);
    Ok(all)
}

/// The greatest fleet on one processor, while its figures are scraped every five seconds and its
/// configuration changes: until its records, of which each target keeps so many bytes, are full.
fn strained(peers: &Peers, port: u16, rounds: usize) -> Result<[Series; 5]> {
    const SCRAPE: Duration = Duration::from_secs(5);
    const SCRAPES: u32 = 16;
    let (targets, interval) = (10_000, 100);
    let series = |what, unit| {
        let fleet = format!("{targets} targets every {interval} ms, one processor");
        Series::new(format!("{fleet}, scrapes and a reload: {what}"), unit)
    };
    let [mut missed, mut dropped, mut took, mut memory, mut each] = [
        series("slots missed", "").aiming(Target::AtMost(0.0)),
        series("replies dropped by this host", "").aiming(Target::AtMost(0.0)),
        series("a scrape", "s").aiming(Target::AtMost(1.0)),
        series("peak memory", "MiB").aiming(Target::AtMost(MEMORY_MIB)),
        series("memory of a target before a scrape", "KiB").aiming(Target::AtMost(24.0)),
    ];
    for _ in 0..rounds {
        let file = fleet::config(CONFIG, port, 0..targets, interval)?;
        let mut pinned = Command::new("taskset");
        pinned.args(["-c", "0"]);
        pinned.arg(peers.udping("").get_program());
        let monitor = Monitor::start(pinned.arg("monitor").arg(file))?;
        let mut before_scrapes: f64 = 0.0;
        for scrape in 1..=SCRAPES {
            thread::sleep(SCRAPE);
            before_scrapes = monitor.kib("VmRSS:")?.max(before_scrapes);
            let (scraped, seconds) = monitor.scrape_timed()?;
            took.runs.push(seconds);
            if scrape == SCRAPES / 2 {
                // One of them goes, and another one comes.
                fleet::config(CONFIG, port, 1..=targets, interval)?;
            }
            if scrape == SCRAPES {
                missed.runs.push(scraped.sum("udping_slots_missed_total")?);
                dropped
                    .runs
                    .push(scraped.sum("udping_receive_drops_total")?);
            }
        }
        memory.runs.push(monitor.kib("VmHWM:")? / 1_024.0);
        each.runs.push(before_scrapes / f64::from(targets));
    }
    Ok([missed, dropped, took, memory, each])
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
