//! Notes that are pinned to a run: at a time, or at a probe.
//!
//! Owns their order and their bounds: what a link or a file carries is hostile until checked.
//! Knows nothing of where they are shown or written.

use serde::{Deserialize, Serialize};
use udping_journal::LARGEST;

pub use udping_journal::Note;

/// A run's notes, in order of time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Notes(Vec<Note>);

impl Notes {
    /// The most notes of a run.
    pub const MOST: usize = 64;
    /// The longest note, in bytes.
    pub const LONGEST: usize = 500;

    /// Those that a journal has, as far as they are within the bounds.
    #[must_use]
    pub fn of(journal: &[Note]) -> Self {
        let mut notes = Self::default();
        for note in journal.iter().filter(|note| note.at_ns <= LARGEST) {
            notes.pin(note.clone());
        }
        notes
    }

    /// All, in order of time.
    #[must_use]
    pub fn all(&self) -> &[Note] {
        &self.0
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Pins a note, cut to [`Notes::LONGEST`]; its index. `None` if it says nothing or there are
    /// too many.
    pub fn pin(&mut self, mut note: Note) -> Option<usize> {
        note.text = cut(note.text.trim());
        if note.text.is_empty() || self.0.len() >= Self::MOST {
            return None;
        }
        let place = self.0.partition_point(|other| other.at_ns <= note.at_ns);
        self.0.insert(place, note);
        Some(place)
    }

    /// Has a note say something else; one that says nothing is deleted.
    pub fn edit(&mut self, index: usize, text: &str) {
        let text = cut(text.trim());
        if text.is_empty() {
            self.delete(index);
        } else if let Some(note) = self.0.get_mut(index) {
            note.text = text;
        }
    }

    /// Deletes a note, if there is one of this index.
    pub fn delete(&mut self, index: usize) {
        if index < self.0.len() {
            self.0.remove(index);
        }
    }

    /// Checks what was read from elsewhere.
    ///
    /// # Errors
    /// What no notes of this page's are.
    pub fn check(&self) -> Result<(), &'static str> {
        let long = self.0.iter().any(|note| note.text.len() > Self::LONGEST);
        if long || self.0.len() > Self::MOST {
            return Err("too many notes, or too long a one");
        }
        if self.0.iter().any(|note| note.at_ns > LARGEST) {
            return Err("a note beyond 2^53 ns");
        }
        if !self.0.is_sorted_by_key(|note| note.at_ns) {
            return Err("notes out of order");
        }
        Ok(())
    }
}

/// The text, as far as a note goes.
fn cut(text: &str) -> String {
    let mut end = text.len().min(Notes::LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn note(at_ns: u64, text: &str) -> Note {
        Note {
            at_ns,
            probe: None,
            text: text.to_owned(),
        }
    }

    #[test]
    fn notes_are_pinned_edited_and_deleted() {
        let mut notes = Notes::default();
        assert_eq!(notes.pin(note(20, "  later ")), Some(0));
        assert_eq!(notes.pin(note(10, "sooner")), Some(0));
        assert_eq!(notes.pin(note(15, " ")), None);
        notes.edit(1, "at last");
        assert_eq!(notes.all(), [note(10, "sooner"), note(20, "at last")]);
        notes.edit(0, "");
        notes.delete(7);
        assert_eq!(notes.all(), [note(20, "at last")]);
    }

    #[test]
    fn what_is_out_of_bounds_is_refused() {
        let long = "x".repeat(Notes::LONGEST + 1);
        for wrong in [
            Notes(vec![note(2, "a"), note(1, "b")]),
            Notes(vec![note(1, &long)]),
            Notes(vec![note(LARGEST + 1, "a")]),
            Notes(vec![note(1, "a"); Notes::MOST + 1]),
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn of_a_journal_what_is_within_the_bounds_is_taken() {
        let long = "x".repeat(Notes::LONGEST + 1);
        let wild = [note(9, &long), note(3, "a"), note(LARGEST + 1, "b")];
        let notes = Notes::of(&wild);
        assert_eq!(notes.all(), [note(3, "a"), note(9, &long[1..])]);
        assert!(notes.check().is_ok());
        assert_eq!(Notes::of(&vec![note(1, "a"); 99]).all().len(), Notes::MOST);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(times in prop::collection::vec(0..LARGEST, 0..80), text in "\\PC{1,600}") {
            let mut notes = Notes::default();
            for (at_ns, probe) in times.into_iter().zip([None, Some(3)].into_iter().cycle()) {
                let pinned = notes.pin(Note { at_ns, probe, text: text.clone() });
                prop_assert!(pinned.is_some() || notes.all().len() == Notes::MOST || text.trim().is_empty());
            }
            prop_assert!(notes.check().is_ok());
            let json = serde_json::to_string(&notes).unwrap();
            prop_assert_eq!(serde_json::from_str::<Notes>(&json).unwrap(), notes);
        }
    }
}
