//! The sequence diagram, drawn: the engine's shapes as SVG.
//!
//! Owns the layers and what each shape looks like; where everything is comes from
//! [`udping_engine::scene`]. Coordinates are CSS pixels, so text keeps its size
//! however narrow the drawing is.

mod bars;
mod both_ends;

use udping_journal::Action;
use udping_link::Direction;
use web_sys::Element;

use crate::view::dom::{Leaf, Path, Pool, svg, tenths};
use crate::view::i18n::{Localization, Value, key};
use crate::view::prefs::media;
use crate::view::run_view::RunView;
use crate::view::symbols::look;
use udping_engine::diagram::{Anchor, Diagram, Label, LineEnd, Pause, Shape, Target, Viewport};
use udping_engine::filter::Matches;
use udping_engine::log::{Cursor, Symbol};
use udping_engine::run::{Origin, Run};
use udping_engine::scale::Scale;

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
    symbols: Pool,
    now: Pool,
    texts: Pool,
    /// The lanes' names stay above what scrolls.
    head: Pool,
    head_texts: Pool,
    /// What was drawn last, to tell what a click hits.
    diagram: Diagram,
    width: f64,
    height: f64,
    /// How wide a letter is.
    letter: f64,
}

/// What else is drawn over a run.
pub(crate) struct Overlay<'a> {
    /// How a probe fares otherwise (see [`RunView::otherwise`]).
    pub(crate) otherwise: &'a dyn Fn(usize, u64) -> Option<Option<Symbol>>,
    /// Two moments that are measured between.
    pub(crate) measured: Option<(u64, u64)>,
    pub(crate) chosen: Option<usize>,
    /// What a filter finds, if there is one: the rest is dimmed.
    pub(crate) found: Option<&'a Matches>,
}

impl Ladder {
    pub(crate) fn new(id: &str) -> Self {
        let figure = Leaf::of(id);
        let svg_leaf = Leaf::within(figure.element(), "svg");
        let layer = |make: fn() -> Element| Pool::layer(svg_leaf.element(), make);
        Self {
            caption: Leaf::within(figure.element(), "figcaption"),
            bands: layer(|| svg("rect")),
            lines: layer(|| svg("path")),
            ways: layer(|| svg("path")),
            tips: layer(|| svg("path")),
            circles: layer(|| svg("circle")),
            symbols: layer(|| svg("use")),
            now: layer(|| svg("path")),
            texts: layer(|| svg("text")),
            head: layer(|| svg("path")),
            head_texts: layer(|| svg("text")),
            diagram: Diagram::default(),
            width: 0.0,
            height: 0.0,
            letter: 7.0,
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
        // As `style.css` has it: larger on a projector.
        self.letter = if media("(min-width: 1900px)") {
            8.0
        } else {
            7.0
        };
    }

    pub(crate) fn height(&self) -> f64 {
        self.height - HEAD
    }

    /// What lies at a point of the drawing.
    pub(crate) fn hit(&self, x: f64, y: f64) -> Option<Target> {
        self.diagram.hit(x, y - HEAD, 14.0)
    }

    /// Draws a run at a cursor, scrolled to `top`.
    pub(crate) fn draw(
        &mut self,
        l10n: &Localization,
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
            letter: self.letter,
        };
        let diagram = Diagram::draw(run, cursor, scale, &viewport);
        for pool in self.pools() {
            pool.begin();
        }
        if let Some((from, until)) = overlay.measured {
            self.measured(scale.y(from) - top, scale.y(until) - top);
        }
        // Which end nobody saw: true if it is the server.
        let half = run.far_end_unseen();
        let unseen = half.then_some(!run.listens());
        let probes = overlay.found.map(|_| diagram.probes(run));
        for (at, shape) in diagram.shapes.iter().enumerate() {
            if let Some((found, probes)) = overlay.found.zip(probes.as_ref()) {
                let probe = probes.get(at).copied().flatten();
                let dim = probe.is_some_and(|probe| !found.probe(probe));
                for pool in self.pools() {
                    pool.dim(dim);
                }
            }
            self.shape(l10n, shape, overlay, unseen);
        }
        for pool in self.pools() {
            pool.dim(false);
        }
        self.heads(l10n, &diagram, run);
        if diagram.left_out > 0 {
            let text = l10n.say(
                key::LEFT_OUT,
                &[("count", Value::Count(diagram.left_out as u64))],
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
        self.diagram = diagram;
    }

    fn pools(&mut self) -> [&mut Pool; 10] {
        [
            &mut self.bands,
            &mut self.lines,
            &mut self.ways,
            &mut self.tips,
            &mut self.circles,
            &mut self.symbols,
            &mut self.now,
            &mut self.texts,
            &mut self.head,
            &mut self.head_texts,
        ]
    }

    fn shape(
        &mut self,
        l10n: &Localization,
        shape: &Shape,
        overlay: &Overlay<'_>,
        unseen: Option<bool>,
    ) {
        match shape {
            Shape::Lane { x, server } => {
                let class = if unseen == Some(*server) {
                    "lane unseen"
                } else {
                    "lane"
                };
                let height = self.height;
                self.line(class, Path::default().to(*x, HEAD).down(height));
            }
            Shape::Tick { y } => {
                let width = self.width;
                self.line("grid-line", Path::default().to(0.0, y + HEAD).across(width));
            }
            Shape::Skip { y1, y2 } => {
                let (y1, y2, width) = (y1 + HEAD, y2 + HEAD, self.width);
                self.band("skip-band", 0.0, y1, width, y2 - y1);
                self.line(
                    "skip-edge",
                    Path::default()
                        .to(0.0, y1)
                        .across(width)
                        .to(0.0, y2)
                        .across(width),
                );
            }
            Shape::Line {
                points,
                direction,
                symbol,
                end,
                chosen,
                ..
            } => {
                self.way(points, *direction, *symbol, *end, *chosen);
            }
            Shape::Dwell {
                x, y1, y2, chosen, ..
            } => {
                let class = if *chosen { "dwell chosen" } else { "dwell" };
                // However short, it is to be seen.
                let bottom = y2.max(y1 + 1.0) + HEAD;
                self.line(class, Path::default().to(*x, y1 + HEAD).down(bottom));
            }
            Shape::Symbol {
                x,
                y,
                symbol: Symbol::InFlight,
                ..
            } => self.dot(*x, *y),
            Shape::Symbol {
                x,
                y,
                symbol,
                chosen,
                ..
            } => {
                self.symbol(*x, *y, *symbol, if *chosen { 18.0 } else { 15.0 });
            }
            Shape::Label {
                target,
                x,
                y,
                anchor,
                text,
                symbol,
            } => {
                self.label(l10n, *target, (*x, *y), *anchor, *text, *symbol, overlay);
            }
            Shape::Now { y, parts } => {
                for (from, until) in parts {
                    let leaf = self.now.next();
                    leaf.class("now");
                    let mut d = Path::default();
                    leaf.set("d", d.to(*from, y + HEAD).across(*until).data());
                }
            }
            Shape::Unseen { .. }
            | Shape::Edge { .. }
            | Shape::Branch { .. }
            | Shape::Bar { .. }
            | Shape::Listened { .. }
            | Shape::Ahead { .. }
            | Shape::Deadline { .. }
            | Shape::Density { .. } => self.wait(shape),
            Shape::Doubt { .. } | Shape::DoubtBand { .. } => self.doubt(shape),
        }
    }

    fn heads(&mut self, l10n: &Localization, diagram: &Diagram, run: &Run) {
        let leaf = self.head.next();
        leaf.class("head-ground");
        leaf.set("d", Path::default().rect(0.0, 0.0, self.width, HEAD).data());
        let leaf = self.head.next();
        leaf.class("grid-line");
        leaf.set("d", Path::default().to(0.0, HEAD).across(self.width).data());
        let server = match (run.origin(), run.server_clock()) {
            _ if run.server_side().is_some() => both_ends::server(l10n, run),
            _ if run.listens() => l10n.get(key::SERVER).to_owned(),
            (Origin::Simulated, _) => l10n.get(key::SERVER).to_owned(),
            (Origin::Recorded, None) => l10n.get(key::SERVER_UNSEEN).to_owned(),
            (Origin::Recorded, Some(clock)) => match clock.error_ns {
                None => l10n.get(key::SERVER).to_owned(),
                Some(error) => l10n.say(key::SERVER_ABOUT, &[("error", Value::Span(error))]),
            },
        };
        let client = if run.listens() {
            key::CLIENT_UNSEEN
        } else {
            key::CLIENT
        };
        let client = l10n.get(client).to_owned();
        // Beside columns the server's name goes to the left, as far as there is room.
        let width = |text: &str| {
            let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            f64::from(letters) * self.letter * 1.04
        };
        let between = diagram.server_x - diagram.client_x - width(&client) / 2.0;
        let server = if diagram.parts.is_some() && width(&server) > between {
            l10n.get(key::SERVER).to_owned()
        } else {
            server
        };
        for (x, text) in [(diagram.client_x, client), (diagram.server_x, server)] {
            let leaf = self.head_texts.next();
            // Half of a long name beyond the drawing's edge would be cut off.
            let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let half = f64::from(letters) * self.letter * 0.52;
            let beside = diagram.parts.is_some() && x >= diagram.server_x;
            let (class, x) = if beside {
                ("head end", x + self.letter)
            } else if x + half > self.width - 6.0 {
                ("head end", self.width - 6.0)
            } else if x < half + 6.0 {
                ("head", 6.0)
            } else {
                ("head mid", x)
            };
            leaf.class(class);
            leaf.place("x", x);
            leaf.place("y", 20.0);
            leaf.text(&text);
        }
        if let Some(digits) = diagram.parts {
            let leaf = self.head_texts.next();
            leaf.class("t soft");
            leaf.place("x", diagram.server_x + 12.0);
            leaf.place("y", 20.0);
            leaf.text(&both_ends::columns(l10n, digits));
        }
    }

    fn way(
        &mut self,
        points: &[(f64, f64)],
        direction: Direction,
        symbol: Symbol,
        end: LineEnd,
        chosen: bool,
    ) {
        let [.., from, to] = points else { return };
        let ink = match symbol {
            // A request is blue whatever becomes of it; its reply wears the outcome.
            Symbol::Replied | Symbol::InFlight | Symbol::Late
                if direction == Direction::Request =>
            {
                "in-flight"
            }
            Symbol::InFlight => "replied",
            _ => look(symbol).class,
        };
        let mut class = ["way ", ink].concat();
        match end {
            LineEnd::Cross => class.push_str(" doomed"),
            LineEnd::FadeOut | LineEnd::FadeIn => class.push_str(" unseen"),
            LineEnd::Arrow | LineEnd::Packet => {}
        }
        if chosen {
            class.push_str(" chosen");
        }
        let mut d = Path::default();
        d.to(points[0].0, points[0].1 + HEAD);
        for (x, y) in &points[1..] {
            d.line(*x, y + HEAD);
        }
        let leaf = self.ways.next();
        leaf.class(&class);
        leaf.set("d", d.data());
        let (x, y) = (to.0, to.1 + HEAD);
        match end {
            LineEnd::Arrow | LineEnd::FadeIn => {
                // The barbs lie 24 degrees to either side of the way, eight pixels long.
                let (dx, dy) = (from.0 - to.0, from.1 - to.1);
                let length = (dx * dx + dy * dy).sqrt().max(1.0) / 8.0;
                let (dx, dy) = (dx / length, dy / length);
                let (cos, sin) = (0.914, 0.407);
                let (x1, y1) = (x + dx * cos - dy * sin, y + dx * sin + dy * cos);
                let (x2, y2) = (x + dx * cos + dy * sin, y - dx * sin + dy * cos);
                let leaf = self.tips.next();
                leaf.class(&["tip ", ink].concat());
                leaf.set(
                    "d",
                    Path::default().to(x1, y1).line(x, y).line(x2, y2).data(),
                );
            }
            LineEnd::Packet => {
                for (radius, class) in [(6.5, "packet"), (11.0, "packet-ring")] {
                    let leaf = self.circles.next();
                    leaf.class(&[class, " ", ink].concat());
                    leaf.place("cx", x);
                    leaf.place("cy", y);
                    leaf.set("r", &tenths(radius));
                }
            }
            LineEnd::Cross => self.symbol(to.0, to.1, Symbol::Lost, 17.0),
            LineEnd::FadeOut => {}
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a label's own fields")]
    fn label(
        &mut self,
        l10n: &Localization,
        target: Option<Target>,
        (x, y): (f64, f64),
        anchor: Anchor,
        label: Label,
        symbol: Option<Symbol>,
        overlay: &Overlay<'_>,
    ) {
        // In the corner, beneath the buttons, there is no room for the time.
        let is_time = matches!(label, Label::Time(_));
        if is_time && y + HEAD > self.height - 54.0 {
            return;
        }
        let seq = |seq| [("seq", Value::Number(seq))];
        let span = |span_ns| [("span", Value::Span(span_ns))];
        let text = match label {
            Label::Ping(number) => {
                self.otherwise(l10n, target, number, y, overlay);
                format!("#{number}")
            }
            Label::Beat(number) => l10n.say(key::LABEL_BEAT, &seq(number)),
            Label::Missing(from, to) if from == to => l10n.say(key::LABEL_MISSING_ONE, &seq(from)),
            Label::Missing(from, to) => {
                let values = [("from", Value::Number(from)), ("to", Value::Number(to))];
                l10n.say(key::LABEL_MISSING, &values)
            }
            Label::Silent => l10n.get(key::LABEL_SILENT).to_owned(),
            Label::Rtt(number, rtt_ns) => format!("#{number} {}", l10n.span(rtt_ns)),
            Label::Late(number, rtt_ns) => {
                numbered(number, &l10n.say(key::LABEL_LATE, &span(rtt_ns)))
            }
            Label::Spare(span_ns) => l10n.say(key::LABEL_SPARE, &span(span_ns)),
            Label::Past(span_ns) => l10n.say(key::LABEL_PAST, &span(span_ns)),
            Label::Was(symbol) => {
                let was = l10n.get(crate::view::symbols::name(symbol));
                l10n.say(key::LABEL_WAS, &[("outcome", Value::Text(was))])
            }
            Label::Stamp(number) => format!("T{number}"),
            Label::Dwell(span_ns) => l10n.span(span_ns),
            Label::LostOn(Direction::Request) => l10n.get(key::LABEL_LOST_REQUEST).to_owned(),
            Label::LostOn(Direction::Reply) => l10n.get(key::LABEL_LOST_REPLY).to_owned(),
            Label::NeverReached(number) => numbered(number, l10n.get(key::LABEL_NEVER_REACHED)),
            Label::NotAnswered(number) => numbered(number, l10n.get(key::LABEL_NOT_ANSWERED)),
            Label::Parts { .. } => both_ends::parts(l10n, &label),
            Label::Lost(number) => numbered(number, l10n.get(key::LABEL_LOST)),
            Label::ToGo(span_ns) => l10n.say(key::LABEL_TO_GO, &span(span_ns)),
            Label::Waiting(number, span_ns) => {
                numbered(number, &l10n.say(key::LABEL_WAITING, &span(span_ns)))
            }
            Label::Duplicate(number) => numbered(number, l10n.get(key::LABEL_DUPLICATE)),
            Label::Ignored => l10n.get(key::LABEL_IGNORED).to_owned(),
            Label::Refused(number) => numbered(number, l10n.get(key::LABEL_REFUSED)),
            Label::Unsent(number) => numbered(number, l10n.get(key::LABEL_UNSENT)),
            Label::Acted(action) => l10n
                .get(match action {
                    Action::Drop => key::LABEL_ACTED_DROP,
                    Action::Delay { .. } => key::LABEL_ACTED_DELAY,
                    Action::Duplicate { .. } => key::LABEL_ACTED_COPY,
                    Action::Corrupt => key::LABEL_ACTED_CORRUPT,
                })
                .to_owned(),
            Label::Time(at_ns) => l10n.time(at_ns),
            Label::Now(at_ns) => l10n.say(key::NOW, &[("at", Value::Time(at_ns))]),
            Label::Pause(why, span_ns) => pause(l10n, why, span_ns),
            Label::BriefPause(why) => brief_pause(l10n, why),
        };
        let ground = match label {
            Label::Pause(..) | Label::BriefPause(_) => "on-skip",
            _ => "halo",
        };
        let side = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " mid",
            Anchor::End => " end",
        };
        let face = match label {
            Label::Ping(_)
            | Label::Beat(_)
            | Label::Rtt(..)
            | Label::Late(..)
            | Label::Parts { .. } => " t",
            Label::Time(_) | Label::Pause(..) | Label::BriefPause(_) => " t soft",
            Label::Was(_) => " was",
            Label::Now(_) => " t now-text",
            _ if symbol.is_none() => " soft",
            _ => "",
        };
        let colour = symbol.map_or("", |symbol| look(symbol).class);
        let class = [ground, side, face, " ", colour].concat();
        self.text(&class, x, y + 4.0, &text);
    }

    /// The sign that a probe fares otherwise, at the drawing's edge.
    fn otherwise(
        &mut self,
        l10n: &Localization,
        target: Option<Target>,
        seq: u64,
        y: f64,
        overlay: &Overlay<'_>,
    ) {
        let Some(Target::Probe(index)) = target else {
            return;
        };
        let Some(symbol) = (overlay.otherwise)(index, seq) else {
            return;
        };
        self.text("differs-text", 6.0, y + 4.5, l10n.get(key::DIFFERS_SYMBOL));
        if let Some(symbol) = symbol {
            self.symbol(26.0, y, symbol, 14.0);
        }
    }

    fn measured(&mut self, one: f64, other: f64) {
        let (y1, y2) = (one.min(other) + HEAD, one.max(other) + HEAD);
        let width = self.width;
        self.band("measure-band", 0.0, y1, width, y2 - y1);
        let mut d = Path::default();
        d.to(0.0, y1)
            .across(width)
            .to(0.0, y2)
            .across(width)
            .to(14.0, y1)
            .down(y2);
        self.line("measure", &d);
    }

    /// Where a probe went out.
    fn dot(&mut self, x: f64, y: f64) {
        let leaf = self.circles.next();
        leaf.class("packet in-flight");
        leaf.place("cx", x);
        leaf.place("cy", y + HEAD);
        leaf.set("r", "3.4");
    }

    fn symbol(&mut self, x: f64, y: f64, symbol: Symbol, size: f64) {
        let look = look(symbol);
        let leaf = self.symbols.next();
        leaf.class(&["k ", look.class].concat());
        leaf.set("href", look.shape);
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

    fn line(&mut self, class: &str, d: &Path) {
        let leaf = self.lines.next();
        leaf.class(class);
        leaf.set("d", d.data());
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

/// A probe's number before what became of it.
fn numbered(number: u64, what: &str) -> String {
    format!("#{number} {what}")
}

/// Why nothing happens for a while.
fn pause(l10n: &Localization, why: Pause, span_ns: Option<u64>) -> String {
    let why = match why {
        Pause::Timeout(number) => l10n.say(key::PAUSE_TIMEOUT, &[("seq", Value::Number(number))]),
        Pause::Due(at_ns) => return l10n.say(key::PAUSE_DUE, &[("at", Value::Time(at_ns))]),
        Pause::Listening => l10n.get(key::PAUSE_LISTENING).to_owned(),
        Pause::Quiet => l10n.get(key::PAUSE_QUIET).to_owned(),
        Pause::Unnamed => "…".to_owned(),
    };
    match span_ns {
        Some(span) => [&why, ", ", &l10n.span(span)].concat(),
        None => why,
    }
}

/// The same in few words.
fn brief_pause(l10n: &Localization, why: Pause) -> String {
    match why {
        Pause::Timeout(number) => {
            l10n.say(key::PAUSE_TIMEOUT_BRIEF, &[("seq", Value::Number(number))])
        }
        Pause::Due(at_ns) => l10n.say(key::PAUSE_DUE_BRIEF, &[("at", Value::Time(at_ns))]),
        Pause::Listening => l10n.get(key::PAUSE_LISTENING_BRIEF).to_owned(),
        Pause::Quiet | Pause::Unnamed => pause(l10n, why, None),
    }
}

/// The height of the lanes' names, above what scrolls.
pub(crate) const HEAD: f64 = 30.0;

/// The diagram's name for those who cannot see it.
pub(crate) fn name(l10n: &Localization, view: &mut RunView) -> String {
    let figures = view.derived.figures.at(&view.derived.run, view.cursor);
    l10n.say(
        key::LADDER_NAME,
        &[
            ("at", Value::Time(view.cursor.at_ns)),
            ("sent", Value::Count(figures.sent)),
            ("replied", Value::Count(figures.replied)),
            ("lost", Value::Count(figures.lost)),
            ("flight", Value::Count(figures.in_flight)),
        ],
    )
}
