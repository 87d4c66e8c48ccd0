//! Whoever alters a decision on record is found out, whichever it is.

use serde_json::{Map, Value, json};
use udping_journal::{Class, FieldType};

use super::eventful::sessions;
use super::*;

/// The decisions that the record of a line holds or could hold.
fn decisions(line: &str) -> impl Iterator<Item = &'static str> {
    let tag = line.split('"').nth(1).unwrap();
    let of_kind = Record::TYPES.iter().find(|it| it.tag == tag).unwrap();
    let decided = |field: &&FieldType| field.class == Class::Decision;
    of_kind.fields.iter().filter(decided).map(|field| field.key)
}

/// `object` with `key` altered in every way that its kind of value allows.
fn altered(object: &Map<String, Value>, key: &str) -> Vec<Map<String, Value>> {
    let with = |value: Value| {
        let mut object = object.clone();
        object.insert(key.into(), value);
        object
    };
    let mut without = object.clone();
    let mut all = match without.remove(key) {
        None => {
            return match key {
                "ignored" => vec![with(json!("too_old"))],
                "unverified" | "back" => vec![with(json!(true))],
                _ => vec![with(json!(0)), with(json!(1))],
            };
        }
        Some(Value::Bool(value)) => vec![with((!value).into())],
        Some(Value::Number(number)) => {
            let number = number.as_i64().unwrap();
            [number + 1, number - 1, 0]
                .into_iter()
                .filter(|other| *other != number)
                .map(|other| with(other.into()))
                .collect()
        }
        Some(Value::String(why)) => ["too_old", "bad_kernel_rtt", "not_sent", "next", "late"]
            .into_iter()
            .filter(|other| *other != why)
            .map(|other| with(other.into()))
            .collect(),
        Some(Value::Object(inner)) => inner
            .keys()
            .flat_map(|key| altered(&inner, key))
            .map(|inner| with(inner.into()))
            .collect(),
        Some(Value::Array(all)) => (0..all.len())
            .map(|place| {
                let mut fewer = all.clone();
                fewer.remove(place);
                with(fewer.into())
            })
            .collect(),
        Some(other) => panic!("no decision is written as {other}"),
    };
    all.push(without);
    all
}

/// Every line that differs from `line` in one decision.
pub(super) fn forgeries(line: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(line).unwrap();
    let object = value.as_object().unwrap();
    decisions(line)
        .flat_map(|key| altered(object, key))
        .map(|object| Value::from(object).to_string())
        .collect()
}

/// Whether a reader of this journal is told that something is wrong.
fn is_reported(header: &Header, records: &[Record]) -> bool {
    let report = verify(header, records);
    !report.verified() || !report.done || !report.summary
}

#[test]
fn every_decision_altered_is_reported() {
    let mut tried = 0;
    for (header, records) in sessions() {
        assert!(!is_reported(&header, &records));
        for index in 0..records.len() {
            for forgery in forgeries(&to_line(&records[index]).unwrap()) {
                tried += 1;
                // A line that makes no sense any more is an error in itself.
                let Ok((record, unknown)) = parse_record(&forgery) else {
                    continue;
                };
                assert!(unknown == 0 || record == Record::Unknown, "{forgery}");
                let mut records = records.clone();
                let truth = core::mem::replace(&mut records[index], record);
                let report = verify(&header, &records);
                assert!(
                    report.differences > 0 || !report.summary,
                    "{forgery} instead of {}",
                    to_line(&truth).unwrap()
                );
                let known = records[index] != Record::Unknown;
                if let (true, Some(found)) = (known, report.examples.first()) {
                    assert_eq!(found.line, index as u64 + 2, "{forgery}: {found}");
                }
            }
        }
    }
    assert!(tried > 2_000, "only {tried} forgeries");
}

#[test]
fn every_line_removed_is_reported() {
    for (header, records) in sessions() {
        for index in 0..records.len() {
            let mut records = records.clone();
            let removed = records.remove(index);
            // A kernel's stamp that could not be used leaves one trace: its count.
            assert!(is_reported(&header, &records), "{removed:?}");
        }
    }
}

#[test]
fn every_line_doubled_is_reported() {
    for (header, records) in sessions() {
        for index in 0..records.len() {
            let mut records = records.clone();
            let doubled = records[index].clone();
            // To be stopped twice, or to have the figures twice, is nothing new.
            if matches!(doubled, Record::Stop(_) | Record::Summary(_)) {
                continue;
            }
            records.insert(index, doubled.clone());
            assert!(is_reported(&header, &records), "{doubled:?}");
        }
    }
}

#[test]
fn every_two_lines_swapped_are_reported() {
    let mut tried = 0;
    for (header, records) in sessions() {
        for index in 1..records.len() {
            let mut records = records.clone();
            records.swap(index - 1, index);
            let (later, earlier) = (&records[index - 1], &records[index]);
            // Their order is a decision, or their times give it. (No time passes for the
            // client when the kernel's interval comes.)
            let lost = |record: &Record| matches!(record, Record::Lost(_));
            let kernel = |record: &Record| matches!(record, Record::Kernel(_));
            let at_once = later.at_ns() == earlier.at_ns();
            if at_once && !(lost(later) && lost(earlier)) || kernel(later) {
                continue;
            }
            tried += 1;
            assert!(is_reported(&header, &records), "{later:?}\n{earlier:?}");
        }
    }
    assert!(tried > 100, "only {tried} pairs");
}
