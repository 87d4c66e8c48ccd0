//! A journal's file: never written over by mistake, never by two at once, and split.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::journal::{records, verify};
use crate::support::{Ended, Reflector, Running, Scratch, run, udping, udping_with};

/// Writes a small journal to `file`, which `flags` are for.
fn simulate(file: &Path, flags: &str) -> Ended {
    let arguments = format!("simulate -q -c 3 --seed 1 {flags} --journal");
    run(udping_with(&arguments).arg(file))
}

#[test]
fn what_a_file_holds_is_kept_unless_it_may_go() {
    let file = Scratch::new();
    assert_eq!(simulate(file.path(), "").code, Some(0));
    let first = file.text();
    let refused = simulate(file.path(), "");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    for word in [" exists already", "--append", "--overwrite"] {
        assert!(refused.stderr.contains(word), "{refused:?}");
    }
    assert_eq!(file.text(), first);

    assert_eq!(simulate(file.path(), "--append").code, Some(0));
    assert_eq!(file.text(), [&*first, &*first].concat());
    let replay = run(udping().arg("replay").arg(file.path()));
    assert_eq!(replay.code, Some(0), "{replay:?}");
    assert_eq!(replay.stdout.matches("\nverified: ").count(), 2);

    // The last of the two holds, as of any flag that is repeated.
    assert_eq!(simulate(file.path(), "--append --overwrite").code, Some(0));
    assert_eq!(file.text(), first);
    // A line that was cut does not swallow the next session's header.
    fs::write(file.path(), first.trim_end()).unwrap();
    assert_eq!(simulate(file.path(), "--append").code, Some(0));
    assert_eq!(file.text(), [&*first, &*first].concat());

    fs::write(file.path(), "").unwrap();
    assert_eq!(simulate(file.path(), "").code, Some(0), "it is empty");
    #[cfg(unix)]
    assert_eq!(simulate(Path::new("/dev/null"), "").code, Some(0));
}

#[test]
fn all_that_write_one_refuse_the_same() {
    let server = Reflector::start("");
    let held = "not a journal, and not empty\n";
    let file = Scratch::holding(held);
    let to = format!("127.0.0.1:{}", server.port);
    for command in [
        format!("-c 1 {to}"),
        format!("compare -c 1 {to}"),
        format!("heartbeat -c 1 {to}"),
        "serve --heartbeat --bind 127.0.0.1:0".into(),
        "demo".into(),
    ] {
        let ended = run(udping_with(&format!("{command} --journal")).arg(file.path()));
        assert_eq!(ended.code, Some(2), "{command}: {ended:?}");
        assert!(ended.stderr.contains(" exists already"), "{ended:?}");
        assert_eq!(file.text(), held, "{command}");
    }
}

#[test]
fn a_second_writer_is_refused_whatever_it_says() {
    let server = Reflector::start("");
    let file = Scratch::new();
    let first = Running::start(server.pinged("-c 0 -i 20ms --journal").arg(file.path()));
    first.line_with("seq=3 ");
    for flags in ["", "--append", "--overwrite"] {
        let second = simulate(file.path(), flags);
        assert_eq!(second.code, Some(2), "{flags}: {second:?}");
        let why = "another process writes to ";
        assert!(second.stderr.contains(why), "{flags}: {second:?}");
    }
    first.signal("INT");
    assert_eq!(first.finish().code, Some(0));
    verify(file.path());
}

/// `file`, opened as a shell's `>>` does.
#[cfg(unix)]
fn appended(file: &Scratch) -> fs::File {
    let mut options = fs::File::options();
    options.create(true).append(true).open(file.path()).unwrap()
}

#[test]
#[cfg(unix)]
fn standard_output_that_is_a_file_has_one_writer_too() {
    let server = Reflector::start("");
    let to = format!("127.0.0.1:{}", server.port);
    let file = Scratch::new();
    let shared = appended(&file);
    let mut first = server.pinged("-c 0 -i 20ms --json");
    let first = Running::start_to(&mut first, shared.try_clone().unwrap());
    crate::support::wait_for("what the first writes", || {
        file.text().contains("\"reply\":3,").then_some(())
    });
    let refused = |ended: Ended, what: &str| {
        assert_eq!(ended.code, Some(2), "{what}: {ended:?}");
        let why = format!("another process writes to {}", file.path().display());
        assert!(ended.stderr.contains(&why), "{what}: {ended:?}");
    };
    for flags in ["--append", "--overwrite"] {
        refused(simulate(file.path(), flags), flags);
    }
    // One that opened it itself, and one that was handed the first one's, as a shell does for
    // `(udping A & udping B) >> FILE`.
    for (out, what) in [(appended(&file), "opened"), (shared, "handed on")] {
        for command in [
            format!("-c 1 --json {to}"),
            format!("-c 1 --journal - {to}"),
            format!("-q -c 1 --json {to}"),
            format!("compare -c 1 --json {to}"),
            format!("heartbeat -c 1 --json {to}"),
            "serve --json --bind 127.0.0.1:0".into(),
            "simulate -c 3 --seed 1 --json".into(),
        ] {
            let mut second = udping_with(&command);
            let second = Running::start_to(&mut second, out.try_clone().unwrap());
            refused(second.finish(), &format!("{what}: {command}"));
        }
    }
    first.signal("INT");
    assert_eq!(first.finish().code, Some(0));
    verify(file.path());

    // One after the other, they fit into one file, of a shell's too.
    let together = appended(&file);
    for _ in 0..2 {
        let mut next = server.pinged("-c 1 --json");
        let next = Running::start_to(&mut next, together.try_clone().unwrap());
        assert_eq!(next.finish().code, Some(0));
    }
    assert_eq!(simulate(file.path(), "--append").code, Some(0));
    let replay = run(udping().arg("replay").arg(file.path()));
    assert_eq!(replay.code, Some(0), "{replay:?}");
    assert_eq!(replay.stdout.matches("\nverified: ").count(), 4);
}

#[test]
fn a_long_journal_is_split_and_each_file_opens_by_itself() {
    let file = Scratch::new();
    let kept = |number: u32| PathBuf::from(format!("{}.{number}", file.path().display()));
    let ended = simulate(file.path(), "-c 500 --delay 1ms --journal-max 4K");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let mut parts = Vec::new();
    for path in (1..=9).rev().map(kept).chain([file.path().to_owned()]) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.len() <= 4_096, "{}", text.len());
        let lines = records(&text);
        assert_eq!(lines[0]["udping"], "journal");
        parts.push(lines[0]["part"].as_u64().unwrap());
        let replay = run(udping().arg("replay").arg(&path));
        assert!(
            replay
                .stdout
                .contains("\nverified in part: 0 decisions, 0 differences\n"),
            "{replay:?}"
        );
        let note = format!(
            "note: this is part {} of a journal that was split; ",
            parts.last().unwrap()
        );
        assert!(replay.stdout.contains(&note), "{replay:?}");
        let last = path == file.path();
        assert_eq!(replay.code, Some(0), "{replay:?}");
        let next = format!("and continues in part {}\n", parts.last().unwrap() + 1);
        assert_eq!(replay.stdout.contains(&next), !last, "{replay:?}");
        let figures = "500 packets transmitted, 500 received";
        assert_eq!(replay.stdout.contains(figures), last, "{replay:?}");
    }
    assert!(parts.is_sorted() && parts.windows(2).all(|it| it[0] + 1 == it[1]));
    assert!(!kept(10).exists());
    for number in 1..=9 {
        fs::remove_file(kept(number)).unwrap();
    }
    // What fits is one file, whose first part verifies.
    let ended = simulate(file.path(), "--overwrite --journal-max 1M");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    verify(file.path());
    assert!(!kept(1).exists());
    for wrong in ["1", "4000", "10X", "-1", "1.5M"] {
        let ended = simulate(file.path(), &format!("--journal-max={wrong}"));
        assert_eq!(ended.code, Some(2), "{wrong}: {ended:?}");
    }
}

#[test]
fn the_first_file_of_a_split_journal_is_verified_as_far_as_it_goes() {
    let file = Scratch::new();
    let ended = simulate(file.path(), "-c 60 --delay 1ms --journal-max 4K");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let first = PathBuf::from(format!("{}.1", file.path().display()));
    let replay = run(udping().arg("replay").arg(&first));
    assert_eq!(replay.code, Some(0), "{replay:?}");
    assert!(replay.stdout.contains("\nverified as far as it goes: "));
    assert!(
        replay.stdout.contains("continues in part 2\n"),
        "{replay:?}"
    );
    // One that was cut before it was full is no such part.
    let text = fs::read_to_string(&first).unwrap();
    let cut: String = text.split_inclusive('\n').take(9).collect();
    fs::write(&first, cut).unwrap();
    let replay = run(udping().arg("replay").arg(&first));
    assert_eq!(replay.code, Some(4), "{replay:?}");
    fs::remove_file(first).unwrap();
}
