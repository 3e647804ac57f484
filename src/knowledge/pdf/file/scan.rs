//! The pass over the bytes that finds the objects.

use std::collections::HashMap;

use super::super::fault::PdfFault;
use super::Entry;
use super::lexer::{Lexer, Token};
use super::object::{Dictionary, Object};
use super::signs::{Sign, find, next_sign};

/// The most values that the objects of a file may hold; a law of a thousand pages has a few hundred thousand.
pub(super) const MAX_VALUES: usize = 3_000_000;

/// The state of the pass.
pub(super) struct Scan<'a> {
    bytes: &'a [u8],
    objects: HashMap<u32, Entry>,
    trailers: Vec<Dictionary>,
    values_left: usize,
    /// Bytes that may still be looked at: unclosed values make the pass look at some bytes again.
    work_left: usize,
}

impl<'a> Scan<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Scan {
            bytes,
            objects: HashMap::new(),
            trailers: Vec::new(),
            values_left: MAX_VALUES,
            work_left: bytes.len().saturating_mul(8).saturating_add(1 << 20),
        }
    }

    /// Looks for `N G obj` and `trailer` from the first byte to the last, passing over the data of streams.
    pub fn run(&mut self) -> Result<(), PdfFault> {
        let mut at = 0;
        while let Some(found) = next_sign(self.bytes, at) {
            let (number, after) = match found {
                Sign::Object(number, after) => (Some(number), after),
                Sign::Trailer(after) => (None, after),
            };
            at = match number {
                Some(number) => self.object(number, after)?,
                None => self.trailer(after)?,
            };
        }
        match self.objects.is_empty() {
            true => Err(PdfFault::damaged("в нём нет объектов pdf")),
            false => Ok(()),
        }
    }

    /// The objects, and the trailers in order of place.
    pub fn into_parts(self) -> (HashMap<u32, Entry>, Vec<Dictionary>) {
        (self.objects, self.trailers)
    }

    fn spend(&mut self, from: usize, to: usize) -> Result<(), PdfFault> {
        let left = self.work_left.checked_sub(to.saturating_sub(from));
        self.work_left = left.unwrap_or(0);
        left.map(|_| ())
            .ok_or_else(|| PdfFault::damaged("в нём слишком много незакрытых объектов"))
    }

    fn value(&mut self, at: usize) -> Result<(Token<'a>, Lexer<'a>), PdfFault> {
        let mut lexer = Lexer::new(self.bytes, true, self.values_left);
        lexer.at = at;
        let token = lexer.next();
        self.values_left = lexer.values_left;
        if self.values_left == 0 {
            return Err(PdfFault::TooLarge {
                what: "в файле слишком много объектов",
            });
        }
        self.spend(at, lexer.at)?;
        Ok((token, lexer))
    }

    fn trailer(&mut self, at: usize) -> Result<usize, PdfFault> {
        match self.value(at)? {
            (Token::Value(Object::Dictionary(found)), lexer) => {
                self.trailers.push(found);
                Ok(lexer.at)
            }
            _ => Ok(at),
        }
    }

    /// Reads the object that begins at `at`; returns where to go on.
    fn object(&mut self, number: u32, at: usize) -> Result<usize, PdfFault> {
        let (token, mut lexer) = self.value(at)?;
        let Token::Value(object) = token else {
            return Ok(at);
        };
        lexer.skip_space();
        let mut end = lexer.at;
        let mut stream = None;
        if self.bytes[end..].starts_with(b"stream") && object.dictionary().is_some() {
            let (start, stop) = self.stream(end + b"stream".len(), &object)?;
            stream = Some((start, stop));
            end = stop;
        }
        self.objects.insert(
            number,
            Entry {
                object,
                stream,
                place: at,
            },
        );
        Ok(end)
    }

    /// Where the data of a stream lies. A length that stands in the dictionary and leads to `endstream` is right;
    /// else the data ends before the next `endstream`.
    fn stream(&mut self, at: usize, object: &Object) -> Result<(usize, usize), PdfFault> {
        let start = match &self.bytes[at.min(self.bytes.len())..] {
            [b'\r', b'\n', ..] => at + 2,
            [b'\r' | b'\n', ..] => at + 1,
            _ => at,
        };
        let stated = object
            .dictionary()
            .and_then(|d| d.get(&b"Length"[..]))
            .and_then(Object::count)
            .and_then(|l| start.checked_add(l))
            .filter(|end| *end <= self.bytes.len());
        if let Some(end) = stated {
            let rest = &self.bytes[end..];
            let rest = rest.trim_ascii_start();
            if rest.starts_with(b"endstream") {
                return Ok((start, end));
            }
        }
        let end = find(self.bytes, b"endstream", start).unwrap_or(self.bytes.len());
        self.spend(start, end)?;
        Ok((start, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_found_without_a_table() {
        let bytes = b"%PDF-1.4\n1 0 obj <</A 2>> endobj 7 0 obj <</Length 9>>stream\n3 0 obj x endstream endobj\n1 0 obj 5 endobj trailer <</Root 1 0 R>>";
        let mut scan = Scan::new(bytes);
        scan.run().unwrap();
        let (objects, trailers) = scan.into_parts();
        assert_eq!(objects[&1].object, Object::Number(5.0));
        assert_eq!(objects.len(), 2);
        assert_eq!(trailers.len(), 1);
        let (start, end) = objects[&7].stream.unwrap();
        assert_eq!(&bytes[start..end], b"3 0 obj x");
    }

    #[test]
    fn unclosed_strings_do_not_make_the_pass_endless() {
        let bytes = b"1 0 obj (".repeat(20_000);
        assert!(Scan::new(&bytes).run().is_err());
    }
}
