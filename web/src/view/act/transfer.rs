//! A run taken elsewhere: into the other room, a link or a file.
//!
//! Owns the way there. What a link and a journal hold is the engine's to know.

use wasm_bindgen::JsValue;
use web_sys::{Blob, HtmlTextAreaElement};

use super::super::app::App;
use super::super::background_run::Purpose;
use super::super::dom::{by_id, typed};
use super::super::i18n::{Value, key};
use super::super::what_if_worker::LONG;
use super::super::{open, share};
use super::show;
use udping_engine::export;
use udping_engine::setup::Setup;

/// Where a simulated run's journal is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Destination {
    /// In the Replay room, through the door that every journal comes in by.
    Replay,
    /// With the user, as a file.
    Download,
}

impl App {
    /// Takes the simulated run's journal to where it is wanted.
    pub(super) fn carry(&mut self, to: Destination) {
        let run = self.simulated_run();
        if run.probes() >= LONG {
            return self.write_beside(run.header().clone(), to);
        }
        if let Some(journal) = export::journal(run) {
            self.arrive(to, share::text(&journal));
        }
    }

    /// The journal is there.
    pub(crate) fn arrive(&mut self, to: Destination, journal: Result<Blob, JsValue>) {
        let name = self.export_name();
        let arrived = journal.and_then(|journal| match to {
            Destination::Replay => {
                open::blob(name.clone(), journal);
                Ok(None)
            }
            Destination::Download => {
                share::download(&name, &journal)?;
                let name = [("name", Value::Text(&name))];
                Ok(Some(self.words.say(key::EXPORTED, &name)))
            }
        });
        match arrived {
            Ok(None) => {}
            Ok(Some(said)) => self.notice(&said),
            Err(error) => self.notice(&format!("{error:?}")),
        }
    }

    /// Runs a journal's own scenario again, where packets can be acted on.
    pub(super) fn open_simulated(&mut self) {
        let setup = self
            .replayed
            .as_ref()
            .and_then(|view| Setup::of(view.run().header()));
        if let Some(setup) = setup {
            self.form.write(&self.words, &setup);
            self.simulate(&setup, Purpose::Enter);
        }
    }

    pub(super) fn share(&mut self) {
        let views = self.open_views();
        let link = self.view().and_then(|view| share::link(view, &views));
        let note = if link.is_some() {
            key::SHARE_NOTE
        } else {
            key::SHARE_RECORDED
        };
        by_id("sharing-note").set_text_content(Some(self.words.get(note)));
        let area: HtmlTextAreaElement = typed("share-url");
        area.set_value(link.as_deref().unwrap_or_default());
        for id in ["share-url", "copy"] {
            by_id(id)
                .toggle_attribute_with_force("hidden", link.is_none())
                .unwrap_or_default();
        }
        show(&typed("sharing"));
    }
}
