//! Packets that say their length.

use super::{Refusal, Step};
use std::fmt;
use std::rc::Rc;

/// How a length is written: those of `pack()`'s codes that have a fixed size.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LengthType(u8);

impl LengthType {
    /// The type of this code, if there is one: `c C s S n v l L N V q Q J P`.
    pub fn from_code(code: u8) -> Option<Self> {
        b"cCsSnvlLNVqQJP".contains(&code).then_some(Self(code))
    }

    /// Its code.
    pub fn code(self) -> u8 {
        self.0
    }

    /// Bytes that it takes.
    pub fn size(self) -> usize {
        match self.0 {
            b'c' | b'C' => 1,
            b's' | b'S' | b'n' | b'v' => 2,
            b'l' | b'L' | b'N' | b'V' => 4,
            _ => 8,
        }
    }

    /// The number at the start of `bytes`, which are as many as it takes or more; what is above `i64` is negative.
    fn read(self, bytes: &[u8]) -> i64 {
        let mut raw = [0; 8];
        let size = self.size();
        raw[..size].copy_from_slice(&bytes[..size]);
        let big = matches!(self.0, b'n' | b'N' | b'J')
            || cfg!(target_endian = "big") && !matches!(self.0, b'v' | b'V' | b'P');
        if big {
            raw[..size].reverse();
        }
        let value = u64::from_le_bytes(raw);
        match self.0 {
            b'c' => i64::from(value as i8),
            b's' => i64::from(value as i16),
            b'l' => i64::from(value as i32),
            _ => value as i64,
        }
    }
}

/// A function that tells the length of the packet that begins with these bytes: 0 when it needs more of them, negative when it cannot be.
pub type LengthFunction = Rc<dyn Fn(&[u8]) -> i64>;

/// Where the length comes from.
#[derive(Clone, Default)]
pub enum Rule {
    /// A number at a fixed place.
    #[default]
    Field,
    /// A function.
    Function(LengthFunction),
    /// FastCGI's records.
    FastCgi,
    /// MQTT's packets.
    Mqtt,
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Field => "Field",
            Self::Function(_) => "Function",
            Self::FastCgi => "FastCgi",
            Self::Mqtt => "Mqtt",
        })
    }
}

/// How a packet says its length.
#[derive(Clone, Debug)]
pub struct Length {
    /// Where it comes from.
    pub rule: Rule,
    /// The number's type.
    pub kind: LengthType,
    /// Where it stands in the packet.
    pub offset: usize,
    /// Bytes at the packet's start that the number does not count.
    pub body_offset: usize,
}

impl Default for Length {
    fn default() -> Self {
        Self { rule: Rule::Field, kind: LengthType(b'N'), offset: 0, body_offset: 0 }
    }
}

/// Bytes in which a length function must have found the length.
const LONGEST_HEADER: usize = 8176;
/// A FastCGI record's header, and its longest content with padding.
const FAST_CGI: (usize, i64) = (8, 0xffff);
/// Bytes of MQTT's length, at most.
const MQTT_LENGTH: usize = 4;

impl Length {
    pub(super) fn step(&self, bytes: &[u8], max: usize) -> Result<Step, Refusal> {
        let received = bytes.len();
        let told = match &self.rule {
            Rule::Field => match bytes.get(self.offset..self.offset + self.kind.size()) {
                None => return Ok(Step::More(self.offset + self.kind.size() - received)),
                Some(field) => match self.kind.read(field) {
                    negative if negative < 0 => negative,
                    length => match length.saturating_add(self.body_offset as i64) {
                        0 => return Err(Refusal::NoLength { received }),
                        length => length,
                    },
                },
            },
            Rule::Function(function) => match function(bytes) {
                0 if received >= LONGEST_HEADER.min(max) => return Err(Refusal::NoLength { received }),
                told => told,
            },
            Rule::FastCgi => match bytes.get(..FAST_CGI.0) {
                None => return Ok(Step::More(FAST_CGI.0 - received)),
                Some(head) => match i64::from(u16::from_be_bytes([head[4], head[5]])) + i64::from(head[6]) {
                    length if length > FAST_CGI.1 => -1,
                    length => length + FAST_CGI.0 as i64,
                },
            },
            Rule::Mqtt => mqtt(bytes),
        };
        match usize::try_from(told) {
            Err(_) => Err(Refusal::Malformed { received }),
            Ok(0) => Ok(Step::More(1)),
            Ok(length) if length > max => Err(Refusal::LengthTooLarge { length: told }),
            Ok(length) if length > received => Ok(Step::More(length - received)),
            Ok(length) => Ok(Step::Packet(length)),
        }
    }
}

/// An MQTT packet's length: seven bits a byte after the first one, lowest first.
fn mqtt(bytes: &[u8]) -> i64 {
    let mut length = 0;
    for (place, byte) in bytes.iter().skip(1).take(MQTT_LENGTH).enumerate() {
        length |= i64::from(byte & 127) << (7 * place);
        if byte & 128 == 0 {
            return length + place as i64 + 2;
        }
    }
    if bytes.len() > MQTT_LENGTH { -1 } else { 0 }
}
