//! What the diagram shows of each event at the client's end: its mark, in its probe's lane,
//! what came of the probe, and in a recorded run the known ends of the ways, or all of them
//! where the server told its times.

use udping_core::heartbeat::BeatOrder;
use udping_link::Direction;

use super::draw::Drawing;
use super::labels::{Candidate, Rank};
use super::layout::LABEL_PX;
use super::{Anchor, Diagram, Label, LineEnd, Shape, Target};
use crate::log::{Cursor, Event, EventData, Symbol};
use crate::run::Origin;
use crate::scale::float;
use crate::server_side::ServerSide;

/// How far the known end of a way of unknown length reaches, as a share of the width
/// between the lanes, and how far down.
const STUB: (f64, f64) = (0.3, 10.0);
/// How far below a row the next one is.
const NEXT_ROW_PX: f64 = 14.0;
/// From this many events in sight on, they are not even looked at one by one.
const MOST_SEEN: usize = 20_000;

impl Drawing<'_> {
    /// What happened at the client's lane.
    pub(super) fn events(&mut self) {
        // A whole way begins or ends out of sight of its event.
        let clock = self.run.server_clock().map_or(0, |it| it.longest_ns);
        let side = self.run.server_side().map_or(0, ServerSide::longest_ns);
        let reach = clock.max(side);
        let (from, until) = self.sight;
        let (from, until) = (from.saturating_sub(reach), until.saturating_add(reach));
        let log = self.run.log();
        let first = log.events.at.partition_point(|at| *at < from);
        let last = log.events_by(until).min(self.cursor.index);
        let count = last.saturating_sub(first);
        let stride = count.div_ceil(2 * Diagram::MOST).max(1);
        let mut unusual = 0;
        for (number, at) in (first..last).enumerate() {
            let drawn = (count <= MOST_SEEN || number % stride == 0)
                .then(|| self.run.event(at))
                .flatten()
                .is_some_and(|event| {
                    let ordinary = matches!(
                        event.what,
                        EventData::Sent { .. } | EventData::Replied { .. }
                    );
                    let is_chosen = event.probe.is_some() && event.probe == self.view.chosen;
                    let spare = !ordinary && unusual < Diagram::MOST;
                    let draws = number % stride == 0 || is_chosen || spare;
                    if draws {
                        unusual += usize::from(!ordinary);
                        self.event(&event, is_chosen);
                    }
                    draws
                });
            // Of a simulated run the ways have been counted.
            if !drawn && self.run.origin() == Origin::Recorded {
                self.diagram.left_out += 1;
            }
        }
    }

    fn event(&mut self, event: &Event, chosen: bool) {
        if let EventData::Intervened { intervention, .. } = event.what {
            // Above now's line, not through it.
            let at = (self.diagram.client_x + LABEL_PX, self.y(event.at_ns) - 11.0);
            let acted = Label::Acted(intervention.action);
            return self.candidate(event, Anchor::Start, at, acted, None);
        }
        let Some(symbol) = event.what.symbol() else {
            return;
        };
        // Where a packet was lost stands at its way's end.
        if matches!(event.what, EventData::Dropped { .. }) {
            return;
        }
        let at_server = matches!(
            event.what,
            EventData::Heard { .. }
                | EventData::Silent { .. }
                | EventData::Received { .. }
                | EventData::Answered { .. }
                | EventData::NotAnswered(_)
                | EventData::Transmitted
        );
        let x = match (at_server, event.probe) {
            (true, _) => self.diagram.server_x,
            (false, Some(probe)) if self.layout.lanes > 0 && symbol != Symbol::InFlight => {
                // A copy came when its probe was settled, perhaps in the next one's bar.
                let aside = match symbol {
                    Symbol::Duplicate | Symbol::Ignored => self.layout.lane_gap / 2.0,
                    _ => 0.0,
                };
                self.lane_x(probe) + aside
            }
            (false, _) => self.diagram.client_x,
        };
        let y = self.y(event.at_ns);
        let target = match event.probe {
            Some(probe) => Target::Probe(probe),
            None => Target::Event(event.index),
        };
        if self.layout.far_end_unseen {
            self.edge(event, target, chosen);
        } else if let Some(server) = self.run.server_side() {
            self.both_ends(server, event, target, symbol, chosen);
        } else if self.run.origin() == Origin::Recorded
            && !self.exchange(event, target, symbol, chosen)
        {
            self.stub(event, target, symbol, chosen);
        }
        self.diagram.shapes.push(Shape::Symbol {
            target,
            x,
            y,
            symbol,
            chosen,
            differs: event.differs,
        });
        self.label_event(event, symbol, (x, y));
    }

    /// A way with both its ends, where the server told its own; whether it did.
    fn exchange(&mut self, event: &Event, target: Target, symbol: Symbol, chosen: bool) -> bool {
        let is_sent = matches!(event.what, EventData::Sent { .. });
        let exchange = match (is_sent, event.probe) {
            (true, Some(probe)) => self.run.exchange_of(probe, self.cursor),
            (true, None) => None,
            (false, _) => self.run.exchange(event.index),
        };
        let Some(it) = exchange else { return false };
        let (client, server) = (self.diagram.client_x, self.diagram.server_x);
        let (direction, from, to) = if is_sent {
            let to = (server, self.y(it.reached));
            (Direction::Request, (client, self.y(it.sent)), to)
        } else {
            self.dwell(target, it.reached, it.answered, chosen);
            let to = (client, self.y(it.arrived));
            (Direction::Reply, (server, self.y(it.answered)), to)
        };
        self.diagram.shapes.push(Shape::Line {
            target,
            points: vec![from, to],
            direction,
            symbol,
            end: LineEnd::Arrow,
            chosen,
            differs: event.differs,
        });
        if chosen {
            let (first, other) = if is_sent { (1, 2) } else { (3, 4) };
            for (stamp, (x, y)) in [(first, from), (other, to)] {
                // Above the way there, and beneath the way back.
                let y = if is_sent { y - 9.0 } else { y + 9.0 };
                self.stamp(target, stamp, (x, y));
            }
        }
        true
    }

    /// That a datagram left for the far end, or came from there, where that is not seen.
    fn edge(&mut self, event: &Event, target: Target, chosen: bool) {
        let direction = match event.what {
            EventData::Sent { .. } => Direction::Request,
            EventData::Replied { .. }
            | EventData::Late { .. }
            | EventData::Duplicate { .. }
            | EventData::Ignored(_)
            | EventData::Refused { .. } => Direction::Reply,
            _ => return,
        };
        self.diagram.shapes.push(Shape::Edge {
            target,
            x: self.diagram.server_x,
            y: self.y(event.at_ns),
            direction,
            chosen,
        });
    }

    pub(super) fn stamp(&mut self, target: Target, stamp: u8, (x, y): (f64, f64)) {
        let at_client = matches!(stamp, 1 | 4);
        let (at, anchor) = if at_client {
            ((x + 8.0, y), Anchor::Start)
        } else {
            ((x - 8.0, y), Anchor::End)
        };
        self.candidates.push(Candidate {
            target: Some(target),
            ..Candidate::new(Rank::Chosen, at, anchor, Label::Stamp(stamp))
        });
    }

    /// The known end of a way whose other end nobody saw.
    pub(super) fn stub(&mut self, event: &Event, target: Target, symbol: Symbol, chosen: bool) {
        let (x, y) = (self.diagram.client_x, self.y(event.at_ns));
        let reach = (self.diagram.server_x - x) * STUB.0;
        let slope = self.slope(event);
        let (direction, end, points) = match event.what {
            EventData::Sent { .. } => {
                let points = vec![(x, y), (x + reach, y + slope)];
                (Direction::Request, LineEnd::FadeOut, points)
            }
            EventData::Replied { .. }
            | EventData::Late { .. }
            | EventData::Duplicate { .. }
            | EventData::Refused { .. } => {
                let points = vec![(x + reach, y - slope), (x, y)];
                (Direction::Reply, LineEnd::FadeIn, points)
            }
            // When and where it set out, its receiver does not see.
            EventData::Heard { .. } | EventData::Received { .. } => {
                let x = self.diagram.server_x;
                let points = vec![(x - reach, y - slope), (x, y)];
                (Direction::Request, LineEnd::FadeIn, points)
            }
            EventData::Transmitted => {
                let x = self.diagram.server_x;
                let points = vec![(x, y), (x - reach, y + slope)];
                (Direction::Reply, LineEnd::FadeOut, points)
            }
            EventData::Ignored(_) if event.probe.is_some() => {
                let points = vec![(x + reach, y - slope), (x, y)];
                (Direction::Reply, LineEnd::FadeIn, points)
            }
            _ => return,
        };
        self.diagram.shapes.push(Shape::Line {
            target,
            points,
            direction,
            symbol,
            end,
            chosen,
            differs: event.differs,
        });
    }

    /// How far a stub goes down: little, and never so far that there and back would cross.
    fn slope(&self, event: &Event) -> f64 {
        let end = Cursor {
            at_ns: self.cursor.at_ns,
            index: self.cursor.index,
        };
        let rtt = event
            .probe
            .and_then(|probe| self.run.probe(probe, end)?.rtt_ns);
        let trip = rtt.map_or(f64::INFINITY, |rtt| float(rtt) * self.scale.px_per_ns());
        STUB.1.min(trip * STUB.0)
    }

    fn label_event(&mut self, event: &Event, symbol: Symbol, (x, y): (f64, f64)) {
        let seq = event.seq.unwrap_or(0);
        let name_x = self.diagram.client_x - LABEL_PX;
        let text = match event.what {
            EventData::Sent { .. } if self.run.beats() => {
                let at = (name_x, y);
                return self.candidate(event, Anchor::End, at, Label::Beat(seq), None);
            }
            EventData::Sent { .. } => {
                if self.layout.far_end_unseen {
                    return self.candidate(event, Anchor::End, (name_x, y), Label::Ping(seq), None);
                }
                // The row is that of the result that came in the same moment.
                let y = if self.tells_at(event) {
                    y + NEXT_ROW_PX
                } else {
                    y
                };
                let at = (self.layout.outcome.0, y);
                return self.candidate(event, Anchor::End, at, Label::Ping(seq), None);
            }
            EventData::Heard { order, .. } => {
                if let BeatOrder::Gap { from } = order {
                    let missing = Label::Missing(from, seq.saturating_sub(1));
                    let at = (x - LABEL_PX, y + 14.0);
                    self.candidate(event, Anchor::End, at, missing, Some(Symbol::Lost));
                }
                let at = (x + LABEL_PX, y);
                return self.candidate(event, Anchor::Start, at, Label::Beat(seq), None);
            }
            EventData::Received { .. } => {
                let Some(seq) = event.seq else { return };
                let at = (x + LABEL_PX, y);
                return self.candidate(event, Anchor::Start, at, Label::Ping(seq), None);
            }
            EventData::Silent { .. } => {
                let at = (x + LABEL_PX, y);
                return self.candidate(event, Anchor::Start, at, Label::Silent, Some(symbol));
            }
            // As the mark says that it was late, the time will do where there is no room.
            EventData::Late { rtt_ns, .. } if self.layout.wordy => Label::Late(seq, rtt_ns),
            EventData::Replied { rtt_ns, .. } | EventData::Late { rtt_ns, .. } => {
                Label::Rtt(seq, rtt_ns)
            }
            EventData::Duplicate { .. } => Label::Duplicate(seq),
            EventData::Ignored(_) => Label::Ignored,
            EventData::Refused { .. } => Label::Refused(seq),
            EventData::Unsent => Label::Unsent(seq),
            EventData::Lost { .. } => Label::Lost(seq),
            _ => return,
        };
        let (x, anchor) = self.layout.outcome;
        self.candidate(event, anchor, (x, y), text, Some(symbol));
        if self.layout.far_end_unseen {
            self.compare_with_deadline(event, (x + text.width(self.view.letter), y));
        }
    }

    /// Whether a result stands in the row of the probe that an event sends.
    fn tells_at(&self, sent: &Event) -> bool {
        let y = self.y(sent.at_ns);
        // Where more happens within a row, there is no room for names.
        let before = (0..sent.index).rev().take(8);
        let before = before.filter_map(|at| self.run.event(at));
        let mut near = before.take_while(|event| y - self.y(event.at_ns) < NEXT_ROW_PX);
        near.any(|event| {
            matches!(
                event.what,
                EventData::Replied { .. } | EventData::Lost { .. } | EventData::Late { .. }
            )
        })
    }

    /// How far from its deadline a reply came, where there is room for that, and what it was
    /// on record.
    fn compare_with_deadline(&mut self, event: &Event, at: (f64, f64)) {
        let timeout = self.run.header().timeout_ns;
        let recorded = self.run.recorded_timeout_ns().unwrap_or(timeout);
        let listened = self.run.recorded_listened_ns().unwrap_or(u64::MAX);
        let was = match event.what {
            EventData::Replied { rtt_ns, .. } if rtt_ns > listened => Some(Symbol::Lost),
            EventData::Replied { rtt_ns, .. } if rtt_ns > recorded => Some(Symbol::Late),
            EventData::Late { rtt_ns, .. } if rtt_ns <= recorded => Some(Symbol::Replied),
            _ => None,
        };
        let text = match event.what {
            EventData::Replied { rtt_ns, .. } => Label::Spare(timeout.saturating_sub(rtt_ns)),
            EventData::Late { rtt_ns, .. } => Label::Past(rtt_ns.saturating_sub(timeout)),
            _ => return,
        };
        let beside = (at.0 + LABEL_PX, at.1);
        let candidate = Candidate {
            target: event.probe.map(Target::Probe),
            ..Candidate::new(Rank::Axis, beside, Anchor::Start, text)
        };
        let wordy = self.layout.wordy;
        if let Some(was) = was {
            let room = if wordy {
                text.width(self.view.letter)
            } else {
                0.0
            };
            self.candidates.push(Candidate {
                rank: Rank::Unusual,
                at: (candidate.at.0 + room, at.1),
                text: Label::Was(was),
                symbol: Some(was),
                ..candidate
            });
        }
        if wordy {
            self.candidates.push(candidate);
        }
    }

    pub(super) fn candidate(
        &mut self,
        event: &Event,
        anchor: Anchor,
        at: (f64, f64),
        text: Label,
        symbol: Option<Symbol>,
    ) {
        let named = matches!(text, Label::Ping(_) | Label::Beat(_));
        let ordinary = matches!(text, Label::Rtt(..)) && symbol != Some(Symbol::Late);
        let chosen = event.probe.is_some() && event.probe == self.view.chosen;
        let target = event.probe.map(Target::Probe);
        let rank = match chosen {
            true => Rank::Chosen,
            false if named => Rank::Name,
            false if ordinary => Rank::Usual,
            false => Rank::Unusual,
        };
        self.candidates.push(Candidate {
            target: Some(target.unwrap_or(Target::Event(event.index))),
            // Where one probe ends and the next begins in the same moment.
            or_below: named.then_some(NEXT_ROW_PX),
            symbol,
            ..Candidate::new(rank, at, anchor, text)
        });
    }
}
