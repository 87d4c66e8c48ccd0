//! The Learn room's lessons: data that is played, asked about and checked.
//!
//! Owns what a lesson is made of, how far somebody has come, and whether a task is
//! achieved. The prose is the catalogue's: a lesson names its messages, all of them beginning with `learn-`.
//! It must not know how anything is drawn.

pub mod exercise;
pub mod layout;
pub mod measure;
pub mod progress;
pub mod prose;
pub mod route;
pub mod scene;
pub mod task;
pub mod track;

#[cfg(test)]
mod tests;

use serde::Deserialize;

use scene::{Scene, Stage};
use task::{Goal, Task};
use udping_link::Direction;
use udping_sim::actors::Note;

/// The lessons, in the order to take them.
const FILES: [&str; 10] = [
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
    /// What is asked before the step is shown.
    #[serde(default)]
    pub question: Option<Question>,
    /// What is said afterwards.
    pub after: String,
    /// What the prose says of the scene at its end, to be checked.
    #[serde(default)]
    pub facts: Vec<Goal>,
}

/// A question with its answers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What is asked.
    pub text: String,
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
}

/// A run under a seed of its own, and what is to be read off it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// The scene; its seed is the exercise's.
    pub scene: Scene,
    /// What is asked.
    pub readings: Vec<Reading>,
}

/// One number to be read off.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The question.
    pub text: String,
    /// What is measured.
    pub measure: measure::Measure,
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
        let track = stage.tracks.get(self.lane)?;
        let flights = |direction: Direction, times: fn(&track::Flight) -> Option<u64>| {
            let way = track
                .flights
                .iter()
                .filter(move |flight| flight.direction == direction);
            way.filter_map(times).collect::<Vec<_>>()
        };
        let arrives = |flight: &track::Flight| (!flight.lost).then_some(flight.until_ns);
        let sets_out = |flight: &track::Flight| (!flight.copy).then_some(flight.from_ns);
        let times = match self.what {
            Trigger::Start => return Some(0),
            Trigger::End => return Some(stage.end_ns()),
            Trigger::Sent => flights(Direction::Request, sets_out),
            Trigger::Reaches => flights(Direction::Request, arrives),
            Trigger::Answers => flights(Direction::Reply, sets_out),
            Trigger::Returns => flights(Direction::Reply, arrives),
            Trigger::Dropped => {
                let lost = track.flights.iter().filter(|flight| flight.lost);
                lost.map(|flight| flight.until_ns).collect()
            }
            what => {
                let said = track.moments.iter().filter(|moment| what.is(&moment.note));
                said.map(|moment| moment.at_ns).collect()
            }
        };
        let order = crate::run::ordered(times.iter().copied());
        let nth = { order }.nth(self.nth.checked_sub(1)?)?;
        let at = times.get(nth)?;
        Some(at.saturating_add(self.later_ns))
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

impl Lesson {
    /// Reads a lesson file.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn parse(file: &str) -> serde_json::Result<Self> {
        serde_json::from_str(file)
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
