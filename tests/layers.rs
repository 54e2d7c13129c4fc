//! The layers of docs/ARCHITECTURE.md hold: no file in `src` uses a layer above its own.
//!
//! Reads the sources, not the compiler: every `crate::name` and every `use super::super::...` that leaves a layer, outside comments
//! and strings.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Each layer, and the layers that it may use.
const LAYERS: [(&str, &[&str]); 12] = [
    ("zend", &[]),
    ("io", &[]),
    ("shm", &[]),
    ("error", &[]),
    ("consts", &[]),
    ("local_task", &[]),
    ("log", &[]),
    ("coroutine", &["zend"]),
    ("server", &["io", "shm"]),
    ("hooks", &["zend", "coroutine", "io"]),
    ("classes", &["zend", "coroutine", "io", "shm", "server", "hooks"]),
    ("module", &["zend", "coroutine", "io", "shm", "server", "hooks", "classes"]),
];

/// What every layer may use.
const COMMON: [&str; 4] = ["error", "consts", "local_task", "log"];

/// A source file: its path below `src`, and its text.
type Source = (String, String);

#[test]
fn no_file_uses_a_layer_above_its_own() {
    let mut sources = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    read(&root, &root, &mut sources);
    assert!(sources.len() > 10, "found only {} files in {}", sources.len(), root.display());
    let found = violations(&sources);
    assert!(found.is_empty(), "upward imports:\n{}", found.join("\n"));
}

#[test]
fn upward_imports_are_found_however_they_are_written() {
    let bad = [
        ("io/http.rs", "use crate::coroutine::wait;"),
        ("io/http.rs", "fn f() { crate::zend::warning(\"x\"); }"),
        ("zend/call.rs", "use crate::{zend::sys, classes::ce};"),
        ("zend/call.rs", "pub(in crate::zend) fn f() { $crate::classes::register() }"),
        ("zend/call.rs", "use super::super::coroutine;"),
        ("server/mod.rs", "use super::coroutine::wait;"),
        ("coroutine/mod.rs", "use crate\n    ::io::http;"),
        ("coroutine/wait.rs", "crate::only_above!();"),
        ("nowhere.rs", "fn f() {}"),
    ];
    let above = ("classes/mod.rs".to_owned(), "#[macro_export]\nmacro_rules! only_above { () => {} }".to_owned());
    for (path, text) in bad {
        let found = violations(&[above.clone(), (path.to_owned(), text.to_owned())]);
        assert_eq!(found.len(), 1, "{path}: {text}: {found:?}");
    }
    let good = [
        ("classes/http/server.rs", "use crate::zend::{call::Call, object}; use super::super::ce; use crate::io::http;"),
        (
            "coroutine/mod.rs",
            "// see crate::classes\n/* crate::module */ use crate::zend::call; const X: &str = \"crate::classes\";",
        ),
        ("server/mod.rs", "use crate::error::Error; use crate::io::{http, tls}; mod tests { use super::*; }"),
        (
            "zend/object.rs",
            "use super::sys; crate::own!(); pub(crate) fn f() {} const Q: char = '\"'; // crate::classes",
        ),
        ("lib.rs", "pub mod classes; pub mod module; pub use crate::module::get_module;"),
    ];
    let own = ("zend/call.rs".to_owned(), "#[macro_export]\nmacro_rules! own { () => {} }".to_owned());
    for (path, text) in good {
        let found = violations(&[own.clone(), (path.to_owned(), text.to_owned())]);
        assert!(found.is_empty(), "{path}: {found:?}");
    }
}

fn read(root: &Path, folder: &Path, into: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            read(root, &path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path.strip_prefix(root).expect("below src").to_string_lossy().replace('\\', "/");
            into.push((name, fs::read_to_string(&path).expect("UTF-8")));
        }
    }
}

fn violations(sources: &[Source]) -> Vec<String> {
    let allowed: HashMap<&str, &[&str]> = LAYERS.into_iter().collect();
    let mut macros = HashMap::new();
    for (path, text) in sources {
        for name in exported_macros(text) {
            macros.insert(name, layer(path).to_owned());
        }
    }
    let mut found = Vec::new();
    for (path, text) in sources {
        let own = layer(path);
        if own == "lib" {
            continue;
        }
        let Some(below) = allowed.get(own) else {
            found.push(format!("{path}: no layer is called {own}; add it to LAYERS"));
            continue;
        };
        let depth = path.trim_end_matches("/mod.rs").matches('/').count() + 1;
        for name in used(&code(text), depth) {
            let used = macros.get(&name).map_or(name.as_str(), String::as_str);
            let known = allowed.contains_key(used);
            if known && used != own && !below.contains(&used) && !COMMON.contains(&used) {
                found.push(format!("{path}: {own} may not use {used} (crate::{name})"));
            }
        }
    }
    found
}

fn layer(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

fn exported_macros(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in text.split("#[macro_export]").skip(1) {
        if let Some((_, rest)) = part.split_once("macro_rules!") {
            names.push(identifier(rest.trim_start()).to_owned());
        }
    }
    names
}

/// The text without comments and without what strings and chars hold.
fn code(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            closing_quote(rest)
        } else if rest.starts_with("'\"'") {
            3
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |end| end + 2)
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        out.push(' ');
        rest = &rest[skip..];
    }
    out
}

fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (index, char) in text.char_indices().skip(1) {
        match char {
            '"' if !escaped => return index + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The names directly below the crate's root that `code` uses, in a module `depth` levels below the root.
fn used(code: &str, depth: usize) -> Vec<String> {
    let mut names = Vec::new();
    for (index, word) in code.match_indices("crate") {
        let before = code[..index].chars().next_back();
        if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            names.extend(path_heads(&code[index + word.len()..]));
        }
    }
    // Only `use` at the start of a line: inside an inline module `super` counts from that module.
    for line in code.lines().filter_map(|line| line.trim_start_matches("pub ").strip_prefix("use super")) {
        let climbed = line.matches("::super").count() + 1;
        if climbed == depth {
            names.extend(path_heads(line.trim_start_matches("::super")));
        }
    }
    names
}

/// `a` for `::a::b`, `a` and `c` for `::{a::b, c}`.
fn path_heads(rest: &str) -> Vec<String> {
    let Some(rest) = rest.trim_start().strip_prefix("::") else { return Vec::new() };
    let rest = rest.trim_start();
    let Some(group) = rest.strip_prefix('{') else { return vec![identifier(rest).to_owned()] };
    let mut heads = Vec::new();
    let (mut depth, mut fresh) = (0, true);
    for (index, char) in group.char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if fresh && (c.is_alphabetic() || c == '_') => {
                heads.push(identifier(&group[index..]).to_owned());
                fresh = false;
            }
            _ => {}
        }
    }
    heads
}

fn identifier(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}
