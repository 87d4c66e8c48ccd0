//! `udping compare`: the same exchange over UDP, over a new TCP connection each time,
//! and over one that is kept.
//!
//! Owns the order of things: one exchange at a time, a round of the three after the
//! other. What became of each is the core's decision, by the same rules for all.

mod lane;
mod tcp;
mod udp;

use std::io::{self, ErrorKind::ConnectionRefused};
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::time::Duration;

use anyhow::Context as _;
use udping_core::time::{ClientTime, ReflectorTime, saturating_nanos};
use udping_core::wire::Probe;
use udping_core::wire::text::{LONGEST_REQUEST, encode_request};
use udping_core::{Config, Schedule};
use udping_journal::comparison::Via;
use udping_journal::{Carried, Header, Kind, StopReason};

use crate::ExitStatus;
use crate::cli::{CompareArgs, WireArg};
use crate::clock::Clock;
use crate::i18n::{duration, say};
use crate::journal::{self, Subject, next_address};
use crate::net::{Connected, Resolved, Skipped, resolve};
use crate::outlet::Outlet;
use crate::poll::POLL_INTERVAL;
use crate::report::compare as lines;
use crate::run_end::RunEnd;
use crate::signals::Signals;
use lane::{ExchangeError, Lane};
use tcp::{Answer, Connection, ReadResult};
use udp::{Udp, UdpEvent};

/// Slots of each way's table: as many late answers are recognised.
const SLOTS: u64 = 1 << 12;

pub(crate) fn run(args: &CompareArgs) -> anyhow::Result<ExitStatus> {
    let family = args.family.family();
    let signals = Signals::install().context(say::NO_SIGNALS)?;
    let end = RunEnd::new(&signals, None);
    let port = WireArg::Textbook.default_port();
    let mut resolved = resolve(&args.target, port, family, None, &end)?;
    let (mut clock, mut connected) = connect(resolved)?;
    config(args, &clock)?
        .check_table(SLOTS)
        .context(say::PING_NOT_MEASURABLE)?;
    let sinks = args.record.sinks(&end)?;
    let (silent, quiet) = (args.record.to_stdout(), args.record.quiet);
    let mut outlet = Outlet::held(silent, quiet, sinks, &end)?;
    let mut skipped = Vec::new();
    loop {
        for failed in &connected.skipped {
            outlet.always(failed.failed());
        }
        skipped.append(&mut connected.skipped);
        let Connected {
            socket,
            server,
            others,
            ..
        } = connected;
        outlet.always(say::CompareHeading {
            name: args.target.name(),
            server,
            rounds: match args.count {
                0 => say::COMPARE_ENDLESS.to_string(),
                n => say::CompareRounds { n }.to_string(),
            },
            timeout: duration(args.timeout),
        });
        for skipped in &skipped {
            outlet.record(0, next_address(skipped, args.record.redact));
        }
        let mut run = ComparisonRun::new(args, clock, server, socket, outlet)?;
        if others.is_empty() {
            run.settle();
        }
        run.run(args, &signals);
        resolved = match Resolved::of(others).filter(|_| run.is_refused()) {
            Some(others) => others,
            None => return Ok(run.finish()),
        };
        outlet = run.outlet;
        outlet.forget();
        let refused = Skipped::refused(server.ip(), resolved.server.ip());
        outlet.always(say::PingRefusedTrying {
            server: refused.address,
            next: refused.next,
        });
        skipped.push(refused);
        (clock, connected) = connect(resolved)?;
    }
}

/// A socket for the first address that can be connected to, and the clock of its session.
fn connect(resolved: Resolved) -> anyhow::Result<(Clock, Connected<Udp>)> {
    let clock = Clock::start();
    let connected = resolved.connect(|server| Udp::open(server, clock))?;
    Ok((clock, connected))
}

fn config(args: &CompareArgs, clock: &Clock) -> anyhow::Result<Config> {
    Config::builder()
        .schedule(Schedule::OnDemand)
        .count(NonZeroU64::new(args.count))
        .timeout(args.timeout)
        .late_window(args.linger.unwrap_or(args.timeout))
        .timestamps(crate::timestamps(clock.wall_at(ReflectorTime::ZERO))?)
        .build()
        .context(say::PING_NOT_MEASURABLE)
}

fn header(args: &CompareArgs, server: SocketAddr, clock: &Clock) -> anyhow::Result<Header> {
    let config = config(args, clock)?;
    let subject = Subject::of(Some(&args.target.host), server, args.record.redact);
    Ok(Header {
        size: args.size.map(u64::from),
        ipv6: server.is_ipv6(),
        ..journal::header(Kind::Compare, &config, SLOTS, subject.as_ref())
    })
}

/// A comparison under way.
struct ComparisonRun {
    server: SocketAddr,
    clock: Clock,
    udp: Udp,
    kept: Option<Connection>,
    /// In the order of [`Via::ALL`].
    lanes: [Lane; 3],
    outlet: Outlet,
    /// Room for a request, padded to `size`.
    request: Vec<u8>,
    size: usize,
    timeout: Duration,
    late_window: Duration,
    /// A request over TCP ends its line.
    line_end: bool,
    /// The other end's host said that nobody listens for TCP.
    no_tcp: bool,
    /// How many datagrams came from another address or port than the server's, and the last one's.
    elsewhere: Option<(u64, SocketAddr)>,
    redact: bool,
    /// The journal's, until that begins.
    header: Option<Header>,
    address: AddressState,
}

/// What is known of the address that a run goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AddressState {
    /// Nothing, and the target has another one, which the run may still go to.
    Provisional,
    /// The first that was heard of its host is that nobody listens.
    Refused,
    /// The run stays with it.
    Settled,
}

impl ComparisonRun {
    fn new(
        args: &CompareArgs,
        clock: Clock,
        server: SocketAddr,
        udp: Udp,
        outlet: Outlet,
    ) -> anyhow::Result<Self> {
        let header = header(args, server, &clock)?;
        let slots = usize::try_from(SLOTS)?;
        let lane = |via| Lane::new(via, &header, slots).context(say::PING_NOT_MEASURABLE);
        let [by_udp, new, kept] = Via::ALL;
        let size = usize::try_from(args.size.unwrap_or(0))?;
        Ok(Self {
            server,
            clock,
            udp,
            kept: None,
            lanes: [lane(by_udp)?, lane(new)?, lane(kept)?],
            outlet,
            request: vec![0; size.max(LONGEST_REQUEST)],
            size,
            timeout: args.timeout,
            late_window: header
                .config()
                .context(say::PING_NOT_MEASURABLE)?
                .late_window(),
            line_end: !args.no_line_end,
            no_tcp: false,
            elsewhere: None,
            redact: args.record.redact,
            header: Some(header),
            address: AddressState::Provisional,
        })
    }

    /// The run stays with this address: the journal begins.
    fn settle(&mut self) {
        self.address = AddressState::Settled;
        if let Some(header) = self.header.take() {
            self.outlet.begin(header);
        }
    }

    /// Whether another address is to be tried.
    fn is_refused(&self) -> bool {
        self.address == AddressState::Refused
    }

    fn run(&mut self, args: &CompareArgs, signals: &Signals) {
        let start = self.clock.client_time();
        for round in 0_u64.. {
            if args.count > 0 && round >= args.count {
                break;
            }
            if let Some(interval) = args.interval {
                let due = saturating_nanos(interval).saturating_mul(round);
                let due = start.saturating_add(Duration::from_nanos(due));
                self.idle_until(due, signals);
            }
            for via in Via::ALL {
                if self.is_over(signals) {
                    break;
                }
                match via {
                    Via::Udp => {
                        self.exchange_udp(signals);
                        if self.is_refused() {
                            return;
                        }
                        self.settle();
                    }
                    Via::TcpNew => self.exchange_tcp(via, None, signals),
                    Via::TcpKept => {
                        let kept = self.kept.take();
                        self.exchange_tcp(via, kept, signals);
                    }
                }
            }
            if self.is_over(signals) {
                break;
            }
        }
        self.end(signals);
    }

    fn is_over(&mut self, signals: &Signals) -> bool {
        signals.stopped() || !self.outlet.attend()
    }

    /// Waits until `due`, taking late datagrams meanwhile.
    fn idle_until(&mut self, due: ClientTime, signals: &Signals) {
        while let Some(wait) = due.checked_since(self.clock.client_time())
            && !wait.is_zero()
            && !signals.stopped()
        {
            if let Some(arrival) = self.udp.next(wait.min(POLL_INTERVAL)) {
                self.arrive(arrival);
            }
        }
    }

    fn exchange_udp(&mut self, signals: &Signals) {
        // What came late is said before the next request.
        for _ in 0..udp::WAITING {
            let Some(arrival) = self.udp.next(Duration::ZERO) else {
                break;
            };
            self.arrive(arrival);
        }
        let lane = &mut self.lanes[0];
        let Some(probe) = lane.send(self.clock.client_time(), &mut self.outlet) else {
            return;
        };
        let len = encode_request(&probe, self.size, &mut self.request).unwrap_or_default();
        let datagram = self.request.get(..len).unwrap_or_default();
        if let Err(error) = self.udp.send(datagram) {
            let now = self.clock.client_time();
            self.lanes[0].unsent(now, probe.seq, &error, &mut self.outlet);
        }
        while let Some(deadline) = self.lanes[0].waits(&probe, false)
            && !self.is_refused()
            && !self.is_over(signals)
        {
            let now = self.clock.client_time();
            let wait = deadline.checked_since(now).unwrap_or_default();
            match self.udp.next(wait.min(POLL_INTERVAL)) {
                Some(arrival) => self.arrive(arrival),
                None => self.lanes[0].expire(self.clock.client_time(), &mut self.outlet),
            }
        }
        self.take_elsewhere();
    }

    /// Takes what came from others than the server, which is credited to nothing.
    fn take_elsewhere(&mut self) {
        while let Some(from) = self.udp.next_elsewhere() {
            let now = self.clock.client_time();
            let n = self.elsewhere.map_or(0, |(n, _)| n);
            self.elsewhere = Some((n + 1, from));
            let address = (!self.redact).then(|| from.to_string());
            self.lanes[0].elsewhere(now, address, &mut self.outlet);
        }
    }

    /// A datagram came, or the network's error for one.
    fn arrive(&mut self, (at, arrival): UdpEvent) {
        let lane = &mut self.lanes[0];
        match arrival {
            Ok(bytes) => lane.answer(at, &bytes, &mut self.outlet),
            Err(error)
                if self.address == AddressState::Provisional
                    && error.kind() == ConnectionRefused =>
            {
                self.address = AddressState::Refused;
            }
            Err(error) => {
                let why = ExchangeError {
                    error: error.to_string(),
                    text: udp::explained(&error),
                };
                lane.fail(at, None, &why, &mut self.outlet);
            }
        }
    }

    /// One exchange over TCP: on `kept`, or on a connection of its own.
    fn exchange_tcp(&mut self, via: Via, kept: Option<Connection>, signals: &Signals) {
        let lane = &mut self.lanes[via.place()];
        let Some(probe) = lane.send(self.clock.client_time(), &mut self.outlet) else {
            return;
        };
        let wait = self.timeout + self.late_window;
        let mut connection = match kept {
            Some(connection) => connection,
            None => match Connection::open(self.server, wait, || signals.stopped()) {
                Ok(connection) => {
                    let now = self.clock.client_time();
                    lane.connected(now, &probe, &mut self.outlet);
                    connection
                }
                Err(error) => return self.not_connected(via, &probe, &error),
            },
        };
        let len = encode_request(&probe, self.size, &mut self.request).unwrap_or_default();
        let mut request = self.request.get(..len).unwrap_or_default().to_vec();
        if self.line_end {
            request.push(b'\n');
        }
        let sent = connection.send(&request, self.timeout);
        let open = match sent {
            Ok(()) => self.await_answer(via, &mut connection, &probe, signals),
            Err(error) => {
                let now = self.clock.client_time();
                let why = tcp::exchange_error(&error);
                self.lanes[via.place()].fail(now, Some(probe.seq), &why, &mut self.outlet);
                false
            }
        };
        if open && via == Via::TcpKept {
            self.kept = Some(connection);
        } else {
            let carried = connection.close(&self.clock);
            self.lanes[via.place()].carried(carried, &mut self.outlet);
        }
    }

    fn not_connected(&mut self, via: Via, probe: &Probe, error: &io::Error) {
        let now = self.clock.client_time();
        self.no_tcp |= error.kind() == ConnectionRefused;
        let lane = &mut self.lanes[via.place()];
        // Time decides of what simply did not come.
        lane.expire(now, &mut self.outlet);
        if error.kind() != io::ErrorKind::TimedOut {
            let why = tcp::exchange_error(error);
            lane.fail(now, Some(probe.seq), &why, &mut self.outlet);
        }
    }

    /// Waits for the answer to `probe`, beyond its deadline too; whether the connection
    /// can be used again.
    fn await_answer(
        &mut self,
        via: Via,
        connection: &mut Connection,
        probe: &Probe,
        signals: &Signals,
    ) -> bool {
        loop {
            if self.is_over(signals) {
                return true;
            }
            let lane = &mut self.lanes[via.place()];
            let now = self.clock.client_time();
            // What came in time may yet go on.
            let begun = connection.has_begun();
            let waits =
                |until: &ClientTime| *until >= now || begun.is_some_and(|latest| latest <= *until);
            let Some(until) = lane.waits(probe, true).filter(waits) else {
                if lane.waits(probe, false).is_some() {
                    lane.expire(now, &mut self.outlet);
                    continue;
                }
                if lane.waits(probe, true).is_some() {
                    connection.unanswered();
                }
                return true;
            };
            let wait = until.checked_since(now).unwrap_or_default();
            match connection.listen(&self.clock, wait, |bytes| lane.proves(bytes)) {
                ReadResult::Answer(at, mut answer) => loop {
                    match answer {
                        Answer::Says(bytes) => lane.answer(at, &bytes, &mut self.outlet),
                        Answer::Outstanding => lane.answer_of(at, probe, &mut self.outlet),
                    }
                    let more = connection.next_answer(|bytes| lane.proves(bytes));
                    let Some(more) = more else { break };
                    answer = more;
                },
                ReadResult::Pending => {}
                ReadResult::Closed(why) => {
                    let now = self.clock.client_time();
                    lane.expire(now, &mut self.outlet);
                    lane.fail(now, Some(probe.seq), &why, &mut self.outlet);
                    return false;
                }
            }
        }
    }

    /// Waits for late datagrams, closes what is open, and ends the sessions.
    fn end(&mut self, signals: &Signals) {
        if let Some(kept) = self.kept.take() {
            let carried = kept.close(&self.clock);
            self.lanes[Via::TcpKept.place()].carried(carried, &mut self.outlet);
        }
        loop {
            let now = self.clock.client_time();
            let reads_on = self.outlet.attend();
            if signals.stopped() || !reads_on {
                let why = if reads_on {
                    StopReason::Signal
                } else {
                    StopReason::ClosedPipe
                };
                for lane in &mut self.lanes {
                    lane.stop(now, why, &mut self.outlet);
                }
                break;
            }
            let Some(until) = self.lanes[0].late_window_end(now, &mut self.outlet) else {
                break;
            };
            let wait = until.checked_since(now).unwrap_or_default();
            if let Some(arrival) = self.udp.next(wait.min(POLL_INTERVAL)) {
                self.arrive(arrival);
            }
        }
        self.take_elsewhere();
        let [packets_out, packets_in] = self.udp.packets.map(Some);
        let [bytes_out, bytes_in] = self.udp.bytes;
        let carried = Carried {
            carried: self.udp.packets[0],
            at_ns: self.clock.client_time().as_nanos(),
            bytes_out,
            bytes_in,
            packets_out,
            packets_in,
            retransmitted: None,
        };
        self.lanes[0].carried(carried, &mut self.outlet);
        // Over TCP everything has been waited for already.
        let now = self.clock.client_time();
        for lane in &mut self.lanes {
            lane.expire(now, &mut self.outlet);
            if let Some(until) = lane.late_window_end(now, &mut self.outlet) {
                lane.late_window_end(until, &mut self.outlet);
            }
        }
    }

    fn finish(mut self) -> ExitStatus {
        self.settle();
        let figures = self.lanes.each_ref().map(Lane::figures);
        let title = say::CompareTitle {
            server: self.server,
        };
        self.outlet
            .always(format_args!("\n{title}\n{}", lines::table(&figures)));
        for note in lines::notes(&figures, self.server.is_ipv6()) {
            self.outlet.always(note);
        }
        if self.no_tcp && figures[1..].iter().all(|(it, _)| it.replied == 0) {
            self.outlet.always(say::COMPARE_NOBODY_TCP);
        }
        if let Some((n, from)) = self.elsewhere {
            self.outlet.always(say::HintElsewhere { n, from });
        }
        let n = self.udp.dropped();
        if n > 0 {
            self.outlet.always(say::CompareDropped { n });
        }
        let (udp, _) = &figures[0];
        // One that was neither answered nor refused may have been taken by a server.
        if udp.refused > 0 && udp.replied + udp.lost == 0 {
            self.outlet.always(say::COMPARE_NOBODY_UDP);
        }
        let mut last = None;
        for (via, lane) in Via::ALL.into_iter().zip(&self.lanes) {
            for record in lane.last() {
                if let Some((record, via)) = last.replace((record, via)) {
                    self.outlet.record_via(0, record, via);
                }
            }
        }
        let whole = match last {
            Some((record, via)) => self.outlet.finish(record, Some(via)),
            None => true,
        };
        let sent = |(it, _): &lines::Lane| it.sent > 0;
        if !whole || !figures.iter().any(sent) {
            ExitStatus::Error
        } else if figures.iter().all(|(it, _)| it.replied == 0) {
            ExitStatus::Failure
        } else {
            ExitStatus::Success
        }
    }
}
