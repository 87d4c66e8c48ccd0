//! What the filter finds, in the plot's range, taken out of the page.
//!
//! Owns which button gives which file. What a file holds is the engine's.

use std::rc::Rc;

use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::HtmlElement;

use super::{ActiveRun, notes};
use crate::view::dom::{Leaf, by_id};
use crate::view::i18n::{Localization, Value, key};
use crate::view::input::now_ms;
use crate::view::run_view::RunView;
use crate::view::{picture, share, with};
use udping_engine::excerpt::{Form, Selection, Writer};
use udping_engine::run::Run;

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
    /// Exports a drawing as what a button says.
    fn export_picture(&self, what: &str) {
        let (frame, name, png) = match what {
            "ladder-svg" => ("view-sequence", "udping-diagram.svg", false),
            "ladder-png" => ("view-sequence", "udping-diagram.png", true),
            "plot-svg" => ("plot", "udping-plot.svg", false),
            _ => ("plot", "udping-plot.png", true),
        };
        // The plot has the notes' numbers.
        let notes = if frame == "plot" {
            notes::lines(&self.page.l10n, self.view)
        } else {
            Vec::new()
        };
        picture::download(frame, &notes, name, png, exported);
    }

    /// Exports the selection as what a button says.
    pub(super) fn export_selection(&mut self, what: &str) {
        // The menu has done its work.
        let _ = by_id("exports").remove_attribute("open");
        let summary = by_id("exports").first_element_child();
        if let Some(summary) = summary.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            // A summary in sight takes the focus.
            let _ = summary.focus();
        }
        let (name, form, kind) = match what {
            "journal" => ("udping-excerpt.jsonl", Form::Journal, "application/jsonl"),
            "csv" => ("udping-probes.csv", Form::Csv, "text/csv"),
            picture => return self.export_picture(picture),
        };
        let view = &*self.view;
        let (from, until) = view.plot.range.unwrap_or((0, u64::MAX));
        let (run, found) = (Rc::clone(view.run()), view.derived.found.clone());
        let notes = view.notes.clone();
        spawn_local(async move {
            let selection = Selection {
                found: &found,
                range: from..=until,
                notes: notes.all(),
            };
            let pieces = write(&run, &selection, form).await;
            let saved = share::pieces_of(&pieces, kind);
            let saved = saved.and_then(|blob| share::download(name, &blob));
            exported(name, saved.err().map(|error| format!("{error:?}")));
        });
    }
}

/// Writes a selection in pieces (`Uint8Array`), each within a part of a frame.
async fn write(run: &Run, selection: &Selection<'_>, form: Form) -> Array {
    /// How many events or probes are written between two looks at the clock, and how long on end,
    /// in milliseconds.
    const STRETCH: usize = 512;
    const PATIENCE_MS: f64 = 6.0;
    let (pieces, mut writer) = (Array::new(), Writer::of(form));
    let mut end = now_ms() + PATIENCE_MS;
    while let Some(lines) = writer.advance(run, selection, STRETCH) {
        pieces.push(&Uint8Array::from(lines.as_bytes()));
        if now_ms() > end {
            // Without a timer it goes on at once.
            let _ = JsFuture::from(pause()).await;
            end = now_ms() + PATIENCE_MS;
        }
    }
    pieces
}

/// What is settled once the page has done what waits.
fn pause() -> Promise {
    Promise::new(&mut |resolve, _| {
        let set = web_sys::window().map(|window| window.set_timeout_with_callback(&resolve));
        if !matches!(set, Some(Ok(_))) {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    })
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
