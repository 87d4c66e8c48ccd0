//! Moving in time: playing, steps, the scrubber and the plot, and where playing stops.
//!
//! Owns which control leads to which moment. What happens there is not known here.

use web_sys::{HtmlInputElement, HtmlSelectElement};

use super::super::app::App;
use super::super::dom::{by_id, typed};
use super::super::i18n::{Value, key};
use super::super::run_view::scale;
use super::super::timeline::Timeline;
use udping_engine::log::Mark;
use udping_engine::player::{Breakpoint, Speed, run_to};

impl App {
    pub(crate) fn play(&mut self) {
        let Some(view) = self.view() else { return };
        let paused = view.player.playing();
        if paused {
            view.player.pause();
        } else {
            if view.cursor.index >= view.run().events() {
                let start = view.run().seek(0);
                view.go(start);
                view.top = f64::NEG_INFINITY;
            }
            view.player.play();
        }
        let at = Value::Time(view.cursor.at_ns);
        if paused {
            let said = self.words.say(key::PAUSED_AT, &[("at", at)]);
            self.announce(&said);
        }
        self.invalidate();
    }

    pub(super) fn pause(&mut self) {
        self.change(|view| view.player.pause());
    }

    pub(crate) fn step(&mut self, events: isize) {
        self.pause();
        let Some(view) = self.view() else { return };
        let cursor = view.run().step(view.cursor, events);
        self.go(cursor, true);
    }

    pub(crate) fn go_to_end(&mut self, last: bool) {
        self.pause();
        let Some(view) = self.view() else { return };
        let run = view.run();
        let start = run.step(run.seek(0), isize::MIN);
        let cursor = if last { run.seek(run.end_ns()) } else { start };
        self.go(cursor, true);
    }

    /// The scrubber was moved.
    pub(crate) fn scrub(&mut self) {
        let Some(view) = self.view() else { return };
        let cursor = view.run().seek(Timeline::scrubbed(view));
        view.player.pause();
        self.go(cursor, false);
    }

    /// Goes to the time under a point of the plot.
    pub(crate) fn seek_plot(&mut self, x: f64) {
        let Some(view) = self.view() else { return };
        view.player.pause();
        let Some(at_ns) = self.at_plot(x) else { return };
        if let Some(view) = self.view() {
            let cursor = view.run().seek(at_ns);
            self.go(cursor, false);
        }
    }

    fn at_plot(&mut self, x: f64) -> Option<u64> {
        let (timeline, view) = self.timeline_and_view()?;
        Some(timeline.at_ns(view, x))
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
        self.change(|view| view.player.breakpoints = breakpoints);
    }

    /// Runs to the chosen breakpoint.
    pub(crate) fn run(&mut self) {
        self.pause();
        let Some(breakpoint) = self.breakpoint() else {
            return;
        };
        let Some(view) = self.view() else { return };
        match run_to(view.run(), view.cursor, breakpoint) {
            Some(cursor) => {
                self.go(cursor, true);
                // What was looked for is what is looked at.
                self.change(|view| {
                    let event = view.selected.and_then(|event| view.run().event(event));
                    view.chosen = event.and_then(|event| event.probe).or(view.chosen);
                });
            }
            None => self.tell(key::RUN_NONE),
        }
    }

    pub(crate) fn speed(&mut self, faster: bool) {
        let Some(view) = self.view() else { return };
        let place = view.player.speed.place();
        let speed = Speed::nth(if faster {
            place + 1
        } else {
            place.saturating_sub(1)
        });
        view.player.speed = speed;
        let place = speed.place().to_string();
        let select: HtmlSelectElement = typed("speed");
        select.set_value(&place);
        let said = select
            .selected_options()
            .item(0)
            .and_then(|option| option.text_content());
        self.announce(&said.unwrap_or_default());
    }
}
