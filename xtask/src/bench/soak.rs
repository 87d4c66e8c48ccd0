//! `cargo xtask soak`: whether the memory of a monitor stays what it is, while networks do what
//! they do, figures are scraped and targets come and go.
//!
//! Owns how long it takes until its memory has to be flat, and what is flat.

use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::fleet::{Monitor, config, reflector};
use super::peers::{Peers, scratch};
use crate::run;

const TARGETS: u32 = 1_000;
const INTERVAL_MS: u32 = 1_000;

/// After so many minutes each target has as many records as it keeps: five minutes of them.
const FULL: u32 = 6;

/// By how much memory may grow from then on: what an allocator makes of the same work done again.
const GROWTH: f64 = 1.02;

/// Runs for so many minutes.
pub(crate) fn soak(minutes: u32) -> Result<()> {
    ensure!(
        minutes > FULL,
        "for {FULL} minutes its records grow: ask for more"
    );
    run::run(&mut run::cargo([
        "build",
        "--release",
        "--package",
        "udping",
    ]))?;
    let peers = Peers::find()?;
    let network = "--loss 1% --duplicate 1% --delay 0,5ms --jitter 0,20ms --seed 1";
    let server = reflector(&peers, network)?;
    let fleet = |first: u32| {
        config(
            "soak.toml",
            server.port,
            first..first + TARGETS,
            INTERVAL_MS,
        )
    };
    let mut monitor = peers.udping("monitor");
    monitor.arg(fleet(0)?);
    // As nobody it could not write there.
    if run::read(Command::new("id").arg("-u"))?.trim() == "0" {
        monitor.args(["--user", "root"]);
    }
    let excerpts = scratch("excerpts");
    monitor
        .args(["--excerpts-max", "10M", "--excerpts"])
        .arg(excerpts);
    let monitor = Monitor::start(&mut monitor)?;
    let mut full = None;
    let mut last = 0.0;
    for minute in 1..=minutes {
        let mut probes = 0.0;
        for _ in 0..4 {
            thread::sleep(Duration::from_secs(15));
            probes = monitor.scrape()?.sum("udping_probes_sent_total")?;
        }
        let memory = monitor.kib("VmRSS:")?;
        println!("minute {minute}: {memory:.0} KiB, {probes:.0} probes of those that are there");
        last = memory;
        if minute == FULL {
            full = Some(memory);
        }
        // One of them goes, and another one comes.
        fleet(minute)?;
    }
    let full = full.context("it was too short")?;
    println!(
        "from {full:.0} to {last:.0} KiB in {} minutes",
        minutes - FULL
    );
    ensure!(last <= full * GROWTH, "its memory grows");
    Ok(())
}
