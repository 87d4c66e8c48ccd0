//! The Learn room: where somebody is in it, and what they have done there.
//!
//! Owns the room's state and what its controls do. What a lesson is, whether an answer
//! is right and a task achieved, is [`crate::engine::lesson`]'s; the words are the
//! catalogue's.

mod doing;
mod glossary;
mod handed;
mod html;
mod lanes;
mod listen;
mod panels;
mod say;
mod screens;
mod showing;
mod teacher;

use udping_core::link::Seed;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlSelectElement};

use super::dom::{by_id, document, typed};
use super::prefs;
use super::refusal;
use super::words::{Value, Words, key};
use crate::engine::lesson::exercise::HandIn;
use crate::engine::lesson::measure::Unit;
use crate::engine::lesson::place::{Place, Screen};
use crate::engine::lesson::progress::{Phase, Progress};
use crate::engine::lesson::scene::{Lane, Scene};
use crate::engine::lesson::task::{Deed, Deeds, Task};
use crate::engine::lesson::{Lesson, Reading, Step};
use crate::engine::link::Shared;
use html::{escape, message};
pub(crate) use listen::listen;
use showing::Showing;

/// Where the browser keeps how far somebody has come.
const KEPT: &str = "udping-lab.learn";

/// The room.
#[derive(Debug)]
pub(crate) struct Learn {
    lessons: Vec<Lesson>,
    place: Place,
    progress: Progress,
    /// What was kept could not be read.
    unreadable: bool,
    showing: Option<Showing>,
    /// What was done in the task shown.
    deeds: Deeds,
    refused: Option<String>,
    /// What was written down in the exercise shown, and by whom.
    written: Vec<String>,
    name: String,
    /// The link that the class was given, as far as it is written down.
    link: String,
    /// The files that were handed in: their names, and what is in them.
    handed: Vec<(String, String)>,
    /// The screen is to be put together anew.
    stale: bool,
    /// The stage is to be drawn anew.
    moved: bool,
    /// What takes the focus when the screen is there.
    focus: Option<&'static str>,
}

impl Learn {
    pub(crate) fn new() -> Self {
        Self {
            lessons: Vec::new(),
            place: Place::List,
            progress: Progress::default(),
            unreadable: false,
            showing: None,
            deeds: Deeds::default(),
            refused: None,
            written: Vec::new(),
            name: String::new(),
            link: String::new(),
            handed: Vec::new(),
            stale: true,
            moved: true,
            focus: None,
        }
    }

    /// The lessons are there. Before, there is nothing that [`super::fetched`] has not loaded.
    pub(crate) fn take(&mut self, lessons: Vec<Lesson>) {
        let kept = prefs::get(KEPT).map(|text| Progress::parse(&text));
        self.unreadable = matches!(kept, Some(Err(_)));
        self.progress = kept.and_then(Result::ok).unwrap_or_default();
        self.lessons = lessons;
        self.stale = true;
    }

    /// Whether they are.
    pub(crate) fn is_ready(&self) -> bool {
        !self.lessons.is_empty()
    }

    /// Follows a link: whether it is one of this room's, and if it leads nowhere, where to.
    pub(crate) fn follow(&mut self, fragment: &str) -> Option<Result<(), String>> {
        let place = Place::parse(fragment, &self.lessons)?;
        Some(place.map(|place| self.open(place)))
    }

    fn open(&mut self, place: Place) {
        self.place = place;
        self.deeds = Deeds::default();
        self.written.clear();
        self.refused = None;
        self.prepare();
        self.focus = Some("learn-title");
    }

    /// Sets the stage for the place shown.
    fn prepare(&mut self) {
        self.stale = true;
        self.moved = true;
        self.showing = match self.place {
            Place::List | Place::Teacher | Place::Glossary => None,
            Place::Exercise { lesson, seed } => self
                .lessons
                .get(lesson)
                .and_then(|lesson| whole(&lesson.exercise.under(seed))),
            Place::Lesson { lesson, screen } => {
                self.lessons.get(lesson).and_then(|lesson| match screen {
                    Screen::Step(place) => self.at_step(lesson, place),
                    Screen::Task => {
                        let mut showing = lesson.scenes.get(lesson.task.scene).and_then(whole);
                        // Dials change the whole run, and acts a packet of some moment.
                        if let Some(showing) =
                            showing.as_mut().filter(|_| lesson.task.acts.is_empty())
                            && !lesson.task.controls.is_empty()
                        {
                            showing.to(u64::MAX);
                        }
                        showing
                    }
                    Screen::End => None,
                })
            }
        };
    }

    fn at_step(&self, lesson: &Lesson, place: usize) -> Option<Showing> {
        let step = lesson.steps.get(place)?;
        let stage = lesson.scenes.get(step.scene)?.play().ok()?;
        let from = lesson.begins_ns(place, &stage);
        let until = step.until.at_ns(&stage)?;
        let shown = self.progress.of(lesson).phase(place, step) == Phase::Shown;
        Some(if shown {
            Showing::new(stage, until, until)
        } else {
            Showing::new(stage, from, from)
        })
    }

    fn lesson(&self) -> Option<(&Lesson, Screen)> {
        match self.place {
            Place::Lesson { lesson, screen } => Some((self.lessons.get(lesson)?, screen)),
            _ => None,
        }
    }

    fn step(&self) -> Option<(&Lesson, usize, &Step)> {
        let (lesson, screen) = self.lesson()?;
        let Screen::Step(place) = screen else {
            return None;
        };
        Some((lesson, place, lesson.steps.get(place)?))
    }

    fn task(&self) -> Option<(&Lesson, &Task)> {
        let (lesson, screen) = self.lesson()?;
        (screen == Screen::Task).then_some((lesson, &lesson.task))
    }

    /// Whether what is asked here is done.
    fn may_go_on(&self) -> bool {
        self.lesson().is_some_and(|(lesson, screen)| {
            let walk = self.progress.of(lesson);
            match screen {
                Screen::Step(place) => lesson
                    .steps
                    .get(place)
                    .is_some_and(|step| walk.phase(place, step) == Phase::Shown),
                Screen::Task => walk.is_achieved(),
                Screen::End => true,
            }
        })
    }

    fn keep(&mut self) {
        self.unreadable = false;
        if self.progress.is_empty() {
            prefs::forget(KEPT);
        } else {
            prefs::put(KEPT, &self.progress.text());
        }
    }

    /// A control was used. What it came to, to be said.
    pub(crate) fn clicked(&mut self, words: &Words, act: &str, value: &str) -> Option<String> {
        match act {
            "answer" => self.answer(words, value.parse().ok()?),
            "show" => self.show(),
            "again" => {
                let (lesson, place, _) = self.step()?;
                let lesson = lesson.clone();
                self.progress.walk(&lesson).again(place);
                self.keep();
                self.prepare();
                self.focus = Some("learn-title");
                None
            }
            "play" => self.play(),
            "back" => self.go(|showing| showing.step(-1)),
            "on" => self.go(|showing| showing.step(1)),
            "to-start" => self.go(|showing| showing.to(0)),
            "to-end" => self.go(|showing| showing.to(u64::MAX)),
            "act" => self.act(words, value),
            "reset" => {
                self.deeds = Deeds::default();
                self.prepare();
                self.focus = Some("learn-title");
                None
            }
            "forget" => {
                self.progress = Progress::default();
                self.keep();
                self.stale = true;
                self.focus = Some("learn-title");
                Some(words.get(key::LEARN_FORGOTTEN).to_owned())
            }
            "save" => self.save(words),
            "make" => self.make(words),
            "print" => {
                let printed = web_sys::window().map(|window| window.print());
                // A browser that cannot print says so itself.
                drop(printed);
                None
            }
            _ => None,
        }
    }

    fn go(&mut self, go: impl FnOnce(&mut Showing)) -> Option<String> {
        if let Some(showing) = &mut self.showing {
            go(showing);
            self.moved = true;
        }
        None
    }

    fn play(&mut self) -> Option<String> {
        self.go(|showing| {
            if showing.playing() {
                showing.pause();
            } else {
                if showing.at_ns >= showing.limit_ns {
                    showing.to(0);
                }
                showing.play();
            }
        })
    }

    fn answer(&mut self, words: &Words, answer: usize) -> Option<String> {
        let (lesson, place, step) = self.step()?;
        let (lesson, step) = (lesson.clone(), step.clone());
        if !self.progress.walk(&lesson).answer(place, &step, answer) {
            return None;
        }
        self.keep();
        self.stale = true;
        self.focus = Some("learn-show");
        let given = step.ask.as_ref()?.answers.get(answer)?;
        let verdict = if given.right {
            key::LEARN_RIGHT
        } else {
            key::LEARN_WRONG
        };
        let feedback = html::plain(message(words, &given.feedback));
        Some(format!("{} {feedback}", words.get(verdict)))
    }

    /// Lets a step happen, from where it starts.
    fn show(&mut self) -> Option<String> {
        let (lesson, place, step) = self.step()?;
        let (lesson, step) = (lesson.clone(), step.clone());
        if !self.progress.walk(&lesson).show(place, &step) {
            return None;
        }
        self.keep();
        let from = self.showing.as_ref().map_or(0, |showing| showing.at_ns);
        self.prepare();
        let played = self.go(|showing| {
            showing.go(from);
            showing.play();
        });
        self.focus = Some("learn-after");
        played
    }

    /// Acts on a packet: `value` says which act of the task, and which packet.
    fn act(&mut self, words: &Words, value: &str) -> Option<String> {
        let (act, packet) = value.split_once(' ')?;
        let (lane, hop) = packet.split_once(' ')?;
        let (_, task) = self.task()?;
        let action = *task.acts.get(act.parse::<usize>().ok()?)?;
        let showing = self.showing.as_ref()?;
        let track = showing.stage.tracks.get(lane.parse::<usize>().ok()?)?;
        let hop = *track.hops.get(hop.parse::<usize>().ok()?)?;
        // A packet that sets out at this very moment is acted on right after it.
        let at_ns = showing.at_ns.max(hop.from_ns + 1);
        let said = words.say(
            key::LEARN_ACTED,
            &[
                ("act", Value::Text(&say::act(words, action))),
                ("packet", Value::Text(&say::hop(words, &hop))),
                ("at", Value::Time(at_ns)),
            ],
        );
        self.deeds.add(Deed::Act(udping_core::sim::Intervention {
            at_ns,
            direction: hop.direction,
            packet: hop.id,
            action,
        }));
        self.focus = Some("learn-play");
        self.replay(words, at_ns);
        Some(self.judged(words).unwrap_or(said))
    }

    /// Plays the task's scene again, with what was done to it.
    fn replay(&mut self, words: &Words, at_ns: u64) {
        let Some((lesson, task)) = self.task() else {
            return;
        };
        let Some(scene) = lesson.scenes.get(task.scene) else {
            return;
        };
        match self.deeds.play(scene) {
            Ok(stage) => {
                let end = stage.end_ns();
                self.showing = Some(Showing::new(stage, at_ns, end));
                self.refused = None;
            }
            Err(error) => {
                let what = refusal::world(words, &error);
                let what = [("what", Value::Text(&what))];
                self.refused = Some(words.say(key::LEARN_REFUSED, &what));
            }
        }
        self.moved = true;
    }

    /// A dial was moved.
    pub(crate) fn dialled(&mut self, words: &Words, dial: usize, value: i64) -> Option<String> {
        let (_, task) = self.task()?;
        let control = task
            .controls
            .get(dial)
            .filter(|dial| dial.has(value))?
            .control;
        self.deeds.add(Deed::Set(control, value));
        self.replay(words, u64::MAX);
        self.judged(words)
    }

    /// The time was moved to the moment of that number.
    pub(crate) fn scrubbed(&mut self, place: usize) {
        let _ = self.go(|showing| {
            showing.pause();
            showing.to(showing.fall.nth(place));
        });
    }

    /// Whether the task is achieved just now for the first time: what to say then.
    fn judged(&mut self, words: &Words) -> Option<String> {
        let (lesson, task) = self.task()?;
        let showing = self.showing.as_ref()?;
        let achieved = task.is_achieved(&showing.stage, showing.at_ns);
        if !achieved || self.progress.of(lesson).is_achieved() {
            return None;
        }
        let lesson = lesson.clone();
        self.progress.walk(&lesson).achieve();
        self.keep();
        self.moved = true;
        screens::mark(words, self);
        let (lesson, _) = self.task()?;
        let done = html::plain(message(words, &lesson.task.done));
        Some(format!("{} {done}", words.get(key::LEARN_ACHIEVED)))
    }

    /// Something was written down.
    pub(crate) fn wrote(&mut self, place: Option<usize>, text: String) {
        match place {
            None => self.name = text,
            Some(place) => {
                if self.written.len() <= place {
                    self.written.resize(place + 1, String::new());
                }
                self.written[place] = text;
            }
        }
    }

    /// Gives the student the file to hand in.
    fn save(&mut self, words: &Words) -> Option<String> {
        let Place::Exercise { lesson, seed } = self.place else {
            return None;
        };
        let lesson = self.lessons.get(lesson)?;
        let read = |(place, reading): (usize, &Reading)| {
            let number = words.read(self.written.get(place)?)?;
            let scale = if unit_of(reading).is_empty() {
                1.0
            } else {
                1e6
            };
            #[expect(clippy::cast_possible_truncation, reason = "cut at the ends")]
            let number = (number * scale).round() as i64;
            Some(number)
        };
        let readings: Vec<_> = lesson
            .exercise
            .readings
            .iter()
            .enumerate()
            .map(read)
            .collect();
        let missing = readings.iter().filter(|reading| reading.is_none()).count();
        let complaint = words.say(
            key::LEARN_EXERCISE_MISSING,
            &[("count", Value::Count(missing as u64))],
        );
        let place = by_id("learn-missing");
        place.set_text_content((missing > 0).then_some(complaint.as_str()));
        // An element of the page takes any attribute.
        let _ = place.toggle_attribute_with_force("hidden", missing == 0);
        if missing > 0 {
            return None;
        }
        let file = HandIn::new(lesson, seed, &self.name, readings);
        let name = format!("udping-{}.json", lesson.id);
        Some(match super::share::download(&name, &file.text()) {
            Ok(()) => words.say(key::LEARN_EXERCISE_SAVED, &[("name", Value::Text(&name))]),
            Err(error) => format!("{error:?}"),
        })
    }

    /// Makes a link to an exercise.
    fn make(&mut self, words: &Words) -> Option<String> {
        let lesson = typed::<HtmlSelectElement>("learn-for")
            .value()
            .parse()
            .ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number from 0 to 2^53"
        )]
        let seed = (js_sys::Math::random() * 9e15) as u64;
        let seed = Seed::from_low_bits(seed);
        let location = web_sys::window()?.location();
        let (origin, path) = (location.origin().ok()?, location.pathname().ok()?);
        let fragment = Place::Exercise { lesson, seed }.fragment(&self.lessons);
        let link = format!("{origin}{path}#{fragment}");
        let input: HtmlInputElement = typed("learn-link");
        input.set_value(&link);
        input.select();
        self.linked(words, link)
    }

    /// A link was written down, to hold files against.
    pub(crate) fn linked(&mut self, words: &Words, link: String) -> Option<String> {
        self.link = link;
        let handed = std::mem::take(&mut self.handed);
        self.hand_in(words, handed)
    }

    /// Files were handed in: what they came to, to be said.
    pub(crate) fn hand_in(
        &mut self,
        words: &Words,
        files: Vec<(String, String)>,
    ) -> Option<String> {
        self.handed = files;
        let place = by_id("learn-checked");
        place.set_inner_html(&handed::checked(words, self));
        let all = super::dom::all(&place, "summary, .wrong");
        let said: Vec<String> = all.iter().filter_map(|it| it.text_content()).collect();
        (!said.is_empty()).then(|| said.join("; "))
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
        let _ = self.go(Showing::pause);
    }

    pub(crate) fn wants_frame(&self) -> bool {
        self.stale || self.moved || self.showing.as_ref().is_some_and(Showing::playing)
    }

    /// One animation frame; what is to be said after it.
    pub(crate) fn frame(&mut self, words: &Words, at_ms: f64) -> Option<String> {
        let calm = prefs::media("(prefers-reduced-motion: reduce)");
        if let Some(showing) = &mut self.showing {
            self.moved |= showing.frame(at_ms, calm);
        }
        if std::mem::take(&mut self.stale) {
            by_id("learn-room").set_inner_html(&screens::draw(words, self));
            self.moved = true;
        }
        let mut said = None;
        if std::mem::take(&mut self.moved) {
            said = self.judged(words);
            self.moved = false;
            self.draw_stage(words);
        }
        if let Some(id) = self.focus.take()
            && let Some(element) = document().get_element_by_id(id)
        {
            let element: HtmlElement = element.unchecked_into();
            // What is in sight takes the focus. Where the text is below the stage, what
            // plays there stays in sight instead.
            let stage = document().query_selector(".learn-stage").ok().flatten();
            if let Some(stage) = stage.filter(|_| id == "learn-after" && narrow()) {
                let options = web_sys::FocusOptions::new();
                options.set_prevent_scroll(true);
                let _ = element.focus_with_options(&options);
                stage.scroll_into_view();
            } else {
                let _ = element.focus();
            }
        }
        said
    }

    fn draw_stage(&self, words: &Words) {
        let Some(showing) = &self.showing else {
            return;
        };
        let Some(lanes) = document().get_element_by_id("learn-lanes") else {
            return;
        };
        words.tell_apart(1_000_000_000);
        let width = f64::from(lanes.client_width());
        let pictures = lanes::draw(words, &showing.stage, &showing.fall, showing.at_ns, width);
        let mut drawn = String::new();
        for (lane, picture) in showing.stage.scene.lanes.iter().zip(pictures) {
            drawn.push_str("<figure><figcaption>");
            drawn.push_str(&escape(words.get(say::lane(*lane))));
            drawn.push_str("</figcaption>");
            drawn.push_str(&picture);
            drawn.push_str("</figure>");
        }
        lanes.set_inner_html(&drawn);
        lanes.set_scroll_top(lanes.scroll_height());
        self.draw_time(words, showing);
        if let Some(panels) = document().get_element_by_id("learn-panels") {
            let room = f64::from(panels.client_width());
            put_into(
                &panels,
                &panels::draw(words, &showing.stage, showing.at_ns, room),
            );
        }
        if !showing.playing() {
            self.draw_words(words, showing);
        }
        if let Some((_, task)) = self.task() {
            doing::draw(words, task, &self.deeds, showing);
        }
    }

    fn draw_time(&self, words: &Words, showing: &Showing) {
        let now = words.say(key::LEARN_NOW, &[("at", Value::Time(showing.at_ns))]);
        put("learn-now", &escape(&now));
        let play = if showing.playing() {
            (key::LEARN_PAUSE, "i-pause")
        } else {
            (key::LEARN_PLAY, "i-play")
        };
        put(
            "learn-play",
            &format!(
                "<svg class=\"i\" aria-hidden=\"true\"><use href=\"#{}\"/></svg>{}",
                play.1,
                escape(words.get(play.0))
            ),
        );
        let scrub: HtmlInputElement = typed("learn-scrub");
        scrub.set_max(&showing.fall.place(showing.limit_ns).to_string());
        scrub.set_value(&showing.fall.place(showing.at_ns).to_string());
        // An element of the page takes any attribute.
        let _ = scrub.set_attribute("aria-valuetext", &now);
        let still = showing.limit_ns <= showing.at_ns && !self.open_to_end();
        for control in super::dom::all(&by_id("learn-room"), ".learn-time") {
            let _ = control.toggle_attribute_with_force("hidden", still);
        }
    }

    /// Whether the stage shown may be played: a step that waits for its answer may not.
    fn open_to_end(&self) -> bool {
        self.step().is_none_or(|(lesson, place, step)| {
            self.progress.of(lesson).phase(place, step) == Phase::Shown
        })
    }

    fn draw_words(&self, words: &Words, showing: &Showing) {
        let lines = say::happened(words, &showing.stage, showing.at_ns);
        let list: String = if lines.is_empty() {
            format!("<li>{}</li>", escape(words.get(key::LEARN_NOTHING)))
        } else {
            let item = |line: &String| format!("<li>{}</li>", escape(line));
            lines.iter().map(item).collect()
        };
        for place in super::dom::all(&by_id("learn-happened"), "ol") {
            place.set_inner_html(&list);
        }
        if let Some(refused) = document().get_element_by_id("learn-refused") {
            refused.set_text_content(self.refused.as_deref());
            // An element of the page takes any attribute.
            let _ = refused.toggle_attribute_with_force("hidden", self.refused.is_none());
        }
    }
}

/// A link that opens a lesson's network in the Simulate room, where that can be.
fn simulate_link(lesson: &Lesson) -> Option<String> {
    let simulated = |scene: &&Scene| scene.lanes.contains(&Lane::Ours);
    let scene = lesson.scenes.iter().find(simulated)?;
    let shared = Shared {
        setup: scene.setup.clone(),
        ..Shared::default()
    };
    Some(shared.fragment())
}

/// Whether the page is so narrow that text and stage are not side by side.
fn narrow() -> bool {
    prefs::media("(max-width: 1000px)")
}

/// The unit that a reading is written in: `ms`, or none.
fn unit_of(reading: &Reading) -> &'static str {
    match reading.measure.unit() {
        Unit::Span => "ms",
        Unit::Count | Unit::Bytes | Unit::Share => "",
    }
}

/// A scene played to its end, standing at its beginning.
fn whole(scene: &Scene) -> Option<Showing> {
    let stage = scene.play().ok()?;
    let end = stage.end_ns();
    Some(Showing::new(stage, 0, end))
}

/// Puts markup into an element, if it is there and shows something else.
fn put(id: &str, markup: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        put_into(&element, markup);
    }
}

fn put_into(element: &Element, markup: &str) {
    if element.inner_html() != markup {
        element.set_inner_html(markup);
    }
}
