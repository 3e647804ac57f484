//! The pages' desk over a real store, with a scripted law: what the app does, without models.

use jiff::civil::Date;
use serde_json::{Value, json};
use soyuznik::case::policy::Shared;
use soyuznik::case::types::{RenderedQuote, sha256_hex};
use soyuznik::case::{
    Actor, CaseId, Organisation, OrganisationId, PersonId, Rendering, Role, Status,
};
use soyuznik::review::{self, ReviewError};
use soyuznik::store::{
    AuditVerdict, CaseRow, CaseView, KnownAmendment, NewCase, StatementStamp, Store, StoreError,
    Try,
};
use soyuznik::web::desk::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub const EDITION: Date = jiff::civil::date(2025, 12, 29);

/// A norm of no real law.
pub struct Norm {
    pub citation: &'static str,
    pub title: &'static str,
    pub text: &'static str,
}

/// Made up for the tests: no words of a real law.
pub const LAW: [Norm; 4] = [
    Norm {
        citation: "tk:142:1",
        title: "Статья 142. Учебная норма о задержке",
        text: "Учебный текст: кто задержал плату, отвечает за это.",
    },
    Norm {
        citation: "tk:142:2",
        title: "Статья 142. Учебная норма о задержке",
        text: "Учебный текст: если плату задержали дольше пятнадцати дней, работу можно приостановить, известив письмом.",
    },
    Norm {
        citation: "tk:236:1",
        title: "Статья 236. Учебная норма о процентах",
        text: "Учебный текст: за каждый день задержки начисляют проценты.",
    },
    Norm {
        citation: "tk:392:1",
        title: "Статья 392. Учебная норма о сроках",
        text: "Учебный текст: в суд обращаются в срок, который считают со дня, когда узнали о нарушении.",
    },
];

pub const STATEMENT: &str = "tk-142-01";
const STATEMENT_TEXT: &str = "Если зарплату задержали больше чем на 15 дней, можно приостановить работу, написав об этом работодателю.";

pub fn statement_sha256() -> String {
    sha256_hex(STATEMENT_TEXT.as_bytes())
}

pub struct StoreDesk {
    pub store: Store,
    pub hold_ms: i64,
    /// Whether the search is overloaded.
    pub search_busy: AtomicBool,
    /// Files of law that were handed in, with their bytes.
    pub taken: Mutex<Vec<(PathBuf, Vec<u8>)>>,
    /// What was said about each.
    pub told: Mutex<Vec<ToldFile>>,
    /// Decisions on norms between editions: who, which, what.
    pub decided: Mutex<Vec<(PersonId, String, AlignmentAnswer)>>,
}

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

fn norm(citation: &str) -> Option<&'static Norm> {
    LAW.iter().find(|norm| norm.citation == citation)
}

fn hit(norm: &Norm) -> Hit {
    Hit {
        id: norm.citation.into(),
        title: norm.title.into(),
        text: norm.text.into(),
        cites: vec![norm.citation.into()],
        edition: Some(EDITION),
        current_to: Some(EDITION),
        local: None,
    }
}

impl StoreDesk {
    pub fn new(store: Store, hold_ms: i64) -> Self {
        Self {
            store,
            hold_ms,
            search_busy: AtomicBool::new(false),
            taken: Mutex::default(),
            told: Mutex::default(),
            decided: Mutex::default(),
        }
    }

    async fn warnings(&self, case: &CaseId) -> Result<Vec<AmendmentWarning>, DeskError> {
        let warnings = self.store.warnings(case).await.map_err(failed)?;
        let shown = |one: soyuznik::store::AmendmentWarning| AmendmentWarning {
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

    async fn lines(&self, rows: Vec<CaseRow>) -> Result<Vec<CaseLine>, DeskError> {
        let nodes = self.store.organisations().await.map_err(failed)?;
        let nodes: BTreeMap<_, _> = nodes.into_iter().map(|node| (node.id, node.name)).collect();
        let people = self.store.people().await.map_err(failed)?;
        let people: BTreeMap<_, _> = people.into_iter().map(|one| (one.id, one.name)).collect();
        Ok(rows
            .into_iter()
            .map(|row| {
                let node = nodes.get(&row.organisation).cloned().unwrap_or_default();
                let lawyer = row.lawyer.as_ref().and_then(|id| people.get(id).cloned());
                line(row, node, lawyer)
            })
            .collect())
    }

    async fn names(&self) -> Result<BTreeMap<PersonId, String>, DeskError> {
        let people = self.store.people().await.map_err(failed)?;
        Ok(people.into_iter().map(|one| (one.id, one.name)).collect())
    }

    async fn found(&self, organisation: Option<&OrganisationId>) -> Result<Found, DeskError> {
        if self.search_busy.load(Ordering::SeqCst) {
            return Err(DeskError::Busy { retry_after_s: 3 });
        }
        let approved = match organisation {
            None => true,
            Some(id) => {
                let path = self.store.organisation(id).await.map_err(failed)?.path;
                let stamps = self.store.approvals_for(&path).await.map_err(failed)?;
                stamps.iter().any(|stamp| stamp.statement == STATEMENT)
            }
        };
        let statement = Hit {
            id: STATEMENT.into(),
            title: "Задержка зарплаты".into(),
            text: STATEMENT_TEXT.into(),
            cites: vec!["tk:142:2".into()],
            edition: Some(EDITION),
            current_to: Some(EDITION),
            local: None,
        };
        Ok(Found {
            norms: LAW.iter().map(hit).collect(),
            statements: if approved { vec![statement] } else { vec![] },
            ..Found::default()
        })
    }

    async fn view(&self, case: &CaseId) -> Result<CaseView, DeskError> {
        self.store.case_for(case).await.map_err(failed)
    }
}

/// A text beside the law, of which these norms changed since.
fn practice(title: &str, changed: &[&str]) -> PracticeHit {
    PracticeHit {
        title: title.into(),
        issuer: "Учебная инспекция".into(),
        day: Some(EDITION),
        number: Some("7".into()),
        url: Some("https://example.invalid/7".into()),
        text: "Так понимали норму.".into(),
        cites: vec!["tk:142:1".into()],
        changed: changed.iter().map(|norm| (*norm).to_owned()).collect(),
        unsure: true,
    }
}

fn line(row: CaseRow, organisation: String, lawyer: Option<String>) -> CaseLine {
    CaseLine {
        id: row.id,
        number: row.number,
        subject: row.subject,
        status: row.status,
        reason: row.reason,
        topic: row.topic,
        organisation,
        lawyer,
        deadline: row.deadline,
        created_ms: row.created_ms,
        updated_ms: row.updated_ms,
    }
}

fn shared(row: &CaseRow) -> Shared {
    if row.shared_with_steward {
        Shared::WithSteward
    } else {
        Shared::No
    }
}

fn letters(view: &CaseView, names: &BTreeMap<PersonId, String>) -> Vec<Letter> {
    view.messages
        .iter()
        .map(|message| Letter {
            author: names.get(&message.author).cloned().unwrap_or_default(),
            kind: message.kind,
            text: message.text.clone(),
            at_ms: message.created_ms,
        })
        .collect()
}

fn events(view: &CaseView, names: &BTreeMap<PersonId, String>) -> Vec<Event> {
    view.events
        .iter()
        .map(|event| Event {
            at_ms: event.at_ms,
            actor: names.get(&PersonId::from(event.actor.as_str())).cloned(),
            from: event.from,
            to: event.to,
            reason: event.reason,
        })
        .collect()
}

fn published(view: &CaseView) -> Vec<Published> {
    view.published
        .iter()
        .map(|row| Published {
            rendering: row.rendering.clone(),
            approver: row.approver_name.clone(),
            approved_ms: row.approved_ms,
            sent_ms: row.sent_ms,
        })
        .collect()
}

fn deadlines(view: &CaseView) -> Vec<DeadlineView> {
    let confirmed = view.case.deadline;
    let from = view.case.event_date;
    vec![DeadlineView {
        rule: "court-wage".into(),
        title: "Обратиться в суд".into(),
        norms: vec!["tk:392:1".into()],
        from,
        due: confirmed.or_else(|| from.map(year_later)),
        counted: vec!["Учебный расчёт: один год со дня, когда должны были заплатить.".into()],
        confirmed_by: confirmed.map(|_| "юрист".into()),
    }]
}

fn year_later(day: Date) -> Date {
    day.checked_add(jiff::Span::new().years(1)).unwrap()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn draft(view: &CaseView) -> DraftView {
    let Some(draft) = &view.draft else {
        return match view.case.reason {
            Some(reason) => DraftView::None { reason },
            None => DraftView::Coming,
        };
    };
    if let Some(reason) = draft.reason {
        return DraftView::None { reason };
    }
    let sentences = draft.sentences.as_array().cloned().unwrap_or_default();
    let sentences = sentences.iter().map(|sentence| Sentence {
        text: text(sentence, "text"),
        norms: serde_json::from_value(sentence["norms"].clone()).unwrap_or_default(),
        flag: match sentence["flag"].as_str() {
            Some("struck") => SentenceFlag::Struck,
            Some("conflict") => SentenceFlag::Conflict,
            Some("unsupported") => SentenceFlag::Unsupported,
            _ => SentenceFlag::Supported,
        },
    });
    DraftView::Ready {
        sentences: sentences.collect(),
        made_by: format!(
            "{}, {}",
            draft.model_name.clone().unwrap_or_default(),
            draft.mode
        ),
        note: String::new(),
    }
}

fn sources(view: &CaseView) -> Vec<Source> {
    let hits = view.retrieval.as_ref().map(|found| found.hits.clone());
    let hits = hits
        .and_then(|hits| hits.as_array().cloned())
        .unwrap_or_default();
    hits.iter()
        .map(|hit| Source {
            norm: text(hit, "norm"),
            title: text(hit, "title"),
            text: text(hit, "text"),
            edition: EDITION,
            current_to: EDITION,
            state: SourceState::InForce,
            local: None,
        })
        .collect()
}

fn facts(view: &CaseView) -> Vec<FactView> {
    let reading = view.draft.as_ref().map(|draft| &draft.question_reading);
    let facts = reading.and_then(|reading| reading["facts"].as_array());
    let number = |fact: &Value, key: &str| fact[key].as_u64().unwrap_or(0) as usize;
    facts
        .into_iter()
        .flatten()
        .map(|fact| FactView {
            start: number(fact, "start"),
            end: number(fact, "end"),
        })
        .collect()
}

impl Desk for StoreDesk {
    fn session<'a>(&'a self, token: &'a str) -> Reply<'a, Option<Session>> {
        Box::pin(async move {
            let Some(session) = self.store.session(token).await.map_err(failed)? else {
                return Ok(None);
            };
            Ok(Some(Session {
                actor: self.store.actor(&session.person).await.map_err(failed)?,
                name: self
                    .store
                    .person(&session.person)
                    .await
                    .map_err(failed)?
                    .name,
                csrf: session.csrf_token,
            }))
        })
    }

    fn open_session<'a>(&'a self, person: &'a PersonId, terms: SessionTerms) -> Reply<'a, String> {
        Box::pin(async move {
            let made = self
                .store
                .create_session(person, terms.idle_ms, terms.valid_ms)
                .await;
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
                self.store
                    .set_password_hash(&id, &hash, None)
                    .await
                    .map_err(failed)?;
            }
            Ok(id)
        })
    }

    fn search<'a>(&'a self, query: &'a SearchQuery) -> Reply<'a, Found> {
        Box::pin(async move {
            match &query.readers {
                Readers::Lawyers => Ok(Found {
                    clarifications: vec![practice("Учебное <b>разъяснение</b>", &["tk:142:1"])],
                    court_acts: vec![practice("Учебное решение", &[])],
                    ..self.found(None).await?
                }),
                Readers::Members { organisation } => self.found(Some(organisation)).await,
            }
        })
    }

    fn acts(&self) -> Reply<'_, Vec<ActLine>> {
        Box::pin(async move { Ok(vec![act_line()]) })
    }

    fn act<'a>(&'a self, act: &'a str, _on: Date) -> Reply<'a, ActPage> {
        Box::pin(async move {
            if act != "tk" {
                return Err(DeskError::NotFound);
            }
            let articles = ["142", "236", "392"].map(|number| ArticleLine {
                number: number.into(),
                title: "Учебная норма".into(),
                repealed: number == "236",
            });
            Ok(ActPage {
                line: act_line(),
                editions: vec![EDITION],
                contents: vec![
                    ContentsLine::Open {
                        title: "Глава 1. Учебная".into(),
                        outer: false,
                    },
                    ContentsLine::Articles(articles.into()),
                    ContentsLine::Close,
                ],
            })
        })
    }

    fn article<'a>(&'a self, asked: &'a ArticleAsked) -> Reply<'a, ArticlePage> {
        Box::pin(async move {
            let (act, number, on) = (&asked.act, &asked.number, asked.on);
            let prefix = format!("{act}:{number}:");
            let parts: Vec<_> = LAW
                .iter()
                .filter(|norm| norm.citation.starts_with(&prefix))
                .map(|norm| NormPart {
                    citation: norm.citation.into(),
                    also: vec![],
                    margin: norm.citation.rsplit(':').next().map(str::to_owned),
                    depth: 1,
                    pieces: vec![TextPiece {
                        text: norm.text.into(),
                        to: None,
                    }],
                    repealed: false,
                })
                .collect();
            if parts.is_empty() {
                return Err(DeskError::NotFound);
            }
            Ok(ArticlePage {
                act: act.into(),
                act_title: act_line().title,
                number: number.into(),
                on,
                path: vec!["Глава 1. Учебная".into()],
                standing: DayStanding::Known,
                since: None,
                coming: Vec::new(),
                shown: Some(ArticleText {
                    edition: EDITION,
                    current_to: EDITION,
                    title: "Учебная норма".into(),
                    repealed: false,
                    parts,
                }),
                later: None,
                history: vec![],
                notes: vec![],
                changed_since: vec![],
                statements: vec![],
                cited_by: CitedBy::Gathering,
                previous: None,
                next: Some("236".into()),
            })
        })
    }

    fn search_act<'a>(&'a self, act: &'a str, _words: &'a str, _on: Date) -> Reply<'a, ActSearch> {
        Box::pin(async move {
            if act != "tk" {
                return Err(DeskError::NotFound);
            }
            Ok(ActSearch {
                line: act_line(),
                articles: vec![],
            })
        })
    }

    fn compare<'a>(&'a self, asked: &'a CompareAsked) -> Reply<'a, ComparePage> {
        Box::pin(async move {
            Ok(ComparePage {
                act: asked.act.clone(),
                act_title: act_line().title,
                editions: vec![EDITION],
                compared: None,
            })
        })
    }

    fn held_law(&self) -> Reply<'_, Vec<HeldAct>> {
        Box::pin(async move { Ok(vec![]) })
    }

    /// 41 texts, the first of a page alone.
    fn held_practice<'a>(&'a self, asked: &'a PracticeAsked) -> Reply<'a, HeldPractice> {
        let title = format!("{} с {}", asked.kind.code(), asked.offset);
        let hits = vec![practice(&title, &["tk:142:1"])];
        Box::pin(async move { Ok(HeldPractice { total: 41, hits }) })
    }

    /// Remembers what came in: name, words, and where it lay.
    fn take_law<'a>(
        &'a self,
        _by: &'a PersonId,
        file: &'a Path,
        told: &'a ToldFile,
    ) -> Reply<'a, Vec<FileOutcome>> {
        Box::pin(async move {
            self.told.lock().unwrap().push(told.clone());
            if let Some(kind) = told.kind {
                return Ok(vec![FileOutcome::Practice(TakenPractice {
                    kind,
                    issuer: told.issuer.clone().unwrap_or_default(),
                    day: told.day,
                    number: told.number.clone(),
                    title: "О <b>сторожах</b>".into(),
                    norms: 3,
                    already_held: false,
                })]);
            }
            let bytes = std::fs::read(file).unwrap();
            let message = format!("{}: это не закон.", file.file_name().unwrap().display());
            self.taken.lock().unwrap().push((file.to_owned(), bytes));
            Ok(vec![FileOutcome::Refused { message }])
        })
    }

    fn local_act<'a>(&'a self, _act: &'a str) -> Reply<'a, Option<LocalActLine>> {
        Box::pin(async move { Ok(None) })
    }

    fn local_acts<'a>(&'a self, _actor: &'a Actor) -> Reply<'a, Vec<LocalActLine>> {
        Box::pin(async move { Ok(vec![]) })
    }

    fn readable_local_acts<'a>(&'a self, _actor: &'a Actor) -> Reply<'a, Vec<LocalActLine>> {
        Box::pin(async move { Ok(vec![]) })
    }

    fn take_local<'a>(
        &'a self,
        _by: &'a PersonId,
        new: &'a NewLocalAct,
        _file: &'a Path,
    ) -> Reply<'a, FileOutcome> {
        let message = format!("{}: текста нет.", new.title);
        Box::pin(async move { Ok(FileOutcome::Refused { message }) })
    }

    fn end_local_act<'a>(&'a self, _by: &'a PersonId, _act: &'a str, _last: Date) -> Reply<'a, ()> {
        Box::pin(async move { Err(DeskError::NotFound) })
    }

    /// One article of an act, until somebody decides.
    fn alignments<'a>(&'a self, _: &'a str, _: usize) -> Reply<'a, AlignmentPage> {
        Box::pin(async move {
            if !self.decided.lock().unwrap().is_empty() {
                return Ok(AlignmentPage {
                    open: 0,
                    articles: vec![],
                });
            }
            let choice = |label: &str, holds_now| AlignmentChoice {
                label: label.into(),
                norm: format!("норма {label}"),
                text: "Старые слова <b>нормы</b>.".into(),
                likeness: Some(0.614),
                holds_now,
            };
            let question = |id: &str, side, choices| AlignmentQuestion {
                id: id.into(),
                side,
                norm: "ч. 2 ст. 392 ТК РФ".into(),
                text: "Новые слова нормы.".into(),
                why: "Похожи две нормы.".into(),
                choices,
            };
            let both = vec![choice("tk:392:2", true), choice("tk:392:3", false)];
            Ok(AlignmentPage {
                open: 3,
                articles: vec![AlignmentArticle {
                    norm: "ст. 392 ТК РФ".into(),
                    number: Some("392".into()),
                    older: "2023-08-04".parse().unwrap(),
                    newer: EDITION,
                    older_texts: vec!["Статья 392\nПрежняя <i>строка</i>.".into()],
                    newer_texts: vec![],
                    questions: vec![
                        question("review-1", AlignmentSide::Newer, both),
                        question("review-2", AlignmentSide::Older, vec![]),
                    ],
                }],
            })
        })
    }

    fn decide_alignments<'a>(
        &'a self,
        by: &'a PersonId,
        answers: &'a [(String, AlignmentAnswer)],
    ) -> Reply<'a, AlignmentsDecided> {
        Box::pin(async move {
            if let Some((id, _)) = answers.iter().find(|(id, _)| id == "refused") {
                return Err(DeskError::Conflict {
                    message: format!("{id}: одной из редакций нет."),
                });
            }
            let mut decided = self.decided.lock().unwrap();
            decided.extend(
                answers
                    .iter()
                    .map(|(id, answer)| (by.clone(), id.clone(), answer.clone())),
            );
            Ok(AlignmentsDecided {
                decided: answers.len(),
                passed: 0,
            })
        })
    }

    fn unheld_amendments(&self) -> Reply<'_, Vec<ActAmendments>> {
        Box::pin(async move {
            let all = self.store.amendments_to_look_at().await.map_err(failed)?;
            let names = self.names().await?;
            let (open, aside): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.is_open());
            let decided = |one: KnownAmendment| {
                let by = PersonId::from(one.settled_by.clone().unwrap_or_default());
                let decided = Decided {
                    by: names.get(&by).cloned().unwrap_or(by.0),
                    reason: one.settled.clone().unwrap_or_default(),
                    at_ms: one.settled_ms.unwrap_or_default(),
                };
                (unheld(one), decided)
            };
            Ok(vec![ActAmendments {
                act: "tk".into(),
                title: "Трудовой кодекс".into(),
                open: open.into_iter().map(unheld).collect(),
                aside: aside.into_iter().map(decided).collect(),
            }])
        })
    }

    fn put_amendment_aside<'a>(
        &'a self,
        by: &'a PersonId,
        id: &'a str,
        reason: &'a str,
    ) -> Reply<'a, ()> {
        Box::pin(async move {
            let done = self.store.put_amendment_aside(id, reason, by.as_str());
            done.await.map_err(failed)
        })
    }

    fn reopen_amendment<'a>(&'a self, by: &'a PersonId, id: &'a str) -> Reply<'a, ()> {
        Box::pin(async move {
            let done = self.store.reopen_amendment(id, by.as_str());
            done.await.map_err(failed)
        })
    }

    fn clear_warning<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        cleared: &'a ClearedWarning,
    ) -> Reply<'a, ()> {
        Box::pin(async move {
            let which = (cleared.amendment.as_str(), cleared.provision.as_str());
            let done = self.store.clear_warning(case, which, &cleared.reason, by);
            done.await.map_err(failed)
        })
    }

    fn digest<'a>(&'a self, organisation: &'a OrganisationId) -> Reply<'a, Vec<DigestChapter>> {
        Box::pin(async move {
            let statements = self.statements(organisation, &[]).await?;
            Ok(vec![DigestChapter {
                title: "Глава 1. Учебная".into(),
                articles: vec![DigestArticle {
                    id: "tk:142".into(),
                    title: "Если задержали зарплату".into(),
                    statements: statements.len(),
                    approved: statements.iter().filter(|one| one.approved).count(),
                }],
            }])
        })
    }

    fn statements<'a>(
        &'a self,
        organisation: &'a OrganisationId,
        _articles: &'a [String],
    ) -> Reply<'a, Vec<StatementLine>> {
        Box::pin(async move {
            let node = self
                .store
                .organisation(organisation)
                .await
                .map_err(failed)?;
            let stamps = self.store.approvals_for(&node.path).await.map_err(failed)?;
            let stamp = StatementStamp {
                statement: STATEMENT.into(),
                sha256: statement_sha256(),
            };
            Ok(vec![StatementLine {
                id: STATEMENT.into(),
                sha256: statement_sha256(),
                article: "tk:142".into(),
                text: STATEMENT_TEXT.into(),
                cites: vec!["tk:142:2".into()],
                conditions: vec!["вы письменно предупредили работодателя".into()],
                exceptions: vec![],
                approved: stamps.contains(&stamp),
            }])
        })
    }

    fn approve_statements<'a>(
        &'a self,
        by: &'a PersonId,
        organisation: &'a OrganisationId,
        picks: &'a [StatementPick],
    ) -> Reply<'a, usize> {
        Box::pin(async move {
            let done = self
                .store
                .approve_statements(&stamps(picks), by, organisation)
                .await;
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
            let done = self
                .store
                .revoke_statements(&stamps(picks), by, organisation)
                .await;
            Ok(done.map_err(failed)? as usize)
        })
    }

    fn situations<'a>(&'a self, _: &'a Viewer) -> Reply<'a, Vec<SituationLine>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn situation<'a>(&'a self, _: &'a str, _: &'a Viewer) -> Reply<'a, SituationPage> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    fn words<'a>(&'a self, _: &'a str, _: &'a Viewer) -> Reply<'a, Vec<WordLine>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn terms<'a>(&'a self, _: &'a Viewer) -> Reply<'a, Vec<TermLine>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn count_term<'a>(&'a self, _: &'a TermAsked) -> Reply<'a, CountedTerm> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    fn sums<'a>(&'a self, _: &'a Viewer) -> Reply<'a, Vec<SumLine>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn sum<'a>(&'a self, _: &'a str, _: &'a [(String, String)]) -> Reply<'a, Summed> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    fn note_counts<'a>(&'a self, _: &'a OrganisationId) -> Reply<'a, Vec<NoteCount>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn changed_statements(&self) -> Reply<'_, Vec<ChangedStatement>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn reword<'a>(
        &'a self,
        _: &'a PersonId,
        _: &'a OrganisationId,
        _: &'a Reworded,
    ) -> Reply<'a, ()> {
        Box::pin(async { Err(DeskError::NotFound) })
    }

    fn notes<'a>(&'a self, _: &'a OrganisationId, _: NoteKind) -> Reply<'a, Vec<NoteLine>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn case_head<'a>(&'a self, case: &'a CaseId) -> Reply<'a, Option<CaseHead>> {
        Box::pin(async move {
            match self.store.case_row(case).await {
                Ok(row) => Ok(Some(CaseHead {
                    shared: shared(&row),
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
            let new = NewCase {
                organisation: question.organisation.clone(),
                member: member.clone(),
                subject: question
                    .text
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .take(90)
                    .collect(),
                text: question.text.clone(),
                topic: question.topic.clone(),
                region: None,
                industry: None,
                event_date: question.event_date,
                deadline: None,
                idempotency_key: Some(question.key.clone()),
            };
            Ok(self.store.create_case(&new).await.map_err(failed)?.id)
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
                shared: shared(&view.case),
                letters: letters(&view, &names),
                answers: published(&view),
                deadlines: deadlines(&view).into_iter().filter(confirmed).collect(),
                events: events(&view, &names),
                line: line(view.case, view.organisation_name, view.lawyer_name),
            })
        })
    }

    fn law_for_case<'a>(&'a self, case: &'a CaseId) -> Reply<'a, Found> {
        Box::pin(async move {
            let row = self.store.case_row(case).await.map_err(failed)?;
            self.found(Some(&row.organisation)).await
        })
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
            let asked = soyuznik::store::QueueFilter {
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
            let today = jiff::ZonedDateTime::now().date();
            let standing = view.approval.as_ref().filter(|one| one.voided_ms.is_none());
            Ok(DeskCase {
                situations: Vec::new(),
                more_terms: Vec::new(),
                member: view.member_name.clone(),
                event_date: view.case.event_date,
                on: found.map_or(today, |found| found.on_date),
                shared: shared(&view.case),
                letters: letters(&view, &names),
                facts: facts(&view),
                draft: draft(&view),
                sources: sources(&view),
                deadlines: deadlines(&view),
                warnings: vec![Warning {
                    kind: WarningKind::Warn,
                    text: "Редакция проверена по 29 декабря 2025, вопрос о более позднем дне."
                        .into(),
                }],
                amendments: self.warnings(case).await?,
                answer: view.answer.as_ref().map(|row| answer(row, &names)),
                approval: standing.map(|one| Approval {
                    by: one.approver_name.clone(),
                    approved_ms: one.approved_ms,
                    sends_at_ms: one.approved_ms + self.hold_ms,
                }),
                answers: published(&view),
                events: events(&view, &names),
                line: line(view.case, view.organisation_name, view.lawyer_name),
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
            let rendering = rendering(saved)?;
            let row = self
                .store
                .save_answer(case, saved.expected_version, &rendering, by)
                .await
                .map_err(failed)?;
            Ok(answer(&row, &self.names().await?))
        })
    }

    fn approve<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        asked: &'a AskedApproval,
    ) -> Reply<'a, ()> {
        Box::pin(async move {
            let hold = Duration::from_millis(self.hold_ms.unsigned_abs());
            let (answer, shown) = (&asked.answer, &asked.sha256);
            match review::approve(&self.store, case, answer, shown, by, hold).await {
                Ok(_) => Ok(()),
                Err(ReviewError::Store(error)) => Err(failed(error)),
                Err(warned) => Err(DeskError::Warned {
                    message: warned.to_string(),
                }),
            }
        })
    }

    fn undo_approval<'a>(&'a self, case: &'a CaseId, by: &'a PersonId) -> Reply<'a, ()> {
        Box::pin(async move { self.store.undo_approval(case, by).await.map_err(failed) })
    }

    fn ask_member<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        text: &'a str,
    ) -> Reply<'a, ()> {
        Box::pin(async move { self.store.ask_member(case, by, text).await.map_err(failed) })
    }

    fn close_case<'a>(&'a self, case: &'a CaseId, by: &'a PersonId) -> Reply<'a, ()> {
        Box::pin(async move { self.store.close_case(case, by).await.map_err(failed) })
    }

    fn confirm_deadline<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        _rule: &'a str,
        from: Date,
    ) -> Reply<'a, ()> {
        Box::pin(async move {
            let row = self.store.case_row(case).await.map_err(failed)?;
            let due = Some(year_later(from));
            let topic = row.topic.as_deref();
            let done = self
                .store
                .describe_case(case, topic, row.event_date, due, by)
                .await;
            done.map_err(failed)
        })
    }

    fn people<'a>(&'a self, _actor: &'a Actor) -> Reply<'a, Vec<PersonLine>> {
        Box::pin(async move {
            let nodes = self.store.organisations().await.map_err(failed)?;
            let nodes: BTreeMap<_, _> =
                nodes.into_iter().map(|node| (node.id, node.name)).collect();
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
            let person = soyuznik::store::NewPerson {
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
            let made = self
                .store
                .create_login_link(person, 3_600_000, by.as_str())
                .await;
            made.map_err(failed)
        })
    }

    fn journal(&self) -> Reply<'_, JournalState> {
        Box::pin(async move {
            let head = self.store.audit_head().await.map_err(failed)?;
            let verdict = self.store.audit_verify(None).await.map_err(failed)?;
            let latest = self.store.audit_tail(30).await.map_err(failed)?;
            let latest = latest
                .into_iter()
                .map(|row| (row.seq, row.at_ms, row.action, row.subject));
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
        Box::pin(async move {
            let database = self.store.ping().await;
            let state = if database.is_ok() { "ok" } else { "away" };
            Ok(Readiness {
                ready: database.is_ok(),
                parts: vec![("database".into(), state.into())],
            })
        })
    }
}

fn unheld(one: KnownAmendment) -> UnheldAmendment {
    UnheldAmendment {
        id: one.id,
        number: one.number,
        signed_on: one.signed_on,
        published_on: one.published_on,
        title: one.title,
        url: Some(one.url),
        reach: match one.reach {
            soyuznik::store::AmendmentReach::Named => AmendmentReach::Named,
            soyuznik::store::AmendmentReach::Possible => AmendmentReach::Possible,
        },
        seen_ms: one.seen_ms,
    }
}

fn password(set: bool) -> Password {
    if set {
        Password::Set
    } else {
        Password::Missing
    }
}

fn act_line() -> ActLine {
    ActLine {
        id: "tk".into(),
        title: "Учебный кодекс".into(),
        edition: EDITION,
        current_to: EDITION,
    }
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

fn answer(row: &soyuznik::store::AnswerRow, names: &BTreeMap<PersonId, String>) -> Answer {
    Answer {
        id: row.id.clone(),
        version: row.version,
        rendering: row.rendering.clone(),
        sha256: row.rendering_sha256.clone(),
        updated_by: row
            .updated_by
            .as_ref()
            .and_then(|id| names.get(id).cloned()),
        updated_ms: row.updated_ms,
    }
}

/// Code inserts the words of the law: a citation that does not resolve is refused by name.
fn rendering(saved: &SavedAnswer) -> Result<Rendering, DeskError> {
    let quotes = saved.norms.iter().map(|citation| {
        let norm = norm(citation).ok_or_else(|| DeskError::Wrong {
            message: format!("Нормы «{citation}» на этот день нет. Исправьте ссылку."),
        })?;
        Ok(RenderedQuote {
            norm: citation.clone(),
            text: norm.text.into(),
            edition: EDITION.to_string(),
            current_to: EDITION.to_string(),
        })
    });
    Ok(Rendering {
        text: saved.text.clone(),
        quotes: quotes.collect::<Result<_, DeskError>>()?,
        on: saved.on.to_string(),
    })
}

/// What the machine would have found for the sample question, in the shape that steps store.
pub fn sample_hits() -> Value {
    let hits = LAW.iter().map(|norm| {
        json!({"norm": norm.citation, "kind": "norm", "title": norm.title, "text": norm.text})
    });
    Value::Array(hits.collect())
}
