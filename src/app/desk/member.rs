use super::case_views::{events, letters, line, published, shared};
use super::guide::Seen;
use super::{App, Done};
use crate::app::{question_of, today};
use crate::case::{Actor, CaseId, PersonId, Role, Status};
use crate::intake::{self, IntakeError};
use crate::retrieve::{Retrieval, Scope};
use crate::store::StoreError;
use crate::web::desk::{CaseHead, CaseLine, DeskError, Found, MemberCase, Question};

/// Articles beside a member's question: what they can read, not all that a draft weighs.
const BESIDE: usize = 5;

impl From<IntakeError> for DeskError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Store(error) => error.into(),
            other => Self::Wrong {
                message: other.to_string(),
            },
        }
    }
}

impl App {
    pub(super) async fn head_of(&self, case: &CaseId) -> Done<Option<CaseHead>> {
        match self.store.case_row(case).await {
            Ok(row) => Ok(Some(CaseHead {
                shared: shared(&row),
                id: row.id,
                path: row.organisation_path,
                member: row.member,
            })),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn take_question(&self, member: &PersonId, asked: &Question) -> Done<CaseId> {
        let question = intake::Question {
            text: asked.text.clone(),
            topic: asked.topic.clone(),
            event_date: asked.event_date,
            idempotency_key: Some(asked.key.clone()).filter(|key| !key.is_empty()),
        };
        let taken = intake::accept(&self.store, member, &asked.organisation, &question);
        Ok(taken.await?.id)
    }

    pub(super) async fn own_cases(&self, member: &PersonId) -> Done<Vec<CaseLine>> {
        self.case_lines(self.store.cases_of(member).await?).await
    }

    pub(super) async fn shown_cases(&self, actor: &Actor) -> Done<Vec<CaseLine>> {
        let paths = actor.paths(Role::Steward);
        self.case_lines(self.store.cases_shared(&paths).await?)
            .await
    }

    pub(super) async fn case_for_member(&self, case: &CaseId) -> Done<MemberCase> {
        let view = self.store.case_for(case).await?;
        let names = self.names().await?;
        Ok(MemberCase {
            event_date: view.case.event_date,
            shared: shared(&view.case),
            letters: letters(&view, &names),
            answers: published(&view),
            deadlines: self.confirmed_terms(case, &names).await?,
            events: events(&view, &names),
            line: line(view.case, view.organisation_name, view.lawyer_name),
        })
    }

    /// What the case's own search kept; where it has not run yet, a search now.
    pub(super) async fn law_beside(&self, case: &CaseId) -> Done<Found> {
        let view = self.store.case_for(case).await?;
        let notes = self.approved_for(&view.case.organisation_path).await?;
        let on = view.case.event_date.unwrap_or_else(today);
        let kept = view.retrieval.as_ref().filter(|kept| kept.on_date == on);
        let kept = kept.and_then(|kept| serde_json::from_value(kept.hits.clone()).ok());
        let mut found: Retrieval = match kept {
            Some(found) => found,
            None => {
                let scope = Scope {
                    on,
                    organisation_path: Some(view.case.organisation_path.clone()),
                    limit: BESIDE,
                };
                App::search(self, &question_of(&view.messages), &scope).await?
            }
        };
        let near: Vec<String> = found
            .articles
            .iter()
            .take(BESIDE)
            .map(|(id, _)| id.clone())
            .collect();
        found
            .hits
            .retain(|hit| hit.is_local() || near.contains(&hit.article));
        let mut page = self.as_found(&found, on, &notes);
        let path = &view.case.organisation_path;
        let seen = Seen::Approved(self.store.approvals_for(path).await?);
        self.beside_question(&question_of(&view.messages), &found, &seen, &mut page);
        Ok(page)
    }

    pub(super) async fn write_on(&self, case: &CaseId, by: &PersonId, text: &str) -> Done<()> {
        let text = intake::check(text)?;
        let status = self.store.case_row(case).await?.status;
        if status == Status::Waiting {
            self.store.reply(case, by, text).await?;
        } else {
            self.store.follow_up(case, by, text).await?;
        }
        Ok(())
    }
}
