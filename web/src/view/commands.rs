//! Every command of the page, in one table: the palette lists it, the keys are bound by it, and
//! the help explains it.
//!
//! Owns which key does what. What a command comes to, the app knows.

use web_sys::{HtmlInputElement, KeyboardEvent};

use super::app::{App, Room};
use super::dom::{Rows, show_modal, typed};
use super::i18n::{Key, Localization, key};
use super::lab::VIEWS;
use super::{input, with};

/// One command.
#[derive(Debug)]
pub(crate) struct Command {
    /// Its name.
    pub(crate) name: Key,
    /// The keys for it, if it has any.
    keys: &'static [Hit],
    /// What it asks of the app.
    act: &'static str,
    value: &'static str,
    place: Scope,
}

/// A key for a command.
#[derive(Debug, Clone, Copy)]
enum Hit {
    /// What the key writes, or its name. Small and capital letters are two.
    Key(&'static str),
    /// A letter, small or capital.
    Letter(&'static str),
    /// The key at this place, whatever it writes there: a letter of the layout of the US.
    Code(&'static str),
    /// With Ctrl or ⌘; bound where the page's other such keys are.
    Control(&'static str),
}

/// Where a command makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Page,
    /// Where a run is shown.
    Run,
    Simulate,
    Replay,
}

use Hit::{Code, Control, Key as Named, Letter};

const fn command(
    name: Key,
    keys: &'static [Hit],
    act: &'static str,
    value: &'static str,
    place: Scope,
) -> Command {
    Command {
        name,
        keys,
        act,
        value,
        place,
    }
}

/// All, in the order of the help.
#[rustfmt::skip]
const TABLE: &[Command] = &[
    command(key::COMMAND_PALETTE, &[Control("K")], "palette", "", Scope::Page),
    command(key::COMMAND_HELP, &[Named("?")], "help", "", Scope::Page),
    command(key::COMMAND_UNDO, &[Control("Z")], "undo", "", Scope::Run),
    command(key::COMMAND_REDO, &[Control("Y")], "redo", "", Scope::Run),
    command(key::COMMAND_PLAY, &[Named(" ")], "play", "", Scope::Run),
    command(key::COMMAND_BACK, &[Named("ArrowLeft")], "back", "", Scope::Run),
    command(key::COMMAND_FORWARD, &[Named("ArrowRight")], "forward", "", Scope::Run),
    command(key::COMMAND_FIRST, &[Named("Home")], "first", "", Scope::Run),
    command(key::COMMAND_LAST, &[Named("End")], "last", "", Scope::Run),
    command(key::COMMAND_SLOWER, &[Named("[")], "speed", "down", Scope::Run),
    command(key::COMMAND_FASTER, &[Named("]")], "speed", "up", Scope::Run),
    command(key::COMMAND_RUN, &[Letter("r")], "run", "", Scope::Run),
    command(key::COMMAND_UNTIL_STOP, &[], "until-stop", "", Scope::Run),
    command(key::COMMAND_NEXT_PROBE, &[Letter("j")], "probe-next", "", Scope::Run),
    command(key::COMMAND_PREVIOUS_PROBE, &[Letter("k")], "probe-previous", "", Scope::Run),
    command(key::COMMAND_NEXT_LATE, &[Named("l")], "jump", "late-next", Scope::Run),
    command(key::COMMAND_PREVIOUS_LATE, &[Named("L")], "jump", "late-previous", Scope::Run),
    command(key::COMMAND_NEXT_LOST, &[Named("x")], "jump", "lost-next", Scope::Run),
    command(key::COMMAND_PREVIOUS_LOST, &[Named("X")], "jump", "lost-previous", Scope::Run),
    command(key::COMMAND_NEXT_DUPLICATE, &[Named("u")], "jump", "duplicate-next", Scope::Run),
    command(key::COMMAND_PREVIOUS_DUPLICATE, &[Named("U")], "jump", "duplicate-previous", Scope::Run),
    command(key::COMMAND_NEXT_REORDERED, &[Named("o")], "jump", "reordered-next", Scope::Run),
    command(key::COMMAND_PREVIOUS_REORDERED, &[Named("O")], "jump", "reordered-previous", Scope::Run),
    command(key::EXPORT_JOURNAL, &[], "export-selection", "journal", Scope::Run),
    command(key::EXPORT_CSV, &[], "export-selection", "csv", Scope::Run),
    command(key::EXPORT_LADDER_SVG, &[], "export-selection", "ladder-svg", Scope::Run),
    command(key::EXPORT_LADDER_PNG, &[], "export-selection", "ladder-png", Scope::Run),
    command(key::EXPORT_PLOT_SVG, &[], "export-selection", "plot-svg", Scope::Run),
    command(key::EXPORT_PLOT_PNG, &[], "export-selection", "plot-png", Scope::Run),
    command(key::COMMAND_FOLLOW, &[], "probe-follow", "", Scope::Run),
    command(key::COMMAND_PLOT_IN, &[Code("KeyW")], "zoom", "plot-in", Scope::Run),
    command(key::COMMAND_PLOT_OUT, &[Code("KeyS")], "zoom", "plot-out", Scope::Run),
    command(key::COMMAND_PLOT_LEFT, &[Code("KeyA")], "zoom", "plot-left", Scope::Run),
    command(key::COMMAND_PLOT_RIGHT, &[Code("KeyD")], "zoom", "plot-right", Scope::Run),
    command(key::COMMAND_PLOT_LOG, &[Letter("y")], "zoom", "plot-log", Scope::Run),
    command(key::COMMAND_ALL, &[Named("0")], "zoom", "all", Scope::Run),
    command(key::COMMAND_RANGE_FROM, &[Letter("b")], "range-from", "", Scope::Run),
    command(key::COMMAND_RANGE_TO, &[Letter("e")], "range-to", "", Scope::Run),
    command(key::COMMAND_RANGE_ZOOM, &[Letter("z")], "range-zoom", "", Scope::Run),
    command(key::COMMAND_RANGE_OFF, &[Named("Escape")], "range-off", "", Scope::Run),
    command(key::COMMAND_NOTE, &[Letter("n")], "note", "", Scope::Run),
    command(key::COMMAND_DIAGRAM_IN, &[Named("+"), Named("=")], "zoom", "diagram-in", Scope::Run),
    command(key::COMMAND_DIAGRAM_OUT, &[Named("-"), Named("−")], "zoom", "diagram-out", Scope::Run),
    command(key::COMMAND_DIAGRAM_UP, &[Named(",")], "zoom", "diagram-up", Scope::Run),
    command(key::COMMAND_DIAGRAM_DOWN, &[Named(".")], "zoom", "diagram-down", Scope::Run),
    command(key::COMMAND_LINEAR, &[], "zoom", "diagram-linear", Scope::Run),
    command(key::COMMAND_SEQUENCE, &[Named("1")], "view", VIEWS[0], Scope::Run),
    command(key::COMMAND_EVENTS, &[Named("2")], "view", VIEWS[1], Scope::Run),
    command(key::COMMAND_PROBES, &[Named("3")], "view", VIEWS[2], Scope::Run),
    command(key::COMMAND_FIGURES, &[Named("4")], "view", VIEWS[3], Scope::Run),
    command(key::COMMAND_SEARCH, &[Named("/")], "search", "", Scope::Run),
    command(key::COMMAND_MEASURE, &[Letter("m")], "measure", "", Scope::Run),
    command(key::COMMAND_DROP, &[Named("Delete")], "intervene", "drop", Scope::Simulate),
    command(key::COMMAND_DELAY, &[], "intervene", "delay", Scope::Simulate),
    command(key::COMMAND_COPY, &[], "intervene", "copy", Scope::Simulate),
    command(key::COMMAND_CORRUPT, &[], "intervene", "corrupt", Scope::Simulate),
    command(key::COMMAND_NEW_SEED, &[], "new-seed", "", Scope::Simulate),
    command(key::COMMAND_EXPORT, &[], "export", "", Scope::Simulate),
    command(key::PICK_FILE, &[], "pick", "", Scope::Replay),
    command(key::REPLAY_SIMULATED, &[], "replay-simulated", "", Scope::Replay),
    command(key::COMMAND_RECORDED, &[], "what-if-show", "recorded", Scope::Replay),
    command(key::COMMAND_WHAT_IF, &[], "what-if-show", "decided", Scope::Replay),
    command(key::COMMAND_SHARE, &[], "share", "", Scope::Run),
    command(key::COMMAND_REPLAY, &[], "room", "replay", Scope::Page),
    command(key::COMMAND_SIMULATE, &[], "room", "simulate", Scope::Page),
    command(key::COMMAND_LEARN, &[], "room", "learn", Scope::Page),
    command(key::THEME_AUTO, &[], "theme", "auto", Scope::Page),
    command(key::COMMAND_LIGHT, &[], "theme", "light", Scope::Page),
    command(key::COMMAND_DARK, &[], "theme", "dark", Scope::Page),
    command(key::COMMAND_ENGLISH, &[], "language", "en", Scope::Page),
    command(key::COMMAND_PORTUGUESE, &[], "language", "pt-BR", Scope::Page),
];

impl Hit {
    fn is(self, event: &KeyboardEvent) -> bool {
        match self {
            Self::Key(name) => event.key() == name,
            Self::Letter(letter) => event.key().eq_ignore_ascii_case(letter),
            Self::Code(code) => event.code() == code && !event.shift_key(),
            Self::Control(_) => false,
        }
    }

    /// What stands on it.
    fn label(self) -> String {
        match self {
            Self::Key(" ") => "Space".to_owned(),
            Self::Key("ArrowLeft") => "←".to_owned(),
            Self::Key("ArrowRight") => "→".to_owned(),
            Self::Key("Escape") => "Esc".to_owned(),
            Self::Key("Delete") => "Del".to_owned(),
            Self::Key("-") => "−".to_owned(),
            Self::Key(name) if name.starts_with(char::is_uppercase) && name.len() == 1 => {
                ["Shift+", name].concat()
            }
            Self::Key(name) | Self::Letter(name) => {
                if name.len() == 1 {
                    name.to_ascii_uppercase()
                } else {
                    name.to_owned()
                }
            }
            Self::Code(code) => code.trim_start_matches("Key").to_owned(),
            Self::Control(name) => ["Ctrl+", name].concat(),
        }
    }
}

impl Command {
    /// What stands on its key; empty without one.
    pub(crate) fn label(&self) -> String {
        let first = self.keys.first();
        first.map_or_else(String::new, |hit| hit.label())
    }

    /// Does it. It must not be asked while the app answers: a dialog or the picker may answer.
    pub(crate) fn run(&self) {
        match self.act {
            "pick" => typed::<HtmlInputElement>("file").click(),
            "help" => show_modal("help"),
            "search" => {
                with(input::search);
            }
            "theme" | "language" => {
                with(|app| app.changed(self.act, self.value));
            }
            act => {
                with(|app| app.clicked(act, self.value, None));
            }
        }
    }

    fn is_available(&self, room: Room, run: bool) -> bool {
        match self.place {
            Scope::Page => true,
            Scope::Run => run,
            Scope::Simulate => run && room == Room::Simulate,
            Scope::Replay => room == Room::Replay,
        }
    }
}

/// The commands that make sense now.
pub(crate) fn available(app: &mut App) -> Vec<&'static Command> {
    let (room, run) = (app.room, app.active_run().is_some());
    let all = TABLE.iter();
    all.filter(|command| command.is_available(room, run))
        .collect()
}

/// The command that a key stands for now.
pub(crate) fn of_key(app: &mut App, event: &KeyboardEvent) -> Option<&'static Command> {
    let all = available(app).into_iter();
    let mut hit = all.filter(|command| command.keys.iter().any(|hit| hit.is(event)));
    hit.next()
}

/// Writes the help's list of keys.
pub(crate) fn explain(l10n: &Localization, list: &mut Rows) {
    let all: Vec<_> = TABLE.iter().filter(|it| !it.keys.is_empty()).collect();
    list.show(all.len(), |index, row| {
        row.part("key").text(&all[index].label());
        row.part("name").text(l10n.get(all[index].name));
    });
}
