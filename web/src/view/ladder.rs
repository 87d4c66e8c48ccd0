//! The sequence diagram, drawn: the engine's shapes as SVG.
//!
//! Owns the layers and what each shape looks like; where everything is comes from
//! [`crate::engine::scene`]. Coordinates are CSS pixels, so text keeps its size
//! however narrow the drawing is.

use std::f64::consts::TAU;
use std::fmt::Write as _;

use udping_core::link::Direction;
use udping_core::sim::Action;
use web_sys::Element;

use super::bench::Bench;
use super::dom::{Leaf, Pool, svg, tenths};
use super::marks::look;
use super::words::{Words, key};
use crate::engine::cursor::Cursor;
use crate::engine::log::{Mark, TimerKind};
use crate::engine::message::Arg;
use crate::engine::run::{Origin, Run};
use crate::engine::scale::Scale;
use crate::engine::scene::{Anchor, Label, LineEnd, Scene, Shape, Target, Viewport};

/// One diagram.
#[derive(Debug)]
pub(crate) struct Ladder {
    figure: Leaf,
    caption: Leaf,
    svg: Leaf,
    bands: Pool,
    lines: Pool,
    ways: Pool,
    tips: Pool,
    circles: Pool,
    arcs: Pool,
    marks: Pool,
    now: Pool,
    texts: Pool,
    /// The lanes' names stay above what scrolls.
    head: Pool,
    head_texts: Pool,
    /// What was drawn last, to tell what a click hits.
    scene: Scene,
    width: f64,
    height: f64,
}

/// What else is drawn over a run.
pub(crate) struct Overlay<'a> {
    /// How a probe fares otherwise (see [`Bench::otherwise`]).
    pub(crate) otherwise: &'a dyn Fn(usize, u64) -> Option<Option<Mark>>,
    /// Two moments that are measured between.
    pub(crate) measured: Option<(u64, u64)>,
    pub(crate) chosen: Option<usize>,
}

impl Ladder {
    pub(crate) fn new(id: &str) -> Self {
        let figure = Leaf::of(id);
        let svg_leaf = Leaf::within(figure.element(), "svg");
        let layer = |make: fn() -> Element| {
            let group = svg("g");
            // A fresh group can always be appended.
            let _ = svg_leaf.element().append_child(&group);
            Pool::new(group, make)
        };
        Self {
            caption: Leaf::within(figure.element(), "figcaption"),
            bands: layer(|| svg("rect")),
            lines: layer(|| svg("path")),
            ways: layer(|| svg("path")),
            tips: layer(|| svg("path")),
            arcs: layer(|| svg("path")),
            circles: layer(|| svg("circle")),
            marks: layer(|| svg("use")),
            now: layer(|| svg("path")),
            texts: layer(|| svg("text")),
            head: layer(|| svg("path")),
            head_texts: layer(|| svg("text")),
            scene: Scene::default(),
            width: 0.0,
            height: 0.0,
            svg: svg_leaf,
            figure,
        }
    }

    pub(crate) fn show(&mut self, shown: bool) {
        self.figure.show(shown);
    }

    pub(crate) fn caption(&mut self, text: Option<&str>) {
        self.caption.show(text.is_some());
        self.caption.text(text.unwrap_or_default());
    }

    pub(crate) fn name(&mut self, text: &str) {
        self.svg.set("aria-label", text);
    }

    /// Takes the drawing's size from the page.
    pub(crate) fn measure(&mut self) {
        let element = self.svg.element();
        (self.width, self.height) = (
            element.client_width().into(),
            element.client_height().into(),
        );
    }

    pub(crate) fn height(&self) -> f64 {
        self.height - HEAD
    }

    /// What lies at a point of the drawing.
    pub(crate) fn hit(&self, x: f64, y: f64) -> Option<Target> {
        self.scene.hit(x, y - HEAD, 14.0)
    }

    /// Draws a run at a cursor, scrolled to `top`.
    pub(crate) fn draw(
        &mut self,
        words: &Words,
        run: &Run,
        cursor: Cursor,
        scale: &Scale,
        top: f64,
        overlay: &Overlay<'_>,
    ) {
        if self.width < 1.0 || self.height < 1.0 {
            return;
        }
        let viewport = Viewport {
            width: self.width,
            height: self.height(),
            top,
            chosen: overlay.chosen,
        };
        let scene = Scene::draw(run, cursor, scale, &viewport);
        for pool in self.pools() {
            pool.begin();
        }
        if let Some((from, until)) = overlay.measured {
            self.measured(scale.y(from) - top, scale.y(until) - top);
        }
        let waits = run.origin() == Origin::Recorded;
        for shape in &scene.shapes {
            self.shape(words, &scene, shape, overlay, waits);
        }
        self.heads(words, &scene, waits);
        if scene.left_out > 0 {
            let text = words.say(
                key::LEFT_OUT,
                &[("count", Arg::Count(scene.left_out as u64))],
            );
            self.text(
                "soft halo mid",
                self.width / 2.0,
                self.height - 10.0 - HEAD,
                &text,
            );
        }
        for pool in self.pools() {
            pool.end();
        }
        self.scene = scene;
    }

    fn pools(&mut self) -> [&mut Pool; 11] {
        [
            &mut self.bands,
            &mut self.lines,
            &mut self.ways,
            &mut self.tips,
            &mut self.arcs,
            &mut self.circles,
            &mut self.marks,
            &mut self.now,
            &mut self.texts,
            &mut self.head,
            &mut self.head_texts,
        ]
    }

    fn shape(
        &mut self,
        words: &Words,
        scene: &Scene,
        shape: &Shape,
        overlay: &Overlay<'_>,
        unseen: bool,
    ) {
        match shape {
            Shape::Lane { x, server } => {
                let class = if *server && unseen {
                    "lane unseen"
                } else {
                    "lane"
                };
                let height = tenths(self.height);
                self.line(class, format!("M{} {HEAD}V{height}", tenths(*x)));
            }
            Shape::Tick { y, at_ns } => {
                let y = *y;
                self.line(
                    "grid-line",
                    format!("M0 {0}H{1}", tenths(y + HEAD), tenths(self.width)),
                );
                self.text(
                    "t soft halo end",
                    self.width - 8.0,
                    y - 4.0,
                    &words.time(*at_ns),
                );
            }
            Shape::Skip { y1, y2, span_ns } => {
                let (y1, y2) = (y1 + HEAD, y2 + HEAD);
                let (width, middle) = (self.width, f64::midpoint(y1, y2));
                self.band("skip-band", 0.0, y1, width, y2 - y1);
                let (top, bottom) = (tenths(y1), tenths(y2));
                self.line(
                    "skip-edge",
                    format!("M0 {top}H{0}M0 {bottom}H{0}", tenths(width)),
                );
                let text = words.say(key::IDLE, &[("span", Arg::Span(*span_ns))]);
                let x = f64::midpoint(scene.client_x, scene.server_x);
                self.text("soft mid", x, middle + 4.0 - HEAD, &text);
            }
            Shape::Line {
                points,
                direction,
                mark,
                end,
                chosen,
                ..
            } => {
                self.way(points, *direction, *mark, *end, *chosen);
            }
            Shape::Mark {
                x, y, mark, chosen, ..
            } => {
                self.mark(*x, *y, *mark, if *chosen { 18.0 } else { 15.0 });
            }
            Shape::Label {
                target,
                x,
                y,
                anchor,
                text,
                mark,
            } => {
                self.label(words, *target, (*x, *y), *anchor, *text, *mark, overlay);
            }
            Shape::Arc {
                timer,
                x,
                y,
                fraction,
            } => {
                let class = match timer.kind {
                    TimerKind::Deadline => "arc",
                    TimerKind::Linger => "arc linger",
                    TimerKind::Due => "arc due",
                };
                let leaf = self.arcs.next();
                leaf.class("arc-ground");
                leaf.set("d", &arc(*x, *y + HEAD, 7.0, 1.0));
                let leaf = self.arcs.next();
                leaf.class(class);
                leaf.set("d", &arc(*x, *y + HEAD, 7.0, 1.0 - fraction));
            }
            Shape::Now { y, at_ns } => {
                let y = *y;
                let leaf = self.now.next();
                leaf.class("now");
                leaf.set(
                    "d",
                    &format!("M0 {0}H{1}", tenths(y + HEAD), tenths(self.width)),
                );
                let text = words.say(key::NOW, &[("at", Arg::Time(*at_ns))]);
                self.text("t now-text halo end", self.width - 8.0, y - 5.0, &text);
            }
        }
    }

    fn heads(&mut self, words: &Words, scene: &Scene, unseen: bool) {
        let (width, edge) = (self.width, tenths(HEAD));
        let leaf = self.head.next();
        leaf.class("head-ground");
        leaf.set("d", &format!("M0 0H{0}V{edge}H0Z", tenths(width)));
        let leaf = self.head.next();
        leaf.class("grid-line");
        leaf.set("d", &format!("M0 {edge}H{}", tenths(width)));
        let server = if unseen {
            key::SERVER_UNSEEN
        } else {
            key::SERVER
        };
        for (x, text) in [(scene.client_x, key::CLIENT), (scene.server_x, server)] {
            let leaf = self.head_texts.next();
            leaf.class("head mid");
            leaf.place("x", x);
            leaf.place("y", 20.0);
            leaf.text(words.get(text));
        }
    }

    fn way(
        &mut self,
        points: &[(f64, f64)],
        direction: Direction,
        mark: Mark,
        end: LineEnd,
        chosen: bool,
    ) {
        let [.., from, to] = points else { return };
        let ink = match mark {
            // A request is blue whatever becomes of it; its reply wears the outcome.
            Mark::Replied | Mark::InFlight | Mark::Late if direction == Direction::Request => {
                "in-flight"
            }
            Mark::InFlight => "replied",
            _ => look(mark).class,
        };
        let mut class = format!("way {ink}");
        match end {
            LineEnd::Cross => class.push_str(" doomed"),
            LineEnd::FadeOut | LineEnd::FadeIn => class.push_str(" unseen"),
            LineEnd::Arrow | LineEnd::Packet => {}
        }
        if chosen {
            class.push_str(" chosen");
        }
        let mut d = String::new();
        for (place, (x, y)) in points.iter().enumerate() {
            let verb = if place == 0 { 'M' } else { 'L' };
            // A string takes all that is written to it.
            let _ = write!(d, "{verb}{} {}", tenths(*x), tenths(y + HEAD));
        }
        let leaf = self.ways.next();
        leaf.class(&class);
        leaf.set("d", &d);
        let (x, y) = (to.0, to.1 + HEAD);
        match end {
            LineEnd::Arrow | LineEnd::FadeIn => {
                let angle = (to.1 - from.1).atan2(to.0 - from.0);
                let barb = |turn: f64| {
                    let (sin, cos) = (angle + turn).sin_cos();
                    (tenths(x - 8.0 * cos), tenths(y - 8.0 * sin))
                };
                let ((x1, y1), (x2, y2)) = (barb(0.42), barb(-0.42));
                let leaf = self.tips.next();
                leaf.class(&format!("tip {ink}"));
                leaf.set(
                    "d",
                    &format!("M{x1} {y1}L{} {}L{x2} {y2}", tenths(x), tenths(y)),
                );
            }
            LineEnd::Packet => {
                for (radius, class) in [(6.5, "packet"), (11.0, "packet-ring")] {
                    let leaf = self.circles.next();
                    leaf.class(&format!("{class} {ink}"));
                    leaf.place("cx", x);
                    leaf.place("cy", y);
                    leaf.set("r", &tenths(radius));
                }
            }
            LineEnd::Cross => self.mark(to.0, to.1, Mark::Lost, 17.0),
            LineEnd::FadeOut => {}
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a label's own fields")]
    fn label(
        &mut self,
        words: &Words,
        target: Target,
        at: (f64, f64),
        anchor: Anchor,
        label: Label,
        mark: Option<Mark>,
        overlay: &Overlay<'_>,
    ) {
        let (x, y) = (at.0, at.1 + 4.0);
        let seq = |seq| [("seq", Arg::Number(seq))];
        let span = |span_ns| [("span", Arg::Span(span_ns))];
        let text = match label {
            Label::Ping(number) => {
                self.otherwise(words, target, number, (x, at.1), overlay);
                words.say(key::LABEL_PING, &seq(number))
            }
            Label::Rtt(rtt_ns) => words.span(rtt_ns),
            Label::Late(rtt_ns) => words.say(key::LABEL_LATE, &span(rtt_ns)),
            Label::LostOn(Direction::Request) => words.get(key::LABEL_LOST_REQUEST).to_owned(),
            Label::LostOn(Direction::Reply) => words.get(key::LABEL_LOST_REPLY).to_owned(),
            Label::LostSomewhere => words.get(key::LABEL_LOST).to_owned(),
            Label::ToGo(span_ns) => words.say(key::LABEL_TO_GO, &span(span_ns)),
            Label::Waiting => words.get(key::LABEL_WAITING).to_owned(),
            Label::Duplicate => words.get(key::LABEL_DUPLICATE).to_owned(),
            Label::Ignored => words.get(key::LABEL_IGNORED).to_owned(),
            Label::Refused => words.get(key::LABEL_REFUSED).to_owned(),
            Label::Unsent => words.get(key::LABEL_UNSENT).to_owned(),
            Label::TimedOut => words.get(key::LABEL_TIMED_OUT).to_owned(),
            Label::Acted(action) => words
                .get(match action {
                    Action::Drop => key::LABEL_ACTED_DROP,
                    Action::Delay { .. } => key::LABEL_ACTED_DELAY,
                    Action::Duplicate { .. } => key::LABEL_ACTED_COPY,
                    Action::Corrupt => key::LABEL_ACTED_CORRUPT,
                })
                .to_owned(),
        };
        let mut class = String::from("halo");
        class.push_str(match anchor {
            Anchor::Start => "",
            Anchor::Middle => " mid",
            Anchor::End => " end",
        });
        if matches!(label, Label::Ping(_) | Label::Rtt(_) | Label::Late(_)) {
            class.push_str(" t");
        }
        match mark {
            Some(mark) => {
                class.push(' ');
                class.push_str(look(mark).class);
            }
            None if !matches!(label, Label::Ping(_)) => class.push_str(" soft"),
            None => {}
        }
        self.text(&class, x, y, &text);
    }

    /// The sign that a probe fares otherwise, at the drawing's edge.
    fn otherwise(
        &mut self,
        words: &Words,
        target: Target,
        seq: u64,
        at: (f64, f64),
        overlay: &Overlay<'_>,
    ) {
        let Target::Probe(place) = target else { return };
        let Some(mark) = (overlay.otherwise)(place, seq) else {
            return;
        };
        self.text(
            "differs-text",
            6.0,
            at.1 + 4.5,
            words.get(key::DIFFERS_MARK),
        );
        if let Some(mark) = mark {
            self.mark(26.0, at.1, mark, 14.0);
        }
    }

    fn measured(&mut self, one: f64, other: f64) {
        let (y1, y2) = (one.min(other) + HEAD, one.max(other) + HEAD);
        let width = self.width;
        self.band("measure-band", 0.0, y1, width, y2 - y1);
        let (top, bottom, right) = (tenths(y1), tenths(y2), tenths(width));
        self.line(
            "measure",
            format!("M0 {top}H{right}M0 {bottom}H{right}M14 {top}V{bottom}"),
        );
    }

    fn mark(&mut self, x: f64, y: f64, mark: Mark, size: f64) {
        let look = look(mark);
        let leaf = self.marks.next();
        leaf.class(&format!("k {}", look.class));
        leaf.set("href", look.symbol);
        leaf.place("x", x - size / 2.0);
        leaf.place("y", y + HEAD - size / 2.0);
        leaf.set("width", &tenths(size));
        leaf.set("height", &tenths(size));
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let leaf = self.texts.next();
        leaf.class(class);
        leaf.place("x", x);
        leaf.place("y", y + HEAD);
        leaf.text(text);
    }

    fn line(&mut self, class: &str, d: String) {
        let leaf = self.lines.next();
        leaf.class(class);
        leaf.set("d", &d);
    }

    fn band(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let leaf = self.bands.next();
        leaf.class(class);
        leaf.place("x", x);
        leaf.place("y", y);
        leaf.place("width", width);
        leaf.place("height", height.max(0.0));
    }
}

/// The height of the lanes' names, above what scrolls.
pub(crate) const HEAD: f64 = 30.0;

/// A part of a circle, clockwise from the top; `part` from 0 to 1.
pub(crate) fn arc(x: f64, y: f64, radius: f64, part: f64) -> String {
    let part = part.clamp(0.0, 0.999_9);
    let (sin, cos) = (part * TAU).sin_cos();
    let large = u8::from(part > 0.5);
    format!(
        "M{x:.1} {:.1}A{radius} {radius} 0 {large} 1 {:.2} {:.2}",
        y - radius,
        x + radius * sin,
        y - radius * cos,
    )
}

/// The diagram's name for those who cannot see it.
pub(crate) fn name(words: &Words, bench: &mut Bench) -> String {
    let figures = bench.derived.figures.at(&bench.derived.run, bench.cursor);
    words.say(
        key::LADDER_NAME,
        &[
            ("at", Arg::Time(bench.cursor.at_ns)),
            ("sent", Arg::Count(figures.sent)),
            ("replied", Arg::Count(figures.replied)),
            ("lost", Arg::Count(figures.lost)),
            ("flight", Arg::Count(figures.in_flight)),
        ],
    )
}
