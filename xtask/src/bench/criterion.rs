//! The core's own benchmarks: runs Criterion and reads what it found.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::figures::{Series, Target};
use super::peers::number;
use crate::run;

/// The core's budgets, by the beginning of its title.
const BUDGETS: [(&str, Target); 2] = [
    ("probe life/replied", Target::AtMost(50.0)),
    ("simulated probes/", Target::AtLeast(5.0)),
];

/// One series for each benchmark: nanoseconds, or what it does in a second.
pub(super) fn read() -> Result<Vec<Series>> {
    run::run(&mut run::cargo([
        "bench",
        "--package",
        "udping-sim",
        "--bench",
        "core",
        "--",
        "--noplot",
    ]))?;
    let mut found = Vec::new();
    look(&crate::root().join("target/criterion"), &mut found)?;
    found.sort_by(|a, b| a.what.cmp(&b.what));
    Ok(found)
}

/// Finds results in `folder` and below: each lies in a folder named `new`.
fn look(folder: &Path, found: &mut Vec<Series>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if path.join("benchmark.json").is_file() && path.ends_with("new") {
            found.push(result(&path)?);
        } else if path.is_dir() {
            look(&path, found)?;
        }
    }
    Ok(())
}

fn result(folder: &Path) -> Result<Series> {
    let read = |name: &str| -> Result<Value> {
        let path = folder.join(name);
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))
    };
    let name = read("benchmark.json")?;
    let title = name["title"].as_str().context("a benchmark has no title")?;
    let nanos = number(&read("estimates.json")?["median"]["point_estimate"])?;
    let elements = name["throughput"]["Elements"].as_f64();
    let mut series = match elements {
        Some(elements) => Series::new(title, "million/s").with(elements * 1e3 / nanos),
        None => Series::new(title, "ns").with(nanos),
    };
    for (budgeted, target) in BUDGETS {
        if title.starts_with(budgeted) && !title.contains("doubled") {
            series = series.aiming(target);
        }
    }
    Ok(series)
}
