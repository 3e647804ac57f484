//! What this machine can do, and how work is spread over its threads.

use std::ops::Range;
use std::sync::OnceLock;

/// The vector instructions that the kernels use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Portable,
    Avx2,
    Avx512Vnni,
}

/// Returns the level of this machine, looked up once.
pub(crate) fn level() -> Level {
    static LEVEL: OnceLock<Level> = OnceLock::new();
    *LEVEL.get_or_init(detect)
}

#[cfg(target_arch = "x86_64")]
fn detect() -> Level {
    if is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vnni")
    {
        Level::Avx512Vnni
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        Level::Avx2
    } else {
        Level::Portable
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn detect() -> Level {
    Level::Portable
}

/// Returns the class of this machine: `amx`, `avx512-vnni`, `avx2` or `portable`.
///
/// Speeds are comparable only within one class. On `amx` our kernels are those of `avx512-vnni`; other engines may use more.
pub fn kernel_class() -> &'static str {
    match level() {
        Level::Avx512Vnni if has_amx() => "amx",
        Level::Avx512Vnni => "avx512-vnni",
        Level::Avx2 => "avx2",
        Level::Portable => "portable",
    }
}

/// Linux shows the AMX flags only where the processor and the kernel both allow the tiles.
fn has_amx() -> bool {
    static AMX: OnceLock<bool> = OnceLock::new();
    *AMX.get_or_init(|| {
        std::fs::read_to_string("/proc/cpuinfo").is_ok_and(|text| {
            text.lines()
                .find(|line| line.starts_with("flags"))
                .is_some_and(|line| line.split_whitespace().any(|flag| flag == "amx_int8"))
        })
    })
}

/// Tells glibc to keep freed memory instead of returning it to the system after every tensor operation.
///
/// Page faults are a fifth of the time without it. Does nothing elsewhere. Call once, at the start of the process.
pub fn tune_allocator() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: mallopt changes two thresholds of the allocator; any value is valid, and a refusal is harmless.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, 1 << 30);
            libc::mallopt(libc::M_TRIM_THRESHOLD, i32::MAX);
        }
    }
}

/// Runs `work` over parts of `0..items` on all threads and returns when every part is done.
///
/// It shares the pool of the tensor library, so that the two never compete for the cores.
pub(crate) fn spread(items: usize, work: impl Fn(Range<usize>) + Sync) {
    candle_core::utils::barrier_pool().execute_chunked(items, work);
}

/// A mutable slice that several threads write to, each in places of its own.
pub(crate) struct Shared<T> {
    start: *mut T,
    len: usize,
}

// SAFETY: `Shared` hands out only the ranges that its callers promise to be disjoint.
unsafe impl<T: Send> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Shared<T> {}

impl<T> Shared<T> {
    /// Returns a view of `slice`, which must outlive the view's last use; callers keep it within one [`spread`].
    pub(crate) fn new(slice: &mut [T]) -> Self {
        Shared {
            start: slice.as_mut_ptr(),
            len: slice.len(),
        }
    }

    /// Returns the elements of `range`.
    ///
    /// # Safety
    /// No other live reference overlaps the range, and the slice given to `new` is still borrowed by the caller.
    #[expect(
        clippy::mut_from_ref,
        reason = "the caller promises that the ranges are disjoint"
    )]
    pub(crate) unsafe fn part(&self, range: Range<usize>) -> &mut [T] {
        assert!(range.start <= range.end && range.end <= self.len);
        // SAFETY: the range lies within the slice; the caller promises that nobody else holds a part of it.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(range.start), range.len()) }
    }
}
