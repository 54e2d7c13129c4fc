//! `Swoole\Table`.

mod rows;

use self::rows::{After, ByKey, Made, double, key_of, printed};
use super::{ce, constants, constructed_twice, slots::swoole_table as slot};
use crate::log;
use crate::native_handlers;
use crate::shm::table::{Cursor, Design, Full, Key, Kind};
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::fields::{self, Fields};
use crate::zend::object::{self, Native};
use crate::zend::text::Text;
use crate::zend::{self, sys, throw};
use ext_php_rs::types::{ZendStr, Zval};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A table, in any state of its life.
pub struct Table {
    state: RefCell<State>,
    cursor: Cell<Cursor>,
    /// Where the iteration is: key and row as they were then.
    current: RefCell<Option<(Text, Zval)>>,
}

enum State {
    /// Not constructed, or destroyed.
    None,
    /// Columns can be added.
    Design(Design, Fields),
    /// It has memory. Shared, because converting a value may run PHP code, which may destroy the table.
    Made(Rc<Made>),
}

impl Native for Table {
    native_handlers!();

    fn new() -> Self {
        Self { state: RefCell::new(State::None), cursor: Cell::default(), current: RefCell::default() }
    }
}

fn not_constructed<T>() -> Result<T, Thrown> {
    throw(ce::swoole_error(), "must call constructor first", constants::SWOOLE_ERROR_WRONG_OPERATION)
}

/// Ends the script.
fn fatal<T>(text: &str) -> Result<T, Thrown> {
    zend::docref(sys::E_ERROR as i32, text);
    Err(Thrown)
}

#[inline]
fn made(call: &Call<'_>) -> Result<Rc<Made>, Thrown> {
    let made = match &*call.native::<Table>().state.borrow() {
        State::Made(made) => Some(made.clone()),
        State::Design(..) => None,
        State::None => return not_constructed(),
    };
    match made {
        Some(made) if !made.rows.is_destroyed() => Ok(made),
        _ => fatal("table is not created or has been destroyed"),
    }
}

/// Argument `index`, where null is a (deprecated) 0, not the default.
fn long_or(call: &Call<'_>, index: usize, default: i64) -> Result<i64, Thrown> {
    if index < call.len() { call.long_arg(index) } else { Ok(default) }
}

/// `__construct(int $table_size, float $conflict_proportion = 0.2)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let table = call.native::<Table>();
    if !matches!(&*table.state.borrow(), State::None) {
        return constructed_twice(call);
    }
    let rows = call.long_arg(0)?;
    let proportion = if call.len() > 1 { call.double_arg(1)? } else { 0.2 };
    *table.state.borrow_mut() = State::Design(Design::new(rows, proportion), Fields::default());
    Ok(())
}

/// `column(string $name, int $type, int $size = 0): bool`
pub fn column(call: &mut Call<'_>) -> Return {
    let table = call.native::<Table>();
    if matches!(&*table.state.borrow(), State::None) {
        return not_constructed();
    }
    let (name, number, size) = (call.str_arg(0)?, call.long_arg(1)?, long_or(call, 2, 0)?);
    let kind = match number {
        1 => Some(Kind::Int),
        2 => Some(Kind::Float),
        3 => Some(Kind::Text),
        _ => None,
    };
    if kind == Some(Kind::Text) && size < 1 {
        zend::warning("the length of string type values has to be more than zero");
        return call.return_bool(false);
    }
    if let State::Design(design, fields) = &mut *table.state.borrow_mut() {
        match kind {
            Some(kind) => {
                design.add(kind, size);
                fields.add(name);
            }
            None => log::warning("Table::add_column()", "unknown column type"),
        }
        return call.return_bool(kind.is_some());
    }
    zend::warning("unable to add column after table has been created");
    call.return_bool(false)
}

/// `create(): bool`
pub fn create(call: &mut Call<'_>) -> Return {
    let table = call.native::<Table>();
    let state = table.state.replace(State::None);
    let (created, state) = match state {
        State::Design(design, fields) => match design.create() {
            Ok(rows) => (true, State::Made(Rc::new(Made { rows, fields }))),
            Err(error) => {
                let size = (design.swoole_mapping().wrapping_add(7) & !7).wrapping_add(8);
                let number = error.raw_os_error().unwrap_or(libc::ENOMEM);
                log::system_warning("SharedMemory::alloc()", &format!("mmap({size}) failed"), number);
                (false, State::Design(design, fields))
            }
        },
        other => (false, other),
    };
    let constructed = !matches!(state, State::None);
    table.state.replace(state);
    if !constructed {
        return not_constructed();
    }
    if !created {
        return fatal("unable to allocate memory");
    }
    table.cursor.take();
    table.current.take();
    if let State::Made(made) = &*table.state.borrow() {
        object::set_slot(call.this(), slot::SIZE, i64::from(made.rows.rows()));
        object::set_slot(call.this(), slot::MEMORY_SIZE, made.rows.swoole_memory_size().cast_signed());
    }
    call.return_bool(true)
}

/// `destroy(): bool`
pub fn destroy(call: &mut Call<'_>) -> Return {
    made(call)?.rows.destroy();
    let table = call.native::<Table>();
    table.state.replace(State::None);
    table.current.take();
    call.return_bool(true)
}

/// `set(string $key, array $value): bool`
pub fn set(call: &mut Call<'_>) -> Return {
    let made = made(call)?;
    let (name, array) = (call.str_arg(0)?, call.array_arg(1)?);
    if name.len() > Key::LONGEST {
        zend::warning(&format!("key[{}] is too long", printed(name.as_bytes())));
    }
    let done = made.set(name, array)?;
    call.return_bool(done)
}

/// `get(string $key, ?string $field = null): array|string|int|float|false`
pub fn get(call: &mut Call<'_>) -> Return {
    let made = made(call)?;
    let name = call.str_arg(0)?;
    let Some(field) = call.nullable_str_arg(1)? else {
        return match made.array(&mut ByKey(&made.rows, key_of(name))) {
            Some(row) => {
                call.result().set_hashtable(row);
                Ok(())
            }
            None => call.return_bool(false),
        };
    };
    match made.fields.position(field).and_then(|column| made.field(key_of(name), column)) {
        Some(value) => call.return_value(value),
        None => call.return_bool(false),
    }
}

/// `del(string $key): bool`
pub fn del(call: &mut Call<'_>) -> Return {
    let made = made(call)?;
    let deleted = made.rows.delete(key_of(call.str_arg(0)?));
    call.return_bool(deleted)
}

/// `exists(string $key): bool`
pub fn exists(call: &mut Call<'_>) -> Return {
    let made = made(call)?;
    let found = made.rows.has(key_of(call.str_arg(0)?));
    call.return_bool(found)
}

/// `incr(string $key, string $column, int|float $incrby = 1): int|float`
pub fn incr(call: &mut Call<'_>) -> Return {
    add(call, "incr", 1, 1.0)
}

/// `decr(string $key, string $column, int|float $incrby = 1): int|float`
pub fn decr(call: &mut Call<'_>) -> Return {
    add(call, "decr", -1, -1.0)
}

/// Adds argument 2 times `sign`.
#[inline]
fn add(call: &mut Call<'_>, method: &str, sign: i64, float_sign: f64) -> Return {
    let made = made(call)?;
    let (name, field) = (call.str_arg(0)?, call.str_arg(1)?);
    let by = call.value(2);
    let Some(column) = made.fields.position(field) else {
        return refuse(call, &made, name, &format!("column[{}] does not exist", printed(field.as_bytes())));
    };
    let sum = match made.rows.kind(column) {
        Kind::Text => {
            return refuse(call, &made, name, &format!("can't execute '{method}' on a string type column"));
        }
        Kind::Int => {
            let number = by.map_or(Ok(1), fields::int)?.wrapping_mul(sign);
            made.rows.add_int(key_of(name), column, number).map(zend::long)
        }
        Kind::Float => {
            let number = by.map_or(Ok(1.0), fields::float)? * float_sign;
            made.rows.add_float(key_of(name), column, number).map(double)
        }
    };
    match sum {
        Ok(sum) => call.return_value(sum),
        Err(Full) => {
            zend::warning("unable to allocate memory");
            call.return_bool(false)
        }
    }
}

/// Warns that a column cannot be added to. As in Swoole the row is there afterwards.
#[cold]
fn refuse(call: &mut Call<'_>, made: &Made, name: &ZendStr, why: &str) -> Return {
    let full = made.rows.set(key_of(name), |_| None) == Err(Full);
    zend::warning(if full { "unable to allocate memory" } else { why });
    call.return_bool(false)
}

/// `count(): int`
pub fn count(call: &mut Call<'_>) -> Return {
    let (rows, columns) = match &*call.native::<Table>().state.borrow() {
        State::None => return call.return_long(0),
        State::Design(_, fields) => (0, fields.len()),
        State::Made(made) => (made.rows.len(), made.fields.len()),
    };
    let recursive = long_or(call, 0, 0)? != 0;
    call.return_long(rows.cast_signed() * if recursive { columns as i64 } else { 1 })
}

/// `getSize(): int`
pub fn get_size(call: &mut Call<'_>) -> Return {
    let size = match &*call.native::<Table>().state.borrow() {
        State::None => 0,
        State::Design(design, _) => design.rows(),
        State::Made(made) => made.rows.rows(),
    };
    call.return_long(size.into())
}

/// `getMemorySize(): int`
pub fn get_memory_size(call: &mut Call<'_>) -> Return {
    let size = match &*call.native::<Table>().state.borrow() {
        State::Made(made) => made.rows.swoole_memory_size(),
        _ => 0,
    };
    call.return_long(size.cast_signed())
}

/// `stats(): array|false`
pub fn stats(call: &mut Call<'_>) -> Return {
    let stats = match &*call.native::<Table>().state.borrow() {
        State::None => None,
        State::Design(..) => Some(Default::default()),
        State::Made(made) => Some(made.rows.stats()),
    };
    let Some(stats) = stats else { return call.return_bool(false) };
    let mut array = Array::new();
    for (name, number) in [
        ("num", stats.rows),
        ("conflict_count", stats.conflicts),
        ("conflict_max_level", stats.longest_chain),
        ("insert_count", stats.inserts),
        ("update_count", stats.updates),
        ("delete_count", stats.deletes),
        ("available_slice_num", stats.free_slices),
        ("total_slice_num", stats.slices),
    ] {
        array.set_long(name, number.cast_signed());
    }
    call.return_value(array.into())
}

/// `rewind(): void`
pub fn rewind(call: &mut Call<'_>) -> Return {
    let made = made(call)?;
    forward(call, &made, Cursor::default())
}

/// `next(): void`
pub fn next(call: &mut Call<'_>) -> Return {
    let made = made(call)?;
    forward(call, &made, call.native::<Table>().cursor.get())
}

/// Goes to the row after `before`.
fn forward(call: &mut Call<'_>, made: &Made, before: Cursor) -> Return {
    let mut source = After::new(&made.rows, before);
    let row = made.array(&mut source).map(|row| {
        let mut value = Zval::new();
        value.set_hashtable(row);
        value
    });
    // An empty key is the end, as in Swoole.
    let key = Text::new(source.key());
    let table = call.native::<Table>();
    table.cursor.set(source.cursor());
    table.current.replace(row.filter(|_| !source.key().is_empty()).map(|row| (key, row)));
    Ok(())
}

/// `valid(): bool`
pub fn valid(call: &mut Call<'_>) -> Return {
    made(call)?;
    let valid = call.native::<Table>().current.borrow().is_some();
    call.return_bool(valid)
}

/// `current(): mixed`
pub fn current(call: &mut Call<'_>) -> Return {
    made(call)?;
    let row = call.native::<Table>().current.borrow().as_ref().map(|(_, row)| row.shallow_clone());
    call.return_value(row.unwrap_or_else(Zval::null))
}

/// `key(): mixed`
pub fn key(call: &mut Call<'_>) -> Return {
    made(call)?;
    let key = call.native::<Table>().current.borrow().as_ref().map(|(key, _)| key.value());
    call.return_value(key.unwrap_or_else(Zval::null))
}
