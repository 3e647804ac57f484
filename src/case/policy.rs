use super::{OrganisationId, PersonId};
use serde::{Deserialize, Serialize};

/// What a person is at a node of the tree and below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Член профсоюза.
    Member,
    /// Профорг.
    Steward,
    /// Юрист.
    Lawyer,
    /// Специалист.
    Staff,
    Administrator,
}

impl Role {
    pub const ALL: [Self; 5] = [
        Self::Member,
        Self::Steward,
        Self::Lawyer,
        Self::Staff,
        Self::Administrator,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Steward => "steward",
            Self::Lawyer => "lawyer",
            Self::Staff => "staff",
            Self::Administrator => "administrator",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// A role at a node; it holds for the node and all below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub role: Role,
    pub organisation: OrganisationId,
    /// The node's path, ids each followed by `/`.
    pub path: String,
}

/// Somebody who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub person: PersonId,
    pub grants: Vec<Grant>,
}

impl Actor {
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }

    /// Whether one of the grants of `role` covers the node with `path`.
    pub fn covers(&self, role: Role, path: &str) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.role == role && path.starts_with(&grant.path))
    }

    /// The paths under which the actor holds `role`.
    pub fn paths(&self, role: Role) -> Vec<&str> {
        self.grants
            .iter()
            .filter(|grant| grant.role == role)
            .map(|grant| grant.path.as_str())
            .collect()
    }
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    AskQuestion,
    SeeCase,
    WriteInCase,
    /// Queue, draft, sources.
    WorkOnCase,
    ApproveAnswer,
    /// Approve statements of the digest for members.
    ApproveStatements,
    SearchPrecedents,
    ManagePeople,
    /// Add texts of the law.
    ManageLaw,
    /// Read a local act of a node.
    ReadLocalAct,
    /// Add and end local acts of a node.
    ManageLocalActs,
    /// Put an amendment whose text is not held aside for its whole act.
    SettleAmendments,
    SeeJournal,
}

/// What it is to be done to.
#[derive(Debug, Clone, Copy)]
pub enum Resource<'a> {
    /// The desk as a whole, or a node of the tree.
    Node { path: &'a str },
    Case {
        path: &'a str,
        member: &'a PersonId,
        /// Whether the member shared it with their steward.
        shared: Shared,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    WithSteward,
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    /// One may see it, but not do this: 403.
    Forbidden,
    /// One may not know that it is there: 404.
    Hidden,
}

/// Whether `actor` may do `action` to `resource`.
pub fn decide(actor: &Actor, action: Action, resource: Resource<'_>) -> Decision {
    match resource {
        Resource::Node { path } => decide_node(actor, action, path),
        Resource::Case {
            path,
            member,
            shared,
        } => decide_case(actor, action, path, member, shared),
    }
}

fn decide_node(actor: &Actor, action: Action, path: &str) -> Decision {
    let role = match action {
        Action::AskQuestion => Role::Member,
        Action::WorkOnCase | Action::ApproveAnswer | Action::ApproveStatements => Role::Lawyer,
        Action::SearchPrecedents => {
            return allow(actor.covers(Role::Lawyer, path) || actor.covers(Role::Staff, path));
        }
        Action::ReadLocalAct => return read_local(actor, path),
        Action::SettleAmendments => {
            let administrator = actor.covers(Role::Administrator, path);
            return allow(administrator || actor.covers(Role::Lawyer, path));
        }
        Action::ManagePeople | Action::ManageLaw | Action::ManageLocalActs | Action::SeeJournal => {
            Role::Administrator
        }
        Action::SeeCase | Action::WriteInCase => return Decision::Forbidden,
    };
    allow(actor.covers(role, path))
}

/// A local act binds its node and all below: they read it; and so do those who work for the nodes above. Nobody else may
/// know that it is there.
fn read_local(actor: &Actor, owner: &str) -> Decision {
    let reads = |grant: &Grant| {
        let bound = grant.path.starts_with(owner);
        bound || grant.role != Role::Member && owner.starts_with(&grant.path)
    };
    match actor.grants.iter().any(reads) {
        true => Decision::Allowed,
        false => Decision::Hidden,
    }
}

fn allow(yes: bool) -> Decision {
    if yes {
        Decision::Allowed
    } else {
        Decision::Forbidden
    }
}

fn decide_case(
    actor: &Actor,
    action: Action,
    path: &str,
    member: &PersonId,
    shared: Shared,
) -> Decision {
    let own = actor.person == *member;
    let lawyer = actor.covers(Role::Lawyer, path);
    let steward = shared == Shared::WithSteward && actor.covers(Role::Steward, path);
    if !own && !lawyer && !steward {
        return Decision::Hidden;
    }
    match action {
        Action::SeeCase => Decision::Allowed,
        Action::WriteInCase => allow(own || lawyer),
        // Nobody approves the answer to their own question.
        Action::WorkOnCase | Action::ApproveAnswer => allow(lawyer && !own),
        _ => Decision::Forbidden,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn actor(person: &str, role: Role, path: &str) -> Actor {
        Actor {
            person: person.into(),
            grants: vec![Grant {
                role,
                organisation: "o".into(),
                path: path.into(),
            }],
        }
    }

    fn case<'a>(path: &'a str, member: &'a PersonId) -> Resource<'a> {
        Resource::Case {
            path,
            member,
            shared: Shared::No,
        }
    }

    #[test]
    fn a_lawyer_sees_cases_below_the_node_and_not_beside_it() {
        let member = PersonId::from("m");
        let lawyer = actor("l", Role::Lawyer, "f/b/");
        assert_eq!(
            decide(&lawyer, Action::ApproveAnswer, case("f/b/p/", &member)),
            Decision::Allowed
        );
        assert_eq!(
            decide(&lawyer, Action::SeeCase, case("f/c/", &member)),
            Decision::Hidden
        );
    }

    #[test]
    fn administrators_and_staff_see_no_case_text() {
        let member = PersonId::from("m");
        for role in [Role::Administrator, Role::Staff, Role::Steward] {
            assert_eq!(
                decide(
                    &actor("x", role, "f/"),
                    Action::SeeCase,
                    case("f/b/", &member)
                ),
                Decision::Hidden
            );
        }
    }

    #[test]
    fn a_lawyer_does_not_approve_the_answer_to_their_own_question() {
        let own = PersonId::from("l");
        let lawyer = actor("l", Role::Lawyer, "f/");
        assert_eq!(
            decide(&lawyer, Action::ApproveAnswer, case("f/b/", &own)),
            Decision::Forbidden
        );
    }

    #[test]
    fn a_local_act_is_read_in_its_own_branch_only() {
        let read = |role, at: &str| {
            let owner = Resource::Node { path: "f/b/" };
            decide(&actor("x", role, at), Action::ReadLocalAct, owner)
        };
        for role in Role::ALL {
            assert_eq!(read(role, "f/b/"), Decision::Allowed);
            assert_eq!(read(role, "f/b/p/"), Decision::Allowed);
            assert_eq!(read(role, "f/c/"), Decision::Hidden);
            assert_eq!(read(role, "f/c/p/"), Decision::Hidden);
        }
        assert_eq!(read(Role::Lawyer, "f/"), Decision::Allowed);
        // What binds a part of a union binds nobody above it.
        assert_eq!(read(Role::Member, "f/"), Decision::Hidden);
    }

    #[test]
    fn local_acts_are_kept_by_administrators_of_their_node_or_above() {
        let may = |role, at: &str| {
            let owner = Resource::Node { path: "f/b/" };
            decide(&actor("x", role, at), Action::ManageLocalActs, owner)
        };
        assert_eq!(may(Role::Administrator, "f/"), Decision::Allowed);
        assert_eq!(may(Role::Administrator, "f/b/"), Decision::Allowed);
        assert_eq!(may(Role::Administrator, "f/b/p/"), Decision::Forbidden);
        assert_eq!(may(Role::Lawyer, "f/b/"), Decision::Forbidden);
    }

    fn role() -> impl Strategy<Value = Role> {
        prop::sample::select(Role::ALL.to_vec())
    }

    fn path() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(vec!["a/", "b/", "c/"]), 1..4)
            .prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn only_a_lawyer_of_the_branch_approves(role in role(), at in path(), of in path(), person in "[lm]") {
            let member = PersonId::from("m");
            let decision = decide(&actor(&person, role, &at), Action::ApproveAnswer, case(&of, &member));
            prop_assert_eq!(
                decision == Decision::Allowed,
                role == Role::Lawyer && of.starts_with(&at) && person != "m"
            );
        }

        #[test]
        fn a_stranger_never_learns_that_a_case_is_there(role in role(), at in path(), of in path()) {
            let member = PersonId::from("m");
            let stranger = actor("s", role, &at);
            for action in [Action::SeeCase, Action::WriteInCase, Action::WorkOnCase, Action::ApproveAnswer] {
                let decision = decide(&stranger, action, case(&of, &member));
                if !(role == Role::Lawyer && of.starts_with(&at)) {
                    prop_assert_eq!(decision, Decision::Hidden);
                }
            }
        }
    }
}
