//! Outages as a reader of the journal would find them, probe by probe.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use udping_journal::{Outage, Outages};

use super::*;

/// The outages of a journal, from what its lines say of each probe.
fn by_hand(journal: &[String]) -> Outages {
    let mut sent = BTreeMap::new();
    let mut unanswered = BTreeSet::new();
    for line in journal.iter().skip(1) {
        let record: Value = serde_json::from_str(line).unwrap();
        if let Some(seq) = record["sent"].as_u64() {
            sent.insert(seq, record["at_ns"].as_u64().unwrap());
        }
        unanswered.extend(record["lost"].as_u64());
    }
    let (mut count, mut longest) = (0, Vec::new());
    let mut first = None;
    for seq in 1..=sent.len() as u64 + 1 {
        if unanswered.contains(&seq) {
            first = first.or(Some(seq));
        } else if let Some(first) = first.take().filter(|first| seq - first > 1) {
            count += 1;
            longest.push(Outage {
                first,
                at_ns: sent[&first],
                probes: seq - first,
                for_ns: sent.get(&seq).map(|next| next - sent[&first]),
            });
        }
    }
    // Of equally long ones the first are kept.
    while longest.len() > 10 {
        let least = longest.iter().map(|it| it.probes).min().unwrap();
        let newest = longest.iter().rposition(|it| it.probes == least).unwrap();
        longest.remove(newest);
    }
    Outages { count, longest }
}

#[test]
fn outages_are_those_that_the_lines_tell() {
    let mut most = 0;
    for (place, config) in configs(300).into_iter().enumerate() {
        for (seed, loss) in [(1, 5), (2, 40), (3, 70), (4, 100)] {
            let lossy = Impairments {
                loss: Loss::Independent(ppm(loss * 10_000)),
                delay: ms(40),
                jitter: Jitter::Uniform { spread: ms(39) },
                ..Impairments::default()
            };
            let scenario = Scenario {
                seed: Seed::new(seed).unwrap(),
                reply: lossy,
                ..Scenario::default()
            };
            let config = config.to_builder().timeout(ms(100)).build().unwrap();
            let journal = simulate(&header(&config, scenario));
            let last: Value = serde_json::from_str(journal.last().unwrap()).unwrap();
            let told = last.get("outages").cloned();
            let told: Outages = told.map_or_else(Outages::default, |told| {
                serde_json::from_value(told).unwrap()
            });
            assert_eq!(told, by_hand(&journal), "schedule {place}, loss {loss}");
            most = most.max(told.count);
        }
    }
    assert!(most > 20, "{most} outages");
}
