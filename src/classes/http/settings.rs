//! Settings of servers that speak HTTP.

use super::request::Parsing;
use crate::classes::errors;
use crate::classes::settings::find;
use crate::io::http::{Compression, Features};
use crate::zend::array;
use crate::zend::call::Thrown;
use crate::zend::text::Text;
use crate::zend::to_long;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::collections::HashSet;
use std::rc::Rc;

/// Shorter bodies are not compressed, unless the settings say otherwise.
const MIN_LENGTH: usize = 20;

/// What the server does by itself.
///
/// # Errors
/// When a value's conversion threw.
pub(crate) fn features(given: Option<&ZendHashTable>) -> Result<Features, Thrown> {
    let setting = |names: &[&str]| given.and_then(|given| find(given, names));
    let enabled = setting(&["http_compression"]).is_none_or(Zval::coerce_to_bool);
    let level = setting(&["http_compression_level", "compression_level", "http_gzip_level"]).map_or(1, to_long);
    let min_length = setting(&["http_compression_min_length", "compression_min_length"]).map(to_long);
    let types = match setting(&["http_compression_types", "compression_types"]) {
        Some(value) => Some(types(value)?),
        None => None,
    };
    let compression = Compression {
        level: level.clamp(0, 255) as u32,
        min_length: min_length.map_or(MIN_LENGTH, |length| usize::try_from(length).unwrap_or(0)),
        types,
    };
    Ok(Features { compression: enabled.then(|| Rc::new(compression)) })
}

fn types(value: &Zval) -> Result<HashSet<String>, Thrown> {
    let Some(list) = value.array() else {
        errors::fatal("http_compression_types must be array");
        return Err(Thrown);
    };
    let mut types = HashSet::new();
    array::try_each(list, |_, value| {
        let kind = Text::of(value)?;
        if !kind.as_bytes().is_empty() {
            types.insert(String::from_utf8_lossy(kind.as_bytes()).into_owned());
        }
        Ok(())
    })?;
    Ok(types)
}

/// How requests are read; the folder's name when it cannot be made.
pub(crate) fn parsing(given: Option<&ZendHashTable>) -> Result<Parsing, String> {
    let setting = |name| given.and_then(|given| find(given, &[name]));
    let mut parsing = Parsing {
        cookie: setting("http_parse_cookie").is_none_or(Zval::coerce_to_bool),
        post: setting("http_parse_post").is_none_or(Zval::coerce_to_bool),
        files: setting("http_parse_files").is_some_and(Zval::coerce_to_bool),
        ..Default::default()
    };
    if let Some(folder) = setting("upload_tmp_dir").and_then(Zval::string) {
        std::fs::create_dir_all(&folder).map_err(|_| folder.clone())?;
        parsing.folder = folder.into();
    }
    Ok(parsing)
}
