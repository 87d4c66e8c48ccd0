//! An event's kind and flags in one byte.

use super::event::Kind;

/// An event's byte: its kind and two flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Code(u8);

impl Code {
    const DIFFERS: u8 = 1 << 5;
    /// A reply without proof; of an intervention, that it hit nothing.
    const WITHOUT: u8 = 1 << 6;

    pub(crate) const fn new(kind: Kind) -> Self {
        Self(kind as u8)
    }

    /// A byte from elsewhere; `None` if no event has it.
    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        (usize::from(byte & 31) < Kind::ALL.len()).then_some(Self(byte))
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

    pub(crate) fn kind(self) -> Kind {
        // Every constructor keeps the low bits in range.
        Kind::ALL
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_and_flag_survives_its_byte() {
        for (index, kind) in Kind::ALL.iter().copied().enumerate() {
            assert_eq!(usize::from(kind as u8), index);
            for flags in 0..4_u8 {
                let mut code = Code::new(kind).without(flags & 1 != 0);
                if flags & 2 != 0 {
                    code = code.differing();
                }
                let back = Code::from_byte(code.byte()).unwrap();
                assert_eq!(back.kind(), kind);
                assert_eq!(back.is_without(), flags & 1 != 0);
                assert_eq!(back.differs(), flags & 2 != 0);
            }
        }
        assert_eq!(Code::from_byte(31), None);
    }
}
