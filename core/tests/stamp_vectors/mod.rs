//! The captured datagrams, shared by the STAMP tests.
#![allow(dead_code, reason = "each test crate uses some of it")]

use udping_core::wire::stamp::{Key, Mode};

/// One captured datagram.
pub(crate) struct Datagram {
    /// Which capture, and which number in it.
    pub(crate) name: String,
    /// The UDP payload.
    pub(crate) bytes: Vec<u8>,
    is_auth: bool,
}

impl Datagram {
    /// The mode that its ends were configured with.
    pub(crate) fn mode<'k>(&self, key: &'k Key) -> Mode<'k> {
        if self.is_auth {
            Mode::Auth(key)
        } else {
            Mode::Open
        }
    }
}

/// The key of the authenticated captures.
pub(crate) fn key() -> Key {
    Key::new(b"testingtesting16").unwrap()
}

/// Every captured exchange: a request and the reply to it.
pub(crate) fn exchanges() -> Vec<(Datagram, Datagram)> {
    let mut datagrams = include_str!("../data/stamp-vectors.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(datagram);
    let mut exchanges = Vec::new();
    while let Some(request) = datagrams.next() {
        exchanges.push((request, datagrams.next().expect("a reply to each request")));
    }
    assert_eq!(exchanges.len(), 18);
    exchanges
}

/// The exchange whose request is called `name`.
pub(crate) fn exchange(name: &str) -> (Datagram, Datagram) {
    exchanges()
        .into_iter()
        .find(|(request, _)| request.name == name)
        .expect("a captured request")
}

fn datagram(line: &str) -> Datagram {
    let [capture, number, _ports, len, payload] = line
        .split(' ')
        .collect::<Vec<_>>()
        .try_into()
        .expect("five columns");
    let bytes = hex(payload);
    assert_eq!(bytes.len(), len.parse::<usize>().unwrap());
    let capture = capture.strip_suffix(".pcap").unwrap();
    Datagram {
        name: format!("{capture} {number}"),
        bytes,
        is_auth: capture == "auth",
    }
}

/// The bytes that `digits` spell; spaces are for the eye.
pub(crate) fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u32> = digits
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap())
        .collect()
}
