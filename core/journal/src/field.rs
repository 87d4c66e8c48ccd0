//! From a line's keys and values to the fields of a record.
//!
//! Owns what a value of each type looks like. Which keys there are, the table of records says:
//! this knows only `via`, which any record of a comparison has.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::{self, IgnoredAny, MapAccess};

use crate::both_summary::{BothSummary, LossPlace};
use crate::clocks::Bounds;
use crate::number::{Signed, UnixNanos, Whole};
use crate::outage::Outages;
use crate::rest::Rest;
use crate::served::ServedSummary;
use crate::traffic::{Traffic, Via};
use udping_core::event::Ignored;
use udping_core::guard::{DropReason, Lookup};
use udping_core::heartbeat::{BeatOrder, MonitorSummary, SenderSummary};
use udping_core::stats::Summary;
use udping_core::wire::{Damage, Unreadable};

/// A key as it stands on the line.
#[derive(Deserialize)]
pub(crate) struct Key<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

/// A line's keys and their values, and what is known of those that no record takes.
pub(crate) struct Keys<A> {
    pub(crate) map: A,
    pub(crate) via: Option<Via>,
    pub(crate) unknown: u32,
    /// Whether a key is the tag of some kind of record.
    pub(crate) is_tag: fn(&str) -> bool,
}

impl<'de, A: MapAccess<'de>> Keys<A> {
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Cow<'de, str>>, A::Error> {
        Ok(self.map.next_key()?.map(|Key(key)| key))
    }

    /// Takes the value of a field, which no line has twice.
    #[inline]
    pub(crate) fn required<T: Field>(
        &mut self,
        place: &mut Option<T>,
        key: &'static str,
    ) -> Result<(), A::Error> {
        self.once(place, key, T::read)
    }

    #[inline]
    pub(crate) fn optional<T: Optional>(
        &mut self,
        place: &mut Option<T>,
        key: &'static str,
    ) -> Result<(), A::Error> {
        self.once(place, key, T::read)
    }

    #[inline]
    fn once<T>(
        &mut self,
        place: &mut Option<T>,
        key: &'static str,
        read: impl FnOnce(&mut A) -> Result<T, A::Error>,
    ) -> Result<(), A::Error> {
        if place.is_some() {
            return Err(de::Error::duplicate_field(key));
        }
        *place = Some(read(&mut self.map)?);
        Ok(())
    }

    /// Takes the value of a key that this kind of record does not have.
    pub(crate) fn other(&mut self, key: &str) -> Result<(), A::Error> {
        if key == "via" {
            let mut via = self.via.take();
            self.required(&mut via, "via")?;
            self.via = via;
            return Ok(());
        }
        if (self.is_tag)(key) {
            return Err(de::Error::custom("it is two records in one"));
        }
        self.map.next_value::<IgnoredAny>()?;
        self.unknown = self.unknown.saturating_add(1);
        Ok(())
    }
}

pub(crate) fn missing<E: de::Error>(tag: &str, key: &str) -> E {
    E::custom(format!("a `{tag}` record needs `{key}`"))
}

/// A value that a field of a record has.
pub(crate) trait Field: Sized {
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error>;

    /// Reads it without a JSON reader, if that can be.
    #[inline]
    fn read_fast(_: &mut Rest<'_>) -> Option<Self> {
        None
    }
}

/// A value that may be absent; where it is there, it is not null.
pub(crate) trait Optional: Default {
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error>;

    /// As [`Field::read_fast`].
    fn read_fast(rest: &mut Rest<'_>) -> Option<Self>;
}

impl<T: Field> Optional for Option<T> {
    #[inline]
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        T::read(map).map(Some)
    }

    #[inline]
    fn read_fast(rest: &mut Rest<'_>) -> Option<Self> {
        T::read_fast(rest).map(Some)
    }
}

impl Optional for bool {
    #[inline]
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value()
    }

    #[inline]
    fn read_fast(rest: &mut Rest<'_>) -> Option<Self> {
        rest.skip("true").then_some(true)
    }
}

/// Fields of these types hold whatever their types read.
macro_rules! plain {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::field::Field for $type {
            #[inline]
            fn read<'de, A: serde::de::MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
                map.next_value()
            }
        }
    )+};
}
pub(crate) use plain;

plain! {
    bool, String, u16, u32, Via, UnixNanos, Option<UnixNanos>,
    Ignored, Unreadable, BeatOrder, Damage,
    DropReason, Lookup, Box<ServedSummary>, Box<Summary>, Box<Outages>, SenderSummary, MonitorSummary, Traffic,
    Bounds, LossPlace, Box<BothSummary>,
}

impl Field for u64 {
    #[inline]
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value().map(|Whole(value)| value)
    }

    #[inline]
    fn read_fast(rest: &mut Rest<'_>) -> Option<Self> {
        rest.number()
    }
}

/// Null, or a number.
impl Field for Option<u32> {
    #[inline]
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value()
    }

    #[inline]
    fn read_fast(rest: &mut Rest<'_>) -> Option<Self> {
        rest.number()?.try_into().ok().map(Some)
    }
}

impl Field for i64 {
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value().map(|Signed(value)| value)
    }

    #[inline]
    fn read_fast(rest: &mut Rest<'_>) -> Option<Self> {
        rest.number()?.try_into().ok()
    }
}

/// Null, or a number.
impl Field for Option<u64> {
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        let number: Option<Whole> = map.next_value()?;
        Ok(number.map(|Whole(value)| value))
    }
}

/// Each null, or a number.
impl Field for Vec<Option<u64>> {
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        let numbers: Vec<Option<Whole>> = map.next_value()?;
        Ok(numbers
            .into_iter()
            .map(|number| number.map(|Whole(value)| value))
            .collect())
    }
}

/// A field that a probe's number is in.
pub(crate) trait Number {
    fn number(self, whole: &dyn Fn(u32) -> Option<u64>) -> Option<u64>;
}

impl Number for u64 {
    fn number(self, _: &dyn Fn(u32) -> Option<u64>) -> Option<u64> {
        Some(self)
    }
}

impl Number for Option<u64> {
    fn number(self, _: &dyn Fn(u32) -> Option<u64>) -> Option<u64> {
        self
    }
}

impl Number for Option<u32> {
    fn number(self, whole: &dyn Fn(u32) -> Option<u64>) -> Option<u64> {
        self.and_then(whole)
    }
}

impl Rest<'_> {
    /// The value after a key that comes next.
    #[inline]
    pub(crate) fn required<T: Field>(&mut self, key: &str) -> Option<T> {
        self.skip(key).then(|| T::read_fast(self))?
    }

    /// The value after a key that may come next; `None` if it cannot be read fast.
    #[inline]
    pub(crate) fn optional<T: Optional>(&mut self, key: &str) -> Option<T> {
        if self.skip(key) {
            T::read_fast(self)
        } else {
            Some(T::default())
        }
    }
}
