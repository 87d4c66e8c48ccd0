//! Others than our client, in the same simulated network: for lessons.
//!
//! Small state machines of their own: the clients that classrooms write, each named
//! by its bug, the servers they talk to, and TCP. They meet the very links that the
//! core's simulator uses, so the same seed loses the same packets. The core knows
//! nothing of them.

pub mod arena;
pub mod classroom;
pub mod crowd;
pub mod heartbeat;
pub mod rto;
pub mod tcp;

pub use arena::{Act, Actor, Happening, Note, Packet, Side, What, run};
