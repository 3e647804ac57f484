use serde::{Deserialize, Serialize};

/// Where a case stands. A step moves it by one SQL transaction; nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Received,
    Retrieved,
    Drafted,
    /// No draft speaks: the reason is kept beside it.
    Abstained,
    /// The lawyer asked the member for facts.
    Waiting,
    Approved,
    Sent,
    Closed,
}

/// What happens to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Retrieve,
    Draft,
    Abstain,
    AskMember,
    Reply,
    Approve,
    /// The lawyer takes the approval back while the answer is still held.
    Undo,
    Deliver,
    FollowUp,
    Close,
}

/// Why there is no draft, or why it does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    OutOfScope,
    LawDoesNotAnswer,
    FactsMissing,
    NoModel,
    NoIndex,
    DeadlinePassed,
    ModelFailed,
}

impl Status {
    pub const ALL: [Self; 8] = [
        Self::Received,
        Self::Retrieved,
        Self::Drafted,
        Self::Abstained,
        Self::Waiting,
        Self::Approved,
        Self::Sent,
        Self::Closed,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Retrieved => "retrieved",
            Self::Drafted => "drafted",
            Self::Abstained => "abstained",
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Sent => "sent",
            Self::Closed => "closed",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

impl Step {
    pub const ALL: [Self; 10] = [
        Self::Retrieve,
        Self::Draft,
        Self::Abstain,
        Self::AskMember,
        Self::Reply,
        Self::Approve,
        Self::Undo,
        Self::Deliver,
        Self::FollowUp,
        Self::Close,
    ];
}

impl Reason {
    pub const ALL: [Self; 7] = [
        Self::OutOfScope,
        Self::LawDoesNotAnswer,
        Self::FactsMissing,
        Self::NoModel,
        Self::NoIndex,
        Self::DeadlinePassed,
        Self::ModelFailed,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::OutOfScope => "out_of_scope",
            Self::LawDoesNotAnswer => "law_does_not_answer",
            Self::FactsMissing => "facts_missing",
            Self::NoModel => "no_model",
            Self::NoIndex => "no_index",
            Self::DeadlinePassed => "deadline_passed",
            Self::ModelFailed => "model_failed",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// The status after `step`, or `None` where the step is not allowed from `status`.
pub fn next(status: Status, step: Step) -> Option<Status> {
    use Status::*;
    match (status, step) {
        (Received, Step::Retrieve) => Some(Retrieved),
        (Received | Retrieved, Step::Abstain) => Some(Abstained),
        (Retrieved, Step::Draft) => Some(Drafted),
        // A lawyer need not wait for the machine.
        (Received | Retrieved | Drafted | Abstained, Step::AskMember) => Some(Waiting),
        (Received | Retrieved | Drafted | Abstained | Waiting, Step::Approve) => Some(Approved),
        (Waiting, Step::Reply) => Some(Received),
        (Approved, Step::Undo) => Some(Drafted),
        (Approved, Step::Deliver) => Some(Sent),
        (Sent | Closed, Step::FollowUp) => Some(Received),
        (Received | Retrieved | Drafted | Abstained | Waiting | Sent, Step::Close) => Some(Closed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn step() -> impl Strategy<Value = Step> {
        prop::sample::select(Step::ALL.to_vec())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn nothing_is_sent_that_was_not_approved_just_before(steps in prop::collection::vec(step(), 0..60)) {
            let mut status = Status::Received;
            for step in steps {
                if let Some(then) = next(status, step) {
                    if then == Status::Sent {
                        prop_assert_eq!(status, Status::Approved);
                        prop_assert_eq!(step, Step::Deliver);
                    }
                    if then == Status::Approved {
                        prop_assert_eq!(step, Step::Approve);
                    }
                    status = then;
                }
            }
        }

        #[test]
        fn every_status_can_still_be_closed_or_answered(steps in prop::collection::vec(step(), 0..60)) {
            let mut status = Status::Received;
            for step in steps {
                status = next(status, step).unwrap_or(status);
            }
            prop_assert!(Step::ALL.iter().any(|step| next(status, *step).is_some()));
        }
    }

    #[test]
    fn codes_read_back() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.code()), Some(status));
        }
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.code()), Some(reason));
        }
    }
}
