//! The case (обращение): its types, the states it may pass through, and who may do what to it.
//! Pure: nothing here reads a clock, a database or a file.

pub mod policy;
pub mod status;
pub mod types;

pub use policy::{Action, Actor, Decision, Grant, Resource, Role, decide};
pub use status::{Reason, Status, Step, next};
pub use types::{
    AnswerId, ApprovalId, CaseId, DraftId, MessageId, MessageKind, Organisation, OrganisationId,
    OrganisationKind, PersonId, Rendering,
};
