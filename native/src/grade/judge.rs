//! The judge: what was printed beside what happened.
//!
//! Owns which finding is which bug, and when nothing can be said. A scenario's name is not
//! known here, and neither is any file or socket.

mod causes;
mod figures;
mod lines;
mod process;
mod wire;

use super::assignment::Assignment;
use super::bug::Bug;
use super::printed::{self, Claim, Printed, Quantity, Said, Unit};
use super::transcript::{End, ReplyKind, Transcript};
use super::truth::{Arrival, Truth, seconds};

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    pub(super) bug: Bug,
    /// The ping, counted from 1.
    pub(super) ping: Option<usize>,
    pub(super) printed: String,
    pub(super) truth: String,
    /// A right program could have shown it on a busy machine.
    pub(super) busy: bool,
    /// The machine was that busy at the time.
    pub(super) disturbed: bool,
}

/// What a transcript shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Judged {
    pub(super) findings: Vec<Finding>,
    /// How many pings' lines were judged.
    pub(super) lines: usize,
    /// What is printed of pings.
    pub(super) pings: Vec<PingLine>,
    /// How many figures were.
    pub(super) figures: usize,
    pub(super) unjudged: Vec<Unjudged>,
    /// For how many round trips without a unit each unit is right.
    pub(super) units: [usize; 4],
    /// What this tells of the program's ways.
    pub(super) hints: Hints,
}

impl Judged {
    /// What no busy machine could have caused.
    pub(super) fn sure(&self) -> Vec<Bug> {
        let sure = self.findings.iter().filter(|it| !it.busy);
        sure.map(|it| it.bug).collect()
    }

    /// Whether it names that.
    pub(super) fn names(&self, bug: Bug) -> bool {
        self.findings.iter().any(|it| it.bug == bug)
    }

    /// Whether it shows that, where nothing disturbed it.
    pub(super) fn shows(&self, bug: Bug) -> bool {
        let mut findings = self.findings.iter();
        findings.any(|it| it.bug == bug && !it.disturbed)
    }

    /// The machine was too late for all that was to be judged.
    pub(super) fn was_disturbed(&self) -> bool {
        let why = [Unjudged::Near, Unjudged::Busy];
        self.unjudged.iter().any(|it| why.contains(it))
    }

    /// Not one line was printed, here or elsewhere.
    pub(super) fn say_nothing_printed(&mut self) {
        self.findings.push(Finding {
            bug: Bug::NotPrinted,
            ping: None,
            printed: String::new(),
            truth: String::new(),
            busy: false,
            disturbed: false,
        });
    }

    /// Whether it is to be tried again; `sure` are the bugs that the program has for certain.
    pub(super) fn is_doubtful(&self, sure: &[Bug]) -> bool {
        let mut findings = self.findings.iter();
        self.was_disturbed() || findings.any(|it| it.busy && !sure.contains(&it.bug))
    }

    /// Says nothing of what the machine may have caused.
    pub(super) fn leave_doubtful(&mut self, sure: &[Bug]) {
        let was = self.findings.len();
        self.findings
            .retain(|it| !it.busy || sure.contains(&it.bug));
        if self.findings.len() < was && !self.was_disturbed() {
            self.unjudged.push(Unjudged::Busy);
        }
    }
}

/// The unit that most round trips without one have.
pub(super) fn best_unit(votes: [usize; 4]) -> Option<Unit> {
    let units = Unit::ALL.into_iter().zip(votes);
    let best = units.rev().max_by_key(|it| it.1)?;
    (best.1 > 0).then_some(best.0)
}

/// A line that says what became of a ping.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PingLine {
    /// Which, counted from 0.
    pub(super) ping: usize,
    pub(super) at_ns: u64,
    pub(super) text: String,
    /// In seconds; nothing where it is said to be lost.
    pub(super) rtt: Option<f64>,
}

/// What other scenarios tell of a program's ways.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Hints {
    /// The unit of numbers that name none.
    pub(super) unit: Option<Unit>,
    /// Several pings are on their way at once; known only where nothing strays.
    pub(super) concurrent: Option<bool>,
    /// All of its times are wrong in this way.
    pub(super) always: Option<Bug>,
    /// How long it waits where nothing comes, in seconds.
    pub(super) wait: Option<f64>,
}

impl Hints {
    /// With what another scenario tells.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            unit: self.unit.or(other.unit),
            concurrent: match (self.concurrent, other.concurrent) {
                (Some(one), Some(other)) => Some(one || other),
                (one, other) => one.or(other),
            },
            always: self.always.or(other.always),
            wait: self.wait.or(other.wait),
        }
    }
}

/// Why something could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unjudged {
    /// No line says an RTT or a loss.
    Lines,
    /// It cannot be told which line is which ping's.
    Attribution,
    /// It cannot be told in which unit a time is.
    Unit,
    /// No ping was seen.
    Pings,
    /// This machine was too late for so near a case.
    Near,
    /// This machine was too busy to tell what the program did from what it did to it.
    Busy,
    /// It was not the same again.
    NotRepeated,
    /// The program could not be started.
    NotStarted,
}

/// Whatever is nearer to the timeout is judged only where everybody was on time.
const NEAR: f64 = 0.1;

/// Where the machine took more than that from a ping, what its line shows must show again.
const DISTURBED: f64 = 0.05;

/// Where it took more than that from most pings, nothing can be told.
const TOO_LATE: f64 = 0.25;

/// Where it is no later than that, the machine cannot have been the cause of the same thing three
/// times.
const QUIET: f64 = 0.03;

/// How late this side may be for near cases.
pub(super) const ON_TIME: f64 = 0.003;

/// Judges a transcript, with what others have told of the program.
pub(super) fn judge(assignment: &Assignment, seen: &Transcript, known: Hints) -> Judged {
    let mut truth = Truth::of(seen, assignment);
    let printed = printed::read(&seen.output, &truth.quoted(), &assignment.printed);
    let losses = printed.claims.iter().filter(|it| it.rtt().is_none());
    let losses: Vec<f64> = losses.map(|it| seconds(it.at_ns)).collect();
    truth.given_up(&losses);
    let concurrent = truth.is_clean(seen.refused).then_some(truth.concurrent);
    truth.concurrent = known.concurrent.or(concurrent).unwrap_or(false);
    let mut judge = Judge {
        assignment,
        seen,
        truth,
        printed,
        judged: Judged::default(),
        known,
    };
    judge.judged.hints = known;
    judge.judged.hints.concurrent = concurrent;
    judge.process();
    if judge.truth.pings.is_empty() {
        judge.judged.unjudged.push(Unjudged::Pings);
    } else {
        judge.wire();
        if judge.judged.names(Bug::SentTwice) {
            // Which of its packets a ping's line is about, nobody knows.
            judge.judged.unjudged.push(Unjudged::Attribution);
        } else {
            judge.lines();
            judge.figures();
        }
        judge.be_sure();
    }
    judge.judged
}

struct Judge<'a> {
    assignment: &'a Assignment,
    seen: &'a Transcript,
    truth: Truth,
    printed: Printed,
    judged: Judged,
    known: Hints,
}

impl Judge<'_> {
    /// What shows at three pings while the machine was quiet is not its doing; a wait that is too
    /// short at one ping may be.
    fn be_sure(&mut self) {
        let truth = &self.truth;
        let is_late = |it: &Finding| {
            let ping = it.ping.and_then(|it| truth.pings.get(it.checked_sub(1)?));
            let rtt = ping.and_then(|it| it.rtt);
            rtt.is_some_and(|it| it > truth.timeout)
        };
        for bug in [Bug::TimeoutLength, Bug::RefusedAsTimeout] {
            let findings = &mut self.judged.findings;
            let short = |it: &Finding| it.bug == bug && !is_late(it);
            if findings.iter().filter(|it| short(it)).count() == 1 {
                findings.retain(|it| !short(it) || !it.busy);
            }
        }
        let slowness = [Bug::WrongRtt, Bug::Spacing, Bug::Statistics];
        let quiet = |it: &&Finding| {
            let ping = it.ping.and_then(|it| it.checked_sub(1));
            // Nobody is kept from a second three times.
            it.bug == Bug::RefusedAsTimeout
                || ping.is_some_and(|it| self.truth.late_during(it) < QUIET)
        };
        let mut shown: Vec<Bug> = self
            .judged
            .findings
            .iter()
            .filter(quiet)
            .map(|it| it.bug)
            .collect();
        shown.sort_unstable();
        let sure = |bug: Bug| {
            !slowness.contains(&bug) && shown.iter().filter(|it| **it == bug).count() >= 3
        };
        for finding in &mut self.judged.findings {
            finding.busy &= !sure(finding.bug);
        }
    }

    fn find(&mut self, bug: Bug, ping: Option<usize>, printed: &str, truth: String, busy: bool) {
        let is_of_line = self.judged.lines > 0;
        let disturbed = is_of_line && ping.is_some_and(|it| self.truth.late_during(it) > DISTURBED);
        self.judged.findings.push(Finding {
            bug,
            ping: ping.map(|it| it + 1),
            printed: printed.to_owned(),
            truth,
            busy,
            disturbed,
        });
    }
}

/// A time as people read it.
pub(super) fn shown(seconds: f64) -> String {
    format!("{:.1} ms", seconds * 1000.0)
}
