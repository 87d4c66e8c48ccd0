//! Sessions with a reflector that tells its times: what T1 to T4 come to, simulated
//! where everything about them is known.

use udping_core::stats::Range;
use udping_journal::WireName;

use super::*;

#[test]
fn a_wire_is_called_the_same_in_a_journal_and_elsewhere() {
    for wire in WireName::OWN.into_iter().chain([WireName::Described]) {
        assert_eq!(serde_json::to_value(wire).unwrap(), wire.name());
    }
}

#[test]
fn a_simulated_reflector_tells_the_times_that_the_scenario_has() {
    let way = |delay| Impairments {
        delay: ms(delay),
        ..Impairments::default()
    };
    let scenario = Scenario {
        request: way(30),
        reply: way(10),
        service_ns: 5_000_000,
        ..Scenario::default()
    };
    for config in configs(20) {
        let header = header(&config, scenario.clone()).on(WireName::Stamp);
        let lines = simulate(&header);
        let mut world = World::new(&header).unwrap();
        world.by_ref().for_each(drop);
        let told = world.session().stats().summary().reflected.unwrap();
        let always = |ms: u64| {
            let ns = ms * 1_000_000;
            Some(Range {
                n: 20,
                min_ns: ns,
                mean_ns: ns,
                max_ns: ns,
            })
        };
        assert_eq!((told.server, told.rtt_net), (always(5), always(40)));
        let one_way = told.one_way.unwrap();
        let delays = (one_way.there.mean_ns, one_way.back.mean_ns);
        assert_eq!(delays, (30_000_000, 10_000_000));
        // The ways differ, so the estimate is off, and within its error.
        assert_eq!(one_way.offset.ahead_ns, 10_000_000);
        assert_eq!(one_way.offset.error_ns, 20_000_000);
        let report = verify(&header, &parse(&lines[1..]));
        assert!(report.verified() && report.summary, "{report:#?}");
    }
}

#[test]
fn on_a_rough_path_it_verifies_too() {
    for config in configs(200) {
        let header = header(&config, rough_path(5)).on(WireName::Stamp);
        let lines = simulate(&header);
        assert!(lines.iter().any(|line| line.contains("\"t2_ns\":")));
        assert!(lines.last().unwrap().contains("\"one_way\":"));
        let header = Header::parse(&lines[0]).unwrap();
        let report = verify(&header, &parse(&lines[1..]));
        assert!(report.verified() && report.summary, "{report:#?}");
    }
}
