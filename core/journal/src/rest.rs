//! A line's text, from where it is to be read on.
//!
//! Owns how literal text and whole numbers are read without a JSON reader. Knows no fields and
//! no records.

use crate::number::LARGEST;

/// What of a line is still to be read.
pub(crate) struct Rest<'a>(pub(crate) &'a [u8]);

impl Rest<'_> {
    /// Goes past this text, if it comes next.
    #[expect(
        clippy::inline_always,
        reason = "of a known length, it is compared in a few words"
    )]
    #[inline(always)]
    pub(crate) fn skip(&mut self, text: &str) -> bool {
        let rest = self.0.strip_prefix(text.as_bytes());
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// A whole number of at most [`LARGEST`], as JSON writes it.
    pub(crate) fn number(&mut self) -> Option<u64> {
        /// More could be beyond 64 bits.
        const DIGITS: usize = 16;
        let (mut number, mut rest) = (0_u64, self.0);
        while let [byte, after @ ..] = rest
            && byte.is_ascii_digit()
        {
            number = number.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            rest = after;
        }
        let digits = self.0.len() - rest.len();
        // A number of several digits does not begin with 0.
        let padded = digits > 1 && self.0.first() == Some(&b'0');
        self.0 = rest;
        ((1..=DIGITS).contains(&digits) && !padded && number <= LARGEST).then_some(number)
    }
}
