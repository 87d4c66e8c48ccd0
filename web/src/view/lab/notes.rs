//! The notes of a run: their list under the plot, and the dialog that writes one.
//!
//! Owns which note is being written. The notes themselves are the run's view's.

use web_sys::{HtmlDialogElement, HtmlInputElement, HtmlTextAreaElement};

use super::{ActiveRun, Hover};
use crate::view::dom::{Leaf, Rows, by_id, show_modal, typed};
use crate::view::i18n::{Localization, Value, key};
use crate::view::run_view::RunView;
use udping_engine::foreign::visible;
use udping_engine::notes::Note;

/// The list, and what the dialog is about.
#[derive(Debug)]
pub(crate) struct NoteList {
    rows: Rows,
    title: Leaf,
    place: Leaf,
    about: Leaf,
    about_box: Leaf,
    delete: Leaf,
    /// The note being changed; `None` for a new one.
    edited: Option<usize>,
    /// Where a new one is pinned, and at which probe it could be.
    target: (u64, Option<u64>),
}

impl NoteList {
    pub(super) fn new() -> Self {
        Self {
            rows: Rows::new(by_id("notes"), "t-note"),
            title: Leaf::of("note-title"),
            place: Leaf::of("note-place"),
            about: Leaf::of("note-about-name"),
            about_box: Leaf::of("note-about-box"),
            delete: Leaf::of("note-delete"),
            edited: None,
            target: (0, None),
        }
    }

    /// Another language: rows are made again.
    pub(super) fn clear(&mut self) {
        self.rows.clear();
    }

    pub(super) fn draw(&mut self, l10n: &Localization, view: &RunView) {
        let notes = view.notes.all();
        self.rows.show(notes.len(), |index, row| {
            let (note, number) = (&notes[index], index.to_string());
            row.part("number").text(&(index + 1).to_string());
            row.part("place").text(&place(l10n, note.at_ns, note.probe));
            for part in ["place", "edit", "delete"] {
                row.part(part).set("data-value", &number);
            }
            row.part("text").text(&text(note));
        });
    }
}

/// What a note says: it may be from elsewhere.
fn text(note: &Note) -> String {
    let lines: Vec<String> = note.text.lines().map(visible).collect();
    lines.join("\n")
}

/// All notes with their numbers and places, a line each.
pub(super) fn lines(l10n: &Localization, view: &RunView) -> Vec<String> {
    let notes = (1_usize..).zip(view.notes.all());
    notes
        .map(|(number, note)| {
            let (place, text) = (place(l10n, note.at_ns, note.probe), text(note));
            format!("{number}  {place}: {}", text.replace('\n', " "))
        })
        .collect()
}

/// Where a note is pinned, in words.
fn place(l10n: &Localization, at_ns: u64, probe: Option<u64>) -> String {
    let at = ("at", Value::Time(at_ns));
    match probe {
        Some(seq) => l10n.say(key::NOTE_AT_PROBE, &[at, ("seq", Value::Number(seq))]),
        None => l10n.say(key::NOTE_AT, &[at]),
    }
}

impl ActiveRun<'_> {
    /// Opens the dialog for a note, or for a new one at what is pointed at, or at now.
    pub(super) fn open_note(&mut self, index: Option<usize>) {
        let (l10n, list, view) = (&self.page.l10n, &mut self.lab.notes, &*self.view);
        let known = index.and_then(|index| view.notes.all().get(index));
        list.edited = index;
        let hovered = match view.plot.hover {
            Some(Hover::Sample(event)) => view.run().event(event),
            Some(Hover::Bucket(_)) | None => None,
        };
        let chosen = view
            .chosen
            .and_then(|probe| view.run().probe(probe, view.cursor));
        list.target = match (known, &hovered) {
            (Some(note), _) => (note.at_ns, note.probe),
            (None, Some(event)) => (event.at_ns, event.seq),
            (None, None) => (view.cursor.at_ns, chosen.map(|probe| probe.seq)),
        };
        let (at_ns, probe) = list.target;
        let title = if known.is_some() {
            key::NOTE_EDIT
        } else {
            key::COMMAND_NOTE
        };
        list.title.text(l10n.get(title));
        list.place
            .text(&l10n.say(key::NOTE_AT, &[("at", Value::Time(at_ns))]));
        list.about_box.show(probe.is_some());
        let seq = Value::Number(probe.unwrap_or_default());
        list.about.text(&l10n.say(key::NOTE_ABOUT, &[("seq", seq)]));
        list.delete.show(known.is_some());
        typed::<HtmlInputElement>("note-about").set_checked(probe.is_some());
        let text = known.map_or("", |note| note.text.as_str());
        typed::<HtmlTextAreaElement>("note-text").set_value(text);
        show_modal("note");
    }

    /// Takes what the dialog says.
    pub(super) fn save_note(&mut self) {
        let text = typed::<HtmlTextAreaElement>("note-text").value();
        let about = typed::<HtmlInputElement>("note-about").checked();
        let (at_ns, probe) = self.lab.notes.target;
        if let Some(index) = self.lab.notes.edited {
            self.view.notes.delete(index);
        }
        let probe = probe.filter(|_| about);
        self.view.notes.pin(Note { at_ns, probe, text });
        close();
    }

    /// Deletes a note, or the one that the dialog is about.
    pub(super) fn delete_note(&mut self, index: Option<usize>) {
        if let Some(index) = index.or(self.lab.notes.edited) {
            self.view.notes.delete(index);
        }
        close();
    }

    /// Goes to where a note is pinned, and chooses its probe.
    pub(super) fn go_to_note(&mut self, index: usize) {
        let Some(note) = self.view.notes.all().get(index) else {
            return;
        };
        let (at_ns, probe) = (note.at_ns, note.probe);
        self.view.player.pause();
        self.go(self.view.run().seek(at_ns));
        if let Some(probe) = probe.and_then(|seq| self.view.run().find(seq)) {
            self.view.chosen = Some(probe);
        }
    }
}

fn close() {
    typed::<HtmlDialogElement>("note").close();
}
