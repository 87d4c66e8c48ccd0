//! Turns `locales/*.ftl` (Fluent's format) into the types and tables of `i18n`, and
//! has the command rebuilt when the page that it embeds has changed.
//!
//! Owns how a message becomes code: one without variables a constant, any other a type
//! with a field for each of them. So what is said wrongly does not compile, and neither
//! does a message that nothing says.

#[path = "../web/build/fluent.rs"]
mod fluent;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use fluent::{Failure, LANGUAGES, Message, Messages, Part};

fn main() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_LAB").is_some() {
        // The embedding macro cannot say so itself.
        println!("cargo::rerun-if-changed=../dist");
    }
    let [english, portuguese] = LANGUAGES.map(|(language, _)| read(language));
    let (english, portuguese) = (english?, portuguese?);
    fluent::agree(&english, &portuguese)?;
    let mut say = String::new();
    for ((id, one), other) in english.iter().zip(portuguese.values()) {
        define(&mut say, id, &[one, other])?;
    }
    save("say.rs", &say)?;
    // What stands in English elsewhere, in code: errors of the core and of clap; and the
    // help, which is the comments on the arguments.
    let mut other = String::new();
    for (id, message) in &read("errors.pt-BR")? {
        define(&mut other, id, &[message])?;
    }
    save("portuguese.rs", &other)?;
    let mut help = String::from("static HELP: &[(&str, &str)] = &[");
    for (id, message) in &read("help.pt-BR")? {
        let [Part::Text(_), ..] = message.text[..] else {
            return Err(format!("help.pt-BR: `{id}` is empty").into());
        };
        if !message.variables.is_empty() {
            return Err(format!("help.pt-BR: nothing fills in the variables of `{id}`").into());
        }
        writeln!(help, "({id:?}, {:?}),", plain(&message.text))?;
    }
    save("help.rs", &(help + "];"))
}

fn read(name: &str) -> Result<Messages, Failure> {
    let mut messages = Messages::new();
    fluent::read(&format!("locales/{name}.ftl"), &mut messages)?;
    Ok(messages)
}

fn save(name: &str, code: &str) -> Result<(), Failure> {
    Ok(fs::write(
        Path::new(&env::var("OUT_DIR")?).join(name),
        code,
    )?)
}

fn plain(parts: &[Part]) -> String {
    parts.iter().fold(String::new(), |text, part| match part {
        Part::Text(more) => text + more,
        Part::Variable(_) | Part::Choice(..) => text,
    })
}

/// The code of one message, in each language that it has.
fn define(code: &mut String, id: &str, languages: &[&Message]) -> Result<(), Failure> {
    let Some(first) = languages.first() else {
        return Ok(());
    };
    writeln!(code, "/// `{id}`.")?;
    if let Some(reason) = unused(id) {
        writeln!(code, "#[allow(dead_code, reason = {reason:?})]")?;
    }
    if first.variables.is_empty() {
        let texts: Vec<_> = languages.iter().map(|it| plain(&it.text)).collect();
        let texts = texts
            .iter()
            .map(String::as_str)
            .cycle()
            .take(LANGUAGES.len());
        let name = id.replace('-', "_").to_uppercase();
        writeln!(
            code,
            "pub(crate) const {name}: Message = Message({:?});",
            texts.collect::<Vec<_>>()
        )?;
        return Ok(());
    }

    let name = id.split('-').map(capitalized).collect::<String>();
    let (mut variables, mut counted) = (Vec::new(), Vec::new());
    for message in languages {
        collect(&message.text, &mut variables, &mut counted);
    }
    let fields: Vec<_> = variables
        .iter()
        .map(|variable| {
            let field = variable.replace('-', "_");
            let kind = (!counted.contains(variable)).then(|| capitalized(&field));
            (field, kind)
        })
        .collect();
    let kinds: Vec<_> = fields.iter().filter_map(|(_, kind)| kind.clone()).collect();
    let (bound, given) = match kinds.join(", ") {
        none if none.is_empty() => (String::new(), String::new()),
        kinds => (
            format!(
                "<{}: fmt::Display>",
                kinds.replace(", ", ": fmt::Display, ")
            ),
            format!("<{kinds}>"),
        ),
    };
    writeln!(
        code,
        "#[derive(Debug, Clone, Copy)]\npub(crate) struct {name}{given} {{"
    )?;
    for (field, kind) in &fields {
        let kind = kind.as_deref().unwrap_or("u64");
        writeln!(code, "pub(crate) {field}: {kind},")?;
    }
    writeln!(
        code,
        "}}\nimpl{bound} fmt::Display for {name}{given} {{\n\
         fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{"
    )?;
    if let [only] = languages {
        write(code, &only.text, LANGUAGES[1].1)?;
    } else {
        writeln!(code, "match language() {{")?;
        for (message, ((_, one), variant)) in languages
            .iter()
            .zip(LANGUAGES.iter().zip(["English", "Portuguese"]))
        {
            writeln!(code, "Language::{variant} => {{")?;
            write(code, &message.text, one)?;
            writeln!(code, "}}")?;
        }
        writeln!(code, "}}")?;
    }
    writeln!(code, "Ok(())\n}}\n}}")?;
    Ok(())
}

/// The statements that write `parts`, where `one` holds the numbers that are `one`.
fn write(code: &mut String, parts: &[Part], one: &[u64]) -> Result<(), Failure> {
    for part in parts {
        match part {
            Part::Text(text) => writeln!(code, "f.write_str({text:?})?;")?,
            Part::Variable(variable) => {
                writeln!(
                    code,
                    "fmt::Display::fmt(&self.{}, f)?;",
                    variable.replace('-', "_")
                )?;
            }
            Part::Choice(variable, variants) => {
                writeln!(code, "match self.{} {{", variable.replace('-', "_"))?;
                // A number itself comes before the kind of number that it is.
                let mut variants: Vec<_> = variants.iter().collect();
                variants.sort_by_key(|(key, _)| match key.as_str() {
                    "other" => 2,
                    "one" => 1,
                    _ => 0,
                });
                let named =
                    |number: u64| variants.iter().any(|(key, _)| *key == number.to_string());
                let ones = one.iter().filter(|number| !named(**number));
                let ones: Vec<_> = ones.map(u64::to_string).collect();
                for (key, parts) in &variants {
                    let pattern = match key.as_str() {
                        "other" => "_".to_owned(),
                        "one" => ones.join(" | "),
                        number => number.parse::<u64>()?.to_string(),
                    };
                    writeln!(code, "{pattern} => {{")?;
                    write(code, parts, one)?;
                    writeln!(code, "}}")?;
                }
                writeln!(code, "}}")?;
            }
        }
    }
    Ok(())
}

/// The variables in the order in which they appear, and those that something is chosen by.
fn collect(parts: &[Part], variables: &mut Vec<String>, counted: &mut Vec<String>) {
    for part in parts {
        let (Part::Variable(name) | Part::Choice(name, _)) = part else {
            continue;
        };
        if !variables.contains(name) {
            variables.push(name.clone());
        }
        if let Part::Choice(_, variants) = part {
            counted.push(name.clone());
            for (_, parts) in variants {
                collect(parts, variables, counted);
            }
        }
    }
}

fn capitalized(word: &str) -> String {
    word.split('_')
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect::<String>()
        })
        .collect()
}

/// Why nothing says a message, where that is as it should be.
fn unused(id: &str) -> Option<&'static str> {
    let lab = env::var_os("CARGO_FEATURE_LAB").is_some();
    let linux = env::var_os("CARGO_CFG_TARGET_OS").is_some_and(|system| system == "linux");
    match id {
        "view-absent" | "view-flag-absent" if lab => Some("there is a lab"),
        "view-absent" | "view-flag-absent" => None,
        _ if id.starts_with("view-") && !lab => Some("there is no lab"),
        _ if id.starts_with("elsewhere-") => Some("other systems than Linux say it"),
        _ if !linux => Some("only Linux says all of them"),
        _ => None,
    }
}
