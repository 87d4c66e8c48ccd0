//! A trial of a heartbeats' server: heartbeats that come, some that do not, and then silence.
//!
//! Owns what is sent when. What the server should have printed, [`heartbeat`](super::heartbeat)
//! knows.

use std::fs::File;
use std::io::Read as _;
use std::net::{Ipv4Addr, UdpSocket};
use std::process::Child;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use udping_core::time::saturating_nanos;

use super::confine;
use super::printed;
use super::program::{Program, launch, terminal};
use super::reader::Reader;
use super::transcript::{End, Line, Open};
use crate::clock::Clock;

/// How long a server has until it listens.
const START: Duration = Duration::from_secs(25);

/// Between two heartbeats.
const BEAT: Duration = Duration::from_millis(500);

/// How long nothing comes in the end, at most.
const SILENCE: Duration = Duration::from_secs(20);

/// How soon one comes behind the one that overtook it.
const OVERTAKEN: Duration = Duration::from_millis(100);

/// The number of each heartbeat, and how old it is when it is sent, so that differences can be
/// told apart. Two are missing, and one is overtaken by the next.
const BEATS: [(usize, u64); 10] = [
    (1, 120),
    (2, 340),
    (3, 210),
    (4, 430),
    (7, 260),
    (8, 380),
    (9, 150),
    (11, 310),
    (10, 440),
    (12, 230),
];

/// What is to be tried.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Watch {
    pub(super) program: Program,
    /// A heartbeat, with `{seq}`, and `{time}` in seconds or `{ms}`.
    pub(super) beat: String,
}

/// What was sent, and what the server printed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Watched {
    pub(super) beats: Vec<Sent>,
    pub(super) output: Vec<Line>,
    /// Since when nothing is sent.
    pub(super) silent_ns: u64,
    pub(super) ended_ns: u64,
    /// When it ended, if it did so by itself.
    pub(super) died: Option<Stage>,
    pub(super) end: End,
    pub(super) listened: bool,
    pub(super) open: Vec<Open>,
}

/// A heartbeat.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Sent {
    pub(super) number: usize,
    pub(super) at_ns: u64,
    /// How long ago it says that it was sent, in seconds.
    pub(super) age: f64,
    /// How many before it were not sent.
    pub(super) missing: usize,
    /// The next one overtook it.
    pub(super) overtaken: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    Beats,
    Silence,
}

impl Watched {
    /// What was printed from this heartbeat until the next.
    pub(super) fn lines_of(&self, beat: &Sent) -> impl Iterator<Item = &Line> {
        let from = beat.at_ns;
        let until = from + saturating_nanos(BEAT).min(self.silent_ns.saturating_sub(from));
        let lines = self.output.iter();
        lines.filter(move |it| it.at_ns >= from && it.at_ns < until)
    }
}

/// Runs the trial.
///
/// # Errors
/// There is no socket or no terminal to be had.
pub(super) fn run(watch: &Watch) -> anyhow::Result<Watched> {
    confine::stay_below()?;
    let mut open = Vec::new();
    if watch.program.isolated {
        confine::isolate()?;
    } else {
        open.extend([Open::Network, Open::Processes, Open::Files]);
    }
    let port = watch.program.port.unwrap_or(crate::cli::DEFAULT_PORT);
    let terminal = terminal()?;
    let launched = launch(&watch.program, port, terminal.slave)?;
    let mut trial = Trial {
        clock: Clock::start(),
        launched,
        reader: Reader::new(File::from(terminal.master)),
        ended: false,
    };
    let mut listened = false;
    while !listened && !trial.ended && trial.clock.elapsed() < START {
        trial.wait(Duration::from_millis(50));
        listened = listens(port);
    }
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut beats: Vec<Sent> = Vec::new();
    trial.wait(Duration::from_millis(300));
    for (index, (number, age_ms)) in BEATS.into_iter().enumerate().filter(|_| listened) {
        if trial.ended {
            break;
        }
        let age = Duration::from_millis(age_ms);
        let sent = trial.beat(&watch.beat, number, age);
        let at_ns = saturating_nanos(trial.clock.elapsed());
        // Whoever has ended refuses it, which is seen.
        let _ = socket.send_to(sent.as_bytes(), (Ipv4Addr::LOCALHOST, port));
        let before = beats.iter().map(|it| it.number).max().unwrap_or(0);
        let later: Vec<usize> = BEATS.iter().skip(index).map(|it| it.0).collect();
        beats.push(Sent {
            number,
            at_ns,
            age: age.as_secs_f64(),
            missing: (before + 1..number)
                .filter(|it| !later.contains(it))
                .count(),
            overtaken: number < before,
        });
        let overtakes = later.iter().any(|it| *it < number);
        trial.wait(if overtakes { OVERTAKEN } else { BEAT });
    }
    let mut died = trial.ended.then_some(Stage::Beats);
    let silent = trial.clock.elapsed();
    let silent_ns = saturating_nanos(silent);
    while listened && !trial.ended && trial.clock.elapsed() < silent + SILENCE {
        trial.wait(Duration::from_millis(100));
        let lines = &trial.reader.lines;
        if lines
            .iter()
            .any(|it| it.at_ns >= silent_ns && printed::says_stopped(&it.text))
        {
            break;
        }
    }
    if trial.ended && died.is_none() {
        died = Some(Stage::Silence);
    }
    let end = trial.end();
    Ok(Watched {
        beats,
        silent_ns,
        ended_ns: saturating_nanos(trial.clock.elapsed()),
        output: trial.reader.lines,
        died,
        end,
        listened,
        open,
    })
}

struct Trial {
    clock: Clock,
    launched: Child,
    reader: Reader,
    ended: bool,
}

impl Trial {
    /// Reads what is printed for so long, or until the server has ended.
    fn wait(&mut self, time: Duration) {
        let until = self.clock.elapsed() + time;
        loop {
            self.ended |= !matches!(self.launched.try_wait(), Ok(None));
            self.reader.read(self.clock.elapsed());
            let left = until.saturating_sub(self.clock.elapsed());
            if left.is_zero() || self.ended {
                return;
            }
            std::thread::sleep(left.min(Duration::from_millis(2)));
        }
    }

    fn beat(&self, form: &str, number: usize, age: Duration) -> String {
        let wall = self.clock.wall_at(self.clock.reflector_time());
        let wall = Duration::from_nanos(wall.as_nanos()).saturating_sub(age);
        form.replace("{seq}", &number.to_string())
            .replace("{time}", &format!("{:.6}", wall.as_secs_f64()))
            .replace("{ms}", &wall.as_millis().to_string())
    }

    /// How it ended, if it did; it and all its children are gone then.
    fn end(&mut self) -> End {
        let mut said = Vec::new();
        if self.ended
            && let Some(stdout) = &mut self.launched.stdout
        {
            // What cannot be read says nothing.
            let _ = stdout.read_to_end(&mut said);
        }
        let _ = self.launched.kill();
        let _ = self.launched.wait();
        confine::end_all();
        self.reader.read(self.clock.elapsed());
        serde_json::from_slice(&said).unwrap_or(End::Hung)
    }
}

/// Whether some socket has this port: a datagram that asks would be taken for a heartbeat.
fn listens(port: u16) -> bool {
    ["udp", "udp6"].iter().any(|it| {
        let table = confine::net(it);
        let ending = format!(":{port:04X}");
        table.lines().any(|line| {
            let local = line.split_whitespace().nth(1);
            local.is_some_and(|it| it.ends_with(&ending))
        })
    })
}
