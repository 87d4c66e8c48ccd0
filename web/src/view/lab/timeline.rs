//! The strip: transport, clock, scrubber, and the RTTs over time.

use web_sys::{Element, HtmlInputElement};

use crate::view::describe;
use crate::view::dom::{Leaf, Path, Pool, svg, typed};
use crate::view::i18n::{Localization, Value, key, seconds};
use crate::view::run_view::RunView;
use crate::view::symbols::look;
use udping_engine::chart::{Dot, Frame, Plot};
use udping_engine::log::Symbol;

/// Where the plot's axes are, in pixels from its edges.
const LEFT: f64 = 62.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 20.0;

/// The strip.
#[derive(Debug)]
pub(crate) struct Timeline {
    play: Leaf,
    play_icon: Leaf,
    play_text: Leaf,
    clock: Leaf,
    scrub: Leaf,
    svg: Leaf,
    /// One path for each kind of thing: a million samples stay a dozen elements.
    ground: Pool,
    paths: Pool,
    texts: Pool,
    over: Pool,
    width: f64,
    height: f64,
}

impl Timeline {
    pub(crate) fn new() -> Self {
        let play = Leaf::of("play");
        let (svg_leaf, above) = (Leaf::of("rtt"), Leaf::of("rtt-now"));
        let layer = |within: &Leaf, make: fn() -> Element| {
            let group = svg("g");
            // A fresh group can always be appended.
            let _ = within.element().append_child(&group);
            Pool::new(group, make)
        };
        Self {
            play_icon: Leaf::within(play.element(), "use"),
            play_text: Leaf::within(play.element(), "span"),
            play,
            clock: Leaf::of("clock"),
            scrub: Leaf::of("scrub"),
            ground: layer(&svg_leaf, || svg("path")),
            paths: layer(&svg_leaf, || svg("path")),
            over: layer(&above, || svg("path")),
            texts: layer(&above, || svg("text")),
            svg: svg_leaf,
            width: 0.0,
            height: 0.0,
        }
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
        let part = ((x - LEFT) / (self.width - LEFT - RIGHT).max(1.0)).clamp(0.0, 1.0);
        from + crate::view::run_view::scale(until - from, part)
    }

    /// The event of the sample nearest to a point of the plot.
    pub(crate) fn nearest(&self, view: &RunView, x: f64) -> Option<usize> {
        view.derived
            .chart
            .nearest(view.run(), &self.frame(view), x - LEFT)
    }

    /// The time that the scrubber stands at.
    pub(crate) fn scrubbed(view: &RunView) -> u64 {
        let input: HtmlInputElement = typed("scrub");
        let (from, until) = view.window;
        from + crate::view::run_view::scale(until - from, input.value_as_number())
    }

    fn frame(&self, view: &RunView) -> Frame {
        let (from_ns, until_ns) = view.window;
        Frame {
            from_ns,
            until_ns,
            width: (self.width - LEFT - RIGHT).max(1.0),
            height: (self.height - TOP - BOTTOM).max(1.0),
            top_ns: None,
        }
    }

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &mut RunView) {
        self.controls(l10n, view);
        if self.width < 1.0 {
            return;
        }
        let frame = self.frame(view);
        let plot = view.derived.chart.draw(&view.derived.run, &frame);
        for pool in [
            &mut self.ground,
            &mut self.paths,
            &mut self.over,
            &mut self.texts,
        ] {
            pool.begin();
        }
        self.axes(l10n, view, &plot);
        self.samples(view, &plot);
        self.now(view, frame.x(view.cursor.at_ns));
        for pool in [
            &mut self.ground,
            &mut self.paths,
            &mut self.over,
            &mut self.texts,
        ] {
            pool.end();
        }
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

    fn axes(&mut self, l10n: &Localization, view: &RunView, plot: &Plot) {
        let (right, floor) = (self.width - RIGHT, self.height - BOTTOM);
        let top = seconds(plot.top_ns.max(1));
        let mut lines = Path::default();
        for tick in &plot.rtt_ticks {
            let y = floor - seconds(*tick) / top * (floor - TOP);
            lines.to(LEFT, y).across(right);
            self.text("t soft end", LEFT - 8.0, y + 4.0, &l10n.span(*tick));
        }
        let (from, until) = view.window;
        for tick in &plot.time_ticks {
            let part = seconds(tick.saturating_sub(from)) / seconds((until - from).max(1));
            let x = LEFT + part * (right - LEFT);
            // The last one would run into the zoom buttons, the first into the other axis.
            if x < right - 190.0 && x > LEFT + 30.0 {
                lines.to(x, floor).raw("v4");
                self.text("t soft mid", x, floor + 15.0, &l10n.time(*tick));
            }
        }
        let leaf = self.ground.next();
        leaf.class("grid-line");
        leaf.set("d", lines.data());
        if let Some(y) = plot.beats_y {
            self.level("grid-line", TOP + y);
        }
        let y = TOP + plot.timeout_y;
        if plot.beats_y.is_none() && plot.timeout_y >= 0.0 && y <= floor {
            self.level("timeout-line", y);
            let span = Value::Span(view.run().header().timeout_ns);
            let text = l10n.say(key::TIMEOUT_LINE, &[("span", span)]);
            self.text("t timeout-text halo end", right - 4.0, y - 5.0, &text);
        }
        if let Some(what_if) = &view.what_if {
            let y = floor - seconds(what_if.timeout_ns) / top * (floor - TOP);
            if y >= TOP {
                self.level("what-if-line", y);
                let span = Value::Span(what_if.timeout_ns);
                let text = l10n.say(key::WHAT_IF_LINE, &[("span", span)]);
                // The timeout's own stands at the edge, perhaps at the same height.
                self.text("t what-if-text halo end", right - 140.0, y - 5.0, &text);
            }
        }
    }

    fn level(&mut self, class: &str, y: f64) {
        let right = self.width - RIGHT;
        let leaf = self.ground.next();
        leaf.class(class);
        leaf.set("d", Path::default().to(LEFT, y).across(right).data());
    }

    fn samples(&mut self, view: &RunView, plot: &Plot) {
        // What has not happened yet is shown only where it is on record.
        let known = if view.recorded() {
            usize::MAX
        } else {
            view.cursor.index
        };
        let mut columns = [Path::default(), Path::default(), Path::default()];
        let [ranges, late, lost] = &mut columns;
        for column in plot.columns.iter().filter(|column| column.event < known) {
            let x = LEFT + column.x + 0.5;
            if column.replied > 0 {
                let (low, high) = (TOP + column.low_y, TOP + column.high_y);
                ranges.to(x, low.max(high) + 0.5).down(high.min(low) - 0.5);
            }
            if column.late > 0 {
                late.to(x, TOP + column.late_y - 1.0).raw("v2");
            }
            if column.lost > 0 {
                lost.to(x, self.height - BOTTOM - 5.0).raw("v5");
            }
        }
        let classes = ["column-range", "plot-line late", "plot-line lost"];
        for (class, d) in classes
            .into_iter()
            .zip(&columns)
            .filter(|(_, d)| !d.is_empty())
        {
            self.path(class, d);
        }
        let seen = |dot: &&Dot| dot.event < known;
        for symbol in Symbol::ALL {
            let mut d = Path::default();
            for dot in plot
                .dots
                .iter()
                .filter(seen)
                .filter(|dot| dot.symbol == symbol)
            {
                sample(&mut d, symbol, LEFT + dot.x, TOP + dot.y);
            }
            if !d.is_empty() {
                let kind = match symbol {
                    Symbol::Lost | Symbol::Unsent => "plot-line ",
                    Symbol::Ignored | Symbol::Refused => "plot-ring ",
                    _ => "plot-symbol ",
                };
                self.path(&[kind, look(symbol).class].concat(), &d);
            }
        }
        let chosen = view.shown_probe();
        let (mut rings, mut changed) = (Path::default(), Path::default());
        for dot in plot.dots.iter().filter(seen) {
            let (x, y) = (LEFT + dot.x, TOP + dot.y);
            let Some(probe) = dot.probe else { continue };
            if Some(probe) == chosen {
                let raised = matches!(dot.symbol, Symbol::Lost | Symbol::Refused | Symbol::Unsent);
                rings.circle(x, if raised { y - 5.0 } else { y }, 8.5);
            }
            let seq = view.run().probe(probe, view.cursor).map(|probe| probe.seq);
            if seq.is_some_and(|seq| view.otherwise(probe, seq).is_some()) {
                changed.to(x - 4.0, y - 12.0).raw("h8m-8-3h8m-6 5l4-7");
            }
        }
        self.path("chosen-ring", &rings);
        self.path("chosen-ring", &changed);
    }

    fn now(&mut self, view: &RunView, x: f64) {
        let (right, floor) = (self.width - RIGHT, self.height - BOTTOM);
        let x = (LEFT + x).clamp(LEFT, right);
        let leaf = self.over.next();
        leaf.class(if view.recorded() {
            "future"
        } else {
            "future unwritten"
        });
        leaf.set(
            "d",
            Path::default().rect(x, TOP, right - x, floor - TOP).data(),
        );
        let leaf = self.over.next();
        leaf.class("now");
        leaf.set("d", Path::default().to(x, 12.0).down(floor).data());
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

/// Adds a sample's mark to a path: the legend's shapes, as path data.
fn sample(d: &mut Path, symbol: Symbol, x: f64, y: f64) {
    match symbol {
        Symbol::Lost => d.to(x - 4.0, y - 9.0).raw("l8 8m0-8l-8 8"),
        Symbol::Late => d.to(x, y - 5.5).raw("l5.5 5.5l-5.5 5.5l-5.5-5.5Z"),
        Symbol::Unsent => d.to(x - 4.0, y - 4.0).raw("h8"),
        Symbol::Ignored => d.to(x - 4.0, y - 8.0).raw("h8v8h-8Z"),
        Symbol::Duplicate => d.circle(x - 2.5, y, 2.8).circle(x + 3.0, y, 2.8),
        Symbol::Refused => d.circle(x, y - 6.0, 4.5).to(x - 3.0, y - 3.0).raw("l6-6"),
        Symbol::InFlight | Symbol::Unknown | Symbol::Replied => d.circle(x, y, 4.0),
    };
}

/// Where a pointer is within an element.
pub(crate) fn within(element: &Element, x: i32, y: i32) -> (f64, f64) {
    let edges = element.get_bounding_client_rect();
    (f64::from(x) - edges.left(), f64::from(y) - edges.top())
}
