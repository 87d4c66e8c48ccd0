//! The core's instruction counts: runs each case of `core/sim/benches/instructions.rs` under
//! callgrind, and reads how much it counted. Does not know what the cases do.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use cargo_metadata::Message;

use super::figures::Series;
use super::peers::VALGRIND;
use crate::run;

/// One series for each case: instructions each time that it does its work.
pub(super) fn count() -> Result<Vec<Series>> {
    let valgrind = VALGRIND.require()?;
    let bench = build()?;
    run::read(&mut Command::new(&bench))?
        .lines()
        .map(|line| {
            let (times, name) = line.split_once('\t').context("a case is no line of two")?;
            let instructions = collected(&valgrind, &bench, name)?;
            Ok(Series::new(name, "instructions").with(instructions / times.parse::<f64>()?))
        })
        .collect()
}

fn build() -> Result<PathBuf> {
    let mut cargo = run::cargo([
        "bench",
        "--package",
        "udping-sim",
        "--bench",
        "instructions",
        "--no-run",
        "--message-format",
        "json",
    ]);
    let said = run::read(cargo.stderr(Stdio::inherit()))?;
    Message::parse_stream(said.as_bytes())
        .find_map(|message| match message {
            Ok(Message::CompilerArtifact(artifact)) => artifact.executable,
            _ => None,
        })
        .map(Into::into)
        .context("cargo named no executable")
}

/// How many instructions callgrind saw inside the function that it is to look at.
fn collected(valgrind: &Path, bench: &Path, case: &str) -> Result<f64> {
    let output = Command::new(valgrind)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*measured*")
        .arg(bench)
        .arg(case)
        .output()
        .context("starting valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines()
        .find_map(|line| line.split_once("Collected :"))
        .with_context(|| format!("valgrind counted nothing of {case:?}: {said}"))?
        .1
        .trim()
        .parse()
        .context("reading valgrind's count")
}
