//! The app: the rooms, which of them is shown, and what concerns more than one.

use super::address::Address;
use super::background_run::{BackgroundRun, Purpose};
use super::dom::{all, by_id, document, first, show};
use super::i18n::{Language, key};
use super::lab::{ActiveRun, Lab, branch_name};
use super::learn::Learn;
use super::live::LiveRun;
use super::page::Page;
use super::palette::Palette;
use super::prefs::Theme;
use super::replay::Replay;
use super::restore::Way;
use super::simulate::Simulate;
use super::transfer::Destination;

/// A room of the lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Replay,
    Simulate,
    Learn,
}

impl Room {
    const ALL: [Self; 3] = [Self::Replay, Self::Simulate, Self::Learn];

    const fn name(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Simulate => "simulate",
            Self::Learn => "learn",
        }
    }
}

/// Everything.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) page: Page,
    pub(crate) room: Room,
    pub(crate) lab: Lab,
    pub(crate) simulate: Simulate,
    pub(crate) replay: Replay,
    pub(crate) learn: Learn,
    pub(crate) background: BackgroundRun,
    pub(super) live: LiveRun,
    pub(crate) palette: Palette,
    pub(super) address: Address,
}

impl App {
    pub(crate) fn new() -> Self {
        Self {
            page: Page::new(),
            room: Room::Simulate,
            lab: Lab::new(),
            simulate: Simulate::new(),
            replay: Replay::new(),
            learn: Learn::new(),
            background: BackgroundRun::default(),
            live: LiveRun::new(),
            palette: Palette::new(),
            address: Address::load(),
        }
    }

    /// The first picture.
    pub(crate) fn begin(&mut self) {
        self.translate();
        self.page.show_theme();
        self.enter(self.room);
        if let Some(root) = document().document_element() {
            // A body takes any class.
            let _ = first(&root, "body").class_list().add_1("ready");
        }
    }

    /// The run of the room shown, with what shows it; `None` where the room has none.
    pub(crate) fn active_run(&mut self) -> Option<ActiveRun<'_>> {
        let view = match self.room {
            Room::Simulate => Some(&mut self.simulate.view),
            Room::Replay => self.replay.view.as_mut(),
            Room::Learn => None,
        };
        let (page, lab) = (&mut self.page, &mut self.lab);
        view.map(|view| ActiveRun { page, lab, view })
    }

    /// Changes the run shown, if there is one, and has it drawn.
    pub(crate) fn in_lab<T>(&mut self, change: impl FnOnce(&mut ActiveRun<'_>) -> T) -> Option<T> {
        self.page.invalidate();
        self.active_run().map(|mut run| change(&mut run))
    }

    /// The timeout's line was moved to a height of the plot.
    pub(crate) fn drag_timeout(&mut self, y: f64) {
        let asked = self.replay.view.as_mut();
        let timeout = asked.map(|view| self.lab.timeline.timeout_at(view, y));
        if let Some(timeout) = timeout {
            self.replay.what_if(&mut self.page, timeout);
        }
    }

    pub(crate) fn resized(&mut self) {
        self.lab.resized = true;
        self.replay.clear();
        self.learn.resized();
        self.page.invalidate();
    }

    /// The page is about to be printed, or was: what is drawn to measure is drawn for the paper.
    pub(crate) fn print(&mut self, printing: bool) {
        // An element of the page takes any class.
        let _ = by_id("lab")
            .class_list()
            .toggle_with_force("printing", printing);
        self.resized();
        if let Some(mut run) = self.active_run().filter(|_| printing) {
            run.draw();
        }
    }

    pub(crate) fn wants_frame(&mut self) -> bool {
        self.page.dirty
            || self.live.wants_frame()
            || self.room == Room::Learn && self.learn.wants_frame()
            || self
                .active_run()
                .is_some_and(|run| run.view.player.playing() || run.view.searching())
    }

    /// One animation frame: time passes, and what has changed is drawn.
    pub(crate) fn frame(&mut self, at_ms: f64) {
        self.live_frame(at_ms, |app| app.draw_frame(at_ms));
    }

    fn draw_frame(&mut self, at_ms: f64) {
        if self.room == Room::Learn {
            self.page.dirty = false;
            self.learn.frame(&mut self.page, at_ms);
            self.entitle();
            return self.watch_address();
        }
        if let Some(mut run) = self.active_run() {
            run.play_on(at_ms);
            run.search_on();
        }
        if std::mem::take(&mut self.page.dirty) {
            let has_run = self.active_run().is_some();
            self.lab.show_panes(has_run);
            self.replay.draw(&self.page.l10n);
            self.simulate.draw(&self.page.l10n);
            let undoable = match self.room {
                Room::Replay => self.replay.undoable(),
                _ => self.simulate.undoable(),
            };
            self.simulate.draw_undoing(undoable);
            match self.active_run() {
                Some(mut run) => run.draw(),
                None => self.lab.draw_empty(),
            }
            self.entitle();
            self.watch_address();
        }
    }

    pub(crate) fn enter(&mut self, room: Room) {
        if let Some(run) = self.active_run() {
            run.view.player.pause();
        }
        self.learn.leave();
        if self.room != room {
            self.page.end_notice();
        }
        self.room = room;
        self.lab.close_menu();
        self.lab.resized = true;
        for (id, shown) in [
            ("lab", room != Room::Learn),
            ("learn-room", room == Room::Learn),
            ("simulate-setup", room == Room::Simulate),
            ("replay-setup", room == Room::Replay),
            // A recorded session has its file already.
            ("export", room == Room::Simulate),
            ("export-more", room == Room::Simulate),
            // A lesson's address is its link.
            ("share", room != Room::Learn),
            ("undoing", room != Room::Learn),
        ] {
            show(id, shown);
        }
        for button in all(&by_id("top"), "nav button") {
            let chosen = button.get_attribute("data-value").as_deref() == Some(room.name());
            let _ = if chosen {
                button.set_attribute("aria-current", "page")
            } else {
                button.remove_attribute("aria-current")
            };
        }
        self.page.invalidate();
    }

    /// Has the page's title say what is shown.
    fn entitle(&mut self) {
        let room = match self.room {
            Room::Replay => key::ROOM_REPLAY,
            Room::Simulate => key::ROOM_SIMULATE,
            Room::Learn => key::ROOM_LEARN,
        };
        let l10n = &self.page.l10n;
        let history = &self.simulate.view.history;
        let what = match self.room {
            Room::Replay => Some(self.replay.name().to_owned()),
            Room::Simulate => {
                let branch = history.branches().get(history.active());
                branch.map(|branch| branch_name(l10n, branch))
            }
            Room::Learn => self.learn.title(l10n),
        };
        let room = l10n.get(room);
        let what = what.filter(|what| !what.is_empty());
        let what = what.map_or_else(|| room.to_owned(), |what| format!("{what} · {room}"));
        self.page.entitle(&what);
    }

    /// Speaks another language.
    fn speak(&mut self, language: Language) {
        self.page.speak(language);
        self.translate();
    }

    /// Everything in the user's language.
    fn translate(&mut self) {
        self.page.translate();
        self.palette.translate(&self.page.l10n);
        self.learn.translate();
        self.simulate.form.translate(&self.page.l10n);
        self.lab.translate(&self.page.l10n);
        self.replay.clear();
        self.draw_badge();
        self.page.invalidate();
    }

    /// A click on a control, or its key: `value` is its `data-value`, `flight` the packet
    /// that it belongs to.
    pub(crate) fn clicked(&mut self, act: &str, value: &str, flight: Option<usize>) {
        match act {
            "room" => {
                if let Some(room) = Room::ALL.into_iter().find(|room| room.name() == value) {
                    self.settle_address();
                    self.enter(room);
                    self.wake(room);
                }
            }
            "view" => self.lab.toggle_view(value),
            "preset" => {
                if let Some(setup) = self.simulate.form.preset(value) {
                    self.simulate_form(setup);
                }
            }
            "new-seed" => self.simulate_form(self.simulate.form.with_new_seed()),
            "undo" => self.undo(Way::Undo),
            "redo" => self.undo(Way::Redo),
            "branch-rename" => self.ask_name(value),
            "branch-named" => self.rename_branch(),
            "branch-delete" => self.delete_branch(value),
            "save-state" => self.save_state(),
            "recent-open" => self.open_recent(value),
            "recent-remove" => self.remove_recent(value),
            "recent-clear" => self.clear_recent(),
            "branch" => {
                self.settle_address();
                self.in_lab(|run| run.clicked(act, value));
            }
            "intervene" => {
                self.settle_address();
                let fork = self.in_lab(|run| run.act_on(value, flight)).flatten();
                if let Some((fork, action)) = fork {
                    let header = fork.header.clone();
                    self.simulate_in_worker(header, Purpose::Fork(Box::new(fork), action));
                }
            }
            "what-if" => match value {
                "less" => self.replay.step_what_if(&mut self.page, -1),
                "more" => self.replay.step_what_if(&mut self.page, 1),
                _ => {
                    if let Ok(timeout_ns) = value.parse() {
                        self.replay.what_if(&mut self.page, timeout_ns);
                    }
                }
            },
            "what-if-show" => {
                self.replay
                    .switch_what_if(&mut self.page, value == "decided");
            }
            "go-to-probe" => drop(self.in_lab(|run| {
                if let Ok(probe) = value.parse() {
                    run.view.go_to_probe(probe);
                    run.keep_now_in_sight();
                }
            })),
            "sample" => {
                if let Err(error) = super::open::sample() {
                    self.page.notice(&format!("{error:?}"));
                }
            }
            "copy-command" => super::share::copy_command(value),
            "replay-simulated" => self.carry(Destination::Replay),
            "export" => self.carry(Destination::Download),
            "export-script" => self.carry(Destination::Script),
            "open-simulated" => self.open_simulated(),
            "cancel-loading" => self.cancel_loading(),
            "share" => self.share(),
            "palette" => self.open_palette(),
            _ => drop(self.in_lab(|run| run.clicked(act, value))),
        }
        self.page.invalidate();
    }

    /// A choice or a text was changed to this value.
    pub(crate) fn changed(&mut self, act: &str, value: &str) {
        match act {
            "language" => {
                if let Some(language) = Language::of(value) {
                    self.speak(language);
                }
            }
            "theme" => self.page.choose_theme(Theme::of(value)),
            "single-keys" => self.page.choose_single_keys(),
            "what-if-ms" => self.replay.what_if_ms(&mut self.page, value),
            _ => drop(self.in_lab(|run| run.changed(act, value))),
        }
        self.page.invalidate();
    }
}
