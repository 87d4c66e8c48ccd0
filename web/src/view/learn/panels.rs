//! What is shown beside the lanes: counters, clocks, figures, estimator.
//!
//! Owns which measures belong together. What they are is the engine's answer.

mod chart;

use std::fmt::Write as _;

use super::super::i18n::{Key, Words, key};
use super::html::escape;
use super::say;
use udping_engine::lesson::measure::{FourTimes, Measure};
use udping_engine::lesson::scene::{Lane, Panel, Stage};

/// All panels of a stage at a moment, in so much room.
pub(super) fn draw(words: &Words, stage: &Stage, at_ns: u64, room: f64) -> String {
    let mut out = String::new();
    for panel in &stage.scene.panels {
        // Writing to a string cannot fail, here and below.
        let _ = write!(
            out,
            "<div class=\"learn-panel\"><h3>{}</h3>{}</div>",
            escape(words.get(say::panel(*panel))),
            match panel {
                Panel::Counters => table(words, stage, at_ns, &counters(stage)),
                Panel::Sockets => table(
                    words,
                    stage,
                    at_ns,
                    &[Measure::Sockets, Measure::SocketsMost, Measure::Replied]
                ),
                Panel::Watch => table(
                    words,
                    stage,
                    at_ns,
                    &[
                        Measure::Sent,
                        Measure::Apart,
                        Measure::ApartChange,
                        Measure::Missing,
                        Measure::Stopped,
                        Measure::FalseAlarms
                    ]
                ),
                Panel::Clocks => clocks(words, stage, at_ns),
                Panel::Figures => figures(words, stage, at_ns),
                Panel::Estimator => estimator(words, stage, at_ns, room),
            }
        );
    }
    out
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

/// Measures by lanes.
fn table(words: &Words, stage: &Stage, at_ns: u64, measures: &[Measure]) -> String {
    let mut out = format!(
        "<table class=\"plainly\"><thead><tr><th scope=\"col\">{}</th>",
        escape(words.get(key::LEARN_MEASURED))
    );
    for lane in &stage.scene.lanes {
        let _ = write!(
            out,
            "<th scope=\"col\">{}</th>",
            escape(words.get(say::lane(*lane)))
        );
    }
    out.push_str("</tr></thead><tbody>");
    for measure in measures {
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th>",
            escape(words.get(say::measure(*measure)))
        );
        for lane in 0..stage.scene.lanes.len() {
            out.push_str(&cell(words, stage, lane, *measure, at_ns));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

fn cell(words: &Words, stage: &Stage, lane: usize, measure: Measure, at_ns: u64) -> String {
    let value = stage.measure(lane, measure, at_ns);
    format!(
        "<td class=\"mono\" data-measure=\"{lane}:{measure:?}\">{}</td>",
        escape(&say::value(words, measure, value))
    )
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
fn lists(words: &Words, stage: &Stage, at_ns: u64, lists: &[&[Row<'_>]]) -> String {
    let mut out = "<div class=\"learn-lists\">".to_owned();
    for rows in lists {
        out.push_str("<table class=\"plainly\"><tbody>");
        for row in *rows {
            let _ = write!(
                out,
                "<tr class=\"{}\"><th scope=\"row\">{}{}{}</th>{}</tr>",
                row.class,
                escape(words.get(say::measure(row.measure))),
                remark(row.remark),
                remark(&row.moved),
                cell(words, stage, 0, row.measure, at_ns)
            );
        }
        out.push_str("</tbody></table>");
    }
    out.push_str("</div>");
    out
}

fn remark(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!(" <small class=\"remark\">{}</small>", escape(text))
}

/// The four times, and every figure that they give, with what the server's clock does to it.
fn clocks(words: &Words, stage: &Stage, at_ns: u64) -> String {
    let times = stage.four_times(0, at_ns);
    let mut out = "<dl class=\"times\">".to_owned();
    for (name, time) in [
        ("T1", times.map(|times| times.t1)),
        ("T2", times.map(|times| times.t2)),
        ("T3", times.map(|times| times.t3)),
        ("T4", times.map(|times| times.t4)),
    ] {
        let read = time.map_or(words.get(key::LEARN_NONE).to_owned(), |time| {
            say::span(words, time)
        });
        let _ = write!(
            out,
            "<div><dt>{name}</dt><dd class=\"mono\">{}</dd></div>",
            escape(&read)
        );
    }
    out.push_str("</dl>");
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
    if figures.iter().any(|(measure, _)| change(*measure) != 0) {
        let _ = write!(
            out,
            "<p class=\"moved small\">{}</p>",
            escape(words.get(key::LEARN_MOVED))
        );
    }
    let row = |(measure, clocks): (Measure, Key)| {
        let moved = match change(measure) {
            0 => String::new(),
            change => say::change(words, change),
        };
        Row {
            measure,
            remark: words.get(clocks),
            class: if moved.is_empty() { "" } else { "moved" },
            moved,
        }
    };
    let rows = figures.map(row);
    let (own, both) = rows.split_at(4);
    out + &lists(words, stage, at_ns, &[own, both])
}

fn figures(words: &Words, stage: &Stage, at_ns: u64) -> String {
    let wrong = words.get(key::LEARN_WRONG_FIGURE);
    let loss = [
        Row::plain(Measure::Sent),
        Row::plain(Measure::Replied),
        Row::plain(Measure::Lost),
        Row::plain(Measure::InFlight),
        Row::plain(Measure::Loss),
        Row::remarked(Measure::LossInFlight, wrong, "odd"),
    ];
    let delay = [
        Row::plain(Measure::RttLeast),
        Row::plain(Measure::RttMedian),
        Row::plain(Measure::RttMean),
        Row::plain(Measure::RttP99),
        Row::plain(Measure::RttMost),
        Row::remarked(Measure::MeanOverSent, wrong, "odd"),
        Row::remarked(Measure::MeanWithTimeouts, wrong, "odd"),
    ];
    lists(words, stage, at_ns, &[&loss, &delay])
}

/// RTTs, what the estimator makes of them, and what the timeout does.
fn estimator(words: &Words, stage: &Stage, at_ns: u64, room: f64) -> String {
    let estimates = stage.estimates(0, at_ns);
    let mut out = chart::draw(words, &estimates, stage.scene.setup.timeout_ns, room);
    out.push_str("<div class=\"learn-lists\"><table class=\"plainly\"><tbody>");
    let last = estimates.last();
    for (name, span) in [
        (key::LEARN_LAST_RTT, last.map(|it| it.rtt_ns)),
        (key::LEARN_SMOOTHED, last.map(|it| it.smoothed_ns)),
        (key::LEARN_VARIATION, last.map(|it| it.variation_ns)),
        (
            say::measure(Measure::Estimated),
            last.map(|it| it.timeout_ns),
        ),
    ] {
        let span = span.map_or(words.get(key::LEARN_NONE).to_owned(), |span| {
            words.span(span)
        });
        let _ = write!(
            out,
            "<tr><th scope=\"row\">{}</th><td class=\"mono\">{}</td></tr>",
            escape(words.get(name)),
            escape(&span)
        );
    }
    out.push_str("</tbody></table>");
    let settled = [
        Row::plain(Measure::Replied),
        Row::plain(Measure::Lost),
        Row::plain(Measure::Late),
        Row::plain(Measure::Finished),
    ];
    out + &lists(words, stage, at_ns, &[&settled]) + "</div>"
}
