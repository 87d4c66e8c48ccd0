//! Acting on packets, and the branches that come of it.
//!
//! Owns what is said of an act and which branch is shown after it. Which acts are possible
//! is the engine's to say.

use udping_journal::Action;

use super::ActiveRun;
use super::packets::{self, branch_name};
use crate::view::background_run::LONG;
use crate::view::branches::too_many;
use crate::view::i18n::{Value, key};
use udping_engine::history::{ActError, Fork};
use udping_engine::log::Cursor;

impl ActiveRun<'_> {
    /// Acts on a packet in flight: the named one, or the next to arrive. What is too long
    /// to be simulated at once comes back, to be simulated beside the page.
    pub(in crate::view) fn act_on(
        &mut self,
        what: &str,
        flight: Option<usize>,
    ) -> Option<(Fork, Action)> {
        let view = &mut *self.view;
        view.player.pause();
        let flying = || Some(view.run().in_flight(view.cursor).first()?.index);
        let flight = flight.or_else(flying);
        let action = packets::action(what, view.run().header().timeout_ns);
        let (Some(flight), Some(action)) = (flight, action) else {
            self.page.tell(key::ACT_NOT_IN_FLIGHT);
            return None;
        };
        let acted = if view.run().probes() >= LONG {
            let fork = view.history.prepare(view.cursor, flight, action);
            fork.map(|fork| Some((fork, action)))
        } else {
            let before = self.state();
            let view = &mut *self.view;
            let acted = view.history.act(view.cursor, flight, action);
            acted.map(|cursor| {
                if let Some(before) = before {
                    self.view.history.undo.done(before);
                }
                self.show_fork(cursor, action);
                None
            })
        };
        acted.unwrap_or_else(|error| {
            let l10n = &self.page.l10n;
            let text = match error {
                ActError::Recorded => l10n.get(key::ACT_RECORDED).to_owned(),
                ActError::NotInFlight => l10n.get(key::ACT_NOT_IN_FLIGHT).to_owned(),
                ActError::TooMany => too_many(l10n),
            };
            self.page.notice(&text);
            None
        })
    }

    /// Shows the branch that acting on a packet has just made.
    pub(in crate::view) fn show_fork(&mut self, cursor: Cursor, action: Action) {
        let view = &mut *self.view;
        view.follow_history();
        // What is dropped is gone at once; what is delayed is still on its way.
        view.go(if action == Action::Drop {
            view.run().seek(cursor.at_ns)
        } else {
            cursor
        });
        self.lab.close_menu();
        if let Some(branch) = view.history.branches().get(view.history.active()) {
            let name = branch_name(&self.page.l10n, branch);
            let name = [("name", Value::Text(&name))];
            let text = self.page.l10n.say(key::FORKED, &name);
            self.page.notice(&text);
        }
        self.lab.lists.keep_focus = true;
    }

    pub(super) fn branch(&mut self, value: &str) {
        let Ok(number) = value.parse() else { return };
        let at_ns = self.view.cursor.at_ns;
        if self.view.history.select(number) {
            self.view.follow_history();
            self.view.go(self.view.run().seek(at_ns));
            self.keep_now_in_sight();
        }
    }

    pub(super) fn compare(&mut self, value: &str) {
        let number: Option<usize> = value.parse().ok();
        let open = self.view.compared.as_ref().map(|compared| compared.branch);
        self.view.compare_with(number.filter(|_| number != open));
        if !self.lab.open[0] {
            self.lab.toggle_view("sequence");
        }
        self.lab.resized = true;
    }
}
