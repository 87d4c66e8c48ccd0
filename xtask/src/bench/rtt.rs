//! The round trip on loopback in application time, one probe after the other, both ends
//! on one processor.

use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::figures::{Series, Target, median};
use super::peers::{IRTT, PING, Peers, SOCKPERF, number};
use super::servers::{OneProcessor, Server};
use crate::run;

/// Round trips in each run.
const COUNT: usize = 20_000;

/// Bytes in each datagram, for all that take them.
const SIZE: usize = 64;

pub(super) fn compare(peers: &Peers, rounds: usize) -> Result<Vec<Series>> {
    let micros = |what: &str| Series::new(what, "µs");
    let mut bare = micros("bare send and receive, bare echo");
    let mut ours = micros("udping, the same bare echo").aiming(Target::RatioAtMost(1.05));
    let mut stamped = micros("udping with kernel timestamps, the same echo");
    let mut both = micros("udping, its own reflector");
    let mut sockperf = micros("sockperf ping-pong --full-rtt, its own server");
    let mut irtt = micros("irtt every 1 ms, its own server");
    let mut ping = micros("ping -A (ICMP, answered in the kernel)");

    let _one = OneProcessor::claim()?;
    let echo = peers.echo("")?;
    let reflector = peers.reflector()?;
    let sockperf_server = peers
        .has(SOCKPERF)
        .then(Peers::sockperf_server)
        .transpose()?;
    let irtt_server = peers.has(IRTT).then(Peers::irtt_server).transpose()?;
    for _ in 0..rounds {
        bare.runs.push(bare_rtt(peers, &echo)?);
        ours.runs.push(our_rtt(peers, &echo, "app")?);
        if let Some(server) = &sockperf_server {
            sockperf.runs.push(sockperf_rtt(server)?);
        }
        both.runs.push(our_rtt(peers, &reflector, "app")?);
        stamped.runs.push(our_rtt(peers, &echo, "kernel")?);
        if let Some(server) = &irtt_server {
            let said = Peers::irtt(server, &format!("-i 1ms -d 2s -l {SIZE}"))?;
            let rtt = number(&said["stats"]["rtt"]["median"])?;
            irtt.runs.push(rtt / 1e3);
        }
        if peers.has(PING) {
            ping.runs.push(ping_rtt()?);
        }
    }
    for series in [
        &mut ours,
        &mut stamped,
        &mut both,
        &mut sockperf,
        &mut irtt,
        &mut ping,
    ] {
        series.compare(&bare);
    }
    let lower = ours.beside(
        &sockperf,
        "udping, the same bare echo, beside sockperf",
        Target::RatioAtMost(1.0),
    );
    let all = [bare, ours, lower, both, stamped, sockperf, irtt, ping];
    Ok(all
        .into_iter()
        .filter(|series| !series.runs.is_empty())
        .collect())
}

fn bare_rtt(peers: &Peers, server: &Server) -> Result<f64> {
    let words = format!("{} {COUNT} {SIZE}", server.port);
    let said = run::read(&mut peers.bare("rtt", &words))?;
    let rtts: Result<Vec<f64>, _> = said.lines().map(str::parse).collect();
    Ok(median(&rtts?).context("no round trips")? / 1e3)
}

/// The summary's median, which is good to one in a hundred. The journal has every round
/// trip exactly, but its thread would share the processor.
fn our_rtt(peers: &Peers, server: &Server, timestamps: &str) -> Result<f64> {
    let mut ping = peers.udping(&format!(
        "{} -c {COUNT} -s {SIZE} -q --json --timestamps {timestamps}",
        server.address()
    ));
    let said = run::read(&mut ping)?;
    let last: Value = serde_json::from_str(said.lines().last().unwrap_or_default())
        .context("reading our summary")?;
    Ok(number(&last["summary"]["rtt"]["median_ns"])? / 1e3)
}

fn sockperf_rtt(server: &Server) -> Result<f64> {
    let mut client = Command::new("sockperf");
    client.args(["ping-pong", "-i", "127.0.0.1", "--full-rtt", "-t", "1"]);
    client.args(["-p", &server.port.to_string(), "-m", &SIZE.to_string()]);
    let said = run::read(&mut client)?;
    let line = said.lines().find(|line| line.contains("percentile 50.000"));
    let figure = line.and_then(|line| line.rsplit(' ').next()?.parse().ok());
    figure.context("sockperf names no median")
}

fn ping_rtt() -> Result<f64> {
    let said = run::read(Command::new("ping").args(["-A", "-n", "-c", "5000", "127.0.0.1"]))?;
    let times = said.lines().filter_map(|line| {
        let (_, after) = line.split_once("time=")?;
        after.split(' ').next()?.parse::<f64>().ok()
    });
    let times: Vec<_> = times.collect();
    Ok(median(&times).context("ping names no times")? * 1e3)
}
