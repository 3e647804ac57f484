//! Local acts (локальные акты): what a union and an employer agreed, and an employer's own rules.

use serde::{Deserialize, Serialize};

/// What a local act is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalKind {
    /// Коллективный договор.
    CollectiveAgreement,
    /// Отраслевое соглашение.
    IndustryAgreement,
    /// Правила внутреннего трудового распорядка.
    InternalRules,
}

impl LocalKind {
    /// All of them, in the order of lists.
    pub const ALL: [LocalKind; 3] = [
        LocalKind::CollectiveAgreement,
        LocalKind::IndustryAgreement,
        LocalKind::InternalRules,
    ];

    /// Returns the word for the kind.
    pub fn code(self) -> &'static str {
        match self {
            LocalKind::CollectiveAgreement => "collective_agreement",
            LocalKind::IndustryAgreement => "industry_agreement",
            LocalKind::InternalRules => "internal_rules",
        }
    }

    /// Returns the kind that a word stands for.
    pub fn parse(code: &str) -> Option<LocalKind> {
        LocalKind::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Returns the word for the kind in ids of acts.
    pub(super) fn word(self) -> &'static str {
        match self {
            LocalKind::CollectiveAgreement => "agreement",
            LocalKind::IndustryAgreement => "industry",
            LocalKind::InternalRules => "rules",
        }
    }

    /// Returns the kind that a word of an id stands for.
    pub(super) fn of_word(word: &str) -> Option<LocalKind> {
        LocalKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Returns the name in the nominative, genitive and dative.
    pub(super) fn names(self) -> [&'static str; 3] {
        match self {
            LocalKind::CollectiveAgreement => [
                "Коллективный договор",
                "Коллективного договора",
                "Коллективному договору",
            ],
            LocalKind::IndustryAgreement => [
                "Отраслевое соглашение",
                "Отраслевого соглашения",
                "Отраслевому соглашению",
            ],
            LocalKind::InternalRules => [
                "Правила внутреннего трудового распорядка",
                "Правил внутреннего трудового распорядка",
                "Правилам внутреннего трудового распорядка",
            ],
        }
    }

    /// Returns how it is named to those whom it binds: «Ваш коллективный договор».
    pub fn yours(self) -> &'static str {
        match self {
            LocalKind::CollectiveAgreement => "Ваш коллективный договор",
            LocalKind::IndustryAgreement => "Ваше отраслевое соглашение",
            LocalKind::InternalRules => "Ваши правила внутреннего трудового распорядка",
        }
    }

    /// Returns the norm of the law by which a worse condition of such an act is not applied: part 4 of article 8 of the
    /// Labour Code for an employer's acts, part 2 of article 9 for agreements.
    pub fn bound_by(self) -> &'static str {
        match self {
            LocalKind::CollectiveAgreement | LocalKind::IndustryAgreement => "tk:9:2",
            LocalKind::InternalRules => "tk:8:4",
        }
    }
}

/// What a local act counts: what its citations begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LocalUnit {
    /// Пункт, «5.4.».
    Point,
    /// Статья.
    Article,
    /// Абзац, where nothing is numbered.
    Paragraph,
}

impl LocalUnit {
    /// Returns the end of an id that tells the unit.
    pub(super) fn end(self) -> &'static str {
        match self {
            LocalUnit::Point => "",
            LocalUnit::Article => "-st",
            LocalUnit::Paragraph => "-p",
        }
    }
}
