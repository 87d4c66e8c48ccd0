//! A reflector's journal, by what its datagrams carry.
//!
//! Knows nothing of the client.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::rc::Rc;

use anyhow::ensure;
use udping_journal::both::FarEnd;
use udping_journal::replay::Verifier;
use udping_journal::{Far, Header, Kind, Record};

use crate::i18n::say;
use crate::replay::{HEADER_START, Lines, is_next_part, open, parse_header};

/// What a datagram carries by which it is known: the low 32 bits of its number, and its
/// time, in nanoseconds since 1970.
pub(super) type Token = (u32, u64);

/// What makes a datagram a probe's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// Its number and its time.
    Token,
    /// Its number among those of one source, on a wire that carries no whole time.
    Number,
}

/// How far the time that a datagram says may be from its probe's, where it is no whole one: its
/// unit may be the second.
const UNIT_NS: u64 = 1_000_000_000;

/// One session of a reflector.
pub(super) struct Server {
    pub(super) end: FarEnd,
    key: Key,
    /// Of each source that is told apart.
    exchanges: BTreeMap<Source, HashMap<Token, Exchange>>,
    /// Which probe each datagram that may still be answered is.
    tokens: BTreeMap<u64, (Source, Token)>,
}

/// Where datagrams come from; nothing, where their times tell them apart.
type Source = Rc<str>;

/// What became of the datagrams of one probe.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    requests: u64,
    /// What the first says of its time.
    time: Option<u64>,
    /// Of those, how many were lost on purpose.
    lost_requests: u64,
    /// When the first came.
    t2_ns: Option<u64>,
    request_delay_ns: Option<u64>,
    replies: u64,
    /// When the first went out.
    t3_ns: Option<u64>,
    reply_delay_ns: Option<u64>,
    /// One was lost on purpose.
    lost_reply: bool,
}

impl Exchange {
    /// As the record of probe `seq`, in a session that was over at `at_ns`.
    pub(super) fn far(&self, seq: u64, at_ns: u64) -> Far {
        // A copy of it that came through may have been answered.
        let answered = self.replies > 0 || self.lost_reply;
        Far {
            far: seq,
            at_ns,
            t2_ns: self.t2_ns.unwrap_or_default(),
            t3_ns: self.t3_ns,
            requests: Some(self.requests).filter(|it| *it != 1),
            replies: Some(self.replies).filter(|it| *it > 1),
            request_delay_ns: self.request_delay_ns,
            reply_delay_ns: self.reply_delay_ns,
            lost_request: self.lost_requests == self.requests && !answered,
            lost_reply: self.lost_reply,
        }
    }
}

impl Server {
    fn new(header: &Header, key: Key) -> Self {
        Self {
            end: FarEnd {
                tool: header.tool.clone(),
                complete: header.part.is_none(),
            },
            key,
            exchanges: BTreeMap::new(),
            tokens: BTreeMap::new(),
        }
    }

    /// What is known of the probes that carry this, for each source.
    pub(super) fn known(
        &self,
        tokens: &BTreeMap<u64, Token>,
    ) -> impl Iterator<Item = BTreeMap<u64, &Exchange>> {
        self.exchanges.values().map(|exchanges| {
            let known = tokens.iter().filter_map(|(seq, (low, time))| {
                let exchange = match self.key {
                    Key::Token => exchanges.get(&(*low, *time))?,
                    Key::Number => exchanges
                        .get(&(*low, 0))
                        .filter(|it| it.time.is_none_or(|said| said.abs_diff(*time) < UNIT_NS))?,
                };
                Some((*seq, exchange))
            });
            known.collect()
        })
    }

    fn exchange(&mut self, number: u64) -> Option<&mut Exchange> {
        let (source, token) = self.tokens.get(&number)?;
        self.exchanges.get_mut(source)?.get_mut(token)
    }

    fn take(&mut self, record: &Record) {
        match record {
            // A session's probes never go over TCP.
            Record::Received(it) if it.connection.is_none() => {
                let time = it.timestamp.map(|it| it.0.as_nanos());
                let (source, token) = match (self.key, it.seq, time) {
                    (Key::Token, Some(seq), Some(time)) => (Source::default(), (seq, time)),
                    (Key::Number, Some(seq), _) => (it.address.as_str().into(), (seq, 0)),
                    _ => return,
                };
                self.tokens.insert(it.received, (Rc::clone(&source), token));
                let exchanges = self.exchanges.entry(source).or_default();
                let exchange = exchanges.entry(token).or_default();
                exchange.requests += 1;
                exchange.time = exchange.time.or(time);
                exchange.lost_requests += u64::from(it.loss);
                let came = it.arrived_ns.unwrap_or(it.at_ns);
                exchange.t2_ns = Some(exchange.t2_ns.map_or(came, |first| first.min(came)));
                exchange.request_delay_ns = it.delay_ns;
            }
            Record::Answered(it) if it.connection.is_none() => {
                if let Some(exchange) = self.exchange(it.answered) {
                    exchange.lost_reply |= it.loss;
                    exchange.reply_delay_ns = it.delay_ns;
                }
            }
            Record::Transmitted(it) if it.connection.is_none() && it.error.is_none() => {
                if let Some(exchange) = self.exchange(it.transmitted) {
                    exchange.replies += 1;
                    let went = it.at_ns;
                    exchange.t3_ns = Some(exchange.t3_ns.map_or(went, |first| first.min(went)));
                }
            }
            _ => {}
        }
    }
}

/// Reads every session of a reflector's journal, whose datagrams are known by `key`.
pub(super) fn read(path: &Path, key: Key) -> anyhow::Result<Vec<Server>> {
    let mut lines = Lines::new(open(path)?);
    let mut servers = Vec::new();
    loop {
        let Some(first) = lines.next()? else {
            ensure!(!servers.is_empty(), say::REPLAY_EMPTY);
            return Ok(servers);
        };
        let mut header = parse_header(first.text.trim_start_matches('\u{feff}'), first.complete)?;
        ensure!(header.kind == Kind::Serve, say::MERGE_NO_SERVER);
        let mut replay = Verifier::new(&header)?;
        let mut server = Server::new(&header, key);
        while let Some(line) = lines.next()? {
            if line.text.is_empty() {
                continue;
            }
            if line.text.starts_with(HEADER_START) {
                if is_next_part(&mut header, line.text) {
                    continue;
                }
                lines.give_back(0);
                break;
            }
            let Some(record) = line.record()? else { break };
            let differs = replay.feed(line.number, None, &record).is_some();
            ensure!(!differs, say::MERGE_DIFFERS);
            server.take(&record);
        }
        let report = replay.report();
        server.end.complete &= report.dropped == 0 && report.done;
        servers.push(server);
    }
}
