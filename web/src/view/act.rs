//! What the page's controls do: every `data-act` of `index.html`.
//!
//! Owns which control asks for what. What comes of it is in the files below, by subject,
//! and in the app.

mod branches;
mod choice;
mod time;
mod transfer;
mod what_if;

use web_sys::{Element, HtmlDialogElement, HtmlInputElement, HtmlSelectElement};

use super::app::{App, Room};
use super::background_run::Purpose;
use super::dom::{by_id, typed};
use super::i18n::Language;
use super::prefs::Theme;
use super::run_view::{RunView, scale};
use super::share;
pub(crate) use transfer::Destination;
use udping_engine::player::Speed;

impl App {
    /// A click on a control.
    pub(crate) fn clicked(&mut self, act: &str, element: &Element) {
        let value = element.get_attribute("data-value").unwrap_or_default();
        match act {
            "room" => {
                if let Some(room) = Room::of(&value) {
                    self.enter(room);
                    self.mark_room();
                }
            }
            "view" => self.toggle_view(&value),
            "play" => self.play(),
            "first" => self.go_to_end(false),
            "last" => self.go_to_end(true),
            "back" => self.step(-1),
            "forward" => self.step(1),
            "run" => self.run(),
            "until-stop" => {
                let stop = element.get_attribute("aria-pressed").as_deref() != Some("true");
                // A button takes any attribute.
                let _ = element.set_attribute("aria-pressed", if stop { "true" } else { "false" });
                self.put_breakpoint();
            }
            "zoom" => self.zoom(&value),
            "preset" => {
                if let Some(setup) = self.form.preset(&value) {
                    self.form.write(&self.words, &setup);
                    self.simulate(&setup, Purpose::Show);
                }
            }
            "new-seed" => {
                let setup = self.form.with_new_seed();
                self.form.write(&self.words, &setup);
                self.simulate(&setup, Purpose::Show);
            }
            "act" => {
                let flight = element
                    .get_attribute("data-flight")
                    .and_then(|flight| flight.parse().ok());
                self.act_on(&value, flight);
            }
            "menu-close" => self.close_menu(),
            "branch" => self.branch(&value),
            "compare" => self.compare(&value),
            "probe-previous" => self.move_probe(false),
            "probe-next" => self.move_probe(true),
            "probe-follow" => self.change(|view| view.chosen = None),
            "measure" => self.measure(),
            "measure-off" => self.change(|view| view.measure_from = None),
            "what-if-off" => self.what_if(None),
            "replay-simulated" => self.carry(Destination::Replay),
            "open-simulated" => self.open_simulated(),
            "cancel-loading" => self.cancel_loading(),
            "share" => self.share(),
            "copy" => share::copy(),
            "export" => self.carry(Destination::Download),
            "help" => show(&typed("help")),
            "close" => {
                if let Ok(Some(dialog)) = element.closest("dialog") {
                    wasm_bindgen::JsCast::unchecked_ref::<HtmlDialogElement>(&dialog).close();
                }
            }
            _ => {}
        }
        self.invalidate();
    }

    /// A choice or a text was changed.
    pub(crate) fn changed(&mut self, act: &str, element: &Element) {
        let chosen = wasm_bindgen::JsCast::dyn_ref::<HtmlSelectElement>(element)
            .map(HtmlSelectElement::value);
        let checked = wasm_bindgen::JsCast::dyn_ref::<HtmlInputElement>(element)
            .is_some_and(HtmlInputElement::checked);
        match act {
            "language" => {
                if let Some(language) = chosen.and_then(|tag| Language::of(&tag)) {
                    self.speak(language);
                }
            }
            "theme" => {
                self.prefs.theme = Theme::of(&chosen.unwrap_or_default());
                self.prefs.save();
                self.colours();
            }
            "single-keys" => {
                self.prefs.single_keys = checked;
                self.prefs.save();
            }
            "speed" => {
                let place = chosen
                    .and_then(|place| place.parse().ok())
                    .unwrap_or_else(|| Speed::NORMAL.place());
                self.change(|view| view.player.speed = Speed::nth(place));
            }
            "until" => {
                let seq = typed::<HtmlSelectElement>("until").value() == "seq";
                by_id("until-seq-box")
                    .toggle_attribute_with_force("hidden", !seq)
                    .unwrap_or_default();
                self.put_breakpoint();
            }
            "filter" | "filter-text" => self.filter(),
            "what-if-ms" => {
                let ms = self.words.read(
                    &wasm_bindgen::JsCast::unchecked_ref::<HtmlInputElement>(element).value(),
                );
                if let Some(ms) = ms.filter(|ms| *ms > 0.0) {
                    self.what_if(Some(scale(1, ms * 1e6)));
                }
            }
            _ => {}
        }
        self.invalidate();
    }

    /// A field or a slider of the form was moved.
    pub(crate) fn form_changed(&mut self, slider: Option<&str>) {
        if let Some(slider) = slider {
            self.form.slide(&self.words, slider);
        }
        if let Some(setup) = self.form.read(&self.words) {
            self.simulate(&setup, Purpose::Show);
        }
        self.invalidate();
    }

    fn change(&mut self, change: impl FnOnce(&mut RunView)) {
        if let Some(view) = self.view() {
            change(view);
        }
        self.invalidate();
    }
}

/// Opens a dialog.
fn show(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        // Only a dialog that is not in the page refuses.
        let _ = dialog.show_modal();
    }
}
