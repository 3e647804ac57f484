//! The official sources as the desk asks them: which acts, how patiently, with what effect.

use super::IngestError;
use crate::config::Config;
use crate::knowledge::KnowledgeError;
use crate::knowledge::portal::{self, Pace, Portal, PortalConfig, Source};
use crate::knowledge::publication::{Publication, PublicationConfig};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long to try a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// One quick try, for the demo.
    Short,
    Normal,
}

/// Whether what a source says is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Take,
    /// Look only: nothing is changed, here or on disk.
    DryRun,
}

/// What to do with a text that has fewer articles than the one that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fewer {
    Refuse,
    /// A person looked at it and says that it is whole.
    Accept,
}

/// The sources with their clients: one request at a time to each, with the pause between.
#[derive(Clone)]
pub struct Sources {
    acts: Arc<Vec<Source>>,
    portal: Arc<Mutex<Portal>>,
    publication: Arc<Mutex<Publication>>,
    pub(super) mode: Mode,
}

impl Sources {
    /// The sources that the binary carries, or those of `sources.toml` in the configured folder.
    ///
    /// Asks nothing yet. Fails on a file that is not of the strict form.
    pub fn open(config: &Config, patience: Patience, mode: Mode) -> Result<Self, IngestError> {
        let mut pace = Pace {
            pause: Duration::from_millis(config.law.portal_pause_ms),
            ..Pace::default()
        };
        if patience == Patience::Short {
            pace.attempts = 1;
            pace.timeout = Duration::from_secs(20);
        }
        let portal = PortalConfig {
            base_url: config.law.portal_url.clone(),
            pace: pace.clone(),
            pages: (mode == Mode::Take).then(|| config.data_dir.join("pull")),
        };
        let publication = PublicationConfig {
            base_url: config.law.publication_url.clone(),
            pace,
        };
        Ok(Self {
            acts: Arc::new(listed(config)?),
            portal: Arc::new(Mutex::new(Portal::new(portal))),
            publication: Arc::new(Mutex::new(Publication::new(publication))),
            mode,
        })
    }

    /// Every act with a known source.
    pub fn acts(&self) -> &[Source] {
        &self.acts
    }

    /// The source of an act; fails where none is known.
    pub(super) fn of(&self, act: &str) -> Result<Source, IngestError> {
        let found = self.acts.iter().find(|one| one.act.as_str() == act);
        found.cloned().ok_or_else(|| IngestError::UnknownSource {
            act: act.to_owned(),
        })
    }

    /// Asks the portal beside the runtime; one caller at a time.
    pub(super) async fn ask_portal<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Portal) -> Result<T, KnowledgeError> + Send + 'static,
    ) -> Result<T, IngestError> {
        let portal = Arc::clone(&self.portal);
        blocking(move || ask(&mut portal.lock().unwrap_or_else(PoisonError::into_inner))).await
    }

    /// Asks the publication service beside the runtime; one caller at a time.
    pub(super) async fn ask_publication<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Publication) -> Result<T, KnowledgeError> + Send + 'static,
    ) -> Result<T, IngestError> {
        let publication = Arc::clone(&self.publication);
        blocking(move || ask(&mut publication.lock().unwrap_or_else(PoisonError::into_inner))).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KnowledgeError> + Send + 'static,
) -> Result<T, IngestError> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|e| IngestError::Stopped(e.to_string()))??)
}

fn listed(config: &Config) -> Result<Vec<Source>, IngestError> {
    let own = Path::new(&config.knowledge_dir).join("sources.toml");
    if config.knowledge_dir.is_empty() || !own.exists() {
        return Ok(portal::embedded_sources()?);
    }
    let place = own.display().to_string();
    let text = std::fs::read_to_string(&own).map_err(|e| IngestError::File {
        path: place.clone(),
        reason: e.to_string(),
    })?;
    Ok(portal::parse_sources(&place, &text)?)
}
