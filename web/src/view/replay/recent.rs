//! The journals that the browser keeps, listed to be opened again or let go.

use crate::view::dom::{Leaf, Rows, by_id};
use crate::view::i18n::{Localization, Value, key};
use crate::view::kept::{Kept, MOST_BYTES};

/// The list.
#[derive(Debug)]
pub(crate) struct Recent {
    root: Leaf,
    note: Leaf,
    rows: Rows,
    list: Vec<Kept>,
}

impl Recent {
    pub(super) fn new() -> Self {
        Self {
            root: Leaf::of("recent"),
            note: Leaf::of("recent-note"),
            rows: Rows::new(by_id("recent-list"), "t-recent"),
            list: Vec::new(),
        }
    }

    /// These are kept now.
    pub(crate) fn put(&mut self, list: Vec<Kept>) {
        self.list = list;
    }

    /// Another language: rows are made again.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
    }

    pub(super) fn draw(&mut self, l10n: &Localization) {
        self.root.show(!self.list.is_empty());
        // The least that is shown is what a journal of a few probes has.
        let megabytes = |bytes: f64| l10n.decimal(bytes / 1e6, 0, 2);
        let all = megabytes(self.list.iter().map(|kept| kept.bytes).sum());
        let most = megabytes(MOST_BYTES);
        let sizes = [("all", Value::Text(&all)), ("most", Value::Text(&most))];
        self.note.text(&l10n.say(key::RECENT_NOTE, &sizes));
        self.rows.show(self.list.len(), |index, row| {
            let kept = &self.list[index];
            let name = [("name", Value::Text(&kept.name))];
            row.part("name").text(&kept.name);
            row.part("name").set("data-value", &kept.id);
            let size = megabytes(kept.bytes);
            let size = l10n.say(key::RECENT_SIZE, &[("megabytes", Value::Text(&size))]);
            row.part("size").text(&size);
            let remove = l10n.say_named("recent-remove.aria-label", &name);
            row.part("remove").set("data-value", &kept.id);
            row.part("remove").set("aria-label", &remove);
        });
    }
}
