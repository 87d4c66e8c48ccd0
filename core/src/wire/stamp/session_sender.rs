//! A session's probes as STAMP requests, and its replies as claims.
//!
//! Owns what every request of one session has in common, and what a reply must carry
//! back to be believed. Knows nothing of which probes are in flight: what a probe
//! carried is asked for.

use core::num::NonZeroU16;

use super::{
    DecodeError, EncodeError, ErrorEstimate, Extensions, Key, Mode, Reply, Request, Timestamp, base,
};
use crate::time::{ClientTime, ReflectorTime, WallTime};
use crate::wire::{Claim, LARGEST_EXACT, Probe, ReflectorTimes, Unreadable};

/// The range that a reflector's times are taken in, in nanoseconds: some 104 days, which
/// is what a journal can hold.
const SPAN: u64 = LARGEST_EXACT;

const NANOS_PER_SEC: u64 = 1_000_000_000;

/// The Session-Sender of one session (RFC 8762 §4.2). `P` is the storage of its padding.
#[derive(Debug, Clone)]
pub struct SessionSender<P> {
    key: Option<Key>,
    error: ErrorEstimate,
    ssid: NonZeroU16,
    padding: P,
    /// What this end's wall clock read at time zero.
    wall: WallTime,
    /// A reply has brought the padding back, so all have to.
    padding_returns: bool,
}

/// What a probe carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProbeTimes {
    /// The probe's timestamp, which a claim carries where T1 has come back.
    pub timestamp: WallTime,
    /// When it was handed out: its T1.
    pub at: ClientTime,
}

impl<P: AsRef<[u8]>> SessionSender<P> {
    /// The sender of a session whose time zero was `wall`, which counts from the Unix epoch.
    ///
    /// With a `key`, everything is authenticated; `error` says how good this end's
    /// clock is. `ssid` and `padding` should be random: together with T1 they are what
    /// somebody who does not see the requests has to guess. With empty padding none is
    /// sent.
    pub const fn new(
        key: Option<Key>,
        error: ErrorEstimate,
        ssid: NonZeroU16,
        padding: P,
        wall: WallTime,
    ) -> Self {
        Self {
            key,
            error,
            ssid,
            padding,
            wall,
            padding_returns: false,
        }
    }

    /// Bytes of every request.
    #[must_use]
    pub fn request_len(&self) -> usize {
        Request::encoded_len(self.mode(), self.extensions())
    }

    /// Whether requests are authenticated.
    #[must_use]
    pub const fn is_authenticated(&self) -> bool {
        self.key.is_some()
    }

    /// What the times of claims count from: whole seconds after 1970 UTC, half of what
    /// a journal can hold before time zero, since the reflector's clock may be behind. That
    /// is never before 1970: what a reflector's clock read before that is not told then.
    #[must_use]
    pub const fn epoch_s(&self) -> u64 {
        self.wall.as_nanos().saturating_sub(SPAN / 2) / NANOS_PER_SEC
    }

    /// What this end's wall clock read at time zero, counted from there.
    #[must_use]
    pub const fn wall(&self) -> WallTime {
        WallTime::from_nanos(self.wall.as_nanos() - self.epoch_s() * NANOS_PER_SEC)
    }

    /// Writes `probe` to the beginning of `buffer` and returns its length. A session's
    /// first sequence number is 0 (RFC 8762 §4.2.1), where probes count from 1.
    ///
    /// # Errors
    /// If the buffer is smaller than [`Self::request_len`], or the padding longer than
    /// a TLV can be.
    pub fn encode(&self, probe: &Probe, buffer: &mut [u8]) -> Result<usize, EncodeError> {
        let request = Request {
            seq: probe.wire_seq().wrapping_sub(1),
            timestamp: self.timestamp(probe.at),
            error: self.error,
            ssid: Some(self.ssid),
        };
        request.encode(self.mode(), self.extensions(), buffer)
    }

    /// Reads a reply. `said` gives what the probe with that number (low 32 bits) had
    /// carried; `None` if it is not known any more.
    ///
    /// # Errors
    /// [`Unreadable::Foreign`] if it does not carry back what the probe did: T1 to the
    /// last bit, the SSID where it has one (RFC 8972 §3), and the padding, once the
    /// reflector has been seen to return it. Otherwise as [`Reply::decode`].
    pub fn decode(
        &mut self,
        datagram: &[u8],
        said: impl FnOnce(u32) -> Option<ProbeTimes>,
    ) -> Result<Claim, Unreadable> {
        if datagram.is_empty() {
            return Err(Unreadable::Empty);
        }
        let reply = Reply::decode(datagram, self.mode()).map_err(|error| match error {
            DecodeError::Hmac => Unreadable::Unauthentic,
            DecodeError::Length | DecodeError::ErrorEstimate => Unreadable::Malformed,
        })?;
        let seq = reply.sender_seq.wrapping_add(1);
        let timestamp = match said(seq) {
            Some(ProbeTimes { timestamp, at }) => {
                if reply.sender_timestamp != self.timestamp(at) || !self.is_ours(&reply) {
                    return Err(Unreadable::Foreign);
                }
                Some(timestamp)
            }
            None => None,
        };
        Ok(Claim {
            seq: Some(seq),
            timestamp,
            times: self.times(&reply),
            count: (reply.seq != reply.sender_seq).then(|| reply.seq.wrapping_add(1)),
            synced: self.error.is_synchronized() && reply.error.is_synchronized(),
            ..Claim::default()
        })
    }

    /// The number of the probe whose request begins like `beginning`, as somebody who
    /// could not deliver it sends it back (RFC 792, RFC 4443 §3): from as little as
    /// twelve bytes, or twenty-four of an authenticated one. `said` as in [`Self::decode`]. `None` if it is no probe's.
    pub fn recognise(
        &self,
        beginning: &[u8],
        said: impl FnOnce(u32) -> Option<ProbeTimes>,
    ) -> Option<u32> {
        let (seq, timestamp) = base::beginning(beginning, self.mode())?;
        let seq = seq.wrapping_add(1);
        (timestamp == self.timestamp(said(seq)?.at)).then_some(seq)
    }

    fn is_ours(&mut self, reply: &Reply<'_>) -> bool {
        let padding = self.padding.as_ref();
        let returned = reply
            .tlvs
            .padding
            .filter(|_| !padding.is_empty())
            .map(|returned| returned == padding);
        self.padding_returns |= returned == Some(true);
        // It may know nothing of SSIDs, nor of TLVs.
        reply.ssid.is_none_or(|ssid| ssid == self.ssid) && returned.unwrap_or(!self.padding_returns)
    }

    fn times(&self, reply: &Reply<'_>) -> Option<ReflectorTimes> {
        let ahead = reply.error.format().ahead_of_utc();
        let epoch = self.epoch_s().saturating_mul(NANOS_PER_SEC);
        let times = reply.claim(epoch.saturating_add(ahead)).times?;
        let holds = |time: ReflectorTime| time.as_nanos() <= SPAN;
        (holds(times.received) && holds(times.sent)).then_some(times)
    }

    fn timestamp(&self, at: ClientTime) -> Timestamp {
        let utc = self.wall.as_nanos().saturating_add(at.as_nanos());
        Timestamp::from_utc(self.error.format(), utc)
    }

    fn mode(&self) -> Mode<'_> {
        self.key.as_ref().map_or(Mode::Open, Mode::Auth)
    }

    fn extensions(&self) -> Extensions<'_> {
        let padding = self.padding.as_ref();
        Extensions {
            timestamp_info: false,
            padding: (!padding.is_empty()).then_some(padding),
        }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::vec;
    use std::vec::Vec;

    use super::*;
    use crate::time::ERA_NANOS;
    use crate::wire::stamp::{
        AUTH_LEN, Format, Incoming, OPEN_LEN, Peers, Reflection, TimestampInfo,
    };

    /// 2026-11-23 and some nanoseconds.
    const WALL: u64 = 1_795_392_000_123_456_789;

    const PROBE: Probe = Probe {
        seq: 5,
        timestamp: WallTime::from_nanos(1_234_567_890_123_456),
        due: ClientTime::ZERO,
        at: ClientTime::from_nanos(2_000_000_007),
    };

    const SAID: ProbeTimes = ProbeTimes {
        timestamp: PROBE.timestamp,
        at: PROBE.at,
    };

    fn error(format: Format) -> ErrorEstimate {
        ErrorEstimate::new(Duration::from_millis(1), true, format)
    }

    fn sender(key: Option<Key>, padding: &[u8]) -> SessionSender<Vec<u8>> {
        let ssid = NonZeroU16::new(0x1234).unwrap();
        SessionSender::new(
            key,
            error(Format::Ntp),
            ssid,
            padding.to_vec(),
            WallTime::from_nanos(WALL),
        )
    }

    fn request(sender: &SessionSender<Vec<u8>>) -> Vec<u8> {
        let mut buffer = vec![0; sender.request_len()];
        let len = sender.encode(&PROBE, &mut buffer).unwrap();
        assert_eq!(len, buffer.len());
        buffer
    }

    #[test]
    fn a_request_that_comes_back_is_recognised_by_its_beginning() {
        let key = Key::new(&[7; 16]).unwrap();
        for (key, least) in [(None, 12), (Some(key), 24)] {
            let sender = sender(key, &[9; 16]);
            let request = request(&sender);
            let known = |seq| (seq == 5).then_some(SAID);
            assert_eq!(sender.recognise(&request, known), Some(5));
            assert_eq!(sender.recognise(&request[..least], known), Some(5));
            assert_eq!(sender.recognise(&request[..least - 1], known), None);
            let mut altered = request.clone();
            altered[least - 1] ^= 1;
            assert_eq!(sender.recognise(&altered, known), None, "another T1");
            assert_eq!(sender.recognise(&request, |_| None), None, "long forgotten");
        }
    }

    /// The reply of a reflector whose clock is a minute ahead.
    fn reply(request: &[u8], key: Option<&Key>, counter: Option<u32>, format: Format) -> Vec<u8> {
        let mut packet = request.to_vec();
        let mode = key.map_or(Mode::Open, Mode::Auth);
        let incoming = Incoming::decode(&mut packet, mode, Peers::TwampLightToo).unwrap();
        let at = |nanos| Timestamp::from_utc(format, WALL + 60_000_000_000 + nanos);
        let reflection = Reflection {
            counter,
            received: at(3_000_000_000),
            sent: at(3_000_000_400),
            error: error(format),
            ttl: 64,
            clocks: TimestampInfo::SOFTWARE,
        };
        incoming.reply(&reflection).to_vec()
    }

    fn ask(seq: u32) -> Option<ProbeTimes> {
        (seq == 5).then_some(SAID)
    }

    #[test]
    fn a_reply_comes_to_a_claim_that_proves_itself() {
        for key in [None, Some(Key::new(b"testingtesting16").unwrap())] {
            for format in [Format::Ntp, Format::Ptp] {
                let mut sender = sender(key.clone(), b"sixteen random b");
                let reply = reply(&request(&sender), key.as_ref(), None, format);
                let claim = sender.decode(&reply, ask).unwrap();
                assert_eq!(
                    (claim.seq, claim.timestamp),
                    (Some(5), Some(PROBE.timestamp))
                );
                assert_eq!((claim.count, claim.synced), (None, true));
                let times = claim.times.unwrap();
                let wall = ReflectorTime::from_nanos(sender.wall().as_nanos());
                let ahead = times.received.checked_since(wall).unwrap();
                assert_eq!(ahead, Duration::from_secs(63), "in either format");
                let dwell = times.sent.checked_since(times.received);
                assert_eq!(dwell, Some(Duration::from_nanos(400)));
            }
        }
    }

    #[test]
    fn the_first_probe_is_number_0_on_the_wire() {
        let packet = request(&sender(None, b""));
        assert_eq!(packet[..4], [0, 0, 0, 4]);
        assert_eq!(packet.len(), OPEN_LEN);
        let key = Key::new(&[7; 32]).unwrap();
        assert_eq!(request(&sender(Some(key), b"")).len(), AUTH_LEN);
    }

    #[test]
    fn a_reflectors_own_count_is_told_where_it_is_no_copy() {
        let mut sender = sender(None, b"");
        let reply = reply(&request(&sender), None, Some(3), Format::Ntp);
        assert_eq!(sender.decode(&reply, ask).unwrap().count, Some(4));
    }

    #[test]
    fn one_bit_of_the_time_or_the_ssid_is_enough_to_be_foreign() {
        let mut sender = sender(None, b"sixteen random b");
        let good = reply(&request(&sender), None, None, Format::Ntp);
        for bit in (14 * 8..16 * 8).chain(28 * 8..36 * 8) {
            let mut forged = good.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            let read = sender.decode(&forged, ask);
            assert_eq!(read, Err(Unreadable::Foreign), "bit {bit}");
        }
        let mut without = good.clone();
        without[14..16].fill(0);
        assert!(sender.decode(&without, ask).is_ok(), "it knows no SSIDs");
    }

    #[test]
    fn padding_has_to_come_back_from_who_has_returned_it_once() {
        let mut sender = sender(None, b"sixteen random b");
        let whole = reply(&request(&sender), None, None, Format::Ntp);
        let bare = &whole[..OPEN_LEN];
        let mut wrong = whole.clone();
        *wrong.last_mut().unwrap() ^= 1;
        assert!(sender.decode(bare, ask).is_ok(), "it may not know TLVs");
        assert_eq!(sender.decode(&wrong, ask), Err(Unreadable::Foreign));
        assert!(sender.decode(&whole, ask).is_ok());
        assert_eq!(sender.decode(bare, ask), Err(Unreadable::Foreign));
    }

    #[test]
    fn a_probe_that_nobody_remembers_is_named_and_not_proven() {
        let mut sender = sender(None, b"");
        let reply = reply(&request(&sender), None, None, Format::Ntp);
        let claim = sender.decode(&reply, |_| None).unwrap();
        assert_eq!((claim.seq, claim.timestamp), (Some(5), None));
    }

    #[test]
    fn times_that_a_journal_cannot_hold_are_left_out() {
        let mut sender = sender(None, b"");
        let good = reply(&request(&sender), None, None, Format::Ntp);
        for (at, day) in [(4, -60_i64), (4, 60), (16, -60), (16, 60)] {
            let mut far = good.clone();
            let utc = WALL.saturating_add_signed(day * 86_400 * 1_000_000_000);
            let stamp = Timestamp::from_utc(Format::Ntp, utc).bits().to_be_bytes();
            far[at..at + 8].copy_from_slice(&stamp);
            let claim = sender.decode(&far, ask).unwrap();
            assert_eq!(
                (claim.times, claim.timestamp),
                (None, Some(PROBE.timestamp))
            );
        }
    }

    #[test]
    fn what_is_no_reply_says_why() {
        let mut open = sender(None, b"");
        let key = Key::new(&[7; 32]).unwrap();
        let mut closed = sender(Some(key.clone()), b"");
        let other = Key::new(&[8; 32]).unwrap();
        let forged = reply(
            &request(&sender(Some(other.clone()), b"")),
            Some(&other),
            None,
            Format::Ntp,
        );
        assert_eq!(open.decode(b"", ask), Err(Unreadable::Empty));
        assert_eq!(open.decode(&[0; 40], ask), Err(Unreadable::Malformed));
        assert_eq!(open.decode(&[0; 44], ask), Err(Unreadable::Malformed));
        assert_eq!(closed.decode(&forged, ask), Err(Unreadable::Unauthentic));
    }

    #[test]
    fn clocks_on_either_side_of_1970_differ_by_what_they_do() {
        const SEC: u64 = NANOS_PER_SEC;
        // Ours at time zero, and what theirs reads then: before 1970 it is an era later.
        for (ours, theirs) in [
            (5, 5),
            (ERA_NANOS - 10 * SEC, 10 * SEC),
            (ERA_NANOS - SEC, ERA_NANOS - SEC),
        ] {
            for format in [Format::Ntp, Format::Ptp] {
                let (ssid, wall) = (NonZeroU16::MIN, WallTime::from_nanos(ours));
                let mut sender = SessionSender::new(None, error(format), ssid, [], wall);
                let mut packet = [0; OPEN_LEN];
                sender.encode(&PROBE, &mut packet).unwrap();
                // The probe goes out after two seconds, and is reflected two later.
                let now = theirs + 4 * SEC;
                let incoming = Incoming::decode(&mut packet, Mode::Open, Peers::default()).unwrap();
                let reflection = Reflection {
                    counter: None,
                    received: Timestamp::from_utc(format, now),
                    sent: Timestamp::from_utc(format, now + SEC),
                    error: error(format),
                    ttl: 64,
                    clocks: TimestampInfo::SOFTWARE,
                };
                let reply = incoming.reply(&reflection).to_vec();
                let claim = sender.decode(&reply, |_| Some(SAID)).unwrap();
                let times = claim.times.unwrap();
                let stayed = times.sent.checked_since(times.received);
                assert_eq!(stayed, Some(Duration::from_secs(1)), "{ours} {theirs}");
                let ahead = i128::from(times.received.as_nanos())
                    - i128::from(sender.wall().as_nanos() + 4 * SEC);
                let era = i128::from(ERA_NANOS);
                let wanted = (i128::from(theirs) - i128::from(ours) + era / 2).rem_euclid(era);
                assert_eq!(ahead, wanted - era / 2, "{ours} {theirs}");
            }
        }
    }
}
