//! Widths of the glyphs of fonts with long codes.

use std::collections::HashMap;

use super::super::file::{File, Object};

/// The most entries of a width list.
const MAX_WIDTHS: usize = 70_000;

/// `c [w w w]` and `first last w`.
pub(super) fn of_codes(file: &File, list: &[Object]) -> HashMap<u32, f32> {
    let mut out = HashMap::new();
    let mut at = 0;
    while at + 1 < list.len() && out.len() < MAX_WIDTHS {
        let Some(first) = file.resolve(&list[at]).count() else {
            break;
        };
        match file.resolve(&list[at + 1]) {
            Object::Array(widths) => {
                for (i, width) in widths.iter().enumerate().take(MAX_WIDTHS) {
                    let width = file.resolve(width).number().unwrap_or(0.0);
                    out.insert((first + i) as u32, (width / 1000.0) as f32);
                }
                at += 2;
            }
            last => {
                let width = list.get(at + 2).and_then(|w| file.resolve(w).number());
                let (Some(last), Some(width)) = (last.count(), width) else {
                    break;
                };
                for code in first..=last.min(first + MAX_WIDTHS) {
                    out.insert(code as u32, (width / 1000.0) as f32);
                }
                at += 3;
            }
        }
    }
    out
}
