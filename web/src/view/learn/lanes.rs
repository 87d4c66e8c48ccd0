//! The lanes' ladders, as markup: what has happened by a moment, and nothing after it.
//!
//! Owns the drawing. How far down a moment is, is the engine's answer. All lanes of a stage
//! have the same scale both ways, so that one network's slopes are one.

mod labels;
mod overlay;
mod plan;

use maud::{Markup, PreEscaped, html};
use udping_core::time::saturating_nanos;
use udping_link::Direction;

use super::super::dom::tenths;
use super::super::i18n::{Localization, Value, key};
use super::say;
use labels::{Labels, Segment, Spot};
pub(super) use overlay::{Asked, Overlay};
use plan::{Plan, Room};
use udping_engine::lesson::layout::Layout;
use udping_engine::lesson::scene::Stage;
use udping_engine::lesson::track::{Flight, Track};
use udping_sim::Side;
use udping_sim::actors::Note;

/// Room above and below.
const TOP: f64 = 14.0;
const BOTTOM: f64 = 26.0;
/// The least that two lines of text are apart.
const LINE: f64 = 14.0;
/// How much of a shortened wait is not hatched, above and below.
const MARGIN: f64 = 22.0;
/// How far from an end's line its words are: beyond the ring that marks an answer.
const BESIDE: f64 = 15.0;
/// How wide the axis is.
const AXIS: f64 = 58.0;

/// One lane being drawn.
struct Lane<'a> {
    l10n: &'a Localization,
    stage: &'a Stage,
    layout: &'a Layout,
    at_ns: u64,
    track: &'a Track,
    plan: &'a Plan,
    overlay: &'a Overlay,
    labels: Labels,
    /// The shapes so far, as markup.
    out: String,
}

/// A lane as it is at a moment.
pub(super) struct Picture {
    /// The names of its ends, which stay in sight above what is scrolled.
    pub(super) heads: Markup,
    /// What happened between them.
    pub(super) body: Markup,
}

/// The axis and all lanes at a moment, `width` pixels wide together if that is enough.
pub(super) fn draw(
    l10n: &Localization,
    stage: &Stage,
    layout: &Layout,
    at_ns: u64,
    width: f64,
    overlay: &Overlay,
) -> Vec<Picture> {
    let plans = plan::all(l10n, stage, width - AXIS);
    let lanes = stage.tracks.iter().zip(&plans);
    let axis = [Picture {
        heads: Markup::default(),
        body: axis(l10n, layout, at_ns, overlay),
    }];
    axis.into_iter()
        .chain(lanes.map(|(track, plan)| {
            let mut lane = Lane {
                l10n,
                stage,
                layout,
                at_ns,
                track,
                plan,
                overlay,
                labels: Labels::default(),
                out: String::new(),
            };
            lane.labels = Labels::among(track.flights.iter().map(|it| lane.way(it)).collect());
            lane.draw()
        }))
        .collect()
}

/// The time beside the lanes, as far as it has passed.
fn axis(l10n: &Localization, layout: &Layout, at_ns: u64, overlay: &Overlay) -> Markup {
    let height = TOP + layout.y(at_ns) + BOTTOM + overlay.room();
    let (width, height) = (tenths(AXIS), tenths(height));
    html! {
        svg aria-hidden="true" width=(width) height=(height)
            viewBox={ "0 0 " (width) " " (height) } {
            @for at_ns in layout.axis(at_ns) {
                @let y = TOP + layout.y(at_ns);
                text class="t soft end" x=(tenths(AXIS - 7.0)) y=(tenths(y + 4.0)) { (l10n.span(at_ns)) }
                line class="lane" x1=(tenths(AXIS - 5.0)) x2=(width) y1=(tenths(y)) y2=(tenths(y)) {}
            }
        }
    }
}

impl Lane<'_> {
    fn draw(mut self) -> Picture {
        let bottom = self.y(self.at_ns);
        let height = bottom + BOTTOM + self.overlay.room();
        let name = self.l10n.say(
            key::LEARN_LANE_NAME,
            &[
                (
                    "lane",
                    Value::Text(self.l10n.get(say::lane(self.plan.kind))),
                ),
                ("at", Value::Time(self.at_ns)),
            ],
        );
        self.breaks();
        let heads = self.ends(height - 4.0);
        self.sockets();
        self.line(
            "now",
            (self.plan.client(None) - 8.0, bottom),
            (self.plan.server + 8.0, bottom),
        );
        let (track, at_ns) = (self.track, self.at_ns);
        for flight in track
            .flights
            .iter()
            .filter(|flight| flight.from_ns <= at_ns)
        {
            self.flight(flight);
        }
        self.notes();
        self.overlay();
        let (width, height) = (tenths(self.plan.width), tenths(height));
        let body = html! {
            svg role="group" aria-label=(name) width=(width) height=(height)
                viewBox={ "0 0 " (width) " " (height) } { (PreEscaped(self.out)) }
        };
        Picture { heads, body }
    }

    /// Draws one shape.
    fn push(&mut self, shape: &Markup) {
        self.out.push_str(&shape.0);
    }

    fn y(&self, at_ns: u64) -> f64 {
        TOP + self.layout.y(at_ns)
    }

    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.push(&html! {
            line class=(class) x1=(tenths(from.0)) x2=(tenths(to.0))
                y1=(tenths(from.1)) y2=(tenths(to.1)) {}
        });
    }

    /// The lines of the two ends. Returns their names, for above them.
    fn ends(&mut self, bottom: f64) -> Markup {
        let heads = self.plan.heads(self.l10n, self.stage);
        for (x, ..) in &heads {
            self.line("lane", (*x, 0.0), (*x, bottom));
        }
        let lines = heads
            .iter()
            .map(|(.., lower)| 1.0 + lower)
            .fold(1.0, f64::max);
        let (width, height) = (tenths(self.plan.width), tenths(4.0 + 12.0 * lines));
        html! {
            svg width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } {
                @for (x, name, lower) in heads {
                    text class="head mid" x=(tenths(x)) y=(tenths(11.0 + lower * 12.0)) { (name) }
                }
            }
        }
    }

    /// The waits that are drawn shorter than they are, each with how long it is.
    fn breaks(&mut self) {
        let (layout, now) = (self.layout, self.y(self.at_ns));
        for (from, until) in layout.breaks() {
            let (top, bottom) = (self.y(*from) + MARGIN, self.y(*until) - MARGIN);
            if now < bottom {
                break;
            }
            let (left, right) = (self.plan.client(None), self.plan.server);
            self.push(&html! {
                rect class="skip-band" x=(tenths(left)) y=(tenths(top))
                    width=(tenths(right - left)) height=(tenths(bottom - top)) {}
            });
            for y in [top, bottom] {
                self.line("skip-edge", (left, y), (right, y));
            }
            let whole = self
                .l10n
                .say(key::LEARN_SHORTENED, &[("span", Value::Span(until - from))]);
            // Between the ways of what is late there may be room for the time alone.
            for text in [whole, self.l10n.span(until - from)] {
                let half = labels::name_width(&text) / 2.0 + 4.0;
                if right - left < 2.0 * half {
                    continue;
                }
                let xs = [0.5, 0.25, 0.75, 0.0, 1.0]
                    .map(|part| left + half + (right - left - 2.0 * half) * part);
                let middle = f64::midpoint(top, bottom) + 4.0;
                let spots: Vec<Spot> = [0.0, -10.0, 10.0]
                    .into_iter()
                    .flat_map(|off| xs.map(|x| Spot::level(x, middle + off)))
                    .collect();
                if let Some(chosen) = self.labels.place(&text, spots.iter().copied()) {
                    self.push(&labels::name(&text, "soft on-skip", spots[chosen]));
                    break;
                }
            }
        }
    }

    /// The sockets of connections, as long as they are open.
    fn sockets(&mut self) {
        let (track, at_ns) = (self.track, self.at_ns);
        let opened = track.moments.iter().filter(|it| it.note == Note::Opened);
        for moment in opened.take_while(|it| it.at_ns <= at_ns) {
            let Some(x) = self.plan.socket(moment.member) else {
                continue;
            };
            let closed = track.moments.iter().find(|it| {
                it.note == Note::Closed && it.member == moment.member && it.at_ns > moment.at_ns
            });
            let until = closed.map_or(at_ns, |closed| closed.at_ns.min(at_ns));
            let (top, bottom) = (self.y(moment.at_ns), self.y(until));
            self.line("socket", (x, top), (x, bottom));
        }
    }

    /// How much of the way a packet covers before its flight ends.
    fn reach(&self, flight: &Flight) -> f64 {
        let scenario = &self.stage.scene.setup.scenario;
        let usual = match flight.direction {
            Direction::Request => saturating_nanos(scenario.request.delay),
            Direction::Reply => saturating_nanos(scenario.reply.delay),
        };
        if !flight.lost {
            return 1.0;
        }
        let part = real(flight.until_ns - flight.from_ns) / real(usual.max(1));
        part.clamp(0.15, 0.94)
    }

    /// The whole way of a packet, as far as it comes.
    fn way(&self, flight: &Flight) -> Segment {
        let (client, server) = (self.plan.client(flight.member), self.plan.door(flight));
        let (from, to) = match flight.direction {
            Direction::Request => (client, server),
            Direction::Reply => (server, client),
        };
        let x2 = from + (to - from) * self.reach(flight);
        (
            (from, self.y(flight.from_ns)),
            (x2, self.y(flight.until_ns)),
        )
    }

    fn flight(&mut self, flight: &Flight) {
        let ((from, y1), (x2, y2)) = self.way(flight);
        let flies = flight.until_ns > self.at_ns;
        // On the straight line between the ends, as far down as now is.
        let part = if flies && y2 > y1 {
            ((self.y(self.at_ns) - y1) / (y2 - y1)).clamp(0.0, 1.0)
        } else {
            1.0
        };
        let along = |part: f64| (from + (x2 - from) * part, y1 + (y2 - y1) * part);
        let (x, y) = along(part);
        let way = match (flies, flight.lost, flight.direction) {
            (false, true, _) => "doomed lost",
            (_, _, Direction::Request) => "request",
            (_, _, Direction::Reply) => "replied",
        };
        let d = path(&[(from, y1), (x, y)]);
        self.push(&html! { path class={ "way " (way) } d=(d) {} });
        match (flies, flight.lost) {
            (true, _) if !flight.lost && self.overlay.acts => self.packet(flight, x, y),
            (true, _) => self.push(&symbol("#sym-flight", "in-flight", x, y)),
            (false, true) => self.push(&symbol("#sym-broken", "lost", x, y)),
            (false, false) => self.push(&arrow(way, (from, y1), (x, y))),
        }
        let name = match self.plan.room {
            Room::Wide => say::flight(self.l10n, flight),
            Room::Tight | Room::Tightest => say::short_flight(self.l10n, flight),
        };
        // Beside the lines are what the ends say.
        let lines = self.plan.client(None)..=self.plan.last_socket();
        let spots: Vec<(f64, Spot)> = Spot::along(((from, y1), (x2, y2)))
            .filter(|(_, spot)| spot.is_within(&name, &lines))
            .collect();
        let free = spots.iter().map(|(_, spot)| *spot);
        let chosen = self.labels.place(&name, free).map(|number| spots[number]);
        if let Some((_, spot)) = chosen.filter(|(at, _)| part >= *at) {
            self.push(&labels::name(&name, "", spot));
        }
    }

    /// A packet in flight that can be acted on.
    fn packet(&mut self, flight: &Flight, x: f64, y: f64) {
        let number = self.track.flights.iter().position(|it| it == flight);
        let name = say::flight(self.l10n, flight);
        self.push(&html! {
            g class="packet" role="button" tabindex="0" aria-label=(name)
                data-packet={ (self.plan.lane) " " (number.unwrap_or_default()) } {
                circle class="hit" cx=(tenths(x)) cy=(tenths(y)) r="13" {}
                (symbol("#sym-flight", "in-flight", x, y))
            }
        });
    }

    fn notes(&mut self) {
        let mut free = [0.0_f64; 2];
        for caption in {
            let plan = self.plan;
            plan::captions(self.l10n, self.stage, plan.lane, self.at_ns, plan.room)
        } {
            let server = caption.by == Side::Server;
            let (x, edge, side, anchor) = if server {
                (self.plan.server, self.plan.last_socket(), 1.0, "halo")
            } else {
                let x = self.plan.client(caption.member);
                (x, self.plan.client(None), -1.0, "end halo")
            };
            let y = self.y(caption.at_ns);
            if let Some((shape, class)) = caption.symbol {
                let x = if server {
                    self.plan.socket(caption.member).unwrap_or(x)
                } else {
                    x
                };
                self.push(&symbol(shape, class, x, y));
            }
            let next = &mut free[usize::from(server)];
            let mut text_y = (y + 4.0).max(*next);
            for (text, class) in caption.lines {
                self.push(&html! {
                    text class={ (anchor) " " (class) } x=(tenths(edge + side * BESIDE))
                        y=(tenths(text_y)) { (text) }
                });
                text_y += LINE;
            }
            *next = text_y;
        }
    }
}

fn symbol(shape: &str, class: &str, x: f64, y: f64) -> Markup {
    html! {
        use class={ "k " (class) } href=(shape) x=(tenths(x - 8.0)) y=(tenths(y - 8.0))
            width="16" height="16" {}
    }
}

/// The head of an arrow that arrives.
fn arrow(way: &str, from: (f64, f64), to: (f64, f64)) -> Markup {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length * 7.0, dy / length * 7.0);
    let barb = |side: f64| (to.0 - ux - uy * side, to.1 - uy + ux * side);
    html! { path class={ "tip " (way) } d=(path(&[barb(0.6), to, barb(-0.6)])) {} }
}

/// The data of a path from point to point.
fn path(points: &[(f64, f64)]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{} {}", tenths(*x), tenths(*y)))
        .collect();
    ["M", &points.join("L")].concat()
}

#[expect(clippy::cast_precision_loss, reason = "pixels need fewer digits")]
fn real(span_ns: u64) -> f64 {
    span_ns as f64
}
