//! Moving in time: playing, steps, the scrubber and the plot, and where playing stops.
//!
//! Owns which control leads to which moment. What happens there is not known here.

use std::time::Duration;

use web_sys::{HtmlInputElement, HtmlSelectElement};

use super::{ActiveRun, Timeline, scale};
use crate::view::describe;
use crate::view::dom::{by_id, fill_select, show, typed};
use crate::view::i18n::{Localization, Value, key};
use crate::view::prefs::calm;
use udping_engine::log::{Cursor, Symbol};
use udping_engine::player::{Breakpoint, Speed, Stopped, run_to};

/// Writes the choices of speeds: those around the one that suits the run, and the one chosen.
pub(super) fn speeds(l10n: &Localization, run_ns: u64, chosen: Speed) {
    let offered = Speed::suited_to(run_ns).around();
    let all = Speed::ALL.iter().enumerate();
    let offered = all.filter(|(index, _)| offered.contains(index) || *index == chosen.index());
    let speeds = offered.map(|(index, (up, down))| {
        let speed = match down {
            1 => up.to_string(),
            _ => format!("{up}/{down}"),
        };
        let name = l10n.say(key::SPEED_TIMES, &[("speed", Value::Text(&speed))]);
        (index.to_string(), name)
    });
    fill_select("speed", 0, speeds);
    typed::<HtmlSelectElement>("speed").set_value(&chosen.index().to_string());
}

/// Writes the choices of breakpoints.
pub(super) fn choices(l10n: &Localization) {
    let breakpoints = [
        ("loss", key::UNTIL_LOSS),
        ("replied", key::UNTIL_REPLIED),
        ("late", key::UNTIL_LATE),
        ("duplicate", key::UNTIL_DUPLICATE),
        ("ignored", key::UNTIL_IGNORED),
        ("timer", key::UNTIL_TIMER),
        ("seq", key::UNTIL_SEQ_VALUE),
    ];
    let named = breakpoints.map(|(value, name)| (value.to_owned(), l10n.get(name).to_owned()));
    fill_select("until", 0, named);
}

impl ActiveRun<'_> {
    pub(super) fn play(&mut self) {
        let view = &mut *self.view;
        if view.player.playing() {
            view.player.pause();
            let at = Value::Time(view.cursor.at_ns);
            let text = self.page.l10n.say(key::PAUSED_AT, &[("at", at)]);
            self.page.announce(&text);
            return;
        }
        if view.cursor.index >= view.run().events() {
            view.go(view.run().seek(0));
            view.top = f64::NEG_INFINITY;
        }
        view.player.play();
    }

    /// Lets time pass up to a frame, while playing.
    pub(in crate::view) fn play_on(&mut self, at_ms: f64) {
        let view = &mut *self.view;
        let last = view.last_frame.take();
        if !view.player.playing() {
            return;
        }
        let wall = Duration::from_secs_f64((at_ms - last.unwrap_or(at_ms)).max(0.0) / 1e3);
        let run = std::rc::Rc::clone(view.run());
        let before = view.cursor;
        let tick = view.player.tick(&run, before, wall);
        // With less motion, the picture changes from event to event, not in between.
        let still = calm() && tick.cursor.index == before.index && tick.stopped.is_none();
        if still {
            view.cursor.at_ns = tick.cursor.at_ns;
        } else {
            view.go(tick.cursor);
            self.page.invalidate();
        }
        match tick.stopped {
            None => view.last_frame = Some(at_ms),
            Some(Stopped::At(_)) => self.announce_cursor(),
            Some(Stopped::End) => {
                let at = [("at", Value::Time(tick.cursor.at_ns))];
                let text = self.page.l10n.say(key::REACHED_END, &at);
                self.page.announce(&text);
            }
        }
    }

    /// Moves to another place.
    pub(in crate::view) fn go(&mut self, cursor: Cursor) {
        self.view.go(cursor);
        self.keep_now_in_sight();
        self.lab.close_menu();
    }

    /// Moves to another place, and says what happened there.
    fn go_aloud(&mut self, cursor: Cursor) {
        self.go(cursor);
        self.announce_cursor();
    }

    /// Says what happened last.
    pub(super) fn announce_cursor(&mut self) {
        let (l10n, view) = (&self.page.l10n, &self.view);
        let text = match view.last_event() {
            Some(event) => describe::step(l10n, view.run(), &event),
            None => l10n.say(key::SCRUB_START, &[("at", Value::Time(view.cursor.at_ns))]),
        };
        self.page.announce(&text);
    }

    pub(super) fn step(&mut self, events: isize) {
        self.view.player.pause();
        let (run, cursor) = (self.view.run(), self.view.cursor);
        self.go_aloud(run.step_seen(cursor, events > 0));
    }

    pub(super) fn go_to_end(&mut self, last: bool) {
        self.view.player.pause();
        let run = self.view.run();
        self.go_aloud(if last {
            run.seek(run.end_ns())
        } else {
            run.step(run.seek(0), isize::MIN)
        });
    }

    /// Goes to the last moment of a run that is still measured, without a word.
    pub(in crate::view) fn go_to_newest(&mut self) {
        let run = self.view.run();
        self.go(run.seek(run.end_ns()));
    }

    /// The scrubber was moved.
    pub(super) fn scrub(&mut self) {
        self.view.player.pause();
        self.go(self.view.run().seek(Timeline::scrubbed(self.view)));
    }

    /// Goes to the time under a point of the plot.
    pub(in crate::view) fn seek_plot(&mut self, x: f64) {
        self.view.player.pause();
        let at_ns = self.lab.timeline.at_ns(self.view, x);
        self.go(self.view.run().seek(at_ns));
    }

    /// Moves the plot by so many pixels.
    pub(super) fn pan_plot_by(&mut self, pixels: f64) {
        let width = self.lab.timeline.inner_width();
        self.view.pan_plot(pixels / width);
    }

    /// Zooms the plot and keeps what is under a point of it; false if that changes nothing.
    pub(super) fn zoom_plot_at(&mut self, factor: f64, x: f64) -> bool {
        let share = self.lab.timeline.share(x);
        self.view.zoom_plot(Some(factor), Some(share))
    }

    fn breakpoint(&self) -> Option<Breakpoint> {
        let kind = typed::<HtmlSelectElement>("until").value();
        Some(match kind.as_str() {
            "loss" => Breakpoint::Loss,
            "replied" => Breakpoint::State(Symbol::Replied),
            "late" => Breakpoint::State(Symbol::Late),
            "duplicate" => Breakpoint::State(Symbol::Duplicate),
            "ignored" => Breakpoint::State(Symbol::Ignored),
            "timer" => Breakpoint::Timer,
            "seq" => {
                let seq = typed::<HtmlInputElement>("until-seq").value();
                Breakpoint::Seq(scale(1, self.page.l10n.read(&seq)?))
            }
            _ => return None,
        })
    }

    pub(super) fn choose_breakpoint(&mut self, kind: &str) {
        show("until-seq-box", kind == "seq");
        self.put_breakpoint();
    }

    /// Turns stopping at the breakpoint on or off.
    pub(super) fn toggle_breakpoint(&mut self) {
        let stop = !stops();
        // A button takes any attribute.
        let _ = by_id("until-stop").set_attribute("aria-pressed", &stop.to_string());
        self.put_breakpoint();
    }

    /// Has playing stop there, or not.
    pub(super) fn put_breakpoint(&mut self) {
        let breakpoint = self.breakpoint().filter(|_| stops());
        self.view.player.breakpoints = breakpoint.into_iter().collect();
    }

    /// Runs to the chosen breakpoint.
    pub(super) fn run(&mut self) {
        self.view.player.pause();
        let Some(breakpoint) = self.breakpoint() else {
            return;
        };
        match run_to(self.view.run(), self.view.cursor, breakpoint) {
            Some(cursor) => {
                self.go_aloud(cursor);
                // What was looked for is what is looked at.
                self.view.choose_probe_of(self.view.selected);
            }
            None => self.page.tell(key::RUN_NONE),
        }
    }

    pub(super) fn speed(&mut self, faster: bool) {
        let index = self.view.player.speed.index();
        let speed = Speed::nth(if faster {
            index + 1
        } else {
            index.saturating_sub(1)
        });
        self.view.player.speed = speed;
        speeds(&self.page.l10n, self.view.run().end_ns(), speed);
        let select: HtmlSelectElement = typed("speed");
        let chosen = select.selected_options().item(0);
        let text = chosen.and_then(|option| option.text_content());
        self.page.announce(&text.unwrap_or_default());
    }
}

/// Whether playing stops at the breakpoint.
fn stops() -> bool {
    by_id("until-stop").get_attribute("aria-pressed").as_deref() == Some("true")
}
