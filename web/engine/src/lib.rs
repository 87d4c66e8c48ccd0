//! The lab's engine: everything the page shows, computed from a history and a time.
//!
//! Pure Rust, tested on the host. Owns histories (simulated and replayed), the
//! player, the geometry of every picture, the table's queries, links and presets.
//! It must not know the DOM, wall clocks or any human language: what is to be said
//! comes out as a [`message::Message`], a name with arguments for a catalogue.
//!
//! The way through it, for a page:
//!
//! 1. Get a [`run::Run`]: [`history::History::simulate`] from a [`setup::Setup`]
//!    (which keeps branches), or [`loader::Loader`] from a journal's bytes.
//! 2. Keep a [`log::Cursor`]; move it with [`run::Run::seek`],
//!    [`run::Run::step`] or [`player::Player::tick`].
//! 3. Draw: each picture is a pure function of (run, cursor, view).

pub mod chart;
mod checkpoints;
pub mod command;
pub mod compare;
pub mod conditions;
pub mod datagram;
pub mod diagram;
pub mod difference;
pub mod event_stream;
pub mod excerpt;
pub mod export;
pub mod facts;
pub mod figures;
pub mod filter;
pub mod foreign;
pub mod frame_throttle;
pub mod fsm;
pub mod fuzzy;
mod gaps;
mod graded;
pub mod histogram;
pub mod history;
mod incident;
mod lanes;
pub mod lesson;
pub mod link;
pub mod loader;
pub mod log;
pub mod message;
mod missing_data;
pub mod notes;
pub mod order;
pub mod player;
pub mod presets;
pub mod probe_table;
pub mod query;
mod recorder;
pub mod run;
pub mod scale;
pub mod server_clock;
pub mod server_side;
pub mod setup;
pub mod state;
pub mod table;
pub mod times;
pub mod transferable;
pub mod undo;
pub mod what_if;
mod zip;

#[cfg(test)]
mod tests;
