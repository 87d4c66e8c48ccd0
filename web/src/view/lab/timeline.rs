//! The strip: transport, clock, scrubber, and the RTTs over time.
//!
//! Owns the plot's lanes and axes. From the top: now's flag, the samples, a rail for what has no
//! RTT, the loss rates, the time axis; names and handles have gutters at both sides.

mod cards;
mod facts;
mod gestures;
mod samples;
mod timeout;

use web_sys::{Element, HtmlInputElement};

use crate::view::describe;
use crate::view::dom::{Leaf, Path, Pool, svg, typed};
use crate::view::i18n::{Localization, Value, key, seconds};
use crate::view::run_view::RunView;
use cards::Cards;
pub(crate) use gestures::listen;
use samples::place;
use timeout::{TimeoutHandle, TimeoutLine};
use udping_engine::chart::window::Window;
use udping_engine::chart::{Frame, Plot};
use udping_engine::log::TimerKind;
use udping_engine::scale::float;

/// Where the plot's axes are, in pixels from its edges; at the right, where that is narrow, there
/// is room for a timeout without its name.
const LEFT: f64 = 62.0;
const RIGHT: f64 = 144.0;
const RIGHT_NARROW: f64 = 76.0;
const TOP: f64 = 24.0;
const RAIL: f64 = 30.0;
/// Where on the rail marks are.
const RAIL_MARK: f64 = 18.0;
const STRIP: f64 = 18.0;
const BOTTOM: f64 = RAIL + STRIP + 22.0;
/// What is narrower has narrow gutters.
const NARROW: f64 = 620.0;
/// How near to a mark a pointer means it, in pixels.
const REACH: f64 = 14.0;

/// How the plot is looked at.
#[derive(Debug, Default)]
pub(crate) struct PlotState {
    /// RTTs by their logarithm.
    pub(crate) log: bool,
    /// The stretch of time that was selected.
    pub(crate) range: Option<Window>,
    /// What the pointer, or the keyboard, is at.
    pub(crate) hover: Option<Hover>,
}

/// What is pointed at in the plot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hover {
    /// A sample: its event.
    Sample(usize),
    /// A bucket: a moment in it.
    Bucket(u64),
}

/// The rectangle of the samples, in pixels from the drawing's edges.
#[derive(Debug, Clone, Copy)]
struct Area {
    left: f64,
    right: f64,
    top: f64,
    floor: f64,
}

impl Area {
    fn narrow(&self) -> bool {
        self.right - self.left < NARROW - LEFT - RIGHT_NARROW
    }
}

/// The strip.
#[derive(Debug)]
pub(crate) struct Timeline {
    play: Leaf,
    play_icon: Leaf,
    play_text: Leaf,
    clock: Leaf,
    scrub: Leaf,
    log: Leaf,
    svg: Leaf,
    /// One path for each kind of thing: a million samples stay a dozen elements.
    ground: Pool,
    paths: Pool,
    texts: Pool,
    over: Pool,
    timeout: TimeoutLine,
    recorded: TimeoutLine,
    handle: TimeoutHandle,
    cards: Cards,
    width: f64,
    height: f64,
}

impl Timeline {
    pub(crate) fn new() -> Self {
        let play = Leaf::of("play");
        let (svg_leaf, above) = (Leaf::of("rtt"), Leaf::of("rtt-now"));
        let layer = |within: &Leaf, make: fn() -> Element| Pool::layer(within.element(), make);
        Self {
            play_icon: Leaf::within(play.element(), "use"),
            play_text: Leaf::within(play.element(), "span"),
            play,
            clock: Leaf::of("clock"),
            scrub: Leaf::of("scrub"),
            log: Leaf::of("plot-log"),
            ground: layer(&svg_leaf, || svg("path")),
            paths: layer(&svg_leaf, || svg("path")),
            over: layer(&above, || svg("path")),
            texts: layer(&above, || svg("text")),
            timeout: TimeoutLine::new(svg_leaf.element(), "timeout"),
            recorded: TimeoutLine::new(svg_leaf.element(), "recorded"),
            handle: TimeoutHandle::new(),
            cards: Cards::new(),
            svg: svg_leaf,
            width: 0.0,
            height: 0.0,
        }
    }

    /// Another language: the cards are written again.
    pub(crate) fn clear(&mut self) {
        self.cards.clear();
    }

    pub(crate) fn measure(&mut self) {
        let element = self.svg.element();
        (self.width, self.height) = (
            element.client_width().into(),
            element.client_height().into(),
        );
    }

    /// The time under a point of the plot.
    pub(crate) fn at_ns(&self, view: &RunView, x: f64) -> u64 {
        let (from, until) = view.window;
        from + crate::view::run_view::scale(until - from, self.share(x))
    }

    /// How far across the plot a point is, from 0 to 1.
    pub(crate) fn share(&self, x: f64) -> f64 {
        let area = self.area();
        ((x - area.left) / (area.right - area.left).max(1.0)).clamp(0.0, 1.0)
    }

    /// What lies at a point of the plot: the sample within reach, or the bucket.
    pub(crate) fn at_point(&self, view: &mut RunView, x: f64, y: f64) -> Option<Hover> {
        let (area, frame) = (self.area(), self.frame(view));
        let plot = view.derived.chart.draw(&view.derived.run, &frame);
        if !plot.buckets.is_empty() {
            let inside = (area.left..=area.right).contains(&x) && (area.top..).contains(&y);
            return inside.then(|| Hover::Bucket(frame.at_ns(x - area.left)));
        }
        let known = if view.recorded() {
            usize::MAX
        } else {
            view.cursor.index
        };
        let near = plot.dots.iter().filter(|dot| dot.event < known).map(|dot| {
            let (dot_x, dot_y) = place(&area, &plot, dot);
            ((dot_x - x).powi(2) + (dot_y - y).powi(2), dot.event)
        });
        let (distance, event) = near.min_by(|one, other| one.0.total_cmp(&other.0))?;
        (distance <= REACH * REACH).then_some(Hover::Sample(event))
    }

    /// The event of the sample nearest to a point of the plot.
    pub(crate) fn nearest(&self, view: &RunView, x: f64) -> Option<usize> {
        let x = x - self.area().left;
        view.derived.chart.nearest(view.run(), &self.frame(view), x)
    }

    /// The time that the scrubber stands at.
    pub(crate) fn scrubbed(view: &RunView) -> u64 {
        let input: HtmlInputElement = typed("scrub");
        let (from, until) = view.window;
        from + crate::view::run_view::scale(until - from, input.value_as_number())
    }

    /// The width of the samples' rectangle, in pixels.
    pub(crate) fn inner_width(&self) -> f64 {
        let area = self.area();
        area.right - area.left
    }

    fn area(&self) -> Area {
        let gutter = if self.width < NARROW {
            RIGHT_NARROW
        } else {
            RIGHT
        };
        Area {
            left: LEFT,
            right: (self.width - gutter).max(LEFT + 1.0),
            top: TOP,
            floor: (self.height - BOTTOM).max(TOP + 1.0),
        }
    }

    fn frame(&self, view: &RunView) -> Frame {
        let (from_ns, until_ns) = view.window;
        let area = self.area();
        let beside = view.compared.as_ref().filter(|_| view.by_time);
        Frame {
            from_ns,
            until_ns,
            width: area.right - area.left,
            height: area.floor - area.top,
            top_ns: timeout::top_ns(view).max(beside.and_then(|it| it.slowest_ns)),
            log: view.plot.log,
        }
    }

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &mut RunView) {
        self.controls(l10n, view);
        if self.width < 1.0 {
            return;
        }
        let (area, frame) = (self.area(), self.frame(view));
        let plot = view.derived.chart.draw(&view.derived.run, &frame);
        let beside = view.compared.as_mut().filter(|_| view.by_time);
        let beside = beside.map(|it| it.chart.draw(&it.run, &frame));
        for pool in [
            &mut self.ground,
            &mut self.paths,
            &mut self.over,
            &mut self.texts,
        ] {
            pool.begin();
        }
        self.axes(l10n, view, &plot, &area);
        self.samples(l10n, view, &plot, &area);
        if let Some(beside) = beside {
            self.beside(view, &beside, &plot, &area);
        }
        self.in_flight(view, &plot, &area);
        self.range(view, &frame, &area);
        self.notes(view, &frame, &area);
        self.now(l10n, view, &area, frame.x(view.cursor.at_ns));
        self.hovered(view, &plot, &area);
        for pool in [
            &mut self.ground,
            &mut self.paths,
            &mut self.over,
            &mut self.texts,
        ] {
            pool.end();
        }
        self.cards.draw(l10n, view, &frame, &area, self.width);
        let figures = view.derived.figures.at(&view.derived.run, view.cursor);
        let name = if view.run().beats() {
            l10n.get(key::BEATS_NAME).to_owned()
        } else {
            l10n.say(
                key::RTT_NAME,
                &[
                    ("replied", Value::Count(figures.replied)),
                    ("lost", Value::Count(figures.lost)),
                    ("late", Value::Count(figures.late)),
                ],
            )
        };
        self.svg.set("aria-label", &name);
    }

    fn controls(&mut self, l10n: &Localization, view: &RunView) {
        let playing = view.player.playing();
        self.play_icon
            .set("href", if playing { "#i-pause" } else { "#i-play" });
        self.play_text
            .text(l10n.get(if playing { key::PAUSE } else { key::PLAY }));
        self.play.class(if playing {
            "btn primary play on"
        } else {
            "btn primary play"
        });
        self.log.flag("aria-pressed", view.plot.log);
        let at = l10n.time(view.cursor.at_ns);
        self.clock.text(&at);
        let (from, until) = view.window;
        let part = seconds(view.cursor.at_ns.saturating_sub(from)) / seconds((until - from).max(1));
        typed::<HtmlInputElement>("scrub").set_value_as_number(part);
        let text = match view.last_event() {
            Some(event) => l10n.say(
                key::SCRUB_VALUE,
                &[
                    ("at", Value::Text(&at)),
                    ("what", Value::Text(&describe::short(l10n, &event))),
                ],
            ),
            None => l10n.say(key::SCRUB_START, &[("at", Value::Text(&at))]),
        };
        self.scrub.set("aria-valuetext", &text);
    }

    fn axes(&mut self, l10n: &Localization, view: &RunView, plot: &Plot, area: &Area) {
        let mut lines = Path::default();
        for tick in &plot.rtt_ticks {
            let y = area.top + plot.axis.y(*tick);
            lines.to(area.left, y).across(area.right);
            self.text("t soft end", area.left - 8.0, y + 4.0, &l10n.span(*tick));
        }
        let ticks = &plot.time_ticks;
        let step = ticks.get(1).map_or(0, |second| second - ticks[0]);
        let (floor, axis) = (area.floor + RAIL + STRIP, self.height);
        let frame = self.frame(view);
        for tick in ticks {
            let x = area.left + frame.x(*tick);
            lines.to(x, floor).raw("v4");
            self.text("t soft mid", x, axis - 4.0, &l10n.tick(*tick, step));
        }
        let leaf = self.ground.next();
        leaf.class("grid-line");
        leaf.set("d", lines.data());
        if let Some(y) = plot.beats_y {
            let leaf = self.ground.next();
            leaf.class("grid-line");
            let mut level = Path::default();
            leaf.set(
                "d",
                level.to(area.left, area.top + y).across(area.right).data(),
            );
        }
        self.timeouts(l10n, view, &plot.axis, area, plot.beats_y.is_none());
    }

    /// Probes that wait for their replies: at now, and as high as they have waited.
    fn in_flight(&mut self, view: &RunView, plot: &Plot, area: &Area) {
        if !plot.buckets.is_empty() || plot.beats_y.is_some() {
            return;
        }
        let x = area.left + self.frame(view).x(view.cursor.at_ns);
        if !(area.left..=area.right).contains(&x) {
            return;
        }
        let mut rings = Path::default();
        let timers = view.run().timers(view.cursor).into_iter();
        for timer in timers.filter(|timer| timer.kind == TimerKind::Deadline) {
            let waited = view.cursor.at_ns.saturating_sub(timer.from_ns);
            let y = area.top + plot.axis.y(waited).clamp(0.0, plot.axis.height);
            rings.circle(x, y, 4.5).circle(x, y, 1.2);
        }
        let leaf = self.over.next();
        leaf.class("plot-ring in-flight");
        leaf.set("d", rings.data());
    }

    /// The stretch that was selected.
    fn range(&mut self, view: &RunView, frame: &Frame, area: &Area) {
        let Some((from, until)) = view.plot.range else {
            return;
        };
        let x = |ns| (area.left + frame.x(ns)).clamp(area.left, area.right);
        let (left, right) = (x(from), x(until));
        let bottom = area.floor + RAIL + STRIP;
        let (mut band, mut edges) = (Path::default(), Path::default());
        band.rect(left, area.top, right - left, bottom - area.top);
        for (edge, ns) in [(left, from), (right, until)] {
            if (frame.from_ns..=frame.until_ns).contains(&ns) {
                edges.to(edge, area.top).down(bottom);
            }
        }
        for (class, d) in [("range-band", band), ("range-edge", edges)] {
            let leaf = self.over.next();
            leaf.class(class);
            leaf.set("d", d.data());
        }
    }

    /// Where notes are pinned, by their numbers in the list.
    fn notes(&mut self, view: &RunView, frame: &Frame, area: &Area) {
        let bottom = area.floor + RAIL + STRIP;
        let (mut lines, mut flags) = (Path::default(), Path::default());
        for (number, note) in (1_u32..).zip(view.notes.all()) {
            if !(frame.from_ns..=frame.until_ns).contains(&note.at_ns) {
                continue;
            }
            let x = area.left + frame.x(note.at_ns);
            lines.to(x, area.top - 6.0).down(bottom);
            flags.circle(x, 10.0, 8.0);
            self.text("t mid note-number", x, 14.0, &number.to_string());
        }
        for (class, d) in [("note-line", lines), ("note-flag", flags)] {
            let leaf = self.over.next();
            leaf.class(class);
            leaf.set("d", d.data());
        }
    }

    fn now(&mut self, l10n: &Localization, view: &RunView, area: &Area, x: f64) {
        let bottom = area.floor + RAIL + STRIP;
        let here = area.left + x;
        let x = here.clamp(area.left, area.right);
        let leaf = self.over.next();
        leaf.class(if view.recorded() {
            "future"
        } else {
            "future unwritten"
        });
        let mut ahead = Path::default();
        leaf.set(
            "d",
            ahead
                .rect(x, area.top, area.right - x, bottom - area.top)
                .data(),
        );
        // At the edge of what is in sight it would stand at another time.
        if (here - x).abs() > 1.0 {
            return;
        }
        let leaf = self.over.next();
        leaf.class("now");
        leaf.set(
            "d",
            Path::default().to(x, area.top - 4.0).down(bottom).data(),
        );
        // Its flag stays within the drawing.
        let text = l10n.time(view.cursor.at_ns);
        let half = 5.0 + 3.6 * float(text.chars().count() as u64);
        let middle = x.clamp(half, (self.width - half).max(half));
        let leaf = self.over.next();
        leaf.class("now-flag");
        leaf.set(
            "d",
            Path::default()
                .rect(middle - half, 2.0, 2.0 * half, TOP - 6.0)
                .data(),
        );
        self.text("t mid now-flag-text", middle, TOP - 9.0, &text);
    }

    /// A halo around what is pointed at.
    fn hovered(&mut self, view: &RunView, plot: &Plot, area: &Area) {
        let mut halo = Path::default();
        let frame = self.frame(view);
        match view.plot.hover {
            Some(Hover::Sample(event)) => {
                if let Some(dot) = plot.dots.iter().find(|dot| dot.event == event) {
                    let (x, y) = place(area, plot, dot);
                    halo.circle(x, y, 8.5).to(x, area.top).down(y - 9.0);
                }
            }
            Some(Hover::Bucket(at)) => {
                let x = (area.left + frame.x(at)).clamp(area.left, area.right);
                halo.to(x, area.top).down(area.floor + RAIL + STRIP);
            }
            None => {}
        }
        let leaf = self.over.next();
        leaf.class("hover-halo");
        leaf.set("d", halo.data());
    }

    fn path(&mut self, class: &str, d: &Path) {
        let leaf = self.paths.next();
        leaf.class(class);
        leaf.set("d", d.data());
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let leaf = self.texts.next();
        leaf.class(class);
        leaf.place("x", x);
        leaf.place("y", y);
        leaf.text(text);
    }
}

/// Where a pointer is within an element.
pub(crate) fn within(element: &Element, x: i32, y: i32) -> (f64, f64) {
    let edges = element.get_bounding_client_rect();
    (f64::from(x) - edges.left(), f64::from(y) - edges.top())
}
