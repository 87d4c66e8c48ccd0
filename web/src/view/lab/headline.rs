//! The headline figures beside the transport.

use crate::view::dom::{Rows, by_id};
use crate::view::i18n::{Value, Words, key};
use crate::view::run_view::RunView;

/// The headline figures beside the transport.
#[derive(Debug)]
pub(crate) struct Headline {
    cells: Rows,
}

impl Headline {
    pub(crate) fn new() -> Self {
        Self {
            cells: Rows::new(by_id("headline"), "t-figure"),
        }
    }

    pub(crate) fn draw(&mut self, words: &Words, view: &mut RunView) {
        let figures = view.derived.figures.at(&view.derived.run, view.cursor);
        let dash = || String::from("–");
        let lost = figures.loss().map_or_else(
            || words.get(key::FIGURE_LOST).to_owned(),
            |loss| {
                words.say(
                    key::FIGURE_LOST_SHARE,
                    &[("share", Value::Text(&words.share(loss)))],
                )
            },
        );
        let rows = [
            (
                words.count(figures.sent),
                words.get(key::FIGURE_SENT).to_owned(),
                "mono",
            ),
            (
                words.count(figures.replied),
                words.get(key::FIGURE_REPLIED).to_owned(),
                "mono replied",
            ),
            (words.count(figures.lost), lost, "mono lost"),
            (
                words.count(figures.late),
                words.get(key::FIGURE_LATE).to_owned(),
                "mono late",
            ),
            (
                words.count(figures.in_flight),
                words.get(key::FIGURE_IN_FLIGHT).to_owned(),
                "mono in-flight",
            ),
            (
                figures
                    .rtt
                    .map_or_else(dash, |rtt| words.percentile(&rtt, rtt.median_ns)),
                words.get(key::FIGURE_MEDIAN).to_owned(),
                "mono",
            ),
            (
                figures
                    .jitter_rfc3550_ns
                    .map_or_else(dash, |jitter| words.span(jitter)),
                words.get(key::FIGURE_JITTER).to_owned(),
                "mono",
            ),
        ];
        // Of heartbeats there is only how many went out, if any did here.
        let known = if view.run().beats() {
            usize::from(figures.sent > 0)
        } else {
            rows.len()
        };
        self.cells.show(known, |place, cell| {
            let (value, name, class) = &rows[place];
            cell.part("value").text(value);
            cell.part("value").class(class);
            cell.part("name").text(name);
        });
    }
}
