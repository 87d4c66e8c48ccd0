//! The journal's JSON Schema, made of the very types that write it.

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Value, json};

use crate::header::Header;
use crate::number::LARGEST;
use crate::record::Record;
use crate::traffic::Via;

/// The JSON Schema (draft 2020-12) of any line of a journal, as this version writes
/// it: the header, or one of the records.
///
/// It admits keys that it does not know, as readers do, and no number above 2⁵³.
#[must_use]
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut generator = settings
        .with_transform(RecursiveTransform(bound))
        .into_generator();
    let lines = [
        generator.subschema_for::<Header>(),
        generator.subschema_for::<Record>(),
    ];
    let via = generator.subschema_for::<Via>();
    let definitions = generator.take_definitions(true);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a udping journal",
        "description": "The first line is a header, every other one a record. Durations and times are whole nanoseconds (*_ns), times since the start.",
        "anyOf": lines,
        // In a comparison's journal, each record says which lane it is of.
        "properties": {"via": via},
        "$defs": definitions,
    })
}

/// Writes down what the widths of integers imply.
fn bound(schema: &mut Schema) {
    let (least, largest) = match schema.get("format").and_then(Value::as_str) {
        Some("uint64") => (json!(0), json!(LARGEST)),
        Some("int64") => (json!(-LARGEST.cast_signed()), json!(LARGEST)),
        Some("uint32") => (json!(0), json!(u32::MAX)),
        _ => return,
    };
    for (key, value) in [("minimum", least), ("maximum", largest)] {
        if schema.get(key).is_none() {
            schema.insert(key.into(), value);
        }
    }
}
