//! The demonstration works by itself, where nothing else is there.

use crate::support::journal::verify;
use crate::support::{Scratch, run, udping};

#[test]
fn it_measures_leaves_a_journal_and_names_the_next_command() {
    // A folder of its own, since the journal's name is fixed.
    let folder = Scratch::folder();
    let ended = run(udping().arg("demo").current_dir(folder.path()));
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended:?}"
    );
    let losses = ended.stdout.matches(" lost after 1000 ms, at ").count();
    assert!((1..10).contains(&losses), "{ended:?}");
    assert!(
        ended.stdout.contains("10 packets transmitted, "),
        "{ended:?}"
    );

    let journal = folder.path().join("udping-demo.jsonl");
    let replay = verify(&journal);
    assert!(!replay.stdout.contains("note:"), "{replay:?}");
    // The commands that it names work.
    for line in ended
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("  udping "))
    {
        let next = run(udping().args(line.split(' ')).current_dir(folder.path()));
        assert_eq!(next.code, Some(0), "{line}: {next:?}");
        assert!(next.stdout.contains("verified: "), "{line}: {next:?}");
    }
    assert_eq!(
        ended.stdout.matches("  udping replay ").count(),
        2,
        "{ended:?}"
    );
}

#[test]
fn where_it_cannot_leave_its_journal_it_says_so_before_anything_else() {
    // /proc is nobody's to write to, not even root's.
    let demo = |arguments: &[&str]| {
        let mut demo = udping();
        run(demo.arg("demo").args(arguments).current_dir("/proc"))
    };
    let words = "cannot write the journal udping-demo.jsonl: use --journal to name one in a folder that you can write to";
    let ended = demo(&[]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains("10 packets transmitted"), "{ended:?}");
    assert!(!ended.stdout.contains("udping replay"), "{ended:?}");
    let said = format!("there will be no journal of this: {words}");
    assert!(ended.stderr.starts_with(&said), "{ended:?}");

    let ended = demo(&["--journal", "udping-demo.jsonl"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(2), ""),
        "{ended:?}"
    );
    assert!(ended.stderr.contains(words), "{ended:?}");
    let dash = run(udping().args(["demo", "--journal", "-"]));
    assert_eq!(dash.code, Some(2), "{dash:?}");
}
