//! The key and the two HMAC-SHA-256/128 tags made with it.
//!
//! Owns the key and the comparing of tags. Does not know where in a packet a tag
//! stands.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of a tag on the wire: HMAC-SHA-256 truncated to 128 bits (RFC 8762 §4.4).
pub const TAG_LEN: usize = 16;

/// A secret that both ends share.
///
/// It has no default, no accessor, and its `Debug` output says nothing about it.
/// What it holds is the hash's state after the key, so that no packet pays for
/// preparing it again (RFC 2104 §4).
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

impl Key {
    /// The fewest bytes a key may have.
    ///
    /// RFC 2104 §3 strongly discourages fewer than the hash's 32, and 32 random
    /// bytes are what to use. The floor is half of that because the tag is cut to
    /// 16 bytes: under 16, guessing the key becomes easier than guessing the tag,
    /// while deployed peers do use 16-byte keys.
    pub const MIN_LEN: usize = TAG_LEN;

    /// The key made of `secret`'s bytes.
    ///
    /// # Errors
    /// If `secret` has fewer than [`Self::MIN_LEN`] bytes.
    pub fn new(secret: &[u8]) -> Result<Self, KeyTooShort> {
        if secret.len() < Self::MIN_LEN {
            return Err(KeyTooShort);
        }
        // HMAC itself takes keys of any length, so this maps an error that cannot be.
        Hmac::new_from_slice(secret)
            .map(Self)
            .map_err(|_| KeyTooShort)
    }

    /// The tag of the concatenation of `parts`.
    pub(super) fn tag(&self, parts: &[&[u8]]) -> [u8; TAG_LEN] {
        let digest = self.over(parts).finalize().into_bytes();
        let mut tag = [0; TAG_LEN];
        tag.copy_from_slice(&digest[..TAG_LEN]);
        tag
    }

    /// Whether `tag` is the tag of the concatenation of `parts`; in a time that does
    /// not depend on where they differ.
    pub(super) fn verifies(&self, parts: &[&[u8]], tag: [u8; TAG_LEN]) -> bool {
        self.over(parts).verify_truncated_left(&tag).is_ok()
    }

    fn over(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        parts.iter().fold(self.0.clone(), Mac::chain_update)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// A secret with fewer than [`Key::MIN_LEN`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyTooShort;

impl fmt::Display for KeyTooShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a STAMP key has at least {} bytes", Key::MIN_LEN)
    }
}

impl core::error::Error for KeyTooShort {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_4231_test_case_1_truncated() {
        let key = Key::new(&[0x0b; 20]).unwrap();
        let tag = [
            0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf, 0xce, 0xaf, 0x0b,
            0xf1, 0x2b,
        ];
        assert_eq!(key.tag(&[b"Hi There"]), tag);
        assert!(key.verifies(&[b"Hi", b" There"], tag));
    }

    #[test]
    fn every_bit_of_the_tag_counts() {
        let key = Key::new(&[7; 32]).unwrap();
        let tag = key.tag(&[b"text"]);
        for bit in 0..TAG_LEN * 8 {
            let mut forged = tag;
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(!key.verifies(&[b"text"], forged), "bit {bit}");
        }
    }

    #[test]
    fn a_short_key_is_refused_and_none_is_ever_printed() {
        assert_eq!(Key::new(&[b'k'; 15]).unwrap_err(), KeyTooShort);
        assert_eq!(Key::new(b"").unwrap_err(), KeyTooShort);
        let key = Key::new(b"testingtesting16").unwrap();
        assert_eq!(std::format!("{key:?}"), "Key(…)");
    }
}
