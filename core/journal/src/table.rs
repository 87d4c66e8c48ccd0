//! The macro that makes everything about a kind of record from one entry.
//!
//! Owns what an entry means. It knows no record by name: the entries are in
//! [`record`](crate::record), and how a field is read is [`field`](crate::field)'s.

use serde::de::MapAccess;

use crate::field::Keys;
use crate::rest::Rest;

/// What a field is to a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It goes into the client.
    Input,
    /// The client says it, so a replay checks it.
    Decision,
    /// It explains the run and is neither.
    Label,
}

/// A field of a kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldType {
    /// Its key.
    pub key: &'static str,
    /// What it is to a replay.
    pub class: Class,
    /// It may be absent.
    pub optional: bool,
}

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordType {
    /// The key that no other kind has, by which this one is known. It is written first.
    pub tag: &'static str,
    /// All its fields in the order in which they are written, the tag's first.
    pub fields: &'static [FieldType],
}

/// What the table makes of an entry.
pub(crate) trait RecordKind: Sized {
    const TYPE: RecordType;

    fn seq(&self, whole: &dyn Fn(u32) -> Option<u64>) -> Option<u64>;

    fn read<'de, A: MapAccess<'de>>(keys: &mut Keys<A>) -> Result<Self, A::Error>;

    /// Reads what stands after the tag's key, if it is as this library writes it.
    fn read_fast(rest: &mut Rest<'_>) -> Option<Self>;
}

/// From each entry: the struct, its parser, its time, its number and its place in
/// [`Record`](crate::Record).
///
/// An entry is `Kind(Struct)`, then `[often]` if one or more come for each probe: those are also
/// read without a JSON reader. Then come the fields that its probe's number is `of`, the first
/// that has one. Each field begins with its [`Class`]; the first one is the tag, and one is
/// `at_ns`. What is `optional` is an `Option` or a `bool`, and absent where it is `None` or
/// false.
macro_rules! records {
    ($(
        $(#[$attr:meta])*
        $kind:ident($record:ident) $([$often:ident])? $(of $($number:ident),+)? {
            $(#[$tag_attr:meta])*
            $tag_class:ident $tag:ident: $tag_type:ty,
            $($(#[$key_attr:meta])* $class:ident $key:ident: $type:ty,)*
        } $(, optional {
            $($(#[$opt_attr:meta])* $opt_class:ident $opt:ident: $opt_type:ty,)+
        })?
    )+) => {
        /// One line of a journal after its header.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(untagged)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Record {
            $(#[doc = concat!("A [`", stringify!($record), "`].")] $kind($record),)+
            /// A record of a kind that this code does not know.
            #[serde(skip)]
            Unknown,
        }

        impl Record {
            /// All kinds of records there are.
            pub const TYPES: &'static [RecordType] = &[$($record::TYPE),+];

            /// When it happened, or was noticed: every record that is known says so.
            #[must_use]
            pub fn at_ns(&self) -> Option<u64> {
                match self {
                    $(Self::$kind(it) => Some(it.at_ns),)+
                    Self::Unknown => None,
                }
            }

            /// The number of the probe or heartbeat that it is about, if it is about one.
            /// Where there are only the low 32 bits of it, `whole` knows the others.
            #[must_use]
            pub fn seq(&self, whole: impl Fn(u32) -> Option<u64>) -> Option<u64> {
                match self {
                    $(Self::$kind(it) => it.seq(&whole),)+
                    Self::Unknown => None,
                }
            }
        }

        impl Record {
            /// Reads a record that comes often, up to its last field.
            pub(crate) fn read_fast(rest: &mut Rest<'_>) -> Option<Self> {
                $($(
                    const { assert!(matches!(stringify!($often).as_bytes(), b"often")) };
                    if rest.skip(concat!("{\"", stringify!($tag), "\":")) {
                        return $record::read_fast(rest).map(Self::$kind);
                    }
                )?)+
                None
            }
        }

        /// The kinds of records, by their tags.
        #[derive(Clone, Copy)]
        pub(crate) enum Tag { $($kind,)+ }

        impl Tag {
            /// The kind that `key` is the tag of.
            #[inline]
            pub(crate) fn of(key: &str) -> Option<Self> {
                match key {
                    $(stringify!($tag) => Some(Self::$kind),)+
                    _ => None,
                }
            }

            /// Reads a record of this kind.
            pub(crate) fn read<'de, A: MapAccess<'de>>(
                self,
                keys: &mut Keys<A>,
            ) -> Result<Record, A::Error> {
                match self {
                    $(Self::$kind => $record::read(keys).map(Record::$kind),)+
                }
            }
        }

        $(
            $(#[$attr])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            pub struct $record {
                $(#[$tag_attr])*
                pub $tag: $tag_type,
                $($(#[$key_attr])* pub $key: $type,)*
                $($(
                    $(#[$opt_attr])*
                    #[serde(skip_serializing_if = "crate::is_absent")]
                    pub $opt: $opt_type,
                )+)?
            }

            impl From<$record> for Record {
                fn from(it: $record) -> Self {
                    Self::$kind(it)
                }
            }

            impl RecordKind for $record {
                const TYPE: RecordType = RecordType {
                    tag: stringify!($tag),
                    fields: &[
                        records!(@field $tag_class $tag false),
                        $(records!(@field $class $key false),)*
                        $($(records!(@field $opt_class $opt true),)+)?
                    ],
                };

                fn seq(&self, _whole: &dyn Fn(u32) -> Option<u64>) -> Option<u64> {
                    None $($(.or_else(|| self.$number.number(_whole)))+)?
                }

                #[inline]
                fn read<'de, A: MapAccess<'de>>(keys: &mut Keys<A>) -> Result<Self, A::Error> {
                    let mut $tag = None;
                    $(let mut $key = None;)*
                    $($(let mut $opt = None;)+)?
                    while let Some(key) = keys.next()? {
                        match &*key {
                            stringify!($tag) => keys.required(&mut $tag, stringify!($tag))?,
                            $(stringify!($key) => keys.required(&mut $key, stringify!($key))?,)*
                            $($(stringify!($opt) => keys.optional(&mut $opt, stringify!($opt))?,)+)?
                            other => keys.other(other)?,
                        }
                    }
                    let absent = |key| missing(stringify!($tag), key);
                    Ok(Self {
                        $tag: $tag.ok_or_else(|| absent(stringify!($tag)))?,
                        $($key: $key.ok_or_else(|| absent(stringify!($key)))?,)*
                        $($($opt: $opt.unwrap_or_default(),)+)?
                    })
                }

                #[inline]
                fn read_fast(rest: &mut Rest<'_>) -> Option<Self> {
                    Some(Self {
                        $tag: Field::read_fast(rest)?,
                        $($key: rest.required(concat!(",\"", stringify!($key), "\":"))?,)*
                        $($($opt: rest.optional(concat!(",\"", stringify!($opt), "\":"))?,)+)?
                    })
                }
            }
        )+
    };
    (@field $class:ident $key:ident $optional:literal) => {
        FieldType { key: stringify!($key), class: Class::$class, optional: $optional }
    };
}
