//! The bytes of the chosen probe's packets, field by field.

use udping_link::Direction;

use crate::view::dom::{Leaf, Rows, by_id, first};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;

/// The list, which is folded at first.
#[derive(Debug)]
pub(super) struct Datagrams {
    root: Leaf,
    rows: Rows,
}

impl Datagrams {
    pub(super) fn new() -> Self {
        let root = by_id("datagrams");
        Self {
            rows: Rows::new(first(&root, "table"), "t-field"),
            root: Leaf::new(root),
        }
    }

    /// Another language: rows are made again.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
    }

    pub(super) fn draw(&mut self, l10n: &Localization, view: &RunView) {
        let probe = view.shown_probe();
        let told = probe.map(|probe| view.run().datagrams(probe, view.cursor));
        let told = told.unwrap_or_default();
        self.root.show(!told.is_empty());
        // A head for each packet, and a row for each of its fields.
        let rows: Vec<_> = told
            .iter()
            .flat_map(|datagram| {
                let head = [(datagram, None)];
                let fields = datagram.fields.iter().map(move |it| (datagram, Some(it)));
                head.into_iter().chain(fields)
            })
            .collect();
        self.rows.show(rows.len(), |index, row| {
            let Some((datagram, field)) = rows.get(index) else {
                return;
            };
            let Some(field) = field else {
                let head = match datagram.direction {
                    Direction::Request => key::DATAGRAM_REQUEST,
                    Direction::Reply => key::DATAGRAM_REPLY,
                };
                let bytes = [("bytes", Value::Count(datagram.len as u64))];
                row.part("offset").text("");
                row.part("part").text(&l10n.say(head, &bytes));
                row.part("bytes").text("");
                return;
            };
            row.part("offset").text(&field.offset.to_string());
            row.part("part").text(&field.part);
            row.part("bytes").text(&field.bytes);
        });
    }
}
