//! The room's screens, as markup.
//!
//! Owns what is on each. What moves on a stage is drawn apart from it, many times.

use std::fmt::Write as _;

use super::super::i18n::{Value, Words, key};
use super::Learn;
use super::exercise::unit_of;
use super::html::{self, button, escape, label, line, message, prose, put, source};
use super::{glossary, say};
use udping_engine::lesson::progress::Phase;
use udping_engine::lesson::route::{Route, Screen};
use udping_engine::lesson::task::Task;
use udping_engine::lesson::{Lesson, Step};

/// The place where somebody is, all of it but what moves.
pub(super) fn draw(words: &Words, learn: &Learn) -> String {
    match learn.route {
        Route::List => list(words, learn),
        Route::Teacher => super::teacher::draw(words, learn),
        Route::Glossary => glossary::draw(words, learn),
        Route::Exercise { lesson, .. } => learn
            .lessons
            .get(lesson)
            .map_or_else(String::new, |lesson| exercise(words, learn, lesson)),
        Route::Lesson { lesson, screen } => {
            learn.lessons.get(lesson).map_or_else(String::new, |it| {
                self::lesson(words, learn, lesson, it, screen)
            })
        }
    }
}

fn heading(text: &str) -> String {
    format!("<h2 id=\"learn-title\" class=\"learn-title\" tabindex=\"-1\">{text}</h2>")
}

fn list(words: &Words, learn: &Learn) -> String {
    let mut out = format!(
        "<div class=\"learn-page\">{}<p class=\"lead\">{}</p>",
        heading(&escape(words.get(key::LEARN_ROOM_TITLE))),
        escape(words.get(key::LEARN_ROOM_INTRO))
    );
    if learn.unreadable {
        let _ = write!(
            out,
            "<p class=\"wrong\">{}</p>",
            escape(words.get(key::LEARN_ROOM_LOST))
        );
    }
    out.push_str("<ol class=\"lessons\">");
    for (number, lesson) in learn.lessons.iter().enumerate() {
        let walk = learn.progress.of(lesson);
        let (done, all) = (walk.done(lesson), lesson.steps.len() + 1);
        let place = resume(learn, number, lesson);
        let action = if walk.is_complete(lesson) {
            key::LEARN_REVISIT
        } else if done > 0 {
            key::LEARN_CONTINUE
        } else {
            key::LEARN_BEGIN
        };
        let state = if walk.is_complete(lesson) {
            format!(
                "<svg class=\"mark replied\" aria-hidden=\"true\"><use href=\"#m-replied\"/></svg>{}",
                escape(words.get(key::LEARN_DONE))
            )
        } else {
            let args = [
                ("done", Value::Count(done as u64)),
                ("all", Value::Count(all as u64)),
            ];
            escape(&words.say(key::LEARN_ALL_DONE, &args))
        };
        // Writing to a string cannot fail, here and below.
        let _ = write!(
            out,
            "<li><div><h3><a href=\"#{link}\">{title}</a></h3><p>{aim}</p></div><p class=\"soft small\">{minutes} · {state}</p><a class=\"btn\" href=\"#{link}\" aria-label=\"{action}: {title}\">{action}</a></li>",
            link = place.fragment(&learn.lessons),
            title = escape(message(words, &lesson.title)),
            aim = line(message(words, &lesson.aim)),
            minutes = escape(&minutes(words, lesson)),
            action = escape(words.get(action)),
        );
    }
    out.push_str("</ol><p class=\"row\">");
    for (place, name) in [
        (Route::Glossary, key::LEARN_GLOSSARY_TITLE),
        (Route::Teacher, key::LEARN_TEACHER),
    ] {
        let _ = write!(
            out,
            "<a class=\"btn\" href=\"#{}\">{}</a>",
            place.fragment(&learn.lessons),
            escape(words.get(name))
        );
    }
    if !learn.progress.is_empty() {
        out.push_str(&button(words, "forget", "btn", key::LEARN_FORGET));
    }
    out.push_str("</p></div>");
    out
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

fn lesson(words: &Words, learn: &Learn, number: usize, it: &Lesson, screen: Screen) -> String {
    let title = format!(
        "<span class=\"soft\">{}</span> {}",
        escape(&words.say(
            key::LEARN_LESSON_NUMBER,
            &[("number", Value::Number(number as u64 + 1))]
        )),
        escape(message(words, &it.title))
    );
    let mut out = format!(
        "<div class=\"learn-head\"><a class=\"link\" href=\"#{}\">← {}</a>{}<nav class=\"learn-where\" {}><ol id=\"learn-where\">{}</ol></nav></div>",
        Route::List.fragment(&learn.lessons),
        escape(words.get(key::LEARN_ALL)),
        heading(&title),
        label(words, "learn-where.aria-label"),
        whereabouts(words, learn, number, it, screen)
    );
    let tell = match screen {
        Screen::Step(place) => it.steps.get(place).map_or_else(String::new, |step| {
            self::step(words, learn, it, place, step)
        }),
        Screen::Task => task(words, learn, it, &it.task),
        Screen::End => return out + &end(words, learn, number, it),
    };
    let asks = if learn.open_to_end() { "" } else { "asks" };
    let _ = write!(
        out,
        "<div class=\"learn-columns {asks}\"><section class=\"panel learn-tell\">{tell}<p class=\"row learn-ways\" id=\"learn-ways\">{}</p></section>{}</div>",
        ways(words, learn),
        stage(words)
    );
    out
}

/// Marks what is done, without putting the rest together anew.
pub(super) fn mark(words: &Words, learn: &Learn) {
    if let Route::Lesson { lesson, screen } = learn.route
        && let Some(it) = learn.lessons.get(lesson)
    {
        put(
            "learn-where",
            &whereabouts(words, learn, lesson, it, screen),
        );
        put("learn-ways", &ways(words, learn));
    }
}

/// The steps of a lesson, as links.
fn whereabouts(words: &Words, learn: &Learn, number: usize, it: &Lesson, screen: Screen) -> String {
    let walk = learn.progress.of(it);
    let mut out = String::new();
    let steps = (0..it.steps.len()).map(Screen::Step);
    for at in steps.chain([Screen::Task, Screen::End]) {
        let (short, name, done) = match at {
            Screen::Step(place) => (
                (place + 1).to_string(),
                words.say(
                    key::LEARN_STEP,
                    &[("step", Value::Number(place as u64 + 1))],
                ),
                it.steps
                    .get(place)
                    .is_some_and(|step| walk.phase(place, step) == Phase::Shown),
            ),
            Screen::Task => {
                let name = words.get(key::LEARN_STEP_TASK).to_owned();
                (name.clone(), name, walk.is_achieved())
            }
            Screen::End => {
                let name = words.get(key::LEARN_STEP_END).to_owned();
                (name.clone(), name, false)
            }
        };
        let name = if done {
            words.say(key::LEARN_STEP_DONE, &[("step", Value::Text(&name))])
        } else {
            name
        };
        let place = Route::Lesson {
            lesson: number,
            screen: at,
        };
        let _ = write!(
            out,
            "<li><a href=\"#{}\" class=\"{}\" aria-label=\"{}\"{}>{}</a></li>",
            place.fragment(&learn.lessons),
            if done { "done" } else { "" },
            escape(&name),
            if at == screen {
                " aria-current=\"step\""
            } else {
                ""
            },
            escape(&short)
        );
    }
    out
}

/// Back and on.
fn ways(words: &Words, learn: &Learn) -> String {
    let mut out = String::new();
    for (place, key, class) in [
        (
            learn.route.previous(&learn.lessons),
            key::LEARN_PREVIOUS,
            "btn",
        ),
        (
            learn.route.next(&learn.lessons),
            key::LEARN_NEXT,
            if learn.may_go_on() {
                "btn primary"
            } else {
                "btn"
            },
        ),
    ] {
        if let Some(place) = place {
            let _ = write!(
                out,
                "<a class=\"{class}\" href=\"#{}\">{}</a>",
                place.fragment(&learn.lessons),
                escape(words.get(key))
            );
        }
    }
    out
}

fn step(words: &Words, learn: &Learn, it: &Lesson, place: usize, step: &Step) -> String {
    let walk = learn.progress.of(it);
    let phase = walk.phase(place, step);
    let mut out = prose(words, message(words, &step.text), "text");
    let answer = walk.answer_at(place);
    if let Some(ask) = &step.ask {
        let _ = write!(
            out,
            "<fieldset class=\"ask\">{}<p class=\"soft small\">{}</p>",
            html::legend(words, message(words, &ask.question), "ask"),
            escape(words.get(key::LEARN_PREDICT))
        );
        for (number, it) in ask.answers.iter().enumerate() {
            let given = answer == Some(number);
            let verdict = match (given, it.right) {
                (true, true) => "right",
                (true, false) => "wrong-answer",
                (false, true) if phase == Phase::Shown => "right",
                _ => "",
            };
            let _ = write!(
                out,
                "<button type=\"button\" class=\"answer {verdict}\" data-learn=\"answer\" data-value=\"{number}\" aria-pressed=\"{given}\"{}>{}</button>",
                if phase == Phase::Shown {
                    " disabled"
                } else {
                    ""
                },
                line(message(words, &it.text))
            );
        }
        if let Some(given) = answer.and_then(|answer| ask.answers.get(answer)) {
            let (class, verdict) = if given.right {
                ("right", key::LEARN_RIGHT)
            } else {
                ("wrong-answer", key::LEARN_WRONG)
            };
            let _ = write!(
                out,
                "<div class=\"feedback {class}\"><b>{}</b> {}</div>",
                escape(words.get(verdict)),
                prose(words, message(words, &given.feedback), "feedback")
            );
        }
        out.push_str("</fieldset>");
    }
    match phase {
        Phase::Asked => {}
        Phase::Ready(answer) => {
            let text = if answer.is_some() {
                key::LEARN_SHOW_ANSWERED
            } else {
                key::LEARN_SHOW
            };
            let _ = write!(out, "<p>{}</p>", button(words, "show", "btn primary", text));
        }
        Phase::Shown => {
            let _ = write!(
                out,
                "<div class=\"after\" id=\"learn-after\" tabindex=\"-1\">{}</div>",
                prose(words, message(words, &step.after), "after")
            );
            if step.ask.is_some() {
                let again = button(words, "again", "btn small", key::LEARN_AGAIN);
                let _ = write!(out, "<p>{again}</p>");
            }
        }
    }
    out
}

fn task(words: &Words, learn: &Learn, it: &Lesson, task: &Task) -> String {
    let mut out = format!(
        "<h3 class=\"big\">{}</h3>{}",
        escape(words.get(key::LEARN_STEP_TASK)),
        prose(words, message(words, &task.text), "task")
    );
    let scene = it.scenes.get(task.scene);
    if let Some(scene) = scene.filter(|_| !task.controls.is_empty()) {
        let _ = write!(out, "<h3>{}</h3>", escape(words.get(key::LEARN_CONTROLS)));
        let now = learn.deeds.on(scene);
        for dial in &task.controls {
            let value = now.get(dial.control);
            let _ = write!(
                out,
                "<div class=\"field dial\"><label for=\"dial-{id}\">{name}</label><output class=\"mono\" for=\"dial-{id}\" id=\"set-{id}\">{shown}</output><input type=\"range\" id=\"dial-{id}\" data-dial=\"{place}\" min=\"{}\" max=\"{}\" step=\"{}\" value=\"{value}\" aria-valuetext=\"{shown}\"></div>",
                dial.least,
                dial.most,
                dial.step,
                id = format!("{:?}", dial.control).to_ascii_lowercase(),
                place = task
                    .controls
                    .iter()
                    .position(|it| it == dial)
                    .unwrap_or_default(),
                name = escape(words.get(say::control(dial.control))),
                shown = escape(&say::setting(words, dial.control, value)),
            );
        }
    }
    if !task.acts.is_empty() {
        let _ = write!(
            out,
            "<h3>{}</h3><div id=\"learn-packets\"></div><div id=\"learn-acts\"></div>",
            escape(words.get(key::LEARN_PACKETS))
        );
    }
    let _ = write!(
        out,
        "<h3>{}</h3><ul class=\"goals plain\" id=\"learn-goals\"></ul><div id=\"learn-done\"></div><p class=\"row\">{}</p><details><summary>{}</summary><p>{}</p></details>",
        escape(words.get(key::LEARN_GOALS)),
        button(words, "reset", "btn small", key::LEARN_START_OVER),
        escape(words.get(key::LEARN_HINT)),
        line(message(words, &task.hint))
    );
    out
}

fn end(words: &Words, learn: &Learn, number: usize, it: &Lesson) -> String {
    let mut out = format!(
        "<div class=\"learn-page\"><h3 class=\"big\">{}</h3><p>{}</p><ol class=\"commands\">",
        escape(words.get(key::LEARN_REAL_TITLE)),
        escape(words.get(key::LEARN_REAL_INTRO))
    );
    for command in &it.commands {
        let _ = write!(out, "<li><code>{}</code></li>", escape(command));
    }
    let _ = write!(
        out,
        "</ol><h3>{}</h3>{}<p class=\"row\"><button type=\"button\" class=\"btn primary\" data-act=\"pick\">{}</button>",
        escape(words.get(key::LEARN_EXPECT)),
        prose(words, message(words, &it.real), "real"),
        escape(words.get(key::LEARN_OPEN_JOURNAL))
    );
    if let Some(link) = super::simulate_link(it) {
        let _ = write!(
            out,
            "<a class=\"btn\" href=\"#{link}\">{}</a>",
            escape(words.get(key::LEARN_OPEN_SIMULATE))
        );
    }
    let _ = write!(
        out,
        "</p><h3>{}</h3><ul class=\"sources\">",
        escape(words.get(key::LEARN_SOURCES))
    );
    for name in &it.sources {
        let _ = write!(out, "<li>{}</li>", source(name));
    }
    out.push_str("</ul>");
    out.push_str(&glossary::of(words, it));
    out.push_str("<p class=\"row learn-ways\">");
    let places = [
        (
            learn.route.previous(&learn.lessons),
            key::LEARN_PREVIOUS,
            "btn",
        ),
        (
            (number + 1 < learn.lessons.len()).then_some(Route::Lesson {
                lesson: number + 1,
                screen: Screen::Step(0),
            }),
            key::LEARN_NEXT_LESSON,
            "btn primary",
        ),
        (Some(Route::List), key::LEARN_ALL, "btn"),
    ];
    for (place, key, class) in places {
        if let Some(place) = place {
            let _ = write!(
                out,
                "<a class=\"{class}\" href=\"#{}\">{}</a>",
                place.fragment(&learn.lessons),
                escape(words.get(key))
            );
        }
    }
    out.push_str("</p></div>");
    out
}

fn exercise(words: &Words, learn: &Learn, it: &Lesson) -> String {
    let title = words.say(
        key::LEARN_EXERCISE_TITLE,
        &[("lesson", Value::Text(message(words, &it.title)))],
    );
    let mut out = format!(
        "<div class=\"learn-head\"><a class=\"link\" href=\"#{}\">← {}</a>{}</div><div class=\"learn-columns\"><section class=\"panel learn-tell\"><p>{}</p>",
        Route::List.fragment(&learn.lessons),
        escape(words.get(key::LEARN_ALL)),
        heading(&escape(&title)),
        escape(words.get(key::LEARN_EXERCISE_INTRO))
    );
    for (place, reading) in it.exercise.readings.iter().enumerate() {
        let unit = if unit_of(reading).is_empty() {
            String::new()
        } else {
            format!(
                "<span class=\"unit\">{}</span>",
                escape(words.get(key::LEARN_UNIT_MS))
            )
        };
        let given = learn.written.get(place).map_or("", String::as_str);
        let _ = write!(
            out,
            "<div class=\"field\"><label for=\"reading-{place}\">{}</label><span class=\"value\"><input id=\"reading-{place}\" data-reading=\"{place}\" inputmode=\"decimal\" autocomplete=\"off\" value=\"{}\">{unit}</span></div>",
            line(message(words, &reading.text)),
            escape(given)
        );
    }
    let _ = write!(
        out,
        "<div class=\"field\"><label for=\"learn-name\">{}</label><input id=\"learn-name\" data-name autocomplete=\"name\" value=\"{}\"></div><p class=\"row\">{}</p><p id=\"learn-missing\" class=\"wrong\" role=\"alert\" hidden></p><p class=\"soft small\">{}</p></section>{}</div>",
        escape(words.get(key::LEARN_EXERCISE_NAME)),
        escape(&learn.name),
        button(words, "save", "btn primary", key::LEARN_EXERCISE_SAVE),
        escape(words.get(key::LEARN_EXERCISE_HONEST)),
        stage(words)
    );
    out
}

/// Where lanes, time and panels will be.
fn stage(words: &Words) -> String {
    let icon = |act: &str, name: &'static str, symbol: &str| {
        format!(
            "<button type=\"button\" class=\"btn icon\" data-learn=\"{act}\" {}><svg class=\"i\" aria-hidden=\"true\"><use href=\"#{symbol}\"/></svg></button>",
            label(words, name)
        )
    };
    format!(
        "<section class=\"panel learn-stage\" {}><div id=\"learn-lanes\" class=\"learn-lanes\" tabindex=\"0\" role=\"group\" {}></div><p id=\"learn-refused\" class=\"wrong\" role=\"alert\" hidden></p><div class=\"learn-time\" role=\"group\" {}>{}{}<button type=\"button\" class=\"btn play\" data-learn=\"play\" id=\"learn-play\"></button>{}{}<input type=\"range\" id=\"learn-scrub\" min=\"0\" value=\"0\" {}><output id=\"learn-now\" class=\"mono clock\" for=\"learn-scrub\"></output></div><div id=\"learn-panels\" class=\"learn-panels\"></div><details id=\"learn-happened\"><summary>{}</summary><ol></ol></details></section>",
        label(words, "learn-stage.aria-label"),
        label(words, "learn-lanes.aria-label"),
        label(words, "learn-transport.aria-label"),
        icon("to-start", "learn-to-start.aria-label", "i-first"),
        icon("back", "learn-step-back.aria-label", "i-back"),
        icon("on", "learn-step-on.aria-label", "i-forward"),
        icon("to-end", "learn-to-end.aria-label", "i-last"),
        label(words, "learn-scrub.aria-label"),
        escape(words.get(key::LEARN_HAPPENED))
    )
}
