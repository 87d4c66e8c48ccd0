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
    /// What this tells of the program's ways.
    pub(super) hints: Hints,
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
    /// No ping was seen.
    Pings,
    /// This machine was too late for so near a case.
    Near,
    /// It was not the same again.
    NotRepeated,
    /// The program could not be started.
    NotStarted,
}

/// Whatever is nearer to the timeout is judged only where everybody was on time.
const NEAR: f64 = 0.1;

/// How late this side may be for near cases.
pub(super) const ON_TIME: f64 = 0.003;

/// Judges a transcript, with what others have told of the program.
pub(super) fn judge(assignment: &Assignment, seen: &Transcript, known: Hints) -> Judged {
    let mut truth = Truth::of(seen, assignment.timeout);
    let concurrent = truth.is_clean(seen.refused).then_some(truth.concurrent);
    truth.concurrent = known.concurrent.or(concurrent).unwrap_or(false);
    let printed = printed::read(&seen.output, &truth.quoted(), &assignment.printed);
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
        judge.lines();
        judge.figures();
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
    fn find(&mut self, bug: Bug, ping: Option<usize>, printed: &str, truth: String, busy: bool) {
        self.judged.findings.push(Finding {
            bug,
            ping: ping.map(|it| it + 1),
            printed: printed.to_owned(),
            truth,
            busy,
        });
    }
}

/// A time as people read it.
pub(super) fn shown(seconds: f64) -> String {
    format!("{:.1} ms", seconds * 1000.0)
}
