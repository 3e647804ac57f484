//! Wires rooms and steps: one `App` is the whole desk in one process.

pub mod alignments;
mod amendments;
pub mod check;
pub mod dates;
mod desk;
pub mod editions;
mod fill;
mod kept;
mod practice;
pub mod rates;

pub use fill::EncodingTime;
pub use kept::kept_draft;
pub use practice::PracticeFound;

use crate::case::Reason;
use crate::config::Config;
use crate::draft::{Calibrations, Draft, Drafter, Effort, Task};
use crate::index::{self, IndexError, IndexSpec, VectorIndex};
use crate::ingest::{self, IngestError};
use crate::law::calendar::Calendar;
use crate::law::dating::TermChanges;
use crate::law::deadline;
use crate::model::prompts::Prompts;
use crate::model::registry::Registry;
use crate::model::worker::{EmbedderHandle, GeneratorHandle, Health};
use crate::model::{ModelError, open_embedder, open_generator};
use crate::notify::Notifier;
use crate::retrieve::{Catalog, Retrieval, RetrieveError, Scope, Searcher, Weights};
use crate::store::{LeasedJob, NewRetrieval, Store, StoreError};
use jiff::civil::Date;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// How many hits a search shows unless said otherwise.
pub const HITS: usize = 10;
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Retrieve(#[from] RetrieveError),
    #[error(transparent)]
    Ingest(#[from] IngestError),
    #[error("{0}")]
    Setup(String),
}

impl AppError {
    /// A machine code without anybody's text.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Index(error) => error.code(),
            Self::Model(error) => error.code(),
            Self::Retrieve(_) => "retrieve",
            Self::Ingest(_) => "ingest",
            Self::Setup(_) => "setup",
        }
    }
}

/// The desk: settings, truth, models, index, and the steps over them.
pub struct App {
    pub config: Config,
    pub store: Store,
    /// `None` where the settings switch it off.
    pub embedder: Option<EmbedderHandle>,
    pub generator: Option<GeneratorHandle>,
    pub index: Arc<dyn VectorIndex>,
    pub notifier: Notifier,
    prompts: Arc<Prompts>,
    calibrations: Arc<Calibrations>,
    rules: Arc<Vec<deadline::DeadlineRule>>,
    calendar: Arc<Calendar>,
    /// Known days of laws, from the knowledge base.
    term_changes: TermChanges,
    catalog: RwLock<Arc<Catalog>>,
    /// Whether the index lacks what the catalog holds, because its server was away.
    behind: AtomicBool,
    /// One fills the index at a time, and the catalog stays meanwhile.
    filling: tokio::sync::Mutex<()>,
    /// What the pages of the law keep in memory.
    shelf: desk::Shelf,
}

impl App {
    /// Opens the desk of `config`: database, index, knowledge; models load in the background.
    ///
    /// Fails when the data folder is in use or damaged. A model that is missing or broken is no
    /// failure: it shows in its handle's health.
    pub async fn open(config: Config) -> Result<Self, AppError> {
        let setup = |error: &dyn std::fmt::Display| AppError::Setup(error.to_string());
        std::fs::create_dir_all(&config.data_dir).map_err(|e| {
            AppError::Setup(format!(
                "Не удалось создать папку данных {}: {e}. Проверьте путь и права.",
                config.data_dir.display()
            ))
        })?;
        let store = Store::open(&config.database(), &config.data_dir).await?;
        let (embedder, generator) = open_models(&config).await?;
        let spec = IndexSpec {
            model_sha256: embedder
                .as_ref()
                .map(|embedder| embedder.identity().sha256.clone())
                .filter(|sha256| !sha256.is_empty())
                .unwrap_or_else(|| WORDS_ONLY.to_owned()),
            dimension: embedder
                .as_ref()
                .map_or(1, |embedder| embedder.identity().dimension.max(1)),
            splitter: crate::knowledge::SPLITTER_VERSION.to_string(),
        };
        let index_config = config.clone();
        let index = tokio::task::spawn_blocking(move || index::open(&index_config, spec))
            .await
            .map_err(|e| setup(&e))??;
        let folder = Some(config.prompts_dir.as_str()).filter(|path| !path.is_empty());
        let app = Self {
            prompts: Arc::new(
                Prompts::load(folder.map(std::path::Path::new)).map_err(|e| setup(&e))?,
            ),
            calibrations: Arc::new(Calibrations::shipped().map_err(|e| setup(&e))?),
            rules: Arc::new(deadline::embedded_rules().map_err(|e| setup(&e))?),
            calendar: Arc::new(Calendar::embedded().map_err(|e| setup(&e))?),
            term_changes: ingest::term_changes(&config)?,
            notifier: Notifier::from_settings(&config.deliver).map_err(|e| setup(&e))?,
            catalog: RwLock::new(Arc::new(Catalog::new(
                Vec::new(),
                Vec::new(),
                Vec::new(),
                HashSet::new(),
            ))),
            behind: AtomicBool::new(false),
            filling: tokio::sync::Mutex::new(()),
            shelf: desk::Shelf::default(),
            embedder,
            generator,
            index,
            store,
            config,
        };
        app.reload_knowledge().await?;
        Ok(app)
    }

    /// The health of encoder and generator once both have ended loading.
    pub async fn models_loaded(&self) -> (Health, Health) {
        let embedder = match &self.embedder {
            Some(embedder) => embedder.loaded().await,
            None => Health::Off,
        };
        let generator = match &self.generator {
            Some(generator) => generator.loaded().await,
            None => Health::Off,
        };
        (embedder, generator)
    }

    /// Reads acts and digest anew and brings the index's words up to date; vectors follow by
    /// [`App::embed_missing`].
    ///
    /// An index whose server is away is filled later, by [`App::catch_up`]: it costs search, not cases.
    pub async fn reload_knowledge(&self) -> Result<(), AppError> {
        let catalog = Arc::new(ingest::catalog(&self.store, &self.config).await?);
        {
            let _turn = self.filling.lock().await;
            *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = catalog;
            self.behind.store(true, Ordering::SeqCst);
        }
        self.shelf.renew();
        match self.catch_up().await {
            Err(AppError::Index(error @ IndexError::Unavailable { .. })) => {
                tracing::warn!(code = error.code(), "index waits for its server");
                Ok(())
            }
            done => done,
        }
    }

    pub fn catalog(&self) -> Arc<Catalog> {
        Arc::clone(&self.catalog.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn searcher(&self) -> Searcher {
        Searcher {
            catalog: self.catalog(),
            index: Arc::clone(&self.index),
            embedder: self.embedder.clone(),
            weights: Weights::default(),
            without: Vec::new(),
        }
    }

    pub fn drafter(&self) -> Drafter {
        Drafter {
            catalog: self.catalog(),
            generator: self.generator.clone(),
            prompts: Arc::clone(&self.prompts),
            calibrations: Arc::clone(&self.calibrations),
            rules: Arc::clone(&self.rules),
            calendar: Arc::clone(&self.calendar),
            deadline: Duration::from_secs(self.config.model.draft_deadline_s),
            seed: self.config.model.seed,
            effort: Effort::Whole,
        }
    }

    /// The norms and statements that bear on a question on a day.
    ///
    /// Fails where the index is away or still empty: nothing found there would not mean that there is no law.
    pub async fn search(&self, question: &str, scope: &Scope) -> Result<Retrieval, RetrieveError> {
        self.ready_to_search().await?;
        let mut found = self.searcher().retrieve(question, scope).await?;
        let coming = self.coming_of(question, &found, scope.on).await;
        found.coming = coming.map_err(|error| RetrieveError::Stopped(error.to_string()))?;
        Ok(found)
    }

    /// Fills the index with what it lacks; fails where it is away.
    pub(crate) async fn ready_to_search(&self) -> Result<(), RetrieveError> {
        if self.behind.load(Ordering::SeqCst) && self.filling.try_lock().is_err() {
            // Readers don't queue behind a server that may never answer.
            return Err(RetrieveError::Index(IndexError::Unavailable {
                place: self.index.place(),
                reason: "индекс наполняется".into(),
            }));
        }
        if let Err(AppError::Index(error)) = self.catch_up().await {
            return Err(error.into());
        }
        Ok(())
    }

    /// A draft for a question outside any case: what `ask` prints.
    pub async fn ask(&self, question: &str, on: Date) -> Result<(Retrieval, Draft), RetrieveError> {
        self.ask_as(question, on, None).await
    }

    /// The same for somebody at the node with this path, whose local acts stand beside the law.
    pub async fn ask_as(
        &self,
        question: &str,
        on: Date,
        organisation_path: Option<String>,
    ) -> Result<(Retrieval, Draft), RetrieveError> {
        let scope = Scope {
            on,
            organisation_path,
            limit: HITS,
        };
        let retrieval = self.search(question, &scope).await?;
        let draft = self.draft(question, on, &retrieval).await;
        Ok((retrieval, draft))
    }

    /// A draft from what a search found.
    pub async fn draft(&self, question: &str, on: Date, retrieval: &Retrieval) -> Draft {
        let mut draft = Self::draft_by(self.drafter(), question, on, retrieval).await;
        if let Err(error) = self.add_days(&mut draft, on).await {
            tracing::warn!(code = error.code(), "days of the norms are missing");
        }
        self.warn_in(&mut draft, on).await;
        draft
    }

    /// A draft by a drafter that the caller set up in its own way: an evaluation does.
    pub async fn draft_by(
        drafter: Drafter,
        question: &str,
        on: Date,
        retrieval: &Retrieval,
    ) -> Draft {
        let catalog = Arc::clone(&drafter.catalog);
        let usable = move |id: &str, sha256: &str| catalog.may_speak(id, sha256);
        drafter
            .draft(&Task {
                question,
                on,
                today: today(),
                retrieval,
                usable: &usable,
            })
            .await
    }

    /// received → retrieved.
    pub(crate) async fn retrieve_case(&self, job: &LeasedJob) -> Result<(), AppError> {
        let Some(case) = &job.case else {
            return Ok(self.store.finish(&job.lease).await?);
        };
        let view = self.store.case_for(case).await?;
        let question = question_of(&view.messages);
        let on = view.case.event_date.unwrap_or_else(today);
        let scope = Scope {
            on,
            organisation_path: Some(view.case.organisation_path.clone()),
            limit: HITS,
        };
        let found = match self.search(&question, &scope).await {
            Ok(found) => found,
            Err(RetrieveError::Index(error)) => return Err(error.into()),
            Err(_) => {
                self.store
                    .abstain(case, Reason::LawDoesNotAnswer, Some(&job.lease))
                    .await?;
                return Ok(());
            }
        };
        let new = NewRetrieval {
            on_date: on,
            timing: serde_json::json!({"retrieve_ms": found.took_ms}),
            searched: json(&found.searched),
            hits: json(&found),
        };
        self.store
            .store_retrieval(case, &new, Some(&job.lease))
            .await?;
        Ok(())
    }

    /// retrieved → drafted or abstained.
    pub(crate) async fn draft_case(&self, job: &LeasedJob) -> Result<(), AppError> {
        let Some(case) = &job.case else {
            return Ok(self.store.finish(&job.lease).await?);
        };
        let view = self.store.case_for(case).await?;
        let question = question_of(&view.messages);
        let Some(kept) = view.retrieval else {
            self.store
                .abstain(case, Reason::NoIndex, Some(&job.lease))
                .await?;
            return Ok(());
        };
        let retrieval: Retrieval = serde_json::from_value(kept.hits)
            .map_err(|e| AppError::Setup(format!("kept retrieval: {e}")))?;
        if let Some(reason) = self.no_model().await {
            // The sources are there; a draft that no model judged is not laid before a lawyer as one.
            self.store.abstain(case, reason, Some(&job.lease)).await?;
            return Ok(());
        }
        let draft = self.draft(&question, kept.on_date, &retrieval).await;
        let new = kept::new_draft(&draft, kept.on_date);
        self.store.store_draft(case, &new, Some(&job.lease)).await?;
        Ok(())
    }

    /// Why no model can judge now, once it had the time to load.
    async fn no_model(&self) -> Option<Reason> {
        match self.generator.as_ref()?.loaded().await {
            Health::Ready | Health::Loading => None,
            Health::Missing { .. } | Health::Off => Some(Reason::NoModel),
            Health::Damaged { .. } => Some(Reason::ModelFailed),
        }
    }
}

/// Stands for the model's checksum in the name of an index that holds no vectors.
const WORDS_ONLY: &str = "0000000000000000000000000000000000000000000000000000000000000000";

async fn open_models(
    config: &Config,
) -> Result<(Option<EmbedderHandle>, Option<GeneratorHandle>), AppError> {
    let config = config.clone();
    tokio::task::spawn_blocking(move || -> Result<_, ModelError> {
        let registry = Registry::open(&config)?;
        Ok((
            open_embedder(&config, &registry)?,
            open_generator(&config, &registry)?,
        ))
    })
    .await
    .map_err(|e| AppError::Setup(e.to_string()))?
    .map_err(AppError::from)
}

/// The day in this machine's time zone.
pub fn today() -> Date {
    jiff::ZonedDateTime::now().date()
}

fn json(value: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or(serde_json::Value::Null)
}

/// What the member said so far: the question and what followed, oldest first.
fn question_of(messages: &[crate::store::MessageRow]) -> String {
    use crate::case::MessageKind;
    messages
        .iter()
        .filter(|message| message.kind != MessageKind::Clarification)
        .map(|message| message.text.as_str())
        .collect::<Vec<_>>()
        .join("\n\n")
}
