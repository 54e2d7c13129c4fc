//! `getaddrinfo`, `gethostbyname_r`, `getnameinfo`, `res_nsearch`: the resolver has no asynchronous form, so it runs on another
//! thread while the coroutine waits.
//!
//! Everything that thread reads or writes is its own: a cancelled coroutine leaves it behind, and what it finds is freed there.
//! Addresses in figures are not looked up anywhere, so they take no thread.

use super::caller::Caller;
use super::flags::{self, hook};
use super::gate::{self, KeepErrno};
use super::lookup;
use crate::coroutine::Canceled;
use crate::coroutine::engine::Php;
use crate::coroutine::scheduler::Machine;
use crate::zend::{self, HostBuffer};
use libc::{addrinfo, c_char, hostent, size_t, sockaddr, socklen_t};
use std::ffi::{CStr, CString, c_int, c_uchar, c_void};
use std::net::IpAddr;
use std::ptr;

const GETHOST: u32 = hook::NET_FUNCTION;

/// # Safety
/// Null or a C string.
unsafe fn owned(text: *const c_char) -> Option<CString> {
    // SAFETY: promised by the caller.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_owned())
}

fn in_figures(name: &CStr) -> bool {
    name.to_str().is_ok_and(|name| name.split('%').next().is_some_and(|name| name.parse::<IpAddr>().is_ok()))
}

/// A result list; freed unless it is handed over.
pub(super) struct List(*mut addrinfo);

// SAFETY: memory of libc's, which any thread may read and free.
unsafe impl Send for List {}

impl List {
    /// No addresses.
    pub(super) fn none() -> Self {
        Self(ptr::null_mut())
    }

    fn hand_over(mut self) -> *mut addrinfo {
        std::mem::replace(&mut self.0, ptr::null_mut())
    }
}

impl Drop for List {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: from getaddrinfo, freed once.
            unsafe { libc::freeaddrinfo(self.0) };
        }
    }
}

/// What `getaddrinfo` is asked, owned by whoever asks.
pub(super) struct Question {
    name: Option<CString>,
    port: Option<CString>,
    /// Flags, family, type and protocol.
    hints: Option<[c_int; 4]>,
}

/// Looks up, waiting: the code, the error number and the addresses.
pub(super) fn look_up(question: &Question) -> (c_int, i32, List) {
    // SAFETY: all zero is what hints are made from.
    let mut hints: addrinfo = unsafe { std::mem::zeroed() };
    if let Some([flags, family, kind, protocol]) = question.hints {
        (hints.ai_flags, hints.ai_family, hints.ai_socktype, hints.ai_protocol) = (flags, family, kind, protocol);
    }
    let text = |text: &Option<CString>| text.as_ref().map_or(ptr::null(), |text| text.as_ptr());
    let given = if question.hints.is_some() { &raw const hints } else { ptr::null() };
    let mut list = ptr::null_mut();
    // SAFETY: strings and structs that live for the call.
    let code = unsafe { libc::getaddrinfo(text(&question.name), text(&question.port), given, &mut list) };
    (code, gate::errno(), List(list))
}

/// The flags of libcurl.
pub(super) const CURL: u32 = hook::CURL | hook::NATIVE_CURL;

pub(super) unsafe extern "C" fn getaddrinfo<C: Caller>(
    node: *const c_char,
    service: *const c_char,
    hints: *const addrinfo,
    result: *mut *mut addrinfo,
) -> c_int {
    // SAFETY: the caller's strings and struct.
    let (name, port, hint) = unsafe { (owned(node), owned(service), hints.as_ref()) };
    let numeric =
        hint.is_some_and(|hint| hint.ai_flags & libc::AI_NUMERICHOST != 0) || name.as_deref().is_none_or(in_figures);
    let waits = gate::coroutine_if(C::CONNECT_NAMES).is_some();
    let on_its_thread = !waits && C::CONNECT_NAMES == CURL && flags::on(CURL) && !Php::on_thread();
    if numeric || result.is_null() || !(waits || on_its_thread) {
        // SAFETY: the caller's arguments as they are.
        return unsafe { libc::getaddrinfo(node, service, hints, result) };
    }
    let hints_of = |hint: &addrinfo| [hint.ai_flags, hint.ai_family, hint.ai_socktype, hint.ai_protocol];
    let question = Question { name, port, hints: hint.map(hints_of) };
    let errno = KeepErrno::new();
    let found = match on_its_thread {
        true => lookup::ask(question).ok_or(Canceled),
        false => gate::offload(move || look_up(&question)),
    };
    match found {
        Ok((0, _, list)) => {
            // SAFETY: the caller's pointer.
            unsafe { *result = list.hand_over() };
            0
        }
        Ok((code, number, _)) => {
            errno.discard();
            gate::set_errno(number);
            code
        }
        Err(Canceled) => canceled(errno),
    }
}

/// What the resolver's functions return for a cancelled coroutine.
fn canceled(errno: KeepErrno) -> c_int {
    errno.discard();
    gate::last_error(libc::ECANCELED);
    gate::set_errno(libc::ECANCELED);
    libc::EAI_SYSTEM
}

unsafe extern "C" {
    fn gethostbyname_r(
        name: *const c_char,
        entry: *mut hostent,
        buffer: *mut c_char,
        length: size_t,
        result: *mut *mut hostent,
        error: *mut c_int,
    ) -> c_int;
    fn __h_errno_location() -> *mut c_int;
}

/// What `gethostbyname_r` filled in on the other thread: pointers into `buffer`.
struct Host {
    entry: hostent,
    buffer: Vec<u8>,
    code: c_int,
    found: bool,
    error: c_int,
}

// SAFETY: the pointers point into `buffer`, which moves with them without moving its bytes.
unsafe impl Send for Host {}

pub(super) unsafe extern "C" fn gethostbyname<C: Caller>(
    name: *const c_char,
    entry: *mut hostent,
    buffer: *mut c_char,
    length: size_t,
    result: *mut *mut hostent,
    error: *mut c_int,
) -> c_int {
    // SAFETY: the caller's string.
    let owned = unsafe { owned(name) }.filter(|name| !in_figures(name));
    let usable = !(entry.is_null() || buffer.is_null() || result.is_null() || error.is_null());
    let Some(text) = owned.filter(|_| usable && gate::coroutine_if(GETHOST).is_some()) else {
        // SAFETY: the caller's arguments as they are.
        return unsafe { gethostbyname_r(name, entry, buffer, length, result, error) };
    };
    // Room for the same alignment as the caller's, so that every offset means the same.
    let skew = buffer.addr() % align_of::<usize>();
    let kept = KeepErrno::new();
    let taken = HostBuffer::take(buffer.cast());
    let looked_up = gate::offload(move || {
        let mut buffer = vec![0_u8; length + 2 * align_of::<usize>()];
        let start = buffer.as_ptr().align_offset(align_of::<usize>()) + skew;
        // SAFETY: all zero; filled below.
        let mut entry: hostent = unsafe { std::mem::zeroed() };
        let (mut result, mut error) = (ptr::null_mut(), 0);
        // SAFETY: this thread's own; `length` bytes follow `start`.
        let code = unsafe {
            let buffer = buffer.as_mut_ptr().add(start).cast();
            gethostbyname_r(text.as_ptr(), &mut entry, buffer, length, &mut result, &mut error)
        };
        (start, Host { entry, buffer, code, found: !result.is_null(), error })
    });
    drop(taken);
    // SAFETY: the caller's pointers, checked above; `length` bytes are theirs.
    unsafe {
        *result = ptr::null_mut();
        match looked_up {
            Ok((start, host)) => {
                *error = host.error;
                if host.found {
                    move_host(&host, start, entry, buffer, length);
                    *result = entry;
                }
                host.code
            }
            Err(Canceled) => {
                kept.discard();
                gate::last_error(libc::ECANCELED);
                *error = TRY_AGAIN;
                gate::set_errno(libc::ECANCELED);
                libc::ECANCELED
            }
        }
    }
}

/// `TRY_AGAIN` of netdb.h.
const TRY_AGAIN: c_int = 2;

/// Copies the bytes and turns every pointer into one to the copy.
///
/// # Safety
/// `buffer` has `length` bytes, as many as `host.buffer` has from `start` on.
unsafe fn move_host(host: &Host, start: usize, entry: *mut hostent, buffer: *mut c_char, length: usize) {
    let from = host.buffer.as_ptr().wrapping_add(start);
    let moved = |pointer: *mut c_char| -> *mut c_char {
        let offset = pointer.addr().wrapping_sub(from.addr());
        if offset < length { buffer.wrapping_add(offset) } else { pointer }
    };
    let list = |list: *mut *mut c_char| {
        let copy: *mut *mut c_char = moved(list.cast()).cast();
        if copy == list || copy.is_null() {
            return copy;
        }
        let mut place = copy;
        // SAFETY: a null-terminated list inside the copied bytes.
        unsafe {
            while !place.read_unaligned().is_null() {
                place.write_unaligned(moved(place.read_unaligned()));
                place = place.add(1);
            }
        }
        copy
    };
    // SAFETY: promised by the caller.
    unsafe {
        ptr::copy_nonoverlapping(from.cast(), buffer, length);
        *entry = hostent {
            h_name: moved(host.entry.h_name),
            h_aliases: list(host.entry.h_aliases),
            h_addrtype: host.entry.h_addrtype,
            h_length: host.entry.h_length,
            h_addr_list: list(host.entry.h_addr_list),
        };
    }
}

pub(super) unsafe extern "C" fn getnameinfo<C: Caller>(
    address: *const sockaddr,
    size: socklen_t,
    host: *mut c_char,
    host_size: socklen_t,
    service: *mut c_char,
    service_size: socklen_t,
    flags: c_int,
) -> c_int {
    let usable = !address.is_null() && !host.is_null() && flags & libc::NI_NUMERICHOST == 0;
    if !usable || gate::coroutine_if(C::CONNECT_NAMES | GETHOST).is_none() {
        // SAFETY: the caller's arguments as they are.
        return unsafe { libc::getnameinfo(address, size, host, host_size, service, service_size, flags) };
    }
    // SAFETY: the caller's address, `size` bytes long.
    let address = unsafe { std::slice::from_raw_parts(address.cast::<u8>(), size as usize) }.to_vec();
    let service_wanted = if service.is_null() { 0 } else { service_size };
    let errno = KeepErrno::new();
    let found = gate::offload(move || {
        // SAFETY: all zero; holds any address.
        let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
        let length = address.len().min(size_of_val(&storage));
        let (mut host, mut service) = (vec![0_u8; host_size as usize], vec![0_u8; service_wanted as usize]);
        let service_place = if service.is_empty() { ptr::null_mut() } else { service.as_mut_ptr().cast() };
        // SAFETY: this thread's own memory.
        let code = unsafe {
            ptr::copy_nonoverlapping(address.as_ptr(), (&raw mut storage).cast(), length);
            let host = host.as_mut_ptr().cast();
            let address = (&raw const storage).cast();
            libc::getnameinfo(address, length as socklen_t, host, host_size, service_place, service_wanted, flags)
        };
        (code, gate::errno(), host, service)
    });
    match found {
        Ok((code, number, name, port)) => {
            // SAFETY: the caller's buffers, as long as ours.
            unsafe {
                ptr::copy_nonoverlapping(name.as_ptr(), host.cast(), name.len());
                if !service.is_null() {
                    ptr::copy_nonoverlapping(port.as_ptr(), service.cast(), port.len());
                }
            }
            if code == libc::EAI_SYSTEM {
                errno.discard();
                gate::set_errno(number);
            }
            code
        }
        Err(Canceled) => canceled(errno),
    }
}

/// For PHP's streams: the address part of a `bindto` like `0:9100` or `:9100` is any address, as PHP documents and Swoole has it.
pub(super) unsafe extern "C" fn inet_pton(family: c_int, text: *const c_char, result: *mut c_void) -> c_int {
    unsafe extern "C" {
        fn inet_pton(family: c_int, text: *const c_char, result: *mut c_void) -> c_int;
    }
    // SAFETY: the caller's arguments as they are.
    let done = unsafe { inet_pton(family, text, result) };
    if done == 0
        && family == libc::AF_INET
        // SAFETY: the caller's string.
        && matches!(unsafe { CStr::from_ptr(text) }.to_bytes(), b"" | b"0")
        && gate::coroutine_if(hook::TCP | hook::UDP | hook::SSL | hook::TLS).is_some()
        && zend::internal_function().is_some_and(|name| name != b"inet_pton")
    {
        // SAFETY: the caller's place for four bytes.
        unsafe { result.cast::<[u8; 4]>().write_unaligned([0; 4]) };
        return 1;
    }
    done
}

/// Room for a `struct __res_state` of any libc.
type ResolverState = [u64; 128];

type Search = unsafe extern "C" fn(*mut ResolverState, *const c_char, c_int, c_int, *mut c_uchar, c_int) -> c_int;

/// The resolver of glibc, in libc or in libresolv; musl has none.
#[derive(Clone, Copy)]
struct Resolver {
    init: unsafe extern "C" fn(*mut ResolverState) -> c_int,
    search: Search,
    close: unsafe extern "C" fn(*mut ResolverState),
}

fn resolver() -> Option<Resolver> {
    static FOUND: std::sync::OnceLock<Option<Resolver>> = std::sync::OnceLock::new();
    let find = |names: [&CStr; 2]| {
        // SAFETY: looks names up.
        names.into_iter().map(|name| unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) }).find(|f| !f.is_null())
    };
    *FOUND.get_or_init(|| {
        let init = find([c"__res_ninit", c"res_ninit"])?;
        let search = find([c"res_nsearch", c"__res_nsearch"])?;
        let close = find([c"__res_nclose", c"res_nclose"])?;
        // SAFETY: functions of resolv.h have these signatures.
        unsafe {
            Some(Resolver {
                init: std::mem::transmute::<*mut c_void, unsafe extern "C" fn(*mut ResolverState) -> c_int>(init),
                search: std::mem::transmute::<*mut c_void, Search>(search),
                close: std::mem::transmute::<*mut c_void, unsafe extern "C" fn(*mut ResolverState)>(close),
            })
        }
    })
}

/// Sets `h_errno`, in the thread and in the state: callers look at either.
///
/// # Safety
/// `state` is the caller's, or null.
unsafe fn set_resolver_error(state: *mut ResolverState, error: c_int) {
    /// `res_h_errno` in glibc's struct on 64 bits, whose layout is part of its ABI.
    const PLACE: usize = 496;
    // SAFETY: this thread's; the struct is 568 bytes long.
    unsafe {
        *__h_errno_location() = error;
        if !state.is_null() && cfg!(all(target_env = "gnu", target_pointer_width = "64")) {
            state.byte_add(PLACE).cast::<c_int>().write(error);
        }
    }
}

pub(super) unsafe extern "C" fn res_nsearch(
    state: *mut ResolverState,
    name: *const c_char,
    class: c_int,
    kind: c_int,
    answer: *mut c_uchar,
    size: c_int,
) -> c_int {
    let Some(Resolver { init, search: call, close }) = resolver() else {
        // It was found when the caller was linked.
        return gate::fail(libc::ENOSYS);
    };
    // SAFETY: the caller's string.
    let owned = unsafe { owned(name) };
    let room = usize::try_from(size).unwrap_or(0);
    let Some(name_copy) = owned.filter(|_| !answer.is_null() && gate::coroutine_if(GETHOST).is_some()) else {
        // SAFETY: the caller's arguments as they are.
        return unsafe { call(state, name, class, kind, answer, size) };
    };
    let errno = KeepErrno::new();
    let found = gate::offload(move || {
        let mut state: Box<ResolverState> = Box::new([0; 128]);
        let mut bytes = vec![0_u8; room];
        // SAFETY: a state of this thread's own, started, used and closed here.
        unsafe {
            if init(&mut *state) != 0 {
                return (-1, NO_RECOVERY, bytes);
            }
            let length = call(&mut *state, name_copy.as_ptr(), class, kind, bytes.as_mut_ptr(), size);
            let error = *__h_errno_location();
            close(&mut *state);
            (length, error, bytes)
        }
    });
    match found {
        Ok((length, error, bytes)) => {
            // SAFETY: the caller's buffer, as long as ours, and its state.
            unsafe {
                ptr::copy_nonoverlapping(bytes.as_ptr(), answer, room);
                set_resolver_error(state, error);
            }
            length
        }
        Err(Canceled) => {
            errno.discard();
            gate::last_error(libc::ECANCELED);
            // SAFETY: the caller's state.
            unsafe { set_resolver_error(state, TRY_AGAIN) };
            gate::fail(libc::ECANCELED)
        }
    }
}

/// `NO_RECOVERY` of netdb.h.
const NO_RECOVERY: c_int = 3;
