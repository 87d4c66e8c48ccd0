//! What stands after the `#`: a run, a lesson, a journal to open; followed, and kept true.

use super::app::{App, Room};
use super::background_run::Purpose;
use super::i18n::{Value, key};
use super::{open, share};
use udping_engine::link::{Fragment, Shared};
use udping_engine::log::Cursor;

impl App {
    /// Follows what stands after the `#`.
    pub(super) fn follow_link(&mut self) {
        let hash = web_sys::window()
            .and_then(|window| window.location().hash().ok())
            .unwrap_or_default();
        match self.learn.follow(&hash) {
            Some(Ok(())) => return self.enter(Room::Learn),
            Some(Err(route)) => {
                let route = [("place", Value::Text(&route))];
                let text = self.page.l10n.say(key::LESSONS_NOWHERE, &route);
                self.enter(Room::Learn);
                return self.page.notice(&text);
            }
            None => {}
        }
        match Fragment::parse(&hash) {
            Ok(Fragment::None) => {}
            Ok(Fragment::Log(address)) => open::address(&address),
            Ok(Fragment::Live(address)) => self.follow_live(&address),
            Ok(Fragment::Shared(shared)) => {
                self.simulate.form.write(&self.page.l10n, &shared.setup);
                self.simulate(&shared.setup.clone(), Purpose::Restore(shared));
            }
            Err(error) => {
                let text = share::explain(&self.page.l10n, &error);
                self.page.notice(&text);
            }
        }
    }

    /// Has the page's address say whether it shows the lessons.
    pub(super) fn mark_room(&self) {
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

    /// Shows the run as the link that it came by says.
    pub(super) fn show_shared(&mut self, shared: &Shared) {
        self.enter(Room::Simulate);
        if let Some((_, views)) = shared.view.iter().find(|(name, _)| name == "v") {
            self.lab.open_linked(views);
        }
        let index = shared.index.and_then(|index| usize::try_from(index).ok());
        self.in_lab(|run| {
            let mut cursor = run.view.run().seek(shared.at_ns);
            if let Some(index) = index {
                let back = isize::try_from(cursor.index.saturating_sub(index)).unwrap_or_default();
                cursor = Cursor {
                    at_ns: cursor.at_ns,
                    ..run.view.run().step(cursor, -back)
                };
            }
            run.view.chosen = shared.probe.and_then(|seq| run.view.run().find(seq));
            run.go(cursor);
        });
    }
}
