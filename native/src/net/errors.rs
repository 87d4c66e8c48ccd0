//! What an error of a socket's call means: one rule for all that send and receive.
//!
//! Owns what is tried again, what is nothing at all, and what counts as not sent. Knows
//! nothing of probes, and makes no call itself.

use std::io::{self, ErrorKind};
use std::thread;
use std::time::Duration;

use super::DeliveryError;
use crate::poll::POLL_INTERVAL;

/// How often a datagram is handed again to a system that reports earlier ones' fate instead.
const RETRIES: usize = 4;

/// What became of sending a datagram.
#[derive(Debug)]
pub(crate) struct SendResult {
    /// Whether it went out.
    pub(crate) sent: io::Result<()>,
    /// What an earlier datagram met, reported in place of sending this one at first.
    pub(crate) stale: Option<io::Error>,
}

impl SendResult {
    /// It went out, and nothing else was reported.
    pub(crate) const fn is_plain(&self) -> bool {
        self.sent.is_ok() && self.stale.is_none()
    }
}

/// Sends a datagram by `call`.
///
/// A signal (EINTR) has it called again. So does a pending ICMP error of an earlier
/// datagram, which ends the call without sending: as often as `named` says that the error
/// queue held such errors, and otherwise once, as the second of them is this datagram's own.
/// Everything else, a full queue (ENOBUFS, EAGAIN) too, is final: it was not sent.
pub(super) fn send(
    mut call: impl FnMut() -> io::Result<()>,
    mut named: impl FnMut() -> bool,
) -> SendResult {
    let mut result = SendResult {
        sent: again_after_signals(&mut call),
        stale: None,
    };
    for retries in 0.. {
        let Err(error) = &result.sent else { break };
        // Asked after every failure, since it also empties the error queue.
        let again = named() || result.stale.is_none() && DeliveryError::of(error).is_some();
        if !again || retries == RETRIES {
            break;
        }
        result.stale = std::mem::replace(&mut result.sent, again_after_signals(&mut call)).err();
    }
    result
}

/// Makes a call until no signal ends it (EINTR).
pub(super) fn again_after_signals<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// What a call that receives came to: `None` if time ran out, a signal came, or there was
/// nothing after all (EAGAIN). An ICMP error stays one, see [`is_unreachable`].
pub(crate) fn received<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(received) => Ok(Some(received)),
        Err(error) => match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => Ok(None),
            _ => Err(error),
        },
    }
}

/// Waits after an error that is none of the network's, for at most `wait`: a socket that
/// fails at once must not turn the loop around it into a spin.
pub(crate) fn back_off(wait: Duration) {
    thread::sleep(wait.min(POLL_INTERVAL));
}

/// Whether an error is the network's report that an earlier datagram was not delivered.
pub(crate) fn is_unreachable(error: &io::Error) -> bool {
    DeliveryError::of(error).is_some()
}

/// Whether a datagram was not sent because this host's own queue was full.
pub(crate) fn is_queue_full(error: &io::Error) -> bool {
    error.kind() == ErrorKind::WouldBlock || error.raw_os_error() == Some(NO_BUFFERS)
}

/// Whether a datagram was not sent because it was too long.
pub(crate) fn is_too_long(error: &io::Error) -> bool {
    error.raw_os_error() == Some(MESSAGE_TOO_LONG)
}

/// `ENOBUFS`, or what Windows has for it.
const NO_BUFFERS: i32 = if cfg!(windows) {
    10_055
} else if cfg!(target_os = "linux") {
    105
} else {
    55
};

/// `EMSGSIZE`, or what Windows has for it.
const MESSAGE_TOO_LONG: i32 = if cfg!(windows) {
    10_040
} else if cfg!(target_os = "linux") {
    90
} else {
    40
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Sends to a system that fails with `errors`, one for each call, and then sends; and
    /// whose error queue names a datagram as often as `named` says. Gives the result, and
    /// how many calls were made.
    fn sent(errors: &[io::Error], named: usize) -> (SendResult, usize) {
        let (calls, asked) = (Cell::new(0), Cell::new(0));
        let call = || {
            let error = errors.get(calls.replace(calls.get() + 1));
            // An io::Error cannot be cloned.
            error.map_or(Ok(()), |error| {
                Err(match error.raw_os_error() {
                    Some(number) => io::Error::from_raw_os_error(number),
                    None => error.kind().into(),
                })
            })
        };
        let result = send(call, || asked.replace(asked.get() + 1) < named);
        (result, calls.get())
    }

    fn kind(error: Option<&io::Error>) -> Option<ErrorKind> {
        error.map(io::Error::kind)
    }

    fn refused() -> io::Error {
        ErrorKind::ConnectionRefused.into()
    }

    #[test]
    fn what_goes_out_takes_one_call_and_reports_nothing() {
        let (result, calls) = sent(&[], 0);
        assert!(result.is_plain());
        assert_eq!(calls, 1);
    }

    #[test]
    fn a_signal_has_it_sent_again_however_often_it_comes() {
        let signals: Vec<io::Error> = (0..50).map(|_| ErrorKind::Interrupted.into()).collect();
        let (result, calls) = sent(&signals, 0);
        assert!(result.is_plain());
        assert_eq!(calls, 51);
    }

    #[test]
    fn an_earlier_datagrams_error_does_not_keep_this_one_from_being_sent() {
        let (result, calls) = sent(&[refused()], 0);
        assert!(result.sent.is_ok());
        assert_eq!(
            kind(result.stale.as_ref()),
            Some(ErrorKind::ConnectionRefused)
        );
        assert_eq!(calls, 2);
    }

    #[test]
    fn an_error_that_comes_twice_is_the_datagrams_own() {
        let unreachable = || ErrorKind::NetworkUnreachable.into();
        let (result, calls) = sent(&[unreachable(), unreachable()], 0);
        let error = result.sent.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NetworkUnreachable);
        assert_eq!(calls, 2);
    }

    #[test]
    fn as_many_errors_as_the_queue_names_are_others_up_to_a_bound() {
        let errors: Vec<io::Error> = (0..50).map(|_| refused()).collect();
        let (result, calls) = sent(&errors[..3], 3);
        assert!(result.sent.is_ok());
        assert_eq!(calls, 4);
        let (result, calls) = sent(&errors, 50);
        assert!(result.sent.is_err());
        assert_eq!(calls, 1 + RETRIES);
    }

    #[test]
    fn a_full_queue_is_final_at_once() {
        let full = || io::Error::from_raw_os_error(NO_BUFFERS);
        for error in [full(), ErrorKind::WouldBlock.into()] {
            let (result, calls) = sent(&[error], 0);
            assert!(is_queue_full(&result.sent.unwrap_err()));
            assert!(result.stale.is_none());
            assert_eq!(calls, 1);
        }
        // Behind another's error it is, too.
        let (result, calls) = sent(&[refused(), full()], 0);
        assert!(is_queue_full(&result.sent.unwrap_err()));
        assert_eq!(calls, 2);
        assert!(!is_queue_full(&refused()));
    }

    #[test]
    fn nothing_that_came_is_no_error_and_a_refusal_is_one() {
        for kind in [
            ErrorKind::WouldBlock,
            ErrorKind::TimedOut,
            ErrorKind::Interrupted,
        ] {
            assert_eq!(received::<()>(Err(kind.into())).unwrap(), None);
        }
        assert_eq!(received(Ok(7)).unwrap(), Some(7));
        let error = received::<()>(Err(refused())).unwrap_err();
        assert!(is_unreachable(&error));
        assert!(received::<()>(Err(ErrorKind::NotConnected.into())).is_err());
    }
}
