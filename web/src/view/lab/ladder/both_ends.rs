//! What both ends' journals say together, drawn: parts of round trips, and what is uncertain.
//!
//! Owns what these shapes and words look like; where they are comes from the engine.

use udping_engine::diagram::{Label, PART_LETTERS, Shape};
use udping_engine::run::Run;
use udping_engine::scale::float;
use udping_engine::server_side::ServerSide;

use super::{HEAD, Ladder};
use crate::view::dom::Path;
use crate::view::i18n::{Localization, Value, key};

/// How wide the band beside the server's line is.
const BAND_PX: f64 = 9.0;

impl Ladder {
    pub(super) fn doubt(&mut self, shape: &Shape) {
        match shape {
            Shape::Doubt { from, x, y1, y2 } => {
                let mut d = Path::default();
                d.to(from.0, from.1 + HEAD)
                    .line(*x, y1 + HEAD)
                    .line(*x, y2 + HEAD)
                    .raw("z");
                self.line("doubt", &d);
            }
            Shape::DoubtBand { x, y1, y2 } => {
                self.band("doubt-band", *x, y1 + HEAD, BAND_PX, y2 - y1);
            }
            _ => {}
        }
    }
}

/// The server's name, with how far its clock may be from where it is drawn.
pub(super) fn server(l10n: &Localization, run: &Run) -> String {
    match run.server_side().and_then(ServerSide::doubt_ns) {
        Some(error) => l10n.say(key::SERVER_ABOUT, &[("error", Value::Span(error))]),
        None => l10n.get(key::SERVER).to_owned(),
    }
}

/// The names of the columns of parts.
pub(super) fn columns(l10n: &Localization, digits: u32) -> String {
    let names = [key::PART_THERE, key::PART_DWELL, key::PART_BACK].map(|key| l10n.get(key));
    let cells = names.map(|name| right(name, PART_LETTERS));
    right("", digits + 1) + &cells.concat()
}

/// A row of them.
pub(super) fn parts(l10n: &Localization, label: &Label) -> String {
    let Label::Parts {
        seq,
        digits,
        there_ns,
        dwell_ns,
        back_ns,
        doubt_ns,
    } = *label
    else {
        return String::new();
    };
    let part = |span_ns: u64, doubt_ns: u64| {
        let ms = float(span_ns) / 1e6;
        let decimals = u8::from(ms < 99.95);
        let shown_ns = if ms < 99.95 { 50_000 } else { 500_000 };
        let about = if doubt_ns > shown_ns { "~" } else { "" };
        right(
            &[about, &l10n.decimal(ms, decimals, decimals)].concat(),
            PART_LETTERS,
        )
    };
    let back = match back_ns {
        Some(back) => part(back, doubt_ns),
        None => right(l10n.get(key::PART_LOST), PART_LETTERS),
    };
    let number = right(&format!("#{seq}"), digits + 1);
    let dwell = dwell_ns.map_or_else(|| right("–", PART_LETTERS), |it| part(it, 0));
    [number, part(there_ns, doubt_ns), dwell, back].concat()
}

/// A text at the right of a column: SVG has no columns, and joins plain spaces.
fn right(text: &str, letters: u32) -> String {
    let letters = usize::try_from(letters).unwrap_or_default();
    let room = letters.saturating_sub(text.chars().count());
    "\u{a0}".repeat(room) + text
}
