//! What the page's controls do: every `data-act` of `index.html`.

use web_sys::{
    Element, HtmlDialogElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
};

use super::app::{App, Room, VIEWS};
use super::ask::Asker;
use super::bench::scale;
use super::dom::{by_id, typed};
use super::events::Events;
use super::journal::JournalPanel;
use super::long::Purpose;
use super::packets::{self, branch_name};
use super::prefs::Theme;
use super::timeline::Timeline;
use super::words::{Language, Value, key};
use super::{open, refusal, share};
use udping_core::sim::Action;

use crate::engine::cursor::Cursor;
use crate::engine::history::{ActError, History};
use crate::engine::loader::Loader;
use crate::engine::log::Mark;
use crate::engine::player::{Breakpoint, Speed, run_to};
use crate::engine::scene::Target;
use crate::engine::setup::Setup;
use crate::engine::what_if::WhatIf;
use crate::worker::Trouble;

impl App {
    /// A click on a control.
    pub(crate) fn clicked(&mut self, act: &str, element: &Element) {
        let value = element.get_attribute("data-value").unwrap_or_default();
        match act {
            "room" => {
                if let Some(room) = Room::of(&value) {
                    self.enter(room);
                    self.mark_room();
                }
            }
            "view" => self.toggle_view(&value),
            "play" => self.play(),
            "first" => self.go_to_end(false),
            "last" => self.go_to_end(true),
            "back" => self.step(-1),
            "forward" => self.step(1),
            "run" => self.run(),
            "until-stop" => {
                let stop = element.get_attribute("aria-pressed").as_deref() != Some("true");
                // A button takes any attribute.
                let _ = element.set_attribute("aria-pressed", if stop { "true" } else { "false" });
                self.put_breakpoint();
            }
            "zoom" => self.zoom(&value),
            "preset" => {
                if let Some(setup) = self.form.preset(&value) {
                    self.form.write(&self.words, &setup);
                    self.simulate(&setup, Purpose::Show);
                }
            }
            "new-seed" => {
                let setup = self.form.with_new_seed();
                self.form.write(&self.words, &setup);
                self.simulate(&setup, Purpose::Show);
            }
            "act" => {
                let flight = element
                    .get_attribute("data-flight")
                    .and_then(|flight| flight.parse().ok());
                self.act_on(&value, flight);
            }
            "menu-close" => self.close_menu(),
            "branch" => self.branch(&value),
            "compare" => self.compare(&value),
            "probe-previous" => self.move_probe(false),
            "probe-next" => self.move_probe(true),
            "probe-follow" => self.change(|bench| bench.chosen = None),
            "measure" => self.measure(),
            "measure-off" => self.change(|bench| bench.measure_from = None),
            "what-if-off" => self.what_if(None),
            "replay-simulated" => self.replay_simulated(),
            "open-simulated" => self.open_simulated(),
            "cancel-loading" => self.cancel_loading(),
            "share" => self.share(),
            "copy" => share::copy(),
            "export" => self.export(),
            "help" => show(&typed("help")),
            "close" => {
                if let Ok(Some(dialog)) = element.closest("dialog") {
                    wasm_bindgen::JsCast::unchecked_ref::<HtmlDialogElement>(&dialog).close();
                }
            }
            _ => {}
        }
        self.invalidate();
    }

    /// A choice or a text was changed.
    pub(crate) fn changed(&mut self, act: &str, element: &Element) {
        let chosen = wasm_bindgen::JsCast::dyn_ref::<HtmlSelectElement>(element)
            .map(HtmlSelectElement::value);
        let checked = wasm_bindgen::JsCast::dyn_ref::<HtmlInputElement>(element)
            .is_some_and(HtmlInputElement::checked);
        match act {
            "language" => {
                if let Some(language) = chosen.and_then(|tag| Language::of(&tag)) {
                    self.speak(language);
                }
            }
            "theme" => {
                self.prefs.theme = Theme::of(&chosen.unwrap_or_default());
                self.prefs.save();
                self.colours();
            }
            "single-keys" => {
                self.prefs.single_keys = checked;
                self.prefs.save();
            }
            "speed" => {
                let place = chosen
                    .and_then(|place| place.parse().ok())
                    .unwrap_or_else(|| Speed::NORMAL.place());
                self.change(|bench| bench.player.speed = Speed::nth(place));
            }
            "until" => {
                let seq = typed::<HtmlSelectElement>("until").value() == "seq";
                by_id("until-seq-box")
                    .toggle_attribute_with_force("hidden", !seq)
                    .unwrap_or_default();
                self.put_breakpoint();
            }
            "filter" | "filter-text" => self.filter(),
            "what-if-ms" => {
                let ms = self.words.read(
                    &wasm_bindgen::JsCast::unchecked_ref::<HtmlInputElement>(element).value(),
                );
                if let Some(ms) = ms.filter(|ms| *ms > 0.0) {
                    self.what_if(Some(scale(1, ms * 1e6)));
                }
            }
            _ => {}
        }
        self.invalidate();
    }

    /// A field or a slider of the form was moved.
    pub(crate) fn form_changed(&mut self, slider: Option<&str>) {
        if let Some(slider) = slider {
            self.form.slide(&self.words, slider);
        }
        if let Some(setup) = self.form.read(&self.words) {
            self.simulate(&setup, Purpose::Show);
        }
        self.invalidate();
    }

    fn change(&mut self, change: impl FnOnce(&mut super::bench::Bench)) {
        if let Some(bench) = self.bench() {
            change(bench);
        }
        self.invalidate();
    }

    pub(crate) fn toggle_view(&mut self, view: &str) {
        let Some(place) = VIEWS.iter().position(|name| *name == view) else {
            return;
        };
        // Side by side where there is room for it, one at a time elsewhere.
        let room = 1
            + usize::from(super::prefs::media("(min-width: 1300px)"))
            + usize::from(super::prefs::media("(min-width: 1800px)"));
        let open = |views: &[bool; 3]| views.iter().filter(|open| **open).count();
        if self.open[place] {
            // The last one stays.
            self.open[place] = open(&self.open) == 1;
        } else {
            self.open[place] = true;
            for other in [2, 1, 0] {
                if other != place && open(&self.open) > room {
                    self.open[other] = false;
                }
            }
        }
        self.resized();
        self.pressed();
    }

    pub(crate) fn play(&mut self) {
        let Some(bench) = self.bench() else { return };
        let paused = bench.player.playing();
        if paused {
            bench.player.pause();
        } else {
            if bench.cursor.index >= bench.run().events() {
                let start = bench.run().seek(0);
                bench.go(start);
                bench.top = f64::NEG_INFINITY;
            }
            bench.player.play();
        }
        let at = Value::Time(bench.cursor.at_ns);
        if paused {
            let said = self.words.say(key::PAUSED_AT, &[("at", at)]);
            self.announce(&said);
        }
        self.invalidate();
    }

    fn pause(&mut self) {
        self.change(|bench| bench.player.pause());
    }

    pub(crate) fn step(&mut self, events: isize) {
        self.pause();
        let Some(bench) = self.bench() else { return };
        let cursor = bench.run().step(bench.cursor, events);
        self.go(cursor, true);
    }

    pub(crate) fn go_to_end(&mut self, last: bool) {
        self.pause();
        let Some(bench) = self.bench() else { return };
        let run = bench.run();
        let start = run.step(run.seek(0), isize::MIN);
        let cursor = if last { run.seek(run.end_ns()) } else { start };
        self.go(cursor, true);
    }

    /// The scrubber was moved.
    pub(crate) fn scrub(&mut self) {
        let Some(bench) = self.bench() else { return };
        let cursor = bench.run().seek(Timeline::scrubbed(bench));
        bench.player.pause();
        self.go(cursor, false);
    }

    /// Goes to the time under a point of the plot.
    pub(crate) fn seek_plot(&mut self, x: f64) {
        let Some(bench) = self.bench() else { return };
        bench.player.pause();
        let Some(at_ns) = self.at_plot(x) else { return };
        if let Some(bench) = self.bench() {
            let cursor = bench.run().seek(at_ns);
            self.go(cursor, false);
        }
    }

    /// Chooses the probe of the sample nearest to a point of the plot.
    pub(crate) fn choose_in_plot(&mut self, x: f64) {
        let Some((timeline, bench)) = self.timeline_and_bench() else {
            return;
        };
        let event = timeline
            .nearest(bench, x)
            .and_then(|event| bench.run().event(event));
        if let Some(probe) = event.and_then(|event| event.probe) {
            bench.chosen = Some(probe);
        }
        self.invalidate();
    }

    fn at_plot(&mut self, x: f64) -> Option<u64> {
        let (timeline, bench) = self.timeline_and_bench()?;
        Some(timeline.at_ns(bench, x))
    }

    fn breakpoint(&self) -> Option<Breakpoint> {
        let kind = typed::<HtmlSelectElement>("until").value();
        Some(match kind.as_str() {
            "loss" => Breakpoint::Loss,
            "replied" => Breakpoint::State(Mark::Replied),
            "late" => Breakpoint::State(Mark::Late),
            "duplicate" => Breakpoint::State(Mark::Duplicate),
            "ignored" => Breakpoint::State(Mark::Ignored),
            "timer" => Breakpoint::Timer,
            "seq" => {
                let seq = self
                    .words
                    .read(&typed::<HtmlInputElement>("until-seq").value())?;
                Breakpoint::Seq(scale(1, seq))
            }
            _ => return None,
        })
    }

    /// Has playing stop there, or not.
    pub(crate) fn put_breakpoint(&mut self) {
        let stop = by_id("until-stop").get_attribute("aria-pressed").as_deref() == Some("true");
        let breakpoints: Vec<Breakpoint> = self.breakpoint().filter(|_| stop).into_iter().collect();
        self.change(|bench| bench.player.breakpoints = breakpoints);
    }

    /// Runs to the chosen breakpoint.
    pub(crate) fn run(&mut self) {
        self.pause();
        let Some(breakpoint) = self.breakpoint() else {
            return;
        };
        let Some(bench) = self.bench() else { return };
        match run_to(bench.run(), bench.cursor, breakpoint) {
            Some(cursor) => {
                self.go(cursor, true);
                // What was looked for is what is looked at.
                self.change(|bench| {
                    let event = bench.selected.and_then(|event| bench.run().event(event));
                    bench.chosen = event.and_then(|event| event.probe).or(bench.chosen);
                });
            }
            None => self.tell(key::RUN_NONE),
        }
    }

    pub(crate) fn speed(&mut self, faster: bool) {
        let Some(bench) = self.bench() else { return };
        let place = bench.player.speed.place();
        let speed = Speed::nth(if faster {
            place + 1
        } else {
            place.saturating_sub(1)
        });
        bench.player.speed = speed;
        let place = speed.place().to_string();
        let select: HtmlSelectElement = typed("speed");
        select.set_value(&place);
        let said = select
            .selected_options()
            .item(0)
            .and_then(|option| option.text_content());
        self.announce(&said.unwrap_or_default());
    }

    pub(crate) fn zoom(&mut self, how: &str) {
        let height = self.ladders[0].height();
        self.change(|bench| match how {
            "plot-in" => bench.zoom_plot(Some(2.0)),
            "plot-out" => bench.zoom_plot(Some(0.5)),
            "plot-all" => bench.zoom_plot(None),
            "diagram-in" => bench.zoom_diagram(1.5, height / 2.0),
            "diagram-out" => bench.zoom_diagram(1.0 / 1.5, height / 2.0),
            _ => {
                let back = 1.0 / bench.zoom;
                bench.zoom_diagram(back, height / 2.0);
                bench.keep_now_in_sight(height);
            }
        });
    }

    /// Acts on a packet in flight: the named one, or the next to arrive.
    pub(crate) fn act_on(&mut self, what: &str, flight: Option<usize>) {
        self.pause();
        let Some(bench) = self.bench() else { return };
        let timeout = bench.run().header().timeout_ns;
        let flight = flight.or_else(|| Some(bench.run().in_flight(bench.cursor).first()?.index));
        let (Some(flight), Some(action)) = (flight, packets::action(what, timeout)) else {
            self.tell(key::ACT_NOT_IN_FLIGHT);
            return;
        };
        let long = bench.run().probes() >= super::ask::LONG;
        let acted = if long {
            let fork = bench.history.prepare(bench.cursor, flight, action);
            fork.map(|fork| {
                let purpose = Purpose::Fork(Box::new(fork.clone()), action);
                self.simulate_beside(fork.header, purpose);
            })
        } else {
            let acted = bench.history.act(bench.cursor, flight, action);
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
        let Some(bench) = self.bench() else { return };
        bench.follow_history();
        // What is dropped is gone at once; what is delayed is still on its way.
        let dropped = action == Action::Drop;
        let cursor = if dropped {
            bench.run().seek(cursor.at_ns)
        } else {
            cursor
        };
        bench.go(cursor);
        let branch = bench
            .history
            .branches()
            .get(bench.history.active())
            .cloned();
        self.close_menu();
        if let Some(branch) = branch {
            let name = Value::Text(&branch_name(&self.words, &branch));
            let said = self.words.say(key::FORKED, &[("name", name)]);
            self.notice(&said);
        }
        super::input::later(0, |_| packets::keep_focus());
    }

    pub(crate) fn close_menu(&mut self) {
        self.menu = None;
        self.invalidate();
    }

    fn branch(&mut self, value: &str) {
        let Ok(number) = value.parse() else { return };
        let height = self.ladders[0].height();
        self.change(|bench| {
            let at = bench.cursor.at_ns;
            if bench.history.select(number) {
                bench.follow_history();
                let cursor = bench.run().seek(at);
                bench.go(cursor);
                bench.keep_now_in_sight(height);
            }
        });
    }

    fn compare(&mut self, value: &str) {
        let number: Option<usize> = value.parse().ok();
        self.change(|bench| {
            let open = bench.beside.as_ref().map(|beside| beside.branch);
            bench.lay_beside(number.filter(|_| number != open));
        });
        if !self.open[0] {
            self.toggle_view("sequence");
        }
        self.resized();
    }

    pub(crate) fn move_probe(&mut self, next: bool) {
        self.change(|bench| {
            let place = bench.shown_probe().unwrap_or_default();
            let place = if next {
                place + 1
            } else {
                place.saturating_sub(1)
            };
            bench.chosen = Some(place.min(bench.run().probes().saturating_sub(1)));
        });
    }

    /// Begins to measure from the chosen event, or from the last one.
    pub(crate) fn measure(&mut self) {
        self.change(|bench| {
            let last = bench.cursor.index.checked_sub(1);
            bench.measure_from = if bench.measure_from.is_some() {
                None
            } else {
                bench.selected.or(last)
            };
        });
    }

    /// Chooses what lies at a point of the diagram.
    pub(crate) fn choose_in_diagram(&mut self, target: Option<Target>, at: (f64, f64)) {
        self.menu = None;
        let Some(bench) = self.bench() else { return };
        let mut menu = None;
        match target {
            Some(Target::Probe(probe)) => bench.chosen = Some(probe),
            Some(Target::Flight(flight)) => {
                let found = bench.run().flight(flight, bench.cursor);
                if let Some(found) = found {
                    bench.chosen = Some(found.probe);
                    let flying = bench.run().in_flight(bench.cursor);
                    if flying.iter().any(|other| other.index == flight) {
                        menu = Some((flight, at.0, at.1));
                    }
                }
            }
            Some(Target::Event(event)) => {
                bench.selected = Some(event);
                let probe = bench.run().event(event).and_then(|event| event.probe);
                bench.chosen = probe.or(bench.chosen);
            }
            None => {}
        }
        self.menu = menu;
        self.invalidate();
    }

    /// Chooses an event of the table, and goes there.
    pub(crate) fn choose_event(&mut self, event: usize) {
        self.pause();
        let Some(bench) = self.bench() else { return };
        let cursor = bench.run().after(event);
        let probe = bench.run().event(event).and_then(|event| event.probe);
        bench.chosen = probe.or(bench.chosen);
        self.go(cursor, false);
    }

    /// Moves through the table by so many rows, or to one of its ends.
    pub(crate) fn move_row(&mut self, rows: isize) {
        let Some(bench) = self.bench() else { return };
        let all = bench.derived.rows.len();
        let Some(last) = all.checked_sub(1) else {
            return;
        };
        let place = bench
            .selected
            .and_then(|event| bench.derived.rows.row(event))
            .unwrap_or_default();
        let place = place.saturating_add_signed(rows).min(last);
        if let Some(event) = bench.derived.rows.event(place) {
            self.choose_event(event);
        }
    }

    pub(crate) fn filter(&mut self) {
        match Events::query(&self.words) {
            Ok(query) => {
                self.events.complain(None);
                self.change(|bench| bench.filter(query));
            }
            Err(wrong) => self.events.complain(Some(&wrong)),
        }
    }

    /// Asks what another timeout would have meant; `None` asks no more.
    pub(crate) fn what_if(&mut self, timeout_ns: Option<u64>) {
        let words = &self.words;
        let Some(bench) = &mut self.replayed else {
            return;
        };
        let recorded = bench.run().header().timeout_ns;
        JournalPanel::put_timeout(words, bench, timeout_ns.unwrap_or(recorded));
        match (timeout_ns, &mut bench.asker) {
            (Some(timeout), Some(asker)) => asker.ask(timeout),
            (Some(timeout), None) => {
                let answer = WhatIf::ask(bench.run(), timeout);
                let answer = answer.map_err(|error| Trouble::Other(refusal::replay(words, &error)));
                self.take_what_if(answer.map(Some));
            }
            (None, asker) => {
                asker.iter_mut().for_each(Asker::forget);
                self.take_what_if(Ok(None));
            }
        }
    }

    /// Shows what another timeout would have meant.
    pub(crate) fn take_what_if(&mut self, answer: Result<Option<WhatIf>, Trouble>) {
        let words = &self.words;
        let Some(bench) = &mut self.replayed else {
            return;
        };
        match answer {
            Ok(answer) => {
                bench.what_if = answer;
                bench.edition += 1;
                let changes = bench.what_if.as_ref().map(WhatIf::changes);
                if let Some(changes) = changes {
                    let said = words.say(
                        key::WHAT_IF_CHANGES,
                        &[("changes", Value::Count(changes as u64))],
                    );
                    self.announce(&said);
                }
            }
            Err(Trouble::Other(what)) => {
                let said = words.say(key::WHAT_IF_WRONG, &[("what", Value::Text(&what))]);
                self.notice(&said);
            }
            // Nobody waits any more.
            Err(Trouble::Cancelled | Trouble::Load(_)) => {}
        }
        self.invalidate();
    }

    /// The what-if slider was moved.
    pub(crate) fn slide_what_if(&mut self) {
        let timeout = self.replayed.as_ref().map(JournalPanel::slid_timeout);
        if let Some(timeout) = timeout {
            self.what_if(Some(timeout));
        }
    }

    /// Takes the simulated run's journal through the door that every journal comes in by.
    fn replay_simulated(&mut self) {
        let Some(text) = self.simulated_journal() else {
            return;
        };
        let mut loader = Loader::new();
        let read = loader.feed(text.as_bytes()).and_then(|()| loader.finish());
        let name = self.export_name();
        match read {
            Ok(run) => self.put_run(&name, run),
            Err(error) => {
                let text = open::explain(&self.words, &name, &open::Failure::Load(error));
                self.journal.complain(Some(&text));
            }
        }
    }

    /// Runs a journal's own scenario again, where packets can be acted on.
    fn open_simulated(&mut self) {
        let setup = self
            .replayed
            .as_ref()
            .and_then(|bench| Setup::of(bench.run().header()));
        if let Some(setup) = setup {
            self.form.write(&self.words, &setup);
            self.simulate(&setup, Purpose::Enter);
        }
    }

    fn share(&mut self) {
        let views = self.open_views();
        let link = self.bench().and_then(|bench| share::link(bench, &views));
        let note = if link.is_some() {
            key::SHARE_NOTE
        } else {
            key::SHARE_RECORDED
        };
        by_id("sharing-note").set_text_content(Some(self.words.get(note)));
        let area: HtmlTextAreaElement = typed("share-url");
        area.set_value(link.as_deref().unwrap_or_default());
        for id in ["share-url", "copy"] {
            by_id(id)
                .toggle_attribute_with_force("hidden", link.is_none())
                .unwrap_or_default();
        }
        show(&typed("sharing"));
    }

    fn export(&mut self) {
        let Some(text) = self.simulated_journal() else {
            return;
        };
        let name = self.export_name();
        let said = match share::download(&name, &text) {
            Ok(()) => self
                .words
                .say(key::EXPORTED, &[("name", Value::Text(&name))]),
            Err(error) => format!("{error:?}"),
        };
        self.notice(&said);
    }
}

/// Opens a dialog.
fn show(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        // Only a dialog that is not in the page refuses.
        let _ = dialog.show_modal();
    }
}
