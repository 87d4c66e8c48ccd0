//! A run that the lab shows while it is measured: what the page's thread has to do, and what the
//! measuring notices of it.
//!
//! Owns what is asked and what it should come to; `bench/live.mjs` runs the command and the
//! browser.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::figures::{Series, Target, percentile};
use super::peers::{journal, lateness, number, scratch};
use crate::tools::{self, Tool};
use crate::{page, run};

/// Probes in each run of the bench, one a millisecond.
const COUNT: u32 = 10_000;

/// What a frame may take of the page's thread, in milliseconds.
const FRAME_MS: f64 = 12.0;

/// Who looks at the run, and what that is called.
const WHO: [(&str, &str); 3] = [
    ("alone", "without the lab"),
    ("nobody", "--view, and nobody looks"),
    ("page", "--view, and a page looks"),
];

/// What is said of each: of the timer, and of the round trips.
const PARTS: [(usize, &str); 2] = [(50, "p50"), (99, "p99")];

pub(super) fn compare(rounds: usize) -> Result<Vec<Series>> {
    // Ten seconds a run, and a browser: three of each tell enough.
    let rounds = rounds.min(3);
    let file = scratch("live.jsonl");
    let mut frame = Series::new("of the page's thread for each frame, p95", "ms")
        .aiming(Target::AtMost(FRAME_MS));
    let mut all: Vec<[Series; 4]> = WHO
        .map(|(_, who)| {
            let series = |what, part| Series::new(format!("{who}: {what} {part}"), "µs");
            let [p50, p99] = PARTS.map(|(_, part)| part);
            [
                series("timer error", p50),
                series("timer error", p99),
                series("round trip", p50),
                series("round trip", p99),
            ]
        })
        .into();
    for _ in 0..rounds {
        for ((who, _), series) in WHO.into_iter().zip(&mut all) {
            let told = measure(COUNT, &file, who)?;
            if let Some(p95) = told["p95"].as_f64() {
                frame.runs.push(p95);
            }
            let figures = figures(&journal(&file)?)?;
            for (series, figure) in series.iter_mut().zip(figures) {
                series.runs.push(figure);
            }
        }
    }
    let [alone, rest @ ..] = all.as_mut_slice() else {
        return Ok(vec![frame]);
    };
    for seen in rest {
        for (series, without) in seen.iter_mut().zip(&*alone) {
            series.compare(without);
        }
    }
    Ok([frame]
        .into_iter()
        .chain(all.into_iter().flatten())
        .collect())
}

/// Timer errors and round trips of a run, in the order of [`PARTS`], in microseconds.
fn figures(records: &[Value]) -> Result<Vec<f64>> {
    let trips = records.iter().filter(|it| it["reply"].is_u64());
    let trips: Vec<f64> = trips.filter_map(|it| it["rtt_ns"].as_f64()).collect();
    let both = [lateness(records)?, trips]
        .into_iter()
        .flat_map(|figures| PARTS.map(|(parts, _)| percentile(&figures, parts).map(|it| it / 1e3)));
    both.collect::<Option<_>>().context("nothing was measured")
}

/// What the page told of a run of so many probes.
fn measure(count: u32, journal: &Path, who: &str) -> Result<Value> {
    let mut node = Command::new("node");
    node.arg(crate::root().join("xtask/bench/live.mjs"))
        .args([&count.to_string()])
        .arg(journal)
        .arg(who)
        .env("UDPING", crate::root().join("target/release/udping"));
    serde_json::from_str(&run::read(&mut node)?).context("reading what the browser told")
}

/// Has the page in place, and the command with it inside.
pub(super) fn prepare() -> Result<()> {
    tools::ensure(&[Tool::Playwright])?;
    page::ensure()?;
    let build = [
        "build",
        "--release",
        "--package",
        "udping",
        "--features",
        "lab",
    ];
    run::run(&mut run::cargo(build))
}

/// `cargo xtask live`: the page looks at 1,000 probes a second for so long, and what its thread
/// does in a frame is printed.
pub(crate) fn watch(seconds: u32) -> Result<()> {
    prepare()?;
    let file = crate::root().join("target/live.jsonl");
    let told = measure(seconds.saturating_mul(1_000), &file, "page")?;
    println!("{told}");
    let p95 = number(&told["p95"])?;
    ensure!(
        p95 < FRAME_MS,
        "the page's thread takes {p95} ms for a frame (p95), which is over {FRAME_MS} ms"
    );
    Ok(())
}
