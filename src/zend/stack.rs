//! Memory for coroutine stacks: slots carved from large reserved mappings.
//!
//! ```text
//!   slot:  [guard][ C stack, grows down ......... │ hot page: C stack top │ context, record │ VM stack ─▶ ]
//! ```
//!
//! The top of the C stack, the coroutine's record and the first PHP frames share one 4 KiB page, so a coroutine that is
//! suspended at shallow depth keeps exactly one page of memory. Everything else is reserved address space.

use std::collections::{BTreeMap, HashMap};
use std::ffi::c_void;
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that hold the top of the C stack and the record: a page, or part of one.
const HOT: usize = 4096;
/// Stack bytes at the bottom of the hot page.
const HOT_STACK: usize = 2048;
/// Room above the stack: the record and PHP's first VM stack page.
const UPPER: usize = 16 * 1024;
/// Address space reserved at a time.
const SLAB: usize = 64 << 20;
/// `MADV_GUARD_INSTALL` (Linux 6.13): a guard that splits no mapping.
const MADV_GUARD_INSTALL: i32 = 102;
/// Guards made by mprotect when the kernel lacks the above: each costs two mappings of `vm.max_map_count` (65,530).
const MPROTECT_GUARDS: usize = 20_000;

/// Bytes of a page: 4 KiB, or on other processors than x86-64 what the kernel was built for, up to 64 KiB.
#[inline]
fn page() -> usize {
    #[cfg(target_arch = "x86_64")]
    {
        4096
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        static SIZE: std::sync::LazyLock<usize> = std::sync::LazyLock::new(|| {
            // SAFETY: asks for a number.
            usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(0).max(HOT)
        });
        *SIZE
    }
}

/// How stacks are guarded; shown by `php --ri steelwool`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// `MADV_GUARD_INSTALL`, for every stack.
    Madvise,
    /// mprotect, for the first 20,000 stacks.
    Mprotect,
}

/// One stack's memory.
#[derive(Clone, Copy)]
pub struct Slot {
    base: NonNull<u8>,
    c_stack: usize,
}

impl Slot {
    /// Lowest usable address of the C stack, above the guard.
    pub fn stack_limit(self) -> NonNull<u8> {
        // SAFETY: inside the slot.
        unsafe { self.base.add(page()) }
    }

    /// First address above the C stack; the context, the record and the VM stack follow.
    pub fn stack_top(self) -> NonNull<u8> {
        // SAFETY: inside the slot.
        unsafe { self.base.add(page() + self.c_stack - HOT + HOT_STACK) }
    }

    /// End of the slot.
    pub fn end(self) -> NonNull<u8> {
        // SAFETY: one past the slot's last byte.
        unsafe { self.base.add(stride(self.c_stack)) }
    }

    /// Size of the C stack, in bytes.
    pub fn c_stack(self) -> usize {
        self.c_stack
    }
}

#[inline]
fn stride(c_stack: usize) -> usize {
    (page() + c_stack + UPPER).next_multiple_of(page())
}

/// Slots of one size, taken from the newest slab; freed slots are reused first.
pub struct Slabs {
    c_stack: usize,
    next: usize,
    end: usize,
    free: Vec<Slot>,
    /// Start, bytes and stride of all slabs.
    slabs: BTreeMap<usize, (usize, usize)>,
    guards: usize,
    guard: Guard,
    /// The first guard was tried, and holds.
    tried: bool,
}

impl Slabs {
    /// Stacks of `c_stack` bytes; nothing is mapped yet.
    pub const fn new(c_stack: usize) -> Self {
        Self {
            c_stack,
            next: 0,
            end: 0,
            free: Vec::new(),
            slabs: BTreeMap::new(),
            guards: 0,
            guard: Guard::Madvise,
            tried: false,
        }
    }

    /// Changes the size of stacks made from now on; rounded up to pages, at least 64 KiB, at most 16 MiB.
    pub fn set_c_stack(&mut self, bytes: usize) {
        let bytes = bytes.clamp(64 << 10, 16 << 20).next_multiple_of(page());
        if bytes != self.c_stack {
            self.c_stack = bytes;
            self.free.clear();
            (self.next, self.end) = (0, 0);
        }
    }

    /// Size of stacks made from now on, in bytes.
    pub fn c_stack(&self) -> usize {
        self.c_stack
    }

    /// The kind of guard in use.
    pub fn guard(&self) -> Guard {
        self.guard
    }

    /// A slot whose memory is zero or untouched.
    ///
    /// # Errors
    /// The kernel refused to reserve address space.
    pub fn take(&mut self) -> io::Result<Slot> {
        if let Some(slot) = self.free.pop() {
            return Ok(slot);
        }
        if self.next == self.end {
            self.reserve()?;
        }
        let slot = Slot {
            // SAFETY: `reserve` made [next, end) a mapping of ours; mmap never returns null.
            base: unsafe { NonNull::new_unchecked(std::ptr::with_exposed_provenance_mut(self.next)) },
            c_stack: self.c_stack,
        };
        self.next += stride(self.c_stack);
        self.install_guard(slot);
        Ok(slot)
    }

    /// Gives a slot's memory back to the kernel and keeps its addresses for reuse.
    pub fn give(&mut self, slot: Slot) {
        let start = slot.stack_limit();
        // SAFETY: the slot is ours and nobody runs on it; the guard page stays as it is.
        unsafe {
            libc::madvise(start.as_ptr().cast(), stride(slot.c_stack) - page(), libc::MADV_DONTNEED);
        }
        if slot.c_stack == self.c_stack {
            self.free.push(slot);
        }
    }

    /// Unmaps slabs none of whose slots is in use, page tables and all.
    pub fn trim(&mut self) {
        let stride = stride(self.c_stack);
        let slab_of = |slabs: &BTreeMap<usize, (usize, usize)>, slot: &Slot| {
            slabs.range(..=slot.base.addr().get()).next_back().map(|(start, _)| *start)
        };
        let mut unused: HashMap<usize, usize> = HashMap::new();
        for slot in &self.free {
            if let Some(start) = slab_of(&self.slabs, slot) {
                *unused.entry(start).or_default() += 1;
            }
        }
        // Not the one whose slots are still being handed out for the first time.
        unused
            .retain(|start, count| self.slabs[start].0 == *count * stride && !(*start..self.end).contains(&self.next));
        if unused.is_empty() {
            return;
        }
        let slabs = &self.slabs;
        self.free.retain(|slot| slab_of(slabs, slot).is_none_or(|start| !unused.contains_key(&start)));
        self.free.shrink_to_fit();
        for (start, count) in unused {
            if let Some((bytes, _)) = self.slabs.remove(&start) {
                // SAFETY: a mapping of `reserve`'s; all of its slots were free and are forgotten.
                unsafe { libc::munmap(std::ptr::with_exposed_provenance_mut(start), bytes) };
                self.guards = self.guards.saturating_sub(count);
            }
        }
        overflow::watch_only(&self.slabs);
    }

    fn reserve(&mut self) -> io::Result<()> {
        let stride = stride(self.c_stack);
        let bytes = (SLAB / stride).max(1) * stride;
        // SAFETY: a fresh private mapping.
        let base = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                bytes,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE | libc::MAP_STACK,
                -1,
                0,
            )
        };
        if base == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the mapping just made; a huge page would defeat one page per coroutine.
        unsafe { libc::madvise(base, bytes, libc::MADV_NOHUGEPAGE) };
        self.next = base.expose_provenance();
        self.end = self.next + bytes;
        self.slabs.insert(self.next, (bytes, stride));
        overflow::watch(self.next, bytes, stride);
        Ok(())
    }

    fn install_guard(&mut self, slot: Slot) {
        let guard: *mut c_void = slot.base.as_ptr().cast();
        if self.guard == Guard::Madvise {
            // SAFETY: the slot's first page, never used for anything else.
            if unsafe { libc::madvise(guard, page(), MADV_GUARD_INSTALL) } == 0 && self.holds(guard) {
                return;
            }
            self.guard = Guard::Mprotect;
        }
        if self.guards < MPROTECT_GUARDS {
            self.guards += 1;
            // SAFETY: as above.
            unsafe { libc::mprotect(guard, page(), libc::PROT_NONE) };
        }
    }

    /// Whether the first guard is one: what translates system calls for another processor takes advice that it does not know, and
    /// does nothing.
    fn holds(&mut self, guard: *mut c_void) -> bool {
        if !self.tried {
            // SAFETY: asks the kernel to make the page readable, which it cannot do with a guard.
            self.tried = unsafe { libc::madvise(guard, page(), libc::MADV_POPULATE_READ) } != 0;
        }
        self.tried
    }
}

/// Says "C stack overflow" instead of a bare segmentation fault.
pub mod overflow {
    use super::{AtomicUsize, BTreeMap, Ordering, c_void, page};
    use std::sync::Once;

    /// Slabs, as (start, bytes, stride), readable from a signal handler.
    static SLABS: [[AtomicUsize; 3]; 1024] = [const { [const { AtomicUsize::new(0) }; 3] }; 1024];
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    static INSTALL: Once = Once::new();

    /// Notes a slab, and installs the handler with the first. Adjacent slabs of one stride are one entry.
    pub(super) fn watch(start: usize, bytes: usize, stride: usize) {
        INSTALL.call_once(install);
        let count = COUNT.load(Ordering::Acquire);
        if count > 0 {
            let [last_start, last_bytes, last_stride] = &SLABS[count - 1];
            let (first, length) = (last_start.load(Ordering::Relaxed), last_bytes.load(Ordering::Relaxed));
            if last_stride.load(Ordering::Relaxed) == stride {
                if first + length == start {
                    last_bytes.store(length + bytes, Ordering::Release);
                    return;
                }
                if start + bytes == first && length.is_multiple_of(stride) {
                    last_start.store(start, Ordering::Release);
                    last_bytes.store(length + bytes, Ordering::Release);
                    return;
                }
            }
        }
        if count < SLABS.len() {
            let entry = &SLABS[count];
            entry[0].store(start, Ordering::Relaxed);
            entry[1].store(bytes, Ordering::Relaxed);
            entry[2].store(stride, Ordering::Relaxed);
            COUNT.store(count + 1, Ordering::Release);
        }
    }

    /// Notes these slabs and no others.
    pub(super) fn watch_only(slabs: &BTreeMap<usize, (usize, usize)>) {
        COUNT.store(0, Ordering::Release);
        for (start, (bytes, stride)) in slabs {
            watch(*start, *bytes, *stride);
        }
    }

    fn in_guard(address: usize) -> bool {
        SLABS[..COUNT.load(Ordering::Acquire)].iter().any(|[start, bytes, stride]| {
            let (start, bytes) = (start.load(Ordering::Relaxed), bytes.load(Ordering::Relaxed));
            address >= start && address < start + bytes && (address - start) % stride.load(Ordering::Relaxed) < page()
        })
    }

    fn install() {
        const ALTERNATE: usize = 64 << 10;
        // SAFETY: one alternate stack for the PHP thread, kept for the life of the process; a handler for SIGSEGV only.
        unsafe {
            let memory = libc::mmap(
                std::ptr::null_mut(),
                ALTERNATE,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            );
            if memory == libc::MAP_FAILED {
                return;
            }
            let mut current: libc::stack_t = std::mem::zeroed();
            libc::sigaltstack(std::ptr::null(), &mut current);
            if current.ss_flags & libc::SS_DISABLE != 0 {
                let stack = libc::stack_t { ss_sp: memory, ss_flags: 0, ss_size: ALTERNATE };
                libc::sigaltstack(&stack, std::ptr::null_mut());
            }
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handler as extern "C" fn(i32, *mut libc::siginfo_t, *mut c_void) as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            for (signal, previous) in [(libc::SIGSEGV, &raw mut PREVIOUS[0]), (libc::SIGBUS, &raw mut PREVIOUS[1])] {
                libc::sigaction(signal, &action, previous);
            }
        }
    }

    /// What handled SIGSEGV and SIGBUS before. Written once, in `install`, before our handler can run.
    static mut PREVIOUS: [libc::sigaction; 2] = [const {
        // SAFETY: all-zero is SIG_DFL.
        unsafe { std::mem::zeroed() }
    }; 2];

    extern "C" fn handler(signal: i32, info: *mut libc::siginfo_t, _: *mut c_void) {
        const TEXT: &[u8] =
            b"PHP Fatal error:  Stack overflow in a coroutine: its C stack is full (deep recursion through \
internal functions such as array_map); raise Swoole\\Coroutine::set(['c_stack_size' => bytes])\n";
        // SAFETY: the kernel passes a valid siginfo; only async-signal-safe calls follow.
        unsafe {
            if in_guard((*info).si_addr().addr()) {
                libc::write(2, TEXT.as_ptr().cast(), TEXT.len());
                libc::_exit(255);
            }
            // Not ours: put back what was there and let the instruction fault again.
            let previous = if signal == libc::SIGSEGV { &raw const PREVIOUS[0] } else { &raw const PREVIOUS[1] };
            libc::sigaction(signal, previous, std::ptr::null_mut());
        }
    }
}
