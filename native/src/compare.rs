//! `udping compare`: the same exchange over UDP, over a new TCP connection each time,
//! and over one that is kept.
//!
//! Owns the order of things: one exchange at a time, a round of the three after the
//! other. What became of each is the core's decision, by the same rules for all.

mod lane;
mod tcp;
mod udp;

use std::io;
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
use crate::journal::{self, Subject};
use crate::net::{Connected, resolve};
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
    let resolved = resolve(&args.target, port, family, None, &end)?;
    let clock = Clock::start();
    let Connected {
        socket,
        server,
        failed,
    } = resolved.connect(|server| Udp::open(server, clock))?;
    let header = header(args, server, &clock)?;
    let config = header.config().context(say::PING_NOT_MEASURABLE)?;
    config
        .check_table(SLOTS)
        .context(say::PING_NOT_MEASURABLE)?;
    let sinks = args.record.sinks(&end)?;
    let mut outlet = Outlet::start(&args.record, header.clone(), sinks, &end)?;
    let rounds = match args.count {
        0 => say::COMPARE_ENDLESS.to_string(),
        n => say::CompareRounds { n }.to_string(),
    };
    for failure in failed {
        outlet.always(failure);
    }
    outlet.always(say::CompareHeading {
        name: args.target.name(),
        server,
        rounds,
        timeout: duration(args.timeout),
    });
    let slots = usize::try_from(SLOTS)?;
    let lane = |via| Lane::new(via, &header, slots).context(say::PING_NOT_MEASURABLE);
    let [udp, new, kept] = Via::ALL;
    let mut run = ComparisonRun {
        server,
        clock,
        udp: socket,
        kept: None,
        lanes: [lane(udp)?, lane(new)?, lane(kept)?],
        outlet,
        request: vec![0; usize::try_from(args.size.unwrap_or(0))?.max(LONGEST_REQUEST)],
        size: usize::try_from(args.size.unwrap_or(0))?,
        timeout: args.timeout,
        late_window: config.late_window(),
        line_end: !args.no_line_end,
        no_tcp: false,
    };
    run.run(args, &signals);
    Ok(run.finish(header.ipv6))
}

fn header(args: &CompareArgs, server: SocketAddr, clock: &Clock) -> anyhow::Result<Header> {
    let config = Config::builder()
        .schedule(Schedule::OnDemand)
        .count(NonZeroU64::new(args.count))
        .timeout(args.timeout)
        .late_window(args.linger.unwrap_or(args.timeout))
        .timestamps(crate::timestamps(clock.wall_at(ReflectorTime::ZERO))?)
        .build()
        .context(say::PING_NOT_MEASURABLE)?;
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
}

impl ComparisonRun {
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
                    Via::Udp => self.exchange_udp(signals),
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
            && !self.is_over(signals)
        {
            let now = self.clock.client_time();
            let wait = deadline.checked_since(now).unwrap_or_default();
            match self.udp.next(wait.min(POLL_INTERVAL)) {
                Some(arrival) => self.arrive(arrival),
                None => self.lanes[0].expire(self.clock.client_time(), &mut self.outlet),
            }
        }
    }

    /// A datagram came, or the network's error for one.
    fn arrive(&mut self, (at, arrival): UdpEvent) {
        let lane = &mut self.lanes[0];
        match arrival {
            Ok(bytes) => lane.answer(at, &bytes, &mut self.outlet),
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
        self.no_tcp |= error.kind() == io::ErrorKind::ConnectionRefused;
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

    fn finish(mut self, ipv6: bool) -> ExitStatus {
        let figures = self.lanes.each_ref().map(Lane::figures);
        let title = say::CompareTitle {
            server: self.server,
        };
        self.outlet
            .always(format_args!("\n{title}\n{}", lines::table(&figures)));
        for note in lines::notes(&figures, ipv6) {
            self.outlet.always(note);
        }
        if self.no_tcp && figures[1..].iter().all(|(it, _)| it.replied == 0) {
            self.outlet.always(say::COMPARE_NOBODY_TCP);
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
