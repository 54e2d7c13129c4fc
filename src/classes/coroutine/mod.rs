//! `Swoole\Coroutine`.

pub mod channel;
pub mod wait_group;

use crate::classes::not_in_this_release;
use crate::zend::call::{Call, Return};

/// `Coroutine::create`.
pub fn create(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::create()")
}

/// `Coroutine::defer`.
pub fn defer(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::defer()")
}

/// `Coroutine::set`.
pub fn set(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::set()")
}

/// `Coroutine::getOptions`.
pub fn get_options(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::getOptions()")
}

/// `Coroutine::exists`.
pub fn exists(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::exists()")
}

/// `Coroutine::yield`.
pub fn r#yield(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::yield()")
}

/// `Coroutine::suspend`.
pub fn suspend(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::suspend()")
}

/// `Coroutine::resume`.
pub fn resume(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::resume()")
}

/// `Coroutine::stats`.
pub fn stats(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::stats()")
}

/// `Coroutine::getCid`.
pub fn get_cid(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::getCid()")
}

/// `Coroutine::getPcid`.
pub fn get_pcid(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::getPcid()")
}

/// `Coroutine::getContext`.
pub fn get_context(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::getContext()")
}

/// `Coroutine::getElapsed`.
pub fn get_elapsed(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::getElapsed()")
}

/// `Coroutine::list`.
pub fn list(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::list()")
}

/// `Coroutine::sleep`.
pub fn sleep(_call: &mut Call<'_>) -> Return {
    not_in_this_release("Swoole\\Coroutine::sleep()")
}
