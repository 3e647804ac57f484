//! Unpacking of streams, within limits.

use std::cell::Cell;

use super::super::fault::PdfFault;
use super::inflate::{inflate, predicted};
use super::object::Dictionary;

/// The most bytes that one stream may unpack to.
const MAX_STREAM: usize = 64 << 20;
/// The most bytes that all streams together may unpack to.
const MAX_TOTAL: usize = 256 << 20;
/// What a stream costs at least: a file must not make endless use of empty ones.
const MIN_COST: usize = 1024;
/// The most filters that one stream may pass.
const MAX_FILTERS: usize = 4;

/// Bytes that may still be unpacked.
#[derive(Debug)]
pub(super) struct Budget(Cell<usize>);

impl Budget {
    pub fn new() -> Self {
        Budget(Cell::new(MAX_TOTAL))
    }

    fn spend(&self, bytes: usize) -> Result<(), PdfFault> {
        let left = self.0.get().checked_sub(bytes.max(MIN_COST));
        self.0.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(PdfFault::TooLarge {
            what: "распакованный файл больше 256 МБ",
        })
    }

    fn limit(&self) -> usize {
        self.0.get().min(MAX_STREAM)
    }
}

/// Returns what a stream holds. `filters` stand in the order of unpacking, each with its parameters.
///
/// Fails on an unknown filter, data that breaks off, and where the limits are reached.
pub(super) fn unpack(
    raw: &[u8],
    filters: &[(&[u8], Option<&Dictionary>)],
    budget: &Budget,
) -> Result<Vec<u8>, PdfFault> {
    if filters.len() > MAX_FILTERS {
        return Err(PdfFault::damaged("слишком много способов сжатия"));
    }
    let mut data: Option<Vec<u8>> = None;
    for (name, parameters) in filters {
        let input = data.as_deref().unwrap_or(raw);
        let output = match *name {
            b"FlateDecode" | b"Fl" => predicted(inflate(input, budget.limit())?, *parameters)?,
            b"ASCIIHexDecode" | b"AHx" => hexadecimal(input),
            b"ASCII85Decode" | b"A85" => base_85(input),
            other => {
                let name = String::from_utf8_lossy(other).into_owned();
                return Err(PdfFault::damaged(format!("неизвестное сжатие {name}")));
            }
        };
        budget.spend(output.len())?;
        data = Some(output);
    }
    match data {
        Some(data) => Ok(data),
        None => {
            budget.spend(raw.len())?;
            Ok(raw.to_vec())
        }
    }
}

fn hexadecimal(input: &[u8]) -> Vec<u8> {
    let digits = input
        .iter()
        .take_while(|b| **b != b'>')
        .filter_map(|b| char::from(*b).to_digit(16))
        .map(|d| d as u8)
        .collect::<Vec<_>>();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))
        .collect()
}

/// Five signs make four bytes, the last group may be shorter, `z` is four zeros.
fn base_85(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut group = Vec::with_capacity(5);
    let mut flush = |group: &mut Vec<u8>| {
        let length = group.len();
        if length > 1 {
            group.resize(5, b'u' - b'!');
            let value = group
                .iter()
                .fold(0u32, |v, d| v.wrapping_mul(85).wrapping_add(u32::from(*d)));
            out.extend_from_slice(&value.to_be_bytes()[..length - 1]);
        }
        group.clear();
    };
    for byte in input.iter().take_while(|b| **b != b'~') {
        match byte {
            b'z' if group.is_empty() => {
                group.resize(5, 0);
                flush(&mut group);
            }
            b'!'..=b'u' => {
                group.push(byte - b'!');
                if group.len() == 5 {
                    flush(&mut group);
                }
            }
            _ => {}
        }
    }
    flush(&mut group);
    out
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn filters_are_undone_in_order() {
        let budget = Budget::new();
        let flate: (&[u8], Option<&Dictionary>) = (b"FlateDecode", None);
        assert_eq!(unpack(&zip(b"abc"), &[flate], &budget).unwrap(), b"abc");
        assert_eq!(
            unpack(b"87cUR~>", &[(b"ASCII85Decode", None)], &budget).unwrap(),
            b"Hell"
        );
        assert_eq!(
            unpack(b"4142>", &[(b"ASCIIHexDecode", None)], &budget).unwrap(),
            b"AB"
        );
        assert!(unpack(b"x", &[(b"LZWDecode", None)], &budget).is_err());
        let whole = zip(b"abcdefghijklmnop");
        assert!(unpack(&whole[..whole.len() - 8], &[flate], &budget).is_err());
        let mut wrong = whole.clone();
        *wrong.last_mut().unwrap() ^= 1;
        assert!(unpack(&wrong, &[flate], &budget).is_err());
    }

    #[test]
    fn a_bomb_is_stopped() {
        let bomb = zip(&vec![0; MAX_STREAM + 10]);
        let found = unpack(&bomb, &[(b"FlateDecode", None)], &Budget::new());
        assert!(matches!(found, Err(PdfFault::TooLarge { .. })));
    }
}
