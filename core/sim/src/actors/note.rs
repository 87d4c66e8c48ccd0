//! What an actor says of what it does and of what comes. Decides nothing.

/// What an actor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// It takes ping `seq` for answered, with this RTT.
    Replied {
        /// The ping it credits.
        seq: u64,
        /// The ping that the packet was really about.
        truly: u64,
        /// The RTT it reports.
        rtt_ns: u64,
    },
    /// It gave up waiting for ping `seq`.
    TimedOut {
        /// The ping.
        seq: u64,
    },
    /// It waited too long for ping `seq`, and its program failed.
    Failed {
        /// The ping.
        seq: u64,
    },
    /// It threw a packet away that was about ping `seq`.
    Discarded {
        /// The ping.
        seq: u64,
    },
    /// The first answer to ping `seq` came after all, this long after it was sent: it
    /// stays timed out.
    Late {
        /// The ping.
        seq: u64,
        /// The true RTT.
        rtt_ns: u64,
    },
    /// One more answer to a ping that had one.
    Duplicate {
        /// The ping.
        seq: u64,
    },
    /// The client's connection is open.
    Connected,
    /// The server has one more socket: that of a connection.
    Opened,
    /// The server's connection is closed, and its socket gone.
    Closed,
    /// Its retransmission timer ran out, and it sends again; the next time it waits this long.
    Retransmits {
        /// The new timeout.
        rto_ns: u64,
    },
    /// Heartbeat `seq` is heard.
    Heard {
        /// Its number.
        seq: u64,
        /// When it came by the server's clock, less when it was sent by the client's.
        apart_ns: i64,
    },
    /// Heartbeats are missing up to `seq`.
    Missing {
        /// The first that is missing.
        from: u64,
        /// The last.
        to: u64,
    },
    /// Nothing came for so long that the other end counts as stopped.
    Stopped,
}
