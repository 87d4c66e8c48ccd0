//! `udping monitor`: many targets at once, without end.
//!
//! Owns the way from arguments to targets, and what is said of them at the end. How each is
//! probed is `engine`'s, how it is configured is `config`'s.

mod browser;
mod conditions;
mod config;
mod directions;
mod discovery;
mod engine;
mod exposition;
mod figures;
mod health;
mod journals;
mod lines;
mod numbering;
mod plans;
mod probed;
mod recent;
mod resolver;
mod rows;
mod run;
mod scribe;
mod snapshot;
mod sockets;
mod source;
mod target;
mod terminal;
mod wake;

use std::fmt::Display;
use std::fs::File;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use anyhow::Context as _;

use crate::ExitStatus;
use crate::cli::{ExportArgs, METRICS_PORT, MonitorArgs, PingArgs};
use crate::confine::{self, Sandbox, Task};
use crate::i18n::{chain, duration, say};
use crate::metrics::{Listener, PushCounts, PushPlan, WebConfig};
use crate::ping::colour;
use crate::run_end::RunEnd;
use crate::sd_notify::ServiceManager;
use crate::signals::Signals;
use crate::stdio::Stdout;
use crate::tui::FleetTui;
use crate::view::FleetLab;
use crate::{inform, warn};
use browser::Browser;
use config::{Discovery, MonitorConfig};
use engine::Changes;
use exposition::Exposition;
#[cfg(test)]
pub(crate) use exposition::FAMILIES;
use figures::Settled;
use journals::{Folders, Journals};
use lines::{Lines, line};
use plans::Plans;
use rows::Rows;
use run::MonitorRun;
use snapshot::{PATIENCE, Snapshots, TargetSnapshot};
use source::Source;
use target::{Asked, AskedWire, TargetPlan};
use terminal::Terminal;

/// How often several hosts are pinged if nobody says.
const INTERVAL: Duration = Duration::from_secs(1);

pub(crate) fn run(args: &MonitorArgs) -> anyhow::Result<ExitStatus> {
    let source = Source::of(args)?;
    let known = plans::stamps(&source);
    let config = source.read()?;
    let terminal = Terminal::find();
    let signals = Signals::install_service().context(say::NO_SIGNALS)?;
    let manager = ServiceManager::from_env(1);
    let end = RunEnd::new(&signals, args.deadline);
    let mut stdout = Stdout::new(end.clone());
    let mut print = |line: &dyn Display| stdout.line(line).context(say::STDOUT_FAILED);
    if args.check {
        print(&say::MonitorTargets {
            n: config.targets.len() as u64,
        })?;
        return Ok(ExitStatus::Success);
    }
    if let Some(name) = &args.own_name {
        find_self(&config, name)?;
    }
    // Ports and folders are had as whoever started this; all else is as nobody.
    let export = Export::prepare(&args.export)?;
    let folders = Folders {
        all: args.journal.clone(),
        excerpts: args.excerpts.clone().map(|it| (it, args.excerpts_max)),
    };
    confine::give_up_privileges(&args.confine)?;
    if let Some(Err(error)) = source.file().map(File::open) {
        warn(&say::MonitorReadOnce { error });
    }
    let mut run = MonitorRun::new(&signals)?;
    run.engine.native = args.export.native_histograms;
    run.own_name.clone_from(&args.own_name);
    if folders != Folders::default() || args.view {
        run.engine.journals = Some(Journals::start(folders)?);
    }
    let Changes { added, .. } = run.reload(config.targets.clone())?;
    print(&say::MonitorTargets { n: added as u64 })?;
    let by_hand = matches!(source, Source::Hosts(..));
    let lines = by_hand.then(|| Lines::start(run.snapshots())).transpose()?;
    let lines = lines.flatten();
    export.start(run.snapshots())?;
    let mut follows = None;
    let _lab = if args.view {
        let (browser, asked) = Browser::start(run.snapshots(), run.waker())?;
        follows = Some(asked);
        Some(FleetLab::open(Box::new(browser), args.no_open)?)
    } else {
        None
    };
    let plans = Plans::follow(
        source,
        known,
        config,
        signals.clone(),
        terminal,
        manager.clone(),
        run.waker(),
    )?;
    Sandbox::prepare(&args.confine, Task::Measure).enter(true);
    manager.ready();
    run.run(|run| {
        manager.alive(0);
        if let Some(targets) = plans.next() {
            match run.reload(targets) {
                Ok(changes) => inform(&say::MonitorReloaded {
                    added: changes.added,
                    changed: changes.changed,
                    removed: changes.removed,
                }),
                Err(error) => {
                    let error = chain(&error);
                    warn(&say::MonitorNotReloaded { error });
                }
            }
            manager.ready();
        }
        for follow in follows.iter().flat_map(Receiver::try_iter) {
            let there = run.engine.follow(&follow.name, follow.file);
            // Whoever asked may not wait any more.
            let _ = follow.answer.send(there);
        }
        if signals.take_excerpt() {
            run.engine.excerpt_all(run.now());
        }
        end.has_come()
    })?;
    manager.stopping();
    run.engine.finish(run.now());
    if let Some(lines) = lines {
        lines.stop();
    }
    print_figures(&run, print)?;
    Ok(if warn_unresolved(&run, &end) {
        ExitStatus::Error
    } else {
        ExitStatus::Success
    })
}

/// What all targets came to, and how this process fared.
fn print_figures(
    run: &MonitorRun,
    mut print: impl FnMut(&dyn Display) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for (_, target) in run.engine.targets().filter(|(_, it)| it.is_probed()) {
        print(&line(&TargetSnapshot::of(target)))?;
    }
    let health = run.health();
    if health.missed + health.rx_dropped + health.strangers > 0 {
        print(&say::MonitorHealth {
            missed: health.missed,
            dropped: health.rx_dropped,
            strangers: health.strangers,
        })?;
    }
    Ok(())
}

/// Says of a run that has come to its `end` by itself which names no server of names has answered
/// for until then. Whether there is one.
fn warn_unresolved(run: &MonitorRun, end: &RunEnd) -> bool {
    let Some(within) = end.deadline().filter(|_| !end.is_asked_for()) else {
        return false;
    };
    let mut any = false;
    for (_, target) in run.engine.targets().filter(|(_, it)| it.is_awaited()) {
        any = true;
        let host = target.plan.host.host.clone();
        let within = duration(within);
        warn(&format!(
            "udping: {}",
            say::ResolveTimedOut { host, within }
        ));
    }
    any
}

/// # Errors
/// No mesh group has a member of this name, nor will one be found.
fn find_self(config: &MonitorConfig, name: &str) -> anyhow::Result<()> {
    let is_it = |target: &TargetPlan| target.is_peer() && &*target.name == name;
    let may_come = config.discoveries.iter().any(Discovery::is_of_peers);
    let known = may_come || config.targets.iter().any(is_it);
    let name = name.to_owned();
    anyhow::ensure!(known, say::MonitorNoSelf { name });
    Ok(())
}

/// Pings several hosts, until each has had as many probes as were asked for.
pub(crate) fn ping(args: &PingArgs) -> anyhow::Result<ExitStatus> {
    let signals = Signals::install().context(say::NO_SIGNALS)?;
    let end = RunEnd::new(&signals, args.deadline);
    let socket = args.socket.options(false, false)?;
    let asked = Asked {
        interval: args.session.interval.unwrap_or(INTERVAL),
        // What is watched has no end unless one is asked for.
        count: args
            .session
            .count()
            .filter(|_| !args.tui || args.session.count.is_some()),
        timeout: args.session.timeout,
        size: args.session.size,
        wire: AskedWire::Named(args.wire),
        path: sockets::Path {
            tos: socket.tos,
            ttl: socket.ttl,
            source: socket.source,
        },
        family: args.family.family(),
        resolve: source::RESOLVE,
        key_file: None,
        clock_error: None,
    };
    let hosts = args.target.iter().chain(&args.others);
    let hosts: Vec<String> = hosts.map(ToString::to_string).collect();
    let config = config::of_hosts(&hosts, &asked)?;
    let mut run = MonitorRun::new(&signals)?;
    run.reload(config.targets)?;
    let snapshots = run.snapshots();
    let mut tui = args.tui.then(|| {
        let mut rows = Rows::default();
        let next = move || Some(rows.update(&snapshots.take(PATIENCE)?));
        FleetTui::start(next, colour(args.color), &signals)
    });
    let mut tui = tui.take().transpose()?;
    let lines = (tui.is_none() && !args.record.quiet).then(|| Lines::start(run.snapshots()));
    let lines = lines.transpose()?.flatten();
    run.run(|run| end.has_come() || run.engine.is_over())?;
    if let Some(wrong) = tui.as_mut().and_then(FleetTui::finish) {
        warn(&wrong);
    }
    if let Some(lines) = lines {
        lines.stop();
    }
    let mut stdout = Stdout::new(end.clone());
    let mut all_answer = true;
    for (_, target) in run.engine.targets() {
        all_answer &= target.figures.count(Settled::Replied) > 0;
        let line = line(&TargetSnapshot::of(target));
        stdout.line(&line).context(say::STDOUT_FAILED)?;
    }
    Ok(if warn_unresolved(&run, &end) {
        ExitStatus::Error
    } else if all_answer {
        ExitStatus::Success
    } else {
        ExitStatus::Failure
    })
}

/// Where figures go, besides the end's lines.
struct Export {
    listener: Option<Listener>,
    push: Option<PushPlan>,
}

impl Export {
    /// # Errors
    /// A port cannot be had, or what says who may ask is not right.
    fn prepare(args: &ExportArgs) -> anyhow::Result<Self> {
        let web = args
            .web_config
            .as_deref()
            .map(WebConfig::read)
            .transpose()?;
        let place = args.listen.as_ref();
        let address = place.map(|it| it.address(METRICS_PORT)).transpose()?;
        let bind = |address| Listener::bind(address, web.unwrap_or_default());
        Ok(Self {
            listener: address.map(bind).transpose()?,
            push: args
                .otlp
                .as_deref()
                .map(|url| PushPlan::new(url, args.otlp_headers.as_deref()))
                .transpose()?,
        })
    }

    /// # Errors
    /// There is no thread.
    fn start(self, snapshots: Snapshots) -> anyhow::Result<()> {
        let counts = self.push.is_some().then(Arc::<PushCounts>::default);
        let source = Arc::new(Exposition::new(snapshots, counts.clone()));
        if let Some(listener) = self.listener {
            let url = listener.url()?;
            // Nobody waits for its thread, which ends with the process.
            listener.start(Arc::<Exposition>::clone(&source))?;
            inform(&say::MetricsAt { url });
        }
        if let Some((push, counts)) = self.push.zip(counts) {
            push.start(source, counts)?;
        }
        Ok(())
    }
}
