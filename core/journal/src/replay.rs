//! The journal against the machine: does the client still decide the same?
//!
//! Feeds a journal's inputs to the real client, makes each record again from what
//! the client says, and compares the two. Knows nothing of files.

mod error;
mod heartbeat;
mod reflector;
mod report;
mod session;
mod verifier;

pub use error::{MAX_TABLE_ENTRIES, ReplayError, table};
pub use heartbeat::HeartbeatReplay;
pub use reflector::ReflectorReplay;
pub use report::{Difference, Report};
pub use session::Replay;
pub use verifier::Verifier;
