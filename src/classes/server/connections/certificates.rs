//! Certificates that clients have shown: `ssl_client_cert` of `getClientInfo()`.

use super::Endpoint;
use super::forward::{Head, kind};
use crate::server::session::Sessions;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// So many may be known before those of clients that have gone are looked for.
const FEW: usize = 64;

/// In workers of `SWOOLE_PROCESS`: those that the master has told of, as PEM.
#[derive(Default)]
pub(super) struct Certificates {
    known: RefCell<HashMap<i64, String>>,
    /// How many there may be before somebody is forgotten.
    most: Cell<usize>,
}

impl Certificates {
    /// Notes the certificate of a connection.
    pub(super) fn note(&self, session: i64, pem: &[u8], sessions: &Sessions) {
        let mut known = self.known.borrow_mut();
        known.insert(session, String::from_utf8_lossy(pem).into_owned());
        if known.len() > self.most.get().max(FEW) {
            known.retain(|session, _| sessions.row(*session).is_some());
            self.most.set(known.len() * 2);
        }
    }
}

impl Endpoint {
    /// In the master: tells a worker of the certificate of a client that it is about to hear of.
    pub(super) fn introduce(&self, port: usize, session: i64, worker: usize) {
        let encrypted = self.plan.ports.get(port).is_some_and(|port| port.settings.tls.is_some());
        if let Some(pem) = self.hub().filter(|_| encrypted).and_then(|hub| hub.certificate(session)) {
            self.tell(worker, kind::CERTIFICATE, Head::of(session), pem.as_bytes());
        }
    }

    /// The certificate of a client, if this process knows it.
    pub(super) fn certificate(&self, session: i64) -> Option<String> {
        let own = self.hub().and_then(|hub| hub.certificate(session));
        own.or_else(|| self.certificates.known.borrow().get(&session).cloned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::session::Birth;

    #[test]
    fn certificates_of_clients_that_have_gone_are_forgotten() {
        let (sessions, certificates) = (Sessions::new(1000).expect("memory"), Certificates::default());
        let mut first = 0;
        for number in 0..500 {
            let session = sessions.open(&Birth { owner: 0, port: 0, fd: 1, remote: None }).expect("room");
            certificates.note(session, b"pem", &sessions);
            if number > 0 {
                sessions.close(session);
            } else {
                first = session;
            }
        }
        assert!(certificates.known.borrow().contains_key(&first));
        assert!(certificates.known.borrow().len() <= FEW + 1);
    }
}
