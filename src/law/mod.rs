//! Pure legal knowledge: citations, references in running text, Russian text, calendar and deadline rules.
//!
//! Nothing here reads a file, a clock or a database.

pub mod align;
pub mod calc;
pub mod calendar;
pub mod citation;
pub mod compare;
pub mod dating;
pub mod deadline;
pub mod facts;
pub mod local;
pub mod numbering;
pub mod provision;
pub mod rates;
pub mod reference;
pub mod text;

pub use calendar::Calendar;
pub use citation::{ActId, Citation, CitationError};
pub use local::{LocalKind, LocalUnit};
pub use provision::{Coverage, DayStatus, InForce, ProvisionKind};
pub use reference::{Reference, find_references};
