//! The Figures view: the histogram and every statistic at the cursor.

use udping_core::stats::{Distribution, Reflected, Summary};
use udping_engine::scale::{float, nice_step};
use udping_engine::server_side::ServerSide;
use web_sys::Element;

use super::cumulative::Cumulative;
use crate::view::dom::{Leaf, Path, Pool, Rows, by_id, svg};
use crate::view::i18n::{Key, Localization, Value, key, seconds};
use crate::view::run_view::RunView;

const LEFT: f64 = 44.0;
const BOTTOM: f64 = 20.0;
const TOP: f64 = 30.0;
/// The least room from tick to tick, of times and of counts.
const TICK: f64 = 56.0;
const LINE: f64 = 28.0;

/// The view.
#[derive(Debug)]
pub(crate) struct FiguresView {
    svg: Leaf,
    paths: Pool,
    texts: Pool,
    list: Rows,
    cumulative: Cumulative,
    width: f64,
    height: f64,
}

impl FiguresView {
    pub(crate) fn new() -> Self {
        let svg_leaf = Leaf::of("histogram");
        let layer = |make: fn() -> Element| Pool::layer(svg_leaf.element(), make);
        Self {
            paths: layer(|| svg("path")),
            texts: layer(|| svg("text")),
            svg: svg_leaf,
            list: Rows::new(by_id("figures"), "t-fact"),
            cumulative: Cumulative::new(),
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

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &mut RunView) {
        let figures = view.derived.figures.at(&view.derived.run, view.cursor);
        let mut rows = rows(l10n, &figures);
        if let Some(server) = view.run().server_side() {
            rows.extend(both_ends(l10n, server));
        }
        self.list.show(rows.len(), |index, row| {
            row.part("name").text(&rows[index].0);
            row.part("value").text(&rows[index].1);
            row.part("value").class("mono");
        });
        if self.width >= 1.0 {
            self.histogram(l10n, view, &figures);
            self.cumulative.draw(l10n, view);
        }
    }

    fn histogram(&mut self, l10n: &Localization, view: &mut RunView, figures: &Summary) {
        let bins = view.derived.histogram.at(&view.derived.run, view.cursor);
        let most = bins
            .iter()
            .map(|bin| bin.replied + bin.late)
            .max()
            .unwrap_or_default();
        let end = bins.last().map_or(0, |bin| bin.until_ns);
        let start = bins.first().map_or(0, |bin| bin.from_ns);
        let (right, floor) = (self.width - 8.0, self.height - BOTTOM);
        let x = |ns: u64| {
            LEFT + seconds(ns.saturating_sub(start)) / seconds((end - start).max(1))
                * (right - LEFT)
        };
        let y = |count: u32| floor - f64::from(count) / f64::from(most.max(1)) * (floor - TOP);
        let (mut replied, mut late) = (Path::default(), Path::default());
        for bin in bins {
            let (left, width) = (
                x(bin.from_ns),
                (x(bin.until_ns) - x(bin.from_ns) - 1.0).max(1.0),
            );
            let middle = y(bin.replied);
            for (d, top, bottom) in [
                (&mut replied, middle, floor),
                (&mut late, y(bin.replied + bin.late), middle),
            ] {
                if bottom - top > 0.05 {
                    d.rect(left, top, width, bottom - top);
                }
            }
        }
        let mut axis = Path::default();
        axis.to(LEFT, floor).across(right);
        let counts = ticks(0, most.into(), floor - TOP, LINE);
        let counts = counts.filter(|count| *count > 0 && figures.rtt.is_some());
        let counts: Vec<(u64, f64)> = counts
            .map(|count| (count, y(u32::try_from(count).unwrap_or(u32::MAX))))
            .collect();
        let mut grid = Path::default();
        for (_, y) in &counts {
            grid.to(LEFT, *y).across(right);
        }
        self.paths.begin();
        self.texts.begin();
        for (class, d) in [
            ("grid-line", grid),
            ("bar", replied),
            ("bar late-bar", late),
            ("axis", axis),
        ] {
            let leaf = self.paths.next();
            leaf.class(class);
            leaf.set("d", d.data());
        }
        let name = match figures.rtt {
            None => {
                let middle = self.height / 2.0;
                let text = l10n.get(key::HISTOGRAM_NONE);
                self.text("soft mid", self.width / 2.0, middle, text);
                text.to_owned()
            }
            Some(rtt) => {
                for (count, y) in counts {
                    let text = l10n.count(count);
                    if text.len() <= 5 {
                        self.text("t soft end", LEFT - 6.0, y + 4.0, &text);
                    } else {
                        // Above its line, or a long number would lose digits.
                        self.text("t soft halo", 0.0, y - 3.0, &text);
                    }
                }
                for tick in ticks(start, end, right - LEFT, TICK) {
                    // The last one ends where the picture does.
                    let (class, at) = if x(tick) > right - TICK / 3.0 {
                        ("t soft end", right)
                    } else {
                        ("t soft mid", x(tick))
                    };
                    self.text(class, at, floor + 14.0, &l10n.span(tick));
                }
                self.percentiles(&rtt, x);
                l10n.say(
                    key::HISTOGRAM_NAME,
                    &[
                        ("replies", Value::Count(rtt.n)),
                        ("median", Value::Text(&l10n.percentile(&rtt, rtt.median_ns))),
                        ("p95", Value::Text(&l10n.percentile(&rtt, rtt.p95_ns))),
                        ("most", Value::Span(rtt.max_ns)),
                    ],
                )
            }
        };
        self.svg.set("aria-label", &name);
        self.paths.end();
        self.texts.end();
    }

    fn percentiles(&mut self, rtt: &Distribution, x: impl Fn(u64) -> f64) {
        let floor = self.height - BOTTOM;
        let mut last = f64::NEG_INFINITY;
        for (value, name) in [
            (rtt.p50_ns, "p50"),
            (rtt.p90_ns, "p90"),
            (rtt.p99_ns, "p99"),
        ] {
            let at = x(value);
            let leaf = self.paths.next();
            leaf.class("percentile");
            leaf.set("d", Path::default().to(at, TOP).down(floor).data());
            // Names that would run into each other are left out: the list has the numbers.
            if at - last > 30.0 {
                self.text("t halo mid", at, TOP - 5.0, name);
                last = at;
            }
        }
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let leaf = self.texts.next();
        leaf.class(class);
        leaf.place("x", x);
        leaf.place("y", y);
        leaf.text(text);
    }
}

/// Round numbers from `first` to `last`, so far apart that each has `room` of `length`.
fn ticks(first: u64, last: u64, length: f64, room: f64) -> impl Iterator<Item = u64> {
    let step = nice_step(float(last - first) / (length / room).max(1.0));
    (first.div_ceil(step)..=last / step).map(move |tick| tick * step)
}

fn rows(l10n: &Localization, figures: &Summary) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut add = |key, value: Option<String>| {
        rows.push((
            l10n.get(key).to_owned(),
            value.unwrap_or_else(|| "–".to_owned()),
        ));
    };
    let count = |value| Some(l10n.count(value));
    let some = |value| (value > 0).then(|| l10n.count(value));
    let span = |value: Option<u64>| value.map(|value| l10n.span(value));
    add(key::FIGURE_SENT, count(figures.sent));
    add(key::FIGURE_REPLIED, count(figures.replied));
    if figures.unverified > 0 {
        add(key::FIGURE_UNVERIFIED, count(figures.unverified));
    }
    add(key::FIGURE_LOST, count(figures.lost));
    add(key::FIGURE_LATE, count(figures.late));
    add(key::FIGURE_IN_FLIGHT, count(figures.in_flight));
    add(
        key::FIGURE_LOSS,
        figures.loss().map(|loss| l10n.share(loss)),
    );
    for (key, value) in [
        (key::FIGURE_REFUSED, figures.refused),
        (key::FIGURE_UNSENT, figures.unsent),
        (key::FIGURE_MISSED, figures.missed),
        (key::FIGURE_DUPLICATES, figures.duplicates),
        (key::FIGURE_IGNORED, figures.ignored),
    ] {
        if let Some(value) = some(value) {
            add(key, Some(value));
        }
    }
    let rtt = |take: fn(&Distribution) -> u64| figures.rtt.as_ref().map(take);
    add(key::FIGURE_RTT_MIN, span(rtt(|rtt| rtt.min_ns)));
    let known = |of: Option<&Distribution>, take: fn(&Distribution) -> u64| {
        of.map(|of| l10n.percentile(of, take(of)))
    };
    let percentile = |take| known(figures.rtt.as_ref(), take);
    add(key::FIGURE_MEDIAN, percentile(|rtt| rtt.median_ns));
    add(key::FIGURE_RTT_MEAN, span(rtt(|rtt| rtt.mean_ns)));
    add(key::FIGURE_RTT_MAX, span(rtt(|rtt| rtt.max_ns)));
    add(
        key::FIGURE_RTT_DEVIATION,
        span(figures.rtt.and_then(|rtt| rtt.stddev_ns)),
    );
    add(key::FIGURE_P90, percentile(|rtt| rtt.p90_ns));
    add(key::FIGURE_P95, percentile(|rtt| rtt.p95_ns));
    add(key::FIGURE_P99, percentile(|rtt| rtt.p99_ns));
    add(key::FIGURE_JITTER, span(figures.jitter_rfc3550_ns));
    add(
        key::FIGURE_IPDV,
        span(figures.ipdv.map(|ipdv| ipdv.mean_abs_ns)),
    );
    if let Some(late) = figures.late_rtt {
        let range = [
            ("least", Value::Span(late.min_ns)),
            ("most", Value::Span(late.max_ns)),
        ];
        add(key::FIGURE_LATE_RANGE, Some(l10n.say(key::RANGE, &range)));
    }
    add(
        key::FIGURE_REORDERED,
        figures.reordering.map(|order| l10n.count(order.reordered)),
    );
    add(
        key::FIGURE_RUNS,
        figures.loss_runs.map(|runs| l10n.count(runs.longest)),
    );
    if figures.kernel_rtts > 0 {
        add(key::FIGURE_KERNEL, count(figures.kernel_rtts));
        let own = known(figures.decided_rtt.as_ref(), |of| of.median_ns);
        add(key::FIGURE_DECIDED, own);
    }
    if let Some(host) = figures.host_added {
        add(key::FIGURE_HOST, known(Some(&host), |of| of.median_ns));
    }
    if let Some(figures_of_server) = figures.reflected {
        reflected(l10n, &figures_of_server, &mut add);
    }
    rows
}

/// What both ends' journals say of the whole run.
fn both_ends(l10n: &Localization, server: &ServerSide) -> Vec<(String, String)> {
    let summary = server.summary();
    let parts = server.whole().map(|it| {
        [
            (key::FIGURE_PART_THERE, it.there.median_ns),
            (key::FIGURE_PART_DWELL, it.dwell.median_ns),
            (key::FIGURE_PART_BACK, it.back.median_ns),
        ]
    });
    let parts = parts.into_iter().flatten();
    let parts = parts.map(|(key, ns)| (key, l10n.span(ns)));
    let doubt = server
        .doubt_ns()
        .map(|ns| (key::FIGURE_PART_DOUBT, l10n.span(ns)));
    let losses = [
        (key::FIGURE_PART_LOST_THERE, summary.lost_requests),
        (key::FIGURE_PART_UNANSWERED, summary.unanswered),
        (key::FIGURE_PART_LOST_BACK, summary.lost_replies),
    ];
    let losses = losses.into_iter().map(|(key, n)| (key, l10n.count(n)));
    let all = parts.chain(doubt).chain(losses);
    all.map(|(key, text)| (l10n.get(key).to_owned(), text))
        .collect()
}

/// What a server tells beyond its replies.
fn reflected(
    l10n: &Localization,
    figures_of_server: &Reflected,
    add: &mut impl FnMut(Key, Option<String>),
) {
    let signed = |ns: i64| {
        let sign = if ns < 0 { "−" } else { "" };
        [sign, &l10n.span(ns.unsigned_abs())].concat()
    };
    for (key, range) in [
        (key::FIGURE_SERVER, figures_of_server.server),
        (key::FIGURE_RTT_NET, figures_of_server.rtt_net),
    ] {
        if let Some(range) = range {
            add(key, Some(l10n.span(range.mean_ns)));
        }
    }
    if let Some(way) = figures_of_server.one_way {
        let (there, back) = if way.synchronized {
            (key::FIGURE_THERE, key::FIGURE_BACK)
        } else {
            (
                key::FIGURE_THERE_UNSYNCHRONISED,
                key::FIGURE_BACK_UNSYNCHRONISED,
            )
        };
        // Where the clocks differ, neither is a delay.
        if way.are_delays() {
            add(there, Some(signed(way.there.mean_ns)));
            add(back, Some(signed(way.back.mean_ns)));
        }
        let ahead = signed(way.offset.ahead_ns);
        let offset = [
            ("ahead", Value::Text(&ahead)),
            ("error", Value::Span(way.offset.error_ns)),
        ];
        add(key::FIGURE_OFFSET, Some(l10n.say(key::OFFSET, &offset)));
    }
    if let Some(ways) = figures_of_server.directions {
        add(key::FIGURE_LOST_THERE, Some(l10n.count(ways.lost_there)));
        add(key::FIGURE_LOST_BACK, Some(l10n.count(ways.lost_back)));
    }
    if figures_of_server.implausible > 0 {
        add(
            key::FIGURE_IMPLAUSIBLE,
            Some(l10n.count(figures_of_server.implausible)),
        );
    }
}
