//! A program beside a scene: its lines, coloured, and which of them runs at a moment.
//!
//! Owns the programs, which are files that can be run as they stand in `web/lessons/code`, and
//! the little of Python that they use; and the scripts for the reader's own. It must not know how they are drawn.

use std::iter;

use serde::Deserialize;

use super::scene::Stage;
use super::{StopPoint, Trigger};

/// Files of a folder, by their names.
macro_rules! files {
    ($folder:literal: $($name:literal),+) => {
        [$(($name, include_str!(concat!("../../../lessons/", $folder, "/", $name)))),+]
    };
}

/// The programs, by their files' names.
const FILES: [(&str, &str); 14] = files!("code": "server.py", "server-slow.py", "server-tcp.py", "messages-udp.py", "messages-tcp.py", "client-1.py", "client-2.py", "client-3.py", "client-4.py", "client-5.py", "client-6.py", "client-7.py", "client-8.py", "client-9.py");

/// What a reflector does to the packets of the reader's own client, a lesson each.
const SCRIPTS: [(&str, &str); 13] = files!("scripts": "lesson-1.txt", "lesson-2.txt", "lesson-3.txt", "lesson-4.txt", "lesson-5.txt", "lesson-6.txt", "lesson-7.txt", "lesson-8.txt", "lesson-9.txt", "lesson-10.txt", "lesson-11.txt", "lesson-12.txt", "lesson-13.txt");

/// Calls in which a program waits.
const WAITS: [&str; 6] = [
    ".recvfrom(",
    ".recv(",
    ".accept(",
    ".connect(",
    ".sleep(",
    ".readline(",
];

/// Words that Python keeps for itself, as far as the programs use them.
const KEYWORDS: [&str; 18] = [
    "and", "as", "break", "continue", "def", "else", "except", "for", "from", "if", "import", "in",
    "not", "or", "return", "try", "while", "with",
];

/// A program beside a step's scene.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// Its file.
    pub file: String,
    /// The file that it grew from: lines that are not in there are new.
    #[serde(default)]
    pub since: Option<String>,
    /// What its lines do in the scene.
    pub cues: Vec<Cue>,
}

/// What runs as something happens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// In which lane.
    #[serde(default)]
    pub lane: usize,
    /// What happens.
    pub what: Trigger,
    /// Which time, from 1; every time without it.
    #[serde(default)]
    pub nth: Option<usize>,
    /// The line that runs just then, by words of it.
    pub line: String,
    /// The line that runs from then on, if it is another.
    #[serde(default)]
    pub then: Option<String>,
}

/// What a piece of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyntaxKind {
    /// Names, signs and spaces.
    Plain,
    /// A word of the language.
    Keyword,
    /// A text, quotes included.
    Text,
    /// A number, `True`, `False` or `None`.
    Value,
    /// A remark.
    Comment,
}

/// A program's or a script's text.
#[must_use]
pub fn source(file: &str) -> Option<&'static str> {
    let mut files = FILES.iter().chain(&SCRIPTS);
    files.find(|(name, _)| *name == file).map(|(_, text)| *text)
}

impl Program {
    /// Its text; empty if there is no such file, which the tests exclude.
    #[must_use]
    pub fn source(&self) -> &'static str {
        source(&self.file).unwrap_or_default()
    }

    /// For each of its lines, whether the program that it grew from has none like it.
    #[must_use]
    pub fn new_lines(&self) -> Vec<bool> {
        let before = self.since.as_deref().and_then(source);
        let before = before.map(|text| text.lines().map(str::trim).collect::<Vec<_>>());
        let is_new = |line: &str| before.as_ref().is_some_and(|it| !it.contains(&line.trim()));
        self.source().lines().map(is_new).collect()
    }

    /// The line that runs at a moment, from 0.
    #[must_use]
    pub fn line_at(&self, stage: &Stage, at_ns: u64) -> Option<usize> {
        let cues = self.cues.iter().filter_map(|cue| {
            let times = cue.times(stage).take_while(|time| *time <= at_ns);
            Some((times.last()?, cue))
        });
        // Of what happens at one moment, the cue that is named last says where that ends.
        let (time, cue) = cues.max_by_key(|(time, _)| *time)?;
        let words = match &cue.then {
            Some(then) if time < at_ns => then,
            _ => &cue.line,
        };
        self.line_with(words)
    }

    /// The first line that has these words.
    #[must_use]
    pub fn line_with(&self, words: &str) -> Option<usize> {
        self.source().lines().position(|line| line.contains(words))
    }

    /// Whether the program waits in a line.
    #[must_use]
    pub fn waits(&self, line: usize) -> bool {
        let line = self.source().lines().nth(line).unwrap_or_default();
        WAITS.iter().any(|call| line.contains(call))
    }
}

impl Cue {
    /// When it happens, in order.
    fn times<'a>(&'a self, stage: &'a Stage) -> impl Iterator<Item = u64> + 'a {
        let once = matches!(self.what, Trigger::Start | Trigger::End);
        let (first, most) = match self.nth {
            Some(nth) => (nth, 1),
            None => (1, if once { 1 } else { usize::MAX }),
        };
        (first..).take(most).map_while(|nth| {
            let stop = StopPoint {
                lane: self.lane,
                what: self.what,
                nth,
                later_ns: 0,
            };
            stop.at_ns(stage)
        })
    }
}

/// The pieces of a line.
#[must_use]
pub fn pieces(line: &str) -> Vec<(SyntaxKind, &str)> {
    let mut rest = line;
    let mut pieces: Vec<(SyntaxKind, &str)> = Vec::new();
    iter::from_fn(|| {
        let (kind, length) = first(rest)?;
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some((kind, piece))
    })
    .for_each(|piece| pieces.push(piece));
    pieces
}

/// What a text begins with, and how long that is.
fn first(text: &str) -> Option<(SyntaxKind, usize)> {
    let letter = text.chars().next()?;
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let name = text.find(|letter| !is_name(letter)).unwrap_or(text.len());
    // A letter before the quote says what kind of text it is: b"…", f"…".
    let prefix = if letter.is_alphabetic() {
        letter.len_utf8()
    } else {
        0
    };
    Some(match letter {
        '#' => (SyntaxKind::Comment, text.len()),
        _ if text[prefix..].starts_with('"') => {
            let inner = &text[prefix + 1..];
            let end = inner.find('"').map_or(text.len(), |end| prefix + end + 2);
            (SyntaxKind::Text, end)
        }
        _ if letter.is_ascii_digit() => (SyntaxKind::Value, name),
        _ if is_name(letter) => match &text[..name] {
            "True" | "False" | "None" => (SyntaxKind::Value, name),
            word if KEYWORDS.contains(&word) => (SyntaxKind::Keyword, name),
            _ => (SyntaxKind::Plain, name),
        },
        _ => {
            let stops = |letter: char| is_name(letter) || matches!(letter, '"' | '#');
            (SyntaxKind::Plain, text.find(stops).unwrap_or(text.len()))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::all;
    use std::collections::BTreeSet;

    #[test]
    fn a_line_falls_into_pieces_that_make_it_up_again() {
        for (_, text) in FILES {
            for line in text.lines() {
                let all: String = pieces(line).into_iter().map(|(_, piece)| piece).collect();
                assert_eq!(all, line);
            }
        }
        let kinds = pieces("while True:  # b\"x\"");
        assert_eq!(
            kinds,
            [
                (SyntaxKind::Keyword, "while"),
                (SyntaxKind::Plain, " "),
                (SyntaxKind::Value, "True"),
                (SyntaxKind::Plain, ":  "),
                (SyntaxKind::Comment, "# b\"x\""),
            ]
        );
        let kinds = pieces("x.send(b\"Ping 1\", 12_000)");
        assert_eq!(
            kinds[4..7],
            [
                (SyntaxKind::Text, "b\"Ping 1\""),
                (SyntaxKind::Plain, ", "),
                (SyntaxKind::Value, "12_000"),
            ]
        );
    }

    #[test]
    fn every_program_of_a_lesson_is_there_and_follows_its_scene() {
        let mut shown = BTreeSet::new();
        for lesson in all().unwrap() {
            for (index, step) in lesson.steps.iter().enumerate() {
                let Some(program) = &step.code else {
                    continue;
                };
                assert!(source(&program.file).is_some(), "{}", program.file);
                shown.insert(program.file.clone());
                if let Some(since) = &program.since {
                    assert!(source(since).is_some(), "{since}");
                    assert!(program.new_lines().contains(&true), "{}", step.text);
                }
                let stage = lesson.scenes[step.scene].play().unwrap();
                for cue in &program.cues {
                    assert!(cue.times(&stage).next().is_some(), "{}: {cue:?}", step.text);
                    for words in iter::once(&cue.line).chain(&cue.then) {
                        assert!(program.line_with(words).is_some(), "{}: {words}", step.text);
                    }
                }
                let until = step.until.at_ns(&stage).unwrap();
                let from = lesson.begins_ns(index, &stage);
                let lines: BTreeSet<_> = stage
                    .times()
                    .into_iter()
                    .filter(|time| (from..=until).contains(time))
                    .map(|time| program.line_at(&stage, time))
                    .collect();
                assert!(
                    lines.len() > 1 || from == until,
                    "{}: nothing moves",
                    step.text
                );
            }
        }
    }

    #[test]
    fn no_line_is_too_long_for_a_phone_to_fold_it_once() {
        for (file, text) in FILES {
            for line in text.lines() {
                assert!(line.chars().count() <= 76, "{file}: {line}");
            }
        }
    }
}
