//! Text through the parsers of citations and references.
#![no_main]

#[path = "../targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|text: &str| {
    targets::citations(text).unwrap_or_else(|fault| panic!("{fault}"));
});
