//! The verdicts for people, at a terminal.
//!
//! Owns the lines. What they say is the catalogue's.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use anyhow::Context as _;

use crate::charset::shown;
use crate::i18n::{Message, say};

use super::bug::Bug;
use super::judge::Unjudged;
use super::verdict::Report;

/// How many lines are shown of a program that cannot be judged.
const LAST_LINES: usize = 5;

/// Prints a report.
pub(super) fn text(report: &Report) -> anyhow::Result<()> {
    let mut text = String::new();
    let verdicts = report.verdicts();
    for result in &report.results {
        let name = result.scenario;
        let of_it: Vec<_> = verdicts.iter().filter(|it| it.scenario == name).collect();
        let word = if !result.passed(&report.advice) {
            say::GRADE_WRONG
        } else if result.judged.lines + result.judged.figures == 0 {
            say::GRADE_UNJUDGED
        } else {
            say::GRADE_RIGHT
        };
        writeln!(text, "{name:14} {word}")?;
        for verdict in of_it {
            let finding = verdict.finding;
            let title = finding.bug.title();
            let advice = if verdict.counts {
                String::new()
            } else {
                format!(" ({})", say::GRADE_ADVICE)
            };
            writeln!(text, "    {} [{}]{advice}", title, finding.bug.id())?;
            if let Some(ping) = finding.ping {
                writeln!(text, "      {}", say::GradePing { ping })?;
            }
            let both = [&finding.printed, &finding.truth];
            for (title, said) in finding.bug.evidence().titles().into_iter().zip(both) {
                if !said.is_empty() {
                    writeln!(text, "      {title}: {}", crate::visible(said))?;
                }
            }
            writeln!(text, "      {}", finding.bug.why())?;
            if let Some(lesson) = finding.bug.lesson() {
                writeln!(text, "      {}", say::GradeLesson { lesson })?;
            }
        }
        for why in &result.judged.unjudged {
            writeln!(text, "    {}: {}", say::GRADE_UNJUDGED, unjudged(*why))?;
        }
    }
    if let Some(why) = report.not_started() {
        writeln!(text, "{}: {why}", say::GRADE_NOT_STARTED)?;
    }
    let word = match report.passed() {
        Some(true) => say::GRADE_PASSED,
        Some(false) => say::GRADE_FAILED,
        None => say::GRADE_NOTHING,
    };
    writeln!(text, "\n{word}")?;
    let all = report.results.len();
    let unread = report.unjudged(&[Unjudged::Lines, Unjudged::Attribution, Unjudged::Unit]);
    if unread > 0 && report.not_started().is_none() {
        writeln!(text, "{}", say::GradeSomeUnread { some: unread, all })?;
    }
    let busy = report.unjudged(&[Unjudged::Busy, Unjudged::Near]);
    if busy > 0 {
        writeln!(text, "{}", say::GradeSomeBusy { some: busy, all })?;
    }
    if report.passed().is_none() && report.not_started().is_none() {
        text += &last_seen(report);
    }
    let counting = verdicts.iter().filter(|it| it.counts);
    let mut bugs: Vec<Bug> = counting.map(|it| it.finding.bug).collect();
    bugs.sort_unstable();
    bugs.dedup();
    for bug in bugs {
        writeln!(text, "    {} [{}]", bug.title(), bug.id())?;
    }
    print(&text)
}

/// What a program that cannot be judged printed last, and how it ended.
fn last_seen(report: &Report) -> String {
    let printed = report.results.iter().map(|it| &it.seen);
    let spoke = printed.clone().find(|it| !it.output.is_empty());
    let Some(seen) = spoke.or_else(|| printed.clone().next()) else {
        return String::new();
    };
    let mut lines = Vec::new();
    if seen.output.is_empty() {
        lines.push(say::GRADE_PRINTED_NOTHING.to_string());
    } else {
        lines.push(say::GRADE_PRINTED_LAST.to_string());
    }
    let before = seen.output.len().saturating_sub(LAST_LINES);
    let last = seen.output.iter().skip(before);
    lines.extend(last.map(|it| format!("    {}", crate::visible(&it.text))));
    if let Some(status) = seen.end.status() {
        lines.push(say::GradeEnded { status }.to_string());
    }
    lines.join("\n") + "\n"
}

/// Writes to standard output.
pub(super) fn print(text: &str) -> anyhow::Result<()> {
    let text = shown(text);
    io::stdout()
        .write_all(text.as_bytes())
        .context(say::STDOUT_FAILED)
}

/// Why something is unjudged.
pub(super) fn unjudged(why: Unjudged) -> Message {
    match why {
        Unjudged::Lines => say::GRADE_NO_LINES,
        Unjudged::Attribution => say::GRADE_NO_ATTRIBUTION,
        Unjudged::Unit => say::GRADE_NO_UNIT,
        Unjudged::Pings => say::GRADE_NO_PINGS,
        Unjudged::Near => say::GRADE_TOO_NEAR,
        Unjudged::Busy => say::GRADE_BUSY,
        Unjudged::NotRepeated => say::GRADE_NOT_REPEATED,
        Unjudged::NotStarted => say::GRADE_NOT_STARTED,
    }
}
