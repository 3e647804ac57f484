//! Writing GGUF: header, directory, then the tensors converted a piece at a time.

use crate::error::{EngineError, io_error};
use crate::gguf::read_at;
use candle_core::quantized::GgmlDType;
use half::f16;
use std::fs::File;
use std::io::Write;
use std::path::Path;

const ALIGNMENT: u64 = 32;
/// Values read at once.
const PIECE: usize = 1 << 20;

/// Metadata in the order in which it was given.
#[derive(Default)]
pub(super) struct Header {
    bytes: Vec<u8>,
    count: u64,
}

impl Header {
    fn key(&mut self, key: &str, kind: u32) {
        put_text(&mut self.bytes, key);
        self.bytes.extend(kind.to_le_bytes());
        self.count += 1;
    }

    fn list(&mut self, key: &str, kind: u32, length: usize) {
        self.key(key, 9);
        self.bytes.extend(kind.to_le_bytes());
        self.bytes.extend((length as u64).to_le_bytes());
    }

    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.key(key, 8);
        put_text(&mut self.bytes, value);
    }

    pub(super) fn number(&mut self, key: &str, value: u32) {
        self.key(key, 4);
        self.bytes.extend(value.to_le_bytes());
    }

    pub(super) fn real(&mut self, key: &str, value: f32) {
        self.key(key, 6);
        self.bytes.extend(value.to_le_bytes());
    }

    pub(super) fn flag(&mut self, key: &str, value: bool) {
        self.key(key, 7);
        self.bytes.push(u8::from(value));
    }

    pub(super) fn texts(&mut self, key: &str, values: &[String]) {
        self.list(key, 8, values.len());
        for value in values {
            put_text(&mut self.bytes, value);
        }
    }

    pub(super) fn reals(&mut self, key: &str, values: &[f32]) {
        self.list(key, 6, values.len());
        self.bytes
            .extend(values.iter().flat_map(|v| v.to_le_bytes()));
    }

    pub(super) fn integers(&mut self, key: &str, values: &[i32]) {
        self.list(key, 5, values.len());
        self.bytes
            .extend(values.iter().flat_map(|v| v.to_le_bytes()));
    }
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_le_bytes());
    bytes.extend(text.as_bytes());
}

/// An f32 tensor `(rows, columns)` in a file; the caller has checked that it lies within.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub file: &'a File,
    pub path: &'a Path,
    pub start: u64,
    pub rows: usize,
    pub columns: usize,
}

struct Item<'a> {
    name: String,
    source: Source<'a>,
    kind: GgmlDType,
    /// Added to every value: llama.cpp stores Gemma's norms as weight + 1.
    shift: f32,
}

impl Item<'_> {
    fn bytes(&self) -> u64 {
        let values = self.source.rows * self.source.columns;
        (values / self.kind.block_size() * self.kind.type_size()) as u64
    }
}

/// The tensors of a file to be, in order.
#[derive(Default)]
pub(super) struct Plan<'a> {
    items: Vec<Item<'a>>,
}

impl<'a> Plan<'a> {
    pub(super) fn matrix(&mut self, name: impl Into<String>, source: Source<'a>, kind: GgmlDType) {
        let name = name.into();
        self.items.push(Item {
            name,
            source,
            kind,
            shift: 0.0,
        });
    }

    pub(super) fn norm(&mut self, name: impl Into<String>, source: Source<'a>) {
        let name = name.into();
        self.items.push(Item {
            name,
            source,
            kind: GgmlDType::F32,
            shift: 1.0,
        });
    }

    /// Writes the whole file.
    pub(super) fn write(
        &self,
        header: &Header,
        out: &mut impl Write,
        progress: &dyn Fn(u64, u64),
    ) -> Result<(), EngineError> {
        let head = self.head(header);
        let total = self
            .items
            .iter()
            .map(|i| i.bytes().next_multiple_of(ALIGNMENT))
            .sum::<u64>()
            + head.len() as u64;
        put(out, &head)?;
        let mut written = head.len() as u64;
        for item in &self.items {
            progress(written, total);
            write_item(item, out, &|bytes| progress(written + bytes, total))?;
            let padding = item.bytes().next_multiple_of(ALIGNMENT) - item.bytes();
            put(out, &[0; ALIGNMENT as usize][..padding as usize])?;
            written += item.bytes() + padding;
        }
        progress(written, total);
        Ok(())
    }

    fn head(&self, header: &Header) -> Vec<u8> {
        let mut head = b"GGUF".to_vec();
        head.extend(3u32.to_le_bytes());
        head.extend((self.items.len() as u64).to_le_bytes());
        head.extend(header.count.to_le_bytes());
        head.extend(&header.bytes);
        let mut offset = 0u64;
        for item in &self.items {
            put_text(&mut head, &format!("{}.weight", item.name));
            let shape = match item.source.rows {
                1 => vec![item.source.columns],
                rows => vec![item.source.columns, rows],
            };
            head.extend((shape.len() as u32).to_le_bytes());
            head.extend(shape.iter().flat_map(|n| (*n as u64).to_le_bytes()));
            let kind: u32 = if item.kind == GgmlDType::Q8_0 { 8 } else { 0 };
            head.extend(kind.to_le_bytes());
            head.extend(offset.to_le_bytes());
            offset += item.bytes().next_multiple_of(ALIGNMENT);
        }
        head.resize((head.len() as u64).next_multiple_of(ALIGNMENT) as usize, 0);
        head
    }
}

fn put(out: &mut impl Write, bytes: &[u8]) -> Result<(), EngineError> {
    out.write_all(bytes)
        .map_err(|e| io_error(Path::new("the converted file"), e))
}

fn write_item(
    item: &Item<'_>,
    out: &mut impl Write,
    progress: &dyn Fn(u64),
) -> Result<(), EngineError> {
    let source = item.source;
    let values = source.rows * source.columns;
    let mut raw = Vec::new();
    let mut converted = Vec::new();
    let mut done = 0u64;
    for from in (0..values).step_by(PIECE) {
        let count = PIECE.min(values - from);
        raw.resize(count * 4, 0);
        read_at(source.file, &mut raw, source.start + from as u64 * 4)
            .map_err(|e| io_error(source.path, e))?;
        let floats: Vec<f32> = raw
            .chunks_exact(4)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]) + item.shift)
            .collect();
        if floats.iter().any(|v| !v.is_finite()) {
            return Err(crate::error::damaged(source.path)(format!(
                "tensor {} holds values that are not numbers",
                item.name
            )));
        }
        converted.clear();
        match item.kind {
            GgmlDType::Q8_0 => quantise(&floats, &mut converted),
            _ => converted.extend(floats.iter().flat_map(|v| v.to_le_bytes())),
        }
        put(out, &converted)?;
        done += converted.len() as u64;
        progress(done);
    }
    Ok(())
}

/// Appends Q8_0 blocks: a half-precision scale and 32 signed bytes. `values` are a multiple of 32.
fn quantise(values: &[f32], out: &mut Vec<u8>) {
    for block in values.chunks_exact(32) {
        let most = block.iter().fold(0f32, |most, v| most.max(v.abs()));
        let scale = most / 127.0;
        let inverse = if scale == 0.0 { 0.0 } else { 1.0 / scale };
        out.extend(f16::from_f32(scale).to_le_bytes());
        out.extend(block.iter().map(|v| (v * inverse).round() as i8 as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_keeps_its_values_within_half_a_step() {
        let values: Vec<f32> = (0..32).map(|i| (i as f32 - 15.5) / 10.0).collect();
        let mut bytes = Vec::new();
        quantise(&values, &mut bytes);
        assert_eq!(bytes.len(), 34);
        let scale = f16::from_le_bytes([bytes[0], bytes[1]]).to_f32();
        for (value, byte) in values.iter().zip(&bytes[2..]) {
            assert!((value - scale * f32::from(*byte as i8)).abs() <= scale * 0.51);
        }
    }
}
