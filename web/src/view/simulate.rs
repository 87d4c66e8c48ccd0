//! The Simulate room: its run, and the form that makes it.

mod form;

use super::dom::Leaf;
use super::i18n::Localization;
use super::run_view::{RunView, scale};
pub(super) use form::{Form, refused, trim};
use udping_engine::command;
use udping_engine::history::History;
use udping_engine::player::Speed;
use udping_engine::presets::Preset;
use udping_engine::setup::Setup;
use udping_link::Seed;

/// The seed that a new visitor starts with: a date, and a run in which enough goes wrong.
const FIRST_SEED: u64 = 20_261_122;

/// The room.
#[derive(Debug)]
pub(crate) struct Simulate {
    pub(super) view: RunView,
    pub(super) form: Form,
    /// The branch whose name is asked for.
    pub(super) naming: usize,
    /// The history's serial number that the form is about.
    followed: u32,
    undo: Leaf,
    redo: Leaf,
    command: Leaf,
    command_note: Leaf,
    /// The run whose command is shown, by its view's edition.
    shown: Option<u32>,
}

impl Simulate {
    /// The textbook's network in the middle of things.
    pub(super) fn new() -> Self {
        let setup = Preset::Textbook.setup(Seed::from_low_bits(FIRST_SEED));
        let mut view = RunView::new(simulated(&setup));
        let run = view.run();
        let middle = run.seek(scale(run.end_ns(), 0.4));
        let next = (0..40).map(|ahead| run.step(middle, ahead));
        let mut busy = next.filter(|cursor| !run.in_flight(*cursor).is_empty());
        let mut cursor = busy.next().unwrap_or(middle);
        // Between two events a packet can be seen on its way.
        if let Some(flight) = run.in_flight(cursor).first() {
            let launched = flight.from_ns.max(cursor.at_ns);
            cursor = run.seek(u64::midpoint(launched, flight.until_ns));
        }
        view.go(cursor);
        Self {
            view,
            form: Form::new(setup),
            naming: 0,
            followed: 0,
            undo: Leaf::of("undo"),
            redo: Leaf::of("redo"),
            command: Leaf::of("simulate-command"),
            command_note: Leaf::of("simulate-command-note"),
            shown: None,
        }
    }

    /// Whether there is an act to undo, and one to redo.
    pub(super) fn undoable(&self) -> (bool, bool) {
        let undo = &self.view.history.undo;
        (undo.previous().is_some(), undo.next().is_some())
    }

    /// Draws the buttons of undoing, of whatever room.
    pub(super) fn draw_undoing(&mut self, (undo, redo): (bool, bool)) {
        self.undo.flag("aria-disabled", !undo);
        self.redo.flag("aria-disabled", !redo);
    }

    /// Draws what is beside the run: the form of its conditions, and the command that makes it.
    pub(super) fn draw(&mut self, l10n: &Localization) {
        let serial = self.view.history.serial();
        if std::mem::replace(&mut self.followed, serial) != serial
            && let Some(setup) = Setup::of(self.view.run().header())
        {
            self.form.follow(l10n, setup);
        }
        if self.shown != Some(self.view.edition) {
            self.shown = Some(self.view.edition);
            if let Some(command) = command::simulate(self.view.run().header()) {
                self.command.command(&command.line);
                self.command_note.show(command.incomplete);
            }
        }
    }

    /// Takes up another run that the history shows, at the same part of it.
    pub(super) fn follow_run(&mut self) {
        let view = &mut self.view;
        let end = view.run().end_ns().max(1);
        let part = super::i18n::seconds(view.cursor.at_ns) / super::i18n::seconds(end);
        view.player.pause();
        // A speed that was chosen stays; one that suited the run before gives way.
        if view.player.speed == Speed::suited_to(view.run().end_ns()) {
            view.player.speed = Speed::suited_to(view.history.run().end_ns());
        }
        view.chosen = None;
        view.follow_history();
        let run = view.run();
        let cursor = run.seek(scale(run.end_ns(), part.min(1.0)));
        view.go(cursor);
    }

    /// A name for its journal, or its script.
    pub(super) fn export_name(&self, script: bool) -> String {
        let scenario = self.view.run().header().scenario.as_ref();
        let seed = scenario.map(|scenario| scenario.seed.get());
        let ending = if script { "script" } else { "jsonl" };
        format!("udping-{}.{ending}", seed.unwrap_or_default())
    }
}

/// The run of a setup that is known to be in order.
fn simulated(setup: &Setup) -> History {
    match History::simulate(setup) {
        Ok(history) => history,
        Err(error) => unreachable!("a preset is a valid setup: {error}"),
    }
}
