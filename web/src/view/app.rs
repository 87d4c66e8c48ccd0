//! The app's state, and everything drawn from it.

use std::time::Duration;

use udping_core::sim::Action;
use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlSelectElement};

use super::ask::{self, Asker};
use super::bench::Bench;
use super::dom::{Leaf, all, by_id, document, first, stamp, typed};
use super::events::Events;
use super::figures::FiguresView;
use super::form::Form;
use super::headline::Headline;
use super::journal::JournalPanel;
use super::ladder::{self, Ladder, Overlay};
use super::learn::Learn;
use super::long::Purpose;
use super::marks;
use super::open::{self, Failure};
use super::packets::{Lists, branch_name};
use super::prefs::Prefs;
use super::probe::ProbePanel;
use super::timeline::Timeline;
use super::words::{Key, Value, Words, key};
use super::{describe, share};
use crate::engine::catalogue::mark;
use crate::engine::cursor::Cursor;
use crate::engine::history::{Fork, History};
use crate::engine::lesson::place::Place;
use crate::engine::link::{Fragment, Shared};
use crate::engine::loader::Progress;
use crate::engine::log::Mark;
use crate::engine::player::{Player, Speed, Stopped};
use crate::engine::presets::Preset;
use crate::engine::run::Run;
use crate::engine::setup::Setup;
use crate::worker::Helper;

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
    simulated: Bench,
    pub(crate) replayed: Option<Bench>,
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
        let seed = udping_core::link::Seed::from_low_bits(FIRST_SEED);
        let setup = Preset::Textbook.setup(seed);
        Self {
            words,
            prefs,
            room: Room::Simulate,
            simulated: Bench::new(simulated(&setup)),
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
        let bench = &mut self.simulated;
        let middle = bench
            .run()
            .seek(super::bench::scale(bench.run().end_ns(), 0.4));
        let busy = (0..).map(|ahead| bench.run().step(middle, ahead)).take(40);
        let busy = busy
            .into_iter()
            .find(|cursor| !bench.run().in_flight(*cursor).is_empty());
        let cursor = busy.unwrap_or(middle);
        bench.go(cursor);
        // Between two events a packet can be seen on its way.
        if let Some(flight) = bench.run().in_flight(cursor).first() {
            let on_its_way = u64::midpoint(flight.from_ns.max(cursor.at_ns), flight.until_ns);
            let cursor = bench.run().seek(on_its_way);
            bench.go(cursor);
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

    /// The bench of the room shown.
    pub(crate) fn bench(&mut self) -> Option<&mut Bench> {
        match self.room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        }
    }

    pub(crate) fn timeline_and_bench(&mut self) -> Option<(&Timeline, &mut Bench)> {
        let bench = match self.room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        };
        Some((&self.timeline, bench?))
    }

    /// The journal of the simulated run shown, as `udping simulate` writes it.
    pub(crate) fn simulated_journal(&self) -> Option<String> {
        crate::engine::export::journal(self.simulated.run())
    }

    /// A name for it.
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
            || self.bench().is_some_and(|bench| bench.player.playing())
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

    /// Whether the Learn room is shown, and has its words.
    fn in_learn(&self) -> bool {
        self.room == Room::Learn && self.words.has_lessons() && self.learn.is_ready()
    }

    fn play_on(&mut self, at_ms: f64) {
        let last = self.last_frame.take();
        let words = &self.words;
        let bench = match self.room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        };
        let Some(bench) = bench.filter(|bench| bench.player.playing()) else {
            return;
        };
        let wall = Duration::from_secs_f64((at_ms - last.unwrap_or(at_ms)).max(0.0) / 1e3);
        let run = std::rc::Rc::clone(bench.run());
        let before = bench.cursor;
        let tick = bench.player.tick(&run, before, wall);
        let calm = super::prefs::media("(prefers-reduced-motion: reduce)");
        // With less motion, the picture changes from event to event, not in between.
        if !calm || tick.cursor.index != before.index || tick.stopped.is_some() {
            bench.go(tick.cursor);
        } else {
            bench.cursor.at_ns = tick.cursor.at_ns;
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

    fn draw(&mut self) {
        let room = self.room;
        set_hidden("lab", room == Room::Learn);
        set_hidden("learn-room", room != Room::Learn);
        if room == Room::Learn {
            return;
        }
        let recorded_name = self.replayed_name.clone();
        self.journal
            .draw(&self.words, &recorded_name, self.replayed.as_ref());
        for (id, shown) in [
            ("simulate-setup", room == Room::Simulate),
            ("replay-setup", room == Room::Replay),
        ] {
            set_hidden(id, !shown);
        }
        for (place, view) in VIEWS.iter().enumerate() {
            set_hidden(&format!("view-{view}"), !self.open[place]);
        }
        let words = &self.words;
        let bench = match room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        };
        let any = bench.is_some();
        for id in ["strip", "side", "grid"] {
            set_hidden(id, !any);
        }
        let untouched =
            room == Room::Simulate && bench.as_ref().is_some_and(|bench| bench.cursor.index == 0);
        set_hidden("empty", any && !untouched);
        let empty = if untouched {
            key::EMPTY_SIMULATE
        } else {
            key::EMPTY_REPLAY
        };
        by_id("empty").set_text_content(Some(words.get(empty)));
        self.ladders[0].show(any);
        let Some(bench) = bench else {
            self.ladders[1].show(false);
            return;
        };
        self.ladders[1].show(bench.beside.is_some());
        if self.resized {
            self.resized = false;
            self.timeline.measure();
            self.ladders[0].measure();
            let height = self.ladders[0].height();
            bench.keep_now_in_sight(height);
        }
        // Cheap where nothing has changed, and a view just opened has its size only now.
        for ladder in &mut self.ladders {
            ladder.measure();
        }
        let usual = bench
            .derived
            .figures
            .at(&bench.derived.run, bench.cursor)
            .rtt
            .map_or(0, |rtt| rtt.median_ns);
        let usual = if usual == 0 {
            // Heartbeats have none.
            match bench.run().header().timeout_ns {
                0 => 100_000_000,
                timeout => timeout,
            }
        } else {
            usual
        };
        words.tell_apart(usual);
        if self.open[0] {
            draw_ladders(words, &mut self.ladders, bench);
        }
        if self.open[1] {
            self.events.draw(words, bench);
        }
        if self.open[2] {
            self.figures.measure();
            self.figures.draw(words, bench);
        }
        self.probe.draw(words, bench);
        self.lists.draw(words, bench);
        self.timeline.draw(words, bench);
        self.headline.draw(words, bench);
        draw_menu(words, &mut self.menu, bench);
    }

    /// Everything in the user's language.
    pub(crate) fn translate(&mut self) {
        let words = &self.words;
        let document = document();
        if let Some(root) = document.document_element() {
            // The root takes any attribute.
            let _ = root.set_attribute("lang", words.language().tag());
            translate_below(words, &root);
        }
        for template in document
            .document_element()
            .iter()
            .flat_map(|root| all(root, "template"))
        {
            let template: web_sys::HtmlTemplateElement =
                wasm_bindgen::JsCast::unchecked_into(template);
            if let Some(content) = template.content().first_element_child() {
                translate_below(words, &content);
                translate_one(words, &content);
            }
        }
        document.set_title(words.get(key::TITLE));
        typed::<HtmlSelectElement>("language").set_value(words.language().tag());
        typed::<HtmlSelectElement>("theme").set_value(self.prefs.theme.name());
        typed::<HtmlInputElement>("single-keys").set_checked(self.prefs.single_keys);
        for (mark, item) in &mut self.legend {
            item.text(words.get(marks::name(*mark)));
        }
        self.learn.translate();
        self.form.translate(words);
        Events::choices(words);
        put_breakpoints(words);
        self.put_speeds();
        self.lists.clear();
        self.events.clear();
        self.journal.clear();
        self.pressed();
        self.invalidate();
    }

    /// The marks of the buttons that stand for a choice.
    pub(crate) fn pressed(&mut self) {
        for button in all(&by_id("top"), "nav button") {
            let chosen = button.get_attribute("data-value").as_deref() == Some(self.room.name());
            let _ = if chosen {
                button.set_attribute("aria-current", "page")
            } else {
                button.remove_attribute("aria-current")
            };
        }
        for (place, button) in all(&by_id("stage"), "[data-act=view]").iter().enumerate() {
            let _ = button.set_attribute(
                "aria-pressed",
                if self.open.get(place) == Some(&true) {
                    "true"
                } else {
                    "false"
                },
            );
        }
        // A recorded session has its file already.
        set_hidden("export", self.room != Room::Simulate);
        // A lesson's address is its link.
        set_hidden("share", self.room == Room::Learn);
    }

    pub(crate) fn colours(&self) {
        if let Some(root) = document().document_element() {
            // The root takes any attribute.
            let _ = root.set_attribute("data-theme", self.prefs.theme.resolved());
        }
    }

    fn put_speeds(&mut self) {
        let select: HtmlSelectElement = typed("speed");
        let place = select.selected_index();
        select.set_inner_html("");
        for (number, (up, down)) in Speed::ALL.iter().enumerate() {
            let option = stamp("t-option");
            let speed = if *down == 1 {
                up.to_string()
            } else {
                format!("{up}/{down}")
            };
            option.set_text_content(Some(
                &self
                    .words
                    .say(key::SPEED_TIMES, &[("speed", Value::Text(&speed))]),
            ));
            // A fresh element takes any attribute.
            let _ = option.set_attribute("value", &number.to_string());
            let _ = select.append_child(&option);
        }
        let normal = i32::try_from(Speed::NORMAL.place()).unwrap_or_default();
        select.set_selected_index(if place < 0 { normal } else { place });
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
        let bench = match self.room {
            Room::Simulate => Some(&mut self.simulated),
            Room::Replay => self.replayed.as_mut(),
            Room::Learn => None,
        };
        let Some(bench) = bench else { return };
        bench.go(cursor);
        let said = aloud.then(|| said_at(words, bench.run(), cursor));
        let height = self.ladders[0].height();
        bench.keep_now_in_sight(height);
        self.menu = None;
        self.invalidate();
        if let Some(said) = said {
            self.announce(&said);
        }
    }

    /// Starts a simulated run over: another takes its place.
    pub(crate) fn put_simulated(&mut self, history: History) {
        let part = super::words::seconds(self.simulated.cursor.at_ns)
            / super::words::seconds(self.simulated.run().end_ns().max(1));
        let mut player = Player::default();
        player.speed = self.simulated.player.speed;
        player
            .breakpoints
            .clone_from(&self.simulated.player.breakpoints);
        let edition = self.simulated.edition + 1;
        self.simulated = Bench {
            player,
            edition,
            ..Bench::new(history)
        };
        let at = super::bench::scale(self.simulated.run().end_ns(), part.min(1.0));
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
        if let Some(bench) = self.bench() {
            bench.player.pause();
        }
        self.learn.leave();
        self.room = room;
        self.menu = None;
        self.resized = true;
        self.pressed();
        let height = self.ladders[0].height();
        if let Some(bench) = self.bench() {
            bench.keep_now_in_sight(height);
        }
        self.fetch_lessons();
        self.invalidate();
    }

    /// Puts a run into the Replay room.
    pub(crate) fn put_run(&mut self, name: &str, run: Run) {
        let edition = self.replayed.as_ref().map_or(0, |bench| bench.edition + 1);
        let mut bench = Bench {
            edition,
            ..Bench::new(History::of_all(run))
        };
        let end = bench.run().seek(bench.run().end_ns());
        // A long session opens at its start, where probes can be told apart.
        let start = bench.run().step(bench.run().seek(0), 24);
        bench.go(if end.index < 200 { end } else { start });
        JournalPanel::put_timeout(&self.words, &bench, bench.run().header().timeout_ns);
        let probes = bench.run().probes() as u64;
        self.replayed = Some(bench);
        name.clone_into(&mut self.replayed_name);
        self.journal.clear();
        self.journal.complain(None);
        self.enter(Room::Replay);
        let said = [
            ("probes", Value::Count(probes)),
            ("name", Value::Text(name)),
        ];
        let said = self.words.say(key::LOADED, &said);
        self.announce(&said);
    }

    /// Something long begins: a reading or a simulation, whose title this is.
    pub(crate) fn begin_loading(&mut self, title: Key) -> u32 {
        self.turn += 1;
        let bar = by_id("loading-bar");
        // An element of the page takes any attribute.
        let _ = bar.remove_attribute("value");
        by_id("loading-title").set_text_content(Some(self.words.get(title)));
        by_id("loading-text").set_text_content(None);
        self.turn
    }

    /// Shows how far the reading is; false if it is not wanted any more.
    pub(crate) fn loading_progress(
        &mut self,
        turn: u32,
        progress: Progress,
        size: Option<u64>,
    ) -> bool {
        let megabytes = self
            .words
            .decimal(super::words::seconds(progress.bytes) * 1e3, 1, 1);
        let text = [
            ("megabytes", Value::Text(&megabytes)),
            ("probes", Value::Count(progress.probes)),
        ];
        let text = self.words.say(key::LOADING_PROGRESS, &text);
        let part = size
            .filter(|size| *size > 0)
            .map(|size| (progress.bytes, size));
        self.show_progress(turn, part, &text)
    }

    /// Shows how far it is, of how much; false if it is not wanted any more.
    pub(crate) fn show_progress(
        &mut self,
        turn: u32,
        part: Option<(u64, u64)>,
        text: &str,
    ) -> bool {
        if turn != self.turn {
            return false;
        }
        let dialog: HtmlDialogElement = typed("loading");
        if !dialog.open() {
            // Only a dialog that is open already, or not in the page, refuses.
            let _ = dialog.show_modal();
        }
        if let Some((done, all)) = part {
            let part = super::words::seconds(done) / super::words::seconds(all);
            let value = super::dom::tenths(part.min(1.0) * 1000.0);
            // An element of the page takes any attribute.
            let _ = by_id("loading-bar").set_attribute("value", &value);
        }
        by_id("loading-text").set_text_content(Some(text));
        true
    }

    pub(crate) fn end_loading(
        &mut self,
        turn: u32,
        name: &str,
        result: Result<(Run, Helper), Failure>,
    ) {
        if turn == self.turn {
            let dialog: HtmlDialogElement = typed("loading");
            dialog.close();
        }
        match result {
            Ok((run, helper)) if turn == self.turn => {
                let long = run.probes() >= ask::LONG;
                self.put_run(name, run);
                if let Some(bench) = self.replayed.as_mut().filter(|_| long) {
                    bench.asker = Some(Asker::new(helper));
                }
            }
            Ok(_) | Err(Failure::Cancelled) => {}
            Err(failure) => {
                self.enter(Room::Replay);
                let text = open::explain(&self.words, name, &failure);
                self.journal.complain(Some(&text));
            }
        }
    }

    pub(crate) fn cancel_loading(&mut self) {
        self.turn += 1;
        typed::<HtmlDialogElement>("loading").close();
        self.tell(key::CANCELLED);
    }

    /// Follows what stands after the `#`.
    pub(crate) fn follow_link(&mut self) {
        let hash = web_sys::window()
            .and_then(|window| window.location().hash().ok())
            .unwrap_or_default();
        if Place::is_linked(&hash) && !self.learn.is_ready() {
            // Followed when the lessons are there.
            return self.enter(Room::Learn);
        }
        match self.learn.follow(&hash) {
            Some(Ok(())) => return self.enter(Room::Learn),
            Some(Err(place)) => {
                let place = [("place", Value::Text(&place))];
                let text = self.words.say(key::LESSONS_NOWHERE, &place);
                self.enter(Room::Learn);
                return self.notice(&text);
            }
            None => {}
        }
        match Fragment::parse(&hash) {
            Ok(Fragment::None) => {}
            Ok(Fragment::Log(address)) => open::address(&address),
            Ok(Fragment::Shared(shared)) => self.restore(shared),
            Err(error) => {
                let text = share::explain(&self.words, &error);
                self.notice(&text);
            }
        }
    }

    /// Has the page's address say whether it shows the lessons.
    pub(crate) fn mark_room(&mut self) {
        let Some(location) = web_sys::window().map(|window| window.location()) else {
            return;
        };
        let marked = location.hash().is_ok_and(|hash| hash.starts_with("#learn"));
        // An address that cannot be changed only opens another room the next time.
        let _ = match (self.room == Room::Learn, marked) {
            (true, false) => location.set_hash("learn"),
            (false, true) => location.set_hash(""),
            _ => Ok(()),
        };
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

    fn restore(&mut self, shared: Box<Shared>) {
        self.form.write(&self.words, &shared.setup);
        let setup = shared.setup.clone();
        self.simulate(&setup, Purpose::Restore(shared));
    }

    /// Shows the run as the link that it came by says.
    pub(crate) fn show_shared(&mut self, shared: &Shared) {
        self.enter(Room::Simulate);
        let view = shared
            .view
            .iter()
            .find(|(name, _)| name == "v")
            .map(|(_, views)| views.clone());
        if let Some(view) = view {
            let open = VIEWS.map(|name| view.split('.').any(|open| open == name));
            if open.contains(&true) {
                self.open = open;
                self.pressed();
            }
        }
        let bench = &mut self.simulated;
        let mut cursor = bench.run().seek(shared.at_ns);
        if let Some(index) = shared.index.and_then(|index| usize::try_from(index).ok()) {
            let back = isize::try_from(cursor.index.saturating_sub(index)).unwrap_or_default();
            cursor = Cursor {
                at_ns: cursor.at_ns,
                ..bench.run().step(cursor, -back)
            };
        }
        bench.chosen = shared.probe.and_then(|seq| bench.run().find(seq));
        self.go(cursor, false);
    }

    /// The views that are open, as a link carries them.
    pub(crate) fn open_views(&self) -> String {
        let open: Vec<&str> = VIEWS
            .iter()
            .zip(self.open)
            .filter(|(_, open)| *open)
            .map(|(name, _)| *name)
            .collect();
        open.join(".")
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

fn draw_ladders(words: &Words, ladders: &mut [Ladder; 2], bench: &mut Bench) {
    let [left, right] = ladders;
    let height = left.height();
    if bench.player.playing() {
        bench.keep_now_in_sight(height);
    } else {
        bench.clamp_top(height);
    }
    let measured = bench
        .measure_from
        .zip(bench.selected)
        .filter(|(from, until)| from != until);
    let at = |event: usize| bench.run().event(event).map(|event| event.at_ns);
    let measured = measured.and_then(|(from, until)| at(from).zip(at(until)));
    let otherwise = |place: usize, seq: u64| bench.otherwise(place, seq);
    let chosen = bench.shown_probe();
    let overlay = Overlay {
        otherwise: &otherwise,
        measured,
        chosen,
    };
    left.draw(
        words,
        bench.run(),
        bench.cursor,
        &bench.derived.scale,
        bench.top,
        &overlay,
    );
    let branches = bench.history.branches();
    let name = |branch: usize| {
        branches
            .get(branch)
            .map(|branch| branch_name(words, branch))
    };
    if let Some(beside) = &bench.beside {
        // Both show the same moment at the same height.
        let now = bench.derived.scale.y(bench.cursor.at_ns) - bench.top;
        let top = beside.scale.y(bench.cursor.at_ns) - now;
        let cursor = beside.run.seek(bench.cursor.at_ns);
        let differs = |_: usize, seq: u64| {
            beside
                .comparison
                .changes
                .binary_search_by_key(&seq, |change| change.seq)
                .ok()
                .map(|_| None)
        };
        let overlay = Overlay {
            otherwise: &differs,
            measured: None,
            chosen,
        };
        right.draw(words, &beside.run, cursor, &beside.scale, top, &overlay);
        right.caption(name(beside.branch).as_deref());
        right.name(&name(beside.branch).unwrap_or_default());
        left.caption(name(bench.history.active()).as_deref());
    } else {
        left.caption(None);
    }
    left.name(&ladder::name(words, bench));
}

fn draw_menu(words: &Words, menu: &mut Option<(usize, f64, f64)>, bench: &Bench) {
    let flight = menu.and_then(|(flight, ..)| {
        bench
            .run()
            .in_flight(bench.cursor)
            .into_iter()
            .find(|other| other.index == flight)
    });
    set_hidden("menu", flight.is_none());
    let (Some(flight), Some((_, x, y))) = (flight, *menu) else {
        *menu = None;
        return;
    };
    by_id("menu-name").set_text_content(Some(&describe::flight(words, &flight)));
    let element = Leaf::of("menu");
    for button in all(element.element(), "[data-act=act]") {
        // A button takes any attribute.
        let _ = button.set_attribute("data-flight", &flight.index.to_string());
    }
    let room =
        f64::from(by_id("view-sequence").client_width()) - f64::from(element.html().offset_width());
    let style = element.html().style();
    // The CSSOM refuses only what is no length.
    let _ = style.set_property(
        "left",
        &format!("{}px", (x + 16.0).min(room - 8.0).max(8.0)),
    );
    let _ = style.set_property("top", &super::dom::pixels((y - 18.0).max(8.0)));
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

fn translate_below(words: &Words, root: &web_sys::Element) {
    for element in all(root, "[data-l10n-id]") {
        translate_one(words, &element);
    }
}

fn translate_one(words: &Words, element: &web_sys::Element) {
    let Some(id) = element.get_attribute("data-l10n-id") else {
        return;
    };
    if let Some(text) = words.find(&id) {
        element.set_text_content(Some(text));
    }
    for attribute in ["aria-label", "title", "placeholder"] {
        let text = words.find(&format!("{id}.{attribute}"));
        // A message with variables is filled in where it is shown.
        if let Some(text) = text.filter(|text| !text.contains(mark::START)) {
            let _ = element.set_attribute(attribute, text);
        }
    }
}

fn legends() -> Vec<(Mark, Leaf)> {
    let mut items = Vec::new();
    for (list, marks) in [
        ("legend", &marks::LEGEND[..]),
        ("help-legend", &marks::ALL[..]),
    ] {
        for mark in marks {
            let item = stamp("t-mark");
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

/// Where a run can be run to: value and name.
fn put_breakpoints(words: &Words) {
    let select: HtmlSelectElement = typed("until");
    let before = select.selected_index();
    select.set_inner_html("");
    for (value, name) in [
        ("loss", key::UNTIL_LOSS),
        ("replied", key::UNTIL_REPLIED),
        ("late", key::UNTIL_LATE),
        ("duplicate", key::UNTIL_DUPLICATE),
        ("ignored", key::UNTIL_IGNORED),
        ("timer", key::UNTIL_TIMER),
        ("seq", key::UNTIL_SEQ_VALUE),
    ] {
        let option = stamp("t-option");
        option.set_text_content(Some(words.get(name)));
        // A fresh element takes any attribute.
        let _ = option.set_attribute("value", value);
        let _ = select.append_child(&option);
    }
    select.set_selected_index(before.max(0));
}
