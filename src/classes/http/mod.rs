//! Classes of `Swoole\Http`.

mod address;
pub mod body;
pub mod cookie;
mod elsewhere;
mod head;
mod known;
mod over_socket;
pub mod request;
pub mod response;
pub(crate) mod set_cookie;
pub(crate) mod settings;
mod upload;

pub(crate) use head::DEFAULTS;
