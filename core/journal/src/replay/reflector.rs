//! A reflector's journal against its rules.
//!
//! Owns what is on its way to an answer. What the guard remembered and drew stands on record,
//! since its secret does not; what it decided by that is decided again.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::net::{IpAddr, SocketAddr};

use super::error::ReplayError;
use super::report::{Difference, Report};
use crate::header::{Header, Kind};
use crate::record::{Done, Received, Record, ServedRecord, Transmitted};
use crate::reflector::{Judged, Way, tcp_delay};
use crate::script::{PacketName, Passage, Script, SourceCounts};
use crate::served::ServedSummary;
use udping_core::guard::{Draws, DropReason, Lookup, Memory, Rules, Source, prefix};
use udping_core::time::{ReflectorTime, saturating_nanos};
use udping_core::wire::WireName;

use udping_link::{Direction, Fate, Link, PacketId};

/// A replay of a reflector's journal.
#[derive(Debug, Clone)]
pub struct ReflectorReplay {
    guard: ReplayedGuard,
    tcp: TcpReplay,
    request: Link,
    reply: Link,
    script: Script,
    /// How many datagrams came from each source, by which a script calls them.
    sources: SourceCounts,
    /// Copies of datagrams that are to be judged.
    arriving: BTreeMap<(u64, u32), InFlight>,
    /// Answers that are to go out, and not before when: to which copy, and which of the answer's.
    leaving: BTreeMap<(u64, u32, u32), u64>,
    summary: ServedSummary,
    latest: u64,
    report: Report,
}

/// A copy of a datagram that is on its way.
#[derive(Debug, Clone, Copy)]
struct InFlight {
    from: SocketAddr,
    /// It does not arrive before.
    due: u64,
    /// What a script calls the datagram.
    number: u64,
}

/// What came over TCP, where each request is judged at once and its answer held back.
#[derive(Debug, Clone)]
struct TcpReplay {
    guard: ReplayedGuard,
    /// Requests that are to be judged: from where, and when they came.
    arriving: BTreeMap<u64, (SocketAddr, u64)>,
    /// Answers that are to go out, and not before when.
    leaving: BTreeMap<u64, u64>,
}

/// A guard that remembers and draws what is on record.
#[derive(Debug, Clone)]
struct ReplayedGuard {
    wire: WireName,
    rules: Rules,
    no_guard: Vec<DropReason>,
    memory: Recorded,
}

/// The sources as the record says that the guard found them.
#[derive(Debug, Clone, Default)]
struct Recorded {
    sources: BTreeMap<u128, Source>,
    endpoints: BTreeMap<SocketAddr, Source>,
    draws: Draws,
}

/// What is known of a source that was found in this `place`.
fn found<K: Ord>(
    known: &mut BTreeMap<K, Source>,
    key: K,
    place: Lookup,
    now: ReflectorTime,
) -> Option<&mut Source> {
    match place {
        Lookup::Known => {}
        Lookup::New => {
            known.remove(&key);
        }
        Lookup::Full => return None,
    }
    Some(known.entry(key).or_insert_with(|| Source::new(now)))
}

impl Memory for Recorded {
    fn source(&mut self, now: ReflectorTime, ip: IpAddr) -> Option<&mut Source> {
        found(&mut self.sources, prefix(ip), self.draws.source, now)
    }

    fn endpoint(&mut self, now: ReflectorTime, from: SocketAddr) -> Option<&mut Source> {
        found(&mut self.endpoints, from, self.draws.endpoint, now)
    }

    fn chance(&mut self) -> bool {
        self.draws.chance.unwrap_or_default()
    }
}

impl ReplayedGuard {
    /// The rules in the order in which a reflector on this wire goes by them.
    fn admit(
        &mut self,
        it: &Judged,
        found: Option<DropReason>,
        from: SocketAddr,
    ) -> Result<(), DropReason> {
        let now = ReflectorTime::from_nanos(it.at_ns);
        self.memory.draws = it.draws;
        let found = found.filter(|why| !self.no_guard.contains(why));
        let found = |why| found.filter(|it| *it == why).map_or(Ok(()), Err);
        let stamp = self.wire == WireName::Stamp;
        if !stamp {
            found(DropReason::ReplyShaped)?;
        }
        self.rules.admit(&mut self.memory, now, from)?;
        if stamp {
            found(DropReason::Malformed)?;
            found(DropReason::Unauthentic)?;
            found(DropReason::ReplyShaped)?;
        }
        if it.draws.echo {
            self.rules.admit_echo(&mut self.memory, now, from)?;
        }
        if !stamp {
            found(DropReason::Malformed)?;
        }
        found(DropReason::SessionLimit)
    }
}

impl ReflectorReplay {
    /// A replay of what the reflector did that `header` describes.
    ///
    /// # Errors
    /// [`ReplayError`] if no reflector could have.
    pub fn new(header: &Header) -> Result<Self, ReplayError> {
        let spec = header.reflector.as_ref();
        let spec = spec.filter(|_| matches!(header.kind, Kind::Serve | Kind::Heartbeat));
        let spec = spec.ok_or(ReplayError::Kind)?;
        let policy = header.port.and_then(|port| spec.policy(port));
        let guard = ReplayedGuard {
            wire: header.wire,
            rules: Rules::new(&policy.ok_or(ReplayError::Kind)?),
            no_guard: spec.no_guard.clone(),
            memory: Recorded::default(),
        };
        let [request, reply] = spec.links();
        Ok(Self {
            tcp: TcpReplay {
                guard: guard.clone(),
                arriving: BTreeMap::new(),
                leaving: BTreeMap::new(),
            },
            guard,
            request,
            reply,
            script: spec.script.parse().map_err(|_| ReplayError::Kind)?,
            sources: SourceCounts::default(),
            arriving: BTreeMap::new(),
            leaving: BTreeMap::new(),
            summary: ServedSummary::default(),
            latest: 0,
            report: Report::of(header),
        })
    }

    /// What was found so far.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What the reflector did, after the records fed so far.
    #[must_use]
    pub fn summary(&self) -> &ServedSummary {
        &self.summary
    }

    /// Takes the record on `line` (from 1 for the header), and says whether it is decided
    /// otherwise now.
    pub fn feed(&mut self, line: u64, record: &Record) -> Option<&Difference> {
        let before = self.report.differences;
        if self.report.can_judge(record) {
            self.latest = self.latest.max(record.at_ns().unwrap_or_default());
            if !matches!(record, Record::Stop(_)) {
                let decided = self.decide(line, record);
                self.report.judge(line, record, decided.as_ref());
            }
        }
        self.report.since(before)
    }

    /// What a record comes to now.
    pub(super) fn decide(&mut self, line: u64, record: &Record) -> Option<Record> {
        let decided = self.judge(line, record);
        if let Some(decided) = &decided {
            self.summary.note(decided);
        }
        decided
    }

    fn judge(&mut self, line: u64, record: &Record) -> Option<Record> {
        match record {
            Record::Received(it) => self.received(it),
            Record::Answered(it) => self.judged(&it.into(), None, it.size),
            Record::Dropped(it) => self.judged(&it.into(), Some(it.reason), None),
            Record::Transmitted(it) => self.transmitted(it),
            // It ends once.
            Record::Done(_) if self.report.done => None,
            Record::Done(it) => {
                self.report.done = true;
                Some(Record::Done(Done {
                    done: true,
                    at_ns: it.at_ns,
                }))
            }
            Record::Served(it) => {
                self.report.concluded(line, self.latest);
                Some(Record::Served(ServedRecord {
                    served: Box::new(self.summary.clone()),
                    ..it.clone()
                }))
            }
            _ => None,
        }
    }

    fn received(&mut self, it: &Received) -> Option<Record> {
        let from: SocketAddr = it.address.parse().ok()?;
        if it.connection.is_some() {
            let so_far = self.summary.tcp.as_ref().map_or(0, |tcp| tcp.received);
            let received = so_far.saturating_add(1);
            let came = it.arrived_ns.unwrap_or(it.at_ns);
            self.tcp.arriving.insert(received, (from, came));
            let it = Received {
                received,
                ..it.clone()
            };
            return Some(it.on(Way::default()).into());
        }
        let number = self.summary.received.saturating_add(1);
        let fate = self.request.fate(PacketId {
            seq: number,
            copy: 0,
        });
        let name = self.sources.count(from);
        let way = self.way(&fate, name, Direction::Request, 0);
        let taken = it.arrived_ns.unwrap_or(it.at_ns);
        for (copy, delay) in way.arrivals() {
            let due = taken.saturating_add(delay);
            let arriving = InFlight {
                from,
                due,
                number: name,
            };
            self.arriving.insert((number, copy), arriving);
        }
        let it = Received {
            received: number,
            ..it.clone()
        };
        Some(it.on(way).into())
    }

    /// What becomes of a datagram or request, of which this is `found`, if anything was, that
    /// its bytes or the sessions brought about; and if it is answered, by so many bytes.
    fn judged(
        &mut self,
        it: &Judged,
        found: Option<DropReason>,
        size: Option<u32>,
    ) -> Option<Record> {
        if it.connection.is_some() {
            return self.judged_tcp(it, found, size);
        }
        let InFlight { from, due, number } = self.arriving.remove(&(it.number, it.copy))?;
        if it.at_ns < due {
            return None;
        }
        if let Err(reason) = self.guard.admit(it, found, from) {
            return Some(it.dropped(reason).into());
        }
        let fate = self.reply.fate(answer(it.number, it.copy));
        let way = self.way(&fate, number, Direction::Reply, it.copy);
        for (nth, delay) in way.arrivals() {
            let due = it.at_ns.saturating_add(delay);
            self.leaving.insert((it.number, it.copy, nth), due);
        }
        Some(it.answered(size, way).into())
    }

    fn judged_tcp(
        &mut self,
        it: &Judged,
        found: Option<DropReason>,
        size: Option<u32>,
    ) -> Option<Record> {
        let (from, came) = self.tcp.arriving.remove(&it.number)?;
        if let Err(reason) = self.tcp.guard.admit(it, found, from) {
            return Some(it.dropped(reason).into());
        }
        let (delay, _) = tcp_delay([&self.request, &self.reply], it.number);
        let way = Way::delayed(delay);
        let due = came.saturating_add(saturating_nanos(delay));
        self.tcp.leaving.insert(it.number, due);
        Some(it.answered(size, way).into())
    }

    /// What becomes of a packet that meets `fate`, and what a script says of the datagram that
    /// it calls `number`, or of its answer.
    fn way(&self, fate: &Fate, number: u64, direction: Direction, copy: u32) -> Way {
        // A script does not name the copy that the link makes of a request.
        let actions = match copy {
            1 => &[],
            _ => self.script.actions(PacketName {
                number,
                direction,
                copy: copy.saturating_sub(1),
            }),
        };
        let (own, duplicate, copies) = Passage::of(fate, actions);
        Way::of(&own, duplicate.as_ref(), &copies)
    }

    fn transmitted(&mut self, it: &Transmitted) -> Option<Record> {
        let due = if it.connection.is_some() {
            self.tcp.leaving.remove(&it.transmitted)?
        } else {
            let copies = (
                it.copy.unwrap_or_default(),
                it.duplicate.unwrap_or_default(),
            );
            self.leaving.remove(&(it.transmitted, copies.0, copies.1))?
        };
        (it.at_ns >= due).then(|| Record::Transmitted(it.clone()))
    }
}

/// The answer to a copy of a datagram, as the way back names it.
const fn answer(number: u64, copy: u32) -> PacketId {
    PacketId {
        seq: number,
        copy: copy.saturating_mul(2),
    }
}
