//! How far the round trip that a tool reports is from what passed on the wire.
//!
//! The truth is tcpdump's: the time between a request and its reply on the loopback
//! interface, from the kernel. Each tool sends at its own leisurely pace, the machine
//! idle first, then with every core busy.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::capture::{self, Exchange};
use super::figures::{Series, Target, percentile};
use super::peers::{IRTT, PING, Peers, TCPDUMP, journal, number, scratch};
use super::servers::{Capture, Load, Server};
use crate::run;

/// Probes in each run, one every 2 ms.
const COUNT: u32 = 1_000;

/// What a user sees who asks for nothing: the best known, as it is printed.
const DEFAULT: &str = "udping as it is";

/// The same in the journal, before it is rounded.
const ON_RECORD: &str = "udping, on record";

/// Reported round trips by sequence number, in nanoseconds.
type Reported = BTreeMap<u64, f64>;

pub(super) fn compare(peers: &Peers, rounds: usize) -> Result<Vec<Series>> {
    ensure!(
        peers.has(TCPDUMP),
        "the truth comes from tcpdump, which is missing: apt-get install tcpdump"
    );
    let echo = peers.echo("")?;
    let irtt_server = peers.has(IRTT).then(Peers::irtt_server).transpose()?;
    let mut all = Vec::new();
    for load in ["idle", "both cores busy"] {
        let mut errors = Errors::new(load);
        let _busy = (load != "idle").then(Load::on_every_core).transpose()?;
        for _ in 0..rounds {
            let (truth, [printed, best, own]) = udping(peers, &echo)?;
            errors.add(DEFAULT, &truth, &printed)?;
            errors.add(ON_RECORD, &truth, &best)?;
            errors.add("udping, its own times", &truth, &own)?;
            if let Some(server) = &irtt_server {
                let (truth, reported) = irtt(server)?;
                errors.add("irtt", &truth, &reported)?;
            }
            if peers.has(PING) {
                let (truth, reported) = ping()?;
                errors.add("ping (ICMP)", &truth, &reported)?;
            }
        }
        all.extend(errors.series());
    }
    Ok(all)
}

/// Two series for each tool: the middle error and a rare one.
struct Errors {
    load: &'static str,
    tools: Vec<(&'static str, [Series; 2])>,
}

impl Errors {
    fn new(load: &'static str) -> Self {
        Self {
            load,
            tools: Vec::new(),
        }
    }

    fn add(&mut self, tool: &'static str, truth: &Reported, reported: &Reported) -> Result<()> {
        let errors: Vec<f64> = reported
            .iter()
            .filter_map(|(seq, rtt)| Some((rtt - truth.get(seq)?).abs() / 1e3))
            .collect();
        ensure!(
            errors.len() * 2 > reported.len(),
            "{tool}: only {} of {} round trips were seen on the wire",
            errors.len(),
            reported.len()
        );
        let at = self.tools.iter().position(|(name, _)| *name == tool);
        let at = at.unwrap_or_else(|| {
            let series = ["p50", "p99"]
                .map(|p| Series::new(format!("{}: {tool}, {p} of the error", self.load), "µs"));
            self.tools.push((tool, series));
            self.tools.len() - 1
        });
        for (series, parts) in self.tools[at].1.iter_mut().zip([50, 99]) {
            let error = percentile(&errors, parts).context("no round trips")?;
            series.runs.push(error);
        }
        Ok(())
    }

    fn series(self) -> Vec<Series> {
        let mut all: Vec<Series> = self.tools.into_iter().flat_map(|(_, both)| both).collect();
        let rare_of = |all: &[Series], tool: &str| {
            let found = all
                .iter()
                .find(|it| it.what.contains(tool) && it.what.contains("p99"));
            found.cloned()
        };
        if self.load == "idle" {
            for series in &mut all {
                let ours = [DEFAULT, ON_RECORD].map(|tool| format!("{tool}, p99"));
                if ours.iter().any(|ours| series.what.contains(ours)) {
                    *series = series.clone().aiming(Target::AtMost(1.0));
                }
            }
        }
        for (other, ratio) in [("irtt", 0.1), ("ping (ICMP)", 0.3)] {
            if let Some((ours, theirs)) = rare_of(&all, DEFAULT).zip(rare_of(&all, other)) {
                let what = format!("{}, beside {other}'s", ours.what);
                all.push(ours.beside(&theirs, what, Target::RatioAtMost(ratio)));
            }
        }
        all
    }
}

/// What passed on the wire while `measure` ran.
fn captured<T>(
    filter: &str,
    read: impl Fn(&capture::Packet<'_>) -> Option<Exchange>,
    measure: impl FnOnce() -> Result<T>,
) -> Result<(Reported, T)> {
    let file = scratch("accuracy.pcap");
    let capture = Capture::start(&file, filter)?;
    let measured = measure()?;
    capture.finish()?;
    let bytes = std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
    Ok((capture::round_trips(&bytes, read)?, measured))
}

/// The round trips that are printed, the best known on record, and those by the program's own
/// clock.
fn udping(peers: &Peers, server: &Server) -> Result<(Reported, [Reported; 3])> {
    let file = scratch("accuracy.jsonl");
    let mut ping = peers.udping(&format!(
        "{} -i 2ms -c {COUNT} --overwrite --journal",
        server.address()
    ));
    ping.arg(&file);
    let filter = format!("udp port {}", server.port);
    let (truth, said) = captured(&filter, capture::text(server.port), || run::read(&mut ping))?;
    let records = journal(&file)?;
    let reported = |key: &str, figure: &str| -> Reported {
        let told = records
            .iter()
            .filter_map(|it| Some((it[key].as_u64()?, it[figure].as_f64()?)));
        told.collect()
    };
    let own = reported("reply", "rtt_ns");
    let mut best = own.clone();
    best.extend(reported("kernel", "kernel_ns"));
    Ok((truth, [printed(&said), best, own]))
}

/// The round trips in ping's lines.
fn printed(said: &str) -> Reported {
    let reported = said.lines().filter_map(|line| {
        let (_, after) = line.split_once("seq=")?;
        let (seq, _) = after.split_once(' ')?;
        let (_, time) = line.split_once("time=")?;
        let ms: f64 = time.split(' ').next()?.parse().ok()?;
        Some((seq.parse().ok()?, ms * 1e6))
    });
    reported.collect()
}

fn irtt(server: &Server) -> Result<(Reported, Reported)> {
    let words = format!("-i 2ms -d {}ms -l 64", 2 * COUNT);
    let filter = format!("udp port {}", server.port);
    let (truth, said) = captured(&filter, capture::irtt(server.port), || {
        Peers::irtt(server, &words)
    })?;
    let trips = said["round_trips"]
        .as_array()
        .context("irtt tells no round trips")?;
    let reported = trips.iter().filter_map(|trip| {
        let rtt = number(&trip["delay"]["rtt"]).ok()?;
        Some((trip["seqno"].as_u64()?, rtt))
    });
    Ok((truth, reported.collect()))
}

fn ping() -> Result<(Reported, Reported)> {
    let count = COUNT.to_string();
    let mut ping = Command::new("ping");
    ping.args(["-n", "-i", "0.002", "-c", &count, "127.0.0.1"]);
    let (truth, said) = captured("icmp", capture::icmp, || run::read(&mut ping))?;
    Ok((truth, printed(&said)))
}
