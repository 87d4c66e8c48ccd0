//! A place in a run: a time, and how many of that moment's events have happened.

/// A place in a [`Run`](super::run::Run). The first `index` events have happened;
/// none of them is later than `at_ns`, and none of the others earlier.
///
/// Get one from [`Run::seek`](super::run::Run::seek) or
/// [`Run::step`](super::run::Run::step): they keep this true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Nanoseconds since the start.
    pub at_ns: u64,
    /// How many events have happened.
    pub index: usize,
}
