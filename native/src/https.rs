//! Asking and telling other servers by HTTP, over TLS where their address says so.
//!
//! Owns which certificates are believed. What is said, and how often, its users know.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use tokio_rustls::rustls::crypto::ring;
use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::http::Uri;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::typestate::AgentScope;

use crate::i18n::say;

/// Checks that `url` is one of HTTP, with a host.
///
/// # Errors
/// It is not.
pub(crate) fn check(url: &str) -> anyhow::Result<()> {
    let parsed: Option<Uri> = url.parse().ok();
    let known = |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https"));
    let has_host = |uri: &Uri| uri.host().is_some_and(|host| !host.is_empty());
    let right = parsed.is_some_and(|uri| known(&uri) && has_host(&uri));
    ensure!(right, say::HttpUrl { url }.to_string());
    Ok(())
}

/// How a server is asked that `authorities`, a PEM file, vouch for; those that this system
/// knows where none is named.
///
/// # Errors
/// The file cannot be read, or has no certificate.
pub(crate) fn config(authorities: Option<&Path>) -> anyhow::Result<ConfigBuilder<AgentScope>> {
    let roots: Vec<Certificate<'static>> = match authorities {
        Some(file) => {
            let name = file.display().to_string();
            let pem = fs::read(file).with_context(|| name.clone())?;
            let items = parse_pem(&pem).collect::<Result<Vec<_>, _>>();
            let items = items.with_context(|| name.clone())?.into_iter();
            let certificates = items.filter_map(|item| match item {
                PemItem::Certificate(certificate) => Some(certificate),
                _ => None,
            });
            let certificates: Vec<_> = certificates.collect();
            ensure!(!certificates.is_empty(), say::NoCertificate { name });
            certificates
        }
        // Of those that this system has, some may be unreadable.
        None => rustls_native_certs::load_native_certs()
            .certs
            .iter()
            .map(|it| Certificate::from_der(it).to_owned())
            .collect(),
    };
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&roots))
        .build();
    Ok(Agent::config_builder().tls_config(tls))
}
