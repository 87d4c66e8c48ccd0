//! From a line's text to a record, tolerant of what it does not know.
//!
//! Keys may stand in any order and unknown ones are skipped and counted; what is
//! known must be well-formed. Which keys there are, the table of records says: this
//! knows only `via`, which any record of a comparison has.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::both::{BothSummary, LossPlace};
use crate::clocks::Bounds;
use crate::number::{Signed, UnixNanos, Whole};
use crate::outage::Outages;
use crate::record::{IncidentKind, Record, StopReason, Tag};
use crate::reflector::ServedSummary;
use crate::table::RecordType;
use crate::traffic::{Traffic, Via};
use udping_core::event::Ignored;
use udping_core::guard::{DropReason, Place};
use udping_core::heartbeat::{BeatOrder, MonitorSummary, SenderSummary};
use udping_core::stats::Summary;
use udping_core::wire::{Damage, Unreadable};

/// Reads one line after the header. Also returns how many keys have no meaning in
/// such a record: unknown ones, and those of other records.
///
/// # Errors
/// [`LineError`] says what is wrong and in which column.
pub fn parse_record(line: &str) -> Result<(Record, u32), LineError> {
    let (record, via, unknown) = parse_line(line)?;
    Ok((record, unknown.saturating_add(u32::from(via.is_some()))))
}

/// The same of a journal in which several sessions are: also returns which one the
/// record belongs to, if it says so.
///
/// # Errors
/// As [`parse_record`].
pub fn parse_line(line: &str) -> Result<(Record, Option<Via>, u32), LineError> {
    // The tag is written first; from elsewhere it may come later.
    let first = line.strip_prefix("{\"").and_then(|it| it.split_once('"'));
    let tag = match first.and_then(|(key, _)| Tag::of(key)) {
        None => parse(line, Find)?,
        tag => tag,
    };
    Ok(parse(line, Read(tag))?)
}

fn parse<'de, V: Visitor<'de>>(line: &'de str, visitor: V) -> serde_json::Result<V::Value> {
    let mut json = serde_json::Deserializer::from_str(line);
    let value = json.deserialize_map(visitor)?;
    json.end()?;
    Ok(value)
}

/// Why a line is not a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// The column, from 1; 0 where the line as a whole is meant.
    pub column: usize,
    /// What is wrong.
    pub what: String,
}

impl From<serde_json::Error> for LineError {
    fn from(error: serde_json::Error) -> Self {
        Self {
            column: error.column(),
            what: error.to_string(),
        }
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // serde_json counts lines within this one: "… at line 1 column 7".
        let what = self.what.split(" at line ").next().unwrap_or(&self.what);
        match self.column {
            0 => f.write_str(what),
            column => write!(f, "column {column}: {what}"),
        }
    }
}

impl core::error::Error for LineError {}

const EXPECTED: &str = "a record, which is a JSON object";

/// Finds out what kind of record a line is.
struct Find;

impl<'de> Visitor<'de> for Find {
    type Value = Option<Tag>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut tag = None;
        while let Some(Key(key)) = map.next_key()? {
            tag = tag.or_else(|| Tag::of(&key));
            map.next_value::<IgnoredAny>()?;
        }
        Ok(tag)
    }
}

/// Reads a record of a kind, or of none that is known.
struct Read(Option<Tag>);

impl<'de> Visitor<'de> for Read {
    type Value = (Record, Option<Via>, u32);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut keys = Keys {
            map,
            via: None,
            unknown: 0,
        };
        let record = if let Some(tag) = self.0 {
            tag.read(&mut keys)?
        } else {
            while let Some(key) = keys.next()? {
                keys.other(&key)?;
            }
            Record::Unknown
        };
        Ok((record, keys.via, keys.unknown))
    }
}

/// What the table makes of an entry.
pub(crate) trait RecordKind: Sized {
    const TYPE: RecordType;

    fn seq(&self, whole: &dyn Fn(u32) -> Option<u64>) -> Option<u64>;

    fn read<'de, A: MapAccess<'de>>(keys: &mut Keys<A>) -> Result<Self, A::Error>;
}

/// A key as it stands on the line.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// A line's keys and their values, and what is known of those that no record takes.
pub(crate) struct Keys<A> {
    map: A,
    via: Option<Via>,
    unknown: u32,
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
        if Tag::of(key).is_some() {
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

/// Whether an optional field is left out of its line.
pub(crate) fn is_absent<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A value that a field of a record has.
pub(crate) trait Field: Sized {
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error>;
}

/// A value that may be absent; where it is there, it is not null.
pub(crate) trait Optional: Sized {
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error>;
}

impl<T: Field> Optional for Option<T> {
    #[inline]
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        T::read(map).map(Some)
    }
}

impl Optional for bool {
    #[inline]
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value()
    }
}

/// Fields of these types hold whatever their types read.
macro_rules! plain {
    ($($type:ty),+ $(,)?) => {$(
        impl Field for $type {
            #[inline]
            fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
                map.next_value()
            }
        }
    )+};
}

plain! {
    bool, String, Option<u32>, u16, u32, Via, UnixNanos, Option<UnixNanos>,
    Ignored, Unreadable, StopReason, IncidentKind, BeatOrder, Damage,
    DropReason, Place, Box<ServedSummary>, Box<Summary>, Box<Outages>, SenderSummary, MonitorSummary, Traffic,
    Bounds, LossPlace, Box<BothSummary>,
}

impl Field for u64 {
    #[inline]
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value().map(|Whole(value)| value)
    }
}

impl Field for i64 {
    fn read<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Self, A::Error> {
        map.next_value().map(|Signed(value)| value)
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
