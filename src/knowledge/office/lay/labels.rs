//! Numbers and ranges of numbers: «17.1 - 17.3», «1) - 3)», «б)».

use crate::law::citation::is_number;

/// The most norms that one line may name.
pub(super) const RANGE_LIMIT: u32 = 200;

const RUSSIAN: &str = "абвгдежзиклмнопрстуфхцчшщэюя";

/// Returns the numbers of «7.», « 17.1 - 17.3.».
pub(super) fn numbers(text: &str) -> Option<Vec<String>> {
    let text = text.trim().trim_end_matches('.');
    match text.split_once([' ']) {
        None => is_number(text).then(|| vec![text.to_owned()]),
        Some((from, rest)) => {
            let to = rest.trim_start_matches(['-', '–', '—', ' ']);
            range(from.trim_end_matches('.'), to)
        }
    }
}

/// Returns the labels of «4)», «1) - 3)», «2.», «3 - 5.», «б)» as the lines would begin with them.
pub(super) fn labels(subject: &str) -> Option<Vec<String>> {
    let stop = subject.chars().last().filter(|c| matches!(c, ')' | '.'))?;
    let inner = subject.trim_end_matches(stop);
    let ends = inner.split([' ', '-', '–', '—']).filter(|p| !p.is_empty());
    let ends = ends.map(|p| p.trim_end_matches(stop)).collect::<Vec<_>>();
    let found = match ends[..] {
        [one] if is_number(one) || letter(one).is_some() && stop == ')' => vec![one.to_owned()],
        // «12.1-1.» is one number with a dash of its own.
        _ if is_number(inner) => vec![inner.to_owned()],
        [from, to] if is_number(from) => range(from, to)?,
        [from, to] if stop == ')' => {
            let (a, b) = (letter(from)?, letter(to)?);
            let all = RUSSIAN.chars().map(String::from);
            all.skip(a).take((b + 1).checked_sub(a)?).collect()
        }
        _ => return None,
    };
    Some(found.into_iter().map(|n| format!("{n}{stop}")).collect())
}

fn letter(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let only = chars.next().filter(|_| chars.next().is_none())?;
    RUSSIAN.chars().position(|c| c == only)
}

/// Numbers that differ in the last place: 17.1 … 17.3, 12.1-1 … 12.1-4; or 7.31 … 7.32.1, which ends one level deeper.
fn range(from: &str, to: &str) -> Option<Vec<String>> {
    match to.rsplit_once('.') {
        Some((above, _)) if level(to) == level(from) + 1 => {
            let mut numbers = run(from, above)?;
            numbers.extend(run(&format!("{above}.1"), to)?);
            Some(numbers)
        }
        _ => run(from, to),
    }
}

fn level(number: &str) -> usize {
    number.matches(['.', '-']).count()
}

fn run(from: &str, to: &str) -> Option<Vec<String>> {
    if !is_number(from) || !is_number(to) {
        return None;
    }
    let cut = |n: &str| n.rfind(['.', '-']).map_or(0, |at| at + 1);
    let (a, b) = (cut(from), cut(to));
    let last = |n: &str, at: usize| n[at..].parse::<u32>().ok();
    let (low, high) = (last(from, a)?, last(to, b)?);
    let fits = from[..a] == to[..b] && low <= high && high - low < RANGE_LIMIT;
    fits.then(|| (low..=high).map(|n| format!("{}{n}", &from[..a])).collect())
}
