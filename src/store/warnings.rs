//! What a lawyer must look at before an answer: amendments without text that touch, or may touch, a quoted provision.

use super::amendments::{AMENDMENTS, KnownAmendment, given};
use super::audit::{self, Entry};
use super::case_rows::CaseRow;
use super::db::now_ms;
use super::sql::{self, insert, row, statement};
use super::{Store, StoreError, people};
use crate::case::policy::Shared;
use crate::case::{Action, CaseId, Decision, PersonId, Resource, decide};
use crate::law::{ActId, Citation, find_references};
use jiff::civil::Date;
use serde_json::json;
use std::collections::BTreeMap;

/// An amendment without text and a provision that the open answer of a case quotes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AmendmentWarning {
    pub amendment: KnownAmendment,
    /// The provision's key.
    pub provision: String,
    /// What the answer calls it.
    pub citation: String,
    /// `None` while a lawyer must look at it.
    pub cleared: Option<Clearance>,
}

/// A lawyer's word that an amendment leaves a provision as it is quoted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Clearance {
    /// The lawyer's name.
    pub by: String,
    pub reason: String,
    pub at_ms: i64,
}

impl Store {
    /// Returns the warnings that nobody cleared yet, of the answer that waits in a case; none where there is no answer.
    ///
    /// An amendment counts where it was signed by the day that the answer speaks of: later ones don't reach back to it.
    pub async fn open_warnings(&self, case: &CaseId) -> Result<Vec<AmendmentWarning>, StoreError> {
        let mut warnings = self.warnings(case).await?;
        warnings.retain(|one| one.cleared.is_none());
        Ok(warnings)
    }

    /// Returns the same warnings with those that a lawyer cleared.
    pub async fn warnings(&self, case: &CaseId) -> Result<Vec<AmendmentWarning>, StoreError> {
        let answer = super::answers::open_answer(&mut *self.reader().await?, case).await?;
        let Some(answer) = answer else {
            return Ok(Vec::new());
        };
        let on = answer.rendering.on.parse().ok();
        let norms: Vec<&str> = answer
            .rendering
            .quotes
            .iter()
            .map(|q| q.norm.as_str())
            .collect();
        self.warnings_of(&norms, on.unwrap_or(Date::MAX)).await
    }

    /// Returns the warnings for norms as they stood on a day, cleared ones too; norms that are not held bear none.
    pub async fn warnings_of(
        &self,
        norms: &[&str],
        on: Date,
    ) -> Result<Vec<AmendmentWarning>, StoreError> {
        let mut open: BTreeMap<&str, Vec<KnownAmendment>> = BTreeMap::new();
        let mut warnings: Vec<AmendmentWarning> = Vec::new();
        for norm in norms {
            let act = norm.split(':').next().unwrap_or_default();
            if !open.contains_key(act) {
                let mut amendments = self.known_amendments(act).await?;
                amendments.retain(|one| one.signed_on <= on);
                open.insert(act, amendments);
            }
            let touching = open[act].iter().filter(|one| touches(one, norm));
            let touching: Vec<KnownAmendment> = touching.cloned().collect();
            if touching.is_empty() {
                continue;
            }
            let Some(found) = self.version(norm, on).await? else {
                continue;
            };
            let provision = found.version.provision;
            for amendment in touching {
                let told = warnings
                    .iter()
                    .any(|one| one.provision == provision && one.amendment.id == amendment.id);
                if !told {
                    warnings.push(AmendmentWarning {
                        cleared: self.clearance(&amendment.id, &provision).await?,
                        amendment,
                        provision: provision.clone(),
                        citation: (*norm).to_owned(),
                    });
                }
            }
        }
        Ok(warnings)
    }

    async fn clearance(
        &self,
        amendment: &str,
        provision: &str,
    ) -> Result<Option<Clearance>, StoreError> {
        let mut conn = self.reader().await?;
        let row = row!(
            conn,
            "select c.reason, c.at_ms, p.name from amendment_clearance c join person p on p.id = c.person_id
             where c.amendment_id = $1 and c.provision_key = $2",
            amendment,
            provision
        )?;
        row.map(|row| {
            Ok(Clearance {
                by: sql::text(&row, "name")?,
                reason: sql::text(&row, "reason")?,
                at_ms: sql::int(&row, "at_ms")?,
            })
        })
        .transpose()
    }

    /// Clears a warning of a case, named by the ids of amendment and provision, with the lawyer's reason, for every case that quotes the provision.
    ///
    /// Fails with `Refused` for anybody but a lawyer of the case and without a reason, with `NotFound` where the case
    /// bears no such warning: what was cleared before stays as it is.
    pub async fn clear_warning(
        &self,
        case: &CaseId,
        (amendment, provision): (&str, &str),
        reason: &str,
        lawyer: &PersonId,
    ) -> Result<(), StoreError> {
        let reason = given(reason)?;
        let open = self.open_warnings(case).await?;
        if !open
            .iter()
            .any(|one| one.amendment.id == amendment && one.provision == provision)
        {
            return Err(StoreError::not_found("предупреждение о поправке"));
        }
        let mut tx = self.write().await?;
        let row = CaseRow::load(&mut tx, case).await?;
        let resource = Resource::Case {
            path: &row.organisation_path,
            member: &row.member,
            shared: Shared::No,
        };
        let actor = people::load_actor(&mut tx, lawyer).await?;
        if decide(&actor, Action::WorkOnCase, resource) != Decision::Allowed {
            return Err(StoreError::refused(
                "Снять предупреждение может только юрист этой организации.",
            ));
        }
        insert(
            &mut tx,
            "amendment_clearance",
            [
                ("id", uuid::Uuid::now_v7().to_string().into()),
                ("amendment_id", amendment.into()),
                ("provision_key", provision.into()),
                ("person_id", lawyer.as_str().into()),
                ("reason", (&reason).into()),
                ("at_ms", now_ms().into()),
            ],
        )
        .await?;
        audit::append(
            &mut tx,
            Entry {
                actor: lawyer.as_str(),
                action: "amendment.clear",
                subject: case.as_str(),
                detail: json!({"amendment": amendment, "provision": provision}),
            },
        )
        .await?;
        tx.commit().await
    }

    /// Returns an amendment by its id.
    pub async fn amendment(&self, id: &str) -> Result<Option<KnownAmendment>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = format!("{AMENDMENTS} where k.id = $1");
        statement(sql, [id.into()])
            .fetch_optional(&mut *conn)
            .await?
            .map(|row| KnownAmendment::read(&row))
            .transpose()
    }
}

/// Whether an amendment may change a norm: a title that names articles of the act leaves the others alone.
fn touches(amendment: &KnownAmendment, norm: &str) -> bool {
    let (Ok(norm), Ok(act)) = (norm.parse::<Citation>(), amendment.act.parse::<ActId>()) else {
        return true;
    };
    let named: Vec<Citation> = find_references(&amendment.title, &act)
        .into_iter()
        .map(|reference| reference.citation.article())
        .filter(|citation| citation.act == act)
        .collect();
    named.is_empty() || named.contains(&norm.article())
}
