//! A run taken elsewhere: into the other room, a link or a file.
//!
//! Owns the way there. What a link and a journal hold is the engine's to know.

use wasm_bindgen::JsValue;
use web_sys::{Blob, HtmlTextAreaElement};

use super::app::{App, Room};
use super::background_run::{LONG, Purpose};
use super::dom::{by_id, show, show_modal, typed};
use super::i18n::{Value, key};
use super::{open, share};
use udping_engine::export::{self, JournalWriter};
use udping_engine::setup::Setup;
use udping_journal::Header;

/// Where a simulated run's journal is wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Destination {
    /// In the Replay room, through the door that every journal comes in by.
    Replay,
    /// With the user, as a file.
    Download,
    /// The same, but only what became of its packets, as `udping serve --script` reads it.
    Script,
}

impl App {
    /// Takes the simulated run's journal to where it is wanted.
    pub(super) fn carry(&mut self, to: Destination) {
        let view = &self.simulate.view;
        let run = view.run();
        let header = Header {
            notes: view.notes.all().to_vec(),
            ..run.header().clone()
        };
        if run.probes() >= LONG {
            return self.write_in_worker(header, to);
        }
        let text = match to {
            Destination::Script => export::script(run),
            Destination::Replay | Destination::Download => {
                let writer = JournalWriter::begin(&header);
                writer.ok().and_then(|mut it| it.advance(usize::MAX))
            }
        };
        if let Some(journal) = text {
            self.arrive(to, share::text(&journal));
        }
    }

    /// The journal is there.
    pub(super) fn arrive(&mut self, to: Destination, journal: Result<Blob, JsValue>) {
        let script = matches!(to, Destination::Script);
        let name = self.simulate.export_name(script);
        let arrived = journal.and_then(|journal| match to {
            Destination::Replay => {
                open::blob(name.clone(), 0.0, journal);
                Ok(None)
            }
            Destination::Download | Destination::Script => {
                share::download(&name, &journal)?;
                let name = [("name", Value::Text(&name))];
                Ok(Some(self.page.l10n.say(key::EXPORTED, &name)))
            }
        });
        match arrived {
            Ok(None) => {}
            Ok(Some(text)) => self.page.notice(&text),
            Err(error) => self.page.notice(&format!("{error:?}")),
        }
    }

    /// Runs a journal's own scenario again, where packets can be acted on.
    pub(super) fn open_simulated(&mut self) {
        let replayed = self.replay.view.as_ref();
        if let Some(setup) = replayed.and_then(|view| Setup::of(view.run().header())) {
            self.wake(Room::Simulate);
            self.simulate(&setup, Purpose::Enter);
        }
    }

    /// Shows the link that leads to the run as it is shown.
    pub(super) fn share(&mut self) {
        let state = self.active_run().and_then(|run| run.state());
        let link = self.link();
        let note = match (&link, &state) {
            (Some(_), _) => key::SHARE_NOTE,
            (None, Some(_)) => key::SHARE_TOO_LONG,
            (None, None) => key::SHARE_RECORDED,
        };
        by_id("sharing-note").set_text_content(Some(self.page.l10n.get(note)));
        let area: HtmlTextAreaElement = typed("share-url");
        area.set_value(link.as_deref().unwrap_or_default());
        // Without a link there is nothing to copy, and no field for it.
        for id in ["sharing-link", "copy"] {
            show(id, link.is_some());
        }
        show("save-state", state.is_some());
        show_modal("sharing");
    }

    /// Gives the user the runs as a file, which opens the same as a link to them.
    pub(super) fn save_state(&mut self) {
        let Some(state) = self.active_run().and_then(|run| run.state()) else {
            return;
        };
        let name = self
            .simulate
            .export_name(false)
            .replace(".jsonl", "-lab.json");
        let file = share::text(&state.file());
        let text = share::save(&self.page.l10n, key::EXPORTED, &name, file);
        self.page.notice(&text);
    }
}
