use crate::model::{Cancel, ModelError};
use serde_json::Value;
use std::time::Duration;
use ureq::Agent;

/// The most bytes of an answer: vectors of a whole batch stay below.
const MOST_BYTES: u64 = 32 * 1024 * 1024;
const CONNECT: Duration = Duration::from_secs(5);
/// A call without a deadline of its own ends after this.
const WITHIN: Duration = Duration::from_secs(300);

/// An OpenAI-compatible server. Never shows its key.
#[derive(Clone)]
pub struct RemoteServer {
    agent: Agent,
    base: String,
    key: Option<String>,
}

impl RemoteServer {
    /// A server whose addresses begin with `url` (before `/v1`); an empty `key` sends none.
    pub fn new(url: &str, key: &str) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .build()
            .into();
        Self {
            agent,
            base: url.trim_end_matches('/').to_owned(),
            key: Some(key.to_owned()).filter(|key| !key.is_empty()),
        }
    }

    pub fn url(&self) -> &str {
        &self.base
    }

    /// The JSON that the server answers to `body`, within the time that `cancel` leaves.
    ///
    /// Fails with `Network` when it can't be reached, `Busy` when it says so, `Remote` with its
    /// status otherwise. Its words are not repeated: they may hold a piece of the question.
    pub fn post(&self, path: &str, body: &Value, cancel: &Cancel) -> Result<Value, ModelError> {
        cancel.check()?;
        let within = cancel.left().unwrap_or(WITHIN).min(WITHIN);
        let mut request = self
            .agent
            .post(format!("{}{path}", self.base))
            .config()
            .timeout_global(Some(within))
            .build();
        if let Some(key) = &self.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let mut response = request.send_json(body).map_err(|e| self.error(&e))?;
        let status = response.status().as_u16();
        if status != 200 {
            let wait = response.headers().get("retry-after");
            let wait = wait.and_then(|value| value.to_str().ok()?.parse().ok());
            return Err(self.refused(status, wait));
        }
        response
            .body_mut()
            .with_config()
            .limit(MOST_BYTES)
            .read_json()
            .map_err(|e| self.error(&e))
    }

    fn refused(&self, status: u16, retry_after_s: Option<u64>) -> ModelError {
        let reason = match status {
            429 | 503 => {
                return ModelError::Busy {
                    retry_after_s: retry_after_s.unwrap_or(10),
                };
            }
            401 | 403 => "ключ не принят".to_owned(),
            404 => "нет такого адреса или такой модели".to_owned(),
            300..=399 => "сервер отсылает на другой адрес".to_owned(),
            400 | 422 => format!("запрос не принят ({status})"),
            _ => format!("статус {status}"),
        };
        ModelError::Remote {
            place: self.base.clone(),
            status,
            reason,
        }
    }

    fn error(&self, error: &ureq::Error) -> ModelError {
        match error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                self.network("сервер не отвечает")
            }
            ureq::Error::Timeout(_) => ModelError::Deadline,
            ureq::Error::Json(_) => self.unreadable("ответ не JSON"),
            ureq::Error::BodyExceedsLimit(_) => self.unreadable("ответ слишком велик"),
            error => self.network(&error.to_string()),
        }
    }

    fn network(&self, reason: &str) -> ModelError {
        ModelError::Network {
            place: self.base.clone(),
            reason: reason.to_owned(),
        }
    }

    /// An answer that came and says nothing usable.
    pub fn unreadable(&self, reason: &str) -> ModelError {
        ModelError::Remote {
            place: self.base.clone(),
            status: 200,
            reason: reason.to_owned(),
        }
    }
}
