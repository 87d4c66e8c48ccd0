//! The numbers of a journal, which JavaScript reads exactly.

use core::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

/// The largest number a journal holds.
pub const LARGEST: u64 = udping_core::wire::LARGEST_EXACT;

/// A whole number from 0 to [`LARGEST`].
pub(crate) struct Whole(pub(crate) u64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bounded;
        impl Visitor<'_> for Bounded {
            type Value = Whole;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a whole number from 0 to {LARGEST}")
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Whole, E> {
                if value > LARGEST {
                    return Err(E::invalid_value(de::Unexpected::Unsigned(value), &self));
                }
                Ok(Whole(value))
            }
        }
        deserializer.deserialize_u64(Bounded)
    }
}

/// A whole number whose amount is at most [`LARGEST`].
pub(crate) struct Signed(pub(crate) i64);

impl<'de> Deserialize<'de> for Signed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = i64::deserialize(deserializer)?;
        if value.unsigned_abs() > LARGEST {
            let what = de::Unexpected::Signed(value);
            return Err(de::Error::invalid_value(what, &"an amount of at most 2^53"));
        }
        Ok(Self(value))
    }
}
