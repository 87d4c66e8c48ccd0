//! Simulated runs as a state says: from the address, a file or the stack of what was done.
//!
//! Owns that what is not simulated yet is, before anything is shown.

use core::num::NonZero;

use super::app::{App, Room};
use super::background_run::{LONG, Purpose};
use super::i18n::key;
use super::simulate;
use udping_engine::run::Run;
use udping_engine::state::State;

/// What led to a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The browser's history, or a reload.
    Entry,
    /// A link or a file, which takes the place of what is shown: that can be undone.
    Link,
    Undo,
    Redo,
}

impl App {
    /// Shows a state, as soon as its runs are simulated.
    pub(super) fn restore(&mut self, state: Box<State>, way: Way) {
        // What a run is found by is how it is simulated, so each is missing once.
        for _ in 0..=state.branches.len() {
            let history = &mut self.simulate.view.history;
            let run = match history.missing(&state) {
                Ok(None) => return self.show_state(&state, way),
                Ok(Some(header)) if header.count.map_or(0, NonZero::get) >= LONG as u64 => {
                    return self.simulate_in_worker(header, Purpose::Restore(state, way));
                }
                Ok(Some(header)) => Run::simulate(&header),
                Err(error) => Err(error),
            };
            match run {
                Ok(run) => history.keep(run),
                Err(error) => {
                    let text = simulate::refused(&self.page.l10n, &error);
                    return self.page.notice(&text);
                }
            }
        }
    }

    fn show_state(&mut self, state: &State, way: Way) {
        self.enter(Room::Simulate);
        let now = self.active_run().and_then(|run| run.state());
        let history = &mut self.simulate.view.history;
        if !history.show(state) {
            return;
        }
        if let Some(now) = now {
            match way {
                Way::Entry => {}
                // What a page begins with, nobody has done.
                Way::Link if self.address.is_first() => {}
                Way::Link => history.undo.done(now),
                Way::Undo => drop(history.undo.undo(now)),
                Way::Redo => drop(history.undo.redo(now)),
            }
        }
        self.simulate.view.follow_history();
        self.in_lab(|run| run.go_to(&state.place));
        match way {
            Way::Undo => self.page.tell(key::UNDONE),
            Way::Redo => self.page.tell(key::REDONE),
            Way::Entry | Way::Link => {}
        }
    }

    /// Undoes what was done last, or does it again.
    pub(super) fn undo(&mut self, way: Way) {
        match self.room {
            Room::Simulate => {}
            Room::Learn => return,
            Room::Replay => {
                let done = self.replay.undo(&mut self.page, way);
                return self.page.tell(match (way, done) {
                    (Way::Redo, true) => key::REDONE,
                    (_, true) => key::UNDONE,
                    (Way::Redo, false) => key::REDO_NOTHING,
                    (_, false) => key::UNDO_NOTHING,
                });
            }
        }
        let undo = &self.simulate.view.history.undo;
        let state = match way {
            Way::Redo => undo.next(),
            _ => undo.previous(),
        };
        match state.cloned() {
            Some(state) => self.restore(Box::new(state), way),
            None => self.page.tell(match way {
                Way::Redo => key::REDO_NOTHING,
                _ => key::UNDO_NOTHING,
            }),
        }
    }
}
