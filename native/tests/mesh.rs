//! Hosts that probe one another from one shared file, each in a namespace of its own.

#![cfg(target_os = "linux")]
mod support;

use std::fs;

use support::netns::{Host, ip, is_own_network};
use support::{Running, Scratch, run, udping, wait_for};

/// A host with its reflector and its monitor.
struct Agent {
    host: Host,
    reflector: Running,
    monitor: Running,
}

/// What `agent` gives to whoever scrapes it.
fn scrape(agent: &Agent) -> String {
    let program = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:9862/metrics').read().decode())";
    let ended = run(agent.host.command("python3").args(["-c", program]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.stdout
}

/// The value of the sample that begins so.
fn value(scraped: &str, sample: &str) -> Option<f64> {
    let rest = scraped.lines().find_map(|it| it.strip_prefix(sample))?;
    rest.trim().parse().ok()
}

/// Scrapes until `is` holds of it.
fn scrape_until(agent: &Agent, is: impl Fn(&str) -> bool) -> String {
    wait_for("a scrape", || Some(scrape(agent)).filter(|it| is(it)))
}

fn peers(scraped: &str) -> Option<f64> {
    value(scraped, "udping_peers{group=\"nodes\"}")
}

fn answered(scraped: &str) -> Option<f64> {
    value(
        scraped,
        "udping_peer_outcomes_total{group=\"nodes\",outcome=\"replied\"}",
    )
}

/// All probes that were not answered in time.
fn failed(scraped: &str) -> f64 {
    let outcomes = ["lost", "refused", "unsent"];
    let samples = outcomes
        .map(|it| format!("udping_peer_outcomes_total{{group=\"nodes\",outcome=\"{it}\"}}"));
    samples.iter().filter_map(|it| value(scraped, it)).sum()
}

#[test]
fn an_agent_knows_itself_in_the_file_that_all_share_and_forgets_who_is_gone() {
    if !is_own_network("an_agent_knows_itself_in_the_file_that_all_share_and_forgets_who_is_gone") {
        return;
    }
    ip("link add switch type bridge");
    ip("link set switch up");
    let config = Scratch::new();
    let config = config.path().with_extension("toml");
    let share = |members: &[u8]| {
        let members: Vec<String> = members
            .iter()
            .map(|it| format!("{{ host = \"10.0.0.{it}\", name = \"node-{it}\" }}"))
            .collect();
        let text = format!(
            "[[groups]]\nname = \"nodes\"\nmesh = true\ninterval = \"20ms\"\ntargets = [{}]\n",
            members.join(", ")
        );
        let new = config.with_extension("new");
        fs::write(&new, text).unwrap();
        fs::rename(&new, &config).unwrap();
    };
    share(&[1, 2, 3, 4]);
    let agent = |number: u8| {
        let link = format!("link{number}");
        let host = Host::linked(&link);
        ip(&format!("link set {link} master switch"));
        host.ip(&format!("addr add 10.0.0.{number}/24 dev eth0"));
        let reflector = Running::start(&mut host.udping("serve --bind 0.0.0.0:12000 -v"));
        assert!(reflector.line().contains("listening"));
        let file = config.display();
        // One is told who it is, since its address may be another's: behind NAT, as here.
        let own = if number == 3 { "--self node-3" } else { "" };
        let arguments = format!("monitor {file} --listen 127.0.0.1:9862 --user root {own}");
        let monitor = Running::start(&mut host.udping(&arguments));
        monitor.warning_with("/metrics");
        Agent {
            host,
            reflector,
            monitor,
        }
    };
    let agents = [1, 2, 3].map(agent);
    let mut unanswered = Vec::new();
    for (agent, number) in agents.iter().zip(1..) {
        // The fourth is not there; by the time when the worst of its last 64 probes are of then,
        // all others are.
        let worst = "udping_worst_peer_info{group=\"nodes\",rank=\"1\",peer=\"node-4\"}";
        let bad = "udping_bad_peers{group=\"nodes\"}";
        let scraped = scrape_until(agent, |it| {
            it.contains(worst) && value(it, bad) == Some(1.0) && answered(it) > Some(9.0)
        });
        assert_eq!(peers(&scraped), Some(3.0), "{scraped}");
        unanswered.push(failed(&scraped));
        // And nobody calls itself a peer.
        let own = format!("\"node-{number}\"");
        assert!(!scraped.contains(&own), "{scraped}");
        assert!(!scraped.contains("target=\"node-"), "{scraped}");
    }
    share(&[1, 2, 3]);
    let mut before = 0.0;
    for (agent, unanswered) in agents.iter().zip(unanswered) {
        agent.monitor.warning_with("0 added, 0 changed, 1 removed");
        let scraped = scrape(agent);
        assert_eq!(peers(&scraped), Some(2.0), "{scraped}");
        assert!(!scraped.contains("node-4"), "{scraped}");
        // Most of it were the fourth's, and nothing of the sums has gone with that.
        assert!(failed(&scraped) >= unanswered, "{unanswered} {scraped}");
        before = answered(&scraped).unwrap();
    }
    // It goes on.
    scrape_until(&agents[2], |it| answered(it) > Some(before));
    for (agent, number) in agents.into_iter().zip(1..) {
        let address = format!("10.0.0.{number}");
        agent.monitor.signal("TERM");
        let ended = agent.monitor.finish();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(
            !ended.stdout.contains(&format!("/node-{number}:")),
            "{ended:?}"
        );
        agent.reflector.signal("TERM");
        let served = agent.reflector.finish();
        // It tells of every request.
        let asked = |who: &str| served.stdout.contains(&format!("from {who}:"));
        assert!(!asked(&address), "{served:?}");
        assert!(
            (1..=3).any(|it| asked(&format!("10.0.0.{it}"))),
            "{served:?}"
        );
    }
    let ended = run(udping()
        .arg("monitor")
        .arg(&config)
        .args(["--self", "node-9", "-w", "1s"]));
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.stderr.contains("node-9"), "{ended:?}");
    fs::remove_file(&config).unwrap();
}
