//! A table of the configuration's TOML, and the values in it.
//!
//! Owns that each key is taken once, that none is left over, and where in the text something
//! wrong stands. What a key means is `config`'s.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr as _;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use udping_link::Rate;

use crate::cli::positive_duration;
use crate::i18n::{localized, say};
use crate::net::Family;

/// What is wrong, and where in the text it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) at: usize,
    pub(super) why: String,
}

pub(super) type Read<T> = Result<T, Wrong>;

/// A table of the file, of which each key is taken once.
pub(super) struct Table<'a> {
    pub(super) entries: DeTable<'a>,
    pub(super) span: Range<usize>,
}

impl<'a> Table<'a> {
    pub(super) fn new(entries: DeTable<'a>, span: &Range<usize>) -> Self {
        let span = span.clone();
        Self { entries, span }
    }

    pub(super) fn take<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Read<Option<T>> {
        let Some(value) = self.entries.remove(key) else {
            return Ok(None);
        };
        let read = read(value.get_ref());
        read.map(Some).map_err(|why| wrong(&value.span(), why))
    }

    pub(super) fn take_table(&mut self, key: &str) -> Read<Option<Self>> {
        let Some(value) = self.entries.remove(key) else {
            return Ok(None);
        };
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(entries) => Ok(Some(Self { entries, span })),
            _ => Err(wrong(&span, say::MonitorTable { key })),
        }
    }

    pub(super) fn take_array(&mut self, key: &str) -> Read<Vec<Spanned<DeValue<'a>>>> {
        let Some(value) = self.entries.remove(key) else {
            return Ok(Vec::new());
        };
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(values) => Ok(values.into_iter().collect()),
            _ => Err(wrong(&span, say::MonitorList { key })),
        }
    }

    /// Whatever is left is a key that nobody knows.
    pub(super) fn finish(self) -> Read<()> {
        self.entries.into_iter().next().map_or(Ok(()), |(key, _)| {
            let span = key.span();
            let key = key.into_inner().into_owned();
            Err(wrong(&span, say::MonitorUnknownKey { key }))
        })
    }
}

pub(super) fn wrong(span: &Range<usize>, why: impl Display) -> Wrong {
    Wrong {
        at: span.start,
        why: why.to_string(),
    }
}

pub(super) fn string(value: &DeValue<'_>) -> Result<String, String> {
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| say::MONITOR_TEXT.to_string())
}

pub(super) fn boolean(value: &DeValue<'_>) -> Result<bool, String> {
    value
        .as_bool()
        .ok_or_else(|| say::MONITOR_TRUE_OR_FALSE.to_string())
}

/// A text, or a number as it is written.
pub(super) fn plain(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::Integer(number) => Ok(number.as_str().to_owned()),
        DeValue::Float(number) => Ok(number.as_str().to_owned()),
        value => string(value),
    }
}

pub(super) fn time(value: &DeValue<'_>) -> Result<Duration, String> {
    positive_duration(&plain(value)?)
}

pub(super) fn rate(text: &str) -> Result<Rate, String> {
    Rate::from_str(text).map_err(|error| localized(&error))
}

pub(super) fn family(value: &DeValue<'_>) -> Result<Family, String> {
    match string(value)?.as_str() {
        "ipv4" => Ok(Family::V4),
        "ipv6" => Ok(Family::V6),
        "any" => Ok(Family::Any),
        _ => Err(say::MONITOR_FAMILY.to_string()),
    }
}
