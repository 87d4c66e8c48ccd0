//! What is shown beside the lanes: counters, clocks, figures, estimator.
//!
//! Owns which measures belong together. What they are is the engine's answer.

mod chart;
mod dots;

use maud::{Markup, html};

use super::super::i18n::{Key, Localization, key};
use super::{messages, say};
use udping_engine::lesson::measure::{FourTimes, Measure, Unit};
use udping_engine::lesson::scene::{Lane, Panel, Stage};

/// What a server of sockets counts.
const SOCKETS: [Measure; 3] = [Measure::Sockets, Measure::SocketsMost, Measure::Replied];
/// What a heartbeat's server knows.
const WATCH: [Measure; 6] = [
    Measure::Sent,
    Measure::Apart,
    Measure::ApartChange,
    Measure::Missing,
    Measure::Stopped,
    Measure::FalseAlarms,
];

/// All panels of a stage at a moment, in so much room.
pub(super) fn draw(l10n: &Localization, stage: &Stage, at_ns: u64, room: f64) -> Markup {
    html! {
        @for panel in &stage.scene.panels {
            div class="learn-panel" {
                h3 { (l10n.get(say::panel(*panel))) }
                @match panel {
                    Panel::Counters => { (table(l10n, stage, at_ns, &counters(stage))) }
                    Panel::Sockets => { (table(l10n, stage, at_ns, &SOCKETS)) }
                    Panel::Watch => { (table(l10n, stage, at_ns, &WATCH)) }
                    Panel::Messages => { (messages::draw(l10n, stage, at_ns)) }
                    Panel::Clocks => { (clocks(l10n, stage, at_ns)) }
                    Panel::Figures => {
                        (dots::draw(l10n, stage, at_ns, room))
                        (figures(l10n, stage, at_ns))
                    }
                    Panel::Estimator => { (estimator(l10n, stage, at_ns, room)) }
                }
            }
        }
    }
}

/// What is worth counting where these talk.
fn counters(stage: &Stage) -> Vec<Measure> {
    let any = |lanes: &[Lane]| stage.scene.lanes.iter().any(|lane| lanes.contains(lane));
    if any(&[Lane::TcpNew, Lane::TcpKept]) {
        return vec![
            Measure::Packets,
            Measure::Bytes,
            Measure::HeaderBytes,
            Measure::RoundTrips,
            Measure::Lost,
            Measure::Retransmissions,
            Measure::Finished,
        ];
    }
    let mut measures = vec![Measure::Replied, Measure::Lost, Measure::Late];
    if any(&[Lane::CreditsWhateverArrives]) {
        measures.push(Measure::Miscredited);
    }
    if any(&[Lane::RestartsTimeout]) {
        measures.push(Measure::OverTimeout);
    }
    measures.extend([Measure::Packets, Measure::Bytes, Measure::Finished]);
    measures
}

/// Whether a measure has something to tell: a share of zero does, nothing counted does not.
fn tells(stage: &Stage, lane: usize, measure: Measure, at_ns: u64) -> bool {
    let value = stage.measure(lane, measure, at_ns);
    value.is_some_and(|value| value != 0 || measure.unit() == Unit::Share)
}

/// Measures by lanes.
fn table(l10n: &Localization, stage: &Stage, at_ns: u64, measures: &[Measure]) -> Markup {
    let lanes = 0..stage.scene.lanes.len();
    let measures = measures.iter();
    let measures: Vec<&Measure> = measures
        .filter(|measure| {
            lanes
                .clone()
                .any(|lane| tells(stage, lane, **measure, at_ns))
        })
        .collect();
    if measures.is_empty() {
        return Markup::default();
    }
    html! {
        table class="plainly" {
            thead {
                tr {
                    th scope="col" { (l10n.get(key::LEARN_MEASURED)) }
                    @for lane in &stage.scene.lanes {
                        th scope="col" { (l10n.get(say::lane(*lane))) }
                    }
                }
            }
            tbody {
                @for measure in measures {
                    tr {
                        th scope="row" { (l10n.get(say::measure(*measure))) }
                        @for lane in lanes.clone() {
                            (cell(l10n, stage, lane, *measure, at_ns))
                        }
                    }
                }
            }
        }
    }
}

fn cell(l10n: &Localization, stage: &Stage, lane: usize, measure: Measure, at_ns: u64) -> Markup {
    let value = stage.measure(lane, measure, at_ns);
    html! {
        td class="mono" data-measure=(format!("{lane}:{measure:?}")) {
            (say::value(l10n, measure, value))
        }
    }
}

/// A measure in a list.
struct Row<'a> {
    measure: Measure,
    /// What is remarked on it.
    remark: &'a str,
    class: &'static str,
    /// By how much the server's clock has moved it.
    moved: String,
}

impl<'a> Row<'a> {
    fn plain(measure: Measure) -> Self {
        Self::remarked(measure, "", "")
    }

    fn remarked(measure: Measure, remark: &'a str, class: &'static str) -> Self {
        Self {
            measure,
            remark,
            class,
            moved: String::new(),
        }
    }
}

/// Lists of measures of the first lane, side by side where there is room.
fn lists(l10n: &Localization, stage: &Stage, at_ns: u64, lists: &[&[Row<'_>]]) -> Markup {
    html! {
        div class="learn-lists" {
            @for rows in lists {
                table class="plainly" {
                    tbody {
                        @for row in rows.iter().filter(|row| tells(stage, 0, row.measure, at_ns)) {
                            tr class=(row.class) {
                                th scope="row" {
                                    (l10n.get(say::measure(row.measure)))
                                    (remark(row.remark))
                                    (remark(&row.moved))
                                }
                                (cell(l10n, stage, 0, row.measure, at_ns))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn remark(text: &str) -> Markup {
    html! { @if !text.is_empty() { " " small class="remark" { (text) } } }
}

/// The four times, and every figure that they give, with what the server's clock does to it.
fn clocks(l10n: &Localization, stage: &Stage, at_ns: u64) -> Markup {
    let times = stage.four_times(0, at_ns);
    let read = [
        ("T1", times.map(|times| times.t1)),
        ("T2", times.map(|times| times.t2)),
        ("T3", times.map(|times| times.t3)),
        ("T4", times.map(|times| times.t4)),
    ];
    let none = || l10n.get(key::LEARN_NONE).to_owned();
    let (one, two) = (key::LEARN_ONE_CLOCK, key::LEARN_TWO_CLOCKS);
    let agreed = times.map(|times| times.with_server_behind(stage.scene.server_clock_ns));
    let figures = [
        (Measure::Rtt, one),
        (Measure::ServerTime, one),
        (Measure::NetworkTime, one),
        (Measure::HalfGuess, key::LEARN_A_GUESS),
        (Measure::SeenThere, two),
        (Measure::SeenBack, two),
        (Measure::OffsetGuess, two),
    ];
    let figure = |measure| move |times: FourTimes| times.figure(measure);
    let change = |measure| {
        let pair = times
            .and_then(figure(measure))
            .zip(agreed.and_then(figure(measure)));
        pair.map_or(0, |(now, agreed)| now - agreed)
    };
    let moved = figures.iter().any(|(measure, _)| change(*measure) != 0);
    let row = |(measure, clocks): (Measure, Key)| {
        let moved = match change(measure) {
            0 => String::new(),
            change => say::change(l10n, change),
        };
        Row {
            measure,
            remark: l10n.get(clocks),
            class: if moved.is_empty() { "" } else { "moved" },
            moved,
        }
    };
    let rows = figures.map(row);
    let (own, both) = rows.split_at(4);
    html! {
        dl class="times" {
            @for (name, time) in read {
                @let time = time.map_or_else(none, |time| l10n.signed_span(time));
                div { dt { (name) } dd class="mono" { (time) } }
            }
        }
        @if moved { p class="moved small" { (l10n.get(key::LEARN_MOVED)) } }
        (lists(l10n, stage, at_ns, &[own, both]))
    }
}

fn figures(l10n: &Localization, stage: &Stage, at_ns: u64) -> Markup {
    let wrong = l10n.get(key::LEARN_WRONG_FIGURE);
    let loss = [
        Row::plain(Measure::Sent),
        Row::plain(Measure::Replied),
        Row::plain(Measure::Lost),
        Row::plain(Measure::InFlight),
        Row::plain(Measure::Loss),
        Row::remarked(Measure::LossInFlight, wrong, "misleading"),
    ];
    let delay = [
        Row::plain(Measure::RttLeast),
        Row::plain(Measure::RttMedian),
        Row::plain(Measure::RttMean),
        Row::plain(Measure::RttP99),
        Row::plain(Measure::RttMost),
        Row::remarked(Measure::MeanOverSent, wrong, "misleading"),
        Row::remarked(Measure::MeanWithTimeouts, wrong, "misleading"),
    ];
    lists(l10n, stage, at_ns, &[&loss, &delay])
}

/// What names the one of the estimator's figures that is a measure.
fn measured(name: Key) -> Option<String> {
    let measure = Measure::Estimated;
    (name == say::measure(measure)).then(|| format!("0:{measure:?}"))
}

/// RTTs, what the estimator makes of them, and what the timeout does.
fn estimator(l10n: &Localization, stage: &Stage, at_ns: u64, room: f64) -> Markup {
    let estimates = stage.estimates(0, at_ns);
    let last = estimates.last();
    let rows = [
        (key::LEARN_LAST_RTT, last.map(|it| it.rtt_ns)),
        (key::LEARN_SMOOTHED, last.map(|it| it.smoothed_ns)),
        (key::LEARN_VARIATION, last.map(|it| it.variation_ns)),
        (
            say::measure(Measure::Estimated),
            last.map(|it| it.timeout_ns),
        ),
    ];
    let settled = [
        Row::plain(Measure::Replied),
        Row::plain(Measure::Lost),
        Row::plain(Measure::Late),
        Row::plain(Measure::Finished),
    ];
    html! {
        (chart::draw(l10n, &estimates, stage.scene.setup.timeout_ns, room))
        div class="learn-lists" {
            table class="plainly" {
                tbody {
                    @for (name, span) in rows {
                        @if let Some(span) = span {
                            tr {
                                th scope="row" { (l10n.get(name)) }
                                td class="mono" data-measure=[measured(name)] { (l10n.span(span)) }
                            }
                        }
                    }
                }
            }
            (lists(l10n, stage, at_ns, &[&settled]))
        }
    }
}
