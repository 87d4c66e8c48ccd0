//! `udping serve`: the reflector on a real socket, with whatever impairments were asked for.
//!
//! Owns the order in which it is set up and confined, and its threads. What one of them
//! does is `service`'s.

mod counts;
mod described;
mod drops;
mod heartbeat;
mod held_packet;
mod listen;
#[cfg_attr(not(target_os = "linux"), path = "serve/metrics_absent.rs")]
mod metrics;
mod record;
mod script;
mod service;
mod tcp;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Context as _;
use udping_core::guard::{Allowed, DisabledRules, DropReason, Policy, RateLimit};
use udping_core::time::ReflectorTime;

use crate::ExitStatus;
use crate::charset::TextWriter;
use crate::cli::{RateLimitArg, ServeArgs};
use crate::confine::{self, Sandbox, Task};
use crate::i18n::say;
use crate::inform;
use crate::net::ServerSocket;
use crate::outlet::Outlet;
use crate::path;
use crate::path_impairments::PathImpairments;
use crate::reflector::AnyReflector;
use crate::report;
use crate::run_end::RunEnd;
use crate::sd_notify::ServiceManager;
use crate::signals::Signals;
use crate::stdio::Stdout;
use crate::wire;
use listen::open;
use record::ServeRecorder;

pub(crate) use counts::ServiceCounts;
#[cfg(all(test, target_os = "linux"))]
pub(crate) use metrics::FAMILIES;
pub(crate) use service::Service;

/// Requests a second where nothing else is said and the address is not loopback:
/// from one source, and from all together.
const DEFAULT_RATE: NonZeroU32 = NonZeroU32::new(1_000).unwrap();
const DEFAULT_TOTAL: NonZeroU32 = NonZeroU32::new(20_000).unwrap();

/// Says where it listens, first of all, for whoever waits for that.
fn announce(address: SocketAddr) -> anyhow::Result<()> {
    let mut out = TextWriter(io::stdout().lock());
    writeln!(out, "{}", say::ServeListening { address })
        .and_then(|()| out.flush())
        .context(say::STDOUT_FAILED)
}

pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<ExitStatus> {
    let signals = Signals::install().context(say::NO_SIGNALS)?;
    let manager = ServiceManager::from_env(usize::from(args.threads.get()));
    if args.heartbeat {
        return heartbeat::run(args, &signals, &manager);
    }
    anyhow::ensure!(!args.record.redact, say::SERVE_REDACT);
    let impairments = args.impairments.real_path()?;
    let place = args.bind.address(args.wire.default_port())?;
    let threads = usize::from(args.threads.get());
    check(args, threads, &impairments)?;
    let script = args.script.read()?;
    if args.record.is_on() {
        script::fits_a_header(&script)?;
    }
    let end = RunEnd::new(&signals, None);
    let out = (!args.record.to_stdout()).then(|| Stdout::new(end.clone()));
    let log = out.clone().filter(|_| args.verbose);
    let (mut sockets, mut tcp) = open(args, place, threads, impairments, log.as_ref())?;
    let address = sockets[0].address()?;
    let policy = policy(args, address)?;
    if args.record.is_on() {
        sockets.iter_mut().for_each(ServerSocket::report_timestamps);
    }
    let answers = described::answers(args, address)?;
    let reflector = || match &answers {
        Some((_, answers)) => AnyReflector::described(answers.clone(), &policy),
        None => wire::reflector(args, &policy),
    };
    let mut services = sockets
        .into_iter()
        .enumerate()
        .map(|(thread, socket)| {
            let manager = manager.clone();
            let mut service = Service::new(socket, reflector()?, impairments)?;
            service.pulse = Some(Box::new(move || manager.alive(thread)));
            Ok(service.with_script(script.clone()))
        })
        .collect::<anyhow::Result<Vec<Service>>>()?;
    let metrics = metrics::listen(&args.metrics)?;
    // Files are opened as whoever started this, and written to as nobody.
    let sinks = args.record.sinks(&end)?;
    confine::give_up_privileges(&args.confine)?;
    #[cfg(target_os = "linux")]
    args.record.can_split()?;

    if args.record.to_stdout() {
        inform(&say::ServeListening { address });
    } else {
        announce(address)?;
    }
    describe(args, &policy, &impairments);
    let clock = *services.first().context(say::SERVE_NO_THREAD)?.clock();
    let mut record = None;
    if args.record.is_on() {
        let wall = clock.wall_at(ReflectorTime::ZERO);
        let header = record::header(args, address, &policy, &impairments, &script, wall);
        let header = match answers {
            Some((description, _)) => header.on_described(description),
            None => header,
        };
        let outlet = Outlet::start(&args.record, header, sinks, &end)?;
        record = Some(Mutex::new(ServeRecorder::new(outlet)));
    }
    if let Some(tcp) = &mut tcp {
        tcp.set_clock(clock);
    }
    let metrics = metrics::start(metrics, services.iter_mut().map(Service::publish))?;
    let sandbox = Sandbox::prepare(&args.confine, Task::Answer);
    let counts = thread::scope(|scope| {
        if let Some(tcp) = &tcp {
            scope.spawn(|| {
                Sandbox::prepare(&args.confine, Task::Accept).enter(true);
                tcp.run(record.as_ref());
            });
        }
        manager.ready();
        let counts = serve_all(services, &signals, &sandbox, log.as_ref(), record.as_ref());
        tcp.iter().for_each(tcp::TcpServer::end);
        counts
    })?;
    manager.stopping();
    metrics::check(&metrics);
    let said = out.map_or(Ok(()), |mut out| {
        out.line(counts)?;
        tcp.as_ref().map_or(Ok(()), |tcp| out.line(tcp))
    });
    let now = clock.reflector_time();
    let status = record.map_or(ExitStatus::Success, |record| {
        let record = record.into_inner();
        let record = record.unwrap_or_else(PoisonError::into_inner);
        record.finish(now, counts.rx_dropped.0)
    });
    said.context(say::STDOUT_FAILED)?;
    Ok(status)
}

/// Whatever a thread that broke off held is still whole: each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// # Errors
/// What is asked for does not go together.
fn check(args: &ServeArgs, threads: usize, impairments: &PathImpairments) -> anyhow::Result<()> {
    anyhow::ensure!(!args.record.redact, say::SERVE_REDACT);
    anyhow::ensure!(
        threads == 1 || !impairments.any() && args.script.file.is_none(),
        say::SERVE_THREADS_IMPAIRMENTS
    );
    anyhow::ensure!(
        threads == 1 || !args.record.is_on(),
        say::SERVE_THREADS_JOURNAL
    );
    Ok(())
}

/// Says what there is besides plain answering.
fn describe(args: &ServeArgs, policy: &Policy, impairments: &PathImpairments) {
    let off = |rule| policy.disabled.contains(rule);
    if let Some(limit) = policy.per_source.filter(|_| !off(DropReason::RateLimit)) {
        let n = u64::from(limit.per_second.get());
        let total = policy.total.filter(|_| !off(DropReason::TotalLimit));
        // What is beyond it takes its chance within the total, if there is one.
        match total {
            Some(_) => inform(&say::ServeLimitLeaks { n }),
            None => inform(&say::ServeLimit { n }),
        }
    }
    if impairments.any() {
        inform(&say::ServeImpairments {
            request: report::impairments(&impairments.request),
            reply: report::impairments(&impairments.reply),
            seed: impairments.seed,
        });
    }
    args.script.announce();
    if args.tcp {
        inform(&if impairments.any() {
            say::SERVE_TCP_IMPAIRMENTS
        } else {
            say::SERVE_TCP
        });
    }
}

/// Runs each service in a thread of its own and in `sandbox`, until it is to stop or one
/// of them fails. The first is put on `record`, if there is one.
fn serve_all(
    mut services: Vec<Service>,
    signals: &Signals,
    sandbox: &Sandbox,
    log: Option<&Stdout>,
    record: Option<&Mutex<ServeRecorder>>,
) -> anyhow::Result<ServiceCounts> {
    let run = |service: &mut Service,
               signals: &Signals,
               first: bool,
               record: Option<&Mutex<ServeRecorder>>| {
        sandbox.enter(first);
        let mut log = log.cloned();
        let log = &mut |line: std::fmt::Arguments<'_>| match &mut log {
            Some(log) => log.line(line).map_err(|error| {
                // A socket can fail there, too, so it says which of them did.
                let kind = error.kind();
                io::Error::new(kind, say::StdoutFailedWith { error }.to_string())
            }),
            None => Ok(()),
        };
        let done = service.run(signals, log, record);
        signals.stop();
        done.map(|()| service.counts())
    };
    let (first, others) = services.split_first_mut().context(say::SERVE_NO_THREAD)?;
    let theirs = others
        .iter()
        .map(|_| signals.another())
        .collect::<io::Result<Vec<Signals>>>()
        .context(say::NO_SIGNALS)?;
    thread::scope(|scope| {
        let mut running = Vec::new();
        for (service, signals) in others.iter_mut().zip(theirs) {
            running.push(scope.spawn(move || run(service, &signals, false, None)));
        }
        let mut counts = run(first, signals, true, record)?;
        for thread in running {
            let done = thread.join();
            counts += done.map_err(|_| anyhow::anyhow!(say::SERVE_THREAD_BROKE))??;
        }
        Ok(counts)
    })
}

/// Whom to answer, and how often.
fn policy(args: &ServeArgs, address: SocketAddr) -> anyhow::Result<Policy> {
    anyhow::ensure!(
        args.no_guard.is_empty() || address.ip().is_loopback() || path::is_here(),
        say::SERVE_NO_GUARD_ELSEWHERE
    );
    let limit = |arg: Option<RateLimitArg>, default: NonZeroU32| {
        let rate = match arg {
            Some(RateLimitArg::Off) => None,
            Some(RateLimitArg::PerSecond(rate)) => Some(rate),
            None => (!address.ip().is_loopback()).then_some(default),
        };
        rate.map(|rate| RateLimit {
            per_second: rate,
            burst: rate,
        })
    };
    Ok(Policy {
        own_port: address.port(),
        allowed: allowed(args)?,
        per_source: limit(args.rate_limit, DEFAULT_RATE),
        total: limit(args.total_limit, DEFAULT_TOTAL),
        disabled: args
            .no_guard
            .iter()
            .fold(DisabledRules::NONE, |rules, rule| {
                rules.with((*rule).into())
            }),
    })
}

/// The networks that may send.
fn allowed(args: &ServeArgs) -> anyhow::Result<Allowed> {
    let mut allowed = Allowed::EVERYBODY;
    for network in &args.allow {
        anyhow::ensure!(
            allowed.add(*network),
            say::ServeTooManyNetworks {
                most: Allowed::MOST
            }
        );
    }
    Ok(allowed)
}
