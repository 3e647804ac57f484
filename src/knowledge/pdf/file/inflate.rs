//! Data packed by zlib, and the differences between its rows.

use flate2::{Decompress, FlushDecompress, Status};

use super::super::fault::PdfFault;
use super::object::Dictionary;

/// How many bytes are unpacked at a time.
const CHUNK: usize = 64 << 10;
/// The longest row of a predictor.
const MAX_ROW: usize = 1 << 20;

/// Unpacks data of zlib. The data must come to its end, and a checksum behind it must be right: else letters may be wrong.
pub(super) fn inflate(input: &[u8], limit: usize) -> Result<Vec<u8>, PdfFault> {
    let broken = || PdfFault::damaged("сжатый поток обрывается");
    let body = input.get(2..).unwrap_or(&[]);
    let mut decoder = Decompress::new(false);
    let mut out = Vec::new();
    if input.is_empty() {
        return Ok(out);
    }
    loop {
        out.reserve(CHUNK);
        let (read, written) = (decoder.total_in(), decoder.total_out());
        let rest = body.get(read as usize..).unwrap_or(&[]);
        let status = decoder
            .decompress_vec(rest, &mut out, FlushDecompress::None)
            .map_err(|_| broken())?;
        if out.len() > limit {
            return Err(PdfFault::TooLarge {
                what: "распакованный поток больше 64 МБ",
            });
        }
        if status == Status::StreamEnd {
            let end = body.get(decoder.total_in() as usize..).unwrap_or(&[]);
            return match end.first_chunk::<4>() {
                Some(sum) if u32::from_be_bytes(*sum) != checksum(&out) => Err(broken()),
                _ => Ok(out),
            };
        }
        if decoder.total_in() == read && decoder.total_out() == written {
            return Err(broken());
        }
    }
}

/// Adler-32.
fn checksum(bytes: &[u8]) -> u32 {
    const PRIME: u32 = 65_521;
    let (mut a, mut b) = (1, 0);
    // So many bytes cannot overflow the sums.
    for piece in bytes.chunks(5_000) {
        for byte in piece {
            a += u32::from(*byte);
            b += a;
        }
        a %= PRIME;
        b %= PRIME;
    }
    b << 16 | a
}

/// Undoes the difference to the row above or the byte to the left.
pub(super) fn predicted(
    data: Vec<u8>,
    parameters: Option<&Dictionary>,
) -> Result<Vec<u8>, PdfFault> {
    let get = |key: &[u8], default: usize| {
        parameters
            .and_then(|p| p.get(key))
            .and_then(|o| o.count())
            .unwrap_or(default)
    };
    let predictor = get(b"Predictor", 1);
    if predictor < 10 {
        // The predictor of TIFF is used for pictures only.
        return Ok(data);
    }
    let bits = get(b"Colors", 1)
        .saturating_mul(get(b"BitsPerComponent", 8))
        .max(8);
    let row = bits.saturating_mul(get(b"Columns", 1)).div_ceil(8);
    if row == 0 || row > MAX_ROW {
        return Err(PdfFault::damaged("строка потока слишком длинная"));
    }
    let pixel = (bits / 8).min(row);
    let mut out: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0; row];
    for line in data.chunks(row + 1) {
        let Some((kind, bytes)) = line.split_first() else {
            break;
        };
        let mut current = bytes.to_vec();
        current.resize(row, 0);
        undo(*kind, pixel, &above, &mut current);
        out.extend_from_slice(&current[..bytes.len()]);
        above = current;
    }
    Ok(out)
}

fn undo(kind: u8, pixel: usize, above: &[u8], current: &mut [u8]) {
    for i in 0..current.len() {
        let left = if i >= pixel { current[i - pixel] } else { 0 };
        let corner = if i >= pixel { above[i - pixel] } else { 0 };
        let guess = match kind {
            1 => left,
            2 => above[i],
            3 => ((u16::from(left) + u16::from(above[i])) / 2) as u8,
            4 => nearest(left, above[i], corner),
            _ => 0,
        };
        current[i] = current[i].wrapping_add(guess);
    }
}

fn nearest(left: u8, above: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(above), i16::from(corner));
    let guess = a + b - c;
    let (to_a, to_b, to_c) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        above
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::super::object::Object;
    use super::*;

    #[test]
    fn rows_are_added_up() {
        let mut parameters = Dictionary::new();
        for (key, value) in [(&b"Predictor"[..], 12.0), (b"Columns", 2.0)] {
            parameters.insert(key.to_vec(), Object::Number(value));
        }
        let data = predicted(vec![2, 1, 2, 2, 1, 1, 3, 4, 4], Some(&parameters)).unwrap();
        assert_eq!(data, [1, 2, 2, 3, 5, 8]);
    }
}
