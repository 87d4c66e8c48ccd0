//! Who may ask for figures: Prometheus' own web configuration, as its exporters take it.
//!
//! Owns the file's format, its secrets, and passwords. Knows nothing of HTTP.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use serde::Deserialize;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, version};

use crate::i18n::say;
use crate::secret;

/// How many right passwords are remembered: one is a tenth of a second's work.
const REMEMBERED: usize = 32;

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    tls_server_config: Option<TlsServerConfig>,
    #[serde(default)]
    basic_auth_users: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsServerConfig {
    cert_file: PathBuf,
    key_file: PathBuf,
    #[serde(default)]
    client_auth_type: ClientAuthType,
    client_ca_file: Option<PathBuf>,
    #[serde(default)]
    min_version: MinVersion,
}

/// What Go calls the ways to ask a client for its certificate. Those that take one without
/// looking at it protect nothing, and are refused.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
enum ClientAuthType {
    #[default]
    NoClientCert,
    VerifyClientCertIfGiven,
    RequireAndVerifyClientCert,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
enum MinVersion {
    #[default]
    #[serde(rename = "TLS12")]
    Tls12,
    #[serde(rename = "TLS13")]
    Tls13,
}

/// What it comes to.
#[derive(Debug, Default)]
pub(crate) struct WebConfig {
    pub(super) tls: Option<Arc<ServerConfig>>,
    users: BTreeMap<String, String>,
    /// Names and passwords that were right.
    remembered: Mutex<Vec<(String, Vec<u8>)>>,
}

impl WebConfig {
    /// Reads it. Files that it names are sought beside it.
    ///
    /// # Errors
    /// It is not right, or a file that it names is not, or others can read a secret.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Self> {
        let name = file.display();
        let read = || -> anyhow::Result<Self> {
            let mut open = fs::File::open(file)?;
            let mut text = String::new();
            open.read_to_string(&mut text)?;
            let content: File = serde_saphyr::from_str(&text)?;
            let folder = file.parent().unwrap_or(Path::new(""));
            if !content.basic_auth_users.is_empty() {
                secret::check(&open, file)?;
            }
            for hash in content.basic_auth_users.values() {
                // Tried once, so that a hash that is none is found now.
                anyhow::ensure!(bcrypt::verify("", hash).is_ok(), say::WEB_CONFIG_HASH);
            }
            let tls = content.tls_server_config.map(|tls| tls.build(folder));
            Ok(Self {
                tls: tls.transpose()?.map(Arc::new),
                users: content.basic_auth_users,
                remembered: Mutex::default(),
            })
        };
        read().with_context(|| say::WebConfigWrong { name }.to_string())
    }

    /// Whether whoever sent these may ask; without users anybody may.
    pub(super) fn admits(&self, credentials: Option<(&str, &[u8])>) -> bool {
        if self.users.is_empty() {
            return true;
        }
        let Some((name, password)) = credentials else {
            return false;
        };
        // One at a time: who guesses passwords gets one processor at the most.
        let mut remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = |(user, word): &&(String, Vec<u8>)| user == name && same(word, password);
        if remembered.iter().find(known).is_some() {
            return true;
        }
        // An unknown name takes as long as a wrong password.
        let any = self.users.values().next();
        let hash = self.users.get(name);
        let right = hash
            .or(any)
            .is_some_and(|hash| bcrypt::verify(password, hash).unwrap_or(false));
        let admitted = right && hash.is_some();
        if admitted {
            remembered.truncate(REMEMBERED - 1);
            remembered.insert(0, (name.to_owned(), password.to_vec()));
        }
        admitted
    }
}

/// In a time that says nothing of where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differs = one.iter().zip(other).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && std::hint::black_box(differs) == 0
}

impl TlsServerConfig {
    fn build(self, folder: &Path) -> anyhow::Result<ServerConfig> {
        let in_file = |file: &Path| file.display().to_string();
        let certificates = |file: &Path| {
            CertificateDer::pem_file_iter(file)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .with_context(|| in_file(file))
        };
        let (cert_file, key_file) = (folder.join(&self.cert_file), folder.join(&self.key_file));
        let key = secret::open(&key_file).with_context(|| in_file(&key_file))?;
        let key = PrivateKeyDer::from_pem_reader(key).with_context(|| in_file(&key_file))?;
        let provider = Arc::new(ring::default_provider());
        let versions: &[_] = match self.min_version {
            MinVersion::Tls12 => &[&version::TLS13, &version::TLS12],
            MinVersion::Tls13 => &[&version::TLS13],
        };
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)?;
        let builder = if self.client_auth_type == ClientAuthType::NoClientCert {
            builder.with_no_client_auth()
        } else {
            let file = self.client_ca_file.context(say::WEB_CONFIG_NO_CLIENT_CA)?;
            let mut roots = RootCertStore::empty();
            for certificate in certificates(&folder.join(file))? {
                roots.add(certificate)?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            let verifier = match self.client_auth_type {
                ClientAuthType::VerifyClientCertIfGiven => verifier.allow_unauthenticated(),
                _ => verifier,
            };
            builder.with_client_cert_verifier(verifier.build()?)
        };
        let mut config = builder.with_single_cert(certificates(&cert_file)?, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_users(hash: &str) -> WebConfig {
        WebConfig {
            users: [("alice".to_owned(), hash.to_owned())].into(),
            ..WebConfig::default()
        }
    }

    #[test]
    fn only_the_right_password_of_a_known_user_is_admitted() {
        let config = with_users(&bcrypt::hash("secret", 4).unwrap());
        for _ in 0..2 {
            assert!(config.admits(Some(("alice", b"secret"))));
            assert!(!config.admits(Some(("alice", b"secreT"))));
            assert!(!config.admits(Some(("alice", b""))));
            assert!(!config.admits(Some(("bob", b"secret"))));
            assert!(!config.admits(None));
        }
        assert!(WebConfig::default().admits(None), "nobody has to");
    }

    #[test]
    fn what_is_not_known_is_refused() {
        let wrong = serde_saphyr::from_str::<File>("tls_server_confg: {}\n");
        assert!(wrong.unwrap_err().to_string().contains("tls_server_confg"));
        let lax = "tls_server_config:\n  cert_file: a\n  key_file: b\n  client_auth_type: RequestClientCert\n";
        assert!(serde_saphyr::from_str::<File>(lax).is_err());
        let right = "basic_auth_users:\n  alice: $2y$10$abc\ntls_server_config:\n  cert_file: a\n  key_file: b\n  min_version: TLS13\n";
        let file = serde_saphyr::from_str::<File>(right).unwrap();
        assert_eq!(file.basic_auth_users["alice"], "$2y$10$abc");
    }
}
