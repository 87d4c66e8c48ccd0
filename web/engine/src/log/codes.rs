//! An event's kind in one byte, and the small enumerations in a word.
//!
//! Owns the packing of [`What`](super::What) and nothing else.

use udping_core::event::Ignored;
use udping_journal::StopReason;

/// The low five bits of an event's byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    Sent,
    Reflected,
    Unanswered,
    Dropped,
    Replied,
    Late,
    Duplicate,
    Ignored,
    Lost,
    Missed,
    Refused,
    Unsent,
    Stamped,
    Intervened,
    Stopped,
    Done,
    Gap,
    Heard,
    Silent,
    Incident,
}

const KINDS: [Kind; 20] = [
    Kind::Sent,
    Kind::Reflected,
    Kind::Unanswered,
    Kind::Dropped,
    Kind::Replied,
    Kind::Late,
    Kind::Duplicate,
    Kind::Ignored,
    Kind::Lost,
    Kind::Missed,
    Kind::Refused,
    Kind::Unsent,
    Kind::Stamped,
    Kind::Intervened,
    Kind::Stopped,
    Kind::Done,
    Kind::Gap,
    Kind::Heard,
    Kind::Silent,
    Kind::Incident,
];

/// An event's byte: its kind and three flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code(u8);

impl Code {
    const DIFFERS: u8 = 1 << 5;
    /// A reply without proof; of an intervention, that it hit nothing.
    const WITHOUT: u8 = 1 << 6;
    const NEWLY_LOST: u8 = 1 << 7;

    pub(crate) const fn new(kind: Kind) -> Self {
        Self(kind as u8)
    }

    /// A byte from elsewhere; `None` if no event has it.
    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        (usize::from(byte & 31) < KINDS.len()).then_some(Self(byte))
    }

    pub(crate) const fn byte(self) -> u8 {
        self.0
    }

    pub(crate) const fn differing(self) -> Self {
        Self(self.0 | Self::DIFFERS)
    }

    pub(crate) const fn without(self, without: bool) -> Self {
        if without {
            Self(self.0 | Self::WITHOUT)
        } else {
            self
        }
    }

    pub(crate) const fn newly_lost(self, newly: bool) -> Self {
        if newly {
            Self(self.0 | Self::NEWLY_LOST)
        } else {
            self
        }
    }

    pub(crate) fn kind(self) -> Kind {
        // Every constructor keeps the low bits in range.
        KINDS
            .get(usize::from(self.0 & 31))
            .copied()
            .unwrap_or(Kind::Gap)
    }

    pub(crate) const fn differs(self) -> bool {
        self.0 & Self::DIFFERS != 0
    }

    pub(crate) const fn is_without(self) -> bool {
        self.0 & Self::WITHOUT != 0
    }

    pub(crate) const fn is_newly_lost(self) -> bool {
        self.0 & Self::NEWLY_LOST != 0
    }
}

const IGNORED: [Ignored; 13] = [
    Ignored::TooOld,
    Ignored::NotSent,
    Ignored::TokenMismatch,
    Ignored::NoSequence,
    Ignored::Ambiguous,
    Ignored::NothingInFlight,
    Ignored::AlreadySettled,
    Ignored::BadKernelRtt,
    Ignored::Empty,
    Ignored::NotText,
    Ignored::Malformed,
    Ignored::Unauthentic,
    Ignored::Foreign,
];

/// A reason as a word: 0 for none on record, or for one that is newer than this code.
pub(crate) fn from_ignored(why: Option<Ignored>) -> u64 {
    let place = why.and_then(|why| IGNORED.iter().position(|known| *known == why));
    place.map_or(0, |place| place as u64 + 1)
}

pub(crate) fn to_ignored(word: u64) -> Option<Ignored> {
    let place = usize::try_from(word.checked_sub(1)?).ok()?;
    IGNORED.get(place).copied()
}

const STOPS: [StopReason; 4] = [
    StopReason::Signal,
    StopReason::Deadline,
    StopReason::ClosedPipe,
    StopReason::Failure,
];

pub(crate) fn from_stop(why: StopReason) -> u64 {
    STOPS.iter().position(|known| *known == why).unwrap_or(0) as u64
}

pub(crate) fn to_stop(word: u64) -> StopReason {
    usize::try_from(word)
        .ok()
        .and_then(|place| STOPS.get(place).copied())
        .unwrap_or(StopReason::Failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_flag_survives_its_byte() {
        for (place, kind) in KINDS.into_iter().enumerate() {
            assert_eq!(usize::from(kind as u8), place);
            for flags in 0..8_u8 {
                let mut code = Code::new(kind)
                    .without(flags & 1 != 0)
                    .newly_lost(flags & 2 != 0);
                if flags & 4 != 0 {
                    code = code.differing();
                }
                let back = Code::from_byte(code.byte()).unwrap();
                assert_eq!(back.kind(), kind);
                assert_eq!(back.is_without(), flags & 1 != 0);
                assert_eq!(back.is_newly_lost(), flags & 2 != 0);
                assert_eq!(back.differs(), flags & 4 != 0);
            }
        }
        assert_eq!(Code::from_byte(31), None);
    }

    #[test]
    fn every_reason_survives_its_word() {
        for why in IGNORED {
            assert_eq!(to_ignored(from_ignored(Some(why))), Some(why));
        }
        assert_eq!(to_ignored(from_ignored(None)), None);
        for why in STOPS {
            assert_eq!(to_stop(from_stop(why)), why);
        }
    }
}
