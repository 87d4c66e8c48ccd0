//! `udping demo`: the whole of it on this machine, with nothing else to start.
//!
//! Owns the network that it has, and which commands it names next. What it measures is a ping like
//! any other.

use std::collections::VecDeque;
use std::fmt::Display;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::Config;
use udping_core::guard::Policy;
use udping_core::reflector::ReplyMode;
use udping_link::{Impairments, Jitter, Loss, Rate, Seed};

use crate::ExitStatus;
use crate::cli::{DEMO_JOURNAL, DemoArgs};
use crate::i18n::{chain, say};
use crate::journal::{Existing, Output, Sink};
use crate::net::{KERNEL_TIMESTAMPS, Options, ServerSocket, Target};
use crate::path_impairments::PathImpairments;
use crate::ping::{PingPlan, ping};
use crate::reflector::AnyReflector;
use crate::report::Style;
use crate::run_end::RunEnd;
use crate::serve::Service;
use crate::signals::Signals;
use crate::stdio::Stdout;
use crate::warn;
use crate::wire::WirePlan;

/// A seed whose ten probes meet losses, now and then, as in the textbook.
const SEED: u64 = 12;

pub(crate) fn run(args: &DemoArgs) -> anyhow::Result<ExitStatus> {
    let journal = args.journal.as_deref();
    anyhow::ensure!(journal != Some(Path::new("-")), say::DEMO_STDOUT);
    // First of all, so that a folder that cannot be written to is no late surprise.
    let path = journal.unwrap_or(Path::new(DEMO_JOURNAL));
    // The file that it names itself is its own to replace.
    let existing = if path == Path::new(DEMO_JOURNAL) {
        Existing::Overwrite
    } else {
        Existing::Refuse
    };
    let file = Output::file(path, existing, None);
    let sink = match (file, journal) {
        (Ok(file), _) => Some(Sink::file(path, file)),
        (Err(error), Some(_)) => return Err(error),
        (Err(error), None) => {
            warn(&say::DemoNoJournal {
                error: chain(&error),
            });
            None
        }
    };
    let signals = Signals::install().context(say::NO_SIGNALS)?;
    let end = RunEnd::new(&signals, None);
    let ending = Signals::detached();
    let socket = ServerSocket::bind(SocketAddr::new(IpAddr::from([127, 0, 0, 1]), 0))
        .context(say::DEMO_NO_SOCKET)?;
    let server = socket.address()?;
    let way = Impairments {
        loss: Loss::Independent(Rate::from_ppm(150_000)?),
        delay: Duration::from_millis(20),
        jitter: Jitter::Exponential {
            mean: Duration::from_millis(15),
        },
        ..Impairments::default()
    };
    let impairments = PathImpairments {
        seed: Seed::new(SEED)?,
        request: way,
        reply: way,
    };
    let reflector = AnyReflector::text(ReplyMode::Upper, &Policy::open(server.port()))?;
    let mut service = Service::new(socket, reflector, impairments)?;

    print(&end, &format_args!("{}\n", say::DemoOpening { server }))?;
    let target = Target {
        host: "127.0.0.1".to_owned(),
        port: Some(server.port()),
    };
    let plan = PingPlan {
        target,
        server,
        others: VecDeque::new(),
        skipped: Vec::new(),
        resolve_again: None,
        config: Config::default(),
        wire: WirePlan::Textbook(0.into()),
        options: Options {
            reply_ttl: true,
            kernel_timestamps: KERNEL_TIMESTAMPS,
            ..Options::default()
        },
        spin: Duration::ZERO,
        deadline: None,
        until: None,
        every: None,
        wait: None,
        waited: None,
        style: Style::default(),
        outstanding: false,
        lingers: true,
        silent: false,
        numeric: false,
        redact: false,
        fail: Vec::new(),
        view: None,
    };
    let records = sink.is_some();
    let status = thread::scope(|scope| {
        let reflector = scope.spawn(|| service.run(&ending, &mut |_| Ok(()), None));
        let status = ping(plan, sink.into_iter().collect(), &signals, &end);
        ending.stop();
        let reflected = reflector
            .join()
            .map_err(|_| anyhow::anyhow!(say::DEMO_SERVER_BROKE))?;
        reflected.and(status)
    })?;

    if status != ExitStatus::Error && records {
        let journal = path.display();
        print(&end, &format_args!("\n{}", say::DemoClosing { journal }))?;
    }
    Ok(status)
}

/// Prints a line. That nobody reads any more is no reason not to write the journal.
fn print(end: &RunEnd, text: &impl Display) -> io::Result<()> {
    match Stdout::new(end.clone()).line(text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}
