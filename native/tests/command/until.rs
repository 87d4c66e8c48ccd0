//! Runs that replies begin or end, `--wait` and `--until`; and what one says meanwhile, `--every`.

use crate::support::journal::{records, verify};
use crate::support::{Reflector, Scratch, in_a_network_of_its_own, run, udping_with, unheard};

#[test]
fn so_many_replies_end_a_run_and_that_is_on_record() {
    let server = Reflector::start("--loss 50% --seed 2");
    let file = Scratch::new();
    let command = "-W 20ms --until 3 --journal";
    let ended = run(server.pinged(command).arg(file.path()));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.stdout.contains(", 3 received, "), "{ended:?}");
    verify(file.path());
    let records = records(&file.text());
    assert!(records[0].get("count").is_none(), "{}", records[0]);
    let stop = records.iter().find(|it| it.get("stop").is_some());
    assert_eq!(stop.unwrap()["stop"], "replies");
    let summary = &records.last().unwrap()["summary"];
    assert_eq!(summary["replied"], 3, "{summary}");
    assert!(summary["lost"].as_u64() > Some(0), "{summary}");
}

#[test]
fn a_run_that_ends_before_has_failed() {
    let server = Reflector::start("");
    let ended = run(&mut server.pinged("-c 2 --until 3"));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let ended = run(&mut server.pinged("-c 3 -f --until 3"));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let ended = run(&mut server.pinged("--until 0"));
    assert_eq!(ended.code, Some(2), "{ended:?}");
}

#[test]
fn a_host_that_comes_up_is_measured_from_then_on() {
    let file = Scratch::new();
    let script = format!(
        r#"ip link set lo up
        "$UDPING" --wait 60s -c 3 --journal {} 127.0.0.1:7000 | while read -r line; do
            echo "$line"
            case $line in waiting*) "$UDPING" serve --bind 127.0.0.1:7000 > /dev/null & server=$! ;; esac
            case $line in rtt*mdev*) kill $server ;; esac
        done"#,
        file.path().display()
    );
    let Some(ended) = in_a_network_of_its_own(&script) else {
        return;
    };
    let mut lines = ended.stdout.lines();
    let first = lines.next();
    assert_eq!(
        first,
        Some("waiting up to 60s for 127.0.0.1:7000 to answer")
    );
    assert!(lines.next().unwrap().starts_with("PING 127.0.0.1"));
    let waited = lines.next().unwrap();
    assert!(
        waited.starts_with("waited ") && waited.ends_with(" s for 127.0.0.1"),
        "{waited}"
    );
    let all = "3 packets transmitted, 3 received, 0% packet loss";
    assert!(ended.stdout.contains(all), "{ended:?}");
    verify(file.path());
    let records = records(&file.text());
    let incident = &records[1];
    assert_eq!(
        (&incident["incident"], &incident["at_ns"]),
        (&"waited".into(), &0.into())
    );
    assert!(incident["for_ns"].as_u64() > Some(0), "{incident}");
    assert_eq!(records[2]["sent"], 1);
}

#[test]
fn the_address_that_answers_is_measured() {
    let script = r#"ip link set lo up
        "$UDPING" serve --bind 127.0.0.1:7000 > /dev/null 2>&1 & server=$!
        until "$UDPING" -q -c 1 127.0.0.1:7000 > /dev/null; do :; done
        "$UDPING" --wait 60s -c 1 both.example:7000; code=$?
        kill $server; wait $server; exit $code"#;
    let hosts = "::1 both.example\n127.0.0.1 both.example\n";
    if let Some(ended) = crate::support::in_a_network_with_names(hosts, script) {
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(
            ended.stdout.contains("\nPING both.example(127.0.0.1:7000)"),
            "{ended:?}"
        );
    }
}

#[test]
fn a_host_that_stays_down_leaves_nothing_measured() {
    let socket = unheard();
    let absent = socket.local_addr().unwrap();
    let file = Scratch::new();
    let command = format!("{absent} -q --wait 300ms --journal");
    let ended = run(udping_with(&command).arg(file.path()));
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for line in [
        "\nno reply came within --wait: nothing was measured\n",
        "\n0 packets transmitted, 0 received, time ",
    ] {
        assert!(ended.stdout.contains(line), "{line}: {ended:?}");
    }
    verify(file.path());
    assert_eq!(records(&file.text())[1]["incident"], "waited");
}

#[test]
fn the_figures_so_far_are_said_and_on_record() {
    let server = Reflector::start("--loss 30% --seed 5");
    for how in ["-i 50ms -q", "-f --window 4 -W 100ms -q", "-W 100ms -q"] {
        let file = Scratch::new();
        let command = format!("{how} -c 0 -w 2500ms --every 1s --journal");
        let ended = run(server.pinged(&command).arg(file.path()));
        verify(file.path());
        let records = records(&file.text());
        let interims: Vec<_> = records
            .iter()
            .filter(|it| it.get("interim").is_some())
            .collect();
        let [first, second] = interims[..] else {
            panic!("{how}: {interims:?}");
        };
        let replied = |it: &serde_json::Value| it["interim"]["replied"].as_u64().unwrap();
        let (one, both) = (replied(first), replied(second));
        assert!(one > 0 && one < both, "{how}: {one} {both}");
        let lines: Vec<_> = ended
            .stdout
            .lines()
            .filter(|line| line.starts_with("at ") && line.contains(" s, last 1 s: "))
            .collect();
        let [_, line] = lines[..] else {
            panic!("{how}: {ended:?}");
        };
        // What was answered since the first, and all that was answered.
        let since = format!(" s, last 1 s: {}/", both - one);
        assert!(line.contains(&since), "{how}: {one} {both} {line}");
        assert!(line.contains(&format!("; in all {both}/")), "{how}: {line}");
    }
    let refused = run(&mut server.pinged("--every 500ms"));
    assert!(refused.stderr.contains("a second or more"), "{refused:?}");
}
