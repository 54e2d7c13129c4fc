//! What PHP may know about connections.

use super::Endpoint;
use super::methods::running;
use crate::classes::errors;
use crate::server::hub::Hub;
use crate::server::session::{CLOSED, CLOSING, PROTECTED, Sessions, now};
use crate::zend::array::Array;
use crate::zend::call::{Call, Return};
use ext_php_rs::types::Zval;
use std::os::fd::{AsRawFd, RawFd};

/// The most that `getClientList()` gives at a time.
const LONGEST_LIST: i64 = 100;

/// `Server::exists` and `Server::exist`.
pub fn exists(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let session = call.long_arg(0)?;
    call.return_bool(endpoint.exists(session))
}

/// `Server::getClientInfo` and `Server::connection_info`.
pub fn get_client_info(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let session = call.long_arg(0)?;
    call.optional(1, -1, Call::long_arg)?;
    call.optional(2, false, Call::bool_arg)?;
    match endpoint.client_info(session) {
        Some(info) => call.return_value(info),
        None => call.return_bool(false),
    }
}

/// `Server::getClientList` and `Server::connection_list`.
pub fn get_client_list(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let start = call.optional(0, 0, Call::long_arg)?;
    let count = call.optional(1, 10, Call::long_arg)?;
    if count > LONGEST_LIST {
        errors::warn(&format!("swoole connection list max_find_count={LONGEST_LIST}"));
        return call.return_bool(false);
    }
    let sessions = endpoint.sessions();
    if start != 0 && sessions.row(start).is_none() {
        return call.return_bool(false);
    }
    let mut list = Array::new();
    let mut any = false;
    // Swoole looks for one before it counts.
    for session in sessions.after(start.max(0)).take(count.max(1) as usize) {
        any = true;
        list.push(crate::zend::long(session));
    }
    if !any {
        return call.return_bool(false);
    }
    call.return_value(Zval::from(list))
}

/// `Server::heartbeat`.
pub fn heartbeat(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let close = call.optional(0, false, Call::bool_arg)?;
    if endpoint.plan.heartbeat.is_none() {
        return call.return_bool(false);
    }
    let mut list = Array::new();
    for session in endpoint.silent() {
        if close {
            endpoint.close_connection(session, false);
        }
        list.push(crate::zend::long(session));
    }
    call.return_value(Zval::from(list))
}

/// `Server::bind`.
pub fn bind(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let (session, uid) = (call.long_arg(0)?, call.long_arg(1)?);
    let (least, most) = (i64::from(i32::MIN), i64::from(u32::MAX));
    if !(least..=most).contains(&uid) {
        errors::warn(&format!("uid can not be greater than {most} or less than {least}"));
        return call.return_bool(false);
    }
    let bound = endpoint.sessions().row(session).is_some_and(|row| row.bind(uid as u32));
    call.return_bool(bound)
}

/// `Server::protect`.
pub fn protect(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let session = call.long_arg(0)?;
    let on = call.optional(1, true, Call::bool_arg)?;
    let row = endpoint.sessions().row(session).filter(|row| row.flags() & CLOSED == 0);
    if let Some(row) = row {
        row.set(PROTECTED, on);
    }
    call.return_bool(row.is_some())
}

impl Endpoint {
    /// Who is connected.
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.plan.sessions
    }

    /// The descriptor of the last port.
    pub(crate) fn listener(&self) -> RawFd {
        self.plan.ports.last().map_or(0, |port| port.listen.fd())
    }

    /// Whether a connection is open.
    pub(crate) fn exists(&self, session: i64) -> bool {
        self.plan.sessions.row(session).is_some_and(|row| row.flags() & (CLOSED | CLOSING) == 0)
    }

    /// What PHP gets told about a connection.
    pub(crate) fn client_info(&self, session: i64) -> Option<Zval> {
        if let Some(hub) = self.hub() {
            hub.refresh(session);
        }
        let info = self.plan.sessions.info(session)?;
        let port = self.plan.ports.get(usize::from(info.port))?;
        let mut client = Array::with_room(20);
        let by_uid = self.plan.dispatch_mode == crate::classes::constants::SWOOLE_DISPATCH_UIDMOD;
        if info.uid > 0 || by_uid {
            client.set_long("uid", i64::from(info.uid));
        }
        if let Some(worker) = info.worker {
            client.set_long("worker_id", worker as i64);
        }
        if port.http.as_ref().is_some_and(|http| http.websocket.is_some()) {
            client.set_long("websocket_status", i64::from(info.websocket));
        }
        let own = self.hub().and_then(|hub| hub.certificate(session)).map(String::into_bytes);
        if let Some(pem) = own.or_else(|| self.plan.sessions.certificate(session)) {
            client.set("ssl_client_cert", crate::zend::string(&pem));
        }
        let (address, number) = info
            .remote
            .map_or_else(|| (String::new(), 0), |remote| (remote.ip().to_string(), i64::from(remote.port())));
        client.set_long("server_port", i64::from(port.listen.port));
        client.set_long("server_fd", i64::from(port.listen.socket().as_raw_fd()));
        client.set_long("socket_fd", i64::from(info.fd));
        client.set_long("socket_type", port.listen.kind as i64);
        client.set_long("remote_port", number);
        client.set("remote_ip", crate::zend::string(address.as_bytes()));
        client.set_long("reactor_id", self.reactor(usize::from(info.owner)));
        client.set_long("connect_time", info.connected as i64);
        client.set_long("last_time", info.received as i64);
        for (name, time) in
            [("last_recv_time", info.received), ("last_send_time", info.sent), ("last_dispatch_time", info.dispatched)]
        {
            let mut value = Zval::new();
            value.set_double(time);
            client.set(name, value);
        }
        client.set_long("close_errno", i64::from(info.close_errno));
        client.set_long("recv_queued_bytes", i64::from(info.unread));
        client.set_long("send_queued_bytes", i64::from(info.unsent));
        Some(Zval::from(client))
    }

    /// The connections that have said nothing for as long as their port allows.
    fn silent(&self) -> Vec<i64> {
        let now = now();
        let silent = |id: &i64| {
            self.plan.sessions.info(*id).is_some_and(|info| {
                let idle = self.plan.ports.get(usize::from(info.port)).and_then(|port| port.settings.heartbeat_idle);
                info.flags & PROTECTED == 0 && idle.is_some_and(|idle| info.received < now - idle.as_secs_f64())
            })
        };
        match self.hub().as_ref().map(Hub::silent) {
            Some(silent) => silent,
            None => self.plan.sessions.after(0).filter(silent).collect(),
        }
    }
}
