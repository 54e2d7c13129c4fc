//! TLS in the arrays that PHP code gives to `set()`: `ssl_cert_file` and its relatives.

use super::settings::find;
use crate::io::tls::{ClientSettings, Identity, Kind, ServerSettings, ServerTls};
use crate::zend::call::Thrown;
use crate::zend::text::Text;
use crate::zend::{self};
use ext_php_rs::types::array::ArrayKey;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// Why settings are not taken.
#[derive(Debug)]
pub enum Refused {
    /// A value could not be converted: the exception is on its way.
    Thrown(Thrown),
    /// Something is wrong with them, in Swoole's words; what it calls a fatal error or a warning, depending on the class.
    Because(String),
}

impl From<Thrown> for Refused {
    fn from(thrown: Thrown) -> Self {
        Self::Thrown(thrown)
    }
}

fn because(text: impl Into<String>) -> Refused {
    Refused::Because(text.into())
}

fn text(given: &ZendHashTable, name: &str) -> Result<Option<Vec<u8>>, Thrown> {
    find(given, &[name]).map(|value| Text::of(value).map(|text| text.as_bytes().to_vec())).transpose()
}

fn words(given: &ZendHashTable, name: &str) -> Result<Option<String>, Thrown> {
    Ok(text(given, name)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

fn path(given: &ZendHashTable, name: &str) -> Result<Option<PathBuf>, Thrown> {
    Ok(text(given, name)?.map(|bytes| PathBuf::from(OsStr::from_bytes(&bytes))))
}

/// A file that must be there.
fn file(given: &ZendHashTable, name: &str, what: &str) -> Result<Option<PathBuf>, Refused> {
    let Some(path) = path(given, name)? else { return Ok(None) };
    match path.exists() {
        true => Ok(Some(path)),
        false => Err(because(format!("{what}[{}] not found", path.display()))),
    }
}

fn depth(value: &Zval) -> usize {
    zend::to_long(value).clamp(0, 255) as usize
}

/// `ssl_cert_file`, `ssl_key_file` and `ssl_passphrase`, on top of what was set before.
fn identity(given: &ZendHashTable, before: Option<Identity>) -> Result<Option<Identity>, Refused> {
    let cert_file = file(given, "ssl_cert_file", "ssl cert file")?;
    let key_file = file(given, "ssl_key_file", "ssl key file")?;
    let passphrase = text(given, "ssl_passphrase")?;
    if cert_file.is_none() && key_file.is_none() && (passphrase.is_none() || before.is_none()) {
        // a passphrase may come first
        return Ok(before.or_else(|| {
            passphrase.map(|passphrase| Identity { passphrase: Some(passphrase), ..Identity::default() })
        }));
    }
    let before = before.unwrap_or_default();
    Ok(Some(Identity {
        cert_file: cert_file.unwrap_or(before.cert_file),
        key_file: key_file.unwrap_or(before.key_file),
        passphrase: passphrase.or(before.passphrase),
    }))
}

/// Reads a listening port's settings on top of those that it has.
///
/// # Errors
/// A file is not there, or `ssl_sni_certs` has another shape than host name to array. Then nothing has changed.
pub fn read_server(given: &ZendHashTable, settings: &mut ServerSettings) -> Result<(), Refused> {
    let mut new = settings.clone();
    new.identity = identity(given, new.identity)?;
    if let Some(value) = find(given, &["ssl_protocols"]) {
        new.dialect.protocols = zend::to_long(value);
    }
    if let Some(value) = find(given, &["ssl_verify_peer"]) {
        new.verify_peer = value.coerce_to_bool();
    }
    if let Some(value) = find(given, &["ssl_allow_self_signed"]) {
        new.allow_self_signed = value.coerce_to_bool();
    }
    if let Some(file) = file(given, "ssl_client_cert_file", "ssl_client_cert_file")? {
        new.client_cert_file = Some(file);
    }
    if let Some(file) = path(given, "ssl_cafile")? {
        new.trust.cafile = Some(file);
    }
    if let Some(folder) = path(given, "ssl_capath")? {
        new.trust.capath = Some(folder);
    }
    if let Some(value) = find(given, &["ssl_verify_depth"]) {
        new.verify_depth = Some(depth(value)).filter(|depth| *depth > 0);
    }
    if let Some(list) = words(given, "ssl_ciphers")? {
        new.dialect.ciphers = Some(list);
    }
    if let Some(list) = words(given, "ssl_ecdh_curve")? {
        new.dialect.curves = Some(list);
    }
    if let Some(value) = find(given, &["ssl_sni_certs"]) {
        new.sni = sni(value)?;
    }
    *settings = new;
    Ok(())
}

fn sni(value: &Zval) -> Result<Vec<(String, Identity)>, Refused> {
    let list =
        value.array().ok_or_else(|| because("ssl_sni_certs requires an array mapping host names to cert paths"))?;
    let mut all = Vec::with_capacity(list.len());
    for (name, files) in list {
        let name = match name {
            ArrayKey::String(name) => name,
            ArrayKey::Str(name) => name.to_owned(),
            ArrayKey::Long(_) => return Err(because("ssl_sni_certs array requires string host name keys")),
            #[allow(unreachable_patterns, reason = "other kinds of keys in other versions")]
            _ => continue,
        };
        let files = files.array().ok_or_else(|| because("invalid SNI_cert setting"))?;
        let found = identity(files, None)?.filter(Identity::is_complete);
        all.push((name, found.ok_or_else(|| because("ssl_add_sni_cert() failed"))?));
    }
    Ok(all)
}

/// Reads a client's settings on top of those that it has.
///
/// # Errors
/// A file is not there, or a certificate has no key or the other way round. Then nothing has changed.
pub fn read_client(given: &ZendHashTable, settings: &mut ClientSettings) -> Result<(), Refused> {
    let mut new = settings.clone();
    new.identity = identity(given, new.identity)?;
    if let Some(identity) = &new.identity {
        match (identity.cert_file.as_os_str().is_empty(), identity.key_file.as_os_str().is_empty()) {
            (false, true) => return Err(because("ssl require key file")),
            (true, false) => return Err(because("ssl require cert file")),
            _ => {}
        }
    }
    if let Some(value) = find(given, &["ssl_protocols"]) {
        new.dialect.protocols = zend::to_long(value);
    }
    if let Some(name) = words(given, "ssl_host_name")? {
        new.host_name = Some(name).filter(|name| !name.is_empty());
    }
    if let Some(value) = find(given, &["ssl_verify_peer"]) {
        new.verify_peer = value.coerce_to_bool();
    }
    if let Some(value) = find(given, &["ssl_allow_self_signed"]) {
        new.allow_self_signed = value.coerce_to_bool();
    }
    if let Some(file) = path(given, "ssl_cafile")? {
        new.trust.cafile = Some(file).filter(|file| !file.as_os_str().is_empty());
    }
    if let Some(folder) = path(given, "ssl_capath")? {
        new.trust.capath = Some(folder).filter(|folder| !folder.as_os_str().is_empty());
    }
    if let Some(value) = find(given, &["ssl_verify_depth"]) {
        new.verify_depth = Some(depth(value)).filter(|depth| *depth > 0);
    }
    if let Some(list) = words(given, "ssl_ciphers")? {
        new.dialect.ciphers = Some(list);
    }
    if let Some(list) = words(given, "ssl_ecdh_curve")? {
        new.dialect.curves = Some(list);
    }
    *settings = new;
    Ok(())
}

/// TLS as the settings say; a server without a certificate does not start.
pub(crate) fn server(given: Option<&ZendHashTable>) -> Result<Result<ServerTls, (i32, String)>, Thrown> {
    let mut settings = ServerSettings::default();
    match given.map_or(Ok(()), |given| read_server(given, &mut settings)) {
        Err(Refused::Thrown(thrown)) => return Err(thrown),
        Err(Refused::Because(text)) => return Ok(Err((Kind::CreateContextFailed.code(), text))),
        Ok(()) => {}
    }
    if given.and_then(|given| find(given, &["open_http2_protocol"])).is_some_and(Zval::coerce_to_bool) {
        settings.alpn = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    }
    Ok(settings.build().map_err(|error| (error.code(), error.text().to_owned())))
}
