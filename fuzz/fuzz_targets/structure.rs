//! Text of a law through structure and splitter.
#![no_main]

#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|text: &str| {
    targets::law_text(text).unwrap_or_else(|fault| panic!("{fault}"));
});
