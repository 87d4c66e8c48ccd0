//! What operators run beside it: Prometheus with our rules, a collector, systemd and Kubernetes.
//! The programs are those of Debian and `PyPI`, as `cargo xtask setup` brings them.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::prometheus::debian;
use support::{
    Reflector, Running, Scratch, counterparts, get, python_with_packages, run, skipped,
    udping_with, wait_for,
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

/// A monitor that pushes every so many milliseconds, and where its figures are.
fn monitor(interval_ms: u32, arguments: &str) -> (Running, SocketAddr) {
    let line = format!("monitor --listen 127.0.0.1:0 {arguments}");
    let mut command = udping_with(&line);
    let headers = "x-other=from%20the%20environment";
    command.env("OTEL_EXPORTER_OTLP_HEADERS", headers);
    command.env("OTEL_METRIC_EXPORT_INTERVAL", interval_ms.to_string());
    let running = Running::start(&mut command);
    let address = running.scraped_at();
    (running, address)
}

/// How many probes to `target` had this outcome, as a scrape says.
fn scraped(address: SocketAddr, target: &str, outcome: &str) -> u64 {
    let labels = format!("target=\"{target}\",outcome=\"{outcome}\"");
    sample(address, &format!("udping_probe_outcomes_total{{{labels}}}"))
}

/// What a sample of counters is.
fn sample(address: SocketAddr, name: &str) -> u64 {
    let scraped = get(address, "/metrics").unwrap();
    let value = scraped.lines().find_map(|line| line.strip_prefix(name));
    value
        .unwrap_or_else(|| panic!("no {name}"))
        .trim()
        .parse()
        .unwrap()
}

/// The same as a push says, which names them by their values in order.
fn pushed(push: &Value, target: &str, outcome: &str) -> u64 {
    let mut labels = [target, outcome];
    labels.sort_unstable();
    let key = format!("udping_probe_outcomes,{}", labels.join(","));
    push["sums"][&key].as_u64().unwrap()
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
fn the_compose_file_is_what_its_schema_wants_and_mounts_what_is_there() {
    let (Some(mut python), Some(program)) = (python_with_packages(), debian("docker-compose"))
    else {
        return;
    };
    let root = Path::new(program.get_program()).ancestors().nth(3).unwrap();
    let check = "import json, sys, jsonschema, yaml\n\
        schema, file = sys.argv[1:]\n\
        content = yaml.safe_load(open(file))\n\
        jsonschema.validate(content, json.load(open(schema)))\n\
        for service in content['services'].values():\n    \
            print(*service.get('volumes', []), sep='\\n')\n";
    let schema = root.join("usr/lib/python3/dist-packages/compose/config/compose_spec.json");
    let file = deploy("compose/compose.yml");
    let ended = run(python.args(["-c", check]).arg(schema).arg(&file));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let sources = ended.stdout.lines().filter_map(|it| it.split(':').next());
    let files = sources.filter(|it| it.starts_with('.'));
    let missing: Vec<_> = files
        .filter(|it| !deploy("compose").join(it).exists())
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
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
    let target = silent.local_addr().unwrap().to_string();
    let headers = Scratch::secret("x-key=secret\n");
    let (monitor, address) = monitor(
        500,
        &format!(
            "--otlp http://127.0.0.1:{port} --otlp-headers {} --native-histograms -i 50ms -W 50ms {target}",
            headers.path().display()
        ),
    );
    let mut before = 0;
    for _ in 0..3 {
        let push: Value = serde_json::from_str(&collector.line()).unwrap();
        assert_eq!(push["headers"]["x-key"], "secret");
        assert_eq!(push["headers"]["x-other"], "from the environment");
        assert_eq!(push["kinds"]["udping_rtt_seconds"], "exponential_histogram");
        let scraped = scraped(address, &target, "lost");
        let pushed = pushed(&push, &target, "lost");
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
fn a_collector_that_was_away_has_the_figures_of_a_scrape_again() {
    let Some(mut python) = python_with_packages() else {
        return;
    };
    let reflector = Reflector::start("");
    let target = reflector.address().to_string();
    // Many more, so that what waits soon is too much. Nobody answers them.
    let silent = UdpSocket::bind("0.0.0.0:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let others: Vec<String> = (1..200).map(|it| format!("127.0.1.{it}:{port}")).collect();
    let away = free_port();
    let (monitor, address) = monitor(
        20,
        &format!(
            "--otlp http://127.0.0.1:{away} -i 200ms -W 200ms {target} {}",
            others.join(" ")
        ),
    );
    monitor.warning_with(&format!("127.0.0.1:{away}"));
    let requests = |result: &str| {
        let name = format!("udping_push_requests_total{{result=\"{result}\"}}");
        sample(address, &name)
    };
    wait_for("requests that are too many", || {
        (requests("dropped") > 0).then_some(())
    });
    assert_eq!((requests("sent"), requests("rejected")), (0, 0));
    // From now on it has a last figure.
    reflector.running.signal("KILL");
    reflector.running.finish();
    let receiver = counterparts().join("otlp_receiver.py");
    let collector = Running::start(python.arg(receiver).arg(away.to_string()));
    collector.line();
    let mut pushes = 0;
    loop {
        let push: Value = serde_json::from_str(&collector.line()).unwrap();
        pushes += 1;
        let replied = scraped(address, &target, "replied");
        assert!(replied > 0, "it answered");
        if pushed(&push, &target, "replied") == replied {
            break;
        }
    }
    monitor.warning_with("again");
    wait_for("all that was received", || {
        (requests("sent") >= pushes).then_some(())
    });
    monitor.signal("TERM");
    monitor.finish();
}
