//! One target's journal, made of what happened to it.
//!
//! Owns that a journal can begin in the middle of a session: its numbers count from its own
//! first probe, its times from when that was due. What is decided, the core's client decides
//! again. Knows nothing of files.

use std::collections::BTreeMap;

use udping_core::event::Output;
use udping_core::table::Entry;
use udping_core::time::{ClientTime, WallTime};
use udping_core::timestamp::Timestamps;
use udping_core::wire::{Claim, low_bits};
use udping_core::{Config, Schedule};
use udping_journal::{Header, Kind, Record, Recorder, StopReason, UnixNanos, WireName};

use super::recent::{Happened, ProbeEvent};
use super::target::TargetPlan;
use crate::journal::{self, Subject, TOOL};
use crate::wire::{self, Wire};

/// What a session's journals say of it at first.
#[derive(Debug, Clone)]
pub(crate) struct SessionHeader {
    config: Config,
    header: Header,
}

impl SessionHeader {
    /// Of the session that `plan` describes, with this configuration and `wire`.
    pub(crate) fn new(
        plan: &TargetPlan,
        config: Config,
        wire: &Wire,
        server: Option<std::net::SocketAddr>,
    ) -> Self {
        let entries = config.entries_needed();
        let header = Header::new(
            Kind::Ping,
            TOOL.to_owned(),
            WireName::Textbook,
            &config,
            entries,
        );
        let host = Some(plan.host.host.as_str());
        let subject = server.map(|address| Subject { host, address });
        let mut header = journal::labelled(header, subject.as_ref());
        header.host = host.map(str::to_owned);
        wire::fill_in(&mut header, &plan.settings.wire, wire);
        Self { config, header }
    }

    /// What the wall clock read at time zero of the client's clock.
    pub(crate) const fn wall(&self) -> WallTime {
        self.config.timestamps().start
    }
}

/// A target's journal while it is written.
pub(crate) struct Scribe {
    header: Header,
    recorder: Recorder<Vec<Entry>>,
    /// What the client's clock reads at the journal's time zero.
    zero: ClientTime,
    /// How many probes went out before the journal's first.
    before: u64,
    /// Of the session.
    timestamps: Timestamps,
    /// What timestamps of probes are here.
    renamed: BTreeMap<WallTime, WallTime>,
    entries: usize,
    /// By how much less the reflector has counted here.
    uncounted: Option<u32>,
}

/// What happened does not follow from what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

impl Scribe {
    /// A journal that begins with `first`, and its header. `None` if that is no probe that went
    /// out before the next was due: with another, its schedule would not be the same.
    pub(crate) fn begin(session: &SessionHeader, first: &Happened) -> Option<(Self, Header)> {
        let ProbeEvent::Sent { late } = first.what else {
            return None;
        };
        match session.config.schedule() {
            Schedule::Paced { interval } if late < interval => {}
            _ => return None,
        }
        let due = first.at.as_nanos().checked_sub(nanos(late))?;
        let zero = ClientTime::from_nanos(due);
        let timestamps = session.config.timestamps();
        let start = timestamps.start.saturating_add(duration(due));
        let config = session.config.to_builder();
        let config = config.timestamps(Timestamps {
            start,
            ..timestamps
        });
        let config = config.build().ok()?;
        let mut header = session.header.clone();
        header.wall_ns = Some(UnixNanos(start)).filter(|it| it.0 > WallTime::ZERO);
        header.wall_start = journal::wall_label(start);
        let entries = usize::try_from(header.table_entries).ok()?;
        let recorder = Recorder::new(config, ClientTime::ZERO, vec![Entry::EMPTY; entries]).ok()?;
        let scribe = Self {
            recorder: recorder.with_wall(header.wall()),
            header: header.clone(),
            zero,
            before: first.seq.checked_sub(1)?,
            timestamps,
            renamed: BTreeMap::new(),
            entries,
            uncounted: None,
        };
        Some((scribe, header))
    }

    /// The number that its first probe has in the session.
    pub(crate) const fn first(&self) -> u64 {
        self.before + 1
    }

    /// The time on record that stands for `at`.
    pub(crate) fn at_ns(&self, at: ClientTime) -> u64 {
        at.as_nanos().saturating_sub(self.zero.as_nanos())
    }

    /// Takes what happened, and gives the records that it makes.
    ///
    /// # Errors
    /// It does not follow from what happened before.
    pub(crate) fn take(
        &mut self,
        happened: &Happened,
        mut out: impl FnMut(Record),
    ) -> Result<(), Broken> {
        let at = ClientTime::from_nanos(self.at_ns(happened.at));
        let Some(seq) = happened.seq.checked_sub(self.before).filter(|seq| *seq > 0) else {
            // Of a probe before the first.
            return Ok(());
        };
        if !matches!(happened.what, ProbeEvent::Sent { .. }) {
            while let Some((_, record)) = self.recorder.expire(at) {
                out(record);
            }
        }
        match happened.what {
            ProbeEvent::Sent { .. } => return self.sent(seq, happened, at, out),
            ProbeEvent::Reply(claim) => {
                if let Some(claim) = self.renumbered(happened.seq, claim) {
                    let (_, record) = self.recorder.reply(at, &claim, |_, record| out(record));
                    out(record);
                }
            }
            ProbeEvent::Unreadable(why) => out(self.recorder.unreadable(at, why).1),
            ProbeEvent::Unreachable => out(self.recorder.unreachable(at, Some(seq), None).1),
            ProbeEvent::Unsent => out(self.recorder.send_failure(at, seq, None).1),
            ProbeEvent::KernelRtt { kernel_ns } => {
                out(self.recorder.kernel_rtt(at, seq, kernel_ns).1);
            }
        }
        Ok(())
    }

    fn sent(
        &mut self,
        seq: u64,
        happened: &Happened,
        at: ClientTime,
        mut out: impl FnMut(Record),
    ) -> Result<(), Broken> {
        loop {
            let (output, record) = self.recorder.poll(at);
            let probe = match output {
                Output::Event(_) => {
                    record.into_iter().for_each(&mut out);
                    continue;
                }
                Output::Send(probe) if probe.seq == seq => probe,
                Output::Send(_) | Output::Wait(_) | Output::Done => return Err(Broken),
            };
            record.into_iter().for_each(&mut out);
            if self.before > 0 {
                let original = self
                    .timestamps
                    .after(WallTime::ZERO, happened.seq, happened.at);
                self.renamed.insert(original, probe.timestamp);
                while self.renamed.len() > self.entries.saturating_mul(2) {
                    self.renamed.pop_first();
                }
            }
            return Ok(());
        }
    }

    /// What a reply claims, in the journal's numbers; `last` is the number of the probe that
    /// was the last one then. `None` if it is of a probe before the first.
    fn renumbered(&mut self, last: u64, mut claim: Claim) -> Option<Claim> {
        if self.before == 0 {
            return Some(claim);
        }
        if let Some(low) = &mut claim.seq {
            let behind = low_bits(last).wrapping_sub(*low);
            let is_ahead = behind > u32::MAX / 2;
            if !is_ahead && last.saturating_sub(behind.into()) <= self.before {
                return None;
            }
            *low = low.wrapping_sub(low_bits(self.before));
        }
        if let Some(timestamp) = &mut claim.timestamp {
            *timestamp = *self.renamed.get(timestamp).unwrap_or(timestamp);
        }
        if let (Some(count), Some(seq)) = (&mut claim.count, claim.seq) {
            // How many of those before the first it has not seen, nobody knows.
            let uncounted = *self.uncounted.get_or_insert(count.wrapping_sub(seq));
            *count = count.wrapping_sub(uncounted);
        }
        Some(claim)
    }

    /// Ends the journal at `at`, for this reason, and gives its last records.
    pub(crate) fn finish(mut self, at: ClientTime, why: StopReason, mut out: impl FnMut(Record)) {
        let at = ClientTime::from_nanos(self.at_ns(at));
        out(self.recorder.stop(at, why));
        loop {
            let (output, record) = self.recorder.poll(at);
            record.into_iter().for_each(&mut out);
            if !matches!(output, Output::Event(_)) {
                break;
            }
        }
        out(self.recorder.summary().named(&self.header));
    }
}

const fn duration(nanos: u64) -> std::time::Duration {
    std::time::Duration::from_nanos(nanos)
}

fn nanos(duration: std::time::Duration) -> u64 {
    udping_core::time::saturating_nanos(duration)
}
