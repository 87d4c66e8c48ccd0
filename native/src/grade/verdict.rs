//! The verdicts of a submission: what is wrong, and what could not be judged.
//!
//! Owns which of them count. How they are written is others'.

use std::collections::BTreeSet;

use super::assignment::Assignment;
use super::bug::Bug;
use super::judge::{Finding, Judged, Unjudged};
use super::transcript::{End, Open, Transcript};

/// A scenario with what it showed.
#[derive(Debug)]
pub(super) struct Result {
    pub(super) scenario: &'static str,
    pub(super) judged: Judged,
    pub(super) seen: Transcript,
}

/// All of a submission.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) command: String,
    pub(super) results: Vec<Result>,
    pub(super) open: BTreeSet<Open>,
    /// Bugs that are named, but do not count.
    pub(super) advice: Vec<Bug>,
}

/// What is said of a scenario.
#[derive(Debug)]
pub(super) struct Verdict<'a> {
    pub(super) scenario: &'static str,
    pub(super) finding: &'a Finding,
    pub(super) counts: bool,
}

impl Report {
    pub(super) fn new(assignment: &Assignment, words: &[String], results: Vec<Result>) -> Self {
        // The first reaches nobody, and some look up their own address that way; the last asks for
        // more than the exercise does.
        let mut advice = vec![Bug::Network, Bug::AnswerCut, Bug::BeatOrder];
        if !assignment.pads {
            advice.push(Bug::Padding);
        }
        if !assignment.checks_sender {
            advice.push(Bug::Sender);
        }
        Self {
            command: words.join(" "),
            open: results.iter().flat_map(|it| it.seen.open.clone()).collect(),
            results,
            advice,
        }
    }

    /// Each bug once a scenario, with the ping at which it first showed.
    pub(super) fn verdicts(&self) -> Vec<Verdict<'_>> {
        let mut all = Vec::new();
        for result in &self.results {
            let mut named = BTreeSet::new();
            for finding in &result.judged.findings {
                if named.insert(finding.bug) {
                    all.push(Verdict {
                        scenario: result.scenario,
                        finding,
                        counts: !self.advice.contains(&finding.bug),
                    });
                }
            }
        }
        all
    }

    /// Whether nothing wrong was found; nothing if that cannot be said.
    pub(super) fn passed(&self) -> Option<bool> {
        if self.verdicts().iter().any(|it| it.counts) {
            return Some(false);
        }
        let judged = self.results.iter().filter(|it| it.is_judged()).count();
        (judged > 0 && 2 * judged >= self.results.len()).then_some(true)
    }

    /// In how many scenarios something was left unjudged for one of these reasons.
    pub(super) fn unjudged(&self, why: &[Unjudged]) -> usize {
        let some = |it: &&Result| it.judged.unjudged.iter().any(|it| why.contains(it));
        self.results.iter().filter(some).count()
    }

    /// Why the program could not be started, if so.
    pub(super) fn not_started(&self) -> Option<&str> {
        self.results.iter().find_map(|it| match &it.seen.end {
            End::NotStarted(why) => Some(why.as_str()),
            _ => None,
        })
    }
}

impl Result {
    /// Whether it shows anything of the program.
    fn is_judged(&self) -> bool {
        let none = [Unjudged::Pings, Unjudged::NotStarted, Unjudged::Busy];
        let is = |why: &[Unjudged]| self.judged.unjudged.iter().any(|it| why.contains(it));
        let unread = is(&[Unjudged::Lines, Unjudged::Attribution, Unjudged::Unit]);
        let nothing = self.judged.lines + self.judged.figures == 0;
        !(is(&none) || unread && nothing)
    }

    /// Whether nothing in it counts against the program.
    pub(super) fn passed(&self, advice: &[Bug]) -> bool {
        let findings = &self.judged.findings;
        findings.iter().all(|it| advice.contains(&it.bug))
    }
}
