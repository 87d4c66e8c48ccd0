//! The figures' picture: a dot for each RTT on one scale, and where median and mean stand among them.
//!
//! Owns the drawing. What a median is, is the engine's answer.

use maud::{Markup, html};

use super::super::super::dom::tenths;
use super::super::super::i18n::{Key, Localization, Value, key};
use udping_engine::lesson::measure::Measure;
use udping_engine::lesson::scene::Stage;
use udping_engine::scale::nice_step;
use udping_sim::actors::Note;

/// As wide as it is, within these.
const NARROW: f64 = 260.0;
const WIDE: f64 = 640.0;
/// Room beside the scale, for its outermost times.
const SIDE: f64 = 30.0;
/// Room above, for the names of median and mean, and below, for the times.
const TOP: f64 = 34.0;
const BOTTOM: f64 = 20.0;
/// How far apart dots of like RTTs stand, above each other, and how high all of them together.
const DOT: f64 = 9.0;
const STACK: f64 = 72.0;

/// The first lane's RTTs at a moment, in so much room; nothing before the first.
pub(super) fn draw(l10n: &Localization, stage: &Stage, at_ns: u64, room: f64) -> Markup {
    let moments = stage.tracks.first().map_or(&[][..], |it| &it.moments);
    let by_now = moments.iter().take_while(|moment| moment.at_ns <= at_ns);
    let rtts: Vec<u64> = by_now
        .filter_map(|moment| match moment.note {
            Note::Replied { rtt_ns, .. } => Some(rtt_ns),
            _ => None,
        })
        .collect();
    let figure = |measure| stage.measure(0, measure, at_ns)?.try_into().ok();
    let (Some(least), Some(most), Some(median), Some(mean)) = (
        rtts.iter().min(),
        rtts.iter().max(),
        figure(Measure::RttMedian),
        figure(Measure::RttMean),
    ) else {
        return Markup::default();
    };
    let (median, mean): (u64, u64) = (median, mean);
    let width = room.clamp(NARROW, WIDE);
    let x = |span: u64| SIDE + (width - 2.0 * SIDE) * real(span) / real(*most);
    // Dots that would lie on each other stand above each other.
    let mut dots: Vec<(f64, f64)> = Vec::new();
    for rtt in &rtts {
        let at = x(*rtt);
        let under = dots
            .iter()
            .filter(|(other, _)| (other - at).abs() < DOT)
            .count();
        dots.push((at, real(under as u64) * DOT));
    }
    let all = dots.iter().map(|(_, up)| *up).fold(0.0, f64::max);
    let tallest = all.min(STACK);
    let squeezed = if all > STACK { STACK / all } else { 1.0 };
    let ground = TOP + tallest + DOT;
    let height = ground + BOTTOM;
    let name = l10n.say(
        key::LEARN_DOTS,
        &[
            ("count", Value::Count(rtts.len() as u64)),
            ("least", Value::Span(*least)),
            ("most", Value::Span(*most)),
            ("median", Value::Span(median)),
            ("mean", Value::Span(mean)),
        ],
    );
    let step = nice_step(real(*most) / 4.0).max(1);
    let named: [(Key, u64, f64); 2] = [
        (key::LEARN_DOTS_MEDIAN, median, 12.0),
        (key::LEARN_DOTS_MEAN, mean, 26.0),
    ];
    html! {
        svg class="chart" role="img" aria-label=(name) width=(width) height=(tenths(height))
            viewBox={ "0 0 " (width) " " (tenths(height)) } {
            line class="lane" x1="0" x2=(width) y1=(tenths(ground)) y2=(tenths(ground)) {}
            @for span in (0..=most / step).map(|number| number * step) {
                text class="t soft mid" x=(tenths(x(span))) y=(tenths(height - 5.0)) { (l10n.span(span)) }
            }
            @for (name, span, y) in named {
                @let at = tenths(x(span));
                line class="guess" x1=(at) x2=(at) y1=(tenths(y + 2.0)) y2=(tenths(ground)) {}
                @let (class, aside) = if x(span) > width / 2.0 { ("end ", -4.0) } else { ("", 4.0) };
                text class={ "t halo guess-text " (class) } x=(tenths(x(span) + aside)) y=(tenths(y)) { (l10n.get(name)) }
            }
            @for (at, up) in dots {
                circle class="dot" cx=(tenths(at)) cy=(tenths(ground - DOT / 2.0 - up * squeezed)) r="3.6" {}
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "pixels need fewer digits")]
fn real(value: u64) -> f64 {
    value as f64
}
