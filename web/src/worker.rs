//! Long work beside the page: one program, loaded twice, and messages between the two.
//!
//! Owns both ends of the worker's messages. What the work is, the engine knows. Control
//! goes as short JSON, a run as transferred columns.
//!
//! A message to the worker is `[kind, argument]`, its answer `[ok, value]`. Answers come
//! in the order of the questions, so a page may ask ahead.

mod handle;
mod protocol;
mod serve;

pub use handle::{WorkerError, WorkerHandle};
pub(crate) use serve::serve;
