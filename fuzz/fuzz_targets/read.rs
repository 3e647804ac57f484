//! Bytes of any format through every reader.
#![no_main]

#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    targets::bytes(bytes).unwrap_or_else(|fault| panic!("{fault}"));
});
