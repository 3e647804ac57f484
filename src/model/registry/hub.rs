use super::manifest::{Artefact, ModelEntry};
use super::pull::{Ask, Stage};
use crate::model::ModelError;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;
use ureq::http::Response;
use ureq::{Agent, Body};

/// An address that doesn't answer costs this much, once.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(20);
/// A connection that brings nothing for so long is broken.
const SILENCE: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: u32 = 5;
/// Broken connections in a row that brought nothing new.
const MOST_IDLE_TRIES: u32 = 2;

/// A file on the hub.
pub struct HubFile<'a> {
    pub model: &'a ModelEntry,
    pub url: String,
    pub artefact: &'a Artefact,
}

/// What one request brought.
enum Brought {
    /// The server sent everything it has.
    All,
    /// The connection broke.
    Some(String),
}

impl HubFile<'_> {
    /// Downloads into `part`, going on where an earlier try stopped.
    ///
    /// Fails with `Network` when the hub can't be reached or hasn't the file, `Disk` when the file can't
    /// be written. What was brought stays for the next try.
    pub fn download(&self, part: &Path, ask: &Ask<'_>) -> Result<(), ModelError> {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(MOST_REDIRECTS)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_per_read(Some(SILENCE))
            .build()
            .into();
        let mut idle_tries = 0;
        loop {
            let before = length(part);
            match self.request(&agent, part, ask)? {
                Brought::All => return Ok(()),
                Brought::Some(reason) => {
                    idle_tries = if length(part) > before {
                        0
                    } else {
                        idle_tries + 1
                    };
                    if idle_tries >= MOST_IDLE_TRIES {
                        return Err(self.network(reason));
                    }
                }
            }
        }
    }

    fn request(&self, agent: &Agent, part: &Path, ask: &Ask<'_>) -> Result<Brought, ModelError> {
        let have = length(part);
        let mut request = agent.get(&self.url);
        if have > 0 {
            request = request.header("range", format!("bytes={have}-"));
        }
        let response = request.call().map_err(|e| self.network(e.to_string()))?;
        let disk = |e: std::io::Error| ModelError::disk(part, &e);
        match response.status().as_u16() {
            200 => self.save(response, File::create(part).map_err(disk)?, 0, part, ask),
            206 if starts_at(&response) == Some(have) => {
                let file = OpenOptions::new().append(true).open(part).map_err(disk)?;
                self.save(response, file, have, part, ask)
            }
            // Nothing is left to send: what lies here is whole, or of another file and found out by its checksum.
            416 if self.artefact.bytes.is_none_or(|bytes| bytes == have) => Ok(Brought::All),
            206 | 416 => {
                std::fs::remove_file(part).map_err(disk)?;
                Ok(Brought::Some("сервер продолжил не с того места".into()))
            }
            404 => Err(self.network("на сервере нет такого файла".into())),
            401 | 403 => Err(self.network("сервер требует входа".into())),
            status => Err(self.network(format!("сервер ответил {status}"))),
        }
    }

    fn save(
        &self,
        response: Response<Body>,
        mut file: File,
        have: u64,
        part: &Path,
        ask: &Ask<'_>,
    ) -> Result<Brought, ModelError> {
        let left = response.body().content_length();
        let total = self.artefact.bytes.or(left.map(|left| left + have));
        let mut body = response
            .into_body()
            .into_with_config()
            .limit(u64::MAX)
            .reader();
        let mut done = have;
        let mut piece = vec![0; 1 << 18];
        loop {
            let read = match body.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => return Ok(Brought::Some(error.to_string())),
            };
            done += read as u64;
            if self.artefact.bytes.is_some_and(|bytes| done > bytes) {
                return Err(self.network("файл на сервере больше, чем в models.toml".into()));
            }
            file.write_all(&piece[..read])
                .map_err(|e| ModelError::disk(part, &e))?;
            ask.tell(self.model, Stage::Download, done, total);
        }
        match total {
            Some(total) if done < total => {
                Ok(Brought::Some(format!("пришло {done} из {total} байт")))
            }
            _ => Ok(Brought::All),
        }
    }

    fn network(&self, reason: String) -> ModelError {
        ModelError::Network {
            place: self.url.clone(),
            reason,
        }
    }
}

fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

/// The first byte of `content-range: bytes 100-199/200`.
fn starts_at(response: &Response<Body>) -> Option<u64> {
    let value = response.headers().get("content-range")?.to_str().ok()?;
    value
        .strip_prefix("bytes ")?
        .split_once('-')?
        .0
        .parse()
        .ok()
}
