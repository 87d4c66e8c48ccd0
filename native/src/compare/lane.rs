//! One way of the three: its session, what its sockets carried, and where both are recorded and said.
//!
//! Owns that all three are recorded and said alike. How an exchange is carried, `udp` and `tcp`
//! know.

use std::io;
use std::time::Duration;

use udping_core::ConfigError;
use udping_core::event::{Event, Outcome};
use udping_core::session::SessionWire;
use udping_core::stats::Summary;
use udping_core::table::{Entry, State};
use udping_core::time::ClientTime;
use udping_core::wire::text::Padding;
use udping_core::wire::{Claim, Probe, Unreadable, text};
use udping_journal::Recorder;
use udping_journal::comparison::{Ledger, Traffic, Via};
use udping_journal::{Carried, Connected, Header, Record, StopReason, TrafficRecord};

use crate::outlet::Outlet;
use crate::report::{compare as lines, send_error};

/// Why an exchange failed.
pub(super) struct ExchangeError {
    /// As the journal has it, in no language.
    pub(super) error: String,
    /// As people read it.
    pub(super) text: String,
}

/// A way.
pub(super) struct Lane {
    via: Via,
    session: Recorder<Vec<Entry>>,
    ledger: Ledger,
    /// What a datagram is compared with.
    wire: SessionWire<[u8; 0]>,
    timeout: Duration,
    /// How long the exchange under way took to be connected.
    connected: Option<Duration>,
}

impl Lane {
    pub(super) fn new(via: Via, header: &Header, slots: usize) -> Result<Self, ConfigError> {
        let config = header.config()?;
        let size = header.size.unwrap_or_default();
        let padding = Padding::from(usize::try_from(size).unwrap_or(usize::MAX));
        Ok(Self {
            via,
            session: Recorder::new(config, ClientTime::ZERO, vec![Entry::EMPTY; slots])?,
            ledger: Ledger::new(via, header),
            wire: SessionWire::Textbook { padding },
            timeout: config.timeout(),
            connected: None,
        })
    }

    /// Hands out the next request.
    pub(super) fn send(&mut self, now: ClientTime, outlet: &mut Outlet) -> Option<Probe> {
        self.connected = None;
        let (probe, record) = self.session.send_now(now)?;
        self.record(record, outlet);
        Some(probe)
    }

    /// A connection is there to be used by `probe`.
    pub(super) fn connected(&mut self, now: ClientTime, probe: &Probe, outlet: &mut Outlet) {
        self.connected = now.checked_since(probe.at);
        let record = Connected {
            connected: probe.seq,
            at_ns: now.as_nanos(),
        };
        self.ledger.connected(&record);
        self.record(Record::Connected(record), outlet);
    }

    /// It carries the number and the time of a probe.
    pub(super) fn proves(&self, bytes: &[u8]) -> bool {
        let client = self.session.client();
        text::decode_reply(bytes).is_ok_and(|claim| {
            let seq = client.addressee(&claim);
            claim.timestamp.is_some()
                && seq.and_then(|seq| client.timestamp(seq)) == claim.timestamp
        })
    }

    /// An answer came.
    pub(super) fn answer(&mut self, now: ClientTime, bytes: &[u8], outlet: &mut Outlet) {
        let said = match self.via {
            Via::Udp => self.wire.decode(bytes, self.session.client()),
            // The padding of an answer in a stream may be yet to come.
            Via::TcpNew | Via::TcpKept => text::decode_reply(bytes),
        };
        self.take(now, &said, outlet);
    }

    /// An answer came that can only be of `probe`, whatever it says.
    pub(super) fn answer_of(&mut self, now: ClientTime, probe: &Probe, outlet: &mut Outlet) {
        let claim = Claim {
            seq: Some(probe.wire_seq()),
            ..Claim::default()
        };
        self.take(now, &Ok(claim), outlet);
    }

    fn take(&mut self, now: ClientTime, said: &Result<Claim, Unreadable>, outlet: &mut Outlet) {
        let (outcome, record) = match said {
            Ok(claim) => {
                self.expire(now, outlet);
                self.session.reply(now, claim, |_, _| {})
            }
            Err(why) => self.session.unreadable(now, *why),
        };
        self.settle(&outcome, record, "", outlet);
        if let Ok(claim) = said
            && let Some(line) = lines::damage(self.via, &outcome, claim)
        {
            outlet.say(line);
        }
    }

    /// A datagram came from another `address` than the server's, which the journal names if it may.
    pub(super) fn elsewhere(
        &mut self,
        now: ClientTime,
        address: Option<String>,
        outlet: &mut Outlet,
    ) {
        let (_, record) = self.session.elsewhere(now, address);
        self.record(record, outlet);
    }

    /// The network says that `seq`, or whichever is in flight, cannot be had.
    pub(super) fn fail(
        &mut self,
        now: ClientTime,
        seq: Option<u64>,
        why: &ExchangeError,
        outlet: &mut Outlet,
    ) {
        let (outcome, record) = self.session.unreachable(now, seq, Some(why.error.clone()));
        self.settle(&outcome, record, &why.text, outlet);
    }

    /// The request could not be sent.
    pub(super) fn unsent(
        &mut self,
        now: ClientTime,
        seq: u64,
        error: &io::Error,
        outlet: &mut Outlet,
    ) {
        let said = Some(error.to_string());
        let (outcome, record) = self.session.send_failure(now, seq, said);
        self.settle(&outcome, record, &send_error(error), outlet);
    }

    /// Lets time decide.
    pub(super) fn expire(&mut self, now: ClientTime, outlet: &mut Outlet) {
        while let Some((event, record)) = self.session.expire(now) {
            self.record(record, outlet);
            if let Event::Lost { seq, .. } = event {
                outlet.say(lines::lost(self.via, seq, self.timeout));
            }
        }
    }

    /// A socket has done its work.
    pub(super) fn carried(&mut self, it: Carried, outlet: &mut Outlet) {
        self.ledger.carried(&it);
        self.record(Record::Carried(it), outlet);
    }

    /// Until when `probe` is waited for now: its deadline, or where `late` ones are too,
    /// its horizon. `None` once it is settled.
    pub(super) fn waits(&self, probe: &Probe, late: bool) -> Option<ClientTime> {
        let it = self.session.client().probe(probe.seq)?;
        match it.state {
            State::InFlight => Some(it.deadline),
            State::Lost if late => Some(it.horizon),
            _ => None,
        }
    }

    /// Until when a late answer may still come.
    pub(super) fn late_window_end(
        &mut self,
        now: ClientTime,
        outlet: &mut Outlet,
    ) -> Option<ClientTime> {
        let (output, record) = self.session.poll(now);
        if let Some(record) = record {
            self.record(record, outlet);
        }
        match output {
            udping_core::event::Output::Wait(until) => Some(until),
            _ => None,
        }
    }

    pub(super) fn stop(&mut self, now: ClientTime, why: StopReason, outlet: &mut Outlet) {
        let record = self.session.stop(now, why);
        self.record(record, outlet);
    }

    pub(super) fn figures(&self) -> (Summary, Traffic) {
        let summary = self.session.stats().summary();
        (summary, self.ledger.traffic(&summary))
    }

    /// The last two records.
    pub(super) fn last(&self) -> [Record; 2] {
        let (_, traffic) = self.figures();
        let at_ns = self.session.client().now().as_nanos();
        [
            Record::Traffic(TrafficRecord { traffic, at_ns }),
            self.session.summary(),
        ]
    }

    fn settle(&mut self, outcome: &Outcome, record: Record, why: &str, outlet: &mut Outlet) {
        self.record(record, outlet);
        let connected = self.connected;
        let line = lines::outcome(self.via, outcome, self.timeout, connected, why);
        if let Some(line) = line {
            outlet.say(line);
        }
    }

    fn record(&self, record: Record, outlet: &mut Outlet) {
        let at = self.session.client().now().as_nanos();
        outlet.record_via(at, record, self.via);
    }
}
