//! Pinging: the core's run loop over a real socket.
//!
//! Owns the order of clock, socket and core in the measuring loop, and what the
//! user is told about it. Every decision is the core's.

mod stamps;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::event::{Outcome, Output};
use udping_core::journal::{Header, Kind, Record, StopReason, SummaryRecord, WireName};
use udping_core::schedule::{Config, Schedule};
use udping_core::session::Session;
use udping_core::stats::Summary;
use udping_core::table::Slot;
use udping_core::time::{ClientTime, nanos};
use udping_core::wire::{Probe, text};

use crate::Verdict;
use crate::cli::{PingArgs, Target};
use crate::clock::{self, Clock};
use crate::journal::{Journal, Sink};
use crate::net::{
    ATTENTION, Arrival, ClientSocket, Family, Options, RECEIVE_BUFFER, is_unreachable, resolve,
};
use crate::report::{Report, Style, progress};
use crate::signals::Signals;
use stamps::{Interval, Pairs};

/// What a session over a socket is made of.
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are what they are"
)]
pub(crate) struct Plan {
    pub(crate) target: Target,
    pub(crate) server: SocketAddr,
    pub(crate) config: Config,
    /// Bytes a probe is padded to; 0 for none.
    pub(crate) padding: usize,
    /// What its socket is asked for.
    pub(crate) options: Options,
    pub(crate) deadline: Option<Duration>,
    pub(crate) style: Style,
    pub(crate) outstanding: bool,
    /// Journal lines take standard output, so the report is not written.
    pub(crate) silent: bool,
    pub(crate) numeric: bool,
    pub(crate) redact: bool,
}

pub(crate) fn run(args: &PingArgs) -> anyhow::Result<Verdict> {
    let target = args.target.clone().context("a host is missing")?;
    let family = match (args.ipv4, args.ipv6) {
        (true, _) => Family::V4,
        (_, true) => Family::V6,
        _ => Family::Any,
    };
    let plan = Plan {
        server: resolve(&target, family)?,
        target,
        config: args.session.config(crate::random()?),
        padding: args.session.padding()?,
        options: Options {
            ttl: args.ttl,
            reply_ttl: !(args.quiet || args.session.flood || args.json),
            kernel_stamps: args.kernel_stamps()?,
        },
        deadline: args.deadline,
        style: Style {
            quiet: args.quiet,
            terse: args.session.flood,
            dated: args.dated,
            verbose: args.verbose,
        },
        outstanding: args.outstanding,
        silent: args.json,
        numeric: args.numeric,
        redact: args.redact,
    };
    plan.config
        .check(u64::MAX)
        .context("this cannot be measured")?;
    let mut sinks = Vec::new();
    if let Some(path) = &args.journal {
        sinks.push(Sink::file(path)?);
    }
    if args.json {
        sinks.push(Sink::standard_output(args.quiet));
    }
    let signals = Signals::install().context("cannot take over signals")?;
    ping(&plan, sinks, &signals)
}

/// Slots of the table: at least 2¹⁷, so that late replies are recognised at high
/// rates where replies set the pace. Untouched ones cost no memory.
const SLOTS: u64 = 1 << 17;

/// Runs a session to its end.
pub(crate) fn ping(plan: &Plan, sinks: Vec<Sink>, signals: &Signals) -> anyhow::Result<Verdict> {
    let socket = ClientSocket::connect(plan.server, &plan.options).with_context(|| {
        format!(
            "cannot reach {}: check the network and the address",
            plan.server
        )
    })?;
    let slots = table_size(&plan.config);
    let table = vec![Slot::EMPTY; usize::try_from(slots)?];
    let mut session =
        Session::new(plan.config, ClientTime::ZERO, table).context("this cannot be measured")?;

    let out: Box<dyn Write> = if plan.silent {
        Box::new(io::sink())
    } else {
        Box::new(io::stdout())
    };
    let mut report = Report::new(
        out,
        plan.style.clone(),
        plan.server.to_string(),
        plan.server.ip().to_string(),
        plan.config.timeout,
    );
    report.heading(&heading(plan))?;
    let journal = if sinks.is_empty() {
        None
    } else {
        Some(Journal::start(&header(plan, slots), sinks)?)
    };

    let clock = Clock::start();
    let pairs = socket
        .stamps()
        .then(|| Pairs::new(plan.config.slots_needed()));
    if pairs.is_none() {
        report.note(if plan.options.kernel_stamps {
            "times are this program's own: the kernel gives no stamps here"
        } else {
            "times are this program's own"
        });
    }
    let mut run = Run {
        plan,
        pairs,
        socket,
        clock,
        report,
        journal,
        trouble: Vec::new(),
        refused_to_send: None,
        closed: false,
    };
    let ended = run.measure(&mut session, signals);
    let summary = session.stats().summary();
    run.finish(&summary, ended)?;

    let by_deadline = plan
        .deadline
        .is_some_and(|deadline| run.clock.elapsed() >= deadline);
    let short = by_deadline
        && plan
            .config
            .count
            .is_some_and(|count| summary.replied < count.get());
    Ok(
        if !run.trouble.is_empty() || (summary.sent == 0 && summary.unsent > 0) {
            Verdict::Failed
        } else if summary.replied == 0 || short {
            Verdict::Bad
        } else {
            Verdict::Good
        },
    )
}

fn table_size(config: &Config) -> u64 {
    let wanted = config.slots_needed().max(SLOTS);
    let few = config
        .count
        .map_or(wanted, |count| count.get().saturating_mul(2));
    config.slots_needed().max(wanted.min(few))
}

fn heading(plan: &Plan) -> String {
    let size = match plan.padding {
        0 => "text probes".to_owned(),
        size => format!("probes of {size} bytes"),
    };
    let name = if plan.numeric {
        plan.server.ip().to_string()
    } else {
        plan.target.host.clone()
    };
    let beat = match plan.config.schedule {
        Schedule::StopAndWait { .. } => "one at a time".to_owned(),
        Schedule::Paced { interval } => format!("every {interval:?}"),
        Schedule::Window { size } => format!("up to {size} in flight"),
        Schedule::OnDemand => "on demand".to_owned(),
    };
    format!(
        "UDPING {name} ({}): {size}, {beat}, timeout {:?}",
        plan.server, plan.config.timeout
    )
}

fn header(plan: &Plan, slots: u64) -> Header {
    let tool = concat!("udping ", env!("CARGO_PKG_VERSION")).to_owned();
    let target = format!("{} ({})", plan.target, plan.server);
    Header {
        target: (!plan.redact).then_some(target),
        size: u64::try_from(plan.padding).ok().filter(|size| *size > 0),
        clock: Some("monotonic".to_owned()),
        wall_start: Some(humantime::format_rfc3339_millis(clock::wall()).to_string()),
        ..Header::new(Kind::Ping, tool, WireName::Text, &plan.config, slots)
    }
}

/// A session while it runs.
struct Run<'a> {
    plan: &'a Plan,
    socket: ClientSocket,
    /// The kernel's stamps, where it gives them.
    pairs: Option<Pairs>,
    clock: Clock,
    report: Report<Box<dyn Write>>,
    journal: Option<Journal>,
    /// What went wrong with the journal, already said once.
    trouble: Vec<String>,
    /// The last error of sending.
    refused_to_send: Option<io::Error>,
    /// Nobody reads standard output any more.
    closed: bool,
}

impl Run<'_> {
    /// The loop. Returns the time at which it ended.
    fn measure(&mut self, session: &mut Session<Vec<Slot>>, signals: &Signals) -> ClientTime {
        let mut request = vec![0; self.plan.padding.max(text::LONGEST_REQUEST)];
        let mut buffer = vec![0; RECEIVE_BUFFER];
        loop {
            let now = self.clock.client_time();
            self.attend(session, now, signals);
            let (output, record) = session.poll(now);
            // The probe goes out before anything is written about it.
            if let Output::Send(probe) = output {
                self.send(session, &probe, record, &mut request);
                continue;
            }
            if let Some(record) = record {
                self.record(now, record);
            }
            let deadline = match output {
                Output::Event(event) => {
                    self.say(|report| report.event(&event));
                    continue;
                }
                Output::Wait(deadline) => deadline,
                Output::Send(_) | Output::Done => return now,
            };
            let wait = deadline.checked_since(now).unwrap_or_default();
            let wait = self.plan.deadline.map_or(wait, |end| {
                wait.min(Duration::from_nanos(
                    nanos(end).saturating_sub(now.as_nanos()),
                ))
            });
            match self.socket.receive(&mut buffer, wait, &self.clock) {
                Ok(None) if self.socket.stamps_pending() => self.take_stamps(session),
                Ok(None) => {}
                Ok(Some(arrival)) => {
                    self.receive(session, &arrival, &buffer);
                    // Only now, when this round trip has been measured.
                    if self.pairs.as_ref().is_some_and(Pairs::waiting) {
                        self.take_stamps(session);
                    }
                }
                Err(error) if is_unreachable(&error) => {
                    let now = self.clock.client_time();
                    self.unreachable(session, now, None, &error);
                }
                Err(error) => {
                    self.say(|report| report.remark(&format!("cannot receive: {error}")));
                    // A socket that fails at once must not turn the loop into a spin.
                    std::thread::sleep(wait.min(ATTENTION));
                }
            }
        }
    }

    /// Signals, the end of the whole run, and what the journal's thread reports.
    fn attend(&mut self, session: &mut Session<Vec<Slot>>, now: ClientTime, signals: &Signals) {
        if signals.take_report() {
            eprintln!("{}", progress(&session.stats().summary()));
        }
        for message in self
            .journal
            .iter()
            .flat_map(Journal::take_trouble)
            .collect::<Vec<_>>()
        {
            eprintln!("udping: {message}; measuring goes on without it");
            self.trouble.push(message);
        }
        self.closed = self.closed || self.journal.as_ref().is_some_and(Journal::closed);
        let reason = if signals.stopped() {
            StopReason::Signal
        } else if self
            .plan
            .deadline
            .is_some_and(|deadline| now.as_nanos() >= nanos(deadline))
        {
            StopReason::Deadline
        } else if self.closed {
            StopReason::ClosedPipe
        } else {
            return;
        };
        if !session.client().is_stopped() {
            let record = session.stop(now, reason);
            self.record(now, record);
        }
    }

    fn send(
        &mut self,
        session: &mut Session<Vec<Slot>>,
        probe: &Probe,
        record: Option<Record>,
        request: &mut [u8],
    ) {
        let len = text::encode_request(probe, self.plan.padding, request).unwrap_or_default();
        let datagram = request.get(..len).unwrap_or_default();
        let mut sent = self.transmit(probe.seq, datagram);
        // The word that nobody listens is about an earlier probe; this one was not sent.
        let stale = match sent {
            Err(error) if is_unreachable(&error) && probe.seq > 1 => {
                sent = self.transmit(probe.seq, datagram);
                Some(error)
            }
            _ => None,
        };
        if let Some(record) = record {
            self.record(probe.at, record);
        }
        if let Some(error) = stale {
            let now = self.clock.client_time();
            let earlier = session.client().in_flight().next().map(|oldest| oldest.seq);
            let about = earlier
                .filter(|seq| *seq != probe.seq)
                .unwrap_or(probe.seq - 1);
            self.unreachable(session, now, Some(about), &error);
        }
        if let Err(error) = sent {
            let now = self.clock.client_time();
            let (outcome, record) = session.send_failure(now, probe.seq, Some(error.to_string()));
            self.say(|report| report.remark(&format!("cannot send seq={}: {error}", probe.seq)));
            self.record(now, record);
            if let Outcome::Unsent { .. } = outcome {
                self.give_up_if_hopeless(session, now, error);
            }
        }
        if self.plan.outstanding {
            let earlier: Vec<u64> = session
                .client()
                .in_flight()
                .map(|p| p.seq)
                .filter(|seq| *seq != probe.seq)
                .collect();
            for seq in earlier {
                self.say(|report| report.remark(&format!("no answer yet for seq={seq}")));
            }
        }
    }

    /// Sends probe `seq`, and keeps count of what the kernel stamps.
    fn transmit(&mut self, seq: u64, datagram: &[u8]) -> io::Result<()> {
        let sent = self.socket.send(datagram);
        if let Some(pairs) = &mut self.pairs {
            if sent.is_ok() {
                pairs.sent(seq);
            } else if self.socket.restart_stamps().is_ok() {
                // Whether the kernel has counted this one, it does not say.
                pairs.restart();
            } else {
                self.pairs = None;
            }
        }
        sent
    }

    /// Nothing has ever gone out and the system says why: waiting will not help.
    fn give_up_if_hopeless(
        &mut self,
        session: &mut Session<Vec<Slot>>,
        now: ClientTime,
        error: io::Error,
    ) {
        use io::ErrorKind::{InvalidInput, NetworkDown, NetworkUnreachable, PermissionDenied};
        let too_long = error.raw_os_error() == Some(MESSAGE_TOO_LONG);
        let hopeless = too_long
            || matches!(
                error.kind(),
                NetworkDown | NetworkUnreachable | PermissionDenied | InvalidInput
            );
        if hopeless && session.stats().summary().sent == 0 {
            let record = session.stop(now, StopReason::Failure);
            self.record(now, record);
        }
        self.refused_to_send = Some(error);
    }

    fn receive(&mut self, session: &mut Session<Vec<Slot>>, arrival: &Arrival, buffer: &[u8]) {
        let now = arrival.at;
        let datagram = buffer.get(..arrival.len).unwrap_or_default();
        let (outcome, record) = match text::decode_reply(datagram) {
            Ok(claim) => session.reply(now, &claim),
            Err(why) => session.unreadable(now, why),
        };
        self.record(now, record);
        self.say(|report| report.outcome(&outcome, Some(arrival.len), arrival.ttl));
        if let (Outcome::Replied { seq, .. }, Some(at), Some(pairs)) =
            (outcome, arrival.stamp, &mut self.pairs)
            && let Some(interval) = pairs.replied(seq, at)
        {
            self.stamped(session, interval);
        }
    }

    /// Takes the stamps that the kernel has for probes sent: all that are there, or up
    /// to the last one's, beyond which there can be none.
    fn take_stamps(&mut self, session: &mut Session<Vec<Slot>>) {
        while let Ok(Some((number, at))) = self.socket.next_stamp() {
            let Some(pairs) = &mut self.pairs else {
                continue;
            };
            let interval = pairs.transmitted(number, at);
            let more = pairs.waiting() || self.socket.stamps_pending();
            if let Some(interval) = interval {
                self.stamped(session, interval);
            }
            if !more {
                return;
            }
        }
    }

    fn stamped(&mut self, session: &mut Session<Vec<Slot>>, interval: Interval) {
        let (outcome, record) = session.stamp(interval.seq, interval.kernel);
        self.record(session.client().now(), record);
        self.say(|report| report.outcome(&outcome, None, None));
    }

    fn unreachable(
        &mut self,
        session: &mut Session<Vec<Slot>>,
        now: ClientTime,
        seq: Option<u64>,
        error: &io::Error,
    ) {
        let (outcome, record) = session.unreachable(now, seq, Some(error.to_string()));
        self.record(now, record);
        let closed = error.kind() == io::ErrorKind::ConnectionRefused;
        self.say(|report| report.unreachable(&outcome, closed));
    }

    fn record(&mut self, now: ClientTime, record: Record) {
        if let Some(journal) = &mut self.journal {
            journal.push(now.as_nanos(), record);
        }
    }

    /// Says something, unless nobody listens to standard output any more.
    fn say(&mut self, sentence: impl FnOnce(&mut Report<Box<dyn Write>>) -> io::Result<()>) {
        if !self.closed && sentence(&mut self.report).is_err() {
            self.closed = true;
        }
    }

    fn finish(&mut self, summary: &Summary, ended: ClientTime) -> anyhow::Result<()> {
        let elapsed = Duration::from_nanos(ended.as_nanos());
        if let Some(journal) = self.journal.take() {
            let last = Record::Summary(Box::new(SummaryRecord { summary: *summary }));
            self.trouble.extend(journal.finish(ended.as_nanos(), last));
        }
        if let Some(backwards) = self.pairs.as_ref().map(Pairs::backwards)
            && backwards > 0
        {
            self.report.note(&format!(
                "the wall clock was set back: {backwards} replies have kernel stamps from before their probes'"
            ));
        }
        self.say(|report| report.summary(summary, elapsed));
        for message in &self.trouble {
            eprintln!("udping: {message}: the journal is not complete");
        }
        if summary.sent == 0
            && let Some(error) = self.refused_to_send.take()
        {
            let advice = match error.kind() {
                io::ErrorKind::PermissionDenied => {
                    "the system does not permit it; try another address"
                }
                _ if error.raw_os_error() == Some(MESSAGE_TOO_LONG) => {
                    "the datagram is too long; try a smaller -s"
                }
                _ => "check the network connection and the address",
            };
            return Err(error).with_context(|| {
                format!("no probe could be sent to {}: {advice}", self.plan.server)
            });
        }
        Ok(())
    }
}

/// `EMSGSIZE`, or what Windows has for it.
const MESSAGE_TOO_LONG: i32 = if cfg!(windows) {
    10_040
} else if cfg!(target_os = "linux") {
    90
} else {
    40
};
