//! What the server's journal says of a merged run's probes, laid on the client's clock.
//!
//! Owns when each probe was at the server, as far as that is certain, and where the lost ones
//! were lost. The bounds of the server's clock are `udping-journal`'s.

use udping_journal::both::{BothEnds, BothSummary, LossPlace};
use udping_journal::clocks::{Bounds, Clocks};
use udping_journal::{Far, Header, Parts};

use super::log::{Code, Cursor, EventKind, Log, index, index_u32};
use super::order::ordered;

/// The server's journal of a run.
#[derive(Debug, Clone)]
pub struct ServerSide {
    /// By number.
    far: Vec<Far>,
    /// By number.
    parts: Vec<Parts>,
    clocks: Option<Clocks>,
    summary: BothSummary,
    fastest: Option<Fastest>,
    whole: Option<Whole>,
    /// The longest from a probe's sending to anything of it.
    longest_ns: u64,
}

/// The earliest and the latest moment at which something can have happened, on the client's
/// clock, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The earliest.
    pub min: u64,
    /// The latest.
    pub max: u64,
}

/// When a probe was at the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// It came (T2).
    pub reached: Moment,
    /// The reply went out (T3), if one did.
    pub answered: Option<Moment>,
    /// How long that took, by the server's own clock; `None` where no reply went out.
    pub dwell_ns: Option<u64>,
}

/// The exchange that was on its way the shortest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fastest {
    /// Its probe's number.
    pub seq: u64,
    /// How long it was on its way, there and back.
    pub on_the_way_ns: u64,
}

/// What the exchanges of the whole run took where, each in the middle of its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// To the server.
    pub there: Spread,
    /// In the server.
    pub dwell: Spread,
    /// On the way back.
    pub back: Spread,
}

/// Some durations in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// In the middle of all.
    pub median_ns: u64,
    /// The longest.
    pub max_ns: u64,
}

impl Moment {
    /// In the middle.
    #[must_use]
    pub const fn middle(self) -> u64 {
        self.min.midpoint(self.max)
    }

    /// How far it may be from there.
    #[must_use]
    pub const fn doubt_ns(self) -> u64 {
        self.max.saturating_sub(self.min).div_ceil(2)
    }
}

impl ServerSide {
    pub(crate) fn of(header: &Header, log: &Log, far: &[Far]) -> Option<Self> {
        let mut both = BothEnds::new(header.far_end.as_ref()?);
        for event in 0..log.events.at.len() {
            if let Some(record) = log.record(event) {
                both.take(&record, log.seq(event));
            }
        }
        for far in far {
            both.take_far(far);
        }
        // Where nothing or a contradiction is known of its clock, its times stand nowhere.
        let clocks = both.lay_clocks().ok().and_then(|()| both.clocks().cloned());
        let parts: Vec<Parts> = core::iter::from_fn(|| both.next_parts(0)).collect();
        let mut far = far.to_vec();
        far.sort_by_cached_key(|it| it.far);
        let mut side = Self {
            summary: *both.summary(0).both,
            fastest: fastest(log, &far),
            whole: whole(&parts),
            far,
            parts,
            clocks,
            longest_ns: 0,
        };
        let probes = &log.probes;
        let time = |event: Option<&u32>| log.events.at.get(index(*event?)?).copied();
        for (probe, seq) in probes.seq.iter().enumerate() {
            let Some(sent) = time(probes.sent.get(probe)) else {
                continue;
            };
            let left = side.visit(*seq, sent).map_or(0, Visit::last_ns);
            let replied = time(probes.late.get(probe)).or_else(|| time(probes.settled.get(probe)));
            let last = left.max(replied.unwrap_or(0));
            side.longest_ns = side.longest_ns.max(last.saturating_sub(sent));
        }
        Some(side)
    }

    fn far(&self, seq: u64) -> Option<&Far> {
        let at = self.far.binary_search_by_key(&seq, |it| it.far).ok()?;
        self.far.get(at)
    }

    /// When the probe of this number was at the server, which was sent at `sent_ns`; `None`
    /// where it never came there, or nobody can say when.
    #[must_use]
    pub fn visit(&self, seq: u64, sent_ns: u64) -> Option<Visit> {
        let (far, clocks) = (self.far(seq)?, self.clocks.as_ref()?);
        if far.lost_request {
            return None;
        }
        let arrived = far.t2_ns.saturating_add(far.request_delay_ns.unwrap_or(0));
        let left = far.t3_ns.map(|left| {
            let held = far.reply_delay_ns.unwrap_or(0);
            left.saturating_sub(held).max(arrived)
        });
        let dwell_ns = left.map(|left| left - arrived);
        let here = |there: u64| {
            let at = |bound: i64| u64::try_from(bound).unwrap_or(0).max(sent_ns);
            let Bounds { min, max } = clocks.here(there);
            Moment {
                min: at(min),
                max: at(max),
            }
        };
        Some(Visit {
            reached: here(arrived),
            answered: left.map(here),
            dwell_ns,
        })
    }

    /// What the round trip of a probe took where, or where it was lost.
    #[must_use]
    pub fn parts(&self, seq: u64) -> Option<&Parts> {
        let at = self.parts.binary_search_by_key(&seq, |it| it.parts).ok()?;
        self.parts.get(at)
    }

    /// Where a probe was lost to which no reply ever came; `None` where that is not known.
    #[must_use]
    pub fn loss(&self, seq: u64) -> Option<LossPlace> {
        self.parts(seq)?.loss
    }

    /// When a probe's last trace at the server was, at the latest.
    pub(crate) fn left_by(&self, seq: u64) -> Option<u64> {
        self.visit(seq, 0).map(Visit::last_ns)
    }

    /// Each probe that came as an event, and when it was answered, of which `client` is the
    /// client's log. What was not answered is lost at the end.
    pub(crate) fn log(&self, client: &Log) -> Log {
        let end = client.events.at.last().copied().unwrap_or(0);
        let visits = client.probes.seq.iter().zip(&client.probes.sent);
        let visits = visits.filter_map(|(seq, sent)| {
            let sent = *client.events.at.get(index(*sent)?)?;
            Some((*seq, self.visit(*seq, sent)?))
        });
        let visits: Vec<(u64, Visit)> = visits.collect();
        let came = visits.iter().map(|(_, it)| it.reached.middle());
        let mut log = Log::default();
        let mut waiting: Vec<(u64, Option<u64>, u32)> = Vec::new();
        for at in ordered(came) {
            let Some((seq, visit)) = visits.get(at) else {
                continue;
            };
            let reached = visit.reached.middle();
            let probe = index_u32(log.probes.seq.len());
            // One whose reply was lost as it left was answered, too.
            let lost = self.loss(*seq) == Some(LossPlace::Reply);
            let dwell = visit.dwell_ns.or_else(|| lost.then_some(0));
            let answered = dwell.map_or(u64::MAX, |dwell| reached.saturating_add(dwell));
            waiting.push((answered, dwell, probe));
            log.push_sent(reached, *seq, reached);
        }
        // What is pushed is in order of time: the sendings again, with the answers between.
        let sent = core::mem::take(&mut log);
        let mut answers = ordered(waiting.iter().map(|(at, ..)| *at)).peekable();
        let mut answer = |log: &mut Log, until: u64| {
            while let Some((at, dwell, probe)) = answers.peek().and_then(|it| waiting.get(*it))
                && *at <= until
            {
                let (code, value, at) = match dwell {
                    Some(dwell) => (Code::new(EventKind::Replied), *dwell, *at),
                    None => (Code::new(EventKind::Lost), end, end),
                };
                log.push(at, code, Some(*probe), value);
                answers.next();
            }
        };
        for (seq, at) in sent.probes.seq.iter().zip(&sent.events.at) {
            answer(&mut log, at.saturating_sub(1));
            log.push_sent(*at, *seq, *at);
        }
        answer(&mut log, u64::MAX);
        log
    }

    /// What both ends come to.
    #[must_use]
    pub fn summary(&self) -> &BothSummary {
        &self.summary
    }

    /// The exchange that says most of the server's clock; `None` if none does.
    #[must_use]
    pub fn fastest(&self) -> Option<Fastest> {
        self.fastest.filter(|_| self.clocks.is_some())
    }

    /// What the exchanges took where; `None` if there is none.
    #[must_use]
    pub fn whole(&self) -> Option<Whole> {
        self.whole
    }

    /// How far the server's clock may be from where it is taken to be, at the worst moment;
    /// `None` where it is not known at all.
    #[must_use]
    pub fn doubt_ns(&self) -> Option<u64> {
        // How wide the bounds are has its greatest value at an end: the most a line can be is
        // convex, and the least concave.
        let ends = [self.summary.first_offset_ns, self.summary.last_offset_ns];
        let doubt = |it: Bounds| it.max.abs_diff(it.min).div_ceil(2);
        ends.into_iter().flatten().map(doubt).max()
    }

    pub(crate) fn longest_ns(&self) -> u64 {
        self.longest_ns
    }
}

impl Visit {
    const fn last_ns(self) -> u64 {
        match self.answered {
            Some(answered) => answered.max,
            None => self.reached.max,
        }
    }
}

/// The exchange of the shortest time on the way.
fn fastest(log: &Log, far: &[Far]) -> Option<Fastest> {
    let all = log.events.at.len();
    let end = Cursor {
        at_ns: u64::MAX,
        index: all,
    };
    // Neither deadline nor horizon matters here.
    let wait = super::log::Wait {
        timeout_ns: 0,
        late_window_ns: 0,
    };
    let exchanges = far.iter().filter_map(|far| {
        let probe = log.find(far.far).and_then(index)?;
        let probe = log.probe(probe, end, wait)?;
        let rtt = probe.rtt_ns.filter(|_| probe.verified)?;
        Some(Fastest {
            seq: far.far,
            on_the_way_ns: rtt.checked_sub(far.t3_ns?.checked_sub(far.t2_ns)?)?,
        })
    });
    exchanges.min_by_key(|it| it.on_the_way_ns)
}

fn whole(parts: &[Parts]) -> Option<Whole> {
    let spread = |of: &dyn Fn(&Parts) -> Option<u64>| {
        let mut all: Vec<u64> = parts.iter().filter_map(of).collect();
        all.sort_unstable();
        Some(Spread {
            median_ns: *all.get(all.len() / 2)?,
            max_ns: *all.last()?,
        })
    };
    let middle = |bounds: Bounds| bounds.min.midpoint(bounds.max).unsigned_abs();
    Some(Whole {
        there: spread(&|it| it.there_ns.map(middle))?,
        dwell: spread(&|it| it.server_ns)?,
        back: spread(&|it| it.back_ns.map(middle))?,
    })
}

#[cfg(test)]
mod tests;
