//! The documents: each in both languages has the same blocks in the same order, with the same
//! code, commands and links; links lead somewhere; READMEs stay short; the journal's page has
//! every key. What the text says in between is for people to compare. Which commands work is
//! `native/tests/documents.rs`'s.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A README is a page, not a manual.
const MOST_WORDS: usize = 1_300;

/// What a block of Markdown has in every language.
#[derive(Debug, PartialEq, Eq)]
struct Block {
    /// `heading 2`, `paragraph`, `item`, `row`, or the code's language.
    kind: String,
    /// Its lines of code, or its code spans and the targets of its links.
    marks: BTreeSet<String>,
}

/// The blocks of a document, each with its first line.
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
            // A line that begins nothing continues the block before it.
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
        // Words of the page's filter, which are each language's own.
        "text" => return None,
        "sh" | "toml" | "yaml" => line.split(" #").next()?,
        _ => line.split("/*").next()?,
    };
    Some(code.trim().to_owned())
}

/// The code spans of a text, except placeholders in capitals, and its links.
fn marks(text: &str) -> BTreeSet<String> {
    let words = spans(text)
        .flat_map(str::split_whitespace)
        .filter(|word| {
            let mut letters = word.chars().filter(|letter| letter.is_alphabetic());
            word.starts_with('-') || letters.any(char::is_lowercase)
        })
        .map(str::to_owned);
    let links = links(text).map(|link| match link.split_once('#') {
        // Each language has its own headings, and links to its own documents.
        Some((file, _)) if !link.contains("://") => file.replace(".pt-BR.md", ".md"),
        _ => link.replace(".pt-BR.md", ".md"),
    });
    words.chain(links).collect()
}

fn spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1);
    targets.filter_map(|target| target.split(')').next())
}

/// A heading's anchor, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading
        .trim_start_matches(['#', ' '])
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every document for people, from the root.
fn documents() -> Vec<PathBuf> {
    let found = |folder: &'static str| {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        let paths = entries.map(move |entry| Path::new(folder).join(entry.unwrap().file_name()));
        paths.filter(|path| path.extension().is_some_and(|it| it == "md"))
    };
    let all: Vec<PathBuf> = ["", "docs", "core"].into_iter().flat_map(found).collect();
    assert!(all.len() >= 10, "documents were found: {all:?}");
    all
}

#[test]
fn both_languages_have_the_same_blocks_and_code() {
    let of_portuguese = |path: &PathBuf| path.to_string_lossy().ends_with(".pt-BR.md");
    let (portuguese, english): (Vec<_>, Vec<_>) = documents().into_iter().partition(of_portuguese);
    for path in english.iter().filter(|path| path.starts_with("docs")) {
        let other = path.with_extension("pt-BR.md");
        assert!(
            portuguese.contains(&other),
            "{} is missing",
            other.display()
        );
    }
    for its_path in portuguese {
        let path = PathBuf::from(its_path.to_string_lossy().replace(".pt-BR", ""));
        let texts = [&path, &its_path].map(|path| read(&root().join(path)));
        // Below the title each links to the other.
        for (text, other) in texts.iter().zip([&its_path, &path]) {
            let link = text.lines().nth(2).unwrap_or_default();
            let name = other.file_name().unwrap().to_string_lossy();
            assert!(link.contains(&format!("({name})")), "{link}");
        }
        let [one, other] =
            texts.map(|text| blocks(text.splitn(4, '\n').last().unwrap_or_default()));
        assert!(one.len() > 10, "{} is read as {one:?}", path.display());
        for ((line, block), (its_line, its_block)) in one.iter().zip(&other) {
            assert_eq!(
                block,
                its_block,
                "the languages differ.\n{}: {line}\n{}: {its_line}\n",
                path.display(),
                its_path.display()
            );
        }
        assert_eq!(one.len(), other.len(), "one {} ends early", path.display());
    }
}

#[test]
fn a_readme_is_short() {
    for path in documents() {
        if path.to_string_lossy().starts_with("README") {
            let words = read(&root().join(&path)).split_whitespace().count();
            assert!(
                words <= MOST_WORDS,
                "{}: {words} words, of {MOST_WORDS}",
                path.display()
            );
        }
    }
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut checked = 0;
    for path in documents() {
        for link in links(&read(&root().join(&path))).filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                file => path.with_file_name(file),
            };
            let target = root().join(target);
            assert!(target.exists(), "{}: {link}", path.display());
            if !heading.is_empty() {
                let text = read(&target);
                let mut anchors = text.lines().filter(|it| it.starts_with('#')).map(anchor);
                assert!(
                    anchors.any(|it| it == heading),
                    "{}: {link}",
                    path.display()
                );
            }
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked} links");
}

/// The names of a schema's properties, and the values that its strings can have.
fn vocabulary(schema: &Value, keys: &mut BTreeSet<String>, values: &mut BTreeSet<String>) {
    if let Some(properties) = schema["properties"].as_object() {
        keys.extend(properties.keys().cloned());
    }
    let choices = schema["enum"].as_array().into_iter().flatten();
    for value in choices.chain(schema.get("const")) {
        values.extend(value.as_str().map(str::to_owned));
    }
    match schema {
        Value::Object(members) => members.values().for_each(|it| vocabulary(it, keys, values)),
        Value::Array(items) => items.iter().for_each(|it| vocabulary(it, keys, values)),
        _ => {}
    }
}

#[test]
fn the_page_of_the_journal_has_each_record_with_its_keys() {
    let schema = read(&root().join("core/journal/journal.schema.json"));
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let (mut every, mut values) = (BTreeSet::new(), BTreeSet::new());
    vocabulary(&schema, &mut every, &mut values);
    // A row's fields, by its first key, which tells the kind of line.
    let text = read(&root().join("docs/journal.md"));
    // What a replay prints is not in a journal.
    let (text, _) = text.split_once("\n## What a replay found\n").unwrap();
    let (_, section) = text.split_once("\n## Records\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows: Vec<BTreeSet<&str>> = section
        .lines()
        .filter(|line| line.starts_with('|') && line.contains('`'))
        .map(|line| spans(line).collect())
        .collect();
    let definition = |name: &Value| {
        let name = name["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        &schema["$defs"][name]
    };
    let records = definition(&serde_json::json!({"$ref": "#/$defs/Record"}));
    let records = records["anyOf"].as_array().unwrap().iter().map(definition);
    let mut lines: Vec<&Value> = records.collect();
    lines.push(&schema["$defs"]["Header"]);
    assert!(lines.len() > 20, "{} kinds of line", lines.len());
    for line in lines {
        let keys: BTreeSet<&str> = line["properties"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let has_them = |row: &BTreeSet<&str>| keys.is_subset(row);
        assert!(rows.iter().any(has_them), "no row has all of {keys:?}");
    }
    let known = |span: &str| every.contains(span) || values.contains(span.trim_matches('"'));
    for row in &rows {
        let unknown: Vec<_> = row.iter().filter(|span| !known(span)).collect();
        assert!(unknown.is_empty(), "not in the schema: {unknown:?}");
    }
}

#[test]
fn every_file_that_the_architecture_names_exists() {
    let text = read(&root().join("ARCHITECTURE.md"));
    let mut checked = 0;
    let is_of_path =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '.' | '_' | '-');
    // Within a drawing, the folder stands above a column.
    let folders = [
        "",
        "native/src",
        "core/src",
        "core/journal/src",
        "web/engine/src",
        "web/src/view",
    ];
    for word in text.split(|letter| !is_of_path(letter)) {
        let path = Path::new(word);
        let is_file = path.extension().is_some_and(|it| it == "rs" || it == "ftl");
        if is_file || (word.contains('/') && word.starts_with(|it: char| it.is_lowercase())) {
            let found = |folder: &&str| root().join(folder).join(path).exists();
            assert!(folders.iter().any(found), "{word}");
            checked += 1;
        }
    }
    assert!(checked > 50, "{checked} files");
}
