//! The terms of permessage-deflate (RFC 7692, 7.1): what a client offers, what a server answers.

use super::deflate::{LARGEST, SMALLEST};
use std::fmt::Write;

const NAME: &str = "permessage-deflate";

/// What this side wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compression {
    /// Whether messages may refer to earlier ones. That compresses small messages better and costs each connection up to
    /// 300 KiB from its first message on.
    pub takeover: bool,
    /// Largest window, 9 to 15 bits.
    pub window_bits: u8,
}

impl Default for Compression {
    /// Without context and with the largest window, as Swoole has it.
    fn default() -> Self {
        Self { takeover: false, window_bits: LARGEST }
    }
}

/// What both sides have agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Window of what the server sends, in bits.
    pub server_bits: u8,
    /// Window of what the client sends, in bits.
    pub client_bits: u8,
    /// Whether the server's messages refer to earlier ones.
    pub server_takeover: bool,
    /// Whether the client's messages refer to earlier ones.
    pub client_takeover: bool,
}

/// One entry of the header, understood.
#[derive(Clone, Copy, Default)]
struct Parameters {
    server_no_takeover: bool,
    client_no_takeover: bool,
    server_bits: Option<u8>,
    /// Present without a value: the client only says that it would follow.
    client_bits: Option<Option<u8>>,
}

impl Parameters {
    /// Reads `name; key; key=value`; `None` when it is another extension, or says what the RFC does not allow.
    fn read(entry: &str) -> Option<Self> {
        let mut parts = entry.split(';').map(str::trim);
        if !parts.next()?.eq_ignore_ascii_case(NAME) {
            return None;
        }
        let mut found = Self::default();
        for part in parts {
            let (key, value) = match part.split_once('=') {
                Some((key, value)) => (key.trim_end(), Some(value.trim().trim_matches('"'))),
                None => (part, None),
            };
            let new = match key.to_ascii_lowercase().as_str() {
                "server_no_context_takeover" if value.is_none() => {
                    !std::mem::replace(&mut found.server_no_takeover, true)
                }
                "client_no_context_takeover" if value.is_none() => {
                    !std::mem::replace(&mut found.client_no_takeover, true)
                }
                "server_max_window_bits" => found.server_bits.replace(bits(value?)?).is_none(),
                "client_max_window_bits" => {
                    let bits = match value {
                        Some(value) => Some(bits(value)?),
                        None => None,
                    };
                    found.client_bits.replace(bits).is_none()
                }
                _ => false,
            };
            if !new {
                return None;
            }
        }
        Some(found)
    }
}

/// A window's size, written without leading zeros.
fn bits(text: &str) -> Option<u8> {
    let value = text.parse().ok().filter(|bits| (8..=LARGEST).contains(bits))?;
    (value.to_string() == text).then_some(value)
}

impl Compression {
    fn bits(self) -> u8 {
        self.window_bits.clamp(SMALLEST, LARGEST)
    }

    /// The client's header.
    pub fn offer(self) -> String {
        let mut offer = NAME.to_owned();
        if !self.takeover {
            offer.push_str("; client_no_context_takeover; server_no_context_takeover");
        }
        if self.bits() < LARGEST {
            let bits = self.bits();
            // writing to a string never fails
            let _ = write!(offer, "; client_max_window_bits={bits}; server_max_window_bits={bits}");
        }
        offer
    }

    /// The server's choice among the offers in a client's header, and its header to answer with.
    pub fn choose(self, offers: &str) -> Option<(Terms, String)> {
        offers.split(',').filter_map(Parameters::read).find_map(|offer| self.accept(offer))
    }

    fn accept(self, offer: Parameters) -> Option<(Terms, String)> {
        let server_bits = offer.server_bits.map_or(self.bits(), |most| most.min(self.bits()));
        if server_bits < SMALLEST {
            return None;
        }
        // zlib inflates any window with a larger one, so a client is only asked for less where memory counts
        let client_bits = match offer.client_bits {
            Some(most) => most.unwrap_or(LARGEST).min(self.bits()),
            None => LARGEST,
        };
        let terms = Terms {
            server_bits,
            client_bits,
            server_takeover: self.takeover && !offer.server_no_takeover,
            client_takeover: self.takeover && !offer.client_no_takeover,
        };
        let mut answer = NAME.to_owned();
        if !terms.client_takeover {
            answer.push_str("; client_no_context_takeover");
        }
        if !terms.server_takeover {
            answer.push_str("; server_no_context_takeover");
        }
        // writing to a string never fails
        if offer.server_bits.is_some() || server_bits < LARGEST {
            let _ = write!(answer, "; server_max_window_bits={server_bits}");
        }
        if offer.client_bits.is_some() && client_bits < LARGEST {
            let _ = write!(answer, "; client_max_window_bits={client_bits}");
        }
        Some((terms, answer))
    }

    /// What an answer says, whoever made it and whatever was offered; `None` when it is none.
    pub fn read_answer(answer: &str) -> Option<Terms> {
        let answer = Parameters::read(answer.trim()).filter(|answer| answer.client_bits != Some(None))?;
        let bits = |given: Option<u8>| given.unwrap_or(LARGEST);
        let terms = Terms {
            server_bits: bits(answer.server_bits),
            client_bits: bits(answer.client_bits.flatten()),
            server_takeover: !answer.server_no_takeover,
            client_takeover: !answer.client_no_takeover,
        };
        (terms.server_bits >= SMALLEST && terms.client_bits >= SMALLEST).then_some(terms)
    }

    /// What a server's header means for a client that has sent [`offer`](Self::offer).
    ///
    /// # Errors
    /// When it answers what was not offered: the client must not go on.
    pub fn agreed(self, answer: &str) -> Result<Terms, &'static str> {
        let not_offered = "the server chose an extension that was not offered";
        let answer = Parameters::read(answer.trim()).ok_or(not_offered)?;
        if answer.client_bits == Some(None) || (answer.client_bits.is_some() && self.bits() == LARGEST) {
            return Err(not_offered);
        }
        let server_bits = answer.server_bits.unwrap_or(LARGEST);
        let client_bits = answer.client_bits.flatten().unwrap_or(LARGEST).min(self.bits());
        if server_bits > self.bits() || (!self.takeover && !answer.server_no_takeover) || client_bits < SMALLEST {
            return Err("the server does not follow what was offered");
        }
        Ok(Terms {
            server_bits,
            client_bits,
            server_takeover: !answer.server_no_takeover,
            client_takeover: self.takeover && !answer.client_no_takeover,
        })
    }
}
