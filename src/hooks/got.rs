//! Replacing functions of libc in the objects that call them.
//!
//! A loaded object (the program, a library, an extension) calls a function of another one through a slot of its global offset
//! table, which the dynamic linker fills in. The object's own relocations say which slot belongs to which name:
//!
//! ```text
//!   PT_DYNAMIC ─▶ DT_JMPREL, DT_RELA ─▶ { slot, kind, symbol } ─▶ DT_SYMTAB ─▶ DT_STRTAB: "poll"
//!                                          │
//!                                          └─▶ the slot: written here, in pages that PT_GNU_RELRO made read-only
//! ```
//!
//! Only undefined symbols count (what the object takes from elsewhere) and only the two kinds of relocation that calls use.
//! `DT_RELR` holds relative relocations, which name no symbol. A slot that is bound lazily is simply filled in before its first
//! call. Nothing else of an object is changed, and functions that an object finds by `dlsym` stay as they are.

use std::ffi::{CStr, c_int, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};

/// A function's address, as a slot holds it.
pub type Code = *mut c_void;

/// One loaded object.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    /// Its path; empty for the program itself.
    pub path: &'a [u8],
    base: usize,
    segments: &'a [ProgramHeader],
}

/// What a patching did.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Report {
    /// Objects that were looked at.
    pub objects: usize,
    /// Slots that hold a replacement now.
    pub slots: usize,
    /// Of these, slots of the program itself.
    pub in_program: usize,
    /// Slots that could not be written.
    pub refused: usize,
}

#[cfg(target_pointer_width = "64")]
mod elf {
    pub(super) use libc::Elf64_Phdr as ProgramHeader;

    /// `Elf64_Rela`, which not every libc names.
    #[repr(C)]
    pub(super) struct Rela {
        pub(super) offset: u64,
        info: u64,
        addend: i64,
    }

    /// `Elf64_Sym`.
    #[repr(C)]
    pub(super) struct Symbol {
        pub(super) name: u32,
        info: u8,
        other: u8,
        /// 0: taken from another object.
        pub(super) section: u16,
        value: u64,
        size: u64,
    }

    /// `Elf64_Dyn`.
    #[repr(C)]
    pub(super) struct Dynamic {
        pub(super) tag: i64,
        pub(super) value: usize,
    }

    pub(super) fn kind(rela: &Rela) -> u32 {
        rela.info as u32
    }

    pub(super) fn symbol(rela: &Rela) -> usize {
        (rela.info >> 32) as usize
    }
}
use elf::{Dynamic, ProgramHeader, Rela, Symbol};

/// The relocations of calls: by the table for procedures, and by a plain pointer in the table.
#[cfg(target_arch = "x86_64")]
const CALLS: [u32; 2] = [7, 6];
#[cfg(target_arch = "aarch64")]
const CALLS: [u32; 2] = [1026, 1025];
#[cfg(target_arch = "riscv64")]
const CALLS: [u32; 2] = [5, 2];
/// Unknown: nothing is patched, which is said when hooks are asked for.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
const CALLS: [u32; 2] = [u32::MAX; 2];

const DT_PLTRELSZ: i64 = 2;
const DT_STRTAB: i64 = 5;
const DT_SYMTAB: i64 = 6;
const DT_RELA: i64 = 7;
const DT_RELASZ: i64 = 8;
const DT_PLTREL: i64 = 20;
const DT_JMPREL: i64 = 23;

impl<'a> Object<'a> {
    /// The last part of its path.
    pub fn name(&self) -> &'a [u8] {
        self.path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
    }

    /// Whether this address lies inside of it.
    pub fn holds(&self, address: usize) -> bool {
        self.segments.iter().any(|segment| {
            let start = self.base + segment.p_vaddr as usize;
            segment.p_type == libc::PT_LOAD && (start..start + segment.p_memsz as usize).contains(&address)
        })
    }

    fn segment(&self, kind: u32) -> Option<&'a ProgramHeader> {
        self.segments.iter().find(|segment| segment.p_type == kind)
    }

    /// An address in its dynamic section: glibc has added the base to it in place, musl has not.
    fn address(&self, value: usize) -> usize {
        if self.holds(value) { value } else { self.base + value }
    }

    /// # Safety
    /// The object is loaded and stays so.
    unsafe fn tables(&self) -> Option<Tables> {
        let dynamic = self.segment(libc::PT_DYNAMIC)?;
        let mut entry = (self.base + dynamic.p_vaddr as usize) as *const Dynamic;
        let mut tables = Tables::default();
        loop {
            // SAFETY: the dynamic section of a loaded object ends with a null tag.
            let Dynamic { tag, value } = unsafe { entry.read() };
            match tag {
                0 => break,
                DT_STRTAB => tables.strings = self.address(value),
                DT_SYMTAB => tables.symbols = self.address(value),
                DT_RELA => tables.relocations[0].0 = self.address(value),
                DT_RELASZ => tables.relocations[0].1 = value,
                DT_JMPREL => tables.relocations[1].0 = self.address(value),
                DT_PLTRELSZ => tables.relocations[1].1 = value,
                // The other format carries no addends; no processor that we know uses it.
                DT_PLTREL if value != DT_RELA as usize => return None,
                _ => {}
            }
            // SAFETY: not the last entry.
            entry = unsafe { entry.add(1) };
        }
        (tables.strings != 0 && tables.symbols != 0).then_some(tables)
    }

    /// The pages that the linker made read-only after relocation.
    fn read_only_pages(&self) -> (usize, usize) {
        // SAFETY: asks for a number.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) }.max(1) as usize;
        self.segment(libc::PT_GNU_RELRO).map_or((0, 0), |relro| {
            let start = self.base + relro.p_vaddr as usize;
            let end = start + relro.p_memsz as usize;
            (start / page * page, end / page * page)
        })
    }

    /// Puts into its slots what `replace` has for their names.
    ///
    /// # Safety
    /// The object is loaded and stays so; what `replace` returns may be called in place of the function of that name.
    unsafe fn patch(&self, replace: &mut dyn FnMut(&CStr) -> Option<Code>, report: &mut Report) {
        // SAFETY: promised by the caller.
        let Some(tables) = (unsafe { self.tables() }) else { return };
        let mut changes: Vec<(*const AtomicPtr<c_void>, Code)> = Vec::new();
        for (start, bytes) in tables.relocations {
            for index in 0..bytes / size_of::<Rela>() {
                // SAFETY: inside the table, whose bounds the object states.
                let rela = unsafe { &*(start as *const Rela).add(index) };
                if !CALLS.contains(&elf::kind(rela)) {
                    continue;
                }
                // SAFETY: a relocation's symbol is in the symbol table.
                let symbol = unsafe { &*(tables.symbols as *const Symbol).add(elf::symbol(rela)) };
                if symbol.section != 0 {
                    continue;
                }
                // SAFETY: a symbol's name is in the string table, where every string ends with a null byte.
                let name = unsafe { CStr::from_ptr((tables.strings + symbol.name as usize) as *const _) };
                if let Some(code) = replace(name) {
                    changes.push(((self.base + rela.offset as usize) as *const _, code));
                }
            }
        }
        // SAFETY: the slots of this object's own relocations.
        unsafe { self.write(&changes, report) };
    }

    /// # Safety
    /// Each pointer is a slot of this object.
    unsafe fn write(&self, changes: &[(*const AtomicPtr<c_void>, Code)], report: &mut Report) {
        let (start, end) = self.read_only_pages();
        let protected = |slot: *const AtomicPtr<c_void>| (start..end).contains(&slot.addr());
        // SAFETY: readable: the object calls through it.
        let due = |slot: *const AtomicPtr<c_void>, code| unsafe { (*slot).load(Ordering::Relaxed) } != code;
        let locked = changes.iter().any(|(slot, code)| protected(*slot) && due(*slot, *code));
        // SAFETY: changes the protection of this object's own pages, back again below.
        let open = !locked || unsafe { libc::mprotect(start as Code, end - start, READ_WRITE) } == 0;
        for (slot, code) in changes {
            if due(*slot, *code) {
                if protected(*slot) && !open {
                    report.refused += 1;
                    continue;
                }
                // SAFETY: writable now; other threads that call through it see the old function or the new one.
                unsafe { (**slot).store(*code, Ordering::Relaxed) };
            }
            report.slots += 1;
            report.in_program += usize::from(self.path.is_empty());
        }
        if locked && open {
            // SAFETY: as above.
            unsafe { libc::mprotect(start as Code, end - start, libc::PROT_READ) };
        }
    }
}

const READ_WRITE: c_int = libc::PROT_READ | libc::PROT_WRITE;

/// Where an object keeps its names and relocations.
#[derive(Default)]
struct Tables {
    strings: usize,
    symbols: usize,
    /// Start and length in bytes: data, then procedures.
    relocations: [(usize, usize); 2],
}

/// Calls `each` for every loaded object.
fn for_each_object(mut each: impl FnMut(&Object<'_>)) {
    type Each<'a> = &'a mut dyn FnMut(&Object<'_>);
    unsafe extern "C" fn one(info: *mut libc::dl_phdr_info, _size: usize, data: *mut c_void) -> c_int {
        // SAFETY: the linker holds its lock and gives a description that is valid during this call; `data` is the closure below.
        unsafe {
            let each = &mut *data.cast::<Each<'_>>();
            let info = &*info;
            let path = if info.dlpi_name.is_null() { c"" } else { CStr::from_ptr(info.dlpi_name) };
            let segments = match info.dlpi_phnum {
                0 => &[][..],
                count => std::slice::from_raw_parts(info.dlpi_phdr, count.into()),
            };
            each(&Object { path: path.to_bytes(), base: info.dlpi_addr as usize, segments });
        }
        0
    }
    let mut each: Each<'_> = &mut each;
    // SAFETY: `one` does not unwind (its closures only read and write memory) and `each` outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(one), (&raw mut each).cast()) };
}

/// Puts replacements into the slots of every loaded object that `wanted` accepts; `replace` has them by name and `wanted`'s answer.
///
/// # Safety
/// What `replace` returns may be called in place of the function of that name, for as long as the process lives, from any thread.
pub unsafe fn patch<K: Copy>(
    wanted: impl Fn(&Object<'_>) -> Option<K>,
    replace: impl Fn(K, &CStr) -> Option<Code>,
) -> Report {
    let mut report = Report::default();
    for_each_object(|object| {
        if let Some(kind) = wanted(object) {
            report.objects += 1;
            // SAFETY: loaded while the linker's lock is held; the rest is the caller's promise.
            unsafe { object.patch(&mut |name| replace(kind, name), &mut report) };
        }
    });
    report
}

/// How often objects have been loaded so far: when it is the same again, there are no new ones.
pub fn loads() -> u64 {
    unsafe extern "C" fn first(info: *mut libc::dl_phdr_info, _size: usize, data: *mut c_void) -> c_int {
        // SAFETY: as in `for_each_object`; `data` is the number below.
        unsafe { *data.cast::<u64>() = (*info).dlpi_adds };
        1
    }
    let mut adds = 0_u64;
    // SAFETY: as in `for_each_object`.
    unsafe { libc::dl_iterate_phdr(Some(first), (&raw mut adds).cast()) };
    adds
}

/// Whether an object of this file name belongs to libc or to the kernel: its calls are its own business, made under its locks.
pub fn belongs_to_libc(name: &[u8]) -> bool {
    const EXACT: [&[u8]; 3] = [b"linux-vdso.so.1", b"linux-gate.so.1", b"ld.so"];
    const FAMILIES: [&[u8]; 11] = [
        b"libc",
        b"ld-linux",
        b"ld-musl",
        b"ld64",
        b"libpthread",
        b"libdl",
        b"librt",
        b"libm",
        b"libresolv",
        b"libanl",
        b"libnss_",
    ];
    EXACT.contains(&name)
        || FAMILIES.iter().any(|family| {
            name.strip_prefix(*family).is_some_and(|rest| {
                family.ends_with(b"_") || rest.first().is_some_and(|byte| matches!(byte, b'.' | b'-'))
            })
        })
}

#[cfg(test)]
mod tests {
    use super::{Code, Object, belongs_to_libc, loads, patch};
    use std::mem::offset_of;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static CALLS: AtomicUsize = AtomicUsize::new(0);

    extern "C" fn replacement() -> libc::pid_t {
        CALLS.fetch_add(1, Ordering::Relaxed);
        -17
    }

    fn program(object: &Object<'_>) -> Option<()> {
        object.holds(replacement as *const () as usize).then_some(())
    }

    /// Mappings of this program that may be written to.
    fn writable() -> usize {
        let maps = std::fs::read_to_string("/proc/self/maps").expect("maps");
        maps.lines().filter(|line| line.contains("rw") && line.contains("steelwool")).count()
    }

    /// The test program itself is an object like others: its `getppid` is replaced and put back, and its pages are as they were.
    #[test]
    fn replaces_a_function_and_puts_it_back() {
        unsafe extern "C" {
            fn getppid() -> libc::pid_t;
        }
        // SAFETY: no arguments, cannot fail.
        let parent = unsafe { getppid() };
        let before = writable();
        assert!(parent > 0);
        let code = replacement as *const () as Code;
        // SAFETY: same signature.
        let report = unsafe { patch(program, |(), name| (name == c"getppid").then_some(code)) };
        assert_eq!((report.objects, report.refused), (1, 0));
        assert!(report.slots >= 1 && report.in_program == report.slots, "{report:?}");
        // SAFETY: as above.
        assert_eq!(unsafe { getppid() }, -17);
        assert_eq!(CALLS.load(Ordering::Relaxed), 1);
        // SAFETY: looks a name up.
        let own = unsafe { libc::dlsym(libc::RTLD_NEXT, c"getppid".as_ptr()) };
        assert!(!own.is_null());
        // SAFETY: the function itself.
        let again = unsafe { patch(program, |(), name| (name == c"getppid").then_some(own)) };
        assert_eq!(again.slots, report.slots);
        // SAFETY: as above.
        assert_eq!(unsafe { getppid() }, parent);
        assert_eq!(writable(), before);
    }

    /// An object as a linker lays it out, in memory of ours: strings, symbols, relocations, a dynamic section and two slots.
    #[repr(C, align(16))]
    struct Image {
        strings: [u8; 32],
        symbols: [[u64; 3]; 3],
        relative: [u64; 2],
        relocations: [[u64; 3]; 3],
        dynamic: [(i64, usize); 12],
        slots: [usize; 3],
    }

    const BEFORE: usize = 0x1234;

    impl Image {
        /// `relocated`: the linker has added the base to addresses in the dynamic section in place, as glibc does and musl does not.
        fn new(relocated: bool) -> Box<Self> {
            let mut image = Box::new(Self {
                strings: [0; 32],
                symbols: [[0; 3]; 3],
                relative: [0; 2],
                relocations: [[0; 3]; 3],
                dynamic: [(0, 0); 12],
                slots: [BEFORE; 3],
            });
            image.strings[..18].copy_from_slice(b"\0poll\0nanosleep\0\0\0");
            // Name and section: the first is taken from elsewhere, the second is the object's own, the third is not asked for.
            image.symbols = [[1, 0, 0], [1 | 5 << 48, 0, 0], [6, 0, 0]];
            // A packed relative relocation, which names nothing: it must not be read as one of the others.
            image.relative = [offset_of!(Self, slots) as u64, 0b11];
            let slot = |index: usize| (offset_of!(Self, slots) + index * size_of::<usize>()) as u64;
            let [procedure, data] = super::CALLS.map(u64::from);
            image.relocations =
                [[slot(0), procedure, 0], [slot(1), 1 << 32 | procedure, 0], [slot(2), 2 << 32 | data, 0]];
            let base = if relocated { std::ptr::from_ref(&*image).addr() } else { 0 };
            let rela = offset_of!(Self, relocations);
            image.dynamic = [
                (0x6fff_fef5, base + offset_of!(Self, strings)), // DT_GNU_HASH, and no DT_HASH
                (super::DT_STRTAB, base + offset_of!(Self, strings)),
                (super::DT_SYMTAB, base + offset_of!(Self, symbols)),
                (36, base + offset_of!(Self, relative)), // DT_RELR, its size, the size of one
                (35, 16),
                (37, 8),
                (super::DT_RELA, base + rela + 48),
                (super::DT_RELASZ, 24),
                (super::DT_PLTREL, super::DT_RELA as usize),
                (super::DT_JMPREL, base + rela),
                (super::DT_PLTRELSZ, 48),
                (0, 0),
            ];
            image
        }
    }

    fn header(kind: u32, start: usize, size: usize) -> super::ProgramHeader {
        // SAFETY: numbers, for which all zero is a value.
        let mut header: super::ProgramHeader = unsafe { std::mem::zeroed() };
        (header.p_type, header.p_vaddr, header.p_memsz) = (kind, start as _, size as _);
        header
    }

    #[test]
    fn slots_are_found_whatever_the_linker_made_of_the_dynamic_section() {
        for relocated in [true, false] {
            let image = Image::new(relocated);
            let segments = [
                header(libc::PT_LOAD, 0, size_of::<Image>()),
                header(libc::PT_DYNAMIC, offset_of!(Image, dynamic), size_of_val(&image.dynamic)),
            ];
            let base = std::ptr::from_ref(&*image).expose_provenance();
            let object = Object { path: b"/usr/lib/libexample.so", base, segments: &segments };
            let mut report = super::Report::default();
            let mut asked = Vec::new();
            // SAFETY: the image is what an object is, lives until the end, and nobody calls through its slots.
            unsafe {
                object.patch(
                    &mut |name| {
                        asked.push(name.to_owned());
                        (name == c"poll").then_some(replacement as *const () as Code)
                    },
                    &mut report,
                );
            }
            // SAFETY: written through another pointer.
            let slots = unsafe { std::ptr::from_ref(&image.slots).read_volatile() };
            assert_eq!(slots, [replacement as *const () as usize, BEFORE, BEFORE], "relocated: {relocated}");
            assert_eq!(asked, [c"nanosleep".to_owned(), c"poll".to_owned()]);
            assert_eq!((report.slots, report.refused), (1, 0));
        }
    }

    #[test]
    fn loads_are_counted() {
        let before = loads();
        assert!(before > 0);
        assert_eq!(loads(), before);
    }

    #[test]
    fn libc_is_known_by_name() {
        for name in ["libc.so.6", "libc-2.31.so", "ld-linux-x86-64.so.2", "ld-musl-aarch64.so.1", "linux-vdso.so.1"] {
            assert!(belongs_to_libc(name.as_bytes()), "{name}");
        }
        for name in ["libnss_files.so.2", "libresolv.so.2", "libm.so.6", "libpthread-2.31.so", "libc.musl-x86_64.so.1"]
        {
            assert!(belongs_to_libc(name.as_bytes()), "{name}");
        }
        for name in ["", "libcurl.so.4", "libcrypto.so.3", "libmysqlclient.so", "libdlopen.so", "sockets.so"] {
            assert!(!belongs_to_libc(name.as_bytes()), "{name}");
        }
    }
}
