//! The frame of the diagram, the packets' ways, timers and the cursor.

use udping_link::Direction;

use super::labels::{Candidate, Rank, place_labels};
use super::{Anchor, Diagram, Label, LineEnd, Shape, Target, Viewport};
use crate::log::{Cursor, Symbol, TimerKind};
use crate::run::{Origin, Run};
use crate::scale::{Scale, float, nice_step};

/// How much is drawn beyond the viewport's edges, in pixels.
const MARGIN_PX: f64 = 24.0;
/// How far from its lane a label is.
pub(super) const LABEL_PX: f64 = 12.0;
/// The least distance of two ticks.
const TICK_PX: f64 = 84.0;
/// How far from the drawing's edge the time axis is labelled.
const EDGE_PX: f64 = 8.0;

/// A diagram that is being drawn.
pub(super) struct Drawing<'a> {
    pub(super) run: &'a Run,
    pub(super) cursor: Cursor,
    pub(super) scale: &'a Scale,
    pub(super) view: Viewport,
    /// The first and last moment in sight.
    pub(super) sight: (u64, u64),
    /// How far from the client's lane it is told what came of a probe, if not where its
    /// name stands.
    pub(super) outcome: Option<f64>,
    pub(super) diagram: Diagram,
    pub(super) candidates: Vec<Candidate>,
}

impl<'a> Drawing<'a> {
    pub(super) fn new(run: &'a Run, cursor: Cursor, scale: &'a Scale, view: Viewport) -> Self {
        // Beside the lane of whoever tells there is room for names and, but on a phone,
        // for what came of them.
        let last = run.last_number();
        let [name, time] = [Label::Ping(last), Label::Rtt(0)].map(|it| it.width(view.letter));
        let outcome = LABEL_PX + name + LABEL_PX / 2.0;
        let narrow = view.width < 480.0;
        let (known, other) = if narrow {
            (LABEL_PX + name.max(time) + 6.0, 56.0)
        } else {
            (outcome + time + 6.0, 84.0)
        };
        let (left, right) = if run.listens() {
            (other, known)
        } else {
            (known, other)
        };
        let diagram = Diagram {
            client_x: left,
            server_x: (view.width - right).max(left + 40.0),
            ..Diagram::default()
        };
        let sight = (
            scale.at_ns(view.top - MARGIN_PX),
            scale.at_ns(view.top + view.height + MARGIN_PX),
        );
        Self {
            run,
            cursor,
            scale,
            view,
            sight,
            outcome: (!narrow).then_some(outcome),
            diagram,
            candidates: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> Diagram {
        self.frame();
        match self.run.origin() {
            Origin::Simulated => self.flights(),
            Origin::Recorded => {}
        }
        self.events();
        self.arcs();
        self.now();
        let labels = place_labels(&self.candidates, &self.diagram.shapes, self.view.letter);
        self.diagram.shapes.extend(labels);
        self.diagram
    }

    pub(super) fn y(&self, at_ns: u64) -> f64 {
        self.scale.y(at_ns) - self.view.top
    }

    /// Lanes, ticks and skips.
    fn frame(&mut self) {
        for (x, server) in [
            (self.diagram.client_x, false),
            (self.diagram.server_x, true),
        ] {
            self.diagram.shapes.push(Shape::Lane { x, server });
        }
        let (from, until) = self.sight;
        let skips = self.scale.skips(from, until);
        for skip in skips {
            let y1 = self.y(skip.from_ns);
            self.diagram.shapes.push(Shape::Skip {
                y1,
                y2: y1 + Scale::SKIP_PX,
            });
            let gap = Label::Gap(skip.until_ns - skip.from_ns);
            self.axis(y1 + Scale::SKIP_PX / 2.0, gap);
        }
        let step = nice_step(TICK_PX / self.scale.px_per_ns());
        let mut at = from.next_multiple_of(step);
        let mut last_y = f64::NEG_INFINITY;
        while at <= until {
            let inside = skips
                .iter()
                .find(|skip| skip.from_ns < at && at < skip.until_ns);
            let y = self.y(at);
            match inside {
                Some(skip) => at = skip.until_ns,
                None if y - last_y >= TICK_PX / 2.0 => {
                    self.diagram.shapes.push(Shape::Tick { y });
                    self.axis(y - LABEL_PX * 2.0 / 3.0, Label::Time(at));
                    last_y = y;
                    at = at.saturating_add(1);
                }
                None => at = at.saturating_add(1),
            }
            let Some(next) = at.checked_next_multiple_of(step) else {
                break;
            };
            at = next;
        }
    }

    /// Words at the time axis.
    fn axis(&mut self, y: f64, text: Label) {
        let rank = if matches!(text, Label::Now(_)) {
            Rank::Chosen
        } else {
            Rank::Axis
        };
        self.candidates.push(Candidate {
            rank,
            clear: false,
            target: None,
            at: (self.view.width - EDGE_PX, y),
            anchor: Anchor::End,
            text,
            symbol: None,
        });
    }

    /// The packets' ways.
    fn flights(&mut self) {
        let (from, until) = self.sight;
        let log = self.run.log();
        let events = self.cursor.index.min(log.events_by(until));
        let launched = log.flights.launched_by(events);
        let in_sight: Vec<usize> = log.flights.until_after(launched, from).collect();
        let stride = in_sight.len().div_ceil(Diagram::MOST).max(1);
        let chosen = self.view.chosen;
        for (number, flight) in in_sight.iter().enumerate() {
            let flight = *flight;
            let Some(it) = self.run.flight(flight, self.cursor) else {
                continue;
            };
            let is_chosen = chosen == Some(it.probe);
            if number % stride != 0 && !is_chosen && !(it.lost && stride < 8) {
                self.diagram.left_out += 1;
                continue;
            }
            let flying = log.is_flying(flight, self.cursor.index);
            let symbol = self.mark_of(flight, it.direction, it.lost && !flying, flying);
            let end = match (flying, it.lost) {
                (true, _) => LineEnd::Packet,
                (false, true) => LineEnd::Cross,
                (false, false) => LineEnd::Arrow,
            };
            let points: Vec<(f64, f64)> = log
                .path(flight, self.cursor)
                .into_iter()
                .map(|(at, progress)| {
                    let at = at.min(self.cursor.at_ns);
                    (self.x(it.direction, progress), self.y(at))
                })
                .collect();
            self.label_flight(&it, flying, points.last().copied(), is_chosen);
            if it.direction == Direction::Reply {
                self.dwell_before(flight, it.from_ns, is_chosen);
            }
            self.diagram.shapes.push(Shape::Line {
                target: Target::Flight(flight),
                points,
                direction: it.direction,
                symbol,
                end,
                chosen: is_chosen,
                differs: false,
            });
        }
    }

    /// What a simulated server took over a reply, as far as it has come.
    fn dwell_before(&mut self, reply: usize, answered: u64, chosen: bool) {
        let log = self.run.log();
        let launched = log.flights.launched.get(reply);
        let reached = launched
            .and_then(|event| crate::log::index(*event))
            .and_then(|event| log.events.at.get(event).copied());
        let until = answered.min(self.cursor.at_ns);
        if let Some(reached) = reached.filter(|reached| *reached < until) {
            self.dwell(Target::Flight(reply), reached, until, chosen);
        }
    }

    /// The time that a request spends in the server.
    pub(super) fn dwell(&mut self, target: Target, reached: u64, until: u64, chosen: bool) {
        let x = self.diagram.server_x;
        let (y1, y2) = (self.y(reached), self.y(until));
        self.diagram.shapes.push(Shape::Dwell {
            target,
            x,
            y1,
            y2,
            chosen,
        });
        if chosen {
            self.candidates.push(Candidate {
                rank: Rank::Chosen,
                clear: false,
                target: Some(target),
                at: (x + 8.0, f64::midpoint(y1, y2)),
                anchor: Anchor::Start,
                text: Label::Dwell(until - reached),
                symbol: None,
            });
        }
    }

    fn x(&self, direction: Direction, progress: f64) -> f64 {
        let (client, server) = (self.diagram.client_x, self.diagram.server_x);
        match direction {
            Direction::Request => client + (server - client) * progress,
            Direction::Reply => server + (client - server) * progress,
        }
    }

    /// The outcome that colours a flight: a request is on its way or lost, a reply is
    /// what it comes to.
    fn mark_of(&self, flight: usize, direction: Direction, lost: bool, flying: bool) -> Symbol {
        if lost {
            return Symbol::Lost;
        }
        if flying || direction == Direction::Request {
            return Symbol::InFlight;
        }
        let ended = self.run.log().flights.ended.get(flight);
        ended
            .and_then(|event| crate::log::index(*event))
            .and_then(|event| self.run.event(event)?.what.symbol())
            .unwrap_or(Symbol::InFlight)
    }

    fn label_flight(
        &mut self,
        flight: &crate::log::Flight,
        flying: bool,
        end: Option<(f64, f64)>,
        chosen: bool,
    ) {
        let Some((x, y)) = end else { return };
        let target = Target::Flight(flight.index);
        // Ahead of it, where it has not been.
        let ahead = |far: f64, y| match flight.direction {
            Direction::Request => ((x + far, y), Anchor::Start),
            Direction::Reply => ((x - far, y), Anchor::End),
        };
        let (text, symbol, (at, anchor)) = if flying {
            let to_go = Label::ToGo(flight.until_ns.saturating_sub(self.cursor.at_ns));
            // Now's line goes through the packet: the words stand above it, and where there
            // is no room ahead, behind.
            let room = x - self.diagram.client_x - LABEL_PX - to_go.width(self.view.letter);
            let place = match flight.direction {
                Direction::Reply if room < 18.0 => ((x + 18.0, y - 11.0), Anchor::Start),
                _ => ahead(18.0, y - 11.0),
            };
            (to_go, None, place)
        } else if flight.lost {
            // Where the lanes are close there is room only beneath the cross.
            let place = if self.view.width < 560.0 {
                ((x, y + 18.0), Anchor::Middle)
            } else {
                ahead(14.0, y)
            };
            (Label::LostOn(flight.direction), Some(Symbol::Lost), place)
        } else {
            return;
        };
        self.candidates.push(Candidate {
            rank: match chosen {
                true => Rank::Chosen,
                false if flying => Rank::Usual,
                false => Rank::Unusual,
            },
            clear: flying,
            target: Some(target),
            at,
            anchor,
            text,
            symbol,
        });
    }

    /// The timers of the probes that wait, beside where they were sent.
    fn arcs(&mut self) {
        let timers = self.run.timers(self.cursor);
        let mut last_y = f64::NEG_INFINITY;
        for timer in timers
            .into_iter()
            .filter(|timer| timer.kind != TimerKind::Due)
        {
            let y = self.y(timer.from_ns);
            let in_sight = (0.0..=self.view.height).contains(&y);
            if !in_sight || (y - last_y).abs() < 22.0 {
                continue;
            }
            last_y = y;
            let whole = float(timer.until_ns - timer.from_ns);
            let passed = float(self.cursor.at_ns.saturating_sub(timer.from_ns));
            self.diagram.shapes.push(Shape::Arc {
                timer,
                x: self.diagram.client_x + 16.0,
                y,
                fraction: (passed / whole).clamp(0.0, 1.0),
            });
            let waits = timer.kind == TimerKind::Deadline;
            if waits && self.run.origin() == Origin::Recorded {
                let chosen = self.view.chosen == Some(timer.probe);
                self.candidates.push(Candidate {
                    rank: if chosen { Rank::Chosen } else { Rank::Usual },
                    clear: true,
                    target: Some(Target::Probe(timer.probe)),
                    at: (self.diagram.client_x + 32.0, y + 18.0),
                    anchor: Anchor::Start,
                    text: Label::Waiting,
                    symbol: None,
                });
            }
        }
    }

    fn now(&mut self) {
        let y = self.y(self.cursor.at_ns);
        if (-1.0..=self.view.height + 1.0).contains(&y) {
            self.diagram.shapes.push(Shape::Now { y });
            self.axis(y - LABEL_PX * 3.0 / 4.0, Label::Now(self.cursor.at_ns));
        }
    }
}
