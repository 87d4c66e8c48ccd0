//! Shapes from events and flights in sight.

use udping_core::link::Direction;

use super::labels::{Column, Wish, place};
use super::{Anchor, Label, LineEnd, Scene, Shape, Target, Viewport};
use crate::engine::cursor::Cursor;
use crate::engine::log::{Event, Mark, TimerKind, What};
use crate::engine::run::{Origin, Run};
use crate::engine::scale::{Scale, float, nice_step};

/// How much is drawn beyond the viewport's edges, in pixels.
const MARGIN_PX: f64 = 24.0;
/// The least distance of two ticks.
const TICK_PX: f64 = 84.0;
/// How far the known end of a way of unknown length reaches, as a share of the width
/// between the lanes, and how far down.
const STUB: (f64, f64) = (0.3, 10.0);
/// From this many events in sight on, they are not even looked at one by one.
const MOST_SEEN: usize = 20_000;

/// A diagram that is being drawn.
pub(super) struct Drawing<'a> {
    run: &'a Run,
    cursor: Cursor,
    scale: &'a Scale,
    view: Viewport,
    /// The first and last moment in sight.
    sight: (u64, u64),
    scene: Scene,
    wishes: Vec<Wish>,
}

impl<'a> Drawing<'a> {
    pub(super) fn new(run: &'a Run, cursor: Cursor, scale: &'a Scale, view: Viewport) -> Self {
        let narrow = view.width < 480.0;
        let (left, right) = if narrow { (84.0, 56.0) } else { (132.0, 84.0) };
        let scene = Scene {
            client_x: left,
            server_x: (view.width - right).max(left + 40.0),
            ..Scene::default()
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
            scene,
            wishes: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> Scene {
        self.frame();
        match self.run.origin() {
            Origin::Simulated => self.flights(),
            Origin::Recorded => {}
        }
        self.events();
        self.arcs();
        self.now();
        self.scene.shapes.extend(place(&self.wishes));
        self.scene
    }

    fn y(&self, at_ns: u64) -> f64 {
        self.scale.y(at_ns) - self.view.top
    }

    /// Lanes, ticks and skips.
    fn frame(&mut self) {
        for (x, server) in [(self.scene.client_x, false), (self.scene.server_x, true)] {
            self.scene.shapes.push(Shape::Lane { x, server });
        }
        let (from, until) = self.sight;
        let skips = self.scale.skips(from, until);
        for skip in skips {
            let y1 = self.y(skip.from_ns);
            self.scene.shapes.push(Shape::Skip {
                y1,
                y2: y1 + Scale::SKIP_PX,
                span_ns: skip.until_ns - skip.from_ns,
            });
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
                    self.scene.shapes.push(Shape::Tick { y, at_ns: at });
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

    /// The packets' ways.
    fn flights(&mut self) {
        let (from, until) = self.sight;
        let log = self.run.log();
        let events = self.cursor.index.min(log.events_by(until));
        let launched = log.flights.launched_by(events);
        let in_sight: Vec<usize> = log.flights.until_after(launched, from).collect();
        let stride = in_sight.len().div_ceil(Scene::MOST).max(1);
        let chosen = self.view.chosen;
        for (number, flight) in in_sight.iter().enumerate() {
            let flight = *flight;
            let Some(it) = self.run.flight(flight, self.cursor) else {
                continue;
            };
            let is_chosen = chosen == Some(it.probe);
            if number % stride != 0 && !is_chosen && !(it.lost && stride < 8) {
                self.scene.left_out += 1;
                continue;
            }
            let flying = log.is_flying(flight, self.cursor.index);
            let mark = self.mark_of(flight, it.direction, it.lost && !flying, flying);
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
            self.scene.shapes.push(Shape::Line {
                target: Target::Flight(flight),
                points,
                direction: it.direction,
                mark,
                end,
                chosen: is_chosen,
                differs: false,
            });
        }
    }

    fn x(&self, direction: Direction, progress: f64) -> f64 {
        let (client, server) = (self.scene.client_x, self.scene.server_x);
        match direction {
            Direction::Request => client + (server - client) * progress,
            Direction::Reply => server + (client - server) * progress,
        }
    }

    /// The outcome that colours a flight: a request is on its way or lost, a reply is
    /// what it comes to.
    fn mark_of(&self, flight: usize, direction: Direction, lost: bool, flying: bool) -> Mark {
        if lost {
            return Mark::Lost;
        }
        if flying || direction == Direction::Request {
            return Mark::InFlight;
        }
        let ended = self.run.log().flights.ended.get(flight);
        ended
            .and_then(|event| crate::engine::log::index(*event))
            .and_then(|event| self.run.event(event)?.what.mark())
            .unwrap_or(Mark::InFlight)
    }

    fn label_flight(
        &mut self,
        flight: &crate::engine::log::Flight,
        flying: bool,
        end: Option<(f64, f64)>,
        chosen: bool,
    ) {
        let Some((x, y)) = end else { return };
        let target = Target::Flight(flight.index);
        let (text, mark, at, anchor) = if flying {
            let left = flight.until_ns.saturating_sub(self.cursor.at_ns);
            (Label::ToGo(left), None, (x + 18.0, y), Anchor::Start)
        } else if flight.lost {
            let text = Label::LostOn(flight.direction);
            (text, Some(Mark::Lost), (x, y + 18.0), Anchor::Middle)
        } else {
            return;
        };
        self.wishes.push(Wish {
            column: Column::Way,
            important: chosen || !flying,
            target,
            at,
            anchor,
            text,
            mark,
        });
    }

    /// What happened at the client's lane.
    fn events(&mut self) {
        let (from, until) = self.sight;
        let log = self.run.log();
        let first = log.events.at.partition_point(|at| *at < from);
        let last = log.events_by(until).min(self.cursor.index);
        let count = last.saturating_sub(first);
        let stride = count.div_ceil(2 * Scene::MOST).max(1);
        let mut unusual = 0;
        for (number, at) in (first..last).enumerate() {
            let drawn = (count <= MOST_SEEN || number % stride == 0)
                .then(|| self.run.event(at))
                .flatten()
                .is_some_and(|event| {
                    let ordinary = matches!(event.what, What::Sent { .. } | What::Replied { .. });
                    let is_chosen = event.probe.is_some() && event.probe == self.view.chosen;
                    let spare = !ordinary && unusual < Scene::MOST;
                    let draws = number % stride == 0 || is_chosen || spare;
                    if draws {
                        unusual += usize::from(!ordinary);
                        self.event(&event, is_chosen);
                    }
                    draws
                });
            // Of a simulated run the ways have been counted.
            if !drawn && self.run.origin() == Origin::Recorded {
                self.scene.left_out += 1;
            }
        }
    }

    fn event(&mut self, event: &Event, chosen: bool) {
        if let What::Intervened { intervention, .. } = event.what {
            let at = (self.scene.client_x + 12.0, self.y(event.at_ns));
            return self.wish(
                event,
                Column::Way,
                at,
                Label::Acted(intervention.action),
                None,
            );
        }
        let Some(mark) = event.what.mark() else {
            return;
        };
        // Where a packet was lost stands at its way's end.
        if matches!(event.what, What::Dropped { .. }) {
            return;
        }
        let (x, y) = (self.scene.client_x, self.y(event.at_ns));
        let target = match event.probe {
            Some(probe) => Target::Probe(probe),
            None => Target::Event(event.index),
        };
        if self.run.origin() == Origin::Recorded {
            self.stub(event, target, mark, chosen);
        }
        self.scene.shapes.push(Shape::Mark {
            target,
            x,
            y,
            mark,
            chosen,
            differs: event.differs,
        });
        self.label_event(event, mark, (x, y));
    }

    /// The known end of a way whose other end nobody saw.
    fn stub(&mut self, event: &Event, target: Target, mark: Mark, chosen: bool) {
        let (x, y) = (self.scene.client_x, self.y(event.at_ns));
        let reach = (self.scene.server_x - x) * STUB.0;
        let slope = self.slope(event);
        let (direction, end, points) = match event.what {
            What::Sent { .. } => {
                let points = vec![(x, y), (x + reach, y + slope)];
                (Direction::Request, LineEnd::FadeOut, points)
            }
            What::Replied { .. }
            | What::Late { .. }
            | What::Duplicate { .. }
            | What::Refused { .. } => {
                let points = vec![(x + reach, y - slope), (x, y)];
                (Direction::Reply, LineEnd::FadeIn, points)
            }
            What::Ignored(_) if event.probe.is_some() => {
                let points = vec![(x + reach, y - slope), (x, y)];
                (Direction::Reply, LineEnd::FadeIn, points)
            }
            _ => return,
        };
        self.scene.shapes.push(Shape::Line {
            target,
            points,
            direction,
            mark,
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

    fn label_event(&mut self, event: &Event, mark: Mark, (x, y): (f64, f64)) {
        let simulated = self.run.origin() == Origin::Simulated;
        let outcome = |text| (Column::Outcome, text, Some(mark));
        let (column, text, mark) = match event.what {
            What::Sent { .. } => (Column::Ping, Label::Ping(event.seq.unwrap_or(0)), None),
            What::Replied { rtt_ns, .. } => outcome(Label::Rtt(rtt_ns)),
            What::Late { rtt_ns, .. } => outcome(Label::Late(rtt_ns)),
            What::Duplicate { .. } => outcome(Label::Duplicate),
            What::Ignored(_) => outcome(Label::Ignored),
            What::Refused { .. } => outcome(Label::Refused),
            What::Unsent => outcome(Label::Unsent),
            What::Lost { .. } if simulated => outcome(Label::TimedOut),
            What::Lost { .. } => outcome(Label::LostSomewhere),
            _ => return,
        };
        // On a phone both columns are one.
        let narrow = self.view.width < 480.0;
        let (column, left) = match column {
            Column::Outcome if !narrow => (Column::Outcome, 66.0),
            _ => (Column::Ping, 12.0),
        };
        self.wish(event, column, (x - left, y), text, mark);
    }

    fn wish(
        &mut self,
        event: &Event,
        column: Column,
        at: (f64, f64),
        text: Label,
        mark: Option<Mark>,
    ) {
        let ordinary = matches!(text, Label::Ping(_) | Label::Rtt(_));
        let chosen = event.probe.is_some() && event.probe == self.view.chosen;
        self.wishes.push(Wish {
            column,
            important: chosen || !ordinary,
            target: event
                .probe
                .map_or(Target::Event(event.index), Target::Probe),
            at,
            anchor: if column == Column::Way {
                Anchor::Start
            } else {
                Anchor::End
            },
            text,
            mark,
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
            self.scene.shapes.push(Shape::Arc {
                timer,
                x: self.scene.client_x + 16.0,
                y,
                fraction: (passed / whole).clamp(0.0, 1.0),
            });
            let waits = timer.kind == TimerKind::Deadline;
            if waits && self.run.origin() == Origin::Recorded {
                self.wishes.push(Wish {
                    column: Column::Way,
                    important: self.view.chosen == Some(timer.probe),
                    target: Target::Probe(timer.probe),
                    at: (self.scene.client_x + 32.0, y + 18.0),
                    anchor: Anchor::Start,
                    text: Label::Waiting,
                    mark: None,
                });
            }
        }
    }

    fn now(&mut self) {
        let y = self.y(self.cursor.at_ns);
        if (-1.0..=self.view.height + 1.0).contains(&y) {
            self.scene.shapes.push(Shape::Now {
                y,
                at_ns: self.cursor.at_ns,
            });
        }
    }
}
