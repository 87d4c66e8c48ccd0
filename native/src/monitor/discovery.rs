//! Targets that are found, in Prometheus' format for services: in files, and by HTTP.
//!
//! Owns how they are read, and that nothing of an answer is used unless all of it is right.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use serde::Deserialize;

use super::config::{Discovery, DiscoverySource, check_label};
use super::target::TargetPlan;
use crate::https;
use crate::i18n::say;
use crate::net::Target;

/// How long a server may take to say which targets there are.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of the longest answer.
const LONGEST: u64 = 64 << 20;

/// Targets that have their labels in common.
#[derive(Debug, Deserialize)]
struct Found {
    #[serde(default)]
    targets: Vec<String>,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

/// Finds the targets of `discovery`.
///
/// # Errors
/// They cannot be read, or one of them is no host.
pub(crate) fn find(discovery: &Discovery) -> anyhow::Result<Vec<TargetPlan>> {
    let mut plans = Vec::new();
    match &discovery.source {
        DiscoverySource::File(pattern) => {
            for file in files(pattern)? {
                let name = file.display().to_string();
                let text = fs::read_to_string(&file).with_context(|| name.clone())?;
                plans.extend(read(&text, discovery).with_context(|| name)?);
            }
        }
        DiscoverySource::Http { url, ca_file } => {
            let text = ask(url, ca_file.as_deref()).with_context(|| url.clone())?;
            plans.extend(read(&text, discovery).with_context(|| url.clone())?);
        }
    }
    Ok(plans)
}

/// The files of a pattern, by name: in its last part `*` stands for anything.
pub(crate) fn files(pattern: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let last = pattern
        .file_name()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    let Some((before, after)) = last.split_once('*') else {
        return Ok(vec![pattern.to_owned()]);
    };
    let folder = pattern.parent().filter(|it| !it.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|it| it.to_str())
            .unwrap_or_default();
        let long = name.len() >= before.len() + after.len();
        if long && name.starts_with(before) && name.ends_with(after) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn ask(url: &str, ca_file: Option<&Path>) -> anyhow::Result<String> {
    let config = https::config(ca_file)?.timeout_global(Some(PATIENCE));
    let agent = config.build().new_agent();
    let mut answer = agent.get(url).header("Accept", "application/json").call()?;
    Ok(answer
        .body_mut()
        .with_config()
        .limit(LONGEST)
        .read_to_string()?)
}

fn read(text: &str, discovery: &Discovery) -> anyhow::Result<Vec<TargetPlan>> {
    // As a file is while it is written: no list, and one of no targets is `[]`.
    ensure!(!text.trim().is_empty(), say::MONITOR_SD_EMPTY);
    // JSON is YAML, too.
    let found: Vec<Found> = serde_saphyr::from_str(text)?;
    let mut plans = Vec::new();
    for Found { targets, labels } in found {
        let mut all = (*discovery.labels).clone();
        // Labels that begin so are for whoever finds, and are not kept (Prometheus).
        for (name, value) in labels
            .into_iter()
            .filter(|(name, _)| !name.starts_with("__"))
        {
            check_label(&name).map_err(|why| anyhow!(why))?;
            all.insert(name, value);
        }
        let all = Arc::new(all);
        for name in targets {
            let host = Target::from_str(&name).map_err(|why| anyhow!("{name}: {why}"))?;
            plans.push(TargetPlan {
                name: Arc::from(name),
                group: discovery.group.clone(),
                labels: Arc::clone(&all),
                host,
                conditions: discovery.conditions,
                settings: Arc::clone(&discovery.settings),
            });
        }
    }
    Ok(plans)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

    use super::super::config::tests::discovery;
    use super::*;

    const FOUND: &str = r#"[
        {"targets": ["192.0.2.1", "[2001:db8::1]:7"], "labels": {"site": "b", "__meta_x": "y"}},
        {"targets": ["192.0.2.3:9"]}
    ]"#;

    fn names(plans: &[TargetPlan]) -> Vec<(&str, u16, Option<&str>)> {
        let mut names = Vec::new();
        for plan in plans {
            let site = plan.labels.get("site").map(String::as_str);
            names.push((&*plan.name, plan.port(), site));
        }
        names
    }

    #[test]
    fn targets_are_read_as_prometheus_has_them() {
        let place = discovery(DiscoverySource::File(PathBuf::new()), "a");
        let plans = read(FOUND, &place).unwrap();
        let expected = [
            ("192.0.2.1", 12_000, Some("b")),
            ("[2001:db8::1]:7", 7, Some("b")),
            ("192.0.2.3:9", 9, Some("a")),
        ];
        assert_eq!(names(&plans), expected);
        assert!(plans.iter().all(|it| !it.labels.contains_key("__meta_x")));
        let yaml = "- targets: ['192.0.2.3:9']\n- targets: []\n  labels: {site: c}\n";
        assert_eq!(names(&read(yaml, &place).unwrap()), expected[2..]);
    }

    #[test]
    fn an_answer_is_taken_as_a_whole_or_not_at_all() {
        let place = discovery(DiscoverySource::File(PathBuf::new()), "a");
        for bad in [
            "",
            "{}",
            r#"[{"targets": ["a", ""]}]"#,
            r#"[{"targets": ["a"], "labels": {"le": "1"}}]"#,
            r#"[{"targets": ["a"]}"#,
        ] {
            assert!(read(bad, &place).is_err(), "{bad}");
        }
    }

    /// Answers a request with `body`.
    fn answer(stream: &mut (impl Read + Write), status: &str, body: &str) {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            request.push(byte[0]);
        }
        assert!(request.starts_with(b"GET /sd "));
        let len = body.len();
        let head =
            format!("HTTP/1.1 {status}\r\nContent-Length: {len}\r\nConnection: close\r\n\r\n");
        stream.write_all((head + body).as_bytes()).unwrap();
    }

    #[test]
    fn a_server_is_asked_by_http() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/sd", listener.local_addr().unwrap());
        let answers = thread::spawn(move || {
            for (status, body) in [("200 OK", FOUND), ("500 Oh", "")] {
                let (mut stream, _) = listener.accept().unwrap();
                answer(&mut stream, status, body);
            }
        });
        let ca_file = None;
        let place = discovery(DiscoverySource::Http { url, ca_file }, "a");
        assert_eq!(find(&place).unwrap().len(), 3);
        assert!(find(&place).is_err(), "whatever stood in it");
        answers.join().unwrap();
    }

    #[test]
    fn a_server_is_asked_by_https_if_somebody_vouches_for_it() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls");
        let certificate = CertificateDer::from_pem_file(folder.join("cert.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).unwrap();
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}/sd", listener.local_addr().unwrap());
        let answers = thread::spawn(move || {
            let accept = || {
                let (stream, _) = listener.accept().unwrap();
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                StreamOwned::new(connection, stream)
            };
            answer(&mut accept(), "200 OK", FOUND);
            let mut turned_away = accept();
            turned_away.read_exact(&mut [0]).unwrap_err()
        });
        let ask = |ca_file| {
            let url = url.clone();
            find(&discovery(DiscoverySource::Http { url, ca_file }, "a"))
        };
        assert_eq!(ask(Some(folder.join("cert.pem"))).unwrap().len(), 3);
        // This system vouches for others.
        let error = format!("{:#}", ask(None).unwrap_err());
        assert!(error.contains("certificate"), "{error}");
        answers.join().unwrap();
    }
}
