//! Long simulations and their journals: beside the page, with their progress and a way to stop
//! them.
//!
//! Owns what happens when a worker is done with one. What is simulated,
//! the engine knows.

use js_sys::Array;
use js_sys::futures::spawn_local;
use udping_journal::Action;
use udping_journal::Header;
use udping_sim::World;
use web_sys::HtmlDialogElement;

use super::act::Destination;
use super::app::{App, Room};
use super::dom::typed;
use super::form;
use super::i18n::{Value, key};
use super::share;
use super::what_if_worker::LONG;
use crate::worker::{Helper, Trouble};
use udping_engine::history::{Fork, History};
use udping_engine::link::Shared;
use udping_engine::run::Run;
use udping_engine::setup::Setup;

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

impl App {
    /// Simulates a run under other conditions, and does with it what it is for.
    pub(crate) fn simulate(&mut self, setup: &Setup, purpose: Purpose) {
        let header = setup.header();
        let refused = if setup.count < LONG as u64 {
            match History::simulate(setup) {
                Ok(history) => {
                    // Whatever is being simulated is not wanted any more.
                    self.stop_simulating();
                    self.put_simulated(history);
                    self.serve(purpose);
                    return;
                }
                Err(error) => error,
            }
        } else {
            match World::new(&header) {
                Ok(_) => return self.simulate_beside(header, purpose),
                Err(error) => error,
            }
        };
        let text = form::refused(&self.words, &refused);
        self.form.complain(&text);
    }

    /// Has a worker simulate.
    pub(super) fn simulate_beside(&mut self, header: Header, purpose: Purpose) {
        let turn = self.begin_loading(key::SIMULATING);
        let all = header.count.map_or(1, core::num::NonZero::get);
        spawn_local(async move {
            let run = simulated(&header, |probes| {
                let told = super::with(|app| app.simulating_progress(turn, probes, all));
                told.unwrap_or(false)
            });
            let run = run.await;
            super::with(|app| app.end_simulating(turn, run, purpose));
        });
    }

    /// Has a worker write a simulated run's journal.
    pub(super) fn write_beside(&mut self, header: Header, to: Destination) {
        let turn = self.begin_loading(key::EXPORTING);
        let all = header.count.map_or(1, core::num::NonZero::get);
        spawn_local(async move {
            let pieces = written(&header, |probes| {
                let told = super::with(|app| app.simulating_progress(turn, probes, all));
                told.unwrap_or(false)
            });
            let pieces = pieces.await;
            super::with(|app| {
                if let Some(pieces) = app.end_waiting(turn, pieces) {
                    app.arrive(to, share::file(&pieces));
                }
            });
        });
    }

    fn simulating_progress(&mut self, turn: u32, probes: u64, all: u64) -> bool {
        let text = [("probes", Value::Count(probes)), ("all", Value::Count(all))];
        let text = self.words.say(key::SIMULATING_PROGRESS, &text);
        self.show_progress(turn, Some((probes, all)), &text)
    }

    fn end_simulating(&mut self, turn: u32, run: Result<Run, Trouble>, purpose: Purpose) {
        let Some(run) = self.end_waiting(turn, run) else {
            return;
        };
        if let Purpose::Fork(fork, action) = purpose {
            self.put_fork(&fork, run, action);
        } else {
            self.put_simulated(History::of(run));
            self.serve(purpose);
        }
    }

    /// What a worker came to, if it is still wanted.
    fn end_waiting<T>(&mut self, turn: u32, outcome: Result<T, Trouble>) -> Option<T> {
        if turn != self.turn {
            return None;
        }
        typed::<HtmlDialogElement>("loading").close();
        match outcome {
            Ok(outcome) => Some(outcome),
            // Nobody waits any more, and no journal is read here.
            Err(Trouble::Cancelled | Trouble::Load(_)) => None,
            Err(Trouble::Other(what)) => {
                let said = [("what", Value::Text(&what))];
                let said = self.words.say(key::SIMULATING_FAILED, &said);
                self.notice(&said);
                None
            }
        }
    }

    /// Does what a run that is shown now is for.
    fn serve(&mut self, purpose: Purpose) {
        match purpose {
            Purpose::Show | Purpose::Fork(..) => {}
            Purpose::Enter => self.enter(Room::Simulate),
            Purpose::Restore(shared) => self.show_shared(&shared),
        }
    }

    fn stop_simulating(&mut self) {
        self.turn += 1;
        typed::<HtmlDialogElement>("loading").close();
    }
}

async fn simulated(header: &Header, proceed: impl FnMut(u64) -> bool) -> Result<Run, Trouble> {
    Helper::start()?.simulate(header, proceed).await
}

async fn written(header: &Header, proceed: impl FnMut(u64) -> bool) -> Result<Array, Trouble> {
    Helper::start()?.write(header, proceed).await
}
