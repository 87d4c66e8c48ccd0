//! The app: its state, the rooms, and how time passes in them.

mod address;
mod picture;
mod reading;
mod wording;

use std::time::Duration;

use udping_journal::Action;

use super::describe;
use super::dom::{Leaf, by_id, clone_template, document, first};
use super::events::Events;
use super::figures::FiguresView;
use super::form::Form;
use super::headline::Headline;
use super::i18n::{Key, Value, Words, key};
use super::journal::JournalPanel;
use super::ladder::Ladder;
use super::learn::Learn;
use super::marks;
use super::packets::Lists;
use super::prefs::Prefs;
use super::probe::ProbePanel;
use super::run_view::RunView;
use super::timeline::Timeline;
use udping_engine::cursor::Cursor;
use udping_engine::history::{Fork, History};
use udping_engine::log::Mark;
use udping_engine::player::{Player, Stopped};
use udping_engine::presets::Preset;
use udping_engine::run::Run;
use udping_engine::setup::Setup;

/// A room of the lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Replay,
    Simulate,
    Learn,
}

impl Room {
    const ALL: [Self; 3] = [Self::Replay, Self::Simulate, Self::Learn];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Simulate => "simulate",
            Self::Learn => "learn",
        }
    }

    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|room| room.name() == name)
    }
}

/// A way to look at a run.
pub(crate) const VIEWS: [&str; 3] = ["sequence", "events", "figures"];

/// Everything.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) words: Words,
    pub(crate) prefs: Prefs,
    pub(crate) room: Room,
    simulated: RunView,
    pub(crate) replayed: Option<RunView>,
    replayed_name: String,
    /// Which of [`VIEWS`] are open.
    pub(crate) open: [bool; 3],
    pub(crate) form: Form,
    pub(crate) journal: JournalPanel,
    pub(crate) ladders: [Ladder; 2],
    pub(crate) timeline: Timeline,
    pub(super) learn: Learn,
    headline: Headline,
    pub(crate) events: Events,
    figures: FiguresView,
    probe: ProbePanel,
    lists: Lists,
    /// The packet that the diagram's menu acts on, and where the menu is.
    pub(crate) menu: Option<(usize, f64, f64)>,
    legend: Vec<(Mark, Leaf)>,
    status: Leaf,
    toast: Leaf,
    toasts: u32,
    /// Counts the openings, so that an older one knows it is not wanted any more.
    pub(super) turn: u32,
    dirty: bool,
    /// The last frame's time while playing, in milliseconds.
    last_frame: Option<f64>,
    resized: bool,
}

/// The seed that a new visitor starts with: a date, and a run in which enough goes wrong.
const FIRST_SEED: u64 = 20_261_122;

impl App {
    pub(crate) fn new(prefs: Prefs, words: Words) -> Self {
        let seed = udping_link::Seed::from_low_bits(FIRST_SEED);
        let setup = Preset::Textbook.setup(seed);
        Self {
            words,
            prefs,
            room: Room::Simulate,
            simulated: RunView::new(simulated(&setup)),
            replayed: None,
            replayed_name: String::new(),
            open: [true, false, false],
            form: Form::new(),
            journal: JournalPanel::new(),
            ladders: [Ladder::new("ladder-a"), Ladder::new("ladder-b")],
            timeline: Timeline::new(),
            learn: Learn::new(),
            headline: Headline::new(),
            events: Events::new(),
            figures: FiguresView::new(),
            probe: ProbePanel::new(),
            lists: Lists::new(),
            menu: None,
            legend: legends(),
            status: Leaf::of("status"),
            toast: Leaf::of("toast"),
            toasts: 0,
            turn: 0,
            dirty: true,
            last_frame: None,
            resized: true,
        }
    }

    /// The first picture: the textbook's network in the middle of things.
    pub(crate) fn begin(&mut self) {
        let setup = Setup::of(self.simulated.run().header()).unwrap_or_default();
        self.form.write(&self.words, &setup);
        self.put_speeds();
        self.translate();
        self.colours();
        let view = &mut self.simulated;
        let middle = view
            .run()
            .seek(super::run_view::scale(view.run().end_ns(), 0.4));
        let busy = (0..).map(|ahead| view.run().step(middle, ahead)).take(40);
        let busy = busy
            .into_iter()
            .find(|cursor| !view.run().in_flight(*cursor).is_empty());
        let cursor = busy.unwrap_or(middle);
        view.go(cursor);
        // Between two events a packet can be seen on its way.
        if let Some(flight) = view.run().in_flight(cursor).first() {
            let on_its_way = u64::midpoint(flight.from_ns.max(cursor.at_ns), flight.until_ns);
            let cursor = view.run().seek(on_its_way);
            view.go(cursor);
        }
        // A body takes any class.
        let _ = first(
            &document()
                .document_element()
                .unwrap_or_else(|| by_id("lab")),
            "body",
        )
        .class_list()
        .add_1("ready");
        self.invalidate();
    }

    /// The view of the room shown.
    pub(crate) fn view(&mut self) -> Option<&mut RunView> {
        match self.room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        }
    }

    pub(crate) fn timeline_and_view(&mut self) -> Option<(&Timeline, &mut RunView)> {
        let view = match self.room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        };
        Some((&self.timeline, view?))
    }

    /// The simulated run shown.
    pub(crate) fn simulated_run(&self) -> &Run {
        self.simulated.run()
    }

    /// A name for its journal.
    pub(crate) fn export_name(&self) -> String {
        let seed = self
            .simulated
            .run()
            .header()
            .scenario
            .as_ref()
            .map(|scenario| scenario.seed.get());
        format!("udping-{}.jsonl", seed.unwrap_or_default())
    }

    pub(crate) fn invalidate(&mut self) {
        self.dirty = true;
    }

    pub(crate) fn resized(&mut self) {
        self.resized = true;
        self.learn.resized();
        self.dirty = true;
    }

    pub(crate) fn wants_frame(&mut self) -> bool {
        self.dirty
            || self.view().is_some_and(|view| view.player.playing())
            || self.in_learn() && self.learn.wants_frame()
    }

    /// One animation frame: time passes, and what has changed is drawn.
    pub(crate) fn frame(&mut self, at_ms: f64) {
        self.play_on(at_ms);
        if self.in_learn()
            && let Some(said) = self.learn.frame(&self.words, at_ms)
        {
            self.announce(&said);
        }
        if self.dirty {
            self.dirty = false;
            self.draw();
        }
    }

    fn in_learn(&self) -> bool {
        self.room == Room::Learn
    }

    fn play_on(&mut self, at_ms: f64) {
        let last = self.last_frame.take();
        let words = &self.words;
        let view = match self.room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        };
        let Some(view) = view.filter(|view| view.player.playing()) else {
            return;
        };
        let wall = Duration::from_secs_f64((at_ms - last.unwrap_or(at_ms)).max(0.0) / 1e3);
        let run = std::rc::Rc::clone(view.run());
        let before = view.cursor;
        let tick = view.player.tick(&run, before, wall);
        let calm = super::prefs::media("(prefers-reduced-motion: reduce)");
        // With less motion, the picture changes from event to event, not in between.
        if !calm || tick.cursor.index != before.index || tick.stopped.is_some() {
            view.go(tick.cursor);
        } else {
            view.cursor.at_ns = tick.cursor.at_ns;
        }
        let said = tick.stopped.map(|stopped| match stopped {
            Stopped::End => words.say(key::REACHED_END, &[("at", Value::Time(tick.cursor.at_ns))]),
            Stopped::At(_) => said_at(words, &run, tick.cursor),
        });
        let still = calm && tick.cursor.index == before.index && tick.stopped.is_none();
        self.last_frame = tick.stopped.is_none().then_some(at_ms);
        self.dirty |= !still;
        if let Some(said) = said {
            self.announce(&said);
        }
    }

    /// Says it to those who listen to the page, once: steps and results, never frames.
    pub(crate) fn announce(&mut self, text: &str) {
        self.status.text("");
        self.status.text(text);
    }

    /// Says it, and shows it for a while.
    pub(crate) fn notice(&mut self, text: &str) {
        self.announce(text);
        self.toast.text(text);
        self.toast.show(true);
        self.toasts += 1;
        let toast = self.toasts;
        super::input::later(6_000, move |app| {
            if app.toasts == toast {
                app.toast.show(false);
            }
        });
    }

    pub(crate) fn tell(&mut self, key: Key) {
        let text = self.words.get(key);
        self.notice(text);
    }

    /// Moves to another place, and says what happened there.
    pub(crate) fn go(&mut self, cursor: Cursor, aloud: bool) {
        let words = &self.words;
        let view = match self.room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        };
        let Some(view) = view else { return };
        view.go(cursor);
        let said = aloud.then(|| said_at(words, view.run(), cursor));
        let height = self.ladders[0].height();
        view.keep_now_in_sight(height);
        self.menu = None;
        self.invalidate();
        if let Some(said) = said {
            self.announce(&said);
        }
    }

    /// Starts a simulated run over: another takes its place.
    pub(crate) fn put_simulated(&mut self, history: History) {
        let part = super::i18n::seconds(self.simulated.cursor.at_ns)
            / super::i18n::seconds(self.simulated.run().end_ns().max(1));
        let mut player = Player::default();
        player.speed = self.simulated.player.speed;
        player
            .breakpoints
            .clone_from(&self.simulated.player.breakpoints);
        let edition = self.simulated.edition + 1;
        self.simulated = RunView {
            player,
            edition,
            ..RunView::new(history)
        };
        let at = super::run_view::scale(self.simulated.run().end_ns(), part.min(1.0));
        let cursor = self.simulated.run().seek(at);
        if self.room == Room::Simulate {
            self.go(cursor, false);
        } else {
            self.simulated.go(cursor);
        }
    }

    /// A branch that was simulated beside the page is there.
    pub(crate) fn put_fork(&mut self, fork: &Fork, run: Run, action: Action) {
        let cursor = self.simulated.history.adopt(fork, run);
        self.show_fork(cursor, action);
    }

    pub(crate) fn enter(&mut self, room: Room) {
        if let Some(view) = self.view() {
            view.player.pause();
        }
        self.learn.leave();
        self.room = room;
        self.menu = None;
        self.resized = true;
        self.pressed();
        let height = self.ladders[0].height();
        if let Some(view) = self.view() {
            view.keep_now_in_sight(height);
        }
        self.invalidate();
    }

    /// Lets the Learn room do something, and says what it came to.
    pub(crate) fn learn_does(&mut self, does: impl FnOnce(&mut Learn, &Words) -> Option<String>) {
        if self.in_learn()
            && let Some(said) = does(&mut self.learn, &self.words)
        {
            self.announce(&said);
        }
    }

    /// A single key in the Learn room; whether it has one of that name.
    pub(crate) fn key_in_learn(&mut self, key: &str) -> bool {
        let act = match key {
            " " => "play",
            "ArrowLeft" => "back",
            "ArrowRight" => "on",
            "Home" => "to-start",
            "End" => "to-end",
            _ => return false,
        };
        self.learn_does(|learn, words| learn.clicked(words, act, ""));
        true
    }
}

/// The run of a setup that is known to be in order.
fn simulated(setup: &Setup) -> History {
    match History::simulate(setup) {
        Ok(history) => history,
        Err(error) => unreachable!("a preset is a valid setup: {error}"),
    }
}

/// What happened last at a cursor, in words.
pub(crate) fn said_at(words: &Words, run: &Run, cursor: Cursor) -> String {
    match cursor.index.checked_sub(1).and_then(|last| run.event(last)) {
        Some(event) => describe::step(words, run, &event),
        None => words.say(key::SCRUB_START, &[("at", Value::Time(cursor.at_ns))]),
    }
}

fn set_hidden(id: &str, hidden: bool) {
    let element = by_id(id);
    if element.has_attribute("hidden") != hidden {
        let _ = if hidden {
            element.set_attribute("hidden", "")
        } else {
            element.remove_attribute("hidden")
        };
    }
}

fn legends() -> Vec<(Mark, Leaf)> {
    let mut items = Vec::new();
    for (list, marks) in [
        ("legend", &marks::LEGEND[..]),
        ("help-legend", &marks::ALL[..]),
    ] {
        for mark in marks {
            let item = clone_template("t-mark");
            let look = marks::look(*mark);
            // A fresh element takes any attribute.
            let _ = first(&item, "svg").set_attribute("class", &format!("mark {}", look.class));
            let _ = first(&item, "use").set_attribute("href", look.symbol);
            let _ = by_id(list).append_child(&item);
            items.push((*mark, Leaf::new(first(&item, "span"))));
        }
    }
    items
}
