//! What people read: ping's lines, for what a UDP ping can tell.
//!
//! Owns when which sentence about a session is said. The sentences are the catalogue's.
//! Decides and measures nothing.

pub(crate) mod compare;
mod figures;
pub(crate) mod heartbeat;
mod hint;
mod impairments;
mod incidents;
mod outages;
mod reflected;

use std::fmt::Display;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use udping_core::event::{Event, Ignored, Outcome};
use udping_core::stats::{Summary, WindowFigures};
use udping_core::time::{ClientTime, WallTime};
use udping_core::wire::{Claim, Damage};
use udping_journal::{Incident, Outages};

use crate::clock::{unix_nanos, wall};
use crate::net::{DeliveryError, is_broadcast, is_queue_full, is_too_long};

pub(crate) use figures::{
    exact_millis, fates, millis, of_interest, packets, seconds, short_times, some, span,
};
pub(crate) use hint::{Facts, Untried, hint};
pub(crate) use impairments::impairments;
pub(crate) use incidents::{IncidentCounts, sentence as incident_sentence};

use crate::i18n::{Message, Number, say};
use crate::throttle::Throttle;

/// How many reasons for not sending a summary names at the most.
const SEND_ERRORS: usize = 4;

/// How much is said, and how.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are what they are"
)]
pub(crate) struct Style {
    /// Only the first line and the summary.
    pub(crate) quiet: bool,
    /// Each reply gets no line of its own.
    pub(crate) terse: bool,
    /// The time of day before every line.
    pub(crate) dated: bool,
    /// What was ignored is said too.
    pub(crate) verbose: bool,
}

/// The report of one session.
pub(crate) struct Report {
    style: Style,
    /// Whom the summary is about.
    title: String,
    /// Whom replies come from.
    server: String,
    timeout: Duration,
    /// What a hint at the end may come of.
    pub(crate) facts: Facts,
    /// A reply was credited that proves nothing.
    unproven: bool,
    /// Lines that would come for every probe.
    missed: Throttle,
    damaged: Throttle,
    unsent: Throttle,
    /// Why some probe could not be sent: each reason once.
    send_errors: Vec<String>,
    incidents: IncidentCounts,
    /// Probes in a row without an answer, and what this end's wall clock read at time zero.
    outages: Option<(Outages, Option<WallTime>)>,
    /// What to end the summary with.
    notes: Vec<String>,
}

impl Report {
    pub(crate) fn new(style: Style, title: String, server: String, timeout: Duration) -> Self {
        Self {
            style,
            title,
            server,
            timeout,
            facts: Facts::default(),
            unproven: false,
            missed: Throttle::default(),
            damaged: Throttle::default(),
            unsent: Throttle::default(),
            send_errors: Vec::new(),
            incidents: IncidentCounts::default(),
            outages: None,
            notes: Vec::new(),
        }
    }

    pub(crate) fn event(&mut self, out: &mut dyn Write, event: &Event) -> io::Result<()> {
        match *event {
            Event::Lost { seq, deadline } => {
                let (timeout, at) = (millis(self.timeout), at(deadline));
                self.line(out, |out, server| {
                    let lost = say::ProbeLost {
                        server,
                        seq,
                        timeout,
                        at,
                    };
                    write!(out, "{lost}")
                })
            }
            Event::Missed { due, slots } => {
                let Some(n) = self.missed.due(due.as_nanos(), slots) else {
                    return Ok(());
                };
                let at = at(due);
                self.line(out, |out, _| write!(out, "{}", say::ProbeMissed { n, at }))
            }
        }
    }

    /// Why some probe could not be sent, for the summary. Of many reasons, the first few.
    pub(crate) fn send_error(&mut self, why: &str) {
        let known = self.send_errors.iter().any(|known| known == why);
        if !known && self.send_errors.len() < SEND_ERRORS {
            self.send_errors.push(why.to_owned());
        }
    }

    /// That the system would not send probe `seq` at `now`, and why.
    pub(crate) fn unsent(
        &mut self,
        out: &mut dyn Write,
        now: ClientTime,
        seq: u64,
        why: &str,
    ) -> io::Result<()> {
        self.send_error(why);
        match self.unsent.due(now.as_nanos(), 1) {
            None => Ok(()),
            Some(1) => self.remark(out, &say::CannotSend { seq, error: why }),
            Some(many) => self.remark(
                out,
                &say::CannotSendLike {
                    seq,
                    n: many - 1,
                    error: why,
                },
            ),
        }
    }

    /// What a datagram of `len` bytes, or anything else that came at `now`, was. It came with
    /// `ttl` hops left to live, where the system says so.
    pub(crate) fn outcome(
        &mut self,
        out: &mut dyn Write,
        now: ClientTime,
        outcome: &Outcome,
        len: Option<usize>,
        ttl: Option<u8>,
    ) -> io::Result<()> {
        let from = From { len, ttl };
        if len.is_some() {
            self.facts.datagram(outcome);
        }
        match *outcome {
            Outcome::Replied { seq, rtt, verified }
                if !self.style.terse || self.is_first(verified) =>
            {
                let proof = self.proof(verified);
                self.line(out, |out, server| {
                    from.start(out, server, seq)?;
                    let time = millis(rtt).with_point();
                    write!(out, "{}{proof}", say::ReplyTime { time })
                })
            }
            Outcome::Late {
                seq,
                rtt,
                verified,
                newly_lost: _,
            } => {
                let (timeout, proof) = (self.timeout, self.proof(verified));
                self.line(out, |out, server| {
                    let by = rtt.saturating_sub(timeout);
                    let [time, by] = [rtt, by].map(|it| millis(it).with_point());
                    from.start(out, server, seq)?;
                    let late = say::ReplyLate { time, by };
                    write!(out, "{late}{proof}")
                })
            }
            Outcome::Duplicate { seq, rtt } => self.line(out, |out, server| {
                from.start(out, server, seq)?;
                let time = millis(rtt).with_point();
                write!(out, "{}", say::ReplyDuplicate { time })
            }),
            Outcome::Refused { .. } => {
                self.undelivered(out, now, outcome, DeliveryError::Port, None)
            }
            Outcome::Unsent { seq } => {
                self.line(out, |out, _| write!(out, "{}", say::ProbeUnsent { seq }))
            }
            Outcome::Ignored(why) if self.style.verbose => self.line(out, |out, server| {
                from.bytes(out)?;
                let why = ignored(why);
                write!(out, "{}", say::ReplyIgnored { server, why })
            }),
            Outcome::Replied { .. } | Outcome::KernelRtt { .. } | Outcome::Ignored(_) => Ok(()),
        }
    }

    /// How the reply to probe `seq`, which came at `now`, differs from its request.
    pub(crate) fn damage(
        &mut self,
        out: &mut dyn Write,
        now: ClientTime,
        seq: u64,
        claim: &Claim,
    ) -> io::Result<()> {
        let Some(damage) = claim
            .damage
            .filter(|_| self.damaged.due(now.as_nanos(), 1).is_some())
        else {
            return Ok(());
        };
        let size = u64::from(claim.size.unwrap_or_default());
        match damage {
            Damage::Truncated => self.remark(out, &say::ReplyTruncated { seq, size }),
            Damage::Altered => self.remark(out, &say::ReplyAltered { seq }),
        }
    }

    /// Whether nothing proves whose reply it is, and none was such before.
    fn is_first(&self, verified: bool) -> bool {
        !verified && !self.unproven
    }

    /// What a line says of that: the first one why.
    fn proof(&mut self, verified: bool) -> &'static str {
        let first = self.is_first(verified);
        self.unproven |= first;
        match (verified, first) {
            (true, _) => "",
            (false, true) => say::REPLY_UNVERIFIED.text(),
            (false, false) => say::REPLY_UNVERIFIED_AGAIN.text(),
        }
    }

    /// A datagram of `len` bytes came from another address or port than the server's.
    pub(crate) fn elsewhere(
        &mut self,
        out: &mut dyn Write,
        len: usize,
        from: SocketAddr,
    ) -> io::Result<()> {
        self.facts.elsewhere(from);
        if !self.style.verbose {
            return Ok(());
        }
        self.line(out, |out, server| {
            From {
                len: Some(len),
                ttl: None,
            }
            .bytes(out)?;
            write!(out, "{}", say::ReplyElsewhere { from, server })
        })
    }

    /// The network's report that a probe could not be delivered, `why`, and who says so.
    pub(crate) fn undelivered(
        &mut self,
        out: &mut dyn Write,
        now: ClientTime,
        outcome: &Outcome,
        why: DeliveryError,
        by: Option<IpAddr>,
    ) -> io::Result<()> {
        let Outcome::Refused { seq, after } = *outcome else {
            return self.outcome(out, now, outcome, None, None);
        };
        if why == DeliveryError::Port {
            self.facts.refused(seq, by);
        } else {
            self.facts.undelivered();
        }
        self.line(out, |out, server| {
            let time = millis(after);
            if why == DeliveryError::Port {
                write!(out, "{}", say::ProbeRefused { server, seq, time })
            } else {
                let why = delivery_error(why);
                match by {
                    Some(by) => write!(
                        out,
                        "{}",
                        say::ProbeUnreachableBy {
                            seq,
                            server,
                            by,
                            time,
                            why
                        }
                    ),
                    None => write!(
                        out,
                        "{}",
                        say::ProbeUnreachable {
                            seq,
                            server,
                            time,
                            why
                        }
                    ),
                }
            }
        })
    }

    /// Replies come from `server` from now on.
    pub(crate) fn moved_to(&mut self, server: SocketAddr) {
        self.title = server.to_string();
        self.server = server.ip().to_string();
        self.facts.server = Some(server.ip());
    }

    /// Something happened to the run from outside.
    pub(crate) fn incident(&mut self, out: &mut dyn Write, incident: &Incident) -> io::Result<()> {
        self.incidents.count(incident.incident);
        self.line(out, |out, server| {
            write!(out, "{}", incident_sentence(incident, server))
        })
    }

    /// A sentence about the run itself.
    pub(crate) fn remark(&self, out: &mut dyn Write, text: &dyn Display) -> io::Result<()> {
        self.line(out, |out, _| write!(out, "{text}"))
    }

    /// The outages, for the summary. This end's wall clock read `start` at time zero.
    pub(crate) fn take_outages(&mut self, outages: Option<Outages>, start: Option<WallTime>) {
        self.outages = outages.map(|outages| (outages, start));
    }

    /// A sentence to end the summary with.
    pub(crate) fn note(&mut self, text: impl Display) {
        self.notes.push(text.to_string());
    }

    /// The figures at the end, and those of the last while. ping's own lines come last, with an
    /// empty one in the place of times that there are not: what reads ping's output looks for
    /// them there.
    pub(crate) fn summary(
        &self,
        out: &mut dyn Write,
        summary: &Summary,
        windows: &[WindowFigures],
        elapsed: Duration,
    ) -> io::Result<()> {
        let reflected = summary.reflected.iter().flat_map(reflected::lines);
        let windows = windows.iter().map(figures::window);
        let incidents = self.incidents.line();
        let unsent = figures::unsent(summary, &self.send_errors);
        let outages = self.outages.iter();
        let outages = outages.flat_map(|(outages, start)| outages::lines(outages, *start));
        let lines = figures::details(summary).into_iter().chain(unsent);
        let lines = lines.chain(outages);
        let lines = lines.chain(reflected).chain(windows).chain(incidents);
        let mut lines = lines.chain(self.notes.iter().cloned()).peekable();
        if lines.peek().is_some() {
            writeln!(out)?;
        }
        for line in lines {
            writeln!(out, "{line}")?;
        }
        let title = &self.title;
        writeln!(out, "\n{}", say::SummaryTitle { title })?;
        writeln!(out, "{}", packets(summary, elapsed))?;
        writeln!(out, "{}", figures::rtt(summary).unwrap_or_default())?;
        if let Some(hint) = hint(&self.facts) {
            writeln!(out, "{hint}")?;
        }
        out.flush()
    }

    /// Writes one line, which also gets the server's name.
    fn line(
        &self,
        out: &mut dyn Write,
        text: impl FnOnce(&mut dyn Write, &str) -> io::Result<()>,
    ) -> io::Result<()> {
        if self.style.quiet {
            return Ok(());
        }
        if self.style.dated {
            let micros = unix_nanos(wall()).div_euclid(1_000);
            let sign = if micros < 0 { "-" } else { "" };
            let (secs, rest) = (micros.abs() / 1_000_000, micros.abs() % 1_000_000);
            write!(out, "[{sign}{secs}.{rest:06}] ")?;
        }
        text(out, &self.server)?;
        out.write_all(b"\n")?;
        out.flush()
    }
}

/// What is known of a datagram besides what it says.
#[derive(Clone, Copy)]
struct From {
    len: Option<usize>,
    ttl: Option<u8>,
}

impl From {
    fn bytes(self, out: &mut dyn Write) -> io::Result<()> {
        match self.len {
            Some(len) => write!(out, "{}", say::ReplyBytes { len }),
            None => Ok(()),
        }
    }

    /// `64 bytes from 127.0.0.1: seq=1 ttl=64 `.
    fn start(self, out: &mut dyn Write, server: &str, seq: u64) -> io::Result<()> {
        self.bytes(out)?;
        write!(out, "{}", say::ReplyFrom { server, seq })?;
        match self.ttl {
            Some(ttl) => write!(out, "{}", say::ReplyTtl { ttl }),
            None => Ok(()),
        }
    }
}

/// The word before an estimate.
pub(crate) fn about(estimated: bool) -> &'static str {
    if estimated { say::ABOUT.text() } else { "" }
}

/// The figures so far, on one line, and those of the last while.
pub(crate) fn progress(summary: &Summary, windows: &[WindowFigures]) -> String {
    let windows = windows.iter().map(figures::window);
    windows.fold(totals(summary), |line, window| line + "; " + &window)
}

/// The figures at `at`: those of the last `every`, and all.
pub(crate) fn interim(at: Duration, every: Duration, last: &Summary, all: &Summary) -> String {
    let interval = figures::window(&WindowFigures {
        span: every,
        replied: last.replied,
        lost: last.lost,
        refused: last.refused,
        unsent: last.unsent,
        rtt: last.rtt,
    });
    let (at, total) = (seconds(at), totals(all));
    say::Interim {
        at,
        interval,
        total,
    }
    .to_string()
}

fn totals(summary: &Summary) -> String {
    let rtt = summary.rtt.map_or_else(String::new, |rtt| {
        let ms = |nanos| millis(Duration::from_nanos(nanos));
        let median = figures::short_percentile(&rtt, rtt.median_ns);
        let figures = [ms(rtt.min_ns), ms(rtt.mean_ns), median, ms(rtt.max_ns)];
        let figures = Number(figures.map(Number::with_point).join("/"));
        say::ProgressRtt { figures }.to_string()
    });
    let loss = summary
        .loss()
        .map(Number)
        .map_or_else(String::new, |loss| say::ProgressLoss { loss }.to_string());
    let (replied, sent) = (summary.replied, summary.transmitted());
    format!("{}{loss}{rtt}", say::Progress { replied, sent })
}

/// Why a datagram could not be delivered, as people read it.
pub(crate) fn delivery_error(why: DeliveryError) -> String {
    let message = match why {
        DeliveryError::Port => say::DELIVERY_PORT,
        DeliveryError::Host => say::DELIVERY_HOST,
        DeliveryError::Network => say::DELIVERY_NETWORK,
        DeliveryError::Protocol => say::DELIVERY_PROTOCOL,
        DeliveryError::Prohibited => say::DELIVERY_PROHIBITED,
        DeliveryError::HopLimit => say::DELIVERY_HOPS,
        DeliveryError::TooLong(Some(mtu)) => return say::DeliveryLengthMtu { mtu }.to_string(),
        DeliveryError::TooLong(None) => say::DELIVERY_LENGTH,
        // What the system says of it.
        DeliveryError::Other(_) => return why.to_string(),
    };
    message.to_string()
}

/// Why a datagram could not be sent, as people read it: what the system says, unless it is plainer
/// otherwise.
pub(crate) fn send_error(error: &io::Error) -> String {
    if is_queue_full(error) {
        say::QUEUE_FULL.to_string()
    } else {
        error.to_string()
    }
}

/// What to try when the system lets nothing out to `server`; `broadcast`, if it is a broadcast
/// address, and not being allowed to send there can be the reason.
pub(crate) fn send_advice(
    server: SocketAddr,
    error: &io::Error,
    broadcast: Option<Message>,
) -> Message {
    let broadcast = broadcast.filter(|_| is_broadcast(server.ip()));
    match error.kind() {
        io::ErrorKind::PermissionDenied => broadcast.unwrap_or(say::PING_NOT_PERMITTED),
        _ if is_too_long(error) => say::PING_TOO_LONG,
        _ if is_queue_full(error) => say::PING_QUEUE_FULL,
        _ => say::PING_CHECK,
    }
}

/// Has `connect` connect a socket to `server`; an error says what to try, as [`send_advice`].
pub(crate) fn connect_with_advice(
    server: SocketAddr,
    broadcast: Option<Message>,
    connect: impl FnOnce(SocketAddr) -> io::Result<()>,
) -> anyhow::Result<()> {
    connect(server).map_err(|error| {
        let advice = send_advice(server, &error, broadcast);
        anyhow::Error::new(error).context(say::PingUnreachable { server, advice })
    })
}

fn at(time: ClientTime) -> Number<String> {
    seconds(Duration::from_nanos(time.as_nanos()))
}

pub(crate) fn ignored(why: Ignored) -> Message {
    match why {
        Ignored::TooOld => say::IGNORED_TOO_OLD,
        Ignored::NotSent => say::IGNORED_NOT_SENT,
        Ignored::TimestampMismatch => say::IGNORED_TIMESTAMP,
        Ignored::NoSequence => say::IGNORED_NO_NUMBER,
        Ignored::Ambiguous => say::IGNORED_AMBIGUOUS,
        Ignored::NothingInFlight => say::IGNORED_NOTHING_IN_FLIGHT,
        Ignored::AlreadySettled => say::IGNORED_SETTLED,
        Ignored::BadKernelRtt => say::IGNORED_KERNEL_RTT,
        Ignored::Empty => say::IGNORED_EMPTY,
        Ignored::NotText => say::IGNORED_NOT_TEXT,
        Ignored::Malformed => say::IGNORED_MALFORMED,
        Ignored::Unauthentic => say::IGNORED_UNAUTHENTIC,
        Ignored::Foreign => say::IGNORED_FOREIGN,
        Ignored::Elsewhere => say::IGNORED_ELSEWHERE,
    }
}
