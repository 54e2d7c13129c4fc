//! The packets that open a session: greeting, login, and the ways to prove a password.

use super::error::Error;
use super::wire::Cursor;
use mysql_common::{crypto, scramble};

/// What this client asks of the server.
pub(super) mod capability {
    pub(in super::super) const LONG_PASSWORD: u32 = 1;
    pub(in super::super) const CONNECT_WITH_DB: u32 = 1 << 3;
    pub(in super::super) const PROTOCOL_41: u32 = 1 << 9;
    pub(in super::super) const SECURE_CONNECTION: u32 = 1 << 15;
    pub(in super::super) const MULTI_RESULTS: u32 = 1 << 17;
    pub(in super::super) const PLUGIN_AUTH: u32 = 1 << 19;

    pub(in super::super) const ASKED: u32 =
        LONG_PASSWORD | CONNECT_WITH_DB | PROTOCOL_41 | SECURE_CONNECTION | MULTI_RESULTS | PLUGIN_AUTH;
}

/// The longest packet this client accepts, as it tells the server.
const MAX_PACKET: u32 = 1 << 30;

const NONCE: usize = 20;

/// The server's first packet.
pub(super) struct Greeting {
    pub(super) plugin: Vec<u8>,
    pub(super) nonce: Vec<u8>,
}

impl Greeting {
    pub(super) fn parse(payload: &[u8]) -> Result<Self, Error> {
        let mut cursor = Cursor::new(payload);
        let version = cursor.u8()?;
        if version != 10 {
            return Err(Error::malformed(&format!("the server speaks protocol {version}, not MySQL's 10")));
        }
        cursor.until_zero();
        cursor.u32()?;
        let mut nonce = cursor.bytes(8)?.to_vec();
        cursor.u8()?;
        let mut capabilities = u32::from(cursor.u16()?);
        let mut plugin = Vec::new();
        if !cursor.rest().is_empty() {
            cursor.bytes(3)?;
            capabilities |= u32::from(cursor.u16()?) << 16;
            let length = usize::from(cursor.u8()?);
            cursor.bytes(10)?;
            if capabilities & capability::SECURE_CONNECTION != 0 {
                nonce.extend_from_slice(cursor.bytes(length.saturating_sub(8).max(13).min(cursor.rest().len()))?);
            }
            if capabilities & capability::PLUGIN_AUTH != 0 {
                plugin = cursor.until_zero().to_vec();
            }
        }
        if capabilities & capability::PROTOCOL_41 == 0 {
            return Err(Error::malformed("the server is older than MySQL 4.1"));
        }
        nonce.truncate(NONCE);
        Ok(Self { plugin, nonce })
    }
}

/// Appends the payload of the login packet.
pub(super) fn login(out: &mut Vec<u8>, charset: u8, user: &[u8], database: &[u8], plugin: &[u8], proof: &[u8]) {
    out.extend_from_slice(&capability::ASKED.to_le_bytes());
    out.extend_from_slice(&MAX_PACKET.to_le_bytes());
    out.push(charset);
    out.extend_from_slice(&[0; 23]);
    out.extend_from_slice(user);
    out.push(0);
    out.push(proof.len() as u8);
    out.extend_from_slice(proof);
    out.extend_from_slice(database);
    out.push(0);
    out.extend_from_slice(plugin);
    out.push(0);
}

/// The plugins this client can answer.
pub(super) fn knows(plugin: &[u8]) -> bool {
    matches!(plugin, b"mysql_native_password" | b"caching_sha2_password")
}

/// The answer to `nonce` that proves `password`; empty for an empty password.
pub(super) fn proof(plugin: &[u8], nonce: &[u8], password: &[u8]) -> Vec<u8> {
    let nonce = nonce.get(..NONCE).unwrap_or(nonce);
    match plugin {
        b"caching_sha2_password" => scramble::scramble_sha256(nonce, password).map(Vec::from),
        _ => scramble::scramble_native(nonce, password).map(Vec::from),
    }
    .unwrap_or_default()
}

/// The password under the server's RSA key, for a server that has no cached proof of it.
pub(super) fn encrypted_password(key: &[u8], nonce: &[u8], password: &[u8]) -> Result<Vec<u8>, Error> {
    let begins = key.windows(10).position(|window| window == b"-----BEGIN").map(|at| &key[at..]);
    let Some(key) = begins else {
        return Err(Error::malformed("the server's public key is not in PEM"));
    };
    let mut secret = password.to_vec();
    secret.push(0);
    for (byte, mask) in secret.iter_mut().zip(nonce.iter().cycle()) {
        *byte ^= mask;
    }
    // The crate panics on a key it cannot read, which only a broken or hostile server sends.
    std::panic::catch_unwind(|| crypto::encrypt(&secret, key))
        .map_err(|_| Error::malformed("the server's public key is unreadable"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_that_is_not_mysql_is_refused() {
        assert!(Greeting::parse(b"-ERR unknown command").is_err());
        assert!(Greeting::parse(b"").is_err());
        assert!(Greeting::parse(&[10]).is_err());
    }

    #[test]
    fn an_unreadable_key_is_an_error() {
        assert!(encrypted_password(b"no key", &[1; 20], b"secret").is_err());
        let silent = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| ()));
        let broken =
            encrypted_password(b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", &[1; 20], b"secret");
        std::panic::set_hook(silent);
        assert!(broken.is_err());
    }

    #[test]
    fn no_password_needs_no_proof() {
        assert!(proof(b"mysql_native_password", &[1; 20], b"").is_empty());
        assert_eq!(proof(b"mysql_native_password", &[1; 20], b"x").len(), 20);
        assert_eq!(proof(b"caching_sha2_password", &[1; 20], b"x").len(), 32);
    }
}
