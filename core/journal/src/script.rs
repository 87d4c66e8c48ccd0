//! A script: what is to happen to single packets, as people write it.
//!
//! ```text
//! # the third request is lost, the fourth reply comes too late
//! drop request 3
//! delay reply 4 1.3s
//! ```
//!
//! Owns its grammar in both directions, and what its actions make of a packet's fate. Knows
//! nothing of whose packets they are done to.

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::mem;
use core::net::SocketAddr;
use core::str::FromStr;
use core::time::Duration;

use udping_core::time::saturating_nanos;
use udping_link::{Direction, Fate, Reorder};

use crate::duration::{DurationError, Written, parse_duration};
use crate::scenario::Action;

/// A packet as a script names it: `request 3`, or `reply 3 copy 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PacketName {
    /// Which datagram of its source the request is, from 1, or the one that is answered.
    pub number: u64,
    /// Which way it travels.
    pub direction: Direction,
    /// 0 for the request itself, and the reply to it; from 1 on for the replies to the copies
    /// that a script makes of the request, in the order of its lines.
    pub copy: u32,
}

/// What is to happen to single packets.
///
/// Of one packet the actions take place in the order in which they were written: a copy of
/// a packet that was dropped is dropped, too, and a copy of one that was delayed is late.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Script(BTreeMap<PacketName, Vec<Action>>);

/// How many datagrams each source has sent: the numbers by which a script calls them. In
/// bounded memory, so whoever counts the same datagrams in the same order counts the same.
#[derive(Debug, Clone, Default)]
pub struct SourceCounts {
    /// Those that sent something lately, and those that did before them.
    recent: BTreeMap<SocketAddr, u64>,
    older: BTreeMap<SocketAddr, u64>,
}

impl SourceCounts {
    /// How many sources are told apart at least. Of more, those are forgotten that were
    /// silent the longest, and count from 1 again.
    pub const SOURCES: usize = 1 << 16;

    /// Counts a datagram from `source`, whatever its zone, and returns its number, from 1.
    pub fn count(&mut self, source: SocketAddr) -> u64 {
        let source = SocketAddr::new(source.ip(), source.port());
        if self.recent.len() >= Self::SOURCES && !self.recent.contains_key(&source) {
            self.older = mem::take(&mut self.recent);
        }
        let older = &mut self.older;
        let count = self.recent.entry(source);
        let count = count.or_insert_with(|| older.remove(&source).unwrap_or(0));
        *count = count.saturating_add(1);
        *count
    }
}

/// How one packet travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// For how long.
    pub delay: Duration,
    /// It does not arrive.
    pub lost: bool,
    /// [`corrupt`](crate::corrupt) was done to it.
    pub corrupt: bool,
}

impl Passage {
    /// How a packet travels that meets `fate` and then `actions`, and how its copies do:
    /// the link's, and those that the actions make.
    #[must_use]
    pub fn of(fate: &Fate, actions: &[Action]) -> (Self, Option<Self>, Vec<Self>) {
        let whole = |delay| Self {
            delay,
            lost: fate.lost,
            corrupt: false,
        };
        let (mut own, mut copies) = (whole(fate.delay), Vec::new());
        for action in actions {
            match *action {
                Action::Drop => own.lost = true,
                Action::Delay { by_ns } => {
                    own.delay = own.delay.saturating_add(Duration::from_nanos(by_ns));
                }
                Action::Duplicate { after_ns } => {
                    let after = Duration::from_nanos(after_ns);
                    copies.push(Self {
                        delay: own.delay.saturating_add(after),
                        ..own
                    });
                }
                Action::Corrupt => own.corrupt = !own.corrupt,
            }
        }
        (own, fate.duplicate.map(whole), copies)
    }
}

/// Why a text is no script: what stands at this place, and what to write there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
    /// What is wrong there.
    pub what: ScriptProblem,
}

/// What is wrong with a line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptProblem {
    /// No action stands there.
    Action,
    /// It does not say which way the packet travels.
    Direction,
    /// It does not say which packet.
    Number,
    /// It does not say which copy.
    Copy,
    /// It names a copy of a request, which has no lines of its own.
    RequestCopy,
    /// No line before it makes that copy of this request.
    NoSuchCopy(u64),
    /// The packet has as many copies as it may have.
    TooManyCopies,
    /// No time stands there.
    Time,
    /// That is no unit of time.
    Unit(String),
    /// The time is longer than a journal can name.
    TooLong,
    /// Nothing more belongs there.
    Extra,
}

impl Script {
    /// How many copies a script may make of one packet, so that a reflector sends a few
    /// replies to a request, and no flood.
    pub const MOST_COPIES: usize = 7;

    /// Whether nothing happens to any packet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is to happen to `packet`, in this order.
    #[must_use]
    pub fn actions(&self, packet: PacketName) -> &[Action] {
        self.0.get(&packet).map_or(&[], Vec::as_slice)
    }

    /// Adds an action.
    pub fn push(&mut self, packet: PacketName, action: Action) {
        self.0.entry(packet).or_default().push(action);
    }

    /// How many copies are made of `packet`.
    fn copies(&self, packet: PacketName) -> usize {
        let copies = |action: &&Action| matches!(action, Action::Duplicate { .. });
        self.actions(packet).iter().filter(copies).count()
    }

    /// Takes a line.
    fn line(&mut self, text: &str) -> Result<(), (usize, ScriptProblem)> {
        let mut words = Words { text, at: 0 };
        let (at, action) = words.next();
        if action.is_empty() {
            return Ok(());
        }
        let action = Verb::ALL.into_iter().find(|it| it.name() == action);
        let action = action.ok_or((at, ScriptProblem::Action))?;
        let direction = match words.next() {
            (_, "request") => Direction::Request,
            (_, "reply") => Direction::Reply,
            (at, _) => return Err((at, ScriptProblem::Direction)),
        };
        let (at, number) = words.next();
        let number = number.parse().ok().filter(|number| *number > 0);
        let number = number.ok_or((at, ScriptProblem::Number))?;
        let mut packet = PacketName {
            number,
            direction,
            copy: 0,
        };
        let original = PacketName {
            direction: Direction::Request,
            ..packet
        };
        if words.peek() == "copy" {
            let (at, _) = words.next();
            if direction == Direction::Request {
                return Err((at, ScriptProblem::RequestCopy));
            }
            let (at, copy) = words.next();
            let copy = copy.parse().ok().filter(|copy| *copy > 0);
            packet.copy = copy.ok_or((at, ScriptProblem::Copy))?;
            let made = self.copies(original);
            if usize::try_from(packet.copy).is_ok_and(|copy| copy > made) {
                return Err((at, ScriptProblem::NoSuchCopy(number)));
            }
        }
        let (at, time) = words.rest();
        let action = action.with(time).map_err(|why| (at, why))?;
        if matches!(action, Action::Duplicate { .. }) && self.copies(packet) >= Self::MOST_COPIES {
            return Err((0, ScriptProblem::TooManyCopies));
        }
        self.push(packet, action);
        Ok(())
    }
}

impl FromStr for Script {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let mut script = Self::default();
        // Some editors begin a file with a mark of its encoding.
        let text = text.trim_start_matches('\u{feff}');
        for (line, text) in (1..).zip(text.lines()) {
            let (text, _comment) = text.split_once('#').unwrap_or((text, ""));
            script.line(text).map_err(|(at, what)| ScriptError {
                line,
                column: 1 + text.get(..at).map_or(0, |before| before.chars().count()),
                what,
            })?;
        }
        Ok(script)
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (packet, actions) in &self.0 {
            for action in actions {
                let (verb, time) = match *action {
                    Action::Drop => (Verb::Drop, 0),
                    Action::Delay { by_ns } => (Verb::Delay, by_ns),
                    Action::Duplicate { after_ns } => (Verb::Duplicate, after_ns),
                    Action::Corrupt => (Verb::Corrupt, 0),
                };
                write!(f, "{} {packet}", verb.name())?;
                if time > 0 || verb == Verb::Delay {
                    write!(f, " {}", Written(time))?;
                }
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for PacketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = match self.direction {
            Direction::Request => "request",
            Direction::Reply => "reply",
        };
        write!(f, "{direction} {}", self.number)?;
        if self.copy > 0 {
            write!(f, " copy {}", self.copy)?;
        }
        Ok(())
    }
}

/// A word that begins a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Drop,
    Delay,
    Duplicate,
    Corrupt,
    /// A delay that lets others overtake.
    Reorder,
}

impl Verb {
    const ALL: [Self; 5] = [
        Self::Drop,
        Self::Delay,
        Self::Duplicate,
        Self::Corrupt,
        Self::Reorder,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Delay => "delay",
            Self::Duplicate => "duplicate",
            Self::Corrupt => "corrupt",
            Self::Reorder => "reorder",
        }
    }

    /// What it does, in as much time as is written behind it.
    fn with(self, time: &str) -> Result<Action, ScriptProblem> {
        let time_or = |none: Option<Duration>| {
            let time = match none {
                Some(none) if time.is_empty() => Ok(none),
                _ => parse_duration(time),
            };
            time.map(saturating_nanos).map_err(|why| match why {
                DurationError::Malformed => ScriptProblem::Time,
                DurationError::Unit(unit) => ScriptProblem::Unit(unit.to_owned()),
                DurationError::TooLong => ScriptProblem::TooLong,
            })
        };
        let alone = |action| match time {
            "" => Ok(action),
            _ => Err(ScriptProblem::Extra),
        };
        Ok(match self {
            Self::Drop => alone(Action::Drop)?,
            Self::Corrupt => alone(Action::Corrupt)?,
            Self::Delay => Action::Delay {
                by_ns: time_or(None)?,
            },
            Self::Reorder => Action::Delay {
                by_ns: time_or(Some(Reorder::EXTRA))?,
            },
            Self::Duplicate => Action::Duplicate {
                after_ns: time_or(Some(Duration::ZERO))?,
            },
        })
    }
}

/// The words of a line, each with its place.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    /// What is left, and where it begins: behind the last word if there is nothing.
    fn rest(&self) -> (usize, &'a str) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let start = rest.trim_start();
        let skipped = if start.is_empty() {
            0
        } else {
            rest.len() - start.len()
        };
        (self.at + skipped, start.trim_end())
    }

    fn peek(&self) -> &'a str {
        self.rest().1.split_whitespace().next().unwrap_or_default()
    }

    fn next(&mut self) -> (usize, &'a str) {
        let (at, _) = self.rest();
        let word = self.peek();
        self.at = at + word.len();
        (at, word)
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, what } = self;
        write!(f, "line {line}, column {column}: {what}")
    }
}

impl fmt::Display for ScriptProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action => f.write_str("write drop, delay, duplicate, corrupt or reorder"),
            Self::Direction => f.write_str("write request or reply"),
            Self::Number => f.write_str("write the number of the packet, from 1"),
            Self::Copy => f.write_str("write the number of the copy, from 1"),
            Self::RequestCopy => f.write_str(
                "a request's copy meets what the lines above its `duplicate` say: write `reply` \
                 if you mean the reply to it, or leave this line out",
            ),
            Self::NoSuchCopy(number) => write!(
                f,
                "no line above makes that copy: write `duplicate request {number}` there"
            ),
            Self::TooManyCopies => {
                let most = Script::MOST_COPIES;
                write!(f, "a packet has at most {most} copies: leave this line out")
            }
            Self::Time => f.write_str("write a time, as 1.3s or 200ms"),
            Self::Unit(unit) => write!(
                f,
                "`{unit}` is not a unit of time: write d, h, m, s, ms, us or ns"
            ),
            Self::TooLong => f.write_str("write a time of at most 104 days"),
            Self::Extra => f.write_str("write nothing more here, or a comment behind #"),
        }
    }
}

impl core::error::Error for ScriptError {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::string::ToString as _;
    use std::vec;

    fn packet(direction: Direction, number: u64, copy: u32) -> PacketName {
        PacketName {
            number,
            direction,
            copy,
        }
    }

    #[test]
    fn each_line_says_what_happens_to_one_packet() {
        let script: Script = "\
# a comment, and an empty line

drop request 3
  drop\treply 3   # and another
delay reply 4 1.3s
duplicate request 5
duplicate request 5 20ms
corrupt reply 5 copy 2
reorder request 7
reorder request 8 1m 30s
"
        .parse()
        .unwrap();
        let actions = |way, number, copy| script.actions(packet(way, number, copy));
        let (request, reply) = (Direction::Request, Direction::Reply);
        let delay = |by_ns| Action::Delay { by_ns };
        let copy = |after_ns| Action::Duplicate { after_ns };
        assert_eq!(actions(request, 3, 0), [Action::Drop]);
        assert_eq!(actions(reply, 3, 0), [Action::Drop]);
        assert_eq!(actions(reply, 4, 0), [delay(1_300_000_000)]);
        assert_eq!(actions(request, 5, 0), [copy(0), copy(20_000_000)]);
        assert_eq!(actions(reply, 5, 2), [Action::Corrupt]);
        assert_eq!(actions(request, 7, 0), [delay(50_000_000)]);
        assert_eq!(actions(request, 8, 0), [delay(90_000_000_000)]);
        assert_eq!(actions(request, 4, 0), []);
        assert_eq!("".parse(), Ok(Script::default()));
        assert!("\n# nothing\n".parse::<Script>().unwrap().is_empty());
    }

    #[test]
    fn a_mistake_is_named_with_its_place_and_what_to_write() {
        for (text, place, what) in [
            ("lose request 3", (1, 1), ScriptProblem::Action),
            ("\n  drop requests 3", (2, 8), ScriptProblem::Direction),
            ("drop", (1, 5), ScriptProblem::Direction),
            ("drop reply", (1, 11), ScriptProblem::Number),
            ("drop reply 0", (1, 12), ScriptProblem::Number),
            ("drop reply -1 # é", (1, 12), ScriptProblem::Number),
            ("drop reply 3 copy", (1, 18), ScriptProblem::Copy),
            ("drop reply 3 copy 0", (1, 19), ScriptProblem::Copy),
            ("drop reply 3 copy 1", (1, 19), ScriptProblem::NoSuchCopy(3)),
            (
                "duplicate request 3\ndrop request 3 copy 1",
                (2, 16),
                ScriptProblem::RequestCopy,
            ),
            ("delay reply 3", (1, 14), ScriptProblem::Time),
            ("delay reply 3 soon", (1, 15), ScriptProblem::Time),
            (
                "delay reply 3 1x",
                (1, 15),
                ScriptProblem::Unit("x".to_owned()),
            ),
            ("delay reply 3 1000d", (1, 15), ScriptProblem::TooLong),
            ("drop\u{a0}request 3 é", (1, 16), ScriptProblem::Extra),
            ("corrupt reply 3 1s", (1, 17), ScriptProblem::Extra),
        ] {
            let (line, column) = place;
            let error = ScriptError { line, column, what };
            assert_eq!(text.parse::<Script>(), Err(error), "{text}");
        }
        let most = "duplicate reply 1\n".repeat(Script::MOST_COPIES);
        assert!(most.parse::<Script>().is_ok());
        let error = (most + "duplicate reply 1").parse::<Script>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 8, column 1: a packet has at most 7 copies: leave this line out"
        );
    }

    #[test]
    fn a_copy_is_named_behind_the_line_that_makes_it() {
        let text = "drop reply 2 copy 1\nduplicate request 2";
        assert!(text.parse::<Script>().is_err());
        let text = "duplicate request 2\ndrop reply 2 copy 1\n";
        assert_eq!(text.parse::<Script>().unwrap().to_string(), text);
    }

    fn actions() -> impl Strategy<Value = Action> {
        let time = 0..=crate::LARGEST;
        prop_oneof![
            Just(Action::Drop),
            Just(Action::Corrupt),
            time.clone().prop_map(|by_ns| Action::Delay { by_ns }),
            time.prop_map(|after_ns| Action::Duplicate { after_ns }),
        ]
    }

    #[test]
    fn each_source_has_its_own_count_and_many_need_bounded_memory() {
        let mut counts = SourceCounts::default();
        let source = |number: u32| SocketAddr::from((core::net::Ipv4Addr::from(number), 5));
        for number in 1..=3 {
            assert_eq!(counts.count(source(1)), number);
            assert_eq!(counts.count(source(2)), number);
        }
        let others = u32::try_from(3 * SourceCounts::SOURCES).unwrap();
        for other in 3..others {
            counts.count(source(other));
            // One that goes on sending is never forgotten.
            if other % 1000 == 0 {
                counts.count(source(1));
            }
        }
        assert!(counts.recent.len() + counts.older.len() <= 2 * SourceCounts::SOURCES);
        assert_eq!(counts.count(source(1)), 4 + u64::from((others - 1) / 1000));
        assert_eq!(counts.count(source(2)), 1);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            lines in prop::collection::vec((1..9_u64, any::<bool>(), actions()), 0..7),
        ) {
            let mut script = Script::default();
            for (number, back, action) in lines {
                let way = if back { Direction::Reply } else { Direction::Request };
                script.push(packet(way, number, 0), action);
            }
            prop_assert_eq!(script.to_string().parse(), Ok(script));
        }

        #[test]
        fn any_text_is_read_or_refused_at_a_place_in_it(
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "drop", "delay", "request", "reply", "copy", "3", "1s", "\n", "#", "é", "\t",
                ]),
                0..20,
            ),
        ) {
            let text = words.join(" ");
            if let Err(ScriptError { line, column, .. }) = text.parse::<Script>() {
                let line = text.lines().nth(line - 1).unwrap();
                prop_assert!((1..=line.chars().count() + 1).contains(&column));
            }
        }
    }
}
