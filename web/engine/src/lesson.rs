//! The Learn room's lessons: data that is played, asked about and checked.
//!
//! Owns what a lesson is made of, how far somebody has come, and whether a task is
//! achieved. The prose is the catalogue's: a lesson names its messages, all of them beginning with `learn-`.
//! It must not know how anything is drawn.

pub mod bytes;
pub mod class;
pub mod code;
pub mod ends;
pub mod exercise;
pub mod layout;
pub mod measure;
pub mod plan;
pub mod prediction;
pub mod progress;
pub mod prose;
pub mod route;
pub mod scene;
pub mod scorm;
pub mod task;
pub mod track;
pub mod values;

#[cfg(test)]
mod paths;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod words;

use serde::Deserialize;

use measure::Measure;
use prediction::Form;
use scene::{Scene, Stage};
use task::{Dial, Expressions, Goal, Task};
use udping_journal::json;
use udping_link::Direction;
use udping_sim::actors::Note;

/// The lessons, in the order to take them.
const FILES: [&str; 13] = [
    include_str!("../../lessons/01-first-ping.json"),
    include_str!("../../lessons/02-udp-server.json"),
    include_str!("../../lessons/03-udp-and-tcp.json"),
    include_str!("../../lessons/04-delay.json"),
    include_str!("../../lessons/05-timeout.json"),
    include_str!("../../lessons/06-late-reply.json"),
    include_str!("../../lessons/07-duplicates-and-order.json"),
    include_str!("../../lessons/08-misleading-figures.json"),
    include_str!("../../lessons/09-choosing-a-timeout.json"),
    include_str!("../../lessons/10-heartbeat.json"),
    include_str!("../../lessons/11-messages.json"),
    include_str!("../../lessons/12-one-socket.json"),
    include_str!("../../lessons/13-write-the-client.json"),
];

/// All lessons, in the order to take them.
///
/// # Errors
/// The first that cannot be read. None is, as the tests prove.
pub fn all() -> serde_json::Result<Vec<Lesson>> {
    FILES.into_iter().map(Lesson::parse).collect()
}

/// A lesson.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// Its name in links and in what is stored: it never changes.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What somebody knows who has done it.
    pub aim: String,
    /// How long it takes.
    pub minutes: u8,
    /// Which of ten pings the reader's own client reports lost, if it is right, where the
    /// lesson's script is followed.
    pub own_client_loses: Vec<u64>,
    /// What it shows.
    pub scenes: Vec<Scene>,
    /// What it tells and asks, in order.
    pub steps: Vec<Step>,
    /// What there is to do at its end.
    pub task: Task,
    /// What an exercise of it asks to be read off a run.
    pub exercise: Exercise,
    /// Commands that do it for real.
    pub commands: Vec<String>,
    /// What they show.
    pub real: String,
    /// The values that those words name, which the commands' own test compares.
    #[serde(default)]
    pub shown: Expressions,
    /// Where what it claims is written.
    pub sources: Vec<String>,
}

/// One step of a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Which scene it shows.
    #[serde(default)]
    pub scene: usize,
    /// Where the scene stands before the step is shown.
    #[serde(default)]
    pub from: Option<StopPoint>,
    /// How far the step goes.
    pub until: StopPoint,
    /// What is said first.
    pub text: String,
    /// The program that does it.
    #[serde(default)]
    pub code: Option<code::Program>,
    /// What is asked before the step is shown.
    #[serde(default)]
    pub question: Option<Question>,
    /// Where the answer is seen at its end; otherwise where the step ends.
    #[serde(default)]
    pub mark: Option<Mark>,
    /// What is said afterwards.
    pub after: String,
    /// What may be changed once it was shown.
    #[serde(default)]
    pub controls: Vec<Dial>,
    /// What the prose says of the scene at its end, to be checked.
    #[serde(default)]
    pub facts: Vec<Goal>,
    /// The values that the prose names.
    #[serde(default)]
    pub values: Expressions,
}

/// Where in the picture an answer is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// At what happens then.
    Moment(StopPoint),
    /// In what is measured, in a lane.
    Figure(usize, Measure),
}

/// A question with its answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// How it is answered.
    #[serde(default)]
    pub form: Form,
    /// The answers, in the order to show them. One is right.
    pub answers: Vec<Answer>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// What it says.
    pub text: String,
    /// What is said to who gives it; of a wrong one, what it takes for true.
    pub feedback: String,
    /// It is the right one.
    #[serde(default)]
    pub right: bool,
    /// The number that stands for it, where numbers are typed.
    #[serde(default)]
    pub value: Option<i64>,
    /// The place that stands for it, where it is shown in the picture.
    #[serde(default)]
    pub at: Option<StopPoint>,
}

/// A run under a seed of its own, and what is to be read off it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// The scene; its seed is the exercise's.
    pub scene: Scene,
    /// What is asked.
    pub readings: Vec<Reading>,
    /// What is asked to be said in a sentence, which no page can mark.
    pub why: String,
}

/// One number to be read off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The question.
    pub text: String,
    /// What is measured.
    pub measure: Measure,
    /// In which lane.
    #[serde(default)]
    pub lane: usize,
}

/// A moment of a scene, by what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopPoint {
    /// In which lane.
    #[serde(default)]
    pub lane: usize,
    /// What happens.
    pub what: Trigger,
    /// Which time it happens, from 1.
    #[serde(default = "one")]
    pub nth: usize,
    /// How long after that it is, in nanoseconds.
    #[serde(default)]
    pub later_ns: u64,
}

const fn one() -> usize {
    1
}

/// What a stop waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// Nothing: the beginning.
    Start,
    /// A packet sets out to the server.
    Sent,
    /// A packet reaches the server.
    Reaches,
    /// A packet sets out from the server.
    Answers,
    /// A packet reaches the client.
    Returns,
    /// A packet is lost.
    Dropped,
    /// The client takes a ping for answered.
    Replied,
    /// The client gives a ping up.
    TimedOut,
    /// A late reply is recognised.
    Late,
    /// A duplicate is recognised.
    Duplicate,
    /// A packet is thrown away.
    Discarded,
    /// A connection is open.
    Connected,
    /// The server has one connection more, and so a socket.
    Opened,
    /// The server closes a connection.
    Closed,
    /// TCP sends again.
    Retransmits,
    /// The program fails.
    Failed,
    /// Heartbeats are missed.
    Missing,
    /// The heartbeat's client is called stopped.
    Stopped,
    /// All is over.
    End,
}

impl StopPoint {
    /// When it is in a stage; `None` if that never happens there.
    #[must_use]
    pub fn at_ns(&self, stage: &Stage) -> Option<u64> {
        match self.what {
            Trigger::Start => Some(self.later_ns),
            Trigger::End => Some(stage.end_ns()),
            _ => self.occurrence(stage).map(|(at_ns, _)| at_ns),
        }
    }

    /// The number of the ping or heartbeat that it is about.
    #[must_use]
    pub fn number(&self, stage: &Stage) -> Option<u64> {
        self.occurrence(stage)?.1
    }

    /// When it happens, and to which number.
    fn occurrence(&self, stage: &Stage) -> Option<(u64, Option<u64>)> {
        let track = stage.tracks.get(self.lane)?;
        let flights = |picked: &dyn Fn(&track::Flight) -> Option<u64>| {
            let all = track.flights.iter();
            all.filter_map(|flight| Some((picked(flight)?, flight.kind.number())))
                .collect::<Vec<_>>()
        };
        let way = |flight: &track::Flight, direction: Direction, at_ns: u64, is: bool| {
            (is && flight.direction == direction).then_some(at_ns)
        };
        let arrives =
            |direction| move |it: &track::Flight| way(it, direction, it.until_ns, !it.lost);
        let sets_out =
            |direction| move |it: &track::Flight| way(it, direction, it.from_ns, !it.copy);
        let times = match self.what {
            Trigger::Sent => flights(&sets_out(Direction::Request)),
            Trigger::Reaches => flights(&arrives(Direction::Request)),
            Trigger::Answers => flights(&sets_out(Direction::Reply)),
            Trigger::Returns => flights(&arrives(Direction::Reply)),
            Trigger::Dropped => flights(&|flight| flight.lost.then_some(flight.until_ns)),
            what => {
                let said = track.moments.iter().filter(|moment| what.is(&moment.note));
                said.map(|moment| (moment.at_ns, about(moment.note)))
                    .collect()
            }
        };
        let order = crate::order::ordered(times.iter().map(|(at_ns, _)| *at_ns));
        let nth = { order }.nth(self.nth.checked_sub(1)?)?;
        let (at_ns, number) = *times.get(nth)?;
        Some((at_ns.saturating_add(self.later_ns), number))
    }
}

/// The number that a note is about.
const fn about(note: Note) -> Option<u64> {
    match note {
        Note::Replied { seq, .. }
        | Note::TimedOut { seq }
        | Note::Discarded { seq }
        | Note::Late { seq, .. }
        | Note::Duplicate { seq }
        | Note::Heard { seq, .. }
        | Note::Missing { from: seq, .. } => Some(seq),
        _ => None,
    }
}

impl Trigger {
    fn is(self, note: &Note) -> bool {
        matches!(
            (self, note),
            (Self::Replied, Note::Replied { .. })
                | (Self::TimedOut, Note::TimedOut { .. })
                | (Self::Late, Note::Late { .. })
                | (Self::Duplicate, Note::Duplicate { .. })
                | (Self::Discarded, Note::Discarded { .. })
                | (Self::Connected, Note::Connected)
                | (Self::Opened, Note::Opened)
                | (Self::Closed, Note::Closed)
                | (Self::Retransmits, Note::Retransmits { .. })
                | (Self::Failed, Note::Failed { .. })
                | (Self::Missing, Note::Missing { .. })
                | (Self::Stopped, Note::Stopped)
        )
    }
}

impl Question {
    /// The index of the right answer.
    #[must_use]
    pub fn right(&self) -> Option<usize> {
        self.answers.iter().position(|answer| answer.right)
    }
}

/// The script that a lesson has for the reader's own client, by the lesson's number from 0.
#[must_use]
pub fn script_name(lesson: usize) -> String {
    format!("lesson-{}.txt", lesson + 1)
}

impl Step {
    /// Where its answer is seen.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.mark.unwrap_or(Mark::Moment(self.until))
    }
}

impl Lesson {
    /// Reads a lesson file.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(file: &str) -> serde_json::Result<Self> {
        json::from_str(file)
    }

    /// Where a step of a stage starts: where it says, or where the step before left the same
    /// scene, or at the beginning.
    #[must_use]
    pub fn begins_ns(&self, index: usize, stage: &Stage) -> u64 {
        let Some(this) = self.steps.get(index) else {
            return 0;
        };
        let before = index
            .checked_sub(1)
            .and_then(|before| self.steps.get(before))
            .filter(|before| before.scene == this.scene)
            .map(|before| before.until);
        let start = this.from.or(before);
        start.and_then(|start| start.at_ns(stage)).unwrap_or(0)
    }
}
