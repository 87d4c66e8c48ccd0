//! One probe's state machine at a cursor: where it is, how it came there, and why.

use super::cursor::Cursor;
use super::log::Timer;
use super::message::Message;
use super::run::Run;

/// A probe's state, as the picture names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Not sent yet.
    Due,
    /// Sent, not settled.
    Waiting,
    /// Answered in time.
    Replied,
    /// No reply by the deadline.
    Lost,
    /// Lost, then answered.
    Late,
    /// Nobody listens.
    Refused,
    /// It could not be sent.
    Unsent,
}

/// An arrow of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// From here.
    pub from: State,
    /// To there.
    pub to: State,
    /// The event by which this probe went this way, if it has at the cursor.
    pub taken: Option<usize>,
}

/// One probe's machine at a cursor.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// The probe's number.
    pub seq: u64,
    /// Where it is.
    pub state: State,
    /// Every arrow there is.
    pub transitions: [Transition; 6],
    /// The timer that runs, if one does.
    pub timer: Option<Timer>,
    /// How much of that timer has passed, from 0 to 1.
    pub fraction: f64,
    /// How much of it is left, in nanoseconds.
    pub left_ns: u64,
    /// Why it is where it is.
    pub why: Message,
}

impl State {
    /// All, in the order in which a reader meets them.
    pub const ALL: [Self; 7] = [
        Self::Due,
        Self::Waiting,
        Self::Replied,
        Self::Lost,
        Self::Late,
        Self::Refused,
        Self::Unsent,
    ];

    /// The catalogue's key for its name, such as `state-waiting`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Due => "state-due",
            Self::Waiting => "state-waiting",
            Self::Replied => "state-replied",
            Self::Lost => "state-lost",
            Self::Late => "state-late",
            Self::Refused => "state-refused",
            Self::Unsent => "state-unsent",
        }
    }
}

impl Machine {
    /// The machine of the probe at `probe`; `None` if there is none.
    #[must_use]
    pub fn of(run: &Run, probe: usize, cursor: Cursor) -> Option<Self> {
        let _ = (run, probe, cursor);
        todo!()
    }
}

/// Why an event happened, in a sentence.
#[must_use]
pub fn why(run: &Run, event: usize) -> Option<Message> {
    let _ = (run, event);
    todo!()
}
