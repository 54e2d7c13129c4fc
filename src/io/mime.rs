//! Media types by the ending of a file's name: those that everybody knows, where Swoole says something else Swoole's, and what
//! scripts add.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

/// What everything else is.
pub const UNKNOWN: &str = "application/octet-stream";

/// Where Swoole's table and the common one differ.
const SWOOLE: [(&str, &str); 37] = [
    ("adp", "audio/adpcm"),
    ("arc", UNKNOWN),
    ("cer", "application/pkix-cert"),
    ("class", "application/java-vm"),
    ("dll", UNKNOWN),
    ("dtd", "application/xml-dtd"),
    ("ecma", "application/ecmascript"),
    ("es", "application/ecmascript"),
    ("js", "application/javascript"),
    ("jsx", "text/jsx"),
    ("m4a", "audio/mp4"),
    ("m4p", "application/mp4"),
    ("man", "text/troff"),
    ("manifest", "text/cache-manifest"),
    ("map", "application/json"),
    ("me", "text/troff"),
    ("mid", "audio/midi"),
    ("midi", "audio/midi"),
    ("ms", "text/troff"),
    ("otf", "font/otf"),
    ("pls", "application/pls+xml"),
    ("rmi", "audio/midi"),
    ("roff", "text/troff"),
    ("rs", "application/rls-services+xml"),
    ("smi", "application/smil+xml"),
    ("t", "text/troff"),
    ("tr", "text/troff"),
    ("ts", "video/mp2t"),
    ("wrl", "model/vrml"),
    ("wsdl", "application/wsdl+xml"),
    ("xml", "application/xml"),
    ("xsd", "application/xml"),
    ("xsl", "application/xml"),
    ("xslt", "application/xslt+xml"),
    ("yaml", "text/yaml"),
    ("xyz", UNKNOWN),
    ("yml", "text/yaml"),
];

thread_local! {
    /// What this process has added or changed; `None` for what it has taken away.
    static CHANGES: RefCell<HashMap<String, Option<String>>> = RefCell::new(HashMap::new());
}

fn built_in(ending: &str) -> Option<&'static str> {
    match SWOOLE.iter().find(|(known, _)| *known == ending) {
        Some((_, kind)) => Some(kind),
        None => mime_guess::from_ext(ending).first_raw(),
    }
}

/// The type of this ending, which is compared as it is.
fn of_ending(ending: &str) -> Option<Cow<'static, str>> {
    match CHANGES.with_borrow(|changes| changes.get(ending).cloned()) {
        Some(changed) => changed.map(Cow::Owned),
        None => built_in(ending).map(Cow::Borrowed),
    }
}

/// The type of a file of this name, if its ending is known. Capitals count as small letters.
pub fn of_file(name: &str) -> Option<Cow<'static, str>> {
    let ending = name.rsplit('.').next().unwrap_or_default();
    of_ending(&ending.to_ascii_lowercase())
}

/// Sets the type of an ending.
pub fn set(ending: &str, kind: &str) {
    CHANGES.with_borrow_mut(|changes| changes.insert(ending.to_owned(), Some(kind.to_owned())));
}

/// Sets the type of an ending that has none; false when it has.
pub fn add(ending: &str, kind: &str) -> bool {
    let new = of_ending(ending).is_none();
    if new {
        set(ending, kind);
    }
    new
}

/// Takes the type of an ending away; false when it has none.
pub fn remove(ending: &str) -> bool {
    let known = of_ending(ending).is_some();
    CHANGES.with_borrow_mut(|changes| changes.insert(ending.to_owned(), None));
    known
}

/// The types of all endings, in no order.
pub fn all() -> Vec<Cow<'static, str>> {
    let common = mime_guess::get_extensions("*", "*").unwrap_or_default();
    let own = SWOOLE.iter().map(|(ending, _)| ending).filter(|ending| !common.contains(ending));
    let mut types: Vec<_> = CHANGES.with_borrow(|changes| {
        let unchanged = common.iter().chain(own).filter(|ending| !changes.contains_key(**ending));
        let unchanged = unchanged.filter_map(|ending| built_in(ending)).map(Cow::Borrowed);
        unchanged.chain(changes.values().flatten().cloned().map(Cow::Owned)).collect()
    });
    types.shrink_to_fit();
    types
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_changed_and_taken_away() {
        assert_eq!(of_file("a.b.html").as_deref(), Some("text/html"));
        assert_eq!(of_file("HTML").as_deref(), Some("text/html"));
        assert_eq!(of_file("a.js").as_deref(), Some("application/javascript"));
        assert_eq!(of_file("a.no-such-ending"), None);
        assert_eq!(of_file(""), None);
        let count = all().len();
        assert!(count > 1000);
        assert!(!add("html", "x/y") && add("zzz9", "x/y") && !add("zzz9", "x/z"));
        assert_eq!((of_file("a.zzz9").as_deref(), all().len()), (Some("x/y"), count + 1));
        assert!(remove("zzz9") && !remove("zzz9") && remove("js"));
        assert_eq!((of_file("a.js"), all().len()), (None, count - 1));
        set("Upper", "x/u");
        assert_eq!(of_file("a.Upper"), None);
        for (ending, kind) in SWOOLE {
            assert_ne!(mime_guess::from_ext(ending).first_raw(), Some(kind), "{ending} needs no entry");
        }
    }
}
