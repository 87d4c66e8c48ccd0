//! What people write for networks, rates, seeds and scripts: no text upsets the reader, what was
//! read is written back to what reads the same, and a network holds its own address.
#![no_main]

use std::net::IpAddr;

use libfuzzer_sys::fuzz_target;
use udping_core::guard::{Allowed, Network};
use udping_journal::Script;
use udping_link::{Rate, Seed};

fuzz_target!(|input: (&str, IpAddr)| {
    let (text, ip) = input;
    if let Ok(rate) = text.parse::<Rate>() {
        assert_eq!(rate.to_string().parse(), Ok(rate));
    }
    if let Ok(seed) = text.parse::<Seed>() {
        assert_eq!(seed.to_string().parse(), Ok(seed));
    }
    if let Ok(script) = text.parse::<Script>() {
        assert_eq!(script.to_string().parse(), Ok(script));
    }
    if let Ok(network) = text.parse::<Network>() {
        let (address, _) = text.split_once('/').unwrap_or((text, ""));
        let address = address.parse().expect("a network has an address");
        assert!(network.contains(address), "{text}");
        let mut allowed = Allowed::EVERYBODY;
        assert!(allowed.add(network));
        assert_eq!(allowed.contains(ip), network.contains(ip));
    }
});
