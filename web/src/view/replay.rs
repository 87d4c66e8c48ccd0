//! The Replay room: the journal opened in it, and what another timeout would have meant.
//!
//! Owns whom to ask about the timeout and when the answer is shown. What would have
//! happened is the engine's to say.

mod curve;
mod drag;
mod panel;
mod recent;
mod what_if_panel;
mod what_if_worker;

use std::rc::Rc;

pub(super) use drag::{key_pressed, listen};

use super::background_run::LONG;
use super::i18n::{Localization, Value, key};
use super::open::JournalSource;
use super::page::Page;
use super::refusal;
use super::restore::Way;
use super::run_view::{RunView, scale};
use crate::worker::{WorkerError, WorkerHandle};
use panel::JournalPanel;
use recent::Recent;
use udping_engine::history::History;
use udping_engine::run::Run;
use udping_engine::what_if::stepped;
use what_if_panel::WhatIfPanel;
use what_if_worker::WhatIfWorker;

/// The room.
#[derive(Debug)]
pub(crate) struct Replay {
    pub(super) view: Option<RunView>,
    name: String,
    /// Where the journal is found again.
    pub(super) source: JournalSource,
    pub(super) recent: Recent,
    panel: JournalPanel,
    what_if: WhatIfPanel,
    /// Whom to ask what if, where the run is long.
    worker: Option<WhatIfWorker>,
}

impl Replay {
    pub(super) fn new() -> Self {
        Self {
            view: None,
            name: String::new(),
            source: JournalSource::Nowhere,
            recent: Recent::new(),
            panel: JournalPanel::new(),
            what_if: WhatIfPanel::new(),
            worker: None,
        }
    }

    pub(super) fn draw(&mut self, l10n: &Localization) {
        self.panel.draw(l10n, &self.name, self.view.as_ref());
        if let Some(view) = &self.view {
            self.what_if.draw(l10n, view);
        }
        self.recent.draw(l10n);
    }

    /// The journal's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// A journal is not to be found again where it was.
    pub(super) fn forget(&mut self, source: &JournalSource) {
        if self.source == *source {
            self.source = JournalSource::Nowhere;
        }
    }

    /// Whether it is this journal that is open.
    pub(super) fn shows(&self, source: &JournalSource) -> bool {
        self.view.is_some() && self.source == *source
    }

    /// Another language: the panel is filled in again.
    pub(super) fn clear(&mut self) {
        self.panel.clear();
        self.what_if.clear();
        self.recent.clear();
    }

    /// Says why a file could not be opened.
    pub(super) fn show_error(&mut self, text: &str) {
        self.panel.show_error(Some(text));
    }

    /// Puts a run into the room, which `handle` has read and holds.
    pub(super) fn put(&mut self, name: &str, run: Run, handle: WorkerHandle) {
        let long = run.probes() >= LONG;
        self.worker = long.then(|| WhatIfWorker::new(handle));
        let mut history = History::of_all(run);
        history.rename(0, name);
        let mut view = RunView {
            edition: self.view.as_ref().map_or(0, |view| view.edition + 1),
            ..RunView::new(history)
        };
        let run = view.run();
        let end = run.seek(run.end_ns());
        // A long session opens at its start, where probes can be told apart.
        let start = run.step(run.seek(0), 24);
        view.go(if end.index < 200 { end } else { start });
        // A comparison opens as one.
        if view.run().via().is_some() && view.history.branches().len() > 1 {
            view.compare_with(Some(1));
        }
        view.show_graded();
        self.view = Some(view);
        name.clone_into(&mut self.name);
        self.clear();
        self.panel.show_error(None);
    }

    /// Puts a run into the room that is still measured.
    pub(super) fn put_live(&mut self, name: &str, history: History) {
        self.worker = None;
        let view = RunView {
            edition: self.view.as_ref().map_or(0, |view| view.edition + 1),
            growing: true,
            ..RunView::new(history)
        };
        self.view = Some(view);
        name.clone_into(&mut self.name);
        self.clear();
        self.panel.show_error(None);
    }

    /// Asks what another timeout would have meant, and shows that run as soon as it is decided;
    /// the recorded timeout asks no more.
    pub(super) fn what_if(&mut self, page: &mut Page, timeout_ns: u64) {
        let Some(view) = &mut self.view else { return };
        let Some(timeouts) = &view.what_if.timeouts else {
            return;
        };
        let timeout_ns = timeout_ns.max(1);
        let before = view.what_if.asked_ns.unwrap_or(timeouts.recorded_ns());
        view.asked.ask(before, timeout_ns);
        self.ask(page, timeout_ns);
    }

    /// The timeout's handle is held, or let go: what it passes is one step to undo.
    pub(super) fn drag(&mut self, begins: bool) {
        if let Some(view) = &mut self.view {
            view.asked.drag(begins);
        }
    }

    /// Whether there is a timeout to go back to, and one that was gone back from.
    pub(super) fn undoable(&self) -> (bool, bool) {
        let asked = self.view.as_ref().map(|view| view.asked.possible());
        asked.unwrap_or_default()
    }

    /// Asks about the timeout before, or again about the one that was undone; false if there is
    /// none.
    pub(super) fn undo(&mut self, page: &mut Page, way: Way) -> bool {
        let step = self.view.as_mut().and_then(|view| {
            let now = view.what_if.timeout_ns()?;
            match way {
                Way::Redo => view.asked.redo(now),
                _ => view.asked.undo(now),
            }
        });
        if let Some(timeout_ns) = step {
            self.ask(page, timeout_ns);
        }
        step.is_some()
    }

    fn ask(&mut self, page: &mut Page, timeout_ns: u64) {
        let Some(view) = &mut self.view else { return };
        let Some(timeouts) = &view.what_if.timeouts else {
            return;
        };
        page.invalidate();
        if timeout_ns == timeouts.recorded_ns() {
            view.what_if.asked_ns = None;
            view.show_what_if(false);
            self.worker.iter_mut().for_each(WhatIfWorker::forget);
            return;
        }
        view.what_if.asked_ns = Some(timeout_ns);
        if view.what_if.answer().is_some() {
            view.show_what_if(true);
            return;
        }
        if let Some(worker) = &mut self.worker {
            worker.ask(timeout_ns);
        } else {
            let decided = view.history.run().decided_again(timeout_ns);
            let decided = decided
                .map(Rc::new)
                .map_err(|error| WorkerError::Other(refusal::replay(&page.l10n, &error)));
            self.take_what_if(page, timeout_ns, decided);
        }
    }

    /// The timeout to ask about was written, in milliseconds.
    pub(super) fn what_if_ms(&mut self, page: &mut Page, text: &str) {
        if let Some(ms) = page.l10n.read(text).filter(|ms| *ms > 0.0) {
            self.what_if(page, scale(1, ms * 1e6));
        }
        // Whatever was written, what is asked about is what stands there.
        self.what_if.clear();
    }

    /// Moves the timeout asked about by so many steps.
    pub(super) fn step_what_if(&mut self, page: &mut Page, steps: i32) {
        let asked = self
            .view
            .as_ref()
            .and_then(|view| view.what_if.timeout_ns());
        if let Some(asked) = asked {
            self.what_if(page, stepped(asked, steps));
        }
    }

    /// Asks about the recorded timeout, or about the one that saves all that is known.
    pub(super) fn end_of_what_if(&mut self, page: &mut Page, saves_all: bool) {
        let timeouts = self
            .view
            .as_ref()
            .and_then(|view| view.what_if.timeouts.clone());
        if let Some(timeouts) = timeouts {
            let recorded = timeouts.recorded_ns();
            let best = timeouts.saves_all_ns().filter(|_| saves_all);
            self.what_if(page, best.unwrap_or(recorded));
        }
    }

    /// The marker of the curve was moved to a point, in pixels from the curve's left.
    pub(super) fn drag_curve(&mut self, page: &mut Page, x: f64) {
        let timeouts = self
            .view
            .as_ref()
            .and_then(|view| view.what_if.timeouts.clone());
        if let Some(timeouts) = timeouts {
            let timeout = self.what_if.curve.timeout_at(&timeouts, x);
            self.what_if(page, timeout);
        }
    }

    /// Shows the run on record, or the one decided again.
    pub(super) fn switch_what_if(&mut self, page: &mut Page, decided: bool) {
        if let Some(view) = &mut self.view {
            view.show_what_if(decided);
            page.invalidate();
        }
    }

    /// Shows the run under the timeout that was asked about, if it still is.
    fn take_what_if(
        &mut self,
        page: &mut Page,
        timeout_ns: u64,
        answer: Result<Rc<Run>, WorkerError>,
    ) {
        let Some(view) = &mut self.view else { return };
        match answer {
            Ok(run) => {
                view.what_if.decided = Some((timeout_ns, run));
                if view.what_if.asked_ns == Some(timeout_ns) {
                    view.show_what_if(true);
                    if let Some(timeouts) = &view.what_if.timeouts {
                        let counts = timeouts.counts(timeout_ns);
                        page.announce(&curve::said(&page.l10n, timeout_ns, &counts));
                    }
                }
            }
            Err(WorkerError::Other(what)) => {
                let what = [("what", Value::Foreign(&what))];
                let text = page.l10n.say(key::WHAT_IF_WRONG, &what);
                page.notice(&text);
            }
            // Nobody waits any more.
            Err(WorkerError::Cancelled | WorkerError::Load(_)) => {}
        }
        page.invalidate();
    }
}
