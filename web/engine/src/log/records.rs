//! A journal's record into the columns, and out of them again, unchanged.
//!
//! What the columns cannot hold in full is kept beside them as it is, so that what
//! comes out is always what went in.

use udping_core::wire::low_bits;
use udping_journal::{
    Done, Gap, Kernel, Lost, Missed, Record, Reply, Sent, Stop, Unreachable, Unsent,
};

use super::codes::{self, Code, Kind};
use super::columns::{Log, Reflection, index};

impl Log {
    /// Adds the event of a record, which is about the probe numbered `seq`. Returns
    /// its place; `None` for records that are no events.
    pub(crate) fn push_record(&mut self, record: &Record, seq: Option<u64>) -> Option<u32> {
        let probe = seq.and_then(|seq| self.find(seq));
        let latest = self.events.at.last().copied().unwrap_or(0);
        let event = match record {
            Record::Sent(it) => self.push_sent(it.at_ns, it.sent, it.due_ns),
            Record::Reply(it) => {
                let (kind, value) = reply_kind(it);
                let code = Code::new(kind)
                    .without(it.unverified)
                    .newly_lost(it.newly_lost);
                let event = self.push(it.at_ns, code, probe, value);
                if let Some((t2, t3)) = it.t2_ns.zip(it.t3_ns) {
                    let reflection = Reflection {
                        t2,
                        t3,
                        count: it.count,
                        synced: it.synced,
                    };
                    self.reflections.push((event, reflection));
                }
                event
            }
            // Noticed at the first moment after it.
            Record::Lost(it) => {
                let at = it.deadline_ns.saturating_add(1);
                self.push(at, Code::new(Kind::Lost), probe, it.deadline_ns)
            }
            Record::Missed(it) => self.push(it.at_ns, Code::new(Kind::Missed), None, it.missed),
            Record::Unreachable(Unreachable {
                at_ns,
                after_ns: Some(after),
                ..
            }) => self.push(*at_ns, Code::new(Kind::Refused), probe, *after),
            Record::Unreachable(it) => self.push_ignored(it.at_ns, probe, it.ignored),
            Record::Unreadable(it) => self.push_ignored(it.at_ns, None, it.ignored),
            Record::Unsent(it) if it.ignored.is_some() => {
                self.push_ignored(it.at_ns, probe, it.ignored)
            }
            Record::Unsent(it) => self.push(it.at_ns, Code::new(Kind::Unsent), probe, 0),
            Record::Kernel(it) if it.ignored.is_some() => {
                self.push_ignored(latest, probe, it.ignored)
            }
            Record::Kernel(it) => {
                // No negative one is believed, whatever the journal says.
                let kernel_ns = it.kernel_ns.max(0).cast_unsigned();
                self.push(latest, Code::new(Kind::Stamped), probe, kernel_ns)
            }
            Record::Stop(it) => {
                let why = codes::from_stop(it.stop);
                self.push(it.at_ns, Code::new(Kind::Stopped), None, why)
            }
            Record::Done(it) => self.push(it.at_ns, Code::new(Kind::Done), None, 0),
            Record::Gap(it) => self.push(it.at_ns, Code::new(Kind::Gap), None, it.gap),
            Record::Beat(it) => self.push(it.at_ns, Code::new(Kind::Heard), None, it.beat),
            // Noticed at the first moment after it.
            Record::Silent(it) => {
                let at = it.deadline_ns.saturating_add(1);
                self.push(at, Code::new(Kind::Silent), None, it.deadline_ns)
            }
            Record::Incident(it) => self.push(it.at_ns, Code::new(Kind::Incident), None, 0),
            _ => return None,
        };
        if self.usual_record(index(event)?).as_ref() != Some(record) {
            self.odd.push((event, record.clone()));
        }
        Some(event)
    }

    fn push_ignored(
        &mut self,
        at: u64,
        probe: Option<u32>,
        why: Option<udping_core::event::Ignored>,
    ) -> u32 {
        let code = Code::new(Kind::Ignored);
        self.push(at, code, probe, codes::from_ignored(why))
    }

    /// The record that an event came from. Only where recorded.
    pub(crate) fn record(&self, event: usize) -> Option<Record> {
        let odd = self.odd(event).cloned();
        odd.or_else(|| self.usual_record(event))
    }

    /// The record that the columns alone say.
    fn usual_record(&self, event: usize) -> Option<Record> {
        let at_ns = *self.events.at.get(event)?;
        let value = *self.events.value.get(event)?;
        let code = self.code(event)?;
        let probe = index(*self.events.probe.get(event)?);
        let seq = probe.and_then(|probe| self.probes.seq.get(probe).copied());
        let reply = |seq: u64| Reply {
            reply: Some(low_bits(seq)),
            at_ns,
            unverified: code.is_without(),
            newly_lost: code.is_newly_lost(),
            ..self.with_reflection(event)
        };
        Some(match code.kind() {
            Kind::Sent => Record::Sent(Sent {
                sent: seq?,
                at_ns,
                due_ns: value,
            }),
            Kind::Replied => Record::Reply(Reply {
                rtt_ns: Some(value),
                ..reply(seq?)
            }),
            Kind::Late => Record::Reply(Reply {
                late_ns: Some(value),
                ..reply(seq?)
            }),
            Kind::Duplicate => Record::Reply(Reply {
                duplicate_ns: Some(value),
                ..reply(seq?)
            }),
            Kind::Ignored => Record::Reply(Reply {
                ignored: codes::to_ignored(value),
                ..reply(seq?)
            }),
            Kind::Lost => Record::Lost(Lost {
                lost: seq?,
                deadline_ns: value,
            }),
            Kind::Missed => Record::Missed(Missed {
                missed: value,
                at_ns,
                due_ns: at_ns,
            }),
            Kind::Refused => Record::Unreachable(Unreachable {
                unreachable: seq,
                at_ns,
                error: None,
                refused: seq,
                after_ns: Some(value),
                ignored: None,
            }),
            Kind::Unsent => Record::Unsent(Unsent {
                unsent: seq?,
                at_ns,
                error: None,
                ignored: None,
            }),
            Kind::Stamped => {
                let settled = index(*self.probes.settled.get(probe?)?);
                Record::Kernel(Kernel {
                    kernel: seq?,
                    kernel_ns: value.cast_signed(),
                    decided_rtt_ns: settled.and_then(|at| self.events.value.get(at).copied()),
                    ignored: None,
                })
            }
            Kind::Stopped => Record::Stop(Stop {
                stop: codes::to_stop(value),
                at_ns,
            }),
            Kind::Done => Record::Done(Done { done: true, at_ns }),
            Kind::Gap => Record::Gap(Gap { gap: value, at_ns }),
            // A heartbeat's record is kept whole.
            // So is an incident.
            Kind::Reflected
            | Kind::Unanswered
            | Kind::Dropped
            | Kind::Intervened
            | Kind::Heard
            | Kind::Silent
            | Kind::Incident => return None,
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

fn reply_kind(reply: &Reply) -> (Kind, u64) {
    if let Some(rtt) = reply.rtt_ns {
        (Kind::Replied, rtt)
    } else if let Some(rtt) = reply.late_ns {
        (Kind::Late, rtt)
    } else if let Some(rtt) = reply.duplicate_ns {
        (Kind::Duplicate, rtt)
    } else {
        (Kind::Ignored, codes::from_ignored(reply.ignored))
    }
}
