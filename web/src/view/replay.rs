//! The Replay room: the journal opened in it, and what another timeout would have meant.
//!
//! Owns whom to ask about the timeout and what is said of the answer. What would have
//! happened is the engine's to say.

mod panel;
mod what_if_worker;

use super::background_run::LONG;
use super::i18n::{Localization, Value, key};
use super::page::Page;
use super::refusal;
use super::run_view::{RunView, scale};
use crate::worker::{WorkerError, WorkerHandle};
use panel::JournalPanel;
use udping_engine::history::History;
use udping_engine::run::Run;
use udping_engine::what_if::WhatIf;
use what_if_worker::WhatIfWorker;

/// The room.
#[derive(Debug)]
pub(crate) struct Replay {
    pub(super) view: Option<RunView>,
    name: String,
    panel: JournalPanel,
    /// Whom to ask what if, where the run is long.
    worker: Option<WhatIfWorker>,
}

impl Replay {
    pub(super) fn new() -> Self {
        Self {
            view: None,
            name: String::new(),
            panel: JournalPanel::new(),
            worker: None,
        }
    }

    pub(super) fn draw(&mut self, l10n: &Localization) {
        self.panel.draw(l10n, &self.name, self.view.as_ref());
    }

    /// Another language: the panel is filled in again.
    pub(super) fn clear(&mut self) {
        self.panel.clear();
    }

    /// Says why a file could not be opened.
    pub(super) fn show_error(&mut self, text: &str) {
        self.panel.show_error(Some(text));
    }

    /// Puts a run into the room, which `handle` has read and holds.
    pub(super) fn put(&mut self, l10n: &Localization, name: &str, run: Run, handle: WorkerHandle) {
        let long = run.probes() >= LONG;
        self.worker = long.then(|| WhatIfWorker::new(handle));
        let mut view = RunView {
            edition: self.view.as_ref().map_or(0, |view| view.edition + 1),
            ..RunView::new(History::of_all(run))
        };
        let run = view.run();
        let end = run.seek(run.end_ns());
        // A long session opens at its start, where probes can be told apart.
        let start = run.step(run.seek(0), 24);
        view.go(if end.index < 200 { end } else { start });
        JournalPanel::put_timeout(l10n, &view, view.run().header().timeout_ns);
        self.view = Some(view);
        name.clone_into(&mut self.name);
        self.panel.clear();
        self.panel.show_error(None);
    }

    /// Asks what another timeout would have meant; `None` asks no more.
    pub(super) fn what_if(&mut self, page: &mut Page, timeout_ns: Option<u64>) {
        let Some(view) = &self.view else { return };
        let recorded = view.run().header().timeout_ns;
        JournalPanel::put_timeout(&page.l10n, view, timeout_ns.unwrap_or(recorded));
        match (timeout_ns, &mut self.worker) {
            (Some(timeout), Some(worker)) => worker.ask(timeout),
            (Some(timeout), None) => {
                let answer = WhatIf::ask(view.run(), timeout);
                let answer =
                    answer.map_err(|error| WorkerError::Other(refusal::replay(&page.l10n, &error)));
                self.take_what_if(page, answer.map(Some));
            }
            (None, worker) => {
                worker.iter_mut().for_each(WhatIfWorker::forget);
                self.take_what_if(page, Ok(None));
            }
        }
    }

    /// The timeout to ask about was written, in milliseconds.
    pub(super) fn what_if_ms(&mut self, page: &mut Page, text: &str) {
        if let Some(ms) = page.l10n.read(text).filter(|ms| *ms > 0.0) {
            self.what_if(page, Some(scale(1, ms * 1e6)));
        }
    }

    /// The slider of the timeout to ask about was moved.
    pub(super) fn slide_what_if(&mut self, page: &mut Page) {
        if let Some(view) = &self.view {
            self.what_if(page, Some(JournalPanel::slid_timeout(view)));
        }
    }

    /// Shows what another timeout would have meant.
    fn take_what_if(&mut self, page: &mut Page, answer: Result<Option<WhatIf>, WorkerError>) {
        let Some(view) = &mut self.view else { return };
        match answer {
            Ok(answer) => {
                view.what_if = answer;
                view.edition += 1;
                if let Some(what_if) = &view.what_if {
                    let changes = [("changes", Value::Count(what_if.changes() as u64))];
                    let text = page.l10n.say(key::WHAT_IF_CHANGES, &changes);
                    page.announce(&text);
                }
            }
            Err(WorkerError::Other(what)) => {
                let what = [("what", Value::Text(&what))];
                let text = page.l10n.say(key::WHAT_IF_WRONG, &what);
                page.notice(&text);
            }
            // Nobody waits any more.
            Err(WorkerError::Cancelled | WorkerError::Load(_)) => {}
        }
        page.invalidate();
    }
}
