//! Every lesson, walked: its intended path, each wrong answer, its task and exercise.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Pattern, PatternElement};
use fluent_syntax::parser;
use udping_link::Seed;

use super::prediction::Prediction;
use super::progress::{LessonProgress, Phase, Progress, ProgressError};
use super::task::{Attempt, LearnerAction};
use super::*;

fn lessons() -> Vec<Lesson> {
    all().unwrap()
}

#[test]
fn a_lesson_is_told_from_every_other() {
    let lessons = lessons();
    let ids: BTreeSet<_> = lessons.iter().map(|lesson| &lesson.id).collect();
    assert_eq!(ids.len(), lessons.len());
    for lesson in &lessons {
        assert!((5..=10).contains(&lesson.minutes), "{}", lesson.id);
        assert!(
            !lesson.commands.is_empty() && !lesson.sources.is_empty(),
            "{}",
            lesson.id
        );
    }
}

#[test]
fn every_question_has_one_right_answer_and_every_answer_its_feedback() {
    for lesson in lessons() {
        let questions: Vec<_> = lesson
            .steps
            .iter()
            .filter_map(|step| step.question.as_ref())
            .collect();
        assert!(questions.len() >= 2, "{} questions too little", lesson.id);
        for question in questions {
            let right = question
                .answers
                .iter()
                .filter(|answer| answer.right)
                .count();
            assert_eq!(right, 1, "{}", question.text);
            assert!(question.answers.len() >= 3, "{}", question.text);
            let feedback: BTreeSet<_> = question
                .answers
                .iter()
                .map(|answer| &answer.feedback)
                .collect();
            assert_eq!(feedback.len(), question.answers.len(), "{}", question.text);
        }
    }
}

#[test]
fn every_step_shows_what_its_prose_says() {
    for lesson in lessons() {
        let stages: Vec<_> = lesson
            .scenes
            .iter()
            .map(|scene| scene.play().unwrap())
            .collect();
        for (index, step) in lesson.steps.iter().enumerate() {
            let stage = &stages[step.scene];
            let until = step.until.at_ns(stage);
            let until =
                until.unwrap_or_else(|| panic!("{}: {:?} never happens", step.text, step.until));
            assert!(step.from.is_none_or(|from| from.at_ns(stage).is_some()));
            let from = lesson.begins_ns(index, stage);
            assert!(from <= until, "{} goes back: {from} to {until}", step.text);
            for fact in &step.facts {
                let value = fact.value(stage, until);
                assert!(
                    fact.holds(stage, until),
                    "{}: {fact:?} is {value:?}",
                    step.text
                );
            }
        }
    }
}

#[test]
fn every_task_is_open_at_first_and_achieved_by_its_solution() {
    for lesson in lessons() {
        let task = &lesson.task;
        let scene = &lesson.scenes[task.scene];
        let untouched = Attempt::default();
        assert!(
            !task.is_achieved(&untouched.play(scene).unwrap(), 0),
            "{} is done before it begins",
            lesson.id
        );
        assert!(
            task.goals.iter().all(|goal| goal.text.is_some()),
            "{}",
            lesson.id
        );
        let mut attempt = Attempt::default();
        for action in &task.solution {
            assert!(
                task.permits(action),
                "{}: {action:?} cannot be done",
                lesson.id
            );
            if let LearnerAction::Intervene(act) = action {
                // The packet is in flight then, or the act would do nothing.
                let stage = attempt.play(scene).unwrap();
                let flies = stage
                    .tracks
                    .iter()
                    .flat_map(|track| &track.flights)
                    .any(|flight| {
                        (flight.direction, flight.id) == (act.direction, act.packet)
                            && flight.flies_at(act.at_ns)
                    });
                assert!(flies, "{}: {action:?} finds no packet", lesson.id);
            }
            attempt.add(*action);
        }
        let stage = attempt.play(scene).unwrap();
        for goal in &task.goals {
            let value = goal.value(&stage, attempt.at_ns);
            assert!(
                goal.holds(&stage, attempt.at_ns),
                "{}: {goal:?} is {value:?}",
                lesson.id
            );
        }
    }
}

#[test]
fn a_reveal_moves_something_and_has_a_place_where_the_answer_is_seen() {
    for lesson in lessons() {
        for (index, step) in lesson.steps.iter().enumerate() {
            let stage = lesson.scenes[step.scene].play().unwrap();
            let (from, until) = (lesson.begins_ns(index, &stage), step.until.at_ns(&stage));
            assert!(Some(from) < until, "{} stands still", step.text);
            if step.question.is_none() {
                continue;
            }
            let shown = stage
                .times()
                .iter()
                .any(|at| from < *at && Some(*at) <= until);
            assert!(shown, "{} shows nothing new", step.text);
            match step.mark() {
                Mark::Moment(stop) => {
                    let at = stop.at_ns(&stage).unwrap();
                    assert!(from <= at && Some(at) <= until, "{}: {at}", step.text);
                    let named = !matches!(stop.what, Trigger::Start | Trigger::End);
                    assert!(named, "{} marks no event", step.text);
                }
                Mark::Figure(lane, measure) => {
                    let value = stage.measure(lane, measure, until.unwrap());
                    assert!(value.is_some(), "{}: {measure:?}", step.text);
                }
            }
        }
    }
}

#[test]
fn a_dial_starts_where_it_can_stand() {
    for lesson in lessons() {
        let task = (&lesson.scenes[lesson.task.scene], &lesson.task.controls);
        let steps = lesson.steps.iter();
        let steps = steps.map(|step| (&lesson.scenes[step.scene], &step.controls));
        let dials = steps.chain([task]);
        for (scene, dial) in dials.flat_map(|(scene, all)| all.iter().map(move |it| (scene, it))) {
            let value = scene.get(dial.control);
            assert!(
                dial.has(value),
                "{}: {:?} starts at {value}",
                lesson.id,
                dial.control
            );
            let mut moved = scene.clone();
            moved.set(dial.control, dial.most);
            assert_eq!(moved.get(dial.control), dial.most, "{:?}", dial.control);
        }
    }
}

#[test]
fn an_exercise_can_be_read_under_every_seed_and_differs_from_seed_to_seed() {
    for lesson in lessons() {
        let exercise = &lesson.exercise;
        let mut seen = BTreeSet::new();
        for seed in 0..50 {
            let mut scene = exercise.scene.clone();
            scene.setup.scenario.seed = Seed::from_low_bits(seed * 7_919);
            let stage = scene.play().unwrap();
            let values: Vec<_> = exercise
                .readings
                .iter()
                .map(|reading| stage.measure(reading.lane, reading.measure, u64::MAX))
                .collect();
            assert!(
                values.iter().all(Option::is_some),
                "{} seed {seed}: {values:?}",
                lesson.id
            );
            seen.insert(values);
        }
        assert!(
            seen.len() > 10,
            "{}: {} kinds of runs",
            lesson.id,
            seen.len()
        );
    }
}

#[test]
fn a_lesson_is_walked_by_its_intended_path_and_by_every_wrong_answer() {
    for lesson in lessons() {
        let mut progress = Progress::default();
        let walk = progress.walk(&lesson);
        for (index, step) in lesson.steps.iter().enumerate() {
            let Some(question) = &step.question else {
                assert_eq!(walk.phase(index, step), Phase::Ready(None));
                assert!(walk.show(index, step));
                continue;
            };
            assert_eq!(walk.phase(index, step), Phase::Asked);
            assert!(
                !walk.show(index, step),
                "a question comes before its answer"
            );
            walk.skip(index);
            assert_eq!(walk.phase(index, step), Phase::Shown);
            assert_eq!(
                walk.answer_at(index),
                None,
                "a step that was skipped has no answer"
            );
            walk.again(index);
            let stage = lesson.scenes[step.scene].play().unwrap();
            let predict =
                |walk: &mut LessonProgress, given| walk.predict(index, step, given, &stage);
            for answer in
                (0..question.answers.len()).filter(|answer| Some(*answer) != question.right())
            {
                let given = &question.answers[answer];
                let given = given
                    .value_in(&stage)
                    .map_or(Prediction::Answer(answer), Prediction::Value);
                assert!(predict(walk, given));
                assert_eq!(walk.phase(index, step), Phase::Ready(Some(answer)));
                assert!(walk.show(index, step), "a wrong prediction is one too");
                assert!(
                    !predict(walk, Prediction::Answer(0)),
                    "what was shown cannot be predicted"
                );
                walk.again(index);
                assert_eq!(walk.phase(index, step), Phase::Asked);
            }
            assert!(!predict(walk, Prediction::Answer(question.answers.len())));
            assert!(
                predict(walk, Prediction::Answer(0))
                    && predict(walk, Prediction::Answer(question.right().unwrap()))
            );
            assert_eq!(walk.answers_at(index).len(), 2);
            assert!(walk.show(index, step));
            assert_eq!(walk.phase(index, step), Phase::Shown);
        }
        assert!(!walk.is_complete(&lesson));
        walk.achieve(lesson.task.solution.iter().copied().collect());
        assert!(walk.is_complete(&lesson));
        let kept = Progress::parse(&progress.text()).unwrap();
        assert_eq!(kept, progress);
        assert!(kept.of(&lesson).is_complete(&lesson) && !kept.is_empty());
    }
}

#[test]
fn what_was_kept_by_others_is_refused() {
    assert!(matches!(
        Progress::parse("no"),
        Err(ProgressError::Damaged(_))
    ));
    let newer = "{\"version\":2,\"lessons\":{}}";
    assert!(matches!(
        Progress::parse(newer),
        Err(ProgressError::Newer(2))
    ));
    // A lesson that has fewer steps now has no more of them done than it has.
    let text = "{\"version\":1,\"lessons\":{\"first-ping\":{\"shown\":[0,40],\"achieved\":true}}}";
    let lesson = &lessons()[0];
    assert_eq!(Progress::parse(text).unwrap().of(lesson).done(lesson), 2);
}

/// Where the words after this say that something is written: RFCs and sections of the book.
fn cited(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for span in prose::paragraphs(text).into_iter().flatten() {
        match span {
            prose::Span::Source { words, .. } => {
                all.insert(words.to_owned());
            }
            prose::Span::Text(text) => {
                for (at, book) in text.match_indices("Kurose & Ross §") {
                    let rest = &text[at + book.len()..];
                    let section: String = rest
                        .chars()
                        .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
                        .collect();
                    all.insert(format!("{book}{}", section.trim_end_matches('.')));
                }
            }
            _ => {}
        }
    }
    all
}

/// A catalogue's messages, without their variables.
fn messages(file: &str) -> BTreeMap<String, String> {
    let entries = parser::parse(file).unwrap().body.into_iter();
    let messages = entries.filter_map(|entry| match entry {
        Entry::Message(message) => Some((message.id.name.to_owned(), message.value?)),
        _ => None,
    });
    let text = |pattern: Pattern<&str>| {
        let elements = pattern.elements.into_iter();
        let texts = elements.filter_map(|element| match element {
            PatternElement::TextElement { value } => Some(value),
            PatternElement::Placeable { .. } => None,
        });
        texts.collect()
    };
    messages.map(|(id, pattern)| (id, text(pattern))).collect()
}

#[test]
fn what_the_prose_cites_is_among_the_sources_and_alike_in_both_languages() {
    let [english, portuguese] = [
        include_str!("../../../locales/learn.en.ftl"),
        include_str!("../../../locales/learn.pt-BR.ftl"),
    ]
    .map(messages);
    for lesson in lessons() {
        let mut named = vec![
            &lesson.real,
            &lesson.task.text,
            &lesson.task.hint,
            &lesson.task.done,
        ];
        for step in &lesson.steps {
            named.extend([&step.text, &step.after]);
            if let Some(question) = &step.question {
                named.push(&question.text);
                named.extend(question.answers.iter().map(|answer| &answer.feedback));
            }
        }
        let mut any = false;
        for message in named {
            let [here, there] =
                [&english, &portuguese].map(|words| cited(&words[message.as_str()]));
            assert_eq!(here, there, "{message}");
            for source in here {
                any = true;
                assert!(lesson.sources.contains(&source), "{message} cites {source}");
            }
        }
        assert!(any, "{} cites nothing", lesson.id);
    }
}
