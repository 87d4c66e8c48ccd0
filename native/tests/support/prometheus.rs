//! Prometheus and what stands beside it, as Debian has them: where the programs are, and how they
//! are asked.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{get, skipped};

/// A program of Debian's Prometheus; `None`, said aloud, where it has not been brought.
pub(crate) fn debian(name: &str) -> Option<Command> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/debian/usr/bin");
    let program = tools.join(name);
    if program.is_file() {
        return Some(Command::new(program));
    }
    skipped("not there: `cargo xtask setup` brings it");
    None
}

/// What an expression comes to, as Prometheus has it: labels and number of each.
pub(crate) fn query(prometheus: SocketAddr, expression: &str) -> Vec<(Value, f64)> {
    let body = get(
        prometheus,
        &format!("/api/v1/query?query={}", encoded(expression)),
    );
    let Some(answer) = body.and_then(|it| serde_json::from_str::<Value>(&it).ok()) else {
        return Vec::new();
    };
    let results = answer["data"]["result"].as_array().cloned();
    let number = |it: &Value| it["value"][1].as_str().and_then(|it| it.parse().ok());
    let results = results.unwrap_or_default().into_iter();
    results
        .filter_map(|it| Some((it["metric"].clone(), number(&it)?)))
        .collect()
}

/// When something was so, in milliseconds since 1970, and how many it was.
type Sample = (u64, u64);

/// Now, as Prometheus says it, in milliseconds since 1970.
pub(crate) fn now(prometheus: SocketAddr) -> u64 {
    whole(query(prometheus, "vector(time())")[0].1 * 1e3)
}

/// The raw samples of a range of counters: labels and samples of each.
pub(crate) fn samples(prometheus: SocketAddr, range: &str) -> Vec<(Value, Vec<Sample>)> {
    let path = format!("/api/v1/query?query={}", encoded(range));
    let answer: Value = serde_json::from_str(&get(prometheus, &path).unwrap()).unwrap();
    let series = answer["data"]["result"].as_array().cloned();
    let sample = |it: &Value| {
        let millis = (it[0].as_f64().unwrap() * 1e3).round();
        let value: f64 = it[1].as_str().unwrap().parse().unwrap();
        (whole(millis), whole(value))
    };
    let samples = |it: &Value| {
        it["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(sample)
            .collect()
    };
    let series = series.unwrap_or_default().into_iter();
    series
        .map(|it| (it["metric"].clone(), samples(&it)))
        .collect()
}

/// The same of one series as `VictoriaMetrics` has it; `None` while it does not answer.
pub(crate) fn export(store: SocketAddr, series: &str) -> Option<Vec<Sample>> {
    let path = format!("/api/v1/export?match[]={}", encoded(series));
    let answer = get(store, &path)?;
    let mut samples = Vec::new();
    for line in answer.lines() {
        let part: Value = serde_json::from_str(line).ok()?;
        let [times, values] = ["timestamps", "values"].map(|it| part[it].as_array());
        let pairs = times?.iter().zip(values?);
        samples
            .extend(pairs.filter_map(|(at, value)| Some((at.as_u64()?, whole(value.as_f64()?)))));
    }
    Some(samples)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and times are whole and positive"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

/// A text as it stands in an address.
fn encoded(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |text, byte| text + &format!("%{byte:02x}"))
}
