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
    /// Paragraphs that another copy of the edition showed to be a publisher's: they are taken out of the text.
    pub without: Vec<String>,
}

impl Given {
    /// Whether a paragraph is one of those that are to be taken out; white space does not matter.
    pub(super) fn takes_out(&self, paragraph: &str) -> bool {
        let mut remarks = self.without.iter();
        remarks.any(|one| one.split_whitespace().eq(paragraph.split_whitespace()))
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    const LAW: &str = "РОССИЙСКАЯ ФЕДЕРАЦИЯ\nФЕДЕРАЛЬНЫЙ ЗАКОН\nО пробах\n1 февраля 2003 года\n№ 999-ФЗ\n\
        Статья 1. Проба\nСад растёт.\nО применении статьи 1 Закона см. письмо.\nСадовник отдыхает.\n\
        Президент Российской Федерации\nВ. Путин\n";

    #[test]
    fn paragraphs_of_a_publisher_are_taken_out_and_accounted_for() {
        let with = crate::knowledge::read(LAW.as_bytes(), "law.txt");
        let Ok(with) = with else {
            panic!("{with:?}");
        };
        let given = Given {
            without: vec!["О применении  статьи 1 Закона см. письмо.".to_owned()],
            ..Given::default()
        };
        let act = crate::knowledge::read_as(LAW.as_bytes(), "law.txt", &given).unwrap();
        assert!(with.text.contains("см. письмо") && !act.text.contains("см. письмо"));
        let remark = |piece: &&crate::knowledge::RemovedPiece| piece.text.contains("см. письмо");
        assert_eq!(act.removed.iter().filter(remark).count(), 1);
        assert!(act.account.lost.is_empty(), "{:?}", act.account.lost);
        assert_eq!(act.account.read, act.account.kept + act.account.removed);
        let part = |act: &crate::knowledge::ParsedAct, label: &str| {
            let node = act.node(&label.parse().unwrap());
            node.map(|node| node.text.clone()).unwrap_or_default()
        };
        assert_eq!(part(&act, "fz-999:1:2"), part(&with, "fz-999:1:3"));
    }
}
