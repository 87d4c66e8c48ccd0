//! Both ends of one session: where each loss happened, and where each round trip's time went.
//!
//! Owns what follows from the client's records and from what the server's journal says of the
//! same probes. Which of its datagrams is which probe's is known before.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use core::ops::Bound;

use crate::clocks::{Bounds, Clocks, ClocksError};
use crate::record::{BothRecord, Far, Parts, Record};

pub use crate::both_summary::{BothSummary, FarEnd, LossPlace};

/// What both ends say of a session's probes.
#[derive(Debug, Clone)]
pub struct BothEnds {
    exchanges: BTreeMap<u64, Exchange>,
    complete: bool,
    /// What the exchanges so far say of the server's clock.
    clocks: Option<Clocks>,
    /// On this wire nothing proves a reply, so its number does.
    by_number: bool,
    /// They were asked for.
    summed: bool,
    /// The last probe that [`BothEnds::next_parts`] was about.
    last: Option<u64>,
}

#[derive(Debug, Clone)]
struct Exchange {
    sent_ns: u64,
    /// When the first reply came that was credited to it.
    replied_ns: Option<u64>,
    /// That reply is proven to be this probe's, so that times may be computed from it.
    verified: bool,
    /// It carries this probe's number.
    numbered: bool,
    lost: bool,
    far: Option<Far>,
}

impl BothEnds {
    /// Of a session whose server kept a journal.
    #[must_use]
    pub fn new(far: &FarEnd) -> Self {
        Self {
            exchanges: BTreeMap::new(),
            complete: far.complete,
            clocks: None,
            by_number: false,
            summed: false,
            last: None,
        }
    }

    /// Takes a record of the client's, which is about probe `seq`.
    pub fn take(&mut self, record: &Record, seq: Option<u64>) {
        if let Record::Sent(it) = record {
            let exchange = Exchange {
                sent_ns: it.at_ns,
                replied_ns: None,
                verified: false,
                numbered: false,
                lost: false,
                far: None,
            };
            self.exchanges.insert(it.sent, exchange);
            return;
        }
        let Some(exchange) = seq.and_then(|seq| self.exchanges.get_mut(&seq)) else {
            return;
        };
        match record {
            Record::Lost(_) => exchange.lost = true,
            Record::Reply(it) if it.rtt_ns.is_some() || it.late_ns.is_some() => {
                exchange.replied_ns = Some(it.at_ns);
                exchange.verified = !it.unverified;
                exchange.numbered = it.reply.is_some() && it.seq.is_none();
            }
            _ => {}
        }
    }

    /// Takes what the server's journal says of a probe; false if there is no such probe, or
    /// something was said of it before.
    pub fn take_far(&mut self, far: &Far) -> bool {
        let exchange = self.exchanges.get_mut(&far.far);
        let exchange = exchange.filter(|it| it.far.is_none());
        exchange
            .map(|exchange| exchange.far = Some(far.clone()))
            .is_some()
    }

    /// Lays the server's clock on the client's. To be asked once everything is known, and
    /// before [`BothEnds::next_parts`].
    ///
    /// # Errors
    /// [`ClocksError`] if nothing is known of it, or a contradiction.
    pub fn lay_clocks(&mut self) -> Result<(), ClocksError> {
        self.clocks = None;
        self.summed = true;
        self.by_number = !self.exchanges.values().any(|it| it.verified);
        let far = |it: &Exchange| Some((it.sent_ns, it.far.as_ref()?.t2_ns));
        let back = |it: &Exchange| {
            let replied = it.replied_ns.filter(|_| self.is_sure(it))?;
            Some((it.far.as_ref()?.t3_ns?, replied))
        };
        let exchanges = || self.exchanges.values();
        let clocks = Clocks::new(exchanges().filter_map(far), exchanges().filter_map(back))?;
        self.clocks = Some(clocks);
        Ok(())
    }

    /// What [`BothEnds::lay_clocks`] found; `None` where nothing is known.
    #[must_use]
    pub fn clocks(&self) -> Option<&Clocks> {
        self.clocks.as_ref()
    }

    /// What all that comes to, as a record of `at_ns`.
    #[must_use]
    pub fn summary(&self, at_ns: u64) -> BothRecord {
        let count = |is: &dyn Fn(&Exchange) -> bool| {
            let matching = self.exchanges.values().filter(|it| is(it));
            matching.map(|_| 1).sum()
        };
        let lost = |place| count(&|it| it.is_gone() && self.place(it) == place);
        let offset = |exchange: Option<(&u64, &Exchange)>| {
            let clocks = self.clocks.as_ref()?;
            Some(clocks.offset_ns(exchange?.1.sent_ns))
        };
        let both = Box::new(BothSummary {
            reached: count(&|it| it.far.is_some()),
            lost_requests: lost(Some(LossPlace::Request)),
            unanswered: lost(Some(LossPlace::Server)),
            lost_replies: lost(Some(LossPlace::Reply)),
            lost_somewhere: lost(None),
            first_offset_ns: offset(self.exchanges.first_key_value()),
            last_offset_ns: offset(self.exchanges.last_key_value()),
            drift_ppb: self.clocks.as_ref().map(Clocks::drift_ppb),
        });
        BothRecord { both, at_ns }
    }

    /// What is known of the next probe of which something is, as a record of `at_ns`: its
    /// loss's place, or its round trip's parts.
    pub fn next_parts(&mut self, at_ns: u64) -> Option<Parts> {
        let after = self.last.map_or(Bound::Unbounded, Bound::Excluded);
        let later = self.exchanges.range((after, Bound::Unbounded));
        let parts = later.into_iter().find_map(|(seq, exchange)| {
            let none = Parts {
                parts: *seq,
                at_ns,
                loss: None,
                there_ns: None,
                server_ns: None,
                back_ns: None,
            };
            if exchange.is_gone() {
                let loss = Some(self.place(exchange)?);
                return Some(Parts { loss, ..none });
            }
            let (there, server, back) = self.split(exchange)?;
            Some(Parts {
                there_ns: Some(there),
                server_ns: Some(server),
                back_ns: Some(back),
                ..none
            })
        });
        self.last = parts.as_ref().map(|it| it.parts).or(self.last);
        parts
    }

    /// What is still to be said, as a record of `at_ns`.
    pub fn next_missing(&mut self, at_ns: u64) -> Option<Record> {
        if !self.summed {
            self.summed = true;
            return Some(self.summary(at_ns).into());
        }
        self.next_parts(at_ns).map(Record::from)
    }

    /// Whether the reply to it is its own.
    fn is_sure(&self, exchange: &Exchange) -> bool {
        exchange.verified || self.by_number && exchange.numbered
    }

    /// Where a probe was lost that is gone; `None` where that is not known.
    fn place(&self, exchange: &Exchange) -> Option<LossPlace> {
        match &exchange.far {
            None => self.complete.then_some(LossPlace::Request),
            Some(far) if far.lost_request => Some(LossPlace::Request),
            Some(far) if far.t3_ns.is_some() || far.lost_reply => Some(LossPlace::Reply),
            Some(_) => Some(LossPlace::Server),
        }
    }

    /// How long a probe took there, at the server, and back. Where it came twice, or was
    /// answered twice, nobody knows which reply was that to what.
    fn split(&self, exchange: &Exchange) -> Option<(Bounds, u64, Bounds)> {
        let clocks = self.clocks.as_ref()?;
        let far = exchange.far.as_ref()?;
        let (left, replied) = (far.t3_ns?, exchange.replied_ns?);
        if !self.is_sure(exchange) || far.requests.is_some() || far.replies.is_some() {
            return None;
        }
        let arrived = far.t2_ns.saturating_add(far.request_delay_ns.unwrap_or(0));
        let left = left.saturating_sub(far.reply_delay_ns.unwrap_or(0));
        let left = left.max(arrived);
        let sent = i64::try_from(exchange.sent_ns).ok()?;
        let replied = i64::try_from(replied).ok()?;
        let within = |span: i64| span.clamp(0, replied.saturating_sub(sent).max(0));
        let (arrival, departure) = (clocks.here(arrived), clocks.here(left));
        let there = Bounds {
            min: within(arrival.min.saturating_sub(sent)),
            max: within(arrival.max.saturating_sub(sent)),
        };
        let back = Bounds {
            min: within(replied.saturating_sub(departure.max)),
            max: within(replied.saturating_add(1).saturating_sub(departure.min)),
        };
        Some((there, left - arrived, back))
    }
}

impl Exchange {
    /// No reply to it ever came, as far as is known.
    fn is_gone(&self) -> bool {
        self.lost && self.replied_ns.is_none()
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;
    use crate::clocks::tests::{exchanges, reading, truth};
    use crate::record::{Lost, Reply, Sent};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn each_loss_has_its_place_and_the_true_parts_are_within_their_bounds(
            truth in truth(),
            exchanges in exchanges(),
            held in prop::collection::vec((0..9_000_000_u64, 0..9_000_000_u64), 60),
        ) {
            let complete = true;
            let mut both = BothEnds::new(&FarEnd { tool: String::new(), complete });
            for (seq, (it, held)) in (1..).zip(exchanges.iter().zip(&held)) {
                let (sent, there, dwell, back, no_request, no_reply) = *it;
                let sent_ns = reading(sent);
                both.take(&Sent { sent: seq, at_ns: sent_ns, due_ns: sent_ns }.into(), Some(seq));
                let arrived = truth.reads(sent + there);
                let t3_ns = truth.reads(sent + there + dwell);
                // What the server held back on purpose, as far as the times allow.
                let [on_arrival, on_leaving] = [held.0, held.1].map(|it| it.min((t3_ns - arrived) / 2));
                let far = Far {
                    far: seq,
                    at_ns: 0,
                    t2_ns: arrived,
                    t3_ns: Some(t3_ns),
                    requests: None,
                    replies: None,
                    request_delay_ns: Some(on_arrival),
                    reply_delay_ns: Some(on_leaving),
                    lost_request: false,
                    lost_reply: false,
                };
                if !no_request {
                    prop_assert!(both.take_far(&far));
                    prop_assert!(!both.take_far(&far), "once");
                }
                if no_request || no_reply {
                    let lost = Lost { lost: seq, at_ns: sent_ns, deadline_ns: sent_ns };
                    both.take(&lost.into(), Some(seq));
                } else {
                    let at_ns = reading(sent + there + dwell + back);
                    let reply = Reply { at_ns, rtt_ns: Some(at_ns - sent_ns), ..Reply::default() };
                    both.take(&reply.into(), Some(seq));
                }
            }
            prop_assert_eq!(both.lay_clocks().or_else(ClocksError::if_nothing), Ok(()));
            let summary = both.summary(7).both;
            let count = |is: fn(bool, bool) -> bool| {
                let those = exchanges.iter().filter(|it| is(it.4, it.5));
                u64::try_from(those.count()).unwrap()
            };
            prop_assert_eq!(summary.lost_requests, count(|there, _| there));
            prop_assert_eq!(summary.lost_replies, count(|there, back| !there && back));
            prop_assert_eq!(summary.unanswered + summary.lost_somewhere, 0);
            for (seq, (it, held)) in (1..).zip(exchanges.iter().zip(&held)) {
                let (_, there, dwell, back, no_request, no_reply) = *it;
                let parts = both.next_parts(7).unwrap();
                prop_assert_eq!(parts.parts, seq);
                let place = match (no_request, no_reply) {
                    (true, _) => Some(LossPlace::Request),
                    (false, true) => Some(LossPlace::Reply),
                    _ => None,
                };
                prop_assert_eq!(parts.loss, place);
                let Some((bounds, back_bounds)) = parts.there_ns.zip(parts.back_ns) else {
                    prop_assert!(place.is_some());
                    continue;
                };
                let half = dwell / 2;
                let held = [held.0, held.1].map(|it| i128::from(it).min(half));
                let within = |bounds: Bounds, least: i128, doubt: i128| {
                    let all = i128::from(bounds.min) - doubt..=i128::from(bounds.max) + doubt;
                    all.contains(&least)
                };
                // What was held back is in the server's own time, which drifts.
                let doubt = if dwell == 0 { 0 } else { 2 + dwell / 500 };
                prop_assert!(within(bounds, there + held[0], doubt), "{:?}", parts);
                prop_assert!(within(back_bounds, back + held[1], doubt), "{:?}", parts);
            }
            prop_assert_eq!(both.next_parts(7), None);
        }
    }

    #[test]
    fn where_the_servers_journal_has_gaps_nobody_knows_what_it_missed() {
        let complete = false;
        let mut both = BothEnds::new(&FarEnd {
            tool: String::new(),
            complete,
        });
        let (at_ns, due_ns, deadline_ns) = (5, 5, 9);
        both.take(
            &Sent {
                sent: 1,
                at_ns,
                due_ns,
            }
            .into(),
            Some(1),
        );
        both.take(
            &Lost {
                lost: 1,
                at_ns,
                deadline_ns,
            }
            .into(),
            Some(1),
        );
        assert_eq!(both.summary(9).both.lost_somewhere, 1);
        assert_eq!(both.next_parts(9), None);
    }
}
