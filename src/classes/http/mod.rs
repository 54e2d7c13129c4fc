//! Classes of `Swoole\Http`.

pub mod body;
pub mod cookie;
mod head;
pub mod request;
pub mod response;
mod set_cookie;
mod upload;

pub(crate) use head::defaults as default_headers;
