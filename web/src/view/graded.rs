//! A graded program's journal: the right client and the program side by side.
//!
//! Owns how such a journal opens: at the first failure. What differs, the engine knows.

use super::run_view::RunView;

impl RunView {
    /// Lays the program of a graded run beside the right client, where its bug first shows.
    pub(super) fn show_graded(&mut self) {
        let is_of_program = |it: &udping_engine::history::Branch| it.run.is_of_program();
        let Some(program) = self.history.branches().iter().position(is_of_program) else {
            return;
        };
        self.by_time = true;
        self.compare_with(Some(program));
        let run = self.run().clone();
        let changes = self.compared.iter().flat_map(|it| &it.comparison.changes);
        let first = changes.map(|it| it.seq).next();
        let Some(seq) = run.first_bug().or(first) else {
            return;
        };
        self.chosen = run.find(seq);
        let end = run.after(run.events());
        let probe = self.chosen.and_then(|at| run.probe(at, end));
        if let Some(settled) = probe.and_then(|it| it.settled_event) {
            self.go(run.after(settled));
        }
    }
}
