//! Objects that lie together in a stream.

use super::super::fault::PdfFault;
use super::lexer::{Lexer, Token};
use super::object::Object;

/// The most objects that lie in one stream.
const MAX_PACKED: usize = 200_000;

/// Returns the objects of an unpacked object stream: a list of numbers and places, then the objects from `first` on.
pub(super) fn objects(
    data: &[u8],
    first: usize,
    values_left: &mut usize,
) -> Result<Vec<(u32, Object)>, PdfFault> {
    let mut head = Lexer::new(&data[..first], false, MAX_PACKED * 2);
    let mut places = Vec::new();
    while let (Token::Value(number), Token::Value(place)) = (head.next(), head.next()) {
        let (Some(number), Some(place)) = (number.count(), place.count()) else {
            break;
        };
        places.push((number as u32, place));
    }
    // Places that run backwards would let one object be read many times over.
    places.sort_by_key(|(_, place)| *place);
    places.dedup_by_key(|(_, place)| *place);
    let mut out = Vec::with_capacity(places.len());
    let mut read_to = 0;
    for (number, place) in places {
        if place < read_to {
            continue;
        }
        let mut lexer = Lexer::new(data, true, *values_left);
        lexer.at = first.saturating_add(place).min(data.len());
        if let Token::Value(object) = lexer.next() {
            out.push((number, object));
            read_to = lexer.at - first;
        }
        *values_left = lexer.values_left;
        if *values_left == 0 {
            return Err(PdfFault::TooLarge {
                what: "в файле слишком много объектов",
            });
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_objects_are_read_by_their_places() {
        let found = objects(b"4 0 9 3 12 [1]", 7, &mut 100).unwrap();
        assert_eq!(found[0], (4, Object::Number(12.0)));
        assert_eq!(found[1], (9, Object::Array(vec![Object::Number(1.0)])));
    }
}
