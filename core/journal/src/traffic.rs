//! What carries an exchange in a comparison, and what that cost.
//!
//! Owns the words for both. How the cost comes about is [`comparison`](crate::comparison)'s.

/// What carries an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Via {
    /// A datagram there and one back.
    Udp,
    /// A TCP connection of its own.
    TcpNew,
    /// The TCP connection that all such exchanges share.
    TcpKept,
}

impl Via {
    /// All three, in the order in which a round goes through them.
    pub const ALL: [Self; 3] = [Self::Udp, Self::TcpNew, Self::TcpKept];

    /// Its place among [`Self::ALL`].
    #[must_use]
    pub const fn place(self) -> usize {
        self as usize
    }
}

/// What a lane of a comparison cost on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Traffic {
    /// Round trips that the answers took: one for each, and one for each connection.
    pub round_trips: u64,
    /// TCP connections that were made.
    pub connections: u64,
    /// Packets sent.
    pub packets_out: u64,
    /// Packets received.
    pub packets_in: u64,
    /// Bytes sent: payload and headers without options.
    pub bytes_out: u64,
    /// Bytes received.
    pub bytes_in: u64,
    /// Every connection's packets were counted by the system; otherwise they are the
    /// least that TCP needs.
    pub counted: bool,
    /// Retransmissions by this end's system, where it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retransmitted: Option<u64>,
}
