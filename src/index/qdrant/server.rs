//! Calls to a Qdrant server: a time limit for each, and its errors in our words.

use super::super::IndexError;
use super::super::types::wrong;
use crate::config;
use qdrant_client::config::QdrantConfig;
use qdrant_client::{Qdrant, QdrantError};
use std::future::Future;
use std::time::Duration;

/// One server or cluster.
pub struct Server {
    pub client: Qdrant,
    pub url: String,
    timeout: Duration,
}

impl Server {
    /// Takes the settings; asks nothing of the server yet. Fails on an address that is none.
    pub fn new(settings: &config::Index) -> Result<Self, IndexError> {
        let timeout = Duration::from_secs(settings.timeout_s.max(1));
        let mut client = QdrantConfig::from_url(&settings.qdrant_url)
            .timeout(timeout)
            .connect_timeout(timeout)
            .skip_compatibility_check();
        client.api_key = std::env::var(&settings.qdrant_key_env)
            .ok()
            .filter(|key| !key.is_empty());
        let client = client.build().map_err(|error| {
            wrong(format!(
                "настройка index.qdrant_url = «{}»: {error}",
                settings.qdrant_url
            ))
        })?;
        Ok(Self {
            client,
            url: settings.qdrant_url.clone(),
            timeout,
        })
    }

    /// Waits for one call, no longer than the set time.
    pub async fn call<T>(
        &self,
        call: impl Future<Output = Result<T, QdrantError>>,
    ) -> Result<T, IndexError> {
        match tokio::time::timeout(self.timeout, call).await {
            Ok(answer) => answer.map_err(|error| self.failure(&error)),
            Err(_) => Err(IndexError::Unavailable {
                place: self.url.clone(),
                reason: format!("нет ответа за {} с", self.timeout.as_secs()),
            }),
        }
    }

    fn failure(&self, error: &QdrantError) -> IndexError {
        let place = self.url.clone();
        let QdrantError::ResponseError { status } = error else {
            return match error {
                QdrantError::ConversionError(reason) => wrong(reason.clone()),
                other => IndexError::Unavailable {
                    place,
                    reason: other.to_string(),
                },
            };
        };
        let reason = status.message().to_owned();
        // The numbers of gRPC's status codes: the type itself belongs to a crate that we don't name.
        match status.code() as i32 {
            // NOT_FOUND, DATA_LOSS.
            5 | 15 => IndexError::Damaged { place, reason },
            // INVALID_ARGUMENT, ALREADY_EXISTS, FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED.
            3 | 6 | 9 | 11 | 12 => wrong(reason),
            // INTERNAL: the client says a failed connection with it, the server a failed storage.
            13 if reason.contains("No space left") => IndexError::Storage { place, reason },
            13 if reason.starts_with("Service internal error") => {
                IndexError::Damaged { place, reason }
            }
            _ => IndexError::Unavailable { place, reason },
        }
    }
}
