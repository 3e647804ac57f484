//! The truth: cases, people, acts, approvals, jobs and the journal, on SQLite or PostgreSQL.
