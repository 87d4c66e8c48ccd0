//! A run taken elsewhere: into the other room, a link or a file.
//!
//! Owns the way there. What a link and a journal hold is the engine's to know.

use web_sys::HtmlTextAreaElement;

use super::super::app::App;
use super::super::dom::{by_id, typed};
use super::super::long::Purpose;
use super::super::words::{Value, key};
use super::super::{open, share};
use super::show;
use crate::engine::loader::Loader;
use crate::engine::setup::Setup;

impl App {
    /// Takes the simulated run's journal through the door that every journal comes in by.
    pub(super) fn replay_simulated(&mut self) {
        let Some(text) = self.simulated_journal() else {
            return;
        };
        let mut loader = Loader::new();
        let read = loader.feed(text.as_bytes()).and_then(|()| loader.finish());
        let name = self.export_name();
        match read {
            Ok(run) => self.put_run(&name, run),
            Err(error) => {
                let text = open::explain(&self.words, &name, &open::Failure::Load(error));
                self.journal.complain(Some(&text));
            }
        }
    }

    /// Runs a journal's own scenario again, where packets can be acted on.
    pub(super) fn open_simulated(&mut self) {
        let setup = self
            .replayed
            .as_ref()
            .and_then(|bench| Setup::of(bench.run().header()));
        if let Some(setup) = setup {
            self.form.write(&self.words, &setup);
            self.simulate(&setup, Purpose::Enter);
        }
    }

    pub(super) fn share(&mut self) {
        let views = self.open_views();
        let link = self.bench().and_then(|bench| share::link(bench, &views));
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

    pub(super) fn export(&mut self) {
        let Some(text) = self.simulated_journal() else {
            return;
        };
        let name = self.export_name();
        let said = match share::download(&name, &text) {
            Ok(()) => self
                .words
                .say(key::EXPORTED, &[("name", Value::Text(&name))]),
            Err(error) => format!("{error:?}"),
        };
        self.notice(&said);
    }
}
