//! The index of many machines: a Qdrant server or cluster.

mod points;
mod server;
mod setup;
mod terms;

use super::types::{Counts, Entry, Filter, Health, IndexSpec, Scored, days_of, query_stems, wrong};
use super::{IndexError, VectorIndex, blocking};
use crate::config;
use points::{DENSE, FROM, HAS_DENSE, ID, LEXICAL, UNTIL};
use qdrant_client::qdrant::{
    Condition, CountPointsBuilder, DeletePointsBuilder, Filter as Conditions, GetPointsBuilder,
    PayloadIncludeSelector, PointId, PointsIdsList, Query, QueryPointsBuilder, ScrollPointsBuilder,
    SearchParamsBuilder, UpsertPointsBuilder, VectorInput, VectorsSelector,
};
use server::Server;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Points in one request: 256 of 768 numbers are about 1 MB.
const BATCH: usize = 256;
const PAGE: usize = 2000;
/// How widely the server's graph is searched; below some thousand points it scans anyway.
const GRAPH_WIDTH: u64 = 256;

/// The live alias on a server, or one collection that is built beside it.
pub struct QdrantIndex {
    spec: IndexSpec,
    server: Arc<Server>,
    collection: String,
    state: Mutex<State>,
    building: Arc<AtomicBool>,
    /// This one is a build and ends the mark in `building` when dropped.
    is_build: bool,
}

/// What is known of the collection.
enum State {
    /// Not looked at since the start, or since it was found missing.
    Unknown,
    Ready,
    Rebuild {
        reason: String,
    },
}

impl QdrantIndex {
    /// Looks at the server, and makes do without when it is away. Fails on settings that can't be.
    pub fn open(settings: &config::Index, spec: IndexSpec) -> Result<Self, IndexError> {
        let index = Self {
            spec,
            server: Arc::new(Server::new(settings)?),
            collection: setup::ALIAS.to_owned(),
            state: Mutex::new(State::Unknown),
            building: Arc::new(AtomicBool::new(false)),
            is_build: false,
        };
        match blocking::wait(index.ensure()) {
            Ok(()) | Err(IndexError::Unavailable { .. }) => Ok(index),
            Err(error) => Err(error),
        }
    }

    fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    async fn ensure(&self) -> Result<(), IndexError> {
        let known = {
            let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            !matches!(*state, State::Unknown)
        };
        if !known {
            self.set(match setup::ensure(&self.server, &self.spec).await? {
                Some(reason) => State::Rebuild { reason },
                None => State::Ready,
            });
        }
        Ok(())
    }

    /// Runs `work` on a collection that is there; when it is gone after all, the next call makes a new one.
    fn run<T: Send>(
        &self,
        work: impl Future<Output = Result<T, IndexError>> + Send,
    ) -> Result<T, IndexError> {
        let result = blocking::wait(async {
            self.ensure().await?;
            work.await
        });
        if let (Err(IndexError::Damaged { .. }), false) = (&result, self.is_build) {
            self.set(State::Unknown);
        }
        result
    }

    async fn count(&self, filter: Option<Conditions>) -> Result<usize, IndexError> {
        let mut count = CountPointsBuilder::new(&self.collection).exact(true);
        if let Some(filter) = filter {
            count = count.filter(filter);
        }
        let counted = self.server.call(self.server.client.count(count)).await?;
        Ok(counted.result.map_or(0, |result| result.count as usize))
    }

    /// Returns our ids of the points that the filter lets through, `limit` at most.
    async fn scroll(
        &self,
        filter: Option<Conditions>,
        limit: usize,
    ) -> Result<Vec<String>, IndexError> {
        let mut ids = Vec::new();
        let mut next: Option<PointId> = None;
        while ids.len() < limit {
            let mut page = ScrollPointsBuilder::new(&self.collection)
                .limit(PAGE.min(limit - ids.len()) as u32)
                .with_payload(only_id());
            if let Some(filter) = &filter {
                page = page.filter(filter.clone());
            }
            if let Some(next) = next {
                page = page.offset(next);
            }
            let page = self.server.call(self.server.client.scroll(page)).await?;
            let found = page.result.iter();
            ids.extend(found.filter_map(|point| points::text(&point.payload, ID)));
            next = page.next_page_offset;
            if next.is_none() {
                break;
            }
        }
        Ok(ids)
    }

    fn query(
        &self,
        vector: VectorInput,
        using: &str,
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Scored>, IndexError> {
        let query = QueryPointsBuilder::new(&self.collection)
            .query(Query::new_nearest(vector))
            .using(using)
            .filter(points::conditions(filter))
            .limit(limit as u64)
            .params(SearchParamsBuilder::default().hnsw_ef(GRAPH_WIDTH))
            .with_payload(true);
        let answer = self.run(self.server.call(self.server.client.query(query)))?;
        Ok(points::found(answer.result))
    }

    async fn switch_to(&self, name: &str) -> Result<(), IndexError> {
        let before = setup::live(&self.server).await?;
        setup::point_alias(&self.server, name).await?;
        match before.filter(|before| before != name && setup::belongs(before, &self.spec)) {
            Some(before) => {
                let delete = self.server.client.delete_collection(before);
                self.server.call(delete).await.map(|_| ())
            }
            None => Ok(()),
        }
    }
}

fn only_id() -> PayloadIncludeSelector {
    fields(&[ID])
}

fn fields(names: &[&str]) -> PayloadIncludeSelector {
    let names = names.iter().map(|name| (*name).to_owned());
    PayloadIncludeSelector::from(names.collect::<Vec<_>>())
}

fn point_ids(ids: &[String]) -> Vec<PointId> {
    ids.iter().map(|id| points::point_id(id)).collect()
}

impl VectorIndex for QdrantIndex {
    fn spec(&self) -> &IndexSpec {
        &self.spec
    }

    fn health(&self) -> Health {
        match self.run(self.count(None)) {
            Ok(_) => {}
            Err(IndexError::Damaged { reason, .. }) => return Health::Rebuild { reason },
            Err(error) => {
                let reason = error.to_string();
                return Health::Unavailable { reason };
            }
        }
        match &*self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Rebuild { reason } => Health::Rebuild {
                reason: reason.clone(),
            },
            _ => Health::Ready,
        }
    }

    fn counts(&self) -> Result<Counts, IndexError> {
        self.run(async {
            let with_vector = Conditions::must([Condition::matches(HAS_DENSE, true)]);
            Ok(Counts {
                entries: self.count(None).await?,
                with_vector: self.count(Some(with_vector)).await?,
            })
        })
    }

    fn upsert(&self, entries: &[Entry]) -> Result<(), IndexError> {
        for batch in self.spec.admit(entries)?.chunks(BATCH) {
            let points: Vec<_> = batch.iter().map(|entry| points::point(entry)).collect();
            let upsert = UpsertPointsBuilder::new(&self.collection, points).wait(true);
            self.run(self.server.call(self.server.client.upsert_points(upsert)))?;
        }
        Ok(())
    }

    fn remove(&self, ids: &[String]) -> Result<(), IndexError> {
        for batch in ids.chunks(PAGE) {
            let list = PointsIdsList {
                ids: point_ids(batch),
            };
            let delete = DeletePointsBuilder::new(&self.collection)
                .points(list)
                .wait(true);
            self.run(self.server.call(self.server.client.delete_points(delete)))?;
        }
        Ok(())
    }

    fn missing_vectors(&self, limit: usize) -> Result<Vec<String>, IndexError> {
        let without = Conditions::must([Condition::matches(HAS_DENSE, false)]);
        self.run(self.scroll(Some(without), limit))
    }

    fn known(&self, ids: &[String]) -> Result<HashSet<String>, IndexError> {
        let mut known = HashSet::new();
        for batch in ids.chunks(PAGE) {
            let get =
                GetPointsBuilder::new(&self.collection, point_ids(batch)).with_payload(only_id());
            let answer = self.run(self.server.call(self.server.client.get_points(get)))?;
            let found = answer.result.iter();
            known.extend(found.filter_map(|point| points::text(&point.payload, ID)));
        }
        Ok(known)
    }

    fn vectors(&self, ids: &[String]) -> Result<HashMap<String, Vec<f32>>, IndexError> {
        let mut found = HashMap::new();
        for batch in ids.chunks(BATCH) {
            let get = GetPointsBuilder::new(&self.collection, point_ids(batch))
                .with_payload(fields(&[ID]))
                .with_vectors(VectorsSelector {
                    names: vec![DENSE.to_owned()],
                });
            let answer = self.run(self.server.call(self.server.client.get_points(get)))?;
            found.extend(answer.result.iter().filter_map(points::vector));
        }
        Ok(found)
    }

    fn outdated(&self, entries: &[Entry]) -> Result<Vec<String>, IndexError> {
        let mut found = Vec::new();
        for batch in entries.chunks(PAGE) {
            let wanted: HashMap<&str, (i64, i64)> = batch
                .iter()
                .map(|entry| (entry.id.as_str(), days_of(entry)))
                .collect();
            let list = batch.iter().map(|entry| points::point_id(&entry.id));
            let get = GetPointsBuilder::new(&self.collection, list.collect::<Vec<_>>())
                .with_payload(fields(&[ID, FROM, UNTIL]));
            let answer = self.run(self.server.call(self.server.client.get_points(get)))?;
            let held = answer.result.iter();
            let held = held.filter_map(|point| points::days(&point.payload));
            found.extend(
                held.filter(|(id, days)| wanted.get(id.as_str()).is_some_and(|one| one != days))
                    .map(|(id, _)| id),
            );
        }
        Ok(found)
    }

    fn ids(&self) -> Result<HashSet<String>, IndexError> {
        let ids = self.run(self.scroll(None, usize::MAX))?;
        Ok(ids.into_iter().collect())
    }

    fn dense(
        &self,
        query: &[f32],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Scored>, IndexError> {
        self.spec.check_vector(query, "запроса")?;
        if limit == 0 {
            return Ok(Vec::new());
        }
        self.query(VectorInput::new_dense(query), DENSE, filter, limit)
    }

    fn lexical(
        &self,
        stems: &[String],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Scored>, IndexError> {
        let stems = query_stems(stems);
        if stems.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let (numbers, weights) = terms::of_query(&stems);
        self.query(
            VectorInput::new_sparse(numbers, weights),
            LEXICAL,
            filter,
            limit,
        )
    }

    fn rebuilt(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Rebuild { .. }) {
            *state = State::Ready;
        }
    }

    fn build_beside(&self) -> Result<Box<dyn VectorIndex>, IndexError> {
        if self.building.swap(true, Ordering::SeqCst) {
            return Err(IndexError::Busy {
                place: self.place(),
                reason: "индекс уже перестраивается".to_owned(),
            });
        }
        // From here on dropping it takes the mark back.
        let build = Self {
            spec: self.spec.clone(),
            server: Arc::clone(&self.server),
            collection: setup::timed_name(&self.spec),
            state: Mutex::new(State::Ready),
            building: Arc::clone(&self.building),
            is_build: true,
        };
        self.run(async {
            setup::delete_leftovers(&self.server, &self.spec).await?;
            setup::create(&self.server, &build.collection, &self.spec).await
        })?;
        Ok(Box::new(build))
    }

    fn switch(&self, beside: Box<dyn VectorIndex>) -> Result<(), IndexError> {
        let place = beside.place();
        let name = place.rsplit('/').next().unwrap_or_default();
        if self.is_build || name == self.collection || !setup::belongs(name, &self.spec) {
            return Err(wrong(format!("{place} построен не рядом с этим")));
        }
        self.run(self.switch_to(name))?;
        self.set(State::Ready);
        Ok(())
    }

    fn place(&self) -> String {
        format!(
            "{}/{}",
            self.server.url.trim_end_matches('/'),
            self.collection
        )
    }
}

impl Drop for QdrantIndex {
    fn drop(&mut self) {
        if self.is_build {
            self.building.store(false, Ordering::SeqCst);
        }
    }
}
