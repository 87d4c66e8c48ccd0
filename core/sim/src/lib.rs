//! A world in virtual time: two ends, the network between them, and what people do to it.
//!
//! Owns the order in which things happen. What a packet meets on its way is
//! [`link`](udping_link)'s answer, what it comes to is for the end that reads it: packets
//! are bytes, which one end's wire encodes and the other's decodes. The client may be the
//! session that a journal's header describes ([`World::new`]) or any [`Actor`]; the server
//! is the reflector that `serve` runs, or any actor too. No randomness and no clock: a
//! world is a pure function of what it is made of, and a clone of it is a checkpoint.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod actor;
pub mod actors;
mod client;
mod error;
mod fates;
mod flights;
mod network;
mod packet;
mod server;
mod session;
mod wire;
mod world;

pub use actor::{Act, Actor, Buffer, MOST_BYTES, Outbox, Reaction, Side};
pub use client::{ClientEnd, Decision, Recorded};
pub use error::WorldError;
pub use fates::Fates;
pub use packet::{Departure, Packet};
pub use server::ServerEnd;
pub use world::{Step, World, WorldEvent};
