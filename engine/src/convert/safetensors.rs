//! Reading safetensors, a piece at a time.

use super::gguf_out::Source;
use crate::error::{EngineError, damaged, io_error};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

const LONGEST_HEADER_BYTES: u64 = 1 << 26;

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: [u64; 2],
}

/// An open file of f32 tensors.
pub(super) struct Safetensors {
    pub path: PathBuf,
    pub file: File,
    entries: HashMap<String, Entry>,
    data: u64,
    size: u64,
}

impl Safetensors {
    /// Reads the header; fails with `Missing` or `Damaged`.
    pub(super) fn open(path: &Path) -> Result<Self, EngineError> {
        let bad = damaged(path);
        let file = File::open(path).map_err(|e| io_error(path, e))?;
        let size = file.metadata().map_err(|e| io_error(path, e))?.len();
        let mut length = [0; 8];
        crate::gguf::read_at(&file, &mut length, 0).map_err(|e| io_error(path, e))?;
        let length = u64::from_le_bytes(length);
        if length > LONGEST_HEADER_BYTES || length + 8 > size {
            return Err(bad(format!(
                "a header of {length} bytes in a file of {size}"
            )));
        }
        let mut header = vec![0; length as usize];
        crate::gguf::read_at(&file, &mut header, 8).map_err(|e| io_error(path, e))?;
        let mut values: HashMap<String, serde_json::Value> =
            serde_json::from_slice(&header).map_err(|e| bad(format!("the header: {e}")))?;
        values.remove("__metadata__");
        let entries = values
            .into_iter()
            .map(|(name, value)| Ok((name, serde_json::from_value(value)?)))
            .collect::<Result<_, serde_json::Error>>()
            .map_err(|e| bad(format!("the header: {e}")))?;
        Ok(Safetensors {
            path: path.to_owned(),
            file,
            entries,
            data: length + 8,
            size,
        })
    }

    /// Returns where `name.weight` lies; fails when it is missing, not f32, or of another shape. A vector is `[1, D]`.
    pub(super) fn source(&self, name: &str, shape: [usize; 2]) -> Result<Source<'_>, EngineError> {
        let name = format!("{name}.weight");
        let bad = |what: String| damaged(&self.path)(format!("tensor {name}: {what}"));
        let entry = self
            .entries
            .get(&name)
            .ok_or_else(|| bad("missing".into()))?;
        if entry.dtype != "F32" {
            return Err(EngineError::Unsupported {
                what: format!(
                    "{}: tensor {name} of type {}",
                    self.path.display(),
                    entry.dtype
                ),
            });
        }
        let [rows, columns] = shape;
        let same = match entry.shape[..] {
            [n] => rows == 1 && n == columns,
            [r, c] => [r, c] == shape,
            _ => false,
        };
        let [from, to] = entry.data_offsets;
        let length = rows as u64 * columns as u64 * 4;
        let start = self.data.checked_add(from);
        let fits = to.checked_sub(from) == Some(length)
            && self
                .data
                .checked_add(to)
                .is_some_and(|end| end <= self.size);
        match start {
            Some(start) if same && fits => Ok(Source {
                file: &self.file,
                path: &self.path,
                start,
                rows,
                columns,
            }),
            _ => Err(bad(format!(
                "shape {:?} at {from}..{to}, not {shape:?}",
                entry.shape
            ))),
        }
    }
}
