//! What takes long: the dialog that says how far it is, and where its result goes.

use web_sys::HtmlDialogElement;

use super::super::dom::{by_id, tenths, typed};
use super::super::i18n::{Key, Value, key, seconds};
use super::super::journal::JournalPanel;
use super::super::open::{self, Failure};
use super::super::run_view::RunView;
use super::super::what_if_worker::{self, WhatIfWorker};
use super::{App, Room};
use crate::worker::Helper;
use udping_engine::history::History;
use udping_engine::loader::Progress;
use udping_engine::run::Run;

impl App {
    /// Puts a run into the Replay room.
    pub(crate) fn put_run(&mut self, name: &str, run: Run) {
        let edition = self.replayed.as_ref().map_or(0, |view| view.edition + 1);
        let mut view = RunView {
            edition,
            ..RunView::new(History::of_all(run))
        };
        let end = view.run().seek(view.run().end_ns());
        // A long session opens at its start, where probes can be told apart.
        let start = view.run().step(view.run().seek(0), 24);
        view.go(if end.index < 200 { end } else { start });
        JournalPanel::put_timeout(&self.words, &view, view.run().header().timeout_ns);
        let probes = view.run().probes() as u64;
        self.replayed = Some(view);
        name.clone_into(&mut self.replayed_name);
        self.journal.clear();
        self.journal.complain(None);
        self.enter(Room::Replay);
        let said = [
            ("probes", Value::Count(probes)),
            ("name", Value::Text(name)),
        ];
        let said = self.words.say(key::LOADED, &said);
        self.announce(&said);
    }

    /// Something long begins: a reading or a simulation, whose title this is.
    pub(crate) fn begin_loading(&mut self, title: Key) -> u32 {
        self.turn += 1;
        let bar = by_id("loading-bar");
        // An element of the page takes any attribute.
        let _ = bar.remove_attribute("value");
        by_id("loading-title").set_text_content(Some(self.words.get(title)));
        by_id("loading-text").set_text_content(None);
        self.turn
    }

    /// Shows how far the reading is; false if it is not wanted any more.
    pub(crate) fn loading_progress(
        &mut self,
        turn: u32,
        progress: Progress,
        size: Option<u64>,
    ) -> bool {
        let megabytes = self.words.decimal(seconds(progress.bytes) * 1e3, 1, 1);
        let text = [
            ("megabytes", Value::Text(&megabytes)),
            ("probes", Value::Count(progress.probes)),
        ];
        let text = self.words.say(key::LOADING_PROGRESS, &text);
        let part = size
            .filter(|size| *size > 0)
            .map(|size| (progress.bytes, size));
        self.show_progress(turn, part, &text)
    }

    /// Shows how far it is, of how much; false if it is not wanted any more.
    pub(crate) fn show_progress(
        &mut self,
        turn: u32,
        part: Option<(u64, u64)>,
        text: &str,
    ) -> bool {
        if turn != self.turn {
            return false;
        }
        let dialog: HtmlDialogElement = typed("loading");
        if !dialog.open() {
            // Only a dialog that is open already, or not in the page, refuses.
            let _ = dialog.show_modal();
        }
        if let Some((done, all)) = part {
            let part = seconds(done) / seconds(all);
            let value = tenths(part.min(1.0) * 1000.0);
            // An element of the page takes any attribute.
            let _ = by_id("loading-bar").set_attribute("value", &value);
        }
        by_id("loading-text").set_text_content(Some(text));
        true
    }

    pub(crate) fn end_loading(
        &mut self,
        turn: u32,
        name: &str,
        result: Result<(Run, Helper), Failure>,
    ) {
        if turn == self.turn {
            let dialog: HtmlDialogElement = typed("loading");
            dialog.close();
        }
        match result {
            Ok((run, helper)) if turn == self.turn => {
                let long = run.probes() >= what_if_worker::LONG;
                self.put_run(name, run);
                if let Some(view) = self.replayed.as_mut().filter(|_| long) {
                    view.what_if_worker = Some(WhatIfWorker::new(helper));
                }
            }
            Ok(_) | Err(Failure::Cancelled) => {}
            Err(failure) => {
                self.enter(Room::Replay);
                let text = open::explain(&self.words, name, &failure);
                self.journal.complain(Some(&text));
            }
        }
    }

    pub(crate) fn cancel_loading(&mut self) {
        self.turn += 1;
        typed::<HtmlDialogElement>("loading").close();
        self.tell(key::CANCELLED);
    }
}
