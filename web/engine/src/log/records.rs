//! A journal's record into the columns, and out of them again, unchanged.
//!
//! What the columns cannot hold in full is kept beside them as it is, so that what
//! comes out is always what went in.

use std::borrow::Cow;

use udping_core::event::Ignored;
use udping_core::guard::DropReason;
use udping_core::wire::low_bits;
use udping_journal::{
    Done, Gap, Kernel, Lost, Missed, Record, Reply, Sent, Stop, StopReason, Unreachable, Unsent,
};

use super::columns::{Log, Reflection, index};
use super::event::{Code, EventData, EventKind};

impl Log {
    /// What the event at `at` is, whose row has this code and value.
    pub(crate) fn event_data(&self, at: usize, code: Code, value: u64) -> EventData {
        let index = || usize::try_from(value).unwrap_or(usize::MAX);
        let verified = !code.is_without();
        match code.kind() {
            EventKind::Sent => EventData::Sent { due_ns: value },
            EventKind::Reflected => EventData::Reflected { flight: index() },
            EventKind::Unanswered => EventData::Unanswered { flight: index() },
            EventKind::Dropped => EventData::Dropped { flight: index() },
            EventKind::Replied => EventData::Replied {
                rtt_ns: value,
                verified,
            },
            EventKind::Late => EventData::Late {
                rtt_ns: value,
                verified,
            },
            EventKind::Duplicate => EventData::Duplicate { rtt_ns: value },
            EventKind::Ignored => {
                let code = index().checked_sub(1);
                EventData::Ignored(code.and_then(|code| Ignored::ALL.get(code).copied()))
            }
            EventKind::Lost => EventData::Lost { deadline_ns: value },
            EventKind::Missed => EventData::Missed { slots: value },
            EventKind::Refused => EventData::Refused { after_ns: value },
            EventKind::Unsent => EventData::Unsent,
            EventKind::KernelRtt => EventData::KernelRtt { kernel_ns: value },
            EventKind::Intervened => match self.interventions.get(index()) {
                Some(intervention) => EventData::Intervened {
                    intervention: *intervention,
                    hit: !code.is_without(),
                },
                None => EventData::Gap { dropped: 0 },
            },
            EventKind::Stopped => {
                let why = StopReason::ALL.get(index()).copied();
                EventData::Stopped(why.unwrap_or(StopReason::Failure))
            }
            EventKind::Done => EventData::Done,
            EventKind::Gap => EventData::Gap { dropped: value },
            // Their records are kept whole.
            EventKind::Heard | EventKind::Incident => self
                .verbatim(at)
                .and_then(|record| EventData::of(record, None))
                .unwrap_or(EventData::Gap { dropped: 0 }),
            EventKind::Silent => EventData::Silent { deadline_ns: value },
            EventKind::Received => EventData::Received { loss: value > 0 },
            EventKind::Answered => EventData::Answered { loss: value > 0 },
            EventKind::NotAnswered => {
                let why = DropReason::ALL.get(index()).copied();
                EventData::NotAnswered(why.unwrap_or(DropReason::Malformed))
            }
            EventKind::Transmitted => EventData::Transmitted,
        }
    }

    /// Adds the event of a record, which is about the probe numbered `seq`. Returns
    /// its index; `None` for records that are no events.
    pub(crate) fn push_record(&mut self, record: &Record, seq: Option<u64>) -> Option<u32> {
        let event = if let Record::Sent(it) = record {
            self.push_sent(it.at_ns, it.sent, it.due_ns)
        } else {
            let what = EventData::of(record, seq)?;
            let probe = seq.and_then(|seq| self.find(seq));
            let (code, value) = what.row();
            self.push(record.at_ns().unwrap_or(0), code, probe, value)
        };
        if let Record::Reply(it) = record
            && let Some((t2, t3)) = it.t2_ns.zip(it.t3_ns)
        {
            let reflection = Reflection {
                t2,
                t3,
                count: it.count,
                synced: it.synced,
            };
            self.reflections.push((event, reflection));
        }
        let event_index = index(event)?;
        let usual = match record {
            // Nothing of them is missing in the columns, unless time went back.
            Record::Sent(it) => self.events.at.get(event_index) == Some(&it.at_ns),
            _ => self.usual_record(event_index).as_ref() == Some(record),
        };
        if !usual {
            self.keep(event, record.clone());
        }
        Some(event)
    }

    /// Keeps the record of an event whole, which comes after those that are kept.
    pub(crate) fn keep(&mut self, event: u32, record: Record) {
        if let Record::Received(it) = &record
            && let Some(seq) = it.seq
            && it.connection.is_none()
        {
            self.received.push((it.received, seq));
        }
        self.verbatim.push((event, record));
    }

    /// The record that an event came from, or would have come from; `None` for what only
    /// a simulation knows.
    pub(crate) fn record(&self, event: usize) -> Option<Cow<'_, Record>> {
        let verbatim = self.verbatim(event).map(Cow::Borrowed);
        verbatim.or_else(|| self.usual_record(event).map(Cow::Owned))
    }

    /// The record that the columns alone say.
    fn usual_record(&self, event: usize) -> Option<Record> {
        let at_ns = *self.events.at.get(event)?;
        let probe = index(*self.events.probe.get(event)?);
        let seq = probe.and_then(|probe| self.probes.seq.get(probe).copied());
        let reply = || {
            Some(Reply {
                reply: Some(low_bits(seq?)),
                at_ns,
                ..self.with_reflection(event)
            })
        };
        let value = *self.events.value.get(event)?;
        Some(match self.event_data(event, self.code(event)?, value) {
            EventData::Sent { due_ns } => Record::Sent(Sent {
                sent: seq?,
                at_ns,
                due_ns,
            }),
            EventData::Replied { rtt_ns, verified } => Record::Reply(Reply {
                rtt_ns: Some(rtt_ns),
                unverified: !verified,
                ..reply()?
            }),
            EventData::Late { rtt_ns, verified } => Record::Reply(Reply {
                late_ns: Some(rtt_ns),
                unverified: !verified,
                ..reply()?
            }),
            EventData::Duplicate { rtt_ns } => Record::Reply(Reply {
                duplicate_ns: Some(rtt_ns),
                ..reply()?
            }),
            EventData::Ignored(ignored) => Record::Reply(Reply {
                ignored,
                ..reply()?
            }),
            EventData::Lost { deadline_ns } => Record::Lost(Lost {
                lost: seq?,
                at_ns,
                deadline_ns,
            }),
            EventData::Missed { slots } => Record::Missed(Missed {
                missed: slots,
                at_ns,
                due_ns: at_ns,
            }),
            EventData::Refused { after_ns } => Record::Unreachable(Unreachable {
                unreachable: seq,
                at_ns,
                error: None,
                refused: seq,
                after_ns: Some(after_ns),
                ignored: None,
            }),
            EventData::Unsent => Record::Unsent(Unsent {
                unsent: seq?,
                at_ns,
                error: None,
                ignored: None,
            }),
            EventData::KernelRtt { kernel_ns } => {
                let settled = index(*self.probes.settled.get(probe?)?);
                Record::Kernel(Kernel {
                    kernel: seq?,
                    at_ns,
                    kernel_ns: kernel_ns.cast_signed(),
                    decided_rtt_ns: settled.and_then(|at| self.events.value.get(at).copied()),
                    ignored: None,
                })
            }
            EventData::Stopped(stop) => Record::Stop(Stop { stop, at_ns }),
            EventData::Done => Record::Done(Done { done: true, at_ns }),
            EventData::Gap { dropped } => Record::Gap(Gap {
                gap: dropped,
                at_ns,
            }),
            // Their records are kept whole, or there are none.
            EventData::Heard { .. }
            | EventData::Silent { .. }
            | EventData::Received { .. }
            | EventData::Answered { .. }
            | EventData::NotAnswered(_)
            | EventData::Transmitted
            | EventData::Incident(_)
            | EventData::Reflected { .. }
            | EventData::Unanswered { .. }
            | EventData::Dropped { .. }
            | EventData::Intervened { .. } => return None,
        })
    }

    fn with_reflection(&self, event: usize) -> Reply {
        let Some(it) = self.reflection(event) else {
            return Reply::default();
        };
        Reply {
            t2_ns: Some(it.t2),
            t3_ns: Some(it.t3),
            count: it.count,
            synced: it.synced,
            ..Reply::default()
        }
    }

    /// What the reply at an event says of the server.
    pub(crate) fn reflection(&self, event: usize) -> Option<Reflection> {
        let event = u32::try_from(event).ok()?;
        let known = &self.reflections;
        let at = known
            .binary_search_by_key(&event, |(event, _)| *event)
            .ok()?;
        known.get(at).map(|(_, reflection)| *reflection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_survives_its_row() {
        let log = Log::default();
        let again = |data: EventData| {
            let (code, value) = data.row();
            log.event_data(0, code, value)
        };
        for why in Ignored::ALL.into_iter().map(Some).chain([None]) {
            assert_eq!(again(EventData::Ignored(why)), EventData::Ignored(why));
        }
        for why in StopReason::ALL {
            assert_eq!(again(EventData::Stopped(why)), EventData::Stopped(why));
        }
    }
}
