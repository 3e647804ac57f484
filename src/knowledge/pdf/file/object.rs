//! The values that a pdf is made of.

use std::collections::BTreeMap;

/// A value of a pdf.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::knowledge::pdf) enum Object {
    Null,
    Boolean(bool),
    Number(f64),
    Text(Vec<u8>),
    Name(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    /// The number of another object; generations are not told apart.
    Reference(u32),
}

/// A dictionary of a pdf.
pub(in crate::knowledge::pdf) type Dictionary = BTreeMap<Vec<u8>, Object>;

impl Object {
    pub fn number(&self) -> Option<f64> {
        match self {
            Object::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub fn count(&self) -> Option<usize> {
        self.number()
            .filter(|v| *v >= 0.0 && *v < 1e9 && v.fract() == 0.0)
            .map(|v| v as usize)
    }

    pub fn name(&self) -> Option<&[u8]> {
        match self {
            Object::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn array(&self) -> Option<&[Object]> {
        match self {
            Object::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Object::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }
}
