//! JSON by way of a tree, out of which every type but a journal's lines is read.
//!
//! Owns reading values whose size does not matter: headers, figures, links, lessons. A
//! reader of its own from text to each type would be a quarter of what the browser
//! downloads. From a tree each takes half of that, and can say of a fault in which field
//! it is. The lines of a journal, of which there are millions, are read without it.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::{fmt, slice};

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected,
    MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

/// Reads a value from JSON text.
///
/// # Errors
/// [`JsonError`] says what is wrong, and where.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    T::deserialize(&tree(text)?)
}

/// Reads a value from another source than text, such as a browser's objects. There a
/// field without a value is as good as none.
///
/// # Errors
/// [`JsonError`] says what is wrong, and where.
pub fn from_any<'de, T, D>(source: D) -> Result<T, JsonError>
where
    T: DeserializeOwned,
    D: Deserializer<'de, Error: fmt::Display>,
{
    let mut tree = Tree::deserialize(source).map_err(JsonError::custom)?;
    tree.drop_nulls();
    T::deserialize(&tree)
}

/// The one reader of text.
#[inline(never)]
fn tree(text: &str) -> Result<Tree, JsonError> {
    serde_json::from_str(text).map_err(JsonError::custom)
}

/// Why a text or a tree is not the value that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError(Box<Fault>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    /// The fields and places that lead there, the outermost first.
    path: String,
    what: String,
}

impl JsonError {
    /// The same error, seen from outside of a field or a place.
    #[inline(never)]
    fn within(mut self, outer: &str) -> Self {
        let path = &mut self.0.path;
        if !path.is_empty() {
            path.insert(0, '.');
        }
        path.insert_str(0, outer);
        self
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { path, what } = &*self.0;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        f.write_str(what)
    }
}

impl core::error::Error for JsonError {}

impl de::Error for JsonError {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self(Box::new(Fault {
            path: String::new(),
            what: what.to_string(),
        }))
    }
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Null,
    Bool(bool),
    Whole(u64),
    Negative(i64),
    Broken(f64),
    Text(String),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

impl Tree {
    /// Leaves out the fields of maps that have no value.
    fn drop_nulls(&mut self) {
        match self {
            Self::List(items) => {
                for item in items {
                    item.drop_nulls();
                }
            }
            Self::Map(entries) => {
                entries.retain(|(_, value)| *value != Self::Null);
                for (_, value) in entries {
                    value.drop_nulls();
                }
            }
            _ => {}
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Tree;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }
            fn visit_unit<E>(self) -> Result<Tree, E> {
                Ok(Tree::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
                Ok(Tree::Bool(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
                Ok(Tree::Whole(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
                // Some sources have one type for all whole numbers.
                Ok(u64::try_from(value).map_or(Tree::Negative(value), Tree::Whole))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
                Ok(Tree::Broken(value))
            }
            fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
                Ok(Tree::Text(value.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = seq.next_element()? {
                    list.push(item);
                }
                Ok(Tree::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Tree::Map(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl Tree {
    #[inline(never)]
    fn wrong(&self, expected: &dyn Expected) -> JsonError {
        let found = match self {
            Self::Null => Unexpected::Unit,
            Self::Bool(value) => Unexpected::Bool(*value),
            Self::Whole(value) => Unexpected::Unsigned(*value),
            Self::Negative(value) => Unexpected::Signed(*value),
            Self::Broken(value) => Unexpected::Float(*value),
            Self::Text(value) => Unexpected::Str(value),
            Self::List(_) => Unexpected::Seq,
            Self::Map(_) => Unexpected::Map,
        };
        JsonError::invalid_type(found, expected)
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
            match self {
                Tree::Whole(value) => visitor.visit_u64(*value),
                Tree::Negative(value) => visitor.visit_i64(*value),
                other => Err(other.wrong(&visitor)),
            }
        }
    )*};
}

macro_rules! taking {
    ($($method:ident($($arg:ident: $type:ty),*) $kind:ident;)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($arg: $type,)* visitor: V) -> Result<V::Value, JsonError> {
            self.$kind(visitor)
        }
    )*};
}

impl Tree {
    fn list<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, JsonError> {
        let Self::List(list) = self else {
            return Err(self.wrong(&visitor));
        };
        let mut items = Items {
            at: 0,
            rest: list.iter(),
        };
        let value = visitor.visit_seq(&mut items)?;
        if items.rest.len() == 0 {
            Ok(value)
        } else {
            Err(JsonError::invalid_length(
                list.len(),
                &"as many as there are fields",
            ))
        }
    }

    fn map<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Self::Map(entries) => visitor.visit_map(Entries {
                rest: entries.iter(),
                entry: None,
            }),
            other => Err(other.wrong(&visitor)),
        }
    }

    fn text<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Self::Text(text) => visitor.visit_str(text),
            other => Err(other.wrong(&visitor)),
        }
    }

    /// An enum's variant, and what it holds.
    #[inline(never)]
    fn variant(&self) -> Option<Variant<'_>> {
        match self {
            Self::Text(name) => Some(Variant {
                name,
                content: None,
            }),
            Self::Map(entries) if entries.len() == 1 => {
                let (name, content) = entries.first()?;
                Some(Variant {
                    name,
                    content: Some(content),
                })
            }
            _ => None,
        }
    }
}

impl<'de> Deserializer<'de> for &Tree {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Bool(value) => visitor.visit_bool(*value),
            Tree::Broken(value) => visitor.visit_f64(*value),
            Tree::Whole(_) | Tree::Negative(_) => self.deserialize_u64(visitor),
            Tree::Text(_) => self.text(visitor),
            Tree::List(_) => self.list(visitor),
            Tree::Map(_) => self.map(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Tree::Null => visitor.visit_none(),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self {
            Tree::Bool(value) => visitor.visit_bool(*value),
            other => Err(other.wrong(&visitor)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        match self.variant() {
            Some(variant) => visitor.visit_enum(variant),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_unit()
    }

    numbers! {
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
    }

    taking! {
        deserialize_str() text;
        deserialize_string() text;
        deserialize_identifier() text;
        deserialize_seq() list;
        deserialize_tuple(_len: usize) list;
        deserialize_tuple_struct(_name: &'static str, _len: usize) list;
        deserialize_map() map;
        deserialize_struct(_name: &'static str, _fields: &'static [&'static str]) map;
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct
    }
}

/// A list's items.
struct Items<'a> {
    at: usize,
    rest: slice::Iter<'a, Tree>,
}

impl<'de> SeqAccess<'de> for &mut Items<'_> {
    type Error = JsonError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, JsonError> {
        let Some(item) = self.rest.next() else {
            return Ok(None);
        };
        self.at += 1;
        match seed.deserialize(item) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error.within(&self.at.to_string())),
        }
    }
}

/// An object's entries.
struct Entries<'a> {
    rest: slice::Iter<'a, (String, Tree)>,
    /// The entry whose key was taken.
    entry: Option<&'a (String, Tree)>,
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = JsonError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, JsonError> {
        self.entry = self.rest.next();
        match self.entry {
            Some((key, _)) => seed.deserialize(Key(key)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, JsonError> {
        match self.entry {
            Some((key, value)) => seed.deserialize(value).map_err(|error| error.within(key)),
            // A value is asked for after its key.
            None => Err(JsonError::custom("a value without its key")),
        }
    }
}

/// An object's key: a text, or a number written as one.
struct Key<'a>(&'a str);

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = JsonError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        visitor.visit_str(self.0)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, JsonError> {
        match self.0.parse() {
            Ok(number) => visitor.visit_u64(number),
            Err(_) => Err(JsonError::invalid_type(Unexpected::Str(self.0), &visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        visitor.visit_enum(Variant {
            name: self.0,
            content: None,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// An enum's variant, and what it holds.
struct Variant<'a> {
    name: &'a str,
    content: Option<&'a Tree>,
}

impl<'a, 'de> EnumAccess<'de> for Variant<'a> {
    type Error = JsonError;
    type Variant = Content<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Content<'a>), JsonError> {
        Ok((seed.deserialize(Key(self.name))?, Content(self)))
    }
}

/// What a variant holds.
struct Content<'a>(Variant<'a>);

impl<'a> Content<'a> {
    #[inline(never)]
    fn get(&self, expected: &dyn Expected) -> Result<&'a Tree, JsonError> {
        self.0.content.ok_or_else(|| {
            JsonError::invalid_type(Unexpected::UnitVariant, expected).within(self.0.name)
        })
    }
}

impl<'de> VariantAccess<'de> for Content<'_> {
    type Error = JsonError;

    fn unit_variant(self) -> Result<(), JsonError> {
        match self.0.content {
            None | Some(Tree::Null) => Ok(()),
            Some(other) => Err(other.wrong(&"nothing").within(self.0.name)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, JsonError> {
        let content = self.get(&"a value")?;
        seed.deserialize(content)
            .map_err(|error| error.within(self.0.name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, JsonError> {
        let content = self.get(&visitor)?;
        content
            .list(visitor)
            .map_err(|error| error.within(self.0.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, JsonError> {
        let content = self.get(&visitor)?;
        content
            .map(visitor)
            .map_err(|error| error.within(self.0.name))
    }
}

#[cfg(test)]
mod tests {
    use alloc::boxed::Box;
    use alloc::collections::BTreeMap;
    use core::num::NonZeroU64;
    use std::vec;

    use proptest::prelude::*;
    use serde::Serialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct All {
        text: String,
        number: i64,
        flag: bool,
        some: Option<Box<Shape>>,
        none: Option<u8>,
        shapes: Vec<Shape>,
        pairs: [(u32, Option<NonZeroU64>); 2],
        named: BTreeMap<String, u64>,
        numbered: BTreeMap<usize, Vec<u8>>,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Shape {
        Point,
        Circle { radius: u64 },
        Wrapped(u16),
        Pair(u8, u8),
    }

    fn all() -> All {
        All {
            text: "a \"b\" ü\n".to_owned(),
            number: -7,
            flag: true,
            some: Some(Box::new(Shape::Circle { radius: u64::MAX })),
            none: None,
            shapes: vec![Shape::Point, Shape::Wrapped(9), Shape::Pair(1, 2)],
            pairs: [(0, NonZeroU64::new(5)), (1, None)],
            named: [("x".to_owned(), 1), (String::new(), 2)].into(),
            numbered: [(3, vec![1, 2]), (40, vec![])].into(),
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let text = serde_json::to_string(&all()).unwrap();
        assert_eq!(from_json::<All>(&text).unwrap(), all());
    }

    #[test]
    fn what_another_source_holds_is_read_as_from_text() {
        let value = serde_json::to_value(all()).unwrap();
        assert_eq!(from_any::<All, _>(value).unwrap(), all());
        let error = from_any::<All, _>(serde_json::json!({"number": "7"})).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("number: invalid type: string")
        );
        let mut sparse = serde_json::to_value(all()).unwrap();
        sparse["nothing there"] = serde_json::Value::Null;
        assert_eq!(from_any::<All, _>(sparse).unwrap(), all());
        let one = de::value::I64Deserializer::<de::value::Error>::new(1);
        assert_eq!(from_any::<Tree, _>(one).unwrap(), Tree::Whole(1));
    }

    #[test]
    fn a_fault_says_where_it_is() {
        let text = serde_json::to_string(&all()).unwrap();
        let with = |from: &str, to: &str| {
            let spoilt = text.replacen(from, to, 1);
            assert_ne!(spoilt, text);
            from_json::<All>(&spoilt).unwrap_err().to_string()
        };
        assert_eq!(
            with("\"flag\":true", "\"flag\":7"),
            "flag: invalid type: integer `7`, expected a boolean"
        );
        assert!(
            with("\"radius\":", "\"radius\":-").starts_with("some.circle.radius: invalid type")
        );
        assert!(with("{\"wrapped\":9}", "{\"wrapped\":{}}").starts_with("shapes.2.wrapped: "));
        assert!(with("\"point\"", "\"dot\"").starts_with("shapes.1: unknown variant `dot`"));
        assert!(with("\"point\"", "{\"a\":1,\"b\":2}").starts_with("shapes.1: invalid type: map"));
        assert!(with("\"point\"", "\"circle\"").starts_with("shapes.1.circle: "));
        assert!(with("[0,5]", "[0,5,6]").starts_with("pairs.1: invalid length 3"));
        assert!(with("[0,5]", "[0]").starts_with("pairs.1: invalid length 1"));
        assert!(with("\"40\"", "\"x\"").starts_with("numbered: "));
        assert!(with("\"flag\"", "\"flug\"").starts_with("unknown field `flug`"));
        assert!(with("\"number\":-7,", "").contains("missing field `number`"));
        assert!(with("}]", "}").contains("line 1 column"));
    }

    proptest! {
        #[test]
        fn any_json_reads_as_serde_json_reads_it(value in json()) {
            let text = value.to_string();
            let own: Option<All> = from_json(&text).ok();
            let theirs: Option<All> = serde_json::from_str(&text).ok();
            // They also take a list for a struct; no writer of ours writes one.
            prop_assert!(own.is_some() || theirs.is_none() || text.starts_with('['));
            prop_assert_eq!(from_json::<Tree>(&text).is_ok(), true);
        }
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<u64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            ".*".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                prop::collection::vec((".*", inner), 0..4).prop_map(|entries| {
                    serde_json::Value::Object(entries.into_iter().collect())
                }),
            ]
        })
    }
}
