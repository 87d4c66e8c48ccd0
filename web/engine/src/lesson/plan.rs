//! The assignment's planning questions: what an answer speaks of, and where that is seen.
//!
//! Owns the questions, their points and where each leads. Its words are the catalogue's,
//! and the answer is the student's.

use std::collections::BTreeMap;

use serde::Deserialize;
use udping_journal::json;

use super::Lesson;
pub use super::route::QUESTIONS;
use super::route::Route;

/// What somebody has written, by the points' texts.
pub type Answers = BTreeMap<String, String>;

/// A planning question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The question, in the assignment's words.
    pub text: String,
    /// What a whole answer speaks of.
    pub points: Vec<Point>,
}

/// Something that an answer speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// What to write about.
    pub text: String,
    /// The lessons' screens that show it, as links name them.
    #[serde(default)]
    pub at: Vec<String>,
    /// Where it is written.
    #[serde(default)]
    pub sources: Vec<String>,
}

impl Point {
    /// The screens that show it.
    #[must_use]
    pub fn screens(&self, lessons: &[Lesson]) -> Vec<Route> {
        let routes = self.at.iter();
        routes.filter_map(|at| Route::named(at, lessons)).collect()
    }
}

impl Plan {
    /// Whether a lesson shows something that the answer speaks of.
    #[must_use]
    pub fn is_about(&self, lesson: &Lesson) -> bool {
        let mut screens = self.points.iter().flat_map(|point| &point.at);
        screens.any(|at| at.split('.').next() == Some(lesson.id.as_str()))
    }

    /// On how many of its points something is written.
    #[must_use]
    pub fn written(&self, answers: &Answers) -> usize {
        let text = |point: &&Point| {
            let text = answers.get(&point.text);
            text.is_some_and(|text| !text.trim().is_empty())
        };
        self.points.iter().filter(text).count()
    }
}

/// The questions, in the assignment's order.
///
/// # Errors
/// If they cannot be read. They can, as the tests prove.
pub fn all() -> serde_json::Result<Vec<Plan>> {
    json::from_str(include_str!("../../../plan.json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::prose;
    use crate::lesson::route::Screen;

    #[test]
    fn every_point_leads_to_a_lesson_or_to_where_it_is_written() {
        let lessons = crate::lesson::all().unwrap();
        let plans = all().unwrap();
        assert_eq!(plans.len(), QUESTIONS);
        for point in plans.iter().flat_map(|plan| &plan.points) {
            let screens = point.screens(&lessons);
            assert_eq!(screens.len(), point.at.len(), "{point:?}");
            for route in screens {
                let lesson = matches!(route, Route::Lesson { .. });
                assert!(lesson, "{} leads to {route:?}", point.text);
            }
            assert!(
                !point.at.is_empty() || !point.sources.is_empty(),
                "{point:?}"
            );
            for source in &point.sources {
                let cited = prose::source_url(source).is_some() || source.contains('§');
                assert!(cited, "{source}");
            }
        }
        let steps = Route::Lesson {
            lesson: 1,
            screen: Screen::Step(2),
        };
        assert!(plans[0].points[2].screens(&lessons).contains(&steps));
        assert!(plans[0].is_about(&lessons[1]) && !plans[0].is_about(&lessons[0]));
        let answers = [&plans[0].points[0], &plans[0].points[1]].map(|it| it.text.clone());
        let answers = answers
            .into_iter()
            .zip([" ", "One socket"].map(str::to_owned));
        assert_eq!(plans[0].written(&answers.collect()), 1);
    }
}
