//! The checked-in JSON Schema: it is the types', real lines pass it, wrong ones don't.

use jsonschema::Validator;
use serde_json::{Value, json};
use udping_core::time::WallTime;
use udping_journal::schema;
use udping_journal::{Action, Intervention, UnixNanos};
use udping_link::{Direction, PacketId, Reorder};

use super::eventful::sessions;
use super::golden::is_golden;
use super::*;

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

#[test]
fn it_is_the_one_that_is_checked_in() {
    let text = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
    is_golden("../journal/journal.schema.json", &text);
}

/// Every line of the journals at hand, as values.
fn lines() -> Vec<Value> {
    let simulated = configs(50).map(|config| simulate(&header(&config, rough_path(3))));
    let eventful = sessions().map(|(header, records)| {
        let mut lines = vec![to_line(&header).unwrap()];
        lines.extend(records.iter().map(|record| to_line(record).unwrap()));
        lines
    });
    let others = [
        r#"{"gap":3,"at_ns":17}"#,
        r#"{"split":3,"at_ns":17}"#,
        r#"{"incident":"stopped","at_ns":17,"for_ns":3}"#,
        r#"{"incident":"clock_set","at_ns":17,"by_ns":-3}"#,
        r#"{"incident":"moved","at_ns":17,"address":"192.0.2.1"}"#,
        r#"{"incident":"moved_target","at_ns":17,"address":"192.0.2.1","old_address":"192.0.2.2"}"#,
        r#"{"incident":"next_address","at_ns":0,"address":"192.0.2.1","old_address":"192.0.2.2","error":"refused"}"#,
        r#"{"incident":"network_down","at_ns":17,"error":"Network is down"}"#,
    ];
    let others = others.map(str::to_owned).to_vec();
    let all = simulated
        .into_iter()
        .chain(eventful)
        .chain(kinds::journals())
        .chain([others])
        .flatten();
    all.chain(headers().iter().map(|header| to_line(header).unwrap()))
        .map(|line| serde_json::from_str(&line).unwrap())
        .collect()
}

/// A header with everything in it that a header can say, for each word there is.
fn headers() -> Vec<Header> {
    let path = |loss, jitter| Impairments {
        loss,
        delay: ms(1),
        jitter,
        duplicate: ppm(1),
        reorder: Reorder {
            rate: ppm(2),
            extra: ms(3),
        },
        corrupt: ppm(4),
    };
    let bursty = Loss::Bursty {
        enter_bad: ppm(1_000),
        leave_bad: ppm(9_000),
        loss_in_bad: ppm(800_000),
        loss_in_good: ppm(1),
    };
    let mean = ms(2);
    let jitters = [
        Jitter::None,
        Jitter::Uniform { spread: ms(2) },
        Jitter::Normal { sigma: ms(2) },
        Jitter::Exponential { mean },
        Jitter::LogNormal { mean, sigma: ms(5) },
    ];
    let actions = [
        Action::Drop,
        Action::Delay { by_ns: 5 },
        Action::Duplicate { after_ns: 6 },
        Action::Corrupt,
    ];
    let interventions = actions.map(|action| Intervention {
        at_ns: 7,
        direction: Direction::Reply,
        packet: PacketId { seq: 8, copy: 9 },
        action,
    });
    let schedules = [
        Schedule::StopAndWait { gap: ms(1) },
        Schedule::Paced { interval: ms(1) },
        Schedule::Window { size: 1 },
        Schedule::OnDemand,
    ];
    let all = jitters.iter().flat_map(|jitter| {
        schedules.map(|schedule| {
            let scenario = Scenario {
                request: path(bursty, *jitter),
                reply: path(Loss::default(), *jitter),
                service_ns: 10,
                interventions: interventions.to_vec(),
                ..Scenario::default()
            };
            Header {
                host: Some("localhost".into()),
                address: Some("::1".into()),
                port: Some(12_000),
                accept_unnumbered: true,
                clock: Some("CLOCK_MONOTONIC".into()),
                wall_start: Some("2024-02-29T12:00:00Z".into()),
                size: Some(64),
                epoch_s: Some(1_700_000_000),
                wall_ns: Some(UnixNanos(WallTime::from_nanos(1_700_000_000_123_456_789))),
                schedule: schedule.into(),
                ..header(&Config::default(), scenario)
            }
        })
    });
    all.collect()
}

#[test]
fn every_line_that_is_written_passes() {
    let validator = validator();
    for line in lines() {
        if let Err(error) = validator.validate(&line) {
            panic!("{line}: {error}");
        }
    }
}

/// Every value that differs from `value` in having the wrong type somewhere.
fn of_wrong_type(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                for wrong in of_wrong_type(field) {
                    let mut fields = fields.clone();
                    fields.insert(key.clone(), wrong);
                    all.push(fields.into());
                }
            }
            all.push(json!([]));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for wrong in of_wrong_type(item) {
                    let mut items = items.clone();
                    items[index] = wrong;
                    all.push(items.into());
                }
            }
            all.push(json!({}));
        }
        Value::Number(_) => all.extend([json!("1"), json!(1.5), json!(u64::MAX), json!(true)]),
        Value::String(_) => all.extend([json!(1), json!(["a"]), json!(false)]),
        Value::Bool(_) => all.extend([json!(1), json!("true")]),
        Value::Null => all.extend([json!("null"), json!({})]),
    }
    all
}

#[test]
fn no_line_with_a_value_of_the_wrong_type_passes() {
    let validator = validator();
    let mut tried = 0;
    for line in lines() {
        for wrong in of_wrong_type(&line) {
            tried += 1;
            assert!(!validator.is_valid(&wrong), "{wrong}");
        }
    }
    assert!(tried > 10_000, "only {tried} lines");
}

#[test]
fn no_line_without_what_it_needs_passes() {
    let validator = validator();
    for wrong in [
        json!({}),
        json!({"weather": "rain"}),
        json!({"sent": 1, "at_ns": 0}),
        json!({"lost": 1}),
        json!({"reply": 1}),
        json!({"reply": 1, "at_ns": 0, "ignored": "boredom"}),
        json!({"sent": -1, "at_ns": 0, "due_ns": 0}),
        json!({"done": false, "at_ns": 0}),
        json!({"stop": "lunch", "at_ns": 0}),
        json!({"summary": {}}),
        json!({"udping": "journal", "version": 2}),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
    let mut newer = serde_json::to_value(&headers()[0]).unwrap();
    assert!(validator.is_valid(&newer));
    newer["version"] = json!(3);
    assert!(!validator.is_valid(&newer), "a newer version");
}
