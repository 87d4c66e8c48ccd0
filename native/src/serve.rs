//! `udping serve`: the reflector on a real socket, with whatever trouble was asked for.
//!
//! Owns the order in which it is set up and confined, and its threads. What one of them
//! does is `service`'s.

mod confine;
mod listen;
mod queue;
mod refusals;
mod service;
mod tally;
mod tcp;
mod watch;
mod wire;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::thread;

use anyhow::Context as _;
use udping_core::guard::{Allowed, Policy, RateLimit};

use crate::Verdict;
use crate::cli::{RateLimitArg, ServeArgs, WireArg};
use crate::i18n::say;
use crate::report::conditions;
use crate::signals::Signals;
use crate::warn;
use confine::{Sandbox, Task};
use listen::open;
use tally::Tally;

pub(crate) use service::{Service, Trouble};
pub(crate) use wire::Reflecting;

/// Requests a second where nothing else is said and the address is not loopback:
/// from one source, and from all together.
const DEFAULT_RATE: NonZeroU32 = NonZeroU32::new(1_000).unwrap();
const DEFAULT_TOTAL: NonZeroU32 = NonZeroU32::new(20_000).unwrap();

/// Says where it listens, first of all, for whoever waits for that.
fn announce(address: SocketAddr) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", say::ServeListening { address })
        .and_then(|()| out.flush())
        .context(say::STDOUT_FAILED)
}

pub(crate) fn run(args: &ServeArgs) -> anyhow::Result<Verdict> {
    let signals = Signals::install().context(say::NO_SIGNALS)?;
    if args.heartbeat {
        return watch::run(args, &signals);
    }
    anyhow::ensure!(!args.record.is_used(), say::SERVE_NEEDS_HEARTBEAT);
    let [request, reply] = args.conditions.both()?;
    let trouble = Trouble {
        seed: args.conditions.seed()?,
        request,
        reply,
    };
    let place = args.bind.address(args.wire.default_port());
    let threads = usize::from(args.threads.get());
    anyhow::ensure!(
        threads == 1 || !trouble.any(),
        say::SERVE_THREADS_CONDITIONS
    );
    let (sockets, tcp) = open(args, place, threads, trouble)?;
    let address = sockets[0].address()?;
    let policy = policy(args, address)?;
    let services = sockets
        .into_iter()
        .map(|socket| Service::new(socket, reflecting(args, &policy)?, trouble))
        .collect::<anyhow::Result<Vec<Service>>>()?;
    confine::give_up_privileges(&args.confine)?;

    announce(address)?;
    if let Some(limit) = policy.per_source {
        let n = u64::from(limit.per_second.get());
        warn(&say::ServeLimit { n });
    }
    if trouble.any() {
        warn(&say::ServeConditions {
            request: conditions(&trouble.request),
            reply: conditions(&trouble.reply),
            seed: trouble.seed,
        });
    }
    if tcp.is_some() {
        warn(&if trouble.any() {
            say::SERVE_TCP_CONDITIONS
        } else {
            say::SERVE_TCP
        });
    }
    let sandbox = Sandbox::prepare(&args.confine, Task::Answer);
    let tally = thread::scope(|scope| {
        if let Some(tcp) = &tcp {
            scope.spawn(|| {
                Sandbox::prepare(&args.confine, Task::Accept).enter(true);
                tcp.run();
            });
        }
        let tally = serve_all(services, &signals, &sandbox, args.verbose);
        if let Some(tcp) = &tcp {
            tcp.end();
        }
        tally
    })?;
    writeln!(io::stdout(), "{tally}")?;
    if let Some(tcp) = &tcp {
        writeln!(io::stdout(), "{tcp}")?;
    }
    Ok(Verdict::Good)
}

/// Runs each service in a thread of its own and in `sandbox`, until told to stop or one
/// of them fails.
fn serve_all(
    mut services: Vec<Service>,
    signals: &Signals,
    sandbox: &Sandbox,
    verbose: bool,
) -> anyhow::Result<Tally> {
    let run = |service: &mut Service, signals: &Signals, first: bool| {
        sandbox.enter(first);
        let done = service.run(signals, &mut |line| {
            if verbose {
                writeln!(io::stdout(), "{line}")
            } else {
                Ok(())
            }
        });
        signals.stop();
        done.map(|()| service.tally())
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
            running.push(scope.spawn(move || run(service, &signals, false)));
        }
        let mut tally = run(first, signals, true)?;
        for thread in running {
            let done = thread.join();
            tally += done.map_err(|_| anyhow::anyhow!(say::SERVE_THREAD_BROKE))??;
        }
        Ok(tally)
    })
}

/// Whom to answer, and how often.
fn policy(args: &ServeArgs, address: SocketAddr) -> anyhow::Result<Policy> {
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

/// The reflector that was asked for.
fn reflecting(args: &ServeArgs, policy: &Policy) -> anyhow::Result<Reflecting> {
    match args.wire {
        WireArg::Text => {
            anyhow::ensure!(!args.stamp.is_used(), say::NEEDS_STAMP);
            Reflecting::text(args.reply.into(), policy)
        }
        WireArg::Stamp => Reflecting::stamp(args.stamp.terms()?, args.stamp.stateful, policy),
    }
}
