//! Another timeout, tried on sessions that really happened.

use crate::support::{Reflector, Scratch, run, udping};

/// Replays what really happened, under another timeout.
fn what_if(session: &Scratch, timeout: &str) -> String {
    let ended = run(udping()
        .arg("replay")
        .arg(session.path())
        .args(["--timeout", timeout]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.stdout
}

#[test]
fn another_timeout_is_tried_on_what_really_happened() {
    let server = Reflector::start("--delay 150ms");
    let file = Scratch::new();
    let ended = run(server
        .pinged("-c 3 -i 10ms -W 20s --journal")
        .arg(file.path()));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let said = what_if(&file, "100ms");
    assert!(
        said.contains("--- with a timeout of 100ms instead of 20s ---"),
        "{said}"
    );
    for seq in 1..=3 {
        assert!(
            said.contains(&format!("  seq={seq}: late instead of replied\n")),
            "{said}"
        );
    }
    let table = |name: &str| -> Vec<u64> {
        let row = said
            .lines()
            .find_map(|line| line.trim_start().strip_prefix(name));
        row.unwrap()
            .split_whitespace()
            .map(|number| number.parse().unwrap())
            .collect()
    };
    // Replied, lost, of them late, refused, unknown.
    assert_eq!(table("recorded "), [3, 0, 0, 0, 0], "{said}");
    assert_eq!(table("with that timeout "), [0, 3, 3, 0, 0], "{said}");
    assert!(
        said.contains("The packets are those that were sent"),
        "{said}"
    );
    let same = what_if(&file, "19s");
    assert!(!same.contains(": late instead of "), "{same}");
}

#[test]
fn what_nobody_waited_for_is_unknown_under_a_longer_timeout() {
    let server = Reflector::start("--delay 20s");
    let file = Scratch::new();
    let ended = run(server
        .pinged("-c 3 -i 10ms -W 30ms --linger 30ms --journal")
        .arg(file.path()));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let said = what_if(&file, "50ms");
    assert!(
        !said.contains("unknown instead"),
        "it was heard for 60 ms: {said}"
    );
    let said = what_if(&file, "30s");
    for seq in 1..=3 {
        assert!(
            said.contains(&format!("  seq={seq}: unknown instead of lost\n")),
            "{said}"
        );
    }
    assert!(
        said.contains("Unknown: nobody listened for that long"),
        "{said}"
    );
}
