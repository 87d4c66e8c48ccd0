//! `cargo xtask bench`: udping beside other tools, in the same run.
//!
//! Owns which comparisons there are, in which order their runs alternate, and where
//! the results go. What a comparison runs stands in a file of its own below.

mod accuracy;
mod callgrind;
mod capture;
mod cost;
mod criterion;
mod figures;
mod fleet;
mod live;
mod machine;
mod monitor;
mod pacing;
mod peers;
mod probers;
mod rtt;
mod servers;
mod soak;
mod throughput;
mod web;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::run;
use figures::{Series, markdown};
pub(crate) use live::watch;
use machine::Machine;
use peers::Peers;
pub(crate) use soak::soak;

/// What to compare, and how often.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// What to compare; everything if nothing is named.
    #[arg(value_enum)]
    parts: Vec<Part>,
    /// How many times each comparison is run, its programs in turn.
    #[arg(long, value_name = "N", default_value_t = 7)]
    rounds: usize,
    /// Keep the results: the raw ones in xtask/bench/results, the table in
    /// xtask/bench/RESULTS.md.
    #[arg(long)]
    keep: bool,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The round trip on loopback, one probe after the other
    Rtt,
    /// Round trips a second
    Throughput,
    /// Reported round trips against tcpdump's packet times, idle and loaded
    Accuracy,
    /// How exactly a beat of a millisecond is kept
    Pacing,
    /// Processor time and memory for a million probes
    Cost,
    /// Processor time and memory for many targets
    Monitor,
    /// Other probers on the same path, and what they say of its loss
    Probers,
    /// The core by itself, in Criterion
    Core,
    /// The core by itself, in instructions that callgrind counts
    Instructions,
    /// The browser lab with a journal of a million probes
    Web,
    /// The browser lab on a run while it is measured
    Live,
}

impl Part {
    const ALL: [Self; 11] = [
        Self::Rtt,
        Self::Throughput,
        Self::Accuracy,
        Self::Pacing,
        Self::Cost,
        Self::Monitor,
        Self::Probers,
        Self::Core,
        Self::Instructions,
        Self::Web,
        Self::Live,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Rtt => {
                "Round trip on loopback, one after the other, both ends on one processor (median)"
            }
            Self::Throughput => "Round trips a second, a window in flight",
            Self::Accuracy => "Error of the reported round trip, tcpdump's times as the truth",
            Self::Pacing => "A beat of 1 ms for 10 s",
            Self::Cost => "Cost of a million probes",
            Self::Monitor => "Many targets in one process",
            Self::Probers => "Other probers on the same path, a probe every 10 ms for 15 s",
            Self::Core => "The core by itself",
            Self::Instructions => "The core by itself, in instructions",
            Self::Web => "The browser lab with a journal of a million probes",
            Self::Live => "The browser lab on a run while it is measured, a probe a millisecond",
        }
    }

    fn runs_the_command(self) -> bool {
        !matches!(self, Self::Core | Self::Instructions)
    }

    fn run(self, peers: &Peers, rounds: usize) -> Result<Vec<Series>> {
        match self {
            Self::Rtt => rtt::compare(peers, rounds),
            Self::Throughput => throughput::compare(peers, rounds),
            Self::Accuracy => accuracy::compare(peers, rounds),
            Self::Pacing => pacing::compare(peers, rounds),
            Self::Cost => cost::compare(peers, rounds),
            Self::Monitor => monitor::compare(peers, rounds),
            Self::Probers => probers::compare(peers),
            Self::Core => criterion::read(),
            Self::Instructions if !peers.has(peers::VALGRIND) => Ok(Vec::new()),
            Self::Instructions => callgrind::count(),
            Self::Web => web::compare(peers, rounds),
            Self::Live => live::compare(rounds),
        }
    }
}

/// Runs the comparisons and prints one table.
pub(crate) fn run(args: &BenchArgs) -> Result<()> {
    ensure!(args.rounds > 0, "--rounds 0 measures nothing");
    let parts: Vec<_> = Part::ALL
        .into_iter()
        .filter(|part| args.parts.is_empty() || args.parts.contains(part))
        .collect();
    if parts.iter().any(|part| part.runs_the_command()) {
        run::run(&mut run::cargo([
            "build",
            "--release",
            "--package",
            "udping",
        ]))?;
    }
    if parts.contains(&Part::Live) {
        live::prepare()?;
    }
    let peers = Peers::find()?;
    let machine = Machine::here()?;
    let mut results = Vec::new();
    for part in parts {
        println!("\n── {} ──", part.title());
        let series = part
            .run(&peers, args.rounds)
            .with_context(|| format!("comparing: {}", part.title()))?;
        for series in &series {
            println!("{series}");
        }
        results.push((part, series));
    }
    let tables: Vec<_> = results
        .iter()
        .map(|(part, series)| (part.title(), series.as_slice()))
        .collect();
    let report = markdown(&machine, args.rounds, &tables, peers.missing());
    println!("\n{report}");
    save(args, &machine, &results, &report)
}

/// Keeps the raw results, always in target/bench, and where they are to stay too.
fn save(
    args: &BenchArgs,
    machine: &Machine,
    results: &[(Part, Vec<Series>)],
    report: &str,
) -> Result<()> {
    let parts: Vec<Value> = results
        .iter()
        .map(|(part, series)| {
            let series: Vec<_> = series.iter().map(Series::to_json).collect();
            json!({ "title": part.title(), "series": series })
        })
        .collect();
    let raw = json!({ "machine": machine.to_json(), "rounds": args.rounds, "parts": parts });
    let raw = format!("{raw:#}\n");
    let name = format!("{}.json", machine.date);
    let root = crate::root();
    let mut files = vec![(root.join("target/bench").join(&name), raw.as_str())];
    if args.keep {
        files.push((root.join("xtask/bench/results").join(&name), &raw));
        files.push((root.join("xtask/bench/RESULTS.md"), report));
    }
    for (file, text) in files {
        write(&file, text)?;
    }
    Ok(())
}

fn write(file: &PathBuf, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    fs::write(file, text).with_context(|| format!("writing {}", file.display()))?;
    println!("wrote {}", file.display());
    Ok(())
}
