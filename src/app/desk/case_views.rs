//! Pieces of a case that the member's page and the lawyer's page both show.

use super::{App, Done};
use crate::case::policy::Shared;
use crate::case::{CaseId, PersonId};
use crate::store::{CaseRow, CaseView};
use crate::web::desk::{CaseLine, DeadlineView, Event, Letter, Published};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(super) type Names = BTreeMap<PersonId, String>;

/// A term whose first day a lawyer confirmed, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Confirmed {
    pub rule: String,
    pub from: Date,
    pub by: PersonId,
}

impl App {
    pub(super) async fn names(&self) -> Done<Names> {
        let people = self.store.people().await?.into_iter();
        Ok(people.map(|person| (person.id, person.name)).collect())
    }

    pub(super) async fn case_lines(&self, rows: Vec<CaseRow>) -> Done<Vec<CaseLine>> {
        let nodes = self.store.organisations().await?.into_iter();
        let nodes: BTreeMap<_, _> = nodes.map(|node| (node.id, node.name)).collect();
        let names = self.names().await?;
        let as_line = |row: CaseRow| {
            let node = nodes.get(&row.organisation).cloned().unwrap_or_default();
            let lawyer = row.lawyer.as_ref().and_then(|id| names.get(id).cloned());
            line(row, node, lawyer)
        };
        Ok(rows.into_iter().map(as_line).collect())
    }

    pub(super) async fn confirmed(&self, case: &CaseId) -> Done<Vec<Confirmed>> {
        let kept = self.store.setting(&confirmed_key(case)).await?;
        let kept = kept.and_then(|json| serde_json::from_str(&json).ok());
        Ok(kept.unwrap_or_default())
    }

    /// Terms of which a lawyer confirmed the first day, counted from it.
    pub(super) async fn confirmed_terms(
        &self,
        case: &CaseId,
        names: &Names,
    ) -> Done<Vec<DeadlineView>> {
        let confirmed = self.confirmed(case).await?;
        let drafter = self.drafter();
        let terms = confirmed.iter().filter_map(|one| {
            let rule = drafter.rules.iter().find(|rule| rule.id == one.rule)?;
            let computed = crate::law::deadline::compute(rule, one.from, &drafter.calendar).ok()?;
            Some(DeadlineView {
                rule: one.rule.clone(),
                title: rule.title.clone(),
                norms: computed.norms.iter().map(ToString::to_string).collect(),
                from: Some(one.from),
                due: computed.due,
                counted: computed.counted,
                confirmed_by: Some(names.get(&one.by).cloned().unwrap_or_default()),
            })
        });
        Ok(terms.collect())
    }
}

/// Where the confirmed terms of a case are kept: ids and days, no words.
pub(super) fn confirmed_key(case: &CaseId) -> String {
    format!("case.{case}.terms")
}

pub(super) fn line(row: CaseRow, organisation: String, lawyer: Option<String>) -> CaseLine {
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

pub(super) fn shared(row: &CaseRow) -> Shared {
    if row.shared_with_steward {
        Shared::WithSteward
    } else {
        Shared::No
    }
}

pub(super) fn letters(view: &CaseView, names: &Names) -> Vec<Letter> {
    let letter = |message: &crate::store::MessageRow| Letter {
        author: names.get(&message.author).cloned().unwrap_or_default(),
        kind: message.kind,
        text: message.text.clone(),
        at_ms: message.created_ms,
    };
    view.messages.iter().map(letter).collect()
}

pub(super) fn events(view: &CaseView, names: &Names) -> Vec<Event> {
    let event = |row: &crate::store::EventRow| Event {
        at_ms: row.at_ms,
        actor: names.get(&PersonId::from(row.actor.as_str())).cloned(),
        from: row.from,
        to: row.to,
        reason: row.reason,
    };
    view.events.iter().map(event).collect()
}

pub(super) fn published(view: &CaseView) -> Vec<Published> {
    let answer = |row: &crate::store::PublishedRow| Published {
        rendering: row.rendering.clone(),
        approver: row.approver_name.clone(),
        approved_ms: row.approved_ms,
        sent_ms: row.sent_ms,
    };
    view.published.iter().map(answer).collect()
}
