//! GGUF files: metadata and the directory of tensors, with every length checked against the file's size.

use crate::error::{EngineError, damaged, io_error};
use candle_core::quantized::GgmlDType;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const LONGEST_TEXT_BYTES: u64 = 1 << 24;

/// A metadata value; numbers are widened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Flag(bool),
    Text(String),
    Texts(Vec<String>),
    Integers(Vec<i64>),
    Floats(Vec<f32>),
}

/// Where a tensor lies; `rows` is 1 for a vector, `columns` is the contiguous dimension.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub rows: usize,
    pub columns: usize,
    pub kind: GgmlDType,
    pub start: u64,
    pub bytes: usize,
}

/// An open GGUF file.
pub(crate) struct Gguf {
    pub path: PathBuf,
    file: File,
    buffer: Mutex<Vec<u8>>,
    pub metadata: HashMap<String, Value>,
    pub tensors: HashMap<String, Place>,
}

struct Reader<'a> {
    inner: BufReader<&'a File>,
    path: &'a Path,
    at: u64,
    size: u64,
}

impl Reader<'_> {
    fn bad(&self, what: impl Into<String>) -> EngineError {
        damaged(self.path)(format!("{} (at byte {})", what.into(), self.at))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], EngineError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), EngineError> {
        if bytes.len() as u64 > self.size - self.at {
            return Err(self.bad("the file ends too early"));
        }
        self.inner
            .read_exact(bytes)
            .map_err(|e| io_error(self.path, e))?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn u32(&mut self) -> Result<u32, EngineError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64, EngineError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn text(&mut self) -> Result<String, EngineError> {
        let length = self.u64()?;
        if length > LONGEST_TEXT_BYTES || length > self.size - self.at {
            return Err(self.bad(format!("a text of {length} bytes")));
        }
        let mut bytes = vec![0; length as usize];
        self.fill(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| self.bad("a text that is not UTF-8"))
    }

    fn value(&mut self, kind: u32) -> Result<Value, EngineError> {
        Ok(match kind {
            0 => Value::Unsigned(u64::from(self.array::<1>()?[0])),
            1 => Value::Signed(i64::from(i8::from_le_bytes(self.array()?))),
            2 => Value::Unsigned(u64::from(u16::from_le_bytes(self.array()?))),
            3 => Value::Signed(i64::from(i16::from_le_bytes(self.array()?))),
            4 => Value::Unsigned(u64::from(self.u32()?)),
            5 => Value::Signed(i64::from(i32::from_le_bytes(self.array()?))),
            6 => Value::Float(f64::from(f32::from_le_bytes(self.array()?))),
            7 => Value::Flag(self.array::<1>()?[0] != 0),
            8 => Value::Text(self.text()?),
            9 => self.list()?,
            10 => Value::Unsigned(self.u64()?),
            11 => Value::Signed(i64::from_le_bytes(self.array()?)),
            12 => Value::Float(f64::from_le_bytes(self.array()?)),
            other => return Err(self.bad(format!("a metadata value of unknown type {other}"))),
        })
    }

    fn list(&mut self) -> Result<Value, EngineError> {
        let kind = self.u32()?;
        let count = self.u64()?;
        let least = match kind {
            0 | 1 | 7 => 1,
            2 | 3 => 2,
            4..=6 => 4,
            8 | 10..=12 => 8,
            other => return Err(self.bad(format!("a list of unknown type {other}"))),
        };
        if count.saturating_mul(least) > self.size - self.at {
            return Err(self.bad(format!("a list of {count} elements")));
        }
        let count = count as usize;
        if kind == 8 {
            let mut texts = Vec::with_capacity(count);
            for _ in 0..count {
                texts.push(self.text()?);
            }
            return Ok(Value::Texts(texts));
        }
        let mut integers = Vec::new();
        let mut floats = Vec::new();
        for _ in 0..count {
            match self.value(kind)? {
                Value::Float(v) => floats.push(v as f32),
                Value::Unsigned(v) => integers.push(v as i64),
                Value::Signed(v) => integers.push(v),
                Value::Flag(v) => integers.push(i64::from(v)),
                _ => return Err(self.bad("a list within a list")),
            }
        }
        Ok(if matches!(kind, 6 | 12) {
            Value::Floats(floats)
        } else {
            Value::Integers(integers)
        })
    }

    fn place(&mut self) -> Result<(String, Place), EngineError> {
        let name = self.text()?;
        let dimensions = self.u32()?;
        if !(1..=4).contains(&dimensions) {
            return Err(self.bad(format!("tensor {name} has {dimensions} dimensions")));
        }
        let columns = self.u64()?;
        let mut rows = 1u64;
        for _ in 1..dimensions {
            let length = self.u64()?;
            rows = rows
                .checked_mul(length)
                .ok_or_else(|| self.bad(format!("tensor {name} is too large")))?;
        }
        let kind = self.kind(&name)?;
        let start = self.u64()?;
        let block = kind.block_size() as u64;
        if columns == 0 || rows == 0 || columns % block != 0 {
            return Err(self.bad(format!("tensor {name} has shape {rows} x {columns}")));
        }
        let bytes = (columns / block)
            .checked_mul(kind.type_size() as u64)
            .and_then(|row| row.checked_mul(rows))
            .filter(|bytes| *bytes <= self.size)
            .ok_or_else(|| self.bad(format!("tensor {name} is larger than the file")))?;
        let place = Place {
            rows: rows as usize,
            columns: columns as usize,
            kind,
            start,
            bytes: bytes as usize,
        };
        Ok((name, place))
    }

    fn kind(&mut self, name: &str) -> Result<GgmlDType, EngineError> {
        Ok(match self.u32()? {
            0 => GgmlDType::F32,
            1 => GgmlDType::F16,
            2 => GgmlDType::Q4_0,
            3 => GgmlDType::Q4_1,
            6 => GgmlDType::Q5_0,
            7 => GgmlDType::Q5_1,
            8 => GgmlDType::Q8_0,
            10 => GgmlDType::Q2K,
            11 => GgmlDType::Q3K,
            12 => GgmlDType::Q4K,
            13 => GgmlDType::Q5K,
            14 => GgmlDType::Q6K,
            30 => GgmlDType::BF16,
            other => {
                return Err(EngineError::Unsupported {
                    what: format!("{}: tensor {name} of type {other}", self.path.display()),
                });
            }
        })
    }
}

impl Gguf {
    /// Reads the header of a GGUF file.
    ///
    /// Fails with `Missing`, with `Damaged` (naming the byte), or with `Unsupported` for unknown versions and tensor types.
    pub(crate) fn open(path: &Path) -> Result<Gguf, EngineError> {
        let file = File::open(path).map_err(|e| io_error(path, e))?;
        let size = file.metadata().map_err(|e| io_error(path, e))?.len();
        let mut reader = Reader {
            inner: BufReader::with_capacity(1 << 16, &file),
            path,
            at: 0,
            size,
        };
        if &reader.array::<4>()? != b"GGUF" {
            return Err(damaged(path)("it is not a GGUF file".into()));
        }
        let version = reader.u32()?;
        if !(2..=3).contains(&version) {
            return Err(EngineError::Unsupported {
                what: format!("{}: GGUF version {version}", path.display()),
            });
        }
        let (tensor_count, key_count) = (reader.u64()?, reader.u64()?);
        if tensor_count.saturating_mul(32) > size || key_count.saturating_mul(12) > size {
            return Err(reader.bad(format!("{tensor_count} tensors and {key_count} keys")));
        }
        let mut metadata = HashMap::new();
        for _ in 0..key_count {
            let key = reader.text()?;
            let kind = reader.u32()?;
            metadata.insert(key, reader.value(kind)?);
        }
        let mut tensors = HashMap::new();
        for _ in 0..tensor_count {
            let (name, place) = reader.place()?;
            tensors.insert(name, place);
        }
        let alignment = match metadata.get("general.alignment") {
            None => 32,
            Some(Value::Unsigned(n)) if (1..=1 << 20).contains(n) => *n,
            Some(other) => return Err(reader.bad(format!("alignment {other:?}"))),
        };
        let data = reader.at.next_multiple_of(alignment);
        for (name, place) in &mut tensors {
            let end = place
                .start
                .checked_add(data)
                .and_then(|start| start.checked_add(place.bytes as u64));
            if end.is_none_or(|end| end > size) {
                return Err(damaged(path)(format!("tensor {name} ends after the file")));
            }
            place.start += data;
        }
        Ok(Gguf {
            path: path.to_owned(),
            file,
            buffer: Mutex::default(),
            metadata,
            tensors,
        })
    }

    pub(crate) fn damaged(&self, what: impl Into<String>) -> EngineError {
        damaged(&self.path)(what.into())
    }

    /// Returns the place of a tensor; fails when the file has none of that name.
    pub(crate) fn place(&self, name: &str) -> Result<&Place, EngineError> {
        self.tensors
            .get(name)
            .ok_or_else(|| self.damaged(format!("tensor {name} is missing")))
    }

    /// Calls `take` with a tensor's bytes as they stand in the file.
    ///
    /// All tensors pass through one buffer: one for each would leave holes in the memory as large as the model.
    pub(crate) fn with_bytes<T>(
        &self,
        name: &str,
        take: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, EngineError> {
        let place = self.place(name)?;
        // Whatever a thread that panicked left in the buffer is overwritten.
        let mut buffer = self.buffer.lock().unwrap_or_else(PoisonError::into_inner);
        if buffer.len() < place.bytes {
            buffer.resize(place.bytes, 0);
        }
        let bytes = &mut buffer[..place.bytes];
        read_at(&self.file, bytes, place.start).map_err(|e| io_error(&self.path, e))?;
        Ok(take(bytes))
    }

    /// Returns a text value; fails when it is missing or not a text.
    pub(crate) fn text(&self, key: &str) -> Result<&str, EngineError> {
        match self.metadata.get(key) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(self.damaged(format!("key {key} is missing or not a text"))),
        }
    }

    /// Returns a list of texts; fails when it is missing or of another type.
    pub(crate) fn texts(&self, key: &str) -> Result<&[String], EngineError> {
        match self.metadata.get(key) {
            Some(Value::Texts(texts)) => Ok(texts),
            _ => Err(self.damaged(format!("key {key} is missing or not a list of texts"))),
        }
    }

    /// Returns a whole number, or `None` where the key is missing or of another type.
    pub(crate) fn number(&self, key: &str) -> Option<usize> {
        match self.metadata.get(key)? {
            Value::Unsigned(n) => usize::try_from(*n).ok(),
            Value::Signed(n) => usize::try_from(*n).ok(),
            _ => None,
        }
    }

    /// Returns a whole number between 1 and `most`; fails when it is missing or outside.
    pub(crate) fn count(&self, key: &str, most: usize) -> Result<usize, EngineError> {
        self.number(key)
            .filter(|n| (1..=most).contains(n))
            .ok_or_else(|| self.damaged(format!("key {key} is missing or outside 1..={most}")))
    }

    /// Returns a finite positive number, or `None`.
    pub(crate) fn real(&self, key: &str) -> Option<f32> {
        match self.metadata.get(key)? {
            Value::Float(v) if v.is_finite() && *v > 0.0 => Some(*v as f32),
            _ => None,
        }
    }
}

#[cfg(unix)]
pub(crate) fn read_at(file: &File, bytes: &mut [u8], start: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, start)
}

#[cfg(not(unix))]
pub(crate) fn read_at(file: &File, bytes: &mut [u8], start: u64) -> std::io::Result<()> {
    use std::io::Seek;
    let mut file = file;
    file.seek(std::io::SeekFrom::Start(start))?;
    file.read_exact(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(out: &mut Vec<u8>, text: &str) {
        out.extend((text.len() as u64).to_le_bytes());
        out.extend(text.as_bytes());
    }

    /// A file with a key of every kind and two tensors.
    fn sample() -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(3u32.to_le_bytes());
        out.extend(2u64.to_le_bytes());
        out.extend(4u64.to_le_bytes());
        text(&mut out, "general.architecture");
        out.extend(8u32.to_le_bytes());
        text(&mut out, "test");
        text(&mut out, "test.count");
        out.extend(4u32.to_le_bytes());
        out.extend(7u32.to_le_bytes());
        text(&mut out, "test.words");
        out.extend(9u32.to_le_bytes());
        out.extend(8u32.to_le_bytes());
        out.extend(2u64.to_le_bytes());
        text(&mut out, "один");
        text(&mut out, "два");
        text(&mut out, "test.scores");
        out.extend(9u32.to_le_bytes());
        out.extend(6u32.to_le_bytes());
        out.extend(2u64.to_le_bytes());
        out.extend([0.5f32, -1.0].iter().flat_map(|v| v.to_le_bytes()));
        for (name, shape, kind, start) in [
            ("a.weight", vec![4u64], 0u32, 0u64),
            ("b.weight", vec![32, 2], 8, 32),
        ] {
            text(&mut out, name);
            out.extend((shape.len() as u32).to_le_bytes());
            out.extend(shape.iter().flat_map(|n| n.to_le_bytes()));
            out.extend(kind.to_le_bytes());
            out.extend(start.to_le_bytes());
        }
        out.resize(out.len().next_multiple_of(32) + 32 + 68, 1);
        out
    }

    fn open(bytes: &[u8]) -> Result<Gguf, EngineError> {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!(
            "engine-gguf-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, bytes).unwrap();
        let result = Gguf::open(&path);
        std::fs::remove_file(&path).unwrap();
        result
    }

    #[test]
    fn a_sound_file_is_read() {
        let gguf = open(&sample()).unwrap();
        assert_eq!(gguf.text("general.architecture").unwrap(), "test");
        assert_eq!(gguf.count("test.count", 7).unwrap(), 7);
        assert!(gguf.count("test.count", 6).is_err());
        assert_eq!(gguf.texts("test.words").unwrap(), ["один", "два"]);
        assert_eq!(gguf.metadata["test.scores"], Value::Floats(vec![0.5, -1.0]));
        assert_eq!(
            (
                gguf.place("b.weight").unwrap().rows,
                gguf.with_bytes("b.weight", <[u8]>::len).unwrap()
            ),
            (2, 68)
        );
        assert!(gguf.matrix("b.weight", 32, 2).is_err());
    }

    #[test]
    fn a_file_cut_anywhere_is_damaged() {
        let whole = sample();
        for length in 0..whole.len() {
            let error = open(&whole[..length]).err().unwrap();
            assert!(
                matches!(error, EngineError::Damaged { .. }),
                "{length}: {error}"
            );
        }
    }

    #[test]
    fn a_file_with_any_changed_byte_is_read_or_refused_without_panic() {
        let whole = sample();
        for at in 0..whole.len() {
            for value in [0, 1, 0x7F, 0x80, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                if let Ok(gguf) = open(&bytes) {
                    for (name, place) in &gguf.tensors {
                        let _ = gguf.matrix(name, place.rows, place.columns);
                    }
                }
            }
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_missing() {
        let error = Gguf::open(Path::new("/nowhere/model.gguf")).err().unwrap();
        assert!(matches!(error, EngineError::Missing { .. }));
    }
}
