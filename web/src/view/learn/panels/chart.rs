//! The estimator's chart: RTTs as marks, the timeout as a line, and what would have been
//! taken for it.
//!
//! Owns the drawing. What an estimator makes of a reply is the engine's answer.

use std::fmt::Write as _;

use super::super::super::dom::tenths;
use super::super::super::i18n::{Value, Words, key};
use super::super::html::escape;
use udping_engine::lesson::measure::Estimate;
use udping_engine::scale::nice_step;

/// As wide as it is, within these.
const NARROW: f64 = 260.0;
const WIDE: f64 = 640.0;
const HEIGHT: f64 = 150.0;
/// Room for the scale on the left, above the highest value, and below zero.
const LEFT: f64 = 52.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 20.0;
/// At least so many replies have room beside each other.
const REPLIES: usize = 20;

/// The chart of these estimates, beside a timeout, in so much room.
pub(super) fn draw(words: &Words, estimates: &[Estimate], timeout_ns: u64, room: f64) -> String {
    let width = room.clamp(NARROW, WIDE);
    let highest = estimates.iter().map(|it| it.rtt_ns.max(it.timeout_ns));
    let highest = highest.max().unwrap_or(timeout_ns).max(1);
    // A timeout far above all else would press the rest flat: then it is off the chart.
    let top = if timeout_ns < highest.saturating_mul(2) {
        highest.max(timeout_ns)
    } else {
        highest
    };
    let y = |span: u64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * real(span) / real(top);
    let replies = estimates.len().max(REPLIES) as u64;
    let x = |place: usize| LEFT + (width - LEFT) * (real(place as u64) + 0.5) / real(replies);
    let in_the_end = estimates.last().map_or(0, |last| last.timeout_ns);
    let name = words.say(
        key::LEARN_CHART_NAME,
        &[
            ("count", Value::Count(estimates.len() as u64)),
            ("timeout", Value::Span(timeout_ns)),
            ("estimated", Value::Span(in_the_end)),
        ],
    );
    let mut out = format!(
        "<svg class=\"chart\" role=\"img\" aria-label=\"{}\" width=\"{width}\" height=\"{HEIGHT}\" viewBox=\"0 0 {width} {HEIGHT}\">",
        escape(&name)
    );
    // Writing to a string cannot fail, here and below.
    for span in ticks(top) {
        let _ = write!(
            out,
            "<line class=\"grid-line\" x1=\"{LEFT}\" x2=\"{width}\" y1=\"{0}\" y2=\"{0}\"/><text class=\"t soft end\" x=\"{1}\" y=\"{2}\">{3}</text>",
            tenths(y(span)),
            LEFT - 6.0,
            tenths(y(span) + 4.0),
            escape(&words.span(span))
        );
    }
    for number in (0..estimates.len().max(REPLIES)).step_by(5).skip(1) {
        let _ = write!(
            out,
            "<text class=\"t soft mid\" x=\"{}\" y=\"{}\">{number}</text>",
            tenths(x(number - 1)),
            HEIGHT - 4.0
        );
    }
    let _ = write!(
        out,
        "<text class=\"t soft\" x=\"0\" y=\"{}\">{}</text>",
        HEIGHT - 4.0,
        escape(words.get(key::LEARN_CHART_REPLY))
    );
    if timeout_ns <= top {
        let _ = write!(
            out,
            "<line class=\"timeout-line\" x1=\"{LEFT}\" x2=\"{width}\" y1=\"{0}\" y2=\"{0}\"/><text class=\"timeout-text t end halo\" x=\"{width}\" y=\"{1}\">{2}</text>",
            tenths(y(timeout_ns)),
            tenths(y(timeout_ns) - 4.0),
            escape(words.get(key::LEARN_CHART_TIMEOUT))
        );
    }
    if let Some(first) = estimates.first() {
        let line: Vec<String> = estimates
            .iter()
            .enumerate()
            .map(|(place, it)| format!("{} {}", tenths(x(place)), tenths(y(it.timeout_ns))))
            .collect();
        let _ = write!(
            out,
            "<path class=\"what-if-line estimate\" d=\"M{}\"/><text class=\"what-if-text t halo\" x=\"{}\" y=\"{}\">{}</text>",
            line.join("L"),
            tenths(x(0) + 6.0),
            tenths(y(first.timeout_ns) - 4.0),
            escape(words.get(key::LEARN_CHART_ESTIMATE))
        );
    }
    for (place, it) in estimates.iter().enumerate() {
        let (symbol, class) = if it.rtt_ns > timeout_ns {
            ("#m-late", "late")
        } else {
            ("#m-replied", "replied")
        };
        let _ = write!(
            out,
            "<use class=\"k {class}\" href=\"{symbol}\" x=\"{}\" y=\"{}\" width=\"13\" height=\"13\"/>",
            tenths(x(place) - 6.5),
            tenths(y(it.rtt_ns) - 6.5)
        );
    }
    out.push_str("</svg>");
    out
}

/// Round values up to the highest, three to five of them, zero the first.
fn ticks(top: u64) -> impl Iterator<Item = u64> {
    let step = nice_step(real(top) / 4.0);
    (0..=top / step).map(move |number| number * step)
}

#[expect(clippy::cast_precision_loss, reason = "pixels need fewer digits")]
fn real(value: u64) -> f64 {
    value as f64
}
