use super::super::sockets::Path;
use super::table::Wrong;
use super::*;
use crate::net::Family;

fn asked() -> Asked {
    Asked {
        interval: Duration::from_secs(1),
        count: None,
        timeout: Duration::from_secs(1),
        size: None,
        wire: AskedWire::Named(WireArg::Textbook),
        path: Path::default(),
        family: Family::Any,
        resolve: Duration::from_mins(1),
        key_file: None,
        clock_error: None,
    }
}

/// A place where targets are found, which are of this site.
pub(crate) fn discovery(source: DiscoverySource, site: &str) -> Discovery {
    let site = ("site".to_owned(), site.to_owned());
    Discovery {
        source,
        refresh: REFRESH,
        group: None,
        labels: Arc::new(Labels::from([site])),
        conditions: Conditions::default(),
        settings: Arc::new(asked().settings().unwrap()),
    }
}

fn parsed(text: &str) -> Read<MonitorConfig> {
    parse(text, File::new("/etc/udping"), &asked())
}

#[test]
fn the_nearest_setting_holds_and_labels_add_up() {
    let config = parsed(
        r#"
        targets = ["192.0.2.1", { host = "192.0.2.2:7", interval = 0.5 }]
        [defaults]
        interval = "2s"
        labels = { site = "lisbon", rack = "1" }
        [[groups]]
        name = "stamp"
        wire = "stamp"
        tos = "ef"
        labels = { rack = "2" }
        targets = [{ host = "[2001:db8::1]", name = "six", ttl = 3 }, "192.0.2.1"]
        file_sd = ["more/*.json"]
        http_sd = [{ url = "http://127.0.0.1/sd", refresh = "5s" }]
        "#,
    )
    .unwrap();
    let seen: Vec<_> = config
        .targets
        .iter()
        .map(|it| {
            let interval = match it.settings.config.schedule() {
                udping_core::Schedule::Paced { interval } => interval.as_millis(),
                _ => 0,
            };
            let path = &it.settings.path;
            (
                &*it.name,
                it.port(),
                interval,
                path.tos,
                path.ttl,
                it.labels["rack"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("192.0.2.1", 12_000, 2_000, None, None, "1"),
            ("192.0.2.2:7", 7, 500, None, None, "1"),
            ("six", 862, 2_000, Some(184), Some(3), "2"),
            ("192.0.2.1", 862, 2_000, Some(184), None, "2"),
        ]
    );
    assert!(
        config
            .targets
            .iter()
            .all(|it| it.labels["site"] == "lisbon")
    );
    let group = config.targets[3].group.as_deref();
    assert_eq!(group.map(|it| it.name.as_str()), Some("stamp"));
    let found: Vec<_> = config
        .discoveries
        .iter()
        .map(|it| (&it.source, it.refresh))
        .collect();
    let file = DiscoverySource::File("/etc/udping/more/*.json".into());
    let http = DiscoverySource::Http {
        url: "http://127.0.0.1/sd".to_owned(),
        ca_file: None,
    };
    assert_eq!(found, [(&file, REFRESH), (&http, Duration::from_secs(5))]);
}

#[test]
fn conditions_of_excerpts_are_set_one_by_one() {
    let config = parsed(
        r#"
        targets = ["a"]
        [defaults.excerpt]
        loss = "5%"
        [[groups]]
        name = "g"
        excerpt = { outage = false, rtt = "80ms" }
        targets = ["b"]
        "#,
    );
    let conditions: Vec<_> = config
        .unwrap()
        .targets
        .iter()
        .map(|it| it.conditions)
        .collect();
    let loss = Some("5%".parse().unwrap());
    let first = Conditions {
        loss,
        ..Conditions::default()
    };
    let second = Conditions {
        outage: false,
        loss,
        rtt: Some(Duration::from_millis(80)),
    };
    assert_eq!(conditions, [first, second]);
}

#[test]
fn whatever_is_wrong_is_named_with_its_line() {
    for (text, line, part) in [
        ("targets = [", 1, "array"),
        ("\ntargets = [\"a\",\n \"\"]", 3, "host"),
        ("targets = [\"a\", \"b\",\n\"a\"]", 2, "twice"),
        ("targets = [\"a\"]\ncolour = 1", 2, "colour"),
        ("targets = [\"a\"]\n[defaults]\ninterval = \"0\"", 3, "zero"),
        ("targets = [\"a\"]\n[defaults]\nsize = 70000", 3, "65507"),
        (
            "targets = [\"a\"]\n[defaults]\nwire = \"morse\"",
            3,
            "morse",
        ),
        ("targets = [\"a\"]\n[defaults]\ntos = \"af99\"", 3, "DSCP"),
        (
            "targets = [\"a\"]\n[defaults]\nlabels = { le = \"1\" }",
            3,
            "le",
        ),
        (
            "targets = [\"a\"]\n[defaults]\nlabels = { a-b = \"1\" }",
            3,
            "a-b",
        ),
        (
            "targets = [\"a\"]\n[defaults]\nlabels = { a = 1 }",
            3,
            "text",
        ),
        ("[[groups]]\ntargets = [\"a\"]", 1, "name"),
        ("[[groups]]\nname = 5", 2, "text"),
        ("[[groups]]\nname = \"g\"\ntargets = \"a\"", 3, "list"),
        ("targets = [\n{ name = \"x\" }]", 2, "host"),
        (
            "targets = [\n{ host = \"x\", clock_error = \"1ms\" }]",
            2,
            "stamp",
        ),
        (
            "targets = [\n{ host = \"x\", wire = \"stamp\", hmac_key_file = \"none\" }]",
            2,
            "none",
        ),
        (
            "targets = [\n{ host = \"x\", interval = \"1us\", timeout = \"9s\" }]",
            2,
            "room",
        ),
        (
            "targets = [\"a\"]\n[defaults.excerpt]\nloss = \"5\"",
            3,
            "%",
        ),
        ("\nhttp_sd = [\"ftp://a/sd\"]", 2, "ftp://a/sd"),
        (
            "\nhttp_sd = [{ url = \"https://a/\", ca_file = \"none\" }]",
            2,
            "/etc/udping/none",
        ),
        (
            "\nfile_sd = [{ file = \"a\", ca_file = \"b\" }]",
            2,
            "ca_file",
        ),
        ("# nothing", 1, "no target"),
    ] {
        let Wrong { at, why } = parsed(text).map(drop).unwrap_err();
        let found = text[..at].matches('\n').count() + 1;
        let told = why.contains(part) || part == "array" || part == "zero";
        assert!(told && found == line, "{text}: line {found}: {why}");
    }
}
