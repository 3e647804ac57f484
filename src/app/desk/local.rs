//! Local acts as pages ask for them.

use super::upload::refused;
use super::{App, Done};
use crate::app::today;
use crate::case::{Action, Actor, Decision, PersonId, Resource, Role, decide};
use crate::ingest::{self, IngestError, LocalGiven, LocalOf, Reading};
use crate::law::ActId;
use crate::retrieve::LawPassage;
use crate::store::LocalAct;
use crate::web::desk::{DeskError, FileOutcome, LocalActLine, LocalMark, NewLocalAct};
use jiff::civil::Date;
use std::path::Path;

impl App {
    pub(super) async fn local_line(&self, act: &str) -> Done<Option<LocalActLine>> {
        let mut all = self.store.local_acts().await?.into_iter();
        Ok(all.find(|one| one.id == act).and_then(line))
    }

    pub(super) async fn managed_local_acts(&self, actor: &Actor) -> Done<Vec<LocalActLine>> {
        let all = self.store.local_acts().await?.into_iter();
        let own = |act: &LocalAct| actor.covers(Role::Administrator, &act.owner_path);
        Ok(all.filter(own).filter_map(line).collect())
    }

    pub(super) async fn local_acts_read_by(&self, actor: &Actor) -> Done<Vec<LocalActLine>> {
        let all = self.store.local_acts().await?.into_iter();
        let may = |act: &LocalAct| {
            let owner = Resource::Node {
                path: &act.owner_path,
            };
            decide(actor, Action::ReadLocalAct, owner) == Decision::Allowed
        };
        Ok(all.filter(may).filter_map(line).collect())
    }

    pub(super) async fn take_local_act(
        &self,
        by: &PersonId,
        new: &NewLocalAct,
        file: &Path,
    ) -> Done<FileOutcome> {
        let _turn = self.reading_turn()?;
        let given = LocalGiven {
            of: LocalOf::Titled {
                owner: new.owner.clone(),
                kind: new.kind,
                title: new.title.clone(),
            },
            from: new.from,
            last: new.last,
            signed: new.signed,
        };
        let who = (by.as_str(), today());
        let added = ingest::add_local(&self.store, file, &Reading::in_child(), &given, who).await;
        match added {
            Ok(added) => {
                let outcome = self.taken(by, added).await?;
                self.reload_knowledge().await.map_err(super::unavailable)?;
                Ok(outcome)
            }
            Err(IngestError::Store(error)) => match DeskError::from(error) {
                DeskError::Forbidden { message } | DeskError::Conflict { message } => {
                    Ok(FileOutcome::Refused { message })
                }
                error => Err(error),
            },
            Err(error) => Ok(refused(&error, file)),
        }
    }

    pub(super) async fn end_local(&self, by: &PersonId, act: &str, last: Date) -> Done<()> {
        let ended = self.store.end_local_act(act, last, by.as_str()).await;
        ended.map_err(|error| match DeskError::from(error) {
            DeskError::Forbidden { message } => DeskError::Wrong { message },
            other => other,
        })?;
        self.reload_knowledge().await.map_err(super::unavailable)
    }
}

fn line(act: LocalAct) -> Option<LocalActLine> {
    let kind = act.id.parse::<ActId>().ok()?.local_kind()?;
    Some(LocalActLine {
        kind,
        last: act.last_day(),
        id: act.id,
        title: act.title,
        owner: act.owner,
        owner_name: act.owner_name,
        owner_path: act.owner_path,
        signed: act.signed,
        editions: act.editions,
        passages: act.passages,
    })
}

/// The mark of a norm; nothing for the law.
pub(super) fn mark(
    norm: &str,
    title: &str,
    (from, until): (Option<Date>, Option<Date>),
) -> Option<LocalMark> {
    let act = norm.split(':').next()?.parse::<ActId>().ok()?;
    Some(LocalMark {
        kind: act.local_kind()?,
        title: title.to_owned(),
        from,
        last: until.and_then(|until| until.yesterday().ok()),
    })
}

/// The mark of a passage; nothing for the law.
pub(super) fn mark_of(passage: &LawPassage) -> Option<LocalMark> {
    let days = (Some(passage.edition), passage.until);
    mark(&passage.citation, &passage.act_title, days)
}
