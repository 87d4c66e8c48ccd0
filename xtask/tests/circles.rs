//! The modules of each crate: none knows another that knows it, directly or by way of others.
//!
//! Owns the graph of a crate's top-level modules, from the paths in its source that begin with
//! `crate` or `super`. Tests are left out, and so is the crate's root, which knows them all.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use cargo_metadata::MetadataCommand;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A module's path within its crate, and its source.
type Source = (Vec<String>, String);

/// The modules of a crate, each with those that it uses.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// The sources of a crate, without its tests.
fn sources(folder: &Path, module: &[String], sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut module = module.to_vec();
        if !matches!(name.as_str(), "lib" | "main" | "mod") {
            module.push(name.clone());
        }
        if name == "tests" {
        } else if path.is_dir() {
            self::sources(&path, &module, sources);
        } else if path.extension().is_some_and(|it| it == "rs") {
            sources.push((module, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Whether `token` is the word or sign `text`.
fn is(token: Option<&TokenTree>, text: &str) -> bool {
    match token {
        Some(TokenTree::Ident(word)) => word == text,
        Some(TokenTree::Punct(sign)) => text.starts_with(sign.as_char()),
        _ => false,
    }
}

/// Whether `::` stands at `at`.
fn is_path(tokens: &[TokenTree], at: usize) -> bool {
    is(tokens.get(at), ":") && is(tokens.get(at + 1), ":")
}

/// The names with which the path, or each one in braces, goes on.
fn names(token: Option<&TokenTree>) -> Vec<String> {
    let Some(TokenTree::Group(group)) = token else {
        return token.iter().map(ToString::to_string).collect();
    };
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let paths = tokens.split(|token| is(Some(token), ","));
    paths.flat_map(|path| names(path.first())).collect()
}

/// Calls `found` with each name that `module` uses of the crate's root.
fn uses(module: &[String], stream: TokenStream, found: &mut impl FnMut(String)) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1);
        if is(Some(token), "#") && next.is_some_and(|it| it.to_string().contains("(test")) {
            let is_end = |it: &TokenTree| match it {
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                it => is(Some(it), ";"),
            };
            let end = tokens[at..].iter().position(is_end);
            at += end.map_or(tokens.len(), |end| end + 1);
            continue;
        }
        let starts = !at.checked_sub(2).is_some_and(|it| is_path(&tokens, it));
        let begins = |word| starts && is(Some(token), word) && is_path(&tokens, at + 1);
        match token {
            TokenTree::Group(group) => {
                let mut inner = module.to_vec();
                if at >= 2 && is(tokens.get(at - 2), "mod") {
                    inner.push(tokens[at - 1].to_string());
                }
                uses(&inner, group.stream(), found);
            }
            _ if begins("crate") => names(tokens.get(at + 3)).into_iter().for_each(&mut *found),
            _ if begins("super") => {
                let mut levels = 1;
                while is(tokens.get(at + 3 * levels), "super") {
                    levels += 1;
                }
                if levels == module.len() {
                    let names = names(tokens.get(at + 3 * levels));
                    names.into_iter().for_each(&mut *found);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// What the root calls by a name of its own, and the module that it is of.
fn exports(root: &TokenStream) -> BTreeMap<String, String> {
    let tokens: Vec<TokenTree> = root.clone().into_iter().collect();
    let mut exports = BTreeMap::new();
    for (at, _) in tokens.iter().enumerate().filter(|it| is(Some(it.1), "use")) {
        let path = tokens[at + 1..].split(|it| is(Some(it), ";")).next();
        if let Some([module, _, _, .., last]) = path {
            let module = module.to_string();
            exports.extend(names(Some(last)).into_iter().map(|it| (it, module.clone())));
        }
    }
    exports
}

/// Which module of a crate uses which.
fn graph(sources: &[Source]) -> Graph {
    let parsed = sources.iter().map(|(module, text)| {
        let stream: TokenStream = text.parse().unwrap();
        (module, stream)
    });
    let parsed: Vec<_> = parsed.collect();
    let roots = parsed.iter().filter(|(module, _)| module.is_empty());
    let exports: BTreeMap<_, _> = roots.flat_map(|(_, root)| exports(root)).collect();
    let mut graph = Graph::new();
    for (module, _) in &parsed {
        graph.extend(module.first().map(|name| (name.clone(), BTreeSet::new())));
    }
    let modules: BTreeSet<String> = graph.keys().cloned().collect();
    for (module, stream) in parsed {
        let Some(top) = module.first() else { continue };
        uses(module, stream, &mut |name| {
            let name = if modules.contains(&name) {
                Some(&name)
            } else {
                exports.get(&name)
            };
            if let Some(used) = name.filter(|used| *used != top && modules.contains(*used)) {
                graph.entry(top.clone()).or_default().insert(used.clone());
            }
        });
    }
    graph
}

/// The modules that are left when, again and again, those go that use none of the others or
/// are used by none.
fn circle(mut graph: Graph) -> Graph {
    loop {
        let before = graph.len();
        let known: BTreeSet<String> = graph.keys().cloned().collect();
        let used: BTreeSet<String> = graph.values().flatten().cloned().collect();
        graph.retain(|module, uses| {
            uses.retain(|it| known.contains(it));
            used.contains(module) && !uses.is_empty()
        });
        if graph.len() == before {
            return graph;
        }
    }
}

#[test]
fn no_crate_has_a_circle_of_modules() {
    let workspace = MetadataCommand::new().no_deps().exec().unwrap();
    for package in workspace.packages {
        let folder = package.manifest_path.with_file_name("src");
        let mut all = Vec::new();
        sources(folder.as_std_path(), &[], &mut all);
        let graph = graph(&all);
        assert!(graph.len() > 2, "{}: {graph:?}", package.name);
        let circle = circle(graph);
        assert!(circle.is_empty(), "{}: {circle:#?}", package.name);
    }
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let root = (Vec::new(), "mod a; mod b; pub use b::{B, C};".to_owned());
    let module = |path: &str, text: &str| {
        let path = path.split('/').map(str::to_owned).collect();
        (path, text.to_owned())
    };
    let other = module("b", "use crate::a::A;");
    for (path, text) in [
        ("a", "use crate::b::B;"),
        ("a", "use crate::{x, b::B};"),
        ("a", "use crate::C;"),
        ("a", "use super::b;"),
        ("a/inner", "use super::super::b::B;"),
        ("a", "fn f(it: crate::b::B) {}"),
        ("a", "mod inner { use super::super::b; }"),
    ] {
        let found = circle(graph(&[root.clone(), module(path, text), other.clone()]));
        assert_eq!(found.len(), 2, "{text}");
    }
    for text in [
        "use b::B;",
        "#[cfg(test)] mod tests { use crate::b::B; }",
        "#[cfg(test)] use crate::b::B;",
        "/// [`crate::b`]\nstruct A;",
        "mod inner { use super::b; }",
    ] {
        let found = circle(graph(&[root.clone(), module("a", text), other.clone()]));
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}
