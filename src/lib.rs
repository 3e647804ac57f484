pub mod citation;
pub mod knowledge;
pub mod law;
