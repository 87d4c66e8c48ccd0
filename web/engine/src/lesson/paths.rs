//! Every path through every lesson, on the host: as intended, by each wrong prediction, by a
//! value that stands for no answer, and skipping; and through the planning questions.

use super::prediction::{Form, Prediction};
use super::progress::{Phase, Progress};
use super::route::Route;
use super::scene::Stage;
use super::task::Attempt;
use super::{Lesson, Question, plan, scorm};

/// How somebody answers.
#[derive(Debug, Clone, Copy)]
enum Path {
    Right,
    /// By the wrong answer of that number among the wrong ones, or the last.
    Wrong(usize),
    /// By a value that stands for no answer, where values are given.
    Off,
    Skipping,
}

impl Path {
    /// What is predicted, as the page gives it, and which answer that is.
    fn predicts(self, question: &Question, stage: &Stage) -> Option<(Prediction, usize)> {
        let all = 0..question.answers.len();
        let wrong: Vec<_> = all.filter(|it| Some(*it) != question.right()).collect();
        let answer = match self {
            Self::Right => question.right()?,
            Self::Wrong(number) => *wrong.get(number).or(wrong.last())?,
            Self::Off => {
                let off = Prediction::Value(i64::MAX / 2);
                return (question.form != Form::Choice).then_some((off, question.answers.len()));
            }
            Self::Skipping => return None,
        };
        let given = question.answers[answer].value_in(stage);
        let given = given.map_or(Prediction::Answer(answer), Prediction::Value);
        Some((given, answer))
    }
}

/// Walks a lesson to its end, each step kept and found again.
fn walk(lesson: &Lesson, stages: &[Stage], path: Path) -> Progress {
    let mut progress = Progress::default();
    for (index, step) in lesson.steps.iter().enumerate() {
        let stage = &stages[step.scene];
        let walk = progress.walk(lesson);
        let given = step.question.as_ref().map(|it| path.predicts(it, stage));
        match given {
            Some(Some((given, answer))) => {
                assert_eq!(walk.phase(index, step), Phase::Asked);
                assert!(walk.predict(index, step, given, stage), "{}", step.text);
                assert_eq!(walk.phase(index, step), Phase::Ready(Some(answer)));
                assert!(walk.show(index, step));
                assert_eq!(walk.answer_at(index), Some(answer));
            }
            Some(None) => {
                assert!(!walk.show(index, step), "{}", step.text);
                walk.skip(index);
                assert_eq!(walk.answer_at(index), None);
            }
            None => assert!(walk.show(index, step)),
        }
        assert_eq!(walk.phase(index, step), Phase::Shown);
        assert_eq!(walk.done(lesson), index + 1);
        assert_eq!(Progress::parse(&progress.text()).unwrap(), progress);
    }
    let acts: Attempt = lesson.task.solution.iter().copied().collect();
    let scene = &lesson.scenes[lesson.task.scene];
    assert!(lesson.task.is_achieved_by(&acts, scene), "{}", lesson.id);
    assert!(!progress.of(lesson).is_complete(lesson));
    progress.walk(lesson).achieve(acts);
    assert!(progress.of(lesson).is_complete(lesson));
    progress
}

/// What an LMS is to hold of it.
fn score(lesson: &Lesson, progress: &Progress) -> String {
    let report = scorm::report(lesson, progress).into_iter();
    let mut score = report.filter(|(element, _)| *element == "cmi.core.score.raw");
    score.next().unwrap().1
}

#[test]
fn every_lesson_is_walked_by_every_path_and_scored_by_its_first_predictions() {
    let lessons = super::all().unwrap();
    assert_eq!(lessons.len(), 13);
    for lesson in &lessons {
        let questions = lesson.steps.iter().filter_map(|it| it.question.as_ref());
        let stages: Vec<_> = lesson.scenes.iter().map(|it| it.play().unwrap()).collect();
        let most = questions.map(|it| it.answers.len() - 1).max().unwrap();
        let wrong = (0..most).map(Path::Wrong);
        for path in wrong.chain([Path::Off, Path::Skipping, Path::Right]) {
            let mut progress = walk(lesson, &stages, path);
            let first = if matches!(path, Path::Right) {
                "100"
            } else {
                "0"
            };
            assert_eq!(score(lesson, &progress), first, "{} {path:?}", lesson.id);

            // Who predicts again knows the answer.
            for (index, step) in lesson.steps.iter().enumerate() {
                let Some(question) = &step.question else {
                    continue;
                };
                let stage = &stages[step.scene];
                let walk = progress.walk(lesson);
                walk.again(index);
                assert_eq!(walk.phase(index, step), Phase::Asked);
                let (right, _) = Path::Right.predicts(question, stage).unwrap();
                assert!(walk.predict(index, step, right, stage) && walk.show(index, step));
                assert_eq!(walk.answer_at(index), question.right());
            }
            assert_eq!(score(lesson, &progress), first, "{} {path:?}", lesson.id);
        }
    }
}

#[test]
fn every_point_of_every_planning_question_is_written_and_followed() {
    let lessons = super::all().unwrap();
    let plans = plan::all().unwrap();
    assert_eq!(plans.len(), plan::QUESTIONS);
    for (number, plan) in plans.iter().enumerate() {
        let page = Route::Question(number);
        assert_eq!(
            Route::parse(&page.fragment(&lessons), &lessons),
            Some(Ok(page))
        );
        let mut answers = plan::Answers::new();
        for (done, point) in plan.points.iter().enumerate() {
            answers.insert(point.text.clone(), " \n".to_owned());
            assert_eq!(plan.written(&answers), done, "skipped: {}", point.text);
            answers.insert(point.text.clone(), "An answer.".to_owned());
            assert_eq!(plan.written(&answers), done + 1, "{}", point.text);
            for there in point.screens(&lessons) {
                assert_eq!(
                    Route::parse(&there.fragment(&lessons), &lessons),
                    Some(Ok(there))
                );
            }
        }
        let others = plans
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number);
        for (_, other) in others {
            assert_eq!(other.written(&answers), 0, "{}", other.text);
        }
    }
}
