//! The union's own agreements in a draft: quoted beside the law, never in its place.

use super::compose::source;
use super::{Draft, DraftStatus, Task, render};
use crate::case::Reason;
use crate::citation::{Sentence, SentenceKind, SourcePassage, check};
use crate::law::LocalKind;
use crate::retrieve::{Catalog, Hit, LawPassage};
use std::collections::HashMap;

/// What holds where a law and an agreement speak of the same thing.
///
/// Part 4 of article 8 and part 2 of article 9 of the Labour Code.
const BETTER_HOLDS: &str = "Где закон и этот документ решают одно и то же по-разному, действует то, что лучше для работника; условие хуже закона не применяется.";

/// Adds verbatim the norms of the asker's own agreements that the search found, and in one sentence which rule wins.
///
/// What the draft says of the law stays as it is. Where the law was not found to answer, the agreement speaks alone and the
/// note tells the lawyer so; a question that is none of labour law gets nothing.
pub(super) fn beside(draft: &mut Draft, task: &Task<'_>, catalog: &Catalog) {
    if draft.reason == Some(Reason::OutOfScope) {
        return;
    }
    let hits = task.retrieval.hits.iter().filter(|hit| hit.is_local());
    let found: Vec<(&LawPassage, LocalKind)> =
        hits.filter_map(|hit| norm(hit, task, catalog)).collect();
    let Some((_, kind)) = found.first() else {
        return;
    };
    let mut passages: HashMap<String, SourcePassage> = HashMap::new();
    let mut keep = |passage: &LawPassage| {
        passages.insert(passage.id.clone(), source(passage)?);
        Some(passage.id.clone())
    };
    let mut sentences: Vec<Sentence> = Vec::new();
    for (passage, _) in &found {
        sentences.extend(keep(passage).map(|id| Sentence {
            text: passage.text.clone(),
            passage_ids: vec![id],
            kind: SentenceKind::Local,
        }));
    }
    let law = catalog.cited(kind.bound_by(), task.on);
    sentences.push(Sentence {
        text: BETTER_HOLDS.to_owned(),
        passage_ids: law.and_then(&mut keep).into_iter().collect(),
        kind: SentenceKind::Frame,
    });
    let alone = draft.status != DraftStatus::Answered;
    draft
        .sentences
        .extend(check(&sentences, &passages, task.on));
    if alone {
        draft.status = DraftStatus::Answered;
        draft.reason = None;
        let silent = "Норм закона программа не выбрала: проверьте, что говорит закон.";
        draft.note = match draft.note.as_str() {
            "" => silent.to_owned(),
            note => format!("{note} {silent}"),
        };
    }
    draft.text = render(&draft.sentences, task.on);
}

/// The passage of a hit, where it is a local act's and in force.
fn norm<'c>(
    hit: &Hit,
    task: &Task<'_>,
    catalog: &'c Catalog,
) -> Option<(&'c LawPassage, LocalKind)> {
    let passage = catalog.passage(&hit.id)?;
    let citation = passage
        .citation
        .parse::<crate::law::citation::Citation>()
        .ok()?;
    let kind = citation.act.local_kind()?;
    passage.in_force(task.on).then_some((passage, kind))
}
