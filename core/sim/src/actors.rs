//! Others than our client and its server, at the ends of the same network: for lessons.
//!
//! Small state machines of their own: the clients that classrooms write, each named
//! by its bug, TCP, and heartbeats between the core's own ends. The same seed loses the
//! same packets of whoever sends them.

pub mod classroom;
mod crowd;
pub mod heartbeat;
mod note;
mod rto;
mod segment;
pub mod tcp;

pub use crowd::{Crowd, Later, Of};
pub use note::Note;
pub use rto::Rto;
pub use segment::Segment;
