//! Acting on packets, and the branches that come of it.
//!
//! Owns what is said of an act and which branch is shown after it. Which acts are possible
//! is the engine's to say.

use udping_journal::Action;

use super::super::app::App;
use super::super::background_run::Purpose;
use super::super::i18n::{Value, key};
use super::super::input::later;
use super::super::packets::{self, branch_name};
use super::super::what_if_worker::LONG;
use udping_engine::cursor::Cursor;
use udping_engine::history::{ActError, History};

impl App {
    /// Acts on a packet in flight: the named one, or the next to arrive.
    pub(crate) fn act_on(&mut self, what: &str, flight: Option<usize>) {
        self.pause();
        let Some(view) = self.view() else { return };
        let timeout = view.run().header().timeout_ns;
        let flight = flight.or_else(|| Some(view.run().in_flight(view.cursor).first()?.index));
        let (Some(flight), Some(action)) = (flight, packets::action(what, timeout)) else {
            self.tell(key::ACT_NOT_IN_FLIGHT);
            return;
        };
        let long = view.run().probes() >= LONG;
        let acted = if long {
            let fork = view.history.prepare(view.cursor, flight, action);
            fork.map(|fork| {
                let purpose = Purpose::Fork(Box::new(fork.clone()), action);
                self.simulate_beside(fork.header, purpose);
            })
        } else {
            let acted = view.history.act(view.cursor, flight, action);
            acted.map(|cursor| self.show_fork(cursor, action))
        };
        match acted {
            Ok(()) => {}
            Err(error) => {
                let most = [("count", Value::Count(History::MOST_BRANCHES as u64))];
                let said = match error {
                    ActError::Recorded => self.words.get(key::ACT_RECORDED).to_owned(),
                    ActError::NotInFlight => self.words.get(key::ACT_NOT_IN_FLIGHT).to_owned(),
                    ActError::TooManyBranches => self.words.say(key::ACT_TOO_MANY, &most),
                };
                self.notice(&said);
            }
        }
    }

    /// Shows the branch that acting on a packet has just made.
    pub(crate) fn show_fork(&mut self, cursor: Cursor, action: Action) {
        let Some(view) = self.view() else { return };
        view.follow_history();
        // What is dropped is gone at once; what is delayed is still on its way.
        let dropped = action == Action::Drop;
        let cursor = if dropped {
            view.run().seek(cursor.at_ns)
        } else {
            cursor
        };
        view.go(cursor);
        let branch = view.history.branches().get(view.history.active()).cloned();
        self.close_menu();
        if let Some(branch) = branch {
            let name = Value::Text(&branch_name(&self.words, &branch));
            let said = self.words.say(key::FORKED, &[("name", name)]);
            self.notice(&said);
        }
        later(0, |_| packets::keep_focus());
    }

    pub(crate) fn close_menu(&mut self) {
        self.menu = None;
        self.invalidate();
    }

    pub(super) fn branch(&mut self, value: &str) {
        let Ok(number) = value.parse() else { return };
        let height = self.ladders[0].height();
        self.change(|view| {
            let at = view.cursor.at_ns;
            if view.history.select(number) {
                view.follow_history();
                let cursor = view.run().seek(at);
                view.go(cursor);
                view.keep_now_in_sight(height);
            }
        });
    }

    pub(super) fn compare(&mut self, value: &str) {
        let number: Option<usize> = value.parse().ok();
        self.change(|view| {
            let open = view.beside.as_ref().map(|beside| beside.branch);
            view.lay_beside(number.filter(|_| number != open));
        });
        if !self.open[0] {
            self.toggle_view("sequence");
        }
        self.resized();
    }
}
