//! Streams of the file: where their bytes lie and how they are packed.

use super::super::fault::PdfFault;
use super::filters::unpack;
use super::object::{Dictionary, Object};
use super::{File, MAX_HOPS};

/// The filters of a stream in the order of unpacking, each with its parameters.
type Filters<'s> = Vec<(&'s [u8], Option<&'s Dictionary>)>;

impl<'a> File<'a> {
    /// Returns the unpacked bytes of a stream; an object without one is damage.
    pub fn unpacked(&self, object: &Object) -> Result<Vec<u8>, PdfFault> {
        let mut at = object;
        for _ in 0..MAX_HOPS {
            let Object::Reference(number) = at else { break };
            let Some(entry) = self.objects.get(number) else {
                break;
            };
            let Some(range) = entry.stream else {
                at = &entry.object;
                continue;
            };
            let empty = Dictionary::new();
            let dictionary = entry.object.dictionary().unwrap_or(&empty);
            return unpack(
                self.raw(dictionary, range),
                &self.filters(dictionary),
                &self.budget,
            );
        }
        Err(PdfFault::damaged("потерян поток данных"))
    }

    /// The packed bytes: the length of the dictionary counts where it fits between the signs of the stream.
    fn raw(&self, dictionary: &Dictionary, (start, end): (usize, usize)) -> &'a [u8] {
        let stated = self.get(dictionary, b"Length").and_then(Object::count);
        let length = stated.filter(|l| {
            let rest = self.bytes.get(start + l..).unwrap_or(&[]);
            *l <= end - start && rest.trim_ascii_start().starts_with(b"endstream")
        });
        &self.bytes[start..length.map_or(end, |l| start + l)]
    }

    fn filters<'s>(&'s self, dictionary: &'s Dictionary) -> Filters<'s> {
        let either = |long: &[u8], short: &[u8]| {
            self.get(dictionary, long)
                .or_else(|| self.get(dictionary, short))
        };
        let list = |object: Option<&'s Object>| match object {
            Some(Object::Array(items)) => items.iter().map(|i| self.resolve(i)).collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        let parameters = list(either(b"DecodeParms", b"DP"));
        let names = list(either(b"Filter", b"F")).into_iter().enumerate();
        names
            .filter_map(|(i, name)| {
                let parameters = parameters.get(i).and_then(|p| p.dictionary());
                Some((name.name()?, parameters))
            })
            .collect()
    }
}
