use super::manifest::ModelEntry;
use super::pieces::Scratch;
use super::pull::{Ask, Stage};
use crate::model::ModelError;
use crate::model::engine::engine_error;
use soyuznik_engine::convert::embedding_gemma_to_gguf;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use zip::ZipArchive;

/// The four files that the engine's converter reads.
const MEMBERS: [&str; 4] = [
    "model_download/model.safetensors",
    "model_download/2_Dense/model.safetensors",
    "model_download/3_Dense/model.safetensors",
    "model_download/tokenizer.json",
];

/// Writes the GGUF at `out` from a zip of EmbeddingGemma's own files.
///
/// The same zip gives the same bytes. Needs 1.6 GB of disk beside the zip while it works.
pub fn embedding_gemma(
    model: &ModelEntry,
    archive: &Path,
    out: &Path,
    ask: &Ask<'_>,
) -> Result<(), ModelError> {
    let scratch = Scratch::new(archive.with_extension("unpacked"))?;
    let mut files = Vec::with_capacity(MEMBERS.len());
    let file = File::open(archive).map_err(|e| ModelError::disk(archive, &e))?;
    let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| unreadable(archive, &e))?;
    for (number, member) in MEMBERS.iter().enumerate() {
        let path = scratch.path().join(number.to_string());
        let mut entry = zip.by_name(member).map_err(|e| unreadable(archive, &e))?;
        let mut target = File::create(&path).map_err(|e| ModelError::disk(&path, &e))?;
        std::io::copy(&mut entry, &mut target).map_err(|e| ModelError::disk(&path, &e))?;
        files.push(path);
    }
    embedding_gemma_to_gguf(
        &files[0],
        &files[1],
        &files[2],
        &files[3],
        out,
        &|done, total| ask.tell(model, Stage::Convert, done, Some(total)),
    )
    .map_err(engine_error)
}

fn unreadable(archive: &Path, error: &zip::result::ZipError) -> ModelError {
    ModelError::Damaged {
        place: archive.display().to_string(),
        what: error.to_string(),
        remedy: "Повторите: soyuznik models pull.".into(),
    }
}
