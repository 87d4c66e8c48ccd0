//! The palette: every command that makes sense now, found by some of its letters.
//!
//! Owns what is listed and which one is meant. What commands there are, is a table elsewhere.

use web_sys::{Element, HtmlDialogElement, HtmlInputElement};

use super::app::App;
use super::commands::{self, Command};
use super::dom::{Leaf, Rows, by_id, show_modal, typed};
use super::i18n::Localization;
use super::with;
use udping_engine::fuzzy::fit;

/// The list of commands.
#[derive(Debug)]
pub(crate) struct Palette {
    input: Leaf,
    rows: Rows,
    /// The help's list of keys, from the same table.
    keys: Rows,
    found: Vec<&'static Command>,
    active: usize,
}

impl Palette {
    pub(crate) fn new() -> Self {
        Self {
            input: Leaf::of("palette-input"),
            rows: Rows::new(by_id("palette-list"), "t-command"),
            keys: Rows::new(by_id("help-keys"), "t-key"),
            found: Vec::new(),
            active: 0,
        }
    }

    /// Another language: the help is written again.
    pub(crate) fn translate(&mut self, l10n: &Localization) {
        commands::explain(l10n, &mut self.keys);
    }

    fn draw(&mut self, l10n: &Localization) {
        let (found, active) = (&self.found, self.active);
        let chosen = found.get(active).map(|_| format!("command-{active}"));
        self.input
            .attribute("aria-activedescendant", chosen.as_deref());
        self.rows.show(found.len(), |index, row| {
            let label = found[index].label();
            row.leaf.set("id", &format!("command-{index}"));
            row.leaf.set("data-command", &index.to_string());
            row.leaf.flag("aria-selected", index == active);
            row.part("name").text(l10n.get(found[index].name));
            row.part("key").show(!label.is_empty());
            row.part("key").text(&label);
            if index == active {
                row.leaf.element().scroll_into_view_with_bool(false);
            }
        });
    }
}

impl App {
    pub(crate) fn open_palette(&mut self) {
        typed::<HtmlInputElement>("palette-input").set_value("");
        show_modal("palette");
        self.find_command();
    }

    /// Lists what fits what is typed, the best first.
    pub(crate) fn find_command(&mut self) {
        let words = typed::<HtmlInputElement>("palette-input").value();
        let all = commands::available(self).into_iter();
        let fits = |command: &'static Command| {
            let cost = fit(&words, self.page.l10n.get(command.name))?;
            Some((u64::from(cost), command))
        };
        let mut found: Vec<_> = all.filter_map(fits).collect();
        found.sort_by_cached_key(|(cost, _)| *cost);
        self.palette.found = found.into_iter().map(|(_, command)| command).collect();
        self.palette.active = 0;
        self.palette.draw(&self.page.l10n);
    }

    fn move_in_palette(&mut self, by: isize) {
        let last = self.palette.found.len().saturating_sub(1);
        let active = self.palette.active.saturating_add_signed(by).min(last);
        self.palette.active = active;
        self.palette.draw(&self.page.l10n);
    }
}

/// A key in the palette's field; whether it means something there.
pub(crate) fn key_pressed(key: &str) -> bool {
    let by = match key {
        "ArrowUp" => -1,
        "ArrowDown" => 1,
        "PageUp" => -8,
        "PageDown" => 8,
        "Enter" => {
            let active = with(|app| app.palette.active).unwrap_or_default();
            choose(active);
            return true;
        }
        _ => return false,
    };
    with(|app| app.move_in_palette(by));
    true
}

/// A row of the palette was clicked.
pub(crate) fn clicked(row: &Element) {
    let index = row.get_attribute("data-command");
    if let Some(index) = index.and_then(|index| index.parse().ok()) {
        choose(index);
    }
}

fn choose(index: usize) {
    let command = with(|app| app.palette.found.get(index).copied()).flatten();
    if let Some(command) = command {
        typed::<HtmlDialogElement>("palette").close();
        command.run();
    }
}
