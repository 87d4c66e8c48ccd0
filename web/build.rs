//! Checks `locales/*.ftl` (Fluent's format) and makes the page's catalogue of them: every
//! message in every language, and a constant for each.
//!
//! Owns what must hold of the messages, and fails the build where it does not: both
//! languages have the same messages with the same variables, and every message
//! that `index.html`, the engine or a lesson names exists, and so does every term that
//! a lesson's prose links to. A message that nothing names is an unused constant, which
//! the compiler reports.
//!
//! The messages are in the program, like those of the command. When they and the lessons
//! were fetched, opening the page took 0.65 s against 0.56 on loopback and 0.82 s against
//! 0.98 at 10 Mbit/s and 40 ms, and entering the Learn room 0.31 s against 0.09 (medians of
//! eleven, on a busy machine). Fluent's own runtime, 55 kB when it was last weighed, would
//! only do in the page what is done here.

#[path = "build/fluent.rs"]
mod fluent;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use fluent::{Failure, LANGUAGES, Messages, Part, agree};

/// What precedes a language's name in its files' names: the page's messages, and the lessons'.
const CATALOGUES: [&str; 2] = ["", "learn."];
const ATTRIBUTES: [&str; 3] = ["aria-label", "title", "placeholder"];

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=engine/src/message.rs");
    println!("cargo::rerun-if-changed=lessons");
    println!("cargo::rerun-if-changed=../index.html");
    let [first, second] = LANGUAGES.map(|(language, _)| read(language));
    let (first, second) = (first?, second?);
    agree(&first, &second)?;

    let mut named = BTreeSet::new();
    let page = fs::read_to_string("../index.html")?;
    named.extend(between(&page, "data-l10n-id=\""));
    for id in &named {
        let known = first.contains_key(id)
            || ATTRIBUTES
                .iter()
                .any(|attribute| first.contains_key(&format!("{id}.{attribute}")));
        if !known {
            return Err(
                format!("index.html names the message `{id}`, which no language has").into(),
            );
        }
    }
    for (id, args) in every(&fs::read_to_string("engine/src/message.rs")?) {
        let Some(message) = first.get(&id) else {
            return Err(format!("the engine says `{id}`, which no language has").into());
        };
        if let Some(unknown) = message.variables.difference(&args).next() {
            return Err(format!(
                "`{id}` has the variable `{unknown}`, which the engine does not give"
            )
            .into());
        }
        named.insert(id);
    }
    println!("cargo::rerun-if-changed=plan.json");
    let plan = fs::read_to_string("plan.json")?;
    let plan = between(&plan, "\"learn-").map(|id| ("plan.json".to_owned(), format!("learn-{id}")));
    for (file, id) in lessons()?.into_iter().chain(plan) {
        if !first.contains_key(&id) {
            return Err(format!("{file} names the message `{id}`, which no language has").into());
        }
        named.insert(id);
    }
    named.extend(terms(&first, &second)?);

    let out = Path::new(&env::var("OUT_DIR")?).join("catalogue.rs");
    fs::write(out, catalogue([&first, &second], &named)?)?;
    Ok(())
}

fn read(language: &str) -> Result<Messages, Failure> {
    let mut messages = Messages::new();
    for catalogue in CATALOGUES {
        let mut own = Messages::new();
        let path = format!("locales/{catalogue}{language}.ftl");
        fluent::read(&path, &mut own)?;
        for id in own.keys() {
            let attribute = id.split_once('.').map(|(_, attribute)| attribute);
            if attribute.is_some_and(|attribute| !ATTRIBUTES.contains(&attribute)) {
                return Err(format!("`{id}` is not an attribute that the page sets").into());
            }
        }
        messages.extend(own);
    }
    Ok(messages)
}

/// A message's words, with the names of its variables.
fn words(parts: &[Part]) -> String {
    parts.iter().fold(String::new(), |out, part| match part {
        Part::Text(text) => out + text,
        Part::Variable(name) => out + name,
        Part::Choice(name, variants) => variants
            .iter()
            .fold(out + name, |out, (_, parts)| out + &words(parts)),
    })
}

/// The engine's own list of its messages and their arguments.
fn every(source: &str) -> Vec<(String, BTreeSet<String>)> {
    let list = source
        .split("pub const EVERY")
        .nth(1)
        .and_then(|rest| rest.split("];\n").next());
    let entries = list.unwrap_or_default().split('(');
    entries
        .filter_map(|entry| {
            let mut quoted = entry.split('"').skip(1).step_by(2).map(str::to_owned);
            Some((quoted.next()?, quoted.collect()))
        })
        .collect()
}

/// Every message that a lesson names, and the lesson's file.
fn lessons() -> Result<Vec<(String, String)>, Failure> {
    let mut named = Vec::new();
    for entry in fs::read_dir("lessons")? {
        let path = entry?.path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        let lesson = fs::read_to_string(&path)?;
        let file = path.display().to_string();
        named.extend(between(&lesson, "\"learn-").map(|id| (file.clone(), format!("learn-{id}"))));
    }
    Ok(named)
}

/// The messages of the glossary's terms. Each prose links to the same in both languages.
fn terms(first: &Messages, second: &Messages) -> Result<BTreeSet<String>, Failure> {
    let linked = |text: &str| -> BTreeSet<String> {
        let links = text.split("](").skip(1);
        links
            .filter_map(|rest| rest.split(')').next())
            .map(str::to_owned)
            .collect()
    };
    let mut all = BTreeSet::new();
    for ((id, one), other) in first.iter().zip(second.values()) {
        let (one, other) = (linked(&words(&one.text)), linked(&words(&other.text)));
        if one != other {
            return Err(format!(
                "`{id}` links to {one:?} in one language and {other:?} in the other"
            )
            .into());
        }
        for term in one {
            for name in [
                format!("learn-term-{term}"),
                format!("learn-term-{term}-is"),
            ] {
                if !first.contains_key(&name) {
                    return Err(format!(
                        "`{id}` links to the term `{term}`, but there is no `{name}`"
                    )
                    .into());
                }
                all.insert(name);
            }
        }
    }
    Ok(all)
}

/// What stands between each `opening` and the next double quote.
fn between<'a>(text: &'a str, opening: &'a str) -> impl Iterator<Item = String> + 'a {
    text.split(opening)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
}

/// What of a message is not as it stands, by marks that no text has: a variable is
/// `OPEN name CLOSE`, a choice `OPEN name`, then for each variant `VARIANT key KEY text`, `CLOSE`.
/// Slices of slices would be pointers, which hardly compress.
const END: char = '\0';
const OPEN: char = '\u{1}';
const CLOSE: char = '\u{2}';
const VARIANT: char = '\u{3}';
const KEY: char = '\u{4}';

/// The catalogue as code: the messages' names and their texts in every language, in the order
/// of the names, each with `END` after it, and a constant for each that code may ask for.
fn catalogue(languages: [&Messages; 2], named: &BTreeSet<String>) -> Result<String, Failure> {
    let [first, _] = languages;
    let mut code = format!(
        "/// Which whole numbers are `one`, in each language.\nstatic ONE: [&[u64]; 2] = [{}];\n",
        LANGUAGES.map(|(_, one)| format!("&{one:?}")).join(", ")
    );
    for (name, mark) in [
        ("END", END),
        ("OPEN", OPEN),
        ("CLOSE", CLOSE),
        ("VARIANT", VARIANT),
        ("KEY", KEY),
    ] {
        writeln!(code, "const {name}: char = {mark:?};")?;
    }
    let mut ids = String::new();
    for id in first.keys() {
        ids.push_str(id);
        ids.push(END);
    }
    writeln!(code, "static NAMES: &str = {ids:?};")?;
    let mut texts = Vec::new();
    for messages in languages {
        let mut text = String::new();
        for message in messages.values() {
            pattern(&message.text, &mut text)?;
            text.push(END);
        }
        texts.push(text);
    }
    writeln!(code, "static TEXTS: [&str; 2] = {texts:?};")?;
    writeln!(
        code,
        "/// The messages that code asks for by name.\npub(crate) mod key {{\nuse super::Key;"
    )?;
    for (place, id) in first.keys().enumerate() {
        if id.contains('.') {
            continue;
        }
        if named.contains(id) {
            writeln!(
                code,
                "#[allow(dead_code, reason = \"the page or the engine names it\")]"
            )?;
        }
        let constant = id.replace('-', "_").to_uppercase();
        writeln!(
            code,
            "/// `{id}`.\npub(crate) const {constant}: Key = Key({place});"
        )?;
    }
    writeln!(code, "}}")?;
    Ok(code)
}

/// Adds a message's pieces.
fn pattern(parts: &[Part], out: &mut String) -> Result<(), Failure> {
    for part in parts {
        match part {
            Part::Text(text) if text.contains([END, OPEN, CLOSE, VARIANT, KEY]) => {
                return Err(format!("a control character in {text:?}").into());
            }
            Part::Text(text) => out.push_str(text),
            Part::Variable(name) => out.extend([OPEN.to_string(), name.clone(), CLOSE.to_string()]),
            Part::Choice(name, variants) => {
                out.push(OPEN);
                out.push_str(name);
                for (key, text) in variants {
                    out.push(VARIANT);
                    out.push_str(key);
                    out.push(KEY);
                    pattern(text, out)?;
                }
                out.push(CLOSE);
            }
        }
    }
    Ok(())
}
