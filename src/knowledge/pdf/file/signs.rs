//! The words of the file by which its objects are found.

/// A place where something begins.
pub(super) enum Sign {
    /// The object's number and the place behind its head.
    Object(u32, usize),
    /// The place behind the word.
    Trailer(usize),
}

/// The next `N G obj` or `trailer` at or after `from`.
pub(super) fn next_sign(bytes: &[u8], from: usize) -> Option<Sign> {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'o' if bytes[at..].starts_with(b"obj") => {
                if let Some(number) = number_before(&bytes[..at]) {
                    return Some(Sign::Object(number, at + 3));
                }
            }
            b't' if bytes[at..].starts_with(b"trailer") => {
                return Some(Sign::Trailer(at + 7));
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The number N of «N G » at the end of `head`.
fn number_before(head: &[u8]) -> Option<u32> {
    let head = head.trim_ascii_end();
    let (head, generation) = digits_at_end(head)?;
    let spaced = head.trim_ascii_end();
    if spaced.len() == head.len() || generation.len() > 5 {
        return None;
    }
    let (_, number) = digits_at_end(spaced)?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

fn digits_at_end(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let count = bytes
        .iter()
        .rev()
        .take(10)
        .take_while(|b| b.is_ascii_digit())
        .count();
    (count > 0).then(|| bytes.split_at(bytes.len() - count))
}

/// The first place of some bytes at or after `from`.
pub(super) fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let first = *wanted.first()?;
    let mut at = from;
    while let Some(step) = bytes.get(at..)?.iter().position(|b| *b == first) {
        at += step;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
    None
}
