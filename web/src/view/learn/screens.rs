//! The room's screens, as markup.
//!
//! Owns what is on each. What moves on a stage is drawn apart from it, many times.

use maud::{Markup, html};

use super::super::i18n::{Key, Value, Words, key};
use super::Learn;
use super::exercise::unit_of;
use super::markup::{self, button, heading, line, message, prose, put, source, symbol};
use super::task::control_id;
use super::{glossary, say};
use udping_engine::lesson::progress::Phase;
use udping_engine::lesson::route::{Route, Screen};
use udping_engine::lesson::task::{Dial, Task};
use udping_engine::lesson::{Ask, Lesson, Step};

/// The page where somebody is, all of it but what moves.
pub(super) fn draw(words: &Words, learn: &Learn) -> Markup {
    match learn.route {
        Route::List => list(words, learn),
        Route::Teacher => super::teacher::draw(words, learn),
        Route::Glossary => glossary::draw(words, learn),
        Route::Exercise { lesson, .. } => learn
            .lessons
            .get(lesson)
            .map_or_else(Markup::default, |it| exercise(words, learn, it)),
        Route::Lesson { lesson, screen } => learn
            .lessons
            .get(lesson)
            .map_or_else(Markup::default, |it| {
                self::lesson(words, learn, lesson, it, screen)
            }),
    }
}

fn link(learn: &Learn, route: Route, class: &str, text: &str) -> Markup {
    html! { a class=(class) href={ "#" (route.fragment(&learn.lessons)) } { (text) } }
}

/// The way back to the list of lessons.
pub(super) fn back(words: &Words, learn: &Learn) -> Markup {
    let text = ["← ", words.get(key::LEARN_ALL)].concat();
    link(learn, Route::List, "link", &text)
}

pub(super) fn lesson_number(words: &Words, lesson: usize) -> String {
    let number = [("number", Value::Number(lesson as u64 + 1))];
    words.say(key::LEARN_LESSON_NUMBER, &number)
}

fn list(words: &Words, learn: &Learn) -> Markup {
    html! {
        div class="learn-page" {
            (heading(words.get(key::LEARN_ROOM_TITLE)))
            p class="lead" { (words.get(key::LEARN_ROOM_INTRO)) }
            @if learn.unreadable { p class="wrong" { (words.get(key::LEARN_ROOM_LOST)) } }
            ol class="lessons" {
                @for (number, it) in learn.lessons.iter().enumerate() {
                    li { (in_list(words, learn, number, it)) }
                }
            }
            p class="row" {
                (link(learn, Route::Glossary, "btn", words.get(key::LEARN_GLOSSARY_TITLE)))
                (link(learn, Route::Teacher, "btn", words.get(key::LEARN_TEACHER)))
                @if !learn.progress.is_empty() {
                    (button(words, "forget", "btn", key::LEARN_FORGET))
                }
            }
        }
    }
}

/// A lesson in the list of them.
fn in_list(words: &Words, learn: &Learn, number: usize, it: &Lesson) -> Markup {
    let walk = learn.progress.of(it);
    let done = walk.done(it);
    let args = [
        ("done", Value::Count(done as u64)),
        ("all", Value::Count(it.steps.len() as u64 + 1)),
    ];
    let action = words.get(if walk.is_complete(it) {
        key::LEARN_REVISIT
    } else if done > 0 {
        key::LEARN_CONTINUE
    } else {
        key::LEARN_BEGIN
    });
    let href = ["#", &resume(learn, number, it).fragment(&learn.lessons)].concat();
    let title = message(words, &it.title);
    html! {
        div {
            h3 { a href=(href) { (title) } }
            p { (line(message(words, &it.aim))) }
        }
        p class="soft small" {
            (minutes(words, it)) " · "
            @if walk.is_complete(it) {
                (symbol("mark replied", "#m-replied")) (words.get(key::LEARN_DONE))
            } @else {
                (words.say(key::LEARN_ALL_DONE, &args))
            }
        }
        a class="btn" href=(href) aria-label={ (action) ": " (title) } { (action) }
    }
}

pub(super) fn minutes(words: &Words, lesson: &Lesson) -> String {
    let minutes = [("minutes", Value::Count(lesson.minutes.into()))];
    words.say(key::LEARN_MINUTES, &minutes)
}

/// Where a lesson goes on: its first step that was not shown, or its task.
fn resume(learn: &Learn, number: usize, lesson: &Lesson) -> Route {
    let walk = learn.progress.of(lesson);
    let mut steps = lesson.steps.iter().enumerate();
    let open = steps.find(|(place, step)| walk.phase(*place, step) != Phase::Shown);
    let screen = match open {
        _ if walk.is_complete(lesson) => Screen::Step(0),
        Some((place, _)) => Screen::Step(place),
        None => Screen::Task,
    };
    Route::Lesson {
        lesson: number,
        screen,
    }
}

fn lesson(words: &Words, learn: &Learn, number: usize, it: &Lesson, screen: Screen) -> Markup {
    let title = html! {
        span class="soft" { (lesson_number(words, number)) } " " (message(words, &it.title))
    };
    let tell = match screen {
        Screen::Step(place) => it.steps.get(place).map_or_else(Markup::default, |step| {
            self::step(words, learn, it, place, step)
        }),
        Screen::Task => task(words, learn, it, &it.task),
        Screen::End => end(words, learn, number, it),
    };
    let asks = if learn.open_to_end() { "" } else { "asks" };
    html! {
        div class="learn-head" {
            (back(words, learn))
            (heading(title))
            nav class="learn-where" aria-label=(words.named("learn-where.aria-label")) {
                ol id="learn-where" { (whereabouts(words, learn, number, it, screen)) }
            }
        }
        @if screen == Screen::End { (tell) } @else {
            div class={ "learn-columns " (asks) } {
                section class="panel learn-tell" {
                    (tell)
                    p class="row learn-ways" id="learn-ways" { (ways(words, learn)) }
                }
                (stage(words))
            }
        }
    }
}

/// Marks what is done, without putting the rest together again.
pub(super) fn mark(words: &Words, learn: &Learn) {
    if let Route::Lesson { lesson, screen } = learn.route
        && let Some(it) = learn.lessons.get(lesson)
    {
        let where_ = whereabouts(words, learn, lesson, it, screen);
        put("learn-where", &where_);
        put("learn-ways", &ways(words, learn));
    }
}

/// The steps of a lesson, as links.
fn whereabouts(words: &Words, learn: &Learn, number: usize, it: &Lesson, screen: Screen) -> Markup {
    let walk = learn.progress.of(it);
    let named = |key: Key| (words.get(key).to_owned(), words.get(key).to_owned());
    let steps = (0..it.steps.len()).map(Screen::Step);
    html! {
        @for at in steps.chain([Screen::Task, Screen::End]) {
            @let ((short, name), done) = match at {
                Screen::Step(place) => {
                    let step = [("step", Value::Number(place as u64 + 1))];
                    let phase = it.steps.get(place).map(|step| walk.phase(place, step));
                    let texts = ((place + 1).to_string(), words.say(key::LEARN_STEP, &step));
                    (texts, phase == Some(Phase::Shown))
                }
                Screen::Task => (named(key::LEARN_STEP_TASK), walk.is_achieved()),
                Screen::End => (named(key::LEARN_STEP_END), false),
            };
            @let name = if done {
                words.say(key::LEARN_STEP_DONE, &[("step", Value::Text(&name))])
            } else {
                name
            };
            @let route = Route::Lesson { lesson: number, screen: at };
            li {
                a href={ "#" (route.fragment(&learn.lessons)) }
                    class=(if done { "done" } else { "" })
                    aria-label=(name) aria-current=[(at == screen).then_some("step")] { (short) }
            }
        }
    }
}

/// Back and on.
fn ways(words: &Words, learn: &Learn) -> Markup {
    let (previous, next) = (
        learn.route.previous(&learn.lessons),
        learn.route.next(&learn.lessons),
    );
    let class = if learn.may_go_on() {
        "btn primary"
    } else {
        "btn"
    };
    html! {
        @if let Some(route) = previous {
            (link(learn, route, "btn", words.get(key::LEARN_PREVIOUS)))
        }
        @if let Some(route) = next { (link(learn, route, class, words.get(key::LEARN_NEXT))) }
    }
}

fn step(words: &Words, learn: &Learn, it: &Lesson, place: usize, step: &Step) -> Markup {
    let walk = learn.progress.of(it);
    let phase = walk.phase(place, step);
    html! {
        (prose(words, message(words, &step.text), "text"))
        @if let Some(ask) = &step.ask {
            (question(words, ask, walk.answer_at(place), phase == Phase::Shown))
        }
        @match phase {
            Phase::Asked => {}
            Phase::Ready(answer) => {
                @let text = if answer.is_some() {
                    key::LEARN_SHOW_ANSWERED
                } else {
                    key::LEARN_SHOW
                };
                p { (button(words, "show", "btn primary", text)) }
            }
            Phase::Shown => {
                div class="after" id="learn-after" tabindex="-1" {
                    (prose(words, message(words, &step.after), "after"))
                }
                @if step.ask.is_some() {
                    p { (button(words, "again", "btn small", key::LEARN_AGAIN)) }
                }
            }
        }
    }
}

/// A question, its answers, and what is said of the one given.
fn question(words: &Words, ask: &Ask, answer: Option<usize>, shown: bool) -> Markup {
    html! {
        fieldset class="ask" {
            (markup::legend(words, message(words, &ask.question), "ask"))
            p class="soft small" { (words.get(key::LEARN_PREDICT)) }
            @for (number, it) in ask.answers.iter().enumerate() {
                @let given = answer == Some(number);
                @let verdict = match (given, it.right) {
                    (true, true) => "right",
                    (true, false) => "wrong-answer",
                    (false, true) if shown => "right",
                    _ => "",
                };
                button type="button" class={ "answer " (verdict) } data-learn="answer"
                    data-value=(number) aria-pressed=(given) disabled[shown] {
                    (line(message(words, &it.text)))
                }
            }
            @if let Some(given) = answer.and_then(|answer| ask.answers.get(answer)) {
                @let (class, verdict) = if given.right {
                    ("right", key::LEARN_RIGHT)
                } else {
                    ("wrong-answer", key::LEARN_WRONG)
                };
                div class={ "feedback " (class) } {
                    b { (words.get(verdict)) } " "
                    (prose(words, message(words, &given.feedback), "feedback"))
                }
            }
        }
    }
}

fn task(words: &Words, learn: &Learn, it: &Lesson, task: &Task) -> Markup {
    let scene = it.scenes.get(task.scene);
    html! {
        h3 class="big" { (words.get(key::LEARN_STEP_TASK)) }
        (prose(words, message(words, &task.text), "task"))
        @if let Some(scene) = scene.filter(|_| !task.controls.is_empty()) {
            h3 { (words.get(key::LEARN_CONTROLS)) }
            @let now = learn.deeds.on(scene);
            @for (number, it) in task.controls.iter().enumerate() {
                (dial(words, number, it, now.get(it.control)))
            }
        }
        @if !task.acts.is_empty() {
            h3 { (words.get(key::LEARN_PACKETS)) }
            div id="learn-packets" {}
            div id="learn-acts" {}
        }
        h3 { (words.get(key::LEARN_GOALS)) }
        ul class="goals plain" id="learn-goals" {}
        div id="learn-done" {}
        p class="row" { (button(words, "reset", "btn small", key::LEARN_START_OVER)) }
        details {
            summary { (words.get(key::LEARN_HINT)) }
            p { (line(message(words, &task.hint))) }
        }
    }
}

fn dial(words: &Words, number: usize, dial: &Dial, value: i64) -> Markup {
    let control = control_id(dial.control);
    let id = ["dial-", &control].concat();
    let shown = say::setting(words, dial.control, value);
    html! {
        div class="field dial" {
            label for=(id) { (words.get(say::control(dial.control))) }
            output class="mono" for=(id) id={ "set-" (control) } { (shown) }
            input type="range" id=(id) data-dial=(number) min=(dial.least) max=(dial.most)
                step=(dial.step) value=(value) aria-valuetext=(shown);
        }
    }
}

fn end(words: &Words, learn: &Learn, number: usize, it: &Lesson) -> Markup {
    let next = (number + 1 < learn.lessons.len()).then_some(Route::Lesson {
        lesson: number + 1,
        screen: Screen::Step(0),
    });
    let previous = learn.route.previous(&learn.lessons);
    let ways = [
        (previous, key::LEARN_PREVIOUS, "btn"),
        (next, key::LEARN_NEXT_LESSON, "btn primary"),
        (Some(Route::List), key::LEARN_ALL, "btn"),
    ];
    html! {
        div class="learn-page" {
            h3 class="big" { (words.get(key::LEARN_REAL_TITLE)) }
            p { (words.get(key::LEARN_REAL_INTRO)) }
            ol class="commands" { @for command in &it.commands { li { code { (command) } } } }
            h3 { (words.get(key::LEARN_EXPECT)) }
            (prose(words, message(words, &it.real), "real"))
            p class="row" {
                button type="button" class="btn primary" data-act="pick" {
                    (words.get(key::LEARN_OPEN_JOURNAL))
                }
                @if let Some(link) = super::simulate_link(it) {
                    a class="btn" href={ "#" (link) } { (words.get(key::LEARN_OPEN_SIMULATE)) }
                }
            }
            h3 { (words.get(key::LEARN_SOURCES)) }
            ul class="sources" { @for name in &it.sources { li { (source(name)) } } }
            (glossary::of(words, it))
            p class="row learn-ways" {
                @for (route, key, class) in ways {
                    @if let Some(route) = route { (link(learn, route, class, words.get(key))) }
                }
            }
        }
    }
}

fn exercise(words: &Words, learn: &Learn, it: &Lesson) -> Markup {
    let lesson = [("lesson", Value::Text(message(words, &it.title)))];
    html! {
        div class="learn-head" {
            (back(words, learn))
            (heading(words.say(key::LEARN_EXERCISE_TITLE, &lesson)))
        }
        div class="learn-columns" {
            section class="panel learn-tell" {
                p { (words.get(key::LEARN_EXERCISE_INTRO)) }
                @for (number, reading) in it.exercise.readings.iter().enumerate() {
                    @let id = format!("reading-{number}");
                    div class="field" {
                        label for=(id) { (line(message(words, &reading.text))) }
                        span class="value" {
                            input id=(id) data-reading=(number) inputmode="decimal"
                                autocomplete="off"
                                value=(learn.written.get(number).map_or("", String::as_str));
                            @if !unit_of(reading).is_empty() {
                                span class="unit" { (words.get(key::LEARN_UNIT_MS)) }
                            }
                        }
                    }
                }
                div class="field" {
                    label for="learn-name" { (words.get(key::LEARN_EXERCISE_NAME)) }
                    input id="learn-name" data-name autocomplete="name" value=(learn.name);
                }
                p class="row" { (button(words, "save", "btn primary", key::LEARN_EXERCISE_SAVE)) }
                p id="learn-missing" class="wrong" role="alert" hidden {}
                p class="soft small" { (words.get(key::LEARN_EXERCISE_HONEST)) }
            }
            (stage(words))
        }
    }
}

/// Where lanes, time and panels will be.
fn stage(words: &Words) -> Markup {
    let icon = |act: &str, name: &'static str, href: &str| {
        html! {
            button type="button" class="btn icon" data-learn=(act) aria-label=(words.named(name)) {
                (symbol("i", href))
            }
        }
    };
    html! {
        section class="panel learn-stage" aria-label=(words.named("learn-stage.aria-label")) {
            div id="learn-lanes" class="learn-lanes" tabindex="0" role="group"
                aria-label=(words.named("learn-lanes.aria-label")) {}
            p id="learn-refused" class="wrong" role="alert" hidden {}
            div class="learn-time" role="group"
                aria-label=(words.named("learn-transport.aria-label")) {
                (icon("to-start", "learn-to-start.aria-label", "#i-first"))
                (icon("back", "learn-step-back.aria-label", "#i-back"))
                button type="button" class="btn play" data-learn="play" id="learn-play" {}
                (icon("on", "learn-step-on.aria-label", "#i-forward"))
                (icon("to-end", "learn-to-end.aria-label", "#i-last"))
                input type="range" id="learn-scrub" min="0" value="0"
                    aria-label=(words.named("learn-scrub.aria-label"));
                output id="learn-now" class="mono clock" for="learn-scrub" {}
            }
            div id="learn-panels" class="learn-panels" {}
            details id="learn-happened" {
                summary { (words.get(key::LEARN_HAPPENED)) }
                ol {}
            }
        }
    }
}
