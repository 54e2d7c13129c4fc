//! Decoding what the server answers, as far as it has arrived.

use super::connection::{Connection, Phase};
use super::error::Error;
use super::result::{Columns, Outcome, end_status, is_end, says_more};
use super::wire::Cursor;

/// How a result begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// It has no rows and is over.
    Done(Outcome),
    /// Its columns are known, rows follow.
    Rows,
}

/// What came where a row may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetched<R> {
    /// A row.
    Row(R),
    /// There are no more.
    End,
}

/// A statement on its way to being prepared, and then what it is.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The server's number for it.
    pub id: u32,
    /// How many parameters it takes.
    pub parameters: usize,
    /// The columns of its result, renewed by every execution.
    pub columns: Columns,
    part: Part,
    skip: usize,
    fields: usize,
}

/// The part of a response that comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Part {
    #[default]
    Head,
    Parameters,
    Columns,
}

impl Connection {
    fn unexpected(&self, sequence: u8, payload: &[u8], expected: u8) -> Error {
        self.refuse(unexpected(sequence, payload, expected))
    }

    /// Begins the next result: what a request without rows did, or the columns of its rows. `None`: [`Connection::fill`] first.
    ///
    /// # Errors
    /// The server's error, after which the session goes on, or a broken protocol.
    pub fn head(&self, columns: &mut Columns) -> Result<Option<Head>, Error> {
        let execute = self.phase.get().is_execute();
        let (rows, more) =
            if execute { (Phase::ExecuteRows, Phase::ExecuteMore) } else { (Phase::QueryRows, Phase::QueryMore) };
        loop {
            let part = self.part.get();
            let step = self.packet(|sequence, payload| match (part, payload) {
                (_, [0xff, ..]) => {
                    self.phase.set(Phase::Idle);
                    self.part.set(Part::Head);
                    Err(Error::from_packet(payload))
                }
                (Part::Head, [0, ..]) => {
                    let (outcome, status) = Outcome::parse(payload).map_err(|error| self.refuse(error))?;
                    self.status.set(status);
                    self.phase.set(if outcome.more { more } else { Phase::Idle });
                    Ok(Some(Head::Done(outcome)))
                }
                (Part::Head, _) => {
                    let count = Cursor::new(payload).length().map_err(|error| self.refuse(error))?;
                    match count {
                        // Each column takes a packet of at least 20 bytes, so a false count cannot make us allocate.
                        Some(count) if count > 0 => columns.begin(usize::try_from(count).unwrap_or(usize::MAX)),
                        _ => return Err(self.unexpected(sequence, payload, expected::FIELD)),
                    }
                    self.part.set(Part::Columns);
                    Ok(None)
                }
                _ if columns.missing() > 0 => columns.push(payload).map(|()| None).map_err(|error| self.refuse(error)),
                _ if is_end(payload) => {
                    self.part.set(Part::Head);
                    self.phase.set(rows);
                    Ok(Some(Head::Rows))
                }
                _ => Err(self.unexpected(sequence, payload, expected::END)),
            });
            match step {
                None => return Ok(None),
                Some(Ok(None)) => {}
                Some(done) => return done,
            }
        }
    }

    /// Reads the next row with `build`, which gets the packet for [`super::TextRow`] or [`super::BinaryRow`]. `None`:
    /// [`Connection::fill`] first.
    ///
    /// # Errors
    /// The server's error, or the one `build` returns, which closes the connection.
    pub fn row<R>(&self, build: impl FnOnce(&[u8]) -> Result<R, Error>) -> Result<Option<Fetched<R>>, Error> {
        let more = if self.phase.get().is_execute() { Phase::ExecuteMore } else { Phase::QueryMore };
        let fetched = self.packet(|_, payload| match payload {
            [0xff, ..] => {
                self.phase.set(Phase::Idle);
                Err(Error::from_packet(payload))
            }
            _ if is_end(payload) => {
                let status = end_status(payload);
                self.status.set(status);
                self.phase.set(if says_more(status) { more } else { Phase::Idle });
                Ok(Fetched::End)
            }
            _ => build(payload).map(Fetched::Row).map_err(|error| self.refuse(error)),
        });
        fetched.transpose()
    }

    /// Reads the answer to [`Connection::prepare`] into `statement`. `None`: [`Connection::fill`] first.
    ///
    /// # Errors
    /// The server's error, or a broken protocol.
    pub fn prepared(&self, statement: &mut Prepared) -> Result<Option<()>, Error> {
        loop {
            let step = self.packet(|sequence, payload| self.prepared_part(statement, sequence, payload));
            match step {
                None => return Ok(None),
                Some(Err(error)) => return Err(error),
                Some(Ok(true)) => {
                    self.phase.set(Phase::Idle);
                    return Ok(Some(()));
                }
                Some(Ok(false)) => {}
            }
        }
    }

    fn prepared_part(&self, statement: &mut Prepared, sequence: u8, payload: &[u8]) -> Result<bool, Error> {
        if payload.first() == Some(&0xff) {
            self.phase.set(Phase::Idle);
            return Err(Error::from_packet(payload));
        }
        match statement.part {
            Part::Head => {
                let mut cursor = Cursor::new(payload);
                let mut read =
                    || -> Result<_, Error> { Ok((cursor.u8()?, cursor.u32()?, cursor.u16()?, cursor.u16()?)) };
                let (0, id, fields, parameters) = read().map_err(|error| self.refuse(error))? else {
                    return Err(self.unexpected(sequence, payload, expected::OK));
                };
                statement.id = id;
                statement.parameters = usize::from(parameters);
                statement.skip = statement.parameters;
                statement.fields = usize::from(fields);
                statement.part = if statement.skip > 0 { Part::Parameters } else { Part::Columns };
                if statement.skip == 0 {
                    statement.columns.begin(statement.fields);
                }
                Ok(statement.skip == 0 && fields == 0)
            }
            Part::Parameters if statement.skip > 0 => {
                statement.skip -= 1;
                Ok(false)
            }
            Part::Columns if statement.columns.missing() > 0 => {
                statement.columns.push(payload).map(|()| false).map_err(|error| self.refuse(error))
            }
            part if is_end(payload) => {
                statement.part = Part::Columns;
                if part == Part::Parameters {
                    statement.columns.begin(statement.fields);
                }
                Ok(part == Part::Columns || statement.fields == 0)
            }
            _ => Err(self.unexpected(sequence, payload, expected::END)),
        }
    }
}

/// Swoole's numbers for the packets that may be missed.
pub(super) mod expected {
    pub(in super::super) const OK: u8 = 0;
    pub(in super::super) const FIELD: u8 = 8;
    pub(in super::super) const END: u8 = 0xfe;
}

pub(super) fn unexpected(sequence: u8, payload: &[u8], expected: u8) -> Error {
    let kind = payload.first().copied().unwrap_or(0);
    let length = payload.len();
    Error::malformed(&format!(
        "Unexpected mysql packet length={length}, number={sequence}, type={kind}, expected_type={expected}"
    ))
}
