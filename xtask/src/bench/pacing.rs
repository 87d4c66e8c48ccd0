//! How exactly a beat of 1 ms is kept, for ten seconds.

use anyhow::{Context as _, Result};

use super::figures::{Series, Target, percentile};
use super::peers::{IRTT, Peers, journal, lateness, number, scratch};
use super::servers::Server;
use crate::run;

const BEATS: u32 = 10_000;
const INTERVAL_NS: f64 = 1e6;

/// What each tool's beats came to.
struct Kept {
    sent: Series,
    missed: Series,
    errors: [Series; 3],
}

/// The parts of a hundred that are told of the error, and what they are called.
const PARTS: [(usize, &str); 3] = [(50, "p50"), (99, "p99"), (100, "max")];

impl Kept {
    fn new(tool: &'static str) -> Self {
        Self {
            sent: Series::new(format!("{tool}: sent"), ""),
            missed: Series::new(format!("{tool}: slots missed"), ""),
            errors: PARTS.map(|(_, name)| Series::new(format!("{tool}: timer error {name}"), "µs")),
        }
    }

    /// Takes a run: when each probe went out after it was due, in nanoseconds.
    fn add(&mut self, late: &[f64], missed: f64) -> Result<()> {
        self.sent.runs.push(u32::try_from(late.len())?.into());
        self.missed.runs.push(missed);
        for (series, (parts, _)) in self.errors.iter_mut().zip(PARTS) {
            let error = percentile(late, parts).context("nothing was sent")?;
            series.runs.push(error / 1e3);
        }
        Ok(())
    }

    fn into_series(self) -> impl Iterator<Item = Series> {
        [self.sent, self.missed].into_iter().chain(self.errors)
    }
}

pub(super) fn compare(peers: &Peers, rounds: usize) -> Result<Vec<Series>> {
    // Ten seconds a run: three of each tell enough.
    let rounds = rounds.min(3);
    let echo = peers.echo("")?;
    let irtt_server = peers.has(IRTT).then(Peers::irtt_server).transpose()?;
    let mut ours = [("udping -i 1ms", ""), ("udping -i 1ms --spin", "--spin")]
        .map(|(tool, flags)| (Kept::new(tool), flags));
    let mut irtt = Kept::new("irtt -i 1ms");
    // What a program that does nothing else misses, the machine did not let anybody keep.
    let mut bare = [
        ("bare sleep until each millisecond", "sleep"),
        ("bare look at the clock", "look"),
    ]
    .map(|(tool, how)| (Kept::new(tool), how));
    for _ in 0..rounds {
        for (kept, how) in &mut bare {
            nothing(peers, how, kept)?;
        }
        for (kept, flags) in &mut ours {
            our(peers, &echo, flags, kept)?;
        }
        if let Some(server) = &irtt_server {
            theirs(server, &mut irtt)?;
        }
    }
    let mut all = Vec::new();
    for (mut kept, _) in ours {
        kept.missed = kept.missed.aiming(Target::AtMost(0.0));
        for (own, other) in kept.errors.iter_mut().zip(&irtt.errors) {
            if !other.runs.is_empty() {
                own.compare(other);
            }
        }
        all.extend(kept.into_series());
    }
    for (kept, _) in bare {
        all.extend(kept.into_series());
    }
    all.extend(irtt.into_series().filter(|it| !it.runs.is_empty()));
    Ok(all)
}

fn our(peers: &Peers, server: &Server, flags: &str, kept: &mut Kept) -> Result<()> {
    let file = scratch("pacing.jsonl");
    let mut ping = peers.udping(&format!(
        "{} -i 1ms -c {BEATS} -q {flags} --overwrite --journal",
        server.address()
    ));
    run::read(ping.arg(&file))?;
    let records = journal(&file)?;
    let missed = records.iter().filter_map(|it| it["missed"].as_f64());
    // From zero on: a sum of nothing is minus zero.
    let missed = missed.fold(0.0, |sum, slots| sum + slots);
    kept.add(&lateness(&records)?, missed)
}

fn nothing(peers: &Peers, how: &str, kept: &mut Kept) -> Result<()> {
    let said = run::read(&mut peers.bare("beat", &format!("{how} {BEATS}")))?;
    let (late, missed) = said
        .trim()
        .rsplit_once("\nMISSED ")
        .context("the bare beat does not say what it missed")?;
    let late: Vec<f64> = late.lines().map(str::parse).collect::<Result<_, _>>()?;
    kept.add(&late, missed.parse()?)
}

fn theirs(server: &Server, kept: &mut Kept) -> Result<()> {
    let said = Peers::irtt(server, &format!("-i 1ms -d {BEATS}ms -l 64"))?;
    let trips = said["round_trips"]
        .as_array()
        .context("irtt tells no round trips")?;
    let sent = trips.iter().map(|trip| {
        let at = number(&trip["timestamps"]["client"]["send"]["monotonic"])?;
        Ok((number(&trip["seqno"])?, at))
    });
    let sent: Vec<(f64, f64)> = sent.collect::<Result<_>>()?;
    let start = sent.first().context("irtt sent nothing")?.1;
    // Its numbers skip no slot that it missed, so each is put into the last slot that
    // had begun.
    let late: Vec<f64> = sent
        .iter()
        .map(|(_, at)| (at - start).rem_euclid(INTERVAL_NS))
        .collect();
    kept.add(&late, number(&said["stats"]["timer_misses"])?)
}
