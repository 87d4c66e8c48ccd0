//! Round trips a second with a window in flight.

use anyhow::{Context as _, Result};

use super::figures::{Series, Target};
use super::peers::Peers;
use super::servers::Server;
use crate::run;

const COUNT: u64 = 500_000;
const WINDOW: u32 = 128;
/// Bytes in each datagram.
const SIZE: usize = 64;

pub(super) fn compare(peers: &Peers, rounds: usize) -> Result<Vec<Series>> {
    let rate = |what: &str| Series::new(what, "/s");
    let mut bare = rate("bare batch loop, bare batch echo");
    let mut ours = rate("udping -f, its own reflector").aiming(Target::RatioAtLeast(0.9));
    let mut client = rate("udping -f, bare batch echo");
    let mut server = rate("bare batch loop, udping's reflector").aiming(Target::RatioAtLeast(0.9));
    let mut python = rate("bare batch loop, Python echo");
    let mut our_python = rate("udping -f, Python echo");

    let echo = peers.echo("batch")?;
    let reflector = peers.reflector()?;
    let python_echo = Peers::python_echo()?;
    for _ in 0..rounds {
        bare.runs.push(foreign(peers, &echo, COUNT)?);
        ours.runs.push(our(peers, &reflector, COUNT)?);
        client.runs.push(our(peers, &echo, COUNT)?);
        server.runs.push(foreign(peers, &reflector, COUNT)?);
        // Slower by far: fewer will do.
        python.runs.push(foreign(peers, &python_echo, COUNT / 5)?);
        our_python.runs.push(our(peers, &python_echo, COUNT / 5)?);
    }
    for series in [
        &mut ours,
        &mut client,
        &mut server,
        &mut python,
        &mut our_python,
    ] {
        series.compare(&bare);
    }
    let twice = Target::RatioAtLeast(2.0);
    let beside = [
        ours.beside(
            &our_python,
            "udping -f, its own reflector, beside the Python echo",
            twice,
        ),
        server.beside(
            &python,
            "bare batch loop, udping's reflector, beside the Python echo",
            twice,
        ),
    ];
    let all = [bare, ours, client, server, python, our_python];
    Ok(all.into_iter().chain(beside).collect())
}

/// The bare loop: it says how many a second.
fn foreign(peers: &Peers, server: &Server, count: u64) -> Result<f64> {
    let words = format!("{} {count} {WINDOW} {SIZE}", server.port);
    let said = run::read(&mut peers.bare("window", &words))?;
    said.trim().parse().context("the bare loop names no rate")
}

/// Ours, by the duration that its summary names.
fn our(peers: &Peers, server: &Server, count: u64) -> Result<f64> {
    let words = format!(
        "{} -f --window {WINDOW} -c {count} -s {SIZE} -q",
        server.address()
    );
    let said = run::read(&mut peers.udping(&words))?;
    let line = said
        .lines()
        .find(|line| line.contains("packets transmitted"));
    let figures = line.and_then(|line| {
        let (_, after) = line.split_once(" transmitted, ")?;
        let replied: f64 = after.split(' ').next()?.parse().ok()?;
        let (_, time) = line.split_once(", time ")?;
        let ms: f64 = time.strip_suffix("ms")?.parse().ok()?;
        Some(replied * 1e3 / ms)
    });
    figures.with_context(|| format!("no rate in: {said}"))
}
