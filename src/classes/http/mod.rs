//! Classes of `Swoole\Http`.

pub mod body;
mod cookie;
mod head;
pub mod request;
pub mod response;
mod upload;

pub(crate) use head::defaults as default_headers;
