//! Packs `php-library` into tables: each file without its comments and indentation, but with its line numbers, and which file
//! declares which class. `build/reflect.php` does the functions.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::php::fail;

/// What traces put in front of a file's path below `php-library`.
const PREFIX: &str = "@swoole/library/";

/// A class or an alias: lower-case name, number of the file, class that it is an alias of, whether it is a short name.
type Class = (String, usize, Option<String>, bool);

/// Writes `library.rs` into the folder for build results.
pub(crate) fn build() {
    let mut files = Vec::new();
    collect(Path::new("php-library"), &mut files);
    files.sort();
    let mut out = String::from("/// The files.\npub static SOURCES: &[Source] = &[\n");
    let mut classes = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let name = file.strip_prefix("php-library").unwrap_or(file).to_string_lossy().replace('\\', "/");
        declared(&name, &text, index, &mut classes);
        let _ = writeln!(out, "    Source {{ name: c{:?}, text: {:?} }},", format!("{PREFIX}{name}"), pack(&text));
    }
    classes.sort();
    out.push_str("];\n\n/// The classes.\npub static CLASSES: &[LibraryClass] = &[\n");
    for (name, source, alias_of, short) in classes {
        let _ = writeln!(
            out,
            "    LibraryClass {{ lower_name: {name:?}, source: {source}, alias_of: {alias_of:?}, short: {short} }},"
        );
    }
    out.push_str("];\n");
    let folder = std::env::var("OUT_DIR").unwrap_or_default();
    if let Err(error) = std::fs::write(Path::new(&folder).join("library.rs"), out) {
        fail(&format!("library.rs: {error}"));
    }
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "php") {
            into.push(path);
        }
    }
}

/// The class that a file declares and its aliases. A file declares one class, or functions (`functions.php`).
fn declared(file: &str, text: &str, source: usize, classes: &mut Vec<Class>) {
    let mut namespace = "";
    let mut aliases = Vec::new();
    let mut found = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("namespace ") {
            namespace = rest.trim_end_matches(';').trim();
        }
        for (tag, short) in [(" * @alias ", false), (" * @short-alias ", true)] {
            if let Some(alias) = line.strip_prefix(tag)
                && found.is_none()
            {
                aliases.push((alias.trim().to_ascii_lowercase(), short));
            }
        }
        let line = line.trim_start_matches("final ").trim_start_matches("abstract ");
        let rest = ["class ", "interface ", "trait "].iter().find_map(|kind| line.strip_prefix(kind));
        if let Some(name) = rest.and_then(|rest| rest.split([' ', '{']).next()) {
            if found.is_some() {
                fail(&format!("php-library/{file}: more than one class"));
            }
            let lower = if namespace.is_empty() { name.to_owned() } else { format!("{namespace}\\{name}") };
            found = Some(lower.to_ascii_lowercase());
        }
    }
    match found {
        Some(class) => {
            classes.extend(aliases.into_iter().map(|(alias, short)| (alias, source, Some(class.clone()), short)));
            classes.push((class, source, None, false));
        }
        None if file.ends_with("functions.php") => {}
        None => fail(&format!("php-library/{file}: declares no class and is not called functions.php")),
    }
}

/// The source without comments, indentation and trailing blanks; every line keeps its number.
fn pack(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '\'' | '"' => quoted(rest, first),
            '/' if rest.starts_with("//") => {
                skip(&mut rest, line_end, &mut out);
                continue;
            }
            '#' if !rest.starts_with("#[") => {
                skip(&mut rest, line_end, &mut out);
                continue;
            }
            '/' if rest.starts_with("/*") => {
                skip(&mut rest, |text| text.find("*/").map_or(text.len(), |end| end + 2), &mut out);
                continue;
            }
            '<' if rest.starts_with("<<<") => heredoc(rest),
            '\n' => {
                out.truncate(out.trim_end_matches([' ', '\t']).len());
                out.push('\n');
                rest = rest[1..].trim_start_matches([' ', '\t']);
                continue;
            }
            _ => first.len_utf8(),
        };
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out
}

fn line_end(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

/// Leaves out what `length` measures, but for its line breaks.
fn skip(rest: &mut &str, length: impl Fn(&str) -> usize, out: &mut String) {
    let (comment, after) = rest.split_at(length(rest));
    out.extend(comment.chars().filter(|c| *c == '\n'));
    *rest = after;
}

/// Length of the string that `text` starts with.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, char) in text.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if char == quote => return index + 1,
            _ => {}
        }
    }
    text.len()
}

/// Length of the heredoc or nowdoc that `text` starts with, up to its closing name.
fn heredoc(text: &str) -> usize {
    let name = text[3..line_end(text)].trim().trim_matches(['\'', '"']);
    let mut end = line_end(text) + 1;
    for line in text.get(end..).unwrap_or_default().split_inclusive('\n') {
        let trimmed = line.trim_start();
        if trimmed.starts_with(name) {
            return end + (line.len() - trimmed.len()) + name.len();
        }
        end += line.len();
    }
    text.len()
}
