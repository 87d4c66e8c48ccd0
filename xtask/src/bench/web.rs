//! The browser lab under load: a journal of a million probes, opened, scrubbed, asked what if and filtered.
//!
//! Owns what is asked of the page and what it should come to; `bench/web.mjs` drives the
//! browser and measures.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::figures::{Series, Target};
use super::peers::{Peers, number, scratch};
use crate::tools::{self, Tool};
use crate::{page, run};

/// How long a journal's probes are.
const PROBES: &str = "1000000";

/// What the browser tells: its name there, what it is, its unit, and what it should be.
const TOLD: [(&str, &str, &str, Option<Target>); 7] = [
    (
        "open_s",
        "opened and verified",
        "s",
        Some(Target::AtMost(2.0)),
    ),
    (
        "frame_ms",
        "from frame to frame while scrubbing, p95",
        "ms",
        // Sixty a second, and what a clock of whole milliseconds adds.
        Some(Target::AtMost(17.7)),
    ),
    (
        "task_ms",
        "of the page's thread for each move, p95",
        "ms",
        Some(Target::AtMost(12.0)),
    ),
    (
        "what_if_ms",
        "of the page's thread for each move of a dragged what-if, p95",
        "ms",
        Some(Target::AtMost(12.0)),
    ),
    (
        "longest_what_if_ms",
        "the longest of those moves",
        "ms",
        Some(Target::AtMost(100.0)),
    ),
    (
        "filter_ms",
        "of the page's thread for each frame while filtering, p95",
        "ms",
        Some(Target::AtMost(12.0)),
    ),
    ("heap_mb", "kept by the page", "MB", None),
];

pub(super) fn compare(peers: &Peers, rounds: usize) -> Result<Vec<Series>> {
    tools::ensure(&[Tool::Playwright])?;
    page::ensure()?;
    let journal = scratch("million.jsonl");
    let mut simulate = peers
        .udping("simulate -i 1ms -W 200ms --loss 2%,3% --delay 9ms,9ms --jitter 4ms,4ms --seed 1");
    simulate
        .args(["-q", "-c", PROBES, "--overwrite", "--journal"])
        .arg(&journal);
    run::run(&mut simulate)?;
    let mut series: Vec<Series> = TOLD
        .iter()
        .map(|(_, what, unit, target)| {
            let series = Series::new(*what, unit);
            match target {
                Some(target) => series.aiming(*target),
                None => series,
            }
        })
        .collect();
    for _ in 0..rounds {
        let mut node = Command::new("node");
        node.arg(crate::root().join("xtask/bench/web.mjs"))
            .arg(&journal);
        let told: Value = serde_json::from_str(&run::read(&mut node)?)
            .context("reading what the browser told")?;
        series = series
            .into_iter()
            .zip(TOLD)
            .map(|(series, (name, ..))| Ok(series.with(number(&told[name])?)))
            .collect::<Result<_>>()?;
    }
    Ok(series)
}
