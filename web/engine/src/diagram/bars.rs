//! How long each probe waits: a bar from its sending until it is settled, its deadline,
//! and how long it is listened for after that.
//!
//! Owns which probes in sight have a bar, and the crowd of those for which there is no lane.

use super::draw::Drawing;
use super::{Diagram, Shape, Target};
use crate::log::{Probe, Symbol, index};

/// How high a row of the crowd is, in pixels.
const ROW_PX: f64 = 6.0;

/// How far below its bar's end a deadline still belongs to it to the eye, in pixels.
const NEAR_PX: f64 = 120.0;

/// From so many probes in sight on, the crowd is not counted.
const MOST_COUNTED: usize = 20_000;

impl Drawing<'_> {
    pub(super) fn bars(&mut self) {
        if self.layout.lanes == 0 {
            return;
        }
        let (first, end) = self.probes_in_sight();
        // Too many for a bar each are a crowd, but for the chosen one.
        let each = end - first <= Diagram::MOST;
        // Where each lane's last dotted line is: the next bar there ends it.
        let mut dotted = vec![None; self.layout.lanes];
        for at in first..end {
            let chosen = self.view.chosen == Some(at);
            if !each && !chosen {
                continue;
            }
            let lane = self.lane_of(at).and_then(|lane| dotted.get_mut(lane));
            if let (Some(last), Some(probe)) = (lane, self.run.probe(at, self.cursor)) {
                self.bar(&probe, chosen, last);
            }
        }
        if (self.layout.crowded || !each) && end - first <= MOST_COUNTED {
            self.crowd(first..end, each);
        }
    }

    /// Its lane, where that is drawn.
    pub(super) fn lane_of(&self, probe: usize) -> Option<usize> {
        let lane = self.run.lanes().lane(probe)?;
        (lane < self.layout.lanes).then_some(lane)
    }

    /// Where a probe's bar is.
    pub(super) fn lane_x(&self, probe: usize) -> f64 {
        self.layout.lane(self.lane_of(probe))
    }

    /// The probes that were sent so late that something of theirs may be in sight.
    fn probes_in_sight(&self) -> (usize, usize) {
        let log = self.run.log();
        let header = self.run.header();
        let reach = header.timeout_ns.saturating_add(header.late_window_ns);
        let from = self.sight.0.saturating_sub(reach);
        let sent_at = |event: &u32| index(*event).and_then(|event| log.events.at.get(event));
        let sent = &log.probes.sent;
        let first = sent.partition_point(|event| sent_at(event).is_some_and(|at| *at < from));
        let until = self.sight.1;
        let end = sent.partition_point(|event| sent_at(event).is_some_and(|at| *at <= until));
        let newest = self.run.newest(self.cursor).map_or(0, |newest| newest + 1);
        let end = end.min(newest);
        (first.min(end), end)
    }

    fn bar(&mut self, probe: &Probe, chosen: bool, dotted: &mut Option<usize>) {
        let Some(sent) = probe.sent_ns else { return };
        let x = self.lane_x(probe.index);
        let (now, y1) = (self.cursor.at_ns, self.y(sent));
        let time = |event: usize| self.run.log().events.at.get(event).copied();
        let settled = probe.settled_event.and_then(time);
        let symbol = match probe.symbol {
            Some(Symbol::Late) => Symbol::Lost,
            symbol => symbol.unwrap_or(Symbol::InFlight),
        };
        if let Some(Shape::Listened { y2, .. }) =
            dotted.take().and_then(|at| self.diagram.shapes.get_mut(at))
        {
            *y2 = y2.min(y1);
        }
        self.diagram.shapes.push(Shape::Branch {
            y: y1,
            x1: self.diagram.client_x,
            x2: x,
        });
        self.diagram.shapes.push(Shape::Bar {
            target: Target::Probe(probe.index),
            x,
            y1,
            y2: self.y(settled.unwrap_or(now)),
            symbol,
            chosen,
        });
        let deadline = self.y(probe.deadline_ns);
        if settled.is_none() {
            self.diagram.shapes.push(Shape::Ahead {
                x,
                y1: self.y(now),
                y2: deadline,
            });
        }
        if symbol == Symbol::Lost {
            let late = self.run.log().late_by(probe.index, self.cursor.index);
            let heard = late
                .and_then(time)
                .unwrap_or(probe.horizon_ns.min(self.run.end_ns()));
            *dotted = Some(self.diagram.shapes.len());
            self.diagram.shapes.push(Shape::Listened {
                x,
                y1: deadline,
                y2: self.y(heard.min(now)).max(deadline),
            });
        }
        self.deadline(probe, chosen, settled, probe.deadline_ns, false);
        if let Some(timeout) = self.run.recorded_timeout_ns() {
            let recorded = sent.saturating_add(timeout);
            self.deadline(probe, chosen, settled, recorded, true);
        }
    }

    /// A deadline that a probe did not need is told where it is near, and of the chosen one.
    fn deadline(
        &mut self,
        probe: &Probe,
        chosen: bool,
        settled: Option<u64>,
        deadline_ns: u64,
        recorded: bool,
    ) {
        let (now, y) = (self.cursor.at_ns, self.y(deadline_ns));
        let needed = settled.is_none_or(|at| at >= deadline_ns);
        let near = || {
            let skips = self.scale.skips(deadline_ns, deadline_ns);
            skips.is_empty() && y - self.y(settled.unwrap_or(now)) < NEAR_PX
        };
        if needed || chosen && deadline_ns <= self.run.end_ns() || near() {
            self.diagram.shapes.push(Shape::Deadline {
                x: self.lane_x(probe.index),
                y,
                ahead: deadline_ns > now,
                recorded,
            });
        }
    }

    /// How many probes wait that have no bar, row by row.
    fn crowd(&mut self, probes: core::ops::Range<usize>, barred: bool) {
        let rows = crate::scale::whole(self.view.height / ROW_PX).min(10_000);
        let rows = usize::try_from(rows).unwrap_or(0);
        let row = |y: f64| {
            let row = crate::scale::whole(y / ROW_PX);
            usize::try_from(row).unwrap_or(rows).min(rows)
        };
        // What changes at a row: the sum so far is how many wait there.
        let mut changes = vec![0_i32; rows + 2];
        for at in probes.filter(|at| !barred || self.lane_of(*at).is_none()) {
            let Some(probe) = self.run.probe(at, self.cursor) else {
                continue;
            };
            let settled = probe
                .settled_event
                .and_then(|event| self.run.log().events.at.get(event).copied());
            let until = self.y(settled.unwrap_or(self.cursor.at_ns));
            let (from, until) = (row(self.y(probe.sent_ns.unwrap_or(0))), row(until));
            for (row, change) in [(from, 1), (until + 1, -1)] {
                if let Some(here) = changes.get_mut(row).filter(|_| until > 0) {
                    *here += change;
                }
            }
        }
        let mut waiting = 0;
        let counts: Vec<i32> = changes
            .iter()
            .map(|change| {
                waiting += change;
                waiting
            })
            .collect();
        let most = counts.iter().copied().max().unwrap_or(0).max(1);
        let x = self.layout.lane(None);
        for (row, count) in (0_u32..).zip(counts).filter(|(_, count)| *count > 0) {
            let y1 = f64::from(row) * ROW_PX;
            self.diagram.shapes.push(Shape::Density {
                x: x - self.layout.lane_gap.abs() / 2.0,
                y1,
                y2: y1 + ROW_PX,
                share: f64::from(count) / f64::from(most),
            });
        }
    }
}
