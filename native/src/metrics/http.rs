//! The web server that is asked for figures: a thread of its own.
//!
//! Owns who is answered, in which format, and the routes. What the figures are, a source knows.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, Receiver};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::protobuf::{self, ProtobufEncoder};
use super::text::{self, Dialect, TextEncoder};
use super::{Source, WebConfig};
use crate::i18n::{chain, say};

/// How long a client may take to begin to speak TLS.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait when there is no room for a connection.
const NO_ROOM: Duration = Duration::from_millis(100);

/// A port that is taken.
#[derive(Debug)]
pub(crate) struct Listener {
    listener: TcpListener,
    web: WebConfig,
}

/// A server that answers, until the process ends.
#[derive(Debug)]
pub(crate) struct MetricsServer {
    thread: JoinHandle<io::Result<()>>,
}

struct Shared {
    source: Arc<dyn Source>,
    web: WebConfig,
}

impl Listener {
    /// Takes the port.
    ///
    /// # Errors
    /// It cannot be had.
    pub(crate) fn bind(address: SocketAddr, web: WebConfig) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(address)
            .with_context(|| say::MetricsCannotListen { address }.to_string())?;
        Ok(Self { listener, web })
    }

    /// Where figures are found.
    ///
    /// # Errors
    /// The system does not say.
    pub(crate) fn url(&self) -> io::Result<String> {
        let scheme = if self.web.tls.is_some() {
            "https"
        } else {
            "http"
        };
        Ok(format!(
            "{scheme}://{}/metrics",
            self.listener.local_addr()?
        ))
    }

    /// Answers with the figures of `source`.
    ///
    /// # Errors
    /// There is no thread.
    pub(crate) fn start(self, source: Arc<dyn Source>) -> io::Result<MetricsServer> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(4)
            .build()?;
        let Self { listener, web } = self;
        listener.set_nonblocking(true)?;
        let acceptor = web.tls.clone().map(TlsAcceptor::from);
        let app = routes(Arc::new(Shared { source, web }));
        let serve = async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            match acceptor {
                None => axum::serve(listener, app).await,
                Some(acceptor) => axum::serve(TlsListener::start(listener, acceptor), app).await,
            }
        };
        let thread = thread::Builder::new()
            .name("metrics".to_owned())
            .spawn(move || runtime.block_on(serve))?;
        Ok(MetricsServer { thread })
    }
}

impl MetricsServer {
    /// Whether it answers no more.
    pub(crate) fn has_ended(&self) -> bool {
        self.thread.is_finished()
    }
}

fn routes(shared: Arc<Shared>) -> Router {
    let index =
        "<!doctype html><title>udping</title><h1>udping</h1><p><a href=\"/metrics\">Metrics</a>\n";
    Router::new()
        .route("/", get(move || async move { Html(index) }))
        .route("/metrics", get(metrics))
        .route("/-/healthy", get(|| async { "healthy\n" }))
        .route("/-/ready", get(ready))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guard))
        .with_state(shared)
}

/// Turns away whoever has no right password.
async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let credentials = credentials(request.headers());
    let admitted = tokio::task::spawn_blocking(move || {
        let credentials = credentials.as_ref();
        shared
            .web
            .admits(credentials.map(|(name, password)| (&**name, &**password)))
    });
    if admitted.await.unwrap_or(false) {
        return next.run(request).await;
    }
    let challenge = [(
        header::WWW_AUTHENTICATE,
        "Basic realm=\"udping\", charset=\"UTF-8\"",
    )];
    (StatusCode::UNAUTHORIZED, challenge, "unauthorized\n").into_response()
}

/// RFC 7617 §2.
fn credentials(headers: &HeaderMap) -> Option<(String, Vec<u8>)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, code) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = BASE64_STANDARD.decode(code.trim()).ok()?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    let (name, password) = pair.split_at(colon);
    let name = String::from_utf8(name.to_vec()).ok()?;
    Some((name, password.get(1..)?.to_vec()))
}

async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    if shared.source.is_ready() {
        "ready\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
    }
}

async fn metrics(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT);
    let format = Format::of(accept.and_then(|it| it.to_str().ok()).unwrap_or_default());
    let encoded = tokio::task::spawn_blocking(move || format.encode(&*shared.source)).await;
    match encoded {
        Ok(Ok(body)) => {
            let headers: [(HeaderName, &str); 2] = [
                (header::CONTENT_TYPE, format.content_type()),
                (header::VARY, "accept"),
            ];
            (headers, body).into_response()
        }
        Ok(Err(error)) => {
            let why = format!("{}\n", chain(&error));
            (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}

/// A format that a client may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Text(Dialect),
    Protobuf,
}

impl Format {
    /// The one that `accept` likes best: the header's, as RFC 9110 §12.5.1 has it.
    fn of(accept: &str) -> Self {
        let mut best = (0.0, Self::Text(Dialect::Prometheus));
        for one in accept.split(',') {
            let mut parts = one.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
            let parameters: Vec<(&str, &str)> =
                parts.filter_map(|part| part.split_once('=')).collect();
            let find = |name| {
                parameters
                    .iter()
                    .find(|(it, _)| *it == name)
                    .map(|(_, it)| *it)
            };
            let is = |name, wanted| find(name).is_some_and(|it| it.trim_matches('"') == wanted);
            let format = match &*kind {
                "application/vnd.google.protobuf"
                    if is("proto", "io.prometheus.client.MetricFamily")
                        && is("encoding", "delimited") =>
                {
                    Self::Protobuf
                }
                "application/openmetrics-text"
                    if find("version").is_none() || is("version", "1.0.0") =>
                {
                    Self::Text(Dialect::OpenMetrics)
                }
                "text/plain" => Self::Text(Dialect::Prometheus),
                _ => continue,
            };
            let quality = find("q").map_or(Ok(1.0), str::parse).unwrap_or(0.0);
            if quality > best.0 {
                best = (quality, format);
            }
        }
        best.1
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Text(Dialect::OpenMetrics) => text::OPEN_METRICS,
            Self::Text(Dialect::Prometheus) => text::PROMETHEUS,
            Self::Protobuf => protobuf::CONTENT_TYPE,
        }
    }

    fn encode(self, source: &dyn Source) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Text(dialect) => {
                let mut encoder = TextEncoder::new(dialect);
                source.encode(&mut encoder)?;
                Ok(encoder.finish())
            }
            Self::Protobuf => {
                let mut encoder = ProtobufEncoder::default();
                source.encode(&mut encoder)?;
                Ok(encoder.finish())
            }
        }
    }
}

/// Connections that have agreed on TLS: each does so by itself, and holds up no other.
struct TlsListener {
    ready: Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: io::Result<SocketAddr>,
}

impl TlsListener {
    fn start(listener: tokio::net::TcpListener, acceptor: TlsAcceptor) -> Self {
        let (sender, ready) = mpsc::channel(16);
        let address = listener.local_addr();
        tokio::spawn(async move {
            loop {
                let Ok((stream, peer)) = listener.accept().await else {
                    tokio::time::sleep(NO_ROOM).await;
                    continue;
                };
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                tokio::spawn(async move {
                    let agreed = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await;
                    // Whoever fails to agree is told so by TLS itself.
                    if let Ok(Ok(stream)) = agreed {
                        // The receiver is there until the process ends.
                        let _ = sender.send((stream, peer)).await;
                    }
                });
            }
        });
        Self { ready, address }
    }
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The task that sends never ends.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.address
            .as_ref()
            .copied()
            .map_err(|error| error.kind().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_the_one_liked_best() {
        let of = Format::of;
        assert_eq!(of(""), Format::Text(Dialect::Prometheus));
        assert_eq!(of("*/*"), Format::Text(Dialect::Prometheus));
        let old = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        assert_eq!(of(old), Format::Text(Dialect::OpenMetrics));
        let native = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8";
        assert_eq!(of(native), Format::Protobuf);
        let turned = native.replace("delimited", "delimited;q=0.3");
        assert_eq!(of(&turned), Format::Text(Dialect::OpenMetrics));
        assert_eq!(
            of(&native.replace("delimited", "text")),
            Format::Text(Dialect::OpenMetrics)
        );
    }

    #[test]
    fn a_password_may_have_colons() {
        let mut headers = HeaderMap::new();
        let code = BASE64_STANDARD.encode("alice:a:b");
        headers.insert(
            header::AUTHORIZATION,
            format!("Basic {code}").parse().unwrap(),
        );
        assert_eq!(
            credentials(&headers),
            Some(("alice".to_owned(), b"a:b".to_vec()))
        );
        headers.insert(
            header::AUTHORIZATION,
            format!("Bearer {code}").parse().unwrap(),
        );
        assert_eq!(credentials(&headers), None);
    }
}
