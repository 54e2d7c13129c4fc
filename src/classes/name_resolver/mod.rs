//! Resolvers of names that scripts register: objects of `Swoole\NameResolver` (php-library) that are asked before the system.

pub mod context;

use crate::classes::coroutine::system;
use crate::classes::errors;
use crate::zend::array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::{self, class_loading, objects};
use context::Context;
use ext_php_rs::types::Zval;
use std::cell::RefCell;
use std::convert::Infallible;

/// The class that resolvers extend.
const RESOLVER: &str = "Swoole\\NameResolver";

thread_local! {
    /// The resolvers of this request, asked in this order.
    static RESOLVERS: RefCell<Vec<Zval>> = const { RefCell::new(Vec::new()) };
}

/// Forgets what belongs to a request.
pub(crate) fn request_shutdown() {
    let resolvers = RESOLVERS.take();
    drop(resolvers);
}

/// Registers a resolver behind the others; false, with a warning, when it is none.
pub(crate) fn add(resolver: &Zval) -> bool {
    match class_loading::load(RESOLVER) {
        None => {
            errors::warn(&format!("Class \"{RESOLVER}\" not found"));
            false
        }
        Some(class) if objects::is_a(resolver, class) => {
            RESOLVERS.with_borrow_mut(|resolvers| resolvers.push(resolver.shallow_clone()));
            true
        }
        Some(_) => {
            errors::warn(&format!("the given object is not an instance of {RESOLVER}"));
            false
        }
    }
}

/// Registers the resolvers of the option `name_resolver`; an entry that is none is left out.
pub(crate) fn add_all(option: &Zval) {
    let Some(list) = option.array() else { return errors::warn("name_resolver must be an array") };
    let Ok(()) = array::try_each(list, |_, resolver| {
        add(resolver);
        Ok::<(), Infallible>(())
    });
}

/// `$object->$method($argument)`
fn ask(object: &Zval, method: &str, arguments: &[Zval]) -> Result<Zval, Thrown> {
    let mut pair = array::Array::new();
    pair.push(object.shallow_clone());
    pair.push(zend::string(method.as_bytes()));
    match Callable::new(&pair.into()) {
        Some(method) => method.call(arguments),
        None => Ok(Zval::null()),
    }
}

/// The node that a cluster gives: its host, and its port if that is wanted.
fn node(cluster: &Zval, with_port: bool) -> Result<Option<Vec<u8>>, Thrown> {
    let node = ask(cluster, "pop", &[])?;
    let Some(node) = node.array() else { return Ok(None) };
    let Some(host) = node.get("host").and_then(Zval::zend_str) else { return Ok(None) };
    let mut address = host.as_bytes().to_vec();
    if with_port {
        let Some(port) = node.get("port") else { return Ok(None) };
        address.extend_from_slice(format!(":{}", zend::to_long(port)).as_bytes());
    }
    Ok(Some(address))
}

/// What one resolver says, and whether that is the last word.
fn resolve(resolver: &Zval, name: &[u8], context: &Context) -> Result<(Vec<u8>, bool), Thrown> {
    let mut cluster = context.cluster();
    if let Some(known) = &cluster
        && zend::to_long(&ask(known, "count", &[])?) == 0
    {
        // No node is left.
        context.set_cluster(None);
        cluster = None;
    }
    let cluster = match cluster {
        Some(cluster) => cluster,
        None => {
            let found = ask(resolver, "lookup", &[zend::string(name)])?;
            if let Some(address) = found.zend_str() {
                return Ok((address.as_bytes().to_vec(), true));
            }
            if !found.is_object() {
                return Ok((Vec::new(), false));
            }
            context.set_cluster(Some(found.shallow_clone()));
            found
        }
    };
    Ok((node(&cluster, context.with_port())?.unwrap_or_default(), false))
}

/// The address of `name`: from the first resolver that knows it, else from the system; empty if there is none.
///
/// # Errors
/// A resolver threw.
pub(crate) fn look_up(name: &[u8], context: &Context) -> Result<Vec<u8>, Thrown> {
    let resolvers: Vec<Zval> = RESOLVERS.with_borrow(|resolvers| resolvers.iter().map(Zval::shallow_clone).collect());
    for resolver in &resolvers {
        let (address, last) = resolve(resolver, name, context)?;
        if last || !address.is_empty() {
            return Ok(address);
        }
    }
    match system::first_address(name, context.family(), -1.0) {
        Ok(address) => Ok(address.into_bytes()),
        Err(number) => {
            errors::set_last(number);
            Ok(Vec::new())
        }
    }
}

/// The address of `name` for a client that takes at most `seconds` for it: from the resolvers, else from the system.
/// Empty if there is none; the last error says why.
///
/// # Errors
/// A resolver threw.
pub(crate) fn address_of(name: &[u8], with_port: bool, seconds: f64) -> Result<Vec<u8>, Thrown> {
    if !RESOLVERS.with_borrow(Vec::is_empty) {
        return look_up(name, &Context::new_for(libc::AF_INET, with_port));
    }
    match system::first_address(name, libc::AF_INET, seconds) {
        Ok(address) => Ok(address.into_bytes()),
        Err(number) => {
            errors::set_last(number);
            Ok(Vec::new())
        }
    }
}

/// `swoole_name_resolver_lookup()`
pub fn swoole_name_resolver_lookup(call: &mut Call<'_>) -> Return {
    let name = call.str_arg(0)?.as_bytes();
    let context = call.native_arg::<Context>(1, c"Swoole\\NameResolver\\Context")?;
    let address = look_up(name, context)?;
    call.return_bytes(&address)
}

/// `swoole_name_resolver_add()`
pub fn swoole_name_resolver_add(call: &mut Call<'_>) -> Return {
    let added = add(call.object_arg(0)?);
    call.return_bool(added)
}

/// `swoole_name_resolver_remove()`
pub fn swoole_name_resolver_remove(call: &mut Call<'_>) -> Return {
    let resolver = call.object_arg(0)?;
    let removed = RESOLVERS.with_borrow_mut(|resolvers| {
        let at = resolvers.iter().position(|known| objects::same(known, resolver))?;
        Some(resolvers.remove(at))
    });
    call.return_bool(removed.is_some())
}
