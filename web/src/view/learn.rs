//! The Learn room: where somebody is in it, and what they have done there.
//!
//! Owns the room's state and how time passes in it. What a lesson is, whether an answer
//! is right and a task achieved, is [`udping_engine::lesson`]'s; the words are the
//! catalogue's. What its controls do and how it is drawn is in the files below.

mod code;
mod controls;
mod ends;
mod exercise;
mod glossary;
mod lanes;
mod listen;
mod markup;
mod messages;
mod panels;
mod picture;
mod plan;
mod playback;
mod predict;
mod say;
mod scorm;
mod screens;
mod submissions;
mod task;
mod teacher;

use super::dom::by_id;
use super::i18n::Localization;
use super::page::Page;
use super::prefs;
pub(crate) use listen::listen;
use playback::Playback;
use scorm::Lms;
pub(crate) use scorm::begin;
use submissions::ClassForm;
use udping_engine::lesson::plan::{self as plan_of, Answers, Plan};
use udping_engine::lesson::prediction::Prediction;
use udping_engine::lesson::progress::{Phase, Progress};
use udping_engine::lesson::route::{Route, Screen};
use udping_engine::lesson::scene::{Lane, Scene};
use udping_engine::lesson::task::{Attempt, Task};
use udping_engine::lesson::values::Values;
use udping_engine::lesson::{self, Lesson, Step};
use udping_engine::link::Fragment;
use udping_engine::state::State;

/// Where the browser keeps how far somebody has come.
const KEPT: &str = "udping-lab.learn";

/// The room.
#[derive(Debug)]
pub(crate) struct Learn {
    lessons: Vec<Lesson>,
    /// The assignment's questions, and what somebody has written on them.
    plans: Vec<Plan>,
    answers: Answers,
    route: Route,
    progress: Progress,
    /// What was kept could not be read.
    unreadable: bool,
    playback: Option<Playback>,
    /// What the prose of the place shown can name.
    values: Values,
    /// What was done in the task shown.
    attempt: Attempt,
    /// What is predicted so far.
    guess: Option<Prediction>,
    /// The packet that was chosen in the picture.
    packet: Option<String>,
    refused: Option<String>,
    /// The exercise that was opened last.
    exercise: Option<Route>,
    /// What was written down in it, in numbers and words, and by whom.
    written: Vec<String>,
    why: String,
    student: String,
    name: String,
    /// The teacher's class.
    class: ClassForm,
    /// The LMS, where the page is a package in one.
    lms: Option<Lms>,
    /// The screen is to be put together again.
    stale: bool,
    /// The stage is to be drawn again.
    moved: bool,
    /// What takes the focus when the screen is there.
    focus: Option<&'static str>,
}

impl Learn {
    pub(crate) fn new() -> Self {
        let (lms, kept) = match Lms::connect() {
            Some((lms, kept)) => (Some(lms), kept),
            None => (None, prefs::get(KEPT)),
        };
        let kept = kept.map(|text| Progress::parse(&text));
        Self {
            // The tests prove that all can be read.
            lessons: lesson::all().unwrap_or_default(),
            plans: plan_of::all().unwrap_or_default(),
            answers: plan::kept(),
            route: Route::List,
            unreadable: matches!(kept, Some(Err(_))),
            progress: kept.and_then(Result::ok).unwrap_or_default(),
            playback: None,
            values: Values::default(),
            attempt: Attempt::default(),
            guess: None,
            packet: None,
            refused: None,
            exercise: None,
            written: Vec::new(),
            why: String::new(),
            student: String::new(),
            name: String::new(),
            class: ClassForm::default(),
            lms,
            stale: true,
            moved: true,
            focus: None,
        }
    }

    /// Follows a link: whether it is one of this room's, and if it leads nowhere, where to.
    pub(crate) fn follow(&mut self, fragment: &str) -> Option<Result<(), String>> {
        let route = Route::parse(fragment, &self.lessons)?;
        Some(route.map(|route| {
            // Who comes back to where they were finds what they did there.
            if route != self.route {
                self.open(route);
            }
        }))
    }

    /// The lesson's title, if one is shown.
    pub(crate) fn title(&self, l10n: &Localization) -> Option<String> {
        let lesson = match self.route {
            Route::Lesson { lesson, .. } | Route::Exercise { lesson, .. } => lesson,
            Route::List | Route::Teacher | Route::Glossary | Route::Question(_) => return None,
        };
        let lesson = self.lessons.get(lesson)?;
        Some(markup::message(l10n, &lesson.title).to_owned())
    }

    /// The link that leads to the place shown, without its `#`.
    pub(crate) fn fragment(&self) -> String {
        self.route.fragment(&self.lessons)
    }

    fn open(&mut self, route: Route) {
        self.route = route;
        self.attempt = Attempt::default();
        // Who does the lesson's task meanwhile finds the exercise as they left it.
        if matches!(route, Route::Exercise { .. }) && self.exercise != Some(route) {
            self.exercise = Some(route);
            self.written.clear();
            self.why.clear();
        }
        self.refused = None;
        self.prepare();
        self.focus = Some("learn-title");
    }

    /// Sets the stage for the place shown.
    fn prepare(&mut self) {
        self.stale = true;
        self.moved = true;
        self.values = self
            .lesson()
            .map_or_else(Values::default, |(lesson, screen)| {
                let all = &self.lessons;
                match screen {
                    Screen::Step(index) => Values::of_step(all, lesson, index),
                    Screen::Task => Values::of_task(all, lesson),
                    Screen::End => Values::of_commands(all, lesson),
                }
            });
        self.guess = None;
        self.playback = match self.route {
            Route::List | Route::Teacher | Route::Glossary | Route::Question(_) => None,
            Route::Exercise { lesson, seed } => self
                .lessons
                .get(lesson)
                .and_then(|lesson| whole(&lesson.exercise.under(seed))),
            Route::Lesson { lesson, screen } => {
                self.lessons.get(lesson).and_then(|lesson| match screen {
                    Screen::Step(index) => self.at_step(lesson, index),
                    Screen::Task => {
                        let mut playback = lesson.scenes.get(lesson.task.scene).and_then(whole);
                        // Dials change the whole run, and acts a packet of some moment.
                        if let Some(playback) =
                            playback.as_mut().filter(|_| lesson.task.actions.is_empty())
                            && !lesson.task.controls.is_empty()
                        {
                            playback.to(u64::MAX);
                        }
                        playback
                    }
                    Screen::End => None,
                })
            }
        };
    }

    fn at_step(&self, lesson: &Lesson, index: usize) -> Option<Playback> {
        let step = lesson.steps.get(index)?;
        let stage = lesson.scenes.get(step.scene)?.play().ok()?;
        let from = lesson.begins_ns(index, &stage);
        let until = step.until.at_ns(&stage)?;
        let shown = self.progress.of(lesson).phase(index, step) == Phase::Shown;
        Some(if shown {
            Playback::new(stage, until, until)
        } else {
            Playback::new(stage, from, from)
        })
    }

    fn lesson(&self) -> Option<(&Lesson, Screen)> {
        match self.route {
            Route::Lesson { lesson, screen } => Some((self.lessons.get(lesson)?, screen)),
            _ => None,
        }
    }

    fn step(&self) -> Option<(&Lesson, usize, &Step)> {
        let (lesson, screen) = self.lesson()?;
        let Screen::Step(index) = screen else {
            return None;
        };
        Some((lesson, index, lesson.steps.get(index)?))
    }

    fn task(&self) -> Option<(&Lesson, &Task)> {
        let (lesson, screen) = self.lesson()?;
        (screen == Screen::Task).then_some((lesson, &lesson.task))
    }

    /// The way back to the exercise, in the task of its lesson.
    fn exercise_of(&self, task: &Lesson) -> Option<Route> {
        let route = self.exercise?;
        let Route::Exercise { lesson, .. } = route else {
            return None;
        };
        (self.lessons.get(lesson)?.id == task.id).then_some(route)
    }

    /// Whether what is asked here is done.
    fn may_go_on(&self) -> bool {
        self.lesson().is_some_and(|(lesson, screen)| {
            let walk = self.progress.of(lesson);
            match screen {
                Screen::Step(index) => lesson
                    .steps
                    .get(index)
                    .is_some_and(|step| walk.phase(index, step) == Phase::Shown),
                Screen::Task => walk.is_achieved(),
                Screen::End => true,
            }
        })
    }

    fn keep(&mut self) {
        self.unreadable = false;
        if let Some(lms) = &mut self.lms {
            lms.report(&self.lessons, &self.progress);
        } else if self.progress.is_empty() {
            prefs::forget(KEPT);
        } else {
            prefs::put(KEPT, &self.progress.text());
        }
    }

    fn go(&mut self, go: impl FnOnce(&mut Playback)) -> Option<String> {
        if let Some(playback) = &mut self.playback {
            go(playback);
            self.moved = true;
        }
        None
    }

    /// The words are others now.
    pub(crate) fn translate(&mut self) {
        self.stale = true;
        self.moved = true;
    }

    /// The page has another size, or is seen again.
    pub(crate) fn resized(&mut self) {
        self.moved = true;
    }

    pub(crate) fn leave(&mut self) {
        let _ = self.go(Playback::pause);
    }

    pub(crate) fn wants_frame(&self) -> bool {
        self.stale || self.moved || self.playback.as_ref().is_some_and(Playback::playing)
    }

    /// One animation frame.
    pub(crate) fn frame(&mut self, page: &mut Page, at_ms: f64) {
        let calm = prefs::calm();
        if let Some(playback) = &mut self.playback {
            self.moved |= playback.frame(at_ms, calm);
        }
        if std::mem::take(&mut self.stale) {
            by_id("learn-room").set_inner_html(&screens::draw(&page.l10n, self).0);
            self.moved = true;
        }
        if std::mem::take(&mut self.moved) {
            self.answer(page, Self::judged);
            self.moved = false;
            self.draw_stage(&page.l10n);
            if self.is_revealed() && self.attempt.is_untouched() {
                self.seek_mark();
            }
        }
        self.focus_packet();
        self.give_focus();
    }

    /// Lets something be done here, and announces what it came to.
    fn answer(
        &mut self,
        page: &mut Page,
        does: impl FnOnce(&mut Self, &Localization) -> Option<String>,
    ) {
        if let Some(text) = does(self, &page.l10n) {
            page.announce(&text);
        }
    }

    /// Whether a step was shown, and stands at its end.
    fn is_revealed(&self) -> bool {
        self.step().is_some()
            && self.open_to_end()
            && self.playback.as_ref().is_some_and(Playback::is_over)
    }

    /// Whether the stage shown may be played: a step that waits for its answer may not.
    fn open_to_end(&self) -> bool {
        self.step().is_none_or(|(lesson, index, step)| {
            self.progress.of(lesson).phase(index, step) == Phase::Shown
        })
    }
}

/// A link that opens a lesson's network in the Simulate room, where that can be.
fn simulate_link(lesson: &Lesson) -> Option<String> {
    let simulated = |scene: &&Scene| scene.lanes.contains(&Lane::Ours);
    let scene = lesson.scenes.iter().find(simulated)?;
    let state = State::of(scene.setup.clone());
    Some(Fragment::Run(Box::new(state)).text())
}

/// A scene played to its end, standing at its beginning.
fn whole(scene: &Scene) -> Option<Playback> {
    let stage = scene.play().ok()?;
    let end = stage.end_ns();
    Some(Playback::new(stage, 0, end))
}
