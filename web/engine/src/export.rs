//! A simulated run as `udping simulate` writes it, byte for byte: its journal, or the script of
//! its packets' fates.
//!
//! Owns that it is written in pieces. What a line looks like is the journal's.

use udping_journal::{Header, Record, to_line};
use udping_sim::{Fates, World, WorldError};

use super::run::{Origin, Run};

/// A simulated run's journal, or its script, on its way: the run is simulated again, and written as it goes.
#[derive(Debug)]
pub struct JournalWriter {
    world: World,
    /// Whom its figures name.
    header: Header,
    /// What is written and not taken: the header, at first.
    lines: String,
    probes: u64,
    ended: bool,
    /// Of a script, what has become of the packets.
    fates: Option<Fates>,
}

impl JournalWriter {
    /// Begins the journal of the run that `header` describes.
    ///
    /// # Errors
    /// [`WorldError`] if it describes none.
    pub fn begin(header: &Header) -> Result<Self, WorldError> {
        Ok(Self {
            world: World::new(header)?,
            header: header.clone(),
            lines: line(header),
            probes: 0,
            ended: false,
            fates: None,
        })
    }

    /// Begins the script of the run that `header` describes, as `--script-out` writes it: what
    /// became of each packet that did not simply arrive.
    ///
    /// # Errors
    /// [`WorldError`] if it describes none.
    pub fn script(header: &Header) -> Result<Self, WorldError> {
        Ok(Self {
            lines: String::new(),
            fates: Some(Fates::default()),
            ..Self::begin(header)?
        })
    }

    /// Its next lines, those of so many steps at most; `None` after the last.
    pub fn advance(&mut self, steps: usize) -> Option<String> {
        if self.ended {
            return None;
        }
        for _ in 0..steps {
            let Some(step) = self.world.step() else {
                self.ended = true;
                if let Some(fates) = self.fates.take() {
                    self.lines = fates.script(&self.world).to_string();
                    break;
                }
                self.lines
                    .push_str(&line(&self.world.summary().named(&self.header)));
                break;
            };
            if let Some(record) = step.record() {
                self.probes += u64::from(matches!(record, Record::Sent(_)));
                if self.fates.is_none() {
                    self.lines.push_str(&line(&record));
                }
            }
            if let Some(fates) = &mut self.fates {
                fates.take(step);
            }
        }
        Some(core::mem::take(&mut self.lines))
    }

    /// How many probes were sent so far.
    #[must_use]
    pub fn probes(&self) -> u64 {
        self.probes
    }
}

/// The journal of `run`, header to summary; `None` of a recorded run, whose
/// journal the user has already.
#[must_use]
pub fn journal(run: &Run) -> Option<String> {
    if run.origin() == Origin::Recorded {
        return None;
    }
    JournalWriter::begin(run.header()).ok()?.advance(usize::MAX)
}

/// The script of `run`; `None` of a recorded run, of whose packets nobody knows the fate.
#[must_use]
pub fn script(run: &Run) -> Option<String> {
    if run.origin() == Origin::Recorded {
        return None;
    }
    JournalWriter::script(run.header())
        .ok()?
        .advance(usize::MAX)
}

/// What the core makes always has a line.
fn line(value: &impl serde::Serialize) -> String {
    to_line(value).unwrap_or_default()
}
