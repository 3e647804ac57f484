//! The pages' desk: what `web` asks for, answered from the store and the catalog.

mod law;
mod view;

use super::App;
use crate::case::policy::Shared;
use crate::case::{Actor, CaseId, Organisation, OrganisationId, PersonId, Role, Status};
use crate::intake::{self, IntakeError};
use crate::store::{Approve, AuditVerdict, CaseRow, CaseView, StatementStamp, StoreError, Try};
use crate::web::desk::{
    Account, ActLine, ActPage, Answer, Approval, ArticlePage, AskedApproval, CaseHead, CaseLine,
    DeadlineView, Desk, DeskCase, DeskError, DigestChapter, Found, JournalState, LinkOwner,
    MemberCase, NewPerson, Password, PersonLine, Question, QueueFilter, Readiness, Reply,
    SavedAnswer, SearchQuery, Session, SessionTerms, StatementLine, StatementPick, Throttle,
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What the store's errors are to a page.
fn failed(error: StoreError) -> DeskError {
    match error {
        StoreError::NotFound { .. } => DeskError::NotFound,
        StoreError::Conflict { message } => DeskError::Conflict { message },
        StoreError::Refused { message } => DeskError::Forbidden { message },
        other => DeskError::Unavailable {
            reason: other.code().into(),
        },
    }
}

fn hold_ms(app: &App) -> i64 {
    i64::try_from(app.config.deliver.hold_s.saturating_mul(1000)).unwrap_or(i64::MAX)
}

fn password(set: bool) -> Password {
    if set { Password::Set } else { Password::Missing }
}

fn stamps(picks: &[StatementPick]) -> Vec<StatementStamp> {
    picks
        .iter()
        .map(|pick| StatementStamp {
            statement: pick.id.clone(),
            sha256: pick.sha256.clone(),
        })
        .collect()
}

impl App {
    async fn lines(&self, rows: Vec<CaseRow>) -> Result<Vec<CaseLine>, DeskError> {
        let nodes = self.store.organisations().await.map_err(failed)?;
        let nodes: BTreeMap<_, _> = nodes.into_iter().map(|node| (node.id, node.name)).collect();
        let people = self.names().await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let node = nodes.get(&row.organisation).cloned().unwrap_or_default();
                let lawyer = row.lawyer.as_ref().and_then(|id| people.get(id).cloned());
                view::line(row, node, lawyer)
            })
            .collect())
    }

    async fn names(&self) -> Result<BTreeMap<PersonId, String>, DeskError> {
        let people = self.store.people().await.map_err(failed)?;
        Ok(people.into_iter().map(|one| (one.id, one.name)).collect())
    }

    async fn view(&self, case: &CaseId) -> Result<CaseView, DeskError> {
        self.store.case_for(case).await.map_err(failed)
    }
}

impl Desk for App {
    fn session<'a>(&'a self, token: &'a str) -> Reply<'a, Option<Session>> {
        Box::pin(async move {
            let Some(session) = self.store.session(token).await.map_err(failed)? else {
                return Ok(None);
            };
            Ok(Some(Session {
                actor: self.store.actor(&session.person).await.map_err(failed)?,
                name: self.store.person(&session.person).await.map_err(failed)?.name,
                csrf: session.csrf_token,
            }))
        })
    }

    fn open_session<'a>(&'a self, person: &'a PersonId, terms: SessionTerms) -> Reply<'a, String> {
        Box::pin(async move {
            let made = self.store.create_session(person, terms.idle_ms, terms.valid_ms).await;
            Ok(made.map_err(failed)?.token)
        })
    }

    fn close_session<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { self.store.drop_session(token).await.map_err(failed) })
    }

    fn account<'a>(&'a self, email: &'a str) -> Reply<'a, Option<Account>> {
        Box::pin(async move {
            let Some(person) = self.store.person_by_email(email).await.map_err(failed)? else {
                return Ok(None);
            };
            Ok(Some(Account {
                actor: self.store.actor(&person.id).await.map_err(failed)?,
                password_hash: self.store.password_hash(&person.id).await.map_err(failed)?,
            }))
        })
    }

    fn try_login<'a>(&'a self, email: &'a str) -> Reply<'a, Throttle> {
        Box::pin(async move {
            Ok(match self.store.try_login(email).await.map_err(failed)? {
                Try::Allowed => Throttle::Go,
                Try::Paused { until_ms } => {
                    let now = jiff::Timestamp::now().as_millisecond();
                    let seconds = (until_ms - now).max(1000) / 1000;
                    Throttle::Wait {
                        seconds: seconds.unsigned_abs(),
                    }
                }
            })
        })
    }

    fn login_passed<'a>(&'a self, email: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { self.store.login_passed(email).await.map_err(failed) })
    }

    fn link<'a>(&'a self, token: &'a str) -> Reply<'a, Option<LinkOwner>> {
        Box::pin(async move {
            let Some(id) = self.store.login_link_owner(token).await.map_err(failed)? else {
                return Ok(None);
            };
            let person = self.store.person(&id).await.map_err(failed)?;
            Ok(Some(LinkOwner {
                actor: self.store.actor(&id).await.map_err(failed)?,
                name: person.name,
                password: password(person.has_password),
            }))
        })
    }

    fn use_link<'a>(&'a self, token: &'a str, hash: Option<String>) -> Reply<'a, PersonId> {
        Box::pin(async move {
            let Some(id) = self.store.use_login_link(token).await.map_err(failed)? else {
                return Err(DeskError::Conflict {
                    message: "Этой ссылкой уже вошли.".into(),
                });
            };
            if let Some(hash) = hash {
                self.store.set_password_hash(&id, &hash, None).await.map_err(failed)?;
            }
            Ok(id)
        })
    }

    fn search<'a>(&'a self, query: &'a SearchQuery) -> Reply<'a, Found> {
        Box::pin(law::search(self, query))
    }

    fn acts(&self) -> Reply<'_, Vec<ActLine>> {
        Box::pin(law::acts(self))
    }

    fn act<'a>(&'a self, act: &'a str, on: Date) -> Reply<'a, ActPage> {
        Box::pin(law::act(self, act, on))
    }

    fn article<'a>(&'a self, act: &'a str, number: &'a str, on: Date) -> Reply<'a, ArticlePage> {
        Box::pin(law::article(self, act, number, on))
    }

    fn digest<'a>(&'a self, organisation: &'a OrganisationId) -> Reply<'a, Vec<DigestChapter>> {
        Box::pin(law::digest(self, organisation))
    }

    fn statements<'a>(
        &'a self,
        organisation: &'a OrganisationId,
        articles: &'a [String],
    ) -> Reply<'a, Vec<StatementLine>> {
        Box::pin(law::statements(self, organisation, articles))
    }

    fn approve_statements<'a>(
        &'a self,
        by: &'a PersonId,
        organisation: &'a OrganisationId,
        picks: &'a [StatementPick],
    ) -> Reply<'a, usize> {
        Box::pin(async move {
            let done = self.store.approve_statements(&stamps(picks), by, organisation).await;
            done.map_err(failed)
        })
    }

    fn revoke_statements<'a>(
        &'a self,
        by: &'a PersonId,
        organisation: &'a OrganisationId,
        picks: &'a [StatementPick],
    ) -> Reply<'a, usize> {
        Box::pin(async move {
            let done = self.store.revoke_statements(&stamps(picks), by, organisation).await;
            Ok(done.map_err(failed)? as usize)
        })
    }

    fn case_head<'a>(&'a self, case: &'a CaseId) -> Reply<'a, Option<CaseHead>> {
        Box::pin(async move {
            match self.store.case_row(case).await {
                Ok(row) => Ok(Some(CaseHead {
                    shared: view::shared(&row),
                    id: row.id,
                    path: row.organisation_path,
                    member: row.member,
                })),
                Err(StoreError::NotFound { .. }) => Ok(None),
                Err(error) => Err(failed(error)),
            }
        })
    }

    fn ask<'a>(&'a self, member: &'a PersonId, question: &'a Question) -> Reply<'a, CaseId> {
        Box::pin(async move {
            let asked = intake::Question {
                text: question.text.clone(),
                topic: question.topic.clone(),
                event_date: question.event_date,
                idempotency_key: Some(question.key.clone()),
            };
            match intake::accept(&self.store, member, &question.organisation, &asked).await {
                Ok(case) => Ok(case.id),
                Err(IntakeError::Store(error)) => Err(failed(error)),
                Err(error) => Err(DeskError::Wrong {
                    message: error.to_string(),
                }),
            }
        })
    }

    fn cases_of<'a>(&'a self, member: &'a PersonId) -> Reply<'a, Vec<CaseLine>> {
        Box::pin(async move {
            let rows = self.store.cases_of(member).await.map_err(failed)?;
            self.lines(rows).await
        })
    }

    fn cases_shared_with<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<CaseLine>> {
        Box::pin(async move {
            let rows = self.store.cases_shared(&actor.paths(Role::Steward)).await;
            self.lines(rows.map_err(failed)?).await
        })
    }

    fn member_case<'a>(&'a self, case: &'a CaseId) -> Reply<'a, MemberCase> {
        Box::pin(async move {
            let view = self.view(case).await?;
            let names = self.names().await?;
            let confirmed = |term: &DeadlineView| term.confirmed_by.is_some();
            Ok(MemberCase {
                event_date: view.case.event_date,
                shared: view::shared(&view.case),
                letters: view::letters(&view, &names),
                answers: view::published(&view),
                deadlines: view::deadlines(self, &view).into_iter().filter(confirmed).collect(),
                events: view::events(&view, &names),
                line: view::line(view.case, view.organisation_name, view.lawyer_name),
            })
        })
    }

    fn law_for_case<'a>(&'a self, case: &'a CaseId) -> Reply<'a, Found> {
        Box::pin(law::for_case(self, case))
    }

    fn write<'a>(&'a self, case: &'a CaseId, by: &'a PersonId, text: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            let row = self.store.case_row(case).await.map_err(failed)?;
            let done = if row.status == Status::Waiting {
                self.store.reply(case, by, text).await
            } else {
                self.store.follow_up(case, by, text).await
            };
            done.map_err(failed)
        })
    }

    fn share_with_steward<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        shared: Shared,
    ) -> Reply<'a, ()> {
        Box::pin(async move {
            let done = self.store.share_with_steward(case, by, shared).await;
            done.map_err(failed)
        })
    }

    fn queue<'a>(&'a self, actor: &'a Actor, filter: &'a QueueFilter) -> Reply<'a, Vec<CaseLine>> {
        Box::pin(async move {
            let asked = crate::store::QueueFilter {
                statuses: filter.statuses.clone(),
                topic: filter.topic.clone(),
                text: filter.text.clone(),
                ..Default::default()
            };
            let paths = actor.paths(Role::Lawyer);
            let rows = self.store.queue(&paths, &asked, filter.limit as i64).await;
            self.lines(rows.map_err(failed)?).await
        })
    }

    fn desk_case<'a>(&'a self, case: &'a CaseId) -> Reply<'a, DeskCase> {
        Box::pin(async move {
            let view = self.view(case).await?;
            let names = self.names().await?;
            let found = view.retrieval.as_ref();
            let today = super::today();
            let standing = view.approval.as_ref().filter(|one| one.voided_ms.is_none());
            Ok(DeskCase {
                member: view.member_name.clone(),
                event_date: view.case.event_date,
                on: found.map_or(today, |found| found.on_date),
                shared: view::shared(&view.case),
                letters: view::letters(&view, &names),
                facts: view::facts(&view),
                draft: view::draft(&view),
                sources: view::sources(&view),
                deadlines: view::deadlines(self, &view),
                warnings: view::warnings(&view),
                answer: view.answer.as_ref().map(|row| view::answer(row, &names)),
                approval: standing.map(|one| Approval {
                    by: one.approver_name.clone(),
                    approved_ms: one.approved_ms,
                    sends_at_ms: one.approved_ms + hold_ms(self),
                }),
                answers: view::published(&view),
                events: view::events(&view, &names),
                line: view::line(view.case, view.organisation_name, view.lawyer_name),
            })
        })
    }

    fn assign<'a>(&'a self, case: &'a CaseId, lawyer: &'a PersonId) -> Reply<'a, ()> {
        Box::pin(async move {
            let done = self.store.assign(case, Some(lawyer), lawyer).await;
            done.map_err(failed)
        })
    }

    fn save_answer<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        saved: &'a SavedAnswer,
    ) -> Reply<'a, Answer> {
        Box::pin(async move {
            let rendering = law::rendering(self, saved)?;
            let row = self
                .store
                .save_answer(case, saved.expected_version, &rendering, by)
                .await
                .map_err(failed)?;
            Ok(view::answer(&row, &self.names().await?))
        })
    }

    fn approve<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        asked: &'a AskedApproval,
    ) -> Reply<'a, ()> {
        Box::pin(async move {
            let yes = Approve {
                case,
                answer: &asked.answer,
                rendering_sha256: &asked.sha256,
                approver: by,
                hold_ms: hold_ms(self),
            };
            self.store.approve(yes).await.map_err(failed)?;
            Ok(())
        })
    }

    fn undo_approval<'a>(&'a self, case: &'a CaseId, by: &'a PersonId) -> Reply<'a, ()> {
        Box::pin(async move { self.store.undo_approval(case, by).await.map_err(failed) })
    }

    fn ask_member<'a>(&'a self, case: &'a CaseId, by: &'a PersonId, text: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { self.store.ask_member(case, by, text).await.map_err(failed) })
    }

    fn close_case<'a>(&'a self, case: &'a CaseId, by: &'a PersonId) -> Reply<'a, ()> {
        Box::pin(async move { self.store.close_case(case, by).await.map_err(failed) })
    }

    fn confirm_deadline<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        rule: &'a str,
        from: Date,
    ) -> Reply<'a, ()> {
        Box::pin(async move {
            let due = view::due(self, rule, from).ok_or(DeskError::NotFound)?;
            let row = self.store.case_row(case).await.map_err(failed)?;
            let topic = row.topic.as_deref();
            let done = self.store.describe_case(case, topic, Some(from), Some(due), by).await;
            done.map_err(failed)
        })
    }

    fn people<'a>(&'a self, _actor: &'a Actor) -> Reply<'a, Vec<PersonLine>> {
        Box::pin(async move {
            let nodes = self.store.organisations().await.map_err(failed)?;
            let nodes: BTreeMap<_, _> = nodes.into_iter().map(|node| (node.id, node.name)).collect();
            let mut lines = Vec::new();
            for person in self.store.people().await.map_err(failed)? {
                let actor = self.store.actor(&person.id).await.map_err(failed)?;
                let roles = actor.grants.iter().map(|grant| {
                    let node = nodes.get(&grant.organisation).cloned();
                    (grant.role, node.unwrap_or_default())
                });
                lines.push(PersonLine {
                    roles: roles.collect(),
                    id: person.id,
                    name: person.name,
                    email: person.email,
                    password: password(person.has_password),
                });
            }
            Ok(lines)
        })
    }

    fn organisations<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<Organisation>> {
        Box::pin(async move {
            let all = self.store.organisations().await.map_err(failed)?;
            let own = |node: &Organisation| actor.covers(Role::Administrator, &node.path);
            Ok(all.into_iter().filter(own).collect())
        })
    }

    fn person_paths<'a>(&'a self, person: &'a PersonId) -> Reply<'a, Vec<String>> {
        Box::pin(async move {
            let actor = self.store.actor(person).await.map_err(failed)?;
            Ok(actor.grants.into_iter().map(|grant| grant.path).collect())
        })
    }

    fn add_person<'a>(&'a self, by: &'a PersonId, new: &'a NewPerson) -> Reply<'a, PersonId> {
        Box::pin(async move {
            let person = crate::store::NewPerson {
                name: new.name.clone(),
                email: new.email.clone(),
                language: "ru".into(),
            };
            let by = by.as_str();
            let id = self.store.add_person(&person, by).await.map_err(failed)?.id;
            let granted = self.store.grant(&id, new.role, &new.organisation, by).await;
            granted.map_err(failed)?;
            Ok(id)
        })
    }

    fn make_link<'a>(&'a self, by: &'a PersonId, person: &'a PersonId) -> Reply<'a, String> {
        Box::pin(async move {
            let made = self.store.create_login_link(person, 3_600_000, by.as_str()).await;
            made.map_err(failed)
        })
    }

    fn journal(&self) -> Reply<'_, JournalState> {
        Box::pin(async move {
            let head = self.store.audit_head().await.map_err(failed)?;
            let verdict = self.store.audit_verify(None).await.map_err(failed)?;
            let latest = self.store.audit_tail(30).await.map_err(failed)?;
            let latest = latest.into_iter().map(|row| (row.seq, row.at_ms, row.action, row.subject));
            Ok(JournalState {
                rows: head.as_ref().map_or(0, |head| head.seq),
                head: head.map(|head| head.hash).unwrap_or_default(),
                first_bad: match verdict {
                    AuditVerdict::Intact { .. } => None,
                    AuditVerdict::Broken { seq } => Some(seq),
                },
                latest: latest.collect(),
            })
        })
    }

    fn readiness(&self) -> Reply<'_, Readiness> {
        Box::pin(async move { Ok(view::readiness(self).await) })
    }
}
