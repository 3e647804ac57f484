//! The model room: workers that survive their models, and files that are whole or not loaded.

mod worker;
