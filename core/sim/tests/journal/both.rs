//! A merged journal verifies: what follows from both ends is decided again, and nothing else
//! is taken for it.

use std::collections::{BTreeMap, BTreeSet};

use udping_journal::both::{BothEnds, FarEnd, LossPlace};
use udping_journal::{Far, Parts};
use udping_link::Direction;
use udping_sim::WorldEvent;

use super::*;

/// What the server's clock reads at a time of the client's: ahead, and 20 ppm faster.
fn there(at_ns: u64) -> u64 {
    7_000_000_000 + at_ns + at_ns / 50_000
}

/// A simulated run with its server's times: the header, the records, the true times on the
/// ways there, and where probes were lost.
fn merged(complete: bool) -> (Header, Vec<Record>, BTreeMap<u64, u64>, [usize; 2]) {
    let way = Impairments {
        loss: Loss::Independent(ppm(150_000)),
        delay: ms(10),
        jitter: Jitter::Exponential { mean: ms(5) },
        ..Impairments::default()
    };
    let scenario = Scenario {
        request: way,
        reply: way,
        service_ns: 300_000,
        ..Scenario::default()
    };
    let mut header = header(&configs(200)[1], scenario);
    let far_end = FarEnd {
        tool: "udping test".into(),
        complete,
    };
    let mut world = World::new(&header).unwrap();
    let (mut records, mut far, mut ways) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    let mut lost = [BTreeSet::new(), BTreeSet::new()];
    for step in world.by_ref() {
        match step.what {
            WorldEvent::Reflected(request, reply) => {
                let seq = request.id.seq;
                ways.insert(seq, u64::try_from(request.travel().as_nanos()).unwrap());
                far.insert(
                    seq,
                    Far {
                        far: seq,
                        at_ns: 0,
                        t2_ns: there(request.until.as_nanos()),
                        t3_ns: Some(there(reply.from.as_nanos())),
                        requests: None,
                        replies: None,
                        request_delay_ns: None,
                        reply_delay_ns: None,
                        lost_request: false,
                        lost_reply: false,
                    },
                );
            }
            WorldEvent::Lost(packet) => {
                let way = usize::from(packet.direction == Direction::Reply);
                lost[way].insert(packet.id.seq);
            }
            _ => {}
        }
        records.extend(step.record());
    }
    let mut both = BothEnds::new(&far_end);
    for record in &records {
        both.take(record, record.seq(|low| Some(low.into())));
    }
    records.extend(far.into_values().map(Record::from));
    for record in &records {
        if let Record::Far(far) = record {
            assert!(both.take_far(far));
        }
    }
    both.lay_clocks().unwrap();
    records.push(both.summary(0).into());
    records.extend(std::iter::from_fn(|| both.next_parts(0)).map(Record::from));
    records.push(world.summary());
    header.far_end = Some(far_end);
    (header, records, ways, lost.map(|it| it.len()))
}

#[test]
fn a_merged_journal_verifies_and_says_where_probes_were_lost() {
    let (header, records, ways, [requests, replies]) = merged(true);
    let report = verify(&header, &records);
    assert!(report.verified(), "{:?}", report.examples);
    assert!(report.decisions > 500, "{report:?}");
    let lines: Vec<String> = records.iter().map(|it| to_line(it).unwrap()).collect();
    assert_eq!(parse(&lines), records);
    let parts = || {
        records.iter().filter_map(|record| match record {
            Record::Parts(parts) => Some(parts),
            _ => None,
        })
    };
    let lost = |place| parts().filter(|it| it.loss == Some(place)).count();
    assert_eq!(lost(LossPlace::Request), requests);
    assert_eq!(lost(LossPlace::Reply), replies);
    assert!(requests > 0 && replies > 0);
    let within = |it: &&Parts| {
        let way = i64::try_from(ways[&it.parts]).unwrap();
        it.there_ns
            .is_some_and(|it| (it.min..=it.max).contains(&way))
    };
    let split = parts().filter(|it| it.loss.is_none());
    assert_eq!(split.clone().filter(within).count(), split.count());
}

#[test]
fn each_change_of_a_merged_journal_is_found() {
    let (header, records, ..) = merged(true);
    let differs = |records: &[Record]| !verify(&header, records).verified();
    let mut changed = 0;
    for (place, record) in records.iter().enumerate() {
        let other: Record = match record.clone() {
            Record::Far(mut far) if place % 5 == 0 => {
                far.t2_ns -= 1_000_000_000;
                far.into()
            }
            Record::Both(mut it) => {
                it.both.lost_replies += 1;
                it.into()
            }
            Record::Parts(mut it) if place % 5 == 0 => {
                it.loss = Some(LossPlace::Server);
                it.into()
            }
            _ => continue,
        };
        changed += 1;
        let mut with_other = records.clone();
        with_other[place] = other;
        assert!(differs(&with_other), "changed: {record:?}");
        let mut without = records.clone();
        without.remove(place);
        assert!(differs(&without), "removed: {record:?}");
    }
    assert!(changed > 20, "{changed}");
    let mut alone = header.clone();
    alone.far_end = None;
    assert!(!verify(&alone, &records).verified());
}
