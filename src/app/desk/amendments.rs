//! Amendments without text, as lawyers and administrators are asked about them.

use super::{App, Done};
use crate::case::{CaseId, PersonId};
use crate::law::ActId;
use crate::review::ReviewError;
use crate::store::{self, KnownAmendment};
use crate::web::desk::{
    ActAmendments, AmendmentReach, AmendmentWarning, ClearedWarning, Decided, DeskError,
    UnheldAmendment,
};

impl From<ReviewError> for DeskError {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::Store(error) => error.into(),
            warned @ ReviewError::Warned { .. } => Self::Warned {
                message: warned.to_string(),
            },
        }
    }
}

impl App {
    /// The warnings of the answer that waits in a case, open and cleared.
    pub(super) async fn case_warnings(&self, case: &CaseId) -> Done<Vec<AmendmentWarning>> {
        let warnings = self.store.warnings(case).await?;
        let shown = |one: store::AmendmentWarning| AmendmentWarning {
            amendment: unheld(one.amendment),
            provision: one.provision,
            citation: one.citation,
            cleared: one.cleared.map(|cleared| Decided {
                by: cleared.by,
                reason: cleared.reason,
                at_ms: cleared.at_ms,
            }),
        };
        Ok(warnings.into_iter().map(shown).collect())
    }

    pub(super) async fn clear(
        &self,
        case: &CaseId,
        by: &PersonId,
        cleared: &ClearedWarning,
    ) -> Done<()> {
        let which = (cleared.amendment.as_str(), cleared.provision.as_str());
        let done = self.store.clear_warning(case, which, &cleared.reason, by);
        Ok(done.await?)
    }

    pub(super) async fn amendments_by_act(&self) -> Done<Vec<ActAmendments>> {
        let names = self.names().await?;
        let held = self.store.act_statuses().await?;
        let title = |act: &str| {
            let held = held.iter().find(|one| one.act == act);
            held.map(|held| held.title.clone())
                .or_else(|| ActId::new(act).ok().map(|act| act.russian()))
                .unwrap_or_else(|| act.to_owned())
        };
        let mut acts: Vec<ActAmendments> = Vec::new();
        for one in self.store.amendments_to_look_at().await? {
            if acts.last().is_none_or(|last| last.act != one.act) {
                acts.push(ActAmendments {
                    title: title(&one.act),
                    act: one.act.clone(),
                    open: Vec::new(),
                    aside: Vec::new(),
                });
            }
            let Some(act) = acts.last_mut() else {
                continue;
            };
            match one.settled.clone() {
                None => act.open.push(unheld(one)),
                Some(reason) => {
                    let by = one.settled_by.clone().unwrap_or_default();
                    let decided = Decided {
                        // A command has no person: it signs as the machine.
                        by: names.get(&by.as_str().into()).cloned().unwrap_or(by),
                        reason,
                        at_ms: one.settled_ms.unwrap_or_default(),
                    };
                    act.aside.push((unheld(one), decided));
                }
            }
        }
        Ok(acts)
    }
}

fn unheld(one: KnownAmendment) -> UnheldAmendment {
    let is_address = |url: &String| url.starts_with("http://") || url.starts_with("https://");
    UnheldAmendment {
        id: one.id,
        number: one.number,
        signed_on: one.signed_on,
        published_on: one.published_on,
        title: one.title,
        url: Some(one.url).filter(is_address),
        reach: match one.reach {
            store::AmendmentReach::Named => AmendmentReach::Named,
            store::AmendmentReach::Possible => AmendmentReach::Possible,
        },
        seen_ms: one.seen_ms,
    }
}
