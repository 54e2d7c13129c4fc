//! Which function stands in for which name, for each kind of caller.

use super::caller::{Caller, Curl, Kind, Other, Pgsql, Php, Sockets, Sqlite};
use super::got::Code;
use super::{descriptor, file, lock, lookup, names, patching, pipe, poll, process, sleep, socket};
use std::ffi::CStr;

/// The replacement for `name` in an object of this kind.
pub(super) fn replacement(kind: Kind, name: &CStr) -> Option<Code> {
    match kind {
        Kind::Php => find_own(name).or_else(|| find::<Php>(name)),
        Kind::Curl if name == c"pthread_join" => Some(lookup::pthread_join as *const () as Code),
        Kind::Curl => find::<Curl>(name),
        Kind::Pgsql => find::<Pgsql>(name),
        Kind::Sockets if name == c"setsockopt" => Some(socket::setsockopt as *const () as Code),
        Kind::Sockets if name == c"getsockopt" => Some(socket::getsockopt as *const () as Code),
        Kind::Sockets => find::<Sockets>(name),
        Kind::Sqlite => find::<Sqlite>(name),
        Kind::Other => find::<Other>(name),
    }
}

fn find<C: Caller>(name: &CStr) -> Option<Code> {
    Some(match name.to_bytes() {
        b"close" => descriptor::close as *const () as Code,
        b"sleep" => sleep::sleep::<C> as *const () as Code,
        b"usleep" => sleep::usleep::<C> as *const () as Code,
        b"nanosleep" => sleep::nanosleep::<C> as *const () as Code,
        b"clock_nanosleep" => sleep::clock_nanosleep::<C> as *const () as Code,
        b"poll" => poll::poll::<C> as *const () as Code,
        b"__poll_chk" => poll::poll_checked::<C> as *const () as Code,
        b"ppoll" => poll::ppoll::<C> as *const () as Code,
        b"select" => poll::select::<C> as *const () as Code,
        b"pselect" => poll::pselect::<C> as *const () as Code,
        b"connect" => socket::connect::<C> as *const () as Code,
        b"listen" => socket::listen::<C> as *const () as Code,
        b"accept" => socket::accept::<C> as *const () as Code,
        b"accept4" => socket::accept4::<C> as *const () as Code,
        b"recv" => socket::recv::<C> as *const () as Code,
        b"__recv_chk" => socket::recv_checked::<C> as *const () as Code,
        b"recvfrom" => socket::recvfrom::<C> as *const () as Code,
        b"__recvfrom_chk" => socket::recvfrom_checked::<C> as *const () as Code,
        b"recvmsg" => socket::recvmsg::<C> as *const () as Code,
        b"send" => socket::send::<C> as *const () as Code,
        b"sendto" => socket::sendto::<C> as *const () as Code,
        b"sendmsg" => socket::sendmsg::<C> as *const () as Code,
        b"getaddrinfo" => names::getaddrinfo::<C> as *const () as Code,
        b"gethostbyname_r" => names::gethostbyname::<C> as *const () as Code,
        b"getnameinfo" => names::getnameinfo::<C> as *const () as Code,
        b"res_nsearch" | b"__res_nsearch" => names::res_nsearch as *const () as Code,
        b"waitpid" => process::waitpid as *const () as Code,
        b"wait4" => process::wait4 as *const () as Code,
        b"pclose" => process::pclose as *const () as Code,
        b"read" => pipe::read::<C> as *const () as Code,
        b"__read_chk" => pipe::read_checked::<C> as *const () as Code,
        b"write" => pipe::write::<C> as *const () as Code,
        b"readv" => pipe::readv::<C> as *const () as Code,
        b"writev" => pipe::writev::<C> as *const () as Code,
        b"flock" => lock::flock as *const () as Code,
        b"fcntl" | b"fcntl64" => lock::fcntl as *const () as Code,
        b"semop" => lock::semop as *const () as Code,
        b"msgrcv" => lock::msgrcv as *const () as Code,
        b"msgsnd" => lock::msgsnd as *const () as Code,
        b"dlopen" => patching::dlopen as *const () as Code,
        _ => return None,
    })
}

/// What only PHP's own functions call: those on files, and what reads `bindto`.
fn find_own(name: &CStr) -> Option<Code> {
    Some(match name.to_bytes() {
        b"open" | b"open64" => file::open as *const () as Code,
        b"fsync" => file::fsync as *const () as Code,
        b"fdatasync" => file::fdatasync as *const () as Code,
        b"ftruncate" | b"ftruncate64" => file::ftruncate as *const () as Code,
        b"unlink" => file::unlink as *const () as Code,
        b"rename" => file::rename as *const () as Code,
        b"inet_pton" => names::inet_pton as *const () as Code,
        b"mkdir" => file::mkdir as *const () as Code,
        b"rmdir" => file::rmdir as *const () as Code,
        _ => return None,
    })
}
