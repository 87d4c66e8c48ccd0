//! Pinging: what a session over a real socket is made of, and what it comes to.
//!
//! Owns the way from arguments to a session, and from its figures to an exit code.
//! Every decision about a probe is the core's.

mod delivery;
mod flood;
mod incidents;
mod monitor;
mod outputs;
mod run;
mod target;
mod transport;
mod wait;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::table::Entry;
use udping_core::time::{ClientTime, ReflectorTime, WallTime, saturating_nanos};
use udping_core::{Config, Schedule};
use udping_journal::Recorder;
use udping_journal::replay::MAX_TABLE_ENTRIES;
use udping_journal::{Header, Kind};

use crate::ExitStatus;
use crate::cli::{ColorArg, PingArgs, unknown_host};
use crate::clock::Clock;
use crate::fail::FailCondition;
use crate::i18n::{Message, duration, say};
use crate::journal::{self, Sink, Subject};
use crate::net::{Address, ClientSocket, Options, Resolved, Skipped, Target, resolve};
use crate::outlet::Outlet;
use crate::report::{Style, connect_with_advice};
use crate::run_end::RunEnd;
use crate::signals::Signals;
use crate::tui::TuiModel;
use crate::view::LiveLab;
use crate::warn;
use crate::wire::{self, Wire, WirePlan};
use outputs::Outputs;
use run::{PingRun, RunResult};
pub(crate) use target::ResolveAgain;
use transport::Transport;

/// What a session over a socket is made of.
#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are what they are"
)]
pub(crate) struct PingPlan {
    pub(crate) target: Target,
    pub(crate) server: SocketAddr,
    /// Other addresses of the target, in the order in which they are to be tried.
    pub(crate) others: VecDeque<SocketAddr>,
    /// Those that could not be used.
    pub(crate) skipped: Vec<Skipped>,
    /// Whether the target is looked up again.
    pub(crate) resolve_again: Option<ResolveAgain>,
    pub(crate) config: Config,
    pub(crate) wire: WirePlan,
    /// What its socket is asked for.
    pub(crate) options: Options,
    /// How long before a probe's time the loop stops sleeping.
    pub(crate) spin: Duration,
    /// When the run ends, counted from its first probe: a name's address is known by then.
    pub(crate) deadline: Option<Duration>,
    /// After how many replies it ends.
    pub(crate) until: Option<NonZeroU64>,
    /// How often its figures so far are said.
    pub(crate) every: Option<Duration>,
    /// How long the host is waited for before it begins, at the most.
    pub(crate) wait: Option<Duration>,
    /// How long the host was waited for, and whether it came up.
    pub(crate) waited: Option<(Duration, bool)>,
    pub(crate) style: Style,
    pub(crate) outstanding: bool,
    /// Late replies are waited for at the end even if no reply came.
    pub(crate) lingers: bool,
    /// Journal lines take standard output, so the report is not written.
    pub(crate) silent: bool,
    pub(crate) numeric: bool,
    pub(crate) redact: bool,
    /// Conditions on its figures that end it with an exit status of their own.
    pub(crate) fail: Vec<FailCondition>,
    /// The terminal shows the run in place of its lines: in colour, if so wished.
    pub(crate) view: Option<bool>,
}

impl PingPlan {
    /// What to try where a broadcast address cannot be sent to, unless that was tried.
    fn broadcast_advice(&self) -> Option<Message> {
        (!self.options.broadcast).then_some(say::PING_BROADCAST)
    }
}

pub(crate) fn run(args: &PingArgs) -> anyhow::Result<ExitStatus> {
    let target = args.target.clone().context(say::PING_NO_HOST)?;
    let to_stdout = args.record.to_stdout();
    let family = args.family.family();
    anyhow::ensure!(!(args.tui && to_stdout), say::TUI_NO_STDOUT);
    let signals = Signals::install().context(say::NO_SIGNALS)?;
    let end = RunEnd::new(&signals, args.deadline);
    let options = args.socket.options(
        args.session.flood,
        !(args.record.quiet || args.tui || args.session.flood || to_stdout),
    )?;
    let (port, interface) = (args.wire.default_port(), options.interface_name());
    let Resolved { server, others } = resolve(&target, port, family, interface, &end)
        .map_err(|error| unknown_host(error, &target.host))?
        .reached_from(options.family());
    anyhow::ensure!(
        args.resolve_again.is_none() || target.host.parse::<Address>().is_err(),
        say::NoNameToResolve {
            host: target.host.clone()
        }
    );
    for (flag, with) in without_effect(args) {
        warn(&say::NoEffect { flag, with });
    }
    if args.outstanding && one_at_a_time(args) {
        warn(&say::NO_EFFECT_OUTSTANDING);
    }
    let wire = WirePlan::asked(args)?;
    let plan = PingPlan {
        server,
        others: others.into(),
        skipped: Vec::new(),
        resolve_again: args.resolve_again.map(|every| ResolveAgain {
            every,
            port,
            family,
        }),
        target,
        config: wire.suited(config(args)?)?,
        wire,
        options,
        spin: args.spin.unwrap_or_default(),
        deadline: end.left(),
        until: args.until,
        every: args.every,
        wait: args.wait,
        waited: None,
        style: Style {
            quiet: args.record.quiet || args.tui,
            terse: args.session.flood,
            dated: args.dated,
            verbose: args.verbose,
        },
        outstanding: args.outstanding,
        lingers: args.tui || args.view || args.record.is_on() || args.session.linger.is_some(),
        silent: to_stdout,
        numeric: args.numeric,
        redact: args.record.redact,
        fail: args.fail.fail.clone(),
        view: args.tui.then(|| colour(args.color)),
    };
    // What a replay could not hold is not measured either.
    plan.config
        .check_table(MAX_TABLE_ENTRIES)
        .context(say::PING_NOT_MEASURABLE)?;
    let mut sinks = args.record.sinks(&end)?;
    let lab = args
        .view
        .then(|| LiveLab::open(&args.record, &mut sinks, args.no_open))
        .transpose()?;
    let status = ping(plan, sinks, &signals, &end)?;
    if let Some(lab) = lab {
        lab.stay(&signals);
    }
    Ok(status)
}

/// The flags that are given, as in ping, and have no effect with another that is.
fn without_effect(args: &PingArgs) -> Vec<(&'static str, &'static str)> {
    let with = match (args.record.to_stdout(), args.record.quiet) {
        (true, _) => "--json",
        (_, true) => "-q",
        _ => return Vec::new(),
    };
    let given = [
        ("-v", args.verbose),
        ("-D", args.dated),
        ("-O", args.outstanding),
    ];
    let given = given.into_iter().filter(|(_, given)| *given);
    given.map(|(flag, _)| (flag, with)).collect()
}

/// Whether no probe goes out before the one before it is settled.
fn one_at_a_time(args: &PingArgs) -> bool {
    let session = &args.session;
    session.interval.is_none() && !session.flood && session.window.is_none_or(|size| size == 1)
}

/// How often a watched run probes if nobody says.
const WATCHED: Duration = Duration::from_millis(200);

/// The session that was asked for. One that is watched neither ends nor hurries, unless
/// it is asked to.
fn config(args: &PingArgs) -> anyhow::Result<Config> {
    let mut config = args.session.config().context(say::PING_NOT_MEASURABLE)?;
    if args.until.is_some() && args.session.count.is_none() {
        config = config.to_builder().count(None).build()?;
    }
    if !args.tui {
        return Ok(config);
    }
    let schedule = match config.schedule() {
        Schedule::StopAndWait { .. }
            if !(args.session.adaptive || args.session.window.is_some()) =>
        {
            Schedule::Paced { interval: WATCHED }
        }
        asked => asked,
    };
    let count = config.count().filter(|_| args.session.count.is_some());
    Ok(config
        .to_builder()
        .schedule(schedule)
        .count(count)
        .build()?)
}

/// Whether colours are wanted, and there.
pub(crate) fn colour(wanted: ColorArg) -> bool {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    wanted == ColorArg::Auto
        && set("NO_COLOR").is_none()
        && set("TERM").is_none_or(|terminal| terminal != "dumb")
}

/// Slots of the table: at least 2¹⁷, so that late replies are recognised at high
/// rates where replies set the pace: some 6 MB.
const SLOTS: u64 = 1 << 17;

/// Runs a session to its end: with the first address of its target that can be connected to
/// and whose host does not refuse the first probe. After silence no other is tried.
pub(crate) fn ping(
    mut plan: PingPlan,
    sinks: Vec<Sink>,
    signals: &Signals,
    end: &RunEnd,
) -> anyhow::Result<ExitStatus> {
    let mut outlet = Outlet::held(plan.silent, plan.style.quiet, sinks, end)?;
    wait::until_up(&mut plan, &mut outlet, signals, end)?;
    let is_up = plan.waited.is_none_or(|(_, is_up)| is_up);
    loop {
        plan.deadline = if is_up {
            end.left()
        } else {
            Some(Duration::ZERO)
        };
        let server = plan.server;
        let mut socket = ClientSocket::open(server, &plan.options)?;
        let broadcast = plan.broadcast_advice();
        let failed = match connect_with_advice(server, broadcast, |it| socket.connect(it)) {
            Ok(()) => {
                socket.listen_elsewhere();
                match session(&plan, socket, outlet, signals)? {
                    Attempt::Ended(status) => return Ok(status),
                    Attempt::Refused(held) => {
                        outlet = held;
                        None
                    }
                }
            }
            Err(error) => Some(error),
        };
        let Some(next) = plan.others.pop_front() else {
            return failed.map_or(Ok(ExitStatus::Failure), Err);
        };
        let skipped = if let Some(error) = failed {
            let skipped = Skipped {
                address: server.ip(),
                why: crate::i18n::chain(&error),
                next: next.ip(),
            };
            outlet.always(skipped.failed());
            skipped
        } else {
            outlet.always(say::PingRefusedTrying {
                server: server.ip(),
                next: next.ip(),
            });
            Skipped::refused(server.ip(), next.ip())
        };
        plan.skipped.push(skipped);
        plan.server = next;
    }
}

/// What a session with one address of a target came to.
enum Attempt {
    Ended(ExitStatus),
    /// Its first probe was refused, and there is another address.
    Refused(Outlet),
}

/// Runs a session with the server that `socket` is connected to.
fn session(
    plan: &PingPlan,
    socket: ClientSocket,
    outlet: Outlet,
    signals: &Signals,
) -> anyhow::Result<Attempt> {
    let slots = table_size(&plan.config);
    let table = vec![Entry::EMPTY; usize::try_from(slots)?];
    let clock = Clock::start();
    let start = clock.wall_at(ReflectorTime::ZERO);
    let wire = plan.wire.open(start)?;
    let wall = wire.wall();
    let timestamps = crate::timestamps(start)?;
    let config = plan.config.to_builder().timestamps(timestamps).build()?;
    let session = Recorder::new(config, ClientTime::ZERO, table)
        .context(say::PING_NOT_MEASURABLE)?
        .with_wall(wall)
        .with_windows();
    let session = match plan.every {
        Some(_) => session.with_intervals(),
        None => session,
    };

    let outputs = Outputs::open(plan, header(plan, &config, &wire, slots), outlet);
    let transport = Transport::new(plan, socket, wire, clock);
    let mut run = PingRun::new(plan, session, transport, outputs);
    run.record_skipped();
    run.outputs.start_view(plan, wall, signals)?;
    run.say_waited();
    let ended = run.measure(signals);
    if run.refused_at_first {
        return Ok(Attempt::Refused(run.outputs.into_outlet()));
    }
    let RunResult {
        summary,
        complete,
        condition_met,
    } = run.finish(ended)?;

    let by_deadline = plan
        .deadline
        .is_some_and(|deadline| ended.as_nanos() >= saturating_nanos(deadline));
    let fewer = |than: Option<NonZeroU64>| than.is_some_and(|than| summary.replied < than.get());
    let short = by_deadline && fewer(plan.config.count()) || fewer(plan.until);
    Ok(Attempt::Ended(
        if !complete || (summary.sent == 0 && summary.unsent > 0) {
            ExitStatus::Error
        } else if condition_met {
            ExitStatus::ConditionMet
        } else if summary.replied == 0 || short {
            ExitStatus::Failure
        } else {
            ExitStatus::Success
        },
    ))
}

fn table_size(config: &Config) -> u64 {
    let wanted = config.entries_needed().max(SLOTS);
    let few = config
        .count()
        .map_or(wanted, |count| count.get().saturating_mul(2));
    config.entries_needed().max(wanted.min(few))
}

/// What the terminal view begins with.
fn tui_model(plan: &PingPlan, wall: Option<WallTime>) -> TuiModel {
    let interval = match plan.config.schedule() {
        Schedule::Paced { interval } => interval,
        _ => Duration::ZERO,
    };
    let server = plan.server.ip();
    TuiModel::new(heading(plan), server, plan.config.timeout(), interval).with_wall(wall)
}

fn heading(plan: &PingPlan) -> String {
    let probes = plan.wire.describe();
    let name = if plan.numeric {
        plan.server.ip().to_string()
    } else {
        plan.target.name()
    };
    let pace = match plan.config.schedule() {
        Schedule::StopAndWait { .. } => say::PACE_STOP_AND_WAIT.to_string(),
        Schedule::Paced { interval } => {
            let interval = duration(interval);
            say::PacePaced { interval }.to_string()
        }
        Schedule::Window { size } => say::PaceWindow { size }.to_string(),
        Schedule::OnDemand => say::PACE_ON_DEMAND.to_string(),
    };
    say::PingHeading {
        name,
        server: plan.server,
        probes,
        pace,
        timeout: duration(plan.config.timeout()),
    }
    .to_string()
}

fn header(plan: &PingPlan, config: &Config, wire: &Wire, slots: u64) -> Header {
    let subject = Subject::of(Some(&plan.target.host), plan.server, plan.redact);
    let mut header = journal::header(Kind::Ping, config, slots, subject.as_ref());
    wire::fill_in(&mut header, &plan.wire, wire);
    header
}
