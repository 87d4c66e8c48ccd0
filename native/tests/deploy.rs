//! What operators run beside it: Prometheus with our rules, a collector, systemd and Kubernetes.
//! The programs are those of Debian and `PyPI`, as `cargo xtask setup` brings them.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::fs;
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::prometheus::{debian, query};
use support::{
    Running, Scratch, counterparts, get, python_with_packages, run, skipped, udping_with, wait_for,
};

fn deploy(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../deploy")
        .join(below)
}

/// A port of loopback that nobody has, for now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn monitor(arguments: &str) -> (Running, SocketAddr) {
    let line = format!("monitor --listen 127.0.0.1:0 {arguments}");
    let mut command = udping_with(&line);
    command.env("OTEL_EXPORTER_OTLP_HEADERS", "x-key=secret");
    command.env("OTEL_METRIC_EXPORT_INTERVAL", "500");
    let running = Running::start(&mut command);
    let address = running.scraped_at();
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
