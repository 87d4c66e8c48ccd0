//! The room's screens, as markup.
//!
//! Owns what is on each. What moves on a stage is drawn apart from it, many times.

use maud::{Markup, html};

use super::super::i18n::{Key, Localization, Value, key};
use super::Learn;
use super::markup::{button, heading, line, message, prose, put, said, source, symbol};
use super::task::control_id;
use super::{code, exercise, glossary, plan, predict, say, scorm};
use udping_engine::lesson::progress::Phase;
use udping_engine::lesson::route::{Route, Screen};
use udping_engine::lesson::task::{Dial, Task};
use udping_engine::lesson::{Lesson, Step};

/// The page where somebody is, all of it but what moves.
pub(super) fn draw(l10n: &Localization, learn: &Learn) -> Markup {
    match learn.route {
        Route::List => list(l10n, learn),
        Route::Teacher => super::teacher::draw(l10n, learn),
        Route::Glossary => glossary::draw(l10n, learn),
        Route::Question(number) => plan::draw(l10n, learn, number),
        Route::Exercise { lesson, .. } => learn
            .lessons
            .get(lesson)
            .map_or_else(Markup::default, |it| exercise::draw(l10n, learn, it)),
        Route::Lesson { lesson, screen } => learn
            .lessons
            .get(lesson)
            .map_or_else(Markup::default, |it| {
                self::lesson(l10n, learn, lesson, it, screen)
            }),
    }
}

pub(super) fn link(learn: &Learn, route: Route, class: &str, text: &str) -> Markup {
    html! { a class=(class) href={ "#" (route.fragment(&learn.lessons)) } { (text) } }
}

/// The way back to the list of lessons.
pub(super) fn back(l10n: &Localization, learn: &Learn) -> Markup {
    let text = ["← ", l10n.get(key::LEARN_ALL)].concat();
    link(learn, Route::List, "link", &text)
}

pub(super) fn lesson_number(l10n: &Localization, lesson: usize) -> String {
    let number = [("number", Value::Number(lesson as u64 + 1))];
    l10n.say(key::LEARN_LESSON_NUMBER, &number)
}

fn list(l10n: &Localization, learn: &Learn) -> Markup {
    html! {
        div class="learn-page" {
            (heading(l10n.get(key::LEARN_ROOM_TITLE)))
            p class="lead" { (l10n.get(key::LEARN_ROOM_INTRO)) }
            @if learn.unreadable { p class="wrong" { (l10n.get(key::LEARN_ROOM_LOST)) } }
            (plan::list(l10n, learn))
            ol class="lessons" {
                @for (number, it) in learn.lessons.iter().enumerate() {
                    li { (in_list(l10n, learn, number, it)) }
                }
            }
            p class="row" {
                (link(learn, Route::Glossary, "btn", l10n.get(key::LEARN_GLOSSARY_TITLE)))
                (link(learn, Route::Teacher, "btn", l10n.get(key::LEARN_TEACHER)))
                @if !learn.progress.is_empty() {
                    (button(l10n, "forget", "btn", key::LEARN_FORGET))
                }
            }
        }
    }
}

/// A lesson in the list of them.
fn in_list(l10n: &Localization, learn: &Learn, number: usize, it: &Lesson) -> Markup {
    let walk = learn.progress.of(it);
    let done = walk.done(it);
    let args = [
        ("done", Value::Count(done as u64)),
        ("all", Value::Count(it.steps.len() as u64 + 1)),
    ];
    let action = l10n.get(if walk.is_complete(it) {
        key::LEARN_REVISIT
    } else if done > 0 {
        key::LEARN_CONTINUE
    } else {
        key::LEARN_BEGIN
    });
    let href = ["#", &resume(learn, number, it).fragment(&learn.lessons)].concat();
    let title = message(l10n, &it.title);
    html! {
        div {
            h3 { a href=(href) { (title) } }
            p { (line(message(l10n, &it.aim))) }
        }
        p class="soft small" {
            (minutes(l10n, it)) " · "
            @if walk.is_complete(it) {
                (symbol("symbol replied", "#sym-verified")) (l10n.get(key::LEARN_DONE))
            } @else {
                (l10n.say(key::LEARN_ALL_DONE, &args))
            }
        }
        a class="btn" href=(href) aria-label={ (action) ": " (title) } { (action) }
    }
}

pub(super) fn minutes(l10n: &Localization, lesson: &Lesson) -> String {
    let minutes = [("minutes", Value::Count(lesson.minutes.into()))];
    l10n.say(key::LEARN_MINUTES, &minutes)
}

/// Where a lesson goes on: its first step that was not shown, or its task.
fn resume(learn: &Learn, number: usize, lesson: &Lesson) -> Route {
    let walk = learn.progress.of(lesson);
    let mut steps = lesson.steps.iter().enumerate();
    let open = steps.find(|(index, step)| walk.phase(*index, step) != Phase::Shown);
    let screen = match open {
        _ if walk.is_complete(lesson) => Screen::Step(0),
        Some((index, _)) => Screen::Step(index),
        None => Screen::Task,
    };
    Route::Lesson {
        lesson: number,
        screen,
    }
}

fn lesson(
    l10n: &Localization,
    learn: &Learn,
    number: usize,
    it: &Lesson,
    screen: Screen,
) -> Markup {
    let title = html! {
        span class="soft" { (lesson_number(l10n, number)) } " " (message(l10n, &it.title))
    };
    let tell = match screen {
        Screen::Step(index) => it.steps.get(index).map_or_else(Markup::default, |step| {
            self::step(l10n, learn, it, index, step)
        }),
        Screen::Task => task(l10n, learn, it, &it.task),
        Screen::End => end(l10n, learn, number, it),
    };
    let questions = if learn.open_to_end() { "" } else { "questions" };
    html! {
        div class="learn-head" {
            (back(l10n, learn))
            (heading(title))
            nav class="learn-where" aria-label=(l10n.named("learn-where.aria-label")) {
                ol id="learn-where" { (whereabouts(l10n, learn, number, it, screen)) }
            }
            (scorm::trouble(l10n, learn))
        }
        @if screen == Screen::End { (tell) } @else {
            div class={ "learn-columns " (questions) } {
                section class="panel learn-tell" {
                    (tell)
                    p class="row learn-ways" id="learn-ways" { (ways(l10n, learn)) }
                }
                (stage(l10n, matches!(screen, Screen::Step(_)) && learn.open_to_end()))
            }
        }
    }
}

/// Shows what is done, without putting the rest together again.
pub(super) fn update_done(l10n: &Localization, learn: &Learn) {
    if let Route::Lesson { lesson, screen } = learn.route
        && let Some(it) = learn.lessons.get(lesson)
    {
        let where_ = whereabouts(l10n, learn, lesson, it, screen);
        put("learn-where", &where_);
        put("learn-ways", &ways(l10n, learn));
    }
}

/// The steps of a lesson, as links.
fn whereabouts(
    l10n: &Localization,
    learn: &Learn,
    number: usize,
    it: &Lesson,
    screen: Screen,
) -> Markup {
    let walk = learn.progress.of(it);
    let named = |key: Key| (l10n.get(key).to_owned(), l10n.get(key).to_owned());
    let steps = (0..it.steps.len()).map(Screen::Step);
    let mut phases = it.steps.iter().enumerate();
    let open = phases
        .find(|(index, step)| walk.phase(*index, step) == Phase::Asked)
        .map(|(index, _)| index);
    html! {
        @for at in steps.chain([Screen::Task, Screen::End]) {
            @let ((short, name), done) = match at {
                Screen::Step(index) => {
                    let step = [("step", Value::Number(index as u64 + 1))];
                    let phase = it.steps.get(index).map(|step| walk.phase(index, step));
                    let texts = ((index + 1).to_string(), l10n.say(key::LEARN_STEP, &step));
                    (texts, phase == Some(Phase::Shown))
                }
                Screen::Task => (named(key::LEARN_STEP_TASK), walk.is_achieved()),
                Screen::End => (named(key::LEARN_STEP_END), false),
            };
            @let name = if done {
                l10n.say(key::LEARN_STEP_DONE, &[("step", Value::Text(&name))])
            } else {
                name
            };
            @let route = Route::Lesson { lesson: number, screen: at };
            // What follows a question would show its answer.
            @let ahead = open.is_some_and(|open| at != screen && !done && is_beyond(at, open));
            li {
                @if ahead { span class="off" aria-label=(name) { (short) } } @else { a href={ "#" (route.fragment(&learn.lessons)) }
                    class=(if done { "done" } else { "" })
                    aria-label=(name) aria-current=[(at == screen).then_some("step")] { (short) } }
            }
        }
    }
}

/// Whether a screen is beyond a step.
const fn is_beyond(at: Screen, step: usize) -> bool {
    match at {
        Screen::Step(index) => index > step,
        Screen::Task | Screen::End => true,
    }
}

/// Back and on.
fn ways(l10n: &Localization, learn: &Learn) -> Markup {
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
            (link(learn, route, "btn", l10n.get(key::LEARN_PREVIOUS)))
        }
        @if let Some(route) = next.filter(|_| learn.asked().is_none()) { (link(learn, route, class, l10n.get(key::LEARN_NEXT))) }
    }
}

fn step(l10n: &Localization, learn: &Learn, it: &Lesson, index: usize, step: &Step) -> Markup {
    let walk = learn.progress.of(it);
    let phase = walk.phase(index, step);
    html! {
        (prose(l10n, &said(l10n, &step.text, &learn.values), "text"))
        @if let Some(program) = &step.code { (code::draw(l10n, program)) }
        @if let Some(question) = &step.question {
            (predict::draw(l10n, learn, question, &walk, index))
        }
        @match phase {
            Phase::Asked => {}
            Phase::Ready(_) => { p { (button(l10n, "show", "btn primary", key::LEARN_SHOW)) } }
            Phase::Shown => {
                div class="after" id="learn-after" tabindex="-1" {
                    (prose(l10n, &said(l10n, &step.after, &learn.values), "after"))
                }
                @if let Some(scene) = it.scenes.get(step.scene) {
                    @let now = learn.attempt.on(scene);
                    @for (number, dial) in step.controls.iter().enumerate() {
                        (what_if(l10n, number, dial, now.get(dial.control)))
                    }
                }
                @if step.question.is_some() {
                    p { (button(l10n, "again", "btn small", key::LEARN_AGAIN)) }
                }
            }
        }
    }
}

fn task(l10n: &Localization, learn: &Learn, it: &Lesson, task: &Task) -> Markup {
    let scene = it.scenes.get(task.scene);
    html! {
        h3 class="big" { (l10n.get(key::LEARN_STEP_TASK)) }
        (prose(l10n, &said(l10n, &task.text, &learn.values), "task"))
        @if let Some(scene) = scene.filter(|_| !task.controls.is_empty()) {
            h3 { (l10n.get(key::LEARN_CONTROLS)) }
            @let now = learn.attempt.on(scene);
            @for (number, it) in task.controls.iter().enumerate() {
                (dial(l10n, number, it, now.get(it.control)))
            }
        }
        @if !task.actions.is_empty() {
            h3 { (l10n.get(key::LEARN_PACKETS)) }
            div id="learn-packets" {}
            div id="learn-interventions" {}
        }
        h3 { (l10n.get(key::LEARN_GOALS)) }
        ul class="goals plain" id="learn-goals" {}
        div id="learn-done" {}
        @if let Some(exercise) = learn.exercise_of(it) {
            p { (link(learn, exercise, "", l10n.get(key::LEARN_EXERCISE_BACK))) }
        }
        p class="row" { (button(l10n, "reset", "btn small", key::LEARN_START_OVER)) }
        details {
            summary { (l10n.get(key::LEARN_HINT)) }
            p { (line(&said(l10n, &task.hint, &learn.values))) }
        }
    }
}

fn dial(l10n: &Localization, number: usize, dial: &Dial, value: i64) -> Markup {
    let control = control_id(dial.control);
    let id = ["dial-", &control].concat();
    let shown = say::setting(l10n, dial.control, value);
    html! {
        div class="field dial" {
            label for=(id) { (l10n.get(say::control(dial.control))) }
            output class="mono" for=(id) id={ "set-" (control) } { (shown) }
            input type="range" id=(id) data-dial=(number) min=(dial.least) max=(dial.most)
                step=(dial.step) value=(value) aria-valuetext=(shown);
        }
    }
}

/// A sentence with a value that is moved in it, and the scene with it.
fn what_if(l10n: &Localization, number: usize, dial: &Dial, value: i64) -> Markup {
    /// Stands in the sentence for what is no text.
    const OBJECT: &str = "\u{fffc}";
    let control = control_id(dial.control);
    let id = ["dial-", &control].concat();
    let shown = say::setting(l10n, dial.control, value);
    let sentence = l10n.say(
        say::what_if(dial.control),
        &[("value", Value::Text(OBJECT))],
    );
    let (before, after) = sentence.split_once(OBJECT).unwrap_or((&sentence, ""));
    // What follows it without a space stays on its line.
    let (close, after) = after.split_at(after.find(' ').unwrap_or(after.len()));
    html! {
        p class="what-if" {
            (before)
            span class="held-together" { span {
                input type="range" id=(id) data-dial=(number) min=(dial.least) max=(dial.most)
                    step=(dial.step) value=(value) aria-valuetext=(shown)
                    aria-label=(l10n.get(say::control(dial.control)));
                output class="mono" for=(id) id={ "set-" (control) } { (shown) }
            } (close) }
            (after)
        }
    }
}

fn end(l10n: &Localization, learn: &Learn, number: usize, it: &Lesson) -> Markup {
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
            h3 class="big" { (l10n.get(key::LEARN_REAL_TITLE)) }
            p { (l10n.get(key::LEARN_REAL_INTRO)) }
            ol class="commands" { @for command in &it.commands { li { code {
                @for word in command.split(' ') { span class="word" { (word) } " " }
            } } } }
            h3 { (l10n.get(key::LEARN_EXPECT)) }
            (prose(l10n, &said(l10n, &it.real, &learn.values), "real"))
            p class="row" {
                button type="button" class="btn primary" data-action="pick" {
                    (l10n.get(key::LEARN_OPEN_JOURNAL))
                }
                @if let Some(link) = super::simulate_link(it) {
                    a class="btn" href={ "#" (link) } { (l10n.get(key::LEARN_OPEN_SIMULATE)) }
                }
            }
            (code::own_client(l10n, number, it))
            h3 { (l10n.get(key::LEARN_SOURCES)) }
            ul class="sources" { @for name in &it.sources { li { (source(name)) } } }
            (plan::of(l10n, learn, it))
            (glossary::of(l10n, it))
            p class="row learn-ways" {
                @for (route, key, class) in ways {
                    @if let Some(route) = route { (link(learn, route, class, l10n.get(key))) }
                }
            }
        }
    }
}

/// Where lanes, time and panels will be.
pub(super) fn stage(l10n: &Localization, acts: bool) -> Markup {
    let icon = |act: &str, name: &'static str, href: &str| {
        html! {
            button type="button" class="btn icon" data-learn=(act) aria-label=(l10n.named(name)) {
                (symbol("i", href))
            }
        }
    };
    html! {
        section class="panel learn-stage" aria-label=(l10n.named("learn-stage.aria-label")) {
            div class="learn-view" {
            div id="learn-lanes" class="learn-lanes" tabindex="0" role="group"
                aria-label=(l10n.named("learn-lanes.aria-label")) {}
            p id="learn-refused" class="wrong" role="alert" hidden {}
            div class="learn-time" role="group"
                aria-label=(l10n.named("learn-transport.aria-label")) {
                (icon("to-start", "learn-to-start.aria-label", "#i-first"))
                (icon("back", "learn-step-back.aria-label", "#i-back"))
                button type="button" class="btn play" data-learn="play" id="learn-play" {}
                (icon("on", "learn-step-on.aria-label", "#i-forward"))
                (icon("to-end", "learn-to-end.aria-label", "#i-last"))
                input type="range" id="learn-scrub" min="0" value="0"
                    aria-label=(l10n.named("learn-scrub.aria-label"));
                output id="learn-now" class="mono clock" for="learn-scrub" {}
            }
            }
            div id="learn-legend" class="learn-legend" role="group" aria-label=(l10n.get(key::LEARN_LEGEND)) {}
            div id="learn-ends" class="learn-ends" {}
            @if acts {
                div id="learn-packets" data-quiet {}
                div id="learn-interventions" {}
                p class="row" { (button(l10n, "reset", "btn small", key::LEARN_ORIGINAL)) }
            }
            div id="learn-panels" class="learn-panels" {}
            details id="learn-happened" {
                summary { (l10n.get(key::LEARN_HAPPENED)) }
                ol {}
            }
        }
    }
}
