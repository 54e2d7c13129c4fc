//! `Swoole\NameResolver\Context`.

use crate::native_handlers;
use crate::zend::call::{Call, Return};
use crate::zend::object::Native;
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};

/// What a name is looked up for, and what was found so far.
pub struct Context {
    family: Cell<i32>,
    with_port: Cell<bool>,
    /// The nodes that a resolver gave, until none is left.
    cluster: RefCell<Option<Zval>>,
}

impl Native for Context {
    native_handlers!();

    fn new() -> Self {
        Self { family: Cell::new(libc::AF_INET), with_port: Cell::new(false), cluster: RefCell::new(None) }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        if let Some(cluster) = &*self.cluster.borrow() {
            visit(cluster);
        }
    }
}

impl Context {
    /// For addresses of a family, without ports.
    pub fn of(family: i32) -> Self {
        Self { family: Cell::new(family), ..Self::new() }
    }

    /// For a look-up of our own.
    pub(super) fn new_for(family: i32, with_port: bool) -> Self {
        Self { family: Cell::new(family), with_port: Cell::new(with_port), cluster: RefCell::new(None) }
    }

    /// `AF_INET` or `AF_INET6`.
    pub fn family(&self) -> i32 {
        self.family.get()
    }

    /// Whether addresses have a port.
    pub fn with_port(&self) -> bool {
        self.with_port.get()
    }

    /// The nodes that a resolver gave.
    pub fn cluster(&self) -> Option<Zval> {
        self.cluster.borrow().as_ref().map(Zval::shallow_clone)
    }

    /// Keeps nodes, or forgets them.
    pub fn set_cluster(&self, cluster: Option<Zval>) {
        let old = self.cluster.replace(cluster);
        drop(old);
    }
}

/// `__construct(int $family = AF_INET, bool $withPort = false)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let family = call.optional(0, i64::from(libc::AF_INET), Call::long_arg)?;
    let with_port = call.optional(1, false, Call::bool_arg)?;
    let context = call.native::<Context>();
    context.family.set(family as i32);
    context.with_port.set(with_port);
    Ok(())
}
