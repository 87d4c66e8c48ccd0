//! How well a text fits what was typed in search of it.
//!
//! Owns the match: the letters typed, in their order, wherever they stand; rather at the beginnings
//! of words, and rather together. Case and accents do not matter.

/// How badly a text fits: 0 where it begins with what was typed. `None` where it does not fit.
#[must_use]
pub fn fit(typed: &str, text: &str) -> Option<u32> {
    let wanted: Vec<char> = folded(typed)
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let text: Vec<char> = folded(text).collect();
    let by_words = walk(&wanted, &text, true);
    // The beginning of a word may lie beyond a letter that is needed first.
    let anyhow = walk(&wanted, &text, false).map(|cost| cost + 50);
    by_words.into_iter().chain(anyhow).min()
}

fn walk(wanted: &[char], text: &[char], by_words: bool) -> Option<u32> {
    let mut at = 0;
    let mut cost = 0;
    for letter in wanted {
        let rest = text.get(at..)?;
        let begins = |place: usize| {
            let before = (at + place)
                .checked_sub(1)
                .and_then(|before| text.get(before));
            before.is_none_or(|before| !before.is_alphanumeric())
        };
        let next = rest.iter().position(|other| other == letter)?;
        let word =
            || (0..rest.len()).find(|place| rest.get(*place) == Some(letter) && begins(*place));
        // A space that was not typed costs nothing.
        let spaces = rest
            .iter()
            .take_while(|letter| letter.is_whitespace())
            .count();
        let (place, price) = if next == spaces {
            (next, 0)
        } else if let Some(place) = by_words.then(word).flatten() {
            (place, 2)
        } else {
            (next, 8)
        };
        cost += price;
        at += place + 1;
    }
    Some(cost)
}

/// Small letters without accents.
fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
            'é' | 'ê' | 'è' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ô' | 'õ' | 'ò' | 'ö' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            other => other,
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_go_before_letters_anywhere() {
        let best = |typed: &str, texts: &[&'static str]| {
            let fits = texts
                .iter()
                .filter_map(|text| Some((fit(typed, text)?, *text)));
            fits.min().map(|(_, text)| text)
        };
        let texts = ["Zoom in", "Play or pause", "Whole run", "Where it is"];
        assert_eq!(best("wr", &texts), Some("Whole run"));
        assert_eq!(best("pause", &texts), Some("Play or pause"));
        assert_eq!(best("zi", &texts), Some("Zoom in"));
        assert_eq!(best("xyz", &texts), None);
        assert_eq!(fit("execucao", "Execução toda"), Some(0));
        assert_eq!(fit("", "Anything"), Some(0));
    }

    proptest! {
        #[test]
        fn any_letters_of_a_text_in_their_order_fit(text in "[a-zA-Z ç]{1,40}", keep in prop::collection::vec(any::<bool>(), 40)) {
            let some: String = text.chars().zip(keep).filter_map(|(letter, keep)| keep.then_some(letter)).collect();
            prop_assert!(fit(&some, &text).is_some());
            prop_assert_eq!(fit(&text, &text), Some(0));
        }
    }
}
