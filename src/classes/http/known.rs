//! Names of headers that handlers set with every reply. They are constants of the script, so what is to be known of one is found by its
//! address.

use super::head::{Kind, LONGEST_NAME, capitalise};
use crate::io::http::is_name;
use crate::zend::text::{self, Name};
use ext_php_rs::types::ZendStr;
use std::cell::Cell;

/// A name.
pub(super) struct Known {
    /// The constant, by which it is found. Nobody follows it: its memory may have become another string.
    address: usize,
    hash: u64,
    length: usize,
    /// As [`capitalise`] writes it.
    pub(super) spelt: Name,
    pub(super) kind: Kind,
}

/// Places in the table, of which a name may take the first free one among a few.
const PLACES: usize = 256;
const NEAR: usize = 4;

struct Table([Cell<Option<&'static Known>>; PLACES]);

// SAFETY: only the PHP thread handles PHP's strings.
unsafe impl Sync for Table {}

static TABLE: Table = Table([const { Cell::new(None) }; PLACES]);

/// What is known of a header's name; `None` for strings that are no constants, and what can be no name.
#[inline]
pub(super) fn find(name: &ZendStr) -> Option<&'static Known> {
    if !text::is_constant(name) {
        return None;
    }
    let address = std::ptr::from_ref(name).addr();
    let first = address / 32 + address / 4096;
    for near in 0..NEAR {
        match TABLE.0[(first + near) % PLACES].get() {
            // another string may lie where a constant of an earlier script was
            Some(known) if known.address == address && known.hash == name.h && known.length == name.len => {
                return Some(known);
            }
            Some(_) => {}
            None => return learn(name, (first + near) % PLACES),
        }
    }
    None
}

#[cold]
fn learn(name: &ZendStr, place: usize) -> Option<&'static Known> {
    let bytes = name.as_bytes();
    if name.h == 0 || bytes.len() > LONGEST_NAME || !is_name(bytes) {
        return None;
    }
    let mut spelt = bytes.to_vec();
    capitalise(&mut spelt);
    let same = TABLE.0.iter().filter_map(Cell::get).find(|known| known.spelt.as_bytes() == spelt);
    let known = Known {
        address: std::ptr::from_ref(name).addr(),
        hash: name.h,
        length: bytes.len(),
        spelt: same.map_or_else(|| Name::kept(&spelt), |known| known.spelt),
        kind: Kind::of(bytes),
    };
    // there are no more of them than places
    TABLE.0[place].set(Some(Box::leak(Box::new(known))));
    TABLE.0[place].get()
}
