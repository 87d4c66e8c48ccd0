//! The numbers of a journal, which JavaScript reads exactly.
//!
//! Owns the bound, 2⁵³, and that what is beyond it is refused. What a number counts, its field
//! says.

use core::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use udping_core::time::WallTime;

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

/// Nanoseconds since 1970 UTC. In text they are a string of digits: as a number they
/// would be more than [`LARGEST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnixNanos(pub WallTime);

impl Serialize for UnixNanos {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.as_nanos())
    }
}

impl<'de> Deserialize<'de> for UnixNanos {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = UnixNanos;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("nanoseconds since 1970, as a string of digits")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<UnixNanos, E> {
                // A sign would be read, too.
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                let nanos = text.parse().ok().filter(|_| digits);
                let nanos =
                    nanos.ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))?;
                Ok(UnixNanos(WallTime::from_nanos(nanos)))
            }
        }
        deserializer.deserialize_str(Digits)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for UnixNanos {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "UnixNanos".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{1,20}$" })
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
