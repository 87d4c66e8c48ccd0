//! What a new network namespace is asked of the kernel: an interface up, its address and
//! its queue (rtnetlink(7)).
//!
//! Owns the bytes of the requests. Knows nothing of namespaces.

use std::io;
use std::net::IpAddr;
use std::os::fd::{AsRawFd as _, OwnedFd};

use nix::errno::Errno;
use nix::libc;
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, socket,
};

/// The length of a message's header (`nlmsghdr`).
const HEADER: usize = 16;

/// A conversation with the kernel about the network namespace in which it was begun.
#[derive(Debug)]
pub(crate) struct Netlink(OwnedFd);

impl Netlink {
    pub(crate) fn open() -> io::Result<Self> {
        let socket = socket(
            AddressFamily::Netlink,
            SockType::Raw,
            SockFlag::SOCK_CLOEXEC,
            SockProtocol::NetlinkRoute,
        )?;
        Ok(Self(socket))
    }

    /// Brings an interface up.
    pub(crate) fn set_up(&self, interface: u32) -> io::Result<()> {
        let up = libc::IFF_UP.cast_unsigned().to_ne_bytes();
        // `ifinfomsg`: no family or type, the interface, its flags, which of them change.
        let body = [[0; 4], interface.to_ne_bytes(), up, up].concat();
        self.ask(libc::RTM_NEWLINK, 0, &body)
    }

    /// Gives an interface room for so many packets that wait to be sent.
    pub(super) fn set_queue(&self, interface: u32, packets: u32) -> io::Result<()> {
        let mut body = [[0; 4], interface.to_ne_bytes(), [0; 4], [0; 4]].concat();
        append(&mut body, libc::IFLA_TXQLEN, &packets.to_ne_bytes())?;
        self.ask(libc::RTM_NEWLINK, 0, &body)
    }

    /// Gives an interface an address, in a network of so many bits. No other host is asked
    /// whether it has that already.
    pub(super) fn add_address(&self, interface: u32, address: IpAddr, bits: u8) -> io::Result<()> {
        let (family, address) = match address {
            IpAddr::V4(ip) => (libc::AF_INET, ip.octets().to_vec()),
            IpAddr::V6(ip) => (libc::AF_INET6, ip.octets().to_vec()),
        };
        let family = u8::try_from(family).map_err(io::Error::other)?;
        let flags = u8::try_from(libc::IFA_F_NODAD).map_err(io::Error::other)?;
        // `ifaddrmsg`, whose scope is the universe; then the address, as ours and as the
        // network's.
        let mut body = vec![family, bits, flags, 0];
        body.extend(interface.to_ne_bytes());
        for attribute in [libc::IFA_LOCAL, libc::IFA_ADDRESS] {
            append(&mut body, attribute, &address)?;
        }
        let new = libc::NLM_F_CREATE | libc::NLM_F_EXCL;
        self.ask(libc::RTM_NEWADDR, new, &body)
    }

    /// Sends a request, and takes the kernel's answer: an error's number, or 0.
    fn ask(&self, kind: u16, flags: libc::c_int, body: &[u8]) -> io::Result<()> {
        let flags = flags | libc::NLM_F_REQUEST | libc::NLM_F_ACK;
        let length = u32::try_from(HEADER + body.len()).map_err(io::Error::other)?;
        let mut message = length.to_ne_bytes().to_vec();
        message.extend(kind.to_ne_bytes());
        message.extend(
            u16::try_from(flags)
                .map_err(io::Error::other)?
                .to_ne_bytes(),
        );
        // The numbers of the request and of who sends it, of which there is one.
        message.extend([0; 8]);
        message.extend(body);
        let socket = self.0.as_raw_fd();
        send(socket, &message, MsgFlags::empty())?;
        let mut answer = [0; 1024];
        recv(socket, &mut answer, MsgFlags::empty())?;
        let error = answer.get(HEADER..).and_then(|it| it.first_chunk());
        match error.map_or(0, |it| i32::from_ne_bytes(*it)) {
            0 => Ok(()),
            error => Err(Errno::from_raw(-error).into()),
        }
    }
}

/// Appends an attribute (`rtattr`), whose length is a multiple of four.
fn append(body: &mut Vec<u8>, attribute: u16, value: &[u8]) -> io::Result<()> {
    let length = u16::try_from(4 + value.len()).map_err(io::Error::other)?;
    body.extend(length.to_ne_bytes());
    body.extend(attribute.to_ne_bytes());
    body.extend(value);
    Ok(())
}
