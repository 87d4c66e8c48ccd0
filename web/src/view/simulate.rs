//! The Simulate room: its run, and the form that makes it.

mod form;

use super::run_view::{RunView, scale};
pub(super) use form::{Form, refused, trim};
use udping_engine::history::History;
use udping_engine::player::Player;
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
        }
    }

    /// Another run takes the place of this one, at the same part of it.
    pub(super) fn put(&mut self, history: History) {
        let old = &self.view;
        let part = super::i18n::seconds(old.cursor.at_ns)
            / super::i18n::seconds(old.run().end_ns().max(1));
        let mut player = Player::default();
        player.speed = old.player.speed;
        player.breakpoints.clone_from(&old.player.breakpoints);
        self.view = RunView {
            player,
            edition: old.edition + 1,
            ..RunView::new(history)
        };
        let run = self.view.run();
        let cursor = run.seek(scale(run.end_ns(), part.min(1.0)));
        self.view.go(cursor);
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
