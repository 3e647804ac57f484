//! Whether an act of points is there from its head to its end.

use super::build::Points;
use crate::knowledge::act::NodeKind;
use crate::knowledge::error::KnowledgeError;
use crate::law::ActId;

/// Returns the numbers that are missing: «7» of the act itself, «a1:7» of an annex.
pub(in crate::knowledge) fn gaps(points: &Points) -> Vec<String> {
    let of_text = |(path, numbering): &(Vec<String>, super::numbering::Numbering)| {
        let lead = path.iter().map(|l| format!("{l}:")).collect::<String>();
        numbering
            .gaps()
            .into_iter()
            .map(move |n| format!("{lead}{n}"))
            .collect::<Vec<_>>()
    };
    points.texts.iter().flat_map(of_text).collect()
}

/// Checks that the text has its end and its middle.
///
/// Fails where a text breaks off in a sentence, an act other than a Plenum's lacks its signature, what an act approves is not in
/// the file, or more numbers are missing than repeals leave.
pub(in crate::knowledge) fn check(
    points: &Points,
    act: &ActId,
    name: &str,
) -> Result<(), KnowledgeError> {
    let name = name.to_owned();
    let nodes = &points.structure.nodes;
    let is_plenum = act.as_str().starts_with("pvs-");
    let whole = points.ended && (points.signed || is_plenum);
    if !whole {
        let last = nodes.iter().rfind(|n| n.kind == NodeKind::Point);
        let last = last.and_then(|n| n.citation.as_ref());
        return Err(KnowledgeError::CutOff {
            name,
            last: last.map_or_else(|| act.russian(), |c| c.russian()),
        });
    }
    let approves = nodes.iter().any(|n| {
        let lower = n.text.to_lowercase();
        let lead = lower.trim_start_matches(|c: char| !c.is_alphabetic());
        let own = n.citation.as_ref().is_none_or(|c| c.annex.is_empty());
        let said = lead.starts_with("утвердить прилагаем") || lead.contains("согласно приложению");
        own && said && lower.contains("утвердить")
    });
    let annexed = nodes.iter().any(|n| n.kind == NodeKind::Annex);
    if approves && !annexed {
        return Err(KnowledgeError::NoAnnex { name });
    }
    let gaps = gaps(points);
    let count = nodes.iter().filter(|n| n.kind == NodeKind::Point).count();
    if gaps.len() > count / 5 + 1 {
        let mut missing = gaps.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
        if gaps.len() > 8 {
            missing.push_str(" …");
        }
        return Err(KnowledgeError::Gaps {
            name,
            what: "пунктов",
            missing,
        });
    }
    Ok(())
}
