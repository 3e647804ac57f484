//! The `E5S1` file: header, tokenizer, normaliser, tensors.

use crate::error::{EngineError, damaged, io_error};
use crate::tokenizer::unigram::{Specials, Unigram};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The largest file that is read: the known one has 72 MB.
const MOST_BYTES: u64 = 1 << 30;

/// What the header says about the model.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub width: usize,
    pub layers: usize,
    pub heads: usize,
    pub inner: usize,
    pub vocabulary: usize,
    pub positions: usize,
    pub kinds: usize,
    pub eps: f32,
}

/// How a tensor is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    F32,
    Q4,
}

struct Entry {
    stored: Stored,
    count: usize,
    start: usize,
    bytes: usize,
}

/// A whole file in memory, its directory read.
pub(super) struct E5File {
    path: PathBuf,
    data: Vec<u8>,
    at: usize,
    entries: HashMap<String, Entry>,
}

impl E5File {
    /// Reads the file; returns it with its header and tokenizer.
    pub(super) fn open(path: &Path) -> Result<(E5File, Header, Unigram), EngineError> {
        let size = std::fs::metadata(path)
            .map_err(|e| io_error(path, e))?
            .len();
        if size > MOST_BYTES {
            return Err(damaged(path)(format!("{size} bytes are too many")));
        }
        let data = std::fs::read(path).map_err(|e| io_error(path, e))?;
        let mut file = E5File {
            path: path.to_owned(),
            data,
            at: 0,
            entries: HashMap::new(),
        };
        if &file.array::<4>()? != b"E5S1" {
            return Err(damaged(path)("it is not an E5S1 file".into()));
        }
        let version = file.u32()?;
        if version != 1 {
            return Err(EngineError::Unsupported {
                what: format!("{}: E5S1 version {version}", path.display()),
            });
        }
        let header = file.header()?;
        let unigram = file.tokenizer(header.vocabulary)?;
        file.directory()?;
        Ok((file, header, unigram))
    }

    pub(super) fn bad(&self, what: impl Into<String>) -> EngineError {
        damaged(&self.path)(format!("{} (near byte {})", what.into(), self.at))
    }

    fn take(&mut self, length: usize) -> Result<&[u8], EngineError> {
        let end = self
            .at
            .checked_add(length)
            .filter(|end| *end <= self.data.len());
        let Some(end) = end else {
            return Err(self.bad("the file ends too early"));
        };
        let start = std::mem::replace(&mut self.at, end);
        Ok(&self.data[start..end])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], EngineError> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.take(N)?);
        Ok(bytes)
    }

    fn u32(&mut self) -> Result<u32, EngineError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn f32(&mut self) -> Result<f32, EngineError> {
        let value = f32::from_le_bytes(self.array()?);
        if value.is_finite() {
            Ok(value)
        } else {
            Err(self.bad("a value that is not a number"))
        }
    }

    fn u64(&mut self) -> Result<usize, EngineError> {
        let value = u64::from_le_bytes(self.array()?);
        usize::try_from(value).map_err(|_| self.bad(format!("a length of {value}")))
    }

    /// Reads a count between `least` and `most`.
    fn count(&mut self, name: &str, least: usize, most: usize) -> Result<usize, EngineError> {
        let value = self.u32()? as usize;
        if (least..=most).contains(&value) {
            Ok(value)
        } else {
            Err(self.bad(format!("{name} is {value}, outside {least}..={most}")))
        }
    }

    fn header(&mut self) -> Result<Header, EngineError> {
        let header = Header {
            width: self.count("the width", 32, 1 << 14)?,
            layers: self.count("the number of layers", 1, 256)?,
            heads: self.count("the number of heads", 1, 256)?,
            inner: self.count("the inner width", 32, 1 << 16)?,
            vocabulary: self.count("the vocabulary", 1, 1 << 24)?,
            positions: self.count("the number of positions", 3, 1 << 16)?,
            kinds: self.count("the number of kinds", 1, 16)?,
            eps: self.f32()?,
        };
        let block = self.count("the block", 32, 32)?;
        let head = header.width / header.heads;
        if !header.width.is_multiple_of(header.heads)
            || !head.is_multiple_of(16)
            || !header.width.is_multiple_of(block)
            || !header.inner.is_multiple_of(block)
        {
            return Err(self.bad(format!("impossible sizes {header:?}")));
        }
        Ok(header)
    }

    fn tokenizer(&mut self, vocabulary: usize) -> Result<Unigram, EngineError> {
        let count = self.count("the number of pieces", 1, vocabulary)?;
        let last = count - 1;
        let bos = self.count("the begin token", 0, last)? as u32;
        let eos = self.count("the end token", 0, last)? as u32;
        self.count("the padding token", 0, last)?;
        let unknown = self.count("the unknown token", 0, last)? as u32;
        let length = self.u64()?;
        let offsets: Vec<usize> = self
            .take(4 * (count + 1))?
            .chunks_exact(4)
            .map(number)
            .collect();
        let scores = floats(self.take(4 * count)?);
        let text = self.take(length)?;
        let pieces: Option<Vec<(Box<str>, f32)>> = offsets
            .windows(2)
            .zip(&scores)
            .map(|(ends, score)| {
                let piece = std::str::from_utf8(text.get(ends[0]..ends[1])?).ok()?;
                score.is_finite().then(|| (piece.into(), *score))
            })
            .collect();
        let pieces = pieces.ok_or_else(|| self.bad("a piece of the tokenizer"))?;
        let normal = self.normaliser()?;
        Ok(Unigram::new(pieces, normal, Specials { bos, eos, unknown }))
    }

    fn normaliser(&mut self) -> Result<HashMap<char, Box<str>>, EngineError> {
        let count = self.count("the number of normalised characters", 0, 0x11_0000)?;
        self.u32()?;
        let mut normal = HashMap::new();
        for _ in 0..count {
            let point = self.u32()?;
            let length = self.array::<1>()?[0];
            let mut replacement = String::new();
            for _ in 0..length {
                let point = self.u32()?;
                replacement.push(char::from_u32(point).ok_or_else(|| self.bad("a character"))?);
            }
            // The table covers what UTF-8 cannot hold as well; such points never come.
            if let Some(c) = char::from_u32(point) {
                normal.insert(c, replacement.into());
            }
        }
        Ok(normal)
    }

    fn directory(&mut self) -> Result<(), EngineError> {
        for _ in 0..self.count("the number of tensors", 1, 1 << 16)? {
            let length = usize::from(u16::from_le_bytes(self.array()?));
            let name = String::from_utf8_lossy(self.take(length)?).into_owned();
            let stored = match self.array::<1>()?[0] {
                0 => Stored::F32,
                1 => Stored::Q4,
                other => return Err(self.bad(format!("tensor {name} of type {other}"))),
            };
            let count = self.u32()? as usize;
            let (start, bytes) = (self.u64()?, self.u64()?);
            if start
                .checked_add(bytes)
                .is_none_or(|end| end > self.data.len())
            {
                return Err(self.bad(format!("tensor {name} ends after the file")));
            }
            self.entries.insert(
                name,
                Entry {
                    stored,
                    count,
                    start,
                    bytes,
                },
            );
        }
        Ok(())
    }

    /// Returns the bytes of a tensor of `count` values; fails when it is missing, of another size or another type.
    pub(super) fn bytes(
        &self,
        name: &str,
        stored: Stored,
        count: usize,
    ) -> Result<&[u8], EngineError> {
        let what = |what: String| damaged(&self.path)(what);
        let entry = self
            .entries
            .get(name)
            .ok_or_else(|| what(format!("tensor {name} is missing")))?;
        let bytes = match stored {
            Stored::F32 => count * 4,
            Stored::Q4 => count / 32 * 18,
        };
        if entry.stored != stored || entry.count != count || entry.bytes != bytes {
            return Err(what(format!(
                "tensor {name}: {:?}, {} values, {} bytes",
                entry.stored, entry.count, entry.bytes
            )));
        }
        Ok(&self.data[entry.start..][..bytes])
    }

    /// Returns a tensor stored in f32.
    pub(super) fn vector(&self, name: &str, count: usize) -> Result<Vec<f32>, EngineError> {
        let values = floats(self.bytes(name, Stored::F32, count)?);
        if values.iter().any(|v| !v.is_finite()) {
            return Err(damaged(&self.path)(format!(
                "tensor {name} holds values that are not numbers"
            )));
        }
        Ok(values)
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |n, b| n << 8 | usize::from(*b))
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes
        .chunks_exact(4)
        .map(|b| f32::from_bits(number(b) as u32))
        .collect()
}
