//! Moving in time: playing, steps, the scrubber and the plot, and where playing stops.
//!
//! Owns which control leads to which moment. What happens there is not known here.

use web_sys::{HtmlInputElement, HtmlSelectElement};

use super::super::app::App;
use super::super::bench::scale;
use super::super::dom::{by_id, typed};
use super::super::timeline::Timeline;
use super::super::words::{Value, key};
use udping_engine::log::Mark;
use udping_engine::player::{Breakpoint, Speed, run_to};

impl App {
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

    pub(super) fn pause(&mut self) {
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
}
