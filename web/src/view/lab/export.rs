//! What the filter finds, in the plot's range, taken out of the page.
//!
//! Owns which button gives which file. What a file holds is the engine's.

use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

use super::ActiveRun;
use crate::view::dom::{Leaf, by_id};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use crate::view::{picture, share, with};
use udping_engine::excerpt::{self, Selection};

/// What an export says of itself, in the menu.
pub(super) fn describe(l10n: &Localization, view: &RunView, note: &mut Leaf) {
    let found = view.found().map(|found| {
        let probes = Value::Count(found.probes() as u64);
        l10n.say(key::EXPORTS_FOUND, &[("probes", probes)])
    });
    let range = view.plot.range.map(|(from, until)| {
        let values = [("from", Value::Time(from)), ("until", Value::Time(until))];
        l10n.say(key::EXPORTS_RANGE, &values)
    });
    let parts: Vec<String> = range.into_iter().chain(found).collect();
    if parts.is_empty() {
        note.text(l10n.get(key::EXPORTS_ALL));
    } else {
        note.text(&parts.join(" "));
    }
}

impl ActiveRun<'_> {
    /// Exports the selection as what a button says.
    pub(super) fn export_selection(&mut self, what: &str) {
        // The menu has done its work.
        let _ = by_id("exports").remove_attribute("open");
        let summary = by_id("exports").first_element_child();
        if let Some(summary) = summary.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            // A summary in sight takes the focus.
            let _ = summary.focus();
        }
        let view = &*self.view;
        let (from, until) = view.plot.range.unwrap_or((0, u64::MAX));
        let selection = Selection {
            found: &view.derived.found,
            range: from..=until,
        };
        let (name, text, kind) = match what {
            "journal" => (
                "udping-excerpt.jsonl",
                excerpt::journal(view.run(), &selection),
                "application/jsonl",
            ),
            "csv" => (
                "udping-probes.csv",
                excerpt::csv(view.run(), &selection),
                "text/csv",
            ),
            "ladder-svg" => {
                return picture::download("view-sequence", "udping-diagram.svg", false, exported);
            }
            "ladder-png" => {
                return picture::download("view-sequence", "udping-diagram.png", true, exported);
            }
            "plot-svg" => return picture::download("plot", "udping-plot.svg", false, exported),
            _ => return picture::download("plot", "udping-plot.png", true, exported),
        };
        let saved = share::text_of(&text, kind).and_then(|blob| share::download(name, &blob));
        let error = saved.err().map(|error| format!("{error:?}"));
        self.page
            .notice(&outcome(&self.page.l10n, name, error.as_deref()));
    }
}

/// Says what came of a picture, once it is there.
fn exported(name: &'static str, error: Option<String>) {
    with(|app| {
        let text = outcome(&app.page.l10n, name, error.as_deref());
        app.page.notice(&text);
    });
}

fn outcome(l10n: &Localization, name: &str, error: Option<&str>) -> String {
    match error {
        None => l10n.say(key::EXPORTED_FILE, &[("name", Value::Text(name))]),
        Some(what) => l10n.say(key::EXPORT_FAILED, &[("what", Value::Foreign(what))]),
    }
}
