use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// A new id: UUIDv7 as text, so that ids sort by the time they were made.
            pub fn fresh() -> Self {
                Self(uuid::Uuid::now_v7().to_string())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    };
}

id!(
    /// A case (обращение).
    CaseId
);
id!(
    /// A person: member, lawyer, staff or administrator.
    PersonId
);
id!(
    /// A node of the union's tree.
    OrganisationId
);
id!(
    /// What was written in a case.
    MessageId
);
id!(
    /// A draft (проект ответа).
    DraftId
);
id!(
    /// An answer (ответ) under a lawyer's hand.
    AnswerId
);
id!(
    /// A lawyer's approval of one rendering.
    ApprovalId
);

/// A node of the union's tree: federation, branch or territorial union, primary organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub id: OrganisationId,
    pub parent: Option<OrganisationId>,
    pub name: String,
    pub kind: OrganisationKind,
    pub region: Option<String>,
    pub industry: Option<String>,
    /// Ids from the root down to this node, each followed by `/`, for prefix queries.
    pub path: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// Общероссийское объединение.
    Federation,
    /// Отраслевой профсоюз.
    Branch,
    /// Территориальная организация.
    Territorial,
    /// Первичная профсоюзная организация.
    Primary,
}

impl OrganisationKind {
    pub const ALL: [Self; 4] = [
        Self::Federation,
        Self::Branch,
        Self::Territorial,
        Self::Primary,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Federation => "federation",
            Self::Branch => "branch",
            Self::Territorial => "territorial",
            Self::Primary => "primary",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// The member's first words.
    Question,
    /// The member asks again, or answers the lawyer.
    FollowUp,
    /// The lawyer asks the member for facts.
    Clarification,
}

impl MessageKind {
    pub fn code(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::FollowUp => "follow_up",
            Self::Clarification => "clarification",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        [Self::Question, Self::FollowUp, Self::Clarification]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// What a lawyer approves and a member reads: the whole text, its quotes and their days, hashed together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendering {
    /// The answer's words, paragraphs separated by an empty line.
    pub text: String,
    pub quotes: Vec<RenderedQuote>,
    /// The day whose law the answer speaks of, ISO.
    pub on: String,
}

/// A verbatim quote as it stands under the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedQuote {
    pub norm: String,
    pub text: String,
    pub edition: String,
    pub current_to: String,
}

impl Rendering {
    /// The canonical JSON that is stored and hashed.
    pub fn canonical(&self) -> String {
        serde_json::json!({
            "text": self.text,
            "on": self.on,
            "quotes": self.quotes.iter().map(|q| serde_json::json!([q.norm, q.text, q.edition, q.current_to])).collect::<Vec<_>>(),
        })
        .to_string()
    }

    /// Hex SHA-256 of [`Rendering::canonical`].
    pub fn sha256(&self) -> String {
        sha256_hex(self.canonical().as_bytes())
    }
}

/// Hex SHA-256 of bytes.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_of_a_rendering_changes_its_hash() {
        let first = Rendering {
            text: "Отпуск 28 дней".into(),
            quotes: vec![RenderedQuote {
                norm: "tk:115:1".into(),
                text: "28".into(),
                edition: "2025-12-29".into(),
                current_to: "2025-12-29".into(),
            }],
            on: "2026-01-15".into(),
        };
        let mut second = first.clone();
        second.quotes[0].current_to = "2026-01-01".into();
        assert_ne!(first.sha256(), second.sha256());
        assert_eq!(first.sha256(), first.clone().sha256());
    }
}
