//! What stands after the `#`: a run, a lesson, a journal to open; followed, and kept true.

use super::super::background_run::Purpose;
use super::super::i18n::{Value, key};
use super::super::open;
use super::super::share;
use super::{App, Room, VIEWS};
use udping_engine::cursor::Cursor;
use udping_engine::link::{Fragment, Shared};

impl App {
    /// Follows what stands after the `#`.
    pub(crate) fn follow_link(&mut self) {
        let hash = web_sys::window()
            .and_then(|window| window.location().hash().ok())
            .unwrap_or_default();
        match self.learn.follow(&hash) {
            Some(Ok(())) => return self.enter(Room::Learn),
            Some(Err(place)) => {
                let place = [("place", Value::Text(&place))];
                let text = self.words.say(key::LESSONS_NOWHERE, &place);
                self.enter(Room::Learn);
                return self.notice(&text);
            }
            None => {}
        }
        match Fragment::parse(&hash) {
            Ok(Fragment::None) => {}
            Ok(Fragment::Log(address)) => open::address(&address),
            Ok(Fragment::Shared(shared)) => self.restore(shared),
            Err(error) => {
                let text = share::explain(&self.words, &error);
                self.notice(&text);
            }
        }
    }

    /// Has the page's address say whether it shows the lessons.
    pub(crate) fn mark_room(&mut self) {
        let Some(location) = web_sys::window().map(|window| window.location()) else {
            return;
        };
        let marked = location.hash().is_ok_and(|hash| hash.starts_with("#learn"));
        // An address that cannot be changed only opens another room the next time.
        let _ = match (self.room == Room::Learn, marked) {
            (true, false) => location.set_hash("learn"),
            (false, true) => location.set_hash(""),
            _ => Ok(()),
        };
    }

    pub(super) fn restore(&mut self, shared: Box<Shared>) {
        self.form.write(&self.words, &shared.setup);
        let setup = shared.setup.clone();
        self.simulate(&setup, Purpose::Restore(shared));
    }

    /// Shows the run as the link that it came by says.
    pub(crate) fn show_shared(&mut self, shared: &Shared) {
        self.enter(Room::Simulate);
        let view = shared
            .view
            .iter()
            .find(|(name, _)| name == "v")
            .map(|(_, views)| views.clone());
        if let Some(view) = view {
            let open = VIEWS.map(|name| view.split('.').any(|open| open == name));
            if open.contains(&true) {
                self.open = open;
                self.pressed();
            }
        }
        let view = &mut self.simulated;
        let mut cursor = view.run().seek(shared.at_ns);
        if let Some(index) = shared.index.and_then(|index| usize::try_from(index).ok()) {
            let back = isize::try_from(cursor.index.saturating_sub(index)).unwrap_or_default();
            cursor = Cursor {
                at_ns: cursor.at_ns,
                ..view.run().step(cursor, -back)
            };
        }
        view.chosen = shared.probe.and_then(|seq| view.run().find(seq));
        self.go(cursor, false);
    }

    /// The views that are open, as a link carries them.
    pub(crate) fn open_views(&self) -> String {
        let open: Vec<&str> = VIEWS
            .iter()
            .zip(self.open)
            .filter(|(_, open)| *open)
            .map(|(name, _)| *name)
            .collect();
        open.join(".")
    }
}
