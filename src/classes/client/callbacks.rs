//! The functions of a user's that the loop calls for a connection, and the objects that they get.

use super::Client;
use super::connection::Connection;
use crate::classes::{ce, errors, slots};
use crate::coroutine::engine::{self, scheduler};
use crate::io::client::Kind;
use crate::zend::call::{Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::{self, object};
use ext_php_rs::types::Zval;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What a user's function is called for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Callback {
    Connect,
    Error,
    Receive,
    Close,
    BufferFull,
    BufferEmpty,
    SslReady,
}

impl Callback {
    /// How many there are.
    pub(super) const COUNT: usize = 7;

    /// Those that `on()` knows, by name.
    pub(crate) const NAMED: [(&'static str, Self); 6] = [
        ("connect", Self::Connect),
        ("receive", Self::Receive),
        ("close", Self::Close),
        ("error", Self::Error),
        ("bufferFull", Self::BufferFull),
        ("bufferEmpty", Self::BufferEmpty),
    ];

    /// The property that shows it, and Swoole's name for it.
    pub(crate) fn property(self) -> (usize, &'static str) {
        use slots::swoole_async_client as slot;
        match self {
            Self::Connect => (slot::ON_CONNECT, "onConnect"),
            Self::Error => (slot::ON_ERROR, "onError"),
            Self::Receive => (slot::ON_RECEIVE, "onReceive"),
            Self::Close => (slot::ON_CLOSE, "onClose"),
            Self::BufferFull => (slot::ON_BUFFER_FULL, "onBufferFull"),
            Self::BufferEmpty => (slot::ON_BUFFER_EMPTY, "onBufferEmpty"),
            Self::SslReady => (slot::ON_SSL_READY, "onSSLReady"),
        }
    }
}

/// From where a user's function is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum From {
    /// A turn of the loop.
    Loop,
    /// A method that PHP code has called: it gets the exception.
    Method,
}

thread_local! {
    /// The objects of connections that the loop serves, by the connection's address.
    static OBJECTS: RefCell<HashMap<*const Connection, Zval>> = RefCell::default();
}

/// The request ends: nobody is told anything any more.
pub(super) fn request_shutdown() {
    drop(OBJECTS.take());
}

/// The object that a connection belongs to.
pub(super) fn object_of(connection: &Connection) -> Option<Zval> {
    OBJECTS.with_borrow(|objects| objects.get(&std::ptr::from_ref(connection)).map(Zval::shallow_clone))
}

impl Connection {
    /// Has an object told of what happens to this connection.
    pub(super) fn belong_to(self: &Rc<Self>, this: Zval) {
        OBJECTS.with_borrow_mut(|objects| objects.insert(Rc::as_ptr(self), this));
    }

    /// Calls the last function, and frees the object for another connection.
    pub(super) fn farewell(self: &Rc<Self>, which: Callback, from: From) -> Return {
        // A datagram socket needs neither function.
        let needed = self.socket.kind().is_stream() || self.callback(which).is_some();
        let outcome = if needed { self.call(which, None, from) } else { Ok(()) };
        self.let_go();
        outcome
    }

    /// The object has this connection no longer.
    pub(super) fn let_go(self: &Rc<Self>) {
        let object = OBJECTS.with_borrow_mut(|objects| objects.remove(&Rc::as_ptr(self)));
        if let Some(client) = object.as_ref().and_then(Zval::object).and_then(object::native::<Client>) {
            client.release_if(self);
        }
        drop(object);
    }

    pub(super) fn callback(&self, which: Callback) -> Option<Callable> {
        let this = object_of(self)?;
        object::native::<Client>(this.object()?)?.callback(which)
    }

    /// Calls a user's function.
    pub(super) fn call(&self, which: Callback, data: Option<Zval>, from: From) -> Return {
        let Some(this) = object_of(self) else { return Ok(()) };
        let Some(callable) = self.callback(which) else {
            errors::warn(&format!("{} has no {} callback", class_name(&this), which.property().1));
            return if zend::exception_pending() && from == From::Method { Err(Thrown) } else { Ok(()) };
        };
        let mut arguments = vec![this];
        arguments.extend(data);
        match from {
            From::Loop => {
                scheduler().note_activity(true);
                engine::at_root(|| drop(callable.call(&arguments)))
            }
            From::Method => callable.call(&arguments).map(drop),
        }
    }
}

fn class_name(object: &Zval) -> String {
    let class = object.object().and_then(|object| object.get_class_name().ok());
    class.unwrap_or_else(|| ce::swoole_async_client().name().unwrap_or_default().to_owned())
}

/// Whether functions that a connection of this kind needs are missing: the name of the first.
pub(super) fn missing(client: &Client, kind: Kind) -> Option<&'static str> {
    let needed: &[Callback] = match kind.is_stream() {
        true => &[Callback::Receive, Callback::Connect, Callback::Error, Callback::Close],
        false => &[Callback::Receive],
    };
    needed.iter().find(|which| client.callback(**which).is_none()).map(|which| which.property().1)
}
