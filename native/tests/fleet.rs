//! Two hundred targets on hosts of their own, with the Prometheus and the `VictoriaMetrics` of
//! Debian around them: what they store is what the journals say, to the probe.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use support::journal::{records, verify};
use support::netns::{Host, ip, is_own_network};
use support::prometheus::{debian, export, query, samples};
use support::{Running, Scratch, run, udping_with, wait_for};

/// Where Prometheus and the long-term store answer, in a network that is nobody else's.
const WEB: SocketAddr = address(9090);
const STORE: SocketAddr = address(8428);

const fn address(port: u16) -> SocketAddr {
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), port)
}

/// What is counted of a target, by the name of its series.
const COUNTERS: [&str; 7] = [
    "udping_probes_sent_total",
    "udping_probe_outcomes_total{outcome=\"replied\"}",
    "udping_probe_outcomes_total{outcome=\"lost\"}",
    "udping_probe_outcomes_total{outcome=\"refused\"}",
    "udping_probe_outcomes_total{outcome=\"unsent\"}",
    "udping_late_replies_total",
    "udping_duplicate_replies_total",
];

/// The keys of the journal's records that say the same.
const RECORDS: [&str; 7] = [
    "sent",
    "rtt_ns",
    "lost",
    "refused",
    "unsent",
    "late_ns",
    "duplicate_ns",
];

/// A host with so many targets, of which one reflector answers for all.
fn site(number: u8, arguments: &str) -> (Host, Running) {
    let link = format!("site{number}");
    let host = Host::linked(&link);
    ip(&format!("addr add 10.77.{number}.254/24 dev {link}"));
    host.ip(&format!("addr add 10.77.{number}.253/24 dev eth0"));
    host.ip(&format!("route add local 10.77.{number}.0/25 dev lo"));
    let serve = format!("serve --bind 0.0.0.0:12000 {arguments}");
    let reflector = Running::start(&mut host.udping(&serve));
    assert!(reflector.line().contains("listening"));
    (host, reflector)
}

fn list(site: u8, targets: std::ops::RangeInclusive<u8>) -> String {
    let names: Vec<String> = targets.map(|it| format!("\"10.77.{site}.{it}\"")).collect();
    names.join(", ")
}

/// The configuration, in which the first site has its targets up to this one.
fn config(last: u8) -> String {
    format!(
        "targets = [{}, \"10.77.3.1\"]\n[defaults]\ninterval = \"250ms\"\ntimeout = \"200ms\"\n[[groups]]\nname = \"far\"\ntargets = [{}]\n[[groups]]\nname = \"nodes\"\nmesh = true\ntargets = [{}]\n",
        list(1, 1..=last),
        list(2, 1..=99),
        list(1, 101..=102),
    )
}

fn agent(config: &Path, journals: &Path) -> Running {
    let line = "monitor --listen 127.0.0.1:9862 --user root --otlp http://127.0.0.1:9 --journal";
    let mut command = udping_with(line);
    let agent = Running::start(command.arg(journals).arg(config));
    agent.warning_with("/metrics");
    agent
}

fn store(command: &mut Command, folder: &Path) -> Running {
    Running::start(command.args([
        format!("-httpListenAddr={STORE}"),
        format!("-storageDataPath={}", folder.join("store").display()),
        "-retentionPeriod=1".to_owned(),
        "-search.latencyOffset=0s".to_owned(),
    ]))
}

/// Raw samples of a target, oldest first: when, in milliseconds, and what each counter was.
type Scrapes = BTreeMap<u64, [u64; COUNTERS.len()]>;

/// What Prometheus has stored since then, by target.
fn scrapes(since: u64) -> BTreeMap<String, Scrapes> {
    let mut all: BTreeMap<String, Scrapes> = BTreeMap::new();
    for (index, name) in COUNTERS.iter().enumerate() {
        for (labels, points) in samples(WEB, &format!("{name}[10m]")) {
            let target = labels["target"].as_str().unwrap().to_owned();
            let scrapes = all.entry(target).or_default();
            for (at, value) in points.into_iter().filter(|(at, _)| *at > since) {
                scrapes.entry(at).or_insert([u64::MAX; COUNTERS.len()])[index] = value;
            }
        }
    }
    // The newest may have come between two questions.
    for scrapes in all.values_mut() {
        scrapes.retain(|_, counts| !counts.contains(&u64::MAX));
    }
    all
}

/// The latest journal of each target, by its address.
fn journals(folder: &Path) -> BTreeMap<String, PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    files.sort_by_key(|it| it.metadata().unwrap().modified().unwrap());
    let address = |file: &PathBuf| {
        let text = fs::read_to_string(file).unwrap();
        let header: Value = serde_json::from_str(text.lines().next()?).ok()?;
        Some(header["host"].as_str()?.to_owned())
    };
    let named = files.into_iter();
    named.filter_map(|it| Some((address(&it)?, it))).collect()
}

/// Each scrape found a state that the journal was in, at that time.
fn agree(target: &str, scrapes: &Scrapes, journal: &Path) {
    let records = records(&fs::read_to_string(journal).unwrap());
    let wall: u64 = records[0]["wall_ns"].as_str().unwrap().parse().unwrap();
    let mut counts = [0; RECORDS.len()];
    // What counts nothing, such as the kernel's time of a reply, ends no state.
    let counts_something = |it: &&Value| RECORDS.iter().any(|key| !it[*key].is_null());
    let counting = records.iter().skip(1).filter(counts_something);
    let mut rest = counting.peekable();
    let millis = |record: &Value| Some((wall + record["at_ns"].as_u64()?) / 1_000_000);
    for (at, scraped) in scrapes {
        while counts != *scraped {
            let record = rest.next().unwrap_or_else(|| {
                panic!("{target}: at {at} it was {scraped:?}, and ended with {counts:?}")
            });
            let Some(when) = millis(record) else { continue };
            // A scrape takes a second at the most.
            assert!(
                when <= at + 1_100,
                "{target}: at {at} it was {scraped:?}, and at {when} still {counts:?}"
            );
            for (count, key) in counts.iter_mut().zip(RECORDS) {
                *count += u64::from(!record[key].is_null());
            }
        }
        if let Some(next) = rest.peek().and_then(|it| millis(it)) {
            assert!(
                next + 100 >= *at,
                "{target}: {scraped:?} at {at} was over at {next}"
            );
        }
    }
}

/// Every expression of the dashboard and the rules, without what an alert compares with.
fn expressions() -> Vec<String> {
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
    let dashboard = fs::read_to_string(deploy.join("grafana/udping.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
    let mut all = Vec::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let text = target["expr"].as_str().unwrap();
            let text = text.replace("$__rate_interval", "30s");
            let variables = ["$job", "$instance", "$target"];
            all.push(
                variables
                    .iter()
                    .fold(text, |text, it| text.replace(it, ".*")),
            );
        }
    }
    let answer = support::get(WEB, "/api/v1/rules").unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    for group in answer["data"]["groups"].as_array().unwrap() {
        for rule in group["rules"].as_array().unwrap() {
            assert_eq!(rule["health"], "ok", "{rule}");
            for text in rule["query"].as_str().unwrap().split(" or ") {
                let bare = (rule["type"] == "alerting")
                    .then(|| text.rsplit_once(" > ").or_else(|| text.rsplit_once(" == ")));
                let (text, _) = bare.flatten().unwrap_or((text, ""));
                all.push(text.to_owned());
            }
        }
    }
    assert!(all.len() > 20, "{all:?}");
    all
}

fn alert() -> Vec<(Value, f64)> {
    query(
        WEB,
        "ALERTS{alertname=\"UdpingOutage\",alertstate=\"firing\"}",
    )
}

/// The one number that an expression comes to.
fn number(expression: &str) -> Option<f64> {
    query(WEB, expression).first().map(|(_, number)| *number)
}

/// Has Prometheus scrape the agent, with our rules, and write to the store.
fn configure(settings: &Path) {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/prometheus/udping.rules.yml");
    fs::write(
        settings,
        format!(
            "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: ['{}']\nscrape_configs:\n- job_name: udping\n  static_configs: [{{targets: ['127.0.0.1:9862']}}]\nremote_write:\n- url: http://{STORE}/api/v1/write\n",
            rules.canonicalize().unwrap().display()
        ),
    )
    .unwrap();
}

/// What people ask for is there, and as it must be.
fn check_what_is_asked() {
    for expression in expressions() {
        assert!(!query(WEB, &expression).is_empty(), "{expression}");
    }
    for (name, least) in [
        ("max(udping_late_replies_total{group=\"far\"})", 1.0),
        ("max(udping_duplicate_replies_total{group=\"\"})", 1.0),
        (
            "max(udping_probe_outcomes_total{target=\"10.77.3.1\",outcome=\"lost\"})",
            8.0,
        ),
    ] {
        assert!(number(name) >= Some(least), "{name}");
    }
    let loss = "sum by (target) (rate(udping_probe_outcomes_total{outcome!~\"replied|altered\"}[5s])) / sum by (target) (rate(udping_probe_outcomes_total[5s]))";
    for (labels, loss) in query(WEB, loss) {
        assert!((0.0..=1.0).contains(&loss), "{labels}: {loss}");
    }
}

#[test]
fn what_prometheus_stores_of_two_hundred_targets_is_what_the_journals_say() {
    let (Some(mut prometheus), Some(mut first_store), Some(mut second_store)) = (
        debian("prometheus"),
        debian("victoria-metrics"),
        debian("victoria-metrics"),
    ) else {
        return;
    };
    if !is_own_network("what_prometheus_stores_of_two_hundred_targets_is_what_the_journals_say") {
        return;
    }
    let _lossy = site(1, "--loss 5%,0% --duplicate 0%,5% --seed 1");
    let _far = site(2, "--delay 0,150ms --jitter 0,100ms --seed 2");
    let (_host, reflector) = site(3, "");
    let folder = Scratch::new();
    fs::create_dir(folder.path()).unwrap();
    let [targets, recorded, settings] =
        ["fleet.toml", "journals", "prometheus.yml"].map(|it| folder.path().join(it));
    fs::write(&targets, config(100)).unwrap();
    configure(&settings);
    let kept = store(&mut first_store, folder.path());
    let killed = agent(&targets, &recorded);
    let data = folder.path().join("data");
    let prometheus = Running::start(prometheus.args([
        format!("--config.file={}", settings.display()),
        format!("--storage.tsdb.path={}", data.display()),
        format!("--web.listen-address={WEB}"),
    ]));
    let slowest = "min(udping_probe_outcomes_total{outcome=\"replied\"})";
    wait_for("figures", || number(slowest).filter(|it| *it > 2.0));
    // Killed and started: counters begin again, and Prometheus knows.
    killed.signal("KILL");
    killed.finish();
    let cut = journals(&recorded);
    let agent = agent(&targets, &recorded);
    let resets = "min(resets(udping_probes_sent_total[10m]))";
    wait_for("a counter that begins again", || {
        number(resets).filter(|it| (it - 1.0).abs() < 0.5)
    });
    let since = support::prometheus::now(WEB);
    // Some scrapes of every target, those included that are to go.
    let least = "min(udping_probes_sent_total)";
    wait_for("scrapes", || number(least).filter(|it| *it > 12.0));
    for file in cut.values().take(3) {
        let ended = run(udping_with("replay").arg(file));
        assert!(matches!(ended.code, Some(0 | 4)), "{ended:?}");
    }
    // The store is away, and one target's reflector takes nothing any more.
    kept.signal("TERM");
    kept.finish();
    assert_eq!(alert(), []);
    reflector.signal("STOP");
    // Broken, and mended with a target less.
    fs::write(&targets, "targets = [\n7]\n").unwrap();
    let warning = agent.warning_with("the configuration before stays");
    assert!(warning.contains("fleet.toml, line 2"), "{warning}");
    fs::write(&targets, config(99)).unwrap();
    agent.warning_with("0 added, 0 changed, 1 removed");
    wait_for("a target that is gone", || {
        let gone = query(WEB, "udping_probes_sent_total{target=\"10.77.1.100\"}");
        gone.is_empty().then_some(())
    });
    assert_eq!(number("count(udping_probes_sent_total)"), Some(199.0));
    wait_for("the alert", || {
        let firing = alert();
        let (labels, _) = firing.first()?;
        assert_eq!(labels["target"], "10.77.3.1");
        Some(())
    });
    let _kept = store(&mut second_store, folder.path());
    reflector.signal("CONT");
    wait_for("the alert's end", || alert().is_empty().then_some(()));
    check_what_is_asked();
    // All that Prometheus has, the store gets, what it missed included.
    let one = "udping_probes_sent_total{target=\"10.77.1.1\"}";
    let [(_, sent)] = &samples(WEB, &format!("{one}[10m]"))[..] else {
        panic!("one series");
    };
    wait_for("what the store missed", || {
        let stored = export(STORE, one)?;
        sent.iter().all(|it| stored.contains(it)).then_some(())
    });
    let scrapes = scrapes(since);
    agent.signal("TERM");
    let ended = agent.finish();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let journals = journals(&recorded);
    assert_eq!(scrapes.len(), 200);
    for (target, scrapes) in &scrapes {
        let journal = &journals[target];
        assert!(scrapes.len() > 1, "{target}: {scrapes:?}");
        agree(target, scrapes, journal);
    }
    verify(&journals["10.77.2.1"]);
    prometheus.signal("TERM");
    prometheus.finish();
    fs::remove_dir_all(folder.path()).unwrap();
}
