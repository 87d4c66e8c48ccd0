//! The client's end of a described wire: probes to requests, and replies to claims.
//!
//! Owns the order in which expectations are tried, and which probe a number means that
//! comes round. Must not know whom a reply is credited to.

use super::template::{Reading, Role, Template, TemplateError, TooLong, Values};
use super::{Claim, Probe, Unreadable, low_bits};
use crate::time::WallTime;

/// The most expectations of a wire.
pub const MOST_EXPECTATIONS: usize = 4;

/// A described wire: how a request looks, and what is taken for a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    request: Template,
    expected: [Option<Template>; MOST_EXPECTATIONS],
}

/// A description that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DescriptionError {
    /// The request's template is wrong.
    Request(TemplateError),
    /// The template of this expectation is wrong, counted from 0.
    Expect(usize, TemplateError),
    /// There are more than [`MOST_EXPECTATIONS`] expectations, or none.
    Expectations,
    /// Expectations have a sequence number, and the request has none.
    RequestWithoutNumber,
}

impl core::fmt::Display for DescriptionError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Request(error) => write!(f, "the request, {error}"),
            Self::Expect(index, error) => write!(f, "expectation {}, {error}", index + 1),
            Self::Expectations => write!(f, "a wire has 1 to {MOST_EXPECTATIONS} expectations"),
            Self::RequestWithoutNumber => f.write_str(
                "a reply is expected to have a sequence number that its request does not have; \
                 write {seq} into the request, or {int} into the expectation",
            ),
        }
    }
}

impl core::error::Error for DescriptionError {}

/// More probes can wait for a reply than half of the numbers that the wire has, so a number
/// that comes round could mean two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComesRound {
    /// How many numbers there are.
    pub numbers: u64,
    /// How many probes fit into timeout and late window.
    pub probes: u64,
}

impl core::fmt::Display for ComesRound {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { numbers, probes } = self;
        write!(
            f,
            "{probes} probes fit into timeout and late window, and the wire has {numbers} numbers, \
             of which at most half can wait; use a longer interval, or a wider number"
        )
    }
}

impl core::error::Error for ComesRound {}

impl Described {
    /// Compiles a request and what is expected of its replies, in the order of trying.
    ///
    /// # Errors
    /// [`DescriptionError`]: which of them is wrong, and where.
    pub fn compile<'a>(
        request: &str,
        expected: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, DescriptionError> {
        let mut wire = Self {
            request: Template::compile(request, Role::Request)
                .map_err(DescriptionError::Request)?,
            expected: [const { None }; MOST_EXPECTATIONS],
        };
        for (index, text) in expected.into_iter().enumerate() {
            let place = wire.expected.get_mut(index);
            *place.ok_or(DescriptionError::Expectations)? = Some(
                Template::compile(text, Role::Expect)
                    .map_err(|error| DescriptionError::Expect(index, error))?,
            );
        }
        if wire.expected().next().is_none() {
            return Err(DescriptionError::Expectations);
        }
        if wire.request.modulus().is_none() && !wire.is_unnumbered() {
            return Err(DescriptionError::RequestWithoutNumber);
        }
        Ok(wire)
    }

    fn expected(&self) -> impl Iterator<Item = &Template> {
        self.expected.iter().flatten()
    }

    /// How requests look.
    #[must_use]
    pub fn request(&self) -> &Template {
        &self.request
    }

    /// Whether no reply has a sequence number: such a wire needs
    /// [`Config::accept_unnumbered`](crate::Config::accept_unnumbered).
    #[must_use]
    pub fn is_unnumbered(&self) -> bool {
        self.expected().all(|template| template.modulus().is_none())
    }

    /// Whether a reply can prove that it is its probe's: both have a `{time}`.
    #[must_use]
    pub fn verifies(&self) -> bool {
        self.request.verifies() && self.expected().any(Template::verifies)
    }

    /// Checks that a number which comes round cannot mean two of the `probes` that may wait at
    /// once, [`Config::most_waiting`](crate::Config::most_waiting): that they are not more than
    /// half of the numbers.
    ///
    /// # Errors
    /// [`ComesRound`], with both numbers.
    pub fn check(&self, probes: u64) -> Result<(), ComesRound> {
        let all = core::iter::once(&self.request).chain(self.expected());
        let Some(numbers) = all.filter_map(Template::modulus).min() else {
            return Ok(());
        };
        if probes > numbers / 2 {
            return Err(ComesRound { numbers, probes });
        }
        Ok(())
    }

    /// Writes the request for `probe`, and returns its length.
    ///
    /// # Errors
    /// [`TooLong`] if `buffer` is shorter than [`Template::longest`] of the request.
    pub fn encode(&self, probe: &Probe, buffer: &mut [u8]) -> Result<usize, TooLong> {
        self.request.write(probe.into(), buffer)
    }

    /// Bytes of the request for the probe with this number and timestamp.
    #[must_use]
    pub fn request_len(&self, seq: u64, time: WallTime) -> usize {
        self.request.written_len(Values { seq, time })
    }

    /// What a reply says, by the first expectation that it meets. A number that comes round
    /// means the probe nearest to `last_seq`, the last that was sent.
    ///
    /// # Errors
    /// [`Unreadable`] if it meets none.
    pub fn decode(&self, datagram: &[u8], last_seq: u64) -> Result<Claim, Unreadable> {
        let met = self
            .expected()
            .find_map(|template| Some((template, template.read(datagram).ok()?)));
        let Some((template, reading)) = met else {
            return Err(if datagram.is_empty() {
                Unreadable::Empty
            } else {
                Unreadable::Malformed
            });
        };
        Ok(Claim {
            seq: nearest(template, &reading, last_seq),
            timestamp: reading.timestamp,
            ..Claim::default()
        })
    }

    /// The number and the time of a request of ours that came back.
    #[must_use]
    pub fn recognise(&self, request: &[u8], last_seq: u64) -> Option<(u32, Option<WallTime>)> {
        let reading = self.request.read(request).ok()?;
        let seq = nearest(&self.request, &reading, last_seq)?;
        Some((seq, reading.timestamp))
    }
}

/// The low 32 bits of the sequence number next to `last_seq` that is the one which was read,
/// modulo the template's. Not more than half of all are taken to be before it.
fn nearest(template: &Template, reading: &Reading, last_seq: u64) -> Option<u32> {
    let (number, modulus) = (reading.seq?, template.modulus()?);
    let behind = (last_seq % modulus + modulus - number) % modulus;
    Some(low_bits(if behind <= modulus / 2 {
        last_seq.wrapping_sub(behind)
    } else {
        last_seq.wrapping_add(modulus - behind)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::schedule::Schedule;
    use crate::time::ClientTime;
    use core::num::NonZeroU64;
    use core::time::Duration;
    use proptest::prelude::*;

    const TIME: WallTime = WallTime::from_nanos(1_795_995_208_123_456_789);

    fn wire(request: &str, expected: &[&str]) -> Described {
        Described::compile(request, expected.iter().copied()).unwrap()
    }

    fn probe(seq: u64) -> Probe {
        Probe {
            seq,
            timestamp: TIME,
            due: ClientTime::ZERO,
            at: ClientTime::ZERO,
        }
    }

    #[test]
    fn a_reply_is_read_by_the_first_expectation_that_it_meets() {
        let wire = wire("ping {seq}", &["pong {seq} {time}", "pong {seq}", "{any}"]);
        let claim = |seq, timestamp| {
            Ok(Claim {
                seq,
                timestamp,
                ..Claim::default()
            })
        };
        let read = |reply: &str| wire.decode(reply.as_bytes(), 5);
        assert_eq!(
            read("pong 3 1795995208.123456789"),
            claim(Some(3), Some(TIME))
        );
        assert_eq!(read("pong 3\0\0"), claim(Some(3), None));
        assert_eq!(read("hello"), claim(None, None));
        assert!(!wire.is_unnumbered() && !wire.verifies());
        let mut request = [0; 16];
        assert_eq!(wire.encode(&probe(7), &mut request), Ok(6));
        assert_eq!(wire.request_len(70, TIME), 7);
        assert_eq!(wire.recognise(&request[..6], 9), Some((7, None)));
        assert_eq!(wire.recognise(b"pong 7", 9), None);
    }

    #[test]
    fn what_meets_no_expectation_is_unreadable() {
        let wire = wire("{seq} {time}", &["{seq} {time}"]);
        assert!(wire.verifies());
        assert_eq!(wire.decode(b"", 1), Err(Unreadable::Empty));
        assert_eq!(wire.decode(b"pong", 1), Err(Unreadable::Malformed));
    }

    #[test]
    fn a_description_that_cannot_work_is_refused() {
        let compile = |request, expected: &[&'static str]| {
            Described::compile(request, expected.iter().copied()).unwrap_err()
        };
        assert!(matches!(
            compile("{", &["{any}"]),
            DescriptionError::Request(_)
        ));
        assert!(matches!(
            compile("a", &["{any}", "}"]),
            DescriptionError::Expect(1, _)
        ));
        assert_eq!(compile("a", &[]), DescriptionError::Expectations);
        assert_eq!(compile("a", &["{any}"; 5]), DescriptionError::Expectations);
        assert_eq!(
            compile("a", &["{seq}"]),
            DescriptionError::RequestWithoutNumber
        );
    }

    #[test]
    fn a_number_that_could_mean_two_probes_is_refused() {
        let config = |interval, count| {
            let schedule = match interval {
                0 => Schedule::StopAndWait {
                    gap: Duration::ZERO,
                },
                millis => Schedule::Paced {
                    interval: Duration::from_millis(millis),
                },
            };
            let builder = Config::builder()
                .schedule(schedule)
                .count(NonZeroU64::new(count));
            builder.build().unwrap()
        };
        let check = |request: &str, interval, count| {
            wire(request, &[request]).check(config(interval, count).most_waiting())
        };
        // Two seconds of timeout and late window.
        assert_eq!(check("{seq:02}", 41, 0), Ok(()));
        assert_eq!(
            check("{seq:02}", 39, 0),
            Err(ComesRound {
                numbers: 100,
                probes: 52
            })
        );
        assert_eq!(check("{seq:02}", 39, 50), Ok(()));
        assert_eq!(check("{seq:u16be}", 1, 0), Ok(()));
        assert_eq!(check("{seq:u16be}", 0, 10), Ok(()));
        assert!(check("{seq:u16be}", 0, 0).is_err());
        assert_eq!(check("{seq}", 0, 0), Ok(()));
        assert_eq!(wire("a", &["b"]).check(config(0, 0).most_waiting()), Ok(()));
    }

    proptest! {
        #[test]
        fn a_number_that_comes_round_means_the_nearest_probe(
            last in 1..1_u64 << 40, behind in 0..50_u64, format in prop::sample::select(&["{seq}", "{seq+7}", "{seq-7}", "{seq:02}", "{seq:05}", "{seq:u8}", "{seq:u16le}", "{seq:u64be}"][..]),
        ) {
            let wire = wire(format, &[format]);
            let seq = last.saturating_sub(behind);
            let mut request = [0; 32];
            let len = wire.encode(&probe(seq), &mut request).unwrap();
            let claim = wire.decode(&request[..len], last).unwrap();
            prop_assert_eq!(claim.seq, Some(low_bits(seq)));
        }
    }
}
