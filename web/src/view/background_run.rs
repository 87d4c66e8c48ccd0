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
use super::restore::Way;
use super::simulate;
use super::transfer::Destination;
use super::{share, with};
use crate::worker::{WorkerError, WorkerHandle};
use udping_engine::history::Fork;
use udping_engine::run::Run;
use udping_engine::scale::float;
use udping_engine::setup::Setup;
use udping_engine::state::State;

/// From this many probes on a worker is asked: fewer are simulated or decided within a
/// frame or two.
pub(crate) const LONG: usize = 20_000;

/// What a simulation is for, once it is there.
#[derive(Debug)]
pub(crate) enum Purpose {
    /// To be a branch of other conditions of the run shown, or to take the place of the one
    /// that the same slider has just made.
    Change { again: bool },
    /// To be a branch of its own, and to be shown in the Simulate room.
    Enter,
    /// To be shown with the rest of a state.
    Restore(Box<State>, Way),
    /// To be a branch of the run shown.
    Fork(Box<Fork>, Action),
}

/// The work under way beside the page, of which there is one at a time.
#[derive(Debug, Default)]
pub(crate) struct BackgroundRun {
    /// Counts what was begun, so that an older one knows it is not wanted any more.
    turn: u32,
    /// Something is under way.
    busy: bool,
}

impl BackgroundRun {
    /// Something long begins, whose title this is.
    pub(super) fn begin(&mut self, l10n: &Localization, title: Key) -> u32 {
        self.turn += 1;
        self.busy = true;
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
    pub(super) fn end(&mut self, turn: u32) -> bool {
        let wanted = turn == self.turn;
        if wanted {
            self.busy = false;
            typed::<HtmlDialogElement>("loading").close();
        }
        wanted
    }

    /// Whether something is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.busy
    }

    /// What is under way is not wanted any more.
    fn stop(&mut self) {
        self.turn += 1;
        self.busy = false;
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
        self.settle_address();
        self.simulate.form.write(&self.page.l10n, &setup);
        self.simulate(&setup, Purpose::Change { again: false });
    }

    /// A field or a slider of the form was moved.
    pub(super) fn form_changed(&mut self, slider: Option<&str>) {
        let (form, l10n) = (&mut self.simulate.form, &self.page.l10n);
        if let Some(slider) = slider {
            form.slide(l10n, slider);
        }
        if let Some(setup) = form.read(l10n) {
            // A slider on its way passes many conditions, and makes one branch.
            let again = slider.is_some() && form.sliding.as_deref() == slider;
            if !again {
                self.settle_address();
            }
            self.simulate(&setup, Purpose::Change { again });
            self.simulate.form.sliding = slider.map(str::to_owned);
        }
        self.page.invalidate();
    }

    /// Simulates a run of another setup, and does with it what it is for.
    pub(super) fn simulate(&mut self, setup: &Setup, purpose: Purpose) {
        let header = setup.header().map_err(WorldError::from);
        let refused = match header.and_then(|header| World::new(&header).map(|_| header)) {
            Ok(header) if setup.count >= LONG as u64 => {
                return self.simulate_in_worker(header, purpose);
            }
            Ok(header) => match Run::simulate(&header) {
                Ok(run) => {
                    self.background.stop();
                    return self.show_simulated(run, purpose);
                }
                Err(error) => error,
            },
            Err(error) => error,
        };
        let text = simulate::refused(&self.page.l10n, &refused);
        self.simulate.form.show_error(&text);
    }

    fn show_simulated(&mut self, run: Run, purpose: Purpose) {
        match purpose {
            Purpose::Change { again } => self.show_changed(run, again),
            Purpose::Enter => {
                self.enter(Room::Simulate);
                self.show_alone(run);
            }
            Purpose::Restore(state, way) => {
                self.simulate.view.history.keep(run);
                self.restore(state, way);
            }
            Purpose::Fork(fork, action) => {
                self.in_lab(|shown| {
                    shown.remember();
                    let cursor = shown.view.history.adopt(&fork, run);
                    shown.show_fork(cursor, action);
                });
            }
        }
    }

    /// Has a worker simulate.
    pub(super) fn simulate_in_worker(&mut self, header: Header, purpose: Purpose) {
        let work = async |header: &Header, proceed: &mut dyn FnMut(u64) -> bool| {
            WorkerHandle::start()?.simulate(header, proceed).await
        };
        self.in_worker(key::SIMULATING, header, work, |app, run: Run| {
            app.show_simulated(run, purpose);
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
