//! Pages and their guards.
