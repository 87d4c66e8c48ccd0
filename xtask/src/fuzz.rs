//! `cargo xtask fuzz`: every target of fuzz/, one after the other.
//!
//! Owns how libFuzzer is started. The instrumentation is not stable in Rust;
//! `RUSTC_BOOTSTRAP` lets the stable compiler do it, so that fuzzing needs no
//! second toolchain and tests the compiler that is released with.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::run;
use crate::tools::{self, Tool};

/// Fuzzes each target for `seconds`; a finding is an error, its input is kept in fuzz/artifacts.
pub(crate) fn run(seconds: u64) -> Result<()> {
    tools::ensure(&[Tool::Fuzzer])?;
    let targets = run::read(fuzzer("list").env_remove("RUSTC_BOOTSTRAP"))?;
    let targets: Vec<_> = targets.split_whitespace().collect();
    ensure!(!targets.is_empty(), "fuzz/Cargo.toml names no target");
    for target in targets {
        let corpus = format!("fuzz/corpus/{target}");
        fs::create_dir_all(&corpus).with_context(|| format!("making {corpus}"))?;
        let mut fuzz = fuzzer("run");
        // What is found goes to the corpus, which is not checked in; the seeds are.
        fuzz.args([target, corpus.as_str()]);
        let seeds = format!("fuzz/seeds/{target}");
        if Path::new(&seeds).is_dir() {
            fuzz.arg(seeds);
        }
        run::run(fuzz.arg("--").arg(format!("-max_total_time={seconds}")))?;
    }
    Ok(())
}

fn fuzzer(task: &str) -> Command {
    let mut command = Command::new(tools::path("bin/cargo-fuzz"));
    command.args(["fuzz", task]).env("RUSTC_BOOTSTRAP", "1");
    command
}
