//! Text from outside, so that what is shown is what is there.

/// `text` with everything escaped that is not seen but changes what is: controls, marks of the
/// direction of writing (Unicode's `Bidi_Control`), and letters without a width.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let hidden = matches!(
            letter,
            '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        );
        if letter.is_control() || hidden {
            out.extend(letter.escape_unicode());
        } else {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_escaped_and_the_rest_stays() {
        assert_eq!(visible("ação · 例え · a b"), "ação · 例え · a b");
        assert_eq!(visible("moc\u{202e}.elpmaxe"), "moc\\u{202e}.elpmaxe");
        assert_eq!(
            visible("a\u{2066}b\u{2069}\u{200b}\n"),
            "a\\u{2066}b\\u{2069}\\u{200b}\\u{a}"
        );
    }
}
