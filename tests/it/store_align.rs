//! Norms that two editions do not clearly have in common.
