//! The vector index: derived from what the store and the knowledge base hold, never the truth itself.
