//! Local acts come in: read by the same readers as the law, kept under an id of their own with an owner and days.

use super::practice::{Hints, Taken, take};
use super::{Added, Given, IngestError, Reading, new_edition};
use crate::case::OrganisationId;
use crate::case::types::sha256_hex;
use crate::knowledge::ParsedAct;
use crate::law::citation::ActId;
use crate::law::{LocalKind, LocalUnit};
use crate::store::{EditionOutcome, LocalAct, NewEdition, Store, StoreError};
use jiff::civil::Date;
use std::path::Path;

/// Local acts stand behind every law in lists.
const PRIORITY: i64 = 100;
/// Characters of the mark that tells local acts apart.
const MARK: usize = 10;
/// The longest title, in characters.
const LONGEST_TITLE: usize = 300;

/// What a person says of a local act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalGiven {
    pub of: LocalOf,
    /// The first day in force.
    pub from: Date,
    /// The last day in force; `None`: that of the edition before, or nobody knows of an end.
    pub last: Option<Date>,
    /// The day of signing.
    pub signed: Option<Date>,
}

/// Which local act a file is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalOf {
    /// The one that this node has under this title; another edition of it where it is held.
    Titled {
        owner: OrganisationId,
        kind: LocalKind,
        title: String,
    },
    /// One that is held.
    Held { act: String },
}

/// Why a local act was not taken, before or after its file was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocalRefusal {
    #[error("Узла «{0}» в дереве организаций нет. Посмотрите узлы: soyuznik org list.")]
    UnknownOwner(OrganisationId),
    #[error(
        "Локального акта «{0}» нет. Посмотрите: soyuznik kb local list; новый добавляют с владельцем, видом и названием."
    )]
    UnknownAct(String),
    #[error(
        "«{0}» — обозначение закона, а не локального акта. Закон добавляет kb add; обозначения локальных актов начинаются с local-."
    )]
    OfTheLaw(String),
    #[error("Последний день {last} раньше первого {from}. Исправьте дни.")]
    EndsBefore { from: Date, last: Date },
    #[error(
        "Название пусто или длиннее {LONGEST_TITLE} знаков. Назовите акт так, как он назван в тексте."
    )]
    Title,
    #[error(
        "{place}: в прежней редакции были {held}, в этой {found}. Ссылки не сошлись бы; добавьте её под другим названием или приведите текст к прежнему виду."
    )]
    OtherForm {
        place: String,
        held: &'static str,
        found: &'static str,
    },
    #[error(
        "{place}: этот файл уже есть, он действует с {held}. Если день другой, сначала исправьте файл; если акт закончился, отметьте: kb local end."
    )]
    SameFile { place: String, held: Date },
}

impl LocalRefusal {
    /// The machine code of the refusal.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownOwner(_) | Self::UnknownAct(_) => "not_found",
            Self::OfTheLaw(_) => "act_of_law",
            Self::EndsBefore { .. } => "ends_before",
            Self::Title => "title",
            Self::OtherForm { .. } => "other_form",
            Self::SameFile { .. } => "same_file",
        }
    }
}

/// The act as it is named, whatever its text counts.
struct Named {
    base: ActId,
    owner: OrganisationId,
    title: String,
    held: Option<LocalAct>,
}

/// Adds an edition of a local act; `by` is who says so, `today` the day up to which they know it where it has no end.
///
/// Fails, and keeps nothing, on an owner or act that is not there, days in the wrong order, a file without text, and a text
/// that counts otherwise than the editions that are held.
pub async fn add_local(
    store: &Store,
    path: &Path,
    reading: &Reading,
    given: &LocalGiven,
    (by, today): (&str, Date),
) -> Result<Added, IngestError> {
    if let Some(last) = given.last.filter(|last| *last < given.from) {
        let from = given.from;
        return Err(LocalRefusal::EndsBefore { from, last }.into());
    }
    let named = named(store, &given.of).await?;
    let place = path.display().to_string();
    let hints = Hints {
        given: Given {
            act: Some(named.base.clone()),
            edition: Some(given.from),
            without: Vec::new(),
        },
        ..Hints::default()
    };
    let Taken::Act(act) = take(path, reading, &hints).await? else {
        return Err(LocalRefusal::UnknownAct(named.base.to_string()).into());
    };
    let act = ParsedAct {
        title: named.title.clone(),
        ..*act
    };
    let held = held_as(store, &named, &act, &place).await?;
    let as_before = match given.last {
        Some(_) => None,
        None => held.as_ref().and_then(|held| end_of(held, given.from)),
    };
    let given = &LocalGiven {
        last: given.last.or(as_before),
        ..given.clone()
    };
    let edition = edition(&act, &named.owner, given, held.as_ref(), today)?;
    let report = store.add_edition(&edition, by).await?;
    if report.outcome == EditionOutcome::AlreadyHeld {
        let editions = store.editions(act.act.as_str()).await?;
        let same = editions.iter().find(|one| one.id == report.edition);
        if let Some(same) = same.filter(|one| one.edition_date != given.from) {
            let held = same.edition_date;
            return Err(LocalRefusal::SameFile { place, held }.into());
        }
    }
    Ok(Added {
        last_as_before: as_before,
        ..Added::of(&act, place, report, None)
    })
}

/// The last day of the editions that are held, for one that begins while they are in force: what changes an agreement does not
/// make its term longer.
fn end_of(held: &LocalAct, from: Date) -> Option<Date> {
    let newest = held.editions.last().copied()?;
    held.last_day()
        .filter(|last| newest <= from && from <= *last)
}

async fn named(store: &Store, of: &LocalOf) -> Result<Named, IngestError> {
    match of {
        LocalOf::Held { act } => {
            let unknown = || LocalRefusal::UnknownAct(act.clone());
            let base = act.parse::<ActId>().map_err(|_| unknown())?;
            if !base.is_local() {
                return Err(LocalRefusal::OfTheLaw(act.clone()).into());
            }
            let mut all = store.local_acts().await?.into_iter();
            let held = all.find(|one| one.id == *act).ok_or_else(unknown)?;
            Ok(Named {
                base,
                owner: held.owner.clone(),
                title: held.title.clone(),
                held: Some(held),
            })
        }
        LocalOf::Titled { owner, kind, title } => {
            let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
            if title.is_empty() || title.chars().count() > LONGEST_TITLE {
                return Err(LocalRefusal::Title.into());
            }
            match store.organisation(owner).await {
                Err(StoreError::NotFound { .. }) => {
                    return Err(LocalRefusal::UnknownOwner(owner.clone()).into());
                }
                other => other?,
            };
            let named = format!("{owner}\n{}\n{}", kind.code(), title.to_lowercase());
            let mark = &sha256_hex(named.as_bytes())[..MARK];
            let base = ActId::of_local(*kind, mark, LocalUnit::Point);
            let base = base.map_err(|_| LocalRefusal::Title)?;
            let mut all = store.local_acts().await?.into_iter();
            let held = all.find(|one| {
                let id = one.id.parse::<ActId>().ok();
                id.and_then(|id| id.counting(LocalUnit::Point)).as_ref() == Some(&base)
            });
            Ok(Named {
                base,
                owner: owner.clone(),
                title: held.as_ref().map_or(title, |held| held.title.clone()),
                held,
            })
        }
    }
}

/// The act as it is held; fails where its editions count otherwise than the new text.
async fn held_as(
    store: &Store,
    named: &Named,
    act: &ParsedAct,
    place: &str,
) -> Result<Option<LocalAct>, IngestError> {
    let Some(held) = &named.held else {
        // An id that the law, or a node of another name, took is no id for this act.
        let taken = store.acts().await?;
        return match taken.iter().find(|one| one.id == act.act.as_str()) {
            Some(one) if one.owner.as_ref() != Some(&named.owner) => {
                Err(LocalRefusal::OfTheLaw(one.id.clone()).into())
            }
            _ => Ok(None),
        };
    };
    if held.id == act.act.as_str() {
        return Ok(Some(held.clone()));
    }
    let counted = |id: &str| match id.parse::<ActId>().ok().and_then(|id| id.local_unit()) {
        Some(LocalUnit::Article) => "статьи",
        Some(LocalUnit::Paragraph) => "абзацы без номеров",
        _ => "пункты",
    };
    Err(LocalRefusal::OtherForm {
        place: place.to_owned(),
        held: counted(&held.id),
        found: counted(act.act.as_str()),
    }
    .into())
}

/// The edition with its owner and days.
fn edition(
    act: &ParsedAct,
    owner: &OrganisationId,
    given: &LocalGiven,
    held: Option<&LocalAct>,
    today: Date,
) -> Result<NewEdition, IngestError> {
    let until = match given.last {
        None => None,
        Some(last) => Some(last.tomorrow().map_err(|_| LocalRefusal::EndsBefore {
            from: given.from,
            last,
        })?),
    };
    let mut edition = new_edition(act, None);
    edition.act.owner = Some(owner.clone());
    edition.act.number = None;
    edition.act.adopted = given.signed.or_else(|| held.and_then(|held| held.signed));
    edition.act.priority = PRIORITY;
    edition.current_to = given.last.unwrap_or_else(|| today.max(given.from));
    edition.until = until;
    for version in &mut edition.versions {
        version.in_force_from = Some(given.from);
    }
    Ok(edition)
}
