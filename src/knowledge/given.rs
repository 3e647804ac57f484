//! What the one who adds a file says about it: act and edition, for files that do not say it themselves.

use jiff::civil::Date;

use super::act::EditionBasis;
use super::error::KnowledgeError;
use super::identity::Identity;
use crate::law::ActId;

/// Act and edition as they were given; what the file says itself must be the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    pub act: Option<ActId>,
    pub edition: Option<Date>,
}

impl Given {
    /// Takes the act for a file that names none. Fails where the file names another.
    pub(super) fn act(&self, identity: &mut Identity, name: &str) -> Result<(), KnowledgeError> {
        let said = identity.act.clone();
        if let (None, Some(act)) = (&said, self.known_act(said.clone(), name)?) {
            identity.become_act(&act);
        }
        Ok(())
    }

    /// The act that the file names, or else the given one. Fails where they are two.
    pub(super) fn known_act(
        &self,
        said: Option<ActId>,
        name: &str,
    ) -> Result<Option<ActId>, KnowledgeError> {
        match (said, &self.act) {
            (Some(said), Some(given)) if said != *given => Err(KnowledgeError::Contradiction {
                name: name.to_owned(),
                what: "акт",
                said: said.to_string(),
                given: given.to_string(),
            }),
            (said, given) => Ok(said.or_else(|| given.clone())),
        }
    }

    /// Takes the day for a text that names no edition; one that does must name the same, or be a copy that a publisher exported
    /// while the edition was in force. Fails where they contradict each other.
    pub(super) fn edition(
        &self,
        said: (Date, EditionBasis),
        name: &str,
    ) -> Result<(Date, EditionBasis), KnowledgeError> {
        let Some(given) = self.edition else {
            return Ok(said);
        };
        let agrees = match said.1 {
            EditionBasis::Adoption | EditionBasis::Given => given >= said.0,
            EditionBasis::InForceOn => given <= said.0,
            EditionBasis::AmendmentNotes | EditionBasis::HeadList | EditionBasis::Stated => {
                given == said.0
            }
        };
        match agrees {
            true => Ok((given, EditionBasis::Given)),
            false => Err(KnowledgeError::Contradiction {
                name: name.to_owned(),
                what: "день редакции",
                said: said.0.to_string(),
                given: given.to_string(),
            }),
        }
    }
}
