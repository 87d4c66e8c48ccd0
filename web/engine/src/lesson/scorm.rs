//! A lesson as a SCORM 1.2 package, for an LMS as Moodle is one: its manifest, and what the
//! lesson reports while it is taken.
//!
//! Owns the standard's names and limits. Knows nothing of how an LMS is found or a package saved.
//! Source: ADL, SCORM 1.2, *Content Aggregation Model* §2.3 and *Run-Time Environment* §3.4.

use std::fmt::Write as _;
use std::time::Duration;

use super::Lesson;
use super::progress::{LessonProgress, Progress};
use crate::zip;

/// The page of a package, whose `<head>` names the lesson.
pub const PAGE: &str = "index.html";

/// The name of the element in which it does.
pub const META: &str = "scorm-lesson";

/// The manifest's place in a package.
const MANIFEST: &str = "imsmanifest.xml";

/// *Run-Time Environment* §3.4.2: no element takes a longer text.
const LONGEST: usize = 4_096;

/// A package of a lesson: these files, by name, with its page opening the lesson. `None` if there
/// is no page among them, or if they are more than an archive takes.
#[must_use]
pub fn package(lesson: &Lesson, title: &str, files: &[(&str, Vec<u8>)]) -> Option<Vec<u8>> {
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let (_, page) = files.iter().find(|(name, _)| *name == PAGE)?;
    let page = std::str::from_utf8(page).ok()?;
    let meta = format!("<meta name=\"{META}\" content=\"{}\">\n", lesson.id);
    let at = page.find("</head>")?;
    let page = [&page[..at], &meta, &page[at..]].concat();
    let manifest = manifest(lesson, title, &names);
    let first = [(MANIFEST, manifest.as_bytes()), (PAGE, page.as_bytes())];
    let others = files.iter().filter(|(name, _)| *name != PAGE);
    zip::archive(
        first
            .into_iter()
            .chain(others.map(|(name, content)| (*name, content.as_slice()))),
    )
}

/// The manifest of a package with these files.
fn manifest(lesson: &Lesson, title: &str, files: &[&str]) -> String {
    let (id, title) = (escape(&lesson.id), escape(title));
    let files = files.iter().fold(String::new(), |mut out, name| {
        // A string takes everything.
        let _ = write!(out, "\n      <file href=\"{}\"/>", escape(name));
        out
    });
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="udping.{id}" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="lessons">
    <organization identifier="lessons">
      <title>{title}</title>
      <item identifier="lesson" identifierref="page">
        <title>{title}</title>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="page" type="webcontent" adlcp:scormtype="sco" href="{PAGE}">{files}
    </resource>
  </resources>
</manifest>
"#
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What an LMS is to hold of a lesson: elements of its data model, and their values.
#[must_use]
pub fn report(lesson: &Lesson, progress: &Progress) -> Vec<(&'static str, String)> {
    let walk = progress.of(lesson);
    let status = if walk.is_complete(lesson) {
        "completed"
    } else {
        "incomplete"
    };
    let mut report = vec![
        ("cmi.core.lesson_status", status.to_owned()),
        ("cmi.core.exit", suspended(&walk, lesson).to_owned()),
    ];
    if let Some(score) = score(lesson, &walk) {
        report.extend([
            ("cmi.core.score.min", "0".to_owned()),
            ("cmi.core.score.max", "100".to_owned()),
            ("cmi.core.score.raw", score.to_string()),
        ]);
    }
    // A lesson's own progress is far from that; if it ever were not, the rest still counts.
    let kept = progress.only(lesson).text();
    if kept.len() <= LONGEST {
        report.push(("cmi.suspend_data", kept));
    }
    report
}

/// How a lesson is left: to be gone on with, or done.
fn suspended(walk: &LessonProgress, lesson: &Lesson) -> &'static str {
    if walk.is_complete(lesson) {
        ""
    } else {
        "suspend"
    }
}

/// Which share of the questions was answered right the first time, in percent; what was not
/// answered was not. `None` in a lesson without questions.
fn score(lesson: &Lesson, walk: &LessonProgress) -> Option<usize> {
    let questions = lesson.steps.iter().enumerate();
    let questions = questions.filter_map(|(index, step)| Some((index, step.question.as_ref()?)));
    let (mut all, mut right) = (0, 0);
    for (index, question) in questions {
        let first = walk.first_at(index);
        let answer = first.and_then(|first| question.answers.get(first));
        all += 1;
        right += usize::from(answer.is_some_and(|answer| answer.right));
    }
    (100 * right).checked_div(all)
}

/// How long somebody was there, as `cmi.core.session_time` is written: `HHHH:MM:SS`.
#[must_use]
pub fn session_time(time: Duration) -> String {
    let seconds = time.as_secs().min(9_999 * 3_600);
    format!(
        "{:04}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::prediction::Prediction;
    use crate::lesson::task::Attempt;

    #[test]
    fn a_manifest_names_every_file_and_nothing_else() {
        let lessons = crate::lesson::all().unwrap();
        let files = [
            ("index.html", b"<head></head>".to_vec()),
            ("a&b.js", vec![1, 2]),
        ];
        let package = package(&lessons[0], "A < B", &files).unwrap();
        let text = String::from_utf8_lossy(&package);
        for part in [
            "<meta name=\"scorm-lesson\" content=\"first-ping\">\n</head>",
            "<title>A &lt; B</title>",
            "<file href=\"index.html\"/>",
            "<file href=\"a&amp;b.js\"/>",
            "<schemaversion>1.2</schemaversion>",
        ] {
            assert!(text.contains(part), "{part}");
        }
        assert_eq!(text.matches("<file ").count(), 2);
        assert!(super::package(&lessons[0], "", &files[1..]).is_none());
    }

    /// What is reported of the element.
    fn of(report: &[(&'static str, String)], element: &str) -> String {
        let found = report.iter().find(|(name, _)| *name == element);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    #[test]
    fn every_lesson_is_scored_by_its_first_answers_and_completed_by_its_task() {
        for lesson in crate::lesson::all().unwrap() {
            let mut progress = Progress::default();
            let begun = report(&lesson, &progress);
            assert_eq!(of(&begun, "cmi.core.score.raw"), "0", "{}", lesson.id);
            assert_eq!(of(&begun, "cmi.core.lesson_status"), "incomplete");
            assert_eq!(of(&begun, "cmi.core.exit"), "suspend");
            let mut asked = 0;
            for (index, step) in lesson.steps.iter().enumerate() {
                let walk = progress.walk(&lesson);
                if let Some(question) = &step.question {
                    // The first question wrong, and then right: the first counts.
                    let answer = |right| question.answers.iter().position(|it| it.right == right);
                    let stage = lesson.scenes[step.scene].play().unwrap();
                    let orders: &[bool] = if asked == 0 { &[false, true] } else { &[true] };
                    for right in orders {
                        let prediction = Prediction::Answer(answer(*right).unwrap());
                        assert!(walk.predict(index, step, prediction, &stage));
                    }
                    asked += 1;
                }
                assert!(walk.show(index, step));
            }
            progress.walk(&lesson).achieve(Attempt::default());
            let ended = report(&lesson, &progress);
            let score = 100 * (asked - 1) / asked;
            assert_eq!(of(&ended, "cmi.core.score.raw"), score.to_string());
            assert_eq!(of(&ended, "cmi.core.lesson_status"), "completed");
            assert_eq!(of(&ended, "cmi.core.exit"), "");
            let kept = of(&ended, "cmi.suspend_data");
            assert!(kept.is_ascii() && kept.len() < LONGEST / 4, "{kept}");
            assert_eq!(Progress::parse(&kept).unwrap(), progress.only(&lesson));
        }
    }

    #[test]
    fn what_is_kept_is_of_this_lesson_alone() {
        let lessons = crate::lesson::all().unwrap();
        let mut progress = Progress::default();
        for lesson in &lessons[..2] {
            progress.walk(lesson).achieve(Attempt::default());
        }
        let kept = of(&report(&lessons[1], &progress), "cmi.suspend_data");
        let kept = Progress::parse(&kept).unwrap();
        assert!(kept.of(&lessons[1]).is_achieved() && !kept.of(&lessons[0]).is_achieved());
    }

    #[test]
    fn time_is_written_as_the_standard_asks() {
        assert_eq!(session_time(Duration::from_secs(0)), "0000:00:00");
        assert_eq!(session_time(Duration::from_millis(3_725_900)), "0001:02:05");
    }
}
