//! References to norms in running text: «п. 6 ч. 1 ст. 81 ТК РФ», «статья 312-1», «ст.ст. 80, 81».

mod act;
mod level;
mod note;
mod token;

use serde::Serialize;

use super::citation::{ActId, Citation};
use act::{Named, act_at};
use level::{Group, Level, annexes, group, is_unit, norm_number};
use note::number_notes;
use token::{Kind, Token, tokens};

/// A norm named in a text, with its place in Unicode characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    /// What is named.
    #[serde(rename = "norm")]
    pub citation: Citation,
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// The words of the text at that place.
    pub text: String,
}

/// Groups that belong to one reference, with the act found beside them.
struct Cluster {
    groups: Vec<Group>,
    act: Option<Named>,
    next: usize,
    /// One past the last token of the act's name behind the reference, or of the reference.
    end: usize,
}

/// Returns the norms a text names, in order of place; an act that is not named is `default_act`.
///
/// Dates, sums and terms are no references; norms of acts we have no id for are left out. One pass over the text.
pub fn find_references(text: &str, default_act: &ActId) -> Vec<Reference> {
    let chars = text.chars().collect::<Vec<_>>();
    let tokens = tokens(&chars);
    let mut clusters: Vec<Cluster> = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        match cluster_at(&tokens, i, default_act) {
            Some(cluster) => {
                i = cluster.end.max(i + 1);
                clusters.push(cluster);
            }
            None => i += 1,
        }
    }
    inherit(&tokens, &mut clusters);
    let mut out = Vec::new();
    for (k, cluster) in clusters.iter().enumerate() {
        let free_from = if k == 0 { 0 } else { clusters[k - 1].end };
        let act = cluster
            .act
            .clone()
            .or_else(|| act_before(&tokens, cluster.groups[0].first, free_from));
        spell(&tokens, cluster, act.as_ref(), default_act, &mut out);
    }
    for reference in &mut out {
        reference.text = chars[reference.start..reference.end].iter().collect();
    }
    out
}

/// «ст. 131 и ст. 132 ГПК»: the first takes the act of the second.
fn inherit(tokens: &[Token], clusters: &mut [Cluster]) {
    for k in (1..clusters.len()).rev() {
        let gap = &tokens[clusters[k - 1].end..clusters[k].groups[0].first];
        let joined = gap.len() <= 2
            && gap
                .iter()
                .all(|t| matches!(t.norm.as_str(), "," | "и" | "или"));
        if joined && clusters[k - 1].act.is_none() {
            clusters[k - 1].act = clusters[k].act.clone();
        }
    }
}

fn cluster_at(tokens: &[Token], i: usize, default_act: &ActId) -> Option<Cluster> {
    let Some(first) = group(tokens, i) else {
        return annex_at(tokens, i).or_else(|| bare_at(tokens, i, default_act));
    };
    let mut groups = vec![first];
    let descends = groups[0].level == Level::Article;
    loop {
        let next = groups.last()?.next;
        let comma = tokens.get(next).is_some_and(|t| t.is(","));
        let Some(more) =
            group(tokens, next + usize::from(comma)).or_else(|| spoken_article(tokens, next))
        else {
            break;
        };
        let taken = groups.iter().any(|g| g.level == more.level);
        let deeper = groups.last().is_some_and(|g| more.level > g.level);
        if taken || descends && (!deeper || comma && belongs_to_next(tokens, &more)) {
            break;
        }
        let closes = more.level == Level::Article;
        groups.push(more);
        if closes {
            break;
        }
    }
    number_notes(&mut groups)?;
    let mut next = groups.last()?.next;
    if let Some(annexed) = annex_at(tokens, next) {
        next = annexed.next;
        groups.extend(annexed.groups);
    }
    let (act, end) = match act_at(tokens, next) {
        Some((named, end)) => (Some(named), end),
        None => (None, next),
    };
    let has_article = groups.iter().any(|g| g.level == Level::Article);
    let of_points =
        |named: &Option<Named>| matches!(named, Some(Named::Act(act)) if !act.has_articles());
    let before = || act_before(tokens, groups[0].first, 0);
    let usable = has_article
        || of_points(&act)
        || of_points(&before())
        || !default_act.has_articles() && act.is_none();
    usable.then_some(Cluster {
        groups,
        act,
        next,
        end,
    })
}

/// «приложение № 1 к приказу …»: annexes of an act that has points in place of articles.
fn annex_at(tokens: &[Token], i: usize) -> Option<Cluster> {
    let groups = annexes(tokens, i);
    let next = groups.last()?.next;
    let (act, end) = act_at(tokens, next)?;
    let of_points = matches!(&act, Named::Act(act) if !act.has_articles());
    of_points.then_some(Cluster {
        groups,
        act: Some(act),
        next,
        end,
    })
}

/// «часть 2 81 статьи»: a number that only a marker behind makes an article.
fn spoken_article(tokens: &[Token], next: usize) -> Option<Group> {
    tokens.get(next).filter(|t| t.kind == Kind::Number)?;
    group(tokens, next)
}

/// Whether levels after a comma lead on to another article: «ст. 80, ч. 1 ст. 81».
fn belongs_to_next(tokens: &[Token], from: &Group) -> bool {
    let mut at = from.next;
    while let Some(more) = group(tokens, at) {
        if more.level == Level::Article {
            return true;
        }
        at = more.next;
    }
    false
}

/// A number without a marker: «312.1» of the Labour Code, «81 ТК».
fn bare_at(tokens: &[Token], i: usize, default_act: &ActId) -> Option<Cluster> {
    let token = tokens.get(i).filter(|t| t.kind == Kind::Number)?;
    let text = norm_number(&token.norm)?;
    let before = i.checked_sub(1).and_then(|k| tokens.get(k));
    let led = before.is_some_and(|t| {
        matches!(
            t.norm.as_str(),
            "№" | "$"
                | "глава"
                | "главы"
                | "главе"
                | "главой"
                | "гл"
                | "раздел"
                | "раздела"
                | "разделе"
        )
    });
    let lead_dot = before.is_some_and(|t| t.is("."))
        && i.checked_sub(2)
            .and_then(|k| tokens.get(k))
            .is_some_and(|t| matches!(t.norm.as_str(), "гл" | "разд"));
    if led || lead_dot || is_unit(tokens.get(i + 1)) {
        return None;
    }
    let named = act_at(tokens, i + 1).filter(|_| {
        tokens.get(i + 1).is_some_and(|t| {
            t.kind == Kind::Word
                && matches!(t.norm.as_str(), "тк" | "гпк" | "коап" | "гк" | "трудового")
        })
    });
    let of_tk =
        default_act.as_str() == "tk" && is_inserted_article(&text) && !is_fraction_like(tokens, i);
    if named.is_none() && !of_tk {
        return None;
    }
    let value = level::Value {
        text,
        first: i,
        next: i + 1,
    };
    let groups = vec![Group {
        level: Level::Article,
        values: vec![value],
        first: i,
        next: i + 1,
    }];
    let end = named.as_ref().map_or(i + 1, |(_, end)| *end);
    Some(Cluster {
        groups,
        act: named.map(|(n, _)| n),
        next: i + 1,
        end,
    })
}

/// Bases of the Labour Code's inserted articles above 31 (below that a number may be a day) with their last index.
#[rustfmt::skip]
const INSERTED: [(u32, u32); 43] = [
    (35, 1), (53, 1), (56, 1), (60, 2), (64, 1), (66, 1), (67, 1), (72, 2), (84, 1), (133, 1), (158, 1),
    (168, 1), (173, 1), (181, 1), (185, 1), (195, 3), (209, 1), (211, 3), (213, 1), (214, 2), (216, 3),
    (228, 1), (229, 3), (230, 1), (262, 2), (263, 1), (264, 1), (281, 1), (309, 2), (312, 9), (327, 7),
    (328, 1), (330, 5), (331, 1), (332, 1), (336, 3), (341, 5), (345, 1), (348, 13), (349, 6), (351, 8),
    (353, 1), (360, 1),
];

fn is_inserted_article(text: &str) -> bool {
    let mut pieces = text
        .split(['.', '-'])
        .map(|p| p.parse::<u32>().unwrap_or(0));
    let (Some(base), Some(index)) = (pieces.next(), pieces.next()) else {
        return false;
    };
    INSERTED
        .iter()
        .any(|(b, last)| *b == base && (1..=*last).contains(&index))
}

/// «67.1 кг», «53.1-процентный», «312.1,5»: part of a measure and no article.
fn is_fraction_like(tokens: &[Token], i: usize) -> bool {
    let glued = |t: Option<&Token>, at: usize| {
        t.is_some_and(|t| t.start == at && matches!(t.norm.as_str(), "-" | "/" | "%" | "$" | "€"))
    };
    let measure = tokens.get(i + 1).is_some_and(|t| {
        t.kind == Kind::Word
            && matches!(
                t.norm.as_str(),
                "кг" | "м" | "км" | "см" | "га" | "т" | "л" | "ч"
            )
    });
    glued(tokens.get(i + 1), tokens[i].end) || measure
}

/// The act's name right before a reference, unless an earlier reference took it.
fn act_before(tokens: &[Token], first: usize, free_from: usize) -> Option<Named> {
    let end = match first.checked_sub(1).and_then(|k| tokens.get(k)) {
        Some(t) if matches!(t.norm.as_str(), "," | ":" | "(" | "—" | "–") => first - 1,
        _ => first,
    };
    (free_from.max(end.saturating_sub(16))..end).find_map(|k| {
        act_at(tokens, k)
            .filter(|(_, next)| *next == end)
            .map(|(named, _)| named)
    })
}

/// Writes the references of a cluster: every value of a list is one.
fn spell(
    tokens: &[Token],
    cluster: &Cluster,
    act: Option<&Named>,
    default_act: &ActId,
    out: &mut Vec<Reference>,
) {
    let articles = cluster.groups.iter().find(|g| g.level == Level::Article);
    let single = cluster.groups.len() == 1;
    let has_subpoint = |g: &Group| {
        g.values
            .iter()
            .any(|v| v.text.starts_with(|c: char| c.is_ascii_digit()))
    };
    let numeric_sub = cluster
        .groups
        .iter()
        .any(|g| g.level == Level::Subpoint && has_subpoint(g))
        && !cluster.groups.iter().any(|g| g.level == Level::Point);
    let descends = cluster.groups[0].level == Level::Article;
    let article_values = articles
        .map(|g| g.values.iter().map(Some).collect::<Vec<_>>())
        .unwrap_or_else(|| vec![None]);
    // «ч. 1 ст. 80 и 81» speaks of a part of 80 only, «ст. 80, 81 ч. 1» of a part of 81 only.
    let detailed = if descends {
        article_values.len() - 1
    } else {
        0
    };
    let (all_start, all_end) = (
        tokens[cluster.groups[0].first].start,
        tokens[cluster.end.max(cluster.next) - 1].end,
    );
    for (k, article) in article_values.iter().enumerate() {
        let Some(act) = resolve(act, article.map(|v| v.text.as_str()), default_act) else {
            continue;
        };
        let base = Citation {
            article: article.map(|v| v.text.clone()),
            ..Citation::of_act(act)
        };
        if k != detailed || single {
            let (Some(value), Some(group)) = (article, articles) else {
                if single && k == detailed {
                    expand(base, cluster, numeric_sub, (all_start, all_end), out);
                }
                continue;
            };
            let start = if k == 0 {
                tokens[group.first].start
            } else {
                tokens[value.first].start
            };
            let is_last = k + 1 == article_values.len();
            let end = if is_last && single {
                all_end
            } else {
                tokens[value.next - 1].end
            };
            out.push(Reference {
                citation: base,
                start,
                end,
                text: String::new(),
            });
        } else {
            expand(base, cluster, numeric_sub, (all_start, all_end), out);
        }
    }
}

fn resolve(act: Option<&Named>, article: Option<&str>, default_act: &ActId) -> Option<ActId> {
    match act {
        None => Some(default_act.clone()),
        Some(Named::Act(act)) => Some(act.clone()),
        Some(Named::Unknown) => None,
        Some(Named::CivilCode) => {
            let base = article?.split('.').next()?.parse::<u32>().ok()?;
            let id = match base {
                0..=453 => "gk-1",
                454..=1109 => "gk-2",
                1110..=1224 => "gk-3",
                _ => "gk-4",
            };
            ActId::new(id).ok()
        }
    }
}

/// Every combination of the lower levels' values.
fn expand(
    base: Citation,
    cluster: &Cluster,
    numeric_sub: bool,
    (start, end): (usize, usize),
    out: &mut Vec<Reference>,
) {
    let mut found = vec![base];
    for group in cluster.groups.iter().filter(|g| g.level != Level::Article) {
        let mut next = Vec::new();
        for citation in &found {
            for value in &group.values {
                let mut deeper = citation.clone();
                let text = Some(value.text.clone());
                match group.level {
                    Level::Part => deeper.part = text,
                    Level::Point => deeper.point = text,
                    Level::Subpoint if numeric_sub => deeper.point = text,
                    Level::Subpoint => deeper.subpoint = text,
                    Level::Paragraph => deeper.paragraph = value.text.parse().ok(),
                    Level::Annex => deeper.annex.insert(0, value.text.clone()),
                    Level::Article => {}
                }
                next.push(deeper);
            }
        }
        found = next;
    }
    for mut citation in found {
        let inner = citation.point.is_some() || citation.subpoint.is_some();
        if citation.article.is_some() && inner && citation.part.is_none() {
            citation.part = Some("1".to_owned());
        }
        out.push(Reference {
            citation,
            start,
            end,
            text: String::new(),
        });
    }
}

#[cfg(test)]
mod tests;
