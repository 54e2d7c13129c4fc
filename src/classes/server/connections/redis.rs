//! Commands of Redis's protocol, for the handlers of a `Redis\Server`.

use super::Endpoint;
use crate::classes::redis::server::LONGEST_COMMAND;
use crate::classes::server::Server;
use crate::io::framing::redis::{Element, elements};
use crate::zend::array::Array;
use crate::zend::{self, object, sys};
use ext_php_rs::types::Zval;
use std::rc::Rc;

impl Endpoint {
    /// A command has come: its handler gets the number of the connection and the arguments, and may return the reply.
    pub(super) fn on_command(self: &Rc<Self>, session: i64, data: &[u8]) {
        let elements = elements(data);
        let Some((first, arguments)) = elements.split_first() else {
            // An empty array: Redis says nothing to it.
            return;
        };
        let Element::Text(command) = first else {
            self.send(session, b"-ERR Protocol error: expected a command\r\n");
            self.close_connection(session, false);
            return;
        };
        if command.len() >= LONGEST_COMMAND {
            let shown = command[..8].escape_ascii();
            zend::warning(&format!("command [{shown}...](length={}) is too long", command.len()));
            self.close_connection(session, false);
            return;
        }
        let handler = self.plan.server.object().and_then(object::native::<Server>);
        let handler = handler.and_then(|server| server.redis_handler(&command.to_ascii_lowercase()));
        let Some(handler) = handler else {
            let shown = String::from_utf8_lossy(command).replace(|letter: char| letter.is_control(), " ");
            self.send(session, format!("-ERR unknown command '{shown}'\r\n").as_bytes());
            return;
        };
        let mut list = Array::with_room(arguments.len() as u32);
        for argument in arguments {
            list.push(match argument {
                Element::Null => Zval::new(),
                Element::Number(number) => zend::long(*number),
                Element::Text(text) => zend::string(text),
            });
        }
        let args = [zend::long(session), Zval::from(list)];
        let endpoint = Rc::clone(self);
        self.run(move || match handler.call(&args) {
            Ok(reply) => {
                if let Some(reply) = reply.zend_str().filter(|reply| !reply.as_bytes().is_empty()) {
                    endpoint.send(session, reply.as_bytes());
                }
            }
            Err(_) if zend::exit_pending() => {}
            Err(_) => {
                // The client waits for a reply that will not come.
                zend::report_exception(sys::E_WARNING);
                endpoint.close_connection(session, false);
            }
        });
    }
}
