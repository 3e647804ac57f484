//! «Вправе» against «не вправе», «обязан» against «не обязан».

use super::Mismatch;
use crate::law::text::words;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    May,
    MayNot,
    Must,
    NeedNot,
}

/// Words of a condition or a bound: «можно не больше 70 процентов» and «нельзя больше 70 процентов» say the same, so where one
/// stands the polarity alone proves nothing.
#[rustfmt::skip]
const EXCEPTIVE: [&str; 17] = [
    "без", "больше", "более", "дольше", "если", "иначе", "иное", "исключение", "исключением", "кроме", "лишь",
    "менее", "меньше", "пока", "раньше", "свыше", "только",
];

/// Returns the first modal word of `sentence` whose sense the norms only know reversed; nothing where they know both or neither.
pub fn modality_mismatch(sentence: &str, norms: &str) -> Option<Mismatch> {
    let (said, source) = (senses(sentence), senses(norms));
    let has = |list: &[(Sense, String)], sense| list.iter().any(|(s, _)| *s == sense);
    let excepted = [sentence, norms].iter().any(|t| {
        words(t)
            .iter()
            .any(|w| EXCEPTIVE.contains(&w.norm.as_str()))
    });
    for (sense, opposite) in [
        (Sense::May, Sense::MayNot),
        (Sense::MayNot, Sense::May),
        (Sense::Must, Sense::NeedNot),
        (Sense::NeedNot, Sense::Must),
    ] {
        let reversed = has(&said, sense)
            && !has(&said, opposite)
            && has(&source, opposite)
            && !has(&source, sense);
        let conditional =
            excepted && matches!(sense, Sense::May | Sense::MayNot) && !said_outright(&said, sense);
        if reversed && !conditional {
            return said
                .into_iter()
                .find(|(s, _)| *s == sense)
                .map(|(_, w)| Mismatch::Modality(w));
        }
    }
    None
}

/// «Вправе» and «не вправе» name a right; «можно» and «нельзя» are looser.
fn said_outright(said: &[(Sense, String)], sense: Sense) -> bool {
    said.iter().any(|(s, w)| {
        *s == sense && (w.ends_with("вправе") || w.ends_with("право") || w.ends_with("права"))
    })
}

fn senses(text: &str) -> Vec<(Sense, String)> {
    let words = words(text);
    let norm = |i: usize| words.get(i).map_or("", |w| w.norm.as_str());
    let mut out = Vec::new();
    for i in 0..words.len() {
        let word = norm(i);
        let negated = i > 0 && norm(i - 1) == "не";
        let has_right =
            matches!(word, "имеет" | "имеют") && matches!(norm(i + 1), "право" | "права");
        let may = matches!(
            word,
            "вправе"
                | "может"
                | "могут"
                | "можно"
                | "допускается"
                | "допускаются"
                | "разрешается"
                | "разрешено"
        ) || has_right;
        let must = word.starts_with("обязан") && !word.starts_with("обязанн")
            || matches!(word, "должен" | "должна" | "должно" | "должны");
        let ban = word == "нельзя" || word.starts_with("запрещ") || word.starts_with("запрет");
        let sense = match (may, must, ban, negated) {
            (true, _, _, false) => Sense::May,
            (true, _, _, true) => Sense::MayNot,
            (_, _, true, _) => Sense::MayNot,
            (_, true, _, false) => Sense::Must,
            (_, true, _, true) if word.starts_with("обязан") => Sense::NeedNot,
            (_, true, _, true) => Sense::MayNot,
            _ => continue,
        };
        let mut said = if negated {
            format!("не {word}")
        } else {
            word.to_owned()
        };
        if has_right {
            said = format!("{said} {}", norm(i + 1));
        }
        out.push((sense, said));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_opposite_of_the_norm_is_found() {
        let norm = "Работодатель не вправе требовать от работника работы, не обусловленной трудовым договором.";
        assert!(modality_mismatch("Работодатель вправе требовать любую работу.", norm).is_some());
        assert!(
            modality_mismatch("Работодатель не может требовать другой работы.", norm).is_none()
        );
        assert!(
            modality_mismatch(
                "Работник не обязан предупреждать.",
                "Работник обязан предупредить работодателя."
            )
            .is_some()
        );
    }

    #[test]
    fn a_ban_with_an_exception_may_be_told_as_a_permission() {
        let norm = "Отзыв работника из отпуска допускается только с его согласия.";
        assert!(modality_mismatch("Отозвать из отпуска без согласия нельзя.", norm).is_none());
    }
}
