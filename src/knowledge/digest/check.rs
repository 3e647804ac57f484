//! Checks of the digest against the law's text and the second readers' verdicts.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::style::{LONG_SENTENCE_WORDS, officialese, sentence_words};
use super::{DigestArticle, ReadVerdict, Statement, StatementState, Verdict};
use crate::knowledge::{NodeKind, ParsedAct};
use crate::law::Citation;
use crate::law::facts::{Mismatch, compare};
use crate::law::text::words;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The digest may not be used so.
    Block,
    /// A person should look.
    Warn,
    /// Good to know.
    Info,
}

/// Something found in the digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Machine code: `label`, `number`, `modality`, `verbatim`, `unread`, `stale_read`, `refused`, `id`, `empty`, `edition`, `unworded`.
    pub code: &'static str,
    /// The statement's id, or the article's citation.
    pub place: String,
    /// What was found.
    pub message: String,
    /// What to do.
    pub remedy: &'static str,
}

/// As many words in a row are a copy of the law, and no words of our own.
const COPIED_WORDS: usize = 12;

/// Returns what is wrong with the digest; against the law's text only for articles of the acts that are given.
pub fn check(
    articles: &[DigestArticle],
    acts: &[ParsedAct],
    reads: &[ReadVerdict],
) -> Vec<Finding> {
    let laws: Vec<Law<'_>> = acts.iter().map(Law::new).collect();
    let reads = reads
        .iter()
        .fold(HashMap::<&str, Vec<&ReadVerdict>>::new(), |mut map, r| {
            map.entry(r.statement.as_str()).or_default().push(r);
            map
        });
    let mut out = Vec::new();
    for article in articles {
        let law = laws.iter().find(|law| law.act.act == article.act);
        if let Some(law) = law {
            law.check_article(article, &mut out);
        }
        if article.questions.is_empty() {
            out.push(finding(
                Severity::Block,
                "unasked",
                &article.citation().to_string(),
                "до её положений не ведёт ни один вопрос".to_owned(),
                "впишите questions: как об этом спрашивают люди",
            ));
        }
        for statement in &article.statements {
            check_form(article, statement, &mut out);
            check_read(
                statement,
                reads
                    .get(statement.id.as_str())
                    .map_or(&[][..], Vec::as_slice),
                &mut out,
            );
            if let Some(law) = law {
                law.check_statement(statement, &mut out);
            }
        }
    }
    check_pairs(articles, &mut out);
    out
}

/// Two statements on one norm that say different numbers of the same people at the same time.
fn check_pairs(articles: &[DigestArticle], out: &mut Vec<Finding>) {
    for article in articles {
        for (at, one) in article.statements.iter().enumerate() {
            let others = article.statements[at + 1..].iter();
            for other in others.filter(|other| speaks_of_the_same(one, other)) {
                let apart = |a: &Statement, b: &Statement| {
                    let both = compare(&a.text, &b.text);
                    both.into_iter().next()
                };
                if let (Some(first), Some(_)) = (apart(one, other), apart(other, one)) {
                    out.push(finding(
                        Severity::Warn,
                        "conflict",
                        &one.id,
                        format!("{} об одной норме говорит иначе: {first:?}", other.id),
                        "различите условия или дни, либо исправьте одно из двух",
                    ));
                }
            }
        }
    }
}

/// Whether two statements lean on the same norms, for the same people, under the same conditions, on a common day.
fn speaks_of_the_same(one: &Statement, other: &Statement) -> bool {
    let starts = one.from.max(other.from);
    let ends = [one.until, other.until].into_iter().flatten().min();
    let together = ends.is_none_or(|end| starts.is_none_or(|start| start < end));
    let stated = !(one.conditions.is_empty() && one.exceptions.is_empty());
    together
        && stated
        && one.kind == other.kind
        && one.cites == other.cites
        && one.conditions == other.conditions
        && one.exceptions == other.exceptions
        && one.covers == other.covers
}

fn finding(
    severity: Severity,
    code: &'static str,
    place: &str,
    message: String,
    remedy: &'static str,
) -> Finding {
    Finding {
        severity,
        code,
        place: place.to_owned(),
        message,
        remedy,
    }
}

fn check_form(article: &DigestArticle, statement: &Statement, out: &mut Vec<Finding>) {
    let prefix = format!("{}-{}-", article.act, article.article);
    let shaped = statement
        .id
        .strip_prefix(&prefix)
        .is_some_and(|n| n.len() >= 2 && n.bytes().all(|b| b.is_ascii_digit()));
    if !shaped {
        out.push(finding(
            Severity::Block,
            "id",
            &statement.id,
            format!("номер должен иметь вид {prefix}01"),
            "переименуйте утверждение, пока его никто не подтвердил",
        ));
    }
    let longest = sentence_words(&statement.text).into_iter().max();
    if longest.is_some_and(|words| words > LONG_SENTENCE_WORDS) {
        out.push(finding(
            Severity::Info,
            "long",
            &statement.id,
            format!("в предложении больше {LONG_SENTENCE_WORDS} слов"),
            "разделите предложение",
        ));
    }
    for word in officialese(&statement.text) {
        out.push(finding(
            Severity::Warn,
            "officialese",
            &statement.id,
            format!("канцелярское «{word}…»"),
            "скажите, как говорят люди",
        ));
    }
    if statement.state == StatementState::Verified {
        for lost in unworded(statement) {
            out.push(finding(
                Severity::Block,
                "unworded",
                &statement.id,
                format!("«{lost}» стоит в полях, но не сказано словами"),
                "скажите об этом в тексте или уберите из полей",
            ));
        }
    }
    if statement.text.trim().is_empty() || statement.cites.is_empty() {
        out.push(finding(
            Severity::Block,
            "empty",
            &statement.id,
            "нет текста или нормы".to_owned(),
            "впишите текст и норму (cites)",
        ));
    }
}

/// Conditions, exceptions and people of a statement of which its text has not a single word.
fn unworded(statement: &Statement) -> Vec<&str> {
    let said = words(&statement.text);
    let qualifiers = statement.qualifiers();
    let lost = qualifiers.filter(|qualifier| {
        let told = words(qualifier);
        !told
            .iter()
            .any(|one| said.iter().any(|other| akin(&one.norm, &other.norm)))
    });
    lost.map(String::as_str).collect()
}

/// Whether two words begin alike: «совместители» and «совместительство». Short ones have to be the same.
fn akin(one: &str, other: &str) -> bool {
    const ROOT: usize = 5;
    let root = |word: &str| word.chars().take(ROOT).collect::<String>();
    one.chars().count() > 3 && root(one) == root(other)
        || one == other && one.chars().all(|c| c.is_ascii_digit())
}

fn check_read(statement: &Statement, reads: &[&ReadVerdict], out: &mut Vec<Finding>) {
    if statement.state != StatementState::Verified {
        return;
    }
    let sha256 = statement.sha256();
    let remedy = "пусть второй читатель сверит текст с нормой, либо верните state = \"search\"";
    // The newest word on this very wording counts.
    let newest = reads
        .iter()
        .filter(|r| r.sha256 == sha256)
        .max_by_key(|r| r.date);
    let (code, message) = match newest {
        Some(read) if read.verdict == Verdict::Agree => return,
        Some(read) => (
            "refused",
            format!("второй читатель не согласен: {}", read.reason),
        ),
        None if reads.is_empty() => (
            "unread",
            "помечено verified, но второго чтения нет".to_owned(),
        ),
        None => (
            "stale_read",
            "текст изменён после второго чтения".to_owned(),
        ),
    };
    out.push(finding(
        Severity::Block,
        code,
        &statement.id,
        message,
        remedy,
    ));
}

/// The law's text, made ready for look-ups.
struct Law<'a> {
    act: &'a ParsedAct,
    by_citation: HashMap<&'a Citation, usize>,
    runs: HashSet<u64>,
}

impl<'a> Law<'a> {
    fn new(act: &'a ParsedAct) -> Law<'a> {
        let cited = act
            .nodes
            .iter()
            .enumerate()
            .filter_map(|(i, n)| n.citation.as_ref().map(|c| (c, i)));
        // A numbered note under an article bears the label of a part that came before it.
        Law {
            act,
            by_citation: cited.rev().collect(),
            runs: runs(&act.text).map(|(run, _)| run).collect(),
        }
    }

    fn check_article(&self, article: &DigestArticle, out: &mut Vec<Finding>) {
        let place = article.citation().to_string();
        if article.edition != self.act.edition {
            let message = format!(
                "ссылки даны по редакции {}, а загружена {}",
                article.edition, self.act.edition
            );
            out.push(finding(
                Severity::Info,
                "edition",
                &place,
                message,
                "сверьте номера частей и пунктов с загруженной редакцией",
            ));
        }
        let others = article
            .confused_with
            .iter()
            .map(|c| &c.cite)
            .chain(&article.related);
        for cite in others.filter(|c| c.act == self.act.act && !self.by_citation.contains_key(c)) {
            out.push(finding(
                Severity::Block,
                "label",
                &place,
                format!("в тексте нет {cite}"),
                "исправьте related или confused_with",
            ));
        }
        if !self.by_citation.contains_key(&article.citation()) {
            out.push(finding(
                Severity::Block,
                "label",
                &place,
                "такой статьи в тексте нет".to_owned(),
                "уберите файл или исправьте номер",
            ));
        }
    }

    fn check_statement(&self, statement: &Statement, out: &mut Vec<Finding>) {
        let own = statement
            .cites
            .iter()
            .filter(|c| c.act == self.act.act)
            .collect::<Vec<_>>();
        for cite in own.iter().filter(|c| !self.by_citation.contains_key(**c)) {
            out.push(finding(
                Severity::Block,
                "label",
                &statement.id,
                format!("в тексте нет {cite}"),
                "исправьте cites",
            ));
        }
        // What a rule of former days says is no longer in the text.
        let now = statement.until.is_none();
        if now
            && own.len() == statement.cites.len()
            && own.iter().all(|c| self.by_citation.contains_key(*c))
        {
            let text = own
                .iter()
                .map(|c| self.context(c))
                .collect::<Vec<_>>()
                .join("\n");
            for mismatch in compare(&statement.text, &text) {
                out.push(match mismatch {
                    Mismatch::Number(words) => finding(
                        Severity::Warn,
                        "number",
                        &statement.id,
                        format!("«{words}» в норме не найдено"),
                        "сверьте число и единицу с нормой",
                    ),
                    Mismatch::Modality(words) => finding(
                        Severity::Warn,
                        "modality",
                        &statement.id,
                        format!("«{words}» в норме сказано наоборот"),
                        "сверьте, кто что вправе и обязан",
                    ),
                });
            }
        }
        if let Some((_, copied)) = runs(&statement.text).find(|(run, _)| self.runs.contains(run)) {
            out.push(finding(
                Severity::Block,
                "verbatim",
                &statement.id,
                format!("{COPIED_WORDS} слов подряд как в законе: «{copied}»"),
                "перескажите своими словами",
            ));
        }
    }

    /// The norm with the lines that lead to it: an item of a list means nothing without its beginning.
    fn context(&self, cite: &Citation) -> String {
        let mut out = Vec::new();
        let mut at = Some(cite.clone());
        while let Some(c) = at {
            if let Some(node) = self.by_citation.get(&c).map(|i| &self.act.nodes[*i]) {
                let whole = c == *cite;
                let text = if whole {
                    node.text.as_str()
                } else {
                    node.text.lines().next().unwrap_or_default()
                };
                out.push(text.to_owned());
                if node.kind == NodeKind::Article {
                    break;
                }
            }
            at = c.parent();
        }
        out.reverse();
        out.join("\n")
    }
}

/// Every run of [`COPIED_WORDS`] words as a hash with its words.
fn runs(text: &str) -> impl Iterator<Item = (u64, String)> {
    let words = words(text).into_iter().map(|w| w.norm).collect::<Vec<_>>();
    (0..(words.len() + 1).saturating_sub(COPIED_WORDS)).map(move |i| {
        let run = words[i..i + COPIED_WORDS].join(" ");
        let hash = run.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
        (hash, run)
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::{parse_article, tests::FILE};
    use super::*;

    #[test]
    fn a_verified_statement_needs_an_agreeing_read_of_the_same_words() {
        let mut article = parse_article("80.toml", FILE).unwrap();
        article.statements[0].state = StatementState::Verified;
        let codes = |article: &DigestArticle, reads: &[ReadVerdict]| {
            check(std::slice::from_ref(article), &[], reads)
                .into_iter()
                .map(|f| f.code)
                .collect::<Vec<_>>()
        };
        assert_eq!(codes(&article, &[]), ["unread"]);
        let read = ReadVerdict {
            statement: "tk-80-01".into(),
            sha256: article.statements[0].sha256(),
            verdict: Verdict::Agree,
            reason: String::new(),
            date: date(2026, 11, 1),
        };
        assert!(codes(&article, std::slice::from_ref(&read)).is_empty());
        assert_eq!(
            codes(
                &article,
                &[ReadVerdict {
                    verdict: Verdict::Disagree,
                    ..read.clone()
                }]
            ),
            ["refused"]
        );
        article.statements[0].covers.push("моряки".into());
        assert_eq!(codes(&article, &[]), ["unworded", "unread"]);
        article.statements[0].covers.clear();
        article.statements[0].text.push('!');
        assert_eq!(codes(&article, &[read]), ["stale_read"]);
    }
}
