//! The lab's web server: on loopback unless it is asked for more, nothing but the page and,
//! behind a random token, one journal.
//!
//! Owns who is answered, and the thread in which that is done. Knows nothing of what the page
//! does with what it gets.

use std::fmt::Display;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use include_dir::{Dir, include_dir};
use tokio::runtime::Runtime;
use tokio_util::io::ReaderStream;

use super::live::{self, Live};
use crate::i18n::{self, say};
use crate::warn;

static PAGE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../dist");

/// The element by which the page says what it may do; a header adds who may frame it.
const POLICY: &str = include_str!("../../../web/policy.html");

/// One fixed port, so that what the browser keeps for the page stays kept.
const DEFAULT_PORT: u16 = 12_080;

/// The port that an address of HTTP does not name.
const HTTP: u16 = 80;

/// How many ports after it are tried.
const TRIES: u16 = 20;

/// What is served, and to whom.
pub(super) struct Lab {
    /// The names under which this server answers: a page of another name that
    /// resolves to its address gets nothing (DNS rebinding).
    hosts: Vec<String>,
    token: String,
    journal: Option<PathBuf>,
    /// The moment of it that the page shows first.
    at: Option<Duration>,
    live: Option<Arc<Live>>,
}

/// A server that has its port.
pub(super) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    lab: Lab,
    /// What is served besides.
    routes: Router,
}

/// A server that answers, until the process ends.
pub(super) struct Server {
    thread: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Takes a port: this one, or the usual one or the next that is free; on loopback, or at
    /// this address. Serves the page, and a journal as it is, shown at this moment, or one that is
    /// still written.
    ///
    /// # Errors
    /// There is none, or the address is not one that others can open.
    pub(super) fn listen(
        ip: Option<IpAddr>,
        port: Option<u16>,
        journal: Option<PathBuf>,
        at: Option<Duration>,
        live: Option<Arc<Live>>,
    ) -> anyhow::Result<Bound> {
        let ip = ip.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        anyhow::ensure!(!ip.is_unspecified(), say::ViewNoAddress { ip });
        let listener = listen(ip, port)?;
        let address = listener.local_addr()?;
        let token = format!("{:016x}{:016x}", crate::random()?, crate::random()?);
        let mut hosts = vec![address.to_string()];
        if ip.is_loopback() {
            hosts.push(format!("localhost:{}", address.port()));
        }
        if address.port() == HTTP {
            // A browser leaves it out.
            let bare = |host: &String| host.strip_suffix(":80").map(str::to_owned);
            hosts.extend(hosts.clone().iter().filter_map(bare));
        }
        Ok(Bound {
            listener,
            address,
            lab: Lab {
                hosts,
                token,
                journal,
                at,
                live,
            },
            routes: Router::new(),
        })
    }

    /// Whether it still answers.
    ///
    /// # Errors
    /// It has stopped.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(!self.thread.is_finished(), say::VIEW_BROKE);
        Ok(())
    }
}

impl Bound {
    /// What it is asked for by whoever may see more than the page.
    #[cfg(target_os = "linux")]
    pub(super) fn token(&self) -> &str {
        &self.lab.token
    }

    /// The same, which serves these `routes`, too.
    #[cfg(target_os = "linux")]
    pub(super) fn with_routes(self, routes: Router) -> Self {
        Self { routes, ..self }
    }

    /// Where what it serves is found.
    pub(super) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the page is found, with what it is to know from the start behind the `#`.
    pub(super) fn url(&self) -> String {
        let token = &self.lab.token;
        let journal = self
            .lab
            .journal
            .iter()
            .map(|_| format!("log=journal/{token}"));
        let at = self.lab.at.map(|it| format!("at={}", it.as_nanos()));
        let live = self.lab.live.iter().map(|_| format!("live=live/{token}"));
        // What the browser would choose, or remembers, holds where nothing was asked for.
        let language = i18n::asked().map(|tag| format!("lang={tag}"));
        let known: Vec<_> = journal.chain(at).chain(live).chain(language).collect();
        let hash = if known.is_empty() { "" } else { "#" };
        format!("{}/{hash}{}", self.base(), known.join("&"))
    }

    /// Answers, in a thread of its own.
    ///
    /// # Errors
    /// There is no thread.
    pub(super) fn start(self) -> anyhow::Result<Server> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let Self {
            listener,
            lab,
            routes,
            ..
        } = self;
        let thread = thread::Builder::new()
            .name("lab".to_owned())
            .spawn(move || serve(&runtime, listener, lab, routes))?;
        Ok(Server { thread })
    }
}

fn serve(runtime: &Runtime, listener: TcpListener, lab: Lab, others: Router) -> io::Result<()> {
    let lab = Arc::new(lab);
    let routes = Router::new()
        .route("/journal/{token}", get(journal))
        .route("/live/{token}", get(events))
        .fallback(get(page))
        .with_state(Arc::clone(&lab))
        .merge(others)
        .layer(middleware::from_fn_with_state(lab, guard));
    // Not graceful: a browser keeps its connections open, and nothing here is lost.
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, routes).await
    })
}

fn listen(ip: IpAddr, port: Option<u16>) -> anyhow::Result<TcpListener> {
    let bind = |port| TcpListener::bind(SocketAddr::from((ip, port)));
    let address = |port| SocketAddr::from((ip, port));
    if let Some(port) = port {
        return bind(port).with_context(|| say::ViewPortTaken {
            address: address(port),
        });
    }
    for port in DEFAULT_PORT..DEFAULT_PORT + TRIES {
        match bind(port) {
            Ok(listener) => {
                if port != DEFAULT_PORT {
                    let usual = DEFAULT_PORT;
                    warn(&format!("udping: {}", say::ViewOtherPort { usual, port }));
                }
                return Ok(listener);
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => {
                let address = address(port);
                return Err(error).context(say::ViewCannotListen { address });
            }
        }
    }
    anyhow::bail!(say::ViewNoPort {
        first: DEFAULT_PORT,
        last: DEFAULT_PORT + TRIES - 1,
    })
}

/// The run that is measured, as it is written.
async fn events(
    State(lab): State<Arc<Lab>>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    match lab.live.clone().filter(|_| token == lab.token) {
        Some(live) => live::events(live, &headers),
        None => turned_away(StatusCode::NOT_FOUND, say::VIEW_NO_JOURNAL),
    }
}

pub(super) fn turned_away(status: StatusCode, why: impl Display) -> Response {
    (status, format!("{why}\n")).into_response()
}

/// Turns away requests under a foreign name, and puts the headers on every answer.
async fn guard(
    State(lab): State<Arc<Lab>>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Response {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let mut response = if host.is_some_and(|host| lab.hosts.iter().any(|known| known == host)) {
        next.run(request).await
    } else {
        turned_away(StatusCode::MISDIRECTED_REQUEST, say::VIEW_FOREIGN_NAME)
    };
    let policy = POLICY.split('"').nth(3).unwrap_or_default();
    let policy = format!("{policy}; frame-ancestors 'none'");
    let fixed = [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        // The page is not to be kept by a browser: the next time it is at another port.
        (HeaderName::from_static("server-timing"), "udping-view"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    let headers = response.headers_mut();
    headers.extend(fixed.map(|(name, value)| (name, HeaderValue::from_static(value))));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn journal(State(lab): State<Arc<Lab>>, Path(token): Path<String>) -> Response {
    let Some(path) = lab.journal.as_ref().filter(|_| token == lab.token) else {
        return turned_away(StatusCode::NOT_FOUND, say::VIEW_NO_JOURNAL);
    };
    match tokio::fs::File::open(path).await {
        Ok(file) => {
            let mut headers = HeaderMap::new();
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/jsonl; charset=utf-8"),
            );
            // The length lets the page show how far it has come.
            let length = file
                .metadata()
                .await
                .ok()
                .filter(std::fs::Metadata::is_file)
                .map(|file| file.len());
            if let Some(length) = length {
                headers.insert(header::CONTENT_LENGTH, length.into());
            }
            // A journal that is still being written may grow: what was announced is what is sent.
            let stream = ReaderStream::with_capacity(
                tokio::io::AsyncReadExt::take(file, length.unwrap_or(u64::MAX)),
                1 << 18,
            );
            (headers, Body::from_stream(stream)).into_response()
        }
        Err(error) => turned_away(
            StatusCode::INTERNAL_SERVER_ERROR,
            say::ViewJournalUnreadable { error },
        ),
    }
}

async fn page(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    };
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let accepted = accepted
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let accepts = |coding: &str| {
        accepted
            .split(',')
            .any(|one| one.split(';').next().map(str::trim) == Some(coding))
    };
    let compressed = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(coding))
        .find_map(|(coding, ending)| Some((coding, PAGE.get_file(format!("{path}.{ending}"))?)));
    let fixed = [
        (header::CONTENT_TYPE, kind),
        (header::VARY, "accept-encoding"),
    ];
    match (compressed, PAGE.get_file(path)) {
        (Some((coding, file)), _) => {
            (fixed, [(header::CONTENT_ENCODING, coding)], file.contents()).into_response()
        }
        (None, Some(file)) => (fixed, file.contents()).into_response(),
        (None, None) => turned_away(StatusCode::NOT_FOUND, say::VIEW_NO_PAGE),
    }
}
