//! The headline figures beside the transport.

use crate::view::dom::{Rows, by_id};
use crate::view::i18n::{Localization, Value, key};
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

    pub(crate) fn draw(&mut self, l10n: &Localization, view: &mut RunView) {
        let figures = view.derived.figures.at(&view.derived.run, view.cursor);
        let dash = || String::from("–");
        let lost = figures.loss().map_or_else(
            || l10n.get(key::FIGURE_LOST).to_owned(),
            |loss| {
                l10n.say(
                    key::FIGURE_LOST_SHARE,
                    &[("share", Value::Text(&l10n.share(loss)))],
                )
            },
        );
        let rows = [
            (
                l10n.count(figures.sent),
                l10n.get(key::FIGURE_SENT).to_owned(),
                "mono",
            ),
            (
                l10n.count(figures.replied),
                l10n.get(key::FIGURE_REPLIED).to_owned(),
                "mono replied",
            ),
            (l10n.count(figures.lost), lost, "mono lost"),
            (
                l10n.count(figures.late),
                l10n.get(key::FIGURE_LATE).to_owned(),
                "mono late",
            ),
            (
                l10n.count(figures.in_flight),
                l10n.get(key::FIGURE_IN_FLIGHT).to_owned(),
                "mono in-flight",
            ),
            (
                figures
                    .rtt
                    .map_or_else(dash, |rtt| l10n.percentile(&rtt, rtt.median_ns)),
                l10n.get(key::FIGURE_MEDIAN).to_owned(),
                "mono",
            ),
            (
                figures
                    .jitter_rfc3550_ns
                    .map_or_else(dash, |jitter| l10n.span(jitter)),
                l10n.get(key::FIGURE_JITTER).to_owned(),
                "mono",
            ),
        ];
        // Of heartbeats there is only how many went out, if any did here.
        let known = if view.run().beats() {
            usize::from(figures.sent > 0)
        } else {
            rows.len()
        };
        self.cells.show(known, |index, cell| {
            let (value, name, class) = &rows[index];
            cell.part("value").text(value);
            cell.part("value").class(class);
            cell.part("name").text(name);
        });
    }
}
