//! What takes long is done beside the page by a worker: the dialog that says how far it is
//! and can stop it, and what becomes of a simulation.
//!
//! Owns which work is still wanted. What is simulated, the engine knows.

use core::num::NonZero;

use js_sys::Array;
use js_sys::futures::spawn_local;
use udping_journal::{Action, Header};
use udping_sim::{World, WorldError};
use web_sys::HtmlDialogElement;

use super::app::{App, Room};
use super::dom::{by_id, show_modal, typed};
use super::i18n::{Key, Localization, Value, key};
use super::page::Page;
use super::simulate;
use super::transfer::Destination;
use super::{share, with};
use crate::worker::{WorkerError, WorkerHandle};
use udping_engine::history::{Fork, History};
use udping_engine::link::Shared;
use udping_engine::run::Run;
use udping_engine::scale::float;
use udping_engine::setup::Setup;

/// From this many probes on a worker is asked: fewer are simulated or decided within a
/// frame or two.
pub(crate) const LONG: usize = 20_000;

/// What a simulation is for, once it is there.
#[derive(Debug)]
pub(crate) enum Purpose {
    /// To be shown in place of the run before.
    Show,
    /// To be shown in the Simulate room.
    Enter,
    /// To be shown as a link says.
    Restore(Box<Shared>),
    /// To be a branch of the run shown.
    Fork(Box<Fork>, Action),
}

/// The work under way beside the page, of which there is one at a time.
#[derive(Debug, Default)]
pub(crate) struct BackgroundRun {
    /// Counts what was begun, so that an older one knows it is not wanted any more.
    turn: u32,
}

impl BackgroundRun {
    /// Something long begins, whose title this is.
    pub(super) fn begin(&mut self, l10n: &Localization, title: Key) -> u32 {
        self.turn += 1;
        // An element of the page takes any attribute.
        let _ = by_id("loading-bar").remove_attribute("value");
        by_id("loading-title").set_text_content(Some(l10n.get(title)));
        by_id("loading-text").set_text_content(None);
        self.turn
    }

    /// Shows how far it is, of how much; false if it is not wanted any more.
    pub(super) fn progress(&self, turn: u32, part: Option<(u64, u64)>, text: &str) -> bool {
        if turn != self.turn {
            return false;
        }
        show_modal("loading");
        if let Some((done, all)) = part {
            let part = float(done) / float(all);
            // An element of the page takes any attribute.
            let _ = by_id("loading-bar").set_attribute("value", &part.min(1.0).to_string());
        }
        by_id("loading-text").set_text_content(Some(text));
        true
    }

    /// It is over: whether it is still wanted.
    pub(super) fn end(&self, turn: u32) -> bool {
        let wanted = turn == self.turn;
        if wanted {
            typed::<HtmlDialogElement>("loading").close();
        }
        wanted
    }

    /// What is under way is not wanted any more.
    fn stop(&mut self) {
        self.turn += 1;
        typed::<HtmlDialogElement>("loading").close();
    }
}

impl App {
    pub(crate) fn cancel_loading(&mut self) {
        self.background.stop();
        self.page.tell(key::CANCELLED);
    }

    /// Simulates what the form is to say.
    pub(super) fn simulate_form(&mut self, setup: Setup) {
        self.simulate.form.write(&self.page.l10n, &setup);
        self.simulate(&setup, Purpose::Show);
    }

    /// A field or a slider of the form was moved.
    pub(super) fn form_changed(&mut self, slider: Option<&str>) {
        let (form, l10n) = (&mut self.simulate.form, &self.page.l10n);
        if let Some(slider) = slider {
            form.slide(l10n, slider);
        }
        if let Some(setup) = form.read(l10n) {
            self.simulate(&setup, Purpose::Show);
        }
        self.page.invalidate();
    }

    /// Simulates a run of another setup, and does with it what it is for.
    pub(super) fn simulate(&mut self, setup: &Setup, purpose: Purpose) {
        let refused = if setup.count < LONG as u64 {
            match History::simulate(setup) {
                Ok(history) => {
                    self.background.stop();
                    return self.show_simulated(history, purpose);
                }
                Err(error) => error,
            }
        } else {
            let header = setup.header().map_err(WorldError::from);
            match header.and_then(|header| World::new(&header).map(|_| header)) {
                Ok(header) => return self.simulate_in_worker(header, purpose),
                Err(error) => error,
            }
        };
        let text = simulate::refused(&self.page.l10n, &refused);
        self.simulate.form.show_error(&text);
    }

    fn show_simulated(&mut self, history: History, purpose: Purpose) {
        self.simulate.put(history);
        self.lab.close_menu();
        if let Some(mut run) = self.active_run() {
            run.keep_now_in_sight();
        }
        match purpose {
            Purpose::Show | Purpose::Fork(..) => {}
            Purpose::Enter => self.enter(Room::Simulate),
            Purpose::Restore(shared) => self.show_shared(&shared),
        }
    }

    /// Has a worker simulate.
    pub(super) fn simulate_in_worker(&mut self, header: Header, purpose: Purpose) {
        let work = async |header: &Header, proceed: &mut dyn FnMut(u64) -> bool| {
            WorkerHandle::start()?.simulate(header, proceed).await
        };
        self.in_worker(key::SIMULATING, header, work, |app, run: Run| {
            if let Purpose::Fork(fork, action) = purpose {
                let cursor = app.simulate.view.history.adopt(&fork, run);
                app.in_lab(|run| run.show_fork(cursor, action));
            } else {
                app.show_simulated(History::of(run), purpose);
            }
        });
    }

    /// Has a worker write a simulated run's journal.
    pub(super) fn write_in_worker(&mut self, header: Header, to: Destination) {
        let script = matches!(to, Destination::Script);
        let work = async move |header: &Header, proceed: &mut dyn FnMut(u64) -> bool| {
            let handle = WorkerHandle::start()?;
            handle.write(header, script, proceed).await
        };
        self.in_worker(key::EXPORTING, header, work, move |app, pieces: Array| {
            app.arrive(to, share::file(&pieces));
        });
    }

    /// Has a worker do something with a header. What it comes to goes on, if it is still
    /// wanted then.
    fn in_worker<T: 'static>(
        &mut self,
        title: Key,
        header: Header,
        work: impl AsyncFnOnce(&Header, &mut dyn FnMut(u64) -> bool) -> Result<T, WorkerError> + 'static,
        go_on: impl FnOnce(&mut Self, T) + 'static,
    ) {
        let turn = self.background.begin(&self.page.l10n, title);
        let all = header.count.map_or(1, NonZero::get);
        spawn_local(async move {
            let mut proceed = |probes| {
                let wanted = with(|app| {
                    let text = [("probes", Value::Count(probes)), ("all", Value::Count(all))];
                    let text = app.page.l10n.say(key::SIMULATING_PROGRESS, &text);
                    app.background.progress(turn, Some((probes, all)), &text)
                });
                wanted.unwrap_or(false)
            };
            let outcome = work(&header, &mut proceed).await;
            with(|app| {
                if app.background.end(turn)
                    && let Some(outcome) = succeeded(&mut app.page, outcome)
                {
                    go_on(app, outcome);
                }
            });
        });
    }
}

/// What a worker came to; if nothing, it is said why.
fn succeeded<T>(page: &mut Page, outcome: Result<T, WorkerError>) -> Option<T> {
    match outcome {
        Ok(outcome) => Some(outcome),
        // Nobody waits any more, and no journal is read here.
        Err(WorkerError::Cancelled | WorkerError::Load(_)) => None,
        Err(WorkerError::Other(what)) => {
            let what = [("what", Value::Foreign(&what))];
            let text = page.l10n.say(key::SIMULATING_FAILED, &what);
            page.notice(&text);
            None
        }
    }
}
