//! What the pages need, fulfilled by the app: a method here is a page's question in the desk's words.

mod alignments;
mod amendments;
mod article;
mod case_views;
mod compare;
mod contents;
mod digest;
mod guide;
mod upkeep;
mod law;
mod lawyer;
mod local;
mod member;
mod people;
mod shelf;
mod text;
mod upload;
mod practice;

pub(super) use shelf::Shelf;

use super::{App, AppError};
use crate::case::policy::Shared;
use crate::case::{Actor, CaseId, Organisation, OrganisationId, PersonId};
use crate::store::StoreError;
use crate::web::desk::{
    Account, ActAmendments, ActLine, ActPage, ActSearch, AlignmentAnswer, AlignmentPage,
    AlignmentsDecided, Answer, ArticleAsked, ArticlePage, AskedApproval, CaseHead, CaseLine,
    ChangedStatement, ClearedWarning, CompareAsked, ComparePage, CountedTerm, Desk, DeskCase,
    DeskError, DigestChapter, FileOutcome, Found, HeldAct, HeldPractice, JournalState, LinkOwner,
    LocalActLine, MemberCase, NewLocalAct, NewPerson, NoteCount, NoteKind, NoteLine, PersonLine,
    PracticeAsked, Question, QueueFilter, Readiness, Reply, Reworded, SavedAnswer, SearchQuery,
    Session, SessionTerms, SituationLine, SituationPage, StatementLine, StatementPick, SumLine,
    Summed, TermAsked, TermLine, Throttle, ToldFile, Viewer, WordLine,
};
use jiff::civil::Date;
use std::path::Path;

type Done<T> = Result<T, DeskError>;

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } => Self::NotFound,
            StoreError::Conflict { message } => Self::Conflict { message },
            StoreError::Refused { message } => Self::Forbidden { message },
            StoreError::Busy { .. } => Self::Busy { retry_after_s: 5 },
            // The code only: a database's message may carry somebody's words.
            other => Self::Unavailable {
                reason: other.code().to_owned(),
            },
        }
    }
}

/// What an error of the app means for a page: the code only, for the log.
fn unavailable(error: AppError) -> DeskError {
    match error {
        AppError::Store(error) => error.into(),
        other => DeskError::Unavailable {
            reason: other.code().to_owned(),
        },
    }
}

impl Desk for App {
    fn session<'a>(&'a self, token: &'a str) -> Reply<'a, Option<Session>> {
        Box::pin(self.page_session(token))
    }

    fn open_session<'a>(&'a self, person: &'a PersonId, terms: SessionTerms) -> Reply<'a, String> {
        Box::pin(self.begin_session(person, terms))
    }

    fn close_session<'a>(&'a self, token: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { Ok(self.store.drop_session(token).await?) })
    }

    fn account<'a>(&'a self, email: &'a str) -> Reply<'a, Option<Account>> {
        Box::pin(self.account_of(email))
    }

    fn try_login<'a>(&'a self, email: &'a str) -> Reply<'a, Throttle> {
        Box::pin(self.count_try(email))
    }

    fn login_passed<'a>(&'a self, email: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { Ok(self.store.login_passed(email).await?) })
    }

    fn link<'a>(&'a self, token: &'a str) -> Reply<'a, Option<LinkOwner>> {
        Box::pin(self.link_owner(token))
    }

    fn use_link<'a>(&'a self, token: &'a str, hash: Option<String>) -> Reply<'a, PersonId> {
        Box::pin(self.enter_by_link(token, hash))
    }

    fn search<'a>(&'a self, query: &'a SearchQuery) -> Reply<'a, Found> {
        Box::pin(self.find_for_page(query))
    }

    fn acts(&self) -> Reply<'_, Vec<ActLine>> {
        Box::pin(self.act_lines())
    }

    fn act<'a>(&'a self, act: &'a str, on: Date) -> Reply<'a, ActPage> {
        Box::pin(self.act_page(act, on))
    }

    fn article<'a>(&'a self, asked: &'a ArticleAsked) -> Reply<'a, ArticlePage> {
        Box::pin(self.article_page(asked))
    }

    fn search_act<'a>(&'a self, act: &'a str, words: &'a str, on: Date) -> Reply<'a, ActSearch> {
        Box::pin(self.act_search(act, words, on))
    }

    fn compare<'a>(&'a self, asked: &'a CompareAsked) -> Reply<'a, ComparePage> {
        Box::pin(self.compare_page(asked))
    }

    fn held_law(&self) -> Reply<'_, Vec<HeldAct>> {
        Box::pin(self.law_held())
    }

    fn held_practice<'a>(&'a self, asked: &'a PracticeAsked) -> Reply<'a, HeldPractice> {
        Box::pin(self.practice_held(asked))
    }

    fn take_law<'a>(
        &'a self,
        by: &'a PersonId,
        file: &'a Path,
        told: &'a ToldFile,
    ) -> Reply<'a, Vec<FileOutcome>> {
        Box::pin(self.take_file(by, file, told))
    }

    fn local_act<'a>(&'a self, act: &'a str) -> Reply<'a, Option<LocalActLine>> {
        Box::pin(self.local_line(act))
    }

    fn local_acts<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<LocalActLine>> {
        Box::pin(self.managed_local_acts(actor))
    }

    fn readable_local_acts<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<LocalActLine>> {
        Box::pin(self.local_acts_read_by(actor))
    }

    fn take_local<'a>(
        &'a self,
        by: &'a PersonId,
        new: &'a NewLocalAct,
        file: &'a Path,
    ) -> Reply<'a, FileOutcome> {
        Box::pin(self.take_local_act(by, new, file))
    }

    fn end_local_act<'a>(&'a self, by: &'a PersonId, act: &'a str, last: Date) -> Reply<'a, ()> {
        Box::pin(self.end_local(by, act, last))
    }

    fn alignments<'a>(&'a self, act: &'a str, most: usize) -> Reply<'a, AlignmentPage> {
        Box::pin(self.alignment_page(act, most))
    }

    fn decide_alignments<'a>(
        &'a self,
        by: &'a PersonId,
        answers: &'a [(String, AlignmentAnswer)],
    ) -> Reply<'a, AlignmentsDecided> {
        Box::pin(self.settle_alignments(by, answers))
    }

    fn unheld_amendments(&self) -> Reply<'_, Vec<ActAmendments>> {
        Box::pin(self.amendments_by_act())
    }

    fn put_amendment_aside<'a>(
        &'a self,
        by: &'a PersonId,
        id: &'a str,
        reason: &'a str,
    ) -> Reply<'a, ()> {
        Box::pin(async move {
            let by = by.as_str();
            Ok(self.store.put_amendment_aside(id, reason, by).await?)
        })
    }

    fn reopen_amendment<'a>(&'a self, by: &'a PersonId, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move { Ok(self.store.reopen_amendment(id, by.as_str()).await?) })
    }

    fn digest<'a>(&'a self, organisation: &'a OrganisationId) -> Reply<'a, Vec<DigestChapter>> {
        Box::pin(self.digest_chapters(organisation))
    }

    fn statements<'a>(
        &'a self,
        organisation: &'a OrganisationId,
        articles: &'a [String],
    ) -> Reply<'a, Vec<StatementLine>> {
        Box::pin(self.statement_lines(organisation, articles))
    }

    fn approve_statements<'a>(
        &'a self,
        by: &'a PersonId,
        organisation: &'a OrganisationId,
        picks: &'a [StatementPick],
    ) -> Reply<'a, usize> {
        Box::pin(self.approve_picks(by, organisation, picks))
    }

    fn revoke_statements<'a>(
        &'a self,
        by: &'a PersonId,
        organisation: &'a OrganisationId,
        picks: &'a [StatementPick],
    ) -> Reply<'a, usize> {
        Box::pin(self.revoke_picks(by, organisation, picks))
    }

    fn situations<'a>(&'a self, viewer: &'a Viewer) -> Reply<'a, Vec<SituationLine>> {
        Box::pin(self.situation_lines(viewer))
    }

    fn situation<'a>(&'a self, id: &'a str, viewer: &'a Viewer) -> Reply<'a, SituationPage> {
        Box::pin(self.situation_page(id, viewer))
    }

    fn words<'a>(&'a self, words: &'a str, viewer: &'a Viewer) -> Reply<'a, Vec<WordLine>> {
        Box::pin(self.word_lines(words, viewer))
    }

    fn terms<'a>(&'a self, viewer: &'a Viewer) -> Reply<'a, Vec<TermLine>> {
        Box::pin(self.term_lines(viewer))
    }

    fn count_term<'a>(&'a self, asked: &'a TermAsked) -> Reply<'a, CountedTerm> {
        Box::pin(async move { self.counted_term(asked) })
    }

    fn sums<'a>(&'a self, viewer: &'a Viewer) -> Reply<'a, Vec<SumLine>> {
        Box::pin(self.sum_lines(viewer))
    }

    fn sum<'a>(&'a self, name: &'a str, given: &'a [(String, String)]) -> Reply<'a, Summed> {
        Box::pin(self.summed(name, given))
    }

    fn note_counts<'a>(&'a self, organisation: &'a OrganisationId) -> Reply<'a, Vec<NoteCount>> {
        Box::pin(self.counts_of_notes(organisation))
    }

    fn changed_statements(&self) -> Reply<'_, Vec<ChangedStatement>> {
        Box::pin(async { Ok(self.changed_lines()) })
    }

    fn reword<'a>(
        &'a self,
        by: &'a PersonId,
        organisation: &'a OrganisationId,
        reworded: &'a Reworded,
    ) -> Reply<'a, ()> {
        Box::pin(self.keep_wording(by, organisation, reworded))
    }

    fn notes<'a>(
        &'a self,
        organisation: &'a OrganisationId,
        kind: NoteKind,
    ) -> Reply<'a, Vec<NoteLine>> {
        Box::pin(self.notes_of(organisation, kind))
    }

    fn case_head<'a>(&'a self, case: &'a CaseId) -> Reply<'a, Option<CaseHead>> {
        Box::pin(self.head_of(case))
    }

    fn ask<'a>(&'a self, member: &'a PersonId, question: &'a Question) -> Reply<'a, CaseId> {
        Box::pin(self.take_question(member, question))
    }

    fn cases_of<'a>(&'a self, member: &'a PersonId) -> Reply<'a, Vec<CaseLine>> {
        Box::pin(self.own_cases(member))
    }

    fn cases_shared_with<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<CaseLine>> {
        Box::pin(self.shown_cases(actor))
    }

    fn member_case<'a>(&'a self, case: &'a CaseId) -> Reply<'a, MemberCase> {
        Box::pin(self.case_for_member(case))
    }

    fn law_for_case<'a>(&'a self, case: &'a CaseId) -> Reply<'a, Found> {
        Box::pin(self.law_beside(case))
    }

    fn write<'a>(&'a self, case: &'a CaseId, by: &'a PersonId, text: &'a str) -> Reply<'a, ()> {
        Box::pin(self.write_on(case, by, text))
    }

    fn share_with_steward<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        shared: Shared,
    ) -> Reply<'a, ()> {
        Box::pin(async move { Ok(self.store.share_with_steward(case, by, shared).await?) })
    }

    fn queue<'a>(&'a self, actor: &'a Actor, filter: &'a QueueFilter) -> Reply<'a, Vec<CaseLine>> {
        Box::pin(self.queue_lines(actor, filter))
    }

    fn desk_case<'a>(&'a self, case: &'a CaseId) -> Reply<'a, DeskCase> {
        Box::pin(self.case_for_lawyer(case))
    }

    fn assign<'a>(&'a self, case: &'a CaseId, lawyer: &'a PersonId) -> Reply<'a, ()> {
        Box::pin(async move { Ok(self.store.assign(case, Some(lawyer), lawyer).await?) })
    }

    fn save_answer<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        answer: &'a SavedAnswer,
    ) -> Reply<'a, Answer> {
        Box::pin(self.keep_answer(case, by, answer))
    }

    fn clear_warning<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        cleared: &'a ClearedWarning,
    ) -> Reply<'a, ()> {
        Box::pin(self.clear(case, by, cleared))
    }

    fn approve<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        asked: &'a AskedApproval,
    ) -> Reply<'a, ()> {
        Box::pin(self.say_yes(case, by, asked))
    }

    fn undo_approval<'a>(&'a self, case: &'a CaseId, by: &'a PersonId) -> Reply<'a, ()> {
        Box::pin(async move { Ok(self.store.undo_approval(case, by).await?) })
    }

    fn ask_member<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        text: &'a str,
    ) -> Reply<'a, ()> {
        Box::pin(async move { Ok(self.store.ask_member(case, by, text).await?) })
    }

    fn close_case<'a>(&'a self, case: &'a CaseId, by: &'a PersonId) -> Reply<'a, ()> {
        Box::pin(async move { Ok(self.store.close_case(case, by).await?) })
    }

    fn confirm_deadline<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        rule: &'a str,
        from: Date,
    ) -> Reply<'a, ()> {
        Box::pin(self.confirm_term(case, by, rule, from))
    }

    fn people<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<PersonLine>> {
        Box::pin(self.person_lines(actor))
    }

    fn organisations<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<Organisation>> {
        Box::pin(self.managed_nodes(actor))
    }

    fn person_paths<'a>(&'a self, person: &'a PersonId) -> Reply<'a, Vec<String>> {
        Box::pin(async move {
            let actor = self.store.actor(person).await?;
            Ok(actor.grants.into_iter().map(|grant| grant.path).collect())
        })
    }

    fn add_person<'a>(&'a self, by: &'a PersonId, person: &'a NewPerson) -> Reply<'a, PersonId> {
        Box::pin(self.enrol(by, person))
    }

    fn make_link<'a>(&'a self, by: &'a PersonId, person: &'a PersonId) -> Reply<'a, String> {
        Box::pin(self.fresh_link(by, person))
    }

    fn journal(&self) -> Reply<'_, JournalState> {
        Box::pin(self.journal_state())
    }

    fn readiness(&self) -> Reply<'_, Readiness> {
        Box::pin(self.parts_ready())
    }
}
