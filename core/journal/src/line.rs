//! From a line's text to a record, tolerant of what it does not know.
//!
//! Keys may stand in any order and unknown ones are skipped and counted; what is
//! known must be well-formed. Which keys there are, the table of records says.

mod fast_path;

pub use fast_path::FastLines;

use alloc::string::{String, ToString};
use core::fmt;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};

use crate::field::{Key, Keys};
use crate::json::Objects;
use crate::record::{Record, Tag};
use crate::traffic::Via;

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
    match fast_path::record(line.as_bytes()) {
        Some(record) => Ok((record, None, 0)),
        None => parse_json(line),
    }
}

/// The same by the reader of all of JSON.
pub(crate) fn parse_json(line: &str) -> Result<(Record, Option<Via>, u32), LineError> {
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
    let value = Objects(&mut json).deserialize_map(visitor)?;
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
            is_tag: |key| Tag::of(key).is_some(),
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
