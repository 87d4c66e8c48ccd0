//! `udping monitor`: many targets at once, without end.
//!
//! Owns the way from arguments to targets, and what is said of them at the end. How each is
//! probed is `engine`'s, how it is configured is `config`'s.

mod config;
mod engine;
mod recent;
mod resolver;
mod run;
mod sockets;
mod tally;
mod target;

use std::ffi::OsStr;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use udping_core::stats::Ratio;

use crate::ExitStatus;
use crate::cli::MonitorArgs;
use crate::i18n::say;
use crate::report::millis;
use crate::run_end::RunEnd;
use crate::signals::Signals;
use crate::stdio::Stdout;
use config::MonitorConfig;
use engine::{Changes, Target};
use run::{Health, MonitorRun};
use target::{Asked, AskedWire};

/// How often names are looked up again where nobody says.
const RESOLVE: Duration = Duration::from_mins(1);

pub(crate) fn run(args: &MonitorArgs) -> anyhow::Result<ExitStatus> {
    let source = Source::of(args)?;
    let config = source.read()?;
    let signals = Signals::install().context(say::NO_SIGNALS)?;
    let end = RunEnd::new(&signals, args.deadline);
    let mut stdout = Stdout::new(end.clone());
    let mut print = |line: &dyn Display| stdout.line(line).context(say::STDOUT_FAILED);
    if args.check {
        print(&say::MonitorTargets {
            n: config.targets.len() as u64,
        })?;
        return Ok(ExitStatus::Success);
    }
    let mut run = MonitorRun::new(&signals)?;
    let Changes { added, .. } = run.reload(config.targets)?;
    print(&say::MonitorTargets { n: added as u64 })?;
    run.run(|_| end.has_come())?;
    for (_, target) in run.engine.targets() {
        print(&line(target))?;
    }
    let health = run.health();
    if health != Health::default() {
        print(&say::MonitorHealth {
            missed: health.missed,
            dropped: health.rx_dropped,
            strangers: health.strangers,
        })?;
    }
    Ok(ExitStatus::Success)
}

/// Where the configuration comes from.
enum Source {
    File(PathBuf, Asked),
    Hosts(Vec<String>, Asked),
}

impl Source {
    fn of(args: &MonitorArgs) -> anyhow::Result<Self> {
        let asked = Asked {
            interval: args.interval,
            timeout: args.timeout,
            size: args.size,
            wire: AskedWire::Named(args.wire),
            path: sockets::Path::default(),
            family: args.family.family(),
            resolve: RESOLVE,
            key_file: None,
            clock_error: None,
        };
        let is_file = |it: &str| Path::new(it).extension() == Some(OsStr::new("toml"));
        Ok(match args.targets.as_slice() {
            [file] if is_file(file) => Self::File(PathBuf::from(file), asked),
            hosts => {
                ensure!(!hosts.iter().any(|it| is_file(it)), say::MONITOR_ONE_FILE);
                Self::Hosts(hosts.to_vec(), asked)
            }
        })
    }

    /// What it says now.
    fn read(&self) -> anyhow::Result<MonitorConfig> {
        match self {
            Self::File(file, asked) => config::read(file, asked),
            Self::Hosts(hosts, asked) => config::of_hosts(hosts, asked),
        }
    }
}

/// What is said of a target at the end.
fn line(target: &Target) -> String {
    let tally = &target.tally;
    let name = &target.plan.name;
    let lost = tally.lost + tally.refused;
    let share = Ratio::new(lost, tally.settled());
    let counts = say::MonitorLine {
        name,
        sent: tally.sent,
        unsent: tally.unsent,
        in_flight: target.in_flight(),
        lost,
        share: share.map_or_else(|| "–".to_owned(), |it| it.to_string()),
    };
    let Some((shortest, mean)) = tally.shortest.zip(tally.mean()) else {
        return counts.to_string();
    };
    let rtts = say::MonitorRtts {
        shortest: millis(shortest),
        mean: millis(mean),
        longest: millis(tally.longest),
    };
    format!("{counts}; {rtts}")
}
