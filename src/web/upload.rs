//! A file that a form brings: streamed into a folder of its own, which goes when the request is done.

use super::fields::Fields;
use super::guard::same;
use super::page::Page;
use super::problem::Problem;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

/// Larger files are no law.
pub const MOST_FILE_BYTES: usize = 64 * 1024 * 1024;
/// A whole request: the file, the token and what stands between them.
pub const MOST_REQUEST_BYTES: usize = MOST_FILE_BYTES + 1024 * 1024;
const MOST_TOKEN_BYTES: usize = 1024;
const MOST_NAME_BYTES: usize = 180;
/// Fields that a form may have beside its file, and bytes of each.
const MOST_FIELDS: usize = 16;
const MOST_WORDS_BYTES: usize = 4096;

/// A file that came in; it and its folder go with the last holder.
#[derive(Debug)]
pub struct Uploaded {
    folder: PathBuf,
    pub file: PathBuf,
    /// What the form said about it.
    pub fields: Fields,
}

impl Drop for Uploaded {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The file of the form that only a route for files hands on.
pub struct Upload(pub Arc<Uploaded>);

impl<S: Sync> FromRequestParts<S> for Upload {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let held = parts.extensions.get::<Arc<Uploaded>>().cloned();
        held.map(Self).ok_or(Problem::Broken)
    }
}

/// Reads a form of the fields `csrf`, some of a few words, and `file`, in this order; nothing is written before the token fits.
pub async fn receive(request: Request, page: &Page) -> Result<(Arc<Uploaded>, Fields), Problem> {
    let no_file = || Problem::wrong(page.t("fault-no-file"));
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|_| no_file())?;
    let mut trusted = false;
    let mut fields = Fields::default();
    while let Some(mut field) = form.next_field().await.map_err(cut)? {
        match field.name() {
            Some("csrf") => trusted = same(&token(&mut field).await?, &page.csrf),
            Some("file") if trusted => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let uploaded = keep(&mut field, &name, fields.clone()).await?;
                return Ok((uploaded.map(Arc::new).ok_or_else(no_file)?, fields));
            }
            Some("file") => return Err(Problem::Forged),
            Some(name) if trusted && fields.0.len() < MOST_FIELDS => {
                let name = name.to_owned();
                let value = words(&mut field, MOST_WORDS_BYTES).await?;
                let value = value.ok_or_else(|| Problem::wrong(page.t("fault-long")))?;
                fields.0.push((name, value));
            }
            _ => {}
        }
    }
    Err(if trusted { no_file() } else { Problem::Forged })
}

async fn token(field: &mut Field<'_>) -> Result<String, Problem> {
    let token = words(field, MOST_TOKEN_BYTES).await?;
    token.ok_or(Problem::Forged)
}

/// What a field says; `None` where it has more than `most` bytes.
async fn words(field: &mut Field<'_>, most: usize) -> Result<Option<String>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(cut)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > most {
            return Ok(None);
        }
    }
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| Problem::Forged)
}

/// Writes the field to disk; `None` where there is nothing in it.
async fn keep(
    field: &mut Field<'_>,
    name: &str,
    fields: Fields,
) -> Result<Option<Uploaded>, Problem> {
    let folder = std::env::temp_dir().join(format!("soyuznik-upload-{}", uuid::Uuid::now_v7()));
    let uploaded = Uploaded {
        file: folder.join(plain_name(name)),
        folder,
        fields,
    };
    let mut made = tokio::fs::DirBuilder::new();
    #[cfg(unix)]
    made.mode(0o700);
    made.create(&uploaded.folder).await.map_err(disk)?;
    let mut file = tokio::fs::File::create_new(&uploaded.file)
        .await
        .map_err(disk)?;
    let mut written = 0;
    while let Some(chunk) = field.chunk().await.map_err(cut)? {
        written += chunk.len();
        if written > MOST_FILE_BYTES {
            return Err(Problem::FileTooLarge);
        }
        file.write_all(&chunk).await.map_err(disk)?;
    }
    file.flush().await.map_err(disk)?;
    Ok((written > 0).then_some(uploaded))
}

/// The last part of a name that a browser gave, without anything that means something to a file system.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')');
    let mut plain: String = last.chars().filter(kept).collect();
    plain = plain.trim_matches([' ', '.']).to_owned();
    // The end tells the kind of file.
    while plain.len() > MOST_NAME_BYTES {
        plain.remove(0);
    }
    if plain.is_empty() {
        "file".to_owned()
    } else {
        plain
    }
}

fn cut(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::FileTooLarge
    } else {
        Problem::Forged
    }
}

fn disk(error: std::io::Error) -> Problem {
    tracing::error!(%error, "upload not written");
    Problem::Broken
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn a_name_leads_nowhere_and_keeps_its_ending() {
        assert_eq!(plain_name("ТК РФ (2025).docx"), "ТК РФ (2025).docx");
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("C:\\acts\\tk.html"), "tk.html");
        assert_eq!(plain_name("a<b>\0\n\"c.txt"), "abc.txt");
        for empty in ["", "..", "/", "<>"] {
            assert_eq!(plain_name(empty), "file");
        }
        let long = plain_name(&format!("{}.docx", "ы".repeat(500)));
        assert!(long.len() <= 180 && long.ends_with("ы.docx"));
    }
}
