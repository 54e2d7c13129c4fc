//! Settings of servers that speak HTTP.

use super::request::Parsing;
use crate::classes::errors;
use crate::classes::settings::{find, size};
use crate::io::http::upload::Uploading;
use crate::io::http::{Compression, Features, Http2Settings, Limits, Rewrite, StaticFiles};
use crate::log;
use crate::zend::array::{self, Key};
use crate::zend::call::Thrown;
use crate::zend::text::Text;
use crate::zend::to_long;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

/// Shorter bodies are not compressed, unless the settings say otherwise.
const MIN_LENGTH: usize = 20;

/// What the server does by itself; uploaded files go to `folder`.
///
/// # Errors
/// When a value's conversion threw.
pub(crate) fn features(given: Option<&ZendHashTable>, folder: &Path, limits: &Limits) -> Result<Features, Thrown> {
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
    let files = match setting(&["enable_static_handler"]).is_some_and(Zval::coerce_to_bool) {
        true => given.map(static_files).transpose()?.flatten(),
        false => None,
    };
    let largest =
        given.and_then(|given| size(given, &["upload_max_filesize"])).and_then(|size| u64::try_from(size).ok());
    let uploading = largest
        .filter(|size| *size > 0)
        .map(|max_size| Rc::new(Uploading { folder: folder.to_owned(), max_size, max_fields: limits.body }));
    let (compression, files) = (enabled.then(|| Rc::new(compression)), files.map(Rc::new));
    Ok(Features { compression, files, uploading, ..Features::default() })
}

/// What the server tells its clients about HTTP/2 (`http2_*`).
pub(crate) fn http2(given: Option<&ZendHashTable>) -> Http2Settings {
    let number = |name: &str, default: u32| {
        let value = given.and_then(|given| find(given, &[name])).map(to_long);
        value.map_or(default, |value| u32::try_from(value).unwrap_or(if value < 0 { 0 } else { u32::MAX }))
    };
    let default = Http2Settings::default();
    Http2Settings {
        header_table_size: number("http2_header_table_size", default.header_table_size),
        max_concurrent_streams: number("http2_max_concurrent_streams", default.max_concurrent_streams),
        init_window_size: number("http2_init_window_size", default.init_window_size),
        max_frame_size: number("http2_max_frame_size", default.max_frame_size),
        max_header_list_size: number("http2_max_header_list_size", default.max_header_list_size),
        websocket: default.websocket,
    }
}

/// The texts of an array that are not empty; a fatal error, which leaks what the caller holds, when it is none.
fn list(value: &Zval, otherwise: &str) -> Result<Vec<String>, Thrown> {
    let Some(list) = value.array() else {
        errors::fatal(otherwise);
        return Err(Thrown);
    };
    let mut texts = Vec::new();
    array::try_each(list, |_, value| {
        let text = Text::of(value)?;
        if !text.as_bytes().is_empty() {
            texts.push(String::from_utf8_lossy(text.as_bytes()).into_owned());
        }
        Ok(())
    })?;
    Ok(texts)
}

fn types(value: &Zval) -> Result<HashSet<String>, Thrown> {
    Ok(list(value, "http_compression_types must be array")?.into_iter().collect())
}

/// The files of `document_root`; none without one.
fn static_files(given: &ZendHashTable) -> Result<Option<StaticFiles>, Thrown> {
    let setting = |name| find(given, &[name]);
    let mut files = StaticFiles {
        autoindex: setting("http_autoindex").is_some_and(Zval::coerce_to_bool),
        ..StaticFiles::default()
    };
    if let Some(value) = setting("http_index_files") {
        files.index_files = list(value, "http_index_files must be array")?;
    }
    if let Some(value) = setting("static_handler_locations") {
        files.locations = list(value, "static_handler_locations num must be array")?;
        files.locations.retain(|location| location.starts_with('/'));
    }
    if let Some(value) = setting("url_rewrite_rules") {
        let Some(rules) = value.array() else {
            errors::fatal("The `url_rewrite_rules` must be array");
            return Err(Thrown);
        };
        array::try_each(rules, |key, value| {
            let Some(replacement) = value.zend_str() else {
                errors::fatal("The `replacement` must be string");
                return Err(Thrown);
            };
            if let Key::Text(rule) = key {
                let replacement = String::from_utf8_lossy(replacement.as_bytes());
                files.rewrites.extend(Rewrite::new(&String::from_utf8_lossy(rule), &replacement));
            }
            Ok(())
        })?;
    }
    let Some(root) = setting("document_root").map(Text::of).transpose()? else { return Ok(None) };
    match Path::new(OsStr::from_bytes(root.as_bytes())).canonicalize() {
        Ok(root) => files.root = root,
        Err(_) => {
            let shown = String::from_utf8_lossy(root.as_bytes());
            let text = format!("document_root[{shown}] does not exist");
            log::error(log::WARNING, "Server::set_document_root()", errors::DIR_NOT_EXIST, text.as_bytes());
            return Ok(None);
        }
    }
    Ok(Some(files))
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
