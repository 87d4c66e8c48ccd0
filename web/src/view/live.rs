//! A run that is looked at while it is measured: read as it comes, and shown as it grows.
//!
//! Owns the connection, how much of a frame reading may take, and what is said of both. What a
//! journal is, the engine knows; which moment is shown, the user.

use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use web_sys::{Headers, ReadableStreamDefaultReader, RequestInit, Response};

use super::app::{App, Room};
use super::dom::Leaf;
use super::i18n::{Localization, Value, key};
use super::input::later;
use super::open::JournalSource;
use super::run_view::RunView;
use super::with;
use udping_engine::event_stream::{EventStream, LiveEvent};
use udping_engine::history::History;
use udping_engine::loader::{LoadError, Loader};
use udping_engine::run::Run;
use udping_engine::scale::float;

/// How long reading may take of a frame, in milliseconds.
const READING_MS: f64 = 6.0;
/// What is shown changes no more often, in milliseconds.
const LEAST_MS: f64 = 50.0;
/// A frame that takes longer is one of few: of 25 there is one.
const LONG_MS: f64 = 8.0;
const SELDOM_MS: f64 = 420.0;
/// And all of them together take at most so much of the time.
const SHARE: f64 = 0.1;
/// How much is read ahead, in bytes.
const AHEAD: usize = 1 << 20;
/// The most that is read between two looks at the clock.
const SLICE: usize = 1 << 14;
/// How long after a lost connection it is tried again, in milliseconds.
const AGAIN_MS: i32 = 1_000;
/// How often the badge is written, in milliseconds.
const BADGE_MS: i32 = 250;

/// How it is with the run.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// None is followed.
    Off,
    Connecting,
    /// What was there already is read.
    CatchingUp,
    Live,
    Lost,
    Ended,
    /// It cannot be followed any more, and why.
    Failed(String),
}

/// The run that is followed.
#[derive(Debug)]
pub(super) struct LiveRun {
    state: State,
    /// Counts what was followed, so that an older one knows it is not wanted any more.
    turn: u32,
    loader: Loader,
    /// What has come and is not read: bytes, and how many there are.
    waiting: VecDeque<Vec<u8>>,
    ahead: usize,
    /// Nothing more of this run will come.
    last: bool,
    /// The run is on the page, with its log.
    shown: bool,
    /// How many ways it has: more than one in a comparison.
    ways: usize,
    /// What stands in for the run while it grows.
    stand_in: Option<Rc<Run>>,
    /// Before this frame's time nothing more is shown.
    not_before: f64,
    /// When something came last, by the page's clock.
    newest_ms: f64,
    name: String,
    badge: Badge,
}

/// What is said of it, wherever the page is.
#[derive(Debug)]
struct Badge {
    root: Leaf,
    state: Leaf,
    detail: Leaf,
    follow: Leaf,
}

impl LiveRun {
    pub(super) fn new() -> Self {
        let root = Leaf::of("live");
        Self {
            state: State::Off,
            turn: 0,
            loader: Loader::new(),
            waiting: VecDeque::new(),
            ahead: 0,
            last: false,
            shown: false,
            ways: 0,
            stand_in: None,
            not_before: 0.0,
            newest_ms: 0.0,
            name: String::new(),
            badge: Badge {
                state: Leaf::within(root.element(), "b"),
                detail: Leaf::within(root.element(), "span"),
                follow: Leaf::of("live-follow"),
                root,
            },
        }
    }

    /// Something else is opened, or another run is followed.
    pub(super) fn stop(&mut self) {
        self.turn += 1;
        self.state = State::Off;
        self.restart();
        self.badge.root.show(false);
    }

    fn restart(&mut self) {
        self.loader = Loader::new();
        self.waiting.clear();
        (self.ahead, self.last, self.shown) = (0, false, false);
        self.stand_in = None;
    }

    /// A frame that showed more of the run took this long: when the next one may.
    fn pace(&mut self, at_ms: f64, took: f64) {
        let wait = match took {
            ..LONG_MS => LEAST_MS,
            _ => SELDOM_MS.max(took / SHARE),
        };
        self.not_before = at_ms + if self.shown { wait } else { 0.0 };
    }

    /// Whether there is something to read in a frame.
    pub(super) fn wants_frame(&self) -> bool {
        let unseen = !self.shown && self.loader.progress().lines > 0;
        !self.waiting.is_empty()
            || unseen && self.is_on()
            || self.last && self.state != State::Ended
    }

    /// Takes what has come; whether it is still wanted.
    fn take(&mut self, turn: u32, events: Vec<LiveEvent>) -> bool {
        if turn != self.turn {
            return false;
        }
        for event in events {
            match event {
                LiveEvent::Lines(lines, _) => {
                    self.newest_ms = now();
                    self.ahead += lines.len();
                    self.waiting.push_back(lines);
                }
                LiveEvent::Restart => {
                    self.restart();
                    self.state = State::CatchingUp;
                }
                LiveEvent::Newest => self.caught_up(),
                LiveEvent::End => {
                    self.caught_up();
                    self.last = true;
                }
                LiveEvent::Failed(why) => self.state = State::Failed(why),
            }
        }
        true
    }

    fn caught_up(&mut self) {
        if self.state == State::CatchingUp {
            self.state = State::Live;
        }
    }

    /// Reads what has come, as long as there is time in this frame.
    fn read(&mut self) -> Result<(), LoadError> {
        let begun = now();
        while now() - begun < READING_MS
            && let Some(mut lines) = self.waiting.pop_front()
        {
            let rest = lines.split_off(SLICE.min(lines.len()));
            self.ahead -= lines.len();
            if !rest.is_empty() {
                self.waiting.push_front(rest);
            }
            self.loader.feed(&lines)?;
        }
        Ok(())
    }

    /// Reads what has come, and gives what is to be shown of it.
    fn grow(&mut self, runs: Vec<Run>) -> (Vec<Run>, Result<(), LoadError>) {
        self.loader.take_back(runs);
        let read = self.read();
        (self.loader.so_far(), read)
    }

    /// It cannot be read any further, and what has been read stays.
    fn fail(&mut self, why: String) {
        self.turn += 1;
        self.waiting.clear();
        (self.ahead, self.last) = (0, false);
        self.state = State::Failed(why);
    }

    /// What had come when it was last connected has been caught up with.
    fn is_on(&self) -> bool {
        matches!(self.state, State::Live | State::Lost)
    }

    fn ended(&self) -> bool {
        self.waiting.is_empty() && (self.last || self.loader.has_ended())
    }
}

impl Badge {
    /// The state's tone, and its name.
    fn words<'a>(
        l10n: &'a Localization,
        live: &State,
        run: Option<&Run>,
    ) -> (&'static str, &'a str) {
        match live {
            State::Off => ("", ""),
            State::Connecting => ("", l10n.get(key::LIVE_CONNECTING)),
            State::CatchingUp => ("", l10n.get(key::LIVE_CATCHING_UP)),
            State::Live => ("on", l10n.get(key::LIVE_ON)),
            State::Lost => ("bad", l10n.get(key::LIVE_LOST)),
            State::Failed(_) => ("bad", l10n.get(key::LIVE_FAILED)),
            State::Ended => match run.and_then(Run::report) {
                Some(report) if report.summary && report.verified() => {
                    ("good", l10n.get(key::LIVE_VERIFIED))
                }
                Some(report) if report.differences > 0 => ("bad", l10n.get(key::LIVE_DIFFERS)),
                _ => ("", l10n.get(key::LIVE_ENDED)),
            },
        }
    }

    fn draw(&mut self, l10n: &Localization, live: &State, view: Option<&RunView>, facts: &Facts) {
        self.root.show(*live != State::Off);
        let (class, text) = Self::words(l10n, live, view.map(|view| &**view.history.run()));
        self.root.set("data-state", class);
        self.state.text(text);
        let detail = match live {
            State::CatchingUp => {
                let megabytes = l10n.decimal(float(facts.bytes) / 1e6, 1, 1);
                let megabytes = [("megabytes", Value::Text(&megabytes))];
                l10n.say(key::LIVE_READ, &megabytes)
            }
            State::Live => {
                let rate = l10n.decimal(facts.rate, 0, u8::from(facts.rate < 9.95));
                let age = l10n.decimal(facts.age_ms.max(0.0) / 1e3, 1, 1);
                let rate = [("rate", Value::Text(&rate)), ("age", Value::Text(&age))];
                l10n.say(key::LIVE_RATE, &rate)
            }
            State::Failed(why) => why.clone(),
            State::Off | State::Connecting | State::Lost | State::Ended => String::new(),
        };
        self.detail.text(&detail);
        let behind = view.is_some_and(|view| !view.at_newest());
        self.follow.show(behind && *live == State::Live);
    }
}

/// What the badge says beside the state.
struct Facts {
    bytes: u64,
    rate: f64,
    age_ms: f64,
}

impl App {
    /// Follows the run that is read from this address of this site.
    pub(super) fn follow_live(&mut self, address: &str) {
        self.live.stop();
        self.live.state = State::Connecting;
        self.live.name = self.page.l10n.get(key::LIVE_NAME).to_owned();
        let turn = self.live.turn;
        self.replay.source = JournalSource::Live(address.to_owned());
        self.enter(Room::Replay);
        spawn_local(follow(address.to_owned(), turn));
        self.draw_badge();
        tick(turn);
    }

    /// What has come is read, and `draw` shows what was read, in the frame of this time.
    pub(super) fn live_frame(&mut self, at_ms: f64, draw: impl FnOnce(&mut Self)) {
        if !self.live.wants_frame() || at_ms < self.live.not_before {
            return draw(self);
        }
        let begun = now();
        let grown = if self.live.shown && self.replay.view.is_some() {
            self.grow_live()
        } else {
            self.show_live()
        };
        if let Err(error) = grown {
            let text = self.explain_load(&self.live.name, error);
            self.live.fail(text);
        }
        if self.live.shown && self.live.ended() && self.live.is_on() {
            self.end_live();
        }
        self.draw_badge();
        self.page.invalidate();
        draw(self);
        self.live.pace(at_ms, now() - begun);
    }

    /// Reads what was there before the page, and then shows it.
    fn show_live(&mut self) -> Result<(), LoadError> {
        self.live.read()?;
        if !self.live.is_on() || !self.live.waiting.is_empty() {
            return Ok(());
        }
        let runs = self.live.loader.so_far();
        self.live.ways = runs.len();
        if let Some(history) = History::of_runs(runs) {
            self.replay.put_live(&self.live.name, history);
            self.live.shown = true;
            self.in_lab(|run| {
                run.go_to_newest();
            });
        }
        Ok(())
    }

    fn grow_live(&mut self) -> Result<(), LoadError> {
        let Some(view) = &mut self.replay.view else {
            return Ok(());
        };
        let live = &mut self.live;
        let follows = view.at_newest() && !view.shows_what_if();
        let stand_in = live
            .stand_in
            .get_or_insert_with(|| Rc::new(view.history.run().stand_in()));
        let stand_in = Rc::clone(stand_in);
        view.grow(&stand_in, live.ways, |runs| live.grow(runs))?;
        if follows {
            let newest = view.run().seek(view.run().end_ns());
            view.go(newest);
            if self.room == Room::Replay {
                self.in_lab(|run| {
                    run.go_to_newest();
                });
            }
        }
        Ok(())
    }

    /// The run is over: what is shown is all of it, and the verdict is final.
    fn end_live(&mut self) {
        let live = &mut self.live;
        live.state = State::Ended;
        let Some(view) = &mut self.replay.view else {
            return;
        };
        view.growing = false;
        let stand_in = Rc::new(view.history.run().stand_in());
        let last = live.last;
        view.grow(&stand_in, live.ways, |runs| {
            live.loader.take_back(runs);
            // What is missing is told now, unless there may be more.
            let ended = last.then(|| std::mem::take(&mut live.loader).finish_ways());
            let ended = ended.and_then(Result::ok);
            (ended.unwrap_or_else(|| live.loader.so_far()), ())
        });
        let run = Some(&**view.history.run());
        let (_, text) = Badge::words(&self.page.l10n, &live.state, run);
        let text = text.to_owned();
        self.page.announce(&text);
        // Another timeout is asked about all of it.
        let shown = view.shows_what_if();
        view.what_if.decided = None;
        if let Some(asked) = view.what_if.asked_ns.filter(|_| shown) {
            self.replay.what_if(&mut self.page, asked);
        }
    }

    pub(super) fn draw_badge(&mut self) {
        let live = &mut self.live;
        let view = self.replay.view.as_ref().filter(|_| live.shown);
        let facts = Facts {
            bytes: live.loader.progress().bytes,
            rate: view.map_or(0.0, |view| view.history.run().rate()),
            age_ms: now() - live.newest_ms,
        };
        live.badge.draw(&self.page.l10n, &live.state, view, &facts);
    }
}

/// Writes the badge from time to time, since the age of what came last grows by itself.
fn tick(turn: u32) {
    later(BADGE_MS, move |app| {
        if app.live.turn == turn && !matches!(app.live.state, State::Off | State::Ended) {
            app.draw_badge();
            tick(turn);
        }
    });
}

/// Reads the run, and connects again from where it was whenever the connection is lost.
async fn follow(address: String, turn: u32) {
    let mut place = None;
    loop {
        let connected = connect(&address, place.as_deref()).await;
        let ended = match connected {
            Ok(reader) => read(&reader, turn, &mut place).await,
            Err(ConnectError::Status(status)) => {
                set(turn, State::Failed(status));
                return;
            }
            Err(ConnectError::Unreachable) => false,
        };
        let wanted = !ended && set(turn, State::Lost);
        if !wanted {
            return;
        }
        pause(AGAIN_MS).await;
    }
}

enum ConnectError {
    /// The server has no such run: it is another one by now.
    Status(String),
    Unreachable,
}

async fn connect(
    address: &str,
    place: Option<&str>,
) -> Result<ReadableStreamDefaultReader, ConnectError> {
    let gone = |_: JsValue| ConnectError::Unreachable;
    let window = web_sys::window().ok_or(ConnectError::Unreachable)?;
    let init = RequestInit::new();
    if let Some(place) = place {
        let headers = Headers::new().map_err(gone)?;
        headers.set("Last-Event-ID", place).map_err(gone)?;
        init.set_headers(&headers);
    }
    let answer = JsFuture::from(window.fetch_with_str_and_init(address, &init)).await;
    let response: Response = answer.map_err(gone)?.unchecked_into();
    if !response.ok() {
        let status = format!("{} {}", response.status(), response.status_text());
        return Err(ConnectError::Status(status.trim().to_owned()));
    }
    let body = response.body().ok_or(ConnectError::Unreachable)?;
    Ok(body.get_reader().unchecked_into())
}

/// Reads until the connection is lost, or the run is not wanted any more: whether that is so,
/// or the run has ended.
async fn read(reader: &ReadableStreamDefaultReader, turn: u32, place: &mut Option<String>) -> bool {
    let mut stream = EventStream::default();
    let mut ended = false;
    set(turn, State::CatchingUp);
    loop {
        let Ok(piece) = JsFuture::from(reader.read()).await else {
            return ended;
        };
        if Reflect::get(&piece, &"done".into()).is_ok_and(|done| done.is_truthy()) {
            return ended;
        }
        let Ok(chunk) = Reflect::get(&piece, &"value".into()) else {
            return ended;
        };
        let events = stream.feed(&chunk.unchecked_into::<Uint8Array>().to_vec());
        for event in &events {
            match event {
                LiveEvent::Lines(_, after) => place.clone_from(after),
                LiveEvent::Restart => *place = None,
                LiveEvent::End | LiveEvent::Failed(_) => ended = true,
                LiveEvent::Newest => {}
            }
        }
        let mut wanted = with(|app| app.live.take(turn, events)).unwrap_or(false);
        // A slow page reads no further ahead.
        while wanted && with(|app| app.live.ahead > AHEAD).unwrap_or(false) {
            pause(20).await;
            wanted = with(|app| app.live.turn == turn).unwrap_or(false);
        }
        if !wanted {
            drop(reader.cancel());
            return true;
        }
    }
}

/// How it is now; whether the run is still wanted.
fn set(turn: u32, state: State) -> bool {
    with(|app| {
        let wanted = app.live.turn == turn;
        if wanted && app.live.state != State::Ended {
            // After a lost connection only what is new comes, and the page shows the rest.
            app.live.state = state;
            app.draw_badge();
        }
        wanted
    })
    .unwrap_or(false)
}

async fn pause(ms: i32) {
    let waited = Promise::new(&mut |resolve, _| {
        later(ms, move |_| {
            let _ = resolve.call0(&JsValue::NULL);
        });
    });
    // A timer has no way to fail.
    let _ = JsFuture::from(waited).await;
}

/// The page's clock, in milliseconds.
fn now() -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or(0.0, |performance| performance.now())
}
