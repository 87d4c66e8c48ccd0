//! The replay of a ping, of a simulation, or of one lane of a comparison.
//!
//! Owns which input each record is for the client, and the record that the client's answer makes.
//! What is said of a difference is the report's.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::error::{ReplayError, table};
use super::report::{Difference, Report};
use crate::both::BothEnds;
use crate::clocks::ClocksError;
use crate::comparison::{Ledger, Traffic, Via};
use crate::header::{Header, Kind};
use crate::record::{InterimRecord, Record, SummaryRecord, TrafficRecord};
use crate::recorder::Recorder;
use udping_core::event::Output;
use udping_core::schedule::Schedule;
use udping_core::table::Entry;
use udping_core::time::ClientTime;
use udping_core::wire::Unreadable;

/// A replay in progress: of a ping, of a simulation, or of one lane of a comparison.
#[derive(Debug, Clone)]
pub struct Replay {
    session: Recorder<Vec<Entry>>,
    /// What the sockets of a comparison's lane carried.
    ledger: Option<Ledger>,
    /// What that comes to is on record.
    traffic_recorded: bool,
    /// What both ends say, of a merged journal.
    both: Option<BothEnds>,
    /// What `poll` said and no record has answered yet.
    pending: Option<Output>,
    report: Report,
}

impl Replay {
    /// A replay of the session that `header` describes.
    ///
    /// # Errors
    /// [`ReplayError`] if no client could have run it.
    pub fn new(header: &Header) -> Result<Self, ReplayError> {
        match header.kind {
            Kind::Ping | Kind::Simulation | Kind::Graded => Self::of(header, None),
            Kind::Compare | Kind::Heartbeat | Kind::Serve => Err(ReplayError::Kind),
        }
    }

    /// A replay of one lane of the comparison that `header` describes.
    ///
    /// # Errors
    /// [`ReplayError`] if no client could have run it.
    pub fn lane(header: &Header, via: Via) -> Result<Self, ReplayError> {
        Self::of(header, Some(Ledger::new(via, header)))
    }

    fn of(header: &Header, ledger: Option<Ledger>) -> Result<Self, ReplayError> {
        let table = table(header.table_entries)?;
        let session =
            Recorder::new(header.config()?, ClientTime::ZERO, table)?.with_wall(header.wall());
        Ok(Self {
            session,
            ledger,
            traffic_recorded: false,
            both: header.far_end.as_ref().map(BothEnds::new),
            pending: None,
            report: Report::of(header),
        })
    }

    /// Takes the record on `line` (from 1 for the header), and says whether the
    /// client decides otherwise.
    pub fn feed(&mut self, line: u64, record: &Record) -> Option<&Difference> {
        let before = self.report.differences;
        if self.report.can_judge(record) {
            self.decide(line, record);
        }
        self.report.since(before)
    }

    /// Takes a record that belongs to no session of the journal.
    pub(super) fn reject(&mut self, line: u64, record: &Record) -> Option<&Difference> {
        let before = self.report.differences;
        if self.report.can_judge(record) {
            self.report.judge(line, record, None);
        }
        self.report.since(before)
    }

    /// What was found so far.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The client and its figures as they stand after the records fed so far.
    #[must_use]
    pub fn session(&self) -> &Recorder<Vec<Entry>> {
        &self.session
    }

    fn decide(&mut self, line: u64, record: &Record) {
        let at = ClientTime::from_nanos;
        let decided = match record {
            Record::Sent(sent)
                if self.session.client().config().schedule() == Schedule::OnDemand =>
            {
                let sent = self.session.send_now(at(sent.at_ns));
                sent.map(|(_, record)| record)
            }
            Record::Sent(sent) => {
                self.poll_until(line, at(sent.at_ns), |o| matches!(o, Output::Send(_)))
            }
            Record::Missed(it) => self.poll(at(it.at_ns)).1,
            Record::Lost(it) => self.poll(at(it.at_ns)).1,
            Record::Done(done) => {
                self.report.done = true;
                self.poll_until(line, at(done.at_ns), |o| matches!(o, Output::Done))
            }
            Record::Reply(reply) => {
                let (_, own) = self.session.named(reply.reply);
                let report = &mut self.report;
                let (_, record) =
                    self.session
                        .reply(at(reply.at_ns), &reply.claim(own), |_, lost| {
                            report.missing(line, Some(&lost));
                        });
                Some(record)
            }
            Record::Unreadable(it) if it.unreadable == Unreadable::Elsewhere => {
                Some(self.session.elsewhere(at(it.at_ns), it.address.clone()).1)
            }
            Record::Unreadable(it) => Some(self.session.unreadable(at(it.at_ns), it.unreadable).1),
            Record::Unreachable(it) => Some(
                self.session
                    .unreachable(at(it.at_ns), it.unreachable, it.error.clone())
                    .1,
            ),
            Record::Unsent(it) => Some(
                self.session
                    .send_failure(at(it.at_ns), it.unsent, it.error.clone())
                    .1,
            ),
            Record::Kernel(it) => Some(
                self.session
                    .kernel_rtt(at(it.at_ns), it.kernel, it.kernel_ns)
                    .1,
            ),
            Record::Stop(stop) => {
                self.session.stop(at(stop.at_ns), stop.stop);
                return;
            }
            Record::Connected(it) if let Some(ledger) = &mut self.ledger => {
                return ledger.connected(it);
            }
            Record::Carried(it) if let Some(ledger) = &mut self.ledger => {
                return ledger.carried(it);
            }
            Record::Traffic(it) => {
                self.traffic_recorded = true;
                self.traffic_record(it.at_ns)
            }
            Record::Summary(it) => Some(self.concluded(line, it)),
            Record::Interim(it) => {
                let interim = Box::new(self.session.stats().summary());
                let at_ns = it.at_ns;
                Some(InterimRecord { interim, at_ns }.into())
            }
            Record::Far(_) | Record::Both(_) | Record::Parts(_) => {
                return self.both_ends(line, record);
            }
            // Of a run of another kind.
            Record::Beat(_)
            | Record::Silent(_)
            | Record::Named(_)
            | Record::Beats(_)
            | Record::Watched(_)
            | Record::Received(_)
            | Record::Answered(_)
            | Record::Dropped(_)
            | Record::Transmitted(_)
            | Record::Served(_)
            | Record::Connected(_)
            | Record::Carried(_) => None,
            Record::Gap(_)
            | Record::Split(_)
            | Record::Incident(_)
            | Record::Printed(_)
            | Record::Unknown => return,
        };
        self.report.judge(line, record, decided.as_ref());
        if let Some(both) = &mut self.both {
            let client = self.session.client();
            both.take(record, record.seq(|low| client.unwrap_seq(low)));
        }
    }

    /// The final figures, where `it` stands.
    fn concluded(&mut self, line: u64, it: &SummaryRecord) -> Record {
        self.both_ends_missing(line, it.at_ns);
        let now = self.session.client().now();
        self.report.concluded(line, now.as_nanos());
        let traffic = self.traffic_record(it.at_ns);
        if let Some(traffic) = traffic.filter(|_| !self.traffic_recorded) {
            self.report.missing(line, Some(&traffic));
        }
        // What names the run is no decision.
        match self.session.summary_at(ClientTime::from_nanos(it.at_ns)) {
            Record::Summary(decided) => Record::Summary(SummaryRecord {
                summary: decided.summary,
                outages: decided.outages,
                ..it.clone()
            }),
            other => other,
        }
    }

    /// Compares what both ends say with the `record` of it.
    fn both_ends(&mut self, line: u64, record: &Record) {
        let decided = self.both.as_mut().and_then(|both| match record {
            Record::Far(far) => both.take_far(far).then(|| record.clone()),
            Record::Both(it) => {
                // Without any exchange it is known where probes were lost.
                both.lay_clocks().or_else(ClocksError::if_nothing).ok()?;
                Some(both.summary(it.at_ns).into())
            }
            Record::Parts(it) => both.next_parts(it.at_ns).map(Record::from),
            _ => None,
        });
        self.report.judge(line, record, decided.as_ref());
    }

    /// The same for what they say and is not on record by `at_ns`.
    fn both_ends_missing(&mut self, line: u64, at_ns: u64) {
        while let Some(both) = &mut self.both
            && let Some(missing) = both.next_missing(at_ns)
        {
            self.report.missing(line, Some(&missing));
        }
    }

    /// What `poll` says, or has said already, and its record, unless it waits.
    #[inline]
    fn poll(&mut self, now: ClientTime) -> (Output, Option<Record>) {
        let pending = self.pending.take();
        let output = pending.unwrap_or_else(|| self.session.poll_unrecorded(now));
        let record = self.session.said(&output);
        (output, record)
    }

    /// What `poll` says of the wanted kind. Whatever it decides before that is
    /// missing from the journal.
    #[inline]
    fn poll_until(
        &mut self,
        line: u64,
        now: ClientTime,
        wanted: impl Fn(&Output) -> bool,
    ) -> Option<Record> {
        loop {
            let (output, record) = self.poll(now);
            match output {
                _ if wanted(&output) => return record,
                Output::Event(_) => {
                    self.report.missing(line, record.as_ref());
                }
                Output::Send(_) => {
                    self.pending = Some(output);
                    return record;
                }
                Output::Wait(_) | Output::Done => return None,
            }
        }
    }

    /// What the sockets of a comparison's lane carried so far.
    #[must_use]
    pub fn traffic(&self) -> Option<Traffic> {
        let ledger = self.ledger.as_ref()?;
        Some(ledger.traffic(&self.session.stats().summary()))
    }

    fn traffic_record(&self, at_ns: u64) -> Option<Record> {
        let traffic = self.traffic()?;
        Some(TrafficRecord { traffic, at_ns }.into())
    }
}
