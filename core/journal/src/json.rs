//! JSON to types, by `serde_json`, where a struct is an object and nothing else.
//!
//! Owns that. `serde_json` also reads a struct from an array of its fields: for each type that is
//! a second reader, which no text of ours needs and which the page would download.

use core::fmt;

use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

/// Reads the only value of `text`.
///
/// # Errors
/// What is wrong, as `serde_json` says it.
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> serde_json::Result<T> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = T::deserialize(Objects(&mut json))?;
    json.end()?;
    Ok(value)
}

/// What reads structs from objects only, in all that is inside of it.
pub(crate) struct Objects<T>(pub(crate) T);

/// Methods that only hand the visitor on.
macro_rules! read {
    ($($method:ident($($arg:ident: $type:ty),*))+) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, $($arg: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($arg,)* Objects(visitor))
        }
    )+};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<D> {
    type Error = D::Error;

    read! {
        deserialize_any() deserialize_ignored_any() deserialize_identifier()
        deserialize_bool() deserialize_char() deserialize_unit() deserialize_option()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64()
        deserialize_str() deserialize_string() deserialize_bytes() deserialize_byte_buf()
        deserialize_seq() deserialize_map() deserialize_tuple(len: usize)
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Objects(visitor))
    }
}

/// Methods that only hand a value on.
macro_rules! take {
    ($($method:ident($($value:ident: $type:ty)?))+) => {$(
        #[inline]
        fn $method<E: Error>(self $(, $value: $type)?) -> Result<V::Value, E> {
            self.0.$method($($value)?)
        }
    )+};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Objects<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    take! {
        visit_bool(it: bool) visit_char(it: char) visit_none() visit_unit()
        visit_i8(it: i8) visit_i16(it: i16) visit_i32(it: i32) visit_i64(it: i64) visit_i128(it: i128)
        visit_u8(it: u8) visit_u16(it: u16) visit_u32(it: u32) visit_u64(it: u64) visit_u128(it: u128)
        visit_f32(it: f32) visit_f64(it: f64)
        visit_str(it: &str) visit_borrowed_str(it: &'de str) visit_string(it: String)
        visit_bytes(it: &[u8]) visit_borrowed_bytes(it: &'de [u8]) visit_byte_buf(it: Vec<u8>)
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, inside: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Objects(inside))
    }

    #[inline]
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inside: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Objects(inside))
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Objects(seq))
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Objects(map))
    }

    #[inline]
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Objects(data))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Objects<S> {
    type Value = S::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, inside: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Objects(inside))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Objects<A> {
    type Error = A::Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Objects(seed))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Objects<A> {
    type Error = A::Error;

    // A key is a text, with nothing inside of it.
    #[inline]
    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Objects(seed))
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Objects<A> {
    type Error = A::Error;
    type Variant = Objects<A::Variant>;

    #[inline]
    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let (name, data) = self.0.variant_seed(seed)?;
        Ok((name, Objects(data)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Objects<A> {
    type Error = A::Error;

    #[inline]
    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    #[inline]
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(Objects(seed))
    }

    #[inline]
    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(len, Objects(visitor))
    }

    #[inline]
    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.newtype_variant_seed(Object(visitor))
    }
}

/// The object that a variant's fields are in.
struct Object<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Object<V> {
    type Value = V::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, inside: D) -> Result<V::Value, D::Error> {
        inside.deserialize_map(Objects(self.0))
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString as _;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Outer {
        kind: Kind,
        inner: Option<Inner>,
        list: Vec<Inner>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        n: u8,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    enum Kind {
        Plain,
        Wrapped(Inner),
        Named { n: u8 },
    }

    #[test]
    fn a_struct_is_an_object_wherever_it_is() {
        let text =
            |kind, inner, list| format!(r#"{{"kind":{kind},"inner":{inner},"list":{list}}}"#);
        for kind in [
            r#""Plain""#,
            r#"{"Wrapped":{"n":1}}"#,
            r#"{"Named":{"n":1}}"#,
        ] {
            let text = text(kind, r#"{"n":2}"#, r#"[{"n":3},{"n":4}]"#);
            let plain: Outer = serde_json::from_str(&text).unwrap();
            assert_eq!(from_str::<Outer>(&text).unwrap(), plain);
        }
        for text in [
            r#"["Plain",null,[]]"#.to_string(),
            text(r#"{"Wrapped":[1]}"#, "null", "[]"),
            text(r#"{"Named":[1]}"#, "null", "[]"),
            text(r#""Plain""#, "[2]", "[]"),
            text(r#""Plain""#, "null", "[[3]]"),
        ] {
            assert!(serde_json::from_str::<Outer>(&text).is_ok(), "{text}");
            let error = from_str::<Outer>(&text).unwrap_err().to_string();
            assert!(
                error.contains("sequence, expected struct"),
                "{text}: {error}"
            );
        }
        assert!(from_str::<Inner>(r#"{"n":1} 2"#).is_err());
    }
}
