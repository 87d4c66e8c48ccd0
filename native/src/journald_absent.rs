//! No journal to tell how much a line matters: systemd is Linux' own.

/// How much a line matters.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Priority {
    Error,
    Warning,
    Info,
}

impl Priority {
    #[expect(clippy::unused_self, reason = "there it makes a difference")]
    pub(crate) const fn prefix(self) -> &'static str {
        ""
    }
}
