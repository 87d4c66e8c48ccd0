//! All targets of a monitor in the browser: a row each, and the lab on the one that is chosen.
//!
//! Owns the page of rows, and that a target's journal begins once somebody looks. Where rows
//! come from, and who writes the journal, is the monitor's.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Path as Segments, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::live::{self, Live};
use super::server::{Server, turned_away};
use crate::i18n::{self, Language, say};
use crate::row::{Moment, Row, RowState};
use crate::warn;

/// What the page asks of a monitor.
pub(crate) trait Targets: Send + Sync {
    /// The rows as they are now.
    fn rows(&self) -> Vec<Row>;

    /// Has what happens to the target of this name be written to this file, which begins with
    /// its last minutes. Whether there is one.
    fn follow(&self, name: &str, file: PathBuf) -> bool;
}

/// The monitor that pages look at.
struct Fleet {
    token: String,
    targets: Box<dyn Targets>,
    /// Those that somebody has looked at.
    lives: Mutex<HashMap<String, Arc<Live>>>,
}

/// The page, while it is served.
pub(crate) struct FleetLab(#[expect(dead_code, reason = "it serves while it lives")] Server);

impl FleetLab {
    /// Opens it.
    ///
    /// # Errors
    /// There is no port.
    pub(crate) fn open(targets: Box<dyn Targets>, no_open: bool) -> anyhow::Result<Self> {
        let server = Server::listen(None, None, None, None, None)?;
        let token = server.token().to_owned();
        let url = format!("{}/monitor/{token}", server.base());
        let fleet = Fleet {
            token,
            targets,
            lives: Mutex::default(),
        };
        let server = server.with_routes(routes(fleet));
        warn(&say::ViewMonitor { url: &url });
        let server = server.start()?;
        if !no_open {
            super::open_browser(&url);
        }
        Ok(Self(server))
    }
}

impl Fleet {
    /// The journal of a target, which begins when it is first asked for.
    fn live(&self, name: &str) -> Option<Arc<Live>> {
        let mut lives = self.lives.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(live) = lives.get(name) {
            return Some(Arc::clone(live));
        }
        let live = Live::spooled().inspect_err(|error| warn(&i18n::chain(error)));
        let live = Arc::new(live.ok()?);
        if !self.targets.follow(name, live.path().to_owned()) {
            return None;
        }
        lives.insert(name.to_owned(), Arc::clone(&live));
        Some(live)
    }
}

fn routes(fleet: Fleet) -> Router {
    Router::new()
        .route("/monitor.js", get(script))
        .route("/monitor.css", get(style))
        .route("/monitor/{token}", get(page))
        .route("/monitor/{token}/rows", get(rows))
        .route("/live/{token}/{target}", get(events))
        .with_state(Arc::new(fleet))
}

/// Answers the lab on one target.
async fn events(
    State(fleet): State<Arc<Fleet>>,
    Segments((token, name)): Segments<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let live = (token == fleet.token).then(|| fleet.live(&name));
    match live.flatten() {
        Some(live) => live::events(live, &headers),
        None => turned_away(StatusCode::NOT_FOUND, say::VIEW_NO_JOURNAL),
    }
}

/// Answers with the rows, for the page's program.
async fn rows(State(fleet): State<Arc<Fleet>>, Segments(token): Segments<String>) -> Response {
    if token != fleet.token {
        return turned_away(StatusCode::NOT_FOUND, say::VIEW_NO_PAGE);
    }
    let rows: Vec<Value> = fleet.targets.rows().iter().map(row).collect();
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, Value::from(rows).to_string()).into_response()
}

fn row(row: &Row) -> Value {
    let millis = |it: std::time::Duration| it.as_secs_f64() * 1e3;
    let history = row.history.iter().map(|moment| match moment {
        Moment::Nothing => Value::Null,
        Moment::Replied(rtt) => json!(millis(*rtt)),
        Moment::Lost => json!("lost"),
    });
    json!({
        "name": row.name,
        "state": match row.state {
            RowState::Waiting => "waiting",
            RowState::Up => "up",
            RowState::Down => "down",
        },
        "loss": row.loss,
        "rtt_ms": row.rtt.map(millis),
        "history": history.collect::<Vec<_>>(),
    })
}

/// The page of rows, which its program fills.
async fn page(State(fleet): State<Arc<Fleet>>, Segments(token): Segments<String>) -> Response {
    if token != fleet.token {
        return turned_away(StatusCode::NOT_FOUND, say::VIEW_NO_PAGE);
    }
    let mut html = String::from("<!doctype html>");
    // Texts are our own, and the token is of digits: nothing has to be escaped.
    let _ = write!(
        html,
        "<html lang=\"{language}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <title>udping monitor</title><link rel=\"icon\" href=\"/icon.svg\">\
         <link rel=\"stylesheet\" href=\"/monitor.css\">\
         <script type=\"module\" src=\"/monitor.js\"></script>\
         <main><h1>udping monitor</h1>\
         <p role=\"status\" id=\"gone\" hidden>{gone}</p>\
         <table id=\"targets\" data-token=\"{token}\" data-waiting=\"{waiting}\" \
         data-up=\"{up}\" data-down=\"{down}\"><thead><tr><th scope=\"col\">{target}\
         <th scope=\"col\">{state}<th scope=\"col\">{loss}<th scope=\"col\">RTT\
         <th scope=\"col\">{over_time}</thead><tbody></tbody></table></main>",
        language = match i18n::language() {
            Language::English => "en",
            Language::Portuguese => "pt-BR",
        },
        gone = say::VIEW_MONITOR_GONE,
        waiting = say::FLEET_WAITING,
        up = say::FLEET_UP,
        down = say::FLEET_DOWN,
        target = say::FLEET_TARGET,
        state = say::VIEW_FLEET_STATE,
        loss = say::TUI_LOSS,
        over_time = say::VIEW_FLEET_OVER_TIME,
    );
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (kind, html).into_response()
}

/// The page's program.
async fn script() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (kind, include_str!("fleet/monitor.js")).into_response()
}

/// How the page looks.
async fn style() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (kind, include_str!("fleet/monitor.css")).into_response()
}
