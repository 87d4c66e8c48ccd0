//! A server of names within a trial's network: every host is the grader's.
//!
//! Owns what of DNS (RFC 1035) that needs: one question, one address.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsFd as _, BorrowedFd};

/// Answers questions of names.
#[derive(Debug)]
pub(super) struct Names(UdpSocket);

impl Names {
    /// On the port of names, where this process may have that.
    pub(super) fn new() -> Option<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 53)).ok()?;
        socket.set_nonblocking(true).ok()?;
        Some(Self(socket))
    }

    pub(super) fn file(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }

    /// Answers whatever was asked meanwhile.
    pub(super) fn answer(&self) {
        let mut buffer = [0; 512];
        while let Ok((length, from)) = self.0.recv_from(&mut buffer) {
            if let Some(answer) = buffer.get(..length).and_then(answer) {
                self.reply(&answer, from);
            }
        }
    }

    fn reply(&self, answer: &[u8], to: SocketAddr) {
        // Whoever gets none asks again.
        let _ = self.0.send_to(answer, to);
    }
}

/// The answer to a question: loopback's address where one of IPv4 is asked for, none otherwise.
fn answer(query: &[u8]) -> Option<Vec<u8>> {
    const HEADER: usize = 12;
    let mut at = HEADER;
    while let length @ 1.. = *query.get(at)? {
        at += 1 + usize::from(length);
    }
    let question = query.get(HEADER..at + 5)?;
    let kind = question.get(question.len() - 4..question.len() - 2)?;
    let found = u8::from(kind == [0, 1]);
    let mut answer = query.get(..2)?.to_vec();
    // An answer with recursion, one question, so many records.
    answer.extend([0x81, 0x80, 0, 1, 0, found, 0, 0, 0, 0]);
    answer.extend(question);
    if found == 1 {
        // The name of the question, an address of the Internet, for a minute.
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        answer.extend(Ipv4Addr::LOCALHOST.octets());
    }
    Some(answer)
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn every_host_is_loopback_and_has_no_other_address() {
        let question = b"\x07server1\x02br\x00\x00\x01\x00\x01";
        let query = [b"\x12\x34\x01\x00\x00\x01\0\0\0\0\0\0" as &[u8], question].concat();
        let told = answer(&query).unwrap();
        assert_eq!(told.get(..8).unwrap(), b"\x12\x34\x81\x80\x00\x01\x00\x01");
        assert!(told.ends_with(&[0, 4, 127, 0, 0, 1]));
        let ipv6: Vec<u8> = [query.get(..query.len() - 4).unwrap(), b"\x00\x1c\x00\x01"].concat();
        assert_eq!(answer(&ipv6).unwrap().get(7), Some(&0));
        assert_eq!(answer(query.get(..15).unwrap()), None);
    }
}
