//! The README in both languages: the same blocks in the same order, with the same code,
//! commands and links. What they say in between is for people to compare.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What a block of Markdown has in every language.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    /// `heading 2`, `paragraph`, `item`, `row`, or the code's language.
    kind: String,
    /// Its lines of code, or its code spans and the targets of its links.
    marks: BTreeSet<String>,
}

/// The blocks of a README, each with its first line.
fn blocks(text: &str) -> Vec<(String, Block)> {
    let mut blocks: Vec<(String, Block)> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.is_empty() {
            continue;
        }
        let (kind, marks) = if let Some(language) = line.strip_prefix("```") {
            let code = lines.by_ref().take_while(|line| *line != "```");
            let code = code.filter_map(|line| command(language, line));
            (language.to_owned(), code.collect())
        } else {
            let level = line.chars().take_while(|letter| *letter == '#').count();
            let kind = match line.chars().next() {
                Some('#') => format!("heading {level}"),
                Some('|') => "row".to_owned(),
                Some('-') => "item".to_owned(),
                _ => "paragraph".to_owned(),
            };
            let mut whole = line.to_owned();
            // A line that begins nothing goes on with what is there.
            while kind != "row"
                && level == 0
                && let Some(more) =
                    lines.next_if(|next| !next.is_empty() && !next.starts_with("- "))
            {
                whole = format!("{whole} {}", more.trim_start());
            }
            (kind, marks(&whole))
        };
        blocks.push((line.to_owned(), Block { kind, marks }));
    }
    blocks
}

/// What of a line of code is code, and no comment or output.
fn command(language: &str, line: &str) -> Option<String> {
    let code = match language {
        "console" => line.strip_prefix("$ ")?,
        "sh" => line.split(" #").next()?,
        _ => line.split("/*").next()?,
    };
    Some(code.trim().to_owned())
}

/// The code spans of a text, but for words that stand for something, and its links.
fn marks(text: &str) -> BTreeSet<String> {
    let code = text.split('`').skip(1).step_by(2);
    let words = code.flat_map(str::split_whitespace).filter(|word| {
        let mut letters = word.chars().filter(|letter| letter.is_alphabetic());
        word.starts_with('-') || letters.any(char::is_lowercase)
    });
    let links = text
        .split("](")
        .skip(1)
        .filter_map(|it| it.split(')').next());
    words.chain(links).map(str::to_owned).collect()
}

#[test]
fn both_readmes_have_the_same_blocks_and_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let texts = [read("README.md"), read("README.pt-BR.md")];
    // Below the title each links to the other.
    for (text, other) in texts.iter().zip(["(README.pt-BR.md)", "(README.md)"]) {
        let link = text.lines().nth(2).unwrap_or_default();
        assert!(link.contains(other), "{link}");
    }
    let [english, portuguese] =
        texts.map(|text| blocks(text.splitn(4, '\n').last().unwrap_or_default()));
    assert!(english.len() > 50, "the README is read as {english:?}");
    for ((line, one), (its_line, other)) in english.iter().zip(&portuguese) {
        assert_eq!(
            one, other,
            "the READMEs differ. README.md: {line}\nREADME.pt-BR.md: {its_line}\n"
        );
    }
    assert_eq!(english.len(), portuguese.len(), "one README ends early");
}
