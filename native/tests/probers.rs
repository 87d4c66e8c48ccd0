//! The probers that operators run today beside ours, on one path, where ICMP and UDP meet the same
//! fate: what each says of loss.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use serde_json::Value;

use support::prometheus::debian;
use support::{counterparts, python_with_packages, run, udping_with, without_a_path};

/// What all of them say of a path with these impairments; `None`, said aloud, where there is none.
fn side_by_side(impairments: &str) -> Option<Value> {
    let tools = debian("prometheus-smokeping-prober")?;
    debian("prometheus-blackbox-exporter")?;
    let python = python_with_packages()?;
    if without_a_path() {
        return None;
    }
    let mut command = udping_with(&format!("path {impairments} --seed 1 --"));
    command.arg(python.get_program());
    command.arg(counterparts().join("probers.py")).arg("{host}");
    command.arg(env!("CARGO_BIN_EXE_udping"));
    let tools = std::path::Path::new(tools.get_program()).parent();
    let ended = run(command.arg(tools.unwrap()).arg("600"));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let said: Value = serde_json::from_str(&ended.stdout).unwrap();
    eprintln!("{said:#}");
    Some(said)
}

/// Ours says of each probe what became of it, and nothing of those that are on their way.
fn nothing_is_lost(ours: &Value) {
    assert!(ours["replied"].as_f64() > Some(300.0), "{ours}");
    for what in ["lost", "refused", "unsent", "altered"] {
        assert_eq!(ours[what], 0.0, "{what}: {ours}");
    }
    for what in ["least_loss", "most_loss"] {
        assert_eq!(ours[what], 0.0, "{what}: {ours}");
    }
    let sent = ours["replied"].as_f64().unwrap() + ours["in_flight"].as_f64().unwrap();
    assert_eq!(ours["sent"], sent, "{ours}");
}

#[test]
fn what_is_on_its_way_is_not_lost() {
    let Some(said) = side_by_side("--delay 450ms,450ms") else {
        return;
    };
    nothing_is_lost(&said["udping"]);
    // The others have no figure for what is on its way, or probe one at a time.
    let theirs = &said["smokeping"];
    assert!(
        theirs["replied"].as_f64() < theirs["sent"].as_f64(),
        "{theirs}"
    );
    let single = &said["blackbox"];
    assert_eq!(single["replied"], 5.0, "{single}");
}

#[test]
fn duplicates_are_no_replies() {
    let Some(said) = side_by_side("--delay 50ms,50ms --duplicate 0,5%") else {
        return;
    };
    let ours = &said["udping"];
    nothing_is_lost(ours);
    assert!(ours["duplicates"].as_f64() > Some(5.0), "{ours}");
}
