//! The lab: the views of a run, which Replay and Simulate share, and what its controls do.
//!
//! Owns which views are open and which control asks for what. What comes of it is in the
//! files below, by subject. Which run is shown, the app knows.

mod both_ends;
mod choice;
mod compare;
mod cumulative;
mod datagrams;
mod details;
mod draw;
mod events;
mod export;
mod figures;
mod filter;
mod grid;
mod headline;
mod interventions;
mod ladder;
mod notes;
mod packets;
mod probe;
mod probes;
mod time;
mod timeline;

use super::dom::{Leaf, all, by_id};
use super::i18n::Localization;
use super::page::Page;
use super::prefs::media;
use super::run_view::{RunView, scale};
use both_ends::BothEnds;
use compare::CompareView;
use draw::Menu;
use events::Events;
use figures::FiguresView;
use filter::FilterBar;
use headline::Headline;
pub(super) use ladder::{HEAD, Ladder};
use notes::NoteList;
use packets::Lists;
pub(super) use packets::branch_name;
use probe::ProbePanel;
use probes::Probes;
pub(super) use timeline::{Hover, PlotState, Timeline, listen as listen_to_plot, within};
use udping_engine::player::Speed;

/// A way to look at a run.
pub(super) const VIEWS: [&str; 4] = ["sequence", "events", "probes", "figures"];

/// The views.
#[derive(Debug)]
pub(crate) struct Lab {
    /// Which of [`VIEWS`] are open.
    pub(super) open: [bool; 4],
    /// What shows [`VIEWS`], and the button of each.
    views: [(Leaf, Leaf); 4],
    /// What is only there with a run.
    panels: [Leaf; 5],
    /// What stands in the place of a run.
    empty: Leaf,
    /// All of it, which is laid out otherwise without a run.
    main: Leaf,
    /// Whether the diagram's time is linear.
    linear: Leaf,
    /// The run's length and the speed that the choice of speeds was written for.
    speeds: Option<(u64, Speed)>,
    pub(super) ladders: [Ladder; 2],
    pub(super) timeline: Timeline,
    headline: Headline,
    pub(super) filter: FilterBar,
    notes: NoteList,
    pub(super) events: Events,
    pub(super) probes: Probes,
    figures: FiguresView,
    probe: ProbePanel,
    both_ends: BothEnds,
    compare: CompareView,
    lists: Lists,
    menu: Menu,
    /// The page has another size than when the views were measured.
    pub(super) resized: bool,
}

/// The run shown, with what shows it.
pub(crate) struct ActiveRun<'a> {
    pub(super) page: &'a mut Page,
    pub(super) lab: &'a mut Lab,
    pub(super) view: &'a mut RunView,
}

impl Lab {
    pub(super) fn new() -> Self {
        let mut buttons = all(&by_id("stage"), "[data-action=view]").into_iter();
        let mut lab = Self {
            open: [true, false, false, false],
            views: VIEWS.map(|view| {
                let view = Leaf::of(&format!("view-{view}"));
                let button = buttons.next().map_or_else(|| view.clone(), Leaf::new);
                (view, button)
            }),
            panels: ["strip", "side", "grid", "probe-grid", "filter-bar"].map(Leaf::of),
            empty: Leaf::of("empty"),
            main: Leaf::of("lab"),
            linear: Leaf::of("linear"),
            speeds: None,
            ladders: ["ladder-a", "ladder-b"].map(Ladder::new),
            timeline: Timeline::new(),
            headline: Headline::new(),
            filter: FilterBar::new(),
            notes: NoteList::new(),
            events: Events::new(),
            probes: Probes::new(),
            figures: FiguresView::new(),
            probe: ProbePanel::new(),
            both_ends: BothEnds::new(),
            compare: CompareView::new(),
            lists: Lists::new(),
            menu: Menu::new(),
            resized: true,
        };
        lab.show_views();
        lab
    }

    /// Another language: choices are written, and rows made from templates are made again.
    pub(super) fn translate(&mut self, l10n: &Localization) {
        time::choices(l10n);
        self.speeds = None;
        self.lists.clear();
        self.compare.clear();
        self.events.clear();
        self.timeline.clear();
        self.probes.clear();
        self.probe.clear();
        self.filter.translate(l10n);
        self.notes.clear();
    }

    pub(super) fn close_menu(&mut self) {
        self.menu.target = None;
    }

    pub(super) fn toggle_view(&mut self, view: &str) {
        let Some(index) = VIEWS.iter().position(|name| *name == view) else {
            return;
        };
        // Side by side where there is room for it, one at a time elsewhere.
        let room = 1
            + usize::from(media("(min-width: 1300px)"))
            + usize::from(media("(min-width: 1800px)"));
        let open = |views: &[bool; 4]| views.iter().filter(|open| **open).count();
        if self.open[index] {
            // The last one stays.
            self.open[index] = open(&self.open) == 1;
        } else {
            self.open[index] = true;
            for other in [3, 2, 1, 0] {
                if other != index && open(&self.open) > room {
                    self.open[other] = false;
                }
            }
        }
        self.show_views();
    }

    fn show_views(&mut self) {
        self.resized = true;
        for ((view, button), open) in self.views.iter_mut().zip(self.open) {
            view.show(open);
            button.flag("aria-pressed", open);
        }
    }

    /// The views that are open, as a link carries them.
    pub(super) fn open_views(&self) -> String {
        let open = VIEWS.iter().zip(self.open).filter(|(_, open)| *open);
        open.map(|(name, _)| *name).collect::<Vec<_>>().join(".")
    }

    /// Opens the views that a link carries, if it carries any.
    pub(super) fn open_linked(&mut self, views: &str) {
        let open = VIEWS.map(|name| views.split('.').any(|open| open == name));
        if open.contains(&true) {
            self.open = open;
            self.show_views();
        }
    }
}

impl ActiveRun<'_> {
    /// A click on a control of the lab, or its key.
    pub(super) fn clicked(&mut self, act: &str, value: &str) {
        match act {
            "play" => self.play(),
            "first" => self.go_to_end(false),
            "last" | "newest" => self.go_to_end(true),
            "back" => self.step(-1),
            "forward" => self.step(1),
            "run" => self.run(),
            "until-stop" => self.toggle_breakpoint(),
            "speed" => self.speed(value == "up"),
            "zoom" => self.zoom(value),
            "menu-close" => self.lab.close_menu(),
            "branch" => self.branch(value),
            "compare" => self.compare(value),
            "compare-by" => self.compare_by(value),
            "compare-swap" => self.swap(),
            "compare-what-if" => self.compare_what_if(),
            "pair" => self.choose_pair(value),
            "probe-previous" => self.move_probe(false),
            "probe-next" => self.move_probe(true),
            "probe-follow" => self.view.chosen = None,
            "jump" => self.jump(value),
            "sort" => self.sort(value),
            "export-selection" => self.export_selection(value),
            "copy-link" => self.copy_link(),
            "copy-records" => self.copy_records(),
            "difference" => self.choose_difference(value),
            "filter-text" => self.put_filter(value),
            "filter-word" => self.complete_filter(value),
            "measure" => self.view.measure(),
            "range-from" => self.view.bound_range(false),
            "range-to" => self.view.bound_range(true),
            "range-zoom" => self.view.zoom_to_range(),
            "range-off" => self.view.plot.range = None,
            "note" => self.open_note(value.parse().ok()),
            "note-go" => value.parse().map_or((), |index| self.go_to_note(index)),
            "note-save" => self.save_note(),
            "note-delete" => self.delete_note(value.parse().ok()),
            "measure-off" => self.view.measure_from = None,
            unknown => {
                let what = format!("no control is named {unknown}");
                web_sys::console::error_1(&what.into());
            }
        }
    }

    /// A choice or a text of the lab was changed to this value.
    pub(super) fn changed(&mut self, act: &str, value: &str) {
        match act {
            "speed" => {
                let suited = Speed::suited_to(self.view.run().end_ns());
                let index = value.parse().unwrap_or_else(|_| suited.index());
                self.view.player.speed = Speed::nth(index);
            }
            "until" => self.choose_breakpoint(value),
            "filter-text" => self.filter(),
            _ => {}
        }
    }

    /// Something was typed into a field of the lab, or its slider was moved.
    pub(super) fn typed_into(&mut self, id: &str) {
        match id {
            "scrub" => self.scrub(),
            "filter-text" => self.filter_typed(),
            "until-seq" => self.put_breakpoint(),
            _ => {}
        }
    }

    pub(super) fn keep_now_in_sight(&mut self) {
        self.view.keep_now_in_sight(self.lab.ladders[0].height());
    }

    /// Scrolls the diagram or zooms it around a point; false if it does not move.
    pub(super) fn scroll_or_zoom(&mut self, by: f64, zoom: Option<(f64, f64)>) -> bool {
        let before = self.view.top;
        self.view.top += by;
        if let Some((factor, y)) = zoom {
            self.view.zoom_diagram(factor, y - HEAD);
        }
        self.view.clamp_top(self.lab.ladders[0].height());
        self.lab.close_menu();
        (self.view.top - before).abs() > 0.5 || zoom.is_some()
    }
}
