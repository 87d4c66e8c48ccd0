//! Waking the loop from another thread, while it waits for datagrams.

use std::io::{PipeReader, PipeWriter, Read as _, Write as _, pipe};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

/// What another thread wakes the loop by.
#[derive(Debug, Clone)]
pub(crate) struct Waker(Arc<PipeWriter>);

impl Waker {
    pub(crate) fn wake(&self) {
        // A loop that is over need not be woken.
        let _ = (&*self.0).write(&[0]);
    }
}

/// What the loop waits for besides.
#[derive(Debug)]
pub(crate) struct Sleeper(PipeReader);

impl Sleeper {
    /// # Errors
    /// The system gives no pipe.
    pub(crate) fn new() -> std::io::Result<(Self, Waker)> {
        let (reader, writer) = pipe()?;
        Ok((Self(reader), Waker(Arc::new(writer))))
    }

    /// Takes what woke the loop, once it is known that something did.
    pub(crate) fn clear(&mut self) {
        let _ = self.0.read(&mut [0; 64]);
    }
}

impl AsFd for Sleeper {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
