//! The file: its objects by number, found by looking through all its bytes.
//!
//! The table of places (xref) at the end of a pdf is not used: it is wrong in many damaged files, and it lets a hostile file name
//! one place a million times. A pass over the bytes finds every object once; of two with one number the later one counts.

mod filters;
mod inflate;
mod lexer;
mod object;
mod packed;
mod scan;
mod signs;
mod streams;
mod words;

use std::collections::HashMap;

pub(super) use lexer::{Lexer, Token};
pub(super) use object::{Dictionary, Object};

use super::fault::PdfFault;
use filters::Budget;
use scan::Scan;

/// How many references may be followed one after another.
const MAX_HOPS: usize = 16;

/// An object of the file.
#[derive(Debug)]
struct Entry {
    object: Object,
    /// Where the bytes of its stream lie.
    stream: Option<(usize, usize)>,
    /// Where in the file it was written.
    place: usize,
}

/// A pdf, taken apart into its objects.
#[derive(Debug)]
pub(super) struct File<'a> {
    bytes: &'a [u8],
    objects: HashMap<u32, Entry>,
    root: Option<Object>,
    budget: Budget,
}

impl<'a> File<'a> {
    /// Reads the objects of a file. Costs one pass over the bytes and the unpacking of the streams that hold objects.
    ///
    /// Fails on an encrypted file, one without objects, and one that makes the pass too long.
    pub fn open(bytes: &'a [u8]) -> Result<File<'a>, PdfFault> {
        let mut scan = Scan::new(bytes);
        scan.run()?;
        let (objects, trailers) = scan.into_parts();
        let mut file = File {
            bytes,
            objects,
            root: None,
            budget: Budget::new(),
        };
        let streams = file.cross_references();
        let entries = trailers.iter().chain(streams.iter());
        if entries
            .clone()
            .any(|t| t.get(&b"Encrypt"[..]).is_some_and(|e| *e != Object::Null))
        {
            return Err(PdfFault::Encrypted);
        }
        let roots = entries.filter_map(|t| t.get(&b"Root"[..])).cloned();
        let roots = roots.collect::<Vec<_>>();
        file.open_object_streams()?;
        file.root = roots
            .into_iter()
            .rev()
            .find(|r| file.has_pages(r))
            .or_else(|| file.catalog());
        Ok(file)
    }

    /// The root of the document, if there is one.
    pub fn root(&self) -> Option<&Dictionary> {
        self.dictionary(self.root.as_ref()?)
    }

    /// Follows references; what cannot be found is null.
    pub fn resolve<'s>(&'s self, object: &'s Object) -> &'s Object {
        let mut at = object;
        for _ in 0..MAX_HOPS {
            match at {
                Object::Reference(number) => match self.objects.get(number) {
                    Some(entry) => at = &entry.object,
                    None => return &Object::Null,
                },
                found => return found,
            }
        }
        &Object::Null
    }

    /// The value of a key, with references followed.
    pub fn get<'s>(&'s self, dictionary: &'s Dictionary, key: &[u8]) -> Option<&'s Object> {
        dictionary
            .get(key)
            .map(|o| self.resolve(o))
            .filter(|o| **o != Object::Null)
    }

    /// The dictionary that an object is, or that its stream has.
    pub fn dictionary<'s>(&'s self, object: &'s Object) -> Option<&'s Dictionary> {
        self.resolve(object).dictionary()
    }

    /// The dictionary at a key.
    pub fn entry<'s>(&'s self, dictionary: &'s Dictionary, key: &[u8]) -> Option<&'s Dictionary> {
        self.get(dictionary, key)?.dictionary()
    }

    /// The dictionaries of streams that stand for a trailer, in order of place.
    fn cross_references(&self) -> Vec<Dictionary> {
        let mut found = self.of_type(b"XRef").map(|(_, e)| e).collect::<Vec<_>>();
        found.sort_by_key(|e| e.place);
        found
            .into_iter()
            .filter_map(|e| e.object.dictionary().cloned())
            .collect()
    }

    fn of_type<'s>(&'s self, kind: &'s [u8]) -> impl Iterator<Item = (&'s u32, &'s Entry)> {
        self.objects.iter().filter(move |(_, e)| {
            let kind_of = e.object.dictionary().and_then(|d| d.get(&b"Type"[..]));
            kind_of.and_then(Object::name) == Some(kind)
        })
    }

    fn has_pages(&self, root: &Object) -> bool {
        self.dictionary(root)
            .is_some_and(|d| self.entry(d, b"Pages").is_some())
    }

    /// The last catalog of the file, for files whose trailer is lost.
    fn catalog(&self) -> Option<Object> {
        self.of_type(b"Catalog")
            .filter(|(_, e)| self.has_pages(&e.object))
            .max_by_key(|(_, e)| e.place)
            .map(|(number, _)| Object::Reference(*number))
    }

    /// Adds the objects that lie in streams.
    fn open_object_streams(&mut self) -> Result<(), PdfFault> {
        let mut streams = self
            .of_type(b"ObjStm")
            .map(|(number, e)| (e.place, *number))
            .collect::<Vec<_>>();
        streams.sort_unstable();
        let mut values_left = scan::MAX_VALUES;
        for (place, number) in streams {
            let data = self.unpacked(&Object::Reference(number))?;
            let first = self
                .dictionary(&Object::Reference(number))
                .and_then(|d| self.get(d, b"First"))
                .and_then(Object::count);
            let Some(first) = first.filter(|f| *f <= data.len()) else {
                continue;
            };
            for (number, object) in packed::objects(&data, first, &mut values_left)? {
                let newer = self.objects.get(&number).is_none_or(|e| e.place < place);
                if newer {
                    self.objects.insert(
                        number,
                        Entry {
                            object,
                            stream: None,
                            place,
                        },
                    );
                }
            }
        }
        Ok(())
    }
}
