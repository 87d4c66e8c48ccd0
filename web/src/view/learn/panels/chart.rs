//! The estimator's chart: RTTs as marks, the timeout as a line, and what would have been
//! taken for it.
//!
//! Owns the drawing. What an estimator makes of a reply is the engine's answer.

use maud::{Markup, html};

use super::super::super::dom::tenths;
use super::super::super::i18n::{Localization, Value, key};
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
pub(super) fn draw(
    l10n: &Localization,
    estimates: &[Estimate],
    timeout_ns: u64,
    room: f64,
) -> Markup {
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
    let x = |index: usize| LEFT + (width - LEFT) * (real(index as u64) + 0.5) / real(replies);
    let in_the_end = estimates.last().map_or(0, |last| last.timeout_ns);
    let name = l10n.say(
        key::LEARN_CHART_NAME,
        &[
            ("count", Value::Count(estimates.len() as u64)),
            ("timeout", Value::Span(timeout_ns)),
            ("estimated", Value::Span(in_the_end)),
        ],
    );
    let line: Vec<String> = estimates
        .iter()
        .enumerate()
        .map(|(index, it)| format!("{} {}", tenths(x(index)), tenths(y(it.timeout_ns))))
        .collect();
    html! {
        svg class="chart" role="img" aria-label=(name) width=(width) height=(HEIGHT)
            viewBox={ "0 0 " (width) " " (HEIGHT) } {
            @for span in ticks(top) {
                @let at = tenths(y(span));
                line class="grid-line" x1=(LEFT) x2=(width) y1=(at) y2=(at) {}
                text class="t soft end" x=(LEFT - 6.0) y=(tenths(y(span) + 4.0)) {
                    (l10n.span(span))
                }
            }
            @for number in (0..estimates.len().max(REPLIES)).step_by(5).skip(1) {
                text class="t soft mid" x=(tenths(x(number - 1))) y=(HEIGHT - 4.0) { (number) }
            }
            text class="t soft" x="0" y=(HEIGHT - 4.0) { (l10n.get(key::LEARN_CHART_REPLY)) }
            @if timeout_ns <= top {
                @let at = tenths(y(timeout_ns));
                line class="timeout-line" x1=(LEFT) x2=(width) y1=(at) y2=(at) {}
                text class="timeout-text t end halo" x=(width) y=(tenths(y(timeout_ns) - 4.0)) {
                    (l10n.get(key::LEARN_CHART_TIMEOUT))
                }
            }
            @if let Some(first) = estimates.first() {
                path class="what-if-line estimate" d={ "M" (line.join("L")) } {}
                text class="what-if-text t halo" x=(tenths(x(0) + 6.0))
                    y=(tenths(y(first.timeout_ns) - 4.0)) { (l10n.get(key::LEARN_CHART_ESTIMATE)) }
            }
            @for (index, it) in estimates.iter().enumerate() {
                @let (href, class) = if it.rtt_ns > timeout_ns {
                    ("#sym-late", "k late")
                } else {
                    ("#sym-replied", "k replied")
                };
                use class=(class) href=(href) x=(tenths(x(index) - 6.5))
                    y=(tenths(y(it.rtt_ns) - 6.5)) width="13" height="13" {}
            }
        }
    }
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
