//! The frame of the diagram, the packets' ways, and the cursor.
//!
//! Owns their shapes. How far down a moment is, the scale says; whose event it is, the log.

use udping_link::Direction;

use super::labels::{Candidate, Rank, parts_without, place_labels};
use super::layout::{LABEL_PX, Layout};
use super::{Anchor, Diagram, Label, LineEnd, Pause, Shape, Target, Viewport};
use crate::log::{Cursor, Symbol, TimerKind};
use crate::run::{Origin, Run};
use crate::scale::{Scale, Skip, nice_step};

/// How much is drawn beyond the viewport's edges, in pixels.
const MARGIN_PX: f64 = 24.0;
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
    pub(super) layout: Layout,
    pub(super) diagram: Diagram,
    pub(super) candidates: Vec<Candidate>,
}

impl<'a> Drawing<'a> {
    pub(super) fn new(run: &'a Run, cursor: Cursor, scale: &'a Scale, view: Viewport) -> Self {
        let layout = Layout::of(run, &view);
        let diagram = Diagram {
            client_x: layout.client_x,
            server_x: layout.server_x,
            parts: layout.parts,
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
            layout,
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
        self.bars();
        self.events();
        self.waiting();
        let now = self.y(self.cursor.at_ns);
        let in_sight = (-1.0..=self.view.height + 1.0).contains(&now);
        if in_sight {
            self.axis(now - LABEL_PX * 3.0 / 4.0, Label::Now(self.cursor.at_ns));
        }
        let (labels, taken) =
            place_labels(&self.candidates, &self.diagram.shapes, self.view.letter);
        if in_sight {
            let parts = parts_without(&taken, now, self.view.width);
            self.diagram.shapes.push(Shape::Now { y: now, parts });
        }
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
        if self.layout.far_end_unseen {
            let x = self.diagram.server_x;
            self.diagram.shapes.push(Shape::Unseen { x });
        }
        let (from, until) = self.sight;
        let skips = self.scale.skips(from, until);
        for skip in skips {
            let y1 = self.y(skip.from_ns);
            self.diagram.shapes.push(Shape::Skip {
                y1,
                y2: y1 + skip.height,
            });
            self.name_pause(skip, y1 + skip.height / 2.0);
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

    /// What a stretch passes with in which nothing happens, where that has begun.
    fn pause(&self, skip: &Skip) -> Pause {
        if skip.from_ns > self.cursor.at_ns {
            return Pause::Unnamed;
        }
        let timers = self.run.timers(self.run.seek(skip.from_ns));
        let first = |kind| timers.iter().find(|timer| timer.kind == kind);
        if let Some(timer) = first(TimerKind::Deadline) {
            Pause::Timeout(timer.seq)
        } else if let Some(timer) = first(TimerKind::Due) {
            Pause::Due(timer.until_ns)
        } else if first(TimerKind::LateWindow).is_some() {
            Pause::Listening
        } else {
            Pause::Quiet
        }
    }

    fn name_pause(&mut self, skip: &Skip, y: f64) {
        let span = skip.until_ns - skip.from_ns;
        let (client, server) = (self.diagram.client_x, self.diagram.server_x);
        let (x, anchor, room) = if self.layout.far_end_unseen {
            let x = self.layout.outcome.0;
            (x, Anchor::Start, server - x)
        } else {
            (
                f64::midpoint(client, server),
                Anchor::Middle,
                server - client,
            )
        };
        let pause = self.pause(skip);
        let texts = [
            Label::Pause(pause, Some(span)),
            Label::Pause(pause, None),
            Label::BriefPause(pause),
            Label::Pause(Pause::Unnamed, Some(span)),
        ];
        let fits = |text: &Label| text.width(self.view.letter) <= room;
        let Some(text) = texts.into_iter().find(fits) else {
            return;
        };
        self.candidates
            .push(Candidate::new(Rank::Axis, (x, y), anchor, text));
    }

    /// Words at the time axis.
    fn axis(&mut self, y: f64, text: Label) {
        let rank = if matches!(text, Label::Now(_)) {
            Rank::Chosen
        } else {
            Rank::Axis
        };
        let at = (self.view.width - EDGE_PX, y);
        self.candidates
            .push(Candidate::new(rank, at, Anchor::End, text));
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
            let mut points: Vec<(f64, f64)> = log
                .path(flight, self.cursor)
                .into_iter()
                .map(|(at, progress)| {
                    let at = at.min(self.cursor.at_ns);
                    (self.x(it.direction, progress), self.y(at))
                })
                .collect();
            // A packet that has only just set out is there, too.
            if let [only] = points[..] {
                points.push(only);
            }
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
            let text = Label::Dwell(until - reached);
            // Where there is no room beyond the server, it stands before it.
            let beyond = x + 8.0 + text.width(self.view.letter) <= self.view.width;
            let (x, anchor) = if beyond {
                (x + 8.0, Anchor::Start)
            } else {
                (x - 8.0, Anchor::End)
            };
            let at = (x, f64::midpoint(y1, y2));
            self.candidates.push(Candidate {
                target: Some(target),
                ..Candidate::new(Rank::Chosen, at, anchor, text)
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
        let rank = match chosen {
            true => Rank::Chosen,
            false if flying => Rank::Usual,
            false => Rank::Unusual,
        };
        self.candidates.push(Candidate {
            clear: flying,
            target: Some(target),
            symbol,
            ..Candidate::new(rank, at, anchor, text)
        });
    }

    /// How long the newest that waits has been waiting, where nobody sees its packets.
    fn waiting(&mut self) {
        if !self.layout.far_end_unseen {
            return;
        }
        let newest = self.run.newest(self.cursor);
        let waits = newest.and_then(|at| self.run.timer(at, self.cursor));
        let Some(timer) = waits.filter(|timer| timer.kind == TimerKind::Deadline) else {
            return;
        };
        let span = self.cursor.at_ns.saturating_sub(timer.from_ns);
        let (x, anchor) = self.layout.outcome;
        let at = (x, self.y(self.cursor.at_ns));
        let text = Label::Waiting(timer.seq, span);
        self.candidates.push(Candidate {
            target: Some(Target::Probe(timer.probe)),
            symbol: Some(Symbol::InFlight),
            ..Candidate::new(Rank::Usual, at, anchor, text)
        });
    }
}
