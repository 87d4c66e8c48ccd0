//! What operators run beside it: Prometheus with our rules, a collector, systemd and Kubernetes.
//! The programs are those of Debian and `PyPI`, as `cargo xtask setup` brings them.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;
use support::{Running, Scratch, counterparts, python_with_packages, run, skipped, udping_with};

/// How often a test looks again, and how long it looks at the most.
const LOOK: Duration = Duration::from_millis(200);
const LOOKS: usize = 450;

fn deploy(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../deploy")
        .join(below)
}

/// A program of Debian's Prometheus; `None`, said aloud, where it has not been brought.
fn debian(name: &str) -> Option<Command> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/debian/usr/bin");
    let program = tools.join(name);
    if program.is_file() {
        return Some(Command::new(program));
    }
    skipped("no Prometheus: `cargo xtask setup` brings it");
    None
}

/// A port of loopback that nobody has, for now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// The body of what is answered at `address`.
fn get(address: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .ok()?;
    let request =
        format!("GET {path} HTTP/1.0\r\nHost: x\r\nAccept: application/openmetrics-text\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some(body.to_owned())
}

/// What an expression comes to, as Prometheus has it: labels and number of each.
fn query(prometheus: SocketAddr, expression: &str) -> Vec<(Value, f64)> {
    let encoded = expression.bytes().fold(String::new(), |encoded, byte| {
        encoded + &format!("%{byte:02x}")
    });
    let body = get(prometheus, &format!("/api/v1/query?query={encoded}"));
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

/// Looks until `found` is there.
fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    for _ in 0..LOOKS {
        if let Some(found) = found() {
            return found;
        }
        sleep(LOOK);
    }
    panic!("in vain: {what}");
}

fn monitor(arguments: &str) -> (Running, SocketAddr) {
    let line = format!("monitor --listen 127.0.0.1:0 {arguments}");
    let mut command = udping_with(&line);
    command.env("OTEL_EXPORTER_OTLP_HEADERS", "x-key=secret");
    command.env("OTEL_METRIC_EXPORT_INTERVAL", "500");
    let running = Running::start(&mut command);
    let said = running.warning_with("/metrics");
    let place = said.split("://").nth(1).unwrap();
    let address = place.trim().trim_end_matches("/metrics").parse().unwrap();
    (running, address)
}

#[test]
fn rules_do_what_their_tests_say_and_units_are_locked() {
    let Some(mut promtool) = debian("promtool") else {
        return;
    };
    let ended = run(promtool
        .args(["check", "config"])
        .arg(deploy("prometheus/prometheus.yml")));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let Some(mut promtool) = debian("promtool") else {
        return;
    };
    let ended = run(promtool
        .args(["test", "rules"])
        .arg(deploy("prometheus/tests/udping.test.yml")));
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn units_expose_little() {
    for unit in ["udping-monitor.service", "udping-serve.service"] {
        let file = deploy("systemd").join(unit);
        let analyze = ["security", "--offline=yes", "--threshold=19"];
        let possible = Command::new("systemd-analyze").arg("--version").output();
        if possible.is_err() {
            return skipped("no systemd-analyze");
        }
        let ended = run(Command::new("systemd-analyze").args(analyze).arg(&file));
        assert_eq!(ended.code, Some(0), "{unit}: {ended:?}");
    }
}

#[test]
fn manifests_are_valid() {
    let Some(mut python) = python_with_packages() else {
        return;
    };
    let ended = run(python
        .args(["-m", "kubernetes_validate"])
        .arg(deploy("kubernetes/udping.yml")));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!format!("{ended:?}").contains("ERROR"), "{ended:?}");
}

#[test]
fn a_push_says_what_a_scrape_says() {
    let Some(mut python) = python_with_packages() else {
        return;
    };
    let collector = Running::start(python.arg(counterparts().join("otlp_receiver.py")));
    let port = collector.line();
    // Nobody answers there, so that there is a last figure to compare.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let target = silent.local_addr().unwrap();
    let (monitor, address) = monitor(&format!(
        "--otlp http://127.0.0.1:{port} --native-histograms -i 50ms -W 50ms {target}"
    ));
    let mut before = 0;
    for _ in 0..3 {
        let pushed: Value = serde_json::from_str(&collector.line()).unwrap();
        assert_eq!(pushed["key"], "secret");
        assert_eq!(
            pushed["kinds"]["udping_rtt_seconds"],
            "exponential_histogram"
        );
        let scraped = get(address, "/metrics").unwrap();
        let lost = format!("udping_probe_outcomes_total{{target=\"{target}\",outcome=\"lost\"}} ");
        let scraped = scraped.lines().find_map(|line| line.strip_prefix(&lost));
        let scraped: u64 = scraped.unwrap().parse().unwrap();
        let key = format!("udping_probe_outcomes,{target},lost");
        let key = key.split(',').collect::<Vec<_>>();
        let mut labels = key[1..].to_vec();
        labels.sort_unstable();
        let key = format!("{},{}", key[0], labels.join(","));
        let pushed = pushed["sums"][&key].as_u64().unwrap();
        assert!(
            before <= pushed && pushed <= scraped,
            "{before} {pushed} {scraped}"
        );
        // It was scraped after the push: within some beats.
        assert!(scraped - pushed <= 40, "{pushed} {scraped}");
        before = pushed;
    }
    assert!(before > 0);
    monitor.signal("TERM");
    monitor.finish();
}

#[test]
fn prometheus_finds_figures_that_add_up_and_its_alert_fires_and_ends() {
    let Some(mut prometheus) = debian("prometheus") else {
        return;
    };
    let start = |port: u16, flags: &str| {
        Running::start(&mut udping_with(&format!(
            "serve --bind 127.0.0.1:{port} {flags}"
        )))
    };
    let (port, other) = (free_port(), free_port());
    let _lossy = start(other, "--loss 5% --duplicate 5% --delay 200ms --seed 1");
    let reflector = start(port, "");
    let reflector_up = reflector.line();
    assert!(reflector_up.contains(&port.to_string()));
    let targets = format!("127.0.0.1:{port} 127.0.0.1:{other}");
    let (monitor, address) = monitor(&format!("-i 20ms -W 400ms {targets}"));
    let folder = Scratch::new();
    fs::create_dir(folder.path()).unwrap();
    let config = folder.path().join("prometheus.yml");
    let rules = deploy("prometheus/udping.rules.yml");
    let text = format!(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: ['{}']\nscrape_configs:\n- job_name: udping\n  static_configs: [{{targets: ['{address}']}}]\n",
        rules.canonicalize().unwrap().display()
    );
    fs::write(&config, text).unwrap();
    let web = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let running = Running::start(
        prometheus
            .arg(format!("--config.file={}", config.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.path().join("data").display()
            ))
            .arg(format!("--web.listen-address={web}"))
            .arg("--enable-feature=exemplar-storage"),
    );
    let settled = "sum by (target) (udping_probe_outcomes_total)";
    wait_for("loss of settled probes", || {
        let loss = "sum by (target) (rate(udping_probe_outcomes_total{outcome!~\"replied|altered\"}[8s])) / sum by (target) (rate(udping_probe_outcomes_total[8s]))";
        let loss = query(web, loss);
        assert!(
            loss.iter().all(|(_, it)| (0.0..=1.0).contains(it)),
            "{loss:?}"
        );
        let name = format!("127.0.0.1:{other}");
        let lossy = |(labels, loss): &(Value, f64)| labels["target"] == name && *loss > 0.02;
        loss.iter().any(lossy).then_some(())
    });
    // In every scrape, what was sent is settled or in flight.
    let differences = query(
        web,
        &format!(
            "max_over_time(abs(udping_probes_sent_total - on (target) group_left () ({settled}) - on (target) group_left () udping_probes_in_flight)[5s:1s])"
        ),
    );
    assert_eq!(differences.len(), 2, "{differences:?}");
    assert!(
        differences.iter().all(|(_, it)| *it == 0.0),
        "{differences:?}"
    );
    let duplicates = query(web, "udping_duplicate_replies_total > 0");
    assert_eq!(duplicates.len(), 1, "{duplicates:?}");
    let alert = || {
        query(
            web,
            "ALERTS{alertname=\"UdpingOutage\",alertstate=\"firing\"}",
        )
    };
    assert_eq!(alert(), []);
    reflector.signal("KILL");
    drop(reflector);
    wait_for("the alert", || {
        let firing = alert();
        firing
            .first()
            .map(|(labels, _)| assert_eq!(labels["target"], format!("127.0.0.1:{port}")))
    });
    let again = start(port, "");
    assert!(again.line().contains("listening"));
    wait_for("the alert's end", || alert().is_empty().then_some(()));
    running.signal("TERM");
    running.finish();
    monitor.signal("TERM");
    monitor.finish();
    fs::remove_dir_all(folder.path()).unwrap();
}
