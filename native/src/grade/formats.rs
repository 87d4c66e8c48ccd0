//! The verdicts for programs: JSON, XML as test runners have it, and the results of two
//! graders.
//!
//! Owns the forms. In no language, but for the sentences why.

use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::cli::grade::GradeFormat;
use crate::i18n::say;

use super::assignment::Assignment;
use super::judge::Unjudged;
use super::verdict::{Report, Verdict};

/// Prints a report in one of them.
pub(super) fn print(
    report: &Report,
    assignment: &Assignment,
    format: GradeFormat,
) -> anyhow::Result<()> {
    let text = match format {
        GradeFormat::Text | GradeFormat::Json => pretty(&object(report, assignment))?,
        GradeFormat::Junit => junit(report)?,
        GradeFormat::Gradescope => pretty(&gradescope(report, assignment))?,
        GradeFormat::Classroom50 => pretty(&classroom(report, assignment))?,
    };
    super::show::print(&(text + "\n"))
}

fn pretty(value: &Value) -> anyhow::Result<String> {
    serde_json::to_string_pretty(value).context("JSON")
}

/// A report as one object.
pub(super) fn object(report: &Report, assignment: &Assignment) -> Value {
    let verdicts: Vec<Value> = report.verdicts().iter().map(verdict).collect();
    let scenarios = report.results.iter().map(|it| {
        let unjudged: Vec<&str> = it.judged.unjudged.iter().map(|it| reason(*it)).collect();
        json!({
            "scenario": it.scenario,
            "passed": it.passed(&report.advice),
            "lines": it.judged.lines,
            "figures": it.judged.figures,
            "late_ms": super::truth::seconds(it.seen.late_ns) * 1000.0,
            "unjudged": unjudged,
        })
    });
    let (got, most) = score(report, assignment);
    json!({
        "passed": report.passed(),
        "score": report.passed().map(|_| got),
        "max_score": most,
        "verdicts": verdicts,
        "scenarios": scenarios.collect::<Vec<Value>>(),
        "command": report.command,
        "not_isolated": report.open,
    })
}

fn verdict(verdict: &Verdict<'_>) -> Value {
    let finding = verdict.finding;
    json!({
        "bug": finding.bug.id(),
        "number": finding.bug.number(),
        "scenario": verdict.scenario,
        "ping": finding.ping,
        "shown_by": finding.bug.evidence().id(),
        "printed": finding.printed,
        "true": finding.truth,
        "why": finding.bug.why().text(),
        "lesson": finding.bug.lesson(),
        "counts": verdict.counts,
    })
}

fn reason(why: Unjudged) -> &'static str {
    match why {
        Unjudged::Lines => "no-lines",
        Unjudged::Attribution => "no-attribution",
        Unjudged::Unit => "no-unit",
        Unjudged::Pings => "no-pings",
        Unjudged::Near => "too-near",
        Unjudged::Busy => "busy",
        Unjudged::NotRepeated => "not-repeated",
        Unjudged::NotStarted => "not-started",
    }
}

/// A scenario's verdicts as text.
fn said(report: &Report, scenario: &str) -> String {
    let verdicts = report.verdicts();
    let lines = verdicts
        .iter()
        .filter(|it| it.scenario == scenario)
        .map(|it| {
            let finding = it.finding;
            let (bug, title) = (finding.bug.id(), finding.bug.title());
            format!(
                "{bug}: {title}. {} | {} | {}\n",
                finding.bug.why(),
                finding.printed,
                finding.truth
            )
        });
    lines.collect()
}

fn junit(report: &Report) -> anyhow::Result<String> {
    let failures = report
        .results
        .iter()
        .filter(|it| !it.passed(&report.advice))
        .count();
    let tests = report.results.len();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    writeln!(
        text,
        "<testsuite name=\"udping grade\" tests=\"{tests}\" failures=\"{failures}\">"
    )?;
    for result in &report.results {
        let name = result.scenario;
        let time = super::truth::seconds(result.seen.ended_ns);
        write!(text, "  <testcase name=\"{name}\" time=\"{time:.3}\"")?;
        if result.passed(&report.advice) {
            writeln!(text, "/>")?;
        } else {
            let said = escaped(&said(report, name));
            writeln!(text, "><failure>{said}</failure></testcase>")?;
        }
    }
    write!(text, "</testsuite>")?;
    Ok(text)
}

/// Text as XML has it, without what that may not contain.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    let text = text.replace('>', "&gt;").replace('"', "&quot;");
    text.chars()
        .filter(|it| !it.is_control() || *it == '\n')
        .collect()
}

/// Each scenario's points, those that it got, and what is said of it.
fn tests(report: &Report, assignment: &Assignment) -> Vec<(&'static str, f64, f64, String)> {
    let each = report.results.iter().map(|it| {
        let name = it.scenario;
        let most = assignment.points(name);
        // Nothing is known of one that could not be judged at all.
        let passed = report.passed().is_some() && it.passed(&report.advice);
        let said = match report.not_started() {
            Some(why) => format!("{}: {why}", say::GRADE_NOT_STARTED),
            None if report.passed().is_none() => say::GRADE_NO_PINGS.to_string(),
            None => said(report, name),
        };
        (name, if passed { most } else { 0.0 }, most, said)
    });
    each.collect()
}

/// How many points it got, and of how many.
pub(super) fn score(report: &Report, assignment: &Assignment) -> (f64, f64) {
    let tests = tests(report, assignment);
    let got = tests.iter().map(|it| it.1).sum();
    (got, tests.iter().map(|it| it.2).sum())
}

fn gradescope(report: &Report, assignment: &Assignment) -> Value {
    let tests = tests(report, assignment)
        .into_iter()
        .map(|(name, got, most, said)| {
            json!({"name": name, "score": got, "max_score": most, "output": said,
            "status": if got < most { "failed" } else { "passed" }})
        });
    json!({"tests": tests.collect::<Vec<Value>>(), "visibility": "visible"})
}

/// As the contract of `classroom50/result/v1` has it; what its runner knows, it says in the
/// environment.
fn classroom(report: &Report, assignment: &Assignment) -> Value {
    let (got, most) = score(report, assignment);
    let each = tests(report, assignment).into_iter().map(|(name, got, most, said)| {
        json!({"test-name": name, "passed": got >= most, "score": got, "max-score": most, "output": said})
    });
    let known = |name: &str| std::env::var(name).unwrap_or_default();
    json!({
        "schema": "classroom50/result/v1",
        "classroom": known("CLASSROOM"),
        "assignment": known("ASSIGNMENT"),
        "submission": known("SUBMISSION_TAG"),
        "commit": known("COMMIT_URL"),
        "release": known("RELEASE_URL"),
        "review": known("REVIEW_URL"),
        "datetime": jiff::Timestamp::try_from(crate::clock::wall()).unwrap_or_default().to_string(),
        "score": got,
        "max-score": most,
        "tests": each.collect::<Vec<Value>>(),
    })
}
