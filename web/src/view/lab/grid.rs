//! A table with only the rows in sight in the document, however many there are.
//!
//! Owns scrolling. What a row says is its table's.

use web_sys::Element;

use crate::view::dom::{Leaf, Row, Rows, by_id, pixels};
use udping_engine::table::in_sight;

/// A row's height, which `style.css` gives it too.
const ROW: f64 = 28.0;
/// Browsers lose precision in longer elements; beyond it, scrolling is proportional.
const TALLEST: f64 = 8_000_000.0;

/// The table's frame.
#[derive(Debug)]
pub(super) struct Grid {
    frame: Leaf,
    ground: Leaf,
    rows: Rows,
    /// What was scrolled to last, so that scrolling by hand is left alone.
    brought: Option<(u32, usize)>,
}

/// What a row shows besides its cells.
pub(super) struct Shown {
    pub(super) id: String,
    pub(super) class: String,
    pub(super) selected: bool,
}

impl Grid {
    pub(super) fn new(frame: &str, rows: &str, template: &'static str) -> Self {
        let mut frame = Leaf::of(frame);
        frame.style("--row", &pixels(ROW));
        Self {
            frame,
            ground: Leaf::of(rows),
            rows: Rows::new(by_id(rows), template),
            brought: None,
        }
    }

    pub(super) fn frame(&mut self) -> &mut Leaf {
        &mut self.frame
    }

    /// How many rows fit, to move by pages.
    pub(super) fn page(&self) -> usize {
        crate::view::run_view::whole(f64::from(self.frame.element().client_height()) / ROW)
            .saturating_sub(2)
            .max(1)
    }

    /// Shows those of `total` rows that are in sight. `wanted` is what is chosen, by edition and
    /// index, and its row: once each time another one is chosen, it is scrolled to.
    pub(super) fn show(
        &mut self,
        total: usize,
        wanted: Option<((u32, usize), Option<usize>)>,
        mut fill: impl FnMut(usize, &mut Row) -> Option<Shown>,
    ) {
        self.frame.set("aria-rowcount", &(total + 1).to_string());
        let whole = height(total);
        let tall = whole.min(TALLEST);
        self.ground.style("height", &pixels(tall));
        let visible = f64::from(self.frame.element().client_height()) - ROW;
        if let Some((what, row)) = wanted
            && self.brought != Some(what)
        {
            self.brought = Some(what);
            if let Some(row) = row {
                self.bring_into_sight(total, row, visible);
            }
        }
        let scrolled = f64::from(self.frame.element().scroll_top());
        let (top, shift) = spread(whole, tall, visible, scrolled);
        let sight = in_sight(total, top, visible, ROW);
        let mut active = None;
        self.rows.show(sight.len(), |index, row| {
            let number = sight.start + index;
            let Some(shown) = fill(number, row) else {
                return;
            };
            row.leaf.class(&shown.class);
            row.leaf.flag("aria-selected", shown.selected);
            row.leaf.set("aria-rowindex", &(number + 2).to_string());
            row.leaf.set("id", &shown.id);
            row.leaf.style("top", &pixels(height(number) + shift));
            if shown.selected {
                active = Some(shown.id);
            }
        });
        self.frame
            .attribute("aria-activedescendant", active.as_deref());
    }

    fn bring_into_sight(&self, total: usize, row: usize, visible: f64) {
        let element = self.frame.element();
        let (top, whole) = (height(row), height(total));
        let tall = whole.min(TALLEST);
        let (now, _) = spread(whole, tall, visible, f64::from(element.scroll_top()));
        if top >= now && top + ROW <= now + visible {
            return;
        }
        let wanted = if top < now { top } else { top + ROW - visible };
        let wanted = if whole <= tall {
            wanted
        } else {
            wanted / (whole - visible).max(1.0) * (tall - visible)
        };
        element.set_scroll_top(crate::view::run_view::pixels(wanted));
    }

    /// Another language: rows are filled in again.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
    }
}

/// The index of what a row shows, which its id ends with.
pub(super) fn index_of(row: &Element, before: &str) -> Option<usize> {
    row.id().strip_prefix(before)?.parse().ok()
}

#[expect(clippy::cast_precision_loss, reason = "rows are counted in millions")]
fn height(rows: usize) -> f64 {
    rows as f64 * ROW
}

/// Where the first row in sight would be if the table were as tall as its rows,
/// and how far rows are moved because it is not.
fn spread(whole: f64, tall: f64, visible: f64, scrolled: f64) -> (f64, f64) {
    if whole <= tall {
        return (scrolled, 0.0);
    }
    let part = scrolled / (tall - visible).max(1.0);
    let top = part * (whole - visible);
    (top, scrolled - top)
}
