//! Which numbers of a sequence are whole, and which have an index that lost its place.

/// No act counts further.
const MOST: u32 = 9999;

/// How many numbers a look ahead may read; no article has as many indexes.
const AHEAD: usize = 200;

/// A number that the neighbours do not settle.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Doubt {
    pub number: String,
    pub before: String,
}

/// Returns for every number what it should be, or nothing where it is right.
///
/// A number that begins with the digits of the last whole number and does not follow it («312», «3121») has an index if the next
/// whole number is the follower («313»); it is whole if the numbers go on from it. Costs a look ahead for every such number.
pub(super) fn resolve(numbers: &[&str]) -> Result<Vec<Option<String>>, Doubt> {
    let mut out = Vec::with_capacity(numbers.len());
    let mut base = 0_u32;
    for (at, number) in numbers.iter().enumerate() {
        let (new, whole) = one(number, base, &numbers[at + 1..]).ok_or_else(|| Doubt {
            number: (*number).to_owned(),
            before: base.to_string(),
        })?;
        base = whole.unwrap_or(base);
        out.push(new);
    }
    Ok(out)
}

/// The repaired number, and the whole number that it begins; nothing if it is in doubt.
fn one(number: &str, base: u32, rest: &[&str]) -> Option<(Option<String>, Option<u32>)> {
    if let Ok(whole) = number.parse::<u32>() {
        if whole > MOST {
            return index(number, base).map(|new| (Some(new), None));
        }
        if whole == base + 1 || index(number, base).is_none() {
            return Some((None, Some(whole)));
        }
        return match follows(number, base, rest) {
            Follows::Index => Some((index(number, base), None)),
            Follows::Whole => Some((None, Some(whole))),
            Follows::Neither => None,
        };
    }
    let leading = number.split(['.', '-']).next()?.parse::<u32>().ok();
    let dotted = number.contains('.');
    // «348.11-1» is right, «34811-1» has lost its dot, «22-1» is an old way to write an index.
    if !dotted && leading.is_some_and(|l| l == base) {
        return Some((Some(number.replacen('-', ".", 1)), None));
    }
    if !dotted && let Some(new) = index(number, base) {
        return Some((Some(new), None));
    }
    Some((None, leading))
}

/// «3121» behind 312 → «312.1»; nothing where the number does not begin with those digits.
fn index(number: &str, base: u32) -> Option<String> {
    let rest = number.strip_prefix(&base.to_string())?;
    let counted = rest.starts_with(|c: char| ('1'..='9').contains(&c));
    (base > 0 && counted).then(|| format!("{base}.{rest}"))
}

enum Follows {
    Index,
    Whole,
    Neither,
}

/// What the numbers behind say.
fn follows(number: &str, base: u32, rest: &[&str]) -> Follows {
    let whole = number.parse::<u32>().unwrap_or(0);
    for next in rest.iter().take(AHEAD) {
        let Ok(next_whole) = next.parse::<u32>() else {
            continue;
        };
        if next_whole == base + 1 {
            return Follows::Index;
        }
        if index(next, base).is_some() {
            continue;
        }
        return match next_whole {
            n if n > whole && n - whole <= 100 => Follows::Whole,
            // A new count begins (another article, an annex): what stands here ended with its index.
            n if n <= base => Follows::Index,
            _ => Follows::Neither,
        };
    }
    // The last of its count: so far away that it can be no follower.
    Follows::Index
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(numbers: &str) -> Result<String, Doubt> {
        let numbers = numbers.split(' ').collect::<Vec<_>>();
        let found = resolve(&numbers)?;
        let shown = found.into_iter().zip(&numbers);
        Ok(shown
            .map(|(new, old)| new.unwrap_or_else(|| (*old).to_owned()))
            .collect::<Vec<_>>()
            .join(" "))
    }

    #[test]
    fn neighbours_tell_indexes_from_whole_numbers() {
        for (given, wanted) in [
            ("311 312 3121 3122 313", "311 312 312.1 312.2 313"),
            ("22 221 222 223 23", "22 22.1 22.2 22.3 23"),
            ("1 11 2", "1 1.1 2"),
            ("9 10 11 12", "9 10 11 12"),
            ("10 101 102 109 110 111", "10 101 102 109 110 111"),
            ("190 191 192", "190 191 192"),
            (
                "348 3489 34810 34811 34811-1 349",
                "348 348.9 348.10 348.11 348.11-1 349",
            ),
            ("21 22 22-1 23", "21 22 22.1 23"),
            ("423 424 4241", "423 424 424.1"),
            ("312 312.1 313", "312 312.1 313"),
            ("244 262 263", "244 262 263"),
        ] {
            assert_eq!(read(given).unwrap(), wanted);
        }
    }

    #[test]
    fn a_number_between_both_is_in_doubt() {
        assert_eq!(
            read("5 6 61 50 51"),
            Err(Doubt {
                number: "61".into(),
                before: "6".into()
            })
        );
    }
}
