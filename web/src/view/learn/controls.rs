//! What the controls of a lesson do: answering, playing, acting and turning dials.
//!
//! Owns what each comes to, and what is said of it. Whether an answer is right and a task
//! achieved is the engine's to say; how the stage looks is not known here.

use udping_journal::{Action, Intervention};
use web_sys::{HtmlInputElement, HtmlSelectElement};

use super::super::dom::typed;
use super::super::i18n::{Localization, Value, key};
use super::super::page::Page;
use super::super::{refusal, share};
use super::markup::{self, said};
use super::playback::Playback;
use super::{Learn, code, predict, say, screens};
use udping_engine::lesson::prediction::Prediction;
use udping_engine::lesson::progress::Progress;
use udping_engine::lesson::route::Screen;
use udping_engine::lesson::task::{Attempt, LearnerAction};

impl Learn {
    /// A single key; whether it stands for something here.
    pub(crate) fn key(&mut self, page: &mut Page, key: &str) -> bool {
        let act = match key {
            " " => "play",
            "ArrowLeft" => "back",
            "ArrowRight" => "on",
            "Home" => "to-start",
            "End" => "to-end",
            _ => return false,
        };
        self.answer(page, |learn, l10n| learn.clicked(l10n, act, ""));
        true
    }

    /// A control was used. What it came to, to be said.
    pub(super) fn clicked(
        &mut self,
        l10n: &Localization,
        act: &str,
        value: &str,
    ) -> Option<String> {
        match act {
            "answer" => self.guess(Some(Prediction::Answer(value.parse().ok()?))),
            "earlier" => self.nudge(-1),
            "later" => self.nudge(1),
            "check" => self.check(l10n),
            "skip" => self.skip(),
            "show" => self.show(),
            "again" => {
                let (lesson, index, _) = self.step()?;
                let lesson = lesson.clone();
                self.progress.walk(&lesson).again(index);
                self.keep();
                self.prepare();
                self.focus = Some("learn-title");
                None
            }
            "play" => self.play(),
            "back" => self.go(|playback| playback.step(-1)),
            "on" => self.go(|playback| playback.step(1)),
            "to-start" => self.go(|playback| playback.to(0)),
            "to-end" => self.go(|playback| playback.to(u64::MAX)),
            "intervene" => self.intervene(l10n, value),
            "packet" => self.choose_packet(value),
            "reset" => {
                self.attempt = Attempt::default();
                self.prepare();
                self.focus = Some("learn-title");
                None
            }
            "forget" => {
                self.progress = Progress::default();
                self.keep();
                self.stale = true;
                self.focus = Some("learn-title");
                Some(l10n.get(key::LEARN_FORGOTTEN).to_owned())
            }
            "save" => self.save(l10n),
            "copy-file" => code::copy(value),
            "save-file" => code::save(l10n, value),
            "new-secret" => self.new_secret(),
            "make" => self.make(l10n, chosen_lesson()?),
            "copy-links" => {
                share::copy_text(&self.class.links_text(), key::LEARN_CLASS_COPIED);
                None
            }
            "links-csv" => Some(save_csv(
                l10n,
                "udping-links.csv",
                &self.class.links_csv(l10n),
            )),
            "results-csv" => Some(save_csv(
                l10n,
                "udping-results.csv",
                &self.results_csv(l10n),
            )),
            "pack" => {
                self.pack(l10n, chosen_lesson()?);
                None
            }
            "copy-answer" => {
                self.copy_answer(l10n);
                None
            }
            "print" => {
                let printed = web_sys::window().map(|window| window.print());
                // A browser that cannot print says so itself.
                drop(printed);
                None
            }
            _ => None,
        }
    }

    /// A class secret that nobody has thought of.
    fn new_secret(&mut self) -> Option<String> {
        let mut bytes = [0; 10];
        let crypto = web_sys::window()?.crypto().ok()?;
        crypto.get_random_values_with_u8_array(&mut bytes).ok()?;
        let secret = bytes
            .iter()
            .fold(String::new(), |out, byte| out + &format!("{byte:02x}"));
        typed::<HtmlInputElement>("learn-secret").set_value(&secret);
        self.wrote_of_class("secret", secret);
        None
    }

    fn play(&mut self) -> Option<String> {
        self.go(|playback| {
            if playback.playing() {
                playback.pause();
            } else {
                if playback.at_ns >= playback.limit_ns {
                    playback.to(0);
                }
                playback.play();
            }
        })
    }

    /// Takes what was predicted for good, and lets it happen.
    fn check(&mut self, l10n: &Localization) -> Option<String> {
        let (lesson, index, step) = self.step()?;
        let (lesson, step) = (lesson.clone(), step.clone());
        let stage = &self.playback.as_ref()?.stage;
        let walk = self.progress.walk(&lesson);
        if !walk.predict(index, &step, self.guess?, stage) {
            return None;
        }
        let said = predict::aloud(
            l10n,
            &self.values,
            step.question.as_ref()?,
            walk.answer_at(index),
        );
        self.show();
        Some(said)
    }

    /// Lets a step happen although nothing was predicted.
    fn skip(&mut self) -> Option<String> {
        let (lesson, index, _) = self.step()?;
        let lesson = lesson.clone();
        self.progress.walk(&lesson).skip(index);
        self.show()
    }

    /// Lets a step happen, from where it starts.
    fn show(&mut self) -> Option<String> {
        let (lesson, index, step) = self.step()?;
        let (lesson, step) = (lesson.clone(), step.clone());
        if !self.progress.walk(&lesson).show(index, &step) {
            return None;
        }
        self.keep();
        let from = self.playback.as_ref().map_or(0, |playback| playback.at_ns);
        self.prepare();
        let played = self.go(|playback| {
            playback.go(from);
            playback.play();
            playback.reveals = true;
        });
        self.focus = Some("learn-after");
        played
    }

    /// Acts on a packet: `value` says which act of the task, and which packet.
    fn intervene(&mut self, l10n: &Localization, value: &str) -> Option<String> {
        let (act, packet) = value.split_once(' ')?;
        let (lane, flight) = packet.split_once(' ')?;
        let action = *self.actions().get(act.parse::<usize>().ok()?)?;
        let playback = self.playback.as_ref()?;
        let track = playback.stage.tracks.get(lane.parse::<usize>().ok()?)?;
        let flight = *track.flights.get(flight.parse::<usize>().ok()?)?;
        // A packet that sets out at this very moment is acted on right after it.
        let at_ns = playback.at_ns.max(flight.from_ns + 1);
        let text = say::acted(l10n, action, &say::flight(l10n, &flight), at_ns);
        self.attempt.add(LearnerAction::Intervene(Intervention {
            at_ns,
            direction: flight.direction,
            packet: flight.id,
            action,
        }));
        self.focus = Some("learn-play");
        self.replay(l10n, at_ns);
        if self.step().is_some() {
            self.play();
        }
        Some(self.judged(l10n).unwrap_or(text))
    }

    /// What can be done to a packet here: what the task allows, or in a step all of it.
    pub(super) fn actions(&self) -> Vec<Action> {
        if let Some((_, task)) = self.task() {
            return task.actions.clone();
        }
        let timeout_ns = self
            .playback
            .as_ref()
            .map_or(0, |playback| playback.stage.scene.setup.timeout_ns);
        vec![
            Action::Drop,
            // Longer than it is waited for.
            Action::Delay {
                by_ns: timeout_ns + timeout_ns / 10,
            },
            Action::Duplicate {
                after_ns: 10_000_000,
            },
        ]
    }

    /// A packet in the picture was chosen: what can be done to it takes the focus.
    pub(super) fn choose_packet(&mut self, packet: &str) -> Option<String> {
        self.go(Playback::pause);
        self.packet = Some(packet.to_owned());
        None
    }

    /// Plays the scene again, with what was done to it.
    fn replay(&mut self, l10n: &Localization, at_ns: u64) {
        let Some((lesson, screen)) = self.lesson() else {
            return;
        };
        let scene = match screen {
            Screen::Step(index) => lesson.steps.get(index).map(|step| step.scene),
            Screen::Task | Screen::End => Some(lesson.task.scene),
        };
        let Some(scene) = scene.and_then(|scene| lesson.scenes.get(scene)) else {
            return;
        };
        match self.attempt.play(scene) {
            Ok(stage) => {
                let end = stage.end_ns();
                self.playback = Some(Playback::new(stage, at_ns, end));
                self.refused = None;
            }
            Err(error) => {
                let what = refusal::world(l10n, &error);
                let what = [("what", Value::Text(&what))];
                self.refused = Some(l10n.say(key::LEARN_REFUSED, &what));
            }
        }
        self.moved = true;
    }

    /// A dial was moved.
    pub(super) fn dialled(
        &mut self,
        l10n: &Localization,
        dial: usize,
        value: i64,
    ) -> Option<String> {
        let dials = match (self.task(), self.step()) {
            (Some((_, task)), _) => &task.controls,
            (_, Some((_, _, step))) => &step.controls,
            _ => return None,
        };
        let control = dials.get(dial).filter(|dial| dial.has(value))?.control;
        self.attempt.add(LearnerAction::Set(control, value));
        self.replay(l10n, u64::MAX);
        self.judged(l10n)
    }

    /// The time was moved to the moment of that number.
    pub(super) fn scrubbed(&mut self, index: usize) {
        let _ = self.go(|playback| {
            playback.pause();
            playback.to(playback.layout.nth(index));
        });
    }

    /// Whether the task is achieved just now for the first time: what to say then.
    pub(super) fn judged(&mut self, l10n: &Localization) -> Option<String> {
        let (lesson, task) = self.task()?;
        let playback = self.playback.as_ref()?;
        let achieved = task.is_achieved(&playback.stage, playback.at_ns);
        if !achieved || self.progress.of(lesson).is_achieved() {
            return None;
        }
        let lesson = lesson.clone();
        let mut acts = self.attempt.clone();
        acts.add(LearnerAction::Look(playback.at_ns));
        self.progress.walk(&lesson).achieve(acts);
        self.keep();
        self.moved = true;
        screens::update_done(l10n, self);
        let (lesson, _) = self.task()?;
        let done = markup::plain(&said(l10n, &lesson.task.done, &self.values));
        Some(format!("{} {done}", l10n.get(key::LEARN_ACHIEVED)))
    }
}

/// The lesson that is chosen on the teacher's page.
fn chosen_lesson() -> Option<usize> {
    typed::<HtmlSelectElement>("learn-for").value().parse().ok()
}

fn save_csv(l10n: &Localization, name: &str, text: &str) -> String {
    let file = share::text_of(text, "text/csv");
    share::save(l10n, key::LEARN_EXERCISE_SAVED, name, file)
}
