//! What operators run today beside ours, on one path, where ICMP and UDP meet the same fate.
//!
//! Owns which paths, and which of their figures are told; `native/tests/counterparts/probers.py`
//! starts them and asks.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::figures::{Series, Target};
use super::peers::{Peers, number};
use crate::run;
use crate::system::PYTHON;
use crate::tools::{self, Tool};

/// Probes of those that have a beat, which is 10 ms.
const COUNT: &str = "1500";

/// A path, and what it does to packets.
const PATHS: [(&str, &str); 2] = [
    ("RTT 900 ms", "--delay 450ms,450ms"),
    (
        "RTT 100 ms, 5% duplicates",
        "--delay 50ms,50ms --duplicate 0,5%",
    ),
];

/// What is told of each that has a beat.
const FIGURES: [(&str, &str, f64); 5] = [
    ("least_loss", "%", 100.0),
    ("most_loss", "%", 100.0),
    ("missing", "%", 100.0),
    ("cpu_s", "s", 1.0),
    ("kib", "MiB", 1.0 / 1_024.0),
];

const NAMES: [&str; 5] = [
    "least loss of a second",
    "most loss of a second",
    "loss of all",
    "processor time",
    "memory",
];

pub(super) fn compare(peers: &Peers) -> Result<Vec<Series>> {
    tools::ensure(&[Tool::Counterparts])?;
    let mut all = Vec::new();
    for (what, impairments) in PATHS {
        let said = side_by_side(peers, impairments)?;
        for prober in ["udping", "smokeping"] {
            for ((key, unit, factor), name) in FIGURES.into_iter().zip(NAMES) {
                let value = number(&said[prober][key])?;
                let series = Series::new(format!("{what}, {prober}: {name}"), unit);
                let series = series.with(value * factor);
                let is_ours = prober == "udping" && unit == "%";
                all.push(if is_ours {
                    series.aiming(Target::AtMost(0.0))
                } else {
                    series
                });
            }
        }
        let single = &said["blackbox"];
        for (key, unit, factor) in [("cpu_s", "ms", 1e3 / 5.0), ("kib", "MiB", 1.0 / 1_024.0)] {
            let name = if key == "cpu_s" {
                "processor time a probe"
            } else {
                "memory"
            };
            let series = Series::new(format!("{what}, blackbox: {name}"), unit);
            all.push(series.with(number(&single[key])? * factor));
        }
    }
    Ok(all)
}

fn side_by_side(peers: &Peers, impairments: &str) -> Result<Value> {
    let mut path = peers.udping(&format!("path {impairments} --seed 1 --"));
    path.arg(PYTHON.require()?);
    path.arg(crate::root().join("native/tests/counterparts/probers.py"));
    path.arg("{host}").arg(peers.udping("").get_program());
    path.arg(tools::path("debian/usr/bin")).arg(COUNT);
    let said = run::read(&mut path)?;
    let mut said: Value = serde_json::from_str(&said).context("reading what the probers say")?;
    // What their users take for loss: what is not replied of what was sent, or of what is settled.
    let of = |prober: &Value, key: &str| number(&prober[key]);
    let theirs = &said["smokeping"];
    let missing = 1.0 - of(theirs, "replied")? / of(theirs, "sent")?;
    let ours = &said["udping"];
    let settled = of(ours, "sent")? - of(ours, "in_flight")?;
    let lost = 1.0 - of(ours, "replied")? / settled;
    said["smokeping"]["missing"] = missing.into();
    said["udping"]["missing"] = lost.into();
    Ok(said)
}
