//! The reflector of a described wire: what templates read is answered as templates say.
//!
//! Owns the order in which requests are tried, and that the guard is asked before anything
//! is read. What a template reads and writes is [`wire::template`](crate::wire::template)'s;
//! must not know sockets or clocks.

use core::net::SocketAddr;

use super::{CountingGuard, Counts};
use crate::guard::{Draws, DropReason, Guard, SourceEntry};
use crate::time::{ReflectorTime, WallTime};
use crate::wire::template::{Reading, Role, Template, TemplateError};
use crate::wire::{Claim, low_bits};

/// The most kinds of request that one reflector answers.
pub const MOST_ANSWERS: usize = 4;

/// What is answered to what: expectations in the order of trying, each with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    pairs: [Option<Pair>; MOST_ANSWERS],
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pair {
    expect: Template,
    answer: Template,
}

/// Answers that are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswersError {
    /// The template of this expectation is wrong, counted from 0.
    Expect(usize, TemplateError),
    /// The template of this answer is wrong, counted from 0.
    Answer(usize, TemplateError),
    /// A part of this answer, counted from 0, has bytes that its expectation does not read.
    Unanswerable {
        /// Which answer.
        index: usize,
        /// The part's column in it, from 1.
        column: usize,
    },
    /// There are more than [`MOST_ANSWERS`], or none.
    Count,
}

impl core::fmt::Display for AnswersError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Expect(index, error) => write!(f, "expectation {}, {error}", index + 1),
            Self::Answer(index, error) => write!(f, "answer {}, {error}", index + 1),
            Self::Unanswerable { index, column } => write!(
                f,
                "answer {}, column {column}: the expectation reads no such part; write it there too",
                index + 1
            ),
            Self::Count => write!(f, "a reflector has 1 to {MOST_ANSWERS} answers"),
        }
    }
}

impl core::error::Error for AnswersError {}

impl Answers {
    /// Compiles pairs of what is expected and what is answered to it.
    ///
    /// # Errors
    /// [`AnswersError`]: which of them is wrong, and where.
    pub fn compile<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, AnswersError> {
        let mut all = [const { None }; MOST_ANSWERS];
        let mut count = 0;
        for (index, (expect, answer)) in pairs.into_iter().enumerate() {
            let expected = Template::compile(expect, Role::Expect);
            let expected = expected.map_err(|error| AnswersError::Expect(index, error))?;
            let answered = Template::compile(answer, Role::Answer);
            let answered = answered.map_err(|error| AnswersError::Answer(index, error))?;
            if let Some(part) = answered.unanswerable(&expected) {
                let before = answer.get(..part.start).unwrap_or_default();
                let column = before.chars().count() + 1;
                return Err(AnswersError::Unanswerable { index, column });
            }
            *all.get_mut(index).ok_or(AnswersError::Count)? = Some(Pair {
                expect: expected,
                answer: answered,
            });
            count += 1;
        }
        if count == 0 {
            return Err(AnswersError::Count);
        }
        Ok(Self { pairs: all })
    }

    fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().flatten()
    }

    /// Whether an answer can be longer than its request: such a reflector sends more than it
    /// is sent, to whomever a request says that it is from.
    #[must_use]
    pub fn can_exceed(&self) -> bool {
        self.pairs()
            .any(|pair| pair.answer.can_exceed(&pair.expect))
    }

    /// What the first expectation that `request` meets reads in it.
    #[must_use]
    pub fn read(&self, request: &[u8]) -> Option<Reading> {
        self.pairs().find_map(|pair| pair.expect.read(request).ok())
    }

    /// What `request` says: its number and its time, as far as an expectation reads them.
    #[must_use]
    pub fn claim(&self, request: &[u8]) -> Claim {
        let reading = self.read(request);
        let claim = reading.map(|reading| Claim {
            seq: reading.seq.map(low_bits),
            timestamp: reading.timestamp.or(reading.time),
            ..Claim::default()
        });
        claim.unwrap_or_default()
    }

    /// Writes the answer to `request`, which came at `now`, into `reply`, and returns its
    /// length.
    ///
    /// # Errors
    /// [`DropReason::Malformed`] if it meets no expectation, or `reply` is too short.
    pub fn write(
        &self,
        request: &[u8],
        now: WallTime,
        reply: &mut [u8],
    ) -> Result<usize, DropReason> {
        let met = self
            .pairs()
            .find_map(|pair| Some((pair, pair.expect.read(request).ok()?)));
        let (pair, reading) = met.ok_or(DropReason::Malformed)?;
        let Pair { expect, answer } = pair;
        let written = answer.answer(expect, &reading, request, now, reply);
        written.map_err(|_| DropReason::Malformed)
    }
}

/// The reflector of one socket. `T` is the storage of its table of sources.
#[derive(Debug, Clone)]
pub struct DescribedReflector<T> {
    answers: Answers,
    pub(super) counting: CountingGuard<T>,
}

impl<T: AsMut<[SourceEntry]>> DescribedReflector<T> {
    /// A reflector that has these `answers` for whomever `guard` admits.
    pub fn new(answers: Answers, guard: Guard<T>) -> Self {
        Self {
            answers,
            counting: CountingGuard::new(guard),
        }
    }

    /// Judges `request` from `from`, which came at `now`, when the wall clock read
    /// `received`; the reply is written into `reply`, and its length returned.
    ///
    /// # Errors
    /// Why the answer is silence.
    pub fn handle_request(
        &mut self,
        now: ReflectorTime,
        received: WallTime,
        from: SocketAddr,
        request: &[u8],
        reply: &mut [u8],
    ) -> Result<usize, DropReason> {
        let answers = &self.answers;
        self.counting.count(|guard| {
            guard.admit(now, from)?;
            let digest = guard.digest(from, request);
            guard.admit_echo(now, from, [digest])?;
            let len = answers.write(request, received, reply)?;
            guard.replied(guard.digest(from, reply.get(..len).unwrap_or_default()));
            Ok(len)
        })
    }

    /// [`Answers::claim`].
    #[must_use]
    pub fn read(&self, request: &[u8]) -> Claim {
        self.answers.claim(request)
    }

    /// [`Guard::draws`] of its guard.
    #[must_use]
    pub fn draws(&self) -> Draws {
        self.counting.guard.draws()
    }

    /// What it has done so far.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counting.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::Policy;
    use crate::wire::template::Values;
    use crate::wire::template::presets::{self, PRESETS};
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    const NOW: WallTime = WallTime::from_nanos(1_795_995_208_123_456_789);

    fn reflector(pairs: &[(&str, &str)]) -> DescribedReflector<Vec<SourceEntry>> {
        let guard = Guard::new(&Policy::open(12_000), 1, vec![SourceEntry::EMPTY; 16]);
        DescribedReflector::new(Answers::compile(pairs.iter().copied()).unwrap(), guard)
    }

    fn ask(
        reflector: &mut DescribedReflector<Vec<SourceEntry>>,
        request: &str,
    ) -> Result<String, DropReason> {
        let mut reply = [0; 256];
        let from = "192.0.2.1:5000".parse().unwrap();
        let now = ReflectorTime::ZERO;
        let len = reflector.handle_request(now, NOW, from, request.as_bytes(), &mut reply)?;
        Ok(String::from_utf8(reply[..len].to_vec()).unwrap())
    }

    #[test]
    fn the_first_expectation_that_is_met_has_the_answer() {
        let mut reflector = reflector(&[
            ("PING {seq} {any}", "{seq+1} {any}"),
            ("(?i)ping{any}", "pong"),
        ]);
        assert_eq!(
            ask(&mut reflector, "PING 7 12 34 \r\n").unwrap(),
            "8 12 34 \r\n"
        );
        assert_eq!(ask(&mut reflector, "Ping").unwrap(), "pong");
        assert_eq!(ask(&mut reflector, "hello"), Err(DropReason::Malformed));
        let counts = reflector.counts();
        assert_eq!((counts.requests, counts.replies), (3, 2));
        assert_eq!(counts.of(DropReason::Malformed), 1);
    }

    #[test]
    fn the_guard_stands_before_every_answer() {
        let mut reflector = reflector(&[("{any}", "{echo}")]);
        let from = "192.0.2.1:12000".parse().unwrap();
        let now = ReflectorTime::ZERO;
        let refused = reflector.handle_request(now, NOW, from, b"hello", &mut [0; 16]);
        assert_eq!(refused, Err(DropReason::OwnPort));
        let returned = (0..40).map(|_| ask(&mut reflector, "hello"));
        let refused: Vec<_> = returned.filter_map(Result::err).collect();
        assert!(!refused.is_empty(), "our own reply went round forty times");
        assert!(refused.iter().all(|why| *why == DropReason::EchoLoop));
    }

    #[test]
    fn what_cannot_be_answered_is_refused_with_its_place() {
        let compile =
            |pairs: &[(&'static str, &'static str)]| Answers::compile(pairs.iter().copied());
        assert_eq!(
            compile(&[("{any}", "n {seq}")]),
            Err(AnswersError::Unanswerable {
                index: 0,
                column: 3
            })
        );
        assert!(matches!(
            compile(&[("{", "x")]),
            Err(AnswersError::Expect(0, _))
        ));
        assert!(matches!(
            compile(&[("a", "a"), ("b", "}")]),
            Err(AnswersError::Answer(1, _))
        ));
        assert_eq!(compile(&[]), Err(AnswersError::Count));
        assert_eq!(compile(&[("a", "a"); 5]), Err(AnswersError::Count));
        assert!(!compile(&[("{any}", "{echo}")]).unwrap().can_exceed());
        assert!(compile(&[("{any}", "{echo}!")]).unwrap().can_exceed());
    }

    /// Each named wire's server answers its client with what that expects.
    #[test]
    fn every_preset_answers_its_own_request() {
        for preset in &PRESETS {
            let request = Template::compile(preset.request, Role::Request).unwrap();
            let answers = Answers::compile([(preset.request, preset.answer)]).unwrap();
            let mut datagram = [0; 256];
            let values = Values { seq: 3, time: NOW };
            let len = request.write(values, &mut datagram).unwrap();
            let mut reply = [0; 256];
            let written = answers.write(&datagram[..len], NOW, &mut reply).unwrap();
            let met = preset.expect.iter().find_map(|expect| {
                let expect = Template::compile(expect, Role::Expect).unwrap();
                expect.read(&reply[..written]).ok()
            });
            let reading = met.unwrap_or_else(|| panic!("{}", preset.name));
            let numbered = preset.name != presets::find("pong").unwrap().name;
            assert_eq!(reading.seq, numbered.then_some(3), "{}", preset.name);
        }
    }
}
