//! The place in a run: from what is looked at to a [`Place`], and back.
//!
//! Owns which choices of a view are worth a place in the address. What a place is when
//! written down is the engine's to know.

use web_sys::HtmlInputElement;

use super::dom::typed;
use super::lab::ActiveRun;
use udping_engine::log::Cursor;
use udping_engine::state::{Place, State};
use udping_journal::LARGEST;

/// The names in [`Place::view`]: the views that are open, the filter, RTTs by their logarithm, two
/// runs beside each other by time, the selected stretch of time, and the kept journal that was
/// laid beside.
const OPEN: &str = "open";
const FILTER: &str = "filter";
const LOG: &str = "log";
const BY_TIME: &str = "by-time";
const RANGE: &str = "range";
pub(super) const BESIDE: &str = "beside";

impl ActiveRun<'_> {
    /// Where in the run the user is.
    pub(super) fn place(&self) -> Place {
        let view = &*self.view;
        let (run, cursor) = (view.run(), view.cursor);
        let whole = (0, run.end_ns().max(1));
        let seq = |index| run.probe(index, cursor).map(|probe| probe.seq);
        let filter = typed::<HtmlInputElement>("filter-text").value();
        let open = self.lab.open_views();
        let range = view
            .plot
            .range
            .map(|(from, until)| format!("{from}-{until}"));
        let words = [
            (RANGE, range.as_deref().unwrap_or_default()),
            (BESIDE, view.beside.as_deref().unwrap_or_default()),
            (OPEN, if open == "sequence" { "" } else { &open }),
            (FILTER, &filter),
            (LOG, if view.plot.log { "on" } else { "" }),
            (BY_TIME, if view.by_time { "on" } else { "" }),
        ];
        let words = words.iter().filter(|(_, value)| !value.is_empty());
        let plain = run.seek(cursor.at_ns);
        Place {
            at_ns: cursor.at_ns,
            index: (plain.index != cursor.index).then_some(cursor.index as u64),
            probe: view.chosen.and_then(seq),
            zoom_permille: permille(view.zoom),
            linear: view.linear,
            window: Some(view.window).filter(|window| *window != whole),
            what_if_ns: view.what_if.asked_ns,
            branch: view.history.active(),
            compared: view.compared.as_ref().map(|compared| compared.branch),
            view: words
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            notes: view.notes.clone(),
        }
    }

    /// The branches and the place in them; `None` of a recorded run.
    pub(super) fn state(&self) -> Option<State> {
        self.view.history.state(self.place())
    }

    /// Something is about to be done that can be undone.
    pub(super) fn remember(&mut self) {
        if let Some(state) = self.state() {
            self.view.history.undo.done(state);
        }
    }

    /// Goes to a place of the branches that there are. What it asks about another timeout is
    /// left to the room.
    pub(super) fn go_to(&mut self, place: &Place) {
        let view = &mut *self.view;
        if place.branch != view.history.active() && view.history.select(place.branch) {
            view.follow_history();
        }
        view.linear = place.linear;
        view.plot.log = place.get(LOG).is_some();
        view.by_time = place.get(BY_TIME).is_some();
        view.plot.range = place.get(RANGE).and_then(range);
        view.notes.clone_from(&place.notes);
        view.zoom = f64::from(place.zoom_permille.unwrap_or(1_000)) / 1e3;
        view.zoom_diagram(1.0, 0.0);
        view.compare_with(place.compared.filter(|other| *other != place.branch));
        let end = view.run().end_ns().max(1);
        let within = place.window.filter(|(_, until)| *until <= end);
        view.window = within.unwrap_or((0, end));
        view.measure_from = None;
        let mut cursor = view.run().seek(place.at_ns);
        let index = place.index.and_then(|index| usize::try_from(index).ok());
        if let Some(index) = index {
            let back = isize::try_from(cursor.index.saturating_sub(index)).unwrap_or_default();
            cursor = Cursor {
                at_ns: cursor.at_ns,
                ..view.run().step(cursor, -back)
            };
        }
        view.chosen = place.probe.and_then(|seq| view.run().find(seq));
        view.player.pause();
        view.go(cursor);
        self.lab.open_linked(place.get(OPEN).unwrap_or("sequence"));
        typed::<HtmlInputElement>("filter-text").set_value(place.get(FILTER).unwrap_or_default());
        self.filter();
        self.lab.close_menu();
        self.lab.resized = true;
        self.keep_now_in_sight();
    }
}

/// A stretch of time, as [`RANGE`] has it.
fn range(text: &str) -> Option<(u64, u64)> {
    let (from, until) = text.split_once('-')?;
    let range = (from.parse().ok()?, until.parse().ok()?);
    (range.0 < range.1 && range.1 <= LARGEST).then_some(range)
}

/// A zoom in thousandths; `None` of the usual one.
fn permille(zoom: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from the smallest zoom to the largest, far below 2^32"
    )]
    let permille = (zoom * 1e3).round() as u32;
    (permille != 1_000).then_some(permille.max(1))
}
