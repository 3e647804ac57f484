//! Jobs: leased for a while, run again when the worker dies, given up after some tries.

use super::case_steps::{self, Move};
use super::db::now_ms;
use super::sql::{self, Cell, Condition, execute, insert, row, rows, statement};
use super::{Dialect, Store, StoreError};
use crate::case::{CaseId, Reason, Status, Step};
use serde_json::Value;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

/// How often a job is tried before a person has to look.
pub const MAX_ATTEMPTS: i64 = 5;
/// How often an approved answer or its notice is tried, some four hours with the growing pauses: a mail server may
/// be away for that long, nothing waits behind them, and who gives them up loses them.
const PATIENT_ATTEMPTS: i64 = 56;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobKind {
    Retrieve,
    Draft,
    /// Put an approved answer on the member's page.
    Deliver,
    /// Tell the member by mail that the answer is there.
    Mail,
    /// Bring the index up to date with the acts.
    Index,
    /// Ask the official sources what changed.
    Watch,
}

impl JobKind {
    pub const ALL: [Self; 6] = [
        Self::Retrieve,
        Self::Draft,
        Self::Deliver,
        Self::Mail,
        Self::Index,
        Self::Watch,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Retrieve => "retrieve",
            Self::Draft => "draft",
            Self::Deliver => "deliver",
            Self::Mail => "mail",
            Self::Index => "index",
            Self::Watch => "watch",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// The right to do a job, until `until_ms`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub job: String,
    pub worker: String,
    pub until_ms: i64,
}

/// A job with its lease.
#[derive(Debug, Clone, PartialEq)]
pub struct LeasedJob {
    pub lease: Lease,
    pub kind: JobKind,
    pub case: Option<CaseId>,
    pub payload: Value,
    /// Which try this is, from 1.
    pub attempt: i64,
}

/// What became of a job that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It runs again at this time.
    Again { at_ms: i64 },
    /// It was given up; a case that waited for it went to a lawyer without a draft.
    Dead,
    /// Another worker has it by now.
    NotOurs,
}

/// How many jobs stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct JobCounts {
    pub queued: i64,
    pub leased: i64,
    pub done: i64,
    pub dead: i64,
    /// Age of the oldest job that could run now and doesn't, ms.
    pub oldest_waiting_ms: i64,
}

pub(super) struct NewJob<'a> {
    pub kind: JobKind,
    pub case: Option<&'a CaseId>,
    pub payload: Value,
    pub run_after_ms: i64,
    /// Two jobs with one key are one job.
    pub dedupe_key: String,
}

/// Queues a job once; a second one with the same key is the first.
pub(super) async fn queue(conn: &mut AnyConnection, job: NewJob<'_>) -> Result<(), StoreError> {
    if row!(
        conn,
        "select id from job where dedupe_key = $1",
        job.dedupe_key.clone()
    )?
    .is_some()
    {
        return Ok(());
    }
    insert(
        conn,
        "job",
        [
            ("id", uuid::Uuid::now_v7().to_string().into()),
            ("kind", job.kind.code().into()),
            ("case_id", job.case.map(CaseId::as_str).into()),
            ("payload_json", (&job.payload).into()),
            ("state", "queued".into()),
            ("run_after_ms", job.run_after_ms.into()),
            ("attempts", 0.into()),
            ("dedupe_key", job.dedupe_key.into()),
            ("created_ms", now_ms().into()),
        ],
    )
    .await
}

/// Ends the job of `lease`; fails with `Conflict` where another worker has it by now.
pub(super) async fn end(conn: &mut AnyConnection, lease: &Lease) -> Result<(), StoreError> {
    let ended = execute!(
        conn,
        "update job set state = 'done', lease_until_ms = null, leased_by = null, last_error = null
         where id = $1 and leased_by = $2 and state = 'leased'",
        lease.job.clone(),
        lease.worker.clone()
    )?;
    if ended == 0 {
        return Err(StoreError::conflict(
            "Задание уже взял другой исполнитель: срок аренды вышел.",
        ));
    }
    Ok(())
}

impl Store {
    /// Leases the job of `kinds` that waits longest, or returns `None`. A job whose lease ran out counts as waiting.
    ///
    /// `worker` must be a name nobody else uses. Jobs that killed their worker too often are given up on the way.
    pub async fn lease(
        &self,
        kinds: &[JobKind],
        worker: &str,
        lease_ms: i64,
    ) -> Result<Option<LeasedJob>, StoreError> {
        self.bury_stuck().await?;
        let now = now_ms();
        let mut ready = Condition::default();
        ready.one_of("kind", kinds.iter().map(|kind| kind.code().into()));
        ready.and(
            "(state = 'queued' and run_after_ms <= {}) or (state = 'leased' and lease_until_ms < {})",
            [now.into(), now.into()],
        );
        let lock = match self.dialect() {
            Dialect::Postgres => " for update skip locked",
            Dialect::Sqlite => "",
        };
        let first = ready.cells.len();
        let sql = format!(
            "update job set state = 'leased', leased_by = ${}, lease_until_ms = ${}, attempts = attempts + 1
             where id = (select id from job where {} order by run_after_ms, id limit 1{lock})
             returning id, kind, case_id, payload_json, attempts",
            first + 1,
            first + 2,
            ready.sql()
        );
        let mut cells = ready.cells;
        cells.extend([Cell::from(worker), Cell::from(now + lease_ms)]);
        let mut tx = self.small_write().await?;
        let leased = statement(sql, cells).fetch_optional(&mut *tx).await?;
        tx.commit().await?;
        leased
            .map(|row| read_leased(&row, worker, now + lease_ms))
            .transpose()
    }

    /// Prolongs a lease; fails with `Conflict` where another worker has the job by now.
    pub async fn renew(&self, lease: &Lease, lease_ms: i64) -> Result<Lease, StoreError> {
        let until_ms = now_ms() + lease_ms;
        let mut tx = self.small_write().await?;
        let renewed = execute!(
            tx,
            "update job set lease_until_ms = $1 where id = $2 and leased_by = $3 and state = 'leased'",
            until_ms,
            lease.job.clone(),
            lease.worker.clone()
        )?;
        tx.commit().await?;
        if renewed == 0 {
            return Err(StoreError::conflict(
                "Задание уже взял другой исполнитель: срок аренды вышел.",
            ));
        }
        Ok(Lease {
            until_ms,
            ..lease.clone()
        })
    }

    /// Ends a job that leaves nothing on a case.
    pub async fn finish(&self, lease: &Lease) -> Result<(), StoreError> {
        let mut tx = self.small_write().await?;
        end(&mut tx, lease).await?;
        tx.commit().await
    }

    /// Puts a failed job back with a growing pause, or gives it up; then its case abstains for `reason`.
    pub async fn fail(
        &self,
        lease: &Lease,
        error: &str,
        reason: Reason,
    ) -> Result<Failed, StoreError> {
        let mut tx = self.write().await?;
        let Some(job) = row!(
            tx,
            "select id, kind, case_id, attempts from job where id = $1 and leased_by = $2 and state = 'leased'",
            lease.job.clone(),
            lease.worker.clone()
        )?
        else {
            return Ok(Failed::NotOurs);
        };
        let attempts = sql::int(&job, "attempts")?;
        let most = match sql::code(&job, "kind", JobKind::parse)? {
            JobKind::Deliver | JobKind::Mail => PATIENT_ATTEMPTS,
            JobKind::Retrieve | JobKind::Draft | JobKind::Index | JobKind::Watch => MAX_ATTEMPTS,
        };
        if attempts >= most {
            bury(&mut tx, &job, error, reason).await?;
            tx.commit().await?;
            return Ok(Failed::Dead);
        }
        let at_ms = now_ms() + back_off_ms(attempts);
        execute!(
            tx,
            "update job set state = 'queued', run_after_ms = $1, last_error = $2, leased_by = null,
                 lease_until_ms = null where id = $3",
            at_ms,
            error,
            lease.job.clone()
        )?;
        tx.commit().await?;
        Ok(Failed::Again { at_ms })
    }

    /// Queues a job that belongs to no case; one with the same key that still waits is this one.
    pub async fn queue_job(
        &self,
        kind: JobKind,
        payload: Value,
        dedupe_key: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.small_write().await?;
        execute!(
            tx,
            "delete from job where dedupe_key = $1 and state in ('done', 'dead')",
            dedupe_key
        )?;
        queue(
            &mut tx,
            NewJob {
                kind,
                case: None,
                payload,
                run_after_ms: now_ms(),
                dedupe_key: dedupe_key.to_owned(),
            },
        )
        .await?;
        tx.commit().await
    }

    /// Returns how many jobs stand where.
    pub async fn job_counts(&self) -> Result<JobCounts, StoreError> {
        let mut conn = self.reader().await?;
        let now = now_ms();
        let mut counts = JobCounts::default();
        for row in rows!(
            conn,
            "select state, count(*) as n, min(run_after_ms) as oldest from job group by state"
        )? {
            let n = sql::int(&row, "n")?;
            match sql::text(&row, "state")?.as_str() {
                "queued" => {
                    counts.queued = n;
                    counts.oldest_waiting_ms = (now - sql::int(&row, "oldest")?).max(0);
                }
                "leased" => counts.leased = n,
                "done" => counts.done = n,
                _ => counts.dead = n,
            }
        }
        Ok(counts)
    }

    /// Ends every lease: for a process that is alone with its database, so that whoever held one is dead.
    ///
    /// The tries stay counted, so that a job which kills its process is given up in the end.
    pub(super) async fn end_leases(&self) -> Result<(), StoreError> {
        let mut tx = self.small_write().await?;
        execute!(
            tx,
            "update job set lease_until_ms = 0 where state = 'leased'"
        )?;
        tx.commit().await
    }

    /// Gives up jobs whose worker died in each of their tries.
    async fn bury_stuck(&self) -> Result<(), StoreError> {
        const STUCK: &str = "select id, kind, case_id, attempts from job
             where state = 'leased' and lease_until_ms < $1
               and (attempts >= $2 and kind not in ('deliver', 'mail') or attempts >= $3) limit 20";
        let mut conn = self.reader().await?;
        if rows!(conn, STUCK, now_ms(), MAX_ATTEMPTS, PATIENT_ATTEMPTS)?.is_empty() {
            return Ok(());
        }
        drop(conn);
        let mut tx = self.write().await?;
        for job in rows!(tx, STUCK, now_ms(), MAX_ATTEMPTS, PATIENT_ATTEMPTS)? {
            bury(&mut tx, &job, "the worker died", Reason::ModelFailed).await?;
        }
        tx.commit().await
    }
}

/// Marks a job dead, and sends its case to a lawyer where it waited for a draft.
async fn bury(
    conn: &mut AnyConnection,
    job: &AnyRow,
    error: &str,
    reason: Reason,
) -> Result<(), StoreError> {
    execute!(
        conn,
        "update job set state = 'dead', last_error = $1, leased_by = null, lease_until_ms = null where id = $2",
        error,
        sql::text(job, "id")?
    )?;
    let kind = sql::code(job, "kind", JobKind::parse)?;
    let Some(case) = sql::text_or_none(job, "case_id")? else {
        return Ok(());
    };
    if !matches!(kind, JobKind::Retrieve | JobKind::Draft) {
        return Ok(());
    }
    let case = CaseId(case);
    let waits_in = if kind == JobKind::Retrieve {
        Status::Received
    } else {
        Status::Retrieved
    };
    if case_steps::state(conn, &case).await?.status == waits_in {
        case_steps::advance(
            conn,
            Move {
                case: &case,
                step: Step::Abstain,
                reason: Some(reason),
                actor: super::SYSTEM,
            },
        )
        .await?;
    }
    Ok(())
}

/// 2, 4, 8, 16 … seconds, five minutes at most.
fn back_off_ms(attempts: i64) -> i64 {
    1000 * (1 << attempts.clamp(1, 9)).min(300)
}

fn read_leased(row: &AnyRow, worker: &str, until_ms: i64) -> Result<LeasedJob, StoreError> {
    Ok(LeasedJob {
        lease: Lease {
            job: sql::text(row, "id")?,
            worker: worker.to_owned(),
            until_ms,
        },
        kind: sql::code(row, "kind", JobKind::parse)?,
        case: sql::text_or_none(row, "case_id")?.map(CaseId),
        payload: sql::json(row, "payload_json")?,
        attempt: sql::int(row, "attempts")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_at_five_minutes() {
        assert_eq!(back_off_ms(1), 2_000);
        assert_eq!(back_off_ms(4), 16_000);
        assert_eq!(back_off_ms(60), 300_000);
    }
}
