//! The flags about where figures are asked for.

use std::path::PathBuf;

use clap::Args;

use super::values::Bind;

/// Where figures are found unless another port is named.
#[cfg(target_os = "linux")]
pub(crate) const METRICS_PORT: u16 = 9862;

#[derive(Debug, Args)]
#[command(next_help_heading = "Metrics (Linux)")]
pub(crate) struct MetricsArgs {
    /// Give Prometheus its counters at this address.
    ///
    /// A port alone is one on loopback. At /metrics; /-/ready and /-/healthy say how it is.
    #[arg(long, hide_short_help = true, value_name = "ADDR:PORT", value_parser = metrics_address)]
    pub(crate) metrics: Option<Bind>,
    /// TLS and passwords for it, in Prometheus' web configuration.
    ///
    /// YAML: `tls_server_config` and `basic_auth_users`.
    #[arg(
        long,
        hide_short_help = true,
        value_name = "FILE",
        requires = "metrics"
    )]
    pub(crate) web_config: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Metrics (Linux)")]
pub(crate) struct ExportArgs {
    /// Give Prometheus the figures at this address.
    ///
    /// A port alone is one on loopback; without a port it is 9862. At /metrics; /-/ready and
    /// /-/healthy say how it is.
    #[arg(long, value_name = "ADDR:PORT", value_parser = metrics_address)]
    pub(crate) listen: Option<Bind>,
    /// TLS and passwords for it, in Prometheus' web configuration.
    ///
    /// YAML: `tls_server_config` and `basic_auth_users`.
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "listen")]
    pub(crate) web_config: Option<PathBuf>,
    /// Push the figures to an OpenTelemetry collector.
    ///
    /// OTLP over HTTP, as `http://127.0.0.1:4318`; headers, certificates and the interval as
    /// `OTEL_EXPORTER_OTLP_HEADERS` and its kin say.
    #[arg(long, value_name = "URL")]
    pub(crate) otlp: Option<String>,
    /// Send these headers with them.
    ///
    /// A file with `name=value` in each line, that only its owner and its group can read.
    #[arg(long, hide_short_help = true, value_name = "FILE", requires = "otlp")]
    pub(crate) otlp_headers: Option<PathBuf>,
    /// Give histograms native buckets too.
    ///
    /// Where Prometheus asks for protobuf, and by OTLP.
    #[arg(long, hide_short_help = true)]
    pub(crate) native_histograms: bool,
}

/// An address with a port, or either alone: nobody else is let in unless that is asked for.
pub(crate) fn metrics_address(text: &str) -> Result<Bind, &'static str> {
    if text.parse::<u16>().is_ok() {
        format!("127.0.0.1:{text}").parse()
    } else {
        text.parse()
    }
}
