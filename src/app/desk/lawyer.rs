use super::case_views::{
    Confirmed, Names, confirmed_key, events, letters, line, published, shared,
};
use super::local::mark_of;
use super::{App, Done};
use crate::app::{kept_draft, today};
use crate::case::types::RenderedQuote;
use crate::case::{Actor, CaseId, PersonId, Rendering, Role};
use crate::citation::Flag;
use crate::draft::Draft;
use crate::law::{Citation, deadline};
use crate::retrieve::Retrieval;
use crate::review;
use crate::store::{self, AnswerRow, CaseView};
use crate::web::desk::{
    Answer, Approval, AskedApproval, CaseLine, DeadlineView, DeskCase, DeskError, DraftView,
    FactView, QueueFilter, SavedAnswer, Sentence, SentenceFlag, Source, SourceState, Warning,
    WarningKind,
};
use jiff::civil::Date;
use std::time::Duration;

impl App {
    pub(super) async fn queue_lines(
        &self,
        actor: &Actor,
        asked: &QueueFilter,
    ) -> Done<Vec<CaseLine>> {
        let filter = store::QueueFilter {
            statuses: asked.statuses.clone(),
            topic: asked.topic.clone(),
            text: asked.text.clone(),
            ..Default::default()
        };
        let paths = actor.paths(Role::Lawyer);
        let limit = i64::try_from(asked.limit).unwrap_or(i64::MAX);
        let rows = self.store.queue(&paths, &filter, limit).await?;
        self.case_lines(rows).await
    }

    pub(super) async fn case_for_lawyer(&self, case: &CaseId) -> Done<DeskCase> {
        let view = self.store.case_for(case).await?;
        let names = self.names().await?;
        let kept = view.retrieval.as_ref();
        let on = kept.map_or_else(
            || view.case.event_date.unwrap_or_else(today),
            |kept| kept.on_date,
        );
        let found: Option<Retrieval> =
            kept.and_then(|kept| serde_json::from_value(kept.hits.clone()).ok());
        let draft = view.draft.as_ref().map(kept_draft);
        let mut deadlines = self.confirmed_terms(case, &names).await?;
        let computed = draft.iter().flat_map(computed_terms);
        let open: Vec<_> = computed
            .filter(|term| !deadlines.iter().any(|one| one.rule == term.rule))
            .collect();
        deadlines.extend(open);
        let (situations, more_terms) = self.beside_case(found.as_ref(), &deadlines);
        Ok(DeskCase {
            member: view.member_name.clone(),
            event_date: view.case.event_date,
            on,
            shared: shared(&view.case),
            letters: letters(&view, &names),
            facts: draft.as_ref().map(facts).unwrap_or_default(),
            draft: draft_view(&view, draft.as_ref()),
            sources: self.sources(
                draft.as_ref(),
                found.as_ref(),
                (&view.case.organisation_path, on),
            ),
            deadlines,
            situations,
            more_terms,
            warnings: warnings(draft.as_ref(), found.as_ref(), on),
            amendments: self.case_warnings(case).await?,
            answer: view.answer.as_ref().map(|row| answer(row, &names)),
            approval: self.standing(&view),
            answers: published(&view),
            events: events(&view, &names),
            line: line(view.case, view.organisation_name, view.lawyer_name),
        })
    }

    fn hold(&self) -> Duration {
        Duration::from_secs(self.config.deliver.hold_s)
    }

    fn standing(&self, view: &CaseView) -> Option<Approval> {
        let hold_ms = i64::try_from(self.hold().as_millis()).unwrap_or(i64::MAX);
        let approval = view.approval.as_ref();
        let standing = approval.filter(|approval| approval.voided_ms.is_none())?;
        Some(Approval {
            by: standing.approver_name.clone(),
            approved_ms: standing.approved_ms,
            sends_at_ms: standing.approved_ms.saturating_add(hold_ms),
        })
    }

    /// What the draft stands on first, then what the search found besides.
    fn sources(
        &self,
        draft: Option<&Draft>,
        found: Option<&Retrieval>,
        (path, on): (&str, Date),
    ) -> Vec<Source> {
        let catalog = self.catalog();
        let cited = draft.iter().flat_map(|draft| &draft.sentences);
        let cited = cited.flat_map(|sentence| sentence.norms.iter().map(ToString::to_string));
        let hits = found.iter().flat_map(|found| &found.hits);
        let hits = hits.map(|hit| hit.norm.clone());
        let mut sources: Vec<Source> = Vec::new();
        for norm in cited.chain(hits) {
            if sources.iter().any(|source| source.norm == norm) {
                continue;
            }
            let cited = catalog.cited(&norm, on);
            let Some(passage) = cited.filter(|one| one.is_seen_from(Some(path))) else {
                continue;
            };
            sources.push(Source {
                norm,
                title: passage.title.clone(),
                text: passage.text.clone(),
                edition: passage.edition,
                current_to: passage.current_to,
                local: mark_of(passage),
                state: match passage.until {
                    Some(until) if until <= today() => SourceState::Repealed,
                    _ => SourceState::InForce,
                },
            });
        }
        sources
    }

    pub(super) async fn keep_answer(
        &self,
        case: &CaseId,
        by: &PersonId,
        saved: &SavedAnswer,
    ) -> Done<Answer> {
        let view = self.store.case_for(case).await?;
        let path = view.case.organisation_path;
        let before = view.answer.map(|answer| answer.rendering);
        let rendering = self.quoted(saved, before.as_ref(), &path)?;
        let kept = self
            .store
            .save_answer(case, saved.expected_version, &rendering, by)
            .await?;
        Ok(answer(&kept, &self.names().await?))
    }

    /// The lawyer's words with the law's: a citation brings its own verbatim text of the day.
    ///
    /// Of local acts only those of the case's own node and above are there to be cited.
    fn quoted(
        &self,
        saved: &SavedAnswer,
        before: Option<&Rendering>,
        path: &str,
    ) -> Done<Rendering> {
        let on = saved.on.to_string();
        let catalog = self.catalog();
        let mut quotes: Vec<RenderedQuote> = Vec::new();
        for norm in &saved.norms {
            let norm = norm.parse::<Citation>().map_err(|error| DeskError::Wrong {
                message: error.to_string(),
            })?;
            let name = norm.to_string();
            let cited = catalog.cited(&name, saved.on);
            let quote = match cited.filter(|one| one.is_seen_from(Some(path))) {
                Some(passage) => RenderedQuote {
                    norm: name,
                    text: passage.text.clone(),
                    edition: passage.edition.to_string(),
                    current_to: passage.current_to.to_string(),
                },
                // A desk without the act's text: what the draft quoted for that day stays.
                None => before
                    .filter(|before| before.on == on)
                    .and_then(|before| before.quotes.iter().find(|quote| quote.norm == name))
                    .cloned()
                    .ok_or_else(|| not_held(&norm, saved.on))?,
            };
            if !quotes.contains(&quote) {
                quotes.push(quote);
            }
        }
        Ok(Rendering {
            text: saved.text.clone(),
            quotes,
            on,
        })
    }

    pub(super) async fn say_yes(
        &self,
        case: &CaseId,
        by: &PersonId,
        asked: &AskedApproval,
    ) -> Done<()> {
        let (answer, shown) = (&asked.answer, &asked.sha256);
        review::approve(&self.store, case, answer, shown, by, self.hold()).await?;
        Ok(())
    }

    pub(super) async fn confirm_term(
        &self,
        case: &CaseId,
        by: &PersonId,
        rule: &str,
        from: Date,
    ) -> Done<()> {
        let drafter = self.drafter();
        if !drafter.rules.iter().any(|known| known.id == rule) {
            return Err(DeskError::NotFound);
        }
        let mut terms = self.confirmed(case).await?;
        terms.retain(|term| term.rule != rule);
        terms.push(Confirmed {
            rule: rule.to_owned(),
            from,
            by: by.clone(),
        });
        let json = serde_json::to_string(&terms).map_err(|error| DeskError::Unavailable {
            reason: error.to_string(),
        })?;
        let key = confirmed_key(case);
        self.store.set_setting(&key, &json, by.as_str()).await?;
        let names = Names::new();
        let due = self.confirmed_terms(case, &names).await?;
        let first = due.iter().filter_map(|term| term.due).min();
        let row = self.store.case_row(case).await?;
        let topic = row.topic.as_deref();
        self.store
            .describe_case(case, topic, row.event_date, first, by)
            .await?;
        Ok(())
    }
}

fn not_held(norm: &Citation, on: Date) -> DeskError {
    DeskError::Wrong {
        message: format!(
            "Нормы «{}» на {} в загруженных законах нет. Исправьте ссылку или день.",
            norm.russian(),
            deadline::spoken(on)
        ),
    }
}

fn answer(row: &AnswerRow, names: &Names) -> Answer {
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

fn facts(draft: &Draft) -> Vec<FactView> {
    let fact = |fact: &crate::draft::Fact| FactView {
        start: fact.start,
        end: fact.end,
    };
    draft.reading.facts.iter().map(fact).collect()
}

fn computed_terms(draft: &Draft) -> Vec<DeadlineView> {
    let terms = draft.deadlines.iter().map(|term| DeadlineView {
        rule: term.rule.clone(),
        title: term.title.clone(),
        norms: vec![term.norm.clone()],
        from: Some(term.from),
        due: term.due,
        counted: term.counted.clone(),
        confirmed_by: None,
    });
    terms.collect()
}

fn draft_view(view: &CaseView, draft: Option<&Draft>) -> DraftView {
    let reason = draft.and_then(|draft| draft.reason).or(view.case.reason);
    let Some(draft) = draft.filter(|draft| draft.reason.is_none()) else {
        return reason.map_or(DraftView::Coming, |reason| DraftView::None { reason });
    };
    let sentences = draft.sentences.iter().map(|sentence| Sentence {
        text: sentence.text.clone(),
        norms: sentence.norms.iter().map(ToString::to_string).collect(),
        flag: match sentence.flag {
            None => SentenceFlag::Supported,
            Some(Flag::Struck) => SentenceFlag::Struck,
            Some(Flag::Conflict) => SentenceFlag::Conflict,
            Some(Flag::Unsupported) => SentenceFlag::Unsupported,
        },
    });
    DraftView::Ready {
        sentences: sentences.collect(),
        made_by: match draft.model_name.as_str() {
            "" => "без модели".to_owned(),
            model => format!("{model}, {}", draft.mode),
        },
        note: draft.note.clone(),
    }
}

fn warnings(draft: Option<&Draft>, found: Option<&Retrieval>, on: Date) -> Vec<Warning> {
    let warn = |text: String| Warning {
        kind: WarningKind::Warn,
        text,
    };
    let mut warnings = Vec::new();
    let editions = found.iter().flat_map(|found| &found.searched.editions);
    for (act, edition, current_to) in editions.filter(|(_, _, current_to)| *current_to < on) {
        let act = act.parse::<crate::law::ActId>();
        let act = act.map(|act| act.russian()).unwrap_or_default();
        warnings.push(warn(format!(
            "{act}: редакция от {}, проверена по {}. Вопрос о {}: посмотрите, не менялась ли норма.",
            deadline::spoken(*edition),
            deadline::spoken(*current_to),
            deadline::spoken(on)
        )));
    }
    if found.is_some_and(|found| !found.searched.by_meaning) {
        warnings.push(warn(
            "Поиск шёл только по словам: часть норм могла не найтись.".into(),
        ));
    }
    let days = draft.iter().flat_map(|draft| &draft.days);
    warnings.extend(days.map(|note| warn(note.russian())));
    let flagged = |flag: Flag| {
        draft.is_some_and(|draft| draft.sentences.iter().any(|one| one.flag == Some(flag)))
    };
    if flagged(Flag::Conflict) {
        warnings.push(warn(
            "В проекте есть фраза, с которой норма расходится.".into(),
        ));
    }
    warnings
}
