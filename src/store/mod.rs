//! The truth: cases, people, acts, approvals, jobs and the journal, on SQLite or PostgreSQL.

mod audit;
mod db;
mod error;
mod sql;

pub use audit::{AuditHead, AuditRow, AuditVerdict, SYSTEM};
pub use db::{Dialect, Store};
pub use error::StoreError;
