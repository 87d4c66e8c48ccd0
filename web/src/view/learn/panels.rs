//! What is shown beside the lanes: counters, clocks, figures, estimator.
//!
//! Owns which measures belong together. What they are is the engine's answer.

use std::fmt::Write as _;

use super::super::dom::tenths;
use super::super::words::{Value, Words, key};
use super::html::escape;
use super::say;
use crate::engine::lesson::measure::Measure;
use crate::engine::lesson::scene::{Lane, Panel, Stage};

/// All panels of a stage at a moment.
pub(super) fn draw(words: &Words, stage: &Stage, at_ns: u64) -> String {
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
                        Measure::Missing,
                        Measure::Stopped,
                        Measure::FalseAlarms
                    ]
                ),
                Panel::Clocks => clocks(words, stage, at_ns),
                Panel::Figures => figures(words, stage, at_ns),
                Panel::Estimator => estimator(words, stage, at_ns),
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

/// A list of measures of the first lane, each with a remark.
fn list(words: &Words, stage: &Stage, at_ns: u64, rows: &[(Measure, &str, &str)]) -> String {
    let mut out = "<table class=\"plainly\"><tbody>".to_owned();
    for (measure, remark, class) in rows {
        let remark = if remark.is_empty() {
            String::new()
        } else {
            format!(" <small class=\"remark\">{}</small>", escape(remark))
        };
        let _ = write!(
            out,
            "<tr class=\"{class}\"><th scope=\"row\">{}{remark}</th>{}</tr>",
            escape(words.get(say::measure(*measure))),
            cell(words, stage, 0, *measure, at_ns)
        );
    }
    out.push_str("</tbody></table>");
    out
}

fn clocks(words: &Words, stage: &Stage, at_ns: u64) -> String {
    let [one, two, guess] = [
        key::LEARN_ONE_CLOCK,
        key::LEARN_TWO_CLOCKS,
        key::LEARN_A_GUESS,
    ]
    .map(|key| words.get(key));
    let mut out = String::new();
    if let Some(times) = stage.four_times(0, at_ns) {
        out.push_str("<dl class=\"times\">");
        for (name, time) in [
            ("T1", times.t1),
            ("T2", times.t2),
            ("T3", times.t3),
            ("T4", times.t4),
        ] {
            let _ = write!(
                out,
                "<div><dt>{name}</dt><dd class=\"mono\">{}</dd></div>",
                escape(&say::span(words, time))
            );
        }
        out.push_str("</dl>");
    }
    out.push_str(&list(
        words,
        stage,
        at_ns,
        &[
            (Measure::Rtt, one, ""),
            (Measure::ServerTime, one, ""),
            (Measure::NetworkTime, one, ""),
            (Measure::SeenThere, two, "two"),
            (Measure::SeenBack, two, "two"),
            (Measure::OffsetGuess, two, "two"),
            (Measure::HalfGuess, guess, "two"),
        ],
    ));
    out
}

fn figures(words: &Words, stage: &Stage, at_ns: u64) -> String {
    let wrong = words.get(key::LEARN_WRONG_FIGURE);
    list(
        words,
        stage,
        at_ns,
        &[
            (Measure::Sent, "", ""),
            (Measure::Replied, "", ""),
            (Measure::Lost, "", ""),
            (Measure::InFlight, "", ""),
            (Measure::Loss, "", ""),
            (Measure::LossInFlight, wrong, "odd"),
            (Measure::RttLeast, "", ""),
            (Measure::RttMean, "", ""),
            (Measure::MeanOverSent, wrong, "odd"),
            (Measure::MeanWithTimeouts, wrong, "odd"),
            (Measure::RttMedian, "", ""),
            (Measure::RttP99, "", ""),
            (Measure::RttMost, "", ""),
        ],
    )
}

/// RTTs as dots, the timeout as a line, and what the estimator would have taken.
fn estimator(words: &Words, stage: &Stage, at_ns: u64) -> String {
    const WIDTH: f64 = 360.0;
    const HEIGHT: f64 = 130.0;
    let estimates = stage.estimates(0, at_ns);
    let mut out = String::new();
    if let Some(last) = estimates.last() {
        let timeout = stage.scene.setup.timeout_ns;
        let highest = estimates
            .iter()
            .map(|it| it.rtt_ns.max(it.timeout_ns))
            .max();
        let highest = highest.unwrap_or(1).max(1);
        // A timeout far above all else would press the rest flat: then it is off the chart.
        let top = if timeout < highest.saturating_mul(2) {
            highest.max(timeout)
        } else {
            highest
        };
        let y = |span: u64| HEIGHT - 8.0 - (HEIGHT - 24.0) * real(span) / real(top);
        let x = |place: usize| {
            10.0 + (WIDTH - 20.0) * real(place as u64) / real(estimates.len().max(20) as u64)
        };
        let name = words.say(
            key::LEARN_CHART_NAME,
            &[
                ("count", Value::Count(estimates.len() as u64)),
                ("timeout", Value::Span(timeout)),
                ("estimated", Value::Span(last.timeout_ns)),
            ],
        );
        let _ = write!(
            out,
            "<svg class=\"chart\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">",
            escape(&name)
        );
        if timeout <= top {
            let _ = write!(
                out,
                "<line class=\"timeout-line\" x1=\"0\" x2=\"{WIDTH}\" y1=\"{0}\" y2=\"{0}\"/><text class=\"timeout-text\" x=\"4\" y=\"{1}\">{2}</text>",
                tenths(y(timeout)),
                tenths(y(timeout) - 4.0),
                escape(words.get(key::LEARN_CHART_TIMEOUT))
            );
        }
        let line: Vec<String> = estimates
            .iter()
            .enumerate()
            .map(|(place, it)| format!("{} {}", tenths(x(place)), tenths(y(it.timeout_ns))))
            .collect();
        let _ = write!(
            out,
            "<path class=\"what-if-line estimate\" d=\"M{}\"/><text class=\"what-if-text end\" x=\"{WIDTH}\" y=\"12\">{}</text>",
            line.join("L"),
            escape(words.get(key::LEARN_CHART_ESTIMATE))
        );
        for (place, it) in estimates.iter().enumerate() {
            let late = it.rtt_ns > timeout;
            let (symbol, class) = if late {
                ("#m-late", "late")
            } else {
                ("#m-replied", "replied")
            };
            let _ = write!(
                out,
                "<use class=\"k {class}\" href=\"{symbol}\" x=\"{}\" y=\"{}\" width=\"12\" height=\"12\"/>",
                tenths(x(place) - 6.0),
                tenths(y(it.rtt_ns) - 6.0)
            );
        }
        out.push_str("</svg><table class=\"plainly\"><tbody>");
        for (name, span) in [
            (key::LEARN_LAST_RTT, last.rtt_ns),
            (key::LEARN_SMOOTHED, last.smoothed_ns),
            (key::LEARN_VARIATION, last.variation_ns),
        ] {
            let _ = write!(
                out,
                "<tr><th scope=\"row\">{}</th><td class=\"mono\">{}</td></tr>",
                escape(words.get(name)),
                escape(&words.span(span))
            );
        }
        out.push_str("</tbody></table>");
    }
    out.push_str(&list(
        words,
        stage,
        at_ns,
        &[
            (Measure::Estimated, "", ""),
            (Measure::Replied, "", ""),
            (Measure::Lost, "", ""),
            (Measure::Late, "", ""),
            (Measure::Finished, "", ""),
        ],
    ));
    out
}

#[expect(clippy::cast_precision_loss, reason = "pixels need fewer digits")]
fn real(value: u64) -> f64 {
    value as f64
}
