//! The page's address and the browser's history: what is shown stands in them, and is found
//! there again.
//!
//! Owns when there is an entry for Back to return to: another room, journal, branch or
//! lesson. Whatever else changes is kept in the entry that there is, a little later. An
//! entry's text is kept beside its address, where a text too long for a link has room.

use wasm_bindgen::JsValue;
use web_sys::{History, Location};

use super::app::{App, Room};
use super::dom::by_id;
use super::i18n::{Value, key};
use super::input::later;
use super::lab::ActiveRun;
use super::prefs;
use super::restore::Way;
use super::{open, share};
use udping_engine::link::Fragment;
use udping_engine::undo::UndoStack;

/// How long what changes on and on may stay unwritten, in milliseconds: browsers refuse to
/// write more often than some 3 times a second.
const SOON: i32 = 600;
/// Where the tab keeps what its other rooms show, and what can be undone.
const SIMULATE: &str = "udping-lab.simulate";
const REPLAY: &str = "udping-lab.replay";
const UNDO: &str = "udping-lab.undo";

/// What the address says.
#[derive(Debug, Default)]
pub(super) struct Address {
    /// The entry's text; `None` before the first.
    text: Option<String>,
    /// What has an entry of its own: the room, and what is open in it.
    key: Option<(Room, u32, String)>,
    /// The next change is what an entry led to, and makes none.
    following: bool,
    /// It is to be written soon.
    due: bool,
    /// The rooms not yet entered since the page was loaded, as they were.
    simulate: Option<String>,
    replay: Option<String>,
}

impl Address {
    /// What the tab was left with.
    pub(super) fn load() -> Self {
        Self {
            simulate: prefs::get_in_tab(SIMULATE),
            replay: prefs::get_in_tab(REPLAY),
            ..Self::default()
        }
    }

    /// Whether the page has just begun.
    pub(super) fn is_first(&self) -> bool {
        self.text.is_none()
    }
}

impl App {
    /// The page begins: what its address says is shown.
    pub(super) fn follow_first(&mut self) {
        open::list_recent();
        if let Some(undo) = prefs::get_in_tab(UNDO).and_then(|json| UndoStack::parse(&json)) {
            self.simulate.view.history.undo = undo;
        }
        self.follow_address();
    }

    /// Back, Forward or a link has led to another address.
    pub(super) fn follow_address(&mut self) {
        let Some((history, location)) = browser() else {
            return;
        };
        let hash = location.hash().unwrap_or_default();
        let kept = history.state().ok().and_then(|state| state.as_string());
        let way = if kept.is_some() {
            Way::Entry
        } else {
            Way::Link
        };
        let text = kept.unwrap_or_else(|| hash.trim_start_matches('#').to_owned());
        if self.address.text.as_ref() == Some(&text) {
            return;
        }
        self.address.following = true;
        self.follow_text(&text, way);
        self.page.invalidate();
    }

    /// Shows what a fragment says.
    fn follow_text(&mut self, text: &str, way: Way) {
        match self.learn.follow(text) {
            Some(Ok(())) => return self.enter(Room::Learn),
            Some(Err(route)) => {
                let route = [("place", Value::Text(&route))];
                let text = self.page.l10n.say(key::LESSONS_NOWHERE, &route);
                self.enter(Room::Learn);
                return self.page.notice(&text);
            }
            None => {}
        }
        match Fragment::parse(text) {
            // The page's bare address.
            Ok(Fragment::None) if self.address.text.is_some() => self.enter(Room::Simulate),
            Ok(Fragment::None) => {}
            Ok(Fragment::Replay) => self.enter(Room::Replay),
            Ok(Fragment::Log(address, place)) => {
                if self
                    .replay
                    .shows(&open::JournalSource::Address(address.clone()))
                {
                    self.enter(Room::Replay);
                    self.go_in_replay(&place);
                } else {
                    open::address(&address, *place);
                }
            }
            Ok(Fragment::Live(address)) => self.follow_live(&address),
            Ok(Fragment::Kept(id, place)) => {
                if self.replay.shows(&open::JournalSource::Kept(id.clone())) {
                    self.enter(Room::Replay);
                    self.go_in_replay(&place);
                } else {
                    open::kept(id, *place);
                }
            }
            Ok(Fragment::Run(state)) => {
                self.address.simulate = None;
                self.restore(state, way);
            }
            Err(error) => {
                let text = share::explain(&self.page.l10n, &error);
                self.page.notice(&text);
            }
        }
    }

    /// A room is about to be entered for the first time since the page was loaded: it shows
    /// what it showed before.
    pub(super) fn wake(&mut self, room: Room) {
        let kept = match room {
            Room::Simulate => self.address.simulate.take(),
            Room::Replay => self.address.replay.take(),
            Room::Learn => None,
        };
        if let Some(text) = kept {
            self.follow_text(&text, Way::Entry);
        }
    }

    /// What the address is to say of the room shown.
    fn address_text(&mut self) -> String {
        if self.room == Room::Learn {
            return self.learn.fragment();
        }
        let source = self.replay.source.clone();
        let replay = self.room == Room::Replay;
        if replay && let open::JournalSource::Live(address) = source {
            return Fragment::Live(address).text();
        }
        let Some(run) = self.active_run() else {
            return Fragment::Replay.text();
        };
        let fragment = match source {
            _ if !replay => run.state().map(|state| Fragment::Run(Box::new(state))),
            open::JournalSource::Address(address) => {
                Some(Fragment::Log(address, Box::new(run.place())))
            }
            open::JournalSource::Kept(id) => Some(Fragment::Kept(id, Box::new(run.place()))),
            open::JournalSource::Nowhere | open::JournalSource::Live(_) => None,
        };
        fragment.unwrap_or(Fragment::Replay).text()
    }

    /// A frame was drawn: what has changed is written, at once where Back should return to
    /// what was before.
    pub(super) fn watch_address(&mut self) {
        // What an entry leads to is not there yet.
        if self.address.following && self.background.is_busy() {
            return;
        }
        let (serial, open) = match self.room {
            Room::Simulate => (self.simulate.view.history.serial(), String::new()),
            Room::Replay => {
                let serial = self.replay.view.as_ref();
                let serial = serial.map_or(0, |view| view.history.serial());
                (serial, format!("{:?}", self.replay.source))
            }
            Room::Learn => (0, self.learn.fragment()),
        };
        let key = Some((self.room, serial, open));
        if self.address.key != key {
            let first = self.address.key.is_none();
            self.address.key = key;
            let followed = std::mem::take(&mut self.address.following);
            self.write_address(!first && !followed);
        } else if !std::mem::replace(&mut self.address.due, true) {
            show_unwritten(true);
            later(SOON, |app| {
                app.address.due = false;
                app.write_address(false);
                show_unwritten(false);
            });
        }
    }

    /// Something is done: the entry keeps what was before it.
    pub(super) fn settle_address(&mut self) {
        if self.address.key.is_some() {
            self.write_address(false);
            self.address.following = false;
        }
    }

    fn write_address(&mut self, push: bool) {
        let text = self.address_text();
        let waiting = self.address.following && self.background.is_busy();
        if waiting || self.address.text.as_ref() == Some(&text) {
            return;
        }
        let Some((history, location)) = browser() else {
            return;
        };
        match self.room {
            Room::Simulate => prefs::put_in_tab(SIMULATE, &text),
            Room::Replay => prefs::put_in_tab(REPLAY, &text),
            Room::Learn => {}
        }
        prefs::put_in_tab(UNDO, &self.simulate.view.history.undo.json());
        let hash = location.hash().unwrap_or_default();
        // Nobody wants a long address who has done nothing yet.
        let bare = hash.is_empty() && self.address.text.is_none();
        let short = text.len() <= Fragment::LONGEST_LINK;
        let mut url = format!("#{}", if short { &text } else { "simulate" });
        let language = self.page.linked_language;
        if let Some(language) = language.filter(|_| self.room != Room::Learn) {
            url.push_str("&lang=");
            url.push_str(language.tag());
        }
        let url = if bare { None } else { Some(url.as_str()) };
        let state = JsValue::from_str(&text);
        // A browser that writes no history (it does so in frames of other sites) forgets.
        let _ = if push {
            history.push_state_with_url(&state, "", url)
        } else {
            history.replace_state_with_url(&state, "", url)
        };
        self.address.text = Some(text);
    }

    /// The address of this page that leads to the runs shown, in another browser, too; `None`
    /// of what no link can carry.
    pub(super) fn link(&mut self) -> Option<String> {
        self.active_run()?.link()
    }
}

impl ActiveRun<'_> {
    /// The link that leads to the run as it is shown; `None` of a recorded one, and where it
    /// would be too long.
    pub(super) fn link(&self) -> Option<String> {
        let text = Fragment::Run(Box::new(self.state()?)).text();
        let (_, location) = browser()?;
        let (origin, path) = (location.origin().ok()?, location.pathname().ok()?);
        (text.len() <= Fragment::LONGEST_LINK).then(|| format!("{origin}{path}#{text}"))
    }
}

/// Marks the page while its address says less than it shows, for whoever waits for that.
fn show_unwritten(unwritten: bool) {
    // An element of the page takes any attribute.
    let _ = by_id("lab").toggle_attribute_with_force("data-unwritten", unwritten);
}

fn browser() -> Option<(History, Location)> {
    let window = web_sys::window()?;
    Some((window.history().ok()?, window.location()))
}
