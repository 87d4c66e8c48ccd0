//! What is done to branches: made of other conditions, shown, named, deleted.
//!
//! Owns that whatever is done can be undone, and what is said of it. What a branch is, the
//! engine knows; packets are acted on in [`lab`](super::lab).

use web_sys::{HtmlDialogElement, HtmlInputElement};

use super::app::App;
use super::dom::{show_modal, typed};
use super::i18n::{Localization, Value, key};
use super::lab::branch_name;
use udping_engine::history::ActError;
use udping_engine::run::Run;
use udping_engine::state::State;

/// That the page holds no more.
pub(super) fn too_many(l10n: &Localization) -> String {
    let most = [
        ("branches", Value::Count(State::MOST_BRANCHES as u64)),
        ("probes", Value::Count(State::MOST_PROBES)),
    ];
    l10n.say(key::ACT_TOO_MANY, &most)
}

impl App {
    /// Shows a run of other conditions as a branch of the one shown; `again` if the slider
    /// that made that one is still on its way.
    pub(super) fn show_changed(&mut self, run: Run, again: bool) {
        let history = &mut self.simulate.view.history;
        if again {
            history.replace(run);
        } else if history.run().header() == run.header() || !self.add_branch(run, true) {
            return;
        }
        self.simulate.follow_run();
        self.page.invalidate();
        self.lab.close_menu();
        if let Some(mut run) = self.active_run() {
            run.keep_now_in_sight();
        }
    }

    /// Shows a run as a branch that was made from no other, or the branch that it is already.
    pub(super) fn show_alone(&mut self, run: Run) {
        let history = &mut self.simulate.view.history;
        let same = |it: &udping_engine::history::Branch| it.run.header() == run.header();
        match history.branches().iter().position(same) {
            Some(branch) => drop(history.select(branch)),
            None if !self.add_branch(run, false) => return,
            None => {
                let name = self.replay.name().to_owned();
                let history = &mut self.simulate.view.history;
                history.rename(history.active(), &name);
            }
        }
        self.simulate.follow_run();
    }

    fn add_branch(&mut self, run: Run, child: bool) -> bool {
        let state = self.simulate_state();
        let history = &mut self.simulate.view.history;
        match history.add(run, child) {
            Ok(()) => {
                if let Some(state) = state {
                    history.undo.done(state);
                }
                true
            }
            Err(ActError::TooMany | ActError::Recorded | ActError::NotInFlight) => {
                let text = too_many(&self.page.l10n);
                self.simulate.form.show_error(&text);
                self.page.notice(&text);
                false
            }
        }
    }

    /// The state of the Simulate room, whichever is shown.
    fn simulate_state(&mut self) -> Option<State> {
        let (page, lab) = (&mut self.page, &mut self.lab);
        let view = &mut self.simulate.view;
        super::lab::ActiveRun { page, lab, view }.state()
    }

    /// Asks for a branch's name.
    pub(super) fn ask_name(&mut self, value: &str) {
        let Ok(number) = value.parse::<usize>() else {
            return;
        };
        let branches = self.simulate.view.history.branches();
        let Some(branch) = branches.get(number) else {
            return;
        };
        self.simulate.naming = number;
        let input: HtmlInputElement = typed("branch-name");
        input.set_value(&branch_name(&self.page.l10n, branch));
        show_modal("naming");
        input.select();
    }

    /// Gives the branch the name that was written; none, and it has its own again.
    pub(super) fn rename_branch(&mut self) {
        typed::<HtmlDialogElement>("naming").close();
        let name = typed::<HtmlInputElement>("branch-name").value();
        let branch = self.simulate.naming;
        self.in_lab(|run| {
            run.remember();
            run.view.history.rename(branch, &name);
        });
    }

    /// Deletes a branch, which undoing brings back.
    pub(super) fn delete_branch(&mut self, value: &str) {
        let Ok(number) = value.parse::<usize>() else {
            return;
        };
        self.settle_address();
        let text = self.in_lab(|run| {
            let branches = run.view.history.branches();
            let name = branch_name(&run.page.l10n, branches.get(number)?);
            let state = run.state()?;
            if !run.view.history.remove(number) {
                return None;
            }
            run.view.history.undo.done(state);
            // Branches after it have other numbers now.
            let compared = run.view.compared.take().map(|other| other.branch);
            let at_ns = run.view.cursor.at_ns;
            run.view.follow_history();
            run.view.compare_with(match compared {
                Some(other) if other > number => Some(other - 1),
                Some(other) if other < number => Some(other),
                _ => None,
            });
            run.view.go(run.view.run().seek(at_ns));
            let name = [("name", Value::Text(&name))];
            Some(run.page.l10n.say(key::BRANCH_DELETED, &name))
        });
        if let Some(text) = text.flatten() {
            self.page.notice(&text);
        }
    }
}
